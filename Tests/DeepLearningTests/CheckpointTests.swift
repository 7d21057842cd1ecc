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
}
