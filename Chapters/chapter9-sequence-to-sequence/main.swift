/*:
 # Chapter 9: Sequence to sequence

 In chapter 8 a network read a sequence and answered once at its end, or once at every step. A translation is
 neither. It has another number of words than its original, and they stand in another order. This chapter puts
 two networks together: one reads, the other writes. Between them passes a single vector.

 That simple plan, the **encoder-decoder**, carries far. We shall teach it to read dates in many styles, to
 translate from English to Spanish, and to say what a picture shows. With a decoder that draws instead of
 writing, it compresses pictures and cleans them. And we shall see where it ends: at the one vector through
 which everything has to pass.

 From earlier chapters you need the recurrent networks of chapter 8, above all the character model of section
 8.7; the convolutions of chapter 7; and PCA (section 2.6).
 */

import DeepLearning
import Foundation

let notebook = Notebook("chapter9-sequence-to-sequence", title: "Chapter 9: Sequence to sequence")

/*:
 ## 9.1 One network reads, another writes

 Take a sentence and its translation, *the black cat eats* and *el gato negro come*. A network that answers at
 every step would have to say the second word of the translation when it has read the second word of the
 original. But *gato* is *cat*, which comes third. The whole sentence should be read before the first word is
 written. So reading and writing become two tasks, for two networks with weights of their own.

 The **encoder** is a recurrent network that reads the source $x_1 \dots x_\tau$ and says nothing. Its last
 state is a summary of all it has read, and is called the **context** $c$:

 $$h_t = f(h_{t-1}, x_t) \qquad c = h_\tau$$
 */

/// Reads a batch of sources; what it has read of each is its last state.
final class Encoder: Module {
  let embedding: Embedding
  let gru: GRU

  init(tokens: Int, units: Int) {
    embedding = Embedding(tokens, 32)
    gru = GRU(32, units, batchFirst: true)
  }

  /*:
   A token becomes a row of 32 learned numbers, its embedding, and the GRU reads row after row. We take a GRU
   because it has one state to hand over, where an LSTM has two. Sources of different lengths come as one
   batch; how that is done, and what `packPaddedSequence` is for, is explained in a moment. The contexts that
   come out are (1, batch, units), the shape of a GRU's state:
   */
  func callAsFunction(_ source: PaddedSequences) -> Tensor {
    let embedded = embedding(source.tokens)
    return gru(packPaddedSequence(embedded, source.lengths, batchFirst: true)).hidden
  }
}

/*:
 The **decoder** is a language model like the one that wrote in section 8.7, with one difference: its first
 state is not zero but the context, $s_0 = c$. Write $t'$ for its steps. At each it reads the token before,
 and gives a probability to every token that may come next:

 $$s_{t'} = g(s_{t'-1}, y_{t'-1}) \qquad p(y_{t'} \mid y_1 \dots y_{t'-1}, c) = \mathrm{softmax}(V s_{t'} + b)$$

 In words: the last state and the last token make the next state, and of that a linear layer and a softmax
 make the probabilities. So every word may depend on the context and on all words before it, but on nothing
 except what the one state $s_{t'}$ still knows of them.
 */

/// Writes a target from a context, or scores one that is there.
final class Decoder: Module {
  let embedding: Embedding
  let gru: GRU
  let head: Linear

  init(tokens: Int, units: Int) {
    embedding = Embedding(tokens, 32)
    gru = GRU(32, units, batchFirst: true)
    head = Linear(units, tokens)
  }

  /*:
   Tokens (batch, length) and a state go in. For every step a logit for each token of the vocabulary comes
   out, (batch, length, vocabulary), and the last state, to go on from. The softmax is not taken here: the
   cross-entropy has it inside (section 2.1), and whoever only looks for the likeliest token finds the largest
   logit as well.
   */
  func callAsFunction(_ tokens: Tensor, _ s: Tensor) -> (logits: Tensor, state: Tensor) {
    let (output, state) = gru(embedding(tokens), s)
    return (head(output), state)
  }
}

/*:
 The two together form one module, so that one optimizer trains both. Each has a vocabulary and an embedding
 of its own, for *come* is one word in English and another in Spanish. But both have the same number of units:
 the encoder's last state has to fit as the decoder's first. All that passes between them is
 `encoder(source)`, a row of numbers for each sentence, and nothing else:
 */
final class EncoderDecoder: Module {
  let encoder: Encoder
  let decoder: Decoder

  init(source: Vocabulary, target: Vocabulary, units: Int) {
    encoder = Encoder(tokens: source.count, units: units)
    decoder = Decoder(tokens: target.count, units: units)
  }

  //: The decoder can be used in two ways. In the first the right tokens are known, and it says at every step
  //: how probable it finds them; that is for training. What it reads are `target.inputs`, the right tokens
  //: too, each of them one step after it was asked for. These are the logits of a batch:
  func callAsFunction(_ batch: PaddedPairs) -> Tensor {
    decoder(batch.target.inputs, encoder(batch.source)).logits
  }

  //: In the second it has to write by itself. At each step it takes its own likeliest token and reads it at
  //: the next, for all rows of the batch at once. `greedySearch` does the loop; it asks for one step, from
  //: the last tokens and the state to logits and the next state:
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

//: What is minimized is the **normalized loss** of a batch: the mean over all tokens that are no padding. Its
//: formula and the reason for it come below. For `crossEntropy` a token is an example like any other, with a
//: row of logits and a label. So the first two dimensions, sentences and steps, are laid out as one.
func loss(of logits: Tensor, _ target: PaddedSequences) -> Tensor {
  crossEntropy(logits.flatten(0, 1), target.targets.flatten(), ignoreIndex: target.padding)
}

/// How many tokens that mean is taken over: all but the start token of each target, which is never written.
func tokenCount(_ target: PaddedSequences) -> Int { target.lengths.reduce(0) { $0 + $1 - 1 } }

notebook.section("9.1", "One network reads, another writes") { page in
  /*:
   Unrolled, the two look like this. Left of the context stands one network, right of it the other; within
   each all steps have the same weights. Follow the word *gato*: it comes out of one step and goes into the
   next. And see how narrow the place is where the two meet: whatever the right side is to know of the left
   goes through one state.
   */
  page.figure(
    "encoder-decoder",
    encoderDecoderFigure(["the", "black", "cat"], ["el", "gato", "negro"]))

  /*:
   ### Start and end

   Two questions have no answer yet. What does the decoder read at its first step, when there is no token
   before? And how do we know that it is done? Both are answered by tokens that stand for no word. The **start
   token** is read first, as $y_0$, and the **end token** is written last. A `Vocabulary` has them, with two
   more:
   */
  let pairs = [
    TextPair("the black cat eats", "el gato negro come"), TextPair("they run", "ellos corren"),
    TextPair("a cat runs", "un gato corre"),
  ]
  let english = Vocabulary(of: pairs.map(\.source), tokenizer: WordTokenizer())
  let spanish = Vocabulary(of: pairs.map(\.target), tokenizer: WordTokenizer())
  page.show("Spanish", spanish.tokens.joined(separator: " "))

  //: A word's number is its place in this list, and the special tokens come first: padding is 0, start is 1,
  //: end is 2; number 3 stands for every word that the list does not have. A target is encoded between start
  //: and end. A source needs neither, since the encoder writes nothing and is told where its sentence stops:
  let source = english.encode("the black cat eats")
  let target = spanish.encode("el gato negro come", start: true, end: true)
  page.show("source", source)
  page.show("target", target)
  page.claim("start first, end last", [target[0], target.last!], equals: [1, 2])
  page.claim("and back", spanish.decode(target), equals: "el gato negro come")

  /*:
   ### Padding

   To compute with many sentences at once they must be one tensor, and so of one length. Shorter ones are
   filled up with the **padding** token, number 0. Beside the tokens we keep the lengths, or what says the
   same, the **mask**: true where a token stands, false where there is only padding.
   */
  let encoded = EncodedPairs(pairs, source: english, target: spanish)
  let batch = PaddedPairs((0..<3).map { encoded[$0] })
  page.show("sources", batch.source.tokens)
  page.show("lengths", batch.source.lengths)
  page.show("mask", batch.source.mask)

  /*:
   Padding must not change anything. If the encoder read on to the end of the row, the context of *they run*
   would be what remains after two words and two times nothing, and would depend on which sentences happen to
   be in the same batch. `packPaddedSequence` takes the padding out again: every sequence stops at its own
   last word. We compare the context of *they run* in the batch with the context of it alone:
   */
  let model = EncoderDecoder(source: english, target: spanish, units: 8)
  let contexts = model.encoder(batch.source)
  let alone = model.encoder(PaddedSequences([english.encode("they run")]))
  page.show("contexts", contexts.shape, note: "1 layer, 3 sentences, 8 units")
  page.claim("the company does not matter", contexts[0, 1], equals: alone[0, 0], within: 1e-6)

  /*:
   Without packing, the encoder reads two times padding after *they run*. To it padding is a token with an
   embedding, like every other, and its state moves on with each. So what reaches the decoder is not the
   context of *they run* but of *they run, nothing, nothing*. Of the 8 numbers, the one that moved most has
   moved this far:
   */
  let careless = model.encoder.gru(model.encoder.embedding(batch.source.tokens)).hidden
  page.claim(
    "read to the end of the row, it does", (careless[0, 1] - alone[0, 0]).abs().max().item(),
    isAtLeast: 1e-3)

  /*:
   ### Teacher forcing

   In training the decoder reads the right tokens, whatever it would have written itself. That is the
   **teacher forcing** of section 8.3. So from one row of tokens we make two: what it reads is all but the
   last, what it has to answer is all but the first.
   */
  func words(_ row: Tensor) -> String { row.toArray(of: Int.self).map { spanish[$0] }.joined(separator: " ") }
  page.show("it reads", words(batch.target.inputs[0]))
  page.show("it answers", words(batch.target.targets[0]))
  page.claim("one step apart", batch.target.inputs[0, 1...], equals: batch.target.targets[0, ..<4])

  /*:
   All of it is known beforehand, so the decoder can run through all steps in one call. There are five steps,
   for the longest target has four words and its end; and twelve tokens, the four special ones and the eight
   words of our small Spanish. Each of the three sentences gets twelve logits at each of its five steps:
   */
  let logits = model(batch)
  page.show("logits", logits.shape, note: "3 sentences, 5 steps, 12 tokens")
  page.claim("(3, 5, 12)", logits.shape, equals: [3, 5, 12])

  /*:
   ### The normalized loss

   By the chain rule of probability a sentence is as probable as all its tokens together, each given those
   before it, and the logarithm turns the product into a sum:

   $$\ln p(y \mid x) = \sum_{t'=1}^{\tau'} \ln p(y_{t'} \mid y_1 \dots y_{t'-1}, c)$$

   So the loss is a cross-entropy at every step. Padding is not to be learned: with the mask $m$, 1 or 0, its
   terms are left out. And the sum is divided by the number of terms that are left:

   $$E = - \frac{\sum_n \sum_{t'} m_{t'}^{(n)} \ln p\big(y_{t'}^{(n)}\big)}{\sum_n \sum_{t'} m_{t'}^{(n)}}$$

   In code, term by term; `gather` picks, from the log-probabilities of all tokens, that of the right one:
   */
  func terms(_ logits: Tensor, _ targets: Tensor) -> Tensor {
    -logits.logSoftmax(dim: 2).gather(2, targets.unsqueeze(2)).squeeze(2)
  }
  let mask = (batch.target.targets .!= 0).to(.float32)
  let byHand = (mask * terms(logits, batch.target.targets)).sum() / mask.sum()
  page.show("terms that count", mask.sum().item(), note: "of \(mask.count)")
  page.show("E", byHand.item(), digits: 5)
  page.claim("one for each token to be written", mask.sum().item(), equals: tokenCount(batch.target))

  //: Is that much? A network that knows nothing gives each of the twelve tokens the same probability. Then
  //: every term is $\ln 12$, and so is their mean, a perplexity of 12 (section 8.7). Ours has just been made,
  //: with small random weights, and should be near that mark:
  page.claim("it knows nothing yet", byHand.item(), equals: log(12.0), within: 0.5)

  //: `crossEntropy` does the same when it is told which label to ignore, and divides by the number of those
  //: that are left. The label here is 0, the number of the padding token, which `target.padding` gives. That
  //: is our function `loss`, and from now on we leave the counting to it:
  page.claim("the library's", loss(of: logits, batch.target).item(), equals: byHand.item(), within: 1e-5)

  /*:
   > **Mind the slip.** Dividing the sum by the number of *all* places, padding included, gives another
   > number, and one that depends on the longest sentence of the batch. Then a sentence counts less because
   > another one is long. Without the mask it is worse: the decoder is then also taught to write padding.

   We fill the same batch up with ten more columns of padding. The careless mean changes, the normalized loss
   does not:
   */
  let more = cat([batch.target.tokens, Tensor.zeros([3, 10], dtype: .int64)], dim: 1)
  let longer = PaddedSequences((0..<3).map { more[$0].toArray(of: Int.self) })
  let longLogits = model.decoder(longer.inputs, contexts).logits
  let normalized = [loss(of: logits, batch.target).item(), loss(of: longLogits, longer).item()]
  page.show("normalized", normalized, digits: 5)
  page.claim("padding is nothing", normalized[1], equals: normalized[0], within: 1e-5)

  /*:
   The careless mean has the same terms, for padding adds none. But it divides by all places, five steps for
   each sentence before and fifteen now. So it has to be a third of what it was. The gradient shrinks with it,
   as if in plain gradient descent the learning rate had been cut to a third, only because some longer
   sentence came into the batch:
   */
  func carelessMean(_ logits: Tensor, _ targets: Tensor) -> Double {
    ((targets .!= 0).to(.float32) * terms(logits, targets)).mean().item()
  }
  let means = [
    carelessMean(logits, batch.target.targets), carelessMean(longLogits, longer.targets),
  ]
  page.show("mean over all places", means, digits: 5)
  page.claim("a third", means[1], equals: means[0] / 3, within: 1e-4)

  /*:
   ### Who teaches the encoder?

   Nobody says what a context should look like. The loss is made at the decoder's outputs. But its gradient
   goes back through all steps of the decoder, through the context, and through all steps of the encoder: one
   long BPTT. So the encoder learns to say what the decoder needs to hear.
   */
  loss(of: logits, batch.target).backward()
  let reached = model.encoder.parameters().map { $0.grad!.norm().item() }
  page.show("gradients in the encoder", reached, digits: 4, note: "their lengths, by parameter")
  page.claim("all are reached", reached, isAtLeast: 1e-8)

  /*:
   Five lengths: of the gradients of the embedding, of the GRU's two matrices and of its two biases. None is
   zero, though nobody ever told the encoder what to answer.

   A first test, as chapter 5 advises for every new network: can it learn a few examples by heart? If not even
   three sentences can be learned, something is wrong in the program, and thousands would not help. A hundred
   steps of Adam, each with the whole batch:
   */
  let optimizer = Adam(model.parameters(), lr: 0.03)
  for _ in 0..<100 {
    optimizer.zeroGrad()
    loss(of: model(batch), batch.target).backward()
    optimizer.step()
  }

  //: Now without a teacher. Nobody tells the decoder any more what would have been right: it begins with the
  //: start token, number 1, reads what it has written itself, and is done when it writes the end token,
  //: number 2. One that never learned to end would go on forever, so it is stopped after 10 tokens.
  let written = model.writing(batch.source, start: 1, end: 2, maximumLength: 10).map { spanish.decode($0) }
  for (pair, text) in zip(pairs, written) { page.show(pair.source, text) }
  page.claim("by heart", written == pairs.map(\.target))
}

/*:
 ## 9.2 Two tasks

 Three sentences prove nothing. We need thousands, and others of the same kind to test with. Real translations
 are there by the million, and far too many for a minute. So the library has two generators: dates as people
 write them, and an English–Spanish grammar. Both hold something out that is never trained on.

 First what both tasks need: a model together with the vocabularies of its two sides.
 */
struct Translator {
  let source, target: Vocabulary
  let model: EncoderDecoder

