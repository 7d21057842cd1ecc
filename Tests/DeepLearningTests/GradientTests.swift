import Foundation
import Testing

@testable import DeepLearning
@testable import Tensors

/// Every derivative of the engine against central differences: in float64, with random cotangents, every
/// element, on inputs of every layout, and once more for the derivative of the derivative. What is checked
/// stands in ``GradientCase/all``.
@Suite struct GradientTests {
  @Test(arguments: GradientCase.all)
  func gradient(_ test: GradientCase) {
    for layout in Layout.allCases where test.permits(layout) {
      let report = gradCheck(
        "\(test.name), \(layout)", { test.outputs($0, layout) }, inputs: test.inputs(layout))
      #expect(report.passed, "\(report)")
    }
  }

  /// The gradient, as a function of the inputs and of the cotangents, is differentiated like any other
  /// function. It is linear in the cotangents, so that this says something about linear operations too.
  @Test(arguments: GradientCase.twiceDifferentiable)
  func gradientOfGradient(_ test: GradientCase) {
    for layout in [Layout.contiguous, .transposed] where test.permits(layout) {
      let inputs = test.inputs(layout)
      let generator = Generator(seed: 7)
      let cotangents = test.outputs(inputs, layout).map {
        Tensor.randn($0.shape, dtype: .float64, generator: generator)
      }
      let report = gradCheck(
        "gradient of \(test.name), \(layout)",
        { arguments in
          enableGrad {
            let x = Array(arguments[..<inputs.count])
            let outputs = test.outputs(x, layout)
            let gradients = grad(
              outputs, x, gradients: Array(arguments[inputs.count...]), createGraph: true)
            return zip(gradients, x).map { $0 ?? Tensor.zeros(like: $1) }
          }
        }, inputs: inputs + cotangents)
      #expect(report.passed, "\(report)")
    }
  }

  /// No operation may be added without a gradient check: the names under which operations are recorded are
  /// read from the sources and looked for in the graphs of the cases.
  @Test func everyRecordedOperationIsChecked() throws {
    let folder = URL(filePath: #filePath).appending(path: "../../../Sources/DeepLearning/Operations")
      .standardized
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    var named: Set<String> = []
    for file in files where file.pathExtension == "swift" {
      let source = try String(contentsOf: file, encoding: .utf8)
      named.formUnion(source.matches(of: /"(\w+Backward\d)"/).map { String($0.1) })
    }
    #expect(named.count > 50)

    var recorded: Set<String> = []
    for test in GradientCase.all {
      let leaves = test.inputs(.contiguous).map { $0.requiresGrad_() }
      for output in test.outputs(leaves, .contiguous) { output.forEachNode { recorded.insert("\($0.name)") } }
    }
    // A change of type cannot be checked by differences of one precision; AutogradTests look at it.
    #expect(named.subtracting(recorded) == ["ToCopyBackward0"])
  }

  /// The cube with a derivative that is right for small x and wrong for large.
  private func wrongCube(_ x: Tensor) -> Tensor {
    let saved = x.detach()
    return record("WrongBackward0", saved * saved * saved, x) { gradient, _ in
      [gradient * `where`(saved .> 2, saved * 3, saved * saved * 3)]
    }
  }

  @Test func aWrongGradientIsReported() throws {
    let fine = Tensor([0.5, 1.0], dtype: .float64)
    let x = Tensor([[1.0, -1.5], [4.0, 0.5]], dtype: .float64)
    let report = gradCheck("cube", { [$0[0] * 2, wrongCube($0[1])] }, inputs: [fine, x])
    #expect(!report.passed)
    #expect(report.count == 6)
    let mismatch = try #require(report.mismatches.first)
    #expect(report.mismatches.count == 1)
    #expect(mismatch.argument == 1)
    #expect(mismatch.index == [1, 0])
    // Both carry the same cotangent: 3x² was expected where 3x came.
    #expect(abs(mismatch.expected / mismatch.got - 4) < 1e-6)
    #expect(abs(mismatch.relativeError - 0.75) < 1e-6)
    #expect(report.maxRelativeError == mismatch.relativeError)
    let text = report.description
    #expect(
      text.hasPrefix(
        "cube: 1 of 6 partial derivatives are wrong; the worst is that of argument 1 at index (1, 0)"))
    #expect(text.contains("expected \(mismatch.expected), got \(mismatch.got), relative error 7.5e-01"))
  }

  @Test func aMissingGradientIsReported() {
    let x = Tensor([1.0, 2.0], dtype: .float64)
    #expect(!gradCheck({ [$0[0] * $0[0].detach()] }, inputs: [x]).passed, "half of the derivative is cut off")
    #expect(!gradCheck({ [$0[0].detach().exp() + $0[0] * 0] }, inputs: [x]).passed, "all of it is")
    #expect(gradCheck({ [$0[0] * $0[0]] }, inputs: [x]).description.contains("2 partial derivatives agree"))
  }

  /// Rows that sum to one hide errors from a plain sum; random cotangents find them.
  @Test func aWrongSoftmaxIsReported() {
    func wrongSoftmax(_ x: Tensor) -> Tensor {
      let y = noGrad { x.softmax(dim: 0) }
      return record("WrongBackward0", y.detach(), x) { gradient, _ in
        [(gradient - gradient.sum() / 3) * y * 0]
      }
    }
    let x = Tensor([0.1, 0.2, 0.7], dtype: .float64)
    #expect(gradCheck({ [wrongSoftmax($0[0]).sum()] }, inputs: [x]).passed)
    #expect(!gradCheck({ [wrongSoftmax($0[0])] }, inputs: [x]).passed)
  }

