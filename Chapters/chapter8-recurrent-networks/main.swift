/*:
 # Chapter 8: Recurrent networks

 Every network so far looked at one thing of a fixed size: a picture, a row of features. But a sentence has as
 many words as it has, a song as many notes, and what a word means depends on what was said before. This
 chapter builds networks that read a sequence step by step and keep, between the steps, a summary of what they
 have read.

 That one idea leads far. A network with a memory is trained by the same backpropagation as any other, through
 as many layers as there are steps, and there the trouble starts: gradients fade or explode with distance. We
 shall measure how fast, and then build the unit that was invented against it, the LSTM. At the end a network
 reads the text of this course, character by character, and writes its own.

 From earlier chapters you need matrix products and backpropagation (chapter 3), modules and training loops
 (chapter 4), and a little of chapter 5: initialization, the Adam optimizer.
 */

import DeepLearning
import Foundation

let notebook = Notebook("chapter8-recurrent-networks", title: "Chapter 8: Recurrent networks")

/*:
 ## 8.1 Why recurrence

 Suppose a multilayer perceptron is to read a sequence. It needs an input of fixed size, so we should have to
 cut or fill up every sequence to one length. And it has a weight of its own for every place: what it learns
 about a word at place 3 it does not know about the same word at place 4. A convolution (chapter 7) shares its
 weights, but sees no farther than its kernel. What reads a sequence of any length, with the same weights at
 each step, and may remember all of it?
 */
notebook.section("8.1", "Why recurrence") { page in
  /*:
   The answer is older than neural networks. A **dynamical system** has a **state**, and a rule that makes the
   next state from this one: $h_t = f(h_{t-1})$. The rule never changes; only the state does. Here the state
   is a point in the plane and the rule turns it by 30° and pulls it in a little:
   */
  let angle = 30 * Double.pi / 180
  let rule = 0.95 * Tensor([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]], dtype: .float64)
  func next(_ h: Tensor) -> Tensor { rule.matmul(h) }

  //: Twelve applications of one rule, from the point $(1, 0)$. Twelve turns of 30° are a full circle, and the
  //: length has shrunk by $0.95^{12}$. So the state must lie where it began, only nearer to the middle. To
  //: know that, one needs the rule and the first state, and nothing of what was in between:
  var h = Tensor([1.0, 0.0], dtype: .float64)
  for _ in 1...12 { h = next(h) }
  page.show("h₁₂", h, digits: 4)
  page.claim("0.95¹² = 0.5404 of the length", h, equals: [pow(0.95, 12), 0], within: 1e-9)
  page.claim("that is 0.5404", pow(0.95, 12), equals: 0.5404, within: 5e-5)

  /*:
   ### Unrolling

   Write the rule out for three steps, $h_3 = f(f(f(h_0)))$, and the loop disappears. **Unrolled** in time,
   the system is a chain of three equal layers, an ordinary feed-forward network. All that we know about
   those, backpropagation above all, holds here. The one thing that is new is that all its layers are the
   same.
   */
  let start = Tensor([1.0, 0.0], dtype: .float64)
  var looped = start
  for _ in 1...3 { looped = next(looped) }
  page.claim("the loop is the chain", next(next(next(start))), equals: looped)

  /*:
   So far nothing comes in from outside. Let an input $x_t$ take part in every step:

   $$h_t = f(h_{t-1}, x_t)$$

   Now the state is a summary of the whole past, $x_1 \dots x_t$, in a fixed number of values. The simplest
   such summary is a fading sum, in which yesterday counts half as much as today:
   */
  func summarize(_ sequence: [Double]) -> Double {
    var h = 0.0
    for x in sequence { h = 0.5 * h + x }
    return h
  }

  //: The same three lines read two numbers or five, and the order counts. In 1, 2 the 2 came last and counts
  //: in full, the 1 by half; in 2, 1 it is the other way round. And in 1, 0, 0, 0, 1 the first number has
  //: been halved four times, but a sixteenth of it is still there:
  page.show("of 1, 2", summarize([1, 2]))
  page.show("of 2, 1", summarize([2, 1]))
  page.show("of five numbers", summarize([1, 0, 0, 0, 1]))
  page.claim(
    "any length, in order", [[1.0, 2], [2, 1], [1, 0, 0, 0, 1]].map(summarize), equals: [2.5, 2, 1.0625])

  /*:
   A **recurrent neural network**, RNN, is such a system whose rule is learned. From its state it may say
   something at every step, $o_t$. The figure shows it unrolled for four steps. All arrows named $U$ carry one
   and the same matrix, and so do those named $W$, and those named $V$: that is **weight sharing** over time.
   */
  page.figure("unrolled", unrolledFigure(steps: 4))

  /*:
   How many weights does sharing save? Take sequences of 28 steps with 28 numbers each, and 64 units. A dense
   layer that sees all of it at once has a weight for each pair of input and unit, and its number grows with
   the length. The recurrent layer has $28 \cdot 64$ weights for the input and $64 \cdot 64$ for the state,
   for any length. (Its two biases are a subject of the next section.)
   */
  let dense = Linear(28 * 28, 64)
  let recurrent = RNN(28, 64)
  page.show("parameters", [dense.parameterCount, recurrent.parameterCount], note: "dense, recurrent")
  page.claim("50,240 and 6,016", [dense.parameterCount, recurrent.parameterCount], equals: [50_240, 6_016])

  /*:
   ### What goes in and what comes out

   One rule, many uses. Look at which steps have an input, and at which outputs are used:

   - **many to one**: a sequence goes in, one answer comes out at its end. Is this sentence friendly? What
     garment is this, seen row by row?
   - **many to many**, step by step: an answer for every input. Which character comes next?
   - **one to many**: one thing goes in, a sequence comes out. A picture, and its description.
   - **many to many**, one after the other: a sequence is read to its end, and only then another is written,
     of another length. Translation is of this kind; it takes two networks, and chapter 9.

   In code they differ by a line. `RNN(10, 20)` reads inputs of 10 numbers and has a state of 20. A batch of
   sequences has the shape (length, batch, features), so that the steps come first:
   */
  let x = Tensor.randn(5, 3, 10)
  let rnn = RNN(10, 20)
  let (output, last) = rnn(x)
  page.show("input", x.shape, note: "5 steps, 3 sequences, 10 numbers")
  page.show("output", output.shape, note: "the state after each step")
  page.show("last state", last.shape, note: "1 layer, 3 sequences, 20 numbers")

  //: *Many to many* puts a layer on every output, *many to one* on the last only. It is an ordinary `Linear`;
  //: over time its weights are shared like all others, that is what $V$ was in the figure. And since the last
  //: state is the last output, whoever wants one answer may take either:
  let head = Linear(20, 4)
  page.show("many to many", head(output).shape)
  page.show("many to one", head(output[.last]).shape)
  page.claim("the last output is the last state", output[.last], equals: last[0])

  /*:
   *One to many* reads one input, and then its own answers: each output becomes the next input. That takes a
   loop, since an input is known only when the step before it is done. `RNNCell` is a single step: an input
   and a state go in, the next state comes out, and the loop is ours.
   */
  let cell = RNNCell(10, 20)
  let back = Linear(20, 10)
  var (input, state) = (Tensor.randn(3, 10), Tensor.zeros(3, 20))
  var written: [Tensor] = []
  for _ in 0..<6 {
    state = cell(input, state)
    input = back(state)
    written.append(input)
  }
  page.show("one to many", stack(written).shape, note: "6 steps, 3 sequences")
  page.claim("(6, 3, 10)", stack(written).shape, equals: [6, 3, 10])

  /*:
   Steps first is practical for whoever computes, step after step; the batch first is what data sets give. The
   `batchFirst` option takes (batch, length, features) and gives the outputs in the same order. It changes
   nothing else, and not the shape of the state.
   */
  let batchFirst = RNN(10, 20, batchFirst: true)
  try batchFirst.loadStateDict(rnn.stateDict())
  let (turned, _) = batchFirst(x.transpose(0, 1))
  page.show("batch first", turned.shape)
  page.claim("the same numbers", turned.transpose(0, 1), equals: output, within: 1e-6)
}

/*:
 ## 8.2 A recurrent network from scratch

 Now the rule itself. The state is a layer of $N$ units that see two things, the input and what they were a
 step ago:

 $$z_t = W h_{t-1} + U x_t + b \qquad h_t = \tanh z_t$$

 $U$ leads from the input to the state and is $N \times D$; $W$ leads from the state to the state and is $N
 \times N$; $b$ has $N$ numbers. Before the first step the state is $h_0 = 0$.
 */

/// One recurrent layer: U (hidden, input), W (hidden, hidden), b (hidden).
struct RecurrentLayer {
  var u, w, b: Tensor

  //: A step for a batch of examples, in rows. Inputs are (batch, input), states (batch, hidden). In the
  //: formula a state is a column, and the matrix stands before it; here it is a row, and the matrix stands
  //: behind it, transposed. The bias is added to every row:
  func step(_ x: Tensor, _ h: Tensor) -> Tensor {
    (h.matmul(w.T) + x.matmul(u.T) + b).tanh()
  }

  //: And the loop over time. Each step gets the state of the one before, and all get the same weights. What
  //: is returned are the states after each step, stacked to (length, batch, hidden): a layer above may want
  //: every one of them, and whoever wants the last can pick it.
  func callAsFunction(_ x: Tensor, from start: Tensor? = nil) -> Tensor {
    var h = start ?? Tensor.zeros([x.shape[1], b.count], dtype: x.dtype)
    return stack(
      x.unbind().map { x in
        h = step(x, h)
        return h
      })
  }
}

