/*:
 # 4.5 A training loop and a test loop

 Section 4.5 trains with two loops that every program in this field contains. Write them yourself, for any
 classifier; its outputs are logits, and the loss is the cross-entropy.

 `trainEpoch` goes through the loader once and takes a step for each batch. It returns the mean loss of the
 epoch's examples, each as it was when its batch came: before the step. `evaluate` changes nothing, computes
 without dropout and remembers nothing; it returns the mean loss and the accuracy, the part of the examples
 whose largest logit is that of their label, from 0 to 1:

 $$L = \frac{1}{N} \sum_b n_b L_b \qquad
   A = \frac{1}{N} \sum_{n=1}^{N} [\operatorname{argmax}_k z_{nk} = y_n]$$

 Here $n_b$ is the number of examples in batch $b$, $L_b$ their mean loss, and $N = \sum_b n_b$. The last
 batch may be smaller, and then the mean is not the mean of the $L_b$: a batch of 2 with 0.6 and one of 1 with
 0.3 make (2 · 0.6 + 1 · 0.3) / 3 = 0.5, not 0.45. And a loader may leave examples out, so count those that
 come.

 With the same seed your numbers are to be those of the check's own loops.
 */
import DeepLearning
import Exercises

/// Trains `model` on each batch once, and returns the mean loss of the examples.
func trainEpoch(
  _ loader: DataLoader<(Tensor, Tensor)>, _ model: Module, _ optimizer: Optimizer
) throws -> Double {
  // solution
  var (total, count) = (0.0, 0.0)
  model.train()
  for (x, y) in loader {
    optimizer.zeroGrad()
    let loss = crossEntropy(model(x), y)
    loss.backward()
    optimizer.step()
    total += loss.item() * Double(y.count)
    count += Double(y.count)
  }
  return total / count
  // end of solution
}

/// The mean loss and the accuracy of `model` on the examples of `loader`.
func evaluate(
  _ loader: DataLoader<(Tensor, Tensor)>, _ model: Module
) throws -> (loss: Double, accuracy: Double) {
  // solution
  var (total, correct, count) = (0.0, 0.0, 0.0)
  model.eval()
  noGrad {
    for (x, y) in loader {
      let logits = model(x)
      total += crossEntropy(logits, y).item() * Double(y.count)
      correct += (logits.argmax(dim: 1) .== y).to(.float64).sum().item()
      count += Double(y.count)
    }
  }
  return (total / count, correct / count)
  // end of solution
}
