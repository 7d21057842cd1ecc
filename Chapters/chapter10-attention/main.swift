/*:
 # Chapter 10: Attention

 The translator of chapter 9 reads a whole sentence, keeps one vector of it, and writes the translation from
 that. The longer the sentence, the more the vector has to hold, and the more gets lost. Nobody translates
 like this. One keeps the source before one's eyes and looks, for each word to be written, at the words that
 it comes from.

 Attention gives a network such a look. It began as a repair of translators in 2014, and went so far that
 today's language models consist of little else. This chapter builds it by hand, trains translators with it
 that align words nobody aligned for them, and lets a network that describes pictures show where it looks. At
 the end a sequence attends to itself, which is what chapter 11 is made of.

 From earlier chapters you need the softmax (chapter 2), the GRU that reads in both directions (chapter 8),
 and the encoder and decoder of chapter 9.
 */

import DeepLearning
import Foundation

let notebook = Notebook("chapter10-attention", title: "Chapter 10: Attention")

/*:
 ## 10.1 Query, key and value

 A dictionary answers questions. It holds pairs of a key and a value; we come with a query; the key that
 equals the query leads to its value. Attention is a dictionary in which one word of this has been changed, the word
 *equals*. To see why it has to go, look up a price twice, the second time with a letter missing:
 */
notebook.section("10.1", "Query, key and value") { page in
  let dictionary = ["pear": 10.0, "apple": 20.0, "plum": 30.0]
  page.show("apple", dictionary["apple"]!)
  page.show("aple", dictionary["aple"].map { "\($0)" } ?? "nothing")

  /*:
   All or nothing: one letter amiss, and there is no answer. Nor is there a derivative, so that keys could be
   learned by gradient descent. We want a softer dictionary. Let queries and keys be vectors, so that they can
   match a little or a lot. And let the answer be a mixture of *all* values, in which those with the better
   keys weigh more.

   A **query** is a vector that says what is looked for. A **key** is a vector that says what there is to find
   at its place, and the **value** beside it what is to be had there. The **score** $e_j$ says how well key $k_j$
   matches query $q$; the dot product of the two is a simple one. Three pairs of key and value, and a query:
   */
  let (ln3, ln6) = (log(3.0), log(6.0))
  let keys = Tensor([[ln6, 0], [ln3, ln3], [0, ln6]], dtype: .float64)
  let values = Tensor([[10.0], [20.0], [30.0]], dtype: .float64)
  let query = Tensor([1.0, 0.0], dtype: .float64)
  let scores = keys.matmul(query)
  page.show("scores", scores, digits: 4, note: "ln 6, ln 3, 0")

  /*:
   A softmax turns the scores into **attention weights** $\alpha_j$, which are positive and sum to 1. The
   exponentials of these scores are 6, 3 and 1, which can be done in the head: divided by their sum, 0.6, 0.3
   and 0.1.

   $$\alpha_j = \frac{\exp(e_j)}{\sum_i \exp(e_i)} \qquad c = \sum_j \alpha_j v_j$$

   The answer is the average of the values with these weights, which is called the **context** $c$.
   */
  let weights = scores.softmax(dim: 0)
  let context = (weights.unsqueeze(1) * values).sum(dim: 0)
  page.show("weights", weights, digits: 4)
  page.show("context", context[0].item(), note: "0.6 · 10 + 0.3 · 20 + 0.1 · 30")
  page.claim("6 : 3 : 1", weights, equals: [0.6, 0.3, 0.1], within: 1e-12)
  page.claim("15", context[0].item(), equals: 15, within: 1e-12)

  /*:
   **Attention** is an average of values, weighted by how well their keys match a query. That is all of it. For
   many queries at once, in the rows of a matrix $Q$, with the keys in the rows of $K$ and the values in those
   of $V$, it is two matrix products and a softmax along the rows:
   */
  func attention(_ q: Tensor, _ k: Tensor, _ v: Tensor) -> (context: Tensor, weights: Tensor) {
    let weights = q.matmul(k.T).softmax(dim: -1)
    return (weights.matmul(v), weights)
  }

  //: We ask the same three pairs with three queries at once. The first is the one from above. The second points at
  //: the last key, as the first does at the first; what should its weights be? The third lies between the two, as near
  //: to one end as to the other:
  let queries = Tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], dtype: .float64)
  let (contexts, table) = attention(queries, keys, values)
  page.show("weights", table, digits: 3, note: "a row for each query, a column for each key")
  page.show("contexts", contexts.T[0], digits: 4)
  page.claim("15, 25 and 20", contexts, equals: [[15.0], [25.0], [20.0]], within: 1e-12)
  page.claim("every row sums to 1", table.sum(dim: 1), equals: [1.0, 1.0, 1.0], within: 1e-12)

  /*:
   The second row is the first one backward, and its context lies as far above 20 as the other lies below. The
   scores of the third query are ln 6, ln 9 and ln 6, since $\ln 3 + \ln 3 = \ln 9$: most weight for the pair in the
   middle, as much on the one side as on the other, and so the middle value.

   The library has this function as `DotScore`, a module without parameters, for batches: a batch of sequences of
   queries, (batch, queries, features), and another of keys and values.
   */
  func batched(_ x: Tensor) -> Tensor { x.unsqueeze(0) }
  let library = DotScore()(batched(queries), batched(keys), values: batched(values))
  page.claim("the library's contexts", library.context[0], equals: contexts, within: 1e-12)
  page.claim("the library's weights", library.weights[0], equals: table, within: 1e-12)

  /*:
   ### Between the mean and the maximum

   How soft the dictionary is depends on the length of the query. Multiply it by 0, and all scores are 0: the
   context is the plain mean. Multiply it by 10, and the best key takes everything, as in a hard dictionary.
   Whoever learns queries and keys learns that, too.
   */
  for length in [0.0, 1, 10] {
    let (context, weights) = attention(batched(length * query), keys, values)
    page.show(
      "query × \(Int(length))", weights[0], digits: 4, note: "context \(context.item().shown(digits: 3))")
  }
  page.claim("× 0: the mean", attention(batched(0 * query), keys, values).context.item(), equals: 20)
  page.claim(
    "× 10: the best", attention(batched(10 * query), keys, values).context.item(), equals: 10, within: 0.02)

  /*:
   Everything here has a derivative. That of the context by a value is its weight. That of a weight by a score
   is the softmax's, $\partial \alpha_i / \partial e_j = \alpha_i ([i = j] - \alpha_j)$, and together

   $$\frac{\partial c}{\partial v_j} = \alpha_j \qquad \frac{\partial c}{\partial e_j} = \alpha_j (v_j - c)$$

   Read the second one: to raise the context, raise the scores of values above it and lower those of values
   below it, the heavy ones first. For our three values it is $0.6 \cdot (10 - 15) = -3$, then 1.5 and 1.5.
   Autograd agrees:
   */
  let e = scores.detach().requiresGrad_()
  let slope = grad((e.softmax(dim: 0).unsqueeze(1) * values).sum(), e)!
  page.show("∂c/∂e", slope, digits: 4)
  page.claim("α (v − c)", slope, equals: [-3, 1.5, 1.5], within: 1e-12)

  /*:
   ### Weights that depend on the input

   A weighted sum over the places of a sequence is nothing new. A dense layer is one. What is new is where the
   weights come from. In a dense layer they are parameters: learned once, then the same for every input. In
   attention they are computed from the input, for each input afresh.

   Let the same three pairs come in another order. The dense layer has been given the very weights that were
   right for the first order, 0.6, 0.3 and 0.1 for places 1, 2 and 3.
   */
  let dense = Tensor([0.6, 0.3, 0.1], dtype: .float64)
  let orders = [[0, 1, 2], [2, 0, 1], [1, 2, 0]]
  let arranged = orders.map { order in
    let (k, v) = (keys.indexSelect(0, Tensor(order)), values.indexSelect(0, Tensor(order)))
    let (context, weights) = attention(batched(query), k, v)
    return (
      dense: dense.matmul(v).item(), context: context.item(), weights: weights[0].toArray(of: Double.self)
    )
  }

  //: Attention gives the same answer each time, for its weights move along with the pairs. The dense layer
  //: looks at places and does not notice what stands there. In the order 3 1 2 it computes
  //: $0.6 \cdot 30 + 0.3 \cdot 10 + 0.1 \cdot 20 = 23$, and so gives the most weight to the value that the query
  //: wanted least:
  let rows: [[any Showable]] = zip(["1 2 3", "3 1 2", "2 3 1"], arranged).map { [$0, $1.dense, $1.context] }
  page.show("answers", Table(["order", "dense layer", "attention"], rows))
  page.figure("fixed-and-moving", weightsFigure(dense.toArray(of: Double.self), arranged.map(\.weights)))
  page.claim("attention: 15 in any order", arranged.map(\.context), equals: [15.0, 15, 15], within: 1e-12)
  page.claim("the dense layer: another answer for each", Set(arranged.map(\.dense)).count, equals: 3)

  /*:
   In the figure follow pair 1 from row to row. On the left its weight changes with its place; on the right the 0.6
   goes with it. It follows that attention takes its pairs as a *set*. Their order is nothing to it, and if order matters,
   a key or a value has to tell its place; section 10.4 comes back to this. Nor does it care how many pairs
   there are. The dense layer has three weights and takes three places, no more and no fewer; attention has no
   parameters here at all. A dozen pairs, at random:
   */
  let (k, v) = (Tensor.randn(12, 2, dtype: .float64), Tensor.randn(12, 1, dtype: .float64))
  let (answers, _) = attention(queries, k, v)
  let order = Tensor.randperm(12)
  let shuffled = attention(queries, k.indexSelect(0, order), v.indexSelect(0, order)).context
  page.show("contexts of twelve", answers.T[0], digits: 4)
  page.claim("in any order", shuffled, equals: answers, within: 1e-12)
  page.claim("never above the largest value", answers.max().item(), isAtMost: v.max().item())
  page.claim("nor below the smallest", answers.min().item(), isAtLeast: v.min().item())
}