notebook.section("8.2", "A recurrent network from scratch") { page in
  /*:
   That is all of it. Is it what the library computes? The library's module names its weights as PyTorch does:
   `weight_ih_l0` is our $U$, from **i**nput to **h**idden in **l**ayer **0**, and `weight_hh_l0` is $W$. There
   are two biases, `bias_ih_l0` and `bias_hh_l0`. We take their sum:
   */
  let module = RNN(3, 4)
  let weights = module.weights[0]
  let layer = RecurrentLayer(
    u: weights.weightIH, w: weights.weightHH, b: weights.biasIH! + weights.biasHH!)
  let x = Tensor.randn(6, 2, 3)
  let (output, _) = module(x)
  page.show("ours, at the last step", layer(x)[.last], digits: 4)
  page.show("the module's", output[.last], digits: 4)
  page.claim("every state of every step", layer(x), equals: output, within: 1e-6)

  //: The gradients are those of the module, too. The plain sum of all outputs would be a poor test, for it
  //: treats all alike, and two mistakes may cancel in it. We draw a random number for every output and take
  //: the sum of the products, so that no mistake can hide behind another:
  let random = Tensor.randn(like: output)
  let ours = grad([(layer(x) * random).sum()], [weights.weightIH, weights.weightHH])
  let theirs = grad([(module(x).output * random).sum()], [weights.weightIH, weights.weightHH])
  page.claim("∂/∂U", ours[0]!, equals: theirs[0]!, within: 1e-5)
  page.claim("∂/∂W", ours[1]!, equals: theirs[1]!, within: 1e-5)

  /*:
   ### Two biases, one too many

   Why two? NVIDIA's library for its processors, cuDNN, gives each of the two products a bias, $W h_{t-1} +
   b_{hh} + U x_t + b_{ih}$. PyTorch does as cuDNN does, so its files have both, and so have ours. But only
   the sum enters the formula. Move any amount from one to the other, and no output changes:
   */
  let moved = RNN(3, 4)
  try moved.loadStateDict(module.stateDict())
  noGrad {
    moved.weights[0].biasIH!.add_(0.7)
    moved.weights[0].biasHH!.sub_(0.7)
  }
  page.claim("the outputs stay", moved(x).output, equals: output, within: 1e-5)

  /*:
   > **Mind the slip.** The two biases *add up*. They do not cancel each other, and neither may be left out
   > when weights are copied into a formula with one: $b = b_{ih} + b_{hh}$.

   Both get the same gradient, because the derivative of a sum is 1 by either of its terms. So they move
   together in training, and together behave like one bias with twice the learning rate.
   */
  (module(x).output * random).sum().backward()
  page.show("gradient of bias_ih", weights.biasIH!.grad!, digits: 4)
  page.show("gradient of bias_hh", weights.biasHH!.grad!, digits: 4)
  page.claim("the same", weights.biasIH!.grad!, equals: weights.biasHH!.grad!, within: 1e-6)
  let without = RecurrentLayer(u: layer.u, w: layer.w, b: weights.biasIH!)
  page.claim(
    "leaving one out does change the outputs", (without(x) - output).abs().max().item(), isAtLeast: 1e-3)

  /*:
   ### The sizes of everything

   Shapes are where programs with recurrent networks go wrong first, so here is a complete list, for inputs of
   10 numbers, states of 20, two layers (section 8.5) and a sequence of 5 steps. The number at the end of a
   name is that of the layer, counted from 0. Try to predict each before you look.
   */
  let stacked = RNN(10, 20, numLayers: 2)
  let sizes: [[any Showable]] = stacked.namedParameters().map { [$0.name, "\($0.tensor.shape)"] }
  page.show("parameters", Table(["name", "shape"], sizes))
  let expected = [[20, 10], [20, 20], [20], [20], [20, 20], [20, 20], [20], [20]]
  page.claim("eight parameters of these shapes", stacked.parameters().map(\.shape) == expected)

  //: A single sequence needs no batch dimension: 5 steps of 10 numbers go in as (5, 10). But for that the
  //: shapes are what they were. There are two layers now, and so two states after the last step; of the
  //: output there is still one for each step, since the upper layer alone speaks:
  let (states, last) = stacked(Tensor.randn(5, 10))
  page.show("output", states.shape, note: "the upper layer's state at each of 5 steps")
  page.show("last state", last.shape, note: "each layer's state after step 5")
  page.claim("(5, 20)", states.shape, equals: [5, 20])
  page.claim("(2, 20)", last.shape, equals: [2, 20])

  /*:
   Mind which is which: `output` runs through all steps of the *last layer*, `last` through all layers at the
   *last step*. They have one row in common. The length of the sequence is in no parameter's shape; a network
   trained on sequences of 5 can read one of 500.
   */
  page.claim("the row in common", states[.last], equals: last[.last])
  let bound = 1 / 20.0.squareRoot()
  page.claim(
    "weights start within ±1/√20", stacked.parameters().allSatisfy { $0.abs().max().item() <= bound })
}

/*:
 ## 8.3 Learning from every step

 A network that answers at every step can be corrected at every step. The loss of a sequence is the mean of
 the losses of its steps,

 $$E = \frac{1}{\tau} \sum_{t=1}^{\tau} E_t$$

 where $\tau$ is the **length** of the sequence. The mean, and not the sum, so that a long sequence counts no
 more than a short one, and one learning rate serves for both.
 */

//: For forecasts the answer of step $t$ is the next value of the sequence. This network has an RNN and on it
//: one output:
final class Forecaster: Module {
  let rnn: RNN
  let head: Linear

  init(units: Int) {
    rnn = RNN(1, units)
    head = Linear(units, 1)
  }

  //: Values of shape (length, batch, 1) go in, forecasts of the same shape come out, and the last state, to
  //: go on from. The forecast at place $t$ is for the value that comes *after* `x[t]`. It is made of all
  //: values up to this one, which the state sums up. If no state is given, the first is zero:
  func callAsFunction(_ x: Tensor, _ h: Tensor? = nil) -> (forecast: Tensor, state: Tensor) {
    let (output, state) = rnn(x, h)
    return (head(output), state)
  }

  //: Without new values to read, it can read its own forecasts. First it reads the past, in one call. From
  //: there it goes step by step: the last forecast is the next input, and the state is handed on. How far
  //: ahead that is worth anything we shall see in this section:
  func continuing(_ past: Tensor, steps: Int) -> Tensor {
    var (forecast, state) = self(past)
    var own = [forecast[.last]]
    while own.count < steps {
      (forecast, state) = self(own.last!.unsqueeze(0), state)
      own.append(forecast[.last])
    }
    return stack(own)
  }
}

notebook.section("8.3", "Learning from every step") { page in
  /*:
   Our sequence is the sum of two waves of different lengths, with a little noise in what is measured. To
   forecast the next value, one value is not enough: at the same height the curve may be rising or falling.
   The network must remember.
   */
  func wave(_ times: Range<Int>, noise: Double) -> Tensor {
    let t = Tensor(times.map(Double.init), dtype: .float32)
    func sine(period: Double) -> Tensor { (t * (2 * Double.pi / period)).sin() }
    return 0.6 * sine(period: 25) + 0.4 * sine(period: 11) + noise * Tensor.randn(times.count)
  }
  let series = wave(0..<1200, noise: 0.05)
  page.show("the series", series[0..<8], digits: 2)

  /*:
   Inputs are the values 1 to $\tau$, targets the values 2 to $\tau + 1$: the same series, one step later.
   Note what the network reads at step 3: not its own forecast of step 2, but what was *really* there. This is
   called **teacher forcing**, after the teacher who says the right word before the pupil goes on. All inputs
   are known beforehand, so all steps can be computed in one call.
   */
  let length = 40
  func batch() -> (x: Tensor, y: Tensor) {
    let starts = Tensor.randint(0, 1000, [32]).toArray(of: Int.self)
    let both = stack(starts.map { series.narrow(0, $0, length + 1) }, dim: 1).unsqueeze(2)
    return (both[0..<length], both[1..<length + 1])
  }
  let (x, y) = batch()
  page.show("inputs, targets", "\(x.shape), \(y.shape)", note: "length, batch, 1")

  //: The mean over time is what `mseLoss` takes anyway: it averages over all numbers it gets, and every step
  //: has equally many. So the formula above needs no code of its own. By hand, one step's loss after another,
  //: it is the same number:
  let model = Forecaster(units: 16)
  let atOnce = mseLoss(model(x).forecast, y)
  let each = (0..<length).map { mseLoss(model(x).forecast[$0], y[$0]).item() }
  page.show("mean of the steps' losses", each.reduce(0, +) / Double(length), digits: 5)
  page.claim("the loss at once", atOnce.item(), equals: each.reduce(0, +) / Double(length), within: 1e-5)

  //: Training is what it always was. Each time 32 stretches of the series are drawn, all their steps are
  //: judged at once, and one backward pass goes through the forty steps, from the last to the first. What
  //: happens to the gradient on this way is the subject of section 8.4; here it arrives.
  let optimizer = Adam(model.parameters(), lr: 5e-3)
  for _ in page.progress(page.scale(quick: 250, standard: 400), "training") {
    let (x, y) = batch()
    optimizer.zeroGrad()
    mseLoss(model(x).forecast, y).backward()
    optimizer.step()
  }

  /*:
   ### Its own errors

   How good is it? Forced, it is corrected at each step by the true value. But a forecast worth having looks
   farther ahead, and there nobody corrects it: it must read its own forecasts. That is **free running**. We
   let it do both, from many places in a stretch that it has not been trained on.
   */
  let (ahead, places) = (60, 40)
  let test = wave(1200..<1200 + length + ahead + places, noise: 0.05)
  let windows = stack((0..<places).map { test.narrow(0, $0, length + ahead) }, dim: 1).unsqueeze(2)
  let truth = windows[length..<length + ahead]
  let free = noGrad { model.continuing(windows[0..<length], steps: ahead) }
  let forced = noGrad { model(windows).forecast[length - 1..<length + ahead - 1] }

  /*:
   The error of each step, as the root of the mean square over the forty places, so that it is in the units of
   the series. On every value lies noise with a standard deviation of 0.05, and that nobody can forecast. So
   even a perfect network would be wrong by about this much, and the errors must be read from there:
   */
  func errors(_ forecast: Tensor) -> [Double] {
    (forecast - truth).square().mean(dims: [1, 2]).sqrt().toArray(of: Double.self)
  }
  let (forcedErrors, freeErrors) = (errors(forced), errors(free))
  let picks = [0, 4, 9, 19, 39, 59]
  page.show(
    "error",
    Table(["steps ahead", "forced", "free"], picks.map { [$0 + 1, forcedErrors[$0], freeErrors[$0]] }),
    digits: 3)
  page.figure("free-running", freeRunningFigure(truth, forced, free, forcedErrors, freeErrors))

  /*:
   One step ahead the two are the same thing, for both have just read the truth. From there on, forced
   forecasts stay as good as they were, and free ones, which keep up for a while, drift away in the end: a
   small error goes in, a larger one comes out and goes in again.
   */
  func mean(_ x: some Collection<Double>) -> Double { x.reduce(0, +) / Double(x.count) }
  page.claim("the same at the first step", free[0], equals: forced[0], within: 1e-5)
  page.claim("the noise remains", mean(forcedErrors), isAtLeast: 0.04)
  page.claim(
    "forced errors do not grow", mean(forcedErrors[40...]), isAtMost: 1.5 * mean(forcedErrors[..<20]))
  page.claim("free running is worse", mean(freeErrors[20...]), isAtLeast: mean(forcedErrors[20...]))

  /*:
   However small its mistakes, the network was never shown what to do after one, for in training it always
   read the truth. This is the price of teacher forcing, called **exposure bias**. The remedies let it meet
   its own outputs while it still learns: sometimes, at random, instead of the truth (**scheduled sampling**,
   `TeacherForcing` in the library; chapter 9 uses it), or for a whole stretch. Section 8.7 does the latter to
   a forecaster.
   */
}

