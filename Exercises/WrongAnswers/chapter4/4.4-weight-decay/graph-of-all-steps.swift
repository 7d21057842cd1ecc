// Says: drags along the graph of every step
import DeepLearning

func descend(
  from start: Tensor, steps: Int, lr: Double, weightDecay: Double, _ loss: (Tensor) -> Tensor
) throws -> Tensor {
  var theta = start.clone().requiresGrad_()
  for _ in 0..<steps {
    theta = theta - lr * (grad(loss(theta), theta)! + weightDecay * theta)
  }
  return theta
}

final class DecayingSGD: Optimizer {
  init<P: Trainable>(_ parameters: [P], lr: Double, weightDecay: Double) {
    super.init(parameters, defaults: [.lr: lr, .weightDecay: weightDecay])
  }

  override func update(
    _ parameter: Tensor, gradient: Tensor, group: ParameterGroup, step: Int, state: inout [String: Tensor]
  ) {
    parameter -= group.lr * (gradient + group.weightDecay * parameter)
  }
}
