import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// A source of random numbers that gives PyTorch's CPU streams: one seed, the same digits.
///
///     manualSeed(0)                      // seeds Generator.default
///     let own = Generator(seed: 7)       // a stream of one's own
///     own.nextUniform()                  // 0 ≤ u < 1
///
/// Integers, uniform numbers and permutations equal PyTorch's bit for bit. Normal numbers go
/// through logarithms and cosines, whose last bits already differ between PyTorch's own builds;
/// they agree to a few units in the last place.
///
/// Every call takes a lock, so that a generator may be shared between threads; the order in which
/// threads draw then decides who gets which number. Work that must be reproducible gives each
/// thread its own generator.
public final class Generator: Sendable {
  /// The generator that is used wherever none is given. Until `manualSeed` is called it starts from
  /// `defaultSeed`, so that a program without a seed is reproducible too.
  public static var `default`: Generator { current }

  /// What ``default`` is. Work that goes on beside the program's own, such as a data loader's, runs with a
  /// value of its own here: neither then takes numbers out of the other's stream.
  @TaskLocal package static var current = Generator()

  /// PyTorch's seed for a generator that was given none.
  public static let defaultSeed: UInt64 = 67_280_421_310_721

  private struct State {
    var seed: UInt64
    var twister: MersenneTwister
    /// Box–Muller makes normal numbers in pairs; the second waits here for the next call.
    var spareNormal: Double?

    init(seed: UInt64) {
      self.seed = seed
      twister = MersenneTwister(seed: UInt32(truncatingIfNeeded: seed))
    }
  }

  private let state: Mutex<State>

  /// A generator at the start of the stream of `seed`. As in PyTorch, only its low 32 bits count.
  public init(seed: UInt64 = Generator.defaultSeed) {
    state = Mutex(State(seed: seed))
  }

  /// The seed with which the stream began.
  public var initialSeed: UInt64 { state.withLock { $0.seed } }

  /// Starts the stream of `seed` from its beginning.
  public func manualSeed(_ seed: UInt64) {
    state.withLock { $0 = State(seed: seed) }
  }

  /// A second generator that goes on from the same place.
  public func copy() -> Generator {
    let copy = Generator()
    copy.resume(from: self)
    return copy
  }

  /// Goes on from where `other` stands.
  public func resume(from other: Generator) {
    let place = other.state.withLock { $0 }
    state.withLock { $0 = place }
  }

  // MARK: - One number

  /// 32 random bits.
  public func random() -> UInt32 { state.withLock { $0.twister.next() } }

  /// 64 random bits.
  public func random64() -> UInt64 { state.withLock { $0.twister.next64() } }

  /// An integer in 0 ..< 2⁶³, as `torch.empty((), dtype=torch.int64).random_()` draws it.
  ///
  /// This is how PyTorch seeds a second generator from the first. A shuffled DataLoader does it
  /// twice at the start of each epoch:
  ///
  ///     _ = generator.nextSeed()                          // the seed of its worker processes
  ///     let order = Generator(seed: generator.nextSeed()) // the seed of its sampler
  ///     order.fillPermutation(indices)
  ///
  /// A loader that does not shuffle draws the first of the two only.
  public func nextSeed() -> UInt64 { random64() & .max >> 1 }

  /// A number in `range`, its upper bound excluded, from 53 random bits (as PyTorch for float64).
  public func nextUniform(in range: Range<Double> = 0..<1) -> Double {
    let span = range.upperBound - range.lowerBound
    return range.lowerBound.addingProduct(Self.uniform53(random64()), span)
  }

  /// A number from the normal distribution, as `torch.randn(1, dtype=torch.float64)` draws it.
  public func nextNormal(mean: Double = 0, std: Double = 1) -> Double {
    state.withLock { mean.addingProduct(Self.standardNormal(&$0), std) }
  }

  /// An integer in `range`, which must not be empty.
  public func nextInt(in range: Range<Int>) -> Int {
    var value = 0
    withUnsafeMutablePointer(to: &value) {
      fillIntegers(UnsafeMutableBufferPointer(start: $0, count: 1), in: range)
    }
    return value
  }

  // MARK: - Filling memory

  /// Uniform numbers low + u·(high − low) from 24 random bits each.
  public func fillUniform(
    _ buffer: UnsafeMutableBufferPointer<Float>, from low: Float = 0, to high: Float = 1
  ) {
    let span = high - low
    state.withLock {
      $0.twister.fill(buffer) { word in low.addingProduct(Self.uniform24(word), span) }
    }
  }

  /// Uniform numbers low + u·(high − low) from 53 random bits each.
  public func fillUniform(
    _ buffer: UnsafeMutableBufferPointer<Double>, from low: Double = 0, to high: Double = 1
  ) {
    let span = high - low
    state.withLock {
      $0.twister.fill64(buffer) { word in low.addingProduct(Self.uniform53(word), span) }
    }
  }

  /// Normal numbers. Fewer than 16 are drawn one by one in double precision.
  public func fillNormal(
    _ buffer: UnsafeMutableBufferPointer<Float>, mean: Double = 0, std: Double = 1
  ) {
    guard buffer.count >= 16 else {
      return state.withLock {
        for i in buffer.indices {
          buffer[i] = Float(mean.addingProduct(Self.standardNormal(&$0), std))
        }
      }
    }
    let (mean, std) = (Float(mean), Float(std))
    state.withLock { state in
      state.twister.fill(buffer, Self.uniform24)
      Self.forEachSixteen(of: buffer) { sixteen, isTail in
        if isTail { state.twister.fill(sixteen, Self.uniform24) }
        BoxMuller.transform16(sixteen.baseAddress!, mean: mean, std: std)
      }
    }
  }

