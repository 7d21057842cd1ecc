import DeepLearning
import Timing

// A translator of chapter 10: a GRU reads 32 sources of 20 tokens, another writes 20 with additive attention to the states
// of the first, the right tokens at hand. Forward, backward, clipping and a step of Adam.
manualSeed(0)
let (batch, length, tokens, units) = (32, 20, 60, 128)
let sourceTable = Embedding(tokens, 64)
let targetTable = Embedding(tokens, 64)
let encoder = GRU(64, units)
let cell = GRUCell(64 + units, units)
let score = AdditiveScore(queries: units, keys: units, hidden: units)
let head = Linear(2 * units, tokens)
let parts: [Module] = [sourceTable, targetTable, encoder, cell, score, head]
let parameters = parts.flatMap { $0.parameters() }
let optimizer = Adam(parameters)
let source = Tensor.randint(0, tokens, [length, batch])
let target = Tensor.randint(0, tokens, [length, batch])

time("seq2seq, additive attention", runs: 10) {
  optimizer.zeroGrad()
  let (output, hidden) = encoder(sourceTable(source))
  let states = output.transpose(0, 1)
  var s = hidden[0]
  let inputs = targetTable(target)
  var steps: [Tensor] = []
  for t in 0..<length {
    let (context, _) = score(s, states)
    s = cell(cat([inputs[t], context], dim: 1), s)
    steps.append(cat([s, context], dim: 1))
  }
  crossEntropy(head(cat(steps)), target.flatten()).backward()
  clipGradNorm_(parameters, maxNorm: 1)
  optimizer.step()
}
