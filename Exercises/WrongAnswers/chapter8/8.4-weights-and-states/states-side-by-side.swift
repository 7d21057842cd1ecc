// Says: They do not stand side by side here
import DeepLearning

struct Network {
  enum Kind { case rnn, gru, lstm }
  var kind: Kind
  var inputs: Int
  var units: Int
  var layers = 1
  var isBidirectional = false
}

func parameterCount(_ network: Network) throws -> Int {
  let (n, directions) = (network.units, network.isBidirectional ? 2 : 1)
  let gates =
    switch network.kind {
    case .rnn: 1
    case .gru: 3
    case .lstm: 4
    }
  return (0..<network.layers).reduce(0) { count, layer in
    let inputs = layer == 0 ? network.inputs : directions * n
    return count + directions * gates * (n * inputs + n * n + 2 * n)
  }
}

func shapes(_ network: Network, steps: Int, batch: Int) throws -> (output: [Int], state: [Int]) {
  let directions = network.isBidirectional ? 2 : 1
  return (
    [steps, batch, directions * network.units],
    [directions * network.layers, batch, directions * network.units]
  )
}

func largest(_ network: Network, budget: Int) throws -> Int {
  var next = network
  next.units = 1
  while try parameterCount(next) <= budget { next.units += 1 }
  return next.units - 1
}
