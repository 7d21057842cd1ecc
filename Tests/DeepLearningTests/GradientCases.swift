@testable import DeepLearning
@testable import Tensors

// Every differentiable operation, for GradientTests.

extension GradientCase {
  static let all: [GradientCase] = twiceDifferentiable + recurrences

  static let twiceDifferentiable: [GradientCase] =
    functions + activations + arithmetic + views + reductions + products + joining + selecting + indexing
    + ordering + sums + softmaxes + normalizations + attentions + regression + classification + convolutions
    + poolings
    + resizings

  static let functions: [GradientCase] = [
    .init("exp", [.real(3, 4)]) { $0[0].exp() },
    .init("expm1", [.real(3, 4)]) { $0[0].expm1() },
    .init("log", [.positive(3, 4)]) { $0[0].log() },
    .init("log1p", [.positive(3, 4)]) { $0[0].log1p() },
    .init("sqrt", [.positive(3, 4)]) { $0[0].sqrt() },
    .init("rsqrt", [.positive(3, 4)]) { $0[0].rsqrt() },
    .init("reciprocal", [.nonzero(3, 4)]) { $0[0].reciprocal() },
    .init("square", [.real(3, 4)]) { $0[0].square() },
    .init("x ** 3", [.real(3, 4)]) { $0[0] ** 3 },
    .init("x ** -2", [.nonzero(3, 4)]) { $0[0] ** -2 },
    .init("x ** 0.7", [.positive(3, 4)]) { $0[0] ** 0.7 },
    .init("x ** 0.5", [.positive(3, 4)]) { $0[0] ** 0.5 },
    .init("x ** 1", [.sparse(3, 4)]) { $0[0] ** 1 },
    .init("x ** 0", [.sparse(3, 4)]) { $0[0] ** 0 },
    .init("sin", [.real(3, 4)]) { $0[0].sin() },
    .init("cos", [.real(3, 4)]) { $0[0].cos() },
    .init("erf", [.real(3, 4)]) { $0[0].erf() },
    .init("abs", [.nonzero(3, 4)]) { $0[0].abs() },
    .init("sign", [.nonzero(3, 4)]) { $0[0].sign() },
    .init("clamp", [.real(3, 4)]) { $0[0].clamp(min: -0.5, max: 0.7) },
    .init("clamp below", [.real(3, 4)]) { $0[0].clamp(min: -0.5) },
  ]

  static let activations: [GradientCase] = [
    .init("tanh", [.real(2, 3, 4)]) { $0[0].tanh() },
    .init("sigmoid", [.real(2, 3, 4)]) { $0[0].sigmoid() },
    .init("relu", [.nonzero(3, 4)]) { $0[0].relu() },
    .init("leakyReLU", [.nonzero(3, 4)]) { $0[0].leakyReLU(0.2) },
    .init("elu", [.nonzero(3, 4)]) { $0[0].elu(alpha: 1.5) },
    .init("softplus", [.real(3, 4)]) { $0[0].softplus() },
    .init("silu", [.real(3, 4)]) { $0[0].silu() },
    .init("gelu", [.real(3, 4)]) { $0[0].gelu() },
    .init("logSigmoid", [.real(3, 4)]) { $0[0].logSigmoid() },
    .init("prelu, one slope", [.nonzero(3, 4), .real(1)]) { $0[0].prelu($0[1]) },
    .init("prelu, a slope for each channel", [.nonzero(2, 3, 4), .real(3)]) { $0[0].prelu($0[1]) },
    .init("dropout", [.real(4, 5)]) { dropout($0[0], p: 0.4, generator: Generator(seed: 1)) },
    .init("dropout1d", [.real(2, 3, 4)]) { dropout1d($0[0], p: 0.4, generator: Generator(seed: 1)) },
    .init("dropout2d", [.real(2, 3, 2, 2)]) { dropout2d($0[0], p: 0.4, generator: Generator(seed: 1)) },
    .init("l1Penalty", [.nonzero(3, 4), .nonzero(2)]) { l1Penalty($0) },
    .init("l2Penalty", [.real(3, 4), .real(2)]) { l2Penalty($0) },
    .init("dropout of everything", [.real(4, 5)]) { dropout($0[0], p: 1) },
    .init("maxout", [.distinct(3, 6)]) { $0[0].maxout(pieces: 3) },
  ]

