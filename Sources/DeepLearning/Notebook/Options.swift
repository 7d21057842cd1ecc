import Prose
import ArgumentParser

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Notebook {
  /// How this run was asked for on the command line.
  public struct Options: Sendable {
    /// How long a run may take: seconds (`--quick`), under a minute, or as long as good results need (`--full`).
    public enum Length: String, Sendable, Codable { case quick, standard, full }

    public var length = Length.standard
    /// The seed that every section starts from.
    public var seed: UInt64 = 0
    /// The folder given with `--data`, to be looked in before the usual places.
    public var dataDirectory: String?
    public var plotsDirectory: String
    /// Draws every figure in the terminal as well.
    public var drawsInTerminal = false
    public var printsProse = true
    /// Prints the section's code between prose and results, as it stands in the source.
    public var printsCode = true
    /// The sections to run; none means all.
    public var sections: [String] = []
    var onlyLists = false
    /// The file to leave the run's record in, for the book.
    var recordFile: String?

    public var isQuick: Bool { length == .quick }
    public var isFull: Bool { length == .full }

    public init(plotsDirectory: String) { self.plotsDirectory = plotsDirectory }
  }

  /// What to print, and the status to exit with, where the command line asks for no run.
  struct CommandLineExit: Error, Equatable {
    let message: String
    /// 0 for `--help`, 2 for a wrong use.
    let status: Int32
  }
}

extension Notebook.Options {
  /// Reads the arguments that follow the program's name; throws ``Notebook/CommandLineExit``.
  init(parsing arguments: [String], chapter: String, title: String) throws {
    self = try Arguments.$chapter.withValue((chapter, title)) {
      do {
        return try Notebook.Options(Arguments.parse(arguments), chapter: chapter)
      } catch let exit as Notebook.CommandLineExit {
        throw exit
      } catch {
        let isHelp = Arguments.exitCode(for: error) == .success
        throw Notebook.CommandLineExit(
          message: isHelp
            ? Arguments.fullMessage(for: error) : Arguments.message(for: error).onOneLine + " (see --help)",
          status: isHelp ? 0 : 2)
      }
    }
  }

  private init(_ arguments: Arguments, chapter: String) throws {
    plotsDirectory = arguments.plots ?? "plots/\(chapter)"
    if arguments.quick && arguments.full {
      throw Notebook.CommandLineExit(message: "--quick and --full exclude each other", status: 2)
    }
    if let data = arguments.data {
      guard let folder = opendir(data) else {
        let reason = String(cString: strerror(errno))
        throw Notebook.CommandLineExit(
          message: "--data: cannot read the folder \(data): \(reason)", status: 2)
      }
      closedir(folder)
    }
    length = arguments.quick ? .quick : arguments.full ? .full : .standard
    seed = arguments.seed
    dataDirectory = arguments.data
    drawsInTerminal = arguments.ascii
    printsProse = !arguments.noProse
    printsCode = !arguments.noCode && !arguments.noProse
    sections = arguments.section
    onlyLists = arguments.list
    recordFile = arguments.record
  }
}

/// The command line as swift-argument-parser reads it.
private struct Arguments: ParsableCommand {
  @TaskLocal static var chapter = (name: "", title: "")

  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: chapter.name, abstract: chapter.title,
      discussion: """
        Runs the chapter: prints its prose with the results where they belong, checks every claim, and \
        leaves its figures as gnuplot files. Exits with 1 if a claim fails.
        """)
  }

  @Flag(help: "List the sections and exit.")
  var list = false

  @Option(help: ArgumentHelp("Run only this section; may be repeated.", valueName: "id"))
  var section: [String] = []

  @Flag(help: "Take seconds: small data, few steps.")
  var quick = false

  @Flag(help: "Take the time that the best results need.")
  var full = false

  @Option(help: ArgumentHelp("Start every section's random numbers from this seed.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Look for data sets in this folder first.", valueName: "dir"))
  var data: String?

  @Option(help: ArgumentHelp("Write figures to this folder. (default: plots/<chapter>)", valueName: "dir"))
  var plots: String?

  @Flag(help: "Draw the figures in the terminal too.")
  var ascii = false

  @Flag(help: "Leave out the code, which stands between prose and results.")
  var noCode = false

  @Flag(help: "Print the results alone, without prose and code.")
  var noProse = false

  @Option(help: .hidden)
  var record: String?
}

extension String {
  /// The text as one line, for error messages.
  var onOneLine: String { lines.map { String($0.trimmed) }.filter { !$0.isEmpty }.joined(separator: " ") }
}
