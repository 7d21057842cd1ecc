import Foundation
import Testing

@testable import DeepLearning
@testable import Tensors

/// A tensor as shared/reference/make_reference.py writes it.
struct PackedTensor: Decodable {
  let shape: [Int]
  let dtype: String?
  let data: [Double]

  func tensor(_ type: DType? = nil) -> Tensor {
    let own = DType(rawValue: dtype ?? "float64")!
    let type = own.isFloatingPoint ? (type ?? own) : own
    return own == .int64
      ? Tensor(data.map { Int($0) }, shape: shape, dtype: type) : Tensor(data, shape: shape, dtype: type)
  }
}

/// A JSON value of a kind that is only known when it is used.
enum Attribute: Decodable {
  case bool(Bool)
  case number(Double)
  case text(String)
  case list([Attribute])
  case other

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([Attribute].self) {
      self = .list(value)
    } else {
      self = .other
    }
  }

  var number: Double { if case .number(let value) = self { value } else { .nan } }
  var int: Int { Int(number) }
  var bool: Bool { if case .bool(let value) = self { value } else { false } }
  var text: String { if case .text(let value) = self { value } else { "" } }
  var ints: [Int] { if case .list(let values) = self { values.map(\.int) } else { [] } }
  var numbers: [Double] { if case .list(let values) = self { values.map(\.number) } else { [] } }
}

/// One operation with the values and gradients that PyTorch computed for it.
struct OperationCase: Decodable, CustomTestStringConvertible {
  let name: String
  let op: String
  let attrs: [String: Attribute]
  let inputs: [PackedTensor]
  let cotangent: [PackedTensor]
  let outputs: [PackedTensor]
  let grads: [PackedTensor?]

  var testDescription: String { name }
}

enum Fixture {
  static func decode<T: Decodable>(_ name: String, as _: T.Type = T.self) throws -> T {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
    return try JSONDecoder().decode(T.self, from: Data(contentsOf: url))
  }
}

/// The largest difference between two tensors, relative to the size of the expected one's numbers or to `floor`,
/// whichever is larger.
func relativeError(_ actual: Tensor, _ expected: Tensor, floor: Double = 1e-3) -> Double {
  guard actual.shape == expected.shape else { return .infinity }
  if actual.count == 0 { return 0 }
  let a = actual.toArray(of: Double.self)
  let b = expected.toArray(of: Double.self)
  let scale = max(b.map(abs).max() ?? 0, floor)
  return zip(a, b).map { $0 == $1 ? 0 : abs($0 - $1) / scale }.reduce(0) {
    $1.isNaN ? .infinity : max($0, $1)
  }
}