  static let arithmetic: [GradientCase] = [
    .init("a + b", [.real(3, 4), .real(3, 4)]) { $0[0] + $0[1] },
    .init("a + row", [.real(3, 4), .real(4)]) { $0[0] + $0[1] },
    .init("column + a", [.real(3, 1), .real(3, 4)]) { $0[0] + $0[1] },
    .init("a + number tensor", [.real(3, 4), .real()]) { $0[0] + $0[1] },
    .init("a + 2.5", [.real(3, 4)]) { $0[0] + 2.5 },
    .init("2 + a", [.real(3, 4)]) { 2 + $0[0] },
    .init("a - b", [.real(3, 4), .real(3, 4)]) { $0[0] - $0[1] },
    .init("row - a", [.real(4), .real(2, 3, 4)]) { $0[0] - $0[1] },
    .init("a - 1", [.real(3, 4)]) { $0[0] - 1 },
    .init("1 - a", [.real(3, 4)]) { 1 - $0[0] },
    .init("a * b", [.real(3, 4), .real(3, 4)]) { $0[0] * $0[1] },
    .init("column * row", [.real(3, 1), .real(1, 4)]) { $0[0] * $0[1] },
    .init("number tensor * a", [.real(), .real(3, 4)]) { $0[0] * $0[1] },
    .init("a * a", [.real(3, 4)]) { $0[0] * $0[0] },
    .init("a * constant", [.real(3, 4)]) { $0[0] * Tensor([1, -2, 3, 0], dtype: .float64) },
    .init("-3 * a", [.real(3, 4)]) { -3 * $0[0] },
    .init("a / b", [.real(3, 4), .nonzero(3, 4)]) { $0[0] / $0[1] },
    .init("a / column", [.real(2, 3, 4), .nonzero(3, 1)]) { $0[0] / $0[1] },
    .init("constant / a", [.nonzero(3, 4)]) { Tensor([1, -2, 3, 0], dtype: .float64) / $0[0] },
    .init("a / 3", [.real(3, 4)]) { $0[0] / 3 },
    .init("2 / a", [.nonzero(3, 4)]) { 2 / $0[0] },
    .init("a / a.sum()", [.positive(3, 4)]) { $0[0] / $0[0].sum() },
    .init("-a", [.real(3, 4)]) { -$0[0] },
    .init("a to the power of b", [.positive(3, 4), .real(4)]) { $0[0].pow($0[1]) },
    .init("maximum", [.distinct(3, 4), .distinct(3, 4)]) { maximum($0[0], $0[1]) },
    .init("maximum of a and row", [.distinct(3, 4), .distinct(4)]) { maximum($0[0], $0[1]) },
    .init("maximum of equals", [.real(3, 4)]) { maximum($0[0], $0[0]) },
    .init("minimum", [.distinct(3, 4), .distinct(3, 4)]) { minimum($0[0], $0[1]) },
    .init("where", [.real(3, 4), .real(3, 4)]) { `where`(mask, $0[0], $0[1]) },
    .init("where, broadcasting", [.real(3, 1), .real(2, 1, 4)]) { `where`(mask, $0[0], $0[1]) },
    .init("a shared expression", [.real(3, 4)]) { x in
      let b = x[0] + x[0]
      let c = b * b + b
      return c * x[0]
    },
  ]

  /// (3, 4), and the same not in row-major order.
  static let mask = Tensor([
    [true, false, true, true], [false, false, true, false], [true, true, false, false],
  ])
  static let transposedMask = Tensor(
    [true, false, true, false, false, true, true, true, false, true, false, false], shape: [4, 3]
  ).T

