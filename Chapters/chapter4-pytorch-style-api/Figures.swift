// How the figures of this chapter are drawn. Nothing here is about learning; the lecture is main.swift.

import DeepLearning

func sampleFigure(_ set: ImageDataset, _ indices: [Int]) -> Figure {
  Figure(
    title: "Ten examples of \(set.name)",
    caption: "Each picture has 28 × 28 pixels, and the name of its class."
  )
  .imageGrid(
    indices.map { set[$0].image.flatten().toArray() }, height: 28, width: 28, columns: 5,
    captions: indices.map { set.classes[set.labels[$0]] })
}

func doubleSoftmaxFigure(logits: Curve, probabilities: Curve) -> Figure {
  func panel(_ title: String, _ y: String, _ values: (Curve) -> [Double]) -> Figure {
    Figure(title: title)
      .line(x: logits.steps, y: values(logits), label: "logits", color: .blue)
      .line(x: probabilities.steps, y: values(probabilities), label: "softmax twice", color: .vermilion)
      .axes(x: "step", y: y)
  }
  return .grid(
    title: "What a second softmax costs",
    caption: "Same network, same start, same batches, same learning rate. With the softmax applied twice the "
      + "network learns more slowly and is left behind.", columns: 2,
    [
      panel("cross-entropy", "on the test set") { $0.losses },
      panel("accuracy", "on the test set") { $0.accuracies },
    ]
  ).size(width: 1000, height: 430)
}

func quickstartFigure(
  _ losses: [Double], _ seen: [Int], _ tests: [(accuracy: Double, loss: Double)], reference: [Double],
  epochLength: Int
) -> Figure {
  let linesAnEpoch = losses.count / tests.count
  let places = losses.indices.map { Double($0 / linesAnEpoch) + Double(seen[$0]) / Double(epochLength) }
  let count = min(reference.count, losses.count)
  let figure = Figure(
    title: "The quickstart, from ln 10 down",
    caption: "Blue: the loss of every hundredth batch. "
      + (count > 0 ? "Orange dots: what PyTorch printed for the same seed. " : "")
      + "Green: the mean loss on the test set after each epoch."
  )
  .line(x: places, y: losses, label: "here, one batch", color: .blue)
  .line(
    x: tests.indices.map { places[($0 + 1) * linesAnEpoch - 1] }, y: tests.map(\.loss),
    label: "here, test set", color: .green,
    markers: true
  )
  .axes(x: "epochs", y: "cross-entropy")
  guard count > 0 else { return figure }
  return figure.scatter(
    x: places.prefix(count), y: reference.prefix(count), label: "PyTorch, one batch", color: .vermilion)
}

func historyFigure(_ history: [EpochRecord]) -> Figure {
  let epochs = history.indices.map { Double($0 + 1) }
  return Figure(
    title: "Loss of each epoch, mean and standard deviation over its batches",
    caption:
      "The line is the mean over the batches of an epoch, the band one standard deviation to either side. "
      + "Training goes on falling; validation follows, and then stays behind."
  )
  .band(
    x: epochs, mean: history.map(\.training.mean), deviation: history.map { $0.training.std() },
    label: "training",
    color: .blue
  )
  .band(
    x: epochs, mean: history.map(\.validation.mean), deviation: history.map { $0.validation.std() },
    label: "validation", color: .vermilion
  )
  .axes(x: "epoch", y: "cross-entropy")
}
