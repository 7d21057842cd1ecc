import Testing

@testable import DeepLearning
@testable import Tensors

/// Making tensors, converting their elements, and the types of results.
@Suite struct CreationTests {
  @Test func theTypeOfLiterals() {
    #expect(Tensor([1.0, 2.0]).dtype == .float32)
    #expect(Tensor(0.5).dtype == .float32)
    #expect(Tensor([Float(1)]).dtype == .float32)
    #expect(Tensor([1, 2]).dtype == .int64)
    #expect(Tensor(3).dtype == .int64)
    #expect(Tensor([true]).dtype == .bool)
    #expect(Tensor([1, 2], dtype: .float64).dtype == .float64)
    #expect(Tensor([0.5, 1.5], dtype: .int64).integers == [0, 1])
  }

  @Test func shapes() {
    #expect(Tensor(1.0).shape == [])
    #expect(Tensor([1.0]).shape == [1])
    let x = Tensor([[[1, 2], [3, 4], [5, 6]]])
    #expect(x.shape == [1, 3, 2])
    #expect(x.rank == 3 && x.count == 6)
    #expect(x.size(-1) == 2 && x.size(1) == 3)
    #expect(x.strides == [6, 2, 1])
    #expect(Tensor([[Double]]()).shape == [0])
    #expect(Tensor([[Double]]([[], []])).shape == [2, 0])
    #expect(Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])[1].integers == [4, 5, 6])
  }

  @Test func constants() {
    #expect(Tensor.zeros(2, 3).numbers == [0, 0, 0, 0, 0, 0])
    #expect(Tensor.ones([2], dtype: .int64).integers == [1, 1])
    #expect(Tensor.full([2], 2.5).numbers == [2.5, 2.5])
    #expect(Tensor.full([2], 3, dtype: .bool).truths == [true, true])
    #expect(Tensor.eye(2).numbers == [1, 0, 0, 1])
    #expect(Tensor.eye(0).shape == [0, 0])
    #expect(Tensor.zeros(2, requiresGrad: true).requiresGrad)
    let like = Tensor.ones(like: Tensor.zeros(2, 3, dtype: .float64).T)
    #expect(like.shape == [3, 2] && like.dtype == .float64 && like.isContiguous)
    #expect(Tensor.empty(2, 3).shape == [2, 3])
  }

  @Test func sequences() {
    #expect(Tensor.arange(4).integers == [0, 1, 2, 3])
    #expect(Tensor.arange(0).shape == [0])
    #expect(Tensor.arange(-3).shape == [0])
    #expect(Tensor.arange(2, 5).integers == [2, 3, 4])
    #expect(Tensor.arange(5, 0, step: -2).integers == [5, 3, 1])
    #expect(Tensor.arange(3, 1).shape == [0])
    #expect(Tensor.arange(0.0, 1.0, step: 0.25).numbers == [0, 0.25, 0.5, 0.75])
    #expect(Tensor.arange(0.0, 1.0, step: 0.3).count == 4)
    #expect(Tensor.linspace(0, 1, 5).numbers == [0, 0.25, 0.5, 0.75, 1])
    #expect(Tensor.linspace(3, 7, 1).numbers == [3])
    #expect(Tensor.linspace(3, 7, 0).shape == [0])
    #expect(Tensor.linspace(-1, 0.1, 7, dtype: .float64).numbers.last == 0.1)
  }

  @Test func conversion() {
    let x = Tensor([-1.7, -0.5, 0, 0.9, 2.5], dtype: .float64)
    #expect(x.to(.int64).integers == [-1, 0, 0, 0, 2], "fractions are cut toward zero")
    #expect(x.to(.bool).truths == [true, true, false, true, true])
    #expect(Tensor([true, false]).to(.float32).numbers == [1, 0])
    #expect(Tensor([16_777_217]).to(.float32).numbers == [16_777_216])
    #expect(Tensor([Int.max]).to(.float64).to(.float32).to(.float64).numbers == [9_223_372_036_854_775_808])
    #expect(Tensor([Int.max, Int.min]).integers == [.max, .min], "nothing goes through a Double")
    #expect(x.to(.float64) === x)
    #expect(x.toArray() == [-1.7, -0.5, 0, 0.9, 2.5])
    #expect(Tensor([Double.nan]).to(.bool).truths == [true])
  }

  /// What no integer is becomes the smallest one, as in PyTorch on x86.
  @Test func conversionBeyondTheRangeOfIntegers() {
    let limit = 0x1p63
    let inside = [-limit, limit.nextDown, -limit.nextDown]
    #expect(Tensor(inside, dtype: .float64).to(.int64).integers == inside.map { Int($0) })
    let outside = [limit, -limit.nextUp, 9.25e18, -9.25e18, 1e300, .infinity, -.infinity, .nan]
    #expect(Tensor(outside, dtype: .float64).to(.int64).integers.allSatisfy { $0 == .min })
    #expect(Tensor(outside).to(.int64).integers.allSatisfy { $0 == .min })
  }

