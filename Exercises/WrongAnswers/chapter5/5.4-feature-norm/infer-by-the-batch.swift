// Says: At inference the running ones count
import DeepLearning

final class FeatureNorm {
  var gamma: Tensor
  var beta: Tensor
  var runningMean: Tensor
  var runningVariance: Tensor
  let momentum: Double
  let eps: Double

  init(_ features: Int, momentum: Double = 0.1, eps: Double = 1e-5) {
    gamma = .ones(features)
    beta = .zeros(features)
    runningMean = .zeros(features)
    runningVariance = .ones(features)
    self.momentum = momentum
    self.eps = eps
  }

  func train(_ z: Tensor) throws -> Tensor {
    let count = Double(z.size(0))
    let mean = z.mean(dim: 0)
    let variance = (z - mean).square().mean(dim: 0)
    runningMean = (1 - momentum) * runningMean + momentum * mean
    runningVariance = (1 - momentum) * runningVariance + (momentum * count / (count - 1)) * variance
    return gamma * (z - mean) / (variance + eps).sqrt() + beta
  }

  func infer(_ z: Tensor) throws -> Tensor {
    let mean = z.mean(dim: 0)
    return gamma * (z - mean) / ((z - mean).square().mean(dim: 0) + eps).sqrt() + beta
  }
}