  static let views: [GradientCase] = [
    .init("reshape", [.real(2, 3, 4)]) { $0[0].reshape(4, -1) * ramp(4, 6) },
    .init("reshape of a transpose", [.real(3, 4)]) { $0[0].T.reshape(2, 6) * ramp(2, 6) },
    .init("view", [.real(3, 4)]) { $0[0].contiguous().view(12) * ramp(12) },
    .init("flatten", [.real(2, 3, 4)]) { $0[0].flatten(1, 2) * ramp(2, 12) },
    .init("permute", [.real(2, 3, 4)]) { $0[0].permute(2, 0, 1) * ramp(4, 2, 3) },
    .init("transpose", [.real(2, 3, 4)]) { $0[0].transpose(-1, 0) * ramp(4, 3, 2) },
    .init("T", [.real(3, 4)]) { $0[0].T * ramp(4, 3) },
    .init("squeeze", [.real(3, 1, 4)]) { $0[0].squeeze(1) * ramp(3, 4) },
    .init("squeeze all", [.real(1, 3, 1)]) { $0[0].squeeze() * ramp(3) },
    .init("unsqueeze", [.real(3, 4)]) { $0[0].unsqueeze(1) * ramp(2, 4) },
    .init("unsqueeze at the end", [.real(3, 4)]) { $0[0].unsqueeze(-1) * ramp(3, 4, 2) },
    .init("expand", [.real(3, 1)]) { $0[0].expand(2, -1, 4) * ramp(2, 3, 4) },
    .init("broadcast", [.real(4)]) { $0[0].broadcast(to: [3, 4]) * ramp(3, 4) },
    .init("narrow", [.real(5, 4)]) { $0[0].narrow(0, 1, 3) * ramp(3, 4) },
    .init("narrow by steps", [.real(3, 7)]) { $0[0].narrow(1, 1, 3, step: 2) * ramp(3, 3) },
    .init("select", [.real(3, 4)]) { $0[0].select(1, 2) * ramp(3) },
    .init("pad", [.real(3, 4)]) { $0[0].pad([1, 2, 0, 1]) * ramp(4, 7) },
    .init("pad with ones", [.real(2, 3)]) { $0[0].pad([2, 1], value: 1).square() },
    .init("flip", [.real(3, 4)]) { $0[0].flip(0, 1) * ramp(3, 4) },
    .init("diagonal", [.real(3, 3)]) { $0[0].diagonal() * ramp(3) },
    .init("diagonal, wide", [.real(2, 4)]) { $0[0].diagonal() * ramp(2) },
    .init("diagonal, tall", [.real(4, 2)]) { $0[0].diagonal() * ramp(2) },
    .init("contiguous", [.real(3, 4)]) { $0[0].T.contiguous() * ramp(4, 3) },
    .init("clone", [.real(3, 4)]) { $0[0].clone() * ramp(3, 4) },
    .init("a view of a view", [.real(4, 6)]) {
      $0[0].narrow(1, 2, 3).T.narrow(0, 1, 2).reshape(-1) * ramp(8)
    },
    .init("overlapping views", [.real(5, 2)]) { $0[0].narrow(0, 0, 4) * $0[0].narrow(0, 1, 4) },
  ]

  /// 1, 2, 3, ... in a shape: different numbers for different places.
  static func ramp(_ shape: Int...) -> Tensor {
    (Tensor.arange(1, shape.reduce(1, *) + 1).to(.float64)).reshape(shape)
  }

  static let reductions: [GradientCase] = [
    .init("sum", [.real(2, 3)]) { $0[0].sum() },
    .init("sum of a number", [.real()]) { $0[0].sum() },
    .init("sum, dim 0", [.real(2, 3, 4)]) { $0[0].sum(dim: 0) },
    .init("sum, dim 1", [.real(2, 3, 4)]) { $0[0].sum(dim: 1) },
    .init("sum, dims 0 and 2, kept", [.real(2, 3, 4)]) { $0[0].sum(dims: [-1, 0], keepDim: true) },
    .init("mean", [.real(2, 3)]) { $0[0].mean() },
    .init("mean, dim 1, kept", [.real(2, 3, 4)]) { $0[0].mean(dim: 1, keepDim: true) },
    .init("mean, dims 1 and 2", [.real(2, 3, 4)]) { $0[0].mean(dims: [1, 2]) },
    .init("variance", [.real(3, 4)]) { $0[0].variance() },
    .init("variance, dim 1", [.real(3, 4)]) { $0[0].variance(dim: 1) },
    .init("variance, biased, dims", [.real(2, 3, 4)]) {
      $0[0].variance(dims: [0, 2], unbiased: false, keepDim: true)
    },
    .init("std", [.distinct(3, 4)]) { $0[0].std() },
    .init("std, dim 0", [.distinct(3, 4)]) { $0[0].std(dim: 0, unbiased: false, keepDim: true) },
    .init("norm", [.real(3, 4)]) { $0[0].norm() },
    .init("norm, dim 1", [.real(3, 4)]) { $0[0].norm(dim: 1) },
    .init("norm, dims, kept", [.real(2, 3, 4)]) { $0[0].norm(dims: [0, 2], keepDim: true) },
    .init("prod", [.real(3, 4)]) { $0[0].prod(dim: 1) },
    .init("prod with zeros", [.sparse(4, 3)]) { $0[0].prod(dim: -1, keepDim: true) },
    .init("prod with two zeros a row", [.sparse(2, 6)]) { $0[0].prod(dim: 1) },
    .init("amax", [.distinct(3, 4)]) { $0[0].amax(dim: 0) },
    .init("amax, dims", [.distinct(2, 3, 4)]) { $0[0].amax(dims: [0, 2], keepDim: true) },
    .init("amin", [.distinct(3, 4)]) { $0[0].amin(dim: 1) },
    .init("max of all", [.distinct(3, 4)]) { $0[0].max() },
    .init("min of all", [.distinct(3, 4)]) { $0[0].min() },
    .init("max, dim 1", [.distinct(3, 4)]) { $0[0].max(dim: 1).values },
    .init("max, dim 0, kept", [.distinct(2, 3, 4)]) { $0[0].max(dim: 0, keepDim: true).values },
    .init("min, dim 1", [.distinct(2, 3, 4)]) { $0[0].min(dim: 1).values },
    .init("logSumExp", [.real(3, 4)]) { $0[0].logSumExp(dim: 1) },
    .init("logSumExp, dim 0, kept", [.real(3, 4)]) { $0[0].logSumExp(dim: 0, keepDim: true) },
  ]