  init(_ pairs: [TextPair], tokenizer: any Tokenizer, units: Int) {
    source = Vocabulary(of: pairs.map(\.source), tokenizer: tokenizer)
    target = Vocabulary(of: pairs.map(\.target), tokenizer: tokenizer)
    model = EncoderDecoder(source: source, target: target, units: units)
  }

  //: Texts go in and texts come out. The sources are encoded and padded, the decoder writes numbers of
  //: tokens, and the target's vocabulary makes words of them. It may write 24 tokens at most, more than any
  //: target in this chapter needs; a decoder that is still a beginner and knows no end is cut off there:
  func translating(_ texts: [String]) -> [String] {
    let sources = PaddedSequences(texts.map { source.encode($0) })
    return model.writing(sources, start: target[.start], end: target[.end], maximumLength: 24)
      .map { target.decode($0) }
  }

  //: How good is it? The loss does not say, for it is measured with the teacher at hand. So we let it write
  //: by itself, and count how many of some pairs come out without a single mistake. This share is the **exact
  //: match**. A translation with one wrong letter counts as little as an empty one:
  func exact(_ pairs: [TextPair]) -> Double {
    exactMatch(translating(pairs.map(\.source)), pairs.map(\.target))
  }

  //: A beginner gets nothing exactly right, and may still know something. That shows in the probabilities
  //: that it gives to the right tokens, with the teacher at hand. Their geometric mean is $e^{-E}$, one over
  //: the perplexity of section 8.7. We call it the certainty. It is 1 for whoever is sure of every right token,
  //: and one in $n$ for whoever guesses evenly among $n$ tokens:
  func certainty(_ pairs: [TextPair]) -> Double {
    let data = EncodedPairs(pairs, source: source, target: target)
    let batch = PaddedPairs(pairs.indices.map { data[$0] })
    return noGrad { exp(-loss(of: model(batch), batch.target).item()) }
  }

  //: The loader puts 64 pairs together, in another order every epoch. `PaddedPairs` pads each batch to the
  //: longest of its own sentences, and not of all there are. That saves computing, since steps on padding
  //: cost as much as any other, and it does not change the loss: that was the point of the mask.
  func batches(_ pairs: [TextPair]) -> DataLoader<PaddedPairs> {
    let data = EncodedPairs(pairs, source: source, target: target)
    return DataLoader(data, batchSize: 64, shuffle: true, collate: { PaddedPairs($0) })
  }

