import DeepLearning

// The most memory that tensors take during a step of training, against the least that the same products could be computed
// with.

/// A part of a network: what its derivative must read, its parameters, and its result, in numbers.
struct Stage {
  /// Values that are kept from forward to backward, beside the parameters.
  let kept: Int
  let parameters: Int
  let output: Int
}

/// What must be there at the worst moment: the input, all parameters and what the optimizer keeps; and while the gradient goes
/// back through a stage, what it and those before it have kept, the gradients of the parameters from it on, and the
/// gradients for its result and for its input.
func minimalBytes(input: Int, _ stages: [Stage], optimizerState: Int) -> Int {
  let fixed = input + stages.reduce(0) { $0 + $1.parameters } * (1 + optimizerState)
  let moments = stages.indices.map { i in
    let kept = stages[...i].reduce(0) { $0 + $1.kept }
    let gradients = stages[i...].reduce(0) { $0 + $1.parameters }
    return kept + gradients + stages[i].output + (i > 0 ? stages[i - 1].output : 0)
  }
  return 4 * (fixed + moments.max()!)
}

/// Prints the peak of a step in steady state, its minimum and their ratio.
func report(_ name: String, minimum: Int, _ step: () -> Void) {
  for _ in 0..<3 { step() }
  let others = MemoryStatistics.current.bytesInUse
  MemoryStatistics.resetPeak()
  step()
  let peak = MemoryStatistics.current.peakBytesInUse
  func megabytes(_ bytes: Int) -> Double { (Double(bytes) / 1e4).rounded() / 100 }
  let ratio = (Double(peak) / Double(minimum) * 100).rounded() / 100
  print(
    "\(name)\t\(megabytes(peak)) MB\t\(megabytes(minimum)) MB\t\(ratio)\t(between steps \(megabytes(others)) MB)"
  )
}

manualSeed(0)
func train(_ model: Module, _ optimizer: Optimizer, _ x: Tensor, _ labels: Tensor) {
  optimizer.zeroGrad()
  crossEntropy(model(x), labels).backward()
  optimizer.step()
}

// A linear layer keeps its input. ReLU keeps its result, which is the next layer's input, and needs no more.
for batch in [64, 1024] {
  let sizes = [784, 512, 512, 10]
  let model = Sequential(Linear(784, 512), ReLU(), Linear(512, 512), ReLU(), Linear(512, 10))
  let optimizer = SGD(model.parameters(), lr: 1e-3)
  let stages = (0..<3).map { i in
    Stage(
      kept: i == 0 ? 0 : batch * sizes[i], parameters: (sizes[i] + 1) * sizes[i + 1],
      output: batch * sizes[i + 1])
  }
  let (x, labels) = (Tensor.rand(batch, 784), Tensor.randint(0, 10, [batch]))
  report(
    "mlp 784-512-512-10, batch \(batch)", minimum: minimalBytes(input: x.count, stages, optimizerState: 0)
  ) { train(model, optimizer, x, labels) }
}

// A convolution keeps its input, ReLU its result, pooling the places of the maxima.
do {
  let batch = 64
  let model = Sequential(
    Conv2d(3, 6, 5), ReLU(), MaxPool2d(2), Conv2d(6, 16, 5), ReLU(), MaxPool2d(2), Flatten(),
    Linear(400, 120),
    ReLU(), Linear(120, 84), ReLU(), Linear(84, 10))
  let optimizer = SGD(model.parameters(), lr: 1e-3, momentum: 0.9)
  let (first, second) = (6 * 28 * 28, 16 * 10 * 10)
  let stages = [
    Stage(kept: batch * first, parameters: 456, output: batch * first),
    Stage(kept: batch * first / 4, parameters: 0, output: batch * first / 4),
    Stage(kept: batch * (first / 4 + second), parameters: 2416, output: batch * second),
    Stage(kept: batch * second / 4, parameters: 0, output: batch * second / 4),
    Stage(kept: batch * second / 4, parameters: 401 * 120, output: batch * 120),
    Stage(kept: batch * 120, parameters: 121 * 84, output: batch * 84),
    Stage(kept: batch * 84, parameters: 850, output: batch * 10),
  ]
  let (x, labels) = (Tensor.rand(batch, 3, 32, 32), Tensor.randint(0, 10, [batch]))
  report("LeNet, 3×32×32, batch 64", minimum: minimalBytes(input: x.count, stages, optimizerState: 1)) {
    train(model, optimizer, x, labels)
  }
}

// A layer of LSTM keeps its input, and for every step the four gates, the cell and the state; the gradients of all gates are
// there at once, so that the weights' is one product.
do {
  let (batch, steps, width) = (64, 32, 128)
  let model = LSTM(width, width, batchFirst: true)
  let optimizer = Adam(model.parameters())
  let x = Tensor.randn(batch, steps, width)
  let stage = Stage(
    kept: batch * steps * (6 + 4) * width, parameters: 8 * width * (width + 1), output: batch * steps * width)
  report("LSTM, 64 × 32 × 128, Adam", minimum: minimalBytes(input: x.count, [stage], optimizerState: 2)) {
    optimizer.zeroGrad()
    model(x).output.square().mean().backward()
    optimizer.step()
  }
}

// A layer of the encoder keeps its input, queries, keys and values, what attention gives, both normalized sums, the
// hidden units of the feed-forward part, and of the scores one number a row: the rest can be computed again.
do {
  let (batch, length, d, hidden, heads) = (16, 128, 128, 512, 4)
  let tokens = batch * length
  let model = Sequential(
    (0..<4).map { _ in TransformerEncoderLayer(d, heads, dimFeedforward: hidden, dropout: 0, batchFirst: true)
    })
  let optimizer = AdamW(model.parameters())
  let x = Tensor.randn(batch, length, d)
  let count = model.parameters().reduce(0) { $0 + $1.count } / 4
  let stage = Stage(
    kept: tokens * (d + 3 * d + d + 2 * d + hidden + heads), parameters: count, output: tokens * d)
  report(
    "encoder of four layers, AdamW",
    minimum: minimalBytes(input: 0, Array(repeating: stage, count: 4), optimizerState: 2)
  ) {
    optimizer.zeroGrad()
    model(x).square().mean().backward()
    optimizer.step()
  }
}
