/*:
 # Chapter 9: Sequence to sequence

 In chapter 8 a recurrent network answered once for a whole sequence, or once at every step. But a translation has not as many
 words as its original, and they stand in another order. This chapter puts two networks together: one reads, the other writes.
 */

import DeepLearning
import Foundation

let notebook = Notebook("chapter9-sequence-to-sequence", title: "Chapter 9: Sequence to sequence")

/*:
 ## 9.1 One network reads, another writes
 */

//: The **encoder** reads a source, a token at a time, and keeps of it the last state of its GRU: the **context** $c$.
final class Encoder: Module {
  let embedding: Embedding
  let gru: GRU

  init(tokens: Int, units: Int) {
    embedding = Embedding(tokens, 32)
    gru = GRU(32, units, batchFirst: true)
  }

  //: A batch of sources goes in, (batch, length) and the length of each; a context comes out, (1, batch, units):
  func callAsFunction(_ source: PaddedSequences) -> Tensor {
    let packed = packPaddedSequence(embedding(source.tokens), source.lengths, batchFirst: true)
    return gru(packed).hidden
  }
}

//: The **decoder** is a language model like that of section 8.7, but for its first state: that is the context.
final class Decoder: Module {
  let embedding: Embedding
  let gru: GRU
  let head: Linear

  init(tokens: Int, units: Int) {
    embedding = Embedding(tokens, 32)
    gru = GRU(32, units, batchFirst: true)
    head = Linear(units, tokens)
  }

  //: Tokens, (batch, length), and a state go in; for every step a logit for each token comes out, (batch, length, tokens),
  //: and the last state, to go on from:
  func callAsFunction(_ tokens: Tensor, _ s: Tensor) -> (logits: Tensor, state: Tensor) {
    let (output, state) = gru(embedding(tokens), s)
    return (head(output), state)
  }
}

final class EncoderDecoder: Module {
  let encoder: Encoder
  let decoder: Decoder

  init(source: Vocabulary, target: Vocabulary, units: Int) {
    encoder = Encoder(tokens: source.count, units: units)
    decoder = Decoder(tokens: target.count, units: units)
  }

  //: The normalized loss of a batch, with teacher forcing: the mean over all tokens that are not padding.
  func loss(_ batch: PaddedPairs) -> Tensor {
    let (logits, _) = decoder(batch.target.inputs, encoder(batch.source))
    return crossEntropy(
      logits.flatten(0, 1), batch.target.targets.flatten(), ignoreIndex: batch.target.padding)
  }

  //: Greedy: the most probable token at every step, until all have ended.
  func writing(_ source: PaddedSequences, start: Int, end: Int, maximumLength: Int) -> [[Int]] {
    noGrad {
      greedySearch(
        from: encoder(source), start: source.lengths.map { _ in start }, end: end,
        maximumLength: maximumLength
      ) { tokens, state in
        let (logits, next) = decoder(tokens.unsqueeze(1), state)
        return (logits.squeeze(1), next)
      }
    }
  }
}

//: One run of training.
@discardableResult
func fit(
  _ model: EncoderDecoder, _ loader: DataLoader<PaddedPairs>, epochs: some Sequence<Int>, count: Int,
  lr: Double
) -> [Double] {
  let optimizer = Adam(model.parameters(), lr: lr)
  let schedule = CosineAnnealingLR(optimizer, tMax: count * loader.count)
  return epochs.map { _ in
    var average = RunningAverage()
    for batch in loader {
      let loss = model.loss(batch)
      optimizer.zeroGrad()
      loss.backward()
      clipGradNorm_(model.parameters(), maxNorm: 1)
      optimizer.step()
      schedule.step()
      average.add(loss.item())
    }
    return average.mean
  }
}

notebook.section("9.2", "Dates and sentences") { page in
  func env(_ name: String, _ value: Double) -> Double {
    Double(ProcessInfo.processInfo.environment[name] ?? "") ?? value
  }
  let kind = env("KIND", 0)
  let units = Int(env("UNITS", 128))
  let lr = env("LR", 5e-3)
  let epochs = Int(env("EPOCHS", 6))
  let n = Int(env("N", 6000))
  let bs = Int(env("BS", 64))
  let train =
    kind == 0 ? WrittenDates(train: true, count: n).pairs : EnglishSpanish(train: true, count: n).pairs
  let test =
    kind == 0 ? WrittenDates(train: false, count: 500).pairs : EnglishSpanish(train: false, count: 500).pairs
  let tok: any Tokenizer = kind == 0 ? CharacterTokenizer() : WordTokenizer()
  let sv = Vocabulary(of: train.map(\.source), tokenizer: tok)
  let tv = Vocabulary(of: train.map(\.target), tokenizer: tok)
  let data = EncodedPairs(train, source: sv, target: tv)
  let loader = DataLoader(data, batchSize: bs, shuffle: true, collate: { PaddedPairs($0) })
  let model = EncoderDecoder(source: sv, target: tv, units: units)
  page.show("params", model.parameterCount)
  func exam(_ pairs: [TextPair]) -> Double {
    let p = PaddedSequences(pairs.map { sv.encode($0.source) })
    let out = model.writing(p, start: tv[.start], end: tv[.end], maximumLength: 20)
    return exactMatch(out.map { tv.decode($0) }, pairs.map(\.target))
  }
  for i in 0..<5 {
    let p = PaddedSequences([sv.encode(test[i].source)])
    _ = p
    page.print("\(test[i])")
  }
  let t = clock()
  let losses = fit(model, loader, epochs: 0..<epochs, count: epochs, lr: lr)
  page.show("losses", losses)
  page.print("train cpu \(Double(clock() - t) / 1e6)")
  page.show("exact test", exam(test))
  page.show("exact train", exam(Array(train.prefix(500))))
  let p = PaddedSequences(test.map { sv.encode($0.source) })
  let out = model.writing(p, start: tv[.start], end: tv[.end], maximumLength: 20)
  for i in 0..<8 { page.print("\(test[i].source) -> \(tv.decode(out[i])) (\(test[i].target))") }
  page.print("total cpu \(Double(clock() - t) / 1e6)")
}

notebook.run()
