// Attention: averages of values, weighted by how well their keys answer a query.

/// Scaled dot-product attention, out = softmax(s q kᵀ + m) v: each query's answer is an average of the values, weighted
/// by the products of the query with their keys.
///
/// With P = softmax(s q kᵀ + m) and g = ∂L/∂out:
///
///     ∂L/∂v = Pᵀ g
///     ∂L/∂S = P ∘ (g vᵀ − rows' sums of P ∘ g vᵀ),  S = s q kᵀ + m
///     ∂L/∂q = s ∂L/∂S k,  ∂L/∂k = s (∂L/∂S)ᵀ q,  ∂L/∂m = ∂L/∂S
///
/// Transposed and cut views, as several heads make them, are read where they lie.
///
/// - Parameters:
///   - q: Queries, (…, L, e).
///   - k: Keys, (…, S, e), with the leading dimensions of the queries or such that stretch to them.
///   - v: Values, (…, S, d).
///   - mask: What stretches to (…, L, S): of `bool`, true where a query may see a key; or numbers that are added to the
///     products. A query that may see no key gets zeros.
///   - dropoutP: With which probability a weight becomes 0; 0 in evaluation.
///   - isCausal: Whether query i sees keys 0 … i only.
///   - scale: s; 1/√e if left out, which keeps the products of independent numbers of variance 1 at variance 1.
/// - Returns: (…, L, d)
///
/// A. Vaswani et al., "Attention Is All You Need", NeurIPS 2017.
public func scaledDotProductAttention(
  _ q: Tensor, _ k: Tensor, _ v: Tensor, mask: Tensor? = nil, dropoutP: Double = 0, isCausal: Bool = false,
  scale: Double? = nil, generator: Generator = .default
) -> Tensor {
  let operation = "scaled_dot_product_attention"
  check(
    q.rank >= 2 && k.rank >= 2 && v.rank >= 2 && q.size(-1) == k.size(-1) && k.size(-2) == v.size(-2),
    operation,
    "queries \(describe(q.shape)), keys \(describe(k.shape)) and values \(describe(v.shape)) do not fit: expected "
      + "(…, L, e), (…, S, e) and (…, S, d)")
  check(
    q.dtype.isFloatingPoint && q.dtype == k.dtype && q.dtype == v.dtype, operation,
    "needs queries, keys and values of one floating-point type, found \(q.dtype), \(k.dtype) and \(v.dtype)")
  let leading = [k, v].reduce(Array(q.shape.dropLast(2))) {
    broadcastShape($0, Array($1.shape.dropLast(2)), operation: operation)
  }
  func stretched(_ x: Tensor) -> Tensor { x.expand(leading + x.shape.suffix(2)) }
  let (q, k, v) = (stretched(q), stretched(k), stretched(v))
  let settings = AttentionSettings(
    mask, isCausal: isCausal, scale: scale ?? 1 / Double(max(1, q.size(-1))).squareRoot(), dropoutP: dropoutP,
    shape: leading + [q.size(-2), k.size(-2)], dtype: q.dtype, generator: generator)
  let output = laidOut(like: q, columns: v.size(-1))
  let weights = settings.attend(q, k, v, into: output)
  guard [q, k, v, settings.mask].contains(where: { $0?.isTracked ?? false }) else { return output }
  let saved = [Saved(q), Saved(k), Saved(v)]
  return record("ScaledDotProductAttentionBackward0", output, [q, k, v] + settings.maskInput) { gradient, _ in
    let (q, k, v) = (saved[0].tensor, saved[1].tensor, saved[2].tensor)
    if isGradEnabled {
      let all = attentionGradients(q, k, v, settings, gradient)
      return settings.maskInput.isEmpty ? Array(all.dropLast()) : all
    }
    let results = [q, k, v].map { laidOut(like: $0, columns: $0.size(-1)) }
    let dMask = settings.backward(q, k, v, weights, gradient, into: results[0], results[1], results[2])
    return results + (dMask.map { [$0] } ?? [])
  }
}

