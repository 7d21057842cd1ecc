import DeepLearning
import Foundation

/// The numbers that prose states, each of which the run must bear out.
///
/// A number with a decimal point and two digits or more must be shown, claimed or written in the code of its own
/// section or in what all sections share, any other in that of its chapter. So a number that is changed in the prose
/// alone, or that the run no longer gives, stops the book.
///
/// Left alone are whole numbers up to 10, which often count what the reader sees, years, the widths of machine words
/// (32 bits), indices and exponents, what stands in code, and references to chapters, sections, figures and
/// exercises.
struct ProseNumbers {
  struct Number: Equatable {
    /// As the prose has it.
    let text: String
    let value: Double
    /// How many digits stand behind the point.
    let decimals: Int
    let isPercent: Bool

    /// Whether it says much: 3.66, but not 0.5 or 6,000.
    var isPrecise: Bool { decimals > 0 && text.filter(\.isNumber).drop { $0 == "0" }.count > 1 }

    /// Whether `other`, rounded as this number is, is the same. Signs do not count: prose says "falls by 3.66".
    func isBorneOut(by other: Double) -> Bool {
      func rounded(_ number: Double) -> Double { (number * pow(10, Double(decimals))).rounded() }
      return rounded(abs(other)) == rounded(value) || isPercent && rounded(abs(other) * 100) == rounded(value)
    }
  }

  /// The numbers of the prose in `node` that have to be borne out.
  static func stated(in node: Node) -> [Number] {
    var found: [Number] = []
    node.forEachTopInlines { inlines in
      let words = prose(inlines)
      // Most paragraphs have no number, and the patterns below take their time.
      guard words.utf8.contains(where: isDigit) else { return }
      let text = Patterns.notStated.reduce(words) { $0.replacing($1, with: "") }
      found += numbers(in: text).filter { $0.decimals > 0 || $0.value > 10 }
    }
    return found
  }

  /// What a text of code or output bears out: its numbers, and of 3.4e38 the 3.4, which prose has before a power of 10.
  static func values(in text: String) -> Set<Double> {
    Set(numbers(in: text).flatMap { [$0.value, Double($0.text.prefix { $0 != "e" }) ?? $0.value] })
  }

  /// All numbers in a text, without their signs: `60,000`, `1_000`, `0.5`, `1e-6`.
  static func numbers(in text: String) -> [Number] {
    text.matches(of: Patterns.number)
      .compactMap { match -> Number? in
        let digits = "\(match.1)\(match.2 ?? "")\(match.3 ?? "")"
        guard let value = Double(digits.filter { $0 != "," && $0 != "_" }) else { return nil }
        return Number(
          text: digits, value: value, decimals: max((match.2?.count ?? 0) - 1, 0),
          isPercent: text[match.range.upperBound...].prefixMatch(of: Patterns.percent) != nil)
      }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// Words and formulas; of a formula neither indices nor exponents.
  private static func prose(_ inlines: [Node]) -> String {
    inlines.map { inline in
      switch inline.type {
      case "Code": "`"
      case "Math":
        Patterns.notInFormulas.reduce(inline.formula?.tex ?? "") { $0.replacing($1, with: " ") }
      default: inline.children.isEmpty ? inline.plainText : prose(inline.children)
      }
    }.joined()
  }
}

/// A pattern is read by the program each time that its line is met; these are met for every paragraph.
private enum Patterns {
  nonisolated(unsafe) static let number =
    /(?:^|[^\p{L}\p{N}_.])([0-9]{1,3}(?:,[0-9]{3})+|[0-9][0-9_]*)(\.[0-9]+)?(e[-+]?[0-9]+)?/
  nonisolated(unsafe) static let percent = /\s*(?:%|per\ ?cent)/

  /// What has digits and states no number: references to parts of the book, words of memory, years.
  nonisolated(unsafe) static let notStated: [Regex<Substring>] = [
    /(?:[Ss]ection|[Cc]hapter|[Ee]xercise|[Ff]igure)s?\s+[0-9.]+(?:(?:,|\s|and|or|to)+[0-9.]+)*/,
    /\([0-9]+\.[0-9]+\)/, /(?:16|32|64)[\s-]bits?/, /\b(?:1[5-9]|20)[0-9][0-9]\b(?![.,][0-9])/,
  ]

  /// Fractions of digits, indices and exponents, and commands.
  nonisolated(unsafe) static let notInFormulas: [Regex<Substring>] = [
    /\\t?frac\s*[0-9]\s*[0-9]/, /[_^]\{[^{}]*\}/, /[_^]./, /\\[A-Za-z]+/,
  ]
}

extension Notebook.Output.Content {
  /// All that stands on the page.
  var allText: String {
    switch self {
    case .value(let label, let text, let note): "\(label) \(text) \(note ?? "")"
    case .table(let label, let columns, let rows, let note):
      "\(label) \((columns + rows.joined()).joined(separator: " ")) \(note ?? "")"
    case .claim(let claim, _, let detail): "\(claim) \(detail)"
    case .figure(_, let caption, _, _): caption
    case .text(let text), .failure(let text): text
    }
  }
}