  //: Training is the loop of chapter 8: Adam, a clipped gradient, and a cosine schedule. The mean loss of
  //: each epoch is returned. It is to be a mean over all tokens, and some batches have more of them than
  //: others; so each batch counts as often as it has tokens to write. How the logits of a batch are found may
  //: be said in another way, which we shall need at the end of this section.
  @discardableResult
  func train(
    on pairs: [TextPair], epochs: Int, lr: Double, logits: ((PaddedPairs, _ step: Int) -> Tensor)? = nil
  ) -> [Double] {
    let loader = batches(pairs)
    let optimizer = Adam(model.parameters(), lr: lr)
    let schedule = CosineAnnealingLR(optimizer, tMax: epochs * loader.count)
    var step = 0
    return (0..<epochs).map { _ in
      var average = RunningAverage()
      for batch in loader {
        /*:
         One step is as always: the loss of a batch, its gradient, and an update. The gradient has come back
         through all steps of the decoder and then of the encoder, and may have grown large on such a way
         (section 8.4). So where it is longer than 1, it is clipped. The schedule takes a step with every
         batch:
         */
        let loss = loss(of: logits?(batch, step) ?? model(batch), batch.target)
        optimizer.zeroGrad()
        loss.backward()
        clipGradNorm_(model.parameters(), maxNorm: 1)
        optimizer.step()
        schedule.step()
        average.add(loss.item(), count: tokenCount(batch.target))
        step += 1
      }
      return average.mean
    }
  }
}

typealias Trained = (translator: Translator, train: [TextPair], test: [TextPair], losses: [Double])

//: The trained models are needed in several sections, so they are made once, with the vocabularies and the
//: pairs they were made of. Dates are read and written character by character. Every digit of them counts,
//: the days of two centuries would make a long list of words, and a few dozen characters are enough for all:
let dates = notebook.once { () -> Trained in
  let train = WrittenDates(train: true, count: notebook.options.scale(quick: 2000, standard: 10_000)).pairs
  let test = WrittenDates(train: false, count: 500).pairs
  let translator = Translator(
    train, tokenizer: CharacterTokenizer(), units: notebook.options.scale(quick: 64, standard: 128))
  let epochs = notebook.options.scale(quick: 1, standard: 5, full: 20)
  return (translator, train, test, translator.train(on: train, epochs: epochs, lr: 0.01))
}

//: Sentences are read and written word by word, for it is words that have translations. Counted in tokens
//: they are shorter than dates, so that an epoch takes less time, and there are more epochs. Nothing else
//: changes: the model, the loss and the loop are the same, and only the pairs say which task it is:
let sentences = notebook.once { () -> Trained in
  let train = EnglishSpanish(train: true, count: notebook.options.scale(quick: 1500, standard: 6000)).pairs
  let test = EnglishSpanish(train: false, count: 500).pairs
  let translator = Translator(
    train, tokenizer: WordTokenizer(), units: notebook.options.scale(quick: 64, standard: 128))
  let epochs = notebook.options.scale(quick: 5, standard: 12, full: 24)
  return (translator, train, test, translator.train(on: train, epochs: epochs, lr: 0.01))
}

notebook.section("9.2", "Two tasks") { page in
  /*:
   ### Dates

   A program that reads letters has to understand dates however people write them, and to note them down in
   one form: the year, the month, the day, all in digits. That is the order of the international standard, and
   sorts well. There are many ways to write a date; here are some that the generator knows. A tenth of all
   days of two centuries is held out for the test.
   */
  let (reader, days, newDays, dateLosses) = try dates()
  page.show("dates", Table(["written", "in digits"], days.prefix(6).map { [$0.source, $0.target] }))
  page.claim(
    "no test day was trained on", Set(days.map(\.target)).isDisjoint(with: newDays.map(\.target)))

  /*:
   The reading side knows more characters than the writing side, which needs ten digits, a hyphen, and the
   special tokens. The loss is the mean for each character that has to be written. Compare it with $\ln 15$,
   which is what a network would have that chooses evenly among fifteen tokens: even the mean of the first
   epoch, with all the mistakes of a beginner in it, must be below that.
   */
  page.show("characters", [reader.source.count, reader.target.count], note: "read, written")
  page.show("parameters", reader.model.parameterCount)
  page.show("loss", dateLosses, digits: 3, note: "by epoch")
  page.claim("less than ln 15", dateLosses[0], isAtMost: log(Double(reader.target.count)))
  page.claim("it learns", dateLosses.last!, isAtMost: page.scale(quick: 1.9, standard: 0.2))

  //: And on days that it has not seen? There it has to read its own digits as it goes on. A date is either
  //: right or wrong, so we count exact matches. Then part by part, which shows where the mistakes are: dates
  //: are cut at their hyphens, and years, months and days are compared each for themselves:
  let answers = reader.translating(newDays.map(\.source))
  func parts(_ text: String) -> [Substring] { text.split(separator: "-") }
  func rightParts(_ answers: [String], _ pairs: [TextPair]) -> [Double] {
    (0..<3).map { part in
      exactMatch(
        answers.map { parts($0).dropFirst(part).first ?? "" }, pairs.map { parts($0.target)[part] })
    }
  }
  let right = rightParts(answers, newDays)
  let dateExact = exactMatch(answers, newDays.map(\.target))
  page.show("right", Table(["year", "month", "day", "all"], [right + [dateExact]]), digits: 3)

  //: Even where hardly a date is right, the certainty shows whether something has been learned. A date has
  //: eleven tokens with its end, and each by itself may have a fair chance, while all of them together have
  //: next to none. Whoever guesses evenly among fifteen has a certainty of one in fifteen:
  let dateCertainty = reader.certainty(newDays)
  page.show("certainty", dateCertainty, digits: 3, note: "for each character of these dates")
  page.claim(
    page.scale(quick: "more certain than a guess", standard: "unseen days"),
    page.scale(quick: dateCertainty, standard: dateExact),
    isAtLeast: page.scale(quick: 0.15, standard: 0.6))
  if !page.options.isQuick {
    page.claim("the year is easier than the day", right[0], isAtLeast: right[2])
  }

  //: The year is right more often than the day. It has four digits that are simply copied; the day may be a
  //: number, a word, or a number with an ending. And where month and day are both given in digits, nothing but
  //: their places tells which is which. Some mistakes, with what would have been right:
  let wrong = newDays.indices.filter { answers[$0] != newDays[$0].target }
  let mistakes: [[any Showable]] = wrong.prefix(5).map {
    [newDays[$0].source, answers[$0], newDays[$0].target]
  }
  page.show("mistakes", Table(["source", "written", "right"], mistakes))

  //: And what of the words for months and days? From 2,000 unseen dates we take those with *May* in them, and
  //: look at the month alone; then those whose day is written out and begins with *twenty-*, and look at the
  //: day alone:
  let named = ["May", "twenty-"].map { word in
    let own = WrittenDates(train: false, count: 2000).pairs.filter { $0.source.contains(word) }
    return rightParts(reader.translating(own.map(\.source)), own)
  }
  page.show("May, twenty-", [named[0][1], named[1][2]], digits: 3, note: "the month right, the day right")
  if !page.options.isQuick {
    page.claim("May is 05", named[0][1], isAtLeast: 0.95)
    page.claim("twenty-sixth is two digits", named[1][2], isAtLeast: 0.9)
  }

  /*:
   It has found out by itself that May is 05, and which two digits *twenty-sixth* is. Nothing of
   this was programmed; the same program, given other pairs, learns another language.
   */

  /*:
   ### Sentences

   The second generator is a small grammar, which makes a sentence in English and in Spanish at once. There
   is much to learn in it. Articles and adjectives agree with their noun in gender and number, *las casas
   rojas*. Adjectives stand behind the noun, *el gato negro*. And verbs have an ending for each person, so
   that Spanish can leave out the pronoun: *compramos* says *we buy*.
   */
  let (translator, learned, fresh, losses) = try sentences()
  page.show("sentences", Table(["English", "Spanish"], learned.prefix(6).map { [$0.source, $0.target] }))
  page.show("words", [translator.source.count, translator.target.count], note: "English, Spanish")

  /*:
   The test is harder than new sentences would be. Of the combinations of an adjective with a noun about a
   fifth never occurs in training, and each test sentence has at least one of those. The network has met
   the adjective and it has met the noun, but never the two side by side. Only who has understood that a
   phrase is made of words can translate it.
   */
  func phrases(_ text: String) -> [String] {
    let words = text.split(separator: " ")
    return zip(words, words.dropFirst()).map { "\($0) \($1)" }
  }

  //: What is a pair of words that was never trained on? We collect the neighboring words of all training
  //: sentences, and look up those of each test sentence. The claims then make sure of both halves of what was
  //: said: each test sentence has a pair that is new, and none has a word that is new:
  let known = Set(learned.flatMap { phrases($0.source) })
  let news = fresh.prefix(4).map { pair in
    [pair.source, phrases(pair.source).filter { !known.contains($0) }.joined(separator: ", ")]
  }
  page.show("new combinations", Table(["sentence", "never seen together"], news))
  page.claim("something new in each", fresh.allSatisfy { !known.isSuperset(of: phrases($0.source)) })
  let tokens = fresh.flatMap { translator.source.encode($0.source) }
  let unknown = Double(tokens.count { $0 == translator.source[.unknown] }) / Double(tokens.count)
  page.claim(
    page.scale(quick: "but hardly a new word", standard: "but no new word"), unknown,
    isAtMost: page.scale(quick: 0.05, standard: 0))

  /*:
   After training it gets 500 sentences that it has learned from, and then the new combinations. The first
   number shows whether the network could hold the task at all, and was trained for long enough. The second
   shows what it has understood: had it learned whole sentences by heart, it would know these and fail at
   those.
   */
  page.show("loss", losses, digits: 3, note: "by epoch")
  let exams = [Array(learned.prefix(500)), fresh]
  let exact = exams.map(translator.exact)
  page.show("exact", exact, digits: 3, note: "training sentences, new combinations")
  let certainties = exams.map(translator.certainty)
  page.show("certainty", certainties, digits: 3, note: "for each word of them")
  if page.options.isQuick {
    page.claim("more certain than a guess", certainties, isAtLeast: 0.05)
  } else {
    page.claim("learned", exact[0], isAtLeast: 0.95)
    page.claim("new combinations", exact[1], isAtLeast: 0.6)
    page.claim("are harder", exact[1], isAtMost: exact[0])
  }

  //: The number alone does not say what goes wrong. So whoever makes a translator reads its mistakes, for
  //: they tell what to mend: a wrong ending would be a matter of grammar, a missing word one of length, and
  //: another word one of meaning. Here are some, with what would have been right:
  let translations = translator.translating(fresh.map(\.source))
  let slips = fresh.indices.filter { translations[$0] != fresh[$0].target }
  for place in slips.prefix(5) {
    page.print("\(fresh[place].source)\n  written  \(translations[place])\n  right    \(fresh[place].target)")
  }

  /*:
   These are not the mistakes of somebody who does not know the grammar. The articles agree, the adjective
   stands behind its noun, and mostly the sentence is good Spanish. It only says something else: another
   color, another size. How often is the *form* right, the number of words?
   */
  func count(_ text: String) -> Int { text.split(separator: " ").count }
  let form = exactMatch(translations.map(count), fresh.map { count($0.target) })
  page.show("as many words as the right translation", form, digits: 3)
  if !page.options.isQuick { page.claim("the form survives", form, isAtLeast: 0.93) }

  /*:
   Where do the wrong words come from? The decoder is a language model, and where the context is vague, it
   writes what it has often read. We take the neighboring words in its mistaken translations, and ask what
   part of them stood side by side in the Spanish it was trained on. Then the same for the translations that
   would have been right:
   */
  let read = Set(learned.flatMap { phrases($0.target) })
  func familiar(_ texts: [String]) -> Double {
    let all = texts.flatMap(phrases)
    return Double(all.count { read.contains($0) }) / Double(all.count)
  }
  let familiarity = [
    familiar(slips.map { translations[$0] }), familiar(slips.map { fresh[$0].target }),
  ]
  page.show("familiar neighbors", familiarity, digits: 3, note: "in what it wrote, in what was right")
  //: That the right translations have neighbors which are new to it is no wonder, for the test sentences were
  //: chosen so. Its own mistakes were free to be anything. That they fall back on what it has often read is
  //: what one expects of a language model that has lost sight of its source:
  page.claim("its mistakes are more familiar than the truth", familiarity[0], isAtLeast: familiarity[1])

  /*:
   ### Weaning

   Section 8.3 warned of teacher forcing: the decoder never meets its own mistakes. **Scheduled sampling**
   lets it. At each step a coin decides whether the next input is the right token or the one that was just
   written. The coin favors the teacher at first and is fair at the end. Since an input is now known only
   after the step before, the steps have to be taken one by one.
   */
  func weaning(_ model: EncoderDecoder, _ batch: PaddedPairs, isForced: () -> Bool) -> Tensor {
    let right = batch.target.inputs
    var (token, s) = (right[.all, 0], model.encoder(batch.source))
    var all: [Tensor] = []
    for t in 0..<right.shape[1] {
      let (logits, next) = model.decoder(token.unsqueeze(1), s)
      all.append(logits)
      s = next
      if t + 1 < right.shape[1] {
        token = isForced() ? right[.all, t + 1] : logits.squeeze(1).argmax(dim: 1)
      }
    }
    return cat(all, dim: 1)
  }

  //: A check first. With a coin that always falls for the teacher, the loop reads the same tokens as the
  //: single call does, only one at a time, and hands the state from each step to the next. So it must compute
  //: the same logits, up to rounding:
  let data = EncodedPairs(learned, source: translator.source, target: translator.target)
  let some = PaddedPairs((0..<8).map { data[$0] })
  page.claim(
    "forced at every step", weaning(translator.model, some) { true }, equals: translator.model(some),
    within: 1e-4)

  /*:
   The dates get a little more training, in two copies: one with the teacher, one that is weaned. A network
   that knows nothing would read nonsense if it read itself; so weaning comes late, when what it writes is
   mostly right, and it comes by degrees. `TeacherForcing` says how the coin changes, here along a straight
   line:
   */
  let more = Array(days.prefix(page.scale(quick: 640, standard: 6400)))
  let steps = more.count / 64
  let forcing = TeacherForcing.linear(from: 1, to: 0.5, steps: steps)
  page.show(
    "p(right token)", [0, steps / 2, steps].map { forcing.ratio(at: $0) }, digits: 2,
    note: "first, half way, last")

  //: Each copy starts with the weights that were learned so far. Its vocabularies are made of the same pairs
  //: in the same order, so that every character has the number it had before. Otherwise the weights, though
  //: they would fit in shape, would mean other characters:
  func copyOfReader() throws -> Translator {
    let copy = Translator(
      days, tokenizer: CharacterTokenizer(), units: page.scale(quick: 64, standard: 128))
    try copy.model.loadStateDict(reader.model.stateDict())
    return copy
  }

  /*:
   Both get the same pairs in batches of the same size, with the same small learning rate. The second tosses
   the coin of each step, one coin for the whole batch. Where it reads itself, no gradient passes through the
   choice of a token, since a number in a list cannot change a little; it passes through the states, as ever:
   */
  let (taught, weaned) = (try copyOfReader(), try copyOfReader())
  taught.train(on: more, epochs: 1, lr: 0.002)
  weaned.train(on: more, epochs: 1, lr: 0.002) { batch, step in
    weaning(weaned.model, batch) { forcing.isForced(at: step) }
  }
  let both = [taught, weaned].map { $0.exact(newDays) }
  page.show("exact", [dateExact] + both, digits: 3, note: "before, with the teacher, weaned")
  if !page.options.isQuick {
    page.claim("the difference is small", both[1] - both[0], equals: 0, within: 0.08)
  }

  /*:
   For dates it makes little difference who is read. A wrong digit in the month says nothing about the day, so
   mistakes do not breed mistakes. In the forecasts of section 8.3 each value was made of the one before, and
   errors grew. What weaning gains with forecasts was measured in section 8.7; its price is a loop over single
   steps.
   */

  /*:
   ### Your own pairs

   If you have translations of your own, write them into a text file, one pair a line, with a tab between the
   two. `PairFile` reads it. What stands behind a second tab, such as where a sentence is from, is passed
   over.
   */
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let path = folder.appending(path: "pairs.tsv").path
  try "good morning\tbuenos días\nthank you\tgracias\tsaid often\n".write(
    toFile: path, atomically: true, encoding: .utf8)
  let own = try PairFile(path).pairs
  for pair in own { page.show(pair.source, pair.target) }
  page.claim("two pairs", own == [TextPair("good morning", "buenos días"), TextPair("thank you", "gracias")])

  //: From here on they are like the others: `Translator(own, tokenizer: WordTokenizer(), units: 128)`. And if
  //: a line has no tab, the reader says which line it is, what should have stood there and what it found. In
  //: a file of ten thousand lines one would search for long without that:
  try "good morning\tbuenos días\ngood night\n".write(toFile: path, atomically: true, encoding: .utf8)
  do {
    _ = try PairFile(path)
  } catch let error as DataError {
    page.show("expected", error.expected)
    page.show("found", error.found)
    page.claim("it names the line", error.found.contains("line 2"))
  }
}

/*:
 ## 9.3 Finding the best sentence

 A decoder gives a probability to every sentence there is. We want the most probable one:

 $$\hat y = \arg\max_y \; \sum_{t'} \ln p(y_{t'} \mid y_1 \dots y_{t'-1}, c)$$

 With a vocabulary of 200 words there are $200^8$ sentences of eight words, more than $10^{18}$. Nobody tries
 them all. So far we took the likeliest token at every step. That is **greedy search**: fast, and
 short-sighted. A word that looks good now may lead to where nothing good comes after.
 */

extension Translator {
  /*:
   **Beam search** keeps several beginnings instead of one. Here it is for our models; what the library's
   `beamSearch` does is explained in this section. It is given two closures. The first takes a step of the
   decoder, for all beginnings at once. The second picks the states of those that go on; since a GRU's state
   is (1, beginnings, units), it picks along dimension 1.
   */
  func searching(_ text: String, width: Int, lengthNormalization: Double = 1) -> Hypothesis {
    let context = noGrad { model.encoder(PaddedSequences([source.encode(text)])) }
    return beamSearch(
      from: context, start: target[.start], end: target[.end], width: width, maximumLength: 24,
      lengthNormalization: lengthNormalization
    ) { tokens, state in
      let (logits, next) = model.decoder(tokens.unsqueeze(1), state)
      return (logits.squeeze(1).logSoftmax(dim: 1), next)
    } select: { state, rows in
      state.indexSelect(1, rows)
    }[0]
  }
}

notebook.section("9.3", "Finding the best sentence") { page in
  page.claim("200⁸, more than 10¹⁸", pow(200.0, 8), isAtLeast: 1e18)

  /*:
   ### By hand

   A little language model, small enough for paper. It gives the logarithm of the probability of a word after
   the word before; the rest is spread over many words, each too improbable to matter. With logarithms there
   is only something to add where probabilities would have to be multiplied. All are negative, and the nearer
   to 0, the likelier is the word:
   */
  typealias Step = (word: String, logP: Double)
  let model: [String: [Step]] = [
    "START": [("he", -0.7), ("I", -0.9)],
    "he": [("hit", -1.0), ("struck", -2.2)], "I": [("was", -0.7), ("got", -0.9)],
    "hit": [("me", -0.8), ("a", -1.1)], "was": [("hit", -1.3), ("struck", -2.2)],
  ]

  //: A **hypothesis** is a beginning of a sentence, with the sum of its logarithms so far. To continue it is
  //: to put one more word behind it, and to add the logarithm of that word after the last one. There are as
  //: many continuations as there are words that may follow; here are all of them, with their sums:
  typealias Beginning = (words: [String], logP: Double)
  func continuations(_ beginning: Beginning) -> [Beginning] {
    (model[beginning.words.last ?? "START"] ?? []).map {
      (beginning.words + [$0.word], beginning.logP + $0.logP)
    }
  }

  //: Greedy search would keep the best continuation of the one beginning that it has. Beam search of
  //: **width** $k$ keeps the $k$ best of *all* continuations, whichever beginning they come from. So one
  //: beginning may go on in two ways, and another, whose continuations are all behind, ends here:
  func beam(width: Int, steps: Int) -> [[Beginning]] {
    var kept: [[Beginning]] = [[([], 0)]]
    for _ in 0..<steps {
      let candidates = kept.last!.flatMap(continuations)
      kept.append(Array(candidates.sorted { $0.logP > $1.logP }.prefix(width)))
    }
    return Array(kept.dropFirst())
  }

  //: Two beginnings are to be kept at each step. Take a pencil and try it before you look: there are two
  //: words to start with, and each beginning has two continuations, so that from the second step on there are
  //: four sums to compare. These are kept, the better one first:
  let levels = beam(width: 2, steps: 3)
  func text(_ beginning: Beginning) -> String {
    "\(beginning.words.joined(separator: " ")) \(beginning.logP.shown(digits: 1))"
  }
  for (step, level) in levels.enumerated() {
    page.show("step \(step + 1)", level.map(text).joined(separator: "   "))
  }

  //: Check them on paper: *I was* is −0.9 − 0.7, and *he hit* is −0.7 − 1.0. At the third step *he hit me* is
  //: −0.7 − 1.0 − 0.8, while *I was hit*, −0.9 − 0.7 − 1.3, has fallen too far behind to be kept.
  page.claim("he, I", levels[0].map(\.logP), equals: [-0.7, -0.9], within: 1e-9)
  page.claim("I was, he hit", levels[1].map(\.logP), equals: [-1.6, -1.7], within: 1e-9)
  page.claim("he hit me, he hit a", levels[2].map(\.logP), equals: [-2.5, -2.8], within: 1e-9)

  /*:
   See what happens at the second step. *I* was behind *he*, but *I was*, −1.6, is ahead of *he hit*, −1.7.
   Greedy search had thrown *I* away and will never know. At the third step the lead changes again, and both
   survivors come from *he hit*. The figure shows what was looked at, and what was kept.
   */
  page.figure("beam-tree", beamTreeFigure(levels, continuations))

  /*:
   If the sentence ends after two words, greedy search has lost: it has −1.7, and −1.6 was there. The
   library's `beamSearch` knows nothing of words and sentences. It wants a *step*, which gives
   log-probabilities for the next token of every hypothesis, and a *selection*, which picks the states of the
   hypotheses that go on. Our model needs no state:
   */
  let words = ["START", "he", "I", "hit", "struck", "was", "got", "me", "a"]
  let table = words.map { word in
    words.map { next in model[word]?.first { $0.word == next }?.logP ?? -.infinity }
  }

  //: The table has a row for each word, and −∞, the logarithm of 0, for what cannot follow. A step picks the
  //: rows of the last words of all hypotheses, and the search adds them to their sums. The state is an empty
  //: tuple, so there is nothing to select. `lengthNormalization` is 0 until its subject comes up:
  func search(width: Int, length: Int) -> [Hypothesis] {
    beamSearch(from: (), start: 0, width: width, maximumLength: length, lengthNormalization: 0) { tokens, _ in
      (Tensor(table, dtype: .float64)[tokens], ())
    } select: { _, _ in
    }
  }

  //: Greedy search is nothing but a beam of width 1. We let both look for two words, and then the wider one
  //: for three. What has to come out is known by now: *he hit* for the first, *I was* for the second, and for
  //: three words what our own function has found:
  func shown(_ hypothesis: Hypothesis) -> String {
    text((hypothesis.tokens.map { words[$0] }, hypothesis.logProbability))
  }
  page.show("k = 1, two words", shown(search(width: 1, length: 2)[0]))
  page.show("k = 2, two words", shown(search(width: 2, length: 2)[0]))
  page.claim(
    "greedy loses", [1, 2].map { search(width: $0, length: 2)[0].logProbability }, equals: [-1.7, -1.6],
    within: 1e-6)
  page.claim(
    "the library's three words", search(width: 2, length: 3).map(\.logProbability), equals: [-2.5, -2.8],
    within: 1e-6)

  /*:
   ### Finished hypotheses, and how long they are

   Sentences end at different steps. A hypothesis that writes the end token is **finished**: it is set aside,
   with its score, and the beam goes on with others. The search is over when $k$ are finished and no open one
   has a better score than the worst of them, or at a maximum length.

   But how are a short and a long sentence to be compared? Every token costs probability, so sums favor the
   short. A long sentence deserves to be judged by its mean. The **length-normalized** score with an exponent
   $\alpha$, usually between 0.6 and 1, counts the end token, too:

   $$\mathrm{score}(y) = \frac{1}{(\tau')^{\alpha}} \sum_{t'=1}^{\tau'} \ln p(y_{t'} \mid \dots)$$

   A sum can only fall from word to word, but a mean can rise. So with $\alpha > 0$ an open hypothesis could
   still catch up when the search ends; but it is judged by the score that it has by then.

   Here a model may answer *yes* and be done, at −1.0 − 0.2, or say *the dogs run*, in four times −0.5:
   */
  let vocabulary = ["START", "END", "yes", "the", "dogs", "run"]
  let small = Tensor.full([6, 6], -Double.infinity, dtype: .float64)
  for (from, to, logP) in [
    (0, 2, -1.0), (2, 1, -0.2), (0, 3, -0.5), (3, 4, -0.5), (4, 5, -0.5), (5, 1, -0.5),
  ] {
    small[from, to] = Tensor(logP, dtype: .float64)
  }

  //: The same search, now with an end token, number 1. A hypothesis that writes it is not continued, but
  //: keeps its place among the results. In the end short and long ones are ranked together, by their scores
  //: with the exponent $\alpha$; the best comes first:
  func answer(alpha: Double) -> [Hypothesis] {
    beamSearch(from: (), start: 0, end: 1, width: 2, maximumLength: 6, lengthNormalization: alpha) {
      tokens, _ in
      (small[tokens], ())
    } select: { _, _ in
    }
  }

  //: With $\alpha = 0$ the sums themselves are compared, −1.2 against −2.0, and the short answer wins. With
  //: $\alpha = 1$ it is the means for each token. The short one has two tokens, the long one four, the end
  //: counted each time, and the order is reversed:
  for alpha in [0.0, 1.0] {
    let best = answer(alpha: alpha).map {
      "\($0.tokens.map { vocabulary[$0] }.joined(separator: " ")) \($0.score.shown(digits: 2))"
    }
    page.show("α = \(Int(alpha))", best.joined(separator: "   "))
  }
  page.claim("sums: the short one", answer(alpha: 0).map(\.score), equals: [-1.2, -2.0], within: 1e-6)
  page.claim("means: the long one", answer(alpha: 1).map(\.score), equals: [-0.5, -0.6], within: 1e-6)

  /*:
   ### How wide is wide enough?

   A beam that drops nothing has looked at every sentence. On a model that is small enough this can be
   checked. Five tokens, one of which ends, and at most four steps: $5^4 = 625$ rows of tokens. The models are
   decoders with random weights and a random context. (Their logits are tripled, so that they have an
   opinion.)
   */
  typealias Random = (decoder: Decoder, context: Tensor)
  let models = (0..<page.scale(quick: 20, standard: 40)).map { _ -> Random in
    (Decoder(tokens: 5, units: 8), Tensor.randn(1, 1, 8))
  }
  func logP(_ logits: Tensor) -> Tensor { (3 * logits).logSoftmax(dim: -1) }

  //: **Exhaustive search** scores all rows in one batch. The digits of a row's number, written with base 5,
  //: are its tokens. Every row is read behind the start token, number 0, and from the logarithms at each step
  //: we gather the one that belongs to the row's own token:
  let rows = (0..<625).map { n in [125, 25, 5, 1].map { n / $0 % 5 } }
  let inputs = Tensor(rows.map { [0] + $0.dropLast() })
  func logarithms(_ model: Random) -> [Double] {
    let all = model.decoder(inputs, model.context.expand(1, 625, 8)).logits
    return logP(all).gather(2, Tensor(rows).unsqueeze(2)).toArray(of: Double.self)
  }

  //: A row counts up to its end token, number 1, and what follows is ignored. (So several rows stand for the
  //: same short sentence, which does no harm.) Its score is the mean up to there, the end counted. We want
  //: the best row of all, and its score:
  func exhaustive(_ model: Random) -> (tokens: [Int], score: Double) {
    let each = logarithms(model)
    let scores = rows.indices.map { n -> Double in
      let length = rows[n].firstIndex(of: 1).map { $0 + 1 } ?? 4
      return each[4 * n..<4 * n + length].reduce(0, +) / Double(length)
    }
    let winner = scores.indices.max { scores[$0] < scores[$1] }!
    return (rows[winner].prefix { $0 != 1 }, scores[winner])
  }

  //: The beam search of the library takes steps of the same decoder, with a width of our choice. It ranks by
  //: means, too, for $\alpha$ is 1 where nothing else is said. Otherwise the two would look for different
  //: things, and could not be compared:
  func searching(_ model: Random, width: Int) -> Hypothesis {
    beamSearch(from: model.context, start: 0, end: 1, width: width, maximumLength: 4) { tokens, state in
      let (logits, next) = model.decoder(tokens.unsqueeze(1), state)
      return (logP(logits.squeeze(1)), next)
    } select: { state, rows in
      state.indexSelect(1, rows)
    }[0]
  }

  //: We let the width grow from greedy search to a beam that is never exceeded. For how many of the models
  //: does it find the best sentence there is? And where it does not, how much worse is what it finds? The
  //: mean score, over all models, tells:
  let truth = noGrad { models.map(exhaustive) }
  let widths = [1, 2, 4, 8, 625]
  let found = widths.map { width in models.map { searching($0, width: width) } }
  let hits = found.map { exactMatch($0.map(\.tokens), truth.map(\.tokens)) }
  func mean(_ scores: [Double]) -> Double { scores.reduce(0, +) / Double(scores.count) }
  page.show(
    "beam search",
    Table(
      ["k", "best found", "mean score"],
      zip(widths, zip(hits, found)).map { [$0, $1.0, mean($1.1.map(\.score))] }), digits: 4)
  page.claim("greedy search misses some", hits[0], isAtMost: 0.95)
  page.claim("a beam that covers all misses none", hits.last!, equals: 1)
  page.claim("with their scores", found.last!.map(\.score), equals: truth.map(\.score), within: 1e-5)

  /*:
   A small width goes a long way, and it is cheap. At each step beam search looks at $k$ times the vocabulary.
   Exhaustive search looks at the whole vocabulary for every beginning there is, and at each step there are
   four times as many of them, since one of the five tokens ends.

   ### On real sentences

   Now the translator of section 9.2. Sentences with new combinations, with greedy search and with a beam of
   four:
   */
  let (translator, _, fresh, _) = try sentences()
  let exam = Array(fresh.prefix(page.scale(quick: 40, standard: 200)))
  let results = [1, 4].map { width in exam.map { translator.searching($0.source, width: width) } }
  let texts = results.map { $0.map { translator.target.decode($0.tokens) } }
  let means = results.map { $0.map(\.score).reduce(0, +) / Double(exam.count) }
  let exact = texts.map { exactMatch($0, exam.map(\.target)) }

  //: The score is the mean logarithm for each token. So the first line tells how good it is, in the eyes of
  //: the model, what greedy search finds and what the beam finds. The second counts for how many sentences
  //: the beam finds something better, as good, or worse. (Worse it can be, since the beam, too, drops
  //: beginnings.) The last line tells how good both are in our eyes, by exact match:
  let leads = zip(results[0], results[1]).map { $1.score - $0.score }
  let (better, worse) = (leads.count { $0 > 1e-4 }, leads.count { $0 < -1e-4 })
  page.show("mean score", means, digits: 4, note: "greedy, beam")
  page.show(
    "better, as good, worse", [better, exam.count - better - worse, worse], note: "the beam's sentences")
  page.show("exact", exact, digits: 3, note: "greedy, beam")
  page.claim(
    "the beam hardly ever finds a worse one", Double(worse) / Double(exam.count),
    isAtMost: page.scale(quick: 0.2, standard: 0.05))
  if !page.options.isQuick {
    page.claim("both are right about equally often", exact[1] - exact[0], equals: 0, within: 0.08)
  }

  /*:
   The beam finds what the model holds for more probable, or the same, with hardly an exception. Whether that is
   also more often *right* is up to the model, and here it hardly matters. Why? A wrong translation may come of
   either of two things. Either the search has missed the right one, though the model would have liked it
   better. Or the model likes the wrong one better.

   To tell which, we need the score of the right translation. It is the normalized loss of this one pair, with
   its sign changed:
   */
  func scoreOfRight(_ pair: TextPair) -> Double {
    let data = EncodedPairs([pair], source: translator.source, target: translator.target)
    let one = PaddedPairs([data[0]])
    return noGrad { -loss(of: translator.model(one), one.target).item() }
  }

  //: Now take the sentences that the beam got wrong, and count for how many of them the model gives its own
  //: translation a score at least as good as that of the right one. There no search could have helped, not
  //: even one that looks at all sentences:
  let missed = exam.indices.filter { texts[1][$0] != exam[$0].target }
  let preferred = missed.count { results[1][$0].score >= scoreOfRight(exam[$0]) }
  page.show("wrong, and preferred to the right one", [missed.count, preferred])
  page.claim(
    "the model errs, not the search", Double(preferred),
    isAtLeast: page.scale(quick: 0.5, standard: 0.8) * Double(missed.count))

  /*:
   So the mistakes are the model's own. It errs with conviction: the right word was lost on the way through
   the context, and no search brings it back. A model that hesitates between good sentences, as in real
   translation, gains more from a beam. A width of 4 to 10 is usual.

   ### Nearly right: BLEU

   Exact match is a hard judge: one wrong article, and a sentence of ten words counts nothing. And for real
   sentences there are many right translations. **BLEU** asks how much a candidate has in common with a
   reference. An **n-gram** is a run of $n$ words. Let $p_n$ be the part of the candidate's n-grams that also
   occur in the reference, each counted at most as often as it stands there, for $n$ from 1 to 4:

   $$\mathrm{BLEU} = \mathrm{BP} \cdot \left( p_1\, p_2\, p_3\, p_4 \right)^{1/4} \qquad
     \mathrm{BP} = \min\left(1, e^{1 - \tau_r / \tau_c}\right)$$

   The single words, $p_1$, tell whether the right words are there at all; the longer runs, whether they stand
   in the right order. The root of the fourth order makes of the product a mean of the four, the geometric
   one.

   Who writes only what is certain gets a high $p_n$. The **brevity penalty** BP is against that: $\tau_c$ is
   the length of the candidate, $\tau_r$ that of the reference. By hand, for four words of six that are all
   right: all $p_n$ are 1, and $\mathrm{BP} = e^{1 - 6/4} = 0.6065$.
   */
  let reference = "el gato negro come una manzana".split(separator: " ")
  let short = BLEU(["el gato negro come".split(separator: " ")], [reference])
  page.show("too short", [short.brevityPenalty, short.score], digits: 4, note: "BP, BLEU")
  page.claim("e^(1 − 6/4) = 0.6065", short.score, equals: 0.6065, within: 5e-5)

  /*:
   Now the adjective in the wrong place, *el negro gato come una manzana*. All six words occur, $p_1 = 6/6$.
   Of the five pairs only *come una* and *una manzana* do, $p_2 = 2/5$. Of the four triples one, $p_3 = 1/4$.
   Of the three quadruples none, so the product is 0. For a single sentence that is too strict, and one adds 1
   to both counts of every order above the first: $(1 \cdot \frac{3}{6} \cdot \frac{2}{5} \cdot
   \frac{1}{4})^{1/4} = 0.05^{1/4} = 0.4729$.
   */
  let swapped = "el negro gato come una manzana".split(separator: " ")
  page.show("precisions", BLEU([swapped], [reference]).precisions, digits: 3)
  page.show("one sentence, smoothed", BLEU(sentence: swapped, reference).score, digits: 4)
  page.claim(
    "6/6, 2/5, 1/4, 0", BLEU([swapped], [reference]).precisions, equals: [1, 0.4, 0.25, 0], within: 1e-9)
  page.claim("0.05^¼ = 0.4729", BLEU(sentence: swapped, reference).score, equals: 0.4729, within: 5e-5)

  /*:
   Over many sentences all counts are added up before anything is divided. Then there are always some
   quadruples that are right, and no smoothing is needed. Our translator once more, greedy and with the beam.
   Many of its wrong sentences are wrong in a single word, as we saw, so BLEU should think better of it than
   exact match does:
   */
  func tokens(_ text: String) -> [Substring] { text.split(separator: " ") }
  let bleu = texts.map { BLEU($0.map(tokens), exam.map { tokens($0.target) }).score }
  page.show("BLEU", bleu, digits: 3, note: "greedy, beam")
  page.claim("kinder than exact match", bleu[0], isAtLeast: exact[0])
}

/*:
 ## 9.4 The bottleneck

 However long the source is, the context has one size. Three words or thirty, they must fit into the same 128
 numbers. How much does fit? To measure it we need a task in which nothing can be guessed and nothing
 abbreviated: copying random digits. The network reads a number and has to write the same number.
 */
notebook.section("9.4", "The bottleneck") { page in
  //: The strings have random digits and random lengths, and source and target are the same. Nothing in them
  //: can be foreseen: whatever stands before a digit, all ten are equally likely to come next. A decoder that
  //: has lost one can only guess it, and is right one time in ten:
  let longest = page.scale(quick: 8, standard: 16)
  func digits(_ count: Int, lengths: ClosedRange<Int>) -> [TextPair] {
    let generator = Generator.default
    return (0..<count).map { _ in
      let length = generator.nextInt(in: Range(lengths))
      let text = (0..<length).map { _ in "\(generator.nextInt(in: 0..<10))" }.joined()
      return TextPair(text, text)
    }
  }

  //: Training strings have all lengths from 2 on, equally often, so that the long ones are not neglected. Of
  //: two digits there are only a hundred strings, and the network meets most of them. Of the longest it will
  //: hardly see one twice, so that nothing is to be had there by heart:
  let train = digits(page.scale(quick: 2500, standard: 10_000), lengths: 2...longest)
  for pair in train.prefix(3) { page.show(pair.source, pair.target) }

  //: Three networks of different width learn it, with the same data and as many steps. They differ in the
  //: number of their units, and so in the size of the context, and in nothing else. Then each is tested on
  //: 200 strings of every other length, freshly drawn:
  let widths = page.scale(quick: [16, 48], standard: [32, 64, 128])
  let lengths = Array(stride(from: 2, through: longest, by: 2))
  let curves = page.progress(widths, "widths").map { units -> [Double] in
    let copier = Translator(train, tokenizer: CharacterTokenizer(), units: units)
    copier.train(on: train, epochs: page.scale(quick: 5, standard: 4, full: 20), lr: 0.01)
    return lengths.map { copier.exact(digits(200, lengths: $0...$0)) }
  }

  //: For each length, the part of the strings that come out without a mistake in any digit. Read a column
  //: downward to see what becomes of one network as strings get longer, and a row from left to right to see
  //: what a wider context is worth:
  let rows: [[any Showable]] = zip(lengths, lengths.indices).map { length, i in
    [length] + curves.map { $0[i] }
  }
  page.show("exact", Table(["digits"] + widths.map { "\($0) units" }, rows), digits: 2)
  for (units, curve) in zip(widths, curves) {
    page.claim("\(units) units: long strings are lost", curve.last!, isAtMost: 0.35)
    page.claim("\(units) units: worse than short ones", curve[0] - curve.last!, isAtLeast: 0.25)
  }

  //: Every curve falls: each network copies far more of the shortest strings than of the longest, most of
  //: which are lost. A wider context moves the fall to the right but does not prevent it. Adding up a column
  //: says in one number how far it reaches:
  let sums = curves.map { $0.reduce(0, +) }
  for (narrow, wide) in zip(sums, sums.dropFirst()) {
    page.claim("a wider context holds more", wide, isAtLeast: narrow)
  }

  //: One objection. If every digit went wrong with the same small probability, wherever it stands, long
  //: strings would be right less often, too: with $p$ for one digit it would be $p^n$ for $n$ of them. Then
  //: the $n$-th root of the share would be the same for all lengths. Here is that root for the widest network;
  //: is it the same?
  let single = zip(lengths, curves.last!).map { length, share in pow(share, 1 / Double(length)) }
  page.show("right digits, from that", single, digits: 2)
  if !page.options.isQuick {
    page.claim("fewer in long strings", single.last { $0 > 0 }!, isAtMost: single[0] - 0.05)
  }

  /*:
   So each digit itself gets less certain, the more of them there are: they are in each other's way. (Where no
   string at all was right, the root can only be 0.)

   Is it the length, then, the number of steps that something has to be carried? Dates can tell. They are
   written in few characters or in many, and always mean one day. Those of section 9.2 are between 8 and 53
   characters long. Here are 2,000 unseen ones:
   */
  let (reader, _, _, _) = try dates()
  let unseen = WrittenDates(train: false, count: page.scale(quick: 300, standard: 2000)).pairs
  let isRight = zip(reader.translating(unseen.map(\.source)), unseen).map { $0 == $1.target }

  //: We put them into five groups by their length, and count in each how many are read right. If it were the
  //: number of steps that wears a context out, the last group would have to be the worst, for what stands at
  //: its beginning is carried farthest:
  let bins = [8...12, 13...17, 18...24, 25...34, 35...53]
  let byLength = bins.map { bin -> Double in
    let own = unseen.indices.filter { bin.contains(unseen[$0].source.count) }
    return Double(own.count { isRight[$0] }) / Double(own.count)
  }
  page.show("exact", Table(bins.map { "\($0.lowerBound) to \($0.upperBound)" }, [byLength]), digits: 3)
  page.claim("none is shorter or longer", unseen.allSatisfy { (8...53).contains($0.source.count) })
  if !page.options.isQuick {
    page.claim("long dates are read no worse than short ones", byLength[4] - byLength[0], isAtLeast: 0)
  }
  page.figure("bottleneck", bottleneckFigure(widths, lengths, curves, bins, byLength))

  /*:
   The long ones are even read better! However many words a date takes, it says the same: a year, a month, a
   day. In eight characters every one counts, and the order must be known; in fifty, half are there for
   courtesy. So it is not the number of steps that a context cannot hold, but the amount of **information**.
   Each random digit adds to it, and a longer text usually says more.
   */

  /*:
   How bad is it? Sixteen digits are 53 bits, and 128 numbers of 32 bits ought to hold them many times over.
   But they must be written there by a recurrent network, one after the other, so that none overwrites the
   others, and read out again, in order. That is hard to learn, and it gets harder with every digit.

   What would a person do? Not learn the number by heart, but look at it again for every digit. A decoder that
   could look back at the encoder's states, all of them, and choose at each step which it needs, would not
   have to carry everything through one vector. That is **attention**, the subject of chapter 10.
   */
  page.claim("log₂ 10¹⁶ is 53 bits", 16 * log2(10.0), equals: 53, within: 0.2)
}

/*:
 ## 9.5 Autoencoders

 A bottleneck can also be what one wants. Let a network read a picture and write *the same picture*, through a
 vector that is much smaller. No labels are needed, the target is the input. Whoever can describe a picture
 with 16 numbers, so well that another can draw it, must have found out what pictures have in common.

 Such a pair is an **autoencoder**. Its encoder makes a **code** $h = f(x)$ of a picture, its decoder a
 **reconstruction** $\hat x = g(h)$, and the loss is the distance of the two:

 $$E = \frac{1}{N D} \sum_n \lVert x^{(n)} - g(f(x^{(n)})) \rVert^2$$

 where $D = 784$ is the number of pixels.
 */
final class Autoencoder: Module {
  let encoder: Sequential
  let decoder: Sequential

