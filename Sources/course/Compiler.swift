import Exercises
import Foundation

/// Compiles an answer together with its check, into a library that the ``Host`` can load.
///
/// Each answer is a module of its own. So a file that does not compile is the trouble of its exercise alone, the
/// learner's file, the solution and the wrong answers declare the same names, and nothing but two small files is
/// ever compiled: half a second. The library leaves the engine's symbols open; they are in this program.
struct Compiler: Sendable {
  let folder: CourseFolder

  enum Result: Sendable, Equatable {
    case library(URL)
    /// What the compiler had to say.
    case failure(String)
  }

  /// Compiles `answer` with the check of `exercise`, unless that has been done.
  ///
  /// - Parameter isStrict: Takes a warning for a failure. The course's own files compile without any; a learner,
  ///   in the middle of something, has more important things to read.
  func compile(_ answer: URL, of exercise: Exercise, isStrict: Bool = false) throws(CourseError) -> Result {
    let sources = [answer, exercise.check, exercise.entry]
    var contents = Fingerprint()
    for source in sources { contents.add(try read(source)) }
    contents.add("\(isStrict) \(try date(of: folder.program))")
    // Messages name the file, so that the same text elsewhere is another library.
    let series = "\(exercise.number)-\(exercise.name)-\(Fingerprint(of: answer.path))"
    let library = folder.libraries.appendingPathComponent("\(series)-\(contents).so")
    if FileManager.default.fileExists(atPath: library.path) { return .library(library) }

    // Made under another name: a second process may be compiling the same.
    let draft = folder.libraries.appendingPathComponent("\(UUID().uuidString).so")
    defer { try? FileManager.default.removeItem(at: draft) }
    do {
      try FileManager.default.createDirectory(at: folder.libraries, withIntermediateDirectories: true)
    } catch {
      throw CourseError(description: "cannot make the folder \(folder.libraries.path): \(reason(error))")
    }
    let warnings = isStrict ? "-warnings-as-errors" : "-suppress-warnings"
    let child = try Child.run(
      "swiftc", flags + [warnings, "-o", draft.path] + sources.map(\.path),
      limits: Limits(seconds: 120, memory: 4 << 30, output: 1 << 18))
    guard child.end == .exited(0) else {
      return .failure(child.output.isEmpty ? "the compiler stopped: \(child.end)" : child.output)
    }
    for file in try list(folder.libraries) where file.lastPathComponent.hasPrefix(series) {
      try? FileManager.default.removeItem(at: file)
    }
    guard rename(draft.path, library.path) == 0 else {
      throw CourseError(description: "cannot write \(library.path): \(String(cString: strerror(errno)))")
    }
    return .library(library)
  }

  private var flags: [String] {
    // Not optimized: the compiler is done sooner, and a trap says what went wrong, and where.
    return [
      "-emit-library", "-parse-as-library", "-module-name", "Exercise", "-swift-version", "6", "-Onone", "-g",
      "-wmo", "-diagnostic-style", "llvm", "-module-cache-path", folder.products.path + "/exercises/modules",
    ] + folder.modules.flatMap { ["-I", $0] }
  }

  private func date(of file: URL) throws(CourseError) -> Double {
    guard let date = try? file.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
    else {
      throw CourseError(description: "cannot find the program \(file.path): build it with `swift build`")
    }
    return date.timeIntervalSince1970
  }
}

/// A number that stands for a text, the same in every process: 64-bit FNV-1a.
struct Fingerprint: Equatable, CustomStringConvertible {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  init() {}
  init(of text: String) { add(text) }

  mutating func add(_ text: String) {
    for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    state = state &* 0x100_0000_01b3  // Where a text ends makes a difference.
  }

  var description: String { String(state, radix: 16) }
}
