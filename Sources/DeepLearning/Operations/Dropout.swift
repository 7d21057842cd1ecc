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
  masked(x, maskShape: x.shape, p, training, generator, "dropout")
}

/// ``dropout(_:p:training:generator:)`` of whole channels of sequences: x (N, C, L), or (C, L) without a batch, has
/// one number of the mask for each channel of each example.
///
/// Neighbors in a channel are alike, so that a dropped element could be guessed from those beside it.
///
/// J. Tompson et al., "Efficient Object Localization Using Convolutional Networks", CVPR 2015.
public func dropout1d(
  _ x: Tensor, p: Double = 0.5, training: Bool = true, generator: Generator = .default
) -> Tensor {
  check(
    x.rank == 2 || x.rank == 3, "dropout1d",
    "needs an input of shape (N, C, L) or (C, L), found \(describe(x.shape))")
  return masked(x, maskShape: x.shape.dropLast() + [1], p, training, generator, "dropout1d")
}

/// ``dropout1d(_:p:training:generator:)`` of images: x (N, C, H, W) has one number of the mask for each channel of
/// each image.
public func dropout2d(
  _ x: Tensor, p: Double = 0.5, training: Bool = true, generator: Generator = .default
) -> Tensor {
  check(x.rank == 4, "dropout2d", "needs an input of shape (N, C, H, W), found \(describe(x.shape))")
  return masked(x, maskShape: x.shape.dropLast(2) + [1, 1], p, training, generator, "dropout2d")
}

private func masked(
  _ x: Tensor, maskShape: [Int], _ p: Double, _ training: Bool, _ generator: Generator, _ operation: String
) -> Tensor {
  check((0...1).contains(p), operation, "\(p) is not a probability")
  check(
    x.dtype.isFloatingPoint, operation,
    "needs floating-point input, found \(x.dtype); convert with to(.float32)")
  guard training && p > 0 else { return x }
  // Where nothing is left there is nothing to scale, and nothing to draw.
  guard p < 1 else { return x * 0 }
  let mask = noGrad {
    Tensor(uninitialized: maskShape, dtype: x.dtype).bernoulli_(1 - p, generator: generator).div_(1 - p)
  }
  return x * mask
}
