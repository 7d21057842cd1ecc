import Testing

@testable import Networks
@testable import DeepLearning
@testable import Tensors

/// Every operation against the values and gradients that PyTorch computed (Fixtures/ops.json, written by
/// make_reference.py), in both precisions.
@Suite struct ParityTests {
  typealias Call = @Sendable ([Tensor], [String: Attribute]) -> [Tensor]

  /// How each operation of the fixture is spelled here. An operation that is not named is not built yet.
  static let calls: [String: Call] = [
    "exp": { x, _ in [x[0].exp()] },
    "tanh": { x, _ in [x[0].tanh()] },
    "sigmoid": { x, _ in [x[0].sigmoid()] },
    "relu": { x, _ in [x[0].relu()] },
    "sin": { x, _ in [x[0].sin()] },
    "cos": { x, _ in [x[0].cos()] },
    "abs": { x, _ in [x[0].abs()] },
    "neg": { x, _ in [-x[0]] },
    "square": { x, _ in [x[0].square()] },
    "elu": { x, _ in [x[0].elu()] },
    "gelu": { x, _ in [x[0].gelu()] },
    "silu": { x, _ in [x[0].silu()] },
    "softplus": { x, _ in [x[0].softplus()] },
    "leaky_relu": { x, _ in [x[0].leakyReLU()] },
    "log": { x, _ in [x[0].log()] },
    "sqrt": { x, _ in [x[0].sqrt()] },
    "rsqrt": { x, _ in [x[0].rsqrt()] },
    "reciprocal": { x, _ in [x[0].reciprocal()] },
    "pow": { x, a in [x[0] ** a["exponent"]!.number] },
    "clamp": { x, a in [x[0].clamp(min: a["min"]!.number, max: a["max"]!.number)] },
    "add": { x, _ in [x[0] + x[1]] },
    "sub": { x, _ in [x[0] - x[1]] },
    "mul": { x, _ in [x[0] * x[1]] },
    "div": { x, _ in [x[0] / x[1]] },
    "maximum": { x, _ in [maximum(x[0], x[1])] },
    "minimum": { x, _ in [minimum(x[0], x[1])] },
    "where": { x, _ in [`where`(x[0] .> x[1], x[0] * 2, x[1])] },
    "sum": { x, a in [x[0].sum(dim: a["dim"]!.int, keepDim: a["keepdim"]?.bool ?? false)] },
    "mean": { x, a in [x[0].mean(dim: a["dim"]!.int, keepDim: a["keepdim"]?.bool ?? false)] },
    "amax": { x, a in [x[0].amax(dim: a["dim"]!.int, keepDim: a["keepdim"]?.bool ?? false)] },
    "prod": { x, a in [x[0].prod(dim: a["dim"]!.int, keepDim: a["keepdim"]?.bool ?? false)] },
    "logsumexp": { x, a in [x[0].logSumExp(dim: a["dim"]!.int, keepDim: a["keepdim"]?.bool ?? false)] },
    "var": { x, a in [x[0].variance(dim: a["dim"]!.int, unbiased: a["unbiased"]!.bool)] },
    "norm": { x, a in [x[0].norm(dim: a["dim"]!.int)] },
    "cumsum": { x, a in [x[0].cumsum(a["dim"]!.int)] },
    "matmul": { x, _ in [x[0].matmul(x[1])] },
    "matmul_t": { x, _ in [x[0].transpose(-1, -2).matmul(x[1])] },
    "linear": { x, _ in [linear(x[0], x[1], x[2])] },
    "einsum": { x, a in [einsum(a["equation"]!.text, x[0], x[1])] },
    "transpose": { x, _ in [x[0].transpose(0, 1) * x[1]] },
    "permute": { x, a in [x[0].permute(a["dims"]!.ints)] },
    "reshape": { x, a in [x[0].reshape(a["shape"]!.ints)] },
    "slice": { x, _ in [x[0][1..., .slice(by: 2)]] },
    "cat": { x, a in [cat(x, dim: a["dim"]!.int)] },
    "stack": { x, a in [stack(x, dim: a["dim"]!.int)] },
    "index_select": { x, a in [x[0].indexSelect(a["dim"]!.int, x[1])] },
    "gather": { x, a in [x[0].gather(a["dim"]!.int, x[1])] },
    "expand": { x, a in [x[0].expand(a["shape"]!.ints)] },
    "flip": { x, a in [x[0].flip(a["dims"]!.ints)] },
    "pad": { x, a in [x[0].pad(a["pad"]!.ints)] },
    "masked_fill": { x, a in [x[0].maskedFill(x[1] .> 0, a["value"]!.number).softmax(dim: -1)] },
    "softmax": { x, a in [x[0].softmax(dim: a["dim"]!.int)] },
    "log_softmax": { x, a in [x[0].logSoftmax(dim: a["dim"]?.int ?? 1)] },
    "cross_entropy": { x, a in
      [
        crossEntropy(
          x[0], x[1], reduction: reduction(a), ignoreIndex: a["ignore_index"]?.int ?? -100,
          labelSmoothing: a["label_smoothing"]?.number ?? 0)
      ]
    },
    "mse_loss": { x, a in [mseLoss(x[0], x[1], reduction: reduction(a))] },
    "binary_cross_entropy_with_logits": { x, a in
      [binaryCrossEntropyWithLogits(x[0], x[1], reduction: reduction(a))]
    },
    "binary_cross_entropy": { x, _ in [binaryCrossEntropy(x[0], x[1])] },
    "nll_loss": { x, _ in [nllLoss(x[0].logSoftmax(dim: 1), x[1])] },
    "l1_loss": { x, _ in [l1Loss(x[0], x[1])] },
    "huber_loss": { x, _ in [huberLoss(x[0], x[1])] },
    "kl_div": { x, _ in [klDivergence(x[0].logSoftmax(dim: 1), x[1].softmax(dim: 1), reduction: .batchMean)]
    },
    "embedding": { x, _ in [embedding(x[0], x[1])] },
    "batch_norm": { x, a in
      let running = ["running_mean", "running_var"].map {
        a[$0].map { Tensor($0.numbers, dtype: x[0].dtype) }
      }
      return [
        batchNorm(
          x[0], running[0], running[1], weight: x[1], bias: x[2], training: a["training"]!.bool,
          eps: a["eps"]!.number)
      ]
    },
    "layer_norm": { x, a in
      [layerNorm(x[0], a["normalized_shape"]!.ints, weight: x[1], bias: x[2], eps: a["eps"]!.number)]
    },
    "group_norm": { x, a in
      [groupNorm(x[0], a["groups"]!.int, weight: x[1], bias: x[2], eps: a["eps"]!.number)]
    },
    "conv2d": { x, a in
      [
        conv2d(
          x[0], x[1], x[2], stride: a["stride"]!.int, padding: a["padding"]!.int,
          dilation: a["dilation"]!.int,
          groups: a["groups"]!.int)
      ]
    },
    "conv1d": { x, a in
      [conv1d(x[0], x[1], x[2], stride: a["stride"]!.int, padding: a["padding"]!.int)]
    },
    "conv_transpose2d": { x, a in
      [convTranspose2d(x[0], x[1], x[2], stride: a["stride"]!.int, padding: a["padding"]!.int)]
    },
    "max_pool2d": { x, a in
      [maxPool2d(x[0], a["kernel"]!.int, stride: a["stride"]!.int, padding: a["padding"]!.int)]
    },
    "avg_pool2d": { x, a in
      [avgPool2d(x[0], a["kernel"]!.int, stride: a["stride"]!.int, padding: a["padding"]!.int)]
    },
    "interpolate": { x, a in [interpolate(x[0], scaleFactor: a["scale"]!.number)] },
    "scaled_dot_product_attention": { x, a in
      [scaledDotProductAttention(x[0], x[1], x[2], isCausal: a["is_causal"]?.bool ?? false)]
    },
    "MultiheadAttention": { x, a in
      let heads = selfAttention(linear(x[0], x[1], x[2]), heads: a["num_heads"]!.int)
      return [linear(heads, x[3], x[4])]
    },
    "TransformerEncoderLayer": { x, a in [encoderLayer(x, a)] },
    "RNN": { x, a in recurrent(.tanh, x, a) },
    "LSTM": { x, a in recurrent(.lstm, x, a) },
    "GRU": { x, a in recurrent(.gru, x, a) },
  ]

