import Foundation
import Prose

/// Text without markup, as it is searched and counted.
enum PlainText {
  /// A formula as the terminal shows it: `W^\top` becomes Wᵀ.
  static func formula(_ tex: String) -> String {
    let line = tex.replacing(/\\label\{[^}]*\}/, with: "").split(whereSeparator: \.isWhitespace)
    let text = Markdown(width: 80).inline("$$\(line.joined(separator: " "))$$").rendered(usesColor: false)
    return text.trimmingCharacters(in: .whitespaces)
  }

  /// What may stand in an address: `The double softmax` becomes `the-double-softmax`.
  static func slug(_ text: String) -> String {
    text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == ".") }.joined(separator: "-")
      .trimmingCharacters(in: ["."])
  }

  static func words(_ text: String) -> Int { text.split(whereSeparator: \.isWhitespace).count }
}

extension String {
  /// As text in HTML, also within a quoted attribute.
  var escapedForHTML: String {
    replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
