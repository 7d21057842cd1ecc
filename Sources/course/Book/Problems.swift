import DeepLearning
import Foundation
import Synchronization

/// What keeps the book from being made, collected so that one run says all of it.
final class Problems: Sendable {
  private let noted = Mutex<[String]>([])

  var lines: [String] { noted.withLock { $0 } }

  func add(_ file: String, _ line: Int?, _ message: String) {
    let place = line.map { "\(file):\($0)" } ?? file
    noted.withLock { if !$0.contains("\(place): \(message)") { $0.append("\(place): \(message)") } }
  }

  func add(_ others: Problems) { noted.withLock { $0 += others.lines } }

  /// Notes what is wrong with a block of prose, at the line where `word` stands in it.
  func add(_ file: String, _ block: ChapterSource.Block, _ message: String, mentioning word: String) {
    let line = block.text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex {
      $0.contains(word)
    }
    // The text of a `/*:` block begins on the line below the mark.
    let isBelow =
      block.lines.count > block.text.split(separator: "\n", omittingEmptySubsequences: false).count
    add(file, block.lines.lowerBound + (line ?? 0) + (isBelow ? 1 : 0), message)
  }
}