  static func reduction(_ attributes: [String: Attribute]) -> Reduction {
    switch attributes["reduction"]?.text {
    case "sum": .sum
    case "none": Reduction.none
    default: .mean
    }
  }

  /// Input (length, batch, features), then four parameters for each layer and direction.
  static func recurrent(
    _ kind: Recurrence, _ x: [Tensor], _ attributes: [String: Attribute]
  ) -> [Tensor] {
    let weights = stride(from: 1, to: x.count, by: 4).map {
      RecurrentWeights(weightIH: x[$0], weightHH: x[$0 + 1], biasIH: x[$0 + 2], biasHH: x[$0 + 3])
    }
    let (length, batch) = (x[0].shape[0], x[0].shape[1])
    let (output, state) = stackedRecurrence(
      kind, x[0].reshape(length * batch, -1), batchSizes: Array(repeating: batch, count: length), state: nil,
      weights, isBidirectional: attributes["bidirectional"]!.bool)
    return [output.reshape(length, batch, -1)] + state
  }

  /// Written with operations, for the type of the fixture. That the module does the same, AttentionTests show.
  static func encoderLayer(_ x: [Tensor], _ attributes: [String: Attribute]) -> Tensor {
    func attended(_ y: Tensor) -> Tensor {
      linear(selfAttention(linear(y, x[1], x[2]), heads: attributes["nhead"]!.int), x[3], x[4])
    }
    func fedForward(_ y: Tensor) -> Tensor { linear(linear(y, x[5], x[6]).relu(), x[7], x[8]) }
    func norm(_ y: Tensor, _ i: Int) -> Tensor { layerNorm(y, [8], weight: x[i], bias: x[i + 1]) }
    if attributes["norm_first"]!.bool {
      let y = x[0] + attended(norm(x[0], 9))
      return y + fedForward(norm(y, 11))
    }
    let y = norm(x[0] + attended(x[0]), 9)
    return norm(y + fedForward(y), 11)
  }

