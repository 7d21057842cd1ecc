// Convolution and its derivatives, each by the way that measures faster.

/// y = w ∗ x + bias
func convolve<T: FloatingElement>(
  _ x: UnsafePointer<T>, _ w: UnsafePointer<T>, bias: UnsafePointer<T>?, into y: UnsafeMutablePointer<T>,
  _ shape: ConvolutionShape
) {
  if let shifted = ShiftedConvolution(shape), shifted.isFaster {
    shifted.run(x, w, bias: bias, into: y)
  } else {
    convolveByProduct(x, w, bias: bias, into: y, shape)
  }
}

/// The gradient for x of y = w ∗ x, given that for y: each output's gradient goes back, times the weights, to the
/// inputs that the kernel covered there. As an operation of its own it is the transposed convolution, which has a bias
/// for each channel of x.
func convolveInput<T: FloatingElement>(
  _ gradient: UnsafePointer<T>, _ w: UnsafePointer<T>, bias: UnsafePointer<T>?,
  into x: UnsafeMutablePointer<T>, _ shape: ConvolutionShape
) {
  if let shifted = ShiftedConvolution(transposing: shape), shifted.isFaster {
    shifted.run(gradient, w, bias: bias, into: x)
  } else {
    convolveInputByProduct(gradient, w, bias: bias, into: x, shape)
  }
}

/// The gradient for w of y = w ∗ x, given that for y: the sum over images and positions of the output's gradient
/// times what the kernel covered.
func convolveWeight<T: FloatingElement>(
  _ x: UnsafePointer<T>, _ gradient: UnsafePointer<T>, into w: UnsafeMutablePointer<T>,
  _ shape: ConvolutionShape
) {
  if let shifted = ShiftedWeightGradient(shape), shifted.isFaster {
    shifted.run(x, gradient, into: w)
  } else {
    convolveWeightByProduct(x, gradient, into: w, shape)
  }
}
