import Foundation

/// What is remembered from one command to the next, in `.course-progress`: a readable text file.
///
/// One exercise a line, known by its name, so that nothing is lost when numbers change:
///
///     softmax-backward  state=solved  checked=2026-03-01T12:00:00Z  answer=9f3c55d2a1b0e477  hints=1
///
/// A line that cannot be read is left out; at worst an exercise has to be checked once more.
struct ProgressFile: Sendable {
  struct Entry: Sendable, Equatable {
    var state: Outcome.State?
    var checked: Date?
    /// What the learner's file was when it was checked.
    var answer: String?
    /// How many hints have been given.
    var hints = 0
  }

  private let url: URL
  private var entries: [String: Entry] = [:]

  init(_ folder: CourseFolder) {
    url = folder.progress
    guard let text = try? read(url) else { return }
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let words = line.split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) }
      if let name = words.first, let entry = Entry(words.dropFirst()) { entries[name] = entry }
    }
  }

  subscript(exercise: Exercise) -> Entry {
    get { entries[exercise.name] ?? Entry() }
    set { entries[exercise.name] = newValue }
  }

  /// Writes the file: whole or not at all.
  func save() throws(CourseError) {
    let lines = entries.sorted { $0.key < $1.key }.map { "\($0.key)  \($0.value)" }
    let heading = "# What `swift run course` remembers. It may be edited or deleted."
    let text = ([heading] + lines).joined(separator: "\n") + "\n"
    do {
      try Data(text.utf8).write(to: url, options: .atomic)
    } catch {
      throw CourseError(description: "cannot write \(url.path), so nothing is remembered: \(reason(error))")
    }
  }
}

extension ProgressFile.Entry: CustomStringConvertible {
  /// Reads `key=value` words; nil if there is one that makes no sense.
  init?(_ words: some Sequence<String>) {
    for word in words {
      let parts = word.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      let value = String(parts[1])
      switch parts[0] {
      case "state":
        guard let state = Outcome.State(rawValue: value) else { return nil }
        self.state = state
      case "checked":
        guard let date = try? Date(value, strategy: .iso8601) else { return nil }
        checked = date
      case "answer": answer = value
      case "hints":
        guard let count = Int(value), (0...3).contains(count) else { return nil }
        hints = count
      default: return nil
      }
    }
  }

  var description: String {
    [
      state.map { "state=\($0.rawValue)" }, checked.map { "checked=\($0.formatted(.iso8601))" },
      answer.map { "answer=\($0)" }, hints > 0 ? "hints=\(hints)" : nil,
    ].compactMap(\.self).joined(separator: "  ")
  }
}
