import Foundation

extension Notebook {
  /// What a run showed, in order, with the source line behind each: what the book is woven from.
  public struct Record: Sendable, Codable {
    public let chapter: String
    public let title: String
    public let length: Options.Length
    public let seed: UInt64
    public internal(set) var sections: [SectionRecord] = []
  }

  public struct SectionRecord: Sendable, Codable {
    public let id: String
    public let title: String
    /// The file and the line of the call that registered the section.
    public let file: String
    public let line: Int
    public internal(set) var outputs: [Output] = []
    public internal(set) var seconds = 0.0
  }

  /// One thing that a section put on the page.
  public struct Output: Sendable, Codable, Equatable {
    public enum Content: Sendable, Codable, Equatable {
      case value(label: String, text: String, note: String?)
      case table(label: String, columns: [String], rows: [[String]], note: String?)
      case claim(String, holds: Bool, detail: String)
      /// `alternative` says in words what the picture looks like.
      case figure(name: String, caption: String, alternative: String, files: [String])
      case text(String)
      case failure(String)
    }

    public let file: String
    public let line: Int
    public let content: Content
  }
}

extension Notebook.Record {
  /// Reads a record that a run has left.
  package init(contentsOf url: URL) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
  }

  /// Writes the record as JSON, whole or not at all.
  func write(to file: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(self).write(to: URL(fileURLWithPath: file), options: .atomic)
  }
}