/// The attention of a sequence to itself, for queries, keys and values that lie side by side in one tensor, as one
/// product with the three weights gives them. They are read, and their gradients written, where they lie.
///
/// - Parameters:
///   - qkv: (N, L, 3 E), with E = heads · e: the queries of all heads, then the keys, then the values.
///   - mask, isCausal, dropoutP: As ``scaledDotProductAttention(_:_:_:mask:dropoutP:isCausal:scale:generator:)`` has them,
///     for scores (N, heads, L, L).
/// - Returns: (N, L, E), the heads side by side, in memory like `qkv`.
package func selfAttention(
  _ qkv: Tensor, heads: Int, mask: Tensor? = nil, dropoutP: Double = 0, isCausal: Bool = false,
  generator: Generator = .default
) -> Tensor {
  let (batch, length, width) = (qkv.shape[0], qkv.shape[1], qkv.shape[2] / 3)
  let size = width / heads
  let settings = AttentionSettings(
    mask, isCausal: isCausal, scale: 1 / Double(size).squareRoot(), dropoutP: dropoutP,
    shape: [batch, heads, length, length], dtype: qkv.dtype, generator: generator)
  let output = laidOut(like: qkv, columns: width)
  let parts = thirds(of: qkv)
  let weights = settings.attend(
    split(parts[0], heads), split(parts[1], heads), split(parts[2], heads), into: split(output, heads))
  guard qkv.isTracked || settings.mask?.isTracked ?? false else { return output }
  let saved = Saved(qkv)
  return record("SelfAttentionBackward0", output, [qkv] + settings.maskInput) { gradient, _ in
    let qkv = saved.tensor
    if isGradEnabled {
      let parts = qkv.chunk(3, dim: 2).map { split($0, heads) }
      let all = attentionGradients(parts[0], parts[1], parts[2], settings, split(gradient, heads))
      let joined = cat(all[..<3].map { $0.transpose(1, 2).reshape([batch, length, width]) }, dim: 2)
      return [joined] + (settings.maskInput.isEmpty ? [] : [all[3]])
    }
    let result = laidOut(like: qkv, columns: 3 * width)
    let (inputs, results) = (
      thirds(of: qkv).map { split($0, heads) }, thirds(of: result).map { split($0, heads) }
    )
    let dMask = settings.backward(
      inputs[0], inputs[1], inputs[2], weights, split(gradient, heads), into: results[0], results[1],
      results[2])
    return [result] + (dMask.map { [$0] } ?? [])
  }
}

/// (N, L, heads · e) as (N, heads, L, e), without copying.
package func split(_ x: Tensor, _ heads: Int) -> Tensor {
  x.reshape([x.shape[0], x.shape[1], heads, x.shape[2] / heads]).transpose(1, 2)
}

/// Looks at the three parts of the last dimension, without history.
private func thirds(of x: Tensor) -> [Tensor] {
  let width = x.shape[2] / 3
  return (0..<3).map {
    x.alias(
      shape: [x.shape[0], x.shape[1], width], strides: x.strides, offset: x.offset + $0 * width * x.strides[2]
    )
  }
}

/// softmax(s q kᵀ + m), (…, L, S), as a tensor of its own that can be looked at and differentiated.
///
/// - Parameter mask, isCausal, scale: As ``scaledDotProductAttention(_:_:_:mask:dropoutP:isCausal:scale:generator:)`` has
///   them.
public func attentionWeights(
  _ q: Tensor, _ k: Tensor, mask: Tensor? = nil, isCausal: Bool = false, scale: Double? = nil
) -> Tensor {
  let products = q.matmul(k.transpose(-2, -1)) * (scale ?? 1 / Double(max(1, q.size(-1))).squareRoot())
  return maskedSoftmax(products, mask: mask, isCausal: isCausal)
}

/// The softmax along the last dimension of scores (…, L, S), for the places that the mask lets through.
///
/// - Parameters:
///   - mask: What stretches to the scores' shape: of `bool`, true where a place takes part; or numbers that are added. A
///     row of which no place takes part gets zeros.
///   - isCausal: Whether in row i of the last two dimensions places 0 … i only take part.
public func maskedSoftmax(_ scores: Tensor, mask: Tensor? = nil, isCausal: Bool = false) -> Tensor {
  guard mask != nil || isCausal else { return scores.softmax(dim: -1) }
  var scores = scores
  if let mask { scores = scores + additive(mask, scores.dtype) }
  if isCausal {
    let (rows, columns) = (scores.size(-2), scores.size(-1))
    let isLater = Tensor.arange(columns) .> Tensor.arange(rows).unsqueeze(1)
    scores = scores.maskedFill(isLater, -.infinity)
  }
  let isEmpty = noGrad { scores.amax(dim: -1, keepDim: true) .== -Double.infinity }
  return scores.maskedFill(isEmpty, 0).softmax(dim: -1).maskedFill(isEmpty, 0)
}