/*:
 ## 10.2 Scores

 In a translator the queries are the decoder's states $s$, and keys and values are the encoder's states $h$.
 The two come from different networks. Need a state that *asks* for a noun look like a state that *is* one?
 And if the encoder reads in both directions, $h$ has twice as many numbers as $s$, and there is no dot
 product at all. What stands between the two should be learned.
 */
notebook.section("10.2", "Scores") { page in
  /*:
   Five scores are in use. To have numbers to compare, take three states $s$ of 4 numbers and five states $h$ of
   6, each in a row. Scores are then a table of three rows and five columns. `table` asks the library for it,
   which wants a batch, so we make one of a single example:
   */
  let (s, h) = (Tensor.randn(3, 4), Tensor.randn(5, 6))
  func table(_ score: some AttentionScore) -> Tensor { score.scores(s.unsqueeze(0), h.unsqueeze(0))[0] }

  /*:
   The **dot score** $s \cdot h$ is that of the last section. It needs vectors of equal size, and ours are not.
   The **general score** puts a matrix between the two (Luong and others, 2015). It has a row for each number of
   $s$ and a column for each of $h$:

   $$e = s^\top W h$$
   */
  let general = GeneralScore(queries: 4, keys: 6)
  let byHand = s.matmul(general.weight).matmul(h.T)
  page.show("general", byHand.detach(), digits: 3)
  page.claim("the library's", table(general), equals: byHand, within: 1e-5)

  /*:
   $W$ has as many weights as $s$ and $h$ have pairs of numbers, which for large states is a lot. The **reduced
   rank score** maps both into a small common space of $r$ numbers, and takes the dot product there:

   $$e = (U s) \cdot (V h) = s^\top \left( U^\top V \right) h$$

   The second form says what that is: a general score whose matrix is a product of two thin ones, and has no
   rank above $r$. (Letters begin anew with each score: $V$ belongs to $h$ here and to $s$ in the next.) With
   $r = 2$:
   */
  let reduced = ReducedRankScore(queries: 4, keys: 6, rank: 2)
  let (u, v) = (reduced.queryWeight, reduced.keyWeight)
  let thin = s.matmul(u.T).matmul(h.matmul(v.T).T)
  page.claim("the library's", table(reduced), equals: thin, within: 1e-5)
  page.claim("a general score with W = UᵀV", s.matmul(u.T.matmul(v)).matmul(h.T), equals: thin, within: 1e-5)

  /*:
   The **additive score** asks a small network: one hidden layer of $a$ units, which sees both states, and one
   output without a bias. It is the oldest of the five (Bahdanau, Cho and Bengio, 2014).

   $$e = v \cdot \tanh(W h + V s)$$

   For every pair of a row of $s$ and a row of $h$ there is a hidden layer of its own, so a tensor of three
   dimensions: (queries, keys, $a$). The two products are computed once for each state, and only their sums
   for each pair.
   */
  let additive = AdditiveScore(queries: 4, keys: 6, hidden: 8)
  let (fromKeys, fromQueries) = (h.matmul(additive.keyWeight.T), s.matmul(additive.queryWeight.T))
  let hidden = (fromQueries.unsqueeze(1) + fromKeys.unsqueeze(0)).tanh()
  page.show("hidden layers", hidden.shape, note: "3 queries, 5 keys, 8 units")
  page.claim("the library's", table(additive), equals: hidden.matmul(additive.weight), within: 1e-5)

  /*:
   The **scaled dot score** is the dot score divided by the root of the number $d$ of features. Why that? It has
   its own subsection below. First what they all cost. With $d_q$ numbers in $s$ and $d_k$ in $h$, a matrix is
   $d_q d_k$ weights; two thin ones are $r (d_q + d_k)$; the network has $a (d_q + d_k + 1)$. For a decoder of 128
   units on an encoder of 128 in each direction, so that $d_k = 256$:
   */
  let scores: [(name: String, module: any AttentionScore, sizes: String)] = [
    ("dot, scaled dot", DotScore(), "equal only"),
    ("general", GeneralScore(queries: 128, keys: 256), "any"),
    ("reduced rank, r = 16", ReducedRankScore(queries: 128, keys: 256, rank: 16), "any"),
    ("additive, a = 64", AdditiveScore(queries: 128, keys: 256, hidden: 64), "any"),
  ]

  //: A dot product costs nothing, but it asks for states of equal size; the others take any. Of these, the
  //: general score is the most expensive here, since it grows with the product of the two sizes: with states twice as
  //: large it has four times as many weights, and the other two only about twice as many.
  let counts = scores.map { $0.module.parameterCount }
  page.show(
    "what they cost",
    Table(["score", "parameters", "sizes"], scores.map { [$0.name, $0.module.parameterCount, $0.sizes] }))
  page.claim(
    "d_q d_k, r (d_q + d_k), a (d_q + d_k + 1)", counts,
    equals: [0, 128 * 256, 16 * (128 + 256), 64 * (128 + 256 + 1)])

  /*:
   ### What can be learned

   A small task shows the differences. A sequence has six items, each a key and a value: the key is one of
   eight symbols (no two alike), the value a random number. Beside them stands a question, for one of the six
   keys, but *in another code*: who wants key $j$ has to ask for $j + 3$, around the circle. The answer is the
   value of the item with that key.
   */
  let code = Tensor.eye(8).indexSelect(0, Tensor((0..<8).map { ($0 + 3) % 8 }))
  func lookups(_ count: Int) -> (s: Tensor, h: Tensor, values: Tensor, answer: Tensor) {
    let symbols = Tensor.rand(count, 8).argsort(dim: 1)[.all, 0..<6]
    let place = Tensor.randint(0, 6, [count, 1])
    let values = Tensor.randn(count, 6)
    let (keys, answer) = (oneHot(symbols, classes: 8).to(.float32), values.gather(1, place).squeeze(1))
    let asked = oneHot(symbols.gather(1, place).squeeze(1), classes: 8).to(.float32)
    return (asked.matmul(code), keys, values, answer)
  }

  /*:
   So `s` is the question, (batch, 8), and `h` the keys, (batch, 6, 8), both one-hot. A network that has
   something to learn gets 400 batches, and then new sequences. Its error is the root of the mean square, in the same
   unit as the values. Whoever always answers 0 has an error of 1, the standard deviation of the values; whoever has
   understood the task has almost none.
   */
  func error(_ parameters: [Tensor], _ network: (Tensor, Tensor, Tensor) -> Tensor) -> Double {
    if !parameters.isEmpty {
      let optimizer = Adam(parameters, lr: 0.03)
      for _ in 0..<400 {
        let (s, h, values, answer) = lookups(64)
        optimizer.zeroGrad()
        mseLoss(network(s, h, values), answer).backward()
        optimizer.step()
      }
    }
    let (s, h, values, answer) = lookups(2000)
    return noGrad { mseLoss(network(s, h, values), answer).sqrt().item() }
  }

  //: Two networks without attention see everything in one row, $8 + 6 \cdot 8 + 6 = 62$ numbers. One is a
  //: dense layer, the other has a hidden layer of 64 units. Nothing is hidden from them: if they fail, it is
  //: not because they were told less, but because the value they want stands somewhere else each time.
  func flat(_ network: Module) -> Double {
    error(network.parameters()) { s, h, values in
      network(cat([s, h.flatten(1), values], dim: 1)).squeeze(1)
    }
  }

  //: The others attend. They have one of the scores and nothing else: the question is the query, the values
  //: are what they average, and the average is the answer. No one tells them which item was meant. All that they
  //: learn from is how far the average was from the right value.
  func attending(_ score: some AttentionScore) -> Double {
    error(score.parameters()) { s, h, values in
      score(s, h, values: values.unsqueeze(2)).context.squeeze(1)
    }
  }

  //: Two without attention, four with it. The common space of the reduced rank score has three numbers, the
  //: hidden layer of the additive one sixteen units. All are small enough to train in a moment. Guess first: which of
  //: the six can come near an error of 0, and which could not, however long they trained?
  let (layer, mlp) = (Linear(62, 1), Sequential(Linear(62, 64), ReLU(), Linear(64, 1)))
  let (dot, full) = (DotScore(), GeneralScore(queries: 8, keys: 8))
  let low = ReducedRankScore(queries: 8, keys: 8, rank: 3)
  let network = AdditiveScore(queries: 8, keys: 8, hidden: 16)
  let results: [(name: String, parameters: Int, error: Double)] = [
    ("dense layer", layer.parameterCount, flat(layer)),
    ("one hidden layer", mlp.parameterCount, flat(mlp)),
    ("dot", dot.parameterCount, attending(dot)),
    ("general", full.parameterCount, attending(full)),
    ("reduced rank, r = 3", low.parameterCount, attending(low)),
    ("additive, a = 16", network.parameterCount, attending(network)),
  ]
  page.show(
    "error of the answer",
    Table(["network", "parameters", "error"], results.map { [$0.name, $0.parameters, $0.error] }), digits: 3)

  /*:
   Where the answer stands changes from sequence to sequence. The best that fixed weights can do is to take the
   mean of all six values, which has an error of $\sqrt{5/6} = 0.913$. The dense layer comes near that. The
   hidden layer has far more parameters than any of the others and gets hardly farther in this time. The dot
   score, without anything to learn, looks for symbols that *equal* the question, which is the wrong code. The
   three others find out the code, in a few dozen weights or a few hundred.
   */
  let errors = results.map(\.error)
  page.claim("√(5/6) = 0.913", (5 / 6.0).squareRoot(), equals: 0.913, within: 5e-4)
  page.claim("fixed weights: no better than the mean", errors[0], isAtLeast: 0.85)
  page.claim("a dot product cannot learn another code", errors[2], isAtLeast: 0.85)
  page.claim("general, reduced rank and additive scores can", Array(errors[3...]), isAtMost: 0.25)
  page.claim("and better than a hidden layer", errors[3...].max()!, isAtMost: errors[1])

  /*:
   A common space of 3 numbers was enough for eight symbols, since it has room for eight directions. Which
   score to use? There is no law. Additive scores compute a hidden layer for every pair; dot products are a
   single matrix product. We shall take the additive score in section 10.3 and scaled dots in section 10.4.

   ### Why the root of d?

   Take a query and a key of $d$ numbers each, all independent, with mean 0 and variance 1, as layers with a
   good start give them (chapter 5). Each product $q_i k_i$ has mean 0 and variance 1, and of independent
   numbers the variances add up:

   $$\mathrm{Var}(q \cdot k) = \sum_{i=1}^{d} \mathrm{Var}(q_i k_i) = d$$

   So scores have a standard deviation of $\sqrt d$: they grow with the size of the vectors, though nothing
   means more than before. And what large scores do to a softmax we saw in section 10.1. Measured, with ten
   keys for each of 500 queries:
   */
  let sizes = [4, 16, 64, 256, 1024]
  func measured(_ d: Int, scale: Double) -> (deviation: Double, largest: Double, slope: Double) {
    let (q, k) = (Tensor.randn(500, 1, d), Tensor.randn(500, 10, d))
    let scores = scale * q.matmul(k.transpose(1, 2)).squeeze(1)
    let largest = scores.softmax(dim: 1).amax(dim: 1)
    return (
      scores.flatten().std(dim: 0).item(), largest.mean().item(), (largest * (1 - largest)).mean().item()
    )
  }

  //: The columns are the standard deviation of the scores, the largest of the ten weights on average, and its
  //: derivative by its own score, $\alpha (1 - \alpha)$, which everything that is learned must pass. It is small for
  //: a weight near 1, as it is for one near 0: a softmax that is certain hears no objection.
  let plain = sizes.map { measured($0, scale: 1) }
  let scaled = sizes.map { measured($0, scale: 1 / Double($0).squareRoot()) }
  func lines(_ all: [(deviation: Double, largest: Double, slope: Double)]) -> Table {
    Table(
      ["d", "deviation", "largest", "slope"],
      zip(sizes, all).map { [$0, $1.deviation, $1.largest, $1.slope] })
  }
  page.show("dot", lines(plain), digits: 3)
  page.show("scaled dot", lines(scaled), digits: 3)
  page.figure(
    "scaling",
    scalingFigure(
      sizes, plain.map { [$0.deviation, $0.largest] }, scaled.map { [$0.deviation, $0.largest] }))

  /*:
   From row to row $d$ grows fourfold, and in the first table the deviation doubles, as the formula says.
   Unscaled, a network of 1024 features begins as a hard dictionary: one random key has nearly all the weight,
   and the slope is small before training has begun. Divided by $\sqrt d$, every size begins alike,
   soft and with a slope to learn on:

   $$e = \frac{q \cdot k}{\sqrt d}$$
   */
  for (d, dot) in zip(sizes, plain) {
    page.claim("deviation √\(d)", dot.deviation / Double(d).squareRoot(), equals: 1, within: 0.15)
  }
  page.claim(
    "scaled: 1 for every size", scaled.map(\.deviation), equals: sizes.map { _ in 1.0 }, within: 0.15)
  page.claim("unscaled, d = 1024: nearly hard", plain[4].largest, isAtLeast: 0.9)
  page.claim("scaled: soft", scaled.map(\.largest), isAtMost: 0.5)
  page.claim("the slope, scaled against unscaled", scaled[4].slope / plain[4].slope, isAtLeast: 3)

  //: In the library it is `ScaledDotScore`, which has nothing to learn either. Its divisor follows the size of the very
  //: vectors that it compares, which will matter in section 10.4, where they are cut into parts. Here these have 64
  //: features, and the scores are those of the dot product divided by 8:
  let (q, keys) = (Tensor.randn(1, 7, 64), Tensor.randn(1, 5, 64))
  page.claim(
    "the library's scaled dot", ScaledDotScore().scores(q, keys), equals: DotScore().scores(q, keys) / 8,
    within: 1e-5)
}

