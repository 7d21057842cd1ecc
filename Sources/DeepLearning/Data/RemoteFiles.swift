#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// Files of a data set that servers on the network have.
struct RemoteFiles: Sendable {
  /// What errors call the data set.
  let name: String
  /// Where the files are kept below a folder of data sets, and where else they may be found.
  let folders: [String]
  /// Addresses to which a file's name is added; they are tried in turn.
  let mirrors: [String]
  /// The MD5 checksum of each file, as published.
  let checksums: [String: String]
  /// After so many seconds without a byte a server is given up.
  var timeLimit = 30
  /// Options for curl beside those that are always given.
  var options: [String] = []
  /// The program that fetches.
  var curl = "curl"

  /// Fetches those of the files that are not in the folder yet.
  func fetch(_ files: [String], root: String?) throws(DataError) {
    let folder = "\(DataFolders.destination(root: root))/\(folders[0])"
    try DataFolders.make(folder)
    // Where two programs want the same file, the second waits and then finds it.
    let lock = open(folder, O_RDONLY | O_CLOEXEC)
    defer { close(lock) }
    flock(lock, LOCK_EX)
    for file in files where access("\(folder)/\(file)", F_OK) != 0 { try fetch(file, into: folder) }
  }

  private func fetch(_ file: String, into folder: String) throws(DataError) {
    var failures: [String] = []
    for mirror in mirrors {
      do throws(Refusal) {
        let part = "\(folder)/\(file).part"
        try fetch(mirror + file, into: part, checksum: checksums[file]!)
        guard rename(part, "\(folder)/\(file)") == 0 else { throw Refusal(String(cString: strerror(errno))) }
        return
      } catch {
        failures.append("\(mirror)\(file): \(error.reason)")
      }
    }
    throw DataError(
      .downloadFailed, file: "\(folder)/\(file)",
      expected: "\(name) from \(mirrors.count == 1 ? "its server" : "one of \(mirrors.count) servers")",
      found: failures.joined(separator: "; "))
  }

  /// Why a server's file is not to be had.
  private struct Refusal: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  /// Fetches `url`, going on from what the file `part` holds already, until the checksum is right.
  private func fetch(_ url: String, into part: String, checksum: String) throws(Refusal) {
    Self.report("downloading \(url)")
    var interruptions = 0
    while true {
      let before = Self.size(of: part)
      let answer = try transfer(url, into: part, from: before)
      switch answer.outcome {
      case .complete:
        let found = try Self.checksum(of: part)
        if found == checksum { return }
        unlink(part)
        // What was there before may have come from another file; the whole is asked for once more.
        guard before > 0 else { throw Refusal("wrong checksum \(found), not \(checksum)") }
      case .notFromThere where before > 0:
        unlink(part)
      case .notFromThere, .broken:
        // A connection that broke after some bytes is worth another attempt.
        interruptions += 1
        guard Self.size(of: part) > before, interruptions < 5 else { throw Refusal(answer.message) }
      }
    }
  }

  private enum Outcome {
    /// The file is there to its end, whether or not a byte was missing.
    case complete
    /// The server only sends files from their beginning.
    case notFromThere
    case broken
  }

  /// One run of curl.
  private func transfer(
    _ url: String, into part: String, from start: Int
  ) throws(Refusal) -> (outcome: Outcome, message: String) {
    let isTerminal = isatty(STDERR_FILENO) == 1
    let arguments =
      [
        "--fail", "--location", "--proto", "=http,https", isTerminal ? "--progress-bar" : "--silent",
        "--connect-timeout", "\(timeLimit)", "--speed-time", "\(timeLimit)", "--speed-limit", "1",
        "--write-out", "%{http_code} %{errormsg}", "--output", part,
      ] + (start > 0 ? ["--continue-at", "\(start)"] : []) + options + [url]
    guard let result = Self.run(curl, arguments, errors: isTerminal ? nil : "/dev/null") else {
      throw Refusal("there is no program \(curl) to fetch it with; install it with: apt install curl")
    }
    // An HTTP server answers 416 where the file has no bytes from `start` on; curl itself ends with 33 or 36
    // where a server ignores from where it was asked to send.
    let isPastEnd = result.output.hasPrefix("416 ")
    let outcome: Outcome =
      result.status == 0 || isPastEnd
      ? .complete : [33, 36].contains(result.status) ? .notFromThere : .broken
    let message = result.output.dropFirst(4)
    return (outcome, message.isEmpty ? "curl ended with status \(result.status)" : String(message))
  }

  /// The MD5 checksum of a file. MD5 tells damage, and is what the data sets' authors have published; it
  /// would not withstand a forger.
  private static func checksum(of path: String) throws(Refusal) -> String {
    guard let result = run("md5sum", [], input: path, errors: "/dev/null"), result.status == 0 else {
      throw Refusal("its checksum cannot be computed with md5sum")
    }
    return String(result.output.prefix { $0 != " " })
  }

  private static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// A line on standard error: what a program prints stays the same whether it had to fetch its data or not.
  private static func report(_ text: String) {
    let line = text + "\n"
    fflush(nil)
    _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
  }

  /// Runs a program on the PATH to its end: its exit status, 128 and more for a signal, and its standard
  /// output. Nil where there is no such program.
  private static func run(
    _ program: String, _ arguments: [String], input: String = "/dev/null", errors: String?
  ) -> (status: Int32, output: String)? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    defer { close(ends[0]) }
    // A program started meanwhile would hold them open.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    if let errors { posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY, 0) }
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process = pid_t()
    let failure = posix_spawnp(&process, program, &actions, nil, &words, environ)
    close(ends[1])
    guard failure == 0 else { return nil }

    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(ends[0], &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { break }
      output += chunk[..<count]
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7f
    let code = signal == 0 ? status >> 8 & 0xff : 128 + signal
    return (code, String(decoding: output, as: UTF8.self))
  }
}