/// A mask as numbers to be added: 0 where a mask of `bool` is true, −∞ where it is false.
package func additive(_ mask: Tensor, _ dtype: DType) -> Tensor {
  guard mask.dtype == .bool else { return mask.to(dtype) }
  return Tensor.zeros(mask.shape, dtype: dtype).maskedFill(.!mask, -.infinity)
}

/// The gradients of q, k, v and the mask, written with tensor operations, for gradients of gradients.
private func attentionGradients(
  _ q: Tensor, _ k: Tensor, _ v: Tensor, _ settings: AttentionSettings, _ g: Tensor
) -> [Tensor] {
  let weights = attentionWeights(
    q, k, mask: settings.mask, isCausal: settings.isCausal, scale: settings.scale)
  let kept = settings.dropout.map { weights * $0 } ?? weights
  let product = g.matmul(v.transpose(-2, -1))
  let dWeights = settings.dropout.map { product * $0 } ?? product
  let dScores = weights * (dWeights - (dWeights * weights).sum(dim: -1, keepDim: true))
  return [
    dScores.matmul(k) * settings.scale, dScores.transpose(-2, -1).matmul(q) * settings.scale,
    kept.transpose(-2, -1).matmul(g), dScores,
  ]
}

/// How an attention is to be computed.
struct AttentionSettings {
  /// Numbers to be added, of a shape that stretches to the scores'.
  let mask: Tensor?
  let isCausal: Bool
  let scale: Double
  /// What each weight is multiplied by, (…, L, S).
  let dropout: Tensor?

  init(
    _ mask: Tensor?, isCausal: Bool, scale: Double, dropoutP: Double, shape: [Int], dtype: DType,
    generator: Generator
  ) {
    let operation = "scaled_dot_product_attention"
    check((0..<1).contains(dropoutP), operation, "\(dropoutP) is not a probability below 1")
    if let mask {
      let stretches = zip(mask.shape.reversed(), shape.reversed()).allSatisfy { $0 == 1 || $0 == $1 }
      check(
        mask.rank <= shape.count && stretches, operation,
        "the mask \(describe(mask.shape)) does not stretch to the scores \(describe(shape))")
    }
    self.mask = mask.map { additive($0, dtype) }
    self.isCausal = isCausal
    self.scale = scale
    dropout =
      dropoutP == 0
      ? nil : noGrad { Tensors.dropout(.ones(shape, dtype: dtype), p: dropoutP, generator: generator) }
  }

  /// The mask where it is an input of the operation, one that is learned.
  var maskInput: [Tensor] { mask.map { $0.isTracked ? [$0] : [] } ?? [] }

  func attend(_ q: Tensor, _ k: Tensor, _ v: Tensor, into output: Tensor) -> Tensor {
    q.dtype == .float64
      ? attend(q, k, v, into: output, Double.self) : attend(q, k, v, into: output, Float.self)
  }

  func backward(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, _ weights: Tensor, _ gradient: Tensor, into dq: Tensor,
    _ dk: Tensor, _ dv: Tensor
  ) -> Tensor? {
    q.dtype == .float64
      ? backward(q, k, v, weights, gradient, into: dq, dk, dv, Double.self)
      : backward(q, k, v, weights, gradient, into: dq, dk, dv, Float.self)
  }
}

/// Memory for numbers that are to lie like those of `x`, but for the size of the last dimension, which is the innermost.
private func laidOut(like x: Tensor, columns: Int) -> Tensor {
  var shape = x.shape
  shape[x.rank - 1] = columns
  let order = x.shape.indices.dropLast().sorted { (x.strides[$0], $1) > (x.strides[$1], $0) } + [x.rank - 1]
  let memory = Tensor(uninitialized: order.map { shape[$0] }, dtype: x.dtype)
  var strides = shape
  for (place, d) in order.enumerated() { strides[d] = memory.strides[place] }
  return memory.alias(shape: shape, strides: strides)
}
