// Standard output is a variable to C; nobody assigns to it.
@preconcurrency import Glibc

/// The process in which an answer runs: it limits itself, loads the compiled exercise, and runs its check.
///
/// It ends with what the answer does to it; the process that started it watches the clock, the memory and the
/// output, and reads the verdict.
package enum Host {
  /// What an answer may use before the system stops it, should the process that watches it be gone.
  ///
  /// The limits are wider than those of the watching process (see `Limits`), which names the reason: the
  /// address space is a multiple of what is used of it.
  private static let seconds: UInt32 = 20
  private static let addressSpace: rlim_t = 16 << 30
  private static let fileSize: rlim_t = 64 << 20

  /// The name of the function that every compiled exercise exports (see Exercises/Checks/Entry.swift).
  private static let entry = "exercise"

  /// Runs the compiled exercise at `path`; returns when its verdict is sent.
  package static func run(_ path: String) {
    alarm(seconds)
    for (resource, limit) in [(RLIMIT_AS, addressSpace), (RLIMIT_FSIZE, fileSize), (RLIMIT_CORE, 0)] {
      var limits = rlimit(rlim_cur: limit, rlim_max: limit)
      setrlimit(__rlimit_resource_t(resource.rawValue), &limits)
    }
    // What was printed before a crash must not be lost in a buffer.
    setvbuf(stdout, nil, _IONBF, 0)
    guard let library = dlopen(path, RTLD_NOW), let symbol = dlsym(library, entry) else {
      fputs("cannot load \(path): \(String(cString: dlerror()))\n", stderr)
      exit(1)
    }
    unsafeBitCast(symbol, to: (@convention(c) () -> Void).self)()
  }
}
