import ArgumentParser

/// `course check`: whether answers are right.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check your answers: all, a chapter's, or one.")

  @Argument(help: ArgumentHelp("`all`, a chapter (3) or an exercise (3.2).", valueName: "what"))
  var selection = "all"

  func run() throws {
    let desk = try Desk()
    let exercises = try desk.catalog.select(selection)
    var states: [Outcome.State] = []
    for exercise in exercises {
      let outcome = try desk.check(exercise)
      states.append(outcome.state)
      desk.print(outcome, of: exercise, isAlone: exercises.count == 1)
    }
    if exercises.count > 1 { desk.console.print("", summary(states)) }
    throw ExitCode(states)
  }

  private func summary(_ states: [Outcome.State]) -> String {
    let solved = states.count { $0 == .solved }
    let wrong = states.count(where: \.isFailure)
    return "\(solved) solved, \(wrong) wrong, \(states.count - solved - wrong) not attempted"
  }
}
