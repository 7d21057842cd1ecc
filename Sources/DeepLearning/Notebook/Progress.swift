/// A loop that shows how far it is: a bar on a terminal, a line per quarter in a pipe
/// unless the loop prints lines of its own.
///
/// Made by ``Page/progress(_:_:file:line:)``.
public struct ProgressSequence<Base: Sequence>: Sequence {
  let base: Base
  let label: String
  let count: Int
  let page: Page

  public func makeIterator() -> Iterator {
    Iterator(base: base.makeIterator(), label: label, count: count, page: page)
  }

  public struct Iterator: IteratorProtocol {
    var base: Base.Iterator
    let label: String
    let count: Int
    let page: Page
    private var done = 0
    private var outputs: Int
    private var nextDrawing: ContinuousClock.Instant

    init(base: Base.Iterator, label: String, count: Int, page: Page) {
      self.base = base
      self.label = label
      self.count = count
      self.page = page
      outputs = page.record.outputs.count
      // Work that is done at once shows no bar.
      nextDrawing = .now + .milliseconds(150)
    }

    public mutating func next() -> Base.Element? {
      guard let element = base.next() else {
        page.console.wipeBar()
        return nil
      }
      if page.console.isTerminal { draw() } else { report() }
      done += 1
      return element
    }

    private mutating func draw() {
      let now = ContinuousClock.now
      guard now >= nextDrawing else { return }
      nextDrawing = now + .milliseconds(100)
      let length = 24
      let filled = count > 0 ? Swift.min(done * length / count, length) : 0
      let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: length - filled)
      page.console.bar("    \(label)  \(bar)  \(done)/\(count)")
    }

    /// Which lines appear depends on the count alone, so that two runs print the same.
    private mutating func report() {
      guard count >= 100, done > 0, done * 4 / count != (done - 1) * 4 / count else { return }
      // A loop that reports by itself needs no second voice.
      defer { outputs = page.record.outputs.count }
      guard outputs == page.record.outputs.count else { return }
      page.beginOutputs()
      page.console.print("\(Page.margin)\(label): \(done) of \(count)")
    }
  }
}

extension Page {
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
      base: elements, label: label, count: elements.underestimatedCount, page: self)
  }
}