  static let products: [GradientCase] =
    [
      matmul([3], [3]),
      matmul([3], [3, 4]),
      matmul([2, 3], [3]),
      matmul([2, 3], [3, 4]),
      matmul([3, 1], [1, 4]),
      matmul([1, 3], [3, 1]),
      matmul([1, 1], [1, 1]),
      matmul([3], [2, 3, 4]),
      matmul([2, 3, 4], [4]),
      matmul([2, 3, 4], [4, 2]),
      matmul([2, 3], [4, 3, 2]),
      matmul([2, 3, 4], [2, 4, 2]),
      matmul([2, 3, 4], [1, 4, 2]),
      matmul([2, 1, 3, 4], [3, 4, 2]),
    ] + [
      .init("aᵀ b", [.real(3, 2), .real(3, 4)]) { $0[0].T.matmul($0[1]) },
      .init("a bᵀ", [.real(2, 3), .real(4, 3)]) { $0[0].matmul($0[1].T) },
      .init("aᵀ bᵀ", [.real(3, 2), .real(4, 3)]) { $0[0].T.matmul($0[1].T) },
      .init("a aᵀ", [.real(3, 4)]) { $0[0].matmul($0[0].T) },
      .init("batches of a bᵀ", [.real(2, 3, 4), .real(2, 5, 4)]) { $0[0].matmul($0[1].transpose(1, 2)) },
      .init("dot", [.real(4), .real(4)]) { $0[0].dot($0[1]) },
      .init("outer", [.real(3), .real(4)]) { $0[0].outer($0[1]) },
      .init("bilinear", [.real(2, 3), .real(2, 2), .real(4, 3, 2), .real(4)]) {
        bilinear($0[0], $0[1], $0[2], $0[3])
      },
      .init("bilinear of more dimensions", [.real(2, 2, 3), .real(2, 2, 2), .real(1, 3, 2)]) {
        bilinear($0[0], $0[1], $0[2])
      },
      .init("linear", [.real(3, 4), .real(2, 4), .real(2)]) { linear($0[0], $0[1], $0[2]) },
      .init("linear, no bias", [.real(3, 4), .real(2, 4)]) { linear($0[0], $0[1]) },
      .init("linear of a vector", [.real(4), .real(2, 4), .real(2)]) { linear($0[0], $0[1], $0[2]) },
      .init("linear of a vector, no bias", [.real(4), .real(2, 4)]) { linear($0[0], $0[1]) },
      .init("linear of batches", [.real(2, 3, 4), .real(2, 4), .real(2)]) { linear($0[0], $0[1], $0[2]) },
      .init("linear of batches, no bias", [.real(2, 3, 4), .real(2, 4)]) { linear($0[0], $0[1]) },
      .init("linear, transposed weight", [.real(3, 4), .real(4, 2), .real(2)]) {
        linear($0[0], $0[1].T, $0[2])
      },
    ]

  private static func matmul(_ a: [Int], _ b: [Int]) -> GradientCase {
    let arguments = [Argument(shape: a, domain: .real), Argument(shape: b, domain: .real)]
    return .init("matmul \(a) · \(b)", arguments) { $0[0].matmul($0[1]) }
  }

  static let joining: [GradientCase] = [
    .init("cat, dim 0", [.real(2, 3), .real(1, 3), .real(3, 3)]) { cat([$0[0], $0[1], $0[2]]) * ramp(6, 3) },
    .init("cat, dim 1", [.real(2, 3), .real(2, 2)]) { cat([$0[0], $0[1]], dim: -1) * ramp(2, 5) },
    .init("cat of one twice", [.real(2, 3)]) { cat([$0[0], $0[0]]) * ramp(4, 3) },
    .init("stack, dim 0", [.real(2, 3), .real(2, 3)]) { stack([$0[0], $0[1]]) * ramp(2, 2, 3) },
    .init("stack, last dim", [.real(2, 3), .real(2, 3)]) { stack([$0[0], $0[1]], dim: -1) * ramp(2, 3, 2) },
    .init("stack of numbers", [.real(), .real()]) { stack([$0[0], $0[1]]) * ramp(2) },
    .init("padSequence", [.real(3, 2), .real(1, 2)]) { padSequence([$0[0], $0[1]]) * ramp(3, 2, 2) },
    .init("padSequence, batch first", [.real(1), .real(3)]) {
      padSequence([$0[0], $0[1]], batchFirst: true, paddingValue: 5) * ramp(2, 3)
    },
    .init(outputs: "split", [.real(3, 5)]) { $0[0].split(2, dim: 1) },
    .init(outputs: "chunk", [.real(5, 2)]) { $0[0].chunk(3) },
    .init(outputs: "unbind", [.real(2, 3, 2)]) { $0[0].unbind(1) },
    .init("repeat", [.real(2, 3)]) { $0[0].repeat(2, 1, 3) * ramp(2, 2, 9) },
  ]

