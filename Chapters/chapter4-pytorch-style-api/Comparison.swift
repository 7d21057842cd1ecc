// The table PyTorch ↔ this library. Its rows stand in main.swift, where they are run.

import DeepLearning
import Foundation

/// A row: an expression in PyTorch, the same in Swift, and what each of them gives.
///
/// The text of the Swift side is not written twice. It is read from the line of source that runs it.
struct Both {
  let pyTorch: String
  let swift: String
  let result: String
  let pyTorchResult: String

  /// - Parameters:
  ///   - pyTorch: The expression in PyTorch.
  ///   - value: What the same expression gives here.
  ///   - pyTorchResult: What PyTorch gives, as Tests/Interop/table.py found it.
  init(_ pyTorch: String, _ value: Any, _ pyTorchResult: String, line: Int = #line) {
    self.pyTorch = pyTorch
    self.pyTorchResult = pyTorchResult
    result = Self.brief(value)
    swift = Self.secondArgument(ofLine: line)
  }

  /// A value on one line: a tensor as PyTorch prints it, without `tensor( )`, line breaks and alignment.
  private static func brief(_ value: Any) -> String {
    if let names = value as? [String] { return names.joined(separator: ", ") }
    let words = "\(value)".split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let text = words.replacing("[ ", with: "[")
    guard value is Tensor, text.hasPrefix("tensor("), text.hasSuffix(")") else { return text }
    return String(text.dropFirst("tensor(".count).dropLast())
  }

  private static let source: [Substring] =
    (try? String(contentsOfFile: #filePath.replacing("Comparison", with: "main"), encoding: .utf8))?
    .split(separator: "\n", omittingEmptySubsequences: false) ?? []

  private static func secondArgument(ofLine line: Int) -> String {
    guard source.indices.contains(line - 1),
      let row = source[line - 1].firstMatch(of: /Both\("(?:[^"\\]|\\.)*", (.*), "(?:[^"\\]|\\.)*"\)/)
    else { return "" }
    return String(row.1)
  }
}

extension Page {
  /// Shows the rows as a table, and claims that both sides of each give the same.
  func compare(_ title: String, _ rows: Both..., file: String = #filePath, line: Int = #line) {
    let cells: [[any Showable]] = rows.map { [$0.pyTorch, $0.swift, $0.result] }
    show(title, Table(["PyTorch", "here", "gives"], cells), file: file, line: line)
    for row in rows where row.result != row.pyTorchResult {
      claim(row.pyTorch, row.result, equals: row.pyTorchResult, file: file, line: line)
    }
    let same = rows.count { $0.result == $0.pyTorchResult }
    claim("\(title): rows that give what PyTorch gives", same, equals: rows.count, file: file, line: line)
  }
}
