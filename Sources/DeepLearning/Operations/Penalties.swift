// Penalties on the size of parameters, to be added to a loss.

/// Σ |θ| over all numbers of the parameters.
///
///     let loss = crossEntropy(model(x), y) + 1e-4 * l1Penalty(model.parameters())
///
/// ∂/∂θ = sign θ, 0 at 0: every number is pulled toward 0 with the same force, however small it is, so that many
/// come to lie there.
///
/// - Returns: A tensor of shape ().
public func l1Penalty(_ parameters: [Tensor]) -> Tensor {
  sum(parameters, "l1Penalty") { $0.abs().sum() }
}

/// ½ Σ θ² over all numbers of the parameters.
///
///     let loss = crossEntropy(model(x), y) + 1e-4 * l2Penalty(model.parameters())
///
/// ∂/∂θ = θ: a number is pulled toward 0 in proportion to its size. With ``SGD``, λ times this penalty does what
/// `weightDecay: λ` does.
///
/// - Returns: A tensor of shape ().
public func l2Penalty(_ parameters: [Tensor]) -> Tensor {
  sum(parameters, "l2Penalty") { 0.5 * $0.square().sum() }
}

private func sum(_ parameters: [Tensor], _ operation: String, of penalty: (Tensor) -> Tensor) -> Tensor {
  check(!parameters.isEmpty, operation, "was given no parameters")
  for (i, parameter) in parameters.enumerated() {
    check(
      parameter.dtype.isFloatingPoint, operation,
      "parameter \(i) is \(parameter.dtype); only floating-point numbers have a size to learn")
  }
  return parameters.dropFirst().reduce(penalty(parameters[0])) { $0 + penalty($1) }
}
