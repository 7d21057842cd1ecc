import Foundation
import Testing

@testable import DeepLearning
@testable import Tensors

/// Penalties, early stopping, sharpness-aware steps and averages of weights.
@Suite struct RegularizationTests {
  // MARK: - Penalties

  @Test func penaltiesAndTheirGradients() {
    let w = Tensor([[3.0, -4], [0, 0.5]], dtype: .float64, requiresGrad: true)
    let b = Tensor([-2.0], dtype: .float64, requiresGrad: true)
    l1Penalty([w, b]).backward()
    #expect(w.grad!.numbers == [1, -1, 0, 1] && b.grad!.numbers == [-1])
    w.zeroGrad()
    l2Penalty([w, b]).backward()
    #expect(w.grad!.numbers == [3, -4, 0, 0.5])
    #expect(l1Penalty([w, b]).item() == 9.5)
    #expect(l2Penalty([w, b]).item() == 14.625)
    #expect(l2Penalty([w]).shape == [])
  }

  /// The penalty in the loss and the decay in the optimizer are one thing, with momentum too.
  @Test(arguments: [0, 0.9])
  func thePenaltyIsWeightDecay(_ momentum: Double) {
    let lambda = 0.01
    func train(penalty: Double, weightDecay: Double) -> [Tensor] {
      let generator = Generator(seed: 4)
      let x = Tensor.randn(50, 6, generator: generator)
      let y = Tensor.randint(0, 3, [50], generator: generator)
      let model = Sequential(Linear(6, 8), Tanh(), Linear(8, 3))
      for parameter in model.parameters() {
        noGrad { _ = parameter.uniform_(-0.5, 0.5, generator: generator) }
      }
      let optimizer = SGD(model.parameters(), lr: 0.05, momentum: momentum, weightDecay: weightDecay)
      for _ in 0..<100 {
        optimizer.zeroGrad()
        (crossEntropy(model(x), y) + penalty * l2Penalty(model.parameters())).backward()
        optimizer.step()
      }
      return model.parameters()
    }
    let byHand = train(penalty: lambda, weightDecay: 0)
    let built = train(penalty: 0, weightDecay: lambda)
    let neither = train(penalty: 0, weightDecay: 0)
    func distance(_ a: [Tensor], _ b: [Tensor]) -> Double {
      zip(a, b).map { a, b in noGrad { (a - b).abs().max().item() } }.max()!
    }
    #expect(distance(byHand, built) < 1e-6)
    #expect(distance(neither, built) > 1e-2)
  }

  // MARK: - Early stopping

  /// Feeds values to the stopper, the weight being the epoch's number meanwhile.
  private func run(_ stopping: EarlyStopping, _ values: [Double]) throws -> (
    stopping: EarlyStopping, epoch: Int?, weight: Double
  ) {
    var stopping = stopping
    let model = Linear(1, 1, bias: false)
    noGrad { _ = model.weight.fill_(-1) }
    var end: Int?
    for (epoch, value) in values.enumerated() {
      noGrad { _ = model.weight.fill_(epoch) }
      if stopping.shouldStop(after: epoch, value: value, of: model) {
        end = epoch
        break
      }
    }
    try stopping.restoreBest(of: model)
    return (stopping, end, model.weight.item())
  }

  @Test func stopsWhenPatienceEnds() throws {
    let (stopping, epoch, weight) = try run(EarlyStopping(patience: 2), [5, 4, 4.5, 3, 3, 3.1, 1])
    #expect(epoch == 5 && weight == 3)
    #expect(stopping.best! == (3, 3.0))
    #expect(stopping.waited == 2)
  }

  @Test func goesOnWhileItGetsBetter() throws {
    let (stopping, epoch, weight) = try run(EarlyStopping(patience: 1), [3, 2, 1])
    #expect(epoch == nil && weight == 2 && stopping.waited == 0)
  }

  @Test func smallGainsDoNotCount() throws {
    let (_, epoch, weight) = try run(EarlyStopping(patience: 3, minDelta: 0.5), [5, 4.6, 4.5, 4.4, 4])
    // 4.4 is better than 5 by more than a half, though no single gain was.
    #expect(epoch == nil && weight == 3)
    let (_, end, kept) = try run(EarlyStopping(patience: 2, minDelta: 0.5), [5, 4.8, 4.6, 1])
    #expect(end == 2 && kept == 0)
  }

  @Test func accuracyIsToGrow() throws {
    let stopping = EarlyStopping(patience: 1, goal: .largest)
    let (_, epoch, weight) = try run(stopping, [0.2, 0.5, 0.4, 0.9])
    #expect(epoch == 2 && weight == 1)
  }

  @Test func notANumberIsNeverBetter() throws {
    let (stopping, epoch, weight) = try run(EarlyStopping(patience: 2), [.nan, 3, .nan, .nan, 1])
    #expect(epoch == 3 && weight == 1 && stopping.best!.value == 3)
    // Where there has been no number, the model stays what it is.
    let (_, end, last) = try run(EarlyStopping(patience: 2), [.nan, .nan])
    #expect(end == 1 && last == 1)
  }

