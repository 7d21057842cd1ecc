import Foundation
import Testing

/// A chapter as its reader runs it: the built program, in a process of its own.
struct Program {
  let name: String

  struct Run {
    let output: String
    let error: String
    let status: Int32

    /// The output without what may differ between two runs: times, which all are printed as `[1.23 s]`.
    var outputWithoutTimes: String {
      output.replacing(/\[[0-9.e+-]+ [^\]\s]*\]/, with: "[time]")
    }
  }

  /// Where the build put the programs: beside the tests.
  private static let products: URL = {
    let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    return tests.deletingLastPathComponent()
  }()

  /// Runs the chapter in `folder`.
  func run(_ arguments: [String], in folder: URL, environment: [String: String] = [:]) throws -> Run {
    let process = Process()
    process.executableURL = Self.products.appendingPathComponent(name)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Files rather than pipes: a pipe that nobody empties would stop a talkative chapter.
    let output = folder.appendingPathComponent("stdout-\(UUID().uuidString)")
    let error = folder.appendingPathComponent("stderr-\(UUID().uuidString)")
    for file in [output, error] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: error)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Run(
      output: try String(contentsOf: output, encoding: .utf8),
      error: try String(contentsOf: error, encoding: .utf8), status: process.terminationStatus)
  }
}

/// A folder that is gone when the test is over.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("chapter-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// The chapters that are there, from the folders themselves, so that none is forgotten.
let chapters: [String] = {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let names = try? FileManager.default.contentsOfDirectory(
    atPath: root.appendingPathComponent("Chapters").path)
  return (names ?? []).filter { $0.hasPrefix("chapter") }.sorted()
}()
