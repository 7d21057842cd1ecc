import ArgumentParser
import Foundation

/// `course hint`: one hint more each time, from a nudge to nearly the code.
struct Hint: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hint", abstract: "Give a hint, and a stronger one the next time.")

  @OptionGroup var exercise: ExerciseArgument

  func run() throws {
    let desk = try Desk()
    let exercise = try desk.catalog.exercise(exercise.selection)
    let hints = Hints(try read(exercise.hints)).texts
    let given = ProgressFile(desk.folder)[exercise].hints
    let (number, isLast) = (min(given + 1, hints.count), given + 1 >= hints.count)
    if given < hints.count { desk.remember(exercise) { $0.hints = number } }
    // When there is no further hint, all are given once more.
    for i in (given < hints.count ? number - 1 : 0)..<number {
      desk.console.print(desk.console.styled("Hint \(i + 1) of \(hints.count)", .bold), "")
      desk.printProse(hints[i])
      desk.console.print("")
    }
    desk.console.print(
      isLast
        ? "That was the last hint. There is also `swift run course solution \(exercise.number)`."
        : "Not enough? Ask again.")
  }
}

/// The hints of an exercise: what stands under each heading of its file.
struct Hints {
  /// In order of strength.
  let texts: [String]

  init(_ markdown: String) {
    var texts: [[Substring]] = []
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("# ") {
        texts.append([])
      } else if !texts.isEmpty {
        texts[texts.count - 1].append(line)
      }
    }
    self.texts = texts.map { $0.joined(separator: "\n").trimmingCharacters(in: .newlines) }
  }
}

/// `course solution`: the solution.
struct ShowSolution: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solution", abstract: "Show a solution.")

  @OptionGroup var exercise: ExerciseArgument

  func run() throws {
    let desk = try Desk()
    let exercise = try desk.catalog.exercise(exercise.selection)
    desk.console.print(Solution(try read(exercise.solution)).code)
  }
}

/// `course reset`: an exercise as it was in the beginning.
struct Reset: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset",
    abstract: "Start an exercise over. Asks first, and keeps a copy of what you have.",
    discussion: "Authors write the solution's file, and make the learner's with this command.")

  @Argument(help: ArgumentHelp("`all`, a chapter (3) or an exercise (3.2).", valueName: "what"))
  var selection: String

  @Flag(name: .shortAndLong, help: "Do not ask.")
  var yes = false

  func run() throws {
    let desk = try Desk()
    for exercise in try desk.catalog.select(selection) { try reset(exercise, desk) }
  }

  private func reset(_ exercise: Exercise, _ desk: Desk) throws {
    let stub = Solution(try read(exercise.solution)).stub
    let file = desk.folder.shortened(exercise.answer.path)
    if FileManager.default.fileExists(atPath: exercise.answer.path) {
      guard try read(exercise.answer) != stub else {
        return desk.console.print("\(file) is as it was in the beginning.")
      }
      guard yes || agrees("Start \(file) over? A copy of it will be kept. [y/N] ") else {
        desk.console.print("Nothing has been changed.")
        throw ExitCode.wrong
      }
      desk.console.print(
        "Your answer is kept as \(desk.folder.shortened(try keepCopy(of: exercise.answer).path)).")
    }
    do {
      try FileManager.default.createDirectory(
        at: exercise.answer.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(stub.utf8).write(to: exercise.answer, options: .atomic)
    } catch {
      throw CourseError(description: "cannot write \(file): \(reason(error))")
    }
    desk.remember(exercise) { $0 = ProgressFile.Entry(hints: $0.hints) }
    desk.console.print("\(file) is as it was in the beginning.")
  }

  private func agrees(_ question: String) -> Bool {
    print(question, terminator: "")
    fflush(nil)
    return readLine().map { ["y", "yes"].contains($0.lowercased()) } ?? false
  }

  /// Copies the file to a name that is not taken.
  private func keepCopy(of file: URL) throws(CourseError) -> URL {
    var number = 1
    while true {
      let copy = URL(fileURLWithPath: "\(file.path).kept-\(number)")
      if !FileManager.default.fileExists(atPath: copy.path) {
        do {
          try FileManager.default.copyItem(at: file, to: copy)
          return copy
        } catch {
          throw CourseError(
            description: "cannot keep a copy of \(file.path), so it stays as it is: \(reason(error))")
        }
      }
      number += 1
    }
  }
}
