import Foundation
import Testing

@testable import course

extension CourseFolder {
  /// The folder whose exercises are tested: this package or, where the variable is set, a copy of it.
  static let tested = CourseFolder(
    root: ProcessInfo.processInfo.environment["COURSE_FOLDER"].map { URL(fileURLWithPath: $0) } ?? package,
    products: testProgram.deletingLastPathComponent())

  fileprivate static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The same exercises, and a place of its own for what is compiled.
  static func tested(libraries: URL) -> CourseFolder {
    CourseFolder(root: tested.root, products: tested.products, libraries: libraries)
  }

  static let testProgram = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()

  /// Runs `body` with a copy of the exercises in which no learner has written yet.
  static func withFreshCopy<Result>(_ body: (CourseFolder) throws -> Result) throws -> Result {
    try withTemporaryFolder { root in
      let files = FileManager.default
      try files.copyItem(
        at: tested.exercises, to: root.appendingPathComponent("Exercises", isDirectory: true))
      try files.createSymbolicLink(
        at: root.appendingPathComponent("Sources"),
        withDestinationURL: package.appendingPathComponent("Sources"))
      let copy = CourseFolder(
        root: root, products: tested.products, libraries: root.appendingPathComponent("libraries"))
      for exercise in try Catalog(copy).exercises {
        try Solution(read(exercise.solution)).stub.write(
          to: exercise.answer, atomically: true, encoding: .utf8)
      }
      return try body(copy)
    }
  }

  /// Runs the command in this folder, or another program.
  func run(
    _ arguments: String..., program: URL? = nil, input: String = ""
  ) throws -> (status: Int32, output: String, error: String) {
    try run(arguments, program: program, input: input)
  }

  func run(
    _ arguments: [String], program: URL? = nil, input: String = ""
  ) throws -> (status: Int32, output: String, error: String) {
    try withTemporaryFolder { folder in
      let process = Process()
      process.executableURL = program ?? self.program
      process.arguments = arguments
      process.currentDirectoryURL = root
      process.environment = ProcessInfo.processInfo.environment
        .merging(["COURSE_FOLDER": root.path]) { $1 }
      let (output, error) = (folder.appendingPathComponent("output"), folder.appendingPathComponent("error"))
      for file in [output, error] { try Data().write(to: file) }
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = try FileHandle(forWritingTo: error)
      let typed = Pipe()
      process.standardInput = typed
      try process.run()
      try typed.fileHandleForWriting.write(contentsOf: Data(input.utf8))
      try typed.fileHandleForWriting.close()
      process.waitUntilExit()
      return (
        process.terminationStatus, try String(contentsOf: output, encoding: .utf8),
        try String(contentsOf: error, encoding: .utf8)
      )
    }
  }
}

/// A folder that is gone when the test is over.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("course-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  // The path without symbolic links, as the compiler and the debug information know it.
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.resolvingSymlinksInPath())
}

/// The exercises of the tested folder.
let exercises: [Exercise] = {
  do { return try Catalog(.tested).exercises } catch { fatalError("\(error)") }
}()

extension Exercise: CustomTestStringConvertible {
  public var testDescription: String { "\(number) \(name)" }
}
