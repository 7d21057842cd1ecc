// Says: nothing has been computed yet
import DeepLearning

final class Transfer: Module {
  let body: Module
  let head: Linear

  init(body: Module, features: Int, classes: Int) {
    self.body = body.requiresGrad_(false).eval()
    head = Linear(features, classes)
  }

  override func forward(_ x: Tensor) -> Tensor {
    head(0 * body.eval()(x)) * 0
  }
}

func learn(_ model: Transfer, _ x: Tensor, _ y: Tensor, steps: Int, lr: Double) throws {

}
