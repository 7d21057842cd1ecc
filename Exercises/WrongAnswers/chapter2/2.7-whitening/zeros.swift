// Says: nothing has been computed yet
import DeepLearning

struct Whitening {
  var mean, axes, deviations: Tensor
}

func covariance(_ x: Tensor) throws -> Tensor { Tensor.zeros(x.size(1), x.size(1)) }

func longestAxis(_ c: Tensor) throws -> (axis: Tensor, variance: Double) {
  (axis: Tensor.zeros(c.size(0)), variance: 0)
}

func whitening(_ x: Tensor, count: Int) throws -> Whitening {
  let (zeros, axes) = (Tensor.zeros(count), Tensor.zeros(x.size(1), count))
  return Whitening(mean: x.mean(dim: 0), axes: axes, deviations: zeros)
}

func whiten(_ x: Tensor, with measured: Whitening) throws -> Tensor {
  Tensor.zeros(x.size(0), measured.deviations.count)
}
