import Exercises
import Foundation

/// What came of checking an answer.
struct Outcome: Sendable {
  enum State: String, Sendable, CaseIterable {
    case notAttempted = "not attempted"
    case solved, wrong, crashed
    case stopped
    case outOfTime = "out of time"
    case outOfMemory = "out of memory"
    case tooMuchOutput = "too much output"
    case doesNotCompile = "does not compile"

    var isFailure: Bool { self != .notAttempted && self != .solved }
  }

  var state: State
  /// What a learner has to know, a line or several; empty if there is nothing to say.
  var message = ""
  /// What the answer printed.
  var output = ""
  var seconds = 0.0
}

/// Checks answers: compiles each, runs it in a process of its own, and says what came of it.
struct Checker: Sendable {
  let folder: CourseFolder
  var limits = Limits()

  /// Checks the learner's file.
  func check(_ exercise: Exercise) throws(CourseError) -> Outcome {
    guard FileManager.default.fileExists(atPath: exercise.answer.path) else {
      let message = "Its file is gone. `swift run course reset \(exercise.number)` brings it back."
      return Outcome(state: .notAttempted, message: message)
    }
    return try check(exercise.answer, of: exercise)
  }

  /// Checks any file as an answer to `exercise`.
  func check(_ answer: URL, of exercise: Exercise, isStrict: Bool = false) throws(CourseError) -> Outcome {
    let start = ContinuousClock.now
    var outcome: Outcome
    switch try Compiler(folder: folder).compile(answer, of: exercise, isStrict: isStrict) {
    case .failure(let text):
      outcome = Outcome(state: .doesNotCompile, message: complaint(text, about: answer))
    case .library(let library):
      let child = try Child.run(
        folder.program.path, [RunExercise.name, library.path], environment: Checker.environment,
        limits: limits)
      outcome = self.outcome(of: child, answer)
    }
    outcome.seconds = (ContinuousClock.now - start) / .seconds(1)
    return outcome
  }

  /// Makes Swift say where a trap happened.
  private static let environment = [
    "SWIFT_BACKTRACE":
      "enable=yes,color=no,interactive=no,threads=crashed,registers=none,images=none,limit=24"
  ]

  private func outcome(of child: Child, _ answer: URL) -> Outcome {
    let output = child.output
    switch child.end {
    case .outOfTime:
      let message =
        "It was not done after \(limits.seconds.formatted()) seconds. Does every loop come to an end?"
      return Outcome(state: .outOfTime, message: message, output: output)
    case .outOfMemory:
      let message = "It used more than \(limits.memory >> 20) MB of memory. Does something grow for ever?"
      return Outcome(state: .outOfMemory, message: message, output: output)
    case .tooMuchOutput:
      let message = "It printed more than \(limits.output >> 10) KB. Does every loop come to an end?"
      return Outcome(state: .tooMuchOutput, message: message, output: output)
    case .signaled(let signal):
      return crash(signal, output, answer)
    case .exited(let status):
      return outcome(of: child.verdict, status, output)
    }
  }

  /// What a child that came to its own end has found.
  private func outcome(of verdict: Data, _ status: Int32, _ output: String) -> Outcome {
    switch try? JSONDecoder().decode(Verdict.self, from: verdict) {
    case .notAttempted:
      return Outcome(state: .notAttempted, output: output)
    case .solved(let comparisons):
      return Outcome(
        state: .solved, message: "\(comparisons) comparison\(comparisons == 1 ? "" : "s") passed.",
        output: output)
    case .wrong(let finding):
      return Outcome(state: .wrong, message: finding.text, output: output)
    case nil:
      // The library ends a program that asks it for the impossible: the last line says for what.
      let lines = output.split(separator: "\n").map(String.init)
      let message = status == 1 ? lines.last : nil
      return Outcome(
        state: message.map { $0.contains("no memory") ? .outOfMemory : .stopped } ?? .stopped,
        message: message.map(folder.shortened)
          ?? "The program ended (status \(status)) in the middle of the check.",
        output: message == nil ? output : lines.dropLast().joined(separator: "\n"))
    }
  }

  /// A signal, and what Swift has said before and after it.
  private func crash(_ signal: Int32, _ output: String, _ answer: URL) -> Outcome {
    let report = output.firstRange(of: "*** Signal")?.lowerBound ?? output.endIndex
    var printed = output[..<report].split(separator: "\n", omittingEmptySubsequences: false)
    var message =
      signal == SIGSEGV ? "It ran off the end of memory. Does a function call itself for ever?" : ""
    if let fatal = printed.lastIndex(where: { $0.contains("Fatal error: ") }),
      let text = printed[fatal].firstRange(of: "Fatal error: ")
    {
      message = String(printed[fatal][text.upperBound...])
      // The line may begin with what the answer printed. Then comes the place, as `module/file.swift:12: `.
      let place = printed[fatal].firstRange(of: /(Swift|Exercise)\/[^\/]*\.swift:[0-9]+: Fatal/)?.lowerBound
      printed[fatal] = printed[fatal][..<(place ?? text.lowerBound)]
      printed.removeSubrange((fatal + 1)...)
    }
    let trace = output[report...]
    if let place = trace.firstRange(of: " at \(answer.path):") {
      let line = trace[place.upperBound...].prefix(while: \.isNumber)
      message = "\(folder.shortened(answer.path)):\(line): \(message)"
    }
    let name = String(cString: strsignal(signal))
    return Outcome(
      state: message.contains("failed to allocate") ? .outOfMemory : .crashed,
      message: message + (message.isEmpty ? "" : " ") + "(signal \(signal), \(name))",
      output: printed.joined(separator: "\n"))
  }

  /// What the compiler has said, and, if it stumbled over the check, why.
  private func complaint(_ text: String, about answer: URL) -> String {
    let errors = text.replacing(folder.root.path + "/", with: "").trimmingCharacters(in: .newlines)
    let isInAnswer = text.split(separator: "\n").contains {
      $0.hasPrefix(answer.path) && $0.contains(": error: ")
    }
    return isInAnswer
      ? errors
      : "The check cannot use your file. Has the name of something changed, or an argument, or a type?\n"
        + errors
  }
}

extension Finding {
  /// The comparison, the numbers under each other, and what they mean.
  var text: String {
    let rows = [("input", input), ("expected", expected), ("got", got)].filter { !$0.1.isEmpty }
    let lines = rows.flatMap { label, value in
      value.split(separator: "\n").enumerated().map { i, line in
        (i == 0 ? label : "").padding(toLength: 10, withPad: " ", startingAt: 0) + line
      }
    }
    return (["Not right: \(subject)", ""] + lines + ["", meaning]).joined(separator: "\n")
  }
}
