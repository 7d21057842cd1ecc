import Foundation
import Testing

@testable import DeepLearning
@testable import Tensors

/// Functions over their whole range: how exact they are, and what they do with very large, very small and
/// special numbers.
@Suite struct NumericsTests {
  // MARK: - Single precision

  struct Function: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let tolerance: Double
    let single: @Sendable (Tensor) -> Tensor
    let exact: @Sendable (Double) -> Double
  }

  /// With the error that is allowed, in units of the last place.
  static let functions: [Function] = [
    Function(testDescription: "exp", tolerance: 2, single: { $0.exp() }, exact: { exp($0) }),
    Function(testDescription: "log", tolerance: 2, single: { $0.log() }, exact: { log($0) }),
    Function(testDescription: "log1p", tolerance: 3, single: { $0.log1p() }, exact: { log1p($0) }),
    Function(testDescription: "tanh", tolerance: 3, single: { $0.tanh() }, exact: { tanh($0) }),
    Function(
      testDescription: "sigmoid", tolerance: 4, single: { $0.sigmoid() }, exact: { 1 / (1 + exp(-$0)) }),
    Function(testDescription: "expm1", tolerance: 2, single: { $0.expm1() }, exact: { expm1($0) }),
    Function(
      testDescription: "softplus", tolerance: 4, single: { $0.softplus() },
      exact: { $0 > 40 ? $0 : log1p(exp($0)) }),
    Function(testDescription: "sqrt", tolerance: 0.5, single: { $0.sqrt() }, exact: { $0.squareRoot() }),
    Function(testDescription: "sin", tolerance: 1, single: { $0.sin() }, exact: { sin($0) }),
    Function(testDescription: "erf", tolerance: 2, single: { $0.erf() }, exact: { erf($0) }),
  ]

  /// A quarter of a million numbers of every size and both signs, among them the smallest, and a dense
  /// stretch around 0.
  static let samples: [Float] = {
    var samples = stride(from: UInt32(0), through: UInt32.max - 20_000, by: 19_997).map(
      Float.init(bitPattern:))
    samples += (-60_000...60_000).map { Float($0) / 500 }
    for edge: Float in [0, 1, 88.722839, 104, 0.625, 0.5, 2, 16, .infinity, .greatestFiniteMagnitude] {
      samples += [edge, -edge, edge.nextUp, edge.nextDown, -edge.nextDown]
    }
    samples += [
      .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude, -.leastNormalMagnitude,
    ]
    samples.append(.nan)
    return samples
  }()

  @Test(arguments: functions)
  func singlePrecision(_ function: Function) {
    let results = function.single(Tensor(Self.samples)).toArray()
    var worst = 0.0
    var worstPlace: Float = 0
    for (x, y) in zip(Self.samples, results) {
      let exact = function.exact(Double(x))
      let rounded = Float(exact)
      if rounded.isNaN || y.isNaN {
        #expect(rounded.isNaN && y.isNaN, "\(function.testDescription)(\(x)) = \(y), expected \(rounded)")
        continue
      }
      if rounded == y { continue }
      // One last place beyond the largest number is infinity.
      if rounded.isInfinite || y.isInfinite {
        let other = rounded.isInfinite ? y : rounded
        #expect(
          other.magnitude >= Float.greatestFiniteMagnitude.nextDown
            && other.sign == (rounded.isInfinite ? rounded : y).sign,
          "\(function.testDescription)(\(x)) = \(y), expected \(rounded)")
        continue
      }
      let error = abs(Double(y) - exact) / Double(rounded.ulp)
      if error > worst { (worst, worstPlace) = (error, x) }
    }
    #expect(
      worst <= function.tolerance, "\(function.testDescription) is \(worst) last places off at \(worstPlace)")
  }

  @Test(arguments: functions)
  func signsOfZero(_ function: Function) {
    let results = function.single(Tensor([Float(0), -0.0])).toArray()
    let exact = [function.exact(0), function.exact(-0.0)].map { Float($0) }
    #expect(results.map(\.bitPattern) == exact.map(\.bitPattern))
  }

  /// The exponential has a quicker way for a row of moderate numbers, which a number beyond them switches off.
  @Test func exponentialsDoNotDependOnTheirNeighbours() {
    let moderate = stride(from: Float(-87), through: 87, by: 0.037).map { $0 }
    let expected = moderate.map { $0.exp().bitPattern }
    for neighbour: Float in [0, -0.0, 87, -87, 87.01, 88.5, -87.5, -100, 200, .infinity, -.infinity, .nan] {
      let x = Tensor(moderate + [neighbour])
      let y = x.exp().toArray(of: Float.self)
      #expect(y.dropLast().map(\.bitPattern) == expected, "beside \(neighbour)")
      #expect(y.last!.bitPattern == neighbour.exp().bitPattern || neighbour.isNaN && y.last!.isNaN)
    }
  }

  @Test func doublePrecisionIsTheSystems() {
    let x = Self.samples.map(Double.init).filter { $0.isFinite && abs($0) < 700 }
    #expect(Tensor(x, dtype: .float64).exp().numbers == x.map { exp($0) })
    #expect(Tensor(x, dtype: .float64).tanh().numbers == x.map { tanh($0) })
    let positive = x.filter { $0 > 0 }
    #expect(Tensor(positive, dtype: .float64).log().numbers == positive.map { log($0) })
    #expect(Tensor(positive, dtype: .float64).pow(0.3).numbers == positive.map { pow($0, 0.3) })
  }

  @Test func specialNumbersPassThrough() {
    let x = Tensor([-.infinity, -1.0, 0.0, 1.0, .infinity, .nan])
    #expect(x.relu().numbers.prefix(5) == [0, 0, 0, 1, .infinity])
    #expect(x.clamp(min: -2, max: 2).numbers.prefix(5) == [-2, -1, 0, 1, 2])
    #expect(x.abs().numbers.prefix(5) == [.infinity, 1, 0, 1, .infinity])
    #expect(x.sign().numbers.prefix(5) == [-1, -1, 0, 1, 1])
    #expect(x.sigmoid().numbers[0] == 0 && x.sigmoid().numbers[4] == 1)
    for y in [x.relu(), x.clamp(min: 0), x.abs(), x.sign(), x.leakyReLU(), x.elu(), x.softplus(), x.square()]
    {
      #expect(y.numbers[5].isNaN)
    }
    #expect(maximum(x, Tensor(0.0)).numbers[5].isNaN && minimum(Tensor(0.0), x).numbers[5].isNaN)
    #expect((x ** 0).numbers == [1, 1, 1, 1, 1, 1])
  }

  // MARK: - Large logits

  static let types: [DType] = [.float32, .float64]

  @Test(arguments: types)
  func softmax(_ type: DType) {
    for source in LawsTests.sources {
      let x = source.tensor(source.shape(rank: 3), dtype: type) * 5
      for dim in 0..<3 {
        let y = x.softmax(dim: dim)
        #expect((y .>= 0).all())
        #expect((y.sum(dim: dim) - 1).abs().amax().item() < (type == .float64 ? 1e-14 : 1e-6))
        #expect(relativeError((x + 100).softmax(dim: dim), y) < (type == .float64 ? 1e-12 : 1e-4))
        #expect(relativeError(x.logSoftmax(dim: dim).exp(), y) < (type == .float64 ? 1e-13 : 1e-5))
        #expect(
          relativeError(x.logSoftmax(dim: dim), x - x.logSumExp(dim: dim, keepDim: true))
            < (type == .float64 ? 1e-13 : 1e-6))
      }
    }
    let x = Tensor([[1000, -1000, 1000], [-1000, -1000, -1000]], dtype: type)
    expectClose(x.softmax(dim: 1).numbers, [0.5, 0, 0.5, 1.0 / 3, 1.0 / 3, 1.0 / 3])
    expectClose(
      x.logSoftmax(dim: 1).numbers.prefix(3).map { $0 }, [-log(2), -2000 - log(2), -log(2)], within: 1e-4)
    let masked = Tensor([0, -Double.infinity], dtype: type)
    #expect(masked.softmax(dim: 0).numbers == [1, 0])
    #expect(masked.logSoftmax(dim: 0).numbers == [0, -.infinity])
    #expect(
      Tensor([-Double.infinity, -.infinity], dtype: type).softmax(dim: 0).numbers.allSatisfy { $0.isNaN })
  }

  @Test(arguments: types)
  func logSumExp(_ type: DType) {
    func of(_ x: [Double]) -> Double { Tensor(x, dtype: type).logSumExp(dim: 0).item() }
    expectClose(
      [of([1000, 1000]), of([-1000, -1000]), of([1000, -1000])], [1000 + log(2), -1000 + log(2), 1000],
      within: 1e-4)
    #expect(of([-.infinity, -.infinity]) == -.infinity)
    #expect(of([.infinity, 0]) == .infinity)
    #expect(of([.nan, 0]).isNaN)
    let x = Tensor([1000, -1000], dtype: type, requiresGrad: true)
    x.logSumExp(dim: 0).backward()
    #expect(x.grad?.numbers == [1, 0])
  }

  /// The value and the first and second derivative of `f` at −1000, 0 and 1000.
  private func derivatives(_ type: DType, _ f: (Tensor) -> Tensor) -> [[Double]] {
    let x = Tensor([-1000, 0, 1000], dtype: type, requiresGrad: true)
    let y = f(x)
    let first = grad([y.sum()], [x], createGraph: true)[0]!
    let second = first.requiresGrad ? grad([first.sum()], [x])[0]! : Tensor.zeros(like: x)
    return [y.numbers, first.numbers, second.numbers]
  }

  @Test(arguments: types)
  func activationsOfLargeNumbers(_ type: DType) {
    #expect(derivatives(type) { $0.sigmoid() } == [[0, 0.5, 1], [0, 0.25, 0], [0, 0, 0]])
    #expect(derivatives(type) { $0.tanh() } == [[-1, 0, 1], [0, 1, 0], [0, 0, 0]])
    #expect(derivatives(type) { $0.silu() } == [[0, 0, 1000], [0, 0.5, 1], [0, 0.5, 0]])
    #expect(derivatives(type) { $0.elu() } == [[-1, 0, 1000], [0, 1, 1], [0, 1, 0]])
    let softplus = derivatives(type) { $0.softplus() }
    expectClose(softplus[0], [0, log(2), 1000], within: 1e-4)
    #expect(softplus[1...] == [[0, 0.5, 1], [0, 0.25, 0]])
    let logSigmoid = derivatives(type) { $0.logSigmoid() }
    expectClose(logSigmoid[0], [-1000, -log(2), 0], within: 1e-4)
    #expect(logSigmoid[1...] == [[1, 0.5, 0], [0, -0.25, 0]])
    let gelu = derivatives(type) { $0.gelu() }
    #expect(gelu[0...1] == [[0, 0, 1000], [0, 0.5, 1]])
    expectClose(gelu[2], [0, (2 / Double.pi).squareRoot(), 0])
  }

  @Test(arguments: types)
  func lossesOfLargeLogits(_ type: DType) {
    func check(
      _ loss: (Tensor) -> Tensor, at logits: [[Double]], is value: Double, gradient: [Double],
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      let z = Tensor(logits, dtype: type, requiresGrad: true)
      let first = loss(z)
      expectClose([first.item()], [value], within: 1e-3, sourceLocation: sourceLocation)
      first.backward()
      expectClose(z.grad!.numbers, gradient, sourceLocation: sourceLocation)
      // The same by the formula that can be differentiated twice.
      let again = grad([loss(z)], [z], createGraph: true)[0]!
      expectClose(again.numbers, gradient, sourceLocation: sourceLocation)
      let second = again.requiresGrad ? grad([again.sum()], [z])[0] : nil
      #expect(second?.numbers.allSatisfy { $0.isFinite } ?? true, sourceLocation: sourceLocation)
    }
    check({ crossEntropy($0, Tensor([1])) }, at: [[1000, -1000]], is: 2000, gradient: [1, -1])
    check({ crossEntropy($0, Tensor([0])) }, at: [[1000, -1000]], is: 0, gradient: [0, 0])
    check(
      { crossEntropy($0, Tensor([1]), weight: Tensor([1, 3], dtype: type)) }, at: [[1000, -1000]], is: 2000,
      gradient: [1, -1])
    check(
      { crossEntropy($0, Tensor([1]), labelSmoothing: 0.5) }, at: [[1000, -1000]], is: 1500,
      gradient: [0.75, -0.75])
    check(
      { crossEntropy($0, Tensor([[0.25, 0.75]], dtype: type)) }, at: [[1000, -1000]], is: 1500,
      gradient: [0.75, -0.75])
    let targets = Tensor([[0.0, 1.0, 1.0, 0.0]], dtype: type)
    check(
      { binaryCrossEntropyWithLogits($0, targets, reduction: .sum) }, at: [[1000, -1000, 1000, -1000]],
      is: 2000,
      gradient: [1, -1, 0, 0])
    check(
      {
        binaryCrossEntropyWithLogits($0, targets, reduction: .sum, positiveWeight: Tensor(2.0, dtype: type))
      },
      at: [[1000, -1000, 1000, -1000]], is: 3000, gradient: [1, -2, 0, 0])
    check(
      { klDivergence($0.logSoftmax(dim: 1), Tensor([[0, 1]], dtype: type), reduction: .sum) },
      at: [[1000, -1000]], is: 2000, gradient: [1, -1])
    check({ nllLoss($0.logSoftmax(dim: 1), Tensor([1])) }, at: [[1000, -1000]], is: 2000, gradient: [1, -1])
  }

  /// A sigmoid that has rounded to 0 or 1 is a certain prediction. As in PyTorch the loss of a wrong one is 100, its
  /// slope is steep but finite, and that of a right one is 0.
  @Test(arguments: types)
  func certainProbabilities(_ type: DType) {
    let p = Tensor([0, 1, 0, 1, 0.5], dtype: type, requiresGrad: true)
    let t = Tensor([0, 1, 1, 0, 0.5], dtype: type)
    let losses = binaryCrossEntropy(p, t, reduction: .none)
    expectClose(losses.numbers, [0, 0, 100, 100, log(2)])
    losses.sum().backward()
    expectClose(p.grad!.numbers, [0, 0, -1e12, 1e12, 0], within: 1e6)

    let z = Tensor([40.0, -200.0], dtype: type, requiresGrad: true)
    binaryCrossEntropy(z.sigmoid(), Tensor([1.0, 0.0], dtype: type)).backward()
    expectClose(z.grad!.numbers, [0, 0])
  }

  /// The norm's derivative is taken to be 0 at 0, where it has none.
  @Test func derivativesAtKinks() {
    func slope(_ x: Double, _ f: (Tensor) -> Tensor) -> Double {
      let x = Tensor([x], requiresGrad: true)
      f(x).sum().backward()
      return x.grad!.item()
    }
    #expect(slope(0) { $0.abs() } == 0)
    #expect(slope(0) { $0.relu() } == 0)
    #expect(slope(0) { $0.norm() } == 0)
    #expect(slope(1) { $0.clamp(min: 0, max: 1) } == 1)
    #expect(slope(0) { $0 ** 1 } == 1)
    #expect(slope(0) { $0 ** 0 } == 0)
    #expect(slope(0) { $0 ** 2 } == 0)
    #expect(slope(2) { maximum($0, Tensor([2.0])) } == 0.5)
    let ties = Tensor([[3.0, 1.0, 3.0]], requiresGrad: true)
    ties.amax(dim: 1).sum().backward()
    #expect(ties.grad?.numbers == [0.5, 0, 0.5], "equal ones share")
    ties.zeroGrad()
    ties.max(dim: 1).values.sum().backward()
    #expect(ties.grad?.numbers == [1, 0, 0], "the first one takes all")
    let constant = Tensor([2.0, 2.0], requiresGrad: true)
    constant.std().backward()
    #expect(constant.grad?.numbers == [0, 0])
  }
}