/*:
 ## 10.3 Translators that look back

 Now the two networks of chapter 9, with attention between them. The encoder changes in what it hands over: not
 its last state alone, but all its states, $h_1 \dots h_\tau$, one for each token of the source. It reads in
 both directions, so that the state of a word knows the words on either side.

 For a fair comparison the same classes serve without attention. There the encoder hands over a single vector,
 the last states of both directions side by side. A softmax over one place is 1 whatever its score, so the
 context is the same vector at each step. (That is more than in chapter 9, where the decoder got it once, as its
 first state.) Both have the same parameters; all that differs is how many places there are to look at.
 */
final class Encoder: Module {
  let embedding: Embedding
  let gru: GRU
  let bridge: Linear
  let keepsAll: Bool

  init(tokens: Int, units: Int, keepsAll: Bool) {
    embedding = Embedding(tokens, 32)
    gru = GRU(32, units, batchFirst: true, bidirectional: true)
    bridge = Linear(2 * units, units)
    self.keepsAll = keepsAll
  }

  /*:
   The sentences are packed, as in section 9.1, so that the backward half begins at the last word of each and not
   in its padding. Three things come out: the states, (batch, length, 2 · units); a mask, true where there
   is a token and not padding; and the decoder's first state $s_0$. A layer, the bridge, makes it from the last
   state of each direction, `last[0]` and `last[1]` in the code: forward the one at the last token, backward the
   one at the first.

   $$s_0 = \tanh\left( B \left[ \overrightarrow{h_\tau}, \overleftarrow{h_1} \right] + b_s \right)$$
   */
  func callAsFunction(_ source: PaddedSequences) -> (h: Tensor, mask: Tensor?, s: Tensor) {
    let packed = packPaddedSequence(embedding(source.tokens), source.lengths, batchFirst: true)
    let (output, last) = gru(packed)
    let summary = cat([last[0], last[1]], dim: 1)
    let s = bridge(summary).tanh().unsqueeze(0)
    guard keepsAll else { return (summary.unsqueeze(1), nil, s) }
    return (padPackedSequence(output, batchFirst: true).output, source.mask, s)
  }
}

