import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try parameters(trial)
    try output(trial)
    try modes(trial)
    try learning(trial, steps: 1)
    try learning(trial, steps: 20)
  }

  /// Counts how often it is asked.
  private final class Counted: Module {
    private(set) var calls = 0
    override func forward(_ x: Tensor) -> Tensor {
      calls += 1
      return x
    }
  }

  private static let shown = "Conv2d(1, 2, 3), BatchNorm2d(2), ReLU, Flatten, Dropout"

  /// A body for pictures of 4 × 4 with 8 features, whose running statistics are those of data it has seen.
  private static func body() -> Sequential {
    let body = Sequential(Counted(), Conv2d(1, 2, 3), BatchNorm2d(2), ReLU(), Flatten(), Dropout(0.5))
    noGrad { for _ in 0..<20 { _ = body(2 * Tensor.randn(16, 1, 4, 4) + 1) } }
    return body
  }

  private static func parameters(_ trial: Trial) throws {
    let model = Transfer(body: body(), features: 8, classes: 3)
    let input: KeyValuePairs<String, any Showable> = ["body": shown, "features": 8, "classes": 3]
    func names(_ isAsked: Bool?) -> String {
      let names = model.namedParameters().filter { isAsked == nil || $0.tensor.requiresGrad == isAsked }
      return names.isEmpty ? "none" : names.map(\.name).sorted().joined(separator: "\n")
    }
    try trial.compare(
      "the shapes of the head's parameters", model.head.parameters().map(\.shape), equals: [[3, 8], [3]],
      given: input,
      mistakes: [Mistake("The head makes a logit for each class from the features.", when: true)])
    try trial.compare(
      "the parameters that ask for gradients", names(true), equals: "head.bias\nhead.weight", given: input,
      mistakes: [
        Mistake(
          "The head is frozen as well, and would learn nothing. Freeze the body alone.",
          when: names(true) == "none"
        ),
        Mistake(
          "The body is not frozen: its parameters still ask for gradients. See requiresGrad_.",
          when: names(true) == names(nil)),
        Mistake("All of the body is frozen, and nothing else.", when: true),
      ])
  }

  private static func output(_ trial: Trial) throws {
    let model = Transfer(body: body(), features: 8, classes: 3)
    model.eval()
    let x = Tensor.randn(2, 1, 4, 4)
    let z = noGrad { model.head(model.body(x)) }
    try trial.compare(
      "the logits", noGrad { model(x) }, with: z,
      given: ["body": shown, "x": "(2, 1, 4, 4), random", "mode": "evaluation"],
      mistakes: [
        Mistake("These are probabilities. Logits are asked for.", gives: z.softmax(dim: 1)),
        Mistake("These are the features. The head makes logits of them.", gives: noGrad { model.body(x) }),
      ])
  }

  private static func modes(_ trial: Trial) throws {
    let model = Transfer(body: body(), features: 8, classes: 3)
    model.eval()
    let x = Tensor.randn(4, 1, 4, 4)
    let calm = noGrad { model(x) }
    let before = model.body.buffers().map { $0.clone() }
    model.train()
    let training = noGrad { model(x) }
    let input: KeyValuePairs<String, any Showable> = ["body": shown, "x": "(4, 1, 4, 4), random"]
    try trial.compare(
      "the logits after train()", training, with: calm, given: input,
      mistakes: [
        Mistake(
          "train() has switched the body back to training mode: its dropout is at work, and its batch norm takes "
            + "the statistics of this batch. Call eval() on the body in forward.", when: true)
      ])
    try buffers(trial, model, before, input)
  }

  private static func buffers(
    _ trial: Trial, _ model: Transfer, _ before: [Tensor], _ input: KeyValuePairs<String, any Showable>
  ) throws {
    let unchanged = zip(model.body.buffers(), before).allSatisfy { equal($0, $1) }
    try trial.require(
      unchanged, "the running statistics of the body", given: input, expected: "what they were before",
      got: "others",
      meaning:
        "The batch normalization of the body has gone on counting. It does so in training mode, without any "
        + "gradient: call eval() on the body before it sees a batch.")
  }

  private static func learning(_ trial: Trial, steps: Int) throws {
    let (x, y) = (Tensor.randn(12, 1, 4, 4), Tensor.randint(0, 3, [12]))
    let body = body()
    let model = Transfer(body: body, features: 8, classes: 3)
    let input: KeyValuePairs<String, any Showable> = [
      "body": shown, "x": "(12, 1, 4, 4), random", "y": y, "steps": steps, "lr": 0.5,
    ]
    model.eval()
    let features = noGrad { model.body(x) }
    let buffersBefore = model.body.buffers().map { $0.clone() }
    let bodyBefore = model.body.parameters().map { $0.detach().clone() }
    func reference(lr: Double = 0.5, pilesUp: Bool = false) -> Tensor {
      var (w, b) = (model.head.weight.detach().clone(), model.head.bias!.detach().clone())
      var (gw, gb) = (Tensor.zeros(like: w), Tensor.zeros(like: b))
      for _ in 0..<steps {
        // E is a mean over the examples: output minus target, over N.
        let errors = (linear(features, w, b).softmax(dim: 1) - oneHot(y, classes: 3, dtype: .float32)) / 12
        gw = (pilesUp ? gw : 0 * gw) + errors.T.matmul(features)
        gb = (pilesUp ? gb : 0 * gb) + errors.sum(dim: 0)
        (w, b) = (w - lr * gw, b - lr * gb)
      }
      return cat([w, b.unsqueeze(1)], dim: 1)
    }
    let (start, expected) = (reference(lr: 0), reference())
    let (piledUp, uphill) = (reference(pilesUp: true), reference(lr: -0.5))

    model.train()
    let calls = (body[0] as! Counted).calls
    try learn(model, x, y, steps: steps, lr: 0.5)
    let asked = (body[0] as! Counted).calls - calls
    let learned = cat([model.head.weight.detach(), model.head.bias!.detach().unsqueeze(1)], dim: 1)
    let isStill = zip(model.body.parameters(), bodyBefore).allSatisfy { equal($0.detach(), $1) }
    try trial.require(
      isStill, "the parameters of the body after learn", given: input, expected: "what they were before",
      got: "others",
      meaning: "The body has learned, too. It is frozen: only the head's parameters take steps.")
    try buffers(trial, model, buffersBefore, input)
    try trial.compare(
      "the head after learn, W and b side by side", learned, with: expected, given: input, within: 1e-3,
      mistakes: [
        Mistake("The head has not learned.", gives: start),
        Mistake(
          "The gradients of all steps have piled up: set them to zero before each backward pass.",
          gives: piledUp),
        Mistake("The step goes uphill: it is against the gradient.", gives: uphill),
      ])
    try trial.require(
      asked == 1, "how often the body was asked", given: input, expected: "once", got: "\(asked) times",
      meaning: asked > 1
        ? "The features do not change. Compute them once, before the first step."
        : "The body has not been asked for features by calling it.")
  }
}
