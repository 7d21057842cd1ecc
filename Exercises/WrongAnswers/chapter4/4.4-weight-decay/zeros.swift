// Says: nothing has been computed yet
import DeepLearning

func descend(
  from start: Tensor, steps: Int, lr: Double, weightDecay: Double, _ loss: (Tensor) -> Tensor
) throws -> Tensor {
  Tensor.zeros(like: start)
}

final class DecayingSGD: Optimizer {
  init<P: Trainable>(_ parameters: [P], lr: Double, weightDecay: Double) {
    super.init(parameters, defaults: [.lr: lr, .weightDecay: weightDecay])
  }

  override func update(
    _ parameter: Tensor, gradient: Tensor, group: ParameterGroup, step: Int, state: inout [String: Tensor]
  ) {
    parameter.zero_()
  }
}
