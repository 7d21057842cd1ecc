// Says: These all were given x
import DeepLearning

final class ResidualBlock: Module {
  let first: Linear
  let second: Linear
  let alpha: Tensor

  init(_ features: Int, hidden: Int) {
    first = Linear(features, hidden)
    second = Linear(hidden, features)
    alpha = Parameter(.zeros(features))
  }

  override func forward(_ x: Tensor) -> Tensor { x + alpha * second(first(x).relu()) }
}

final class ResidualNetwork: Module {
  let blocks: [ResidualBlock]
  let head: Linear

  init(_ features: Int, hidden: Int, depth: Int, classes: Int) {
    blocks = (0..<depth).map { _ in ResidualBlock(features, hidden: hidden) }
    head = Linear(features, classes)
  }

  override func forward(_ x: Tensor) -> Tensor { head(blocks.reduce(x) { _, block in block(x) }) }
}
