import DeepLearning
import Timing

// One step of a decoder that attends to 20 states of an encoder, for 32 sequences: additive scores, the context beside
// the input, and a GRU; forward and backward.
manualSeed(0)
let score = AdditiveScore(queries: 128, keys: 128, hidden: 128)
let cell = GRUCell(256, 128)
let states = Tensor.randn(32, 20, 128).requiresGrad_()
let (input, before) = (Tensor.randn(32, 128), Tensor.randn(32, 128).requiresGrad_())
let leaves = score.parameters() + cell.parameters() + [states, before]
time("decoder step, additive attention", runs: 200) {
  for tensor in leaves { tensor.grad = nil }
  let (context, _) = score(before, states)
  cell(cat([input, context], dim: 1), before).mean().backward()
}

// Self-attention of 16 sequences of length 128, 128 features in 4 heads; forward and backward.
let x = Tensor.randn(16, 128, 128).requiresGrad_()
let attention = MultiheadAttention(128, 4, batchFirst: true)
let inputs = attention.parameters() + [x]
time("multi-head self-attention", runs: 40) {
  for tensor in inputs { tensor.grad = nil }
  attention(x, x, x, needWeights: false).output.mean().backward()
}

// An encoder of four such layers; forward, backward and a step of AdamW.
let encoder = Sequential(
  (0..<4).map { _ in TransformerEncoderLayer(128, 4, dimFeedforward: 512, dropout: 0, batchFirst: true) })
let optimizer = AdamW(encoder.parameters())
time("encoder of four layers, AdamW", runs: 10) {
  optimizer.zeroGrad()
  encoder(x.detach()).square().mean().backward()
  optimizer.step()
}
