#if canImport(Glibc)
  import Glibc
#endif

/// Scales the gradients down, all by one factor, so that their norm taken together is at most `maxNorm`.
///
/// ‖g‖ = (Σ |gᵢ|ᵖ)^(1/p) over the numbers of all gradients;  g ← g · min(1, maxNorm / (‖g‖ + 10⁻⁶)). Called between
/// `backward()` and `step()`:
///
///     loss.backward()
///     clipGradNorm_(model.parameters(), maxNorm: 1)
///     optimizer.step()
///
/// Where the norm is infinite or not a number, no factor can repair the gradients. As in PyTorch they are multiplied
/// all the same, which leaves zeros and NaN; look at what is returned, and leave the step out if it is not finite,
/// or ask for `errorIfNonfinite`.
///
/// R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural networks", ICML 2013.
///
/// - Parameters:
///   - normType: p; `.infinity` takes the largest absolute value.
///   - errorIfNonfinite: Whether a norm that is not finite ends the program, with a line that says which
///     parameter's gradient is to blame.
/// - Returns: The norm before scaling.
@discardableResult
public func clipGradNorm_(
  _ parameters: [Tensor], maxNorm: Double, normType: Double = 2, errorIfNonfinite: Bool = false
) -> Double {
  check(maxNorm >= 0, "clipGradNorm_", "maxNorm \(maxNorm) must not be negative")
  check(normType > 0, "clipGradNorm_", "normType \(normType) must be positive")
  let gradients = parameters.compactMap { $0.grad?.detach() }
  let total = totalNorm(gradients, normType: normType)
  if errorIfNonfinite && !total.isFinite {
    let culprit = parameters.firstIndex { $0.grad.map { !norm($0.detach(), normType).isFinite } ?? false }
    fail(
      "clipGradNorm_",
      "the norm of the gradients is \(total)"
        + (culprit.map { "; parameter \($0) is the first to blame" } ?? ""))
  }
  let factor = maxNorm / (total + 1e-6)
  // Not `<`: NaN is to be passed on.
  if !(factor >= 1) { for gradient in gradients { gradient.mul_(factor) } }
  return total
}

/// The norm of several tensors taken together, as if their numbers stood in one row: (Σ |xᵢ|ᵖ)^(1/p).
///
///     let length = totalNorm(model.parameters().compactMap(\.grad))
///
/// - Parameter normType: p; `.infinity` takes the largest absolute value.
public func totalNorm(_ tensors: [Tensor], normType: Double = 2) -> Double {
  check(normType > 0, "totalNorm", "normType \(normType) must be positive")
  return noGrad { norm(tensors.map { norm($0.detach(), normType) }, normType) }
}

/// Cuts every number of the gradients off at ±`clipValue`: g ← min(max(g, −c), c). NaN stays.
public func clipGradValue_(_ parameters: [Tensor], clipValue: Double) {
  check(clipValue >= 0, "clipGradValue_", "clipValue \(clipValue) must not be negative")
  for gradient in parameters.compactMap({ $0.grad?.detach() }) {
    gradient.copy_(gradient.clamp(min: -clipValue, max: clipValue))
  }
}

/// (Σ |xᵢ|ᵖ)^(1/p)
private func norm(_ gradient: Tensor, _ p: Double) -> Double {
  if gradient.count == 0 { return 0 }
  if p == .infinity { return gradient.abs().amax().item() }
  func plain(_ x: Tensor) -> Double {
    p == 2 ? x.norm().item() : Glibc.pow(x.abs().pow(p).sum().item(), 1 / p)
  }
  let result = plain(gradient)
  if result.isFinite { return result }
  // Powers of large numbers do not fit where the numbers themselves and their norm do.
  let largest = gradient.abs().amax().item()
  return largest.isFinite ? largest * plain(gradient / largest) : result
}

private func norm(_ values: [Double], _ p: Double) -> Double {
  values.isEmpty ? 0 : norm(Tensor(values, dtype: .float64), p)
}
