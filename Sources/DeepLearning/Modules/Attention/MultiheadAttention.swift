/// Several attentions side by side, each over its own part of the features. With E features and h heads of e = E / h:
///
///     q = x_q W_qᵀ + b_q,  k = x_k W_kᵀ + b_k,  v = x_v W_vᵀ + b_v     W_q, W_k, W_v below one another in `in_proj_weight`
///     head_i = softmax(q_i k_iᵀ / √e) v_i                                with columns i e … (i + 1) e of each
///     output = [head_1, …, head_h] W_oᵀ + b_o                            `out_proj`
///
///     let attention = MultiheadAttention(128, 4, batchFirst: true)
///     let (y, weights) = attention(x, x, x)                        // (N, L, 128) and (N, L, L)
///     let (z, _) = attention(y, memory, memory, keyPaddingMask: isPadding, needWeights: false)
///
/// Queries are (L, N, E), keys and values (S, N, E); with `batchFirst` (N, L, E) and (N, S, E); without a batch (L, E) and
/// (S, E). W_q, W_k and W_v start as one weight by Xavier's rule and biases as zeros, as in PyTorch.
///
/// A. Vaswani et al., "Attention Is All You Need", NeurIPS 2017.
public final class MultiheadAttention: Module {
  /// W_q, W_k and W_v, (3 E, E)
  public let inProjWeight: Tensor
  /// b_q, b_k and b_v, (3 E)
  public let inProjBias: Tensor?
  /// W_o and b_o
  public let outProj: Linear
  public let embedDim: Int
  public let numHeads: Int
  /// With which probability a weight becomes 0 in training.
  public let dropout: Double
  public let batchFirst: Bool

  public init(
    _ embedDim: Int, _ numHeads: Int, dropout: Double = 0, bias: Bool = true, batchFirst: Bool = false
  ) {
    check(
      embedDim > 0 && numHeads > 0 && embedDim % numHeads == 0, "MultiheadAttention",
      "\(embedDim) features do not divide among \(numHeads) heads")
    check((0..<1).contains(dropout), "MultiheadAttention", "\(dropout) is not a probability below 1")
    self.embedDim = embedDim
    self.numHeads = numHeads
    self.dropout = dropout
    self.batchFirst = batchFirst
    // Drawn in PyTorch's order: the last layer first.
    outProj = Linear(embedDim, embedDim, bias: bias)
    inProjWeight = Parameter(Init.xavierUniform_(Tensor.zeros(3 * embedDim, embedDim)))
    inProjBias = bias ? Parameter(.zeros(3 * embedDim)) : nil
    if let bias = outProj.bias { Init.zeros_(bias) }
  }

  public override var propertyNames: [String: String] {
    ["inProjWeight": "in_proj_weight", "inProjBias": "in_proj_bias", "outProj": "out_proj"]
  }

  /// The attention of x to itself, without its weights.
  public override func forward(_ x: Tensor) -> Tensor { attend(x, x, x, mask: nil, isCausal: false) }

  /// - Parameters:
  ///   - keyPaddingMask: (N, S), true where a key is **not** to be seen, as PyTorch has it here and not in
  ///     ``scaledDotProductAttention(_:_:_:mask:dropoutP:isCausal:scale:generator:)``; or numbers that are added.
  ///   - needWeights: Whether the weights are wanted. Without them the same takes less time.
  ///   - attnMask: (L, S) or (N · heads, L, S), true where a query is **not** to see a key, or numbers that are added.
  ///   - averageAttnWeights: Whether the weights are those of all heads on average, (N, L, S), or one by one, (N, heads,
  ///     L, S).
  ///   - isCausal: Whether query i sees keys 0 … i only. No mask need be given for that.
  public func callAsFunction(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, keyPaddingMask: Tensor? = nil, needWeights: Bool = true,
    attnMask: Tensor? = nil, averageAttnWeights: Bool = true, isCausal: Bool = false
  ) -> (output: Tensor, weights: Tensor?) {
    if query.rank == 2 {
      let (output, weights) = self(
        query.unsqueeze(batch), key.unsqueeze(batch), value.unsqueeze(batch),
        keyPaddingMask: keyPaddingMask?.unsqueeze(0), needWeights: needWeights, attnMask: attnMask,
        averageAttnWeights: averageAttnWeights, isCausal: isCausal)
      return (output.squeeze(batch), weights?.squeeze(0))
    }
    checkShapes(query, key, value)
    let mask = merged(keyPaddingMask, attnMask, query, key)
    guard needWeights else {
      return (shownToHooks(query, attend(query, key, value, mask: mask, isCausal: isCausal)), nil)
    }
    let (q, k, v) = projected(query, key, value)
    let weights = attentionWeights(q, k, mask: mask, isCausal: isCausal)
    let kept = Tensors.dropout(weights, p: dropout, training: isTraining)
    let output = shownToHooks(query, outProj(joined(kept.matmul(v))))
    return (output, averageAttnWeights ? kept.mean(dim: 1) : kept)
  }

