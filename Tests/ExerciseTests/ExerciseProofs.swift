import DeepLearning
import Foundation
import Testing

@testable import course

/// What makes an exercise one: its check accepts the solution, rejects what is wrong and says why, and tells an
/// exercise that has not been begun from both.
@Suite struct ExerciseProofs {
  private let checker = Checker(folder: .tested)

  @Test(arguments: exercises)
  func theSolutionIsAccepted(_ exercise: Exercise) throws {
    let outcome = try checker.check(exercise.solution, of: exercise, isStrict: true)
    #expect(outcome.state == .solved, "\(outcome.message)")
    #expect(outcome.output.isEmpty)
  }

  @Test(arguments: exercises)
  func theBeginningIsNotAttempted(_ exercise: Exercise) throws {
    try withTemporaryFolder { folder in
      let stub = folder.appendingPathComponent("\(exercise.number)-\(exercise.name).swift")
      try Solution(read(exercise.solution)).stub.write(to: stub, atomically: true, encoding: .utf8)
      let checker = Checker(folder: .tested(libraries: folder))
      let outcome = try checker.check(stub, of: exercise, isStrict: true)
      #expect(outcome.state == .notAttempted, "\(outcome.message)")
    }
  }

  @Test(arguments: exercises)
  func wrongAnswersAreRejectedAndNamed(_ exercise: Exercise) throws {
    let answers = try list(exercise.wrongAnswers)
    let names = answers.map { $0.deletingPathExtension().lastPathComponent }
    #expect(names.contains("zeros"), "an answer that returns zeros is missing")
    #expect(names.count >= 3, "beside the zeros there are to be two mistakes that learners make")
    for (name, answer) in zip(names, answers) {
      let first = try read(answer).prefix { $0 != "\n" }
      let said = try #require(first.wholeMatch(of: /\/\/ Says: (.+)/), "\(name): what is to be said?").1
      let outcome = try checker.check(answer, of: exercise, isStrict: true)
      #expect(outcome.state == .wrong, "\(name): \(outcome.state.rawValue): \(outcome.message)")
      #expect(outcome.message.contains(said), "\(name): \(outcome.message)")
      #expect(outcome.message.contains("\nexpected  ") && outcome.message.contains("\ngot       "), "\(name)")
    }
  }

  @Test(arguments: exercises)
  func everyPartIsThere(_ exercise: Exercise) throws {
    let solution = Solution(try read(exercise.solution))
    #expect(solution.task.hasPrefix("# \(exercise.number) "))
    #expect(solution.task.contains("$"), "the task gives no formula")
    #expect(solution.stub.contains("otAttempted()") && !solution.code.contains("otAttempted()"))
    #expect(Hints(try read(exercise.hints)).texts.count { !$0.isEmpty } == 3)
    #expect(exercises.count { $0.name == exercise.name } == 1, "another exercise has this name")

    let section = try #require(exercise.section, "the task names no section")
    let chapters = CourseFolder.tested.exercises.deletingLastPathComponent().appendingPathComponent(
      "Chapters")
    if let chapter = try? list(chapters).first(where: {
      $0.lastPathComponent.hasPrefix("chapter\(exercise.chapter)-")
    }) {
      let page = try read(chapter.appendingPathComponent("main.swift"))
      #expect(page.contains("notebook.section(\"\(section)\""), "there is no section \(section)")
    }
  }

  @Test func thereAreExercises() {
    #expect(exercises.contains { $0.name == "softmax-backward" })
  }

  /// Beside what learners edit, where they may keep what they like, every file is part of an exercise.
  @Test func noPartIsLeftOver() throws {
    let parts = try exercises.flatMap {
      [$0.solution, $0.check, $0.hints, $0.entry] + (try list($0.wrongAnswers))
    }
    let known = Set(parts.map(\.standardizedFileURL.path))
    for folder in ["Solutions", "Checks", "Hints", "WrongAnswers"] {
      let url = CourseFolder.tested.exercises.appendingPathComponent(folder)
      let files = try #require(FileManager.default.enumerator(at: url, includingPropertiesForKeys: nil))
      for case let file as URL in files where ["swift", "md"].contains(file.pathExtension) {
        #expect(known.contains(file.standardizedFileURL.path), "\(file.path) belongs to no exercise")
      }
    }
  }
}

/// On a fresh copy every exercise is really cancelled, not passed: the test program itself, run once more, says so.
@Suite struct CancellationProof {
  @Test(.enabled(if: ProcessInfo.processInfo.environment["COURSE_FOLDER"] == nil))
  func everyExerciseIsCancelled() throws {
    try CourseFolder.withFreshCopy { copy in
      let events = copy.root.appendingPathComponent("events.jsonl")
      let run = try copy.run(
        "--testing-library", "swift-testing", "--filter", "ExerciseTests.ExerciseTests",
        "--event-stream-output-path", events.path, "--event-stream-version", "0",
        program: CourseFolder.testProgram)
      #expect(run.status == 0, "\(run.output.suffix(2000))\(run.error.suffix(2000))")
      let cancelled = try String(contentsOf: events, encoding: .utf8).split(separator: "\n").compactMap {
        line in
        let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        let event = record?["payload"] as? [String: Any]
        return event?["kind"] as? String == "testCaseCancelled" ? event?["_comments"] as? [String] : nil
      }
      #expect(
        cancelled.joined().sorted() == exercises.map { "not attempted: \($0.number) \($0.title)" }.sorted())
      for exercise in exercises {
        #expect(run.output.contains("Exercise \(exercise.number) \(exercise.title): not attempted\n"))
      }
    }
  }
}