/*:
 The decoder has a state $s_{t'}$ at its own time $t'$, as before. With it, it asks: which of the source's
 states do I need now? Additive scores, a softmax over the source, and the average:

 $$e_{t't} = v \cdot \tanh(W h_t + V s_{t'}) \qquad \alpha_{t't} = \frac{\exp e_{t't}}{\sum_k \exp e_{t'k}} \qquad
   c_{t'} = \sum_t \alpha_{t't}\, h_t$$

 So there is a context *for each step*. State and context, side by side, make the logits through a layer of tanh
 units, and the logits the probabilities:

 $$p(y_{t'} \mid y_1 \dots y_{t'-1}, x) = \mathrm{softmax}\left( W_o \tanh(C\, [s_{t'}, c_{t'}] + b) + b_o \right)$$

 Sources of a batch are of different lengths, and padding gets no weight; how, is a subject of section 10.4.
 */
final class Decoder: Module {
  let embedding: Embedding
  let gru: GRU
  let score: AdditiveScore
  let combine: Linear
  let head: Linear

  init(tokens: Int, units: Int, keys: Int) {
    embedding = Embedding(tokens, 32)
    gru = GRU(32, units, batchFirst: true)
    score = AdditiveScore(queries: units, keys: keys, hidden: units)
    combine = Linear(units + keys, units)
    head = Linear(units, tokens)
  }

  //: Tokens and a state go in, and now the encoder's states as well. Out come logits, the last state, and the
  //: weights, (batch, target length, source length). The GRU runs through the target first; then one call of the
  //: score compares each of its states with each of the encoder's, a table for every pair of sentences:
  func callAsFunction(
    _ tokens: Tensor, _ s: Tensor, _ h: Tensor, mask: Tensor? = nil
  ) -> (logits: Tensor, state: Tensor, weights: Tensor) {
    let (states, last) = gru(embedding(tokens), s)
    let (context, weights) = score(states, h, mask: mask)
    let joined = cat([states, context], dim: 2)
    return (head(combine(joined).tanh()), last, weights)
  }
}

/*:
 Here the context does not enter the next state; it only helps to choose the word. (This is the order of Luong
 and others; in Bahdanau's, $c_{t'}$ is computed from $s_{t'-1}$ and goes into the GRU.) It has a great
 advantage: with teacher forcing all states can be computed in one call, and so can all attentions.
 */
final class EncoderDecoder: Module {
  let encoder: Encoder
  let decoder: Decoder

  init(source: Vocabulary, target: Vocabulary, units: Int, attends: Bool) {
    encoder = Encoder(tokens: source.count, units: units, keepsAll: attends)
    decoder = Decoder(tokens: target.count, units: units, keys: 2 * units)
  }

  //: With teacher forcing the decoder reads the right tokens: the target from its start token on, one step behind
  //: what it has to write. What comes out are the logits of every step, and the weights with which it
  //: looked at the source. We hand these on only because we are curious:
  func callAsFunction(_ batch: PaddedPairs) -> (logits: Tensor, weights: Tensor) {
    let (h, mask, s) = encoder(batch.source)
    let (logits, _, weights) = decoder(batch.target.inputs, s, h, mask: mask)
    return (logits, weights)
  }

  //: The normalized loss of section 9.1: the mean over all tokens of the target that are not padding. The
  //: weights take no part in it. Nobody says where to look; that has to come out by itself. It can, since the
  //: gradient reaches the scores through the contexts, by the formula of section 10.1.
  func loss(_ batch: PaddedPairs) -> Tensor {
    let targets = batch.target.targets.flatten()
    return crossEntropy(self(batch).logits.flatten(0, 1), targets, ignoreIndex: batch.target.padding)
  }

  //: Greedy decoding as in chapter 9: the token that was chosen is the next to be read. The source is read once, and
  //: its states are asked at every step. They stay as they are while the sentence grows; only the decoder's state
  //: changes, and with it the question:
  func writing(_ source: PaddedSequences, start: Int, end: Int, maximumLength: Int) -> [[Int]] {
    noGrad {
      let (h, mask, s) = encoder(source)
      return greedySearch(
        from: s, start: source.lengths.map { _ in start }, end: end, maximumLength: maximumLength
      ) { tokens, s in
        let (logits, next, _) = decoder(tokens.unsqueeze(1), s, h, mask: mask)
        return (logits.squeeze(1), next)
      }
    }
  }
}

/*:
 A task is pairs to learn from, others to be examined on, and the vocabularies of both sides. An examination
 says of every test pair whether it came out *exactly* right, each token and the end. That is severe, and it is meant
 to be: a date with one wrong digit is a wrong date.
 */
struct TranslationTask {
  let train: [TextPair]
  let test: [TextPair]
  let source: Vocabulary
  let target: Vocabulary

  init(train: [TextPair], test: [TextPair], tokenizer: any Tokenizer) {
    (self.train, self.test) = (train, test)
    source = Vocabulary(of: train.map(\.source), tokenizer: tokenizer)
    target = Vocabulary(of: train.map(\.target), tokenizer: tokenizer)
  }

  //: Pairs of texts become a batch of numbers, with padding on both sides. The sources of the test, all in one batch,
  //: become a list of answers, each a text again. None is longer than 20 tokens, lest a network that has not
  //: learned to write its end go on forever:
  func batch(_ pairs: [TextPair]) -> PaddedPairs {
    let encoded = EncodedPairs(pairs, source: source, target: target)
    return PaddedPairs(pairs.indices.map { encoded[$0] })
  }

  func answers(of model: EncoderDecoder) -> [String] {
    model.writing(
      batch(test).source, start: target[.start], end: target[.end], maximumLength: 20
    ).map { target.decode($0) }
  }
  func examination(of model: EncoderDecoder) -> [Bool] {
    zip(answers(of: model), test).map { $0 == $1.target }
  }
}

//: Training is that of section 9.2, with teacher forcing, Adam and clipped gradients, but with the one-cycle schedule
//: of chapter 7. None of it knows of attention. Whether the network attends is decided by the one flag that the encoder
//: gets, so whatever difference we are going to see comes from there.
func trained(_ task: TranslationTask, attends: Bool, epochs: some Sequence<Int>, count: Int) -> EncoderDecoder
{
  let model = EncoderDecoder(source: task.source, target: task.target, units: 64, attends: attends)
  let data = EncodedPairs(task.train, source: task.source, target: task.target)
  let loader = DataLoader(data, batchSize: 64, shuffle: true, collate: { PaddedPairs($0) })
  let optimizer = Adam(model.parameters(), lr: 5e-3)
  let schedule = OneCycleLR(optimizer, maxLR: 5e-3, totalSteps: count * loader.count)
  for _ in epochs {
    for batch in loader {
      let loss = model.loss(batch)
      optimizer.zeroGrad()
      loss.backward()
      clipGradNorm_(model.parameters(), maxNorm: 1)
      optimizer.step()
      schedule.step()
    }
  }
  return model
}

//: And two helpers, for the mean of some numbers and the share of what is true:
func mean(_ values: some Collection<Double>) -> Double { values.reduce(0, +) / Double(values.count) }
func share(_ isRight: some Collection<Bool>) -> Double { mean(isRight.map { $0 ? 1 : 0 }) }

