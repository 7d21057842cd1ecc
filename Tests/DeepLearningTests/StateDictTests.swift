import Testing

@testable import DeepLearning
@testable import Networks
@testable import Tensors

/// What a model remembers, under which names, and how it is given back.
@Suite struct StateDictTests {
  class Normalized: Module {
    let gain = Parameter(.ones(2))
    let runningMean = Buffer(.zeros(2))
    override var propertyNames: [String: String] { ["runningMean": "running_mean"] }
  }

  /// The properties are declared in another order than that in which they are listed.
  class Net: Module {
    let inner = Linear(2, 2)
    let norm = Normalized()
    let steps = Buffer(.zeros(1))
    let scale: Tensor
    let again: Linear
    let tied: Tensor
    override init() {
      scale = Parameter(.ones(1))
      again = inner
      tied = scale
    }
  }

  static func error(_ model: Module, _ state: StateDict, strict: Bool = true) throws -> StateDictError {
    try #require(throws: StateDictError.self) { try model.loadStateDict(state, strict: strict) }
  }

  /// As PyTorch lists them: a module's parameters, its buffers, its children; tied ones under every name.
  @Test func namesAndOrder() {
    #expect(
      Net().stateDict().names == [
        "scale", "tied", "steps", "inner.weight", "inner.bias", "norm.gain", "norm.running_mean",
        "again.weight", "again.bias",
      ])
    #expect(Net().namedBuffers().map(\.name) == ["steps", "norm.running_mean"])
    #expect(ReLU().stateDict().isEmpty)
  }

  @Test func tensorsShareTheModelsMemory() throws {
    let net = Net()
    let state = net.stateDict()
    for (_, tensor) in state { #expect(!tensor.requiresGrad && tensor.isLeaf) }
    let bias = try #require(state["inner.bias"])
    bias.fill_(7)
    #expect(net.inner.bias!.numbers == [7, 7])
    #expect(net.inner.bias !== bias)
  }

  @Test func roundTrip() throws {
    let source = Net()
    source.steps.fill_(5)
    source.norm.runningMean.fill_(3)
    let copy = Net()
    let (weight, version) = (copy.inner.weight, copy.inner.weight.requiresGrad)
    copy.inner.weight.grad = .ones(2, 2)
    let keys = try copy.loadStateDict(source.stateDict())
    #expect(keys.missing.isEmpty && keys.unexpected.isEmpty)
    for ((name, a), (otherName, b)) in zip(source.stateDict(), copy.stateDict()) {
      #expect(name == otherName && equal(a, b), "\(name)")
    }
    #expect(copy.inner.weight === weight && weight.requiresGrad == version && weight.grad != nil)
    // The copy has its own memory.
    source.steps.fill_(6)
    #expect(copy.steps.numbers == [5])
  }

  @Test func transposedParametersKeepTheirLayout() throws {
    class Transposed: Module {
      let weight = Parameter(Tensor.zeros(2, 3).T)
    }
    let model = Transposed()
    let value = Tensor([[1.0, 2], [3, 4], [5, 6]])
    try model.loadStateDict(["weight": value])
    #expect(equal(model.weight, value) && model.weight.strides == [1, 3])
  }

  // MARK: - What does not fit

  @Test func everythingIsReportedAtOnce() throws {
    let net = Net()
    let before = net.stateDict().map { $0.tensor.clone() }
    var state = Net().stateDict()
    state["inner.weight"] = Tensor.zeros(2, 3)
    state["steps"] = Tensor([1])
    state["scale"] = nil
    state["norm.gain"] = nil
    state["head.weight"] = Tensor.zeros(4)
    let error = try Self.error(net, state)
    #expect(
      error.description == """
        Net: the state does not fit the model
          missing (2):
            scale
            norm.gain
          unexpected (1):
            head.weight
          wrong shape or type (2):
            steps: expected (1,) of float32, found (1,) of int64
            inner.weight: expected (2, 2) of float32, found (2, 3) of float32
        """)
    #expect(error.missing == ["scale", "norm.gain"] && error.unexpected == ["head.weight"])
    #expect(error.misfits.map(\.name) == ["steps", "inner.weight"] && error.hint == nil)
    for ((name, tensor), old) in zip(net.stateDict(), before) { #expect(equal(tensor, old), "\(name)") }
  }

  @Test func withoutStrictnessWhatFitsIsCopied() throws {
    let model = Sequential(Linear(2, 2), ReLU(), Linear(2, 2))
    let state: StateDict = ["0.bias": .full([2], 9), "5.bias": .ones(2)]
    let keys = try model.loadStateDict(state, strict: false)
    #expect(keys.missing == ["0.weight", "2.weight", "2.bias"] && keys.unexpected == ["5.bias"])
    #expect((model[0] as! Linear).bias!.numbers == [9, 9])

    let error = try Self.error(model, ["0.bias": .ones(3)], strict: false)
    #expect(error.misfits == [.init(name: "0.bias", expected: "(2,) of float32", found: "(3,) of float32")])
    #expect((model[0] as! Linear).bias!.numbers == [9, 9])
  }

  @Test func aHintWhereOnlyTheNamesDiffer() throws {
    let wrapped = Sequential(Sequential(Linear(2, 3), Linear(3, 1)))
    let error = try Self.error(Sequential(Linear(2, 3), Linear(3, 1)), wrapped.stateDict())
    #expect(
      error.hint
        == "the missing and the unexpected tensors have the same shapes in the same order, so that only the "
        + "names may differ: 0.0.weight for 0.weight")
    #expect(error.description.hasSuffix("\n  hint: " + error.hint!))
  }

  @Test func aHintWhereTheModelIsAnother() throws {
    let error = try Self.error(Linear(2, 2), Sequential(Linear(3, 4), Linear(4, 5)).stateDict())
    #expect(error.hint == "no name is known to both, which looks like the state of another model")
    #expect(try Self.error(Linear(2, 2), [:]).hint == nil)
  }

  @Test func longListsAreCut() throws {
    let model = Sequential((0..<8).map { _ in Linear(1, 1) })
    let error = try Self.error(model, [:])
    #expect(error.missing.count == 16)
    #expect(error.description.hasSuffix("    4.bias\n    and 6 more"))
  }
}
