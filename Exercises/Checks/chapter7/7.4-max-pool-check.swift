import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let cases = [
      (Tensor([[1.0, 5], [3, 2]]), 2, 2),
      (Tensor([[-1.0, -5, -4], [-3, -2, -6], [-9, -8, -7]]), 2, 1),
      (Tensor([[1.0, 2, 3, 4, 0], [5, 6, 7, 8, 0], [3, 1, 4, 1, 0], [5, 9, 2, 6, 0]]), 2, 2),
      (Tensor([[0.0, 0, 1], [7, 7, 1], [7, 2, 1]]), 3, 1),
      (Tensor([[3.0, 1, 2], [1, 4, 1], [0, 1, 5]]), 2, 1),
      (Tensor.randn(7, 9), 3, 2), (Tensor.randint(0, 3, [8, 8]).to(.float32), 3, 1),
    ]
    for (x, kernel, stride) in cases { try values(trial, x, kernel, stride) }
    for (x, kernel, stride) in cases { try gradients(trial, x, kernel, stride) }
  }

  private static func pool(_ x: Tensor, _ kernel: Int, _ stride: Int) -> Tensor {
    maxPool2d(x.unsqueeze(0), kernel, stride: stride)[0]
  }

  private static func values(_ trial: Trial, _ x: Tensor, _ kernel: Int, _ stride: Int) throws {
    let expected = pool(x, kernel, stride)
    let answer = try maxPool(x, kernel: kernel, stride: stride)
    try trial.compare(
      "y", answer, with: expected, given: ["x": x, "kernel": kernel, "stride": stride],
      mistakes: [
        Mistake(
          "All of this picture is negative, and 0 is not in it: begin with the window's first number, not with 0.",
          when: x.amax().item() < 0 && answer.amax().item() >= 0),
        Mistake(
          "These are the means. Max-pooling keeps the largest.",
          gives: avgPool2d(x.unsqueeze(0), kernel, stride: stride)[0]),
        Mistake("The windows begin S pixels apart, not K.", gives: pool(x, kernel, kernel)),
        Mistake("The windows begin S pixels apart, not 1.", gives: pool(x, kernel, 1)),
      ])
  }

  private static func gradients(_ trial: Trial, _ x: Tensor, _ kernel: Int, _ stride: Int) throws {
    let leaf = x.clone().requiresGrad_()
    let y = pool(leaf, kernel, stride)
    // Powers of ten tell by their sum which windows have been won.
    let digits = (0..<y.count).map { pow10($0 % 4) }
    let delta = Tensor(digits, shape: y.shape, dtype: .float32)
    y.backward(delta)

    /// What becomes of the gradient with another rule for a window: the places that get something, and how much.
    func gradient(adds: Bool = true, _ shares: (_ window: Tensor) -> [(place: Int, share: Double)]) -> Tensor
    {
      let gradient = Tensor.zeros(like: x)
      for i in 0..<y.size(0) {
        for j in 0..<y.size(1) {
          let window = x[i * stride..<i * stride + kernel, j * stride..<j * stride + kernel].flatten()
          for (place, share) in shares(window) {
            let (p, q) = (i * stride + place / kernel, j * stride + place % kernel)
            gradient[p, q] = (adds ? gradient[p, q] : Tensor(0.0)) + share * delta[i, j]
          }
        }
      }
      return gradient
    }
    func winners(_ window: Tensor) -> [Int] {
      let numbers = window.toArray(of: Double.self)
      return numbers.indices.filter { numbers[$0] == numbers.max()! }
    }
    let first = { (window: Tensor) in [(place: winners(window)[0], share: 1.0)] }
    try trial.compare(
      "∂E/∂x", try maxPoolBackward(delta, x, kernel: kernel, stride: stride), with: leaf.grad!,
      given: ["x": x, "kernel": kernel, "stride": stride, "δ": delta],
      mistakes: [
        Mistake(
          "A pixel has won several windows and kept one error term. They add up.",
          gives: gradient(adds: false, first)),
        Mistake(
          "The error term goes to all winners of a window. Only the first gets it.",
          gives: gradient { window in winners(window).map { ($0, 1) } }),
        Mistake(
          "The winners of a window share the error term. The first gets all of it.",
          gives: gradient { window in winners(window).map { ($0, 1 / Double(winners(window).count)) } }),
        Mistake(
          "Among equal numbers the last has won. The first wins.",
          gives: gradient { window in [(winners(window).last!, 1)] }),
        Mistake(
          "Every pixel of a window gets a part, as in average pooling. Here the winner gets all.",
          gives: gradient { window in (0..<window.count).map { ($0, 1 / Double(window.count)) } }),
        Mistake(
          "Every pixel of a window gets its error term. Only the winner does: nobody notices small changes of the others.",
          gives: gradient { window in (0..<window.count).map { ($0, 1) } }),
      ])
  }

  private static func pow10(_ exponent: Int) -> Double { (0..<exponent).reduce(1) { power, _ in 10 * power } }
}
