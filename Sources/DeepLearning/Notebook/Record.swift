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
      case claim(String, holds: Bool, detail: String)
      case figure(name: String, caption: String, files: [String])
      case text(String)
      case failure(String)
    }

    public let file: String
    public let line: Int
    public let content: Content
  }
}
