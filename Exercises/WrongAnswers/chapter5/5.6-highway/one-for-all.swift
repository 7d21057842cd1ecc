// Says: The same layer stands in every place
import DeepLearning

final class HighwayLayer: Module {
  let body: Linear
  let gate: Linear

  init(_ features: Int) {
    body = Linear(features, features)
    gate = Linear(features, features)
    Init.constant_(gate.bias!, -2)
  }

  override func forward(_ x: Tensor) -> Tensor {
    let t = gate(x).sigmoid()
    return t * body(x).tanh() + (1 - t) * x
  }
}

final class HighwayTower: Module {
  let layers: [HighwayLayer]

  init(_ features: Int, depth: Int) {
    layers = Array(repeating: HighwayLayer(features), count: depth)
  }

  override func forward(_ x: Tensor) -> Tensor { layers.reduce(x) { x, layer in layer(x) } }
}