/*:
 ## 8.4 Backpropagation through time

 An unrolled network is a feed-forward network, so its gradients are found by backpropagation, from the last
 step to the first. It has got a name of its own, **backpropagation through time**, BPTT, and two
 peculiarities: the same weights appear in every layer, and the layers are many.
 */

//: What this section is all about is the length of gradients, each taken as one vector:
func length(_ x: Tensor) -> Double { x.detach().norm().item() }

notebook.section("8.4", "Backpropagation through time") { page in
  /*:
   How does the state of step $k$ act on the loss of a later step $t$? Through all the states between them.
   Each step contributes its Jacobian (chapter 3), with the slope of tanh, $1 - h^2$, on the rows of $W$
   (gradients are rows in this product):

   $$\frac{\partial E_t}{\partial h_k} = \frac{\partial E_t}{\partial h_t} \prod_{j=k+1}^{t} J_j
     \qquad J_j = \frac{\partial h_j}{\partial h_{j-1}} = \mathrm{diag}(1 - h_j^2)\, W$$

   Here is the product, multiplied out for a network of 8 units over 10 steps, in 64 bits:
   */
  let (n, steps) = (8, 10)
  func random(_ shape: Int...) -> Tensor { Tensor.randn(shape, dtype: .float64) }
  let layer = RecurrentLayer(u: random(n, 3) / 3, w: random(n, n) / 2.5, b: random(n) / 5)
  let x = random(steps, 1, 3)
  let start = random(1, n)
  start.requiresGrad = true
  let h = layer(x, from: start)

  //: The factors in their order, the latest on the left. To multiply by $\mathrm{diag}(1 - h_j^2)$ from the
  //: left is to multiply every row of $W$ by its unit's slope, which the code does by broadcasting. Before
  //: the first step nothing has happened yet, and the product is the identity:
  var product = Tensor.eye(n, dtype: .float64)
  for t in 0..<steps {
    let jacobian = (1 - h[t, 0].detach().square()).unsqueeze(1) * layer.w
    product = jacobian.matmul(product)
  }

  /*:
   A loss at the last step, the dot product with some vector $v$, has $\partial E / \partial h_{10} = v$. By
   the formula the gradient at the start is $v$ times the product. Autograd knows nothing of such a product;
   it goes back step by step, as through any graph. What does it find for $\partial E / \partial h_0$?
   */
  let v = random(1, n)
  let found = grad((h[.last] * v).sum(), start)!
  page.show("v J₁₀ ⋯ J₁", v.matmul(product)[0], digits: 6)
  page.show("autograd", found[0], digits: 6)
  page.claim("the product of the Jacobians", found, equals: v.matmul(product), within: 1e-12)

  /*:
   Every step uses the same $W$, and so the gradient by $W$ is a sum over the steps. With losses at several
   steps it is a double sum, over all steps $t$ that are judged and all steps $k \le t$ at which $W$ took
   part:

   $$\frac{\partial E}{\partial W} = \frac{1}{\tau} \sum_{t=1}^{\tau} \sum_{k=1}^{t} \frac{\partial E_t}{\partial h_t}
     \left( \prod_{j=k+1}^{t} J_j \right) \frac{\partial^+ h_k}{\partial W}$$

   where the last factor is the derivative of step $k$ alone, with $h_{k-1}$ held fixed. Nobody computes it
   like this. Going backward, the error term $\delta_t = \partial E / \partial z_t$ collects what comes from
   step $t$ itself and from all later steps. Behind the last step there is nothing, $\delta_{\tau+1} = 0$,
   and from there on, with gradients as columns again,

   $$\delta_t = \left( \frac{1}{\tau} \frac{\partial E_t}{\partial h_t} + W^\top \delta_{t+1} \right)
     \odot (1 - h_t^2)$$

   Then one sum is left for each parameter:

   $$\frac{\partial E}{\partial W} = \sum_{t=1}^{\tau} \delta_t \, h_{t-1}^\top \qquad
     \frac{\partial E}{\partial U} = \sum_{t=1}^{\tau} \delta_t \, x_t^\top \qquad
     \frac{\partial E}{\partial b} = \sum_{t=1}^{\tau} \delta_t$$

   The code has its error terms in rows. What it is given, `dOutput`, has the factor $1 / \tau$ in it already:
   */
  func backward(_ h: Tensor, _ dOutput: Tensor) -> (w: Tensor, u: Tensor, b: Tensor) {
    var delta = Tensor.zeros([1, n], dtype: .float64)
    var (w, u, b) = (Tensor.zeros(like: layer.w), Tensor.zeros(like: layer.u), Tensor.zeros(like: layer.b))
    for t in (0..<steps).reversed() {
      delta = (dOutput[t] + delta.matmul(layer.w)) * (1 - h[t].square())
      w = w + delta.T.matmul(t > 0 ? h[t - 1] : start.detach())
      u = u + delta.T.matmul(x[t])
      b = b + delta[0]
    }
    return (w, u, b)
  }

  //: Against autograd, with a loss at every step, $E = \frac{1}{\tau} \sum_t v_t \cdot h_t$. The derivative
  //: by the output of a single step, with all others held fixed, is $v_t / \tau$, and that is what our
  //: function is given. The rest it has to collect on its way back:
  let dOutput = random(steps, 1, n) / Double(steps)
  let byHand = backward(h.detach(), dOutput)
  for p in [layer.w, layer.u, layer.b] { p.requiresGrad = true }
  let automatic = grad([(layer(x, from: start.detach()) * dOutput).sum()], [layer.w, layer.u, layer.b])
  for (name, pair) in zip("WUb", zip([byHand.w, byHand.u, byHand.b], automatic)) {
    page.claim("∂E/∂\(name)", pair.0, equals: pair.1!, within: 1e-12)
  }

  /*:
   ### Fading and exploding

   A product of many factors is a dangerous thing. Numbers below 1 multiply to nothing, numbers above 1 to
   astronomical values, and matrices are no different. What counts for them is the **spectral radius** $\rho$
   of $W$, the largest magnitude of its eigenvalues (chapter 2). Along the eigenvector of that eigenvalue,
   every step stretches a vector $\rho$-fold.

   Leave out the tanh for a moment; then $J = W$. To have one $\rho$ in all directions we take an orthogonal
   matrix, which turns and mirrors but stretches nothing, times $\rho$. Then the gradient over a distance $d$
   is derived in one line:

   $$\left\lVert v\, W^d \right\rVert = \rho^d \lVert v \rVert
     \qquad \ln \left\lVert v\, W^d \right\rVert = d \ln \rho + \text{const}$$

   On a logarithmic axis, a straight line of slope $\ln \rho$.
   */
  let (units, distance) = (32, 50)
  func gradientNorms(_ rho: Double, _ squash: (Tensor) -> Tensor) -> [Double] {
    let w = Init.orthogonal_(Tensor.zeros(units, units, dtype: .float64), gain: rho)
    var h = Tensor.randn(1, units, dtype: .float64).requiresGrad_()
    var states = [h]
    for _ in 0..<distance {
      h = squash(h.matmul(w.T))
      states.append(h)
    }
    let v = Tensor.randn(1, units, dtype: .float64)
    let gradients = grad([(h * v).sum()], states).map { length($0!) }
    return gradients.reversed().map { $0 / gradients.last! }
  }

  //: Autograd gives the gradient at every state at once; entry $d$ lies $d$ steps back. To compare with $\ln
  //: \rho$ we need the slope of a line through the logarithms. It is fitted by least squares: how the two
  //: vary together, divided by how much the steps vary:
  func slope(_ values: some Collection<Double>) -> Double {
    let t = Tensor((0..<values.count).map { Double($0) }, dtype: .float64)
    let y = Tensor(values.map { log($0) }, dtype: .float64)
    let centered = t - t.mean()
    return ((centered * y).sum() / centered.square().sum()).item()
  }

  //: A radius below 1, at 1 and above it. Each serves twice: without tanh, as in the derivation, and then
  //: with it, since that is how networks are. If the derivation is right, the linear slopes agree with $\ln
  //: \rho$ to all digits; of the others it says nothing:
  let radii = [0.5, 1.0, 1.5]
  let linear = radii.map { rho in gradientNorms(rho) { $0 } }
  let squashed = radii.map { rho in gradientNorms(rho) { $0.tanh() } }
  let rows: [[any Showable]] = zip(radii, zip(linear, squashed)).map { rho, norms in
    [rho, log(rho), slope(norms.0), slope(norms.1), norms.0[distance]]
  }
  page.show(
    "slope of ln ‖gradient‖", Table(["ρ", "ln ρ", "linear", "with tanh", "norm at 50"], rows))
  page.claim("the derived slopes", linear.map { slope($0) }, equals: radii.map { log($0) }, within: 1e-9)
  page.figure("gradient-norms", gradientNormsFigure(radii, linear, squashed))

  /*:
   At a distance of 50 steps the gradient is $10^{-15}$ of what it was for $\rho = 0.5$, and $6 \cdot 10^8$
   times as much for $\rho = 1.5$: **vanishing** and **exploding gradients**. Only $\rho = 1$ keeps them, on a
   knife's edge. Numbers of 32 bits have about seven digits. So beside the gradient of a near step, one that
   is $10^{-15}$ as long is lost in rounding.
   */
  page.claim("10⁻¹⁵", log10(linear[0][distance]), equals: -15, within: 0.1)
  page.claim("6 · 10⁸", linear[2][distance] / 1e8, equals: 6.4, within: 0.1)

  /*:
   With tanh each Jacobian has slopes of at most 1 in front of it, so every line of the right panel runs below
   that of the left. A large $\rho$ then drives the units into saturation, where slopes are small; tanh tames
   the explosion, and even at $\rho = 1$ gradients fade. It cannot help against vanishing.
   */
  for (norms, tame) in zip(linear, squashed) {
    page.claim("tanh only shrinks", slope(tame), isAtMost: slope(norms))
  }
  page.claim("even at ρ = 1 gradients fade with tanh", slope(squashed[1]), isAtMost: -0.005)

  /*:
   An orthogonal matrix is a special case. For any other, the powers settle to the same slope after a while,
   because the largest eigenvalue outgrows the rest. We multiply a vector by a random symmetric matrix over
   and over, note by how much it grows, and shorten it to length 1 each time, for it would soon be too long
   for any number. Then the same matrix, scaled to $\rho = 0.9$, over 400 steps:
   */
  let half = Tensor.randn(units, units, dtype: .float64)
  let symmetric = half + half.T
  var direction = Tensor.randn(units, dtype: .float64)
  var growth = 0.0
  for _ in 0..<400 {
    direction = symmetric.matmul(direction)
    growth = length(direction)
    direction = direction / growth
  }

  //: Repeated multiplication finds the eigenvalue itself, as the factor of growth: that is power iteration,
  //: which found the axes of PCA in section 2.6. Divided by this factor the matrix has $\rho = 1$, times 0.9
  //: it has $\rho = 0.9$. Now its powers, for another vector, at the beginning and at the end:
  let scaled = symmetric * (0.9 / growth)
  var (w, norms) = (Tensor.randn(units, dtype: .float64), [Double]())
  for _ in 0..<400 {
    w = scaled.matmul(w)
    norms.append(length(w))
  }
  page.show("slope, steps 1 to 20", slope(norms[..<20]), digits: 4)
  page.show("slope, steps 300 to 400", slope(norms[300...]), digits: 4, note: "ln 0.9 = −0.1054")
  page.claim("settled to ln 0.9", slope(norms[300...]), equals: log(0.9), within: 0.01)

  /*:
   What does vanishing do to learning? In the double sum above, the terms with a large distance $t - k$ are
   there, but they are drowned by those nearby. The network learns what depends on the last few steps, and
   hardly hears of anything before. More training does not help: the direction is not wrong, it is missing.

   ### Clipping

   Exploding gradients are rarer and easier to cure. One step along a gradient of length $10^9$ throws the
   weights far away from anything sensible. If the length exceeds a limit $c$, scale the whole gradient down
   to it:

   $$g \leftarrow g \cdot \min\left(1, \frac{c}{\lVert g \rVert}\right)$$

   The direction stays, the step has a reasonable length. This is **gradient clipping** by norm.
   */
  let explosive = Init.orthogonal_(Tensor.zeros(units, units, dtype: .float64), gain: 1.5).requiresGrad_()
  func loss() -> Tensor {
    var h = Tensor.full([1, units], 0.01, dtype: .float64)
    for _ in 0..<20 { h = h.matmul(explosive.T) }
    return (h - 1).square().mean()
  }
  let before = loss()
  before.backward()
  let gradient = explosive.grad!.clone()
  page.show("loss", before.item())
  page.show("length of the gradient", length(gradient))

  //: `clipGradNorm_` does it for all parameters together, as one long vector, so that their proportions stay.
  //: It returns the length that it found. That is worth a look while a network trains: a length that suddenly
  //: jumps often tells of trouble before the loss does. Here the limit is 1:
  let clipped = clipGradNorm_([explosive], maxNorm: 1)
  page.show("before clipping, after", [clipped, length(explosive.grad!)], digits: 4)
  page.claim("g · c / ‖g‖", explosive.grad!, equals: gradient / length(gradient), within: 1e-5)

  //: Now a step along each, with a learning rate of 0.01. The clipped one moves the weights by a hundredth in
  //: all. The other moves them farther than they are long themselves; and since they are multiplied twenty
  //: times with one another, what comes of it is beyond all measure:
  let w0 = explosive.detach().clone()
  func lossAfter(_ step: Tensor) -> Double {
    noGrad {
      explosive.copy_(w0 - 0.01 * step)
      return loss().item()
    }
  }
  let (wild, careful) = (lossAfter(gradient), lossAfter(explosive.grad!))
  page.claim("a step longer than the weights", 0.01 * length(gradient), isAtLeast: length(w0))
  page.show("loss after a step", Table(["unclipped", "clipped"], [[wild, careful]]))
  page.claim("the clipped step descends", careful, isAtMost: before.item())
  page.claim("the other one is a catastrophe", wild, isAtLeast: 1000 * before.item())

  /*:
   ### Truncation

   A text has no end to speak of. Backpropagation through a million steps would need the activations of a
   million steps, before the first update. **Truncated BPTT** reads a window of, say, 50 steps, goes back
   through these only, updates, and reads on. The *state* is carried on from window to window, the *gradient*
   is not. One word does it: `detach`. We compare it with two others, one that goes back through everything
   and one that forgets the state as well:
   */
  let rnn = RNN(3, 8)
  let (first, second) = (Tensor.randn(20, 1, 3), Tensor.randn(20, 1, 3))
  first.requiresGrad = true
  func learned(_ carried: (Tensor) -> Tensor) -> (value: Double, gradient: Tensor, byFirst: Tensor?) {
    let (_, state) = rnn(first)
    let loss = rnn(second, carried(state)).output[.last].sum()
    let gradients = grad([loss], [rnn.weights[0].weightHH, first])
    return (loss.item(), gradients[0]!, gradients[1])
  }
  let whole = learned { $0 }
  let truncated = learned { $0.detach() }
  let forgetful = learned { Tensor.zeros(like: $0) }
  page.show(
    "loss", [whole.value, truncated.value, forgetful.value], digits: 5, note: "whole, truncated, no state")
  page.claim("the start is forgotten", forgetful.value, equals: whole.value, within: 0.01)
  page.claim("forward, nothing changes", truncated.value, equals: whole.value, within: 1e-6)

  /*:
   Forward the first two are the same, as they must be. Even without any state the loss is hardly another: of
   what was read before these 20 steps, next to nothing is left. The gradients differ by what lies more than
   20 steps back, and in a network that has just been made, with its small weights, that has faded, too. Here
   is the justification of truncation. (A network that has learned to remember from far back would lose more
   by it.)
   */
  let missing = length(whole.gradient - truncated.gradient) / length(whole.gradient)
  page.show("missing part", missing, note: "of the whole gradient's length")
  page.claim("it has faded", missing, isAtMost: 0.05)

  //: Faded is not yet cut off. We have asked for the gradient by the first window's inputs, too. In the whole
  //: graph one comes back to them, be it ever so short. Behind `detach` there is no way to them, and so there is
  //: no gradient:
  page.show("gradient by the first window", length(whole.byFirst!), note: "its length, in the whole graph")
  page.claim("whole: it is there", length(whole.byFirst!) > 0)
  page.claim("truncated: there is none", truncated.byFirst == nil)

  /*:
   ### What it costs

   BPTT has to keep every state until it comes back to it. So time and memory grow in proportion to the
   length: $O(\tau)$. We count what the machine holds after the forward pass: the nodes of the graph behind
   the loss, and the bytes under tensors that are alive.
   */
  let wide = RecurrentLayer(u: Tensor.randn(64, 8), w: Tensor.randn(64, 64) / 16, b: Tensor.zeros(64))
  wide.w.requiresGrad = true
  func cost(_ length: Int) -> (nodes: Int, bytes: Int, milliseconds: Double) {
    let x = Tensor.randn(length, 32, 8)
    let held = MemoryStatistics.current.bytesInUse
    var loss = wide(x).square().mean()
    let bytes = MemoryStatistics.current.bytesInUse - held
    let nodes = AutogradGraph(of: loss).nodes.count

    //: Beside these we take the time of a pass forward and backward, of several runs the shortest, since that
    //: was disturbed least:
    let seconds = page.seconds(runs: page.scale(quick: 2, standard: 5)) {
      loss = wide(x).square().mean()
      loss.backward()
    }
    return (nodes, bytes, 1000 * seconds)
  }

  //: The network is the same for all lengths, and only the input gets longer, from 25 steps to 400. Each
  //: length is twice the one before, so that proportion is easy to see in the table: every line should have
  //: twice what the line above it has:
  let lengths = [25, 50, 100, 200, 400]
  let costs = page.progress(lengths, "measuring").map(cost)
  page.show(
    "cost",
    Table(["length", "nodes", "kilobytes"], zip(lengths, costs).map { [$0, $1.nodes, $1.bytes / 1024] }))

  //: It does, but for the few nodes and bytes that the end of the computation needs, whatever the length.
  //: Each step adds the same operations to the graph, and each of them keeps what its derivative will read.
  //: In a network of many units it is these bytes that decide how long a sequence may be:
  for (a, b) in zip(costs, costs.dropFirst()) {
    page.claim("nodes double", Double(b.nodes) / Double(a.nodes), equals: 2, within: 0.05)
    page.claim("bytes double", Double(b.bytes) / Double(a.bytes), equals: 2, within: 0.05)
  }

  /*:
   With truncation both stay at those of one window, however long the text. A window in the middle of a book
   costs as much as the first. The clock, which depends on whatever else the machine does, is for the figure
   only:
   */
  page.show("400 steps against 25", measured: costs[4].milliseconds / costs[0].milliseconds, unit: "times")
  page.figure("cost-of-time", costFigure(lengths, costs))
}

