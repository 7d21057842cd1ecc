import Exercises
import Foundation

/// What a child process may use before it is stopped.
struct Limits: Sendable {
  var seconds = 5.0
  /// Bytes of memory in use. (The address space is limited, too, by the child itself; see `Host`.)
  var memory = 1 << 30
  /// Bytes on standard output and standard error together.
  var output = 1 << 16
}

/// A program run as a child: to its end, or to one of its limits.
struct Child: Sendable {
  enum End: Equatable, Sendable {
    case exited(Int32)
    case signaled(Int32)
    case outOfTime, outOfMemory, tooMuchOutput
  }

  let end: End
  /// Standard output and standard error, as they came, up to the limit.
  let output: String
  /// What came in on ``Verdict/descriptor``.
  let verdict: Data

  /// Runs the program, which is looked for in `PATH` unless it is a path, and waits.
  ///
  /// The child gets a process group of its own, which ends with it. Whatever else it may have started is not
  /// waited for.
  static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], limits: Limits = Limits()
  ) throws(CourseError) -> Child {
    let (output, verdict) = (try Channel(), try Channel())
    var child: pid_t = 0
    let status = spawn(&child, program, arguments, environment, output, verdict)
    output.closeWriting()
    verdict.closeWriting()
    guard status == 0 else {
      throw CourseError(description: "cannot start \(program): \(String(cString: strerror(status)))")
    }
    let end = watch(child, output, verdict, limits)
    return Child(
      end: end, output: String(decoding: output.received, as: UTF8.self), verdict: verdict.received)
  }

  private static func spawn(
    _ child: inout pid_t, _ program: String, _ arguments: [String], _ environment: [String: String],
    _ output: Channel, _ verdict: Channel
  ) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output.writing, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output.writing, STDERR_FILENO)
    posix_spawn_file_actions_adddup2(&actions, verdict.writing, Verdict.descriptor)
    // The thread that calls this may have blocked signals, and the child would not hear them either.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))

    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var argv = ([program] + arguments).map { strdup($0) } + [nil]
    var envp = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { (argv + envp).forEach { free($0) } }
    return posix_spawnp(&child, program, &actions, &attributes, &argv, &envp)
  }

  /// Reads what the child sends until it ends or a limit is met.
  private static func watch(
    _ child: pid_t, _ output: Channel, _ verdict: Channel, _ limits: Limits
  ) -> End {
    let deadline = ContinuousClock.now + .seconds(limits.seconds)
    var limit: End?
    var status: Int32 = 0
    while waitpid(child, &status, WNOHANG) == 0 {
      if limit == nil {
        limit =
          output.received.count > limits.output || verdict.received.count > limits.output
          ? .tooMuchOutput
          : ContinuousClock.now > deadline
            ? .outOfTime
            : memoryInUse(by: child) > limits.memory ? .outOfMemory : nil
        // Its end is a matter of moments now; what has been sent until then may still be read.
        if limit != nil { kill(-child, SIGKILL) }
      }
      Channel.wait(for: [output, verdict], milliseconds: 10)
      output.receive(upTo: limits.output + 1)
      verdict.receive(upTo: limits.output + 1)
    }
    kill(-child, SIGKILL)
    output.receive(upTo: limits.output + 1)
    verdict.receive(upTo: limits.output + 1)
    if let limit { return limit }
    if output.received.count > limits.output { return .tooMuchOutput }
    let signal = status & 0x7f
    return signal == 0 ? .exited(status >> 8 & 0xff) : .signaled(signal)
  }

  /// Bytes of physical memory, as the system counts them; 0 where it does not say.
  private static func memoryInUse(by child: pid_t) -> Int {
    guard let text = try? String(contentsOfFile: "/proc/\(child)/statm", encoding: .utf8) else { return 0 }
    let pages = text.split(separator: " ")
    return pages.count > 1 ? (Int(pages[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
  }
}

/// A pipe from a child.
private final class Channel {
  private let reading: Int32
  private(set) var writing: Int32
  private(set) var received = Data()
  private var isOpen = true

  init() throws(CourseError) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else {
      throw CourseError(description: "cannot make a pipe: \(String(cString: strerror(errno)))")
    }
    (reading, writing) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(reading, F_SETFL, O_NONBLOCK)
    // A descriptor that already has the number which it is to get in the child would be closed there.
    if writing <= Verdict.descriptor {
      let moved = fcntl(writing, F_DUPFD_CLOEXEC, Verdict.descriptor + 1)
      close(writing)
      writing = moved
    }
  }

  deinit {
    closeWriting()
    close(reading)
  }

  func closeWriting() {
    if writing >= 0 { close(writing) }
    writing = -1
  }

  /// Reads what is there, up to a total of `limit` bytes.
  func receive(upTo limit: Int) {
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while isOpen, received.count < limit {
      let count = read(reading, &buffer, min(buffer.count, limit - received.count))
      if count > 0 {
        received.append(contentsOf: buffer[..<count])
      } else {
        if count == 0 { isOpen = false }
        return
      }
    }
  }

  static func wait(for channels: [Channel], milliseconds: Int32) {
    var polls = channels.filter(\.isOpen).map { pollfd(fd: $0.reading, events: Int16(POLLIN), revents: 0) }
    poll(&polls, nfds_t(polls.count), milliseconds)
  }
}
