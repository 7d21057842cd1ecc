import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try parameters(trial)
    try output(trial, Tensor([[1.0, 0, 0.5]]))
    try output(trial, .rand(5, 3))
    try denoising(trial)
    try projection(
      trial, Tensor([[3.0, 4]]), mean: Tensor([1.0, 1]), axes: Tensor([[1.0], [0]]))
    let (axes, _) = orthonormal(5, 2)
    try projection(trial, .randn(4, 5) + 2, mean: .randn(5), axes: axes)
  }

  private static func orthonormal(_ rows: Int, _ columns: Int) -> (axes: Tensor, all: Tensor) {
    let all = Init.orthogonal_(Tensor.zeros(rows, rows))
    return (all[.all, ..<columns], all)
  }

  private static func parameters(_ trial: Trial) throws {
    let model = Autoencoder(inputs: 6, hidden: 4, code: 2)
    let found = model.namedParameters().map {
      "\($0.name) (\($0.tensor.shape.map(String.init).joined(separator: ", ")))"
    }
    let expected = [
      "decoder.0.bias (4)", "decoder.0.weight (4, 2)", "decoder.2.bias (6)", "decoder.2.weight (6, 4)",
      "encoder.0.bias (4)", "encoder.0.weight (4, 6)", "encoder.2.bias (2)", "encoder.2.weight (2, 4)",
    ]
    try trial.compare(
      "the parameters that are found", found.isEmpty ? "none" : found.sorted().joined(separator: "\n"),
      equals: expected.joined(separator: "\n"),
      given: ["model": "Autoencoder(inputs: 6, hidden: 4, code: 2)"],
      mistakes: [
        Mistake(
          "No parameter is found. Keep both halves in properties, encoder and decoder.", when: found.isEmpty),
        Mistake(
          "There is no bottleneck: the code has \"code\" numbers.",
          when: !found.contains("encoder.2.weight (2, 4)")),
        Mistake("The decoder is the encoder read backward: code, hidden, inputs.", when: true),
      ])
  }

  private static func output(_ trial: Trial, _ x: Tensor) throws {
    let model = Autoencoder(inputs: 3, hidden: 4, code: 2)
    let names = ["encoder.0", "encoder.2", "decoder.0", "decoder.2"]
    noGrad {
      for (name, tensor) in model.namedParameters() {
        tensor.copy_(Tensor.randint(-2, 3, tensor.shape).to(.float32))
        // So that some codes are negative, and no ReLU is dead for all inputs.
        if name.hasSuffix("0.bias") { tensor.fill_(1) }
        if name == "encoder.2.bias" { tensor.copy_(Tensor([-9.0, 9])) }
      }
    }
    let all = Dictionary(uniqueKeysWithValues: model.namedParameters().map { ($0.name, $0.tensor.detach()) })
    let layers = names.map { (w: all["\($0).weight"]!, b: all["\($0).bias"]!) }
    func layer(_ i: Int, _ x: Tensor) -> Tensor { linear(x, layers[i].w, layers[i].b) }
    let code = layer(1, layer(0, x).relu())
    func decoded(_ code: Tensor) -> Tensor { layer(3, layer(2, code).relu()) }
    try trial.compare(
      "x̂", noGrad { model(x) }, with: decoded(code).sigmoid(),
      given: [
        "x": x, "W1": layers[0].w, "b1": layers[0].b, "W2": layers[1].w, "b2": layers[1].b, "W3": layers[2].w,
        "b3": layers[2].b, "W4": layers[3].w, "b4": layers[3].b,
      ],
      mistakes: [
        Mistake("The sigmoid at the end is missing.", gives: decoded(code)),
        Mistake(
          "The code has gone through a ReLU. It may be negative: half of what it can say is lost.",
          gives: decoded(code.relu()).sigmoid()),
        Mistake(
          "The code has gone through a sigmoid. It has no activation.",
          gives: decoded(code.sigmoid()).sigmoid()),
        Mistake(
          "The code has gone through a tanh. It has no activation.", gives: decoded(code.tanh()).sigmoid()),
        Mistake(
          "The hidden layers have no ReLU: without it both halves are linear.",
          gives: layer(3, layer(2, layer(1, layer(0, x)))).sigmoid()),
        Mistake("This is the code. The decoder has not seen it.", gives: code),
        Mistake("The output is behind a ReLU. Pixels are made by a sigmoid.", gives: decoded(code).relu()),
      ])
  }

  /// Doubles what it reads: easy to follow, and a gradient flows.
  private final class Doubling: Module {
    override func forward(_ x: Tensor) -> Tensor { 2 * x }
  }

  private static func denoising(_ trial: Trial) throws {
    for (x, noise) in [(Tensor([[1.0, 2]]), Tensor([[0.5, -1]])), (.randn(4, 3), .randn(4, 3))] {
      let model = Doubling()
      let leaf = noise.clone().requiresGrad_()
      let loss = try denoisingLoss(model, x, noise: leaf)
      let input: KeyValuePairs<String, any Showable> = ["x": x, "noise": noise, "model": "2 x"]
      try trial.compare(
        "the loss", loss.item(), with: (2 * (x + noise) - x).square().mean().item(), given: input,
        mistakes: [
          Mistake(
            "The target is noisy, too. What was there before the noise is asked for.",
            gives: (x + noise).square().mean().item()),
          Mistake("The model has read x without the noise.", gives: x.square().mean().item()),
          Mistake(
            "The target is the noise. What was there before it came is asked for.",
            gives: (2 * (x + noise) - noise).square().mean().item()),
          Mistake(
            "Noise in the target alone: it belongs to what the model reads.",
            gives: (x - noise).square().mean().item()),
          Mistake(
            "This is the sum. The mean over all numbers is asked for.",
            gives: (2 * (x + noise) - x).square().sum().item()),
          Mistake(
            "This is the mean over the examples. It is taken over all numbers.",
            gives: ((2 * (x + noise) - x).square().sum() / Double(x.size(0))).item()),
        ])
      try trial.require(
        loss.requiresGrad, "the loss", given: input, expected: "a tensor through which gradients flow",
        got: "one that knows nothing of the model", meaning: "Compute the loss with tensor operations.")
    }
  }

  private static func projection(_ trial: Trial, _ x: Tensor, mean: Tensor, axes: Tensor) throws {
    // Axis by axis.
    var expected = mean.expand(x.shape).clone()
    for k in 0..<axes.size(1) {
      let axis = axes[.all, k]
      expected = expected + ((x - mean) * axis).sum(dim: 1, keepDim: true) * axis
    }
    let code = (x - mean).matmul(axes)
    try trial.compare(
      "the reconstruction", try projected(x, mean: mean, axes: axes), with: expected,
      given: ["x": x, "mean": mean, "axes": axes], within: 1e-4,
      mistakes: [
        Mistake("The mean has not been added again at the end.", gives: expected - mean),
        Mistake(
          "The mean has not been subtracted before the axes: they go through the data's center.",
          gives: mean + x.matmul(axes).matmul(axes.T)),
        Mistake("The mean has no part in this.", gives: x.matmul(axes).matmul(axes.T)),
        Mistake("This is the code. Multiply it by the axes once more, transposed.", gives: code),
        Mistake("Nothing has been lost: the k numbers of the code are all that remains of x.", gives: x),
      ])
  }
}
