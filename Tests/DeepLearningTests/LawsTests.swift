import Foundation
import Testing

@testable import DeepLearning
@testable import Tensors

/// Laws that hold for all numbers and shapes, on random ones.
@Suite struct LawsTests {
  /// Random shapes and numbers, the same in every run.
  struct Source {
    let generator: Generator
    init(_ seed: UInt64) { generator = Generator(seed: seed) }

    func size(_ limit: Int = 9) -> Int { generator.nextInt(in: 1..<limit + 1) }
    func shape(rank: Int) -> [Int] { (0..<rank).map { _ in size(5) } }
    func tensor(_ shape: [Int], dtype: DType = .float64) -> Tensor {
      Tensor.randn(shape, dtype: dtype, generator: generator)
    }
    func tensor(_ shape: Int..., dtype: DType = .float64) -> Tensor { tensor(shape, dtype: dtype) }
    func permutation(_ n: Int) -> Tensor { Tensor.randperm(n, generator: generator) }
  }

  /// Twenty sources of random cases.
  static let sources = (1...20).map { Source(UInt64($0)) }

  /// The largest difference, relative to the size of the numbers compared but to 1 at least: what is compared
  /// is made of numbers of that size, and where they cancel the order of the additions shows.
  static func difference(_ a: Tensor, _ b: Tensor) -> Double { relativeError(a, b, floor: 1) }

  // MARK: - Layouts

  /// Every operation gives the same on a transposed, sliced or expanded operand as on a copy in order.
  @Test(arguments: GradientCase.all)
  func layoutsDoNotMatter(_ test: GradientCase) {
    for (type, tolerance) in [(DType.float64, 1e-12), (.float32, 1e-5)] {
      for layout in Layout.allCases {
        let operands = test.operands(test.inputs(layout).map { $0.to(type) }, layout)
        let actual = test.outputs(of: operands)
        let expected = test.outputs(of: operands.map { $0.clone() })
        #expect(actual.count == expected.count)
        for (a, b) in zip(actual, expected) {
          #expect(Self.difference(a, b) < tolerance, "\(test.name), \(layout), \(type)")
        }
      }
    }
  }

  // MARK: - Products

  /// The largest rounding error of a product, in units of what its sums are made of: |y − Σ a b| / Σ |a b|.
  ///
  /// A sum that nearly cancels has few digits left of its own, and which ones depends on the order in which
  /// the processor's kernel adds. Against Σ |a b| any order is within K ε.
  private func roundingError(of y: Tensor, as a: Tensor, times b: Tensor) -> Double {
    let (m, k, n) = (a.shape[0], a.shape[1], b.shape[1])
    guard y.shape == [m, n] else { return .infinity }
    let (x, w, result) = (a.numbers, b.numbers, y.numbers)
    var largest = 0.0
    for i in 0..<m {
      for j in 0..<n {
        var (sum, size) = (0.0, 0.0)
        for l in 0..<k {
          sum += x[i * k + l] * w[l * n + j]
          size += abs(x[i * k + l] * w[l * n + j])
        }
        let error = abs(result[i * n + j] - sum)
        // Written so that a NaN is an error too.
        if !(error <= largest * size) { largest = error / size }
      }
    }
    return largest
  }

  @Test func matmulIsTheSumOfProducts() {
    for source in Self.sources {
      let (m, k, n) = (source.size(40), source.size(40), source.size(40))
      for layout in Layout.allCases {
        for (type, epsilon) in [(DType.float64, Double.ulpOfOne), (.float32, Double(Float.ulpOfOne))] {
          let a = layout.arrange(source.tensor(layout.baseShape([m, k]), dtype: type), [m, k])
          let b = layout.arrange(source.tensor(layout.baseShape([k, n]), dtype: type), [k, n])
          let limit = Double(k + 1) * epsilon
          #expect(roundingError(of: a.matmul(b), as: a, times: b) < limit)
          #expect(roundingError(of: b.T.matmul(a.T).T, as: a, times: b) < limit)
          #expect(roundingError(of: linear(a, b.T), as: a, times: b) < limit)
          let one = Tensor.ones([n], dtype: type)
          let (wide, tall) = (
            cat([a, .ones([m, 1], dtype: type)], dim: 1), cat([b, one.unsqueeze(0)], dim: 0)
          )
          #expect(roundingError(of: linear(a, b.T, one), as: wide, times: tall) < limit + epsilon)
        }
      }
    }
  }

