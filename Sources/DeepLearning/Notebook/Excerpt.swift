import Prose

/// A region of the library's source that a chapter quotes.
///
/// In the library it stands between two marks:
///
///     // excerpt: momentum
///     velocity = momentum * velocity + gradient
///     // end of excerpt
///
/// A chapter refers to it in a paragraph of its own, `[Sources/DeepLearning/Optimizers/SGD.swift](#excerpt-momentum)`,
/// and terminal and book show the lines in that place. So what is quoted is what runs.
package struct Excerpt: Sendable, Equatable {
  package let name: String
  /// The lines between the marks, counted from 1.
  package let lines: ClosedRange<Int>
  /// The same as text, moved to the margin.
  package let code: String

  /// All excerpts of a file; what is wrong with a mark is told to `complain`, with its line.
  package static func all(in source: String, complain: (Int, String) -> Void = { _, _ in }) -> [Excerpt] {
    var excerpts: [Excerpt] = []
    var open: (name: String, start: Int)?
    let lines = source.lines
    for (index, line) in lines.enumerated() {
      let text = line.trimmed
      if text.hasPrefix("// excerpt: ") {
        if let open { complain(open.start, "excerpt \(open.name) does not end before the next begins") }
        open = (String(text.dropFirst("// excerpt: ".count)), index + 1)
      } else if text == "// end of excerpt" {
        if let open, open.start < index {
          excerpts.append(
            Excerpt(name: open.name, lines: open.start + 1...index, code: moved(lines[open.start..<index])))
        } else {
          complain(index + 1, open == nil ? "no excerpt ends here" : "excerpt \(open!.name) is empty")
        }
        open = nil
      }
    }
    if let open { complain(open.start, "excerpt \(open.name) does not end") }
    return excerpts
  }

  private static func moved(_ lines: ArraySlice<Substring>) -> String {
    let indent = lines.filter { !$0.trimmed.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
    return lines.map { String($0.dropFirst(min(indent, $0.count))) }.joined(separator: "\n")
  }

  /// A chapter's reference to an excerpt.
  package struct Reference: Sendable, Equatable {
    /// From the project's folder.
    package let path: String
    package let name: String

    /// Reads a line of prose; nil if it is not a reference and nothing else.
    package init?(_ line: some StringProtocol) {
      let text = String(line.trimmed)
      let (path, rest) = text.divided(at: "](#excerpt-")
      guard path.hasPrefix("["), rest.hasSuffix(")"), !rest.dropLast().contains(")") else { return nil }
      (self.path, name) = (String(path.dropFirst()), String(rest.dropLast()))
    }
  }

  /// The prose with the code of each excerpt under the line that refers to it, where the library's source is at hand.
  ///
  /// - Parameter chapter: the path of the chapter's source, in a folder of the folder `Chapters`.
  static func quoted(in prose: String, of chapter: String) -> String {
    guard prose.contains("(#excerpt-") else { return prose }
    let root = chapter.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
      separator: "/")
    return prose.lines.map { line in
      guard let reference = Reference(line), let source = try? readFile("\(root)/\(reference.path)"),
        let excerpt = all(in: String(decoding: source, as: UTF8.self)).first(where: {
          $0.name == reference.name
        })
      else { return String(line) }
      return "\(line)\n\n```swift\n\(excerpt.code)\n```"
    }.joined(separator: "\n")
  }
}
