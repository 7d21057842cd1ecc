import Testing

@testable import DeepLearning
@testable import Tensors

@Suite struct PruningTests {
  /// Two layers whose weights are 1 ... 6 and 10, 20, 30 in size, with signs.
  private static func model() -> Sequential {
    let model = Sequential(Linear(2, 3), Tanh(), Linear(3, 1))
    noGrad {
      model.parameters()[0].copy_(Tensor([[1.0, -6], [5, 2], [-3, 4]]))
      model.parameters()[1].copy_(Tensor([0.1, 0.2, 0.3]))
      model.parameters()[2].copy_(Tensor([[-10.0, 20, 30]]))
    }
    return model
  }

  @Test func theSmallestOfAllGo() {
    let model = Self.model()
    let pruning = Pruning(model)
    #expect(pruning.sparsity == 0 && pruning.keptCount == 9)
    pruning.prune(to: 5.0 / 9)
    #expect(model.parameters()[0].numbers == [0, -6, 0, 0, 0, 0])
    #expect(model.parameters()[2].numbers == [-10, 20, 30])
    expectClose(model.parameters()[1].numbers, [0.1, 0.2, 0.3], within: 1e-7, "biases stay")
    #expect(pruning.masks.map(\.name) == ["0.weight", "2.weight"])
    #expect(pruning.masks[0].mask.numbers == [0, 1, 0, 0, 0, 0])
    #expect(pruning.keptCount == 4 && abs(pruning.sparsity - 5.0 / 9) < 1e-12)
  }

  @Test func theSmallestOfEachLayerGo() {
    let model = Self.model()
    let pruning = Pruning(model)
    pruning.prune(to: 0.5, scope: .perLayer)
    #expect(model.parameters()[0].numbers == [0, -6, 5, 0, 0, 4])
    // Of three weights 1.5 is rounded to two.
    #expect(model.parameters()[2].numbers == [0, 0, 30])
    let chosen = Pruning(Self.model()) { name, _ in name == "2.weight" }
    #expect(chosen.masks.map(\.name) == ["2.weight"])
  }

  /// Equal weights: exactly as many go as were asked for.
  @Test func equalWeights() {
    let layer = Linear(10, 10, bias: false)
    noGrad { _ = layer.weight.fill_(0.5) }
    let pruning = Pruning(layer)
    pruning.prune(to: 0.37)
    #expect(pruning.keptCount == 63)
    pruning.prune(to: 1)
    #expect(pruning.keptCount == 0 && pruning.sparsity == 1)
  }

  /// What is pruned stays so, even if it has grown since; asking for less prunes nothing.
  @Test func prunedWeightsDoNotComeBack() {
    let model = Self.model()
    let pruning = Pruning(model)
    pruning.prune(to: 3.0 / 9)
    let first = pruning.masks[0].mask.clone()
    #expect(first.numbers == [0, 1, 1, 0, 0, 1])
    noGrad { _ = model.parameters()[0].copy_(Tensor([[99.0, -6], [5, 99], [99, 4]])) }
    pruning.prune(to: 4.0 / 9)
    #expect(model.parameters()[0].numbers == [0, -6, 5, 0, 0, 0])
    pruning.prune(to: 0)
    #expect(pruning.keptCount == 5)
  }

  static let optimizers: [@Sendable ([Tensor]) -> Optimizer] = [
    { SGD($0, lr: 0.1) },
    { SGD($0, lr: 0.1, momentum: 0.9, weightDecay: 0.1) },
    { Adam($0, lr: 0.1) },
    { AdamW($0, lr: 0.1, weightDecay: 0.1) },
    { RMSprop($0, lr: 0.01, momentum: 0.9) },
  ]

  /// Pruned in the middle of training, when momentum points everywhere: the weights stay 0 and the others move.
  @Test(arguments: 0..<5)
  func masksSurviveSteps(_ kind: Int) {
    let generator = Generator(seed: 6)
    let (x, y) = (Tensor.randn(20, 2, generator: generator), Tensor.randn(20, 1, generator: generator))
    let model = Self.model()
    // Smaller, so that no unit is saturated and every weight has a gradient.
    noGrad { for parameter in model.parameters() { parameter.mul_(0.1) } }
    let optimizer = Self.optimizers[kind](model.parameters())
    func train() {
      for _ in 0..<5 {
        optimizer.zeroGrad()
        mseLoss(model(x), y).backward()
        optimizer.step()
      }
    }
    train()
    let pruning = Pruning(model)
    pruning.prune(to: 5.0 / 9)
    let masks = pruning.masks.map { $0.mask.clone() }
    let before = model.parameters().map { $0.detach().clone() }
    pruning.hold(in: optimizer)
    train()
    for (place, mask) in zip([0, 2], masks) {
      let weight = model.parameters()[place].detach()
      #expect(equal(weight .!= 0, mask .!= 0))
      #expect((weight .!= before[place]).numbers == mask.numbers, "those that are left have moved")
    }
  }

  @Test func rewindsToTheStart() throws {
    let model = Self.model()
    let start = model.stateDict().clone()
    noGrad { for parameter in model.parameters() { parameter.mul_(-2) } }
    let pruning = Pruning(model)
    pruning.prune(to: 5.0 / 9)
    try pruning.rewind(to: start)
    #expect(model.parameters()[0].numbers == [0, -6, 0, 0, 0, 0])
    #expect(model.parameters()[2].numbers == [-10, 20, 30])
    expectClose(model.parameters()[1].numbers, [0.1, 0.2, 0.3], within: 1e-7)
    #expect(throws: StateDictError.self) { try pruning.rewind(to: Linear(1, 1).stateDict()) }
  }

  @Test func roundsTakeEqualParts() {
    let sparsities = Pruning.sparsities(to: 0.875, rounds: 3)
    expectClose(sparsities, [0.5, 0.75, 0.875], within: 1e-12)
    #expect(Pruning.sparsities(to: 0.3, rounds: 4).last == 0.3)
  }
}
