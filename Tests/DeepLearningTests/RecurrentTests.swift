import Testing

@testable import DeepLearning
@testable import Tensors

/// Recurrent networks against PyTorch, against their formulas written with tensor operations, and against what they
/// promise. The gradients of single layers are checked in GradientTests, whole stacks in ParityTests.
@Suite struct RecurrentTests {
  /// Runs `body` with a default generator of its own, so that the order of the tests does not matter.
  static func seeded<Result>(_ seed: UInt64 = 3, _ body: () throws -> Result) rethrows -> Result {
    try Generator.$current.withValue(Generator(seed: seed)) { try body() }
  }

  // MARK: - Parameters

  @Test func namesAndShapesArePyTorchs() {
    let lstm = LSTM(3, 4, numLayers: 2, bidirectional: true)
    #expect(
      lstm.namedParameters().map(\.name) == [
        "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_ih_l0_reverse",
        "weight_hh_l0_reverse", "bias_ih_l0_reverse", "bias_hh_l0_reverse", "weight_ih_l1", "weight_hh_l1",
        "bias_ih_l1", "bias_hh_l1", "weight_ih_l1_reverse", "weight_hh_l1_reverse", "bias_ih_l1_reverse",
        "bias_hh_l1_reverse",
      ])
    #expect(lstm.weights[0].weightIH.shape == [16, 3] && lstm.weights[3].weightIH.shape == [16, 8])
    #expect(lstm.parameters().count == 16 && lstm.stateDict().names == lstm.namedParameters().map(\.name))
    let gru = Sequential(GRU(3, 4, bias: false))
    #expect(gru.namedParameters().map(\.name) == ["0.weight_ih_l0", "0.weight_hh_l0"])
    #expect(gru.parameters().map(\.shape) == [[12, 3], [12, 4]])
    #expect(LSTMCell(3, 4).namedParameters().map(\.name) == ["weight_ih", "weight_hh", "bias_ih", "bias_hh"])
    #expect(RNNCell(3, 4, bias: false).parameters().map(\.shape) == [[4, 3], [4, 4]])
    let bound = 1 / Float(4).squareRoot()
    #expect(lstm.parameters().allSatisfy { $0.toArray().allSatisfy { abs($0) <= bound } })
  }

  @Test func printsAsPyTorchDoes() {
    let lstm = LSTM(3, 4, numLayers: 2, batchFirst: true, dropout: 0.5, bidirectional: true)
    #expect("\(lstm)" == "LSTM(3, 4, num_layers=2, batch_first=True, dropout=0.5, bidirectional=True)")
    #expect("\(RNN(3, 4, nonlinearity: .relu, bias: false))" == "RNN(3, 4, bias=False)")
    #expect("\(GRU(3, 4))" == "GRU(3, 4)" && "\(LSTMCell(3, 4))" == "LSTMCell(3, 4)")
    #expect(
      "\(RNNCell(3, 4, bias: false, nonlinearity: .relu))"
        == "RNNCell(3, 4, bias=False, nonlinearity=relu)")
    #expect("\(GRUCell(3, 4, bias: false))" == "GRUCell(3, 4, bias=False)")
  }

  @Test func stateTravelsByName() throws {
    let (a, b) = (GRU(3, 4, numLayers: 2), GRU(3, 4, numLayers: 2))
    try b.loadStateDict(a.stateDict())
    let x = Tensor.randn(5, 2, 3)
    #expect(equal(a(x).output, b(x).output))
    #expect(throws: StateDictError.self) { try GRU(3, 5, numLayers: 2).loadStateDict(a.stateDict()) }
  }

  // MARK: - PyTorch's numbers

  /// torch.manual_seed(3); the masks between the layers are PyTorch's, too.
  @Test func stackedBidirectionalWithDropout() {
    Self.seeded {
      let gru = GRU(2, 3, numLayers: 2, dropout: 0.5, bidirectional: true)
      let x = Tensor.arange(8).to(.float32).reshape(4, 1, 2) / 4 - 1
      let (output, h) = gru(x)
      #expect(output.shape == [4, 1, 6] && h.shape == [4, 1, 3])
      expectClose(
        output.numbers,
        [
          0.24537337, 0.41481772, -0.18567926, 0.70802468, -0.04795226, -0.10606876, 0.32741427, -0.02879842,
          -0.36392173, 0.46590239, -0.10695395, -0.25385767, 0.27949506, 0.19475678, -0.47607076, 0.48328587,
          -0.0157326, -0.11544278, 0.26644504, -0.07581645, -0.40536138, 0.12415726, -0.05307113, -0.17910609,
        ])
      expectClose(
        h.numbers,
        [
          -0.10622388, -0.01001728, 0.45248842, -0.53585732, -0.8328535, 0.35268411, 0.26644504, -0.07581645,
          -0.40536138, 0.70802468, -0.04795226, -0.10606876,
        ])
      expectClose(
        gru(x).output[0].numbers,
        [-0.20995428, 0.61120856, -0.20434415, 0.67527771, 0.03977117, -0.19064781])
      gru.eval()
      #expect(equal(gru(x).output, gru(x).output))
    }
  }

  @Test func reluBatchFirst() {
    Self.seeded {
      let rnn = RNN(2, 3, nonlinearity: .relu, batchFirst: true)
      let (output, h) = rnn(Tensor.arange(8).to(.float32).reshape(4, 1, 2) / 4 - 1)
      #expect(output.shape == [4, 1, 3] && h.shape == [1, 4, 3])
      expectClose(
        output.numbers,
        [
          1.26818836, 0.7152248, 1.10365319, 0.75425011, 0.31846815, 0.83329773, 0.24031192, 0, 0.56294233, 0,
          0, 0.29258689,
        ])
    }
  }

  @Test func oneStepOfAnLSTM() {
    Self.seeded {
      let (h, c) = LSTMCell(2, 3)(Tensor([[-1.0, -0.75]]))
      expectClose(h.numbers, [0.10889766, 0.13099205, -0.07053211])
      expectClose(c.numbers, [0.41738772, 0.32230738, -0.11778362])
    }
  }

  /// Lengths 2, 4 and 3, with a first state; values and gradients of PyTorch.
  @Test func packedSequences() {
    Self.seeded {
      let lstm = LSTM(2, 2, numLayers: 2, bidirectional: true)
      let x = (Tensor.arange(24).to(.float32).reshape(4, 3, 2) / 12 - 1).requiresGrad_()
      let packed = packPaddedSequence(x, [2, 4, 3])
      #expect(packed.batchSizes == [3, 3, 2, 1])
      #expect(packed.sortedIndices == [1, 2, 0] && packed.unsortedIndices == [2, 0, 1])
      expectClose(
        packed.data.numbers,
        [-10, -9, -8, -7, -12, -11, -4, -3, -2, -1, -6, -5, 2, 3, 4, 5, 8, 9].map { $0 / 12 })
      let h0 = Tensor.arange(24).to(.float32).reshape(4, 3, 2) / 24
      let (output, (h, c)) = lstm(packed, (h0, -h0))
      let (y, lengths) = padPackedSequence(output, paddingValue: 9)
      #expect(lengths == [2, 4, 3] && y.shape == [4, 3, 4])
      expectClose(
        y.numbers,
        [
          0.0173429, -0.0412362, -0.0116481, -0.1915045, -0.0062085, -0.0667623, 0.0226794, -0.1933351,
          -0.0268361, -0.1039132, 0.0132339, -0.1961912, 0.1722573, 0.1757727, -0.1169328, -0.1493951,
          0.143097,
          0.1854856, 0.0202308, -0.1690194, 0.12736, 0.1814118, -0.0146708, -0.1703208, 9, 9, 9, 9, 0.2221498,
          0.2247776, -0.004213, -0.1558483, 0.231948, 0.2200849, -0.1551406, -0.1524867, 9, 9, 9, 9,
          0.2731466,
          0.2216396, -0.1298506, -0.1429176, 9, 9, 9, 9,
        ])
      expectClose(
        h.numbers,
        [
          -0.0416186, -0.2037633, 0.0349093, -0.0800716, 0.0365662, -0.108535, -0.0292965, -0.0179317,
          -0.0205261, -0.0007185, -0.0199307, -0.023426, 0.1722573, 0.1757727, 0.2731466, 0.2216396, 0.231948,
          0.2200849, -0.0116481, -0.1915045, 0.0226794, -0.1933351, 0.0132339, -0.1961912,
        ])
      expectClose(
        c.numbers,
        [
          -0.0974028, -0.4074988, 0.1519386, -0.2437263, 0.1317259, -0.2883276, -0.0651566, -0.0299798,
          -0.0428624, -0.0012598, -0.0401209, -0.0441025, 0.3906819, 0.2892071, 0.7893257, 0.3754523,
          0.5788924,
          0.3744602, -0.0312343, -0.3961219, 0.0570987, -0.3862787, 0.0338757, -0.3958072,
        ])
      (y * Tensor.arange(48).to(.float32).reshape(4, 3, 4)).sum().backward()
      expectClose(
        x.grad!.numbers,
        [
          0.320468, 0.45411, 0.799678, 1.049765, 1.151687, 1.380832, 0.353669, 0.607922, 0.608714, 1.042776,
          0.582909, 0.817593, 0, 0, 0.467667, 0.79832, -0.006295, 0.320713, 0, 0, -0.155231, 0.393318, 0, 0,
        ], within: 1e-5)
      expectClose(
        lstm.weights[1].weightHH.grad!.numbers,
        [
          0.05339, 0.06012, 0.14365, 0.15869, -0.26585, -0.29702, -0.18909, -0.2128, 0.67353, 0.75925,
          0.45519,
          0.49704, -0.10809, -0.12065, -0.16823, -0.1898,
        ], within: 2e-5)
    }
  }

  // MARK: - The formulas

  /// A step written with tensor operations: h, and c for an LSTM.
  static func step(_ kind: Recurrence, _ x: Tensor, _ state: [Tensor], _ w: RecurrentWeights) -> [Tensor] {
    let a = linear(x, w.weightIH, w.biasIH).chunk(kind.gateCount, dim: 1)
    let b = linear(state[0], w.weightHH, w.biasHH).chunk(kind.gateCount, dim: 1)
    switch kind {
    case .tanh: return [(a[0] + b[0]).tanh()]
    case .relu: return [(a[0] + b[0]).relu()]
    case .lstm:
      let (i, f, o) = ((a[0] + b[0]).sigmoid(), (a[1] + b[1]).sigmoid(), (a[3] + b[3]).sigmoid())
      let c = f * state[1] + i * (a[2] + b[2]).tanh()
      return [o * c.tanh(), c]
    case .gru:
      let (r, z) = ((a[0] + b[0]).sigmoid(), (a[1] + b[1]).sigmoid())
      return [(1 - z) * (a[2] + r * b[2]).tanh() + z * state[0]]
    }
  }

  /// Enough to be divided among the cores, with sequences of 9, 6 and 3 steps, against the formula step by step: outputs
  /// and all gradients, in both directions.
  @Test(arguments: [Recurrence.tanh, .relu, .lstm, .gru], [true, false])
  func isWhatItsFormulaSays(_ kind: Recurrence, isReversed: Bool) {
    let generator = Generator(seed: 8)
    func draw(_ shape: Int...) -> Tensor {
      (Tensor.randn(shape, dtype: .float64, generator: generator) * 0.2).requiresGrad_()
    }
    let batchSizes = [21, 21, 21, 13, 13, 13, 5, 5, 5]
    let (rows, features, n) = (batchSizes.reduce(0, +), 10, 100)
    #expect(rows * n * n > parallelProduct)
    let width = kind.gateCount * n
    let x = draw(rows, features)
    let state = (0..<kind.stateCount).map { _ in draw(21, n) }
    let weights = RecurrentWeights(
      weightIH: draw(width, features), weightHH: draw(width, n), biasIH: draw(width), biasHH: draw(width))
    let leaves = [x, weights.weightIH, weights.weightHH, weights.biasIH!, weights.biasHH!] + state
    let cotangents = ([rows] + state.map { _ in 21 }).map {
      Tensor.randn([$0, n], dtype: .float64, generator: generator)
    }

    let (output, last) = recurrent(
      kind, x, batchSizes: batchSizes, isReversed: isReversed, state: state, weights)
    var current = state
    var outputs: [Tensor] = []
    var steps = batchSizes.indices.map { (start: batchSizes[..<$0].reduce(0, +), count: batchSizes[$0]) }
    if isReversed { steps.reverse() }
    for (start, count) in steps {
      let next = Self.step(kind, x.narrow(0, start, count), current.map { $0[..<count] }, weights)
      current = zip(next, current).map { cat([$0, $1[count...]]) }
      outputs.append(next[0])
    }
    let expected = cat(isReversed ? outputs.reversed() : outputs)
    for (a, b) in zip([output] + last, [expected] + current) { #expect(relativeError(a, b) < 1e-12) }
    let gradients = [[output] + last, [expected] + current].map { grad($0, leaves, gradients: cotangents) }
    for (a, b) in zip(gradients[0], gradients[1]) { #expect(relativeError(a!, b!) < 1e-12) }
  }

  @Test func cellsAreTheModulesSteps() throws {
    let x = Tensor.randn(4, 2, 3)
    func copied(_ state: StateDict) -> StateDict {
      var cell = StateDict()
      for (name, tensor) in state { cell[String(name.dropLast("_l0".count))] = tensor }
      return cell
    }
    let rnn = RNN(3, 5)
    let cell = RNNCell(3, 5)
    try cell.loadStateDict(copied(rnn.stateDict()))
    let gru = GRU(3, 5)
    let gruCell = GRUCell(3, 5)
    try gruCell.loadStateDict(copied(gru.stateDict()))
    let lstm = LSTM(3, 5)
    let lstmCell = LSTMCell(3, 5)
    try lstmCell.loadStateDict(copied(lstm.stateDict()))
    var (h, g, state) = (cell(x[0]), gruCell(x[0]), lstmCell(x[0]))
    for t in 1..<4 {
      h = cell(x[t], h)
      g = gruCell(x[t], g)
      state = lstmCell(x[t], state)
    }
    #expect(h.allClose(rnn(x).hidden[0]) && g.allClose(gru(x).hidden[0]))
    let (output, (last, c)) = lstm(x)
    #expect(state.h.allClose(last[0]) && state.c.allClose(c[0]) && output[3].allClose(last[0]))
    #expect(lstmCell(x[0, 1]).h.allClose(lstmCell(x[0]).h[1]), "without a batch")
    #expect(gruCell(x[0, 1], g[1]).allClose(gruCell(x[0], g)[1]))
  }

  // MARK: - Shapes

  /// Input 10, hidden 20, two layers, length 5, without a batch.
  @Test func sizes() {
    let rnn = RNN(10, 20, numLayers: 2)
    #expect(
      rnn.parameters().map(\.shape)
        == [[20, 10], [20, 20], [20], [20], [20, 20], [20, 20], [20], [20]])
    let (output, h) = rnn(Tensor.randn(5, 10))
    #expect(output.shape == [5, 20] && h.shape == [2, 20])
    #expect(output[4].allClose(h[1]))
  }

  @Test func withoutABatchIsABatchOfOne() {
    let lstm = LSTM(3, 4, numLayers: 2, bidirectional: true)
    let x = Tensor.randn(5, 3)
    let state = (h: Tensor.randn(4, 4), c: Tensor.randn(4, 4))
    let (output, (h, c)) = lstm(x, state)
    let (output1, (h1, c1)) = lstm(x.unsqueeze(1), (state.h.unsqueeze(1), state.c.unsqueeze(1)))
    #expect(output.shape == [5, 8] && h.shape == [4, 4])
    #expect(equal(output, output1.squeeze(1)) && equal(h, h1.squeeze(1)) && equal(c, c1.squeeze(1)))
  }

  @Test func batchFirstOnlyTurnsTheInputAround() throws {
    let (first, second) = (GRU(3, 4, bidirectional: true), GRU(3, 4, batchFirst: true, bidirectional: true))
    try second.loadStateDict(first.stateDict())
    let x = Tensor.randn(5, 2, 3)
    let h0 = Tensor.randn(2, 2, 4)
    let (output, h) = first(x, h0)
    let (output2, h2) = second(x.transpose(0, 1), h0)
    #expect(output2.shape == [2, 5, 8] && equal(output2, output.transpose(0, 1)) && equal(h, h2))
    #expect(second(x[.all, 0]).output.shape == [5, 8], "without a batch nothing is turned around")
  }

  @Test func worksInASequential() {
    let model = Sequential(Embedding(7, 3), LSTM(3, 4, batchFirst: true), Linear(4, 2))
    let x = Tensor([[1, 2, 3], [4, 5, 6]])
    #expect(model(x).shape == [2, 3, 2])
    let rows = summary(of: model, input: [2, 3], dtype: .int64).rows
    #expect(rows[2].outputShape == [2, 3, 4] && rows[2].parameterCount == 4 * 4 * (3 + 4 + 2))
    var seen: [[Int]] = []
    let gru = GRU(3, 4)
    gru.registerForwardHook { _, x, y in seen += [x.shape, y.shape] }
    _ = gru(Tensor.zeros(5, 2, 3), nil)
    #expect(seen == [[5, 2, 3], [5, 2, 4]])
  }

  // MARK: - Time

  /// Cut in two, with the state handed on, a sequence gives what it gives whole. Detached, the state carries no gradient
  /// from the second half into the first.
  @Test func truncatedBackpropagation() {
    let lstm = LSTM(3, 4, numLayers: 2)
    let x = Tensor.randn(6, 2, 3)
    let (early, late) = (x[..<3].clone().requiresGrad_(), x[3...].clone().requiresGrad_())
    let whole = lstm(x).output
    let (first, state) = lstm(early)
    let second = lstm(late, (state.h.detach(), state.c.detach())).output
    #expect(cat([first, second]).allClose(whole, relative: 1e-5, absolute: 1e-6))
    second.sum().backward()
    #expect(early.grad == nil && late.grad != nil)
    lstm(late, state).output.sum().backward()
    #expect(early.grad!.abs().amax().item() > 0)
  }

  @Test func gradientsAccumulateOverTwoPasses() {
    let rnn = RNN(3, 4)
    let x = Tensor.randn(6, 2, 3)
    let loss = rnn(x).output.square().sum()
    loss.backward(retainGraph: true)
    let once = rnn.weights[0].weightHH.grad!.clone()
    loss.backward()
    #expect(rnn.weights[0].weightHH.grad!.allClose(once * 2))
  }

  // MARK: - Different lengths

  /// A packed batch gives each sequence what it gets alone, in both directions and all layers.
  @Test(arguments: [true, false])
  func packedIsEachAlone(batchFirst: Bool) {
    let lengths = [3, 1, 5, 5, 2]
    let x = Tensor.randn(batchFirst ? [5, 6, 3] : [6, 5, 3])
    let lstm = LSTM(3, 4, numLayers: 2, batchFirst: batchFirst, bidirectional: true)
    let gru = GRU(3, 4, batchFirst: batchFirst, bidirectional: true)
    let h0 = Tensor.randn(2, 5, 4)
    let packed = packPaddedSequence(x, Tensor(lengths), batchFirst: batchFirst)
    #expect(packed.lengths == lengths && packed.count == 5)
    let (packedOutput, (h, c)) = lstm(packed)
    let (packedGRU, hGRU) = gru(packed, h0)
    let output = padPackedSequence(packedOutput, batchFirst: batchFirst, totalLength: 6).output
    let outputGRU = padPackedSequence(packedGRU, batchFirst: batchFirst).output
    #expect(output.shape == (batchFirst ? [5, 6, 8] : [6, 5, 8]))
    #expect(outputGRU.shape == (batchFirst ? [5, 5, 8] : [5, 5, 8]))
    for (i, length) in lengths.enumerated() {
      let own = (batchFirst ? x[i] : x[.all, i])[..<length]
      let (alone, state) = lstm(own)
      let rows = batchFirst ? output[i] : output[.all, i]
      #expect(rows[..<length].allClose(alone, relative: 1e-5, absolute: 1e-6))
      #expect(equal(rows[length...], .zeros(6 - length, 8)))
      #expect(h[.all, i].allClose(state.h, relative: 1e-5, absolute: 1e-6))
      #expect(c[.all, i].allClose(state.c, relative: 1e-5, absolute: 1e-6))
      let (aloneGRU, last) = gru(own, h0[.all, i])
      let rowsGRU = batchFirst ? outputGRU[i] : outputGRU[.all, i]
      #expect(rowsGRU[..<length].allClose(aloneGRU, relative: 1e-5, absolute: 1e-6))
      #expect(hGRU[.all, i].allClose(last, relative: 1e-5, absolute: 1e-6))
    }
  }

  @Test func packingThereAndBack() {
    let x = Tensor.randn(3, 4, 2).requiresGrad_()
    let packed = packPaddedSequence(x, [2, 4, 1], batchFirst: true)
    #expect(packed.data.shape == [7, 2])
    let (y, lengths) = padPackedSequence(packed, batchFirst: true)
    #expect(lengths == [2, 4, 1])
    let mask = Tensor([
      [true, true, false, false], [true, true, true, true], [true, false, false, false],
    ]).unsqueeze(2)
    #expect(equal(y, x.maskedFill(.!mask, 0)))
    y.sum().backward()
    #expect(equal(x.grad!, mask.to(.float32).expand(3, 4, 2)))
  }
}
