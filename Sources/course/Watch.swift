import ArgumentParser
import Foundation

/// `course watch`: checks an answer whenever it is saved.
struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Check an answer whenever you save it, until you press Control-C.")

  @Argument(help: ArgumentHelp("`all`, a chapter (3) or an exercise (3.2).", valueName: "what"))
  var selection = "all"

  /// How often the files are looked at.
  private static let interval = 0.2

  func run() throws {
    let desk = try Desk()
    let exercises = try desk.catalog.select(selection)
    let files =
      exercises.count == 1 ? desk.folder.shortened(exercises[0].answer.path) : "\(exercises.count) files"
    desk.console.print("Watching \(files). Control-C ends it.")
    if exercises.count == 1 { try check(exercises[0], desk) }
    var checked = exercises.map(contents)
    var before = checked
    while true {
      Thread.sleep(forTimeInterval: Watch.interval)
      let now = exercises.map(contents)
      for (i, exercise) in exercises.enumerated() where now[i] != checked[i] && now[i] == before[i] {
        // Editors write a file in several steps: it is checked when it has been the same twice.
        checked[i] = now[i]
        try check(exercise, desk)
      }
      before = now
    }
  }

  private func contents(of exercise: Exercise) -> String? { try? read(exercise.answer) }

  private func check(_ exercise: Exercise, _ desk: Desk) throws {
    desk.console.print("")
    desk.print(try desk.check(exercise), of: exercise, isAlone: true)
  }
}
