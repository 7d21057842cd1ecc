import DeepLearning
import Foundation
import Prose

/// What every command needs: the exercises, what is remembered of them, and where to print.
struct Desk {
  let folder: CourseFolder
  let catalog: Catalog
  let console: Console

  init() throws(CourseError) {
    folder = try CourseFolder.current()
    catalog = try Catalog(folder)
    console = .standard(name: "course")
  }

  /// How far the learner is with an exercise.
  enum Standing: Equatable {
    case found(Outcome.State)
    /// The file is not what it was when it was checked.
    case changed

    var isSolved: Bool { self == .found(.solved) }

    var text: String {
      switch self {
      case .found(let state): state.rawValue
      case .changed: "not checked yet"
      }
    }
  }

  /// What is known without running anything.
  func standing(of exercise: Exercise, in progress: ProgressFile) -> Standing {
    guard let answer = try? read(exercise.answer) else { return .found(.notAttempted) }
    if let state = progress[exercise].state, progress[exercise].answer == "\(Fingerprint(of: answer))" {
      return .found(state)
    }
    let stub = (try? read(exercise.solution)).map { Solution($0).stub }
    return answer == stub ? .found(.notAttempted) : .changed
  }

  /// Checks the learner's file and remembers what came of it.
  func check(_ exercise: Exercise) throws(CourseError) -> Outcome {
    let answer = try? read(exercise.answer)
    let outcome = try Checker(folder: folder).check(exercise)
    remember(exercise) {
      $0.state = outcome.state
      $0.checked = Date()
      $0.answer = answer.map { "\(Fingerprint(of: $0))" }
    }
    return outcome
  }

  func remember(_ exercise: Exercise, _ change: (inout ProgressFile.Entry) -> Void) {
    // Read again: a `watch` in another terminal writes it, too.
    var progress = ProgressFile(folder)
    change(&progress[exercise])
    do {
      try progress.save()
    } catch {
      console.error("course: \(error)")
    }
  }

  /// The first exercise that is not solved.
  func next(in progress: ProgressFile) -> Exercise? {
    catalog.exercises.first { !standing(of: $0, in: progress).isSolved }
  }
}

extension Desk {
  func mark(_ standing: Standing) -> String {
    switch standing {
    case .found(.solved): console.styled("✓", [.green, .bold])
    case .found(.notAttempted): console.styled("·", .dim)
    case .found: console.styled("✗", [.red, .bold])
    case .changed: console.styled("?", .yellow)
    }
  }

  /// The line of an exercise in a table: mark, number, title and state.
  func line(_ exercise: Exercise, _ standing: Standing, note: String = "") -> String {
    let style: TextStyle =
      switch standing {
      case .found(.solved): .green
      case .found(.notAttempted): .dim
      case .found: .red
      case .changed: .yellow
      }
    let width = catalog.exercises.map(\.title.count).max() ?? 0
    let state = console.styled(standing.text.padded(to: note.isEmpty ? 0 : 17), style)
    return "  \(mark(standing)) \(exercise.number.padded(to: 5))\(exercise.title.padded(to: width))  \(state)"
      + console.styled(note, .dim)
  }

  /// What came of a check, in full.
  ///
  /// - Parameter isAlone: Whether this is all that was asked for, so that there is room for advice.
  func print(_ outcome: Outcome, of exercise: Exercise, isAlone: Bool) {
    let seconds = "[\(outcome.seconds.formatted(.number.precision(.fractionLength(2)))) s]"
    console.print(line(exercise, .found(outcome.state), note: seconds))
    if isAlone || outcome.state.isFailure {
      printMessage(of: outcome)
      printOutput(outcome.output)
      console.print("")
    }
    guard isAlone else { return }
    let file = folder.shortened(exercise.answer.path)
    switch outcome.state {
    case .solved:
      console.print(
        "  One way to do it: `swift run course solution \(exercise.number)`. Go on with `swift run course next`."
      )
    case .notAttempted:
      console.print("  The task stands in \(file).", "  Stuck? `swift run course hint \(exercise.number)`.")
    default:
      console.print("  The file is \(file). Stuck? `swift run course hint \(exercise.number)`.")
    }
  }

  private func printMessage(of outcome: Outcome) {
    guard !outcome.message.isEmpty else { return }
    var lines = outcome.message.lines.map(String.init)
    // What the compiler says is laid out in columns.
    if outcome.state != .doesNotCompile, let sentence = lines.popLast() {
      lines += StyledText(sentence).wrapped(to: console.width - 6).map { $0.rendered(usesColor: false) }
    }
    console.print([""] + lines.map { "      " + $0 })
  }

  /// What an answer printed: the beginning of it.
  private func printOutput(_ output: String) {
    let lines = output.trimmingCharacters(in: .newlines).lines.map(String.init)
    guard lines != [""] else { return }
    let longest = 12
    let left = lines.count > longest ? ["… and \(lines.count - longest) lines more"] : []
    console.print(
      ["", "      It printed:"] + (lines.prefix(longest) + left).map { "      | " + $0.prefix(200) })
  }

  /// Markdown as the terminal shows it.
  func printProse(_ text: String) {
    console.print(Markdown(width: console.width, usesColor: console.usesColor).render(text))
  }
}
