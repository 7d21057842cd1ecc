import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    try unchanged(trial)
    try masks(trial, p: 0.5)
    try masks(trial, p: 0.2)
    try everything(trial)
    try channels(trial)
    try mean(trial)
  }

  private static func unchanged(_ trial: Trial) throws {
    let x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    let y = try inverted(x, p: 0.5, training: false)
    try trial.compare(
      "y outside of training", y, with: x, given: ["x": x, "p": 0.5],
      mistakes: [
        Mistake(
          "Nothing is scaled outside of training: inverted dropout has done so already.", gives: x * 0.5),
        Mistake("Nothing is dropped outside of training.", when: (y .== 0).any() && (y .!= 0).any()),
      ])
    try trial.compare(
      "y at p = 0", try inverted(x, p: 0, training: true), with: x, given: ["x": x, "p": 0.0])
  }

  private static func masks(_ trial: Trial, p: Double) throws {
    let x = Tensor.ones(100, 100)
    let y = try inverted(x, p: p, training: true)
    let input: KeyValuePairs<String, any Showable> = ["x": "ones of shape (100, 100)", "p": p]
    try trial.compare("the shape of y", y.shape, equals: [100, 100], given: input)
    let kept = (y .!= 0).to(.float32)
    let share: Double = kept.mean().item()
    // Ten thousand numbers: the share is off by more than 0.02 once in fifteen thousand times.
    try trial.require(
      abs(share - (1 - p)) < 0.02, "the share of numbers that are kept", given: input,
      expected: "about \(1 - p)", got: "\(share)",
      meaning: abs(share - p) < 0.02
        ? "p is the probability to drop a number, not to keep it."
        : share > 0.999 || share < 0.001
          ? "All numbers have the same fate: draw one random number for each of them."
          : "The share does not fit p.")
    try trial.compare(
      "the largest of y", y.max().item(), with: 1 / (1 - p), given: input, within: 1e-4,
      mistakes: [
        Mistake("What is kept has not been scaled: divide it by 1 − p.", gives: 1.0),
        Mistake("What is kept has become smaller. It is divided by 1 − p.", gives: 1 - p),
        Mistake("What is kept is divided by the probability to keep it, 1 − p, not by p.", gives: 1 / p),
      ])
    let values = kept / (1 - p)
    try trial.compare(
      "y", y, with: values, given: input, within: 1e-4,
      mistakes: [
        Mistake("A number is either 0 or x / (1 − p).", when: true)
      ])
    // Rows, columns and calls must not share their fate.
    let rows = kept.mean(dim: 1).std().item() as Double
    let columns = kept.mean(dim: 0).std().item() as Double
    try trial.require(
      rows < 0.2 && columns < 0.2, "the mask", given: input, expected: "a number of its own for each element",
      got: "rows or columns that are dropped as a whole", meaning: "Draw the mask with the shape of x.")
    let again = try inverted(x, p: p, training: true)
    try trial.require(
      (again .!= y).any(), "a second call", given: input, expected: "another mask", got: "the same mask",
      meaning: "The mask is to be drawn anew in every call.")
    let scaled = Tensor([[2.0, -4.0, 6.0]])
    let result = try inverted(scaled, p: p, training: true)
    let ratio = result / scaled * (1 - p)
    try trial.require(
      ((ratio - ratio.square()).abs().max().item() as Double) < 1e-4, "y of other numbers",
      given: ["x": scaled, "p": p],
      expected: "0 or x / (1 − p) each", got: result.shown(digits: 3),
      meaning: "Multiply x by the mask; here x has got lost.")
  }

  private static func everything(_ trial: Trial) throws {
    let x = Tensor([1.0, -2.0, 3.0])
    let y = try inverted(x, p: 1, training: true)
    try trial.compare(
      "y at p = 1", y, with: Tensor([0.0, 0.0, 0.0]), given: ["x": x, "p": 1.0],
      mistakes: [
        Mistake("0 divided by 0 is not a number. Where all is dropped, return zeros.", when: y.isNaN().any())
      ])
  }

  private static func channels(_ trial: Trial) throws {
    let x = Tensor.ones(50, 20, 2, 3)
    let y = try spatial(x, p: 0.5, training: true)
    let input: KeyValuePairs<String, any Showable> = ["x": "ones of shape (50, 20, 2, 3)", "p": 0.5]
    try trial.compare("the shape of y", y.shape, equals: [50, 20, 2, 3], given: input)
    let flat = y.reshape(1000, 6)
    let isMixed = (flat.amax(dims: [1]) .!= flat.amin(dims: [1])).any()
    try trial.require(
      !isMixed, "the channels", given: input, expected: "each is dropped as a whole, or kept as a whole",
      got: "some are mixed",
      meaning: "The pixels of a channel share one number of the mask: draw it with the shape (N, C, 1, 1).")
    let share: Double = (flat.amax(dims: [1]) .!= 0).to(.float32).mean().item()
    try trial.require(
      abs(share - 0.5) < 0.08, "the share of channels that are kept", given: input, expected: "about 0.5",
      got: "\(share)",
      meaning:
        "All channels have the same fate, or all pictures. Each channel of each picture has a number of its own."
    )
    let perPicture = (y.amax(dims: [2, 3]) .!= 0).to(.float32)
    let spread = perPicture.mean(dim: 0).std().item() as Double
    try trial.require(
      spread < 0.2 && (perPicture.mean(dim: 1).std().item() as Double) < 0.3, "the mask", given: input,
      expected: "a number for each channel of each picture",
      got: "the same channels in every picture, or all channels of a picture",
      meaning: "The mask has the shape (N, C, 1, 1): other pictures lose other channels.")
    try trial.compare("outside of training", try spatial(x, p: 0.5, training: false), with: x, given: input)
  }

  private static func mean(_ trial: Trial) throws {
    let (w, x) = (Tensor([1.0, -2.0, 0.5, 3.0]), Tensor([2.0, 1.0, 4.0, 1.0]))
    let (p, count) = (0.5, 4000)
    let answer = try expectation(w, x, p: p, count: count)
    // Var(z) = Σ (w x)² p / (1 − p), and the mean of `count` draws has a standard error of √(Var / count).
    let products = w * x
    let error = ((products.square().sum().item() as Double) * p / (1 - p) / Double(count)).squareRoot()
    let expected: Double = products.sum().item()
    try trial.require(
      abs(answer - expected) < 4 * error, "the mean of \(count) draws", given: ["w": w, "x": x, "p": p],
      expected: "within four standard errors of Σ w x = \(expected)", got: "\(answer)",
      meaning: abs(answer - expected * (1 - p)) < 4 * error
        ? "This is 1 − p times too small: what is kept has not been scaled."
        : abs(answer - expected * Double(count)) < 4 * error * Double(count)
          ? "This is a sum over the draws. Divide it by their number."
          : "It is further away than chance would have it.")
    try trial.require(
      answer != expected, "the mean of \(count) draws", given: ["w": w, "x": x, "p": p],
      expected: "an estimate, off by about \(error)",
      got: "exactly Σ w x", meaning: "This is the formula, not the simulation: nothing has been dropped.")
  }
}
