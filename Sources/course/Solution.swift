import DeepLearning

/// The source of an exercise: the task in prose, and code in which the solution stands between two marks.
///
///     func half(_ x: Double) throws -> Double {
///       // solution
///       x / 2
///       // end of solution
///     }
///
/// From it comes the file that a learner begins with: in each function `throw NotAttempted()` takes the place of
/// what is marked, or `notAttempted()` where the first mark says `// solution, cannot throw`. What is marked
/// outside of every function is a helper of the solution, and vanishes; so do the declarations within a type that
/// a learner is to find, where the first mark says `// solution, declarations`.
struct Solution {
  private let lines: [Substring]
  let source: String

  init(_ source: String) {
    self.source = source
    lines = source.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The task, as Markdown.
  var task: String { ChapterSource(source).blocks.map(\.text).joined(separator: "\n\n") }

  /// What a learner begins with.
  var stub: String {
    var stub: [Substring] = []
    var isMarked = false
    for line in lines {
      switch Mark(line) {
      case .end:
        isMarked = false
      case .start(let placeholder):
        isMarked = true
        if let placeholder { stub.append(Substring(line.prefix { $0 == " " } + placeholder)) }
      case nil:
        // Where a helper vanishes, one of the blank lines around it goes, too.
        let isSecondBlank = line.isEmpty && stub.last?.isEmpty == true
        if !isMarked && !isSecondBlank { stub.append(line) }
      }
    }
    return stub.joined(separator: "\n")
  }

  /// The solution's code, without the task and the marks.
  var code: String {
    let prose = ChapterSource(source).blocks.map(\.lines)
    let kept = lines.enumerated().filter { i, line in
      Mark(line) == nil && !prose.contains { $0.contains(i + 1) }
    }.map(\.element)
    return kept.drop(while: \.isEmpty).joined(separator: "\n")
  }

  private enum Mark: Equatable {
    /// With what stands in the place of the solution; nil where nothing does.
    case start(placeholder: String?)
    case end

    init?(_ line: Substring) {
      let isWithin = line.first == " "
      switch line.drop(while: { $0 == " " }) {
      case "// solution": self = .start(placeholder: isWithin ? "throw NotAttempted()" : nil)
      case "// solution, cannot throw": self = .start(placeholder: "notAttempted()")
      case "// solution, declarations": self = .start(placeholder: nil)
      case "// end of solution": self = .end
      default: return nil
      }
    }
  }
}