  /// The inputs are left as they were, and hold no history.
  @Test func gradCheckLeavesItsInputsAlone() {
    let x = Tensor([[1.0, 2.0], [3.0, 4.0]], dtype: .float64)
    let before = x.toArray(of: Double.self)
    _ = gradCheck({ [$0[0].exp()] }, inputs: [x.T])
    #expect(x.toArray(of: Double.self) == before)
    #expect(x.grad == nil && !x.requiresGrad)
  }
}

extension Tensor {
  /// Visits every operation from which this tensor was computed.
  func forEachNode(_ body: (Node) -> Void) {
    var seen: Set<ObjectIdentifier> = []
    var pending = [node].compactMap { $0 }
    while let node = pending.popLast() {
      guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
      body(node)
      pending += node.edges.compactMap(\.node)
    }
  }
}

/// How an operand lies in memory. The operation sees a view of the tensor that is differentiated, so that the
/// view's own gradient is on the way, too.
enum Layout: CaseIterable {
  case contiguous, transposed, sliced, firstExpanded, lastExpanded

  /// The shape of the tensor of which `arrange` makes one of `shape`.
  func baseShape(_ shape: [Int]) -> [Int] {
    var base = shape
    guard let last = shape.indices.last else { return base }
    switch self {
    case .contiguous: break
    case .transposed: base.reverse()
    case .sliced:
      base[last] = 2 * shape[last] + 1
      if last > 0 { base[0] += 1 }
    case .firstExpanded: base[0] = 1
    case .lastExpanded: base[last] = 1
    }
    return base
  }

  func arrange(_ base: Tensor, _ shape: [Int]) -> Tensor {
    guard let last = shape.indices.last else { return base }
    switch self {
    case .contiguous: return base
    case .transposed: return base.permute(Array(shape.indices.reversed()))
    case .sliced:
      let columns = base.narrow(last, 1, shape[last], step: 2)
      return last > 0 ? columns.narrow(0, 1, shape[0]) : columns
    case .firstExpanded, .lastExpanded: return base.expand(shape)
    }
  }
}

/// What an operation is given: a shape, and the numbers to choose from.
struct Argument: Sendable {
  enum Domain {
    /// Normal.
    case real
    /// Normal, with a few exact zeros.
    case sparse
    /// 0.5 to 2.
    case positive
    /// 0.1 to 0.9.
    case fraction
    /// ±0.3 to ±1.3, away from a kink at 0.
    case nonzero
    /// No two closer than 0.05, for what compares elements.
    case distinct
  }
  let shape: [Int]
  let domain: Domain

  static func real(_ shape: Int...) -> Argument { Argument(shape: shape, domain: .real) }
  static func sparse(_ shape: Int...) -> Argument { Argument(shape: shape, domain: .sparse) }
  static func positive(_ shape: Int...) -> Argument { Argument(shape: shape, domain: .positive) }
  static func fraction(_ shape: Int...) -> Argument { Argument(shape: shape, domain: .fraction) }
  static func nonzero(_ shape: Int...) -> Argument { Argument(shape: shape, domain: .nonzero) }
  static func distinct(_ shape: Int...) -> Argument { Argument(shape: shape, domain: .distinct) }

  /// Numbers of the domain in another shape; `position` is the argument's among all.
  func numbers(_ shape: [Int], position: Int) -> Tensor {
    let generator = Generator(seed: UInt64(position + 1))
    let count = shape.reduce(1, *)
    let numbers: [Double] = (0..<count).map { i in
      switch domain {
      case .real: generator.nextNormal()
      case .sparse: i % 3 == 1 ? 0 : generator.nextNormal()
      case .positive: generator.nextUniform(in: 0.5..<2)
      case .fraction: generator.nextUniform(in: 0.1..<0.9)
      case .nonzero: generator.nextUniform(in: 0.3..<1.3) * (generator.random() % 2 == 0 ? 1 : -1)
      case .distinct: 0.11 * Double(i - count / 2) + 0.05 * Double(position)
      }
    }
    let ordered = Tensor(numbers, shape: [count], dtype: .float64)
    let isOrdered = domain == .distinct
    return (isOrdered ? ordered.indexSelect(0, .randperm(count, generator: generator)) : ordered).reshape(
      shape)
  }
}

/// One operation to be differentiated.
struct GradientCase: CustomTestStringConvertible, Sendable {
  let name: String
  let arguments: [Argument]
  private let body: @Sendable ([Tensor]) -> [Tensor]

  init(_ name: String, _ arguments: [Argument], _ body: @escaping @Sendable ([Tensor]) -> Tensor) {
    self.name = name
    self.arguments = arguments
    self.body = { [body($0)] }
  }

  init(outputs name: String, _ arguments: [Argument], _ body: @escaping @Sendable ([Tensor]) -> [Tensor]) {
    self.name = name
    self.arguments = arguments
    self.body = body
  }

  var testDescription: String { name }

  /// An expanded operand holds equal numbers, which is where comparing operations have their kinks.
  func permits(_ layout: Layout) -> Bool {
    let isExpanded = layout == .firstExpanded || layout == .lastExpanded
    return !(isExpanded && arguments.contains { $0.domain == .distinct })
  }

  func inputs(_ layout: Layout) -> [Tensor] {
    arguments.enumerated().map { $1.numbers(layout.baseShape($1.shape), position: $0) }
  }

  /// The operation's results for the inputs seen in `layout`.
  func outputs(_ inputs: [Tensor], _ layout: Layout) -> [Tensor] { body(operands(inputs, layout)) }

  func operands(_ inputs: [Tensor], _ layout: Layout) -> [Tensor] {
    zip(inputs, arguments).map { layout.arrange($0, $1.shape) }
  }

  /// The operation's results for operands as they are.
  func outputs(of operands: [Tensor]) -> [Tensor] { body(operands) }
}
