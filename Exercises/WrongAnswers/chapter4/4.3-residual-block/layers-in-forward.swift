// Says: new, and random, at every call
import DeepLearning

final class ResidualBlock: Module {
  let features: Int
  let hidden: Int
  let alpha: Tensor

  init(_ features: Int, hidden: Int) {
    self.features = features
    self.hidden = hidden
    alpha = Parameter(.zeros(features))
  }

  override func forward(_ x: Tensor) -> Tensor {
    x + alpha * Linear(hidden, features)(Linear(features, hidden)(x).relu())
  }
}

final class ResidualNetwork: Module {
  let blocks: [ResidualBlock]
  let head: Linear

  init(_ features: Int, hidden: Int, depth: Int, classes: Int) {
    blocks = (0..<depth).map { _ in ResidualBlock(features, hidden: hidden) }
    head = Linear(features, classes)
  }

  override func forward(_ x: Tensor) -> Tensor { head(blocks.reduce(x) { x, block in block(x) }) }
}