  @Test func item() {
    #expect(Tensor(2.5).item() == 2.5)
    #expect(Tensor([[7]]).item() == 7)
    #expect(Tensor([true]).item() == 1)
    #expect(Tensor([1.0, 2.0, 3.0])[1].item() == 2)
    #expect(Tensor([0.1], dtype: .float64).item() == 0.1)
  }

  /// Two tensors are equal as objects; their elements are compared by `.==` and `equal`.
  @Test func equality() {
    let x = Tensor([1.0, 2.0])
    #expect(x == x)
    #expect(x != x.clone())
    #expect(equal(x, x.clone()))
    #expect(!equal(x, Tensor([1.0, 3.0])))
    #expect(!equal(x, Tensor([[1.0, 2.0]])))
    #expect(Set([x, x, x.clone()]).count == 2)
    #expect(x.allClose(Tensor([1.000001, 2.0])))
    #expect(!x.allClose(Tensor([1.001, 2.0])))
    #expect(!Tensor([Double.nan]).allClose(Tensor([Double.nan])))
    #expect(Tensor([Double.infinity]).allClose(Tensor([Double.infinity])))
  }

  // MARK: - Types of results, as PyTorch 2.15 has them

  private static let types: [DType] = [.bool, .int64, .float32, .float64]

  /// A number and a vector of each type, in this order.
  private static let operands = types.flatMap { type in
    [Tensor.ones([], dtype: type), Tensor.ones([2], dtype: type)]
  }

