import Foundation
import Synchronization

/// A small HTTP server on 127.0.0.1, for as long as the object lives.
final class LoopbackServer: Sendable {
  /// What happens to requests for files below a folder, or for a file.
  enum Behavior: Sendable {
    /// Sends the file, or the part from where the request asks.
    case whole([UInt8])
    /// Sends the whole file whatever the request asks.
    case wholeAlways([UInt8])
    /// Announces everything that was asked for, and breaks off after some bytes of it.
    case cut([UInt8], after: Int)
    case missing
    /// Takes the request and never answers.
    case hang
  }

  private struct NoSocket: Error {}

  let address: String
  private let behaviors: [String: Behavior]
  private let listener: Int32
  private let log = Mutex<[String]>([])

  /// The requests so far: the path, and the byte from which on it was asked for.
  var requests: [String] { log.withLock { $0 } }

  /// - Parameter behaviors: By the first part of the path.
  init(_ behaviors: [String: Behavior]) throws {
    self.behaviors = behaviors
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    // curl must not inherit it, or the port would stay open.
    _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let status = withUnsafeMutablePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) | listen(descriptor, 16) | getsockname(descriptor, $0, &size)
      }
    }
    guard listener >= 0, status == 0 else { throw NoSocket() }
    address = "http://127.0.0.1:\(UInt16(bigEndian: name.sin_port))"
    Thread.detachNewThread { [weak self] in
      while case let connection = accept(descriptor, nil, nil), connection >= 0 {
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        guard let self else { break }
        Thread.detachNewThread { [weak self] in
          self?.serve(connection)
          close(connection)
        }
      }
      close(descriptor)
    }
  }

  // Wakes the thread that waits for connections.
  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  private func serve(_ connection: Int32) {
    guard let head = readHead(connection) else { return }
    let path = head.split(separator: " ")[1]
    let range = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("range: bytes=") }
    let start = range.flatMap { Int($0.dropFirst("range: bytes=".count).prefix { $0 != "-" }) } ?? 0
    log.withLock { $0.append(start > 0 ? "\(path) from \(start)" : "\(path)") }

    switch behaviors[String(path.split(separator: "/")[0])] {
    case .whole(let content): sendPart(of: content, from: start, limit: .max, to: connection)
    case .cut(let content, let limit): sendPart(of: content, from: start, limit: limit, to: connection)
    case .wholeAlways(let content): sendPart(of: content, from: 0, limit: .max, to: connection)
    case .hang:
      // Until the other side hangs up.
      var byte: UInt8 = 0
      while recv(connection, &byte, 1, 0) > 0 {}
    case .missing, nil: send("HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\ngone\n", to: connection)
    }
  }

  private func readHead(_ connection: Int32) -> String? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1024)
    while !String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n") {
      let count = recv(connection, &chunk, chunk.count, 0)
      guard count > 0 else { return nil }
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func sendPart(of content: [UInt8], from start: Int, limit: Int, to connection: Int32) {
    guard start == 0 || start < content.count else {
      return send(
        "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */\(content.count)\r\n"
          + "Content-Length: 0\r\n\r\n", to: connection)
    }
    let status =
      start == 0
      ? "200 OK"
      : "206 Partial Content\r\nContent-Range: bytes \(start)-\(content.count - 1)/\(content.count)"
    send(
      "HTTP/1.1 \(status)\r\nContent-Length: \(content.count - start)\r\nConnection: close\r\n\r\n",
      to: connection)
    send(Array(content[start...].prefix(limit)), to: connection)
  }

  private func send(_ text: String, to connection: Int32) { send(Array(text.utf8), to: connection) }

  private func send(_ bytes: [UInt8], to connection: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
