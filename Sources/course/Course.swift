import ArgumentParser
import DeepLearning
import Exercises
import Foundation

/// The command that accompanies a learner through the exercises.
@main
struct Course: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "course",
    abstract: "The exercises of the course: what to do, whether it is right, and help; and the book.",
    discussion: """
      Each exercise is a file in the folder Exercises: read the task, replace `throw NotAttempted()`, and check. \
      Exercises are named by number (3.2) or by name (softmax-backward), chapters by number (3).

      Exit status: 0 all is well or solved, 1 something is wrong, 2 the command line makes no sense, 3 nothing is \
      wrong but something is not attempted yet.
      """,
    subcommands: [
      Status.self, Check.self, Next.self, Hint.self, ShowSolution.self, Watch.self, Reset.self, List.self,
      MakeBook.self, RunExercise.self,
    ],
    defaultSubcommand: Status.self)

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as CourseError {
      complain("course: \(error)")
      Foundation.exit(error.status)
    } catch let status as ExitCode {
      Foundation.exit(status.rawValue)
    } catch  where exitCode(for: error) == .success {
      print(fullMessage(for: error))
    } catch {
      complain("course: \(message(for: error)) (see --help)")
      Foundation.exit(2)
    }
  }

  private static func complain(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }
}

/// What the exit status of a command says.
extension ExitCode {
  static let wrong = ExitCode(1)
  static let notAttempted = ExitCode(3)

  /// The status for several outcomes: the worst.
  init(_ states: [Outcome.State]) {
    self =
      states.contains(where: \.isFailure) ? .wrong : states.contains(.notAttempted) ? .notAttempted : .success
  }
}

/// The part of a command line that names one exercise.
struct ExerciseArgument: ParsableArguments {
  @Argument(help: ArgumentHelp("The exercise's number or name.", valueName: "exercise"))
  var selection: String
}

/// What this program does as a child of itself: an answer runs in it.
struct RunExercise: ParsableCommand {
  static let name = "run-exercise"
  static let configuration = CommandConfiguration(
    commandName: name, abstract: "Run a compiled exercise.", shouldDisplay: false)

  @Argument var library: String

  func run() { Host.run(library) }
}
