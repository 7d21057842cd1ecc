// Random tensors. After `manualSeed(s)` they hold what PyTorch's functions of the same names give after
// `torch.manual_seed(s)`.

extension Tensor {
  /// Uniform numbers 0 ≤ u < 1.
  public static func rand(_ shape: [Int], dtype: DType = .float32, generator: Generator = .default) -> Tensor
  {
    noGrad { Tensor(uninitialized: shape, dtype: dtype).uniform_(generator: generator) }
  }
  public static func rand(_ shape: Int..., dtype: DType = .float32, generator: Generator = .default) -> Tensor
  {
    rand(shape, dtype: dtype, generator: generator)
  }

  /// Numbers from the normal distribution of mean 0 and standard deviation 1.
  public static func randn(_ shape: [Int], dtype: DType = .float32, generator: Generator = .default) -> Tensor
  {
    noGrad { Tensor(uninitialized: shape, dtype: dtype).normal_(generator: generator) }
  }
  public static func randn(_ shape: Int..., dtype: DType = .float32, generator: Generator = .default)
    -> Tensor
  {
    randn(shape, dtype: dtype, generator: generator)
  }
  public static func randn(like other: Tensor) -> Tensor { randn(other.shape, dtype: other.dtype) }

  /// Integers low ≤ i < high, `int64`.
  public static func randint(_ low: Int = 0, _ high: Int, _ shape: [Int], generator: Generator = .default)
    -> Tensor
  {
    check(low < high, "randint", "there is no integer from \(low) up to but not including \(high)")
    let result = Tensor(uninitialized: shape, dtype: .int64)
    result.withMutableElements("randint", Int.self) { generator.fillIntegers($0, in: low..<high) }
    return result
  }

  /// A random order of 0 ..< n, `int64`.
  public static func randperm(_ n: Int, generator: Generator = .default) -> Tensor {
    check(n >= 0, "randperm", "cannot put \(n) numbers in order")
    let result = Tensor(uninitialized: [n], dtype: .int64)
    result.withMutableElements("randperm", Int.self) { generator.fillPermutation($0) }
    return result
  }

  /// 1 with the probability that stands in this tensor, else 0.
  public func bernoulli(generator: Generator = .default) -> Tensor {
    let isValid = ((self .>= 0) .& (self .<= 1)).all()
    check(isValid, "bernoulli", "probabilities must lie between 0 and 1")
    let result = detach().clone()
    switch dtype {
    case .float32: result.withMutableElements("bernoulli", Float.self) { generator.replaceByBernoulli($0) }
    case .float64: result.withMutableElements("bernoulli", Double.self) { generator.replaceByBernoulli($0) }
    case .int64, .bool: fail("bernoulli", "needs floating-point probabilities, found \(dtype)")
    }
    return result
  }

  /// Every element ← a uniform number low ≤ u < high
  @discardableResult
  public func uniform_(_ low: Double = 0, _ high: Double = 1, generator: Generator = .default) -> Tensor {
    check(low <= high, "uniform_", "the bounds \(low) and \(high) are in the wrong order")
    switch dtype {
    case .float32:
      withMutableElements("uniform_", Float.self) {
        generator.fillUniform($0, from: Float(low), to: Float(high))
      }
    case .float64:
      withMutableElements("uniform_", Double.self) { generator.fillUniform($0, from: low, to: high) }
    case .int64, .bool: fail("uniform_", "needs a floating-point tensor, found \(dtype)")
    }
    return self
  }

  /// Every element ← a number from the normal distribution
  @discardableResult
  public func normal_(_ mean: Double = 0, _ std: Double = 1, generator: Generator = .default) -> Tensor {
    check(std >= 0, "normal_", "a standard deviation is not negative, found \(std)")
    switch dtype {
    case .float32:
      withMutableElements("normal_", Float.self) { generator.fillNormal($0, mean: mean, std: std) }
    case .float64:
      withMutableElements("normal_", Double.self) { generator.fillNormal($0, mean: mean, std: std) }
    case .int64, .bool: fail("normal_", "needs a floating-point tensor, found \(dtype)")
    }
    return self
  }

  /// Every element ← 1 with probability `p`, else 0
  @discardableResult
  public func bernoulli_(_ p: Double = 0.5, generator: Generator = .default) -> Tensor {
    check((0...1).contains(p), "bernoulli_", "\(p) is not a probability")
    switch dtype {
    case .float32:
      withMutableElements("bernoulli_", Float.self) { generator.fillBernoulli($0, probability: p) }
    case .float64:
      withMutableElements("bernoulli_", Double.self) { generator.fillBernoulli($0, probability: p) }
    case .int64, .bool: fail("bernoulli_", "needs a floating-point tensor, found \(dtype)")
    }
    return self
  }

  /// Every element ← an integer, as `Tensor.random_()` of PyTorch draws them: 0 ... 2⁶³ − 1
  @discardableResult
  public func random_(generator: Generator = .default) -> Tensor {
    check(dtype == .int64, "random_", "needs an int64 tensor, found \(dtype)")
    withMutableElements("random_", Int.self) { elements in
      for i in elements.indices { elements[i] = Int(generator.nextSeed()) }
    }
    return self
  }
}
