import DeepLearning
import Foundation
import Synchronization
import Testing

@testable import course

/// The course's own book, every chapter of it: whether it is whole, and whether its pages are well made.
@Suite struct WholeBookTests {
  @Test func hasAPageForEveryChapterAndExercise() throws {
    let pages = try WholeBook.pages.get()
    let chapters = try ChapterText.all(in: WholeBook.folder)
    #expect(!chapters.isEmpty)
    for chapter in chapters {
      let page = try #require(pages[chapter.page])
      for section in chapter.sections {
        #expect(page.contains("id=\"section-\(section.id)\""), "\(section.id)")
      }
    }
    for exercise in try Catalog(WholeBook.folder).exercises { #expect(pages[exercise.page] != nil) }
    #expect(pages["library/tensor.html"]?.contains("matmul") == true)
  }

  /// Every output of a run is on its page, under the heading of its section.
  @Test func everyOutputIsThere() throws {
    let pages = try WholeBook.pages.get()
    for run in try WholeBook.runs.get() {
      let page = try #require(pages[run.text.page])
      for section in run.record.sections {
        let start = try #require(page.firstRange(of: "<h2 id=\"section-\(section.id)\""))
        let body = page[start.upperBound...]
        let text = body[..<(body.firstRange(of: "<h2 id=")?.lowerBound ?? body.endIndex)]
        for output in section.outputs {
          let piece: String
          switch output.content {
          case .value(_, let value, _): piece = "<samp>\(value.escapedForHTML)</samp>"
          case .claim(let claim, _, _): piece = "</span> \(claim.escapedForHTML)"
          case .table(let label, _, _, _): piece = "<caption>\(label.escapedForHTML)"
          case .figure(let name, _, _, _): piece = "<figure id=\"figure-\(name)\">"
          case .text(let line): piece = "<samp>\(line.escapedForHTML)</samp>"
          case .failure(let message): piece = message
          }
          #expect(text.contains(piece), "section \(section.id), line \(output.line)")
        }
      }
    }
  }

  @Test func everyLinkLeadsSomewhere() throws {
    let pages = try WholeBook.pages.get()
    let ids = pages.mapValues { page in
      Set(page.matches(of: /\sid="([^"]*)"/).map { String($0.1) })
    }
    for (path, page) in pages {
      let folder = URL(fileURLWithPath: "/" + path).deletingLastPathComponent()
      let addresses =
        page.values(of: "href", in: "a") + page.values(of: "href", in: "link")
        + page.values(of: "src", in: "img")
        + page.values(of: "src", in: "script")
      for address in addresses.compactMap(\.self) {
        // Only prose may lead out of the book; nothing is loaded from elsewhere.
        if address.hasPrefix("https://") {
          #expect(page.contains("<a href=\"\(address)\""), "\(path) loads \(address)")
          continue
        }
        let parts = address.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(
          String.init)
        let target =
          parts[0].isEmpty
          ? path : String(folder.appendingPathComponent(parts[0]).standardizedFileURL.path.dropFirst())
        let file = WholeBook.output.appendingPathComponent(target)
        #expect(FileManager.default.fileExists(atPath: file.path), "\(path): \(address)")
        if parts.count == 2 {
          #expect(ids[target]?.contains(parts[1]) == true, "\(path): \(address)")
        }
      }
    }
  }

  @Test func pagesAreWellMade() throws {
    for (path, page) in try WholeBook.pages.get() {
      #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"), "\(path)")
      #expect(!page.contains("{{"), "\(path) has a hole")
      // Landmarks, each with a name of its own where there are several of a kind.
      for tag in ["main", "header", "footer", "h1", "title"] {
        #expect(page.count(of: tag) == 1, "\(path): <\(tag)>")
      }
      let names = page.values(of: "aria-label", in: "nav")
      #expect(!names.contains(nil) && Set(names).count == names.count, "\(path): \(names)")
      // Headings go down one level at a time.
      let levels = page.matches(of: /<h([1-6])[ >]/).compactMap { Int($0.1) }
      #expect(zip(levels, levels.dropFirst()).allSatisfy { $1 <= $0 + 1 }, "\(path): \(levels)")
      let ids = page.matches(of: /\sid="([^"]*)"/).map { String($0.1) }
      let twice = Dictionary(grouping: ids) { $0 }.filter { $0.value.count > 1 }.keys
      #expect(twice.isEmpty, "\(path): \(twice)")
      let labels = page.values(of: "aria-labelledby", in: "section").compactMap(\.self)
      #expect(labels.allSatisfy(ids.contains), "\(path): \(labels)")
      #expect(page.values(of: "alt", in: "img").allSatisfy { $0?.isEmpty == false }, "\(path)")
      #expect(page.count(of: "details") == page.count(of: "summary"), "\(path)")
      #expect(page.count(of: "figure") == page.count(of: "figcaption"), "\(path)")
      for link in page.matches(of: /<a [^>]*>(.*?)<\/a>/.dotMatchesNewlines())
      where !link.0.contains("aria-hidden") {
        #expect(!String(link.1).withoutTags.isEmpty, "\(path): a link without words: \(link.0)")
      }
    }
  }

  @Test func nothingOfThisMachineIsInTheBook() throws {
    for (path, page) in try WholeBook.pages.get() {
      for place in [WholeBook.folder.root.path, WholeBook.folder.products.path] {
        #expect(!page.contains(place), "\(path) has \(place)")
      }
    }
  }

