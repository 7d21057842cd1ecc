import Foundation
import Testing

@testable import DeepLearning
@testable import Tensors

/// What is recorded, what backward does with it, and what may happen in between.
@Suite struct AutogradTests {
  // MARK: - Accumulation

  @Test func gradientsAddUpUntilTheyAreForgotten() {
    let w = Tensor([1.0, 2.0], requiresGrad: true)
    (w * w).sum().backward()
    #expect(w.grad?.numbers == [2, 4])
    (w * 3).sum().backward()
    #expect(w.grad?.numbers == [5, 7])
    w.zeroGrad()
    #expect(w.grad == nil)
    (w * 3).sum().backward()
    #expect(w.grad?.numbers == [3, 3])
  }

  @Test func aLeafMayBeUsedManyTimes() {
    let x = Tensor(3.0, requiresGrad: true)
    var sum = x * 0
    for _ in 0..<100 { sum = sum + x * x }
    sum.backward()
    #expect(x.grad?.item() == 600)
  }

  /// d/da (2a + 2a) = 4: each of the two results is used twice, and is handled once, after both uses.
  @Test func sharedExpressions() {
    let a = Tensor([1.0, -2.0], requiresGrad: true)
    let b = a + a
    let c = b + b
    var visits = 0
    b.registerHook { _ in
      visits += 1
      return nil
    }
    c.sum().backward()
    #expect(a.grad?.numbers == [4, 4])
    #expect(visits == 1)
  }

  /// A short way and a long way from one value to the loss: the value must wait for both.
  @Test func waysOfDifferentLength() {
    let x = Tensor(2.0, requiresGrad: true)
    let y = x * x
    var long = y
    for _ in 0..<10 { long = long * 1 }
    (long * y).backward()
    #expect(x.grad?.item() == 32)  // d x⁴/dx = 4x³
  }

  @Test func severalOutputsOfOneGraph() {
    let x = Tensor([1.0, 2.0, 3.0], requiresGrad: true)
    let parts = x.split(1)
    (parts[0] * parts[2]).backward(Tensor([10.0]))
    #expect(x.grad?.numbers == [30, 0, 10])
  }

  @Test func aLeafIsItsOwnGradientsTarget() {
    let x = Tensor([1.0, 2.0], requiresGrad: true)
    let seed = Tensor([5.0, 6.0])
    x.backward(seed)
    seed.fill_(0)
    #expect(x.grad?.numbers == [5, 6])
  }

  // MARK: - What is recorded

  @Test func onlyWhatDependsOnALeafIsRecorded() {
    let w = Tensor([1.0], requiresGrad: true)
    let constant = Tensor([2.0])
    #expect(!(constant * constant).requiresGrad)
    let y = constant * w
    #expect(y.requiresGrad && !y.isLeaf)
    #expect(w.isLeaf && constant.isLeaf)
    #expect(!(w .> 0).requiresGrad)
    #expect(!w.argmax(dim: 0).requiresGrad)
    #expect(!w.to(.int64).requiresGrad)
  }

