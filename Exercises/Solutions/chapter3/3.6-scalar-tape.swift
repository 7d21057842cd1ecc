/*:
 # 3.6 A tape for numbers

 The last exercise of this chapter is a machine that differentiates, like the one in section 3.6. A `Value`
 holds a number and remembers what it was computed from: each input with the **local derivative**, the
 derivative of the result by that input. The class and its subtraction are there. Three things are missing.

 The operations `+`, `*` and `tanh()`, each with its local derivatives:

 $$\frac{\partial (a + b)}{\partial a} = 1 \qquad \frac{\partial (a b)}{\partial a} = b \qquad
   \frac{d \tanh(a)}{d a} = 1 - \tanh^2(a)$$

 And `backward()`, which sets the `grad` of every value $v$ in the history of this one to
 $\partial(\text{this value}) / \partial v$. The value itself has the gradient 1. Every value passes on to
 each input its own gradient times the local derivative; an input that is used several times adds up what
 arrives; and a value passes on when it is complete, which is what the order of exercise 3.5 is for.

 `backward()` may be called more than once. A second call starts from 0 again.
 */
import Exercises
import Foundation

/// A number that remembers how it was made.
final class Value {
  let data: Double
  /// What it was computed from, each with the local derivative.
  let inputs: [(value: Value, slope: Double)]
  var grad = 0.0

  init(_ data: Double, _ inputs: [(value: Value, slope: Double)] = []) {
    (self.data, self.inputs) = (data, inputs)
  }

  static func - (a: Value, b: Value) -> Value { Value(a.data - b.data, [(a, 1), (b, -1)]) }

  static func + (a: Value, b: Value) -> Value {
    // solution, cannot throw
    Value(a.data + b.data, [(a, 1), (b, 1)])
    // end of solution
  }

  static func * (a: Value, b: Value) -> Value {
    // solution, cannot throw
    Value(a.data * b.data, [(a, b.data), (b, a.data)])
    // end of solution
  }

  func tanh() -> Value {
    // solution, cannot throw
    let y = Foundation.tanh(data)
    return Value(y, [(self, 1 - y * y)])
    // end of solution
  }

  /// Sets the `grad` of every value that this one was computed from.
  func backward() throws {
    // solution
    var order: [Value] = []
    var visited: Set<ObjectIdentifier> = []
    func visit(_ value: Value) {
      guard visited.insert(ObjectIdentifier(value)).inserted else { return }
      for input in value.inputs { visit(input.value) }
      order.append(value)
    }
    visit(self)
    for value in order { value.grad = 0 }
    grad = 1
    for value in order.reversed() {
      for input in value.inputs { input.value.grad += input.slope * value.grad }
    }
    // end of solution
  }
}
