/// x ∘ m / (1 − p) with a mask m that is 0 with probability `p` and 1 otherwise, drawn anew for each element: what
/// is left is scaled up, so that the expected value stays x. Without `training` it is x itself.
///
/// ∂/∂x = m / (1 − p)
///
/// - Parameters:
///   - p: The probability that an element becomes 0, from 0 to 1.
///   - generator: Where the masks come from; the same seed gives PyTorch's.
public func dropout(
  _ x: Tensor, p: Double = 0.5, training: Bool = true, generator: Generator = .default
) -> Tensor {
  check((0...1).contains(p), "dropout", "\(p) is not a probability")
  check(
    x.dtype.isFloatingPoint, "dropout",
    "needs floating-point input, found \(x.dtype); convert with to(.float32)")
  guard training && p > 0 else { return x }
  // Where nothing is left there is nothing to scale, and nothing to draw.
  guard p < 1 else { return x * 0 }
  let mask = noGrad { Tensor(uninitializedLike: x).bernoulli_(1 - p, generator: generator).div_(1 - p) }
  return x * mask
}