  static let cases: [OperationCase] = (try? Fixture.decode("ops")) ?? []

  @Test func everyOperationIsKnown() {
    #expect(Self.cases.count == 142)
    for test in Self.cases {
      #expect(
        Self.calls[test.op] != nil, "\(test.op) is not built")
    }
  }

  @Test(arguments: cases)
  func valuesAndGradients(_ test: OperationCase) throws {
    let call = try #require(Self.calls[test.op])
    for (type, tolerance) in [(DType.float64, 1e-10), (.float32, 1e-5)] {
      // Logits of ±1000 carry four digits less after the point; their own size is the yardstick.
      let inputs = test.inputs.map { packed in
        let tensor = packed.tensor(type)
        return tensor.dtype.isFloatingPoint ? tensor.requiresGrad_() : tensor
      }
      let outputs = call(inputs, test.attrs)
      for (output, expected) in zip(outputs, test.outputs) {
        #expect(relativeError(output.detach(), expected.tensor()) < tolerance, "\(test.name), value, \(type)")
      }
      let total = zip(outputs, test.cotangent).map { ($0 * $1.tensor(type)).sum() }.reduce(
        Tensor(0.0, dtype: type)
      ) { $0 + $1 }
      total.backward()
      for (i, expected) in test.grads.enumerated() {
        guard let expected else { continue }
        let gradient = inputs[i].grad ?? Tensor.zeros(inputs[i].shape, dtype: type)
        #expect(
          relativeError(gradient, expected.tensor()) < tolerance, "\(test.name), gradient \(i), \(type)")
      }
    }
  }
}
