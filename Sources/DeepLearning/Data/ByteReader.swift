import CZlib

/// Hands out the content of a file front to back, inflating it on the way where it is gzip'd.
///
/// Memory is the caller's: however much a hostile stream claims to expand to, no more is produced than was
/// asked for.
///
/// Source: P. Deutsch, "GZIP file format specification version 4.3", RFC 1952.
final class ByteReader {
  private let input: [UInt8]
  private let name: String
  private var consumed = 0
  private var stream: UnsafeMutablePointer<z_stream>?
  private var isAtEnd = false

  /// - Parameters:
  ///   - input: The bytes of the file.
  ///   - name: What errors call it.
  init(_ input: [UInt8], name: String) {
    self.input = input
    self.name = name
    guard Self.isGzip(input) else { return }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let gzipOnly = MAX_WBITS + 16
    let status = inflateInit2_(stream, gzipOnly, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    check(status == Z_OK, "inflate", "zlib cannot start (\(status))")
    self.stream = stream
  }

  deinit {
    if let stream {
      inflateEnd(stream)
      stream.deallocate()
    }
  }

  private static func isGzip(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

  /// The most bytes that may still come. Deflate expands by less than 1,032 to 1, so a claim beyond that
  /// can be refused before any memory is set aside.
  var upperBound: Int { (input.count - consumed) * (stream == nil ? 1 : 1032) }

  /// Fills `buffer`, or as much of it as there is left.
  ///
  /// - Returns: The number of bytes written; fewer than asked for only at the end of the content.
  /// - Throws: ``DataError`` of kind `.damaged`, `.truncated` or `.trailingData`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    guard let stream else {
      let count = min(buffer.count, input.count - consumed)
      input.withUnsafeBytes { buffer.copyMemory(from: .init(rebasing: $0[consumed..<consumed + count])) }
      consumed += count
      return count
    }
    var written = 0
    while written < buffer.count && !isAtEnd {
      written += try inflateStep(stream, into: .init(rebasing: buffer[written...]))
    }
    return written
  }

  /// The next `count` bytes, or as many as there are left.
  ///
  /// Ask for no more than ``upperBound``: so much memory is set aside.
  func bytes(_ count: Int) throws(DataError) -> [UInt8] {
    var failure: DataError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      let memory = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count)
      preferLargePages(memory)
      do throws(DataError) {
        initialized = try read(into: memory)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Everything to the end of the content, at most `limit` bytes.
  func rest(limit: Int) throws(DataError) -> [UInt8] {
    var all: [UInt8] = []
    while case let next = try bytes(min(1 << 20, limit + 1 - all.count)), !next.isEmpty {
      all += next
      guard all.count <= limit else {
        throw DataError(.tooLarge, file: name, expected: "at most \(limit) bytes", found: "more")
      }
    }
    return all
  }

  /// Passes over `count` bytes; returns how many there were, fewer only at the end of the content.
  func skip(_ count: Int) throws(DataError) -> Int {
    var skipped = 0
    while skipped < count, case let next = try bytes(min(1 << 16, count - skipped)).count, next > 0 {
      skipped += next
    }
    return skipped
  }

  /// One call of zlib, which always moves forward or throws.
  private func inflateStep(
    _ stream: UnsafeMutablePointer<z_stream>, into buffer: UnsafeMutableRawBufferPointer
  ) throws(DataError) -> Int {
    // zlib counts with 32 bits.
    let available = min(input.count - consumed, 1 << 30)
    let room = min(buffer.count, 1 << 30)
    let status = input.withUnsafeBufferPointer { input in
      // Through const in zlib.h, were it newer; inflate does not write here.
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress! + consumed)
      stream.pointee.avail_in = UInt32(available)
      stream.pointee.next_out = buffer.baseAddress!.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_out = UInt32(room)
      return inflate(stream, Z_NO_FLUSH)
    }
    consumed += available - Int(stream.pointee.avail_in)
    switch status {
    case Z_STREAM_END: try startNextMember(stream)
    case Z_OK: break
    case Z_BUF_ERROR:
      throw DataError(
        .truncated, file: name, expected: "complete gzip data",
        found: "its end after \(input.count) bytes")
    default:
      let reason = stream.pointee.msg.map { String(cString: $0) } ?? "status \(status)"
      throw DataError(
        .damaged, file: name, expected: "sound gzip data",
        found: "an error after \(consumed) bytes: \(reason)")
    }
    return room - Int(stream.pointee.avail_out)
  }

  /// A gzip file may be several streams one after another; their contents follow each other as well.
  private func startNextMember(_ stream: UnsafeMutablePointer<z_stream>) throws(DataError) {
    if consumed == input.count {
      isAtEnd = true
    } else if Self.isGzip(input[consumed...]) {
      inflateReset(stream)
    } else {
      throw DataError(
        .trailingData, file: name, expected: "the end of the file after the gzip data",
        found: "\(input.count - consumed) more bytes")
    }
  }
}
