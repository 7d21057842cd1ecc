extension String {
  package static func spaces(_ count: Int) -> String { String(repeating: " ", count: Swift.max(count, 0)) }

  /// The text with spaces after it, or before it, up to `width` columns; longer text stays whole.
  package func padded(to width: Int, alignedRight: Bool = false) -> String {
    let gap = String.spaces(width - count)
    return alignedRight ? gap + self : self + gap
  }

  /// The lines of the text, empty ones too.
  package var lines: [Substring] { split(separator: "\n", omittingEmptySubsequences: false) }

  package var withoutTrailingSpaces: String {
    var text = self
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }

  /// What stands before and after the first `mark`; nothing after it where there is none.
  package func divided(at mark: String) -> (String, String) {
    guard let found = self[...].range(of: mark) else { return (self, "") }
    return (String(self[..<found.lowerBound]), String(self[found.upperBound...]))
  }
}

extension StringProtocol {
  /// The text without white space at both ends.
  package var trimmed: SubSequence {
    guard let start = firstIndex(where: { !$0.isWhitespace }),
      let end = lastIndex(where: { !$0.isWhitespace })
    else { return self[endIndex...] }
    return self[start...end]
  }
}

extension Substring {
  /// The first place where `text` occurs.
  package func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