/*:
 ## 8.5 Stacked and bidirectional networks

 One recurrent layer makes one summary of the past. As with other networks, layers can be put on top of one
 another, and the second sees a sequence of summaries instead of raw inputs. What the first has noticed, the
 second can put together, as in a convolutional network corners are made of edges.
 */
notebook.section("8.5", "Stacked and bidirectional networks") { page in
  /*:
   In a **stacked** RNN, layer $l$ reads at step $t$ what layer $l - 1$ said at the same step, and its own
   state of the step before. With $h_t^{[0]} = x_t$:

   $$h_t^{[l]} = \tanh\left( W^{[l]} h_{t-1}^{[l]} + U^{[l]} h_t^{[l-1]} + b^{[l]} \right)$$

   > **Mind the slip.** Layer $l$ reads $h_t^{[l-1]}$, the state of the layer below, and not $x_t$. The shapes
   > tell: from the second layer on, $U^{[l]}$ is (hidden, hidden), here (20, 20), and an $x_t$ of 10 numbers
   > would not even fit.

   In code a stack is a fold: the sequence of states of one layer is the input of the next.
   */
  let module = RNN(10, 20, numLayers: 3)
  func layer(_ weights: RecurrentWeights) -> RecurrentLayer {
    RecurrentLayer(u: weights.weightIH, w: weights.weightHH, b: weights.biasIH! + weights.biasHH!)
  }
  let x = Tensor.randn(5, 4, 10)
  let top = module.weights.map(layer).reduce(x) { below, layer in layer(below) }
  page.show("shapes of U", module.weights.map { "\($0.weightIH.shape)" }.joined(separator: " → "))
  page.claim("the module does the same", top, equals: module(x).output, within: 1e-6)

  /*:
   The unrolled network is now a grid, $\tau$ steps wide and $L$ layers high. From one corner to the other a
   gradient passes $\tau + L - 1$ cells. Between layers, but never along time, `dropout` (chapter 6) may leave
   out numbers.

   ### Reading in both directions

   "He said the bank was closed because of the flood." What sort of bank it was, one knows at the end. Where
   the whole sequence is there before the answers are due, a second layer can read it from its end. A
   **bidirectional** RNN runs one in each direction, with weights of their own, and lays their states side by
   side:

   $$\overrightarrow{h_t} = f(\overrightarrow{h_{t-1}}, x_t) \qquad \overleftarrow{h_t} = g(\overleftarrow{h_{t+1}}, x_t)
     \qquad o_t = \left[\overrightarrow{h_t}, \overleftarrow{h_t}\right]$$

   The way back is the same layer on the sequence turned round, and its states are turned round again, so that
   both halves of $o_t$ speak about the same step:
   */
  let both = RNN(10, 20, bidirectional: true)
  let forward = layer(both.weights[0])(x)
  let backward = layer(both.weights[1])(x.flip(0)).flip(0)
  let (output, last) = both(x)
  page.show("output", output.shape, note: "twice 20 numbers")
  page.show("last states", last.shape, note: "one for each direction")
  page.claim("both directions", output, equals: cat([forward, backward], dim: 2), within: 1e-6)

  /*:
   Where is the *last* state of the way back? It has read everything when it arrives at the first step. So a
   classifier must take `last`, or the first output for that half. Taking `output[.last]` for both, a common
   mistake, gives a backward half that has read a single input. We prove it by changing all the others:
   */
  page.claim("forward ends at the last step", last[0], equals: output[.last][.all, 0..<20])
  page.claim("backward ends at the first", last[1], equals: output[0][.all, 20..<40])
  let changed = cat([Tensor.randn(4, 4, 10), x[4..<5]])
  page.claim(
    "output[.last], backward half: has seen step 5 alone", both(changed).output[.last][.all, 20..<40],
    equals: output[.last][.all, 20..<40])

  /*:
   Does it help? Here is a task that asks for the future. The inputs are random bits, and the answer at step
   $t$ is the bit of step $t + 2$. (The last two steps are not judged.) A network that reads forward can only
   guess: the bit is not there yet, and no other tells anything about it.
   */
  let (length, ahead) = (12, 2)
  func train(_ model: RNN, _ head: Linear) -> Double {
    let optimizer = Adam(model.parameters() + head.parameters(), lr: 0.02)
    func logits(_ bits: Tensor) -> (Tensor, Tensor) {
      let answers = head(model(bits.to(.float32).unsqueeze(2)).output)[0..<length - ahead]
      return (answers.reshape(-1, 2), bits[ahead..<length].reshape(-1))
    }

    //: Every batch has new bits, so there is nothing to learn by heart. Zeros and ones are equally frequent,
    //: and a network that has learned nothing is right every other time. The test is a thousand sequences
    //: more:
    for _ in 0..<page.scale(quick: 120, standard: 300) {
      let (z, y) = logits(Tensor.randint(0, 2, [length, 64]))
      optimizer.zeroGrad()
      crossEntropy(z, y).backward()
      optimizer.step()
    }
    let (z, y) = noGrad { logits(Tensor.randint(0, 2, [length, 1000])) }
    return accuracy(z, y)
  }

  //: The one gets 16 units, the other 16 for each direction, and so twice as many outputs for its head. That
  //: is no unfair advantage here. What the first network lacks is not room, and no number of units would tell
  //: it a bit that comes two steps later:
  let oneWay = train(RNN(1, 16), Linear(16, 2))
  let twoWays = train(RNN(1, 16, bidirectional: true), Linear(32, 2))
  page.show("accuracy", [oneWay, twoWays], digits: 3, note: "forward only, both directions")
  page.claim("forward only: guessing", oneWay, equals: 0.5, within: 0.05)
  page.claim("both directions: solved", twoWays, isAtLeast: 0.98)

  /*:
   The price: twice the computation, and no use where the future is not there yet, in forecasts and in
   writing. A model that writes text must not read it backward. And the count of parameters: for $D$ inputs,
   $N$ units, $L$ layers and both directions, each layer above the first reads $2N$ numbers,

   $$2 \left( N D + N^2 + 2N \right) + 2 (L - 1) \left( 2 N^2 + N^2 + 2N \right)$$
   */
  let large = RNN(10, 20, numLayers: 2, bidirectional: true)
  page.show("two layers, both directions", large.parameterCount, note: "parameters")
  page.claim(
    "the formula", large.parameterCount, equals: 2 * (20 * 10 + 400 + 40) + 2 * (2 * 400 + 400 + 40))
}

