import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  private struct Setting {
    let shape: [Int]
    let kernel: Int
    var stride = 1
    var padding = 0
  }

  static func run(_ trial: Trial) throws {
    let settings = [
      Setting(shape: [1, 3, 3], kernel: 2), Setting(shape: [1, 2, 3], kernel: 2),
      Setting(shape: [2, 2, 3], kernel: 2), Setting(shape: [1, 4, 5], kernel: 2, stride: 2),
      Setting(shape: [1, 2, 2], kernel: 2, padding: 1),
      Setting(shape: [3, 7, 8], kernel: 3, stride: 2, padding: 2),
    ]
    for setting in settings { try pictures(trial, setting) }
    for setting in settings { try products(trial, setting) }
    for setting in settings { try back(trial, setting) }
  }

  /// 1, 2, 3, … in the given shape: every number tells where it comes from.
  private static func counted(_ shape: [Int]) -> Tensor {
    Tensor.arange(1, shape.reduce(1, *) + 1).to(.float32).view(shape)
  }

  private static func pictures(_ trial: Trial, _ n: Setting) throws {
    let x = counted(n.shape)
    let expected = unfold(x, n.kernel, padding: n.padding, stride: n.stride)
    let answer = try columns(x, kernel: n.kernel, stride: n.stride, padding: n.padding)
    let (depth, taps) = (n.shape[0], n.kernel * n.kernel)
    let height = (n.shape[1] + 2 * n.padding - n.kernel) / n.stride + 1
    let width = (n.shape[2] + 2 * n.padding - n.kernel) / n.stride + 1
    try trial.compare(
      "C", answer, with: expected,
      given: ["x": x, "kernel": n.kernel, "stride": n.stride, "padding": n.padding],
      mistakes: [
        Mistake("The windows stand in the rows. They belong in the columns.", gives: expected.T),
        Mistake(
          "The rows come in the order (r, s, c). Weights lie in memory channel by channel: (c, r, s).",
          gives: expected.view(depth, taps, -1).transpose(0, 1).flatten(0, 1)),
        Mistake(
          "r and s have changed places: within a channel, the rows of the kernel come one after the other.",
          gives: expected.view(depth, n.kernel, n.kernel, -1).transpose(1, 2).flatten(0, 2)),
        Mistake(
          "The places come column by column. They are numbered along the rows, i W′ + j.",
          gives: expected.view(-1, height, width).transpose(1, 2).flatten(1)),
        Mistake(
          "The stride is missing: the windows begin S pixels apart.",
          gives: unfold(x, n.kernel, padding: n.padding)),
        Mistake(
          "The padding is missing: P zeros on each side.",
          when: n.padding > 0 && answer.shape == unfold(x, n.kernel, stride: n.stride).shape),
      ])
  }

  private static func products(_ trial: Trial, _ n: Setting) throws {
    let x = counted(n.shape) / 10
    let filters = 2
    let w = Tensor.randint(-3, 4, [filters, n.shape[0], n.kernel, n.kernel]).to(.float32)
    let b = Tensor([10.0, 20.0])
    let z = conv2d(x, w, stride: n.stride, padding: n.padding)
    let answer = try convolved(x, w, b, stride: n.stride, padding: n.padding)
    try trial.compare(
      "Z", answer, with: z + b.view(2, 1, 1),
      given: ["x": x, "w": w, "b": b, "stride": n.stride, "padding": n.padding],
      mistakes: [
        Mistake("The bias is missing.", gives: z),
        Mistake(
          "The result is still a matrix, (F, places). Its shape is (F, H′, W′).",
          when: answer.shape == [filters, z.size(1) * z.size(2)]),
        Mistake(
          "The numbers are in the wrong order: the product is (F, places), and keeps its filters in front.",
          when: answer.shape == [z.size(1), z.size(2), filters]),
      ])
  }

  private static func back(_ trial: Trial, _ n: Setting) throws {
    let c = counted(unfold(Tensor.zeros(n.shape), n.kernel, padding: n.padding, stride: n.stride).shape)
    func folded(_ c: Tensor, padding: Int) -> Tensor {
      fold(c, outputSize: [n.shape[1], n.shape[2]], n.kernel, padding: padding, stride: n.stride)
    }
    let expected = folded(c, padding: n.padding)
    let copies = folded(Tensor.ones(like: c), padding: n.padding)
    let answer = try image(c, shape: n.shape, kernel: n.kernel, stride: n.stride, padding: n.padding)
    try trial.compare(
      "the image", answer, with: expected,
      given: [
        "columns": c, "shape": "\(n.shape)", "kernel": n.kernel, "stride": n.stride, "padding": n.padding,
      ],
      mistakes: [
        Mistake(
          "This is a mean over a pixel's copies. Their numbers are added up.",
          gives: expected / maximum(copies, Tensor(1.0))),
        Mistake(
          "The numbers overwrite one another. A pixel has been copied into several windows: add up what comes back.",
          when: answer.shape == expected.shape && overwritten(c, n, answer)),
        Mistake(
          "The padding is still there: drop P rows and columns on each side.",
          when: n.padding > 0
            && answer.shape == [n.shape[0], n.shape[1] + 2 * n.padding, n.shape[2] + 2 * n.padding]
        ),
      ])
  }

  /// Whether each number of `answer` is one of those that came back to its pixel.
  private static func overwritten(_ c: Tensor, _ n: Setting, _ answer: Tensor) -> Bool {
    let places = unfold(counted(n.shape), n.kernel, padding: n.padding, stride: n.stride)
    let candidates = zip(places.flatten().toArray(of: Int.self), c.flatten().toArray(of: Double.self))
    var arrived: [Int: Set<Double>] = [:]
    for (pixel, number) in candidates where pixel > 0 { arrived[pixel, default: []].insert(number) }
    return answer.flatten().toArray(of: Double.self).enumerated().allSatisfy {
      arrived[$0 + 1, default: [0]].contains($1)
    }
  }
}
