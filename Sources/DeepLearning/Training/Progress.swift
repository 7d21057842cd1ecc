/// A loop that shows how far it is: on a terminal a bar with the rate and the time that remains, in a pipe a line per
/// quarter unless the loop prints lines of its own.
///
/// Made by ``progress(_:_:)-(Int,_)`` and, on the page of a chapter, by ``Page/progress(_:_:file:line:)``.
public struct ProgressSequence<Base: Sequence>: Sequence {
  let base: Base
  let label: String
  let count: Int
  let output: any ProgressOutput

  public func makeIterator() -> Iterator {
    Iterator(base: base.makeIterator(), meter: ProgressMeter(label: label, count: count, output: output))
  }

  /// Prints lines above the bar.
  public func print(_ text: String, file: String = #filePath, line: Int = #line) {
    output.print(text, file: file, line: line)
  }

  public struct Iterator: IteratorProtocol {
    var base: Base.Iterator
    let meter: ProgressMeter

    public mutating func next() -> Base.Element? {
      guard let element = base.next() else {
        meter.output.console.wipeBar()
        return nil
      }
      meter.advance()
      return element
    }
  }
}

/// Goes through `elements`, showing how far the loop is.
///
///     let batches = progress(loader, "epoch 1")
///     for (step, (x, y)) in batches.enumerated() {
///       ...
///       if step % 100 == 0 { batches.print("loss: \(loss.item())") }
///     }
///
/// A line that Swift's own `print` writes while a bar stands there would stand behind it. In a pipe the lines depend
/// on the number of elements alone, so that two runs print the same.
public func progress<Elements: Sequence>(_ elements: Elements, _ label: String) -> ProgressSequence<Elements>
{
  ProgressSequence(
    base: elements, label: label, count: elements.underestimatedCount,
    output: StandardProgressOutput(.standard(name: label)))
}

/// Counts `0..<count`, showing how far the loop is.
public func progress(_ count: Int, _ label: String) -> ProgressSequence<Range<Int>> {
  progress(0..<count, label)
}

/// Where the progress of a loop is shown.
protocol ProgressOutput: AnyObject {
  var console: Console { get }
  /// What stands before a line.
  var margin: String { get }
  /// How many outputs there have been that are not of the progress itself.
  var outputCount: Int { get }
  /// Lines of the loop's own.
  func print(_ text: String, file: String, line: Int)
  /// A line that says how far the loop is.
  func report(_ text: String)
}

/// A program's standard output.
final class StandardProgressOutput: ProgressOutput {
  let console: Console
  let margin = ""
  private(set) var outputCount = 0

  init(_ console: Console) { self.console = console }

  func print(_ text: String, file: String, line: Int) {
    outputCount += 1
    console.print(text.lines.map(String.init))
  }

  func report(_ text: String) { console.print(text) }
}

/// Knows how far a loop is, and shows it where it is time to.
final class ProgressMeter {
  let label: String
  let count: Int
  let output: any ProgressOutput
  private var done = 0
  private var outputs: Int
  private let start = ContinuousClock.now
  private var nextDrawing: ContinuousClock.Instant

  init(label: String, count: Int, output: any ProgressOutput) {
    self.label = label
    self.count = count
    self.output = output
    outputs = output.outputCount
    // Work that is done at once shows no bar.
    nextDrawing = start + .milliseconds(150)
  }

  /// A loop that is left early, by `break` or an error, leaves no bar behind either.
  deinit { output.console.wipeBar() }

  /// Shows how far the loop is, before its next turn.
  func advance() {
    if output.console.isTerminal { draw() } else { report() }
    done += 1
  }

  private func draw() {
    let now = ContinuousClock.now
    guard now >= nextDrawing else { return }
    nextDrawing = now + .milliseconds(100)
    let pace = Self.pace(done: done, count: count, seconds: (now - start).seconds)
    output.console.bar("\(output.margin)\(label)  \(bar)\(pace.isEmpty ? "" : "  [\(pace)]")")
  }

  private var bar: String {
    guard count > 0 else { return "\(done)" }
    let length = 24
    let filled = Swift.min(done * length / count, length)
    let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: length - filled)
    return "\(bar)  \(done)/\(count)"
  }

  /// How fast a loop is and how long the rest of it will take: `41/s, 9 s left`, `3.2 s each, 1 min 05 s left`.
  static func pace(done: Int, count: Int, seconds: Double) -> String {
    guard done > 0, seconds > 0 else { return "" }
    let rate = Double(done) / seconds
    let speed =
      rate >= 100
      ? rate.formatted("%.0f/s") : rate >= 1 ? rate.formatted("%.2g/s") : (1 / rate).formatted("%.2g s each")
    guard count >= done else { return speed }
    let left = Int((Double(count - done) / rate).rounded(.up))
    func twoDigits(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    let time =
      left < 60
      ? "\(left) s"
      : left < 3600
        ? "\(left / 60) min \(twoDigits(left % 60)) s" : "\(left / 3600) h \(twoDigits(left / 60 % 60)) min"
    return "\(speed), \(time) left"
  }

  /// Which lines appear depends on the count alone, so that two runs print the same.
  private func report() {
    guard count >= 100, done > 0, done * 4 / count != (done - 1) * 4 / count else { return }
    // A loop that reports by itself needs no second voice.
    defer { outputs = output.outputCount }
    guard outputs == output.outputCount else { return }
    output.report("\(output.margin)\(label): \(done) of \(count)")
  }
}
