// Says: start nearly closed
import DeepLearning

final class HighwayLayer: Module {
  let body: Linear
  let gate: Linear

  init(_ features: Int) {
    body = Linear(features, features)
    gate = Linear(features, features)
  }

  override func forward(_ x: Tensor) -> Tensor {
    let t = gate(x).sigmoid()
    return t * body(x).tanh() + (1 - t) * x
  }
}

final class HighwayTower: Module {
  let layers: [HighwayLayer]

  init(_ features: Int, depth: Int) {
    layers = (0..<depth).map { _ in HighwayLayer(features) }
  }

  override func forward(_ x: Tensor) -> Tensor { layers.reduce(x) { x, layer in layer(x) } }
}
