import Testing

@testable import DeepLearning
@testable import Tensors

/// Which operations look at the same memory, which copy, and what shapes of size 0 do.
@Suite struct ViewsTests {
  static let x = Tensor.arange(12).reshape(3, 4)

  @Test func viewsShareTheirMemory() {
    let x = Self.x
    let views: [(String, Tensor)] = [
      ("reshape", x.reshape(2, 6)), ("view", x.view(12)), ("flatten", x.flatten()),
      ("permute", x.permute(1, 0)), ("transpose", x.transpose(0, 1)), ("T", x.T),
      ("squeeze", x.unsqueeze(0).squeeze(0)), ("unsqueeze", x.unsqueeze(1)), ("expand", x.expand(2, 3, 4)),
      ("narrow", x.narrow(0, 1, 2)), ("select", x.select(1, 2)), ("index", x[1, 2]),
      ("slice", x[1..., .slice(by: 2)]),
      ("diagonal", x.diagonal()), ("detach", x.detach()), ("split", x.split(2)[1]),
      ("unbind", x.unbind(1)[3]),
      ("contiguous", x.contiguous()), ("chunk", x.chunk(2, dim: 1)[0]),
    ]
    for (name, view) in views { #expect(view.storage === x.storage, "\(name)") }
  }

  @Test func othersCopy() {
    let x = Self.x
    let copies: [(String, Tensor)] = [
      ("clone", x.clone()), ("reshape of a transpose", x.T.reshape(12)), ("contiguous", x.T.contiguous()),
      ("flip", x.flip(0)), ("repeat", x.repeat(1, 2)), ("mask", x[x .> 3]), ("indices", x[Tensor([0])]),
      ("cat", cat([x])), ("pad", x.pad([0, 0])), ("to", x.to(.float64)),
      ("indexSelect", x.indexSelect(0, Tensor([0]))),
    ]
    for (name, copy) in copies { #expect(copy.storage !== x.storage, "\(name)") }
  }

  @Test func writingThroughAViewIsSeen() {
    let x = Tensor.zeros(3, 4)
    x.T[1].fill_(5)
    #expect(x[.all, 1].numbers == [5, 5, 5])
    x.flatten()[0] = Tensor(1.0)
    #expect(x[0, 0].item() == 1)
    x.diagonal().add_(10)
    #expect(x.numbers == [11, 5, 0, 0, 0, 15, 0, 0, 0, 5, 10, 0])
    let y = x.detach()
    y[2].zero_()
    #expect(x[2].numbers == [0, 0, 0, 0])
  }

  @Test func values() {
    let x = Self.x
    #expect(x.T.integers == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
    #expect(x.reshape(2, -1).shape == [2, 6])
    #expect(x.T.reshape(2, 6).integers == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
    #expect(x.flip(0).integers == [8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3])
    #expect(x.flip(0, -1).integers == Array((0..<12).reversed()))
    #expect(x.diagonal().integers == [0, 5, 10])
    #expect(x.narrow(1, 1, 2, step: 2).integers == [1, 3, 5, 7, 9, 11])
    #expect(x[0].pad([1, 2], value: 9).integers == [9, 0, 1, 2, 3, 9, 9])
    #expect(x[..<1, ..<2].pad([0, 1, 1, 0]).integers == [0, 0, 0, 0, 1, 0])
    #expect(x[0, ..<2].repeat(2, 2).integers == [0, 1, 0, 1, 0, 1, 0, 1])
    #expect(x.split(2, dim: 1).map(\.shape) == [[3, 2], [3, 2]])
    #expect(x.split(3, dim: -1)[1].integers == [3, 7, 11])
    #expect(x.chunk(2).map(\.shape) == [[2, 4], [1, 4]])
    #expect(x.chunk(5).map(\.shape) == [[1, 4], [1, 4], [1, 4]])
    #expect(x.unbind(1).map(\.shape) == [[3], [3], [3], [3]])
    #expect(Tensor.arange(24).reshape(2, 3, 4).permute(2, 0, 1)[3, 1].integers == [15, 19, 23])
    #expect(x.flatten(1, 1).shape == [3, 4])
    #expect(Tensor(5).flatten().shape == [1])
    #expect(x.squeeze(0).shape == [3, 4], "a dimension that is not of size 1 stays")
    #expect(Tensor.zeros(1, 3, 1).squeeze().shape == [3])
    #expect(x.unsqueeze(-1).shape == [3, 4, 1])
    #expect(x.expand(2, -1, -1).shape == [2, 3, 4])
    #expect(Tensor([[1], [2]]).expand(2, 3).integers == [1, 1, 1, 2, 2, 2])
  }

  @Test func contiguity() {
    let x = Self.x
    #expect(x.isContiguous && x[1].isContiguous && x[1...].isContiguous)
    #expect(!x.T.isContiguous && !x[.all, 1...].isContiguous && !x[0].expand(2, 4).isContiguous)
    #expect(x.contiguous() === x)
    #expect(x.T.contiguous().isContiguous)
    #expect(x.T.contiguous().strides == [3, 1])
  }

  /// A view of a view that is not in row-major order, cut and merged where its layout allows.
  @Test func viewsOfStridedTensors() {
    let x = Tensor.arange(24).reshape(2, 3, 4)
    let transposed = x.transpose(0, 1)  // (3, 2, 4), strides 4, 12, 1
    #expect(transposed.view(3, 2, 2, 2).storage === x.storage)
    #expect(transposed.view(3, 1, 8 / 4, 4).integers == transposed.integers)
    #expect(viewStrides(of: transposed, as: [6, 4]) == nil)
    #expect(viewStrides(of: transposed, as: [3, 8]) == nil)
    let rows = x[.all, ..<2]  // (2, 2, 4): the last two dimensions are one run
    #expect(rows.view(2, 8).storage === x.storage)
    #expect(rows.view(2, 8).integers == [0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, 16, 17, 18, 19])
    let expanded = Tensor([1, 2]).unsqueeze(1).expand(2, 6)
    #expect(expanded.view(2, 2, 3).integers == expanded.integers)
    #expect(expanded.reshape(12).integers == [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2])
  }

  @Test func joining() {
    let x = Self.x
    #expect(cat([x[..<1], x[2...]]).integers == [0, 1, 2, 3, 8, 9, 10, 11])
    #expect(cat([x.T, x.T], dim: 1)[0].integers == [0, 4, 8, 0, 4, 8])
    #expect(cat([x, Tensor.zeros(0, 4, dtype: .int64)]).shape == [3, 4])
    #expect(stack([x[0], x[1]], dim: 1).integers == [0, 4, 1, 5, 2, 6, 3, 7])
    #expect(stack([Tensor(1), Tensor(2)]).shape == [2])
  }

  // MARK: - Nothing in it

  @Test func emptyTensors() {
    let e = Tensor.zeros(0, 3)
    #expect(e.count == 0)
    #expect((e + 1).shape == [0, 3])
    #expect((e + Tensor.ones(3)).shape == [0, 3])
    #expect((e * Tensor.ones(1, 3)).shape == [0, 3])
    #expect(e.T.shape == [3, 0])
    #expect(e.reshape(3, 0).shape == [3, 0])
    #expect(e.exp().shape == [0, 3])
    #expect(e.softmax(dim: 1).shape == [0, 3])
    #expect(e.softmax(dim: 0).shape == [0, 3])
    #expect(e.cumsum(0).shape == [0, 3])
    #expect(e.sort(dim: 0).values.shape == [0, 3])
    #expect(e.flip(0).shape == [0, 3])
    #expect(e.toArray() == [])
    #expect(e.all() && !e.any())
    #expect(equal(e, e.clone()))
    #expect(e.clone().fill_(1).count == 0)
    #expect(e[.newAxis].shape == [1, 0, 3])
    #expect(Tensor.zeros(3)[3...].shape == [0])
    #expect(Tensor([Double]()).shape == [0])
    #expect(e.unbind(1).map(\.shape) == [[0], [0], [0]])
  }

  /// PyTorch: an empty sum is 0, an empty product 1, an empty mean NaN.
  @Test func reductionsOfNothing() {
    let e = Tensor.zeros(2, 0)
    #expect(e.sum().item() == 0)
    #expect(e.sum(dim: 1).numbers == [0, 0])
    #expect(e.sum(dim: 0).shape == [0])
    #expect(e.sum(dim: 1, keepDim: true).shape == [2, 1])
    #expect(e.prod(dim: 1).numbers == [1, 1])
    #expect(e.mean().item().isNaN)
    #expect(e.mean(dim: 1).numbers.allSatisfy { $0.isNaN })
    #expect(e.amax(dim: 0).shape == [0])
    #expect(e.argmax(dim: 0).shape == [0])
    #expect(e.norm(dim: 1).numbers == [0, 0])
    #expect(mseLoss(e, e).item().isNaN)
    #expect(mseLoss(e, e, reduction: .sum).item() == 0)
    #expect(crossEntropy(Tensor.zeros(0, 3), Tensor.zeros(0, dtype: .int64)).item().isNaN)
  }

  @Test func productsOfNothing() {
    #expect(Tensor.zeros(2, 0).matmul(Tensor.zeros(0, 3)).numbers == [0, 0, 0, 0, 0, 0])
    #expect(Tensor.zeros(0, 2).matmul(Tensor.zeros(2, 3)).shape == [0, 3])
    #expect(Tensor.zeros(4, 2, 0).matmul(Tensor.zeros(4, 0, 3)).shape == [4, 2, 3])
    #expect(Tensor.zeros(0, 2, 2).matmul(Tensor.zeros(2, 3)).shape == [0, 2, 3])
    #expect(Tensor.zeros(0).dot(Tensor.zeros(0)).item() == 0)
    #expect(linear(Tensor.zeros(0, 2), Tensor.zeros(3, 2), Tensor.ones(3)).shape == [0, 3])
    #expect(linear(Tensor.zeros(2, 0), Tensor.zeros(3, 0), Tensor.ones(3)).numbers == [1, 1, 1, 1, 1, 1])
    #expect(einsum("ij,jk->ik", Tensor.zeros(2, 0), Tensor.zeros(0, 2)).numbers == [0, 0, 0, 0])
  }

  @Test func gradientsOfNothing() {
    let functions: [(String, (Tensor) -> Tensor)] = [
      ("sum", { $0.sum() }), ("mean", { $0.mean() }), ("sum along", { $0.sum(dim: 1).sum() }),
      ("softmax", { $0.softmax(dim: 1).sum() }), ("matmul", { $0.T.matmul($0).sum() }),
      ("cat", { cat([$0, $0], dim: 1).sum() }), ("cumsum", { $0.cumsum(1).sum() }),
      ("prod", { $0.prod(dim: 1).sum() }), ("indexSelect", { $0.indexSelect(0, Tensor([1, 1])).sum() }),
      ("slice", { $0[0].sum() }), ("expand", { $0.expand(3, 2, 0).sum() }), ("norm", { $0.norm() }),
    ]
    for (name, f) in functions {
      let x = Tensor.zeros(2, 0, requiresGrad: true)
      f(x).backward()
      #expect(x.grad?.shape == [2, 0], "\(name)")
    }
  }
}
