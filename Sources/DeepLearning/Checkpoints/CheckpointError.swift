/// What is wrong with a file of tensors: one line that says which file, what was expected and what was found.
public struct CheckpointError: Error, Hashable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    /// The file cannot be opened or read.
    case unreadable
    /// The file cannot be written: no such folder, no permission, no space. What stood there before is intact.
    case unwritable
    /// The file is not safetensors, or a checkpoint holds names that are neither the model's nor the optimizer's.
    case wrongFormat
    /// A name occurs twice.
    case duplicateName
    /// Elements of a type that no tensor here can hold.
    case unsupportedType
    /// A shape that does not fill the bytes it is given, or that no memory could hold.
    case wrongShape
    /// Tensors that overlap, leave a gap or end before they begin.
    case wrongOffsets
    /// Bytes that are no value of their type.
    case damaged
    /// The file ends before its content does.
    case truncated
    /// The file goes on after the end of its content.
    case trailingData
    /// A size beyond the limits of the format.
    case tooLarge
  }

  public let kind: Kind
  /// The path of the file.
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
