import DeepLearning
import Foundation
import Testing

@testable import course

/// A small course of two chapters, one exercise and one file of a library, with the records of two runs.
struct Fixture {
  let folder: CourseFolder
  var output: URL { folder.root.appendingPathComponent("Book") }

  /// Runs `body` with a copy of the fixture that it may change.
  static func with<Result>(_ body: (Fixture) throws -> Result) throws -> Result {
    try withTemporaryFolder { folder in
      let root = folder.appendingPathComponent("course")
      let original = try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures/course")
      try FileManager.default.copyItem(at: original, to: root)
      return try body(Fixture(folder: CourseFolder(root: root, products: root)))
    }
  }

  /// Replaces a text that a file has once.
  func change(_ path: String, _ old: String, _ new: String) throws {
    let url = folder.root.appendingPathComponent(path)
    let text = try read(url)
    try #require(text.components(separatedBy: old).count == 2, "\(path) does not have \(old) once")
    try text.replacing(old, with: new).write(to: url, atomically: true, encoding: .utf8)
  }

  /// Makes the book, and returns what is wrong.
  @discardableResult
  func make(chapters numbers: Set<Int> = [1, 2]) throws -> [String] {
    let chapters = try ChapterText.all(in: folder)
    let runs = folder.root.appendingPathComponent("runs")
    let chosen = try chapters.filter { numbers.contains($0.number) }.map { chapter in
      ChapterRun(
        text: chapter,
        record: try Notebook.Record(contentsOf: runs.appendingPathComponent("chapter\(chapter.number).json")),
        plots: runs.appendingPathComponent("pictures"))
    }
    return try BookMaker(folder: folder, output: output).make(chapters, chosen).lines
  }

  func page(_ name: String) throws -> String { try read(output.appendingPathComponent(name)) }
}

/// A folder that is gone when the test is over.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("book-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.resolvingSymlinksInPath())
}

extension String {
  /// Whether the texts occur one after the other.
  func contains(inOrder texts: String...) -> Bool {
    var rest = self[...]
    for text in texts {
      guard let found = rest.firstRange(of: text) else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }

  /// The text without tags, and with white space as single blanks.
  var withoutTags: String {
    replacing(/<[^>]*>/, with: "").replacing("&quot;", with: "\"").replacing("&amp;", with: "&")
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
