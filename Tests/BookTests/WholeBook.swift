import DeepLearning
import Foundation
import Testing

@testable import course

/// The course's own book from quick runs, made once for all tests of its pages.
enum WholeBook {
  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let products = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent()

  static let folder = CourseFolder(root: package, products: products)
  static let output = products.appendingPathComponent("book/tested")

  /// The programs are built already, beside the tests; a chapter runs if it or the library has changed.
  static let runs: Result<[ChapterRun], any Error> = Result {
    var runs = ChapterRuns(folder: folder, length: .quick)
    runs.builds = false
    return try runs.runs(of: ChapterText.all(in: folder), wanted: { _ in true }, say: { _ in })
  }

  private static let problems: Result<[String], any Error> = Result {
    try BookMaker(folder: folder, output: output, library: DocC(folder: folder).symbols())
      .make(ChapterText.all(in: folder), try runs.get()).lines
  }

  /// The pages, by their path in the book, when there is nothing wrong with it.
  static let pages: Result<[String: String], any Error> = Result {
    let found = try problems.get()
    guard found.isEmpty else { throw CourseError(description: found.joined(separator: "\n")) }
    var pages: [String: String] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: output.path) where path.hasSuffix(".html")
    {
      pages[path] = try read(output.appendingPathComponent(path))
    }
    return pages
  }
}

extension String {
  /// What an attribute of the elements with this tag says, element by element.
  func values(of attribute: String, in tag: String) -> [String?] {
    components(separatedBy: "<\(tag)").dropFirst().filter { $0.first?.isLetter == false }.map { text in
      let element = text.prefix { $0 != ">" }
      guard let start = element.firstRange(of: " \(attribute)=\"") else { return nil }
      return String(element[start.upperBound...].prefix { $0 != "\"" }).replacing("&amp;", with: "&")
    }
  }

  func count(of tag: String) -> Int { values(of: "id", in: tag).count }
}
