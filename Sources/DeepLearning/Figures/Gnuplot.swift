#if canImport(Glibc)
  import Glibc
#endif

/// A gnuplot program on this machine.
struct Gnuplot {
  static let howToInstall = "install it with: apt install gnuplot-nox"

  let path: String
  /// In seconds.
  var timeLimit = 60.0

  struct Result {
    /// As `wait` reports it; 0 is success.
    var status: Int32
    /// What it wrote to standard error.
    var errors: String
  }

  /// The first executable `gnuplot` on the PATH.
  static func find() -> Gnuplot? {
    guard let path = getenv("PATH") else { return nil }
    for folder in String(cString: path).split(separator: ":") {
      let candidate = "\(folder)/gnuplot"
      var status = stat()
      if stat(candidate, &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(candidate, X_OK) == 0 {
        return Gnuplot(path: candidate)
      }
    }
    return nil
  }

  /// Runs `script`. What it prints goes to the files `output` and `errors`.
  func run(_ script: String, output: String, errors: String) -> Result {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, flags, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, flags, 0o600)

    // -d: without the reader's own start-up file, so that the same script draws the same picture.
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(path), strdup("-d"), strdup(script), nil]
    defer { for argument in arguments { free(argument) } }
    var process = pid_t()
    let failure = posix_spawn(&process, path, &actions, nil, &arguments, environ)
    guard failure == 0 else { return Result(status: -1, errors: systemMessage(failure)) }

    var status: Int32 = 0
    var waited = 0.0
    while true {
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process { break }
      if ended < 0 && errno != EINTR { return Result(status: -1, errors: systemMessage(errno)) }
      if waited > timeLimit {
        kill(process, SIGKILL)
        waitpid(process, &status, 0)
        return Result(status: -1, errors: "no picture after \(timeLimit) s")
      }
      usleep(4000)
      waited += 0.004
    }
    return Result(status: status, errors: readText(errors) ?? "")
  }
}

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }

/// The text of a small file.
func readText(_ path: String) -> String? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
  return ferror(file) == 0 ? String(decoding: bytes, as: UTF8.self) : nil
}
