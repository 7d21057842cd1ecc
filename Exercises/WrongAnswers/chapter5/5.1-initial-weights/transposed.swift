// Says: (outputs, inputs)
import DeepLearning
import Foundation

func signalFactor(_ s: Double, units: Int, layers: Int, isReLU: Bool) throws -> Double {
  pow(s * (isReLU ? Double(units) / 2 : Double(units)).squareRoot(), Double(layers))
}

func xavierBound(inputs: Int, outputs: Int) throws -> Double { (6 / Double(inputs + outputs)).squareRoot() }

func heBound(inputs: Int) throws -> Double { (6 / Double(inputs)).squareRoot() }

func heWeights(inputs: Int, outputs: Int) throws -> Tensor {
  let bound = try heBound(inputs: inputs)
  return Tensor.rand(inputs, outputs) * (2 * bound) - bound
}
