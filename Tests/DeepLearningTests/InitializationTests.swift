import Testing

@testable import DeepLearning
@testable import Tensors

/// How weights begin. PyTorch's digits for the calls of `rng.json` are compared in ``RandomTests``.
@Suite struct InitializationTests {
  /// The spread of the numbers is what the formulas say.
  @Test func initializersSpread() {
    func spread(_ initialize: (Tensor) -> Tensor) -> Double {
      initialize(Tensor.empty(200, 300)).std().item()
    }
    let xavier = (2 / 500.0).squareRoot()
    #expect(abs(spread { Init.xavierUniform_($0) } / xavier - 1) < 0.02)
    #expect(abs(spread { Init.xavierNormal_($0, gain: 3) } / (3 * xavier) - 1) < 0.02)
    #expect(abs(spread { Init.kaimingUniform_($0, .relu) } / (2 / 300.0).squareRoot() - 1) < 0.02)
    #expect(
      abs(spread { Init.kaimingNormal_($0, .tanh, mode: .fanOut) } / (5 / 3 / 200.0.squareRoot()) - 1) < 0.02)
    #expect(abs(spread { Init.uniform_($0, -1, 1) } / (1 / 3.0.squareRoot()) - 1) < 0.02)
    #expect(abs(spread { Init.normal_($0, 5, 2) } / 2 - 1) < 0.02)
    #expect(Init.Nonlinearity.leakyReLU(1).gain == 1 && Init.Nonlinearity.selu.gain == 0.75)
  }

  @Test func fixedValues() {
    let weight = Parameter(.ones(2, 3))
    #expect(Init.zeros_(weight) === weight)
    #expect(equal(weight, .zeros(2, 3)))
    #expect(equal(Init.ones_(weight), .ones(2, 3)))
    #expect(equal(Init.constant_(weight, 0.5), .full([2, 3], 0.5)))
    #expect(Init.eye_(weight).numbers == [1, 0, 0, 0, 1, 0])
    #expect(Init.eye_(Tensor.ones(2, 3).T).numbers == [1, 0, 0, 1, 0, 0])
    #expect(weight.requiresGrad && weight.isLeaf)
  }

  /// Each takes a generator; the same one gives the same numbers, and the default one is left alone.
  @Test func generators() {
    let initializers: [(Tensor, Generator) -> Tensor] = [
      { Init.uniform_($0, generator: $1) }, { Init.normal_($0, generator: $1) },
      { Init.xavierUniform_($0, generator: $1) }, { Init.xavierNormal_($0, generator: $1) },
      { Init.kaimingUniform_($0, generator: $1) }, { Init.kaimingNormal_($0, generator: $1) },
      { Init.orthogonal_($0, generator: $1) },
    ]
    for (i, initialize) in initializers.enumerated() {
      let first = initialize(Tensor.zeros(4, 5), Generator(seed: 1))
      #expect(equal(first, initialize(Tensor.zeros(4, 5), Generator(seed: 1))), "\(i)")
      #expect(!equal(first, initialize(Tensor.zeros(4, 5), Generator(seed: 2))), "\(i)")
    }
  }

  @Test(arguments: [[4, 6], [6, 4], [5, 5], [1, 7], [7, 1], [3, 2, 2, 2], [120, 70]])
  func orthogonalVectors(_ shape: [Int]) {
    let weight = Tensor.zeros(shape, dtype: .float64)
    Init.orthogonal_(weight, gain: 2, generator: Generator(seed: 9))
    let matrix = weight.reshape(shape[0], -1)
    let products = shape[0] < matrix.shape[1] ? matrix.matmul(matrix.T) : matrix.T.matmul(matrix)
    #expect(products.allClose(Tensor.eye(products.shape[0], dtype: .float64) * 4, absolute: 1e-13))
  }

  /// After `torch.manual_seed(5)`.
  @Test func orthogonalAsInPyTorch() {
    func begin(_ shape: Int..., dtype: DType = .float32, gain: Double = 1) -> [Double] {
      Init.orthogonal_(.zeros(shape, dtype: dtype), gain: gain, generator: Generator(seed: 5)).numbers
    }
    expectClose(
      begin(5, 2, dtype: .float64, gain: 2),
      [
        -0.5667719281445955, -0.4887998497925864, -0.6498064608578442, 0.5522798704851106,
        -0.22985570582511136, 1.5918675475858932, -1.632039375427498, -0.6087466284254829,
        0.7349387569372856, -0.7425947110121202,
      ], within: 1e-13)
    expectClose(
      begin(2, 3, 1, 2),
      [
        -0.21404457092285156, -0.26550915837287903, -0.24540306627750397, 0.2935201823711395,
        -0.08680630475282669, 0.8542702794075012, -0.6220225691795349, -0.2847032845020294,
        0.40321722626686096, -0.5541780591011047, -0.24694083631038666, 0.036809489130973816,
      ])
    expectClose(
      begin(2, 2), [-0.657315731048584, -0.7536152601242065, -0.7536152601242065, 0.6573157906532288])
    #expect(begin(0, 3).isEmpty && begin(3, 0).isEmpty)
  }

  /// Parameters that lie transposed in memory are filled like any other.
  @Test func transposedWeights() {
    let plain = Init.orthogonal_(Tensor.zeros(3, 4), generator: Generator(seed: 1))
    let transposed = Init.orthogonal_(Parameter(Tensor.zeros(4, 3).T), generator: Generator(seed: 1))
    #expect(equal(plain, transposed))
  }
}