  init(_ encoder: Sequential, _ decoder: Sequential) {
    self.encoder = encoder
    self.decoder = decoder
  }

  /*:
   A code is a row of numbers. The decoder takes it as a picture with one pixel and many channels, which will
   be convenient for convolutions. The sigmoid makes pixels between 0, black, and 1, white. Whatever layers
   are inside, (batch, 1, 28, 28) comes out, as it went in, so that picture and reconstruction can be compared
   pixel by pixel:
   */
  func decode(_ code: Tensor) -> Tensor {
    decoder(code.unsqueeze(2).unsqueeze(3)).sigmoid().reshape(-1, 1, 28, 28)
  }

  override func forward(_ x: Tensor) -> Tensor { decode(encoder(x)) }
}

//: The first kind has dense layers, one hidden layer of 128 units on each side: from 784 numbers by way of 128
//: to the code, and the same way back. The hidden layers have ReLU, without which everything up to the sigmoid
//: would be one linear function. The code itself has no activation function, so that it may be any number:
func denseAutoencoder(code: Int) -> Autoencoder {
  Autoencoder(
    Sequential(Flatten(), Linear(784, 128), ReLU(), Linear(128, code)),
    Sequential(Flatten(), Linear(code, 128), ReLU(), Linear(128, 784)))
}

/*:
 The second is convolutional. With stride 2 its layers halve the picture to 14 × 14 and 7 × 7, and the last
 kernel, as large as what is left, makes the code. The decoder has to go the other way, from small to large:
 that takes **transposed convolutions**, explained below.
 */
func convolutionalAutoencoder(code: Int) -> Autoencoder {
  Autoencoder(
    Sequential(
      Conv2d(1, 8, 3, stride: 2, padding: 1), ReLU(), Conv2d(8, 16, 3, stride: 2, padding: 1), ReLU(),
      Conv2d(16, code, 7), Flatten()),
    Sequential(
      ConvTranspose2d(code, 16, 7), ReLU(), ConvTranspose2d(16, 8, 4, stride: 2, padding: 1), ReLU(),
      ConvTranspose2d(8, 1, 4, stride: 2, padding: 1)))
}

//: Training goes through the pictures in batches of 64. Note what is not there: a label. The picture `x` is
//: what goes in and also what ought to come out. A `noise` may be added to what the encoder reads, never to
//: the target; that is for later in this section.
func train(_ model: Autoencoder, on pictures: Tensor, epochs: Int, noise: Double = 0) {
  let loader = DataLoader(TensorDataset(pictures), batchSize: 64, shuffle: true)
  let optimizer = Adam(model.parameters(), lr: 0.01)
  let schedule = CosineAnnealingLR(optimizer, tMax: epochs * loader.count)
  for _ in 0..<epochs {
    for x in loader {
      optimizer.zeroGrad()
      mseLoss(model(noise > 0 ? noisy(x, noise) : x), x).backward()
      optimizer.step()
      schedule.step()
    }
  }
}

//: The noise is normal, with a given standard deviation, and drawn for every pixel by itself. Noisy pixels
//: are cut off to stay between 0 and 1, as those of a picture must. So a black pixel can only get lighter,
//: and a white one only darker:
func noisy(_ x: Tensor, _ deviation: Double) -> Tensor {
  (x + deviation * Tensor.randn(like: x)).clamp(min: 0, max: 1)
}

//: The pictures are those of chapter 7: Fashion-MNIST, or, where that is not installed, digits drawn from
//: strokes. They are read once, for this section and the next. There we shall name what they show; here their
//: labels are not needed before the end:
let clothes = notebook.once {
  let folder = notebook.options.dataDirectory
  return (
    train: try FashionMNIST.orStrokeDigits(root: folder, train: true),
    test: try FashionMNIST.orStrokeDigits(root: folder, train: false)
  )
}

notebook.section("9.5", "Autoencoders") { page in
  //: Ten thousand pictures are to learn from. The methods are compared on others, the first two thousand of
  //: the test set. For whoever draws a picture that he has seen may simply remember it; only a new one shows
  //: whether 16 numbers tell enough:
  let (training, testing) = try clothes()
  let x = training.images[0..<page.scale(quick: 1500, standard: 10_000, full: 60_000)]
  let test = testing.images[0..<page.scale(quick: 500, standard: 2000)]
  let epochs = page.scale(quick: 4, standard: 5, full: 20)

  /*:
   ### The rival

   PCA (section 2.6) compresses, too: the code is how much of each of the first $k$ principal axes a picture
   needs, $h = A^\top (x - \mu)$, and the reconstruction is $\hat x = \mu + A h$. Both are linear. What is
   more, no linear code of $k$ numbers has a smaller error on the data that it was made for. We use a shorter
   form of the function of section 2.6.
   */
  let mean = x.mean(dim: 0).flatten()
  let centered = x.flatten(1) - mean
  let axes = principalAxes(of: centered.T.matmul(centered) / (x.shape[0] - 1), count: 16)
  func projected(_ x: Tensor, _ k: Int) -> Tensor {
    let a = axes[.all, ..<k]
    return (mean + (x.flatten(1) - mean).matmul(a).matmul(a.T)).reshape(x.shape)
  }

  //: An autoencoder without hidden layers and without a sigmoid is linear as well: one matrix down to the
  //: code, one up again. Does gradient descent, which knows nothing of axes and variances, find what PCA
  //: computes? Trained long enough it comes as near to PCA as you like, and never below:
  let (down, up) = (Linear(784, 2, bias: false), Linear(2, 784, bias: false))
  let optimizer = Adam(down.parameters() + up.parameters(), lr: 3e-3)
  let all = centered[0..<2000]
  for _ in 0..<400 {
    optimizer.zeroGrad()
    mseLoss(up(down(all)), all).backward()
    optimizer.step()
  }

  //: What it may not go below is the error of PCA on the same 2,000 pictures, with two axes. We have to
  //: compute these axes anew, from these pictures alone. Those above are the best for the whole training set,
  //: and so not quite the best for a part of it:
  let own = principalAxes(of: all.T.matmul(all) / 2000, count: 2)
  let bound = mseLoss(all.matmul(own).matmul(own.T), all).item()
  let linear = noGrad { mseLoss(up(down(all)), all).item() }
  page.show("error", [bound, linear], digits: 5, note: "PCA with 2 axes, linear autoencoder")
  page.claim("not below PCA", linear, isAtLeast: bound - 1e-5)
  page.claim("but near", linear, isAtMost: 1.1 * bound)

  //: The two errors nearly agree. So an autoencoder can be better than PCA only because it is not linear. Is
  //: it? Two numbers for a picture, then 16, with dense layers; and 16 with convolutions. To be fair, all see
  //: the same pictures equally often, and PCA gets the same two numbers, or 16.
  let dense = [2, 16].map { code in
    let model = denseAutoencoder(code: code)
    train(model, on: x, epochs: epochs)
    return model
  }
  let convolutional = convolutionalAutoencoder(code: 16)
  train(convolutional, on: x, epochs: epochs)

  //: We compare the reconstructions of test pictures, which none of the five has seen. The error is the mean
  //: of the squared differences of pixels. Its root tells roughly how far off a pixel is, on a scale where
  //: black is 0 and white is 1:
  func error(_ reconstruction: Tensor) -> Double { mseLoss(reconstruction, test).item() }
  let drawn = noGrad {
    [projected(test, 2), dense[0](test), projected(test, 16), dense[1](test), convolutional(test)]
  }
  let names = ["PCA, 2", "dense, 2", "PCA, 16", "dense, 16", "convolutional, 16"]
  let errors = drawn.map(error)
  page.show("error on test pictures", Table(names, [errors]), digits: 4)

  //: Is that much or little? Who knows nothing about a picture can only draw the mean of all pictures. The
  //: error of that is the variance of the pixels, which chapter 2 split up among the axes of PCA. An error
  //: divided by it is the part of the variance that a code leaves unexplained:
  let blank = (test - mean.reshape(1, 28, 28)).square().mean().item()
  page.show("the mean picture alone", blank, digits: 4)
  page.show("unexplained", Table(names, [errors.map { $0 / blank }]), digits: 2)
  page.claim("all say more than the mean picture", errors, isAtMost: 0.95 * blank)
  if !page.options.isQuick {
    page.claim("2 numbers: better than PCA", errors[1], isAtMost: 0.85 * errors[0])
    page.claim("16 numbers: better than PCA", errors[3], isAtMost: 0.97 * errors[2])
    page.claim("with convolutions, too", errors[4], isAtMost: errors[2])
    page.claim("more numbers, a smaller lead", errors[3] / errors[2], isAtLeast: errors[1] / errors[0])
  }

  /*:
   In the figure each column is one picture, with its five reconstructions below it. Compare the second row
   with the third, two numbers each. PCA can only add and subtract its two axes, and lays the ghosts of
   several garments upon each other. The autoencoder decides for one. How many parameters do the last two rows
   need for that?
   */
  page.show(
    "parameters", [dense[1].parameterCount, convolutional.parameterCount], note: "dense, convolutional")
  page.figure("reconstructions", reconstructionsFigure(test, drawn, names))

  /*:
   With two numbers the autoencoder's lead is large: pictures of clothes do not lie in a plane, but not far
   from a curved surface. The more numbers a code has, the smaller is the lead. The convolutional one comes
   near the dense one with 28,553 parameters for its 205,856. And look at what all lose: the print on a
   sweater, the pattern of a shirt. The loss is a mean over pixels, and small things have few.

   ### The way back up

   A convolution with stride 2 makes a small picture of a large one. It is linear, so it is a matrix $M$, as
   section 7.3 built it. A **transposed convolution** is the product with $M^\top$: it makes a large picture
   of a small one, each pixel painting the kernel, scaled, into the result; where paintings overlap they add
   up. The mark of the transpose is that $\langle M x, y \rangle = \langle x, M^\top y \rangle$ for all $x$
   and $y$:
   */
  let kernel = Tensor.randn(3, 1, 4, 4)
  let (large, little) = (Tensor.randn(1, 1, 28, 28), Tensor.randn(1, 3, 14, 14))
  let left = (conv2d(large, kernel, stride: 2, padding: 1) * little).sum().item()
  let right = (large * convTranspose2d(little, kernel, stride: 2, padding: 1)).sum().item()
  page.show("⟨Mx, y⟩, ⟨x, Mᵀy⟩", [left, right], digits: 4)
  page.claim("the transpose", right, equals: left, within: 1e-3 * (1 + abs(left)))

  //: Its sizes are those of the convolution, read backward: with a kernel of $K$, stride $S$ and padding $P$
  //: a side of $n$ becomes $(n - 1) S - 2P + K$. The first pixel paints $K$ places, each next one begins
  //: $S$ places farther on, and the padding is cut off at both ends. In our decoder 1, 7, 14, 28:
  var h = Tensor.zeros(1, 16, 1, 1)
  var sides: [Int] = []
  for layer in [0, 2, 4].map({ convolutional.decoder[$0] }) {
    h = noGrad { layer(h) }
    sides.append(h.shape[3])
  }
  page.show("sides", sides)
  page.claim("(n − 1) S − 2P + K", sides, equals: [7, (7 - 1) * 2 - 2 + 4, (14 - 1) * 2 - 2 + 4])

  /*:
   ### The plane of codes

   A code of two numbers is a point, and so all codes can be seen at once. Here are those of 1,000 test
   pictures, colored by class, which the autoencoder was never told; beside them the first two coordinates of
   PCA. Look for colors that lie upon each other on the left and apart on the right:
   */
  let few = page.scale(quick: 300, standard: 1000)
  let labels = Array(testing.labels.prefix(few))
  let planes = noGrad {
    [(test[0..<few].flatten(1) - mean).matmul(axes[.all, ..<2]), dense[0].encoder(test[0..<few])]
  }
  page.figure("latent-plane", latentPlaneFigure(planes, labels, testing.classes))

  /*:
   How well are the classes separated? For each point we look for its nearest neighbor among the others. Is it
   of the same class? All squared distances come from one matrix product, by $\lVert a - b \rVert^2 = \lVert a
   \rVert^2 + \lVert b \rVert^2 - 2\, a \cdot b$. A large number on the diagonal keeps each point from being
   its own neighbor:
   */
  func neighborAgrees(_ codes: Tensor) -> Double {
    let squares = codes.square().sum(dim: 1)
    let distances = squares.unsqueeze(1) + squares - 2 * codes.matmul(codes.T)
    let others = distances + 1e9 * Tensor.eye(codes.shape[0])
    let nearest = others.argmin(dim: 1).toArray(of: Int.self)
    return exactMatch(nearest.map { labels[$0] }, labels)
  }
  let agreement = planes.map(neighborAgrees)
  page.show("nearest neighbor of the same class", agreement, digits: 3, note: "PCA, autoencoder")

  /*:
   By chance it would be one in ten, for there are ten classes, equally frequent. Two numbers of a picture are
   enough for both methods to do far better. Nobody told them that there are classes. But pictures of one kind
   are alike, and who has to draw them with few numbers does well to give like codes to like pictures:
   */
  page.claim("better than chance", agreement, isAtLeast: 0.25)
  page.claim(
    "the autoencoder separates more", agreement[1] - agreement[0],
    isAtLeast: page.scale(quick: -0.2, standard: 0.01))

  //: What lies between the codes? A code need not come from a picture: the decoder draws any point of the
  //: plane. We take a grid of 8 by 8 points that spans most of the codes. In each direction it leaves out the
  //: outermost twentieth on either side, where a few odd pictures lie far away from all others:
  func range(_ i: Int) -> (low: Double, high: Double) {
    let sorted = planes[1][.all, i].toArray(of: Double.self).sorted()
    return (sorted[few / 20], sorted[few - few / 20])
  }
  func place(_ step: Int, in range: (low: Double, high: Double)) -> Double {
    range.low + Double(step) / 7 * (range.high - range.low)
  }
  let (across, upward) = (range(0), range(1))
  let grid = (0..<64).map { [place($0 % 8, in: across), place(7 - $0 / 8, in: upward)] }
  page.figure("decoded-plane", decodedPlaneFigure(noGrad { dense[0].decode(Tensor(grid)) }))

  /*:
   Between a trouser and a dress lies something of both. But there are also places where the decoder draws
   nothing sensible: no training picture had its code there, and nobody told the encoder to leave no gaps.
   Chapter 12 will tell it.

   ### Cleaning pictures

   Give the encoder a picture with noise, and ask for the picture without. That is a **denoising
   autoencoder**. It cannot copy its input, even if its code were large enough; it has to know what clothes
   look like.
   */
  let deviation = 0.4
  let cleaner = denseAutoencoder(code: 16)
  train(cleaner, on: x, epochs: epochs, noise: deviation)
  let dirty = noisy(test, deviation)
  let cleaned = noGrad { [dirty, dense[1](dirty), cleaner(dirty)] }
  let dirt = cleaned.map(error)
  page.show("error", Table(["noisy", "plain autoencoder", "denoising"], [dirt]), digits: 4)

  //: The first number is what the noise did. Normal noise has the mean square $0.4^2 = 0.16$, but where it
  //: would make black blacker or white whiter it was cut off. What is left is still about as bad as knowing
  //: nothing but the mean picture. Now see how much of it is gone:
  page.claim("even the plain one cleans", dirt[1], isAtMost: page.scale(quick: 1, standard: 0.7) * dirt[0])
  page.claim("cleaner than before", dirt[2], isAtMost: page.scale(quick: 0.6, standard: 0.33) * dirt[0])
  page.claim("0.16, less what was cut off", dirt[0], isAtMost: deviation * deviation)
  page.claim(
    "and than without practice", dirt[2], isAtMost: page.scale(quick: 1.05, standard: 0.8) * dirt[1])
  page.figure("denoising", denoisingFigure(test, cleaned))

  /*:
   The plain autoencoder cannot draw noise, for it has no words for it in its code. But the noise leads it
   astray, and it draws something blurred or of another kind. The one that has practiced sees through it.

   ### An encoder under a classifier

   In section 7.9 a network was good for a new task because it had learned another one with *labels*. An
   autoencoder has learned without. Is its encoder a good start for a classifier, when there are only a few
   labeled pictures and thousands without a label?

   Three ways compete, each with the same labeled pictures. A linear layer on the frozen code, 170
   parameters; the encoder with a new layer of that kind, tuned as a whole; and the same network from scratch.
   */
  func learn(_ model: Module, _ x: Tensor, _ y: Tensor, lr: Double) {
    let optimizer = Adam(model.parameters(), lr: lr)
    for _ in 0..<page.scale(quick: 40, standard: 120) {
      optimizer.zeroGrad()
      crossEntropy(model(x), y).backward()
      optimizer.step()
    }
  }

  //: The codes are scaled to a standard deviation of 1, as features should be (chapter 2); the autoencoder
  //: did not care how large its numbers were. They can be computed once for all, since the frozen encoder
  //: does not change. After that the pictures are not needed any more, and 16 numbers stand for each:
  let spread = noGrad { dense[1].encoder(x[0..<1000]).std(dim: 0) }
  let exam = testing.targets[0..<test.shape[0]]
  let testCodes = noGrad { dense[1].encoder(test) / spread }

  //: Given some labeled pictures, the three learn, and are tested on the same test pictures. The first is a
  //: linear layer on the codes, nothing more. The second will change its encoder; so it gets a copy, for the
  //: original is needed again with the next labels:
  func compete(_ x: Tensor, _ y: Tensor) throws -> [Double] {
    let head = Linear(16, 10)
    learn(head, noGrad { dense[1].encoder(x) / spread }, y, lr: 0.01)
    let copy = denseAutoencoder(code: 16)
    try copy.loadStateDict(dense[1].stateDict())

    //: The second and the third are the same network, an encoder and a new linear layer on its code. One starts
    //: with the learned encoder, the other with random weights. Learning rate and steps are the same, so that
    //: any difference between them comes from the start:
    let bodies = [copy, denseAutoencoder(code: 16)].map(\.encoder)
    let networks = bodies.map { Sequential($0, Linear(16, 10)) }
    for network in networks { learn(network, x, y, lr: 1e-3) }
    return noGrad { [accuracy(head(testCodes), exam)] + networks.map { accuracy($0(test), exam) } }
  }

  //: Which pictures get a label is a matter of luck, and matters much when they are few. So, as in section
  //: 7.9, every experiment is made with several draws. In each draw every class gets equally many labels, for
  //: pictures drawn at random from all that the class has:
  let counts = page.scale(quick: [1, 10], standard: [1, 3, 10, 30])
  let draws = page.scale(quick: 2, standard: 5, full: 20)
  func labeled(_ count: Int) -> Tensor {
    let labels = training.labels.prefix(x.shape[0])
    return cat(
      (0..<10).map { label in
        let places = Tensor(labels.indices.filter { labels[$0] == label })
        return places[Tensor.randperm(places.count)[0..<count]]
      })
  }

  //: From one labeled picture of each class to thirty, and for each number several draws. Within a draw the
  //: three ways get the very same labeled pictures, so that a lucky choice helps all of them and decides
  //: nothing between them:
  let results = try page.progress(counts, "numbers of labels").map { count in
    var averages = Array(repeating: RunningAverage(), count: 3)
    for _ in 0..<draws {
      let chosen = labeled(count)
      for (way, result) in try compete(x[chosen], training.targets[chosen]).enumerated() {
        averages[way].add(result)
      }
    }
    return averages
  }

  //: The table has the mean of the draws, and their standard deviation, which is the band in the figure. From
  //: top to bottom it says what labels are worth; from left to right, what ten thousand pictures without
  //: labels were worth. Differences within the bands say little:
  let ways = ["frozen code", "tuned", "from scratch"]
  let table: [[any Showable]] = zip(counts, results).map { count, averages in
    [count] + averages.map { "\($0.mean.shown(digits: 3)) ± \($0.std().shown(digits: 3))" }
  }
  page.show("test accuracy", Table(["labels per class"] + ways, table))
  page.figure("few-labels", fewLabelsFigure(counts, results, ways))
  let leads = (0...1).map { way in
    results.map { $0[way].mean - $0[2].mean }.reduce(0, +) / Double(results.count)
  }
  page.show("mean lead", leads, digits: 3, note: "frozen and tuned, over learning from scratch")
  page.claim(
    "no large gain, no large loss", leads,
    isBetween: page.scale(quick: -0.2, standard: -0.1)...page.scale(quick: 0.1, standard: 0.05))

  /*:
   All three lie close together. The thousands of pictures without labels have gained next to nothing over
   starting from scratch, and that is less than one hopes for. But think of what the code was made for: a
   small mean error over all *pixels*. It keeps what is large and bright, the outline and the gray of the
   cloth. What tells a shirt from a coat is a row of buttons, a few pixels, and the code has let it go. The
   features of section 7.9 were learned with labels, if of other things, and knew what makes a difference.

   What remains to its credit is size: only 170 of the 102,714 parameters had to be learned from labels, and
   pictures once encoded can be kept as 16 numbers each.
   */
  page.show(
    "parameters", [Linear(16, 10).parameterCount, dense[1].encoder.parameterCount + 170],
    note: "head alone, with encoder")
  page.claim("102,714", dense[1].encoder.parameterCount + 170, equals: 102_714)

  /*:
   And learning without labels does become powerful, when the task is harder than copying. To guess the next
   word of a text, as the character model of section 8.7 guesses its next character, one has to know what the
   text is about. Chapter 11 builds on that.
   */
}

/*:
 ## 9.6 Describing pictures

 The decoder does not know where its context comes from. Give it one that a convolutional network has made of
 a picture, and it will describe the picture. The encoder is new, the decoder is that of section 9.1, and so
 is the loss.
 */
final class Captioner: Module {
  let encoder: Sequential
  let decoder: Decoder

