// Says: Rounded up: the last window
import DeepLearning

struct Layer {
  var kernel: Int
  var stride = 1
  var padding = 0
  var dilation = 1
  var filters: Int?
}

func outputSize(_ size: Int, _ layer: Layer) throws -> Int {
  (size + 2 * layer.padding - layer.dilation * (layer.kernel - 1) - 1 + layer.stride - 1) / layer.stride + 1
}

func parameterCount(_ layer: Layer, depth: Int) throws -> Int {
  guard let filters = layer.filters else { return 0 }
  return filters * (layer.kernel * layer.kernel * depth + 1)
}

func counts(
  _ network: [Layer], size: Int, depth: Int
) throws -> (size: Int, depth: Int, parameters: Int, field: Int) {
  var (size, depth, parameters) = (size, depth, 0)
  var (field, step) = (1, 1)
  for layer in network {
    size = try outputSize(size, layer)
    parameters += try parameterCount(layer, depth: depth)
    depth = layer.filters ?? depth
    field += layer.dilation * (layer.kernel - 1) * step
    step *= layer.stride
  }
  return (size, depth, parameters, field)
}
