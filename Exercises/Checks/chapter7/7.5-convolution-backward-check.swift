import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let x = Tensor([[[1.0, 2], [3, 4]]])
    let w = Tensor([[[[5.0, 6], [7, 8]]]])
    try gradients(trial, Tensor([[[10.0]]]), x, w, stride: 1, padding: 0)
    try gradients(
      trial, Tensor([[[1.0, 10], [100, 1000]]]), Tensor([[[1.0, 0, 2], [0, 3, 0], [4, 0, 5]]]), w, stride: 1,
      padding: 0)
    try gradients(trial, Tensor([[[1.0, 0], [0, 10]]]), x, w, stride: 2, padding: 1)
    try gradients(
      trial, Tensor([[[1.0]], [[10]]]), cat([x, 10 * x]),
      cat([cat([w, -w], dim: 1), cat([w.flip(3), w], dim: 1)]),
      stride: 1, padding: 0)
    try gradients(trial, .randn(4, 4, 5), .randn(3, 4, 5), .randn(4, 3, 3, 3), stride: 1, padding: 1)
    try gradients(
      trial, .randn(2, 3, 3), .randn(3, 8, 6), .randn(2, 3, 3, 3), stride: 2, padding: 0, cut: true)
  }

  /// - Parameter cut: Whether δ is cut to the places that there are.
  private static func gradients(
    _ trial: Trial, _ delta: Tensor, _ x: Tensor, _ w: Tensor, stride: Int, padding: Int, cut: Bool = false
  ) throws {
    let leaves = [x, w, Tensor.zeros(w.size(0))].map { $0.to(.float64).requiresGrad_() }
    let z = conv2d(leaves[0], leaves[1], leaves[2], stride: stride, padding: padding)
    let delta = cut ? delta[.all, 0..<z.size(1), 0..<z.size(2)].contiguous() : delta
    z.backward(delta.to(.float64))
    let expected = leaves.map { $0.grad!.to(.float32) }
    let answer = try convolutionBackward(delta, x, w, stride: stride, padding: padding)
    let input: KeyValuePairs<String, any Showable> = [
      "δ": delta, "x": x, "w": w, "stride": stride, "padding": padding,
    ]
    try trial.compare(
      "∂E/∂b", answer.b, with: expected[2], given: input,
      mistakes: [
        Mistake(
          "This is a mean over the places. The bias is added at each of them, so that the derivatives add up.",
          gives: delta.mean(dims: [1, 2])),
        Mistake(
          "One number for each filter: add up over the rows and columns, dimensions 1 and 2.",
          when: answer.b.count != w.size(0)),
      ])

    let padded = x.pad([padding, padding, padding, padding])
    /// Goes through the error terms in the given order of the kernel, and with the given steps.
    func backward(
      filters: [Tensor], step: Int, adds: Bool = true
    ) -> (x: Tensor, w: Tensor) {
      let k = w.size(2)
      let (dx, dw) = (Tensor.zeros(like: padded), Tensor.zeros(like: w))
      for f in 0..<delta.size(0) {
        for i in 0..<delta.size(1) {
          for j in 0..<delta.size(2) {
            let (rows, columns) = (i * step..<i * step + k, j * step..<j * step + k)
            guard rows.upperBound <= padded.size(1), columns.upperBound <= padded.size(2) else { continue }
            dw[f] = (adds ? dw[f] : 0 * dw[f]) + delta[f, i, j] * padded[.all, rows, columns]
            let before = dx[.all, rows, columns]
            dx[.all, rows, columns] = (adds ? before : 0 * before) + delta[f, i, j] * filters[f]
          }
        }
      }
      return (dx[.all, padding..<padding + x.size(1), padding..<padding + x.size(2)], dw)
    }
    let kernels = w.unbind()
    let everyPixel = backward(filters: kernels, step: 1)
    let overwritten = backward(filters: kernels, step: stride, adds: false)
    let flipped = backward(filters: kernels.map { $0.flip(1, 2) }, step: stride)
    let places = Double(delta.size(1) * delta.size(2))
    try trial.compare(
      "∂E/∂w", answer.w, with: expected[1], given: input,
      mistakes: [
        Mistake("The gradient runs backwards: flipped it would be right.", gives: expected[1].flip(2, 3)),
        Mistake(
          "Only the last place has been kept. A weight is used at every place: add up.", gives: overwritten.w),
        Mistake("The stride is missing: window (i, j) begins at (iS, jS).", gives: everyPixel.w),
        Mistake(
          "This is a mean over the places. A weight is used at each of them, so that the derivatives add up.",
          gives: expected[1] / places),
      ])
    try trial.compare(
      "∂E/∂x", answer.x, with: expected[0], given: input,
      mistakes: [
        Mistake(
          "The padding is still there: cut off P rows and columns on each side.",
          when: padding > 0 && answer.x.shape == padded.shape),
        Mistake(
          "The kernel has been flipped once too often: what pixel iS + r gets from place i came through weight r.",
          gives: flipped.x),
        Mistake(
          "Windows overlap, and filters share the picture: what a pixel gets has to be added, not overwritten.",
          gives: overwritten.x),
        Mistake("The stride is missing: window (i, j) begins at (iS, jS).", gives: everyPixel.x),
        Mistake(
          "This comes from the first filter alone. A pixel feeds all filters.",
          gives: firstFilter(delta, x, w, stride, padding)),
      ])
  }

  private static func firstFilter(
    _ delta: Tensor, _ x: Tensor, _ w: Tensor, _ stride: Int, _ padding: Int
  ) -> Tensor {
    let leaf = x.clone().requiresGrad_()
    conv2d(leaf, w[0..<1], stride: stride, padding: padding).backward(delta[0..<1])
    return leaf.grad!
  }
}
