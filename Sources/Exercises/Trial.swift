import DeepLearning

/// The check of one exercise. Each file in `Exercises/Checks` declares one, named `Check`.
///
/// It is compiled together with the file under test, be it the learner's, the solution or a wrong answer, and
/// calls what that file declares.
public protocol ExerciseCheck {
  /// Puts the answer to the test. Returns if it is right; what is wrong throws out of the trial's methods.
  static func run(_ trial: Trial) throws
}

/// Compares what an answer computes with what it should.
///
/// Each comparison names its subject and the input, so that a learner can repeat it, and lists the mistakes
/// that are commonly made there, each with the value it leads to:
///
///     try trial.compare(
///       "the gradient", try softmaxBackward(logits, labels), with: expected,
///       given: ["logits": logits, "labels": labels],
///       mistakes: [Mistake("The mean over the batch is missing.", gives: expected * Double(labels.count))])
public final class Trial {
  private var comparisons = 0

  /// Runs a check and sends its verdict to the process that asked for it.
  public static func run(_ check: any ExerciseCheck.Type) {
    verdict(on: check).send()
  }

  static func verdict(on check: any ExerciseCheck.Type) -> Verdict {
    let trial = Trial()
    do {
      manualSeed(0)
      try check.run(trial)
      return .solved(comparisons: trial.comparisons)
    } catch is NotAttempted {
      return .notAttempted
    } catch let finding as Finding {
      return .wrong(finding)
    } catch {
      return .wrong(
        Finding(
          subject: "The answer", expected: "a value", got: "the error \(error)", meaning: "It threw an error."
        ))
    }
  }

  /// Fails unless every element of `got` is within `tolerance` times the largest of `expected`.
  ///
  /// - Parameters:
  ///   - subject: What is compared, such as "the gradient".
  ///   - input: The arguments that led to it, by name.
  ///   - mistakes: What else might have come, and why; the first that fits explains the difference.
  public func compare<Answer: Measurable & Showable>(
    _ subject: String, _ got: Answer, with expected: Answer,
    given input: KeyValuePairs<String, any Showable> = [:], within tolerance: Double = 1e-5,
    mistakes: [Mistake] = []
  ) throws {
    comparisons += 1
    let (answer, truth) = (Measurement(got), Measurement(expected))
    if answer.agrees(with: truth, within: tolerance) { return }
    let known = mistakes.first { $0.explains(answer, tolerance) }
    throw Finding(
      subject: subject, input: Trial.lines(input), expected: expected.shownInFull, got: got.shownInFull,
      meaning: known?.meaning ?? answer.deviation(from: truth, within: tolerance))
  }

  /// Fails unless `got` equals `expected`, for names, orders and whatever else is not measured.
  public func compare<Answer: Equatable>(
    _ subject: String, _ got: Answer, equals expected: Answer,
    given input: KeyValuePairs<String, any Showable> = [:], mistakes: [Mistake] = []
  ) throws {
    comparisons += 1
    if got == expected { return }
    let known = mistakes.first(where: \.hasHappened)
    throw Finding(
      subject: subject, input: Trial.lines(input), expected: "\(expected)", got: "\(got)",
      meaning: known?.meaning ?? "It is not what it should be.")
  }

  /// Fails unless `condition` holds; `meaning` then says what is wrong.
  ///
  /// - Parameters:
  ///   - subject: What is judged, such as "the order".
  ///   - expected: What holds for a right answer, in words.
  ///   - got: What came.
  public func require(
    _ condition: Bool, _ subject: String, given input: KeyValuePairs<String, any Showable> = [:],
    expected: String, got: @autoclosure () -> String, meaning: @autoclosure () -> String
  ) throws {
    comparisons += 1
    if condition { return }
    throw Finding(
      subject: subject, input: Trial.lines(input), expected: expected, got: got(), meaning: meaning())
  }

  private static func lines(_ input: KeyValuePairs<String, any Showable>) -> String {
    input.map { name, value in
      let text = (value as? any Showable & Measurable)?.shownInFull ?? value.shown(digits: nil)
      // The rows of a matrix stand under each other.
      let indent = String(repeating: " ", count: name.count + 3)
      return "\(name) = " + text.split(separator: "\n").joined(separator: "\n" + indent)
    }.joined(separator: "\n")
  }
}

/// A mistake that learners make, and how it shows.
public struct Mistake {
  let meaning: String
  private let value: Measurement?
  let hasHappened: Bool

  /// A mistake that leads to a certain value.
  public init(_ meaning: String, gives value: some Measurable) {
    (self.meaning, self.value, hasHappened) = (meaning, Measurement(value), false)
  }

  /// A mistake that shows otherwise.
  public init(_ meaning: String, when hasHappened: Bool) {
    (self.meaning, value, self.hasHappened) = (meaning, nil, hasHappened)
  }

  func explains(_ answer: Measurement, _ tolerance: Double) -> Bool {
    value.map { answer.agrees(with: $0, within: tolerance) } ?? hasHappened
  }
}

extension Measurable where Self: Showable {
  /// With as many decimals as the numbers need, up to six.
  fileprivate var shownInFull: String {
    let elements = measuredElements.filter(\.isFinite)
    var (digits, unit) = (0, 1.0)
    // A number of 32 bits has seven digits; what stands behind them is not meant.
    while digits < 6,
      !elements.allSatisfy({ abs($0 * unit - ($0 * unit).rounded()) <= 1e-7 * unit * abs($0) })
    {
      (digits, unit) = (digits + 1, unit * 10)
    }
    // C prints the sign of a zero and of a NaN, where it means nothing; the columns of a matrix keep their width.
    let text = shown(digits: digits)
    return text.replacing(/-(0(?:\.0+)?|nan)(?![.0-9])/) { (text.hasPrefix("[[") ? " " : "") + $0.1 }
  }
}
