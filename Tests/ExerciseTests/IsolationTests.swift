import Foundation
import Testing

@testable import course

/// Whatever an answer does, it is reported as that exercise's trouble, soon, and with what there is to know.
@Suite struct IsolationTests {
  /// An answer to `softmax-backward`, and what is to be said about it.
  struct Answer: Sendable, CustomTestStringConvertible {
    let name: String
    let body: String
    let state: Outcome.State
    let message: String
    var rest = ""
    var parameters = "_ logits: Tensor, _ labels: [Int]"

    var testDescription: String { name }

    /// The whole file; `body` begins on its fifth line.
    var source: String {
      """
      import DeepLearning
      import Exercises
      import Foundation
      func softmaxBackward(\(parameters)) throws -> Tensor {
      \(body)
      }
      \(rest)
      """
    }
  }

  static let answers: [Answer] = [
    Answer(
      name: "a trap", body: "return logits[[1, 2][labels.count + 7]]", state: .crashed,
      message: "softmax-backward.swift:5: Index out of range (signal"),
    Answer(
      name: "nil", body: "let x: Tensor? = labels.isEmpty ? logits : nil\nreturn x!", state: .crashed,
      message: "softmax-backward.swift:6: Unexpectedly found nil while unwrapping an Optional value (signal"),
    Answer(
      name: "recursion", body: "try softmaxBackward(logits, labels) + 1", state: .crashed,
      message: ": It ran off the end of memory."),
    Answer(
      name: "a loop", body: "while !labels.isEmpty {}\nreturn logits", state: .outOfTime,
      message: "It was not done after 5 seconds."),
    Answer(
      name: "a nap", body: "sleep(1000)\nreturn logits", state: .outOfTime,
      message: "It was not done after 5 seconds."),
    Answer(
      name: "a flood", body: #"while !labels.isEmpty { print("more") }"# + "\nreturn logits",
      state: .tooMuchOutput, message: "It printed more than 64 KB."),
    Answer(
      name: "hoarding",
      body:
        "var all: [[Int]] = []\nwhile !labels.isEmpty { all.append([Int](repeating: 1, count: 1 << 20)) }\nreturn logits",
      state: .outOfMemory, message: "It used more than 1024 MB of memory."),
    Answer(
      name: "a huge array", body: "return logits * Double([Int](repeating: 1, count: 1 << 42).count)",
      state: .outOfMemory, message: "failed to allocate"),
    Answer(
      name: "a huge tensor", body: "return Tensor.zeros(1 << 21, 1 << 21)", state: .outOfMemory,
      message: "softmax-backward.swift:5: Tensor: the system has no memory"),
    Answer(
      name: "shapes that do not fit", body: "return logits.matmul(logits)", state: .stopped,
      message: "softmax-backward.swift:5: matmul: (1, 3) times (1, 3)"),
    Answer(
      name: "the end of the program", body: "exit(0)", state: .stopped,
      message: "The program ended (status 0) in the middle of the check."),
    Answer(
      name: "a child left behind",
      body:
        "let shell = Process()\nshell.executableURL = URL(fileURLWithPath: \"/bin/sleep\")\nshell.arguments = [\"15\"]\ntry shell.run()\nthrow NotAttempted()",
      state: .notAttempted, message: ""),
    Answer(
      name: "an error", body: "throw Excuse.none", state: .wrong, message: "It threw an error.",
      rest: "enum Excuse: Error { case none }"),
    Answer(
      name: "an error of type", body: "return logits.softmax(dim: \"a\")", state: .doesNotCompile,
      message: "softmax-backward.swift:5:28: error: cannot convert"),
    Answer(
      name: "another signature", body: "return Tensor(labels)", state: .doesNotCompile,
      message: "The check cannot use your file.", parameters: "_ labels: [Int]"),
    Answer(
      name: "not attempted where nothing can be thrown", body: "notAttempted()", state: .notAttempted,
      message: ""),
    Answer(
      name: "names that the check has, too", body: "compare(logits)", state: .wrong,
      message: "", rest: "func compare(_ x: Tensor) -> Tensor { x }\nlet expected = 1"),
  ]