  /// Normal numbers. Fewer than 16 are drawn one by one.
  public func fillNormal(
    _ buffer: UnsafeMutableBufferPointer<Double>, mean: Double = 0, std: Double = 1
  ) {
    guard buffer.count >= 16 else {
      return state.withLock {
        for i in buffer.indices { buffer[i] = mean.addingProduct(Self.standardNormal(&$0), std) }
      }
    }
    state.withLock { state in
      state.twister.fill64(buffer, Self.uniform53)
      Self.forEachSixteen(of: buffer) { sixteen, isTail in
        if isTail { state.twister.fill64(sixteen, Self.uniform53) }
        BoxMuller.transform16(sixteen.baseAddress!, mean: mean, std: std)
      }
    }
  }

  /// Integers in `range`, which must not be empty: low + word mod (high − low).
  ///
  /// A word has 32 bits, and 64 once the range holds 2²⁸ integers or more, where the remainder of
  /// 32 bits would be noticeably uneven.
  public func fillIntegers(_ buffer: UnsafeMutableBufferPointer<Int>, in range: Range<Int>) {
    let (low, size) = (range.lowerBound, UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound)))
    state.withLock {
      if size < 1 << 28 {
        let size = UInt32(size)
        $0.twister.fill(buffer) { word in low &+ Int(word % size) }
      } else {
        $0.twister.fill64(buffer) { word in low &+ Int(truncatingIfNeeded: word % size) }
      }
    }
  }

  /// A random order of 0 ..< count, by Fisher and Yates's exchanges.
  public func fillPermutation(_ buffer: UnsafeMutableBufferPointer<Int>) {
    let count = buffer.count
    state.withLock { state in
      guard count < Int(UInt32.max) / 20 else {
        for i in 0..<count {
          let j = Int(state.twister.next64() % UInt64(i + 1))
          buffer[i] = i
          buffer.swapAt(i, j)
        }
        return
      }
      for i in 0..<count { buffer[i] = i }
      for i in 0..<max(count - 1, 0) {
        buffer.swapAt(i, i + Int(state.twister.next() % UInt32(count - i)))
      }
    }
  }

  /// 1 with the probability given, else 0, as `Tensor.bernoulli_(p)` and dropout's mask draw it.
  public func fillBernoulli(_ buffer: UnsafeMutableBufferPointer<Float>, probability: Double) {
    state.withLock {
      $0.twister.fill64(buffer) { word in Self.uniform53(word) < probability ? 1 : 0 }
    }
  }

  /// 1 with the probability given, else 0.
  public func fillBernoulli(_ buffer: UnsafeMutableBufferPointer<Double>, probability: Double) {
    state.withLock {
      $0.twister.fill64(buffer) { word in Self.uniform53(word) < probability ? 1 : 0 }
    }
  }

  /// Replaces each probability by 1 or 0 drawn with it, as `torch.bernoulli(p)` does for float32.
  public func replaceByBernoulli(_ buffer: UnsafeMutableBufferPointer<Float>) {
    state.withLock {
      for i in buffer.indices { buffer[i] = Self.uniform24($0.twister.next()) < buffer[i] ? 1 : 0 }
    }
  }

  /// Replaces each probability by 1 or 0 drawn with it, as `torch.bernoulli(p)` does for float64.
  public func replaceByBernoulli(_ buffer: UnsafeMutableBufferPointer<Double>) {
    state.withLock {
      for i in buffer.indices { buffer[i] = Self.uniform53($0.twister.next64()) < buffer[i] ? 1 : 0 }
    }
  }

  // MARK: - From bits to numbers

  @inline(__always)
  private static func uniform24(_ word: UInt32) -> Float { Float(word & 0x00ff_ffff) * 0x1p-24 }

  @inline(__always)
  private static func uniform53(_ word: UInt64) -> Double {
    Double(word & 0x001f_ffff_ffff_ffff) * 0x1p-53
  }

  /// One normal number: r cos θ now, r sin θ at the next call, with r = √(−2 ln(1 − u₂)), θ = 2π u₁.
  private static func standardNormal(_ state: inout State) -> Double {
    if let spare = state.spareNormal {
      state.spareNormal = nil
      return spare
    }
    let angle = 2 * Double.pi * uniform53(state.twister.next64())
    let radius = (-2 * log1p(-uniform53(state.twister.next64()))).squareRoot()
    state.spareNormal = radius * sin(angle)
    return radius * cos(angle)
  }

  /// Visits memory in stretches of sixteen. A rest shorter than that is covered by the last sixteen
  /// elements, which overlap the stretch before and are to be drawn anew (`isTail`).
  @inline(__always)
  private static func forEachSixteen<Value>(
    of buffer: UnsafeMutableBufferPointer<Value>,
    _ body: (_ sixteen: UnsafeMutableBufferPointer<Value>, _ isTail: Bool) -> Void
  ) {
    var start = 0
    while start + 16 <= buffer.count {
      body(UnsafeMutableBufferPointer(rebasing: buffer[start..<start + 16]), false)
      start += 16
    }
    if start < buffer.count { body(UnsafeMutableBufferPointer(rebasing: buffer.suffix(16)), true) }
  }
}

/// Seeds `Generator.default`, so that everything random that follows is the stream of `seed`, the
/// one that PyTorch gives after `torch.manual_seed(seed)`.
public func manualSeed(_ seed: UInt64) {
  Generator.default.manualSeed(seed)
}
