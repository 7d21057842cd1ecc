import Foundation
import Testing

@testable import course

/// The command as a learner uses it, in a copy of the exercises.
@Suite struct CommandTests {
  private func solve(_ name: String, in copy: CourseFolder) throws {
    let exercise = try Catalog(copy).exercise(name)
    try read(exercise.solution).write(to: exercise.answer, atomically: true, encoding: .utf8)
  }

  @Test func statusSaysHowFarOneIs() throws {
    try CourseFolder.withFreshCopy { copy in
      let fresh = try copy.run("status")
      #expect(fresh.status == 0 && fresh.error.isEmpty)
      #expect(fresh.output.contains("0 of \(exercises.count) solved"))
      #expect(fresh.output.contains("Nothing has been checked yet."))
      #expect(fresh.output.contains("Next: \(exercises[0].number) \(exercises[0].title)"))
      #expect(!fresh.output.contains("\u{1B}"), "escape codes in a pipe")

      try solve("softmax-backward", in: copy)
      #expect(try copy.run("status").output.contains(/3\.2 .* not checked yet/))
      #expect(try copy.run("check", "3.2").status == 0)
      let solved = try copy.run()
      #expect(solved.output.contains("1 of \(exercises.count) solved"))
      #expect(solved.output.contains(/3\.2 .* solved +just now/))
      #expect(solved.output.contains("Last check: just now."))
    }
  }

  @Test func exitStatuses() throws {
    try CourseFolder.withFreshCopy { copy in
      #expect(try copy.run("check", "3.2").status == 3)
      try solve("softmax-backward", in: copy)
      #expect(try copy.run("check", "softmax-backward").status == 0)
      let exercise = try Catalog(copy).exercise("3.5")
      let wrong = try read(exercise.wrongAnswers.appendingPathComponent("zeros.swift"))
      try wrong.write(to: exercise.answer, atomically: true, encoding: .utf8)
      #expect(try copy.run("check", "3.5").status == 1)
      for arguments in [["check", "9.9"], ["hint", "3"], ["dance"], ["check", "--fast"], ["hint"]] {
        let run = try copy.run(arguments)
        #expect(run.status == 2 && run.error.split(separator: "\n").count == 1, "\(arguments): \(run.error)")
      }
      #expect(try copy.run("--help").status == 0)
    }
  }

  @Test func hintsGrowStronger() throws {
    try CourseFolder.withFreshCopy { copy in
      let runs = try (0..<4).map { _ in try copy.run("hint", "3.2").output }
      for (i, run) in runs.prefix(3).enumerated() { #expect(run.hasPrefix("Hint \(i + 1) of 3\n")) }
      for i in 1...3 { #expect(runs[3].contains("Hint \(i) of 3\n")) }
      #expect(try read(copy.progress).contains("softmax-backward  hints=3\n"))
    }
  }

  @Test func nextShowsTheTaskAndSolutionTheCode() throws {
    try CourseFolder.withFreshCopy { copy in
      let first = exercises[0]
      let next = try copy.run("next").output
      #expect(
        next.hasPrefix("\(first.number) \(first.title)\n")
          && next.contains("\(first.number)-\(first.name).swift"))
      let solution = try copy.run("solution", "3.2").output
      #expect(
        solution.contains("softmax(dim: 1)") && !solution.contains("/*:") && !solution.contains("// solution")
      )
      #expect(try copy.run("list").output.split(separator: "\n").count == exercises.count)
    }
  }

