// Convolution of Float and its derivatives, each by the way that measures faster. Other numbers go by the product.

/// y = w ∗ x + bias
func convolve(
  _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
  into y: UnsafeMutablePointer<Float>, _ shape: ConvolutionShape
) {
  guard tilesPay(for: shape) else { return convolveByProduct(x, w, bias: bias, into: y, shape) }
  let channels = ChannelConvolution(shape)
  if let shifted = ShiftedConvolution(shape), shifted.isFaster, shifted.usefulPart >= channels.usefulPart {
    shifted.run(x, w, bias: bias, into: y)
  } else if channels.isFaster {
    channels.run(x, w, bias: bias, into: y)
  } else {
    convolveByProduct(x, w, bias: bias, into: y, shape)
  }
}

/// The gradient for x of y = w ∗ x, given that for y: each output's gradient goes back, times the weights, to the
/// inputs that the kernel covered there. As an operation of its own it is the transposed convolution, which has a bias
/// for each channel of x.
func convolveInput(
  _ gradient: UnsafePointer<Float>, _ w: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
  into x: UnsafeMutablePointer<Float>, _ shape: ConvolutionShape
) {
  guard tilesPay(for: shape) else { return convolveInputByProduct(gradient, w, bias: bias, into: x, shape) }
  let channels = ChannelConvolution(transposing: shape)
  if let shifted = ShiftedConvolution(transposing: shape), shifted.isFaster,
    shifted.usefulPart >= channels.usefulPart
  {
    shifted.run(gradient, w, bias: bias, into: x)
  } else if channels.isFaster {
    channels.run(gradient, w, bias: bias, into: x)
  } else {
    convolveInputByProduct(gradient, w, bias: bias, into: x, shape)
  }
}

/// The gradient for w of y = w ∗ x, given that for y: the sum over images and positions of the output's gradient
/// times what the kernel covered.
func convolveWeight(
  _ x: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, into w: UnsafeMutablePointer<Float>,
  _ shape: ConvolutionShape
) {
  guard tilesPay(for: shape) else { return convolveWeightByProduct(x, gradient, into: w, shape) }
  let channels = ChannelWeightGradient(shape)
  if channels.isFaster {
    channels.run(x, gradient, into: w)
  } else if let shifted = ShiftedWeightGradient(shape), shifted.isFaster {
    shifted.run(x, gradient, into: w)
  } else {
    convolveWeightByProduct(x, gradient, into: w, shape)
  }
}

/// On processors without registers of sixteen numbers the sums of a tile go through memory, and it saves nothing but the
/// unfolding of the image. That is much of the work only where there are few channels.
private func tilesPay(for shape: ConvolutionShape) -> Bool {
  BLAS.hasWideRegisters || shape.inPerGroup + shape.outPerGroup <= 48
}
