import Testing

@testable import DeepLearning
@testable import Tensors

/// What the brackets of `x[...]` pick and where assigning through them writes, against PyTorch's answers for
/// `torch.arange(24).reshape(2, 3, 4)`.
@Suite struct IndexingTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let shape: [Int]
    let numbers: [Int]
    let pick: @Sendable (Tensor) -> Tensor

    init(_ text: String, _ shape: [Int], _ numbers: [Int], _ pick: @escaping @Sendable (Tensor) -> Tensor) {
      testDescription = text
      self.shape = shape
      self.numbers = numbers
      self.pick = pick
    }
  }

  /// 0 ... 23 in shape (2, 3, 4): in order, and as the transpose of a tensor, and as every second element.
  static var layouts: [Tensor] {
    let x = Tensor.arange(24).reshape(2, 3, 4)
    let spread = Tensor.full([2, 3, 8], -1, dtype: .int64)
    spread.narrow(2, 1, 4, step: 2).copy_(x)
    return [x, x.permute(2, 1, 0).clone().permute(2, 1, 0), spread.narrow(2, 1, 4, step: 2)]
  }

  @Test(arguments: cases)
  func picks(_ test: Case) {
    for x in Self.layouts {
      let y = test.pick(x)
      #expect(y.shape == test.shape)
      #expect(y.integers == test.numbers)
    }
  }

  static let cases: [Case] = [
    Case("x[1]", [3, 4], Array(12..<24)) { x in x[1] },
    Case("x[1, 2]", [4], [20, 21, 22, 23]) { x in x[1, 2] },
    Case("x[1, 2, 3]", [], [23]) { x in x[1, 2, 3] },
    Case("x[.last]", [3, 4], Array(12..<24)) { x in x[.last] },
    Case("x[.last, .fromEnd(2), 0]", [], [16]) { x in x[.last, .fromEnd(2), 0] },
    Case("x[.all, 1]", [2, 4], [4, 5, 6, 7, 16, 17, 18, 19]) { x in x[.all, 1] },
    Case("x[.all, .all, .last]", [2, 3], [3, 7, 11, 15, 19, 23]) { x in x[.all, .all, .last] },
    Case("x[.ellipsis, 1]", [2, 3], [1, 5, 9, 13, 17, 21]) { x in x[.ellipsis, 1] },
    Case("x[1, .ellipsis]", [3, 4], Array(12..<24)) { x in x[1, .ellipsis] },
    Case("x[0, .ellipsis, 2]", [3], [2, 6, 10]) { x in x[0, .ellipsis, 2] },
    Case("x[.ellipsis]", [2, 3, 4], Array(0..<24)) { x in x[.ellipsis] },
    Case("x[0, 0..<2]", [2, 4], Array(0..<8)) { x in x[0, 0..<2] },
    Case("x[0, 1...2]", [2, 4], Array(4..<12)) { x in x[0, 1...2] },
    Case("x[0, 1...]", [2, 4], Array(4..<12)) { x in x[0, 1...] },
    Case("x[0, ..<1]", [1, 4], [0, 1, 2, 3]) { x in x[0, ..<1] },
    Case("x[0, ...1]", [2, 4], Array(0..<8)) { x in x[0, ...1] },
    Case("x[0, 0, 1..<9]", [3], [1, 2, 3]) { x in x[0, 0, 1..<9] },
    Case("x[0, 0, 7...]", [0], []) { x in x[0, 0, 7...] },
    Case("x[0, 2..<2]", [0, 4], []) { x in x[0, 2..<2] },
    Case("x[0, 0, -3 ..< -1]", [2], [1, 2]) { x in x[0, 0, -3 ..< -1] },
    Case("x[0, 0, (-2)...]", [2], [2, 3]) { x in x[0, 0, (-2)...] },
    Case("x[0, 0, ..<(-1)]", [3], [0, 1, 2]) { x in x[0, 0, ..<(-1)] },
    Case("x[0, 0, ...(-2)]", [3], [0, 1, 2]) { x in x[0, 0, ...(-2)] },
    Case("x[0, 0, ...(-1)]", [4], [0, 1, 2, 3]) { x in x[0, 0, ...(-1)] },
    Case("x[0, 0, -3 ... -1]", [3], [1, 2, 3]) { x in x[0, 0, -3 ... -1] },
    Case("x[0, 0, .slice(by: 2)]", [2], [0, 2]) { x in x[0, 0, .slice(by: 2)] },
    Case("x[0, 0, .slice(from: 1, by: 2)]", [2], [1, 3]) { x in x[0, 0, .slice(from: 1, by: 2)] },
    Case("x[0, 0, .slice(from: 1, to: -1)]", [2], [1, 2]) { x in x[0, 0, .slice(from: 1, to: -1)] },
    Case(
      "x[0, 0, .slice(from: -4, to: 3, by: 3)]", [1],
      [0]
    ) { x in x[0, 0, .slice(from: -4, to: 3, by: 3)] },
    Case("x[.slice(from: 5)]", [0, 3, 4], []) { x in x[.slice(from: 5)] },
    Case("x[0, 0, .slice(by: 9)]", [1], [0]) { x in x[0, 0, .slice(by: 9)] },
    Case(
      "x[.slice(by: 1), 0, .slice(by: 3)]", [2, 2],
      [0, 3, 12, 15]
    ) { x in x[.slice(by: 1), 0, .slice(by: 3)] },
    Case("x[.newAxis, 0, 0]", [1, 4], [0, 1, 2, 3]) { x in x[.newAxis, 0, 0] },
    Case("x[0, 0, .newAxis]", [1, 4], [0, 1, 2, 3]) { x in x[0, 0, .newAxis] },
    Case("x[0, .newAxis, 1, .newAxis, 2...]", [1, 1, 2], [6, 7]) { x in x[0, .newAxis, 1, .newAxis, 2...] },
    Case("x[.all, .newAxis, 0, 3]", [2, 1], [3, 15]) { x in x[.all, .newAxis, 0, 3] },
    Case("x[x .> 20]", [3], [21, 22, 23]) { x in x[x .> 20] },
    Case("x[x .< 0]", [0], []) { x in x[x .< 0] },
    Case("x[Tensor([false, true])]", [1, 3, 4], Array(12..<24)) { x in x[Tensor([false, true])] },
    Case(
      "x[0, Tensor([true, false, true])]", [2, 4],
      [0, 1, 2, 3, 8, 9, 10, 11]
    ) { x in x[0, Tensor([true, false, true])] },
    Case(
      "x[.all, Tensor([true, false, true]), 1]", [2, 2],
      [1, 9, 13, 21]
    ) { x in x[.all, Tensor([true, false, true]), 1] },
    Case(
      "x[Tensor([[true, false, true], [false, true, false]])]", [3, 4],
      [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19]
    ) { x in x[Tensor([[true, false, true], [false, true, false]])] },
    Case(
      "x[0, Tensor([[true, false, false, true], [false, true, false, true], [false, false, false, false]])]",
      [4],
      [0, 3, 5, 7]
    ) { x in
      x[0, Tensor([[true, false, false, true], [false, true, false, true], [false, false, false, false]])]
    },
    Case("x[Tensor([1, 0, 1]), 0, 0]", [3], [12, 0, 12]) { x in x[Tensor([1, 0, 1]), 0, 0] },
    Case("x[Tensor([-1, -2]), 0, 0]", [2], [12, 0]) { x in x[Tensor([-1, -2]), 0, 0] },
    Case("x[Tensor(1), 1]", [4], [16, 17, 18, 19]) { x in x[Tensor(1), 1] },
    Case(
      "x[0, Tensor([[2, 0], [1, -1]]), 1]", [2, 2],
      [9, 1, 5, 9]
    ) { x in x[0, Tensor([[2, 0], [1, -1]]), 1] },
    Case(
      "x[Tensor([0, 1, 1]), Tensor([2, 0, 1])]", [3, 4],
      Array(8..<20)
    ) { x in x[Tensor([0, 1, 1]), Tensor([2, 0, 1])] },
    Case(
      "x[Tensor([0, 1]), Tensor([2, 0]), Tensor([3, 1])]", [2],
      [11, 13]
    ) { x in x[Tensor([0, 1]), Tensor([2, 0]), Tensor([3, 1])] },
    Case(
      "x[Tensor([[0], [1]]), Tensor([2, 0, 1]), .last]", [2, 3],
      [11, 3, 7, 23, 15, 19]
    ) { x in x[Tensor([[0], [1]]), Tensor([2, 0, 1]), .last] },
    Case(
      "x[.all, Tensor([2, 0]), Tensor([3, 1])]", [2, 2],
      [11, 1, 23, 13]
    ) { x in x[.all, Tensor([2, 0]), Tensor([3, 1])] },
    Case("x[1, Tensor([2, 0]), 1..<3]", [2, 2], [21, 22, 13, 14]) { x in x[1, Tensor([2, 0]), 1..<3] },
    Case(
      "x[.ellipsis, Tensor([3, 0])]", [2, 3, 2],
      [3, 0, 7, 4, 11, 8, 15, 12, 19, 16, 23, 20]
    ) { x in x[.ellipsis, Tensor([3, 0])] },
    Case("x[Tensor([Int]())]", [0, 3, 4], []) { x in x[Tensor([Int]())] },
  ]

  @Test func picksFromOneDimension() {
    let x = Tensor([10.0, 20.0, 30.0])
    #expect(x[1].item() == 20)
    #expect(x[.last].shape == [])
    #expect(x[Tensor([true, false, true])].numbers == [10, 30])
    #expect(x[Tensor([0, 0, 2])].numbers == [10, 10, 30])
    #expect(x[.newAxis, .all, .newAxis].shape == [1, 3, 1])
  }

  // MARK: - Assignment

  struct Assignment: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let numbers: [Int]
    let assign: @Sendable (Tensor) -> Void

    init(_ text: String, _ numbers: [Int], _ assign: @escaping @Sendable (Tensor) -> Void) {
      testDescription = text
      self.numbers = numbers
      self.assign = assign
    }
  }

  @Test(arguments: assignments)
  func assigns(_ test: Assignment) {
    for x in Self.layouts {
      test.assign(x)
      #expect(x.integers == test.numbers)
    }
  }

  static let assignments: [Assignment] = [
    Assignment(
      "x[1, 0] = Tensor([9, 8, 7, 6])",
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 9, 8, 7, 6, 16, 17, 18, 19, 20, 21, 22, 23]
    ) { x in x[1, 0] = Tensor([9, 8, 7, 6]) },
    Assignment(
      "x[.all, .last] = Tensor(0)",
      [0, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0, 12, 13, 14, 15, 16, 17, 18, 19, 0, 0, 0, 0]
    ) { x in x[.all, .last] = Tensor(0) },
    Assignment(
      "x[0, .slice(by: 2), 1...] = Tensor([-1, -2, -3])",
      [0, -1, -2, -3, 4, 5, 6, 7, 8, -1, -2, -3, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]
    ) { x in x[0, .slice(by: 2), 1...] = Tensor([-1, -2, -3]) },
    Assignment(
      "x[x .> 20] = Tensor(5)",
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 5, 5, 5]
    ) { x in x[x .> 20] = Tensor(5) },
    Assignment(
      "x[x .> 20] = Tensor([100, 200, 300])",
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 100, 200, 300]
    ) { x in x[x .> 20] = Tensor([100, 200, 300]) },
    Assignment(
      "x[Tensor([false, true])] = Tensor(1)",
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    ) { x in x[Tensor([false, true])] = Tensor(1) },
    Assignment(
      "x[Tensor([false, true])] = Tensor([1, 2, 3, 4])",
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]
    ) { x in x[Tensor([false, true])] = Tensor([1, 2, 3, 4]) },
    Assignment(
      "x[Tensor([[true, false, true], [false, true, false]])] = Tensor([[1], [2], [3]])",
      [1, 1, 1, 1, 4, 5, 6, 7, 2, 2, 2, 2, 12, 13, 14, 15, 3, 3, 3, 3, 20, 21, 22, 23]
    ) { x in x[Tensor([[true, false, true], [false, true, false]])] = Tensor([[1], [2], [3]]) },
    Assignment(
      "x[1] = x[0]",
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    ) { x in x[1] = x[0] },
    Assignment(
      "x[.all, 0] = x[.all, 1] + 100",
      [104, 105, 106, 107, 4, 5, 6, 7, 8, 9, 10, 11, 116, 117, 118, 119, 16, 17, 18, 19, 20, 21, 22, 23]
    ) { x in x[.all, 0] = x[.all, 1] + 100 },
    Assignment(
      "x[0] += 10",
      [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]
    ) { x in x[0] += 10 },
    Assignment(
      "x[.ellipsis, 1] *= 2",
      [0, 2, 2, 3, 4, 10, 6, 7, 8, 18, 10, 11, 12, 26, 14, 15, 16, 34, 18, 19, 20, 42, 22, 23]
    ) { x in x[.ellipsis, 1] *= 2 },
  ]

  @Test func assigningConvertsToTheTensorsType() {
    let x = Tensor.zeros(2, dtype: .int64)
    x[0] = Tensor(2.9)
    #expect(x.integers == [2, 0])
    let y = Tensor.zeros(2)
    y[.all] = Tensor([1, 2])
    #expect(y.dtype == .float32)
    #expect(y.numbers == [1, 2])
  }

  /// Values for the true places only, of another type, and none at all.
  @Test func assigningThroughMasks() {
    let x = Tensor([1 << 40, 2, 3, 4])
    x[x .> 2] = Tensor([-1.5, -2.5, -3.5])
    #expect(x.integers == [-1, 2, -2, -3])
    let big = Tensor([1 << 40 + 1, 2])
    big[big .< 3] = Tensor(0.5)
    #expect(big.integers == [1 << 40 + 1, 0], "what is not picked is not converted")
    x[x .> 1000] = Tensor([Int]())
    x[Tensor([false, false, false, false])] = Tensor(9)
    #expect(x.integers == [-1, 2, -2, -3])
    let y = Tensor.zeros(2, 3)
    y.T[Tensor([true, false, true])] = Tensor([[1.0, 2.0], [3.0, 4.0]])
    #expect(y.numbers == [1, 0, 3, 2, 0, 4])
  }

  /// `x[1...] = x[..<3]` reads what it overwrites.
  @Test func assigningFromAnOverlappingView() {
    let x = Tensor([1.0, 2.0, 3.0, 4.0])
    x[1...] = x[..<3]
    #expect(x.numbers == [1, 1, 2, 3])
  }

  @Test func addingAnOverlappingView() {
    let x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    x += x.T
    #expect(x.numbers == [2, 5, 5, 8])
    let y = Tensor([1.0, 2.0, 3.0, 4.0])
    y[1...] += y[..<3]
    #expect(y.numbers == [1, 3, 5, 7])
  }

  // MARK: - Index operations

  @Test func gatherAndScatter() {
    let x = Tensor([[1, 2, 3], [4, 5, 6]])
    #expect(x.gather(1, Tensor([[2, 0], [1, 1]])).integers == [3, 1, 5, 5])
    #expect(x.gather(0, Tensor([[1, 0, 1]])).integers == [4, 2, 6])
    #expect(x.T.gather(0, Tensor([[2, 0]])).integers == [3, 4])
    let zeros = Tensor.zeros(2, 3, dtype: .int64)
    #expect(zeros.scatter(1, Tensor([[2, 0], [1, 1]]), x[.all, ..<2]).integers == [2, 0, 1, 0, 5, 0])
    #expect(zeros.scatter(1, Tensor([[2], [0]]), 9).integers == [0, 0, 9, 9, 0, 0])
    #expect(zeros.scatterAdd(1, Tensor([[2, 2], [0, 1]]), x[.all, ..<2]).integers == [0, 0, 3, 4, 5, 0])
    #expect(zeros.integers.allSatisfy { $0 == 0 }, "scatter gives a copy")
  }

  @Test func indexSelectAndIndexAdd() {
    let x = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    #expect(x.indexSelect(1, Tensor([2, 2, 0])).numbers == [3, 3, 1, 6, 6, 4])
    #expect(x.T.indexSelect(0, Tensor([1])).numbers == [2, 5])
    #expect(x.indexSelect(0, Tensor([Int]())).shape == [0, 3])
    #expect(x.indexAdd(0, Tensor([1, 1]), x).numbers == [1, 2, 3, 9, 12, 15])
  }

  @Test func masks() {
    let x = Tensor([[1.0, -2.0], [-3.0, 4.0]])
    #expect(x.maskedFill(x .< 0, 0).numbers == [1, 0, 0, 4])
    #expect(x.maskedFill(Tensor([true, false]), 7).numbers == [7, -2, 7, 4])
    #expect(x.maskedSelect(x .> 0).numbers == [1, 4])
    #expect(x.T.maskedSelect(x.T .< 0).numbers == [-3, -2])
    #expect((x .> 0).nonzero().integers == [0, 0, 1, 1])
    #expect(Tensor.zeros(2, 2).nonzero().shape == [0, 2])
    #expect(Tensor(3.0).nonzero().shape == [1, 0])
    #expect(`where`(x .> 0, x, Tensor(0.0)).numbers == [1, 0, 0, 4])
    #expect(`where`(Tensor([true, false]), Tensor(1.5), Tensor([1, 2])).numbers == [1.5, 2])
    #expect(`where`(Tensor([true, false]), Tensor([[1], [2]]), Tensor(0)).integers == [1, 0, 2, 0])
    let both = (x .> -3) .& (x .< 4)
    #expect(both.truths == [true, true, false, false])
    #expect((.!both .| (x .== 1)).truths == [true, false, true, true])
  }

  @Test func embeddingsAndOneHot() {
    let table = Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    let rows = embedding(Tensor([[2, 0]]), table)
    #expect(rows.shape == [1, 2, 2])
    #expect(rows.numbers == [5, 6, 1, 2])
    #expect(oneHot(Tensor([2, 0]), classes: 3).integers == [0, 0, 1, 1, 0, 0])
    #expect(oneHot(Tensor(1), classes: 2).shape == [2])
  }
}
