import Foundation
import FoundationXML
import Testing

/// Every chapter runs, keeps its claims, repeats itself, and leaves figures that can be drawn again.
@Suite struct ChapterTests {
  @Test func thereAreChapters() {
    #expect(chapters.contains("chapter3-backprop"))
  }

  @Test(arguments: chapters)
  func runsAndRepeatsItself(_ chapter: String) throws {
    try withTemporaryFolder { folder in
      let program = Program(name: chapter)
      let first = try program.run(["--quick"], in: folder)
      #expect(first.status == 0 && first.error.isEmpty, "\(first.error)")
      #expect(first.output.contains(/all [0-9]+ claims hold/), "\(first.output.suffix(400))")
      let second = try program.run(["--quick"], in: folder)
      #expect(first.outputWithoutTimes == second.outputWithoutTimes)
      try checkFigures(in: folder.appendingPathComponent("plots/\(chapter)"))
    }
  }

  @Test(arguments: chapters, [1, 2])
  func claimsHoldForOtherSeeds(_ chapter: String, _ seed: Int) throws {
    try withTemporaryFolder { folder in
      let run = try Program(name: chapter).run(["--quick", "--no-prose", "--seed", "\(seed)"], in: folder)
      #expect(run.status == 0, "\(run.error)")
    }
  }

  /// Each script has its picture, the picture is well-formed and says in words what it shows, and gnuplot
  /// draws it again from the script alone, wherever it is called.
  private func checkFigures(in folder: URL) throws {
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    let scripts = files.filter { $0.pathExtension == "gp" }
    #expect(!scripts.isEmpty)
    for script in scripts {
      let image = script.deletingPathExtension().appendingPathExtension("svg")
      let drawn = try Data(contentsOf: image)
      #expect(XMLParser(data: drawn).parse(), "\(image.lastPathComponent) is not well-formed")
      #expect(
        String(decoding: drawn, as: UTF8.self).contains("<desc>"), "\(image.lastPathComponent) has no caption"
      )
      try FileManager.default.removeItem(at: image)
      let gnuplot = Process()
      gnuplot.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      gnuplot.arguments = ["gnuplot", script.path]
      gnuplot.currentDirectoryURL = URL(fileURLWithPath: "/")
      let complaints = Pipe()
      gnuplot.standardError = complaints
      try gnuplot.run()
      let text = String(decoding: complaints.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      gnuplot.waitUntilExit()
      #expect(gnuplot.terminationStatus == 0 && text.isEmpty, "\(script.lastPathComponent): \(text)")
      #expect(FileManager.default.fileExists(atPath: image.path), "\(script.lastPathComponent) drew nothing")
    }
  }
}

/// What a chapter does when it is asked for the impossible: one clear line, the right status, nothing left behind.
@Suite struct ChapterFailureTests {
  private let chapter = Program(name: "chapter3-backprop")

  private func expect(
    _ arguments: [String], status: Int32, mentions: String..., environment: [String: String] = [:]
  ) throws {
    try withTemporaryFolder { folder in
      let run = try chapter.run(arguments, in: folder, environment: environment)
      #expect(run.status == status)
      #expect(run.error.split(separator: "\n").count == 1, "one line, not: \(run.error)")
      for word in mentions { #expect(run.error.contains(word), "\(run.error)") }
    }
  }

  @Test func anUnknownOption() throws { try expect(["--sed", "1"], status: 2, mentions: "--sed") }
  @Test func aSeedThatIsNoNumber() throws { try expect(["--seed", "x"], status: 2, mentions: "--seed") }
  @Test func anUnknownSection() throws {
    try expect(["--section", "9.9"], status: 2, mentions: "9.9", "3.1")
  }
  @Test func quickAndFull() throws { try expect(["--quick", "--full"], status: 2, mentions: "--full") }
  @Test func aDataFolderThatIsNotThere() throws {
    try expect(["--quick", "--data", "nowhere"], status: 2, mentions: "nowhere")
  }

  @Test func damagedData() throws {
    try withTemporaryFolder { data in
      for part in ["train", "t10k"] {
        try Data([0x1f, 0x8b, 8, 0]).write(to: data.appendingPathComponent("\(part)-images-idx3-ubyte.gz"))
        try Data([1, 2, 3]).write(to: data.appendingPathComponent("\(part)-labels-idx1-ubyte.gz"))
      }
      try expect(
        ["--quick", "--section", "3.4", "--data", data.path], status: 1, mentions: "ubyte.gz", "expected")
    }
  }

  @Test func aFolderForPlotsThatCannotBeMade() throws {
    try withTemporaryFolder { folder in
      let blocked = folder.appendingPathComponent("file")
      try Data().write(to: blocked)
      let run = try chapter.run(
        ["--quick", "--section", "3.5", "--plots", blocked.appendingPathComponent("plots").path], in: folder)
      #expect(run.status == 1)
      #expect(run.error.contains("plots"), "\(run.error)")
    }
  }

  @Test func withoutGnuplotTheScriptsAreStillWritten() throws {
    try withTemporaryFolder { folder in
      let run = try chapter.run(
        ["--quick", "--section", "3.5"], in: folder, environment: ["PATH": "/nonexistent"])
      #expect(run.status == 0, "\(run.error)")
      #expect(run.output.contains("gnuplot"))
      let plots = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("plots/chapter3-backprop").path)
      #expect(plots.contains { $0.hasSuffix(".gp") } && !plots.contains { $0.hasSuffix(".svg") })
    }
  }

  @Test func listsItsSections() throws {
    try withTemporaryFolder { folder in
      let run = try chapter.run(["--list"], in: folder)
      #expect(run.status == 0)
      for section in 1...6 { #expect(run.output.contains("3.\(section)")) }
    }
  }
}
