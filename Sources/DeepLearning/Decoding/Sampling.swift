/// Draws a class from the softmax of each row of logits: pᵢ = e^(zᵢ/T) / Σⱼ e^(zⱼ/T).
///
///     let next = sample(from: logits, temperature: 0.8, topK: 20)    // (B, V) -> (B)
///
/// The **temperature** T divides the logits. Below 1 the likely become likelier; at 0 only the likeliest is left,
/// as with argmax. Above 1 all become alike. With `topK` only the k largest logits of a row take part.
///
/// A class is found where a uniform number falls among the running sums of p, one number a row, as
/// `torch.multinomial(p, n, replacement=True)` draws n ≥ 2 classes from one row.
///
/// - Parameters:
///   - logits: (..., V). A class with logit −∞ is never drawn.
///   - temperature: T ≥ 0.
///   - topK: How many classes of a row may be drawn; where several have the k-th largest logit, the first of them.
///   - generator: The source of the uniform numbers.
/// - Returns: the classes drawn, int64 of shape (...).
public func sample(
  from logits: Tensor, temperature: Double = 1, topK: Int? = nil, generator: Generator = .default
) -> Tensor {
  let classes = logits.shape.last ?? 0
  check(
    logits.dtype.isFloatingPoint && classes > 0, "sample",
    "needs logits of shape (..., V), found \(logits.dtype) of shape \(describe(logits.shape))")
  check(temperature >= 0, "sample", "the temperature must not be negative, found \(temperature)")
  let k = topK ?? classes
  check(1...classes ~= k, "sample", "cannot choose among the \(k) largest of \(classes) logits")
  return noGrad {
    let z = logits.to(.float64)
    let largest = z.amax(dim: -1, keepDim: true)
    check(largest.isFinite().all(), "sample", "a row's largest logit must be a finite number")
    if temperature == 0 { return z.argmax(dim: -1) }
    // The largest is subtracted first: divided by a small temperature, others would overflow.
    let scaled = (z - largest) / temperature
    let drawn: Tensor
    if k < classes {
      let (values, indices) = scaled.topK(k)
      drawn = indices.gather(-1, drawOne(values.softmax(dim: -1), generator))
    } else {
      drawn = drawOne(scaled.softmax(dim: -1), generator)
    }
    return drawn.squeeze(-1)
  }
}

/// One position of each row of probabilities, (..., V) → (..., 1).
private func drawOne(_ probabilities: Tensor, _ generator: Generator) -> Tensor {
  let classes = probabilities.shape.last!
  let sums = probabilities.cumsum(-1).toArray(of: Double.self)
  let positions = stride(from: 0, to: sums.count, by: classes).map { start in
    let row = sums[start..<start + classes]
    // The last sum may miss 1 by rounding; the uniform number is below it in any case.
    let u = min(generator.nextUniform(), row.last!.nextDown)
    return row.firstIndex { $0 > u }! - start
  }
  return Tensor(positions, shape: probabilities.shape.dropLast() + [1])
}