  init(words: Int, units: Int) {
    /*:
     Three times convolution, batch norm and ReLU, as in section 7.8, each halving the picture by its stride.
     Two garments side by side are 28 × 56 pixels; that becomes 14 × 28, then 7 × 14, then 4 × 7, with 16
     channels. From these numbers a linear layer makes the context, as long as a state of the decoder:
     */
    func unit(_ channels: Int, _ filters: Int, kernel: Int) -> [Module] {
      let convolution = Conv2d(channels, filters, kernel, stride: 2, padding: kernel / 2, bias: false)
      return [convolution, BatchNorm2d(filters), ReLU()]
    }
    encoder = Sequential(
      unit(1, 8, kernel: 5) + unit(8, 16, kernel: 3) + unit(16, 16, kernel: 3)
        + [Flatten(), Linear(16 * 4 * 7, units)])
    decoder = Decoder(tokens: words, units: units)
  }

  //: For training it takes pictures and right captions, and as with sentences the decoder reads the right
  //: words. Only the first state of it comes from elsewhere. The context is a row for each picture, while a
  //: GRU's state is (1, batch, units); so a dimension is added:
  func callAsFunction(_ pictures: Tensor, _ captions: PaddedSequences) -> Tensor {
    decoder(captions.inputs, encoder(pictures).unsqueeze(0)).logits
  }

