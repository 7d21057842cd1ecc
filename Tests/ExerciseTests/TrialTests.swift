import DeepLearning
import Testing

@testable import Exercises

/// What a trial accepts, and what it says about what it does not.
@Suite struct TrialTests {
  private func finding(_ compare: (Trial) throws -> Void) -> Finding? {
    do {
      try compare(Trial())
      return nil
    } catch { return error as? Finding }
  }

  private func meaning(_ got: [Double], _ expected: [Double], _ mistakes: [Mistake] = []) -> String? {
    finding { try $0.compare("x", got, with: expected, mistakes: mistakes) }?.meaning
  }

  @Test func whatIsRightPasses() {
    #expect(meaning([1, 2], [1, 2]) == nil)
    #expect(meaning([1, 2.00001], [1, 2]) == nil, "within the tolerance of the largest")
    #expect(meaning([1e-9, 0], [0, 0]) == nil)
    #expect(meaning([.infinity], [.infinity]) == nil)
    #expect(meaning([], []) == nil)
  }

  @Test func mistakesThatAnyExerciseMeets() {
    #expect(meaning([0, 0], [1, 2]) == "Every number is 0: nothing has been computed yet.")
    #expect(meaning([-1, -2], [1, 2]) == "The sign is the wrong way round.")
    #expect(meaning([3, 6], [1, 2]) == "Every number is 3 times too large.")
    #expect(meaning([0.25, 0.5], [1, 2]) == "Every number is 4 times too small.")
    #expect(
      meaning([-3, -6], [1, 2]) == "Every number is 3 times too large, and the sign is the wrong way round.")
    #expect(meaning([1, .nan], [1, 2])?.hasPrefix("[1] is nan: a division by 0") == true)
    #expect(meaning([1, 2, 3], [1, 2]) == "The shape is (3) and should be (2).")
    #expect(meaning([1, 5], [1, 2]) == "The largest difference is at [1]: expected 2, got 5.")
    #expect(meaning([.nan], [.nan]) != nil, "NaN agrees with nothing")
    #expect(
      finding { try $0.compare("x", [[1.0], [2]], with: [[1.0, 2]]) }?.meaning
        == "Rows and columns are exchanged: this is the transpose.")
    #expect(
      finding { try $0.compare("x", [[1.0, 2], [3, 4]], with: [[1.0, 3], [2, 4]]) }?.meaning
        == "Rows and columns are exchanged: this is the transpose.")
  }

  @Test func aKnownMistakeComesFirst() {
    let mistakes = [
      Mistake("other", gives: [7.0, 7.0]), Mistake("the mean is missing", gives: [2.0, 4.0]),
      Mistake("too late", when: true),
    ]
    #expect(meaning([2, 4], [1, 2], mistakes) == "the mean is missing")
    #expect(meaning([9, 9], [1, 2], mistakes) == "too late")
  }

  @Test func theInputIsShownAsItIs() {
    let found = finding {
      try $0.compare(
        "x", Tensor([[-0.0, 1.5]]), with: Tensor([[1.0, 2.0]]),
        given: ["a": Tensor([[1.0, 2.0], [3.0, 4.25]]), "n": 3, "name": "b"])
    }
    #expect(found?.input == "a = [[1.00, 2.00],\n     [3.00, 4.25]]\nn = 3\nname = b")
    #expect(found?.got == "[[ 0.0,  1.5]]" && found?.expected == "[[1, 2]]")
  }

  private struct Excuse: Error {}
  private enum Untouched: ExerciseCheck {
    static func run(_ trial: Trial) throws {
      try trial.compare("a", 1, with: 1)
      throw NotAttempted()
    }
  }
  private enum Right: ExerciseCheck {
    static func run(_ trial: Trial) throws {
      try trial.compare("a", 1, with: 1)
      try trial.require(true, "b", expected: "", got: "", meaning: "")
    }
  }
  private enum Throwing: ExerciseCheck {
    static func run(_ trial: Trial) throws { throw Excuse() }
  }

  @Test func verdicts() {
    #expect(Trial.verdict(on: Untouched.self) == .notAttempted)
    #expect(Trial.verdict(on: Right.self) == .solved(comparisons: 2))
    guard case .wrong(let finding) = Trial.verdict(on: Throwing.self) else {
      Issue.record("an error of the answer's own is wrong")
      return
    }
    #expect(finding.got.contains("Excuse"))
  }
}
