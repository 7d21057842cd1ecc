extension Page: ProgressOutput {
  var margin: String { Page.margin }
  var outputCount: Int { record.outputs.count }

  func report(_ text: String) {
    beginOutputs()
    console.print(text)
  }

  /// Counts `0..<count`, showing how far the loop is.
  public func progress(
    _ count: Int, _ label: String, file: String = #filePath, line: Int = #line
  ) -> ProgressSequence<Range<Int>> {
    progress(0..<count, label, file: file, line: line)
  }

  /// Goes through `elements`, showing how far the loop is.
  public func progress<Elements: Sequence>(
    _ elements: Elements, _ label: String, file: String = #filePath, line: Int = #line
  ) -> ProgressSequence<Elements> {
    printProse(before: line, in: file)
    return ProgressSequence(
      base: elements, label: label, count: elements.underestimatedCount, output: self)
  }
}