  @Test(arguments: answers)
  func isReported(_ answer: Answer) throws {
    try CourseFolder.withFreshCopy { copy in
      let exercise = try Catalog(copy).exercise("softmax-backward")
      try answer.source.write(to: exercise.answer, atomically: true, encoding: .utf8)
      let start = ContinuousClock.now
      let outcome = try Checker(folder: copy).check(exercise)
      #expect(outcome.state == answer.state, "\(outcome)")
      #expect(answer.message.isEmpty || outcome.message.contains(answer.message), "\(outcome.message)")
      #expect(ContinuousClock.now - start < .seconds(10))
    }
  }

  @Test func anExerciseWithoutItsFileIsNotAttempted() throws {
    try CourseFolder.withFreshCopy { copy in
      let exercise = try Catalog(copy).exercise("softmax-backward")
      try FileManager.default.removeItem(at: exercise.answer)
      let outcome = try Checker(folder: copy).check(exercise)
      #expect(outcome.state == .notAttempted && outcome.message.contains("course reset 3.2"))
    }
  }

  @Test func whatWasPrintedIsShown() throws {
    try CourseFolder.withFreshCopy { copy in
      let exercise = try Catalog(copy).exercise("softmax-backward")
      let body = #"print("before the end", terminator: "")"# + "\nreturn Tensor([1][labels.count])"
      let answer = Answer(name: "", body: body, state: .crashed, message: "")
      try answer.source.write(to: exercise.answer, atomically: true, encoding: .utf8)
      #expect(try Checker(folder: copy).check(exercise).output.contains("before the end"))
    }
  }

  /// Four troublemakers, a solution and an exercise that is not attempted, side by side: in the command, and in
  /// the tests as a learner runs them.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["COURSE_FOLDER"] == nil))
  func theOthersAreCheckedAsAlways() throws {
    try CourseFolder.withFreshCopy { copy in
      let catalog = try Catalog(copy)
      func break_(_ name: String, _ statement: String) throws -> Exercise {
        let exercise = try catalog.exercise(name)
        let stub = Solution(try read(exercise.solution)).stub
        try stub.replacing("throw NotAttempted()", with: statement, maxReplacements: 1)
          .write(to: exercise.answer, atomically: true, encoding: .utf8)
        return exercise
      }
      let trapped = try break_("chain-rule", "return [[x][Int(x) + 7]]")
      let looping = try break_("softmax-backward", "while labels.count > 0 {}\n  return logits")
      let flooding = try break_("two-layers-backward", "while true { print(net) }")
      let broken = try break_("gradient-checker", "return oops")
      let solved = try catalog.exercise("topological-order")
      try read(solved.solution).write(to: solved.answer, atomically: true, encoding: .utf8)
      let untouched = try catalog.exercise("scalar-tape")

      let states: [(Exercise, Outcome.State)] = [
        (trapped, .crashed), (looping, .outOfTime), (flooding, .tooMuchOutput), (broken, .doesNotCompile),
        (solved, .solved), (untouched, .notAttempted),
      ]
      let check = try copy.run("check", "3")
      #expect(check.status == 1)
      for (exercise, state) in states {
        let line = check.output.split(separator: "\n").first { $0.contains(" \(exercise.number) ") }
        #expect(line?.contains("  \(state.rawValue)") == true, "\(line ?? "no line for \(exercise.number)")")
      }

      let tests = try copy.run(
        "--testing-library", "swift-testing", "--filter", "ExerciseTests.ExerciseTests",
        program: CourseFolder.testProgram)
      #expect(tests.status == 1)
      let text = tests.output + tests.error
      for (exercise, state) in states {
        let line = "\(exercise.number) \(exercise.title): \(state.rawValue)"
        #expect(text.contains(line) == (state != .solved), "\(line)")
      }
      #expect(text.contains("with 4 issues"), "\(text.suffix(1000))")
    }
  }
}
