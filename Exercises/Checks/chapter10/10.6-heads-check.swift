import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let cases = [([1, 3, 4], 2), ([1, 3, 4], 1), ([2, 3, 6], 3), ([2, 4, 8], 4)]
    for (shape, heads) in cases { try splitting(trial, shape, heads) }
    for (shape, heads) in cases { try merging(trial, shape, heads) }
    for (shape, heads) in [([1, 2, 2], 1), ([1, 3, 4], 2), ([2, 5, 12], 3)] { try whole(trial, shape, heads) }
  }

  private static func counted(_ shape: [Int]) -> Tensor {
    Tensor.arange(1, shape.reduce(1, *) + 1).to(.float32).view(shape)
  }

  private static func splitting(_ trial: Trial, _ shape: [Int], _ heads: Int) throws {
    let x = counted(shape)
    let size = shape[2] / heads
    let pieces = (0..<heads).map { x[.all, .all, $0 * size..<($0 + 1) * size] }
    let (n, t) = (shape[0], shape[1])
    try trial.compare(
      "the heads", try split(x, heads: heads), with: stack(pieces, dim: 1), given: ["x": x, "heads": heads],
      mistakes: [
        Mistake(
          "The numbers have been read on in the order of memory, across the places. First cut the features, (N, T, H, e), then transpose.",
          gives: x.reshape(n, heads, t, size)),
        Mistake(
          "The features are cut, but the heads are not in front yet: exchange dimensions 1 and 2.",
          gives: stack(pieces, dim: 2)),
        Mistake(
          "Head i has taken every H-th feature. It has a piece of successive ones.",
          gives: x.reshape(n, t, size, heads).permute(0, 3, 1, 2)),
        Mistake("Heads and examples have changed places: (N, H, T, e).", gives: stack(pieces)),
      ])
  }

  private static func merging(_ trial: Trial, _ shape: [Int], _ heads: Int) throws {
    let (n, t, size) = (shape[0], shape[1], shape[2] / heads)
    let x = counted([n, heads, t, size])
    try trial.compare(
      "the heads side by side", try merge(x), with: cat((0..<heads).map { x[.all, $0] }, dim: 2),
      given: ["x": x],
      mistakes: [
        Mistake(
          "The numbers have been read on in the order of memory, head by head. First bring the heads behind the places, then flatten.",
          gives: x.reshape(n, t, heads * size)),
        Mistake(
          "The heads have been mixed feature by feature. Each stands as a whole beside the next.",
          gives: x.permute(0, 2, 3, 1).reshape(n, t, heads * size)),
        Mistake("The heads have been added up.", gives: x.sum(dim: 1)),
      ])
  }

  private static func whole(_ trial: Trial, _ shape: [Int], _ heads: Int) throws {
    let e = shape[2]
    let module = MultiheadAttention(e, heads, batchFirst: true)
    noGrad {
      for parameter in module.parameters() {
        parameter.copy_(Tensor.randint(-2, 3, parameter.shape).to(.float32) / 2)
      }
    }
    let weights = Weights(
      w: module.inProjWeight.detach(), b: module.inProjBias!.detach(), wOut: module.outProj.weight.detach(),
      bOut: module.outProj.bias!.detach())
    let x = Tensor.randint(-2, 3, shape).to(.float32)
    let expected = noGrad { module(x, x, x, averageAttnWeights: false) }
    let answer = try selfAttention(x, heads: heads, weights)
    let input: KeyValuePairs<String, any Showable> = [
      "x": x, "heads": heads, "W": weights.w, "b": weights.b, "W_o": weights.wOut, "b_o": weights.bOut,
    ]
    let parts = linear(x, weights.w, weights.b).chunk(3, dim: 2).map { part in
      stack((0..<heads).map { part[.all, .all, $0 * (e / heads)..<($0 + 1) * (e / heads)] }, dim: 1)
    }
    let products = parts[0].matmul(parts[1].transpose(2, 3))
    let root = Double(e / heads).squareRoot()
    func output(_ table: Tensor, values: Tensor) -> Tensor {
      let found = table.matmul(values)
      return linear(cat((0..<heads).map { found[.all, $0] }, dim: 2), weights.wOut, weights.bOut)
    }
    try trial.compare(
      "the weights", answer.weights, with: expected.weights!, given: input, within: 1e-4,
      mistakes: [
        Mistake(
          "The scores are divided by √e, with the features of one head: this is √E.",
          gives: (products / Double(e).squareRoot()).softmax(dim: 3)),
        Mistake("The division by √e is missing.", gives: products.softmax(dim: 3)),
        Mistake(
          "The softmax runs over the queries. Each query shares 1 among the keys: the last dimension.",
          gives: (products / root).softmax(dim: 2)),
        Mistake(
          "Queries and keys have changed places: W_q comes first.",
          gives: (products.transpose(2, 3) / root).softmax(dim: 3)),
        Mistake("These are the mean weights of all heads.", gives: expected.weights!.mean(dim: 1)),
        Mistake("The bias b is missing.", gives: withoutBias(x, weights, heads)),
      ])
    let table = expected.weights!
    let found = table.matmul(parts[2])
    let joined = cat((0..<heads).map { found[.all, $0] }, dim: 2)
    try trial.compare(
      "the outputs", answer.output, with: expected.output, given: input, within: 1e-4,
      mistakes: [
        Mistake("The last layer is missing: W_o mixes the heads.", gives: joined),
        Mistake("The bias b_o is missing.", gives: linear(joined, weights.wOut)),
        Mistake("The keys have been averaged. The values are.", gives: output(table, values: parts[1])),
        Mistake(
          "The heads have been merged in the order of memory: bring them behind the places first.",
          gives: linear(found.reshape(shape), weights.wOut, weights.bOut)),
        Mistake("W_o is transposed: x W_oᵀ.", gives: joined.matmul(weights.wOut) + weights.bOut),
      ])
  }

  private static func withoutBias(_ x: Tensor, _ weights: Weights, _ heads: Int) -> Tensor {
    let size = x.size(2) / heads
    let parts = linear(x, weights.w).chunk(3, dim: 2).map { part in
      stack((0..<heads).map { part[.all, .all, $0 * size..<($0 + 1) * size] }, dim: 1)
    }
    return (parts[0].matmul(parts[1].transpose(2, 3)) / Double(size).squareRoot()).softmax(dim: 3)
  }
}