/*:
 ## 8.6 LSTM

 In a plain RNN, everything that is remembered is made anew at every step: multiplied by $W$, mixed with the
 input, squashed. After fifty steps little is left of it, and of its gradient. What if the state were left
 alone, unless there is a reason to change it? That is the idea of **long short-term memory**, LSTM
 (Hochreiter and Schmidhuber, 1997).
 */

//: The weights first. An LSTM layer consists of four small layers, three gates and a candidate, all explained
//: in a moment, each with a $U$, a $W$ and a $b$ of its own. They lie below one another, in one tensor each:
//: U (4 · hidden, input), W (4 · hidden, hidden), b (4 · hidden).
struct LSTMLayer {
  var u, w, b: Tensor

  init(_ weights: RecurrentWeights) {
    (u, w, b) = (weights.weightIH, weights.weightHH, weights.biasIH! + weights.biasHH!)
  }

  /*:
   Beside its output $h_t$, an LSTM carries a **cell state** $c_t$. Three **gates** rule over it. A gate is a
   layer of sigmoids, so its values lie between 0, shut, and 1, open; and it is multiplied, element by
   element, with what it lets through. Every gate reads the input and the *previous output*:

   $$f_t = \sigma(W_f h_{t-1} + U_f x_t + b_f) \qquad i_t = \sigma(W_i h_{t-1} + U_i x_t + b_i) \qquad
     o_t = \sigma(W_o h_{t-1} + U_o x_t + b_o)$$

   The **forget gate** $f$ says how much of the old cell state is kept, the **input gate** $i$ how much of
   something new is written, and the **output gate** $o$ how much of the cell is shown. (So $o_t$ is a gate
   from here on; in sections 8.1 and 8.5 it was an output.) What is written is the **candidate** $\tilde c$,
   made as the state of a plain RNN is:

   $$\tilde c_t = \tanh(W_c h_{t-1} + U_c x_t + b_c) \qquad c_t = f_t \odot c_{t-1} + i_t \odot \tilde c_t \qquad
     h_t = o_t \odot \tanh c_t$$

   Read the middle formula slowly: the new cell state is a part of the old one plus a part of the candidate,
   unit by unit. With $f = 1$ and $i = 0$ nothing changes at all, however many steps go by. That is the whole
   trick.
   */
  func step(_ x: Tensor, _ h: Tensor, _ c: Tensor) -> (h: Tensor, c: Tensor) {
    let z = (h.matmul(w.T) + x.matmul(u.T) + b).chunk(4, dim: 1)
    let (i, f, candidate, o) = (z[0].sigmoid(), z[1].sigmoid(), z[2].tanh(), z[3].sigmoid())
    let new = f * c + i * candidate
    return (o * new.tanh(), new)
  }
}

