// Says: Every number is 0: nothing has been computed yet
import DeepLearning

struct Layer {
  var kernel: Int
  var stride = 1
  var padding = 0
  var dilation = 1
  var filters: Int?
}

func outputSize(_ size: Int, _ layer: Layer) throws -> Int {
  0
}

func parameterCount(_ layer: Layer, depth: Int) throws -> Int {
  0
}

func counts(
  _ network: [Layer], size: Int, depth: Int
) throws -> (size: Int, depth: Int, parameters: Int, field: Int) {
  (0, 0, 0, 0)
}
