// Says: has gone on counting
import DeepLearning

final class Transfer: Module {
  let body: Module
  let head: Linear

  init(body: Module, features: Int, classes: Int) {
    self.body = body.requiresGrad_(false).eval()
    head = Linear(features, classes)
  }

  override func forward(_ x: Tensor) -> Tensor {
    head(body.eval()(x))
  }
}

func learn(_ model: Transfer, _ x: Tensor, _ y: Tensor, steps: Int, lr: Double) throws {
  let features = noGrad { model.body(x) }
  let optimizer = SGD(model.head.parameters(), lr: lr)
  for _ in 0..<steps {
    optimizer.zeroGrad()
    crossEntropy(model.head(features), y).backward()
    optimizer.step()
  }
}