notebook.section("8.6", "LSTM") { page in
  /*:
   Step by step, with numbers. One layer with 3 inputs and 2 units, and one example. The library stacks the
   four parts in the order $i, f, \tilde c, o$, as PyTorch does, so one matrix product makes them all. Before
   the first step $h$ is zero, and the gates see the input and the bias alone. With a new network, whose
   weights are small, the gates are neither open nor shut:
   */
  let module = LSTM(3, 2)
  let layer = LSTMLayer(module.weights[0])
  let x = Tensor.randn(7, 1, 3)
  var (h, c) = (Tensor.zeros(1, 2), Tensor.zeros(1, 2))
  let parts = (h.matmul(layer.w.T) + x[0].matmul(layer.u.T) + layer.b).detach().chunk(4, dim: 1)
  page.show("input gate", parts[0].sigmoid(), digits: 4)
  page.show("forget gate", parts[1].sigmoid(), digits: 4)
  page.show("candidate", parts[2].tanh(), digits: 4)
  page.show("output gate", parts[3].sigmoid(), digits: 4)

  //: What these make of the two states can be checked with a pencil. The cell was 0, so nothing of it is
  //: kept, and $c$ is input gate times candidate; $h$ is output gate times $\tanh c$. Then six steps more,
  //: and the result is compared with the library's module:
  for t in 0..<7 {
    (h, c) = layer.step(x[t], h, c)
    if t == 0 { page.show("c and h after a step", stack([c[0], h[0]]).detach(), digits: 4) }
  }
  let (output, last) = module(x)
  page.claim("h, last step", h, equals: output[.last], within: 1e-6)
  page.claim("c, last step", c, equals: last.c[0], within: 1e-6)

  /*:
   > **Mind the slip.** The output gate reads $h_{t-1}$, like the other gates, and not $h_t$. It could not:
   > $h_t$ is what the output gate is needed for.

   Layers are stacked as before: each layer has its own $h$ and $c$, and passes $h$ on to the next. Compare
   the shapes with those of section 8.2; every parameter is four times as tall.
   */
  let stacked = LSTM(10, 20, numLayers: 2)
  let (states, (hn, cn)) = stacked(Tensor.randn(5, 10))
  let sizes: [[any Showable]] = stacked.namedParameters().map { [$0.name, "\($0.tensor.shape)"] }
  page.show("parameters", Table(["name", "shape"], sizes))
  page.show("output, h, c", [states, hn, cn].map { "\($0.shape)" })
  page.claim(
    "four times an RNN", stacked.parameterCount, equals: 4 * RNN(10, 20, numLayers: 2).parameterCount)
  page.claim("(5, 20), (2, 20), (2, 20)", [states, hn, cn].map(\.shape) == [[5, 20], [2, 20], [2, 20]])

  /*:
   ### The path of constant error

   Now look at how $c_t$ depends on $c_{t-1}$. There is no matrix and no tanh between them, only the forget
   gate. Along this path, with the gates taken as given,

   $$\frac{\partial c_t}{\partial c_k} = \prod_{j=k+1}^{t} \mathrm{diag}(f_j)$$

   Where a forget gate is open, $f = 1$, the gradient passes as it is, over any distance. The inventors called
   it the **constant error carousel**. Theirs, of 1997, had no forget gate; its factor was always 1. The gate
   was added by Gers, Schmidhuber and Cummins in 2000, so that a cell can also let go of what it has. What
   vanishes or stays is no longer one fate for the whole network; each unit decides it for itself, at every
   step, and the decision is learned.

   We follow one gradient through 100 steps for several biases of the forget gate. All other weights are set
   to zero, so that the gates are what their biases say, $f = \sigma(b)$, and the path is the only one. Then
   the slope must be $\ln \sigma(b)$.
   */
  func cellGradient(_ bias: Double, steps: Int) -> [Double] {
    let lstm = LSTM(1, 1)
    noGrad {
      for p in lstm.parameters() { p.zero_() }
      lstm.weights[0].biasIH![1].fill_(bias)
    }
    return (0...steps).map { k in
      if k == 0 { return 1 }
      let c = Tensor.ones([1, 1, 1], requiresGrad: true)
      let (_, state) = lstm(Tensor.zeros(k, 1, 1), (Tensor.zeros(1, 1, 1), c))
      return grad(state.c.sum(), c)!.item()
    }
  }
  //: Four biases, from a gate that is half open to one that is open but for less than a hundredth. For each
  //: the table has the gate, the slope over the first 20 steps, and what of the gradient is left after 100:
  let biases = [0.0, 1.0, 3.0, 5.0]
  let paths = biases.map { cellGradient($0, steps: 100) }
  let rows: [[any Showable]] = zip(biases, paths).map { b, path in
    [b, 1 / (1 + exp(-b)), log(path[20]) / 20, path[100]]
  }
  page.show("gradient along c", Table(["bias", "f", "slope", "after 100 steps"], rows))
  page.figure("constant-error", constantErrorFigure(biases, paths))
  for (b, path) in zip(biases, paths) {
    page.claim("slope ln σ(\(b))", log(path[20]) / 20, equals: -log(1 + exp(-b)), within: 1e-4)
  }

  /*:
   With the bias 0 a gate is half open, and the path is no better than a plain RNN with $\rho = 0.5$. So it
   matters where the bias *starts*. A popular choice is 1, $f = 0.73$, which remembers for a few steps. To
   remember for about $k$ steps the gate should lose no more than a $k$-th at each, $f = 1 - 1/k$, and since
   $\sigma(b) = 1 / (1 + e^{-b})$ that is $b \approx \ln k$. And what is to be kept must not be written over:
   the input gate gets $-\ln k$ (Tallec and Ollivier, 2018). We shall need this soon.
   */
  page.claim("σ(1) = 0.73", 1 / (1 + exp(-1.0)), equals: 0.73, within: 0.005)
  page.claim("σ(ln 100) = 1 − 1/101", 1 / (1 + exp(-log(100.0))), equals: 1 - 1 / 101.0, within: 1e-12)

  /*:
   ### The GRU

   The **gated recurrent unit**, GRU (Cho and others, 2014), makes do with less. It has no separate cell; what
   is kept and what is new share one gate, the **update gate** $u$: what it does not keep, it replaces. A
   **reset gate** $r$ says how much of the old state the candidate may see.

   $$r_t = \sigma(W_r h_{t-1} + U_r x_t + b_r) \qquad u_t = \sigma(W_u h_{t-1} + U_u x_t + b_u)$$
   $$\tilde h_t = \tanh\left(r_t \odot (W_h h_{t-1} + b'_h) + U_h x_t + b_h\right) \qquad
     h_t = u_t \odot h_{t-1} + (1 - u_t) \odot \tilde h_t$$

   The last formula is a compromise between the old state and the candidate: what $u$ keeps of the one is
   missing of the other. Where $u = 1$ the state stays as it is, over any distance, as a cell does behind an
   open forget gate.

   This is the form that PyTorch and cuDNN compute. In the paper the gate resets the state *before* the
   product, $W_h (r_t \odot h_{t-1})$; here it comes after, so that one product with $h_{t-1}$ serves all parts.
   PyTorch's documentation calls our $u$ and $\tilde h$ by the names $z$ and $n$.
   */
  struct GRULayer {
    var u, w, bu, bw: Tensor

    init(_ weights: RecurrentWeights) {
      (u, w, bu, bw) = (weights.weightIH, weights.weightHH, weights.biasIH!, weights.biasHH!)
    }

    func step(_ x: Tensor, _ h: Tensor) -> Tensor {
      let (a, b) = ((x.matmul(u.T) + bu).chunk(3, dim: 1), (h.matmul(w.T) + bw).chunk(3, dim: 1))
      let reset = (a[0] + b[0]).sigmoid()
      let update = (a[1] + b[1]).sigmoid()
      let candidate = (a[2] + reset * b[2]).tanh()
      return update * h + (1 - update) * candidate
    }
  }

  //: One step at a time, as with the LSTM, against the library's module. Here the two biases of the candidate
  //: are *not* redundant: one stands inside the product with $r$ and one outside. So the layer keeps both,
  //: where those before kept their sum:
  let gru = GRU(3, 2)
  let ours = GRULayer(gru.weights[0])
  var state = Tensor.zeros(1, 2)
  for t in 0..<7 { state = ours.step(x[t], state) }
  page.show("GRU, last state", state, digits: 4)
  page.claim("the module's", state, equals: gru(x).output[.last], within: 1e-6)

  //: A gate costs as many weights as a plain layer, for that is what it is, with a sigmoid at its end. An
  //: LSTM has three and its candidate, a GRU two and its candidate. With 10 inputs and 20 units, in one
  //: layer, we count in units of 640:
  let counts = [RNN(10, 20).parameterCount, LSTM(10, 20).parameterCount, GRU(10, 20).parameterCount]
  page.show("parameters", counts, note: "RNN, LSTM, GRU")
  page.claim("1 : 4 : 3", counts, equals: [640, 4 * 640, 3 * 640])

  /*:
   ### How far can each remember?

   Here is a task that asks for nothing but memory. The first input is one of four symbols. Then come $k$
   distractors, each one of four others, drawn at random. After the last of them the network is to say which
   symbol came first. The distance $k$ is the **lag**. Guessing is right one time in four.
   */
  func recallBatch(_ count: Int, lag: Int) -> (x: Tensor, y: Tensor) {
    let symbol = Tensor.randint(0, 4, [1, count])
    let distractors = Tensor.randint(4, 8, [lag, count])
    return (oneHot(cat([symbol, distractors]), classes: 8).to(.float32), symbol[0])
  }
  page.show(
    "a batch for lag 5", recallBatch(32, lag: 5).x.shape, note: "1 + 5 steps, 32 sequences, 8 symbols")

  /*:
   Three networks of 16 units. LSTM and GRU start with gates for the lag in question, as described above (the
   update gate keeps, so it gets the bias of the forget gate). A plain RNN has no gates; an orthogonal $W$
   (section 8.4) would be its counterpart, and here it starts as the module makes it. So the task is made
   easier for two of the three, and by how much shall not be hidden: below, an LSTM has to do without.
   */
  func network(_ kind: String, lag: Int) -> Module {
    let long = log(Double(lag))
    let lstm = LSTM(8, 16)
    let gru = GRU(8, 16)
    noGrad {
      lstm.weights[0].biasIH![0..<16].fill_(-long)
      lstm.weights[0].biasIH![16..<32].fill_(long)
      gru.weights[0].biasIH![16..<32].fill_(long)
    }
    return kind == "LSTM" ? lstm : kind == "GRU" ? gru : RNN(8, 16)
  }

  //: All get the same training: Adam, clipped gradients, and at most so many batches of fresh sequences. The
  //: loss asks once, at the end, when the symbol is $k$ steps away. (With `asksAlways` it asks at every step;
  //: we shall come to that.)
  func accuracyOfRecall(_ network: Module, lag: Int, steps: Int, asksAlways: Bool = false) -> Double {
    let head = Linear(16, 4)
    let parameters = network.parameters() + head.parameters()
    let optimizer = Adam(parameters, lr: 0.01)
    for _ in 0..<steps {
      let (x, y) = recallBatch(32, lag: lag)
      let logits = head(network(x))
      let all = y.unsqueeze(0).expand(lag + 1, y.count).flatten()
      let loss = asksAlways ? crossEntropy(logits.flatten(0, 1), all) : crossEntropy(logits[.last], y)
      //: A network that has understood may stop early, when its loss is nearly 0; that saves time and does no
      //: harm, for more sequences would hardly change it. What counts in the end is the accuracy on 500 new
      //: ones, and of their steps only the last:
      optimizer.zeroGrad()
      loss.backward()
      clipGradNorm_(parameters, maxNorm: 1)
      optimizer.step()
      if loss.item() < 0.01 { break }
    }
    let (x, y) = recallBatch(500, lag: lag)
    return noGrad { accuracy(head(network(x)[.last]), y) }
  }

  //: Chance decides a good deal here, so each is trained several times from different starts, and we keep all
  //: that they reach. Three kinds, several lags and several starts make many small trainings; that is most of
  //: the time which this section takes:
  let lags = page.scale(
    quick: [2, 100], standard: [2, 5, 10, 20, 50, 100], full: [2, 5, 10, 20, 35, 50, 70, 100])
  let runs = page.scale(quick: 2, standard: 5, full: 10)
  let kinds = ["RNN", "LSTM", "GRU"]
  var results: [String: [[Double]]] = [:]
  for lag in page.progress(lags, "lags") {
    for kind in kinds {
      let accuracies = (0..<runs).map { _ in
        accuracyOfRecall(
          network(kind, lag: lag), lag: lag, steps: page.scale(quick: 300, standard: 300, full: 500))
      }
      results[kind, default: []].append(accuracies)
    }
  }

  //: The table has the mean of the runs and, beside it, the worst of them. The worst says what the mean
  //: hides: a network that learns its task from one start and fails from another is not one to be relied on,
  //: even if its mean looks decent:
  func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }
  let recalled: [[any Showable]] = lags.indices.map { i in
    [lags[i]] + kinds.flatMap { [mean(results[$0]![i]), results[$0]![i].min()!] as [any Showable] }
  }
  page.show(
    "accuracy", Table(["lag"] + kinds.flatMap { [$0, "worst"] }, recalled), digits: 2,
    note: "mean and worst of \(runs) runs")
  page.figure("recall", recallFigure(lags, kinds.map { (name: $0, accuracies: results[$0]!) }))

  /*:
   At the shortest lag all three recall. With growing lags the plain RNN becomes unreliable: one start
   succeeds, the next does not, and there is less and less in its gradient that could tell it about the first
   symbol. At the largest lag it fails. LSTM and GRU recall over every lag of the table.
   */
  page.claim("all recall over a lag of 2", kinds.map { mean(results[$0]![0]) }, isAtLeast: 0.8)
  for kind in ["LSTM", "GRU"] {
    let means = results[kind]!.map(mean)
    page.claim("\(kind) recalls over every lag", means, isAtLeast: page.scale(quick: 0.8, standard: 0.9))
    page.claim("\(kind) recalls over the largest", means.last!, isAtLeast: 0.9)
  }
  page.claim(
    "the plain RNN does not", mean(results["RNN"]!.last!), isAtMost: page.scale(quick: 0.75, standard: 0.5))

  /*:
   Be careful with the conclusion. Is a plain RNN unable to *hold* a symbol for long, or unable to *learn* it?
   Ask it at every step, with the loss of section 8.3, the mean over time. Now the answer after one step
   teaches it to hold for one step, then the next for two, and no gradient has far to go:
   */
  let long = 50
  let asked = (0..<page.scale(quick: 1, standard: 3)).map { _ in
    accuracyOfRecall(network("RNN", lag: long), lag: long, steps: 400, asksAlways: true)
  }
  page.show("plain RNN, lag 50", asked, digits: 2, note: "asked at every step")
  page.claim("it can hold a symbol for 50 steps", asked.max()!, isAtLeast: 0.9)

  /*:
   So it was the gradient. The state can carry the symbol; the way back is what was missing. And the gates do
   not help by being there, they help by being open. The same LSTM as the module makes it, with all biases
   near 0 and forget gates half open, at the largest lag:
   */
  let halfOpen = (0..<page.scale(quick: 1, standard: 3)).map { _ in
    accuracyOfRecall(LSTM(8, 16), lag: lags.last!, steps: 300)
  }
  page.show("LSTM as made", halfOpen, digits: 2, note: "lag \(lags.last!)")
  page.claim(
    "half-open gates forget", mean(halfOpen), isAtMost: page.scale(quick: 0.75, standard: 0.5))

  /*:
   A start is a part of the method, and must be reported with it. Where you do not know how far your network
   will have to remember, starting the forget gates at 1 or above is a safe habit.
   */
}

