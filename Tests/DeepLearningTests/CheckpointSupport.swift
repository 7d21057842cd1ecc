import Foundation
import Testing

@testable import DeepLearning
@testable import Networks
@testable import Tensors

extension TemporaryFolder {
  /// The names of all files, hidden ones too.
  var names: [String] { files(in: "") }

  static func / (folder: TemporaryFolder, name: String) -> String { folder.path + "/" + name }
}

func readBytes(_ path: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) }

func writeBytes(_ bytes: [UInt8], to path: String) throws {
  try Data(bytes).write(to: URL(fileURLWithPath: path))
}

/// A safetensors file with this header, of which nothing is checked.
func safetensors(_ header: [UInt8], _ data: [UInt8] = []) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + data
}

/// The elements as they lie in memory: what `==` cannot tell apart, such as two kinds of NaN, this does.
func bits(_ tensor: Tensor) -> [UInt8] {
  var bytes: [UInt8] = []
  contiguous(tensor).withBytes { bytes = Array($0) }
  return bytes
}

/// Asserts that both hold the same names in the same order, with the same types, shapes and bits.
func expectSame(_ actual: StateDict, _ expected: StateDict, at location: SourceLocation = #_sourceLocation) {
  #expect(actual.names == expected.names, sourceLocation: location)
  for (name, tensor) in expected {
    guard let other = actual[name] else { continue }
    #expect(other.dtype == tensor.dtype && other.shape == tensor.shape, "\(name)", sourceLocation: location)
    #expect(bits(other) == bits(tensor), "\(name)", sourceLocation: location)
  }
}
