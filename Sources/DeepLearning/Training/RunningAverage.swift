/// The mean and the standard deviation of numbers that come in one after another, none of which is kept.
///
///     var average = RunningAverage()
///     for (x, y) in loader {
///       let loss = crossEntropy(model(x), y)
///       average.add(loss.item(), count: x.shape[0])
///     }
///     print(average.mean, average.std())
///
/// A value that stands for n of them, such as the mean loss of a batch of n, counts n times. With W the count so
/// far, a value x of weight n changes the mean m and the sum M of squared distances from it by
///
/// W ← W + n;  d = x − m;  m ← m + d n / W;  M ← M + n d (x − m)
///
/// which loses no digits where the mean is large and the spread small, as Σ x² − W m² would.
///
/// B. P. Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4, 1962.
public struct RunningAverage: Sendable {
  /// How many numbers there have been.
  public private(set) var count = 0
  private var average = 0.0
  private var squares = 0.0

  public init() {}

  /// Adds `value`, which counts `count` times.
  public mutating func add(_ value: Double, count: Int = 1) {
    check(count >= 0, "RunningAverage", "a value cannot count \(count) times")
    merge(count: count, mean: value, squares: 0)
  }

  /// Adds each element of a tensor.
  public mutating func add(_ values: Tensor) {
    let values = values.detach().to(.float64)
    guard values.count > 0 else { return }
    let mean = values.mean().item()
    merge(count: values.count, mean: mean, squares: (values - mean).square().sum().item())
  }

  private mutating func merge(count n: Int, mean: Double, squares: Double) {
    guard n > 0 else { return }
    let before = average
    count += n
    average += (mean - before) * Double(n) / Double(count)
    self.squares += squares + Double(n) * (mean - before) * (mean - average)
  }

  /// The mean; not a number where there are no values.
  public var mean: Double { count == 0 ? .nan : average }

  /// Σ (x − mean)² / (n − 1), or / n where not `unbiased`; not a number where there are too few values for it.
  public func variance(unbiased: Bool = true) -> Double {
    let divisor = unbiased ? count - 1 : count
    return divisor > 0 ? squares / Double(divisor) : .nan
  }

  /// The square root of the variance.
  public func std(unbiased: Bool = true) -> Double { variance(unbiased: unbiased).squareRoot() }
}
