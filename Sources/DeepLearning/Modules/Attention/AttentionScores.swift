/// How well keys answer queries, in numbers: what tells one attention from another. A decoder attends with its state s
/// to the states h of an encoder:
///
///     let score = AdditiveScore(queries: 128, keys: 256, hidden: 64)
///     let (context, weights) = score(s, h, mask: isWord)       // s (N, 128), h (N, S, 256)
///
/// A score of one's own is a module that conforms and says what ``scores(_:_:)`` is.
public protocol AttentionScore: Module {
  /// - Parameters:
  ///   - queries: (N, T, q)
  ///   - keys: (N, S, k)
  /// - Returns: (N, T, S)
  func scores(_ queries: Tensor, _ keys: Tensor) -> Tensor
}

extension AttentionScore {
  /// The values' average, with weights α = softmax(scores) along the keys: context = Σⱼ αⱼ vⱼ.
  ///
  /// - Parameters:
  ///   - query: (N, q), or (N, T, q) for T queries at once.
  ///   - keys: (N, S, k)
  ///   - values: (N, S, d); the keys if left out.
  ///   - mask: (N, S), or what stretches to (N, T, S): true where a key may be seen, false where there is only padding.
  /// - Returns: The context, (N, d) or (N, T, d), and the weights, (N, S) or (N, T, S).
  public func callAsFunction(
    _ query: Tensor, _ keys: Tensor, values: Tensor? = nil, mask: Tensor? = nil
  ) -> (context: Tensor, weights: Tensor) {
    let values = values ?? keys
    check(
      (query.rank == 2 || query.rank == 3) && keys.rank == 3 && values.rank == 3
        && query.shape[0] == keys.shape[0] && values.shape[..<2] == keys.shape[..<2], "\(type(of: self))",
      "the query is \(describe(query.shape)), the keys are \(describe(keys.shape)) and the values "
        + "\(describe(values.shape)); expected (N, q) or (N, T, q), (N, S, k) and (N, S, d)")
    let queries = query.rank == 2 ? query.unsqueeze(1) : query
    let mask = mask.map { $0.rank == 2 ? $0.unsqueeze(1) : $0 }
    let weights = maskedSoftmax(scores(queries, keys), mask: mask)
    let context = weights.matmul(values)
    return query.rank == 2 ? (context.squeeze(1), weights.squeeze(1)) : (context, weights)
  }

  fileprivate func checkSizes(_ queries: Tensor, _ keys: Tensor, _ sizes: (q: Int, k: Int)) {
    check(
      queries.shape[2] == sizes.q && keys.shape[2] == sizes.k, "\(type(of: self))",
      "the queries have \(queries.shape[2]) features and the keys \(keys.shape[2]), expected \(sizes.q) and \(sizes.k)"
    )
  }
}

/// s · h: the product itself, for queries and keys of one size. Nothing is learned.
public final class DotScore: Module, AttentionScore {
  public func scores(_ queries: Tensor, _ keys: Tensor) -> Tensor {
    checkSizes(queries, keys, (queries.shape[2], queries.shape[2]))
    return queries.matmul(keys.transpose(1, 2))
  }
}

/// s · h / √k with k features: the product, divided so that for independent numbers of variance 1 its variance is 1 for
/// any k. Nothing is learned.
public final class ScaledDotScore: Module, AttentionScore {
  public func scores(_ queries: Tensor, _ keys: Tensor) -> Tensor {
    checkSizes(queries, keys, (queries.shape[2], queries.shape[2]))
    return queries.matmul(keys.transpose(1, 2)) / Double(keys.shape[2]).squareRoot()
  }
}

/// sᵀ W h with W of shape (q, k), so that the two may differ in size: q k parameters.
public final class GeneralScore: Module, AttentionScore {
  /// (q, k)
  public let weight: Tensor

  /// W starts as U(−1/√k, 1/√k).
  public init(queries: Int, keys: Int) {
    weight = Parameter(startWeight("GeneralScore", queries, keys))
  }

  public func scores(_ queries: Tensor, _ keys: Tensor) -> Tensor {
    checkSizes(queries, keys, (weight.shape[0], weight.shape[1]))
    return queries.matmul(weight).matmul(keys.transpose(1, 2))
  }

  public override var extraDescription: String { "queries=\(weight.shape[0]), keys=\(weight.shape[1])" }
}

/// (U s) · (V h) with U of shape (r, q) and V of shape (r, k): sᵀ W h with a W = UᵀV of rank r, for r (q + k) parameters.
public final class ReducedRankScore: Module, AttentionScore {
  /// U, (r, q)
  public let queryWeight: Tensor
  /// V, (r, k)
  public let keyWeight: Tensor

  /// U and V start as U(−1/√q, 1/√q) and U(−1/√k, 1/√k).
  public init(queries: Int, keys: Int, rank: Int) {
    queryWeight = Parameter(startWeight("ReducedRankScore", rank, queries))
    keyWeight = Parameter(startWeight("ReducedRankScore", rank, keys))
  }

  public override var propertyNames: [String: String] {
    ["queryWeight": "query_weight", "keyWeight": "key_weight"]
  }

  public func scores(_ queries: Tensor, _ keys: Tensor) -> Tensor {
    checkSizes(queries, keys, (queryWeight.shape[1], keyWeight.shape[1]))
    return linear(queries, queryWeight).matmul(linear(keys, keyWeight).transpose(1, 2))
  }

  public override var extraDescription: String {
    "queries=\(queryWeight.shape[1]), keys=\(keyWeight.shape[1]), rank=\(keyWeight.shape[0])"
  }
}

/// v · tanh(W h + V s), a network of one hidden layer with a units: W of shape (a, k), V of shape (a, q) and v of a
/// numbers, a (q + k + 1) parameters.
///
/// D. Bahdanau, K. Cho and Y. Bengio, "Neural Machine Translation by Jointly Learning to Align and Translate", ICLR 2015.
public final class AdditiveScore: Module, AttentionScore {
  /// W, (a, k)
  public let keyWeight: Tensor
  /// V, (a, q)
  public let queryWeight: Tensor
  /// v, (a)
  public let weight: Tensor

  /// W, V and v start as U(−1/√n, 1/√n) with n the number of inputs of each: k, q and a.
  public init(queries: Int, keys: Int, hidden: Int) {
    keyWeight = Parameter(startWeight("AdditiveScore", hidden, keys))
    queryWeight = Parameter(startWeight("AdditiveScore", hidden, queries))
    weight = Parameter(startWeight("AdditiveScore", 1, hidden)[0])
  }

  public override var propertyNames: [String: String] {
    ["queryWeight": "query_weight", "keyWeight": "key_weight"]
  }

  public func scores(_ queries: Tensor, _ keys: Tensor) -> Tensor {
    checkSizes(queries, keys, (queryWeight.shape[1], keyWeight.shape[1]))
    return additiveScores(linear(queries, queryWeight), linear(keys, keyWeight), weight)
  }

  public override var extraDescription: String {
    "queries=\(queryWeight.shape[1]), keys=\(keyWeight.shape[1]), hidden=\(weight.shape[0])"
  }
}

/// (out, in), drawn from U(−1/√in, 1/√in), as a ``Linear`` layer starts.
private func startWeight(_ name: String, _ out: Int, _ `in`: Int) -> Tensor {
  check(out > 0 && `in` > 0, name, "cannot have a weight of shape (\(out), \(`in`))")
  let bound = 1 / Double(`in`).squareRoot()
  return Init.uniform_(Tensor.zeros(out, `in`), -bound, bound)
}