  @Test func noGradAndEnableGradNest() {
    let w = Tensor([1.0], requiresGrad: true)
    #expect(isGradEnabled)
    noGrad {
      #expect(!isGradEnabled)
      #expect(!(w * 2).requiresGrad)
      enableGrad {
        #expect((w * 2).requiresGrad)
        noGrad { #expect(!(w * 2).requiresGrad) }
        #expect((w * 2).requiresGrad)
      }
      #expect(!(w * 2).requiresGrad)
    }
    #expect((w * 2).requiresGrad)
  }

  @Test func noGradEndsWithAnErrorToo() {
    struct Stop: Error {}
    #expect(throws: Stop.self) { try noGrad { throw Stop() } }
    #expect(isGradEnabled)
    #expect(noGrad { 42 } == 42)
  }

  @Test func noGradIsOfItsThreadAlone() {
    noGrad { onSmallStack { #expect(isGradEnabled) } }
  }

  @Test func detachSharesMemoryAndForgetsHistory() {
    let w = Tensor([1.0, 2.0], requiresGrad: true)
    let y = w * 2
    let d = y.detach()
    #expect(!d.requiresGrad && d.isLeaf)
    #expect(d.storage === y.storage)
    (d * w).sum().backward()
    #expect(w.grad?.numbers == [2, 4], "the detached factor is a constant")
  }

  @Test func switchingALeafOnAndOff() {
    let w = Tensor([1.0])
    w.requiresGrad = true
    #expect((w * 1).requiresGrad)
    w.requiresGrad = false
    #expect(!(w * 1).requiresGrad)
    #expect(w.requiresGrad_() === w)
  }

  @Test func gradientsHaveTheTypeOfTheirTensor() {
    let single = Tensor([1.0, 2.0], requiresGrad: true)
    let double = Tensor([3.0, 4.0], dtype: .float64, requiresGrad: true)
    let product = single * double
    #expect(product.dtype == .float64)
    product.sum().backward()
    #expect(single.grad?.dtype == .float32)
    #expect(single.grad?.numbers == [3, 4])
    #expect(double.grad?.dtype == .float64)
    #expect(double.grad?.numbers == [1, 2])

    let x = Tensor([0.5], requiresGrad: true)
    (x.to(.float64) * Tensor([1.5], dtype: .float64)).tanh().to(.float32).sum().backward()
    #expect(x.grad?.dtype == .float32)
    let y = Foundation.tanh(0.75)
    expectClose(x.grad!.numbers, [1.5 * (1 - y * y)])

    let counted = Tensor([2.0], requiresGrad: true)
    (counted * Tensor([3])).sum().backward()
    #expect(counted.grad?.numbers == [3])
  }

  /// As in PyTorch, a gradient of another type is converted.
  @Test func theGradientThatIsPassedInMayBeOfAnotherType() {
    let x = Tensor([0.5, -1.0], requiresGrad: true)
    x.tanh().backward(Tensor([1.0, 2.0], dtype: .float64))
    let slopes = [0.5, -1].map { 1 - Foundation.tanh($0) * Foundation.tanh($0) }
    expectClose(x.grad!.numbers, [slopes[0], 2 * slopes[1]])
    #expect(x.grad?.dtype == .float32)
  }

  // MARK: - The graph's life

  @Test func retainGraphAllowsASecondPass() {
    let x = Tensor([3.0], requiresGrad: true)
    let y = (x * x).sum()
    y.backward(retainGraph: true)
    y.backward()
    #expect(x.grad?.numbers == [12])
  }

  @Test func backwardFreesTheGraph() {
    let x = Tensor([3.0], requiresGrad: true)
    let y = x.exp()
    let node = y.node!
    #expect(!node.isFreed)
    y.sum().backward()
    #expect(node.isFreed)
    #expect(node.edges.isEmpty)
  }

  /// The branch that was not walked can still be.
  @Test func anotherBranchSurvives() {
    let x = Tensor([3.0], requiresGrad: true)
    let a = (x * 2).sum()
    let b = (x * 5).sum()
    a.backward()
    b.backward()
    #expect(x.grad?.numbers == [7])
  }

  @Test func aGraphLivesAsLongAsAResult() {
    let x = Tensor([3.0], requiresGrad: true)
    weak var node: Node?
    do {
      let y = x.exp() * 2
      node = y.node
      #expect(node != nil)
      withExtendedLifetime(y) {}
    }
    #expect(node == nil)
  }

  // MARK: - Changes in place

  @Test func aChangeThatBackwardDoesNotSeeIsAllowed() {
    let x = Tensor([1.0, 2.0], requiresGrad: true)
    let plusOne = x + 1
    noGrad { x.mul_(100) }
    plusOne.sum().backward()
    #expect(x.grad?.numbers == [1, 1])

    // The exponential's derivative reads its result, not its input.
    let y = Tensor([0.0, 1.0], requiresGrad: true)
    let e = y.exp()
    noGrad { y.fill_(7) }
    e.sum().backward()
    expectClose(y.grad!.numbers, [1, M_E])
  }

  @Test func anOptimizerStepBetweenForwardAndForwardIsFine() {
    let w = Tensor([2.0], requiresGrad: true)
    for _ in 0..<3 {
      w.zeroGrad()
      (w * w).sum().backward()
      noGrad { w -= 0.25 * w.grad! }
    }
    expectClose(w.numbers, [0.25])
  }

  /// Not only values are needed later: so are the indices, masks and labels by which they were picked.
  @Test(arguments: [
    "indexSelect", "gather", "scatterAdd", "where", "max", "crossEntropy", "nll", "x[indices]",
  ])
  func indicesAreWatched(_ name: String) async {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      [name = name as String] in
      let x = Tensor([[1.0, 2.0], [3.0, 4.0]], requiresGrad: true)
      var indices = name == "gather" || name == "scatterAdd" ? Tensor([[0, 0], [1, 0]]) : Tensor([1, 0])
      let loss: Tensor
      switch name {
      case "indexSelect": loss = x.indexSelect(0, indices).sum()
      case "gather": loss = x.gather(0, indices).sum()
      case "scatterAdd": loss = Tensor.zeros(2, 2).scatterAdd(0, indices, x).sum()
      case "where":
        indices = x .> 2
        loss = `where`(indices, x, Tensor(0.0)).sum()
      case "max":
        let (values, places) = x.max(dim: 1)
        indices = places
        loss = values.sum()
      case "crossEntropy": loss = crossEntropy(x, indices)
      case "nll": loss = nllLoss(x.logSoftmax(dim: 1), indices)
      default: loss = x[indices].sum()
      }
      // x[indices] works on a copy of the indices, and gives the right gradient whatever becomes of them.
      if name == "x[indices]" {
        indices.zero_()
        loss.backward()
        exit(x.grad?.numbers == [1, 1, 1, 1] ? 1 : 2)
      }
      indices.zero_()
      loss.backward()
    }
    guard name != "x[indices]" else { return }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("was changed in place after it was used"), "\(text)")
  }

  // MARK: - Hooks

  @Test func hooksSeeAndReplaceGradients() {
    let x = Tensor([1.0, 2.0], requiresGrad: true)
    let y = x * 3
    var seen: [[Double]] = []
    y.registerHook { gradient in
      seen.append(gradient.numbers)
      return gradient * 10
    }
    x.registerHook { gradient in
      seen.append(gradient.numbers)
      return gradient + 1
    }
    (y * y).sum().backward()
    #expect(seen == [[6, 12], [180, 360]])
    #expect(x.grad?.numbers == [181, 361])
  }

  @Test func hooksRunInTheOrderOfTheirRegistration() {
    let x = Tensor([1.0], requiresGrad: true)
    let y = x * 1
    y.registerHook { $0 + 1 }
    y.registerHook { $0 * 10 }
    x.registerHook { $0 + 3 }
    x.registerHook { $0 * 2 }
    y.sum().backward()
    #expect(x.grad?.numbers == [46])  // ((1 + 1) · 10 + 3) · 2
  }

  /// A leaf's hook is given the whole gradient once, not the share of every use: it may clip it.
  @Test func aLeafsHookIsCalledOnceForAPass() {
    let x = Tensor([1.0], requiresGrad: true)
    var seen: [[Double]] = []
    x.registerHook { gradient in
      seen.append(gradient.numbers)
      return gradient.clamp(max: 1)
    }
    (x * 2 + x * 3).sum().backward()
    #expect(seen == [[5]])
    #expect(x.grad?.numbers == [1])
    (x * 4).sum().backward()
    #expect(seen == [[5], [4]])
    #expect(x.grad?.numbers == [2])
  }

  @Test func hooksSeeWhatGradReturns() throws {
    let x = Tensor([1.0], requiresGrad: true)
    let y = x * 2
    x.registerHook { $0 * 100 }
    y.registerHook { $0 + 1 }
    let gradients = grad([(y * 3).sum()], [x, y])
    #expect(gradients[1]?.numbers == [4])
    #expect(gradients[0]?.numbers == [800])
  }

  @Test func retainGradKeepsIntermediateGradients() {
    let x = Tensor([1.0, 2.0], requiresGrad: true)
    let y = x * 3
    y.retainGrad()
    let z = y * y
    z.sum().backward()
    #expect(y.grad?.numbers == [6, 12])
    #expect(z.grad == nil)
    x.retainGrad()  // A leaf keeps its gradient anyway.
    #expect(x.grad?.numbers == [18, 36])
  }

  // MARK: - grad(...)

  @Test func gradReturnsAndAccumulatesNothing() throws {
    let x = Tensor([1.0, 2.0], requiresGrad: true)
    let unused = Tensor([1.0], requiresGrad: true)
    let y = x * x
    let gradients = grad([y.sum()], [x, unused, y])
    #expect(gradients[0]?.numbers == [2, 4])
    #expect(gradients[1] == nil)
    #expect(gradients[2]?.numbers == [1, 1])
    #expect(x.grad == nil)
  }

  @Test func gradOfSeveralOutputsWithCotangents() {
    let x = Tensor([1.0, 2.0], requiresGrad: true)
    let gradients = grad(
      [x * 2, x.square()], [x], gradients: [Tensor([1.0, 10.0]), Tensor([100.0, 1000.0])])
    #expect(gradients[0]?.numbers == [202, 4020])
  }

  @Test func gradientsOfGradients() throws {
    // y = x⁴: y' = 4x³, y'' = 12x², y''' = 24x, y'''' = 24
    let x = Tensor(2.0, dtype: .float64, requiresGrad: true)
    var y = x * x * x * x
    var values: [Double] = []
    for _ in 0..<4 {
      y = try #require(grad(y, x, createGraph: true))
      values.append(y.item())
    }
    #expect(values == [32, 48, 48, 24])
  }

  @Test func aGradientPenaltyTrains() throws {
    // L = (dy/dx)² with y = w x²: dL/dw = 2 (2wx) 2x = 8wx²
    let w = Tensor(3.0, requiresGrad: true)
    let x = Tensor(0.5, requiresGrad: true)
    let slope = try #require(grad(w * x * x, x, createGraph: true))
    slope.square().backward()
    #expect(w.grad?.item() == 6)
  }

  @Test func withoutCreateGraphGradientsAreConstants() {
    let x = Tensor(2.0, requiresGrad: true)
    #expect(grad(x * x, x)?.requiresGrad == false)
    (x * x).backward()
    #expect(x.grad?.requiresGrad == false)
  }

  // MARK: - Memory of gradients

  /// c = a + b hands both the same gradient; clipping one must not change the other.
  @Test func gradientsOfLeavesDoNotShareMemory() {
    let a = Tensor([1.0, 2.0], requiresGrad: true)
    let b = Tensor([3.0, 4.0], requiresGrad: true)
    let seed = Tensor([1.0, 1.0])
    (a + b).backward(seed)
    a.grad!.mul_(0.01)
    #expect(b.grad?.numbers == [1, 1])
    #expect(seed.numbers == [1, 1])

    // Nor does a gradient share memory with what it was computed from.
    let x = Tensor([1.0, 2.0], requiresGrad: true)
    let y = Tensor([5.0, 6.0])
    (x * y).sum().backward()
    x.grad!.zero_()
    #expect(y.numbers == [5, 6])
  }

  @Test(arguments: GradientCase.all)
  func gradientsOwnTheirMemory(_ test: GradientCase) {
    for layout in [Layout.contiguous, .transposed] {
      let leaves = test.inputs(layout).map { $0.requiresGrad_() }
      let outputs = test.outputs(leaves, layout)
      let cotangents = outputs.map { Tensor.ones(like: $0) }
      for (output, cotangent) in zip(outputs, cotangents) { output.backward(cotangent, retainGraph: true) }
      for leaf in leaves {
        guard let gradient = leaf.grad else { continue }
        #expect(gradient.ownsStorage)
        #expect(gradient.isContiguous)
        #expect(gradient.shape == leaf.shape)
        #expect(gradient.dtype == leaf.dtype)
      }
    }
  }

  // MARK: - Large graphs

  /// A million operations in a chain, first ones that remember only where they came from, then ones whose
  /// derivatives hold on to the value before, and with it to the whole chain.
  @Test(arguments: [false, true])
  func aMillionOperations(keepsValues: Bool) async {
    await #expect(processExitsWith: .success) { [keepsValues = keepsValues as Bool] in
      @Sendable func chain(_ x: Tensor) -> Tensor {
        var y = x
        for _ in 0..<1_000_000 { y = keepsValues ? y.sin() : y + 1 }
        return y
      }
      onSmallStack {
        let x = Tensor(0.0, dtype: .float64, requiresGrad: true)
        chain(x).backward()
        #expect(x.grad?.item() == 1)  // d sin(x)/dx = 1 at 0
      }
      onSmallStack {
        let before = MemoryStatistics.current.bytesInUse
        do {
          let abandoned = chain(Tensor(0.0, requiresGrad: true))
          #expect(abandoned.requiresGrad)
        }
        #expect(MemoryStatistics.current.bytesInUse == before)
      }
    }
  }

