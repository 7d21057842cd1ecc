import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let cases = [
      ([1.0, 2, 3], 4, 1, 0), ([1.0, 2, 3], 4, 1, 1), ([1.0, 2], 6, 2, 0), ([1.0, 2, 3], 7, 2, 1),
      ([2.0, -1, 0.5, 3], 9, 3, 2),
    ]
    for (w, length, stride, padding) in cases { try matrix(trial, w, length, stride, padding) }
    for (w, length, stride, padding) in cases { try gradient(trial, w.count, length, stride, padding) }
  }

  /// Column k is what the filter makes of an input that is 1 at k and 0 elsewhere.
  private static func reference(_ w: Tensor, _ length: Int, _ stride: Int, _ padding: Int) -> Tensor {
    let unit = Tensor.eye(length, dtype: w.dtype).unsqueeze(1)
    return conv1d(unit, w.view(1, 1, w.count), stride: stride, padding: padding).squeeze(1).T
  }

  private static func matrix(
    _ trial: Trial, _ w: [Double], _ length: Int, _ stride: Int, _ padding: Int
  ) throws {
    let kernel = Tensor(w)
    let expected = reference(kernel, length, stride, padding)
    let answer = try toeplitz(w, length: length, stride: stride, padding: padding)
    let everyPlace = reference(kernel, length, 1, padding)
    try trial.compare(
      "M", answer, with: expected,
      given: ["w": w, "length": length, "stride": stride, "padding": padding],
      mistakes: [
        Mistake(
          "The kernel runs backwards: in each row it stands as it is, from left to right.",
          gives: reference(kernel.flip(0), length, stride, padding)),
        Mistake(
          "The stride is missing: from row to row the kernel moves S columns to the right.",
          gives: everyPlace),
        Mistake(
          "There are as many rows as there should be, but from row to row the kernel moves one column only.",
          gives: everyPlace[0..<expected.size(0)]),
        Mistake(
          "The padding has columns here. Its numbers are no inputs: only the L columns of x belong to the matrix.",
          when: padding > 0 && answer.shape == [expected.size(0), length + 2 * padding]),
        Mistake(
          "The padding is missing: with it the first window begins at −P.",
          gives: reference(kernel, length, stride, 0)),
        Mistake(
          "The first window begins at −P: column iS + r − P, not iS + r.",
          when: padding > 0 && answer.shape == expected.shape && w.count <= length
            && (answer[0, 0..<w.count] .== kernel).all()),
        Mistake(
          "The last row is missing: there are (L + 2 P − K) / S + 1.",
          when: answer.shape == [expected.size(0) - 1, length]),
      ])
  }

  private static func gradient(
    _ trial: Trial, _ count: Int, _ length: Int, _ stride: Int, _ padding: Int
  ) throws {
    let w = Tensor.ones(count, requiresGrad: true)
    let matrix = reference(w, length, stride, padding)
    let g = Tensor.arange(1, matrix.count + 1).to(.float32).view(matrix.shape)
    (matrix * g).sum().backward()
    let expected = w.grad!.toArray(of: Double.self)
    let places = (0..<count).map { r in
      (0..<g.size(0)).map { i in (i, i * stride + r - padding) }.filter { (0..<length).contains($0.1) }
    }
    let means = zip(expected, places).map { $0 / Double($1.count) }
    let firsts = places.map { $0.isEmpty ? 0 : g[$0[0].0, $0[0].1].item() }
    let diagonals = (0..<count).map { r in
      (0..<g.size(0)).filter { $0 + r < length }.reduce(0) { $0 + g[$1, $1 + r].item() }
    }
    try trial.compare(
      "∂E/∂w", try kernelGradient(g, kernel: count, stride: stride, padding: padding), with: expected,
      given: ["G": g, "kernel": count, "stride": stride, "padding": padding],
      mistakes: [
        Mistake(
          "This is a mean. A shared weight acts at every place where it stands, so that the derivatives add up.",
          gives: means),
        Mistake("Each weight has been looked up once. Add up all entries where it stands.", gives: firsts),
        Mistake("The weights come in the reverse order.", gives: Array(expected.reversed())),
        Mistake(
          "These are the entries of stride 1 without padding: weight r stands in column iS + r − P of row i.",
          gives: diagonals),
        Mistake(
          "These are sums of whole columns. A column has every weight in it, each in another row.",
          gives: (0..<count).map { $0 < length ? g[.all, $0].sum().item() : 0 }),
      ])
  }
}
