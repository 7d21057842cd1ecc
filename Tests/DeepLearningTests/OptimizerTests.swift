import Testing

@testable import DeepLearning
@testable import Tensors

/// The optimizers step for step against PyTorch's (Fixtures/optimizers.json, written by make_reference.py), and
/// what they do with parameters of every kind.
@Suite struct OptimizerTests {
  struct Path: Decodable, CustomTestStringConvertible {
    let name: String
    let start: [Double]
    let c: [Double]
    let t: [Double]
    /// The parameter after each step on f(w) = Σ c (w − t)² + Σ sin w.
    let path: [[Double]]
    var testDescription: String { name }
  }
  struct Reference: Decodable { let optimizers: [Path] }

  static let paths = (try? Fixture.decode("optimizers", as: Reference.self))?.optimizers ?? []

  static let optimizers: [String: @Sendable ([Tensor]) -> Optimizer] = [
    "SGD lr .05": { SGD($0, lr: 0.05) },
    "SGD momentum .9": { SGD($0, lr: 0.05, momentum: 0.9) },
    "SGD nesterov .9 weight_decay .1": {
      SGD($0, lr: 0.05, momentum: 0.9, weightDecay: 0.1, nesterov: true)
    },
    "Adam lr .1": { Adam($0, lr: 0.1) },
    "Adam lr .1 weight_decay .1": { Adam($0, lr: 0.1, weightDecay: 0.1) },
    "AdamW lr .1 weight_decay .1": { AdamW($0, lr: 0.1, weightDecay: 0.1) },
    "Adagrad lr .1": { Adagrad($0, lr: 0.1) },
    "RMSprop lr .01": { RMSprop($0, lr: 0.01) },
    "RMSprop lr .01 momentum .9": { RMSprop($0, lr: 0.01, momentum: 0.9) },
  ]

  @Test func everyOptimizerIsKnown() {
    #expect(Self.paths.count == 9)
    #expect(Set(Self.paths.map(\.name)) == Set(Self.optimizers.keys))
  }

  @Test(arguments: paths)
  func followsPyTorchsPath(_ reference: Path) throws {
    let make = try #require(Self.optimizers[reference.name])
    for (type, tolerance) in [(DType.float64, 1e-12), (.float32, 2e-6)] {
      let w = Tensor(reference.start, dtype: type, requiresGrad: true)
      let c = Tensor(reference.c, dtype: type)
      let t = Tensor(reference.t, dtype: type)
      let optimizer = make([w])
      for (step, expected) in reference.path.enumerated() {
        optimizer.zeroGrad()
        ((c * (w - t).square()).sum() + w.sin().sum()).backward()
        optimizer.step()
        expectClose(w.numbers, expected, within: tolerance, "step \(step), \(type): \(w.numbers)")
      }
    }
  }

  /// The same path for a parameter that does not lie in row-major order: the state is kept in order.
  @Test(arguments: paths)
  func movesTransposedParameters(_ reference: Path) throws {
    let make = try #require(Self.optimizers[reference.name])
    let storage = Tensor(reference.start, dtype: .float64).unsqueeze(0).expand(2, 5).contiguous()
    let w = storage.T.requiresGrad_()
    let c = Tensor(reference.c, dtype: .float64).unsqueeze(1)
    let t = Tensor(reference.t, dtype: .float64).unsqueeze(1)
    let optimizer = make([w])
    for _ in reference.path {
      optimizer.zeroGrad()
      ((c * (w - t).square()).sum() + w.sin().sum()).backward()
      optimizer.step()
    }
    let last = try #require(reference.path.last)
    expectClose(w[.all, 0].numbers, last, within: 1e-12)
    expectClose(storage[1].numbers, last, within: 1e-12)
  }

  @Test func parametersWithoutGradientStay() {
    let used = Tensor([1.0], requiresGrad: true)
    let unused = Tensor([1.0], requiresGrad: true)
    let optimizer = Adam([used, unused], lr: 0.5)
    used.sum().backward()
    optimizer.step()
    expectClose(used.numbers, [0.5])
    #expect(unused.numbers == [1])
    optimizer.zeroGrad()
    #expect(used.grad == nil)
    optimizer.step()
    expectClose(used.numbers, [0.5])
  }

  /// A parameter that comes in late starts with its own step 1.
  @Test func stepsAreCountedForEachParameter() {
    let early = Tensor([1.0], requiresGrad: true)
    let late = Tensor([1.0], requiresGrad: true)
    let optimizer = Adam([early, late], lr: 0.1)
    for _ in 0..<5 {
      optimizer.zeroGrad()
      early.sum().backward()
      optimizer.step()
    }
    late.sum().backward()
    optimizer.step()
    expectClose(late.numbers, [0.9])
  }

  @Test func groupsHaveTheirOwnSettings() {
    let a = Tensor([1.0], requiresGrad: true)
    let b = Tensor([1.0], requiresGrad: true)
    let optimizer = SGD([ParameterGroup([a], lr: 0.1), ParameterGroup([b], lr: 0.5, weightDecay: 1)])
    (a + b).sum().backward()
    optimizer.step()
    expectClose(a.numbers, [0.9])
    expectClose(b.numbers, [0])  // 1 − 0.5 (1 + 1 · 1)
    optimizer.setLearningRate(1)
    #expect(optimizer.groups.map(\.lr) == [1, 1])
    optimizer.groups[0].lr = 0
    optimizer.step()
    expectClose(a.numbers, [0.9])
  }

  @Test func stepIsNotRecordedAndCountsAsAChange() {
    let w = Tensor([2.0], requiresGrad: true)
    let before = w.storage.version
    (w * w).sum().backward()
    SGD([w], lr: 0.25).step()
    #expect(w.requiresGrad && w.isLeaf)
    #expect(w.numbers == [1])
    #expect(w.storage.version > before)
  }

  /// A least-squares line: the optimizers end where the normal equations say.
  @Test(arguments: ["SGD momentum .9", "Adam lr .1"])
  func fitsALine(_ name: String) throws {
    let x = Tensor.linspace(-1, 1, 20, dtype: .float64)
    let y = x * 3 - 1
    let w = Tensor(0.0, dtype: .float64, requiresGrad: true)
    let b = Tensor(0.0, dtype: .float64, requiresGrad: true)
    let make = try #require(Self.optimizers[name])
    let optimizer = make([w, b])
    for _ in 0..<500 {
      optimizer.zeroGrad()
      mseLoss(x * w + b, y).backward()
      optimizer.step()
    }
    expectClose([w.item(), b.item()], [3, -1], within: 1e-3)
  }
}
