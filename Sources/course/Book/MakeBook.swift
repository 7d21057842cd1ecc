import ArgumentParser
import DeepLearning
import Foundation
import Synchronization

/// `course book`: the course as pages to read.
struct MakeBook: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "book", abstract: "Run the chapters and make a book of them.",
    discussion: """
      The pages go to the folder Book; open Book/index.html. A chapter runs only if it or the library has changed \
      since it last ran for the book. With chapters named, only these are run; of the others those come into the book \
      that are up to date.
      """)

  @Argument(help: ArgumentHelp("Numbers (3) or names of chapters; all if left out.", valueName: "chapter"))
  var chapters: [String] = []

  @Flag(help: "Quick runs: seconds instead of minutes, with smaller results.")
  var quick = false

  @Flag(help: "Full runs, which take long.")
  var full = false

  @Flag(help: "Run the chapters even if nothing has changed.")
  var fresh = false

  @Flag(help: "Leave out the reference of the library.")
  var noReference = false

  @Option(help: ArgumentHelp("Write the book to this folder.", valueName: "dir"))
  var output = "Book"

  @Flag(help: .hidden)
  var noBuild = false

  func run() throws {
    let desk = try Desk()
    let all = try ChapterText.all(in: desk.folder)
    for name in chapters where !all.contains(where: { $0.isNamed(name) }) {
      throw CourseError(description: "there is no chapter \(name)", status: 2)
    }
    guard !(quick && full) else {
      throw CourseError(description: "--quick and --full exclude each other", status: 2)
    }
    // What would stop the book in the end is said before the chapters run.
    guard findProgram("pandoc") != nil else { throw CourseError(description: Pandoc.howToInstall) }
    guard noReference || findProgram("docc") != nil else {
      throw CourseError(description: DocC.howToDoWithout)
    }
    var runs = ChapterRuns(folder: desk.folder, length: quick ? .quick : full ? .full : .standard)
    (runs.builds, runs.isFresh) = (!noBuild, fresh)
    let docC = noReference ? nil : DocC(folder: desk.folder)
    let library = Mutex<[String: Symbol]?>(nil)
    let console = Mutex(Console.standard(name: "course"))
    let found = try runs.runs(
      of: all, wanted: { chapter in chapters.isEmpty || chapters.contains(where: chapter.isNamed) },
      and: { () throws(CourseError) in
        let symbols = try docC?.symbols()
        library.withLock { $0 = symbols }
      },
      say: { line in console.withLock { $0.print(line) } })

    let folder = URL(
      fileURLWithPath: output, relativeTo: output == "Book" ? desk.folder.root : nil
    ).absoluteURL
    let maker = BookMaker(folder: desk.folder, output: folder, library: library.withLock { $0 })
    let problems = try maker.make(all, found)
    guard problems.lines.isEmpty else {
      for line in problems.lines { desk.console.error(line) }
      desk.console.error("course: the book is not made: \(problems.lines.count) things are wrong")
      throw ExitCode.wrong
    }
    desk.console.print("The book is in \(desk.folder.shortened(folder.path))/index.html.")
  }
}

extension ChapterText {
  /// Whether a command line means this chapter: `3`, `chapter3`, or the whole name.
  func isNamed(_ name: String) -> Bool { ["\(number)", "chapter\(number)", self.name].contains(name) }
}
