import Prose
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where a notebook prints: a terminal with color and a progress bar, or plain text in a pipe.
///
/// Everything goes out at once, line by line, so that nothing is lost when a run is stopped.
package final class Console {
  package let width: Int
  /// On a terminal a progress bar may be drawn and wiped again.
  package let isTerminal: Bool
  package let usesColor: Bool
  private let write: (String) -> Void
  private let complain: (String) -> Void
  private var hasBar = false

  init(
    width: Int = 88, isTerminal: Bool = false, usesColor: Bool = false,
    write: @escaping (String) -> Void, complain: @escaping (String) -> Void
  ) {
    self.width = width
    self.isTerminal = isTerminal
    self.usesColor = usesColor
    self.write = write
    self.complain = complain
  }

  /// Prints lines, after wiping a progress bar that stands there.
  package func print(_ lines: String...) { print(lines) }

  package func print(_ lines: [String]) {
    wipeBar()
    for line in lines { write(line.withoutTrailingSpaces + "\n") }
  }

  /// One line on standard error.
  package func error(_ message: String) {
    wipeBar()
    complain(message + "\n")
  }

  /// Draws `text` in place of the last progress bar; only on a terminal.
  func bar(_ text: String) {
    guard isTerminal else { return }
    // A bar that wraps could not be wiped.
    write("\r" + text.prefix(width - 1) + "\u{1B}[K")
    hasBar = true
  }

  func wipeBar() {
    guard hasBar else { return }
    hasBar = false
    write("\r\u{1B}[K")
  }

  package func styled(_ text: String, _ style: TextStyle) -> String {
    StyledText(text, style).rendered(usesColor: usesColor)
  }
}

extension Console {
  /// Standard output and error of the process.
  package static func standard(name: String) -> Console {
    // A reader that has seen enough (`| head`) is no reason to die with a signal.
    signal(SIGPIPE, SIG_IGN)
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let wantsColor = (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true) && !isDumb
    return Console(
      width: isTerminal ? min(max(terminalWidth, 40), 88) : 88,
      isTerminal: isTerminal && !isDumb, usesColor: isTerminal && wantsColor,
      write: { text in
        fflush(nil)  // What the learner's own print left in the stream's buffer comes first.
        let failure = put(text, to: STDOUT_FILENO)
        if failure == 0 { return }
        if failure == EPIPE { exit(0) }
        put(
          "\(name): cannot write to standard output: \(String(cString: strerror(failure)))\n",
          to: STDERR_FILENO)
        exit(1)
      },
      complain: { put($0, to: STDERR_FILENO) })
  }

  private static var isDumb: Bool {
    getenv("TERM").map { String(cString: $0) } == "dumb"
  }

  private static var terminalWidth: Int {
    var size = winsize()
    let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return isKnown ? Int(size.ws_col) : 88
  }
}

/// Writes all of `text`; returns the system's error number, or 0.
@discardableResult
private func put(_ text: String, to descriptor: Int32) -> Int32 {
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count < 0, errno != EINTR { return errno }
    bytes = bytes.dropFirst(max(count, 0))
  }
  return 0
}