  @Test func aMillionNeighbors() {
    // One node with very many uses, and a sum with as many inputs, in place of a long chain.
    let x = Tensor(1.0, requiresGrad: true)
    let y = x * 2
    var layer = (0..<65_536).map { _ in y * 1 }
    while layer.count > 1 {
      layer = stride(from: 0, to: layer.count, by: 2).map { layer[$0] + layer[$0 + 1] }
    }
    layer[0].backward()
    #expect(x.grad?.item() == 131_072)
  }

  // MARK: - Leaks

  /// After every operation has been run, differentiated, differentiated twice and dropped without being
  /// differentiated, as many bytes are in use as before: no derivative keeps its own output alive.
  @Test func noOperationLeaks() async {
    await #expect(processExitsWith: .success) {
      func run(_ test: GradientCase, twice: Bool) {
        let leaves = test.inputs(.transposed).map { $0.requiresGrad_() }
        _ = test.outputs(leaves, .transposed)
        let outputs = test.outputs(leaves, .transposed)
        for output in outputs { output.backward(Tensor.ones(like: output), retainGraph: true) }
        guard twice else { return }
        let cotangents = outputs.map { Tensor.ones(like: $0) }
        let gradients = grad(outputs, leaves, gradients: cotangents, createGraph: true).compactMap { $0 }
        let tracked = gradients.filter(\.requiresGrad)
        if !tracked.isEmpty {
          _ = grad(tracked, leaves, gradients: tracked.map { Tensor.ones(like: $0) })
        }
      }
      let tests =
        GradientCase.twiceDifferentiable.map { ($0, true) } + GradientCase.recurrences.map { ($0, false) }
      for (test, twice) in tests {
        // The first run makes what is made once and kept, such as a table of the test itself.
        run(test, twice: twice)
        let before = MemoryStatistics.current.bytesInUse
        run(test, twice: twice)
        #expect(MemoryStatistics.current.bytesInUse == before, "\(test.name)")
      }
    }
  }

  @Test func hooksAndRetainedGradientsDoNotLeak() async {
    await #expect(processExitsWith: .success) {
      func run() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        let y = x.exp()
        y.retainGrad()
        y.registerHook { $0 * 2 }
        y.sum().backward()
      }
      run()
      let before = MemoryStatistics.current.bytesInUse
      run()
      #expect(MemoryStatistics.current.bytesInUse == before)
    }
  }

  @Test func tenThousandTrainingStepsTakeNoMemory() async {
    await #expect(processExitsWith: .success) {
      let generator = Generator(seed: 1)
      let model = Sequential(Linear(8, 16), Tanh(), Linear(16, 16), ReLU(), Linear(16, 3))
      let optimizer = Adam(model.parameters(), lr: 1e-3)
      let inputs = Tensor.randn(32, 8, generator: generator)
      let labels = Tensor.randint(0, 3, [32], generator: generator)
      var first: MemoryStatistics?
      var last: MemoryStatistics?
      for step in 1...10_000 {
        optimizer.zeroGrad()
        let loss = crossEntropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        if step == 100 { first = .current }
        if step == 10_000 { last = .current }
      }
      #expect(first != nil && last != nil)
      #expect(last?.bytesInUse == first?.bytesInUse)
      #expect(last?.systemRequests == first?.systemRequests)
      #expect(last?.bytesHeld == first?.bytesHeld)
    }
  }

  // MARK: - The drawn graph

  @Test func theGraphOfAnExpression() {
    let w = Tensor(2.0, requiresGrad: true)
    let b = Tensor([1.0, 2.0], requiresGrad: true)
    let y = (w * 3 + b).tanh()
    let graph = AutogradGraph(of: y, names: ["w": w])
    #expect(Set(graph.nodes.map(\.label)) == ["Tanh", "Add", "Mul", "w", "leaf (2,)"])
    #expect(graph.nodes.filter(\.isLeaf).count == 2)
    #expect(graph.edges.count == 4)
    func depth(_ label: String) -> Int? { graph.nodes.first { $0.label == label }?.depth }
    #expect(depth("w") == 0 && depth("Mul") == 1 && depth("Add") == 2 && depth("Tanh") == 3)
    for edge in graph.edges { #expect(graph.nodes[edge.from].depth < graph.nodes[edge.to].depth) }
    #expect(graph.dot.hasPrefix("digraph autograd {\n"))
    #expect(graph.dot.contains("[label=\"leaf (2,)\", shape=box"))
    #expect(AutogradGraph(of: w).nodes.map(\.label) == ["leaf"])
  }
}