  //: For use there are only pictures, and greedy search writes the captions. Compare it with `writing` in
  //: section 9.1: only the first line is new. Whether a sentence or a picture is to be told, the decoder goes
  //: on from a vector, and cannot know where that came from.
  func describing(_ pictures: Tensor, start: Int, end: Int) -> [[Int]] {
    noGrad {
      let context = encoder(pictures).unsqueeze(0)
      return greedySearch(
        from: context, start: Array(repeating: start, count: pictures.shape[0]), end: end, maximumLength: 12
      ) { tokens, state in
        let (logits, next) = decoder(tokens.unsqueeze(1), state)
        return (logits.squeeze(1), next)
      }
    }
  }
}

notebook.section("9.6", "Describing pictures") { page in
  /*:
   A picture of one garment would be a matter of classification. So each of our scenes shows two, side by
   side, from Fashion-MNIST, and its caption says what is where. A small grammar writes the captions: two
   different things are *a bag left of a sandal*, two of a kind *two bags*. (Shirts are left out, for they
   are too easily taken for coats.)
   */
  let (training, testing) = try clothes()
  let scenes = GarmentScenes(training, heldOut: false, count: page.scale(quick: 1500, standard: 10_000))
  let vocabulary = Vocabulary(of: scenes.captions, tokenizer: WordTokenizer())
  page.show("a scene", scenes[0].image.shape, note: scenes.captions[0])
  page.show("words", vocabulary.tokens.joined(separator: " "))

  //: The loader has to make batches of pairs of another kind, a picture with a text. That is what `collate`
  //: is for: it gets the examples of a batch and says how they become tensors. Pictures are stacked, and
  //: captions are encoded and padded as before.
  let loader = DataLoader(
    scenes, batchSize: 64, shuffle: true,
    collate: { batch in
      (
        pictures: stack(batch.map(\.image)),
        captions: PaddedSequences(batch.map { vocabulary.encode($0.caption, start: true, end: true) })
      )
    })

  //: The network is small. Most of its parameters are in two places, the linear layer that makes the context
  //: and the GRU that reads it. The schedule is that of section 7.7, which begins with short steps, lengthens
  //: them, and ends with very short ones:
  let model = Captioner(words: vocabulary.count, units: 128)
  page.show("parameters", model.parameterCount)
  let epochs = page.scale(quick: 2, standard: 4, full: 12)
  let optimizer = Adam(model.parameters(), lr: 5e-3)
  let schedule = OneCycleLR(optimizer, maxLR: 5e-3, totalSteps: epochs * loader.count)

  //: The loop is the one we know. A gradient now comes back through all the words of a caption, through the
  //: context and on through the convolutions to the pixels. With batch norm in the encoder, training and use
  //: must be told apart (chapter 5): `eval()` comes at the end.
  let losses = page.progress(epochs, "looking").map { _ in
    var average = RunningAverage()
    for (pictures, captions) in loader {
      optimizer.zeroGrad()
      let loss = loss(of: model(pictures, captions), captions)
      loss.backward()
      optimizer.step()
      schedule.step()
      average.add(loss.item(), count: tokenCount(captions))
    }
    return average.mean
  }
  model.eval()
  page.show("loss", losses, digits: 3, note: "by epoch")
  page.claim("it learns", losses.last!, isAtMost: page.scale(quick: 1, standard: 0.2))

  /*:
   Two tests, both with pictures of the test set, none of which it has seen. In the first the *pairs* are
   familiar: bag and sandal have often stood side by side. In the second they are not: a fifth of all ordered
   pairs of different things was held out.
   */
  let exams = [false, true].map { GarmentScenes(testing, heldOut: $0, count: 500) }
  let captions = exams.map { exam in
    model.describing(
      exam.images(at: Array(0..<500)), start: vocabulary[.start], end: vocabulary[.end]
    ).map { vocabulary.decode($0) }
  }

  //: Both are described in one go. A caption counts only if every word of it is right: the left thing, the
  //: right thing, and that they are in this order. Keep in mind that the two tests have the same classes,
  //: photographed in the same way; only what stands beside what differs:
  let exact = zip(captions, exams).map { exactMatch($0, $1.captions) }
  page.show("exact captions", exact, digits: 3, note: "familiar pairs, new pairs")

  //: And the certainty, as for dates and sentences: the geometric mean of the probabilities that the right
  //: words get when the right words are read. It tells something even of a network that gets no caption right:
  let certainties = exams.map { exam -> Double in
    let right = PaddedSequences(exam.captions.map { vocabulary.encode($0, start: true, end: true) })
    return noGrad { exp(-loss(of: model(exam.images(at: Array(0..<500)), right), right).item()) }
  }
  page.show("certainty", certainties, digits: 3, note: "familiar pairs, new pairs")
  page.claim(
    page.scale(quick: "more certain than a guess", standard: "new pictures of familiar pairs"),
    page.scale(quick: certainties[0], standard: exact[0]),
    isAtLeast: page.scale(quick: 0.3, standard: 0.7))
  if !page.options.isQuick { page.claim("new pairs are harder", exact[1], isAtMost: exact[0] - 0.1) }
  page.figure("captions", captionsFigure(exams, captions))

  /*:
   The pictures are as new in both tests. Why do new *pairs* fail so often? We look at the two things
   separately, and cut each caption in two where it says *left of*. (Of *two bags* nothing stands on the
   right; there the whole caption counts as the left thing.)
   */
  func side(_ i: Int, _ caption: String) -> String {
    let things = caption.components(separatedBy: " left of ")
    return i < things.count ? things[i] : ""
  }

  //: Each side is judged by itself, however the other was named. Had the network learned to look at the left
  //: half and at the right half, it would not matter to the one what stands in the other, and the two rows of
  //: numbers would be alike. The first is for familiar pairs, the second for new ones:
  let things = (0..<2).map { exam in
    (0..<2).map { i in
      exactMatch(captions[exam].map { side(i, $0) }, exams[exam].captions.map { side(i, $0) })
    }
  }
  page.show("familiar", things[0], digits: 3, note: "the left thing, the right thing")
  page.show("new", things[1], digits: 3)
  if !page.options.isQuick {
    for (i, name) in ["left", "right"].enumerated() {
      page.claim("the \(name) thing suffers", things[1][i], isAtMost: things[0][i] - 0.05)
    }
  }

  //: And what does it say instead? Does it repeat what it has read? Take the wrong captions of the new pairs,
  //: and see what part of them stood in training, word for word. By itself that number proves nothing, for
  //: most of what the grammar can say stood in training. So beside it we put the part that whoever picks
  //: blindly would repeat, among all captions of the grammar but the right one:
  let heard = Set(scenes.captions)
  let wrong = zip(captions[1], exams[1].captions).filter { $0 != $1 }.map(\.0)
  let repeated = Double(wrong.count { heard.contains($0) }) / Double(wrong.count)
  let kinds = Set(scenes.halves.map(\.left)).count
  let blindly = Double(heard.count) / Double(kinds * kinds - 1)
  page.show("in training", [repeated, blindly], digits: 3, note: "of its wrong captions, of all wrong ones")
  page.claim("most of all wrong captions stood in training", blindly, isAtLeast: 0.75)
  if !page.options.isQuick { page.claim("and nearly all of its own", repeated, isAtLeast: 0.95) }

  /*:
   So when it is wrong it says what it has read, and more often than blind choice explains. (Of the captions that
   name one of the two things rightly, some nine in ten stood in training; it is more than that.)

   Both things suffer. Yet each of them, with its pixels, has often been seen on its side. What is new is only
   what stands beside it. One linear layer mixes both halves into one vector, and what it had to tell apart were
   the pairs that occur. A pair that never did ends up near one that did, and the decoder, which has read
   thousands of captions and none with this pair, repeats what it has read.

   A person would look at the left half and name it, and then look at the right half. Through one vector that
   cannot be done: neither looking at a part, nor looking again. Numbers, sentences and pictures have led us
   to the same wall. Chapter 10 goes through it.
   */
}

/// A shorter form of section 2.6's function: the principal axes of a covariance matrix, one a column, by power
/// iteration and deflation.
func principalAxes(of covariance: Tensor, count: Int, iterations: Int = 100) -> Tensor {
  var rest = covariance
  var axes: [Tensor] = []
  for _ in 0..<count {
    var v = Tensor.randn(rest.shape[0], 1)
    for _ in 0..<iterations {
      v = rest.matmul(v)
      v = v / v.norm()
    }
    rest = rest - v.T.matmul(rest).matmul(v) * v.matmul(v.T)
    axes.append(v)
  }
  return cat(axes, dim: 1)
}

notebook.run()