  static let selecting: [GradientCase] = [
    .init("indexSelect, rows twice", [.real(3, 4)]) { $0[0].indexSelect(0, Tensor([2, 0, 2])) * ramp(3, 4) },
    .init("indexSelect, dim 1", [.real(2, 3, 2)]) {
      $0[0].indexSelect(1, Tensor([1, 1, 0, 2])) * ramp(2, 4, 2)
    },
    .init("indexAdd", [.real(4, 3), .real(3, 3)]) {
      $0[0].indexAdd(0, Tensor([1, 3, 1]), $0[1]) * ramp(4, 3)
    },
    .init("gather, dim 0", [.real(3, 2)]) { $0[0].gather(0, Tensor([[0, 2], [2, 2]])) * ramp(2, 2) },
    .init("gather, dim 1", [.real(2, 3)]) {
      $0[0].gather(1, Tensor([[0, 0, 2, 1], [1, 1, 1, 0]])) * ramp(2, 4)
    },
    .init("gather by a transposed index", [.real(2, 3)]) {
      $0[0].gather(1, Tensor([[0, 2], [1, 1]]).T) * ramp(2, 2)
    },
    .init("scatterAdd", [.real(3, 2), .real(2, 2)]) {
      $0[0].scatterAdd(0, Tensor([[0, 2], [0, 1]]), $0[1]) * ramp(3, 2)
    },
    .init("scatter", [.real(3, 2), .real(2, 2)]) {
      $0[0].scatter(0, Tensor([[0, 2], [1, 1]]), $0[1]) * ramp(3, 2)
    },
    .init("scatter of a number", [.real(2, 3)]) { $0[0].scatter(1, Tensor([[0], [2]]), 7) * ramp(2, 3) },
    .init("maskedFill", [.real(3, 4)]) { $0[0].maskedFill(mask, 2) * ramp(3, 4) },
    .init("maskedFill, transposed mask", [.real(3, 4)]) { $0[0].maskedFill(transposedMask, 2) * ramp(3, 4) },
    .init("maskedSelect", [.real(3, 4)]) { $0[0].maskedSelect(mask) * ramp(6) },
    .init("embedding", [.real(4, 3)]) { embedding(Tensor([[0, 3], [3, 1]]), $0[0]) * ramp(2, 2, 3) },
  ]

  static let indexing: [GradientCase] = [
    .init("x[1]", [.real(3, 4)]) { $0[0][1] * ramp(4) },
    .init("x[.last, 0]", [.real(3, 4)]) { $0[0][.last, 0] },
    .init("x[.all, .fromEnd(2)]", [.real(3, 4)]) { $0[0][.all, .fromEnd(2)] * ramp(3) },
    .init("x[1..<3]", [.real(4, 2)]) { $0[0][1..<3] * ramp(2, 2) },
    .init("x[1...1, ...2]", [.real(3, 4)]) { $0[0][1...1, ...2] * ramp(1, 3) },
    .init("x[..<2, .slice(from: -3, by: 2)]", [.real(3, 4)]) {
      $0[0][..<2, .slice(from: -3, by: 2)] * ramp(2, 2)
    },
    .init("x[.newAxis, .all, 1...]", [.real(3, 4)]) { $0[0][.newAxis, .all, 1...] * ramp(1, 3, 3) },
    .init("x[.ellipsis, 1]", [.real(2, 3, 4)]) { $0[0][.ellipsis, 1] * ramp(2, 3) },
    .init("x[mask]", [.real(3, 4)]) { $0[0][mask] * ramp(6) },
    .init("x[row mask]", [.real(3, 4)]) { $0[0][Tensor([true, false, true])] * ramp(2, 4) },
    .init("x[.all, column mask]", [.real(3, 4)]) {
      $0[0][.all, Tensor([true, false, true, true])] * ramp(3, 3)
    },
    .init("x[indices]", [.real(3, 4)]) { $0[0][Tensor([2, -1, 0, 2])] * ramp(4, 4) },
    .init("x[rows, columns]", [.real(3, 4)]) { $0[0][Tensor([0, 2, 0]), Tensor([1, 3, 1])] * ramp(3) },
    .init("x[matrix of indices]", [.real(3, 2)]) { $0[0][Tensor([[0, 2], [1, 1]])] * ramp(2, 2, 2) },
    .init("x[1, indices, 1...]", [.real(2, 3, 3)]) { $0[0][1, Tensor([2, 0, 2]), 1...] * ramp(3, 2) },
  ]