  // MARK: - Sharpness-aware steps

  /// E = ½ ‖w‖², whose gradient is w: at (3, 4) with ρ = ½ the second gradient is taken at (3.3, 4.4).
  @Test func sharpnessAwareStepByHand() {
    let w = Tensor([3.0], dtype: .float64, requiresGrad: true)
    let v = Tensor([4.0], dtype: .float64, requiresGrad: true)
    let idle = Tensor([7.0], dtype: .float64, requiresGrad: true)
    let optimizer = SAM(SGD([w, v, idle], lr: 0.1), rho: 0.5)
    var seen: [[Double]] = []
    func step() -> Double {
      optimizer.step {
        optimizer.zeroGrad()
        seen.append([w.item(), v.item(), idle.item()])
        let loss = l2Penalty([w, v])
        loss.backward()
        return loss
      }.item()
    }
    #expect(step() == 12.5)
    expectClose(seen.flatMap(\.self), [3, 4, 7, 3.3, 4.4, 7], within: 1e-15)
    expectClose([w.item(), v.item(), idle.item()], [3 - 0.33, 4 - 0.44, 7], within: 1e-15)
  }

  /// Without a distance, or without a slope, it is the base optimizer, bit for bit.
  @Test func withoutDistanceItIsTheBase() {
    func train(_ step: (Optimizer, Tensor) -> Void) -> [Double] {
      let w = Tensor([1.0, -2, 0.3], requiresGrad: true)
      let optimizer = SGD([w], lr: 0.05, momentum: 0.9)
      for _ in 0..<20 { step(optimizer, w) }
      return w.numbers
    }
    func loss(_ optimizer: Optimizer, _ w: Tensor) -> Tensor {
      optimizer.zeroGrad()
      let loss = (w.sin() * w).sum()
      loss.backward()
      return loss
    }
    let plain = train { optimizer, w in optimizer.step { loss(optimizer, w) } }
    let sam = train { optimizer, w in SAM(optimizer, rho: 0).step { loss(optimizer, w) } }
    let far = train { optimizer, w in SAM(optimizer, rho: 0.1).step { loss(optimizer, w) } }
    #expect(plain == sam && plain != far)
    let flat = Tensor([2.0], requiresGrad: true)
    let optimizer = SAM(SGD([flat], lr: 0.1))
    optimizer.step {
      let loss = (flat * 0).sum()
      loss.backward()
      return loss
    }
    #expect(flat.item() == 2)
  }

  /// If the second loss cannot be computed, the parameters are where they were.
  @Test func anErrorLeavesTheParametersWhereTheyWere() {
    struct Lost: Error {}
    let w = Tensor([0.1, 0.7], requiresGrad: true)
    let optimizer = SAM(SGD([w], lr: 0.1), rho: 0.3)
    var calls = 0
    #expect(throws: Lost.self) {
      try optimizer.step {
        calls += 1
        if calls == 2 { throw Lost() }
        let loss = w.square().sum()
        loss.backward()
        return loss
      }
    }
    #expect(calls == 2 && w.toArray() == [0.1, 0.7])
  }

  // MARK: - Averages of weights

  @Test func averagesTheWeights() {
    let model = Linear(1, 2)
    let averaged = AveragedModel(Linear(1, 2))
    for value in [3.0, 6, 0, -1] {
      noGrad { for parameter in model.parameters() { parameter.fill_(value) } }
      averaged.updateParameters(from: model)
    }
    #expect(averaged.count == 4)
    #expect(averaged.module.parameters().flatMap(\.numbers) == [2, 2, 2, 2])
    #expect(averaged(Tensor([[1.0]])).numbers == [4, 4])
    #expect(averaged.stateDict().names == ["n_averaged", "module.weight", "module.bias"], "PyTorch's names")
  }

  // MARK: - After a step

  @Test func hooksFollowEveryStep() {
    let w = Tensor([1.0, 2], requiresGrad: true)
    func loss() -> Tensor {
      w.grad = nil
      let loss = w.square().sum()
      loss.backward()
      return loss
    }
    let makers: [([Tensor]) -> Optimizer] = [{ SGD($0, lr: 0.1) }, { Adam($0) }, { LBFGS($0, maxIter: 2) }]
    for make in makers {
      let optimizer = make([w])
      var calls = 0
      optimizer.registerStepPostHook {
        calls += 1
        w.fill_(calls)
      }
      optimizer.step(loss)
      optimizer.step(loss)
      #expect(calls == 2 && w.numbers == [2, 2])
    }
  }

  @Test func totalNormTakesAllTogether() {
    let parts = [Tensor([3.0, 0]), Tensor([[-4.0]])]
    #expect(totalNorm(parts) == 5)
    #expect(totalNorm(parts, normType: .infinity) == 4)
    #expect(totalNorm(parts, normType: 1) == 7)
    #expect(totalNorm([]) == 0)
  }
}