notebook.section("10.3", "Translators that look back") { page in
  /*:
   ### Dates

   First the dates of chapter 9, written as people write them, to become digits like `2001-01-02`. Source and
   target are read character by character. The test is on days that occur in no training pair. Dates are a good
   start because we know where each digit comes from, and so can judge whether the network looks there.
   */
  let seed = notebook.options.seed
  let dates = TranslationTask(
    train: WrittenDates(train: true, count: page.scale(quick: 1000, standard: 5000), seed: seed).pairs,
    test: WrittenDates(train: false, count: page.scale(quick: 200, standard: 1000), seed: seed).pairs,
    tokenizer: CharacterTokenizer())

  //: Two networks, one with attention and one without, go through the same pairs as many times. The second has
  //: to squeeze every date into one vector. There should be room: 128 numbers for eight digits. But at every step the
  //: decoder has this same vector to look at and no other, and must get the digits out of it one by one, in the right
  //: order:
  let turns = page.scale(quick: 2, standard: 5)
  let reader = trained(dates, attends: true, epochs: page.progress(turns, "with attention"), count: turns)
  let blind = trained(dates, attends: false, epochs: page.progress(turns, "without"), count: turns)

  //: Both have the same parameters, and had the same pairs as often. We count the exact answers, and take the loss
  //: beside them, which tells more: it also sees how sure the network was of each character. In the
  //: quick run, where neither has learned much, it is all there is to compare.
  let dateResults = [reader, blind].map { dates.examination(of: $0) }
  page.show("exactly right", dateResults.map(share), digits: 3, note: "with attention, without")
  let dateLosses = [reader, blind].map { model in noGrad { model.loss(dates.batch(dates.test)).item() } }
  page.show("loss", dateLosses, note: "of a character, on the test")
  page.claim("equal parameters", reader.parameterCount, equals: blind.parameterCount)
  page.claim(
    page.scale(quick: "it begins to learn", standard: "at least 99 of 100 dates"),
    page.scale(quick: exp(-dateLosses[0]), standard: share(dateResults[0])),
    isAtLeast: page.scale(quick: 0.2, standard: 0.99))
  page.claim(
    "without attention the loss is larger", dateLosses[1] / dateLosses[0],
    isAtLeast: page.scale(quick: 0.8, standard: 2))

  /*:
   To be exact is hard because a date is ten characters and the end, and all must be right: if each is right 99 times
   in 100, that is $0.99^{11} = 0.895$ of the dates.

   Where did it look? With teacher forcing we ask for the weights of one date: a row for each character that is
   written, a column for each that is read. A row sums to 1, as it comes from one softmax.
   */
  page.claim("eleven characters", pow(0.99, 11), equals: 0.895, within: 5e-4)
  func alignment(_ model: EncoderDecoder, _ task: TranslationTask, _ pair: TextPair) -> [[Double]] {
    let weights = noGrad { model(task.batch([pair])).weights[0] }
    return weights.unbind().map { $0.toArray(of: Double.self) }
  }
  let date = dates.test.first { $0.source.contains(" of ") && $0.source.count < 32 }!
  page.print("\(date.source) → \(date.target)")
  page.figure("date-alignment", dateAlignmentFigure(date, alignment(reader, dates, date)))

  /*:
   Nobody told it which characters a digit comes from. It learned that from the pairs alone, because looking at
   the right place makes the answer easier. While the year of this date is written, more than half of the weight
   lies on the year's digits, at the end of the source:
   */
  let looks = alignment(reader, dates, date)
  let onYear = mean((0..<4).map { looks[$0].suffix(4).reduce(0, +) })
  page.show("weight on the year", onYear, digits: 3, note: "while its four digits are written")
  if !page.options.isQuick { page.claim("it looks at the year to write it", onYear, isAtLeast: 0.5) }

  /*:
   ### Sentences

   Now words: the English sentences of chapter 9 and their Spanish translations, with the test on combinations
   of adjective and noun that no training sentence has. In Spanish the adjective follows its noun. What order
   will the weights come in?

   Chance plays a part in any training, so there are several starts, each with attention and without it.
   */
  let english = EnglishSpanish(train: false, count: page.scale(quick: 300, standard: 1000), seed: seed)
  let sentences = TranslationTask(
    train: EnglishSpanish(train: true, count: page.scale(quick: 4000, standard: 6000), seed: seed).pairs,
    test: english.pairs, tokenizer: WordTokenizer())
  let runs = page.scale(quick: 1, standard: 3, full: 5)
  let passes = page.scale(quick: 4, standard: 6)
  let pairs = page.progress(runs, "translators").map { _ in
    [true, false].map { trained(sentences, attends: $0, epochs: 0..<passes, count: passes) }
  }

  //: Some translations by the first network with attention. Each sentence has a combination of adjective and
  //: noun that did not occur in training. Look at the small words and the endings: the English *the* says
  //: nothing of gender or number, but a Spanish article and adjective have to take both from their noun.
  let translations = sentences.answers(of: pairs[0][0])
  for (pair, answer) in zip(sentences.test, translations).prefix(4) {
    page.print("\(pair.source) → \(answer)")
  }
  let results = pairs.map { $0.map { sentences.examination(of: $0) } }
  let shares = (0..<2).map { i in results.map { share($0[i]) } }
  page.show("with attention", shares[0], digits: 3, note: "exactly right, each run")
  page.show("without", shares[1], digits: 3)
  page.claim("sentences, with attention", shares[0], isAtLeast: page.scale(quick: 0.3, standard: 0.95))
  page.claim(
    "without it, far less", shares[0].min()! - shares[1].max()!,
    isAtLeast: page.scale(quick: 0.1, standard: 0.25))

  /*:
   After equal training one of them is far ahead of the other. (With more time that one would get farther, too.)
   They are told apart by nothing but the number of places to look at. So here is what the first one looks at, in
   a sentence with two adjectives:
   */
  let crossed = english.exchanges.indices.first { english.exchanges[$0].count == 2 }!
  let sentence = sentences.test[crossed]
  page.print("\(sentence.source) → \(sentence.target)")
  page.figure("alignment", alignmentFigure(sentence, alignment(pairs[0][0], sentences, sentence)))

  /*:
   The picture of a sentence in the same order would be a diagonal. Here it is broken twice: where the Spanish
   noun is written, the weight lies on the English noun, and then it goes *back* one word to the adjective. Is
   that so in general? The grammar knows where every adjective and its noun stand in both sentences, so we can
   count. Over the whole test, does the largest weight lie on the noun when the noun is written, and on the
   adjective when the adjective is?
   */
  let weights = noGrad { pairs[0][0](sentences.batch(english.pairs)).weights }
  let seen = weights.argmax(dim: 2)
  let crossings = zip(english.exchanges.indices, english.exchanges).flatMap { i, exchanges in
    exchanges.map { exchange in
      seen[i, exchange.noun.spanish].item() == Double(exchange.noun.english)
        && seen[i, exchange.adjective.spanish].item() == Double(exchange.adjective.english)
    }
  }
  page.show("pairs", crossings.count, note: "adjectives with a noun in the test sentences")
  page.show("crossed", share(crossings), digits: 3)
  page.claim(
    "for most pairs the largest weights cross", share(crossings),
    isAtLeast: page.scale(quick: 0.5, standard: 0.8))

  /*:
   ### The longer the harder?

   One vector has a fixed size, and a long source must fit in as well as a short one. If that is what troubles
   the network without attention, its errors should grow with the length of the source. With attention nothing
   has to fit anywhere, and they should not. First the sentences, by their number of words:
   */
  func byLength(_ isRight: [Bool], _ lengths: [Int], _ groups: [ClosedRange<Int>]) -> [Double] {
    groups.map { group in share(zip(isRight, lengths).filter { group.contains($1) }.map(\.0)) }
  }
  func text(_ group: ClosedRange<Int>) -> String {
    group.count == 1 ? "\(group.lowerBound)" : "\(group.lowerBound)–\(group.upperBound)"
  }
  func table(_ unit: String, _ groups: [ClosedRange<Int>], _ curves: [[Double]]) -> Table {
    Table(
      [unit, "with attention", "without"],
      groups.indices.map { [text(groups[$0]), curves[0][$0], curves[1][$0]] })
  }

  //: There are four groups, and in each the mean over the starts. (The spread goes into the figure below.) Some loss is
  //: to be expected of anybody, since a longer sentence has more words that can go wrong. So compare the two
  //: columns; the one without attention is the one to watch:
  let words = sentences.test.map { $0.source.split(separator: " ").count }
  let wordGroups = [4...4, 5...5, 6...6, 7...8]
  let curves = (0..<2).map { i in results.map { byLength($0[i], words, wordGroups) } }
  let averages = curves.map { runs in wordGroups.indices.map { g in mean(runs.map { $0[g] }) } }
  page.show("sentences", table("words", wordGroups, averages), digits: 3)
  page.claim("with attention, every length", averages[0], isAtLeast: page.scale(quick: 0.2, standard: 0.93))
  page.claim(
    "without, long sentences fall behind short ones", averages[1][0] - averages[1][3],
    isAtLeast: page.scale(quick: -0.05, standard: 0.1))
  page.claim(
    "what attention gains on the longest", averages[0][3] - averages[1][3],
    isAtLeast: page.scale(quick: 0.1, standard: 0.3))

  //: Then the dates, by their number of characters. The longest ones spell out the day of the week and the day
  //: of the month, which makes more to read, but hardly more to remember. Does the mere length of the way
  //: trouble the network without attention?
  let tens = [8...19, 20...29, 30...39, 40...53]
  let dateCurves = dateResults.map { byLength($0, dates.test.map(\.source.count), tens) }
  page.show("dates", table("characters", tens, dateCurves), digits: 3)

  /*:
   Not clearly. A date is easier to hold, however long it is written: in the end it is eight
   digits. The hardest test is
   that of section 9.4, where nothing can be guessed: copying a string of random digits, two to sixteen of
   them. There the network copied short strings and lost long ones, however wide it was.
   */
  func strings(_ count: Int) -> [TextPair] {
    (0..<count).map { _ in
      let length = Generator.default.nextInt(in: 2..<17)
      let digits = (0..<length).map { _ in "\(Generator.default.nextInt(in: 0..<10))" }.joined()
      return TextPair(digits, digits)
    }
  }

  //: It is a translation like any other, from digits into digits, and it is learned like the others, with the
  //: same networks of the same size. All that attention has to find out is an order of looks: at the first digit for the
  //: first, and then always one farther.
  let copying = TranslationTask(
    train: strings(page.scale(quick: 500, standard: 5000)),
    test: strings(page.scale(quick: 200, standard: 1000)), tokenizer: CharacterTokenizer())

  let rounds = page.scale(quick: 2, standard: 4)
  let copiers = page.progress([true, false], "copying").map {
    trained(copying, attends: $0, epochs: 0..<rounds, count: rounds)
  }
  let copies = copiers.map { copying.examination(of: $0) }
  page.show("copied exactly", copies.map(share), digits: 3, note: "with attention, without")
  let digitGroups = [2...4, 5...8, 9...12, 13...16]
  let digitCurves = copies.map { byLength($0, copying.test.map(\.source.count), digitGroups) }
  page.show("strings", table("digits", digitGroups, digitCurves), digits: 3)

  //: All three tasks in one figure. Each panel has the length of the source to the right and the share of exact
  //: answers upward. Watch how the gap between the two curves changes on the way: it opens where there is more and more to
  //: be carried, and takes no clear direction where only the way grows.
  page.figure(
    "accuracy-against-length",
    lengthFigure(
      ("words", wordGroups.map(text), curves),
      ("characters", tens.map(text), dateCurves.map { [$0] }),
      ("digits", digitGroups.map(text), digitCurves.map { [$0] })))

  /*:
   With attention the curves stay high. Without it that of the sentences falls, and of the longest strings most are
   lost. With attention it takes as many looks as there are digits, each of them easy, where the single vector would
   have to hold all digits at once.
   */
  if !page.options.isQuick {
    page.claim("dates with attention, every length", dateCurves[0], isAtLeast: 0.97)
    page.claim("strings with attention", share(copies[0]), isAtLeast: 0.9)
    page.claim(
      "the longest strings: what attention gains", digitCurves[0][3] - digitCurves[1][3], isAtLeast: 0.5)
  }

  /*:
   ### Descriptions that look

   The decoder asks vectors; it does not care that they once were words. Let them be pieces of a picture, and it
   describes the picture. The scenes of section 9.6 show two garments side by side, with captions like *a bag
   left of a sandal*. Training shows four fifths of the combinations, the test only the others, which were the
   harder ones for a single vector. Beside the shirts we leave out the coats here, which are too easily taken
   for pullovers. There are more scenes than in section 9.6, another encoder, and words that are hidden while it
   learns, so the numbers of the two sections are not to be held against each other. What we want to see is where
   the network looks.
   */
  let kinds = [0, 1, 2, 3, 5, 7, 8, 9]
  func scenes(train: Bool, count: Int) throws -> GarmentScenes {
    GarmentScenes(
      try FashionMNIST.orStrokeDigits(root: page.options.dataDirectory, train: train), heldOut: !train,
      count: count, classes: kinds, seed: seed)
  }
  let album = try scenes(train: true, count: page.scale(quick: 700, standard: 24_000))
  let unseen = try scenes(train: false, count: page.scale(quick: 200, standard: 1000))
  let vocabulary = Vocabulary(of: album.captions, tokenizer: WordTokenizer())
  page.show("a scene", album[0].image.shape, note: album[0].caption)

  //: Some of the scenes show two of a kind (*two bags*). The test has none of these, and we leave them out. They would
  //: teach nothing about where to look: whichever half the network looks at, it sees the right thing. We also make
  //: sure that the combinations of the test are really new:
  let mixed = album.halves.indices.filter { album.halves[$0].left != album.halves[$0].right }
  page.show("scenes", [mixed.count, unseen.count], note: "to learn from, to be examined on")
  page.claim("no combination is in both", Set(album.halves).isDisjoint(with: unseen.halves))

  /*:
   Two convolutions, each with a pooling (chapter 7), turn the scene of $28 \times 56$ into a map of $7 \times
   14$. The third has a kernel as high as the map and 5 columns wide: a window nearly as large as a garment,
   which slides from left to right and stops at ten places. Each place gives 64 numbers. Those are the keys,
   and the values too. They say what is there, but not *where*; a learned vector for each place, added to
   them, does (section 10.4).
   */
  let eye = Sequential(
    Conv2d(1, 16, 3, padding: 1), MaxPool2d(2), BatchNorm2d(16), ReLU(),
    Conv2d(16, 32, 3, padding: 1), MaxPool2d(2), BatchNorm2d(32), ReLU(),
    Conv2d(32, 64, [7, 5]), BatchNorm2d(64), ReLU(), Flatten(2))
  let places = LearnedPositions(64, maxLength: 10, batchFirst: true)

  //: The narrator is the decoder that we have, with keys of 64 numbers. Its source is now a tensor of (batch, 10,
  //: 64), and it cannot tell that from a sentence of ten words. Two dimensions have to change places for it, since a
  //: convolution puts the features before the places, and a sequence puts them behind.
  let narrator = Decoder(tokens: vocabulary.count, units: 64, keys: 64)
  func look(_ images: Tensor) -> Tensor { places(eye(images).transpose(1, 2)) }
  func beginning(_ count: Int) -> Tensor { Tensor.zeros(1, count, 64) }
  page.show("keys", look(album.images(at: [0, 1, 2])).shape, note: "3 scenes, 10 places, 64 numbers")

  /*:
   The narrator's first state is zero: it knows nothing of the picture but what it looks at. But it knows the
   words that it has read, and here is a trap. Some garments never stood side by side in training. A narrator
   that learns this as a rule of the language will not believe its eyes when the test shows them. So we hide
   three tenths of the words that it reads, at random, behind the token for unknown words. Then it had better
   look.
   */
  func blurred(_ words: Tensor) -> Tensor {
    let isHidden = Tensor.rand(words.shape) .< 0.3
    return `where`(isHidden, Tensor.full(words.shape, vocabulary[.unknown], dtype: .int64), words)
  }
  func captions(_ indices: [Int], of scenes: GarmentScenes) -> PaddedSequences {
    PaddedSequences(indices.map { vocabulary.encode(scenes.captions[$0], start: true, end: true) })
  }

  //: The eye, the places and the narrator are trained as one: the gradient passes from the words through the
  //: weights into the convolutions. Every scene is seen once. The eye starts from nothing, too: what a bag looks like, it
  //: learns only because the word *bag* comes out better then.
  let parameters = eye.parameters() + places.parameters() + narrator.parameters()
  let optimizer = Adam(parameters, lr: 8e-3)
  let batchCount = mixed.count / 64
  let schedule = OneCycleLR(optimizer, maxLR: 8e-3, totalSteps: batchCount)

  //: The loop is the translators' loop, with pictures where the sources were. Look at what the loss is given: the logits
  //: and the words. That a picture has a left and a right half is said nowhere, and neither is which
  //: garment stands in which.
  var losses: [Double] = []
  for i in page.progress(batchCount, "looking") {
    let indices = Array(mixed[64 * i..<64 * (i + 1)])
    let text = captions(indices, of: album)
    let logits = narrator(blurred(text.inputs), beginning(64), look(album.images(at: indices))).logits
    let loss = crossEntropy(logits.flatten(0, 1), text.targets.flatten(), ignoreIndex: text.padding)
    losses.append(loss.item())
    optimizer.zeroGrad()
    loss.backward()
    clipGradNorm_(parameters, maxNorm: 1)
    optimizer.step()
    schedule.step()
  }

  //: The examination: new garments, in combinations that it has never seen. Batch norm now uses its running
  //: statistics, and the narrator reads its own words, all of them. The eye looks at each picture once; its ten vectors
  //: are all that the narrator has of it.
  eye.eval()
  let all = Array(0..<unseen.count)
  let keys = noGrad { look(unseen.images(at: all)) }
  let written = greedySearch(
    from: beginning(all.count), start: all.map { _ in vocabulary[.start] }, end: vocabulary[.end],
    maximumLength: 10
  ) { tokens, s in
    let (logits, next, _) = narrator(tokens.unsqueeze(1), s, keys)
    return (logits.squeeze(1), next)
  }

  //: What it says of the first of them, and of how many it says the right thing. A caption counts only if every
  //: word is right, so both garments and their order have to be. Whoever named both kinds by guessing would hit one
  //: time in a few dozen:
  let descriptions = written.map { vocabulary.decode($0) }
  for (caption, description) in zip(unseen.captions, descriptions).prefix(4) {
    page.print("\(caption) → \(description)")
  }
  let captionAccuracy = exactMatch(descriptions, unseen.captions)
  page.show("exactly right", captionAccuracy, digits: 3)

  //: The losses of its training, with three tenths of the words hidden, began near that of a guess among all
  //: words of the vocabulary, which for $n$ words is $\ln n$ (chapter 2). They need not end at 0: of a
  //: picture that could be of either of two kinds, nobody can do better than to name both with their probabilities.
  page.show("a guess", log(Double(vocabulary.count)), digits: 3, note: "among \(vocabulary.count) words")
  page.show("loss", [losses[0], losses.last!], digits: 3, note: "of a word, first batch and last")
  page.claim(
    page.scale(quick: "it begins to learn", standard: "at least 85 of 100 captions"),
    page.scale(quick: losses[0] - losses.last!, standard: captionAccuracy),
    isAtLeast: page.scale(quick: 0.5, standard: 0.85))

  /*:
   Now the weights. The left garment is named by the word before "left of", the right one by the last. Does the
   network look at that half while it writes the name? Of the ten windows the first five have their middle in
   the left half, the others in the right:
   */
  let truth = captions(all, of: unseen)
  let looking = noGrad { narrator(truth.inputs, beginning(all.count), keys).weights }
  let onLeft = looking[.all, .all, 0..<5].sum(dim: 2)

  //: For each scene, the weight on the left half when the left is named, and on the right half when the right is. Five of
  //: the ten windows are on each side, so one who looked everywhere alike would have 0.5 in both; one who looked where
  //: the word comes from, nearly 1:
  let named = all.map { i in
    let words = unseen.captions[i].split(separator: " ")
    let left = words.firstIndex(of: "left")! - 1
    return (left: onLeft[i, left].item(), right: 1 - onLeft[i, words.count - 1].item())
  }
  page.show(
    "weight on the half that is named", [mean(named.map(\.left)), mean(named.map(\.right))], digits: 3,
    note: "left, right")
  if !page.options.isQuick {
    page.claim("it looks left to name the left one", mean(named.map(\.left)), isAtLeast: 0.6)
    page.claim("and right to name the right one", mean(named.map(\.right)), isAtLeast: 0.6)
  }

  //: An average can hide a lot: some scenes looked at with all of the weight, and others with none, would give the same
  //: mean as all of them looked at with a part of it. So we count. In how many scenes does it look at the right half both
  //: times, with more than half of its weight?
  let isRight = named.map { $0.left > 0.5 && $0.right > 0.5 }
  page.show("more than half, both times", share(isRight), digits: 3, note: "of the scenes")
  if !page.options.isQuick { page.claim("in most scenes", share(isRight), isAtLeast: 0.8) }
  page.figure("captions", captionFigure(unseen, looking))
}