  static let ordering: [GradientCase] = [
    .init("cumsum, dim 0", [.real(3, 4)]) { $0[0].cumsum(0) },
    .init("cumsum, dim 1", [.real(2, 3, 2)]) { $0[0].cumsum(1) },
    .init("cumsum, last dim", [.real(3, 4)]) { $0[0].cumsum(-1) },
    .init("sort", [.distinct(3, 4)]) { $0[0].sort().values },
    .init("sort, descending, dim 0", [.distinct(3, 4)]) { $0[0].sort(dim: 0, descending: true).values },
    .init("topK", [.distinct(3, 5)]) { $0[0].topK(2).values },
    .init("topK, smallest, dim 0", [.distinct(5, 2)]) { $0[0].topK(3, dim: 0, largest: false).values },
  ]

  static let sums: [GradientCase] = [
    einsum("ij,jk->ik", [2, 3], [3, 4]),
    einsum("ij,jk", [2, 3], [3, 4]),
    einsum("ij,kj->ik", [2, 3], [4, 3]),
    einsum("bij,bjk->bik", [2, 3, 2], [2, 2, 3]),
    einsum("bij,bkj->ikb", [2, 3, 2], [2, 2, 2]),
    einsum("bhid,bhjd->bhij", [2, 2, 2, 3], [2, 2, 3, 3]),
    einsum("ij,ij->i", [2, 3], [2, 3]),
    einsum("i,j->ij", [2], [3]),
    einsum("i,i->", [3], [3]),
    einsum("ij,j->i", [2, 3], [3]),
    einsum("ij,jk,kl->il", [2, 3], [3, 2], [2, 3]),
    einsum("ij,ik,il->jkl", [2, 2], [2, 3], [2, 2]),
    einsum("ijk->ki", [2, 3, 2]),
    einsum("ij->", [2, 3]),
    einsum("ii->i", [3, 3]),
    einsum("ii->", [3, 3]),
    einsum("iij->ji", [2, 2, 3]),
  ]

  private static func einsum(_ equation: String, _ shapes: [Int]...) -> GradientCase {
    .init("einsum \(equation)", shapes.map { Argument(shape: $0, domain: .real) }) { x in
      switch x.count {
      case 1: DeepLearning.einsum(equation, x[0])
      case 2: DeepLearning.einsum(equation, x[0], x[1])
      default: DeepLearning.einsum(equation, x[0], x[1], x[2])
      }
    }
  }

  static let softmaxes: [GradientCase] = [
    .init("softmax, dim 0", [.real(3, 4)]) { $0[0].softmax(dim: 0) },
    .init("softmax, dim 1", [.real(3, 4)]) { $0[0].softmax(dim: 1) },
    .init("softmax, middle dim", [.real(2, 3, 2)]) { $0[0].softmax(dim: -2) },
    .init("softmax with masked logits", [.real(3, 4)]) { $0[0].maskedFill(mask, -.infinity).softmax(dim: 1) },
    .init("logSoftmax, dim 0", [.real(3, 4)]) { $0[0].logSoftmax(dim: 0) },
    .init("logSoftmax, dim 1", [.real(3, 4)]) { $0[0].logSoftmax(dim: 1) },
    .init("logSoftmax, middle dim", [.real(2, 3, 2)]) { $0[0].logSoftmax(dim: 1) },
  ]

  private static let runningMean = Tensor([0.3, -1, 0.5], dtype: .float64)
  private static let runningVar = Tensor([0.5, 2, 1], dtype: .float64)