  @Test func resetAsksAndKeepsACopy() throws {
    try CourseFolder.withFreshCopy { copy in
      let exercise = try Catalog(copy).exercise("3.2")
      let stub = try read(exercise.answer)
      #expect(try copy.run("reset", "3.2").output.contains("as it was in the beginning"))
      try "mine".write(to: exercise.answer, atomically: true, encoding: .utf8)
      for answer in ["n\n", "\n", "", "perhaps\n"] {
        let run = try copy.run("reset", "3.2", input: answer)
        #expect(
          run.status == 1 && run.output.contains("[y/N]") && run.output.contains("Nothing has been changed."))
        #expect(try read(exercise.answer) == "mine")
      }
      #expect(try copy.run("reset", "3.2", input: "y\n").status == 0)
      #expect(try read(exercise.answer) == stub)
      try "mine, too".write(to: exercise.answer, atomically: true, encoding: .utf8)
      #expect(try copy.run("reset", "3.2", "--yes").status == 0)
      let kept = try ["1", "2"].map { try read(URL(fileURLWithPath: "\(exercise.answer.path).kept-\($0)")) }
      #expect(kept == ["mine", "mine, too"])
    }
  }

  @Test func aDamagedProgressFileCostsNoMoreThanItsLines() throws {
    try CourseFolder.withFreshCopy { copy in
      try solve("softmax-backward", in: copy)
      _ = try copy.run("check", "3.2")
      let line = try read(copy.progress).split(separator: "\n")[1]
      let damaged: [[UInt8]] = [
        Array(
          "rubbish\n\(line)\nchain-rule  state=excellent\n===\n  =  =\nscalar-tape  hints=99\nx  checked=never"
            .utf8),
        [0xff, 0xfe, 0, 10] + Array("\(line)\n".utf8) + [0x80, 10],
      ]
      for bytes in damaged {
        try Data(bytes).write(to: copy.progress)
        let status = try copy.run("status")
        #expect(status.status == 0 && status.output.contains("1 of \(exercises.count) solved"), "\(status)")
      }
      try FileManager.default.removeItem(at: copy.progress)
      #expect(try copy.run("status").output.contains("0 of \(exercises.count) solved"))
    }
  }

  @Test func progressThatCannotBeKeptIsSaid() throws {
    try CourseFolder.withFreshCopy { copy in
      // A folder in the file's place cannot be written even by root.
      try FileManager.default.createDirectory(at: copy.progress, withIntermediateDirectories: false)
      try solve("softmax-backward", in: copy)
      let run = try copy.run("check", "3.2")
      #expect(run.status == 0 && run.output.contains("solved"))
      #expect(run.error.contains("so nothing is remembered") && run.error.split(separator: "\n").count == 1)
    }
  }

  @Test func aFolderWithoutExercises() throws {
    try withTemporaryFolder { folder in
      let run = try CourseFolder(root: folder, products: CourseFolder.tested.products).run("status")
      #expect(run.status == 1 && run.error.contains("COURSE_FOLDER"))
    }
  }

  @Test func watchChecksWhatIsSaved() throws {
    try CourseFolder.withFreshCopy { copy in
      let exercise = try Catalog(copy).exercise("3.2")
      let output = copy.root.appendingPathComponent("output")
      try Data().write(to: output)
      let watch = Process()
      watch.executableURL = copy.program
      watch.arguments = ["watch", "3.2"]
      watch.environment = ProcessInfo.processInfo.environment.merging(["COURSE_FOLDER": copy.root.path]) {
        $1
      }
      watch.standardOutput = try FileHandle(forWritingTo: output)
      try watch.run()
      // Threads of a test may block the signal that `terminate` sends, and a child inherits that.
      defer { kill(watch.processIdentifier, SIGKILL) }
      func appears(_ text: String) throws -> Bool {
        for _ in 0..<200 {
          if try read(output).contains(text) { return true }
          Thread.sleep(forTimeInterval: 0.1)
        }
        return false
      }
      #expect(try appears("not attempted"))
      let wrong = try read(exercise.wrongAnswers.appendingPathComponent("sum-instead-of-mean.swift"))
      // In two steps, as some editors write.
      try String(wrong.prefix(100)).write(to: exercise.answer, atomically: false, encoding: .utf8)
      Thread.sleep(forTimeInterval: 0.05)
      try wrong.write(to: exercise.answer, atomically: false, encoding: .utf8)
      #expect(try appears("the mean over the batch is missing"))
      try solve("softmax-backward", in: copy)
      #expect(try appears("4 comparisons passed."))
      #expect(try !read(output).contains("does not compile"), "half a file has been checked")
    }
  }

  @Test func namesAndNumbersSelect() throws {
    let catalog = try Catalog(.tested)
    #expect(try catalog.select("all").count == exercises.count)
    #expect(try catalog.select("3").allSatisfy { $0.chapter == 3 })
    #expect(try catalog.exercise("3.2").name == "softmax-backward")
    #expect(try catalog.exercise("softmax-backward").number == "3.2")
  }
}

/// The source of an exercise, and what is made of it.
@Suite struct SolutionTests {
  private let solution = Solution(
    """
    /*:
     # 1.1 Half
     */
    // solution
    func helper() {}
    // end of solution

    func half(_ x: Double) throws -> Double {
      // solution
      helper()
      return x / 2
      // end of solution
    }
    func third(_ x: Double) -> Double {
        // solution, cannot throw
        x / 3
        // end of solution
    }
    struct Quarter {
      // solution, declarations
      let divisor = 4.0
      // end of solution

      let name: String
    }

    """)

  @Test func stub() {
    #expect(
      solution.stub == """
        /*:
         # 1.1 Half
         */

        func half(_ x: Double) throws -> Double {
          throw NotAttempted()
        }
        func third(_ x: Double) -> Double {
            notAttempted()
        }
        struct Quarter {

          let name: String
        }

        """)
  }

  @Test func code() {
    #expect(solution.code.hasPrefix("func helper() {}\n\nfunc half"))
    #expect(!solution.code.contains("// "))
  }

  @Test func task() { #expect(solution.task == "# 1.1 Half") }
}
