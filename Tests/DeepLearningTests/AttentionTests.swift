import Testing

@testable import DeepLearning
@testable import Tensors

/// Attention against PyTorch, against its formula, and against what it promises.
@Suite struct AttentionTests {
  /// (2, 3, 4) and (2, 4, 4)
  static let x = Tensor.arange(24).to(.float32).sin().reshape(2, 3, 4)
  static let y = Tensor.arange(32).to(.float32).cos().reshape(2, 4, 4)

  private func seeded<Result>(_ seed: UInt64, _ body: () -> Result) -> Result {
    Generator.$current.withValue(Generator(seed: seed), operation: body)
  }

  // MARK: - Scaled dot products

  /// Values of PyTorch. A query that may see nothing gets zeros.
  @Test func masksAndScales() {
    let mask = Tensor([[true, true, false, false], [false, false, false, false], [true, true, true, true]])
    expectClose(
      scaledDotProductAttention(Self.x, Self.y, Self.y, mask: mask, scale: 0.3).numbers,
      [
        0.0161565, 0.387613, 0.4026999, 0.0475463, 0, 0, 0, 0, 0.5628499, 0.3692296, -0.1638587, -0.546296,
        -0.6021646, -0.3461107, 0.2281558, 0.5926569, 0, 0, 0, 0, 0.0251391, 0.1049462, 0.0882662, -0.0095653,
      ])
    expectClose(
      scaledDotProductAttention(Self.x, Self.y, Self.y, isCausal: true).numbers,
      [
        1, 0.5403023, -0.4161468, -0.9899925, -0.2496946, 0.3463538, 0.623966, 0.3279068, 0.6249138,
        0.2222804,
        -0.3847166, -0.6380069, -0.9576595, -0.2751634, 0.6603167, 0.9887046, -0.1256912, -0.4412022,
        -0.3510739,
        0.0618301, 0.2761106, 0.3529354, 0.105273, -0.2391769,
      ])
  }

  @Test func dropoutDrawsPyTorchsMasks() {
    let q = Self.x.reshape(2, 1, 3, 4)
    expectClose(
      scaledDotProductAttention(q, q, q, dropoutP: 0.4, generator: Generator(seed: 5)).numbers,
      [
        0.1776601, -0.1067447, -0.2930089, -0.2098821, -0.9089945, -0.9228683, -0.0882612, 0.8274928, 0,
        0.2583041,
        0.2791246, 0.0433192, -0.388, 0.4479919, 0.8721021, 0.4944056, -0.0657411, -0.8166698, -0.816756,
        -0.0659205,
        0.8737402, 0.899938, 0.098737, -0.7932423,
      ])
  }

  /// Many matrices, which are divided among the cores, with heads that lie side by side; against the formula.
  @Test(arguments: [true, false])
  func isWhatItsFormulaSays(isCausal: Bool) {
    let generator = Generator(seed: 4)
    func heads(_ length: Int) -> (leaf: Tensor, view: Tensor) {
      let leaf = Tensor.randn([6, length, 96], dtype: .float64, generator: generator).requiresGrad_()
      return (leaf, split(leaf, 4))
    }
    let (q, k, v) = (heads(70), heads(50), heads(50))
    let mask = Tensor.randn([50], dtype: .float64, generator: generator) .> -1
    let output = scaledDotProductAttention(q.view, k.view, v.view, mask: mask, isCausal: isCausal)
    let weights = attentionWeights(q.view, k.view, mask: mask, isCausal: isCausal)
    let expected = weights.matmul(v.view)
    #expect(relativeError(output, expected) < 1e-12)
    #expect(output.strides == q.view.strides, "laid out like the queries")
    let cotangent = Tensor.randn([6, 4, 70, 24], dtype: .float64, generator: generator)
    let leaves = [q.leaf, k.leaf, v.leaf]
    let actual = grad([output], leaves, gradients: [cotangent], retainGraph: true)
    for (a, b) in zip(actual, grad([expected], leaves, gradients: [cotangent])) {
      #expect(relativeError(a!, b!) < 1e-12)
    }
  }

