// Says: center each column first
import DeepLearning

struct Whitening {
  var mean, axes, deviations: Tensor
}

func covariance(_ x: Tensor) throws -> Tensor {
  let centered = x
  return centered.T.matmul(centered) / Double(x.size(0) - 1)
}

func longestAxis(_ c: Tensor) throws -> (axis: Tensor, variance: Double) {
  var v = Tensor.randn(c.size(0))
  for _ in 0..<200 {
    v = c.matmul(v)
    v = v / v.norm()
  }
  return (axis: v, variance: v.dot(c.matmul(v)).item())
}

func whitening(_ x: Tensor, count: Int) throws -> Whitening {
  var rest = try covariance(x)
  var (axes, variances): ([Tensor], [Double]) = ([], [])
  for _ in 0..<count {
    let (axis, variance) = try longestAxis(rest)
    rest = rest - variance * axis.unsqueeze(1).matmul(axis.unsqueeze(0))
    axes.append(axis)
    variances.append(variance)
  }
  return Whitening(
    mean: x.mean(dim: 0), axes: stack(axes, dim: 1), deviations: Tensor(variances).sqrt())
}

func whiten(_ x: Tensor, with measured: Whitening) throws -> Tensor {
  (x - measured.mean).matmul(measured.axes) / measured.deviations
}
