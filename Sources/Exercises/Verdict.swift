import Foundation

/// What a check has found, as the process that ran it tells the one that started it.
package enum Verdict: Codable, Equatable, Sendable {
  case notAttempted
  /// All comparisons hold; this is their number.
  case solved(comparisons: Int)
  case wrong(Finding)

  /// Where the verdict goes: beside standard output, in which an answer may print what it likes.
  package static let descriptor: Int32 = 3

  /// Sends the verdict to the process that waits for it.
  func send() {
    // Encoding a few strings cannot fail, and without a reader there is nobody to tell.
    guard let text = try? JSONEncoder().encode(self) else { return }
    try? FileHandle(fileDescriptor: Verdict.descriptor, closeOnDealloc: false).write(contentsOf: text)
  }
}

/// The first comparison of a check that does not hold.
package struct Finding: Error, Codable, Equatable, Sendable {
  /// What was compared.
  package var subject: String
  /// The input that shows the difference, a line for each argument.
  package var input: String
  package var expected: String
  package var got: String
  /// What a mistake of this kind usually means.
  package var meaning: String

  package init(
    subject: String, input: String = "", expected: String = "", got: String = "", meaning: String
  ) {
    self.subject = subject
    self.input = input
    self.expected = expected
    self.got = got
    self.meaning = meaning
  }
}