  @Test func nothingIsSeenAndNothingLearned() {
    let q = Tensor.randn(3, 4).requiresGrad_()
    let y = scaledDotProductAttention(q, q, q, mask: Tensor([false, false, false]))
    y.sum().backward()
    #expect(equal(y, .zeros(3, 4)) && equal(q.grad!, .zeros(3, 4)))
    #expect(equal(maskedSoftmax(q.detach(), mask: Tensor([false, false, false, false])), .zeros(3, 4)))
    #expect(
      scaledDotProductAttention(q, Tensor.zeros(0, 4), Tensor.zeros(0, 2)).numbers == [0, 0, 0, 0, 0, 0])
  }

  @Test func leadingDimensionsStretch() {
    let (q, k, v) = (Tensor.randn(2, 3, 5, 4), Tensor.randn(3, 6, 4).requiresGrad_(), Tensor.randn(6, 2))
    let y = scaledDotProductAttention(q, k, v)
    #expect(y.shape == [2, 3, 5, 2])
    #expect(y.allClose(attentionWeights(q, k).matmul(v), relative: 1e-5, absolute: 1e-6))
    y.sum().backward()
    #expect(k.grad!.shape == [3, 6, 4])
  }

  // MARK: - Multiple heads

  @Test func multiheadAttentionIsPyTorchs() {
    let attention = seeded(3) { MultiheadAttention(4, 2, batchFirst: true) }
    #expect(
      attention.namedParameters().map(\.name)
        == ["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"])
    expectClose(
      Array(attention.inProjWeight.numbers[..<6]),
      [0.1816424, -0.349349, 0.550284, -0.5975424, -0.390844, -0.3824693])
    expectClose(
      Array(attention.outProj.weight.numbers[..<4]), [-0.4957365, -0.3944306, -0.2141575, -0.4730452])
    #expect("\(attention)" == "MultiheadAttention(\n  (out_proj): \(attention.outProj)\n)")

    let padding = Tensor([[false, false, true, false], [false, false, false, true]])
    let hidden = Tensor([
      [false, true, false, false], [true, false, false, false], [false, false, false, false],
    ])
    let (output, weights) = attention(
      Self.x, Self.y, Self.y, keyPaddingMask: padding, attnMask: hidden)
    expectClose(
      output.numbers,
      [
        -0.1768737, -0.0640956, -0.0013061, -0.3947328, -0.2528125, -0.2743794, 0.0898798, -0.2607896,
        -0.1621165,
        -0.2635239, 0.0897225, -0.1064236, -0.2012493, -0.3499158, 0.1672759, 0.0579739, 0.0041824,
        -0.0088009,
        -0.0400372, -0.1314707, 0.0300998, -0.1053144, 0.0311861, 0.1334041,
      ])
    expectClose(
      weights!.numbers,
      [
        0.5052239, 0, 0, 0.4947762, 0, 0.3242679, 0, 0.6757321, 0.2581377, 0.4602542, 0, 0.2816082, 0.5545911,
        0,
        0.4454089, 0, 0, 0.4473637, 0.5526364, 0, 0.4890212, 0.2572724, 0.2537063, 0,
      ])
    let each = attention(Self.x, Self.y, Self.y, keyPaddingMask: padding, averageAttnWeights: false).weights!
    #expect(each.shape == [2, 2, 3, 4])
    expectClose(
      Array(each.numbers[..<12]),
      [
        0.2883432, 0.4124688, 0, 0.2991879, 0.3903194, 0.2252839, 0, 0.3843967, 0.2926347, 0.4196438, 0,
        0.2877216,
      ])
  }

  @Test func causalSelfAttentionIsPyTorchs() {
    let attention = seeded(3) { MultiheadAttention(4, 2, batchFirst: true) }
    let x = Self.x.clone().requiresGrad_()
    let (output, weights) = attention(x, x, x, needWeights: false, isCausal: true)
    #expect(weights == nil)
    expectClose(
      output.numbers,
      [
        -0.348509, -0.5284755, 0.2006572, -0.1506283, -0.0853842, -0.2086491, 0.0819836, 0.0638322, 0.0748049,
        -0.0325635, -0.0275138, 0.0622185, -0.2494655, -0.4902449, 0.2027925, 0.0761174, 0.0936476,
        -0.0252508,
        0.0003259, 0.1944443, 0.0482805, -0.0619072, 0.0030868, 0.0918233,
      ])
    (output * Tensor.arange(24).to(.float32).reshape(2, 3, 4)).sum().backward()
    expectClose(
      x.grad!.numbers,
      [
        -1.9876453, -5.1959624, -0.3426874, 0.6128953, -0.1159379, -5.0308685, 0.0069473, -0.7051992,
        1.0217807,
        -2.3018425, 1.0475385, -1.6923127, -2.9301925, -21.3099689, -5.1488681, 3.9741833, -0.423804,
        -17.0066452,
        -2.0669713, -2.3160095, 1.9565645, -5.7530169, 2.5753663, -5.700727,
      ], within: 1e-5)
    expectClose(
      Array(attention.inProjWeight.grad!.numbers[..<8]),
      [6.2873106, -0.9090765, -7.2696624, -6.9465547, 0.8479112, -0.9444656, -1.8685049, -1.0746496],
      within: 1e-5)
  }

  @Test func otherLayoutsArePyTorchs() {
    let attention = seeded(3) { MultiheadAttention(4, 2) }
    let (output, weights) = attention(Self.x, Self.x, Self.x)
    let expected = [
      -0.2971348, -0.5109153, 0.2059658, -0.0226288, 0.3223188, 0.3956018, -0.1334087, 0.3052259, -0.1130292,
      0.0042864,
      -0.0373532, -0.3714523, -0.2997758, -0.5115103, 0.2051234, -0.0306168, 0.324012, 0.3920619, -0.1325132,
      0.3100595,
      -0.1178274, 0.0065086, -0.0356125, -0.3749839,
    ]
    expectClose(output.numbers, expected)
    expectClose(attention(Self.x).numbers, expected)
    expectClose(
      weights!.numbers,
      [
        0.4489493, 0.5510507, 0.4816621, 0.518338, 0.4445325, 0.5554675, 0.4579134, 0.5420867, 0.481977,
        0.518023,
        0.4901773, 0.5098227,
      ])
    let one = Self.x[.all, 0]
    let (alone, own) = attention(one, one, one)
    #expect(alone.shape == [2, 4] && own!.shape == [2, 2])
    expectClose(alone.numbers, [0, 1].flatMap { t in Array(expected[12 * t..<12 * t + 4]) })
    // A mask of numbers is added.
    let x = Self.x.transpose(0, 1)
    let mask = Tensor.arange(9).to(.float32).reshape(3, 3) / 5
    let added = [
      -0.036108, 0.0225774, 0.0396261, 0.0345986, -0.1300721, -0.0038932, 0.0634985, -0.076305, -0.0614866,
      0.0321285,
      -0.0265184, -0.1974931, -0.0385749, -0.0439647, -0.0236862, -0.151016, 0.08602, 0.0080436, -0.0398653,
      0.0496535,
      0.0497691, -0.0329521, -0.0074615, 0.0638166,
    ]
    expectClose(attention(x, x, x, attnMask: mask).output.numbers, added)
    expectClose(attention(x, x, x, needWeights: false, attnMask: mask).output.numbers, added)
  }

  /// With and without weights, of itself and of others, in both layouts: the same output and the same gradients.
  @Test(arguments: [true, false], [true, false])
  func theWaysAgree(batchFirst: Bool, isSelf: Bool) {
    let attention = MultiheadAttention(8, 4, batchFirst: batchFirst)
    let x = Tensor.randn(batchFirst ? [3, 5, 8] : [5, 3, 8]).requiresGrad_()
    let memory = isSelf ? x : Tensor.randn(batchFirst ? [3, 7, 8] : [7, 3, 8]).requiresGrad_()
    let keys = isSelf ? 5 : 7
    let padding = Tensor.arange(keys) .>= Tensor([2, keys, 4]).unsqueeze(1)
    let mask = Tensor.randn(12, 5, keys)
    let cotangent = Tensor.randn(x.shape)
    let leaves = [x, memory] + attention.parameters()
    let results = [true, false].map { needWeights in
      let (output, _) = attention(
        x, memory, memory, keyPaddingMask: padding, needWeights: needWeights, attnMask: mask)
      return (output, grad([output], leaves, gradients: [cotangent]))
    }
    #expect(results[0].0.allClose(results[1].0, relative: 1e-5, absolute: 1e-6))
    for (a, b) in zip(results[0].1, results[1].1) {
      #expect(relativeError(a!, b!) < 1e-5)
    }
  }

  /// Without positions, exchanging places exchanges the results, and nothing else changes.
  @Test func placesAreNotTold() {
    let layer = TransformerEncoderLayer(8, 2, dimFeedforward: 16, batchFirst: true).eval()
    let x = Tensor.randn(2, 5, 8)
    let order = Tensor([3, 0, 4, 1, 2])
    let exchanged = x.indexSelect(1, order)
    #expect(layer(exchanged).allClose(layer(x).indexSelect(1, order), relative: 1e-4, absolute: 1e-5))
    let positions = PositionalEncoding(8, batchFirst: true)
    #expect(!layer(positions(exchanged)).allClose(layer(positions(x)).indexSelect(1, order)))
  }

  // MARK: - The encoder's layer

  @Test func encoderLayerIsPyTorchs() {
    let layer = seeded(3) {
      TransformerEncoderLayer(4, 2, dimFeedforward: 6, activation: .gelu, batchFirst: true, normFirst: true)
    }
    layer.eval()
    let padding = Tensor([[false, false, true], [false, false, false]])
    expectClose(
      layer(Self.x, srcKeyPaddingMask: padding).numbers,
      [
        -0.5972773, 0.2316494, 0.7043142, 0.4247009, -1.8651102, -2.1028116, -0.4080681, 0.7746691, 0.6585414,
        0.2627266, -0.8964655, -0.9488305, -1.1477005, -0.1790191, 0.535675, 0.6257476, -0.8595291,
        -1.5387566,
        -1.3882632, -0.0965438, 0.7964533, 0.7675438, -0.4586938, -0.7364225,
      ])
    // In training, masks are drawn in four places: of the weights, and after each of the others' steps. A layer of
    // dropout keeps the generator that it began with.
    let trained = seeded(3) {
      let layer = TransformerEncoderLayer(4, 2, dimFeedforward: 6, activation: .gelu, normFirst: true)
      manualSeed(5)
      return layer(Self.x)
    }
    expectClose(
      trained.numbers,
      [
        -1.5890608, -0.4646928, 1.3279656, 0.3507415, -0.2463896, -1.1199814, -1.6965027, 0.5437438,
        0.3573702, 0.3865291,
        -1.0485656, -1.9249543, -2.1986649, -1.0036865, 1.3532557, 0.8407572, 0.2450935, -0.9975915,
        -2.0498097,
        0.4634233, 0.2845142, 0.814499, -0.4382355, -1.6964431,
      ])
    let causal = seeded(3) { TransformerEncoderLayer(4, 2, dimFeedforward: 6, dropout: 0) }
    expectClose(
      causal(Self.x, isCausal: true).numbers,
      [
        -1.3474513, -0.0551875, 1.4751402, -0.0725017, -0.3563804, -0.7900128, -0.5651666, 1.7115599,
        1.0757834,
        0.8964242, -0.7689953, -1.2032123, -1.3642417, -0.5506158, 0.991327, 0.9235306, 0.4899582, -0.5635346,
        -1.2746307, 1.3482071, 0.7694792, 1.0645609, -0.3726309, -1.4614092,
      ])
    #expect(
      causal.namedParameters().map(\.name) == [
        "self_attn.in_proj_weight", "self_attn.in_proj_bias", "self_attn.out_proj.weight",
        "self_attn.out_proj.bias", "linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias",
        "norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias",
      ])
    #expect(
      "\(causal)".split(separator: "\n").map { String($0.prefix { $0 != "=" }) } == [
        "TransformerEncoderLayer(", "  (self_attn): MultiheadAttention(",
        "    (out_proj): Linear(in_features",
        "  )", "  (linear1): Linear(in_features", "  (dropout): Dropout(p", "  (linear2): Linear(in_features",
        "  (norm1): LayerNorm((4,), eps", "  (norm2): LayerNorm((4,), eps", "  (dropout1): Dropout(p",
        "  (dropout2): Dropout(p", ")",
      ])
  }

  // MARK: - Positions

  @Test func sinesAndCosines() {
    let table = sinusoidalPositions(50, 6, dtype: .float64)
    for p in [0, 1, 7, 49] {
      for i in 0..<3 {
        let angle =
          Tensor(Double(p), dtype: .float64) / Tensor(10_000.0, dtype: .float64).pow(Double(2 * i) / 6)
        #expect(abs(table[p, 2 * i].item() - angle.sin().item()) < 1e-12)
        #expect(abs(table[p, 2 * i + 1].item() - angle.cos().item()) < 1e-12)
      }
    }
    #expect(sinusoidalPositions(3, 5).shape == [3, 5])
    // The product of two places depends on their distance only.
    let products = table.matmul(table.T)
    #expect(abs(products[3, 8].item() - products[40, 45].item()) < 1e-12)
  }

  @Test func positionsAreAdded() {
    let table = sinusoidalPositions(9, 4)
    let first = PositionalEncoding(4, maxLength: 9, batchFirst: true)
    let x = Tensor.randn(2, 3, 4)
    #expect(equal(first(x), x + table[..<3]))
    #expect(equal(PositionalEncoding(4, maxLength: 9)(x), x + table[..<2].unsqueeze(1)))
    #expect(equal(first(x[0]), x[0] + table[..<3]))
    #expect(first.parameters().isEmpty && first.stateDict().isEmpty)
    let learned = LearnedPositions(4, maxLength: 9, batchFirst: true)
    learned(x).sum().backward()
    #expect(equal(learned.weight.grad!, cat([Tensor.full([3, 4], 2), Tensor.zeros(6, 4)])))
    #expect(learned.namedParameters().map(\.name) == ["weight"])
  }

  // MARK: - Scores

  static var scores: [(any AttentionScore, parameters: Int)] {
    [
      (DotScore(), 0), (ScaledDotScore(), 0), (GeneralScore(queries: 3, keys: 3), 9),
      (ReducedRankScore(queries: 3, keys: 3, rank: 2), 12),
      (AdditiveScore(queries: 3, keys: 3, hidden: 5), 35),
    ]
  }

  @Test func scoresAreWhatTheirFormulasSay() {
    let (s, h) = (Tensor.randn(2, 3), Tensor.randn(2, 4, 3))
    for (score, parameters) in Self.scores {
      #expect(score.parameterCount == parameters)
      let values = score.scores(s.unsqueeze(1), h)
      #expect(values.shape == [2, 1, 4])
      for (n, j) in [(0, 0), (1, 3)] {
        let (query, key) = (s[n], h[n, j])
        let expected: Tensor
        switch score {
        case let score as GeneralScore: expected = query.dot(score.weight.matmul(key))
        case let score as ReducedRankScore:
          expected = score.queryWeight.matmul(query).dot(score.keyWeight.matmul(key))
        case let score as AdditiveScore:
          let hidden = (score.keyWeight.matmul(key) + score.queryWeight.matmul(query)).tanh()
          expected = score.weight.dot(hidden)
        case is ScaledDotScore: expected = query.dot(key) / 3.0.squareRoot()
        default: expected = query.dot(key)
        }
        #expect(abs(values[n, 0, j].item() - expected.item()) < 1e-5)
      }
    }
  }

  @Test func contextsAreAverages() {
    let (s, h, values) = (Tensor.randn(2, 3), Tensor.randn(2, 4, 3), Tensor.randn(2, 4, 6))
    let mask = Tensor([[true, true, false, false], [true, true, true, true]])
    for (score, _) in Self.scores {
      let (context, weights) = score(s, h, values: values, mask: mask)
      #expect(context.shape == [2, 6] && weights.shape == [2, 4])
      #expect(weights.sum(dim: 1).allClose(.ones(2)))
      #expect(weights[0, 2].item() == 0 && weights[0, 3].item() == 0)
      #expect(context[1].allClose(weights[1].matmul(values[1]), relative: 1e-5, absolute: 1e-6))
      let (several, all) = score(stack([s, s * 2], dim: 1), h, mask: mask)
      #expect(several.shape == [2, 2, 3] && all.shape == [2, 2, 4])
      #expect(all[.all, 0].allClose(score(s, h, mask: mask).weights, relative: 1e-5, absolute: 1e-6))
    }
  }

  @Test func queriesAndKeysMayDiffer() {
    let (s, h) = (Tensor.randn(2, 5), Tensor.randn(2, 4, 3))
    let scores: [any AttentionScore] = [
      GeneralScore(queries: 5, keys: 3), ReducedRankScore(queries: 5, keys: 3, rank: 2),
      AdditiveScore(queries: 5, keys: 3, hidden: 7),
    ]
    #expect(scores.map(\.parameterCount) == [15, 16, 63])
    for score in scores {
      score(s, h).context.sum().backward()
      #expect(score.parameters().allSatisfy { $0.grad != nil })
    }
    #expect(
      scores.map { "\($0)" } == [
        "GeneralScore(queries=5, keys=3)", "ReducedRankScore(queries=5, keys=3, rank=2)",
        "AdditiveScore(queries=5, keys=3, hidden=7)",
      ])
  }
}
