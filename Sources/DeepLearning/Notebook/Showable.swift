import Prose

/// A value that a page can show: numbers, strings, arrays, tables and tensors.
public protocol Showable {
  /// The value as text, one line or several; `digits` asks for that many decimals.
  func shown(digits: Int?) -> String
  /// What to say beside the value where the chapter says nothing, such as a shape.
  var shownNote: String? { get }
  /// A value that stands under its label rather than beside it.
  var standsBelowLabel: Bool { get }
}

extension Showable {
  public var shownNote: String? { nil }
  public var standsBelowLabel: Bool { false }
}

extension Double: Showable {
  /// With `digits` decimals, or else with up to six significant digits.
  public func shown(digits: Int?) -> String {
    guard let digits else { return formatted("%.6g") }
    return formatted("%.\(digits)f")
  }
}

extension Float: Showable {
  public func shown(digits: Int?) -> String { Double(self).shown(digits: digits) }
}

extension Int: Showable {
  /// Groups of three from 10,000 on, as the prose writes numbers.
  public func shown(digits: Int?) -> String {
    let plain = String(magnitude)
    guard plain.count > 4 else { return String(self) }
    var grouped = ""
    for (index, digit) in plain.enumerated() {
      if index > 0, (plain.count - index) % 3 == 0 { grouped += "," }
      grouped.append(digit)
    }
    return (self < 0 ? "-" : "") + grouped
  }
}

extension String: Showable {
  public func shown(digits: Int?) -> String { self }
}

extension Bool: Showable {
  public func shown(digits: Int?) -> String { String(self) }
}

extension Array: Showable where Element: Showable {
  /// `[1, 2, 3]`; arrays of arrays as rows with aligned columns; the middle of a long one left out.
  public func shown(digits: Int?) -> String {
    if let rows = self as? [any ShowableRow] { return Array<Element>.matrix(rows.map { $0.cells(digits) }) }
    return "[" + Array<String>.shortened(cells(digits)).joined(separator: ", ") + "]"
  }

  public var shownNote: String? { count > Array<String>.longest ? "\(count) values" : nil }

  private static func matrix(_ rows: [[String]]) -> String {
    let width = rows.joined().map(\.count).max() ?? 0
    let lines = rows.map { row in
      "[" + row.map { $0.padded(to: width, alignedRight: true) }.joined(separator: ", ") + "]"
    }
    return "[" + lines.joined(separator: ",\n ") + "]"
  }
}

/// An array as a row of a matrix.
private protocol ShowableRow {
  func cells(_ digits: Int?) -> [String]
}

extension Array: ShowableRow where Element: Showable {
  fileprivate func cells(_ digits: Int?) -> [String] {
    // Between commas a grouped number would read as two.
    map { ($0 as? Int).map(String.init) ?? $0.shown(digits: digits) }
  }
}

extension [String] {
  fileprivate static let longest = 12

  fileprivate static func shortened(_ cells: [String]) -> [String] {
    cells.count <= longest ? cells : Array(cells.prefix(6)) + ["…"] + Array(cells.suffix(3))
  }
}

/// A small table: a row of column titles over rows of values.
///
///     page.show("after 100 steps", Table(["optimizer", "loss"], [["SGD", 0.31], ["Adam", 0.12]]))
public struct Table: Showable {
  public let columns: [String]
  public let rows: [[any Showable]]

  public init(_ columns: [String], _ rows: [[any Showable]]) {
    self.columns = columns
    self.rows = rows
  }

  public var standsBelowLabel: Bool { true }

  func cells(_ digits: Int?) -> [[String]] { rows.map { row in row.map { $0.shown(digits: digits) } } }

  /// Columns of numbers are aligned to the right, others to the left.
  public func shown(digits: Int?) -> String {
    let cells = cells(digits)
    let widths = columns.indices.map { column in
      cells.map { $0.indices.contains(column) ? $0[column].count : 0 }.reduce(columns[column].count, max)
    }
    func line(_ row: [String]) -> String {
      columns.indices.map { column in
        let text = row.indices.contains(column) ? row[column] : ""
        let isText = rows.contains { $0.indices.contains(column) && $0[column] is String }
        return text.padded(to: widths[column], alignedRight: !isText)
      }.joined(separator: "  ")
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "──")
    return ([line(columns), rule] + cells.map(line)).joined(separator: "\n")
  }
}
