/*:
 # 8.4 Counting weights

 Section 8.5 counts the parameters of plain recurrent networks, section 8.6 those of networks with gates. For D
 inputs and N units, with the two biases of the library,

 $$g \left( N D_l + N^2 + 2 N \right)$$

 is the count for one layer and one direction, where $g$ is 1 for a plain RNN, 3 for a GRU and 4 for an LSTM. The
 first layer reads the input, $D_1 = D$. Any other reads what the layer below it says: N numbers, or 2N if the
 network is **bidirectional**. Such a network has twice as many of everything, since each direction has weights of
 its own.

 1. `parameterCount` counts them all. The LSTM with D = 10, N = 20, two layers and both directions has 15,040.
 2. `shapes` tells what comes out for a sequence of τ steps and a batch of B: the shape of the outputs, which are
    those of the last layer, (τ, B, N) or (τ, B, 2N), and that of the last states, which are those of all layers and
    directions, (…, B, N).
 3. `largest` is how many units one can afford: the largest N with which the network has at most `budget`
    parameters.
 */
import DeepLearning
import Exercises

/// What a recurrent network is made of.
struct Network {
  enum Kind { case rnn, gru, lstm }
  var kind: Kind
  var inputs: Int
  var units: Int
  var layers = 1
  var isBidirectional = false
}

/// How many weights and biases there are.
func parameterCount(_ network: Network) throws -> Int {
  // solution
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
  // end of solution
}

/// The shapes of the outputs and of the last states h.
func shapes(_ network: Network, steps: Int, batch: Int) throws -> (output: [Int], state: [Int]) {
  // solution
  let directions = network.isBidirectional ? 2 : 1
  return ([steps, batch, directions * network.units], [directions * network.layers, batch, network.units])
  // end of solution
}

/// The largest number of units within `budget` parameters, in place of `network.units`; 0 if there is none.
func largest(_ network: Network, budget: Int) throws -> Int {
  // solution
  var next = network
  next.units = 1
  while try parameterCount(next) <= budget { next.units += 1 }
  return next.units - 1
  // end of solution
}
