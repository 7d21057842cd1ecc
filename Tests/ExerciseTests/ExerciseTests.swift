import Testing

@testable import course

/// The learner's answers. One that is not attempted is cancelled: neither passed nor failed.
@Suite struct ExerciseTests {
  @Test(arguments: exercises)
  func answer(_ exercise: Exercise) throws {
    let outcome = try Checker(folder: .tested).check(exercise)
    let name = "\(exercise.number) \(exercise.title)"
    switch outcome.state {
    case .solved: return
    case .notAttempted:
      print("Exercise \(name): not attempted")
      try Test.cancel("not attempted: \(name)")
    default:
      Issue.record("\(name): \(outcome.state.rawValue)\n\(outcome.message)")
    }
  }
}