  /// Row by row for the left operand, column by column for the right: b, i, f, d stand for the four types.
  private static func expectTypes(
    _ table: String, _ operation: (Tensor, Tensor) -> Tensor,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let expected = table.split(whereSeparator: \.isWhitespace).joined()
    let letters: [DType: Character] = [.bool: "b", .int64: "i", .float32: "f", .float64: "d"]
    for (row, a) in operands.enumerated() {
      for (column, b) in operands.enumerated() {
        let letter = expected[expected.index(expected.startIndex, offsetBy: 8 * row + column)]
        if letter == "-" { continue }
        let found = letters[operation(a, b).dtype]
        #expect(
          found == letter, "\(a.dtype) \(a.shape) and \(b.dtype) \(b.shape)", sourceLocation: sourceLocation)
      }
    }
  }

  @Test func typesOfArithmetic() {
    // Two truth values have no sum here; PyTorch's would be a truth value.
    let table = """
      --iiffdd
      --iiffdd
      iiiiffdd
      iiiiffdd
      ffffffdd
      fffffffd
      dddddfdd
      dddddddd
      """
    Self.expectTypes(table) { $0 + $1 }
    Self.expectTypes(table) { $0 - $1 }
    Self.expectTypes(table) { $0 * $1 }
    Self.expectTypes(table) { maximum($0, $1) }
    Self.expectTypes(table.replacing("-", with: "f").replacing("i", with: "f")) { $0 / $1 }
    Self.expectTypes(table.replacing("-", with: "b")) { `where`(Tensor([true, false]), $0, $1) }
  }

  @Test func typesOfArithmeticWithPlainNumbers() {
    let vectors = Self.types.map { Tensor.ones([2], dtype: $0) }
    #expect(vectors.map { ($0 + 2).dtype } == [.int64, .int64, .float32, .float64])
    #expect(vectors.map { (2 - $0).dtype } == [.int64, .int64, .float32, .float64])
    #expect(vectors.map { ($0 / 2).dtype } == [.float32, .float32, .float32, .float64])
    #expect(vectors.map { ($0 * 2.5).dtype } == [.float32, .float32, .float32, .float64])
    #expect(vectors.map { (2.5 / $0).dtype } == [.float32, .float32, .float32, .float64])
    #expect((Tensor([7, 8]) / 2).numbers == [3.5, 4])
    #expect((Tensor([true, true]) * 3).integers == [3, 3])
    #expect((Tensor.ones(2) * Tensor(2.0, dtype: .float64)).dtype == .float32)
  }

  @Test func typesOfFunctions() {
    let vectors = Self.types.map { Tensor.ones([2], dtype: $0) }
    let floats: [DType] = [.float32, .float32, .float32, .float64]
    #expect(vectors.map { $0.exp().dtype } == floats)
    #expect(vectors.map { $0.sqrt().dtype } == floats)
    #expect(vectors.map { $0.sigmoid().dtype } == floats)
    #expect(vectors.map { $0.reciprocal().dtype } == floats)
    #expect(vectors.map { $0.logSumExp(dim: 0).dtype } == floats)
    let counts: [DType] = [.int64, .int64, .float32, .float64]
    #expect(vectors.map { $0.sum().dtype } == counts)
    #expect(vectors.map { $0.cumsum(0).dtype } == counts)
    #expect(vectors.map { $0.prod(dim: 0).dtype } == counts)
    #expect(vectors.map { $0.amax(dim: 0).dtype } == Self.types)
    #expect(vectors.map { $0.sort().values.dtype } == Self.types)
    let integers = vectors[1]
    for y in [integers.abs(), integers.square(), integers ** 2, integers.sign(), integers.relu(), -integers] {
      #expect(y.dtype == .int64)
    }
    #expect(Tensor([-16_777_217, 3]).abs().integers == [16_777_217, 3])
    #expect(Tensor([-3, 0, 5]).sign().integers == [-1, 0, 1])
    #expect(Tensor([-3, 0, 5]).relu().integers == [0, 0, 5])
    #expect(vectors.map { $0.argmax(dim: 0).dtype } == [.int64, .int64, .int64, .int64])
    #expect(vectors.map { ($0 .> 0).dtype } == [.bool, .bool, .bool, .bool])
    for (a, b) in [(DType.bool, DType.int64), (.int64, .float32), (.float32, .float64)] {
      #expect(cat([Tensor.ones([1], dtype: a), Tensor.ones([1], dtype: b)]).dtype == b)
    }
  }

  @Test func integersWrapAround() {
    let x = Tensor([Int.max])
    #expect((x + 1).integers == [.min])
    #expect((x * 2).integers == [-2])
    #expect((-Tensor([Int.min])).integers == [.min])
    #expect((Tensor([1, 0]) / 0).numbers[0] == .infinity)
    #expect(x.sum().item() == Double(Int.max))
    #expect(Tensor([Int.max, 1]).sum().integers == [.min])
  }

  @Test func comparisons() {
    let x = Tensor([1.0, 2.0, .nan])
    #expect((x .< 2).truths == [true, false, false])
    #expect((x .<= 2).truths == [true, true, false])
    #expect((x .> 1).truths == [false, true, false])
    #expect((x .>= 1).truths == [true, true, false])
    #expect((x .== 2).truths == [false, true, false])
    #expect((x .!= 2).truths == [true, false, true])
    #expect(x.isNaN().truths == [false, false, true])
    #expect(Tensor([1.0, .infinity, .nan]).isFinite().truths == [true, false, false])
    #expect((Tensor([1, 2]) .> 1.5).truths == [false, true])
    #expect((Tensor([[1], [2]]) .== Tensor([1, 2])).truths == [true, false, false, true])
    #expect((Tensor([true, false]) .== Tensor([true, true])).truths == [true, false])
    #expect((Tensor([Int.max]) .> Tensor([Int.max - 1])).truths == [true], "no rounding on the way")
    // A zero-dimensional tensor takes the other's type.
    #expect((Tensor([0.1]) .== Tensor(0.1, dtype: .float64)).truths == [true])
    #expect((Tensor([0.1]) .== Tensor([0.1], dtype: .float64)).truths == [false])
  }

  @Test func rounding() {
    let x = Tensor([-1.5, -0.5, 0.5, 1.5, 2.5])
    #expect(x.floor().numbers == [-2, -1, 0, 1, 2])
    #expect(x.ceil().numbers == [-1, 0, 1, 2, 3])
    #expect(x.round().numbers == [-2, 0, 0, 2, 2])
    #expect(Tensor([3]).floor().dtype == .int64)
  }

  // MARK: - Memory

  /// A block is at least as large as asked, at most a quarter and 64 bytes larger, and the smallest that fits.
  @Test func sizesOfBlocks() {
    var counts = Array(0...5000) + (13...40).flatMap { power in (-3...3).map { (1 << power) + $0 } }
    let generator = Generator(seed: 3)
    counts += (0..<1000).map { _ in generator.nextInt(in: 0..<1 << 44) }
    for count in counts {
      let bucket = BufferPool.bucket(forByteCount: count)
      let size = BufferPool.byteCount(ofBucket: bucket)
      #expect(size >= count && size <= count + count / 4 + 64, "\(count) bytes in \(size)")
      #expect(bucket == 0 || BufferPool.byteCount(ofBucket: bucket - 1) < count, "\(count) bytes")
    }
  }

  @Test func blocksAreReused() async {
    await #expect(processExitsWith: .success) {
      let before = MemoryStatistics.current
      do { withExtendedLifetime(Tensor.zeros(1000)) {} }
      let after = MemoryStatistics.current
      #expect(after.bytesInUse == before.bytesInUse)
      #expect(after.bytesHeld == before.bytesHeld + 4096)
      for _ in 0..<10 { withExtendedLifetime(Tensor.zeros(1000)) {} }
      #expect(MemoryStatistics.current.systemRequests == after.systemRequests)
      MemoryStatistics.releaseHeldMemory()
      #expect(MemoryStatistics.current.bytesHeld == 0)
      #expect(Tensor.ones(1000).sum().item() == 1000)
    }
  }
}
