// Loops of layer and group normalization: each row is brought to mean 0 and variance 1 by itself.

/// How rows lie in memory: each has `channels` runs of `inner` adjacent numbers. Neighboring rows belong to different
/// groups of channels, of which there are `groups`, so that row r begins with channel (r mod groups) · channels.
struct RowPlan {
  let rows: Int
  let groups: Int
  let channels: Int
  let inner: Int

  /// Numbers in a row.
  var length: Int { channels * inner }

  fileprivate func firstChannel(of row: Int) -> Int { row % groups * channels }

  /// Rows whose shares of the parameters' gradients are added up together. Their number does not depend on how
  /// many cores there are, so that the result does not either.
  fileprivate var blockSize: Int {
    let size = max(16, (rows + 63) / 64)
    return (size + groups - 1) / groups * groups
  }
}

/// y = (x − mean) / √(variance + ε) · weight + bias, with the mean and variance of each row and a weight and bias of
/// each channel. The means and the 1 / √(variance + ε) are handed back.
func normalizeRows<T: FloatingElement>(
  _ x: UnsafePointer<T>, _ p: RowPlan, weight: UnsafePointer<T>, bias: UnsafePointer<T>, eps: Double,
  into y: UnsafeMutablePointer<T>, means: UnsafeMutablePointer<T>, inverses: UnsafeMutablePointer<T>
) {
  inParallel(p.rows, threshold: max(2, parallelThreshold / max(1, p.length)), grain: 1) { start, count in
    for r in start..<start + count {
      let row = x + r * p.length
      let out = y + r * p.length
      let first = p.firstChannel(of: r)
      var moments = Moments()
      moments.merge(row, count: p.length)
      let mean = T(moments.mean)
      let inverse = T(1 / (moments.squares / Double(p.length) + eps).squareRoot())
      (means[r], inverses[r]) = (mean, inverse)
      if p.inner == 1 {
        let (weight, bias) = (weight + first, bias + first)
        for i in 0..<p.channels { out[i] = (row[i] - mean) * inverse * weight[i] + bias[i] }
      } else {
        for c in 0..<p.channels {
          let (scale, shift) = (inverse * weight[first + c], bias[first + c])
          let (run, out) = (row + c * p.inner, out + c * p.inner)
          for i in 0..<p.inner { out[i] = (run[i] - mean) * scale + shift }
        }
      }
    }
  }
}

/// The gradients of x, weight and bias, from the gradient g of y.
///
/// With h = g · weight and x̂ = (x − mean) · inverse, and the means taken over the row:
/// ∂x = inverse · (h − mean(h) − x̂ mean(h x̂)), ∂weight = Σ g x̂, ∂bias = Σ g
func rowGradients<T: FloatingElement>(
  _ g: UnsafePointer<T>, _ x: UnsafePointer<T>, _ p: RowPlan, weight: UnsafePointer<T>,
  means: UnsafePointer<T>, inverses: UnsafePointer<T>, into out: UnsafeMutablePointer<T>,
  weightGradient: UnsafeMutablePointer<T>, biasGradient: UnsafeMutablePointer<T>
) {
  let channels = p.groups * p.channels
  let blocks = (p.rows + p.blockSize - 1) / p.blockSize
  let shares = UnsafeMutablePointer<T>.allocate(capacity: max(1, 2 * blocks * channels))
  defer { shares.deallocate() }
  shares.initialize(repeating: 0, count: 2 * blocks * channels)
  let isLarge = p.rows * p.length >= parallelThreshold
  inParallel(blocks, threshold: isLarge ? 2 : .max, grain: 1) { start, count in
    for block in start..<start + count {
      let share = shares + 2 * block * channels
      for r in block * p.blockSize..<min(p.rows, (block + 1) * p.blockSize) {
        let (place, first) = (r * p.length, p.firstChannel(of: r))
        rowGradient(
          g + place, x + place, p, weight: weight + first, mean: means[r], inverse: inverses[r],
          into: out + place, share + first, share + channels + first)
      }
    }
  }
  for c in 0..<channels { (weightGradient[c], biasGradient[c]) = (0, 0) }
  for block in 0..<blocks {
    let share = shares + 2 * block * channels
    for c in 0..<channels { weightGradient[c] += share[c] }
    for c in 0..<channels { biasGradient[c] += share[channels + c] }
  }
}

@inline(never)
private func rowGradient<T: FloatingElement>(
  _ g: UnsafePointer<T>, _ x: UnsafePointer<T>, _ p: RowPlan, weight: UnsafePointer<T>, mean: T, inverse: T,
  into out: UnsafeMutablePointer<T>, _ weightShare: UnsafeMutablePointer<T>,
  _ biasShare: UnsafeMutablePointer<T>
) {
  var sums = (plain: 0.0, centered: 0.0)
  if p.inner == 1 {
    sums = sumsOfRow(g, x, mean: mean, count: p.channels, weight: weight)
    for i in 0..<p.channels { weightShare[i] += g[i] * ((x[i] - mean) * inverse) }
    for i in 0..<p.channels { biasShare[i] += g[i] }
  } else {
    for c in 0..<p.channels {
      let run = sumsOfRow(g + c * p.inner, x + c * p.inner, mean: mean, count: p.inner)
      weightShare[c] += T(run.centered) * inverse
      biasShare[c] += T(run.plain)
      sums.plain += run.plain * Double(weight[c])
      sums.centered += run.centered * Double(weight[c])
    }
  }
  let share = 1 / Double(p.length)
  let scale = Double(inverse)
  let offset = T(sums.plain * share * scale)
  let slope = T(sums.centered * share * scale * scale * scale)
  if p.inner == 1 {
    for i in 0..<p.channels { out[i] = inverse * weight[i] * g[i] - slope * (x[i] - mean) - offset }
  } else {
    for c in 0..<p.channels {
      let scale = inverse * weight[c]
      let (g, x, out) = (g + c * p.inner, x + c * p.inner, out + c * p.inner)
      for i in 0..<p.inner { out[i] = scale * g[i] - slope * (x[i] - mean) - offset }
    }
  }
}
