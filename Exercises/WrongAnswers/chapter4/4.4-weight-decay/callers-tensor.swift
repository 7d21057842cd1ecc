// Says: You have moved the caller's tensor
import DeepLearning

func descend(
  from start: Tensor, steps: Int, lr: Double, weightDecay: Double, _ loss: (Tensor) -> Tensor
) throws -> Tensor {
  let theta = start.detach().requiresGrad_()
  for _ in 0..<steps {
    theta.zeroGrad()
    loss(theta).backward()
    noGrad { theta -= lr * (theta.grad! + weightDecay * theta) }
  }
  return theta.detach()
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
