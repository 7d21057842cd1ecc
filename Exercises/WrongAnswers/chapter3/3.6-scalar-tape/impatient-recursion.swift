// Says: passed its gradient on before it was complete
import Foundation

final class Value {
  let data: Double
  let inputs: [(value: Value, slope: Double)]
  var grad = 0.0

  init(_ data: Double, _ inputs: [(value: Value, slope: Double)] = []) {
    (self.data, self.inputs) = (data, inputs)
  }

  static func - (a: Value, b: Value) -> Value { Value(a.data - b.data, [(a, 1), (b, -1)]) }
  static func + (a: Value, b: Value) -> Value { Value(a.data + b.data, [(a, 1), (b, 1)]) }
  static func * (a: Value, b: Value) -> Value { Value(a.data * b.data, [(a, b.data), (b, a.data)]) }

  func tanh() -> Value {
    let y = Foundation.tanh(data)
    return Value(y, [(self, 1 - y * y)])
  }

  func backward() throws {
    func clear(_ value: Value) {
      value.grad = 0
      value.inputs.forEach { clear($0.value) }
    }
    func passOn(_ value: Value) {
      for input in value.inputs {
        input.value.grad += input.slope * value.grad
        passOn(input.value)
      }
    }
    clear(self)
    grad = 1
    passOn(self)
  }
}