/*:
 ## 8.7 Networks that write, forecast and classify

 Three uses of what we have: a model of text, a forecaster of waves, and a classifier that reads pictures row
 by row. The text is this course itself, the prose of its chapters' sources. (It grows as the course does, and
 the numbers below change a little with it.)
 */
let corpus = notebook.once { try CourseText() }

/*:
 First a rival that is not a network. A **trigram model** predicts a character from the two before it, by
 counting how often each followed those two in the training text. Many triples never occur in it, and must not
 get the probability 0. So the counts are **smoothed**: to those seen after a context we add $k$ imagined
 ones, dealt out as the model with the shorter context predicts:

 $$p(z \mid x y) = \frac{n(xyz) + k\, p(z \mid y)}{n(xy) + k}$$

 and $p(z \mid y)$ in the same way from $p(z)$, and that from equal shares.
 */
struct TrigramModel {
  let tokens: Int
  private var counts: [[Int]: Double] = [:]
  private var totals: [[Int]: Double] = [:]

  init(_ text: [Int], tokens: Int) {
    self.tokens = tokens
    for end in text.indices {
      for length in 0...min(2, end) {
        let context = Array(text[end - length..<end])
        counts[context + [text[end]], default: 0] += 1
        totals[context, default: 0] += 1
      }
    }
  }

  //: The recursion follows the formula, from the longest context to none. Say $k = 5$: after a context that
  //: was seen a thousand times five imagined characters hardly count. After one that was never seen there is
  //: nothing else, and the answer is that of the shorter context:
  func probability(of next: Int, after context: [Int], k: Double) -> Double {
    let shorter =
      context.isEmpty
      ? 1 / Double(tokens) : probability(of: next, after: Array(context.dropFirst()), k: k)
    return (counts[context + [next], default: 0] + k * shorter) / (totals[context, default: 0] + k)
  }

  //: How well it predicts a text is said by one number, which we shall meet again and explain when we need
  //: it: the mean of $-\ln p$ over all characters, the cross-entropy, and then its exponential. The context
  //: may be shorter than two, to see what each character of it is worth:
  func perplexity(_ text: [Int], context length: Int, k: Double) -> Double {
    let logs = (2..<text.count).map {
      log(probability(of: text[$0], after: Array(text[$0 - length..<$0]), k: k))
    }
    return exp(-logs.reduce(0, +) / Double(logs.count))
  }
}

/*:
 And the network: an `Embedding`, a table with a learned row of numbers for each character; an LSTM; and a
 layer that makes a logit for each character that may come next. The row is what a matrix would make of a
 one-hot vector, found without multiplying by all the zeros. And characters that are used alike may get rows
 that are alike.
 */
final class CharacterModel: Module {
  let embedding: Embedding
  let lstm: LSTM
  let head: Linear

  init(characters: Int, units: Int) {
    embedding = Embedding(characters, 32)
    lstm = LSTM(32, units, batchFirst: true)
    head = Linear(units, characters)
  }

  func callAsFunction(_ x: Tensor, _ state: LSTM.State? = nil) -> (logits: Tensor, state: LSTM.State) {
    let (output, state) = lstm(embedding(x), state)
    return (head(output), state)
  }

  //: To write, it reads a beginning, draws a character from its own prediction, reads that, and so on: free
  //: running, as in section 8.3, but with dice. What was drawn cannot be taken back, and all that follows has
  //: to live with it. How `temperature` and `topK` load the dice is explained below:
  func writing(_ start: [Int], count: Int, temperature: Double = 0.7, topK: Int? = nil) -> [Int] {
    noGrad {
      var text = start
      var (logits, state) = self(Tensor([start]))
      for _ in 0..<count {
        text.append(Int(sample(from: logits[0, .last], temperature: temperature, topK: topK).item()))
        (logits, state) = self(Tensor([[text.last!]]), state)
      }
      return text
    }
  }
}