  static let normalizations: [GradientCase] = [
    .init("batchNorm of columns", [.real(5, 3), .real(3), .real(3)]) {
      batchNorm($0[0], nil, nil, weight: $0[1], bias: $0[2], training: true, eps: 0.1)
    },
    .init("batchNorm of sequences", [.real(3, 3, 4), .real(3), .real(3)]) {
      batchNorm($0[0], nil, nil, weight: $0[1], bias: $0[2], training: true, eps: 0.1)
    },
    .init("batchNorm of images, no parameters", [.real(2, 2, 2, 3)]) {
      batchNorm($0[0], nil, nil, training: true, eps: 0.1)
    },
    .init("batchNorm, bias alone", [.real(4, 2), .real(2)]) {
      batchNorm($0[0], nil, nil, bias: $0[1], training: true, eps: 0.1)
    },
    .init("batchNorm of columns by running statistics", [.real(4, 3), .real(3), .real(3)]) {
      batchNorm($0[0], runningMean, runningVar, weight: $0[1], bias: $0[2])
    },
    .init("batchNorm of sequences by running statistics", [.real(2, 3, 4), .real(3)]) {
      batchNorm($0[0], runningMean, runningVar, weight: $0[1])
    },
    .init("layerNorm", [.real(3, 5), .real(5), .real(5)]) {
      layerNorm($0[0], [5], weight: $0[1], bias: $0[2], eps: 0.1)
    },
    .init("layerNorm over two dimensions", [.real(2, 3, 4), .real(3, 4), .real(3, 4)]) {
      layerNorm($0[0], [3, 4], weight: $0[1], bias: $0[2], eps: 0.1)
    },
    .init("layerNorm, no parameters", [.real(2, 2, 4)]) { layerNorm($0[0], [4], eps: 0.1) },
    .init("groupNorm", [.real(2, 4, 3), .real(4), .real(4)]) {
      groupNorm($0[0], 2, weight: $0[1], bias: $0[2], eps: 0.1)
    },
    .init("groupNorm of columns", [.real(3, 6), .real(6), .real(6)]) {
      groupNorm($0[0], 2, weight: $0[1], bias: $0[2], eps: 0.1)
    },
    .init("groupNorm, one group, no parameters", [.real(2, 2, 2, 2)]) { groupNorm($0[0], 1, eps: 0.1) },
  ]

  private static let reductionKinds: [Reduction] = [.none, .mean, .sum, .batchMean]

  static let regression: [GradientCase] = reductionKinds.flatMap { reduction -> [GradientCase] in
    [
      .init("mse, \(reduction)", [.real(3, 2), .real(3, 2)]) { mseLoss($0[0], $0[1], reduction: reduction) },
      .init("l1, \(reduction)", [.distinct(3, 2), .distinct(3, 2)]) {
        l1Loss($0[0], $0[1], reduction: reduction)
      },
      .init("huber, \(reduction)", [.real(3, 4), .real(3, 4)]) {
        huberLoss($0[0], $0[1], reduction: reduction, delta: 0.8)
      },
      .init("binary cross-entropy, \(reduction)", [.fraction(3, 2), .fraction(3, 2)]) {
        binaryCrossEntropy($0[0], $0[1], reduction: reduction)
      },
      .init("weighted binary cross-entropy, \(reduction)", [.fraction(3, 2), .fraction(3, 2)]) {
        binaryCrossEntropy($0[0], $0[1], reduction: reduction, weight: Tensor([0.5, 2], dtype: .float64))
      },
      .init("binary cross-entropy with logits, \(reduction)", [.real(3, 2), .fraction(3, 2)]) {
        binaryCrossEntropyWithLogits($0[0], $0[1], reduction: reduction)
      },
      .init("binary cross-entropy with logits and weights, \(reduction)", [.real(3, 2), .fraction(3, 2)]) {
        binaryCrossEntropyWithLogits(
          $0[0], $0[1], reduction: reduction, weight: Tensor([0.5, 2], dtype: .float64),
          positiveWeight: Tensor([3, 0.25], dtype: .float64))
      },
      .init("Kullback-Leibler, \(reduction)", [.real(3, 2), .fraction(3, 2)]) {
        klDivergence($0[0].logSoftmax(dim: 1), $0[1], reduction: reduction)
      },
      .init("Kullback-Leibler of logarithms, \(reduction)", [.real(3, 2), .real(3, 2)]) {
        klDivergence($0[0], $0[1], reduction: reduction, targetIsLog: true)
      },
    ]
  }

  /// The shapes of logits that crossEntropy takes, with labels, one of them 1, the class that is ignored.
  private static let labeled: [(shape: [Int], labels: Tensor)] = [
    ([3], Tensor(2)),
    ([4, 3], Tensor([2, 0, 1, 2])),
    ([2, 3, 2], Tensor([[0, 1], [2, 2]])),
  ]

