/// What a gradient check has found.
public struct GradientCheckReport: Sendable, CustomStringConvertible {
  /// One partial derivative that differs from its numeric estimate.
  public struct Mismatch: Sendable {
    /// Which input, and which element of it.
    public let argument: Int
    public let index: [Int]
    /// The estimate by central differences.
    public let expected: Double
    /// What backward computed.
    public let got: Double
    public let relativeError: Double
  }

  public let operation: String
  /// How many partial derivatives were compared.
  public let count: Int
  /// The largest relative error found.
  public let maxRelativeError: Double
  public let tolerance: Double
  /// Those above the tolerance, in order.
  public let mismatches: [Mismatch]

  public var passed: Bool { mismatches.isEmpty }

  public var description: String {
    guard let worst = mismatches.max(by: { $0.relativeError < $1.relativeError }) else {
      return "\(operation): \(count) partial derivatives agree, largest relative error "
        + maxRelativeError.formatted("%.1e")
    }
    return
      "\(operation): \(mismatches.count) of \(count) partial derivatives are wrong; the worst is that of "
      + "argument \(worst.argument) at index \(describe(worst.index)): expected \(worst.expected), got \(worst.got), "
      + "relative error " + worst.relativeError.formatted("%.1e")
  }
}

/// Compares the gradients that backward computes with central differences
///
/// (f(x + h) − f(x − h)) / 2h
///
/// for every element of every input. Each output is weighted with random numbers first: a plain sum as the
/// loss would hide errors in functions whose outputs sum to a constant, such as the softmax.
///
/// - Parameters:
///   - operation: A name for the report.
///   - f: The function. It must give the same outputs for the same inputs.
///   - inputs: `float64` tensors away from kinks. They are not changed.
///   - step: h.
///   - tolerance: The largest relative error |a − b| / max(|a|, |b|, 1e-3 · the largest derivative) that is
///     accepted. What the rounding of the losses alone explains does not count.
public func gradCheck(
  _ operation: String, _ f: ([Tensor]) -> [Tensor], inputs: [Tensor], step: Double = 1e-6,
  tolerance: Double = 1e-6, seed: UInt64 = 0
) -> GradientCheckReport {
  for (i, input) in inputs.enumerated() {
    check(
      input.dtype == .float64, operation,
      "gradients are checked in float64, where differences keep ten digits; input \(i) is \(input.dtype)")
  }
  let generator = Generator(seed: seed)
  let leaves = inputs.map { leafCopy($0) }
  let outputs = enableGrad { f(leaves) }
  let cotangents = outputs.map { Tensor.randn($0.shape, dtype: .float64, generator: generator) }
  func loss(_ outputs: [Tensor]) -> Double {
    zip(outputs, cotangents).reduce(0) { $0 + ($1.0.detach() * $1.1).sum().item() }
  }
  let tracked = outputs.indices.filter { outputs[$0].requiresGrad }
  let gradients =
    tracked.isEmpty
    ? leaves.map { _ in nil }
    : grad(tracked.map { outputs[$0] }, leaves, gradients: tracked.map { cotangents[$0] })

  var mismatches: [GradientCheckReport.Mismatch] = []
  var count = 0
  var worst = 0.0
  for (argument, leaf) in leaves.enumerated() {
    let got = (gradients[argument] ?? Tensor.zeros(like: leaf)).toArray(of: Double.self)
    var largestLoss = 1.0
    let expected = noGrad {
      (0..<leaf.count).map { i in
        let place = position(i, in: leaf.shape)
        let element = leaf.detach()[place]
        let value = element.item()
        element.fill_(value + step)
        let above = loss(f(leaves))
        element.fill_(value - step)
        let below = loss(f(leaves))
        element.fill_(value)
        largestLoss = max(largestLoss, abs(above), abs(below))
        return (above - below) / (2 * step)
      }
    }
    let largest = expected.map(abs).max() ?? 0
    let rounding = 8 * .ulpOfOne * largestLoss / step
    for i in got.indices {
      let scale = max(abs(got[i]), abs(expected[i]), 1e-3 * largest, 1e-6)
      let difference = abs(got[i] - expected[i]) / scale
      let error = difference.isNaN ? .infinity : max(0, difference - rounding / scale)
      count += 1
      worst = max(worst, error)
      if error > tolerance {
        mismatches.append(
          .init(
            argument: argument, index: position(i, in: leaf.shape), expected: expected[i], got: got[i],
            relativeError: error))
      }
    }
  }
  return GradientCheckReport(
    operation: operation, count: count, maxRelativeError: worst, tolerance: tolerance, mismatches: mismatches)
}

/// The same for a function without a name.
public func gradCheck(
  _ f: ([Tensor]) -> [Tensor], inputs: [Tensor], step: Double = 1e-6, tolerance: Double = 1e-6,
  seed: UInt64 = 0
) -> GradientCheckReport {
  gradCheck("gradCheck", f, inputs: inputs, step: step, tolerance: tolerance, seed: seed)
}

/// A leaf with the same values in the same layout: a transposed input stays transposed.
private func leafCopy(_ x: Tensor) -> Tensor {
  let order = x.strides.indices.sorted { x.strides[$0] > x.strides[$1] }
  var inverse = order
  for (i, d) in order.enumerated() { inverse[d] = i }
  return x.detach().permute(order).clone().permute(inverse).requiresGrad_()
}

/// The index of the i-th element in row-major order.
private func position(_ i: Int, in shape: [Int]) -> [Int] {
  var rest = i
  return contiguousStrides(shape).map { step in
    defer { rest %= step }
    return rest / step
  }
}

extension Tensor {
  /// One element, as a view.
  fileprivate subscript(_ place: [Int]) -> Tensor {
    let start = zip(place, strides).reduce(offset) { $0 + $1.0 * $1.1 }
    return alias(shape: [], strides: [], offset: start)
  }
}