notebook.section("8.7", "Networks that write, forecast and classify") { page in
  /*:
   ### The text

   Every tenth paragraph is put aside to test with, the others are for training. Whole paragraphs, because a
   single character between others that are known would be no test. A `Vocabulary` numbers the characters;
   those that occur fewer than five times share one number, `<unk>`.
   */
  let all = try corpus().text.prefix(page.scale(quick: 40_000, standard: 1_000_000))
  let paragraphs = all.split(separator: "\n\n")
  func part(_ isTest: Bool) -> String {
    paragraphs.indices.filter { ($0 % 10 == 9) == isTest }.map { String(paragraphs[$0]) }.joined(
      separator: "\n")
  }
  let characters = Vocabulary(
    of: [part(false)], tokenizer: CharacterTokenizer(), minimumCount: 5, specials: [.unknown])
  let trainText = characters.encode(part(false))
  let testText = characters.encode(part(true))
  page.show("characters", [trainText.count, testText.count], note: "to train on, to test with")
  page.show("different ones", characters.count)
  page.show("a piece of it", characters.decode(Array(trainText[..<70])))

  /*:
   How good is a model of text? Its cross-entropy says how surprised it is by each character. The exponential
   of the mean is easier to imagine: the **perplexity**, among how many equally likely characters it seems to
   choose. A model that knows nothing has as many as there are characters. Here are models that count, with no
   context, with one character and with two. For $k$ we take the best of several *on the test text*, which is
   more than fair to them.
   */
  let rival = TrigramModel(trainText, tokens: characters.count)
  let counting = (0...2).map { length in
    [1.0, 2, 5, 10].map { rival.perplexity(testText, context: length, k: $0) }.min()!
  }
  page.show(
    "perplexity", Table(["none", "one", "two"], [counting]), digits: 2, note: "by characters of context")
  let sum = (0..<characters.count).map { rival.probability(of: $0, after: [5, 9], k: 5) }.reduce(0, +)
  page.claim("probabilities sum to 1", sum, equals: 1, within: 1e-9)
  page.claim("more context is better", counting[2] < counting[1] && counting[1] < counting[0])

  /*:
   ### The network

   It has to find out from the characters alone what words are. Training is truncated BPTT: `TextStreams` cuts
   the text into 32 parallel streams and gives windows of 50 characters, each stream going on where it
   stopped. The state is carried, detached, from window to window. Gradients are clipped, and a cosine
   schedule (chapter 5) brings the learning rate down to 0.
   */
  let model = CharacterModel(
    characters: characters.count, units: page.scale(quick: 64, standard: 128, full: 256))
  let steps = page.scale(quick: 100, standard: 1500, full: 6000)
  let optimizer = Adam(model.parameters(), lr: 5e-3)
  let schedule = CosineAnnealingLR(optimizer, tMax: steps)
  page.show("parameters", model.parameterCount)

  //: The test text is read in eight streams, from an empty state, in one go. Nothing is learned from it, so
  //: it need not be cut into windows: the state runs through from the first character to the last. For
  //: samples of its writing there is a function, too:
  func testPerplexity() -> Double {
    let (x, y) = Array(TextStreams(testText, batchSize: 8, length: testText.count))[0]
    return noGrad { perplexity(model(x).logits, y) }
  }
  func sampleOfIts() -> String { characters.decode(model.writing(characters.encode("The "), count: 180)) }

  //: Before training, after a quarter of it and at its end we ask for a text that begins with "The ". The
  //: perplexity on the test text is taken more often, twenty times on the way, for the figure. Both are only
  //: looked at; neither has any influence on the training:
  var (history, samples): ([(step: Int, perplexity: Double)], [String]) = ([], [])
  func look(_ step: Int) {
    history.append((step, testPerplexity()))
    if [0, steps / 4, steps].contains(step) { samples.append(sampleOfIts()) }
  }

  //: Now truncated BPTT as in section 8.4: the state of a window is detached and handed to the next, where
  //: the same 32 streams go on. When the text is at its end it begins anew within the same step, and then the
  //: state is empty, as no text came before:
  var (windows, state) = (TextStreams(trainText, batchSize: 32, length: 50).makeIterator(), LSTM.State?.none)
  for step in page.progress(steps, "reading") {
    if step % (steps / 20) == 0 { look(step) }
    var window = windows.next()
    if window == nil {
      (windows, state) = (TextStreams(trainText, batchSize: 32, length: 50).makeIterator(), nil)
      window = windows.next()
    }
    let (x, y) = window!
    let (logits, next) = model(x, state)
    state = (next.h.detach(), next.c.detach())
    optimizer.zeroGrad()
    crossEntropy(logits.flatten(0, 1), y.flatten()).backward()
    clipGradNorm_(model.parameters(), maxNorm: 1)
    optimizer.step()
    schedule.step()
  }
  look(steps)

  //: What it wrote, each time at a temperature of 0.7, which is explained in a moment. Remember what it was
  //: told: nothing about words, about spaces between them, or that a sentence ends with a period. It was
  //: asked for the next character, many thousand times, and had to find out the rest:
  for (title, text) in zip(["before", "after a quarter", "after training"], samples) {
    page.print(title + ":\n" + wrapped(text))
  }

  /*:
   First noise; then something with the rhythm of words; then words, many of them real, and the tone of this
   course, without its meaning. And the numbers. At the beginning the perplexity should be about the number of
   different characters, for a model that knows nothing chooses evenly among all. At the end the trigram model
   is the mark:
   */
  page.show(
    "perplexity", [history[0].perplexity, history.last!.perplexity], digits: 2, note: "before, after")
  page.show("trigram model", counting[2], digits: 2)
  page.figure("perplexity", perplexityFigure(history, counting: counting))
  page.claim(
    "at first it knows nothing", history[0].perplexity / Double(characters.count), equals: 1, within: 0.2)
  page.claim(
    page.scale(quick: "better than counting characters", standard: "better than trigrams"),
    history.last!.perplexity, isAtMost: page.scale(quick: counting[0], standard: counting[2]))

  /*:
   ### Temperature and top-k

   How is a character drawn? The logits are divided by a **temperature** $T$ before the softmax, $p_i \propto
   e^{z_i / T}$. With $T = 1$ it is the model's own distribution. Below 1 the likely gets likelier, at 0 only
   the likeliest is left; above 1 all become alike. **Top-k** sampling cuts differently: only the $k$
   likeliest may be drawn.
   */
  let logits = noGrad { model(Tensor([characters.encode("The net")])).logits[0, .last] }
  func entropy(_ temperature: Double) -> Double {
    let p = (logits / temperature).softmax(dim: 0)
    return -(p * (p + 1e-12).log()).sum().item()
  }
  let temperatures = [0.2, 0.7, 1.0, 1.5]
  let choices = temperatures.map { exp(entropy($0)) }
  page.show("choices after “The net”", Table(temperatures.map { "T = \($0)" }, [choices]), digits: 2)
  for (cool, warm) in zip(choices, choices.dropFirst()) {
    page.claim("a higher temperature, more choice", warm, isAtLeast: cool)
  }

  //: The number of choices is a perplexity again, that of the drawing itself: at the lowest temperature there
  //: is hardly a choice left, and with heat it grows. What the model writes at each temperature, and with the
  //: five likeliest at $T = 1$:
  for temperature in [0.2, 1.5] {
    let text = model.writing(characters.encode("The "), count: 140, temperature: temperature)
    page.print("T = \(temperature):\n" + wrapped(characters.decode(text)))
  }
  let narrow = model.writing(characters.encode("The "), count: 140, temperature: 1, topK: 5)
  page.print("T = 1, top 5:\n" + wrapped(characters.decode(narrow)))

  //: Cold text repeats itself, hot text falls apart. Most writing machines run somewhere between 0.7 and 1,
  //: often with a top-k as well. The extremes can be checked. At temperature 0, and with $k = 1$, nothing is
  //: left to chance; and of a thousand draws from hot logits, with $k = 5$, none may be a sixth character:
  let best = Int(logits.argmax().item())
  let thousand = logits.unsqueeze(0).expand(1000, characters.count)
  page.claim("T = 0 takes the likeliest", Int(sample(from: logits, temperature: 0).item()), equals: best)
  page.claim("so does top 1", Int(sample(from: logits, topK: 1).item()), equals: best)
  let drawn = Set(sample(from: thousand, temperature: 2, topK: 5).toArray(of: Int.self))
  page.claim("top 5: a thousand draws, no more than 5 characters", drawn.count, isAtMost: 5)

  /*:
   ### A forecaster of waves

   In section 8.3 a network forecast one series. Now every sequence is a wave of its own, with its own period,
   height and phase, and some noise. From 40 values the network is to go on for 40 more. It cannot learn the
   wave by heart; it must find out from what it reads which one it has before it.
   */
  func waves(_ count: Int, length: Int) -> Tensor {
    let t = Tensor.arange(length).to(.float32).unsqueeze(1)
    let turn = 2 * Double.pi
    let frequency = turn / (15 + 10 * Tensor.rand(1, count))
    let clean = (0.5 + Tensor.rand(1, count)) * (t * frequency + turn * Tensor.rand(1, count)).sin()
    return (clean + 0.05 * Tensor.randn(length, count)).unsqueeze(2)
  }

  //: There are two losses to learn by. With teacher forcing, each value is forecast from the true ones before
  //: it. Or as the network will be used: it reads 40 values, and goes on by itself. The first is easier to
  //: learn by, the second is what we want in the end:
  let (past, future) = (40, 40)
  func forced(_ model: Forecaster, _ x: Tensor) -> Tensor {
    mseLoss(model(x).forecast[..<(past + future - 1)], x[1...])
  }
  func alone(_ model: Forecaster, _ x: Tensor) -> Tensor {
    mseLoss(model.continuing(x[..<past], steps: future), x[past...])
  }

  //: The loop takes either. In the second, gradients flow back through the network's own outputs, too. So a
  //: forecast is judged not for itself alone but also for what it does to those that are made of it, and that
  //: is just what forcing never teaches. Here, too, a cosine schedule shortens the steps, so that how good the
  //: network is in the end does not hang on the last of them:
  func train(_ model: Forecaster, steps: Int, lr: Double, by loss: (Forecaster, Tensor) -> Tensor) {
    let optimizer = Adam(model.parameters(), lr: lr)
    let schedule = CosineAnnealingLR(optimizer, tMax: steps)
    for _ in 0..<steps {
      optimizer.zeroGrad()
      loss(model, waves(32, length: past + future)).backward()
      clipGradNorm_(model.parameters(), maxNorm: 1)
      optimizer.step()
      schedule.step()
    }
  }

  //: A network begins with the teacher; what it says before it has learned anything is no good to read. Then
  //: two copies of it go on, in steps equally many and equally short. One stays with the teacher, the other
  //: is weaned and goes on alone. So if it is ahead in the end, it is not because it has been trained longer:
  func pupils() throws -> [Forecaster] {
    let models = (0..<3).map { _ in Forecaster(units: 32) }
    train(models[0], steps: page.scale(quick: 100, standard: 1500), lr: 5e-3, by: forced)
    for (copy, loss) in zip(models.dropFirst(), [forced, alone]) {
      try copy.loadStateDict(models[0].stateDict())
      train(copy, steps: page.scale(quick: 100, standard: 400), lr: 1e-3, by: loss)
    }
    return models
  }

  //: All are now tested free running, on 200 new waves, and since chance has a part in it, from three starts.
  //: A forecast of 0 everywhere is the mark to beat. It is the best that can be said without a look at the
  //: wave, since every wave is as often above 0 as below:
  let starts = try page.progress(3, "weaning").map { _ in try pupils() }
  let fresh = waves(200, length: past + future)
  func continued(_ model: Forecaster) -> Tensor {
    noGrad { model.continuing(fresh[..<past], steps: future) }
  }
  func error(_ forecast: Tensor) -> Double { mseLoss(forecast, fresh[past...]).sqrt().item() }
  let errors = starts.map { $0.map { error(continued($0)) } }
  let silence = error(Tensor.zeros(like: fresh[past...]))
  page.show(
    "error", Table(["taught", "taught on", "weaned"], errors), digits: 3, note: "a line for each start")
  page.show("always 0", silence, digits: 3)

  //: Compare the last two columns, line by line; how far apart they are is a matter of the start. And then the
  //: error of a single step, forced, that is, with the truth at hand. There it is the other way round:
  func mean(_ model: Int, _ errors: [[Double]]) -> Double {
    errors.map { $0[model] }.reduce(0, +) / Double(errors.count)
  }
  let single = starts.map { $0.map { model in noGrad { forced(model, fresh).sqrt().item() } } }
  page.show("mean error", [mean(1, errors), mean(2, errors)], digits: 3, note: "alone: taught on, weaned")
  page.show("of one step", [mean(1, single), mean(2, single)], digits: 4, note: "forced: taught on, weaned")
  page.figure("waves", wavesFigure(fresh, past: past, starts[0].dropFirst().map(continued)))
  page.claim("alone the weaned are better", mean(2, errors), isAtMost: mean(1, errors))
  page.claim("and beat silence", mean(2, errors), isAtMost: page.scale(quick: 1, standard: 0.8) * silence)
  page.claim("forced the others are", mean(1, single), isAtMost: mean(2, single))

  /*:
   Each is better at what it has practiced. Weaning has cost a little accuracy in the single step, and bought
   forecasts that bear being built upon. Which of the two one wants depends on what the network is for.
   */

  /*:
   ### A classifier that reads line by line

   At last *many to one*. A picture of clothes is read as a sequence of 28 steps, a row of 28 pixels each,
   from top to bottom. An LSTM reads it; a linear layer on its output names the garment. So that we can ask at
   any row, the loss is averaged over the steps as in section 8.3, with the one label repeated.
   */
  let folder = page.options.dataDirectory
  let pictures = try FashionMNIST.orStrokeDigits(root: folder, train: true)
  let examination = try FashionMNIST.orStrokeDigits(root: folder, train: false)
  let loader = DataLoader(pictures, batchSize: 64, shuffle: true)
  let reader = LSTM(28, 64)
  let namer = Linear(64, 10)
  func rows(_ images: Tensor) -> Tensor { images.squeeze(1).transpose(0, 1) }
  func answers(_ images: Tensor) -> Tensor { namer(reader(rows(images)).output) }
  page.show("a batch", rows(pictures.images[0..<64]).shape, note: "28 rows, 64 pictures, 28 pixels")

  let teaching = Adam(reader.parameters() + namer.parameters(), lr: 3e-3)
  for (x, y) in page.progress(loader.prefix(page.scale(quick: 120, standard: 938)), "reading") {
    let labels = y.unsqueeze(0).expand(28, y.count)
    teaching.zeroGrad()
    crossEntropy(answers(x).flatten(0, 1), labels.flatten()).backward()
    teaching.step()
  }

  //: Now the accuracy on 2,000 test pictures, after each row. The network is the same at all rows, and so is
  //: the layer that names; only the state has seen more of the picture. A network that has seen nothing is
  //: right one time in ten, and even one row should tell more than that:
  let z = noGrad { answers(examination.images[0..<2000]) }
  let accuracies = (0..<28).map { accuracy(z[$0], examination.targets[0..<2000]) }
  page.show(
    "accuracy", Table(["1 row", "7", "14", "21", "28 rows"], [[0, 6, 13, 20, 27].map { accuracies[$0] }]),
    digits: 3)
  page.figure("rows-read", rowsReadFigure(accuracies))
  page.claim("one row is better than none", accuracies[0], isAtLeast: 0.12)
  page.claim("it reads", accuracies[27], isAtLeast: page.scale(quick: 0.4, standard: 0.72))
  page.claim("the more it has read the better", accuracies[27] - accuracies[2], isAtLeast: 0.1)

  /*:
   A convolutional network does better on pictures, for it sees columns as it sees rows. But look at the
   figure: this one can answer at any time, and it has most of its opinion long before the end. A summary that
   is ready after every step is what recurrent networks have to offer.

   And its limit: whatever has been read, one vector of fixed size must hold all of it. Chapter 9 makes two
   recurrent networks translate, through just such a vector, and runs into that limit; chapter 10 does away
   with it.
   */
}

notebook.run()
