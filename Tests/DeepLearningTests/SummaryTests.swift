import Testing

@testable import DeepLearning
@testable import Networks
@testable import Tensors

@Suite struct SummaryTests {
  class Net: Module {
    let flatten = Flatten()
    let layers = Sequential(Linear(784, 512), ReLU(), Dropout(), Linear(512, 10))
    let spare = Linear(2, 3)
    override func forward(_ x: Tensor) -> Tensor { layers(flatten(x)) }
  }

  @Test func table() {
    let net = Net()
    net.layers[0].requiresGrad_(false)
    #expect(
      "\(summary(of: net, input: [64, 1, 28, 28]))" == """
        layer                 output shape  parameters
        ──────────────────────────────────────────────
        Net                   (64, 10)               0
          flatten: Flatten    (64, 784)              0
          layers: Sequential  (64, 10)               0
            0: Linear         (64, 512)        401,920
            1: ReLU           (64, 512)              0
            2: Dropout        (64, 512)              0
            3: Linear         (64, 10)            5130
          spare: Linear       not called             9
        ──────────────────────────────────────────────
        parameters: 407,059, of which 5139 trainable, 401,920 not
        memory: input 0.20 MB, outputs 0.60 MB, parameters 1.63 MB
        """)
  }

  @Test func totals() {
    let model = Sequential(Linear(3, 4), Linear(4, 2, bias: false))
    let found = summary(of: model, input: [5, 3])
    #expect(found.parameterCount == 24 && found.trainableCount == 24 && found.frozenCount == 0)
    #expect(found.inputBytes == 60 && found.outputBytes == 5 * (4 + 2) * 4 && found.parameterBytes == 96)
    #expect(found.rows.map(\.depth) == [0, 1, 1] && found.rows.map(\.name) == ["", "0", "1"])
    #expect(found.rows.map(\.outputShape) == [[5, 2], [5, 4], [5, 2]])
  }

  /// A layer that is used twice is listed and counted once, but gives something back twice.
  @Test func sharedLayers() {
    let layer = Linear(3, 3)
    let found = summary(of: Sequential(layer, ReLU(), layer), input: [2, 3])
    #expect(found.rows.map(\.name) == ["", "0", "1"])
    #expect(found.rows.map(\.parameterCount).reduce(0, +) == 12 && found.parameterCount == 12)
    #expect(found.outputBytes == 3 * 2 * 3 * 4)
  }

  @Test func indices() {
    let found = summary(of: Sequential(Embedding(10, 4), Flatten()), input: [2, 3], dtype: .int64)
    #expect(found.rows.map(\.outputShape) == [[2, 12], [2, 3, 4], [2, 12]] && found.inputBytes == 48)
  }

  /// Modes, hooks, gradients and random numbers are as they were before.
  @Test func theModelIsLeftAlone() {
    let generator = Generator(seed: 3)
    let model = Sequential(Linear(2, 2), Sequential(Dropout(0.5, generator: generator), Linear(2, 1)))
    model[1].eval()
    model[0].train()
    var calls = 0
    model[0].registerForwardHook { _, _, y in
      calls += 1
      #expect(!y.requiresGrad)
    }
    let modes = model.modules().map(\.isTraining)
    #expect(modes == [true, true, false, false, false])
    _ = summary(of: model, input: [4, 2])
    #expect(model.modules().map(\.isTraining) == modes)
    #expect(model.modules().map(\.forwardHooks.count) == [0, 1, 0, 0, 0] && calls == 1)
    #expect(model.parameters().allSatisfy { $0.grad == nil && $0.requiresGrad })
    #expect(generator.random() == Generator(seed: 3).random())
    #expect(isGradEnabled)
  }
}
