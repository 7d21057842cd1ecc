import ArgumentParser
import Foundation
import Prose

/// `course status`: how far the learner is.
struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show how far you are, from the checks made so far.")

  func run() throws {
    let desk = try Desk()
    let (console, progress) = (desk.console, ProgressFile(desk.folder))
    let standings = desk.catalog.exercises.map { desk.standing(of: $0, in: progress) }
    let (solved, count) = (standings.count(where: \.isSolved), standings.count)
    let width = 32
    let filled = count > 0 ? solved * width / count : 0
    let bar =
      console.styled(String(repeating: "█", count: filled), .green)
      + console.styled(String(repeating: "░", count: width - filled), .dim)
    console.print("\(console.styled("Exercises", .bold))  \(bar)  \(solved) of \(count) solved")
    for chapter in desk.catalog.chapters {
      let members = zip(desk.catalog.exercises, standings).filter { $0.0.chapter == chapter }
      let done = "\(members.count { $0.1.isSolved }) of \(members.count)"
      console.print("", console.styled("Chapter \(chapter)", .bold) + "  \(done)")
      for (exercise, standing) in members {
        let note = standing == .changed ? nil : progress[exercise].checked.map(age)
        console.print(desk.line(exercise, standing, note: note ?? ""))
      }
    }
    let last = desk.catalog.exercises.compactMap { progress[$0].checked }.max()
    console.print("", last.map { "Last check: \(age($0))." } ?? "Nothing has been checked yet.")
    if let next = desk.next(in: progress) {
      console.print("Next: \(next.number) \(next.title), in \(desk.folder.shortened(next.answer.path))")
    }
  }

  /// How long ago, in words.
  private func age(_ date: Date) -> String {
    let seconds = Date().timeIntervalSince(date)
    let units = [(86400.0, "day"), (3600, "hour"), (60, "minute")]
    guard let (size, name) = units.first(where: { seconds >= $0.0 }) else { return "just now" }
    let count = Int(seconds / size)
    return "\(count) \(name)\(count == 1 ? "" : "s") ago"
  }
}

/// `course list`: the exercises.
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the exercises: number, name, section, title, file.")

  func run() throws {
    let desk = try Desk()
    let rows = desk.catalog.exercises.map {
      [$0.number, $0.name, "section " + ($0.section ?? "?"), $0.title, desk.folder.shortened($0.answer.path)]
    }
    for row in rows {
      let cells = row.enumerated().map { column, cell in
        cell.padded(to: rows.map { $0[column].count }.max() ?? 0)
      }
      desk.console.print(cells.joined(separator: "  "))
    }
  }
}

/// `course next`: the task of the first exercise that is not solved.
struct Next: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "next", abstract: "Show the first exercise that is not solved.")

  func run() throws {
    let desk = try Desk()
    guard let exercise = desk.next(in: ProgressFile(desk.folder)) else {
      desk.console.print("All \(desk.catalog.exercises.count) exercises are solved.")
      return
    }
    desk.printProse(Solution(try read(exercise.solution)).task)
    desk.console.print(
      "", "Your file: \(desk.folder.shortened(exercise.answer.path))",
      "When you are done: `swift run course check \(exercise.number)`. Stuck? `swift run course hint \(exercise.number)`."
    )
  }
}
