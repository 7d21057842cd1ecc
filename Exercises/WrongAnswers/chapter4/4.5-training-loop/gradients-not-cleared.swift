// Says: The gradients of the batches before are still there
import DeepLearning

func trainEpoch(
  _ loader: DataLoader<(Tensor, Tensor)>, _ model: Module, _ optimizer: Optimizer
) throws -> Double {
  var (total, count) = (0.0, 0.0)
  model.train()
  for (x, y) in loader {
    let loss = crossEntropy(model(x), y)
    loss.backward()
    optimizer.step()
    total += loss.item() * Double(y.count)
    count += Double(y.count)
  }
  return total / count
}

func evaluate(
  _ loader: DataLoader<(Tensor, Tensor)>, _ model: Module
) throws -> (loss: Double, accuracy: Double) {
  var (total, correct, count) = (0.0, 0.0, 0.0)
  model.eval()
  noGrad {
    for (x, y) in loader {
      let logits = model(x)
      total += crossEntropy(logits, y).item() * Double(y.count)
      correct += accuracy(logits, y) * Double(y.count)
      count += Double(y.count)
    }
  }
  return (total / count, correct / count)
}