  static let classification: [GradientCase] = reductionKinds.flatMap { reduction -> [GradientCase] in
    labeled.flatMap { shape, labels -> [GradientCase] in
      [nil, Tensor([0.5, 2, 1.5], dtype: .float64)].flatMap { weight -> [GradientCase] in
        let weighted = weight == nil ? "" : ", weighted"
        let setting = "\(shape), \(reduction)\(weighted)"
        let logits = [Argument(shape: shape, domain: .real)]
        let withTarget = logits + [Argument(shape: shape, domain: .fraction)]
        let ignored = shape.count == 1 ? -100 : 1
        return [
          .init("nll \(setting)", logits) {
            nllLoss($0[0], labels, reduction: reduction, weight: weight, ignoreIndex: ignored)
          },
          .init("cross-entropy \(setting)", logits) {
            crossEntropy($0[0], labels, reduction: reduction, weight: weight)
          },
          .init("cross-entropy, one class ignored \(setting)", logits) {
            crossEntropy($0[0], labels, reduction: reduction, weight: weight, ignoreIndex: ignored)
          },
          .init("cross-entropy, smoothed \(setting)", logits) {
            crossEntropy(
              $0[0], labels, reduction: reduction, weight: weight, ignoreIndex: ignored, labelSmoothing: 0.3)
          },
          .init("cross-entropy with probabilities \(setting)", withTarget) {
            crossEntropy($0[0], $0[1], reduction: reduction, weight: weight, labelSmoothing: 0.2)
          },
        ]
      }
    }
  }

  static let attentions: [GradientCase] = [
    .init("attention", [.real(2, 3, 4), .real(2, 5, 4), .real(2, 5, 3)]) {
      scaledDotProductAttention($0[0], $0[1], $0[2])
    },
    .init("attention, one matrix, scaled", [.real(3, 4), .real(5, 4), .real(5, 3)]) {
      scaledDotProductAttention($0[0], $0[1], $0[2], scale: 0.3)
    },
    .init("attention, causal, stretched", [.real(2, 2, 3, 4), .real(2, 4, 4), .real(4, 2)]) {
      scaledDotProductAttention($0[0], $0[1], $0[2], isCausal: true)
    },
    .init("attention, masked", [.real(2, 3, 4), .real(2, 4, 4), .real(2, 4, 3)]) {
      scaledDotProductAttention($0[0], $0[1], $0[2], mask: mask)
    },
    .init("attention, learned mask", [.real(2, 3, 4), .real(2, 5, 4), .real(2, 5, 3), .real(3, 1)]) {
      scaledDotProductAttention($0[0], $0[1], $0[2], mask: $0[3] * Tensor([0, 1, 2, 3, 4], dtype: .float64))
    },
    .init("attention, dropout", [.real(2, 3, 4), .real(2, 5, 4), .real(2, 5, 3)]) {
      scaledDotProductAttention($0[0], $0[1], $0[2], dropoutP: 0.4, generator: Generator(seed: 1))
    },
    .init("self-attention", [.real(2, 3, 12)]) { selfAttention($0[0], heads: 2) },
    .init("self-attention, length first", [.real(3, 2, 12), .real(3, 3)]) {
      selfAttention($0[0].transpose(0, 1), heads: 2, mask: $0[1], isCausal: true)
    },
    .init("additive scores", [.real(2, 3, 4), .real(2, 2, 4), .real(4)]) {
      additiveScores($0[0], $0[1], $0[2])
    },
    .init("masked softmax", [.real(2, 3, 4)]) { maskedSoftmax($0[0], mask: mask, isCausal: true) },
  ]

  /// One layer in one direction, over sequences of 3, 2 and 1 steps. Their gradients have no gradients.
  static let recurrences: [GradientCase] = [
    recurrence("RNN, tanh", .tanh), recurrence("RNN, ReLU", .relu), recurrence("LSTM", .lstm),
    recurrence("GRU", .gru), recurrence("RNN, reversed", .tanh, isReversed: true),
    recurrence("LSTM, reversed", .lstm, isReversed: true),
    recurrence("GRU, reversed", .gru, isReversed: true),
    recurrence("LSTM without biases", .lstm, bias: false),
    recurrence("GRU without biases", .gru, bias: false),
  ]

  private static func recurrence(
    _ name: String, _ kind: Recurrence, isReversed: Bool = false, bias: Bool = true
  ) -> GradientCase {
    let (n, features) = (2, 3)
    let width = kind.gateCount * n
    let states = Array(repeating: Argument.real(3, n), count: kind.stateCount)
    let parameters: [Argument] =
      [.real(width, features), .real(width, n)] + (bias ? [.real(width), .real(width)] : [])
    return GradientCase(outputs: name, [.real(6, features)] + states + parameters) { x in
      let weights = Array(x[(1 + kind.stateCount)...])
      let (output, last) = recurrent(
        kind, x[0], batchSizes: [3, 2, 1], isReversed: isReversed, state: Array(x[1...kind.stateCount]),
        RecurrentWeights(
          weightIH: weights[0], weightHH: weights[1], biasIH: bias ? weights[2] : nil,
          biasHH: bias ? weights[3] : nil))
      return [output] + last
    }
  }
}
