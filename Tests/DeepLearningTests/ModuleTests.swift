import Testing

@testable import DeepLearning
@testable import Tensors

/// What a module finds among its properties, what it prints, and how it is used.
@Suite struct ModuleTests {
  class Net: Module {
    let flatten = Flatten()
    let layers = Sequential(
      Linear(6, 5), LeakyReLU(), Sequential(Linear(5, 4, bias: false), Softmax(dim: 1)))
    let scale = Parameter(.ones(1))
    let steps = Buffer(.zeros(1))
    private let hidden = Linear(2, 2)
    let rate = 0.1
  }

  // MARK: - Names

  @Test func namesFollowTheDeclarations() {
    let net = Net()
    #expect(
      net.namedParameters().map(\.name) == [
        "scale", "layers.0.weight", "layers.0.bias", "layers.2.0.weight", "hidden.weight", "hidden.bias",
      ])
    #expect(net.namedBuffers().map(\.name) == ["steps"])
    #expect(
      net.namedModules().map(\.name) == [
        "", "flatten", "layers", "layers.0", "layers.1", "layers.2", "layers.2.0", "layers.2.1", "hidden",
      ])
    #expect(net.namedChildren().map(\.name) == ["flatten", "layers", "hidden"])
    #expect(net.parameterCount == 1 + 30 + 5 + 20 + 4 + 2)
    #expect(net.parameters()[0] === net.scale)
    #expect(net.children().count == 3 && net.modules().count == 9)
  }

  @Test func propertiesOfASubclassComeAfterThoseOfItsSuperclass() {
    class Base: Module { let first = Linear(1, 1, bias: false) }
    class Derived: Base { let second = Linear(1, 1, bias: false) }
    #expect(Derived().namedParameters().map(\.name) == ["first.weight", "second.weight"])
  }

  @Test func containers() {
    class Branches: Module {
      let list = [Linear(1, 2, bias: false), Linear(2, 3, bias: false)]
      let pair = (Linear(1, 1, bias: false), ReLU())
      let table = ["b": Linear(1, 5, bias: false), "a": Linear(1, 4, bias: false)]
      let nested = [[Parameter(.zeros(7))]]
      let absent: Linear? = nil
      let present: Linear? = Linear(1, 6, bias: false)
      let any: Module = Linear(1, 8, bias: false)
      let weights: [Tensor?] = [nil, Parameter(.zeros(9))]
    }
    let branches = Branches()
    #expect(
      branches.namedParameters().map(\.name) == [
        "nested.0.0", "weights.1", "list.0.weight", "list.1.weight", "pair.0.weight", "table.a.weight",
        "table.b.weight", "present.weight", "any.weight",
      ])
    #expect(branches.parameters().map(\.count) == [7, 9, 2, 6, 1, 4, 5, 6, 8])
  }

  /// As in PyTorch, a parameter in two places is trained once and keeps its first name.
  @Test func tiedParameters() {
    class Tied: Module {
      let encoder = Linear(3, 3, bias: false)
      let decoder: Linear
      let weight: Tensor
      override init() {
        decoder = encoder
        weight = encoder.weight
      }
    }
    let tied = Tied()
    #expect(tied.namedParameters().map(\.name) == ["weight"])
    #expect(tied.modules().count == 2)
    #expect(tied.parameterCount == 9)
  }

  @Test func lazyPropertiesThatHaveBeenMade() {
    class Head: Module {
      lazy var output = Linear(1, 2, bias: false)
      lazy var names = ["a", "b"]
      override init() {
        super.init()
        _ = output
      }
    }
    #expect(Head().namedParameters().map(\.name) == ["output.weight"])
  }

  /// What is no module and holds none is of no concern, and neither is what knows the module itself.
  @Test func otherProperties() {
    class Model: Module {
      final class Observer { weak var model: Module? }
      struct Settings {
        let sizes = [1, 2, 3]
        let name: String? = "m"
        let tensor = Tensor.ones(2)
      }
      enum Kind { case small, large(Int) }
      let settings = Settings()
      let kind = Kind.large(3)
      let observer = Observer()
      let vocabulary = ["a": 0, "b": 1]
      let table = [[1.5, 2.5]]
      let activation: (Tensor) -> Tensor = { $0.relu() }
      let weight = Parameter(.ones(1))
      override init() {
        super.init()
        observer.model = self
      }
    }
    #expect(Model().namedParameters().map(\.name) == ["weight"])
  }

  @Test func plainTensorsAreNotParameters() {
    class Masked: Module {
      let mask = Tensor.ones(2)
      let weight = Parameter(.ones(2))
      override func forward(_ x: Tensor) -> Tensor { x * mask * weight }
    }
    #expect(Masked().namedParameters().map(\.name) == ["weight"])
    #expect(Masked().namedBuffers().isEmpty)
  }

  @Test func parametersHaveNoHistory() {
    let w = Tensor([1.0], requiresGrad: true)
    let parameter = Parameter(w * 2)
    #expect(parameter.isLeaf && parameter.requiresGrad)
    #expect(!Parameter(.ones(1), requiresGrad: false).requiresGrad)
    #expect(!Buffer(w).requiresGrad)
  }

  // MARK: - Printing

  @Test func printsPyTorchsTree() {
    class Block: Module {
      let hidden = Linear(4, 8)
      let activation = ReLU()
    }
    class Net: Module {
      let flatten = Flatten()
      let layers = Sequential(
        Linear(784, 512), LeakyReLU(), Sequential(Linear(512, 10, bias: false), Softmax(dim: 1)))
      let block = Block()
      let empty = Sequential()
    }
    #expect(
      "\(Net())" == """
        Net(
          (flatten): Flatten(start_dim=1, end_dim=-1)
          (layers): Sequential(
            (0): Linear(in_features=784, out_features=512, bias=True)
            (1): LeakyReLU(negative_slope=0.01)
            (2): Sequential(
              (0): Linear(in_features=512, out_features=10, bias=False)
              (1): Softmax(dim=1)
            )
          )
          (block): Block(
            (hidden): Linear(in_features=4, out_features=8, bias=True)
            (activation): ReLU()
          )
          (empty): Sequential()
        )
        """)
    #expect("\(Linear(3, 2))" == "Linear(in_features=3, out_features=2, bias=True)")
  }

  @Test func printsTheSettingsOfEveryLayer() {
    class Scaled: Module {
      let inner = Linear(2, 2)
      override var extraDescription: String { "scale=2" }
    }
    let model = Sequential(
      Scaled(), PReLU(), ELU(), GELU(), SiLU(), Softplus(), LogSoftmax(dim: -1), Identity(), Sigmoid(),
      Tanh(), Flatten(0), LeakyReLU(0.2), Dropout(), Dropout(0.25), Embedding(5, 4),
      Embedding(5, 4, paddingIndex: -5), Bilinear(3, 4, 5), Bilinear(3, 4, 5, bias: false), LogSigmoid(),
      LeakyReLU(1e-5), PReLU(3))
    #expect(
      "\(model)" == """
        Sequential(
          (0): Scaled(
            scale=2
            (inner): Linear(in_features=2, out_features=2, bias=True)
          )
          (1): PReLU(num_parameters=1)
          (2): ELU(alpha=1.0)
          (3): GELU(approximate='none')
          (4): SiLU()
          (5): Softplus(beta=1.0, threshold=20.0)
          (6): LogSoftmax(dim=-1)
          (7): Identity()
          (8): Sigmoid()
          (9): Tanh()
          (10): Flatten(start_dim=0, end_dim=-1)
          (11): LeakyReLU(negative_slope=0.2)
          (12): Dropout(p=0.5, inplace=False)
          (13): Dropout(p=0.25, inplace=False)
          (14): Embedding(5, 4)
          (15): Embedding(5, 4, padding_idx=0)
          (16): Bilinear(in1_features=3, in2_features=4, out_features=5, bias=True)
          (17): Bilinear(in1_features=3, in2_features=4, out_features=5, bias=False)
          (18): LogSigmoid()
          (19): LeakyReLU(negative_slope=1e-05)
          (20): PReLU(num_parameters=3)
        )
        """)
  }

  // MARK: - Use

  @Test func trainAndEvalReachEveryModule() {
    let net = Net()
    #expect(net.modules().allSatisfy { $0.isTraining })
    net.eval()
    #expect(net.modules().allSatisfy { !$0.isTraining })
    net.train()
    #expect(net.modules().allSatisfy { $0.isTraining })
  }

  @Test func applyVisitsChildrenFirst() {
    let model = Sequential(Linear(1, 1), Sequential(ReLU()))
    var order: [String] = []
    model.apply { order.append("\(type(of: $0))") }
    #expect(order == ["Linear", "ReLU", "Sequential", "Sequential"])
  }

  @Test func zeroGradAndFreezing() {
    let model = Sequential(Linear(2, 2), Linear(2, 1))
    model(Tensor.ones(3, 2)).sum().backward()
    #expect(model.parameters().allSatisfy { $0.grad != nil })
    model.zeroGrad()
    #expect(model.parameters().allSatisfy { $0.grad == nil })
    model.requiresGrad_(false)
    #expect(!model(Tensor.ones(3, 2)).requiresGrad)
    model.requiresGrad_()
    #expect(model(Tensor.ones(3, 2)).requiresGrad)
  }

  @Test func forwardHooksSeeInputAndOutput() {
    let model = Sequential(Linear(2, 3), ReLU())
    var seen: [[Int]] = []
    model[0].registerForwardHook { module, x, y in
      #expect(module === model[0])
      seen.append(x.shape + y.shape)
    }
    _ = model(Tensor.ones(5, 2))
    #expect(seen == [[5, 2, 5, 3]])
  }

  @Test func aRemovedHookIsNotCalled() {
    let layer = Linear(2, 3)
    var calls: [String] = []
    let first = layer.registerForwardHook { _, _, _ in calls.append("first") }
    layer.registerForwardHook { _, _, _ in calls.append("second") }
    _ = layer(Tensor.ones(1, 2))
    first.remove()
    first.remove()
    _ = layer(Tensor.ones(1, 2))
    #expect(calls == ["first", "second", "second"])
  }

  /// A hook may remove itself while it runs.
  @Test func aHookForOneCall() {
    let layer = ReLU()
    var calls = 0
    var handle: ForwardHookHandle?
    handle = layer.registerForwardHook { _, _, _ in
      calls += 1
      handle?.remove()
    }
    for _ in 0..<3 { _ = layer(Tensor.ones(1)) }
    #expect(calls == 1)
  }

  @Test func modulesOfTwoInputs() {
    class Distance: Module {
      let layer = Linear(2, 3)
      override func forward(_ x1: Tensor, _ x2: Tensor) -> Tensor { (layer(x1) - layer(x2)).norm(dim: -1) }
    }
    let distance = Distance()
    var seen: [[Int]] = []
    distance.registerForwardHook { _, x, y in seen.append(x.shape + y.shape) }
    let (a, b) = (Tensor.ones(4, 2), Tensor.zeros(4, 2))
    #expect(
      distance(a, b).allClose(distance.layer.weight.detach().sum(dim: 1).norm().expand(4), relative: 1e-5))
    #expect(seen == [[4, 2, 4]])
  }

  @Test func devices() {
    let device = Device.cpu
    #expect("Using \(device) device" == "Using cpu device")
    let model = Sequential(Linear(2, 2))
    let x = Tensor.ones(1, 2)
    #expect(model.to(device) === model)
    #expect(x.to(device) === x && x.to(.cpu) === x && x.to(.float64).dtype == .float64)
    #expect(x.device == device && model(x).device == .cpu)
  }

  @Test func sequentialIsAList() {
    let model: Sequential = [Linear(2, 3), ReLU(), Linear(3, 4)]
    #expect(model.append(Softmax(dim: 1)) === model)
    #expect(model.count == 4 && model[-1] is Softmax && model[1] is ReLU)
    func isSlice(_ slice: Sequential, _ places: Range<Int>) -> Bool {
      slice.layers.elementsEqual(places.map { model[$0] }, by: ===)
    }
    #expect(isSlice(model[..<2], 0..<2) && isSlice(model[1...], 1..<4) && isSlice(model[1...2], 1..<3))
    #expect(
      isSlice(model[..<(-1)], 0..<3) && isSlice(model[...(-1)], 0..<4) && isSlice(model[(-2)...], 2..<4))
    #expect(isSlice(model[7...], 0..<0) && isSlice(model[..<9], 0..<4))
    model[-1] = Identity()
    #expect(model(Tensor.ones(5, 2)).shape == [5, 4])
    #expect(
      model.namedParameters().map(\.name) == ["0.weight", "0.bias", "2.weight", "2.bias"])
  }

  @Test func layersComputeWhatTheirFunctionsDo() {
    let generator = Generator(seed: 5)
    let x = Tensor.randn(4, 6, generator: generator)
    let linearLayer = Linear(6, 3)
    #expect(equal(linearLayer(x), linear(x, linearLayer.weight, linearLayer.bias)))
    #expect(linearLayer.inFeatures == 6 && linearLayer.outFeatures == 3)
    let pairs: [(Module, Tensor)] = [
      (ReLU(), x.relu()), (LeakyReLU(0.3), x.leakyReLU(0.3)), (ELU(2), x.elu(alpha: 2)),
      (Sigmoid(), x.sigmoid()),
      (Tanh(), x.tanh()), (GELU(), x.gelu()), (SiLU(), x.silu()), (Softplus(), x.softplus()),
      (Maxout(2), x.maxout(pieces: 2)), (Softmax(dim: 0), x.softmax(dim: 0)),
      (LogSoftmax(dim: 1), x.logSoftmax(dim: 1)), (PReLU(), x.leakyReLU(0.25)), (Identity(), x),
      (LogSigmoid(), x.logSigmoid()),
    ]
    for (module, expected) in pairs { #expect(equal(module(x), expected), "\(module)") }
    #expect(Flatten()(Tensor.zeros(2, 3, 4)).shape == [2, 12])
    #expect(Flatten(0, 1)(Tensor.zeros(2, 3, 4)).shape == [6, 4])
    #expect(Sequential()(x) === x)
    let literal: Sequential = [Linear(6, 2), ReLU()]
    #expect(literal.count == 2 && literal[1] is ReLU)
  }
}