  // MARK: - Steps

  /// Which dimension of an input is the batch.
  private var batch: Int { batchFirst ? 0 : 1 }

  private func checkShapes(_ query: Tensor, _ key: Tensor, _ value: Tensor) {
    let fits =
      [query, key, value].allSatisfy { $0.rank == 3 && $0.shape[2] == embedDim }
      && key.shape == value.shape && query.shape[batch] == key.shape[batch]
    check(
      fits, "MultiheadAttention",
      "the query is \(describe(query.shape)), the key \(describe(key.shape)) and the value \(describe(value.shape)); "
        + (batchFirst
          ? "expected (N, L, \(embedDim)), and twice (N, S, \(embedDim))"
          : "expected (L, N, \(embedDim)), and twice (S, N, \(embedDim))"))
  }

  private func attend(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, mask: Tensor?, isCausal: Bool
  ) -> Tensor {
    checkShapes(query, key, value)
    let p = isTraining ? dropout : 0
    if query === key && key === value {
      let qkv = linear(query, inProjWeight, inProjBias)
      let heads = selfAttention(
        batchFirst ? qkv : qkv.transpose(0, 1), heads: numHeads, mask: mask, dropoutP: p, isCausal: isCausal)
      return outProj(batchFirst ? heads : heads.transpose(0, 1))
    }
    let (q, k, v) = projected(query, key, value)
    return outProj(joined(scaledDotProductAttention(q, k, v, mask: mask, dropoutP: p, isCausal: isCausal)))
  }

  /// Queries, keys and values of all heads, (N, heads, length, e).
  private func projected(_ query: Tensor, _ key: Tensor, _ value: Tensor) -> (Tensor, Tensor, Tensor) {
    let parts = [query, key, value].enumerated().map { i, x in
      let weight = inProjWeight.narrow(0, i * embedDim, embedDim)
      let y = linear(x, weight, inProjBias?.narrow(0, i * embedDim, embedDim))
      return split(batchFirst ? y : y.transpose(0, 1), numHeads)
    }
    return (parts[0], parts[1], parts[2])
  }

  /// (N, heads, L, e) as (N, L, E) or (L, N, E), the heads side by side.
  private func joined(_ heads: Tensor) -> Tensor {
    let (n, length) = (heads.shape[0], heads.shape[2])
    return batchFirst
      ? heads.transpose(1, 2).reshape([n, length, embedDim])
      : heads.permute(2, 0, 1, 3).reshape([length, n, embedDim])
  }

  /// Both masks as one, which stretches to (N, heads, L, S) and is true, or 0, where a key may be seen.
  private func merged(_ padding: Tensor?, _ mask: Tensor?, _ query: Tensor, _ key: Tensor) -> Tensor? {
    let (n, length, keys) = (query.shape[batch], query.shape[1 - batch], key.shape[1 - batch])
    var all: [Tensor] = []
    if let padding {
      check(
        padding.shape == [n, keys], "MultiheadAttention",
        "the keyPaddingMask is \(describe(padding.shape)), expected \(describe([n, keys]))")
      all.append(padding.reshape(n, 1, 1, keys))
    }
    if let mask {
      let whole = [n * numHeads, length, keys]
      check(
        mask.shape == [length, keys] || mask.shape == whole, "MultiheadAttention",
        "the attnMask is \(describe(mask.shape)), expected \(describe([length, keys])) or \(describe(whole))")
      all.append(mask.rank == 2 ? mask : mask.reshape([n, numHeads, length, keys]))
    }
    let allowed = all.map { $0.dtype == .bool ? .!$0 : $0 }
    guard allowed.count == 2 else { return allowed.first }
    if allowed.allSatisfy({ $0.dtype == .bool }) { return allowed[0] .& allowed[1] }
    return additive(allowed[0], query.dtype) + additive(allowed[1], query.dtype)
  }
}
