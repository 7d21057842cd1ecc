/// The scores e[n, t, s] = Σⱼ vⱼ tanh(k[n, s, j] + q[n, t, j]) of a network of one hidden layer, without its four
/// dimensions ever being written but once.
///
/// With y = tanh(k + q) and g = ∂L/∂e, and d[n, t, s, j] = g[n, t, s] vⱼ (1 − y²):
///
///     ∂L/∂q = Σₛ d,  ∂L/∂k = Σₜ d,  ∂L/∂v = Σ g y over all but j
///
/// - Parameters:
///   - q: (N, T, a), what the queries bring to the hidden layer.
///   - k: (N, S, a), what the keys bring.
///   - v: (a)
/// - Returns: (N, T, S)
package func additiveScores(_ q: Tensor, _ k: Tensor, _ v: Tensor) -> Tensor {
  check(
    q.dtype == k.dtype && q.dtype == v.dtype, "additive_scores",
    "needs tensors of one type, found \(q.dtype), \(k.dtype) and \(v.dtype)")
  let sizes = AdditiveSizes(batch: q.shape[0], queries: q.shape[1], keys: k.shape[1], hidden: v.shape[0])
  let scores = Tensor(uninitialized: [sizes.batch, sizes.queries, sizes.keys], dtype: q.dtype)
  let hidden = Tensor(uninitialized: scores.shape + [sizes.hidden], dtype: q.dtype)
  switch q.dtype {
  case .float64: sizes.forward(q, k, v, hidden: hidden, scores: scores, Double.self)
  default: sizes.forward(q, k, v, hidden: hidden, scores: scores, Float.self)
  }
  guard q.isTracked || k.isTracked || v.isTracked else { return scores }
  let (savedQ, savedK, savedV) = (Saved(q), Saved(k), Saved(v))
  return record("AdditiveScoresBackward0", scores, q, k, v) { gradient, _ in
    let v = savedV.tensor
    if isGradEnabled {
      let y = (savedQ.tensor.unsqueeze(2) + savedK.tensor.unsqueeze(1)).tanh()
      let g = gradient.unsqueeze(3)
      let d = g * v * (1 - y.square())
      return [d.sum(dim: 2), d.sum(dim: 1), (g * y).sum(dims: [0, 1, 2])]
    }
    return switch gradient.dtype {
    case .float64: sizes.backward(gradient, v, hidden: hidden, Double.self)
    default: sizes.backward(gradient, v, hidden: hidden, Float.self)
    }
  }
}

private struct AdditiveSizes {
  let batch: Int
  let queries: Int
  let keys: Int
  let hidden: Int

  /// Examples are divided among the cores.
  private func inPieces(_ body: (_ start: Int, _ count: Int) -> Void) {
    // A tanh takes as long as several additions.
    let own = max(1, queries * keys * hidden)
    inParallel(batch, threshold: max(2, parallelThreshold / 4 / own), grain: 1, body)
  }

  func forward<E: FloatingElement>(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, hidden y: Tensor, scores: Tensor, _: E.Type
  ) {
    let (q, k, v) = (contiguous(q), contiguous(k), contiguous(v))
    let (qs, ks, vs) = (q.pointer(E.self), k.pointer(E.self), v.pointer(E.self))
    let (ys, es) = (y.pointer(E.self), scores.pointer(E.self))
    inPieces { start, count in
      for n in start..<start + count {
        for t in 0..<queries {
          for s in 0..<keys {
            let place = (n * queries + t) * keys + s
            let row = ys + place * hidden
            tanhOfSum(qs + (n * queries + t) * hidden, ks + (n * keys + s) * hidden, into: row, hidden)
            es[place] = E(sumsOfRow(row, vs, mean: 0, count: hidden).centered)
          }
        }
      }
    }
    withExtendedLifetime((q, k, v)) {}
  }

  func backward<E: FloatingElement>(_ gradient: Tensor, _ v: Tensor, hidden y: Tensor, _: E.Type) -> [Tensor]
  {
    let (gradient, v) = (contiguous(gradient), contiguous(v))
    let dq = Tensor.zeros([batch, queries, hidden], dtype: E.dtype)
    let dk = Tensor.zeros([batch, keys, hidden], dtype: E.dtype)
    // Each example has a sum of its own, so that the result does not depend on how many cores there are.
    let dv = Tensor.zeros([batch, hidden], dtype: E.dtype)
    let (g, vs, ys) = (gradient.pointer(E.self), v.pointer(E.self), y.pointer(E.self))
    let (dqs, dks, dvs) = (dq.pointer(E.self), dk.pointer(E.self), dv.pointer(E.self))
    inPieces { start, count in
      for n in start..<start + count {
        for t in 0..<queries {
          for s in 0..<keys {
            let place = (n * queries + t) * keys + s
            addGradients(
              g[place], vs, ys + place * hidden, dqs + (n * queries + t) * hidden,
              dks + (n * keys + s) * hidden, dvs + n * hidden, hidden)
          }
        }
      }
    }
    withExtendedLifetime((gradient, v)) {}
    return [dq, dk, dv.sum(dim: 0)]
  }
}

@inline(never)
private func tanhOfSum<E: FloatingElement>(
  _ a: UnsafePointer<E>, _ b: UnsafePointer<E>, into y: UnsafeMutablePointer<E>, _ count: Int
) {
  for j in 0..<count { y[j] = (a[j] + b[j]).tanh() }
}

@inline(never)
private func addGradients<E: FloatingElement>(
  _ g: E, _ v: UnsafePointer<E>, _ y: UnsafePointer<E>, _ dq: UnsafeMutablePointer<E>,
  _ dk: UnsafeMutablePointer<E>, _ dv: UnsafeMutablePointer<E>, _ count: Int
) {
  for j in 0..<count {
    let d = g * v[j] * (1 - y[j] * y[j])
    dq[j] += d
    dk[j] += d
    dv[j] += g * y[j]
  }
}