/*:
 ## 10.4 Self-attention

 So far a decoder has looked at an encoder's states, which a recurrent network had made, step after step. Why
 not look at the words themselves, and leave the recurrent network out? In **self-attention** a sequence asks
 itself: every place sends out a query, and every place answers with a key and a value.
 */
notebook.section("10.4", "Self-attention") { page in
  /*:
   All three are made from the same vectors $x_t$, in the rows of $X$, by three learned matrices: what a place
   asks for, what it offers, and what it tells.

   $$Q = X W_q^\top \qquad K = X W_k^\top \qquad V = X W_v^\top \qquad
     \mathrm{out} = \mathrm{softmax}\left( \frac{Q K^\top}{\sqrt d} \right) V$$

   Five places of eight features, and the formula word for word:
   */
  let (length, d) = (5, 8)
  let x = Tensor.randn(length, d)
  let w = (0..<3).map { _ in Tensor.randn(d, d) / Double(d).squareRoot() }
  let (q, k, v) = (x.matmul(w[0].T), x.matmul(w[1].T), x.matmul(w[2].T))
  let scores = q.matmul(k.T) / Double(d).squareRoot()
  let out = scores.softmax(dim: -1).matmul(v)
  page.show("weights", scores.softmax(dim: -1), digits: 3, note: "each place to each place")
  page.show("output", out.shape, note: "as many places as before")
  page.claim("the library's", scaledDotProductAttention(q, k, v), equals: out, within: 1e-5)

  /*:
   A row of the weights says how much that place takes from each of the five, and sums to 1. (The matrices are random
   here, so it means nothing yet.) Compare this with a recurrent network. There, what the first place says reaches the last after as many steps
   as lie between, and fades (chapter 8). Here every place is one step from every other, and all places are
   computed at once. The price is a table of weights that grows with the square of the length.

   ### Masks

   Two sorts of places must not be seen. One is padding. Rows of zeros are not nothing: their scores are 0, and
   $e^0 = 1$ takes its part of the softmax like any other. So scores of padding are set to $-\infty$, for
   $e^{-\infty} = 0$. We fill up our sequence with two rows of zeros, and forbid them:
   */
  let padded = cat([x, Tensor.zeros(2, d)])
  func attend(_ x: Tensor, mask: Tensor? = nil, isCausal: Bool = false) -> Tensor {
    let (q, k, v) = (x.matmul(w[0].T), x.matmul(w[1].T), x.matmul(w[2].T))
    let scores = q.matmul(k.T) / Double(d).squareRoot()
    return maskedSoftmax(scores, mask: mask, isCausal: isCausal).matmul(v)
  }
  let isWord = sequenceMask([length], length: length + 2)
  page.show("mask", isWord)
  page.claim("padding changes nothing", attend(padded, mask: isWord)[0..<length], equals: out, within: 1e-5)
  page.claim(
    "without the mask it does", (attend(padded)[0..<length] - out).abs().max().item(), isAtLeast: 0.01)

  /*:
   > **Mind the slip.** The mask belongs *before* the softmax. Set the weights of padding to 0 afterwards, and
   > the others no longer sum to 1: what the padding had taken is missing. And mind what true means. In
   > `maskedSoftmax` and `scaledDotProductAttention` it says "may be seen"; in `MultiheadAttention`, as in
   > PyTorch, the `keyPaddingMask` says "must not".
   */
  let late = (padded.matmul(w[0].T).matmul(padded.matmul(w[1].T).T) / Double(d).squareRoot()).softmax(dim: -1)
  let sums = late[0..<length, 0..<length].sum(dim: 1)
  page.show("sums, masked too late", sums, digits: 3)
  page.claim("not 1", sums.min().item(), isAtMost: 0.95)

  /*:
   The other sort is the future. A network that writes must not look at what it has not written yet, but in
   training, with teacher forcing, all of it is there. A **causal mask** lets place $t$ see the places 1 to $t$
   only: the weights become a triangle.
   */
  let isLater = Tensor.arange(length) .> Tensor.arange(length).unsqueeze(1)
  let causal = scores.maskedFill(isLater, -.infinity).softmax(dim: -1)
  page.show("causal weights", causal, digits: 3)
  page.claim("the library's", maskedSoftmax(scores, isCausal: true), equals: causal, within: 1e-6)
  let changed = cat([x[0..<3], Tensor.randn(2, d)])
  page.claim(
    "another future, the same past", attend(changed, isCausal: true)[0..<3],
    equals: attend(x, isCausal: true)[0..<3], within: 1e-5)

  /*:
   ### Several heads

   A softmax gives one average. A verb may want to know its subject *and* its object, and the average of the
   two is neither. So attention is done several times side by side. A **head** is one of these attentions, with
   queries, keys and values of its own, and its own softmax. To keep the cost, the features are divided among
   the heads: eight features and two heads make four for each.

   `MultiheadAttention` does this (Vaswani and others, 2017). Its three matrices lie below one another in one
   parameter, so that one product makes queries, keys and values of all heads:
   */
  let module = MultiheadAttention(d, 2, batchFirst: true)
  let projected = x.matmul(module.inProjWeight.T) + module.inProjBias!
  page.show("queries, keys, values", projected.shape, note: "5 places, 3 · 8 features")

  //: *Split*: each third of the columns is cut into heads, and these come to the front, (heads, places, features
  //: of a head). To the products that follow, a head looks like one more example of a batch, and so two heads need no more
  //: lines of code than one:
  func split(_ x: Tensor) -> Tensor { x.reshape(length, 2, 4).transpose(0, 1) }
  let parts = projected.chunk(3, dim: 1).map(split)
  page.show("one part, split", parts[0].shape)

  //: *Attend*: every head by itself, with a softmax of its own. It divides by the root of *its* number of
  //: features, $\sqrt 4$, not by that of all eight, for its scores are sums of four products. Out come two tables of
  //: weights: two answers to the question of who looks at whom.
  let tables = (parts[0].matmul(parts[1].transpose(1, 2)) / 2).softmax(dim: -1)
  let heads = tables.matmul(parts[2])
  page.show("weights", tables.shape, note: "a table for each head")

  //: *Merge*: the heads are laid side by side again, and a last layer mixes what they have found. Until here
  //: neither knew of the other. Then the output has the shape of the input, and could go into another layer of
  //: the same kind:
  let merged = heads.transpose(0, 1).reshape(length, d)
  let result = module.outProj(merged)
  let whole = module(x, x, x, averageAttnWeights: false)
  page.claim("the module's output", whole.output, equals: result, within: 1e-5)
  page.claim("the module's weights", whole.weights!, equals: tables, within: 1e-5)

  //: The number of heads changes no parameter's shape, for it only says where to cut. There are four matrices of
  //: $d \times d$, for queries, keys, values and what comes out, and each has a bias of $d$ numbers. All that must
  //: hold is that the features can be divided among the heads:
  let counts = [1, 2, 4, 8].map { MultiheadAttention(d, $0).parameterCount }
  page.show("parameters", counts, note: "1, 2, 4, 8 heads")
  page.claim("4 d² + 4 d", counts, equals: [288, 288, 288, 288])

  /*:
   ### What no attention can see

   Section 10.1 found that attention takes its keys as a set. Here the queries come from the same places. So if
   the places change their order, the outputs do the same and nothing else happens: attention is
   **permutation equivariant**. The words *dog bites man* and *man bites dog* have the same three outputs, in
   another order.
   */
  let order = Tensor.randperm(length)
  page.show("an order", order)
  page.claim(
    "permuted inputs, permuted outputs", attend(x.indexSelect(0, order)), equals: out.indexSelect(0, order),
    within: 1e-5)

  /*:
   A sequence whose order means something has to carry it in its vectors. To each $x_t$ a vector is added that
   stands for the place $t$. It may be learned, one for each place, as `LearnedPositions` does, and as we did
   for the places of pictures. Or it may be computed. **Sinusoidal positions** are pairs of a sine and a cosine,
   like the hands of many clocks, each slower than the one before:

   $$\mathrm{PE}(p, 2i) = \sin(p\, \omega_i) \qquad \mathrm{PE}(p, 2i + 1) = \cos(p\, \omega_i) \qquad
     \omega_i = 10000^{-2i/d}$$

   The first hand moves by one radian a place; the slowest hardly moves in a sentence. By hand, for 64 places of
   32 features:
   */
  let omega = Tensor((0..<16).map { pow(10_000, -Double(2 * $0) / 32) })
  let angles = Tensor.arange(64).to(.float32).unsqueeze(1) * omega
  let positions = stack([angles.sin(), angles.cos()], dim: 2).flatten(1, 2)
  page.show("place 1, first three hands", positions[1, 0..<6], digits: 4)
  page.claim("the library's", sinusoidalPositions(64, 32), equals: positions, within: 1e-4)

  /*:
   Why so complicated? One step to the right turns every hand by its own fixed angle, wherever it stands. So
   "one place farther" is a matrix, the same at all places, and a query can learn to ask for it. The dot product
   of two positions depends on their distance alone:

   $$\mathrm{PE}(p) \cdot \mathrm{PE}(p + k) = \sum_i \cos(k\, \omega_i)$$
   */
  let products = positions.matmul(positions.T)
  page.show(
    "p = 0, 20, 40 and k = 3", [products[0, 3], products[20, 23], products[40, 43]].map { $0.item() },
    digits: 4)
  for k in [0, 3, 10] {
    let expected = (Double(k) * omega).cos().sum().item()
    let found = (0..<50).map { products[$0, $0 + k].item() }
    page.claim("distance \(k)", found, equals: found.map { _ in expected }, within: 1e-3)
  }
  page.figure("positions", positionsFigure(positions, products))

  //: `PositionalEncoding` adds them to its input. To see what that changes, we repeat the experiment with the permuted
  //: vectors. Each gets the position of the place where it now stands, not of that from which it came. So another order
  //: makes other outputs, not the same ones in another order:
  let placed = PositionalEncoding(d, batchFirst: true)
  let moved = attend(placed(x.indexSelect(0, order))) - attend(placed(x)).indexSelect(0, order)
  page.claim(
    "with positions, order counts",
    order.toArray(of: Int.self) == Array(0..<length) || moved.abs().max().item() > 1e-3)

  /*:
   ### Who are the neighbors?

   A last experiment puts heads and positions to the test. A sequence is twelve symbols, each drawn from six, and
   at every place the network is to name the symbol *before* it and the symbol *after* it. One layer of attention
   reads them, and a linear layer names both.
   */
  final class NeighborModel: Module {
    let embedding = Embedding(6, 32)
    let positions: PositionalEncoding?
    let attention: MultiheadAttention
    let head = Linear(32, 12)

    init(heads: Int, hasPositions: Bool) {
      positions = hasPositions ? PositionalEncoding(32, maxLength: 12, batchFirst: true) : nil
      attention = MultiheadAttention(32, heads, batchFirst: true)
    }
    func callAsFunction(_ symbols: Tensor) -> (logits: Tensor, weights: Tensor) {
      let x = positions?(embedding(symbols)) ?? embedding(symbols)
      let (y, weights) = attention(x, x, x, averageAttnWeights: false)
      return (head(y), weights!)
    }
  }

  //: The ends have one neighbor only and are not judged. What counts is how often *both* names are right; the
  //: answers are six logits for one neighbor and six for the other. Who guesses both is right once in $6 \cdot 6$ times;
  //: who knows one and guesses the other, once in six.
  func trainedModel(heads: Int, hasPositions: Bool) -> (model: NeighborModel, accuracy: Double) {
    let model = NeighborModel(heads: heads, hasPositions: hasPositions)
    func logits(_ symbols: Tensor) -> Tensor { model(symbols).logits[.all, 1..<11].reshape(-1, 2, 6) }
    func answers(_ symbols: Tensor) -> Tensor {
      stack([symbols[.all, 0..<10], symbols[.all, 2..<12]], dim: 2).reshape(-1, 2)
    }

    //: Every batch is made of new random symbols, so that nothing can be learned by heart, and the examination is
    //: on new ones again. The network has only one way to succeed: at each place, to look at the two places next to it, and
    //: to keep apart what it finds there.
    let steps = page.scale(quick: 250, standard: 500)
    let optimizer = Adam(model.parameters(), lr: 5e-3)
    for _ in 0..<steps {
      let symbols = Tensor.randint(0, 6, [32, 12])
      optimizer.zeroGrad()
      crossEntropy(logits(symbols).flatten(0, 1), answers(symbols).flatten()).backward()
      optimizer.step()
    }
    let symbols = Tensor.randint(0, 6, [200, 12])
    let isRight = noGrad { (logits(symbols).argmax(dim: 2) .== answers(symbols)).to(.float32) }
    return (model, isRight.amin(dim: 1).mean().item())
  }

  //: Three networks are trained like this. The first has positions, but one head only; the second has positions and two
  //: heads; the third has two heads, and no way to know what stands where. In all else they are alike, down to the number
  //: of weights, for the positions are computed and not learned.
  let candidates = [(1, true), (2, true), (2, false)]
  let trials = candidates.map { trainedModel(heads: $0.0, hasPositions: $0.1) }
  page.show(
    "both neighbors right",
    Table(
      ["heads", "positions", "accuracy"],
      zip(candidates, trials).map { [$0.0, $0.1 ? "yes" : "no", $1.accuracy] }), digits: 3)

  /*:
   With two heads and positions it is easy: one head looks to the left, the other to the right. One head of twice
   the width has as many parameters, but it must look at both neighbors at once, and in the average it cannot
   tell which was which. And without positions nobody knows who the neighbors are.
   */
  let found = trials.map(\.accuracy)
  page.claim("two heads with positions", found[1], isAtLeast: 0.95)
  page.claim("one head", found[0], isAtMost: 0.8)
  page.claim("no positions", found[2], isAtMost: 0.3)

  //: Have the two heads shared the work as we think? Here are their weights for one sequence, a row for each
  //: place that looks and a column for each that is seen. Whoever looks at its left neighbor has its weight one cell left
  //: of the diagonal, and which of the two heads does, is left to chance:
  let sequence = Tensor.randint(0, 6, [1, 12])
  let looking = noGrad { trials[1].model(sequence).weights[0] }
  page.figure("heads", headsFigure(looking, sequence[0].toArray(of: Int.self)))

  //: And in numbers: how much weight each head has on the left neighbor and on the right one, on average over
  //: the ten places that have both. They need not be near 1. A head may look a little at other places as well, as
  //: long as what its neighbor says is the loudest.
  let left = (1..<11).map { i in looking[.all, i, i - 1].toArray(of: Double.self) }
  let right = (1..<11).map { i in looking[.all, i, i + 1].toArray(of: Double.self) }
  let shares = [0, 1].map { head in (mean(left.map { $0[head] }), mean(right.map { $0[head] })) }
  page.show("weight on the left, right", shares.map { [$0.0, $0.1] }, digits: 3, note: "a row for each head")
  page.claim("the heads have shared the work", (shares[0].0 - shares[0].1) * (shares[1].0 - shares[1].1) < 0)

  /*:
   This is the material of chapter 11. Its transformer stacks such layers, with a small network at every
   place between them and a way around each, and needs no recurrent network at all. What you have seen here is
   all that its places ever learn about one another.
   */
}

notebook.run()