  @Test func largeProductsToo() {
    let source = Source(1)
    let (a, b) = (source.tensor(130, 300), source.tensor(300, 170))
    #expect(roundingError(of: a.matmul(b), as: a, times: b) < 301 * Double.ulpOfOne)
    let (c, d) = (a.to(.float32), b.to(.float32))
    #expect(
      roundingError(of: c.T.contiguous().T.matmul(d), as: c, times: d) < 301 * Double(Float.ulpOfOne))
  }

  @Test func matmulIsAssociativeAndDistributive() {
    for source in Self.sources {
      let (m, k, l, n) = (source.size(), source.size(), source.size(), source.size())
      let (a, b, c) = (source.tensor(m, k), source.tensor(k, l), source.tensor(l, n))
      #expect(Self.difference(a.matmul(b).matmul(c), a.matmul(b.matmul(c))) < 1e-12)
      #expect(Self.difference(a.matmul(b).T, b.T.matmul(a.T)) < 1e-13)
      let d = source.tensor(k, l)
      #expect(Self.difference(a.matmul(b + d), a.matmul(b) + a.matmul(d)) < 1e-12)
      #expect(Self.difference(a.matmul(.eye(k, dtype: .float64)), a) == 0)
    }
  }

  @Test func batchesAreProductsOfTheirSlices() {
    for source in Self.sources {
      let (p, q, m, k, n) = (source.size(4), source.size(4), source.size(), source.size(), source.size())
      let a = source.tensor(p, 1, m, k)
      let b = source.tensor(q, k, n)
      let y = a.matmul(b)
      #expect(y.shape == [p, q, m, n])
      for i in 0..<p { for j in 0..<q { #expect(Self.difference(y[i, j], a[i, 0].matmul(b[j])) < 1e-13) } }
      let vector = source.tensor(k)
      #expect(Self.difference(a.matmul(vector), a.matmul(vector.unsqueeze(1)).squeeze(-1)) < 1e-13)
      #expect(Self.difference(vector.matmul(b), vector.unsqueeze(0).matmul(b).squeeze(-2)) < 1e-13)
      #expect(Self.difference(a.transpose(0, 1).matmul(b[0]), a.matmul(b[0]).transpose(0, 1)) < 1e-13)
    }
  }

  @Test func einsumIsMadeOfProductsAndPermutations() {
    for source in Self.sources {
      let (i, j, k, b) = (source.size(5), source.size(5), source.size(5), source.size(5))
      let (x, y) = (source.tensor(i, j), source.tensor(j, k))
      let (u, v) = (source.tensor(b, i, j), source.tensor(b, j, k))
      let square = source.tensor(i, i)
      let laws: [(Tensor, Tensor)] = [
        (einsum("ij,jk->ik", x, y), x.matmul(y)),
        (einsum("ij,jk->ki", x, y), x.matmul(y).T),
        (einsum("ij , jk", x, y), x.matmul(y)),
        (einsum("bij,bjk->bik", u, v), u.matmul(v)),
        (einsum("bij,jk->bik", u, y), u.matmul(y)),
        (einsum("bij,bjk->ik", u, v), u.matmul(v).sum(dim: 0)),
        (einsum("bij->jib", u), u.permute(2, 1, 0)),
        (einsum("bij->", u), u.sum()),
        (einsum("ba", x), x.T),
        (einsum("ij,ij->ij", x, x), x * x),
        (einsum("ij,ij->", x, x), (x * x).sum()),
        (einsum("ii->i", square), square.diagonal()),
        (einsum("ii", square), square.diagonal().sum()),
        (einsum("i,j->ij", x[.all, 0], y[0]), x[.all, 0].outer(y[0])),
        (einsum("ij,jk,kl->il", x, y, y.T), x.matmul(y).matmul(y.T)),
      ]
      for (n, law) in laws.enumerated() { #expect(Self.difference(law.0, law.1) < 1e-12, "law \(n)") }
    }
  }

  // MARK: - Broadcasting and reductions

  @Test func broadcastingIsExpanding() {
    let operations: [(String, (Tensor, Tensor) -> Tensor)] = [
      ("+", { $0 + $1 }), ("-", { $0 - $1 }), ("*", { $0 * $1 }), ("/", { $0 / $1 }),
      ("maximum", { maximum($0, $1) }), ("minimum", { minimum($0, $1) }), ("<", { $0 .< $1 }),
      ("==", { $0 .== $1 }), ("where", { `where`($0 .> 0, $0, $1) }),
    ]
    for source in Self.sources {
      let full = source.shape(rank: 4)
      func operand() -> Tensor {
        let rank = source.generator.nextInt(in: 0..<5)
        return source.tensor(full.suffix(rank).map { source.generator.nextInt(in: 0..<2) == 0 ? 1 : $0 })
      }
      let (a, b) = (operand(), operand())
      let shape = broadcastShape(a.shape, b.shape, operation: "test")
      let (wideA, wideB) = (a.expand(shape).clone(), b.expand(shape).clone())
      for (name, f) in operations {
        #expect(equal(f(a, b), f(wideA, wideB)), "\(name) of \(a.shape) and \(b.shape)")
      }
    }
  }

  @Test func reductionsOfSomeDimensions() {
    for source in Self.sources {
      let shape = source.shape(rank: 4)
      let x = source.tensor(shape)
      let dims = (0..<4).filter { _ in source.generator.random() % 2 == 0 }
      let kept = (0..<4).filter { !dims.contains($0) }
      // The same dimensions brought together at the end, as one.
      let rows = x.permute(kept + dims).reshape(kept.map { shape[$0] } + [-1])
      #expect(Self.difference(x.sum(dims: dims), rows.sum(dim: -1)) < 1e-12)
      #expect(Self.difference(x.mean(dims: dims), rows.mean(dim: -1)) < 1e-12)
      #expect(Self.difference(x.norm(dims: dims), rows.norm(dim: -1)) < 1e-12)
      #expect(equal(x.amax(dims: dims), rows.amax(dim: -1)))
      #expect(equal(x.amin(dims: dims), rows.amin(dim: -1)))
      #expect(
        Self.difference(x.variance(dims: dims, unbiased: false), rows.variance(dim: -1, unbiased: false))
          < 1e-12)
      #expect(Self.difference(x.sum(dims: dims).sum(), x.sum()) < 1e-12)
      for dim in 0..<4 {
        let last = x.transpose(dim, -1).contiguous()
        #expect(equal(x.argmax(dim: dim), last.argmax(dim: -1).unsqueeze(-1).transpose(dim, -1).squeeze(dim)))
        #expect(
          Self.difference(x.prod(dim: dim), x.unbind(dim).dropFirst().reduce(x.unbind(dim)[0]) { $0 * $1 })
            < 1e-12)
      }
    }
  }

  @Test func meanAndVarianceByTheirDefinitions() {
    for source in Self.sources {
      let x = source.tensor(source.size(50) + 1)
      let n = Double(x.count)
      let mean = x.numbers.reduce(0, +) / n
      let squares = x.numbers.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
      #expect(abs(x.mean().item() - mean) < 1e-14)
      #expect(abs(x.variance().item() - squares / (n - 1)) < 1e-13)
      #expect(abs(x.std(unbiased: false).item() - (squares / n).squareRoot()) < 1e-13)
      #expect(abs(x.norm().item() - x.numbers.map { $0 * $0 }.reduce(0, +).squareRoot()) < 1e-13)
    }
  }

  /// Added one after the other in float32, four million tenths would be off in the second digit.
  @Test func longSumsKeepTheirDigits() {
    let x = Tensor.full([4_000_000], 0.1)
    #expect(abs(x.sum().item() / 400_000 - 1) < 1e-6)
    #expect(abs(x.mean().item() / 0.1 - 1) < 1e-6)
    #expect(abs(x.reshape(2000, 2000).sum(dim: 0).sum().item() / 400_000 - 1) < 1e-6)
    #expect(abs(x.reshape(2000, 2000).sum(dim: 1)[0].item() / 200 - 1) < 1e-6)
  }

  /// Work that is cut up for several cores gives the same as work that is not.
  @Test func largeTensorsAreComputedAsSmallOnes() {
    let source = Source(4)
    let x = source.tensor(3 * parallelThreshold + 7, dtype: .float32)
    let y = source.tensor(3 * parallelThreshold + 7, dtype: .float32)
    let parts = { (x: Tensor) in x.split(1000) }
    #expect(equal(x.exp(), cat(parts(x).map { $0.exp() })))
    #expect(equal(x + y, cat(zip(parts(x), parts(y)).map { $0 + $1 })))
    #expect(equal(x .< y, cat(zip(parts(x), parts(y)).map { $0 .< $1 })))
    #expect(equal(`where`(x .> 0, x, y), cat(zip(parts(x), parts(y)).map { `where`($0 .> 0, $0, $1) })))
    let sum = cat(parts(x).map { $0.to(.float64).sum().unsqueeze(0) }).sum().item()
    #expect(abs(x.sum().item() - sum) < 1e-3)
    #expect(x.amax().item() == parts(x).map { $0.amax().item() }.max())
    let matrix = x[..<(3 * parallelThreshold)].reshape(-1, 64)
    let rows = matrix.split(100)
    #expect(equal(matrix.softmax(dim: 1), cat(rows.map { $0.softmax(dim: 1) })))
    #expect(equal(matrix.sum(dim: 1), cat(rows.map { $0.sum(dim: 1) })))
    let labels = Tensor.randint(0, 64, [matrix.shape[0]], generator: source.generator)
    let losses = crossEntropy(matrix, labels, reduction: .none)
    #expect(equal(losses[..<100], crossEntropy(rows[0], labels[..<100], reduction: .none)))
  }

  // MARK: - Shapes

  @Test func thereAndBack() {
    for source in Self.sources {
      let shape = source.shape(rank: 3)
      let x = source.tensor(shape)
      let order = source.permutation(3).integers
      let inverse = (0..<3).map { order.firstIndex(of: $0)! }
      #expect(equal(x.permute(order).permute(inverse), x))
      #expect(equal(x.permute(order).reshape([-1]).reshape(order.map { shape[$0] }), x.permute(order)))
      #expect(equal(x.flip(0, 2).flip(2).flip(0), x))
      for dim in 0..<3 {
        #expect(equal(cat(x.split(source.size(3), dim: dim), dim: dim), x))
        #expect(equal(cat(x.chunk(source.size(3), dim: dim), dim: dim), x))
        #expect(equal(stack(x.unbind(dim), dim: dim), x))
        #expect(equal(x.unsqueeze(dim).squeeze(dim), x))
      }
      #expect(equal(x.pad([1, 2, 0, 3])[.all, ..<shape[1], 1..<shape[2] + 1], x))
      #expect(equal(x.repeat(2, 1, 3)[..<shape[0], .all, ..<shape[2]], x))
      #expect(x.repeat(2, 1, 3).shape == [2 * shape[0], shape[1], 3 * shape[2]])
    }
  }

  // MARK: - Ordering and picking

  @Test func sortTopKAndArgmaxAgree() {
    for source in Self.sources {
      let x = source.tensor(source.shape(rank: 3))
      for dim in 0..<3 {
        let n = x.shape[dim]
        let (values, indices) = x.sort(dim: dim)
        #expect(equal(x.gather(dim, indices), values))
        #expect(
          equal(
            indices.sort(dim: dim).values,
            Tensor.arange(n).reshape((0..<3).map { $0 == dim ? n : 1 }).expand(x.shape)))
        if n > 1 { #expect((values.narrow(dim, 1, n - 1) .>= values.narrow(dim, 0, n - 1)).all()) }
        let descending = x.sort(dim: dim, descending: true)
        #expect(equal(descending.values, values.flip(dim)))
        let k = source.generator.nextInt(in: 0..<n + 1)
        let top = x.topK(k, dim: dim)
        #expect(equal(top.values, descending.values.narrow(dim, 0, k)))
        #expect(equal(top.indices, descending.indices.narrow(dim, 0, k)))
        #expect(equal(x.topK(k, dim: dim, largest: false).values, values.narrow(dim, 0, k)))
        #expect(equal(x.argmax(dim: dim), descending.indices.select(dim, 0)))
        #expect(equal(x.argmin(dim: dim), indices.select(dim, 0)))
        let (largest, place) = x.max(dim: dim, keepDim: true)
        #expect(equal(largest, x.amax(dim: dim, keepDim: true)))
        #expect(equal(x.gather(dim, place), largest))
        #expect(equal(x.min(dim: dim).values, x.amin(dim: dim)))
      }
      #expect(x.flatten()[x.argmax()].item() == x.max().item())
      #expect(x.flatten()[x.argmin()].item() == x.min().item())
    }
  }

  @Test func equalElementsKeepTheirOrder() {
    let x = Tensor([2.0, 1.0, 2.0, 1.0, 2.0])
    #expect(x.argsort().integers == [1, 3, 0, 2, 4])
    #expect(x.argsort(descending: true).integers == [0, 2, 4, 1, 3])
    #expect(x.argmax().item() == 0 && x.argmin().item() == 1)
    let y = Tensor([1.0, .nan, 3.0, -.infinity])
    #expect(y.argsort().integers == [3, 0, 2, 1], "NaN counts as the largest")
    #expect(y.argmax().item() == 1 && y.argmin().item() == 1)
    #expect(y.amax().item().isNaN && y.amin().item().isNaN)
    #expect(y.max(dim: 0).values.item().isNaN)
  }

  @Test func cumsumIsTheSumSoFar() {
    for source in Self.sources {
      let x = source.tensor(source.shape(rank: 3))
      for dim in 0..<3 {
        let sums = x.cumsum(dim)
        for i in 0..<x.shape[dim] {
          #expect(Self.difference(sums.select(dim, i), x.narrow(dim, 0, i + 1).sum(dim: dim)) < 1e-12)
        }
      }
    }
    #expect(Tensor([true, true, false]).cumsum(0).integers == [1, 2, 2])
    #expect(Tensor(3.0).cumsum(0).item() == 3)
  }

  @Test func scatterUndoesGather() {
    for source in Self.sources {
      let x = source.tensor(source.shape(rank: 2))
      for dim in 0..<2 {
        let order = source.tensor(x.shape).argsort(dim: dim)
        let picked = x.gather(dim, order)
        #expect(equal(Tensor.zeros(like: x).scatter(dim, order, picked), x))
        #expect(equal(Tensor.zeros(like: x).scatterAdd(dim, order, picked), x))
      }
      let rows = source.permutation(x.shape[0])
      #expect(equal(Tensor.zeros(like: x).indexAdd(0, rows, x.indexSelect(0, rows)), x))
      #expect(equal(x[rows], x.indexSelect(0, rows)))
      #expect(equal(embedding(rows, x), x[rows]))
      let mask = x .> 0
      #expect(equal(x[mask], x.maskedSelect(mask)))
      #expect(x[mask].sum().item() == x.maskedFill(.!mask, 0).sum().item() || x[mask].count > 1)
      #expect(mask.nonzero().shape == [x[mask].count, 2])
    }
  }
}
