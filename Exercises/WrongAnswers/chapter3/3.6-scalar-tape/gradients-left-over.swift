// Says: still there
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
    let order = history
    grad = 1
    for value in order.reversed() {
      for input in value.inputs { input.value.grad += input.slope * value.grad }
    }
  }

  private var history: [Value] {
    var order: [Value] = []
    var visited: Set<ObjectIdentifier> = []
    func visit(_ value: Value) {
      guard visited.insert(ObjectIdentifier(value)).inserted else { return }
      for input in value.inputs { visit(input.value) }
      order.append(value)
    }
    visit(self)
    return order
  }

}
