/// What is wrong with a file of data: one line that says which file, what was expected and what was found.
public struct DataError: Error, Hashable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    /// No folder that was looked in holds the data.
    case notFound
    /// A file or folder cannot be opened or read.
    case unreadable
    /// The compressed stream is damaged.
    case damaged
    /// The file is of another format, or of an unsupported variety of it.
    case wrongFormat
    /// A text that is not UTF-8.
    case wrongEncoding
    /// The file ends before its content does.
    case truncated
    /// The file goes on after the end of its content.
    case trailingData
    /// The sizes that the file claims to have are beyond the limit.
    case tooLarge
    /// Images of an unexpected size, or as many images as there are not labels.
    case wrongShape
    /// A label that no class belongs to.
    case labelOutOfRange
    /// A folder cannot be made or written to.
    case unwritable
    /// No server delivered the file, or there is no program here to fetch it with.
    case downloadFailed
  }

  public let kind: Kind
  /// The path of the file or folder, or the name of the data set where no file is to blame.
  public let file: String
  public let expected: String
  public let found: String

  public init(_ kind: Kind, file: String, expected: String, found: String) {
    self.kind = kind
    self.file = file
    self.expected = expected
    self.found = found
  }

  public var description: String { "\(file): expected \(expected), found \(found)" }
}
