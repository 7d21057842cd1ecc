import Testing

@testable import DeepLearning
@testable import Tensors

/// Blocks with a way around them, and the bound on a unit's weights.
@Suite struct ConnectionTests {
  @Test func residualAddsItsInput() {
    let body = Linear(3, 3)
    let x = Tensor.randn(2, 3, generator: Generator(seed: 1)).requiresGrad_()
    let block = Residual(body)
    #expect(equal(block(x), x + body(x)))
    #expect(block.namedParameters().map(\.name) == ["body.weight", "body.bias"])
    // With a body that gives 0 the block is the identity, forward and backward.
    Init.zeros_(body.weight)
    Init.zeros_(body.bias!)
    block(x).sum().backward()
    #expect(x.grad!.numbers == Array(repeating: 1, count: 6))
  }

  @Test func residualWithAShortcut() {
    let block = Residual(Linear(3, 5), shortcut: Linear(3, 5, bias: false))
    let x = Tensor.ones(2, 3)
    #expect(equal(block(x), block.shortcut!(x) + block.body(x)))
  }

  /// Layers that sum what they see show what that is.
  @Test func denseBlockShowsEverythingToEachLayer() {
    final class Total: Module {
      override func forward(_ x: Tensor) -> Tensor { x.sum(dim: 1, keepDim: true) }
    }
    let block = DenseBlock([Total(), Total(), Total()])
    #expect(block(Tensor([[1.0, 2]])).numbers == [1, 2, 3, 6, 12])
    let linear = DenseBlock(4, growth: 3, layers: 2) { Linear($0, $1) }
    #expect(linear.parameters().map(\.shape) == [[3, 4], [3], [3, 7], [3]])
    #expect(linear(.ones(5, 4)).shape == [5, 10])
  }

  @Test func highwayMixesByItsGate() {
    let block = Highway(2, body: Linear(2, 2))
    let x = Tensor([[1.0, -2]])
    let t = block.gate(x).sigmoid()
    let expected = t * block.body(x) + (1 - t) * x
    expectClose(block(x).detach().numbers, expected.detach().numbers)
    #expect(block.gate.bias!.numbers == [-2, -2])
    Init.zeros_(block.gate.weight)
    Init.constant_(block.gate.bias!, -50)
    expectClose(block(x).detach().numbers, [1, -2], within: 1e-12)
    Init.constant_(block.gate.bias!, 50)
    expectClose(block(x).detach().numbers, block.body(x).detach().numbers)
  }

  @Test func maxNormBoundsTheRows() {
    let weight = Parameter(Tensor([[3.0, 4], [0.3, 0.4], [0, 0]]))
    let filters = Parameter(Tensor.full([2, 2, 2], 3.0))
    let bias = Parameter(Tensor([9.0, 9]))
    maxNorm_([weight, filters, bias], c: 2)
    expectClose(weight.detach().numbers, [1.2, 1.6, 0.3, 0.4, 0, 0])
    expectClose(filters.detach().numbers, Array(repeating: 1, count: 8))
    #expect(bias.detach().numbers == [9, 9])
    #expect(weight.requiresGrad && weight.isLeaf)
  }
}
