/// A tensor that a ``Module`` learns: `let weight = Parameter(Tensor.randn(10, 784))`. It shares the memory of
/// `value`, has no history, and requires a gradient from the start.
public func Parameter(_ value: Tensor, requiresGrad: Bool = true) -> Tensor {
  let parameter = value.detach()
  parameter.role = .parameter
  return parameter.requiresGrad_(requiresGrad)
}

/// A tensor that a ``Module`` keeps and saves but does not learn, such as a running mean:
/// `let runningMean = Buffer(.zeros(64))`.
public func Buffer(_ value: Tensor) -> Tensor {
  let buffer = value.detach()
  buffer.role = .buffer
  return buffer
}
