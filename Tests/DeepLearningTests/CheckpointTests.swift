import Foundation
import Testing

@testable import DeepLearning
@testable import Tensors

/// Training that is saved and goes on later.
@Suite struct CheckpointTests {
  private let folder: TemporaryFolder
  private var path: String { folder / "last.safetensors" }

  init() throws { folder = try TemporaryFolder() }

  @Test func keepsModelOptimizerAndNotes() throws {
    let checkpoint = Checkpoint(
      model: ["0.weight": Tensor([1.0, 2.0]), "model.x": Tensor(3)],
      optimizer: ["state.0.step": Tensor(7), "": Tensor(true)], metadata: ["epoch": "5", "seed": "0"])
    try checkpoint.save(to: path)
    #expect(
      try load(path).names == ["model.0.weight", "model.model.x", "optimizer.state.0.step", "optimizer."])
    let loaded = try Checkpoint(path)
    expectSame(loaded.model, checkpoint.model)
    expectSame(loaded.optimizer, checkpoint.optimizer)
    #expect(loaded.metadata == checkpoint.metadata)
  }

  @Test func refusesOtherFiles() throws {
    try save(["model.a": Tensor(1), "fc.weight": Tensor(2)], to: path)
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(path) }
    #expect(error?.kind == .wrongFormat)
    #expect(
      error?.description == "\(path): expected names that begin with model. or optimizer., "
        + "found \"fc.weight\", as in a file of a model alone, which load(_:) reads")
  }

  // MARK: - Going on

  private func makeModel() -> Sequential { Sequential(Linear(3, 8), Tanh(), Linear(8, 2)) }

  private func train(_ model: Module, _ optimizer: Optimizer, steps: Int) {
    let generator = Generator(seed: 1)
    let x = Tensor.randn(16, 3, generator: generator)
    let y = Tensor.randn(16, 2, generator: generator)
    for _ in 0..<steps {
      optimizer.zeroGrad()
      mseLoss(model(x), y).backward()
      optimizer.step()
    }
  }

  /// Three steps, a stop and four more end at the same bits as seven.
  @Test func trainingGoesOnAsIfNothingHadHappened() throws {
    let model = makeModel()
    let optimizer = Adam(model.parameters(), lr: 0.01)
    train(model, optimizer, steps: 3)
    let checkpoint = Checkpoint(model: model, optimizer: optimizer, metadata: ["step": "3"])
    train(model, optimizer, steps: 4)
    // What was copied before the last steps has not moved with them.
    try checkpoint.save(to: path)

    let other = makeModel()
    let otherOptimizer = Adam(other.parameters(), lr: 0.5)
    train(other, otherOptimizer, steps: 1)
    let saved = try Checkpoint(path)
    #expect(saved.metadata == ["step": "3"])
    try saved.restore(model: other, optimizer: otherOptimizer)
    expectSame(other.stateDict(), checkpoint.model)
    train(other, otherOptimizer, steps: 4)
    expectSame(other.stateDict(), model.stateDict())
    expectSame(otherOptimizer.stateDict(), optimizer.stateDict())

    let evaluated = makeModel()
    try saved.restore(model: evaluated)
    expectSame(evaluated.stateDict(), checkpoint.model)
  }

  @Test func whatDoesNotFitChangesNothing() throws {
    let model = makeModel()
    let optimizer = Adam(model.parameters(), lr: 0.01)
    train(model, optimizer, steps: 2)
    let now = Checkpoint(model: model, optimizer: optimizer)

    // The optimizer's part fits and the model's does not, or the other way round.
    var otherModel = now
    otherModel.optimizer["state.0.exp_avg"] = Tensor.ones(8, 3)
    otherModel.model["0.weight"] = Tensor.ones(8, 4)
    #expect(throws: StateDictError.self) { try otherModel.restore(model: model, optimizer: optimizer) }
    var otherOptimizer = now
    otherOptimizer.model["0.weight"] = Tensor.ones(8, 3)
    otherOptimizer.optimizer["state.0.exp_avg"] = Tensor.ones(8, 4)
    #expect(throws: OptimizerStateError.self) {
      try otherOptimizer.restore(model: model, optimizer: optimizer)
    }
    let withoutOptimizer = Checkpoint(model: otherModel.model)
    #expect(throws: OptimizerStateError.self) {
      try withoutOptimizer.restore(model: model, optimizer: optimizer)
    }
    expectSame(model.stateDict(), now.model)
    expectSame(optimizer.stateDict(), now.optimizer)
  }
}