  @Test func unchangedChaptersAreNotRunAgain() throws {
    let before = try WholeBook.runs.get()
    var again = ChapterRuns(folder: WholeBook.folder, length: .quick)
    again.builds = false
    let said = Mutex<[String]>([])
    let after = try again.runs(
      of: before.map(\.text), wanted: { _ in true }, say: { line in said.withLock { $0.append(line) } })
    #expect(said.withLock(\.isEmpty) && after.count == before.count)
  }

  /// A number that is changed in the prose of a chapter, and that its run contradicts, stops the book.
  @Test func aNumberThatTheRunContradictsStopsTheBook() throws {
    let runs = try WholeBook.runs.get()
    let run = try #require(runs.first { $0.text.number == 3 })
    let prose = "the cost falls by 3.66 times that amount"
    let text = try read(run.text.main)
    try #require(text.components(separatedBy: prose).count == 2)
    #expect(try problems(in: text, of: run) == [])
    let line = try #require(text.components(separatedBy: prose).first).count { $0 == "\n" } + 1
    #expect(
      try problems(in: text.replacing(prose, with: prose.replacing("3.66", with: "3.76")), of: run) == [
        "Chapters/chapter3-backprop/main.swift:\(line): the prose says 3.76, and nothing that section 3.1 shows, "
          + "claims or computes with says so"
      ])
  }

  private func problems(in source: String, of run: ChapterRun) throws -> [String] {
    try withTemporaryFolder { folder in
      let copy = folder.appendingPathComponent(run.text.name)
      try FileManager.default.copyItem(at: run.text.main.deletingLastPathComponent(), to: copy)
      try source.write(to: copy.appendingPathComponent("main.swift"), atomically: true, encoding: .utf8)
      let text = try #require(try ChapterText(folder: copy))
      let prose = try Pandoc().read(text.parts.flatMap { $0.blocks.map(\.text) })
      let problems = Problems()
      let excerpts = try Excerpts(WholeBook.folder, ChapterText.all(in: WholeBook.folder), problems)
      WovenChapter(
        ChapterRun(text: text, record: run.record, plots: run.plots), prose: prose, referred: [], excerpts,
        problems
      ).checkNumbers(problems)
      return problems.lines
    }
  }
}

/// Which runs are kept and which are made anew.
@Suite struct ChapterRunsTests {
  /// A course whose only chapter is a script that leaves a record and counts its runs.
  private func withScript(_ body: (Fixture) throws -> Void) throws {
    try Fixture.with { fixture in
      let root = fixture.folder.root
      for path in ["Sources/CGnuplot/CGnuplot.cpp", "Sources/CSystem/shim.h", "Package.swift"] {
        let file = root.appendingPathComponent(path)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try "// \(path)\n".write(to: file, atomically: true, encoding: .utf8)
      }
      let script = """
        #!/bin/sh
        echo run >> \(root.path)/count
        [ ! -e \(root.path)/broken ] || { echo "main.swift:3: claim failed: it holds"; exit 1; }
        cp \(root.path)/runs/chapter2.json "$3"
        """
      let program = root.appendingPathComponent("chapter2-rising")
      try script.write(to: program, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
      try body(fixture)
    }
  }

  private func run(_ fixture: Fixture, isFresh: Bool = false) throws -> (runs: Int, said: [String]) {
    var runs = ChapterRuns(folder: fixture.folder, length: .quick)
    (runs.builds, runs.isFresh) = (false, isFresh)
    let said = Mutex<[String]>([])
    let found = try runs.runs(
      of: ChapterText.all(in: fixture.folder), wanted: { $0.number == 2 },
      say: { line in said.withLock { $0.append(line) } })
    #expect(found.map(\.text.number) == [2])
    let count = try read(fixture.folder.root.appendingPathComponent("count")).count { $0 == "\n" }
    return (count, said.withLock { $0 })
  }

  @Test func aChapterRunsWhenItOrTheLibraryHasChanged() throws {
    try withScript { fixture in
      #expect(try run(fixture).runs == 1)
      let second = try run(fixture)
      #expect(second.runs == 1 && second.said.isEmpty)
      try fixture.change("Chapters/chapter2-rising/main.swift", "page.print(\"up\")", "page.print(\"up!\")")
      #expect(try run(fixture).runs == 2)
      try fixture.change("Sources/DeepLearning/Physics.swift", "9.81", "9.80")
      #expect(try run(fixture).runs == 3)
      try fixture.change("Chapters/chapter1-falling/main.swift", "gravity = 9.81", "gravity = 9.80")
      #expect(try run(fixture).runs == 3, "another chapter has changed")
      #expect(try run(fixture, isFresh: true).runs == 4)
    }
  }

  @Test func aChapterThatFailsStopsTheBookAndIsNotKept() throws {
    try withScript { fixture in
      let broken = fixture.folder.root.appendingPathComponent("broken")
      try Data().write(to: broken)
      let error = try #require(throws: CourseError.self) { try run(fixture) }
      #expect(
        error.description.contains("chapter2-rising") && error.description.contains("claim failed: it holds"))
      try FileManager.default.removeItem(at: broken)
      #expect(try run(fixture).runs == 2)
    }
  }
}
