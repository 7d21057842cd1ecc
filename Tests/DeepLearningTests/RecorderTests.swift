import Foundation
import Testing

@testable import DeepLearning
@testable import Tensors

/// What is recorded of a run: activations, gradients, updates; and the search for settings.
@Suite struct RecorderTests {
  static func model() -> Sequential {
    let model = Sequential(Linear(2, 3), ReLU(), Sequential(Linear(3, 1)))
    noGrad {
      let first = model[0] as! Linear
      first.weight.copy_(Tensor([[1.0, 0], [0, 1], [-1, -1]]))
      first.bias!.zero_()
    }
    return model
  }

  @Test func outputsAndGradients() throws {
    let model = Self.model()
    let recorder = LayerRecorder(model)
    let x = Tensor([[1.0, 2], [3, 0]])
    model(x).sum().backward()
    #expect(recorder.layers.map(\.name) == ["0", "1", "2.0"])
    let relu = recorder.layers[1]
    #expect(relu.output.numbers == [1, 2, 0, 3, 0, 0] && !relu.output.requiresGrad)
    // The third unit is off for both examples, the second for one of them.
    #expect(abs(relu.deadShare - 1.0 / 3) < 1e-6)
    let head = try #require(model[2].children()[0] as? Linear)
    let row = head.weight.detach().numbers
    expectClose(try #require(relu.gradient).numbers, row + row)
    #expect(recorder.layers[2].gradient!.numbers == [1, 1])
  }

  @Test func onlyTheLastPassIsKept() {
    let model = Self.model()
    let recorder = LayerRecorder(model)
    let early = model(Tensor.ones(4, 2)).sum()
    _ = model(Tensor.ones(5, 2))
    #expect(recorder.layers.map { $0.output.shape[0] } == [5, 5, 5])
    early.backward()
    #expect(recorder.layers.allSatisfy { $0.gradient == nil }, "that gradient belongs to the first pass")
    recorder.remove()
    _ = model(Tensor.ones(6, 2))
    #expect(recorder.layers[0].output.shape[0] == 5)
  }

  @Test func whatIsWatchedCanBeChosen() {
    let model = Self.model()
    let recorder = LayerRecorder(model) { $0 is Linear }
    noGrad { _ = model(Tensor.ones(1, 2)) }
    #expect(recorder.layers.map(\.name) == ["0", "2.0"] && recorder.layers[0].gradient == nil)
  }

  /// tanh′ = 1 − y² is below a twentieth where |tanh z| > 0.9747, z > 2.18; σ at twice that z.
  @Test func saturation() {
    let z = Tensor([[-5.0, 2.1, 2.3, 0]])
    for (layer, input) in [(Tanh() as Module, z), (Sigmoid(), 2 * z), (Identity(), z)] {
      let recorder = LayerRecorder(layer)
      _ = layer(input)
      #expect(recorder.layers[0].saturatedShare == (layer is Identity ? 0 : 0.5))
    }
  }

  @Test func updatesAreMeasuredAroundAStep() {
    let model = Sequential(Linear(2, 1))
    noGrad {
      model.parameters()[0].copy_(Tensor([[3.0, 4]]))
      model.parameters()[1].zero_()
    }
    model(Tensor([[1.0, 0]])).sum().backward()
    let optimizer = SGD(model.parameters(), lr: 0.1)
    let found = updates(of: model) { optimizer.step() }
    #expect(found.map(\.name) == ["0.weight", "0.bias"])
    #expect(found[0].norm == 5 && found[0].gradientNorm == 1)
    expectClose([found[0].updateNorm, found[0].ratio], [0.1, 0.02], within: 1e-6)
    #expect(found[1].ratio == .infinity)
    model.zeroGrad()
    #expect(updates(of: model) { optimizer.step() }.map(\.updateNorm) == [0, 0])
  }

  // MARK: - Search

  static let search = RandomSearch(["lr": 1e-4...1, "decay": 1e-6...1e-2])

  @Test func drawsAreUniformInTheLogarithm() {
    let generator = Generator(seed: 1)
    let draws = (0..<4000).map { _ in Self.search.draw(generator: generator)["lr"]! }
    #expect(draws.allSatisfy { (1e-4...1).contains($0) })
    // A quarter in each power of ten; a standard error is 27.
    for low in [1e-4, 1e-3, 1e-2, 1e-1] {
      #expect(abs(draws.count { $0 >= low && $0 < 10 * low } - 1000) < 110)
    }
  }

  /// The trials end in whatever order, and the result is that of one after another.
  @Test func trialsAreDeterministic() {
    @Sendable func score(_ settings: [String: Double]) -> Double {
      let model = Linear(40, 30)
      let loss = model(Tensor.randn(50, 40)).square().mean() * settings["lr"]!
      loss.backward()
      return loss.item() + model.weight.grad!.sum().item()
    }
    let trials = Self.search.run(trials: 12, generator: Generator(seed: 5), score: score)
    let again = Self.search.run(trials: 12, generator: Generator(seed: 5), score: score)
    #expect(trials.map(\.score) == again.map(\.score) && trials.map(\.settings) == again.map(\.settings))
    let generator = Generator(seed: 5)
    let settings = (0..<12).map { _ in Self.search.draw(generator: generator) }
    let seed = generator.nextSeed()
    let alone = settings.map { one in
      Generator.$current.withValue(Generator(seed: seed)) { score(one) }
    }
    #expect(trials.map(\.score) == alone && trials.map(\.settings) == settings)
  }

  @Test func trialsLeaveTheDefaultGeneratorAlone() {
    let own = Generator(seed: 2)
    Generator.$current.withValue(own) {
      _ = Self.search.run(trials: 3, generator: Generator(seed: 1)) { _ in Tensor.randn(3).sum().item() }
    }
    #expect(own.random() == Generator(seed: 2).random())
  }

  @Test func bestTrialsAndNarrowing() throws {
    let trials = [(0.1, 1e-3, 2.0), (0.01, 1e-4, .nan), (0.2, 1e-5, 1), (0.4, 1e-4, 3)].map {
      RandomSearch.Trial(settings: ["lr": $0.0, "decay": $0.1], score: $0.2)
    }
    #expect(trials.best(2).map(\.score) == [1, 2])
    #expect(trials.best(9).last!.score.isNaN)
    let narrowed = Self.search.narrowed(to: trials.best(2))
    let lr = try #require(narrowed.ranges["lr"])
    expectClose([lr.lowerBound, lr.upperBound], [0.1 / pow(2, 0.25), 0.2 * pow(2, 0.25)])
    let widest = Self.search.narrowed(
      to: [1e-4, 1].map { RandomSearch.Trial(settings: ["lr": $0, "decay": 1e-4], score: 0) })
    #expect(widest.ranges["lr"] == 1e-4...1, "never beyond what it was")
  }
}
