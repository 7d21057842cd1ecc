// The loop behind the experiment with two softmaxes in section 4.3.

import DeepLearning

/// How far a network has come, every 20 steps.
struct Curve {
  var steps: [Double] = []
  var losses: [Double] = []
  var accuracies: [Double] = []
  var meanAccuracy: Double { accuracies.reduce(0, +) / Double(accuracies.count) }
}

/// Trains on shuffled batches of 64, epoch after epoch, and measures the loss of the logits and the accuracy on a
/// `probe`, a part of the test set.
func learn(
  _ model: Module, _ optimizer: Optimizer, _ train: ImageDataset, _ probe: (x: Tensor, y: Tensor), steps: Int,
  loss: (Tensor, Tensor) -> Tensor
) -> Curve {
  var curve = Curve()
  let loader = DataLoader(train, batchSize: 64, shuffle: true)
  var batches = loader.makeIterator()
  // At the end of an epoch another one begins.
  func nextBatch() -> (Tensor, Tensor) {
    if let batch = batches.next() { return batch }
    batches = loader.makeIterator()
    return batches.next()!
  }
  for step in 0...steps {
    if step % 20 == 0 {
      let logits = noGrad { model(probe.x) }
      curve.steps.append(Double(step))
      curve.losses.append(crossEntropy(logits, probe.y).item())
      curve.accuracies.append(accuracy(logits, probe.y))
    }
    // The last measurement comes after the last step.
    if step == steps { break }
    let (x, y) = nextBatch()
    optimizer.zeroGrad()
    loss(model(x), y).backward()
    optimizer.step()
  }
  return curve
}
