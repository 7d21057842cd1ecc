import Foundation
import Testing

@testable import DeepLearning

private let folder = ProcessInfo.processInfo.environment["INTEROP_FOLDER"]

/// The Swift half of Tests/Interop/roundtrip.py, which sets the folder, makes the files in it and compares what
/// comes back.
// One after the other: both draw from the default generator.
@Suite(.serialized, .enabled(if: folder != nil)) struct InteropTests {
  /// The model of the same name in roundtrip.py.
  private final class Net: Module {
    let embedding = Embedding(50, 8)
    let layers = Sequential(Linear(8, 16), ReLU(), Linear(16, 4))
    let steps = Buffer(Tensor(0))
    let mask = Buffer(Tensor([true, true, true, true]))
    let mean = Buffer(Tensor.zeros(3, dtype: .float64))

    override func forward(_ x: Tensor) -> Tensor { layers(embedding(x)) }
  }

  /// PyTorch's model comes in and goes out again.
  @Test func passesPyTorchsModelOn() throws {
    let folder = try #require(folder)
    let model = Net()
    try model.loadStateDict(load(folder + "/torch.safetensors"))
    try save(model.stateDict(), to: folder + "/swift.safetensors", metadata: ["format": "pt"])
    let output = model(try #require(load(folder + "/input.safetensors")["input"]))
    try save(["output": output], to: folder + "/output.safetensors")
  }

  /// A model that starts here as it starts in PyTorch.
  @Test func startsFromPyTorchsWeights() throws {
    manualSeed(0)
    let model = Sequential(
      Flatten(), Linear(784, 512), ReLU(), Linear(512, 512), ReLU(), Linear(512, 10))
    try save(model.stateDict(), to: #require(folder) + "/seed0.safetensors")
  }
}
