/*:
 # Chapter 5: Training that works

 Everything needed to train a network is now on the table: layers, gradients, an optimizer, a loop. And still
 it often does not work. The loss stays where it began, or it rises, or it turns into "not a number". The
 formulas are right, and the network does not learn.

 The reasons are nearly always of one kind. A deep network multiplies many factors, one for each layer, and
 a product of many factors goes to zero or to infinity unless the factors are close to one. This happens on
 the way forward, to the activations, and on the way back, to the gradients. This chapter is about keeping
 both within bounds: by where training starts (5.1), how it steps (5.2), what the network is made of (5.3),
 and what is done to its numbers on the way (5.4). Section 5.5 looks at the landscape that is being walked,
 and 5.6 at a training run as a patient whose charts can be read.

 Every statement here is the outcome of an experiment that runs while you read. Networks that are compared
 get the same data, the same number of steps and the same random numbers, and where luck plays a part there
 are several runs.
 */

import DeepLearning
import Foundation

let notebook = Notebook("chapter5-training-stability", title: "Chapter 5: Training that works")
let seed = notebook.options.seed

/*:
 The pictures of clothes once more, each as a row of 784 numbers, and **standardized** (chapter 2): the mean
 of all pixels becomes 0 and their standard deviation 1. A few thousand pictures are enough here, since we ask
 whether a network learns at all and how quickly, not how well it does in the end.
 */
typealias Pictures = (x: Tensor, y: Tensor)

let clothes = notebook.once { () -> (train: Pictures, test: Pictures) in
  let folder = notebook.options.dataDirectory
  let train = try FashionMNIST.orStrokeDigits(root: folder, train: true)
  let test = try FashionMNIST.orStrokeDigits(root: folder, train: false)
  let pixels = train.images[0..<6000].flatten(1)
  let (mean, deviation) = (pixels.mean(), pixels.std())
  return (
    ((pixels - mean) / deviation, train.targets[0..<6000]),
    ((test.images[0..<2000].flatten(1) - mean) / deviation, test.targets[0..<2000])
  )
}

/*:
 One function trains them all. It draws its batches from a generator of its own, seeded anew for each run, so
 that two networks that are compared see the same pictures in the same order. Without `shuffled` it takes the
 pictures one after another. Two closures let us do something before and after each step. They are easily
 mistaken for each other; so they stand before `steps`, where no call can leave out their names.
 */
@discardableResult
func train(
  _ model: Module, _ optimizer: Optimizer, on data: Pictures,
  beforeStep: () -> Void = {}, afterStep: () -> Void = {},
  steps: Int, batch: Int = 64, run: Int = 0, shuffled: Bool = true
) -> [Double] {
  let (generator, count) = (Generator(seed: seed + UInt64(run)), data.x.shape[0])
  var losses: [Double] = []
  for step in 0..<steps {
    let picks =
      shuffled
      ? Tensor.randint(0, count, [batch], generator: generator)
      : Tensor((0..<batch).map { (step * batch + $0) % count })
    let loss = crossEntropy(model(data.x[picks]), data.y[picks])

    //: What comes back is the loss of every batch. A loss that is no longer a number ends the run, since no
    //: step can mend it, and stands in the list as infinity. `beforeStep` comes after `backward()`, where the
    //: gradients are complete and not yet used: there one can look at them, or change them.
    losses.append(loss.item().isFinite ? loss.item() : .infinity)
    if losses[step] == .infinity { break }
    optimizer.zeroGrad()
    loss.backward()
    beforeStep()
    optimizer.step()
    afterStep()
  }
  return losses
}

/*:
 A single batch's loss is a noisy number. Where one number is to stand for the end of a run, it is the mean of
 the last thirty. The yardstick for all of them is what guessing costs among ten classes,
 $-\ln \frac{1}{10} = \ln 10$: whoever pays that has learned nothing, and whoever pays more is sure of
 something false.
 */
extension [Double] {
  var mean: Double { reduce(0, +) / Double(count) }
  var final: Double { last!.isFinite ? Array(suffix(30)).mean : .infinity }
}

let ln10 = Foundation.log(10.0)

//: The networks of this chapter are towers of equal layers: `depth` linear layers, an activation function
//: behind each but the last, and ten logits at the end. `start` fills the weights; biases begin at 0. Without
//: it the layers begin as PyTorch's do.
func tower(
  depth: Int, width: Int, _ activation: () -> Module, inputs: Int = 784, start: ((Tensor) -> Void)? = nil
) -> Sequential {
  let model = Sequential()
  for layer in 0..<depth - 1 {
    model.append(Linear(layer == 0 ? inputs : width, width)).append(activation())
  }
  model.append(Linear(width, 10))
  if let start {
    for case let layer as Linear in model.modules() {
      start(layer.weight)
      Init.zeros_(layer.bias!)
    }
  }
  return model
}

/*:
 ## 5.1 Where to start

 Gradient descent needs a place to start from. In a straight valley any place will do. In a deep network the
 start decides whether there is anything to descend on at all. It is the first thing that can go wrong, before
 a single step has been taken, and the last that one suspects, for all that comes after it is correct.
 */
notebook.section("5.1", "Where to start") { page in
  let data = try clothes().train

  /*:
   ### All zeros

   The most innocent choice first: all parameters 0. Every hidden unit then computes 0, so the gradient of
   the second weight matrix, $\delta a^\top$, is 0. The error terms of the hidden layer, $W^\top \delta$
   times a slope, are 0, so the gradient of the first is 0 as well. Only the output's biases can move, and
   all that the network can learn is which classes are frequent.
   */
  func network(_ value: Double) -> Sequential {
    let model = tower(depth: 2, width: 16, { Tanh() })
    for parameter in model.parameters() { Init.constant_(parameter, value) }
    return model
  }

  //: A hundred batches later every weight is still exactly 0, all pictures get the same ten logits, and the
  //: loss has come down from $\ln 10$ by as much as the classes of our sample differ in number, which is next
  //: to nothing.
  let zero = network(0)
  let zeroLosses = train(zero, SGD(zero.parameters(), lr: 0.1), on: data, steps: 100)
  page.show("loss, first and last", [zeroLosses[0], zeroLosses.final], note: "ln 10 = 2.302585")
  let matrices = zero.parameters().filter { $0.rank == 2 }
  page.claim(
    "the largest weight after 100 steps", matrices.map { $0.abs().max().item() }.max()!, equals: 0)

  /*:
   Perhaps 0 was unlucky? Let all parameters start at 0.1 instead. Now the gradients are not 0, and the
   network learns. But look at the hidden units. They all started alike, they see the same inputs, they feed
   the same error terms, so their gradients are alike, and they *stay* alike for ever:
   */
  let equal = network(0.1)
  let random = tower(depth: 2, width: 16, { Tanh() })
  for model in [equal, random] { train(model, SGD(model.parameters(), lr: 0.1), on: data, steps: 300) }

  //: To measure how alike the units are, we take the standard deviation between their weights for the same
  //: pixel, and divide it by the standard deviation of all weights. Units that have nothing to do with each
  //: other give about 1.
  func spread(_ model: Sequential) -> Double {
    let weight = model.parameters()[0].detach()
    return (weight.std(dim: 0).mean() / weight.std()).item()
  }

  //: Sixteen units that are copies of each other do the work of one. All that such a network knows of a
  //: picture is a single number, how far that unit is on, and from one number nobody can tell ten classes
  //: apart:
  let test = try clothes().test
  func score(_ model: Module) -> Double { noGrad { accuracy(model(test.x), test.y) } }
  page.show(
    "spread of the units", [spread(equal), spread(random)], digits: 3, note: "equal start, random start")
  page.show("accuracy", [score(equal), score(random)], digits: 3)
  page.claim("equal units stay equal", spread(equal), isAtMost: 1e-3)
  page.claim("sixteen different units do better than one", score(random), isAtLeast: score(equal) + 0.1)

  /*:
   The **symmetry** between the units has to be broken, and chance does it. So weights start as random
   numbers around 0. That leaves one question: how large?

   ### One number does not fit all widths

   We build towers of ten layers of tanh units without any data: random inputs go in at the bottom, random
   gradients at the top. A `LayerRecorder` hangs a hook (chapter 4) on every layer and keeps what passes:
   outputs on the way forward, gradients on the way back.
   */
  func recorded(_ width: Int, _ activation: () -> Module, _ start: (Tensor) -> Void) -> [LayerRecorder.Layer]
  {
    let model = Sequential()
    for _ in 0..<10 { model.append(Linear(width, width, bias: false)).append(activation()) }
    for weight in model.parameters() { start(weight) }
    let recorder = LayerRecorder(model, where: { !($0 is Linear) })
    model(.randn(200, width)).backward(.randn(200, width))
    return recorder.layers
  }

  //: Of each layer we want one number for the size of its activations and one for the size of its gradients:
  //: the standard deviation over all units and examples. Chance makes narrow networks differ, so ten networks
  //: are averaged (their logarithms, since the sizes differ by powers of ten).
  typealias Sizes = (activations: [Double], gradients: [Double])
  func sizes(_ width: Int, _ activation: () -> Module, _ start: (Tensor) -> Void) -> Sizes {
    let runs = (0..<(width > 200 ? 2 : 10)).map { _ in recorded(width, activation, start) }
    func average(_ size: (LayerRecorder.Layer) -> Double) -> [Double] {
      (0..<10).map { layer in exp(runs.map { log(size($0[layer])) }.mean) }
    }
    return (average { $0.output.std().item() }, average { $0.gradient!.std().item() })
  }

  /*:
   Weights from $N(0, 0.1^2)$, the normal distribution with standard deviation 0.1, have been a common choice.
   Here they are in towers of three widths. Read a row of the table as the signal travels: activations up from
   layer 1 to layer 10, then the gradient down again from layer 10, where we have put in one of size 1, to
   layer 1.
   */
  let widths = [25, 100, 400]
  func normal(_ s: Double) -> (Tensor) -> Void { { Init.normal_($0, 0, s) } }
  let tenth = widths.map { sizes($0, { Tanh() }, normal(0.1)) }
  let tenthRows: [[any Showable]] = zip(widths, tenth).map {
    [$0, $1.activations[0], $1.activations[9], $1.gradients[9], $1.gradients[0]]
  }
  page.show(
    "standard deviations, N(0, 0.1²)",
    Table(["width", "layer 1", "layer 10", "gradient at 10", "at 1"], tenthRows), digits: 4)

  /*:
   In the narrow tower the activations shrink by half with every layer, and after ten layers a thousandth is
   left. The activations *die*. The gradients, on their way down, die as well, so the lower layers would
   learn nothing. In the widest tower the gradients *grow* instead. Only at a width of 100 does the number 0.1
   happen to be right.
   */
  page.figure("one-number", oneNumberFigure(widths, tenth))
  page.claim("width 25: what is left at layer 10", tenth[0].activations[9], isAtMost: 0.005)
  page.claim("width 25: of the gradient at layer 1", tenth[0].gradients[0], isAtMost: 0.01)
  page.claim("width 100: more than a tenth", tenth[1].activations[9], isAtLeast: 0.1)
  page.claim("width 400: the gradient grows", tenth[2].gradients[0], isAtLeast: 2)

  /*:
   ### The arithmetic of variances

   Why 25 and 0.1 make a half is quickly computed. A unit's pre-activation is a sum over its $N$ inputs,
   $z = \sum_i w_i a_i$. If the weights are independent, with mean 0 and variance $s^2$, the variances of the
   terms add up, and with $\overline{a^2}$ for the mean of the squared inputs

   $$\operatorname{Var}(z) = N s^2 \, \overline{a^2}$$

   So a layer multiplies the size of its signal by $s \sqrt N$: that is $0.1 \cdot 5 = 0.5$ at width 25, 1 at
   100, and 2 at 400. Small signals pass through tanh unchanged, since its slope at 0 is 1. We can look
   whether the narrow tower keeps to it:
   */
  let factors = zip(tenth[0].activations, tenth[0].activations.dropFirst()).map { $1 / $0 }
  page.show("factor a layer", factors, digits: 2, note: "width 25, from layer to layer")
  page.claim("s √N is half a layer", Array(factors.suffix(5)).mean, equals: 0.5, within: 0.06)

  /*:
   To keep the signal's size, take $s^2 = 1 / N_{in}$, with $N_{in}$ the number of inputs of a layer, its
   **fan in**. On the way back the same sum runs over the units that the error comes from, so the gradients
   ask for $s^2 = 1 / N_{out}$, with the **fan out**. **Xavier initialization** is the compromise (Glorot and
   Bengio, 2010):

   $$s^2 = \frac{2}{N_{in} + N_{out}}$$
   */
  let xavier = widths.map { sizes($0, { Tanh() }, { Init.xavierNormal_($0) }) }
  let large = sizes(100, { Tanh() }, normal(1))
  let xavierRows: [[any Showable]] = zip(widths, xavier).map {
    [$0, $1.activations[0], $1.activations[9], $1.gradients[9], $1.gradients[0]]
  }
  page.show(
    "standard deviations, Xavier",
    Table(["width", "layer 1", "layer 10", "gradient at 10", "at 1"], xavierRows),
    digits: 4)
  page.claim("now all widths behave alike", xavier.map { $0.activations[9] }, isBetween: 0.15...0.35)
  page.claim("backward, too", xavier.map { $0.gradients[0] }, isBetween: 0.25...0.6)

  /*:
   The signal still shrinks a little, because tanh flattens what is large. But it does so slowly, and equally
   at all widths. And what if the weights are far too *large*? With $N(0, 1)$ at width 100 the factor is 10.
   Tanh cuts every signal off at ±1, so the activations cannot explode. They do something as bad: four fifths
   of them are **saturated** (chapter 2), so far out on the flat ends of the curve that its slope is less than
   a twentieth of what it is at 0.
   */
  let histograms = [
    ("N(0, 0.1²), 25 units", recorded(25, { Tanh() }, normal(0.1))),
    ("N(0, 1), 100 units", recorded(100, { Tanh() }, normal(1))),
    ("Xavier, 100 units", recorded(100, { Tanh() }, { Init.xavierNormal_($0) })),
  ]
  let saturated = histograms.map { $0.1[9].saturatedShare }
  page.show("saturated at layer 10", saturated, digits: 3, note: "small, large, Xavier")
  page.claim("large weights saturate", saturated[1], equals: 0.82, within: 0.05)
  page.claim("the others do not", [saturated[0], saturated[2]], isAtMost: 0.01)
  page.claim("and the few units that do not saturate pass on too much", large.gradients[0], isAtLeast: 100)

  //: In the histograms each row is one start and each column one layer. The small start ends as a needle at
  //: 0, where all units say nothing, the large one as two needles at −1 and 1, where all of them shout.
  //: Xavier's keeps a hill: most units are somewhere in between, and react when their input changes.
  page.figure("tanh-activations", histogramFigure("Activations of ten tanh layers", histograms) { $0.output })
  page.figure("tanh-gradients", histogramFigure("Gradients of ten tanh layers", histograms) { $0.gradient! })

  /*:
   ### ReLU loses half

   A ReLU passes the positive half of its inputs and drops the rest, and with it half of the signal's mean
   square: $\overline{a^2} = \frac12 \operatorname{Var}(z)$. With Xavier's variance each layer then multiplies
   the size by $\sqrt{1/2}$. Doubling the variance makes up for it. That is **He initialization**, which you
   have met in chapter 3:

   $$s^2 = \frac{2}{N_{in}}$$
   */
  let reluXavier = sizes(100, { ReLU() }, { Init.xavierNormal_($0) })
  let reluHe = sizes(100, { ReLU() }, { Init.kaimingNormal_($0, .relu) })
  func factor(_ sizes: [Double]) -> Double { pow(sizes[9] / sizes[0], 1.0 / 9) }
  page.show("factor a layer", [factor(reluXavier.activations), factor(reluHe.activations)], digits: 3)
  page.show("√½", 0.5.squareRoot(), digits: 3)
  page.claim("Xavier: √½", factor(reluXavier.activations), equals: 0.5.squareRoot(), within: 0.06)
  page.claim("He: 1", factor(reluHe.activations), equals: 1, within: 0.06)

  //: The same pictures for ReLU. Half of its activations are 0 by nature and are left out here. The question
  //: is what becomes of the other half. Small weights make a needle of it once more; with Xavier's start the
  //: bars draw in toward 0 from left to right, with He's they spread as wide as before.
  let reluHistograms = [
    ("N(0, 0.1²), 25 units", recorded(25, { ReLU() }, normal(0.1))),
    ("Xavier, 100 units", recorded(100, { ReLU() }, { Init.xavierNormal_($0) })),
    ("He, 100 units", recorded(100, { ReLU() }, { Init.kaimingNormal_($0, .relu) })),
  ]
  page.figure(
    "relu-activations", histogramFigure("Activations of ten ReLU layers", reluHistograms) { $0.output })
  page.figure(
    "relu-gradients", histogramFigure("Gradients of ten ReLU layers", reluHistograms) { $0.gradient! })

  //: And all of it in one figure, layer by layer. A start is good if both lines stay level: that of the
  //: activations, so that the upper layers hear of the input, and that of the gradients, so that the lower
  //: ones hear of the loss. On a logarithmic axis a slanting straight line is a constant factor a layer.
  page.figure(
    "initializations",
    initializationFigure(
      tanh: [("N(0, 0.1²), 25 units", tenth[0]), ("N(0, 1)", large), ("Xavier", xavier[1])],
      relu: [("Xavier", reluXavier), ("He", reluHe)]))

  /*:
   ### Does it matter?

   For learning, that is. Three towers of ten tanh layers, 25 units wide, learn to tell clothes apart. They
   have the same architecture, the same pictures, the same learning rate, and, from one seed, the same random
   numbers. Only the standard deviation of their weights at the start differs.
   */
  let steps = page.scale(quick: 200, standard: 400)
  let starts: [(name: String, start: (Tensor) -> Void)] = [
    ("N(0, 0.1²)", normal(0.1)), ("N(0, 1)", normal(1)), ("Xavier", { Init.xavierNormal_($0) }),
  ]
  let curves = starts.map { name, start in
    manualSeed(seed)
    let model = tower(depth: 10, width: 25, { Tanh() }, start: start)
    return (name: name, losses: train(model, SGD(model.parameters(), lr: 0.1), on: data, steps: steps))
  }

  //: The table has the loss of the first batch, the mean of steps 150 to 200, and that of the last thirty
  //: steps. Expect the first start to stand still, as next to no gradient reaches its lower layers, and the
  //: second to begin far above guessing, since large weights make large logits.
  let middle = curves.map { Array($0.losses[150..<200]).mean }
  let curveRows: [[any Showable]] = curves.indices.map {
    [curves[$0].name, curves[$0].losses[0], middle[$0], curves[$0].losses.final]
  }
  page.show("loss", Table(["start", "first", "steps 150 to 200", "last 30"], curveRows), digits: 3)
  page.figure("starts", curvesFigure("Ten tanh layers, three starts", curves))
  page.claim("too small: after 200 steps it has not moved", middle[0], equals: ln10, within: 0.03)
  page.claim("Xavier learns", middle[2], isAtMost: 1.6)
  page.claim("too large: behind", middle[1], isAtLeast: middle[2] + 0.2)

  /*:
   The one that started too small sits exactly at $\ln 10$, the loss of guessing. It is not stuck in a valley;
   there is next to no slope where it stands. In a longer run you may see it slide off that plain after
   hundreds of wasted steps. Remember the number: when a loss of ten classes begins at 2.30 and stays there,
   look at the start.
   */
}

/*:
 ## 5.2 How to step

 Plain gradient descent steps along the negative gradient, $\theta \leftarrow \theta - \eta g$, with the same
 learning rate $\eta$ for every parameter and at all times. Here we meet the ways of doing better. Two small
 landscapes show what each of them is about, because there one can watch.
 */
//: A long valley, fifty times as steep across as along it, and its gradient $(x, 50 y)$. The numbers are
//: 64-bit, as in chapter 3, so that formulas and library can be compared closely.
let curvature = Tensor([1.0, 50.0], dtype: .float64)
func valley(_ p: Tensor) -> Tensor { 0.5 * (curvature * p.square()).sum() }

//: And **Rosenbrock's function**, a bent valley whose floor is nearly level. Its lowest point is $(1, 1)$. To
//: come down into the valley is easy. What takes time is to follow its floor, which turns, and on which the
//: gradient is small along the way and large across.
func rosenbrock(_ p: Tensor) -> Tensor { (1 - p[0]).square() + 100 * (p[1] - p[0].square()).square() }

/*:
 `descend` lets an optimizer of the library walk from a point, and records the places. The closure that computes
 the loss and its gradient is handed to `step`, because L-BFGS, which comes last, will want to call it several
 times. Calls are counted: a gradient is what costs time in training, so it is what we shall compare by.
 */
struct Walk {
  var places: [[Double]] = []
  var losses: [Double] = []
  var gradients = 0
  var end: Tensor { Tensor(places.last!, dtype: .float64) }
}

//: It walks until its gradients are used up, the loss has left all bounds, or the point stands still.
func descend(
  _ f: (Tensor) -> Tensor, from start: [Double], gradients: Int, _ make: ([Tensor]) -> Optimizer
) -> Walk {
  let p = Tensor(start, dtype: .float64).requiresGrad_()
  let optimizer = make([p])
  var walk = Walk(places: [start], losses: [noGrad { f(p).item() }])
  while walk.gradients < gradients && walk.losses.last!.isFinite {
    optimizer.step {
      optimizer.zeroGrad()
      let loss = f(p)
      loss.backward()
      walk.gradients += 1
      return loss
    }

    //: After the step the new place goes into the record, and the loss there, computed once more for the record
    //: alone.
    let place = p.detach().toArray(of: Double.self)
    if place == walk.places.last { break }
    walk.places.append(place)
    walk.losses.append(noGrad { f(p).item() })
  }
  return walk
}

notebook.section("5.2", "How to step") { page in
  let start = [-8.0, 1.5]
  func inValley(_ make: ([Tensor]) -> Optimizer) -> Walk { descend(valley, from: start, gradients: 40, make) }

  //: Each rule of this section will be written twice: by hand, from its formula, and as the library's
  //: optimizer. `byHand` walks forty steps by a rule that is given the place $p$ and the gradient $g$ there.
  //: If both arrive at the same place, to twelve digits, the formula is what the library does.
  func byHand(_ rule: (inout Tensor, Tensor) -> Void) -> Tensor {
    var p = Tensor(start, dtype: .float64)
    for _ in 0..<40 { rule(&p, curvature * p) }
    return p
  }

  /*:
   ### Gradient descent in a valley

   On this function every coordinate goes its own way, for the derivative by $x$ does not contain $y$. A step
   multiplies $x$ by $1 - \eta$ and $y$ by $1 - 50 \eta$. For $y$ not to grow, that factor must not be below
   −1, so $\eta$ must be below $2/50 = 0.04$, and then $x$ creeps: each step takes off a few hundredths of it.
   */
  let sgd = inValley { SGD($0, lr: 0.035) }
  let sgdByHand = byHand { p, g in p = p - 0.035 * g }
  page.claim("by hand: p ← p − ηg", sgdByHand, equals: sgd.end, within: 1e-12)
  page.show("loss", [sgd.losses[0], sgd.losses[40]], digits: 3, note: "before, after 40 steps")
  page.show("factors a step", [1 - 0.035, 1 - 50 * 0.035], digits: 3, note: "x, y")

  //: A rate of 0.035 is just below the limit, and the loss goes down. A rate of 0.041 is just above it: every
  //: step across the valley now lands a little higher on the opposite wall, and after forty steps the loss is
  //: larger than at the start.
  let tooFast = inValley { SGD($0, lr: 0.041) }
  page.claim("η = 0.041 is too much", tooFast.losses[40], isAtLeast: tooFast.losses[0])

  /*:
   The factor of $y$ is negative, so the path zigzags from wall to wall, while along the valley, where it
   ought to go, it hardly moves. The **condition number** (chapter 2) of this valley is 50. In networks it can
   be far larger.

   ### Momentum

   Let the point be a heavy ball. It has a velocity $v$ that keeps a part $\mu$ of itself at each step, and
   the gradient pushes it:

   $$v \leftarrow \mu v + g \qquad \theta \leftarrow \theta - \eta v$$
   */
  var v = Tensor.zeros(2, dtype: .float64)
  let momentumByHand = byHand { p, g in
    v = 0.8 * v + g
    p = p - 0.02 * v
  }
  let momentum = inValley { SGD($0, lr: 0.02, momentum: 0.8) }
  page.claim("by hand", momentumByHand, equals: momentum.end, within: 1e-12)
  page.show("loss", momentum.losses[40], digits: 4, note: "after 40 steps")
  page.claim("momentum gets further", momentum.losses[40], isAtMost: 0.1 * sgd.losses[40])

  /*:
   Pushes that change sign cancel in $v$, as those across the valley do. Pushes that agree add up, to at most
   $1 / (1 - \mu)$ times a single one, here five times. **Nesterov's** variant looks ahead: it takes the
   gradient's push into account twice, as if the ball had already rolled on, and so brakes earlier.

   $$v \leftarrow \mu v + g \qquad \theta \leftarrow \theta - \eta \, (g + \mu v)$$
   */
  v = .zeros(2, dtype: .float64)
  let nesterovByHand = byHand { p, g in
    v = 0.8 * v + g
    p = p - 0.02 * (g + 0.8 * v)
  }
  let nesterov = inValley { SGD($0, lr: 0.02, momentum: 0.8, nesterov: true) }
  page.claim("by hand", nesterovByHand, equals: nesterov.end, within: 1e-12)
  page.show("loss", nesterov.losses[40], digits: 4, note: "after 40 steps")

  /*:
   ### A rate for each parameter

   The other remedy is to give every parameter a step length of its own. **AdaGrad** divides each
   parameter's step by the root of the sum of its squared gradients so far. Steep directions get short steps,
   flat ones long steps:

   $$s \leftarrow s + g \odot g \qquad \theta \leftarrow \theta - \eta \, \frac{g}{\sqrt s + \epsilon}$$
   */
  var s = Tensor.zeros(2, dtype: .float64)
  let adagradByHand = byHand { p, g in
    s = s + g * g
    p = p - g / (s.sqrt() + 1e-10)
  }
  let adagrad = inValley { Adagrad($0, lr: 1) }
  page.claim("by hand", adagradByHand, equals: adagrad.end, within: 1e-12)

  /*:
   The steepness has disappeared: multiply one coordinate's gradients by 50, and its steps stay the same. But
   the sum only grows, so AdaGrad gets slower and slower: with a gradient that never changes, the $k$-th step
   has length $\eta / \sqrt k$. **RMSprop** replaces the sum by a running average, which forgets:

   $$s \leftarrow \alpha s + (1 - \alpha)\, g \odot g$$
   */
  s = .zeros(2, dtype: .float64)
  let rmspropByHand = byHand { p, g in
    s = 0.9 * s + 0.1 * g * g
    p = p - 0.1 * g / (s.sqrt() + 1e-8)
  }
  let rmsprop = inValley { RMSprop($0, lr: 0.1, alpha: 0.9) }
  page.claim("by hand", rmspropByHand, equals: rmsprop.end, within: 1e-12)

  /*:
   **Adam** (adaptive moments) is both at once: a running average $m$ of the gradient, as in momentum, over
   the root of a running average $s$ of its square, as in RMSprop. Both averages start at 0, and are too small
   at first: with $\beta_1 = 0.9$ the first $m$ is only a tenth of the gradient. Dividing by $1 - \beta^t$,
   which at $t = 1$ is a tenth as well, makes up for that:

   $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad s \leftarrow \beta_2 s + (1 - \beta_2)\, g \odot g$$

   $$\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat s = \frac{s}{1 - \beta_2^t} \qquad
     \theta \leftarrow \theta - \eta \, \frac{\hat m}{\sqrt{\hat s} + \epsilon}$$
   */
  var (m, t) = (Tensor.zeros(2, dtype: .float64), 0.0)
  s = .zeros(2, dtype: .float64)
  func adamStep(_ g: Tensor) -> Tensor {
    t += 1
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g * g
    return 0.3 * (m / (1 - pow(0.9, t))) / ((s / (1 - pow(0.999, t))).sqrt() + 1e-8)
  }

  //: The step counter $t$ and both averages live outside the closure, as they would in an optimizer's state.
  //: The constants are those of the paper; only $\eta = 0.3$ is ours, since this valley is wide.
  let adamByHand = byHand { p, g in p = p - adamStep(g) }
  let adam = inValley { Adam($0, lr: 0.3) }
  page.claim("by hand", adamByHand, equals: adam.end, within: 1e-12)

  /*:
   Adam's very first step has length $\eta$ in every coordinate, whatever the gradient: then $\hat m = g$ and
   $\hat s = g \odot g$. Later steps are seldom much longer. So Adam's learning rate is a length, about the
   furthest that a parameter goes in a step, and no longer a factor on gradients whose size depends on the
   network. That is one reason why the same rate, 0.001, suits so many.
   */
  let firstStep = zip(adam.places[1], adam.places[0]).map { $0 - $1 }
  page.show("first step", firstStep, digits: 6)
  page.claim("η, and against the gradient", firstStep, equals: [0.3, -0.3], within: 1e-6)

  /*:
   Now the eight paths, with **AdamW** and **L-BFGS**, which are explained below. Each dot is the place after a
   step; all start at the left. Every optimizer may compute forty gradients, and all but L-BFGS take a step
   with each.
   */
  let adamW = inValley { AdamW($0, lr: 0.3, weightDecay: 0.1) }
  let lbfgs = inValley {
    LBFGS($0, maxIter: 1, maxEval: 20, toleranceChange: 1e-14, lineSearch: .strongWolfe)
  }
  let inTheValley = [
    ("gradient descent", sgd), ("momentum", momentum), ("Nesterov", nesterov), ("AdaGrad", adagrad),
    ("RMSprop", rmsprop), ("Adam", adam), ("AdamW", adamW), ("L-BFGS", lbfgs),
  ]

  /*:
   A `Field` samples a function of the plane for the level lines. Momentum swings and gains speed; AdaGrad,
   RMSprop and Adam walk diagonally, as if there were no steepness; L-BFGS needs a handful of steps, once it
   has felt the valley's shape, though it may spend several gradients on one. The table says how far down each
   has come. It is no race, for the rates were chosen so that there is something to see: RMSprop, with steps of
   about 0.1, is still on its way when the forty are over.
   */
  let valleyField = Field(x: -9...3, y: -2.4...2.4, resolution: 90) { 0.5 * ($0 * $0 + 50 * $1 * $1) }
  page.figure(
    "valley",
    pathsFigure(
      "Forty gradients in a valley fifty times as steep across", inTheValley, valleyField,
      levels: [0.5, 2, 8, 20, 40, 80, 140], goal: (0, 0)))
  let valleyRows: [[any Showable]] = inTheValley.map { [$0, String(format: "%.1e", $1.losses.last!)] }
  page.show("after 40 gradients", Table(["optimizer", "loss"], valleyRows))

  /*:
   ### Weight decay, joined or decoupled

   **Weight decay** pulls every weight toward 0, by adding $\lambda \theta$ to the gradient (chapter 6 says
   what that is good for). In Adam this has a side effect: the pull is divided by $\sqrt{\hat s}$ as well, so
   parameters with large gradients are hardly pulled at all. AdamW keeps the two apart. It shrinks first,
   $\theta \leftarrow (1 - \eta \lambda)\, \theta$, and then takes Adam's step. (In the valley it got further
   than Adam for a reason that does not count: the lowest point is at 0, where the decay pulls anyway.)
   */
  func pulled(_ make: ([Tensor]) -> Optimizer) -> Tensor {
    let p = Tensor([1.0, 1.0], dtype: .float64).requiresGrad_()
    let optimizer = make([p])
    for step in 0..<400 {
      p.grad = Tensor([1.0, 100.0], dtype: .float64) * (step % 2 == 0 ? 1 : -1)
      optimizer.step()
    }
    return p.detach()
  }

  //: Two parameters get gradients that only shake them, $\pm 1$ and $\pm 100$, and on average pull them
  //: nowhere. All that should be seen after 400 steps is the decay, $(1 - 0.01 \cdot 0.1)^{400} = 0.67$, and
  //: on both alike, for nobody has asked that the second be spared.
  let joined = pulled { Adam($0, lr: 0.01, weightDecay: 0.1) }
  let decoupled = pulled { AdamW($0, lr: 0.01, weightDecay: 0.1) }
  page.show("Adam", joined, digits: 3, note: "gradients ±1, ±100")
  page.show("AdamW", decoupled, digits: 3)
  page.claim("Adam hardly decays the second", joined[1], isAtLeast: 0.97)
  page.claim("AdamW decays both alike", decoupled, equals: [0.67, 0.67], within: 0.02)

  /*:
   ### L-BFGS

   All these use only the gradient of the moment. **Newton's method** would jump straight to the bottom of a
   valley, if it knew how the gradient changes: the matrix of second derivatives, which for $n$ parameters
   has $n^2$ numbers. **L-BFGS** estimates what it needs of that matrix from its last few steps, and a **line
   search** along the direction finds out how far to go.

   On Rosenbrock's function every optimizer may now choose its best learning rate from nine. All of them may
   compute the same number of gradients, which stands in the table.
   */
  let budget = page.scale(quick: 150, standard: 500)
  let rates: [Double] = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1]
  let kinds: [(name: String, make: ([Tensor], Double) -> Optimizer)] = [
    ("gradient descent", { SGD($0, lr: $1) }),
    ("momentum", { SGD($0, lr: $1, momentum: 0.9) }),
    ("Nesterov", { SGD($0, lr: $1, momentum: 0.9, nesterov: true) }),
    ("AdaGrad", { Adagrad($0, lr: $1) }),
    ("RMSprop", { RMSprop($0, lr: $1) }),
    ("Adam", { Adam($0, lr: $1) }),
    ("AdamW", { AdamW($0, lr: $1) }),
  ]

  //: All walk with all rates, and the walk that ends lowest counts. A walk that has exploded ends at
  //: infinity. Note who is favored here: seven rules have nine attempts each, of which only the best is
  //: shown.
  var best = kinds.map { kind in
    let walks = rates.map { rate in
      (rate, descend(rosenbrock, from: [-1.2, 1], gradients: budget) { kind.make($0, rate) })
    }
    func end(_ walk: Walk) -> Double { walk.losses.last!.isFinite ? walk.losses.last! : .infinity }
    let (rate, walk) = walks.min { end($0.1) < end($1.1) }!
    return (name: kind.name, rate: rate, walk: walk)
  }

  //: L-BFGS has a single one, without any choice. A step length of 1 is where its line search begins: that is
  //: Newton's own step, which is right wherever the function is nearly a parabola, and the search shortens it
  //: where it is not.
  let newton = descend(rosenbrock, from: [-1.2, 1], gradients: budget) {
    LBFGS($0, maxIter: 1, maxEval: 20, toleranceChange: 1e-14, lineSearch: .strongWolfe)
  }
  best.append(("L-BFGS", 1, newton))
  let bestRows: [[any Showable]] = best.map {
    [$0.name, "\($0.rate)", $0.walk.gradients, String(format: "%.1e", $0.walk.losses.last!)]
  }
  page.show("Rosenbrock", Table(["optimizer", "rate", "gradients", "loss"], bestRows))

  /*:
   L-BFGS arrives with a fraction of the gradients. With the best of nine rates some of the others get near
   the bottom, too; gradient descent does not. Why then is not every network trained with L-BFGS? Because it
   takes the *change* of the gradient from step to step at its word. With mini-batches that change is mostly
   noise.
   */
  let others = best.dropLast().map { $0.walk.losses.last! }
  page.claim("L-BFGS reaches the bottom", newton.losses.last!, isAtMost: 1e-12)
  page.claim("with few gradients", newton.gradients, isAtMost: 150)
  page.claim("no other gets as far with all of theirs", others, isAtLeast: 1e-9)

  //: In the figure, look at the beginning, where the valley's walls throw the point about, and at the end,
  //: where the floor is so level that most of them have not arrived. The level lines are drawn for the
  //: logarithm.
  let bentField = Field(x: -1.8...1.5, y: -0.6...2.2, resolution: 110) {
    log10(1e-3 + (1 - $0) * (1 - $0) + 100 * ($1 - $0 * $0) * ($1 - $0 * $0))
  }
  page.figure(
    "rosenbrock",
    pathsFigure(
      "Rosenbrock's function, each optimizer at its best rate", best.map { ($0.name, $0.walk) }, bentField,
      levels: [-0.3, 0.3, 0.9, 1.5, 2.1, 2.6], goal: (1, 1)))

  //: Where a full batch can be afforded, it shines. Then nothing is noisy: the gradient at a place is the
  //: same whenever one asks, and what it has changed by on the way to another place is due to the way. Five
  //: hundred pictures, a small network, one gradient over all of them at each evaluation:
  let data = try clothes().train
  let few: Pictures = (data.x[0..<500], data.y[0..<500])
  let evaluations = page.scale(quick: 60, standard: 150)
  let fullBatch: [(name: String, make: ([Tensor]) -> Optimizer)] = [
    ("gradient descent, 0.3", { SGD($0, lr: 0.3) }), ("momentum, 0.1", { SGD($0, lr: 0.1, momentum: 0.9) }),
    ("Adam, 0.01", { Adam($0, lr: 0.01) }),
    ("L-BFGS", { LBFGS($0, maxIter: 1000, maxEval: evaluations, lineSearch: .strongWolfe) }),
  ]

  //: What is recorded is the best loss up to each evaluation, since a line search also tries places that it
  //: does not go to. When L-BFGS has converged, its further steps look once at the gradient and do nothing.
  let fullCurves = fullBatch.map { name, make in
    manualSeed(seed)
    let model = tower(depth: 2, width: 32, { Tanh() })
    let optimizer = make(model.parameters())
    var losses: [Double] = []
    while losses.count < evaluations {
      optimizer.step {
        optimizer.zeroGrad()
        let loss = crossEntropy(model(few.x), few.y)
        loss.backward()
        losses.append(min(losses.last ?? .infinity, loss.item()))
        return loss
      }
    }
    return (name: name, losses: losses)
  }

  //: For each, the loss after half of the evaluations, and after all. (That a network should know five
  //: hundred pictures by heart to so many digits is of no use to anybody. What the numbers measure is how far
  //: down an optimizer gets.)
  let fullRows: [[any Showable]] = fullCurves.map { name, losses in
    [name] + [losses[evaluations / 2], losses[evaluations - 1]].map { String(format: "%.1e", $0) }
  }
  page.show("full batch", Table(["optimizer", "half-way", "at the end"], fullRows))
  page.figure("full-batch", fullBatchFigure(fullCurves))
  let fullEnds = fullCurves.map { $0.losses[evaluations - 1] }
  page.claim("L-BFGS is ahead of gradient descent", fullEnds[3], isAtMost: 0.5 * fullEnds[0])

  /*:
   ### On mini-batches

   Back to ordinary training. Each optimizer again picks the best of a few rates, and then all are drawn
   together. The network has 64 hidden units. Do not read too much into the order at the end: with a tuned
   rate they are close, and another data set may turn them round.
   */
  let steps = page.scale(quick: 60, standard: 300)
  let miniRates: [String: [Double]] = [
    "gradient descent": [0.03, 0.1, 0.3], "momentum": [0.003, 0.01, 0.03], "Nesterov": [0.003, 0.01, 0.03],
    "AdaGrad": [0.003, 0.01, 0.03], "RMSprop": [0.0003, 0.001, 0.003], "Adam": [0.0003, 0.001, 0.003],
    "AdamW": [0.0003, 0.001, 0.003],
  ]

  //: Every run begins from the same weights and sees the same batches. So whatever two of them differ by in
  //: the end is due to the rule and its rate, and not to an easier start or a luckier draw.
  func miniBatches(_ make: ([Tensor], Double) -> Optimizer, _ rate: Double) -> [Double] {
    manualSeed(seed)
    let model = tower(depth: 2, width: 64, { ReLU() })
    return train(model, make(model.parameters(), rate), on: data, steps: steps)
  }

  //: Of the runs of each optimizer, the one with the lowest loss at the end. The rates of different rules
  //: cannot be compared: for gradient descent the rate is a factor on the gradient, for Adam and its
  //: relatives nearly the length of the step.
  let mini = kinds.map { kind in
    let runs = miniRates[kind.name]!.map { rate in
      (name: "\(kind.name), \(rate)", losses: miniBatches(kind.make, rate))
    }
    return runs.min { $0.losses.final < $1.losses.final }!
  }
  let miniRows: [[any Showable]] = mini.map { [$0.name, $0.losses.final] }
  page.show("loss", Table(["optimizer and rate", "last 30"], miniRows), digits: 3)
  page.figure("mini-batches", curvesFigure("Seven optimizers, each at its best rate", mini).logY())
  page.claim("all of them learn", mini.map(\.losses.final), isAtMost: 1.2)

  //: What differs more is how much the choice of the rate matters. At 0.001, which Adam takes if nobody says
  //: anything, gradient descent has hardly begun: the gradients of this network are small, and it takes them
  //: as they are, where Adam divides them by their size.
  let untuned = [
    miniBatches({ SGD($0, lr: $1) }, 0.001).final, miniBatches({ Adam($0, lr: $1) }, 0.001).final,
  ]
  page.show("at 0.001", untuned, digits: 3, note: "gradient descent, Adam")
  page.claim("Adam is far ahead", untuned[1], isAtMost: untuned[0] - 0.5)

  /*:
   ### Schedules

   The learning rate need not stay what it is. Long steps are good at the beginning, when the way is far. At
   the end they are harmful, because mini-batches make the gradient noisy: near the bottom the point no longer
   descends but jitters, the more so the longer its steps. A **schedule** lowers the rate as training goes on.
   */
  func course(_ make: (Optimizer) -> LRScheduler) -> [Double] {
    let optimizer = SGD([Tensor.zeros(1).requiresGrad_()], lr: 0.2)
    let scheduler = make(optimizer)
    return (0..<60).map { _ in
      defer { scheduler.step() }
      return optimizer.groups[0].lr
    }
  }

  //: Three usual ones. The **step** schedule divides the rate by ten every so often. The **cosine** goes down
  //: half a wave, slowly at first and slowly at the end. The third begins with a **warm-up**, of which more
  //: below, and shows how schedules are put one behind the other.
  let schedules = [
    ("step", course { StepLR($0, stepSize: 20) }),
    ("cosine", course { CosineAnnealingLR($0, tMax: 60) }),
    (
      "warm-up, then cosine",
      course {
        SequentialLR(
          $0, schedulers: [LinearLR($0, startFactor: 0.05, totalIters: 10), CosineAnnealingLR($0, tMax: 50)],
          milestones: [10])
      }
    ),
  ]

  //: `scheduler.step()` is called once an epoch, or once a batch, after the optimizer's own. In the figure
  //: see where each of the three spends its time: the step schedule on three levels, the cosine half of it
  //: above half the rate, the third one after a short way up.
  page.figure("schedules", schedulesFigure(schedules))
  page.claim(
    "step: a tenth every 20 epochs", [schedules[0].1[0], schedules[0].1[20], schedules[0].1[40]],
    equals: [0.2, 0.02, 0.002], within: 1e-12)
  page.claim("cosine: ½ η (1 + cos πt/T)", schedules[1].1[30], equals: 0.1, within: 1e-9)

  /*:
   Does it help? Small batches of 16, whose gradients are noisy, a rate of 0.2, four runs of each kind from
   different starts. What is compared is the loss over the *whole* training set after the last step, so that
   luck with the last batches plays no part.
   */
  let noisySteps = page.scale(quick: 150, standard: 500)
  func endLoss(_ run: Int, _ schedule: (Optimizer) -> LRScheduler?) -> Double {
    manualSeed(seed + UInt64(run))
    let model = tower(depth: 2, width: 64, { ReLU() })
    let optimizer = SGD(model.parameters(), lr: 0.2)
    let scheduler = schedule(optimizer)
    train(
      model, optimizer, on: data, afterStep: { scheduler?.step() }, steps: noisySteps, batch: 16, run: run)
    return noGrad { crossEntropy(model(data.x), data.y).item() }
  }

  //: The step schedule divides the rate by ten twice, after a third and two thirds of the way; the cosine is
  //: down at 0 by the end. Look at the means first, and then at how far best and worst of a kind lie apart,
  //: for that is the jitter.
  let kindsOfSchedule: [(name: String, make: (Optimizer) -> LRScheduler?)] = [
    ("constant", { _ in nil }),
    ("step", { StepLR($0, stepSize: noisySteps / 3 + 1) }),
    ("cosine", { CosineAnnealingLR($0, tMax: noisySteps) }),
  ]
  let ends = kindsOfSchedule.map { kind in (0..<4).map { endLoss($0, kind.make) } }
  let endRows: [[any Showable]] = zip(kindsOfSchedule, ends).map { [$0.name, $1.mean, $1.min()!, $1.max()!] }
  page.show("loss at the end", Table(["schedule", "mean of 4", "best", "worst"], endRows), digits: 3)
  page.claim("cosine ends lower than a constant rate", ends[2].mean, isAtMost: ends[0].mean - 0.05)
  page.claim("even its worst run beats the other's best", ends[2].max()!, isAtMost: ends[0].min()!)
  func width(_ losses: [Double]) -> Double { losses.max()! - losses.min()! }
  page.claim("and its runs lie closer together", width(ends[2]), isAtMost: width(ends[0]))

  /*:
   Without a schedule the end of a run is a matter of when one stops; with one the four runs come to rest, and
   at nearly the same loss.

   A **warm-up** does the opposite at the very beginning: it starts with tiny steps and lengthens them. The
   first gradients come from random weights; in a deep network they can be large, and a few long steps along
   them may ruin it before it has begun. Here is a tower of ten ReLU layers whose weights are a fifth larger
   than He's. How many of five runs survive a rate of 0.1, with and without sixty steps of warm-up?
   */
  let warmSteps = page.scale(quick: 100, standard: 250)
  func bold(_ run: Int, warm: Bool) -> [Double] {
    manualSeed(seed + UInt64(run))
    let model = tower(depth: 10, width: 64, { ReLU() }) { weight in
      Init.kaimingNormal_(weight, .relu)
      noGrad { _ = weight.mul_(1.2) }
    }
    let optimizer = SGD(model.parameters(), lr: 0.1)
    let scheduler = warm ? LinearLR(optimizer, startFactor: 0.02, totalIters: 60) : nil
    return train(model, optimizer, on: data, afterStep: { scheduler?.step() }, steps: warmSteps, run: run)
  }

  //: A run has survived if its loss at the end is a number, and lower than that of guessing. Each of the five
  //: starts is tried twice, cold and warm, so that no start is harder for the one than for the other. After
  //: sixty steps both run at the same rate; all that the warm-up has changed is how they got there.
  let (cold, warm) = ((0..<5).map { bold($0, warm: false) }, (0..<5).map { bold($0, warm: true) })
  func survivors(_ runs: [[Double]]) -> Int { runs.count { $0.final < ln10 } }
  page.show("survivors of 5", [survivors(cold), survivors(warm)], note: "cold, with warm-up")
  page.show("loss with warm-up", warm.map(\.final), digits: 2, note: "last 30 steps")
  page.claim("more survive with a warm-up", survivors(warm), isAtLeast: Double(survivors(cold) + 1))
  page.claim("nearly all", survivors(warm), isAtLeast: 4)
}

/*:
 ## 5.3 Vanishing gradients, and ways around them

 The error terms of the lowest layer are the result of a long product (chapter 3). Written out for a network
 of $L$ layers, with $D^{[l]}$ for multiplying by the slopes $\sigma'(z^{[l]})$:

 $$\delta^{[1]} = D^{[1]} W^{[2]\top} \, D^{[2]} W^{[3]\top} \cdots D^{[L-1]} W^{[L]\top} \, \delta^{[L]}$$

 If a typical factor makes a vector half as long, then thirty of them leave a billionth. A good start, as in
 section 5.1, keeps the factors near 1 for the first step. It cannot help against an activation function whose
 slope is small everywhere, and it does not last: training changes the weights.
 */
notebook.section("5.3", "Vanishing gradients, and ways around them") { page in
  let data = try clothes().train
  let sample: Pictures = (data.x[0..<64], data.y[0..<64])

  /*:
   ### Gradient against depth

   For networks of 2 to 30 layers we look at the gradient of the *first* weight matrix, on one batch and
   before any training: its norm, that is, the root of the sum of all its squares. Every activation gets the
   start that suits it. The numbers become so small that their squares would not fit into 32 bits, hence
   `to(.float64)`.
   */
  func firstGradient(_ depth: Int, _ activation: () -> Module, _ start: @escaping (Tensor) -> Void) -> Double
  {
    let norms = (0..<3).map { _ in
      let model = tower(depth: depth, width: 64, activation, start: start)
      crossEntropy(model(sample.x), sample.y).backward()
      return model.parameters()[0].grad!.to(.float64).norm().item()
    }
    return exp(norms.map { Foundation.log($0) }.mean)
  }

  //: Of three networks each, the mean of the logarithms. Sigmoid and tanh get Xavier's start, ReLU gets He's,
  //: so that none of them is at a disadvantage from the beginning. Whatever still shrinks is then the fault
  //: of the function's slope.
  let depths = [2, 4, 8, 12, 16, 20, 25, 30]
  let kinds: [(name: String, activation: () -> Module, start: (Tensor) -> Void)] = [
    ("sigmoid", { Sigmoid() }, { Init.xavierNormal_($0) }),
    ("tanh", { Tanh() }, { Init.xavierNormal_($0) }),
    ("ReLU", { ReLU() }, { Init.kaimingNormal_($0, .relu) }),
  ]
  let norms = kinds.map { kind in depths.map { firstGradient($0, kind.activation, kind.start) } }

  //: One column for each activation function. Watch the exponents. If one falls by as much from 4 layers to 8
  //: as from 8 to 12, then every layer costs a constant factor, and in the figure, whose axis is logarithmic,
  //: the line is straight.
  let rows: [[any Showable]] = depths.indices.map { i in
    [depths[i]] + norms.map { String(format: "%.1e", $0[i]) }
  }
  page.show("‖∂E/∂W¹‖", Table(["layers", "sigmoid", "tanh", "ReLU"], rows))
  page.figure("gradient-against-depth", depthFigure(depths, zip(kinds.map(\.name), norms).map { ($0, $1) }))

  /*:
   The sigmoid's slope is at most ¼, and the weights do not make up for that: each of its layers costs a factor
   of three or more. With twelve layers the bottom of the network is out of reach: a learning rate that moved
   it would move the layers at the top about a million times as far. Tanh has slope 1 at 0 and loses a little at
   each layer. ReLU with He's start neither shrinks nor grows the gradient systematically.
   */
  func factor(_ norms: [Double]) -> Double {
    pow(norms.last! / norms[0], 1 / Double(depths.last! - depths[0]))
  }
  let factors = norms.map(factor)
  page.show("factor a layer", factors, digits: 3, note: "sigmoid, tanh, ReLU")
  page.claim("sigmoid: less than a third a layer", factors[0], isAtMost: 0.33)
  page.claim("tanh: slowly down", factors[1], isBetween: 0.8...1)
  page.claim("ReLU: nearly 1", factors[2], isBetween: 0.9...1.12)

  /*:
   ### Ways around

   A level gradient at the start does not yet make a deep network learn well, as we shall see. The remedy that
   made networks of a hundred layers possible is to let the signal go *around* a layer. There are three ways,
   and the library has a module for each.

   A **residual** block adds its input to its result: $a \leftarrow a + f(a)$. The layers $f$ need only learn
   what to change. Backward, the gradient goes through the sum unchanged and is only *added to* by what comes
   through $f$:

   $$\delta \leftarrow \delta + \left( \frac{\partial f}{\partial a} \right)^{\!\top} \delta$$

   (Up to here $\delta$ was the gradient by the sums $z$ of a layer. In this formula it is the one by a block's
   output on the right, and by its input, which is the output of the block below, on the left.)
   */
  let block = Residual(Sequential(Linear(64, 64), ReLU(), Linear(64, 64)))
  let a = Tensor.randn(5, 64).requiresGrad_()
  let result = block(a)
  page.claim("a + f(a)", result, equals: a + block.body(a), within: 1e-6)

  //: For the way back we hand a random $\delta$ to `grad`, which returns gradients instead of storing them:
  //: once through the whole block, once through its body alone. The difference between the two is $\delta$
  //: itself. Even if nothing at all came through the body, the layers below would get that.
  let delta = Tensor.randn(5, 64)
  let around = grad([result], [a], gradients: [delta], retainGraph: true)[0]!
  let through = grad([block.body(a)], [a], gradients: [delta])[0]!
  page.claim("backward: δ itself, and what comes through f", around, equals: delta + through, within: 1e-5)

  /*:
   A **dense** block keeps everything: each layer sees the block's input and the results of all layers before
   it, side by side, and adds a few features of its own. Every layer is connected to the end directly.

   A **highway** layer has a **gate** $t = \sigma(W_t a + b_t)$ for every unit, between 0 and 1, which decides
   how much is transformed and how much is carried over: $a \leftarrow t \odot h(a) + (1 - t) \odot a$. With
   $b_t$ starting at −2 the gates begin nearly closed.
   */
  let dense = DenseBlock(64, growth: 8, layers: 3) { Sequential(Linear($0, $1), ReLU()) }
  page.show("dense block", "\(a.shape) → \(dense(a).shape)", note: "64 features, and three times 8 more")
  page.claim("the input is still there", dense(a)[.all, ..<64], equals: a.detach(), within: 0)

  //: Each layer of the block has added 8 features, and the input stands unchanged in front of them. In the
  //: highway layer about an eighth of each unit is new at the start, $\sigma(-2) = 0.119$; the rest is
  //: carried over as it came, and so is the greater part of the gradient on its way back:
  let highway = Highway(64)
  let gates = highway.gate(a).sigmoid()
  page.show("gates", gates.mean().item(), digits: 3, note: "mean at the start")
  page.claim("σ(−2)", Tensor(-2.0).sigmoid(), equals: 0.119, within: 5e-4)
  page.claim("nearly closed", gates.mean(), isBetween: 0.05...0.25)

  /*:
   ### Depth 30

   Does a way around help to learn, or does it only look good on the way back? Five networks, each with thirty
   layers of weights on its longest way from the pixels to the logits: a plain tower as PyTorch would start
   it, a plain tower with He's start, and the three with ways around. Those keep PyTorch's start as well.
   */
  func network(_ blocks: [Module], features: Int = 64) -> Sequential {
    Sequential([Linear(784, 64), ReLU()] + blocks + [Linear(features, 10)])
  }

  //: Fourteen residual blocks of two layers each, 28 layers that add 8 features each, or 28 highway layers,
  //: between a first and a last layer that all have in common. The dense network is wider at its end than the
  //: others, since it keeps everything; apart from that all of them work with 64 units.
  let networks: [(name: String, make: () -> Sequential)] = [
    ("plain", { tower(depth: 30, width: 64, { ReLU() }) }),
    ("plain, He's start", { tower(depth: 30, width: 64, { ReLU() }) { Init.kaimingNormal_($0, .relu) } }),
    (
      "residual",
      { network((0..<14).map { _ in Residual(Sequential(Linear(64, 64), ReLU(), Linear(64, 64))) }) }
    ),
    (
      "dense",
      {
        let block = DenseBlock(64, growth: 8, layers: 28) { Sequential(Linear($0, $1), ReLU()) }
        return network([block], features: 64 + 28 * 8)
      }
    ),
    ("highway", { network((0..<28).map { _ in Highway(64) }) }),
  ]

  //: First the gradient that arrives at each layer before training, on the batch of 64 pictures. A recorder
  //: watches the blocks, or the ReLUs where there are none (in the dense block, those of its layers).
  let watched: [(Module) -> Bool] = [
    { $0 is ReLU }, { $0 is ReLU }, { $0 is Residual }, { $0 is ReLU }, { $0 is Highway },
  ]
  let profiles = zip(networks, watched).map { network, isWatched in
    let model = network.make()
    let recorder = LayerRecorder(model, where: isWatched)
    crossEntropy(model(sample.x), sample.y).backward()
    return (name: network.name, sizes: recorder.layers.map { $0.gradient!.to(.float64).std().item() })
  }

  //: The standard deviation of the gradient at the bottom, half-way and at the top. Compare the first column
  //: with the last: where they are of one size, the lowest layer hears as much of the loss as the highest. In
  //: the figure, depth goes from 0, the pixels, to 1, the logits.
  let profileRows: [[any Showable]] = profiles.map { name, sizes in
    [name] + [sizes[0], sizes[sizes.count / 2], sizes.last!].map { String(format: "%.1e", $0) }
  }
  page.show("gradient", Table(["network", "at the bottom", "half-way", "at the top"], profileRows))
  page.figure("depth-30-gradients", profileFigure(profiles))

  //: What share of the gradient at the top arrives at the bottom? It is the ratio of those two columns, and
  //: it says more than either: how large the gradient is at the top depends on the logits, and has nothing to
  //: do with depth.
  func ratio(_ i: Int) -> Double { profiles[i].sizes[0] / profiles[i].sizes.last! }
  page.claim("plain: less than a millionth", ratio(0), isAtMost: 1e-6)
  page.claim("residual and dense: a good part of it", [ratio(2), ratio(3)], isAtLeast: 0.3)
  page.claim("highway: a few hundredths", ratio(4), isAtLeast: 0.01)

  /*:
   PyTorch's default start for a linear layer draws from $U(-1/\sqrt{N}, 1/\sqrt{N})$, whose variance is
   $1 / (3N)$: a sixth of what ReLU asks for. The size of a signal then shrinks by $\sqrt{1/6}$ a layer, and
   from the top ReLU to the lowest there are 28 layers; the power below is of the order of what was found for
   the plain tower. In a shallow network nobody notices. Here it is fatal for the plain tower, and harmless
   where there is a way around.
   */
  page.show("√(1/6) to the power of 28", String(format: "%.1e", pow(1.0 / 6, 14)))
  page.claim("variance times N: 1/3", Linear(256, 256).weight.variance() * 256, equals: 1.0 / 3, within: 0.02)

  //: Now let them learn, all with Adam and a rate of 0.001, three runs of each (one with `--quick`). Adam
  //: divides by the size of the gradients and so makes up for much of what is lost on the way down: a mild
  //: test.
  let steps = page.scale(quick: 80, standard: 250)
  let test = try clothes().test
  let runs = networks.map { name, make in
    let attempts = (0..<page.scale(quick: 1, standard: 3)).map { run in
      manualSeed(seed + UInt64(run))
      let model = make()
      let losses = train(model, Adam(model.parameters(), lr: 1e-3), on: data, steps: steps, run: run)
      return (losses: losses, accuracy: noGrad { accuracy(model(test.x), test.y) })
    }
    return (name: name, losses: attempts.map(\.losses), accuracy: attempts.map(\.accuracy).mean)
  }

  //: Of the losses at the end, the mean, the best and the worst, and the accuracy on pictures that were not
  //: trained on, where guessing gets a tenth right. A loss of $\ln 10$ means that nothing has been learned.
  let ends = runs.map { $0.losses.map(\.final) }
  let runRows: [[any Showable]] = zip(runs, ends).map {
    [$0.name, $1.mean, $1.min()!, $1.max()!, $0.accuracy]
  }
  page.show(
    "after \(steps) steps", Table(["network", "loss", "best", "worst", "accuracy on the test set"], runRows),
    digits: 3)
  page.figure(
    "depth-30-training", curvesFigure("Thirty layers, five ways", runs.map { ($0.name, $0.losses[0]) }))

  /*:
   The plain tower stays at $\ln 10$. With He's start it learns, later and less, although its gradient was the
   largest of all. The three with ways around learn as quickly as the shallow networks of section 5.2. In a
   sense they are shallow: from every layer there is a short way to the loss.
   */
  page.claim("plain: nothing learned", ends[0], equals: ends[0].map { _ in ln10 }, within: 0.05)
  page.claim("with ways around", ends[2...].joined().max()!, isAtMost: page.scale(quick: 1, standard: 0.7))
  page.claim(
    "every one of these runs beats every run of the tower with He's start", ends[2...].joined().max()!,
    isAtMost: ends[1].min()!)
}

/*:
 ## 5.4 Exploding gradients, and normalization

 The same product can also grow. A gradient that is a thousand times too long takes a step a thousand times
 too long, lands where the loss is absurd and the next gradient larger still, and two or three steps later all
 parameters are "not a number".
 */
notebook.section("5.4", "Exploding gradients, and normalization") { page in
  let (data, test) = try clothes()

  /*:
   ### A cliff

   The smallest example is thirty layers in a row that all multiply by the same weight, $y = w^{30}$, with the
   loss $\frac12 (y - \frac12)^2$. Left of $w = 1$ the loss is a plain, right of it a cliff. At 1.3 the weight
   ought to come down to a place just below 1. The derivative points the right way, but it is more than a
   hundred million.
   */
  func cliff(clipped: Bool) -> [Double] {
    let w = Tensor([1.3]).requiresGrad_()
    let optimizer = SGD([w], lr: 0.005)
    return (0..<100).map { _ in
      optimizer.zeroGrad()
      (0.5 * (w ** 30 - 0.5).square()).sum().backward()
      if clipped { clipGradNorm_([w], maxNorm: 1) }
      optimizer.step()
      return w.detach().item()
    }
  }

  //: The function takes a hundred steps at a rate of 0.005 and returns the weight after each. Clipped, the
  //: gradient is shortened to length 1 before the step, as will be explained in a moment. So no step is
  //: longer than 0.005; the free one goes as far as the derivative says.
  let (free, clipped) = (cliff(clipped: false), cliff(clipped: true))
  page.show("w, free", Array(free[..<2]), note: "two steps")
  page.show("w, clipped", [clipped[0], clipped[19], clipped[99]], digits: 3, note: "steps 1, 20, 100")
  page.claim("the free one is thrown off", abs(free[0]), isAtLeast: 1e5)
  page.claim("the clipped one finds w³⁰ = ½", pow(clipped[99], 30), equals: 0.5, within: 1e-3)

  //: Why so small a rate? Clipping only shortens gradients that are too long. At the bottom, where they are
  //: short, the rate itself has to be right: below two divided by the second derivative (section 5.2), which is
  //: $(30 w^{29})^2$ there. Otherwise the weight hops from one side of the bottom to the other for ever.
  let slope: Double = 30 * pow(0.5, 29.0 / 30)
  page.show("the rate must be below", 2 / (slope * slope), digits: 4)

  /*:
   **Gradient clipping** keeps the direction and shortens the step: if the norm of all gradients together is
   above a bound $c$, all of them are multiplied by $c / \lVert g \rVert$. The step down the cliff is then as
   long as any other, and right. The cheaper relative cuts off every number at $\pm c$ by itself. That changes
   the direction:
   */
  func direction(after clip: ([Tensor]) -> Void) -> (gradient: Tensor, cosine: Double) {
    let p = Tensor.zeros(2).requiresGrad_()
    p.grad = Tensor([30.0, 0.4])
    clip([p])
    let g = p.grad!
    return (g, (g.dot(Tensor([30.0, 0.4])) / (g.norm() * Tensor([30.0, 0.4]).norm())).item())
  }

  //: A gradient of $(30, 0.4)$ points nearly along the first axis. What is left of it, and how far has it
  //: turned? The cosine of the angle between before and after is 1 where the direction is the same.
  let byNorm = direction { clipGradNorm_($0, maxNorm: 1) }
  let byValue = direction { clipGradValue_($0, clipValue: 1) }
  page.show("by norm", byNorm.gradient, digits: 3, note: "of (30, 0.4)")
  page.show("by value", byValue.gradient, digits: 3)
  page.claim("by norm: same direction", byNorm.cosine, equals: 1, within: 1e-5)
  page.claim("by value: another", byValue.cosine, isAtMost: 0.95)

  /*:
   Now a network. Ten ReLU layers whose weights are half again as large as He would have them: every layer
   multiplies by 1.5, forward and backward. Without clipping the run is over after a handful of steps. With
   clipping it is no good network, but one that learns.
   */
  let clipSteps = page.scale(quick: 200, standard: 250)
  func tooLarge(clip: Double) -> (losses: [Double], norms: [Double]) {
    manualSeed(seed)
    let model = tower(depth: 10, width: 64, { ReLU() }) { weight in
      Init.kaimingNormal_(weight, .relu)
      noGrad { _ = weight.mul_(1.5) }
    }

    //: `clipGradNorm_` stands between `backward()` and `step()`. It returns the norm before clipping, which
    //: is worth writing down in any run; a bound of infinity measures and changes nothing.
    var norms: [Double] = []
    let losses = train(
      model, SGD(model.parameters(), lr: 0.1), on: data,
      beforeStep: { norms.append(clipGradNorm_(model.parameters(), maxNorm: clip)) }, steps: clipSteps)
    return (losses, norms)
  }

  //: The very first norm tells what is coming. Ten factors of 1.5 multiply to the number below; that is how
  //: much too large the logits are, and on the way back the gradient meets the same factors again. Shortened
  //: to 1 it says no more than a direction, and each step goes 0.1 along it.
  let (wild, tamed) = (tooLarge(clip: .infinity), tooLarge(clip: 1))
  page.show("1.5¹⁰", pow(1.5, 10), digits: 1)
  page.show("first loss and norm", [wild.losses[0], wild.norms[0]], digits: 0)
  page.show("free", "\(wild.losses.count) steps", note: "until the loss was no number any more")
  page.show(
    "clipped", tamed.losses.final, digits: 2, note: "loss of the last 30 of \(tamed.losses.count) steps")
  page.claim("the first gradient is far too long", wild.norms[0], isAtLeast: 100)
  page.claim("free: it explodes at once", wild.losses.count, isAtMost: 40)
  page.claim("clipped: it has learned", tamed.losses.final, isAtMost: ln10 - 0.1)

  /*:
   ### Batch normalization

   Clipping treats the symptom. Normalization removes the cause: it brings every layer's pre-activations to
   the size where activation functions work, not only at the start but at every step. **Batch
   normalization** (Ioffe and Szegedy, 2015) does so for each unit, or **feature**, over the examples of the
   batch. With $B$ examples, for feature $d$:

   $$\mu_d = \frac1B \sum_n z_d^{(n)} \qquad \sigma_d^2 = \frac1B \sum_n (z_d^{(n)} - \mu_d)^2 \qquad
     \hat z_d = \frac{z_d - \mu_d}{\sqrt{\sigma_d^2 + \epsilon}}$$
   */
  let features = Linear(784, 4)
  let z = (features(data.x[0..<64]) * Tensor([1.0, 5.0, 0.2, 1.0]) + Tensor([0.0, 3.0, -1.0, 10.0])).detach()
  let mean = z.mean(dim: 0)
  let variance = (z - mean).square().mean(dim: 0)
  let normalized = (z - mean) / (variance + 1e-5).sqrt()
  page.show("µ", mean, digits: 3)
  page.show("σ", variance.sqrt(), digits: 3, note: "four features of unlike size")

  //: The small $\epsilon$ keeps the divisor from being 0, should a feature have the same value in the whole
  //: batch. In the library all this is a layer. It ought to give what our three lines give, and each column
  //: of the result ought to have mean 0 and deviation 1, whatever the feature was like before:
  let layer = BatchNorm1d(4)
  let output = layer(z)
  page.claim("BatchNorm1d does the same", output, equals: normalized, within: 1e-5)
  page.claim("each feature has mean 0", output.mean(dim: 0), equals: [0.0, 0, 0, 0], within: 1e-5)
  page.claim("and deviation 1", output.std(dim: 0, unbiased: false), equals: [1.0, 1, 1, 1], within: 5e-3)

  /*:
   > **Mind the slip.** Formulas in common notes divide by one $\sigma$. Which? It is each feature's *own*
   > $\sigma_d$, taken over the batch. With one number for all features, those that were large stay large, and
   > those that were small stay small.
   */
  let common = (z - mean) / (z - mean).square().mean().sqrt()
  page.show(
    "with one σ for all", common.std(dim: 0, unbiased: false), digits: 3, note: "deviations of the features")
  page.claim(
    "the features are as unlike as before", common.std(dim: 0).amax() / common.std(dim: 0).amin(),
    isAtLeast: 10)

  /*:
   Is a deviation of 1 what the next layer wants? The network shall decide. Behind the normalization stand a
   learned scale $\gamma_d$ and a learned shift $\beta_d$, which begin at 1 and 0: $y_d = \gamma_d \hat z_d +
   \beta_d$. They could even undo the normalization altogether, with $\gamma_d = \sqrt{\sigma_d^2 + \epsilon}$
   and $\beta_d = \mu_d$:
   */
  page.show("parameters", layer.namedParameters().map(\.name).joined(separator: ", "), note: "γ and β")
  let undo = BatchNorm1d(4)
  noGrad {
    undo.weight!.copy_((variance + 1e-5).sqrt())
    undo.bias!.copy_(mean)
  }
  page.claim("γ and β can undo it", undo(z), equals: z, within: 1e-4)

  /*:
   ### What happens at inference

   After training, a single picture is to be classified. It has no batch to take a mean over. So the layer
   keeps **running statistics** while it trains: averages of $\mu_d$ and $\sigma_d^2$ that move a tenth of the
   way to each new batch. (PyTorch calls this tenth the layer's `momentum`, though it is the share that is
   new, not the share that is kept.) They are buffers (chapter 4): saved with the model, not learned by
   gradients.

   $$r \leftarrow 0.9 \, r + 0.1 \, \mu_d \qquad s \leftarrow 0.9 \, s + 0.1 \, \frac{B}{B - 1} \, \sigma_d^2$$

   The factor $B / (B - 1)$ makes the variance of a sample an unbiased estimate of the variance of all
   examples.
   */
  let tracked = BatchNorm1d(4)
  var (r, s) = (Tensor.zeros(4), Tensor.ones(4))
  for i in 0..<3 {
    let batch = features(data.x[64 * i..<64 * (i + 1)]).detach()
    _ = tracked(batch)
    r = 0.9 * r + 0.1 * batch.mean(dim: 0)
    s = 0.9 * s + 0.1 * batch.variance(dim: 0)
  }
  page.show("buffers", tracked.namedBuffers().map(\.name).joined(separator: ", "))
  page.claim("running mean after three batches", tracked.runningMean!, equals: r, within: 1e-5)
  page.claim("running variance", tracked.runningVar!, equals: s, within: 1e-4)

  //: In `eval()` the layer uses these two, and nothing of the batch. With fixed numbers the normalization is
  //: only a shift and a scale for each feature, and what a picture gets does not depend on its company: alone
  //: it has to come out as it does among eight.
  tracked.eval()
  let fresh = features(test.x[0..<8]).detach()
  page.claim(
    "eval: (z − r) / √(s + ε)", tracked(fresh), equals: (fresh - r) / (s + 1e-5).sqrt(), within: 1e-4)
  page.claim("alone as in company", tracked(fresh[0..<1]), equals: tracked(fresh)[0..<1], within: 0)

  /*:
   > **Mind the slip.** Inference does *not* normalize by the statistics of the batch at hand. Whoever forgets
   > `eval()` gets answers that depend on which other pictures happen to be asked about, and on a batch of one
   > an error, since a single number has no deviation.

   How much does it cost? We train a network with batch normalization and then ask it about the test pictures
   of one class at a time.
   */
  func normalizing(_ norm: @escaping () -> Module) -> () -> Module { { Sequential(norm(), ReLU()) } }
  let model = tower(depth: 4, width: 64, normalizing { BatchNorm1d(64) })
  train(model, Adam(model.parameters(), lr: 1e-3), on: data, steps: page.scale(quick: 100, standard: 200))

  //: The activation function of this tower is a pair, a `BatchNorm1d` and a ReLU. `scoreByClass` is the mean
  //: of ten accuracies, one for each class, each computed on a batch of this class alone:
  func scoreByClass() -> Double {
    noGrad { (0..<10).map { k in accuracy(model(test.x[test.y .== k]), test.y[test.y .== k]) }.mean }
  }
  model.eval()
  let right = scoreByClass()
  model.train()
  let wrong = scoreByClass()
  page.show("accuracy", [right, wrong], digits: 3, note: "eval(), and eval() forgotten")
  page.claim("forgetting eval() is expensive", wrong, isAtMost: right - 0.15)

  /*:
   In a batch of nothing but trousers, being trousers is the mean, and the mean is subtracted. To make matters
   worse, the layers have meanwhile gone on collecting running statistics, from these odd batches.

   ### What it does for training

   Ten ReLU layers with He's start, one curve for each kind of network, one run for each learning rate.
   Without normalization there is a right rate, and a little beyond it an abyss. With batch normalization the
   network bears rates that are ten times as large, and more. (Layer normalization is explained below, and
   runs along here.)
   */
  let sweepSteps = page.scale(quick: 60, standard: 150)
  let sweepRates: [Double] = page.scale(
    quick: [0.01, 0.1, 1], standard: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3])
  let norms: [(name: String, activation: () -> Module)] = [
    ("plain", { ReLU() }), ("batch norm", normalizing { BatchNorm1d(64) }),
    ("layer norm", normalizing { LayerNorm(64) }),
  ]

  //: All these runs begin from the same weights and see the same batches. The three kinds differ only in what
  //: stands between a linear layer and its ReLU: nothing, or one of the two normalizations. The optimizer is
  //: plain gradient descent, so that nothing but the network takes care of sizes.
  let sweep = norms.map { name, activation in
    (
      name: name,
      losses: sweepRates.map { rate in
        manualSeed(seed)
        let model = tower(depth: 10, width: 64, activation) { Init.kaimingNormal_($0, .relu) }
        return train(model, SGD(model.parameters(), lr: rate), on: data, steps: sweepSteps).final
      }
    )
  }

  //: An infinite loss means that the run has exploded. Read the table by columns: how far down does each
  //: kind of network stay below 1?
  let sweepRows: [[any Showable]] = sweepRates.indices.map { i in
    ["\(sweepRates[i])"] + sweep.map { $0.losses[i].isFinite ? $0.losses[i].shown(digits: 2) : "∞" }
  }
  page.show("loss", Table(["rate"] + sweep.map(\.name), sweepRows))
  page.figure("rates", ratesFigure(sweepRates, sweep))

  /*:
   There is a price on the other side. At the smallest rates the normalized networks are slower than the plain
   one: normalization does not make a network learn faster by itself, it permits longer steps. And a finite
   loss is not yet a good one: look in the last column for the rates at which layer normalization has kept the
   network from exploding, and it has come to rest near $\ln 10$ all the same.
   */
  let one = sweepRates.firstIndex(of: 1)!
  page.claim("at rate 1 the plain network is lost", sweep[0].losses[one], isAtLeast: 1.9)
  page.claim("batch normalization is not", sweep[1].losses[one], isAtMost: 1.5)

  /*:
   ### Layer normalization

   Batch normalization needs a batch, and a good one: with few examples its mean and deviation are mostly
   chance. **Layer normalization** (Ba, Kiros and Hinton, 2016) turns the table by a quarter. It takes mean
   and deviation over the *features* of each example, so that every example is on its own, in training and at
   inference alike.
   */
  let byRow = LayerNorm(4)
  let rowMean = z.mean(dim: 1, keepDim: true)
  let rowVariance = (z - rowMean).square().mean(dim: 1, keepDim: true)
  page.claim(
    "over the features", byRow(z), equals: (z - rowMean) / (rowVariance + 1e-5).sqrt(), within: 1e-4)
  page.claim("alone as in company", byRow(z[0..<1]), equals: byRow(z)[0..<1], within: 0)
  page.claim("no running statistics", byRow.buffers().isEmpty)

  //: Batches of two, where a feature's two normalized values can only be near 1 and −1, whichever way round.
  //: Whether one was far above the other or only a little is gone, and with it most of what the feature had
  //: to say. Layer normalization takes its mean over 64 features as ever:
  let tinySteps = page.scale(quick: 150, standard: 400)
  let tiny = norms.map { name, activation in
    let runs = (0..<3).map { run in
      manualSeed(seed + UInt64(run))
      let model = tower(depth: 6, width: 64, activation) { Init.kaimingNormal_($0, .relu) }
      let losses = train(
        model, SGD(model.parameters(), lr: 0.03), on: data, steps: tinySteps, batch: 2, run: run)
      return losses.last!.isFinite ? Array(losses.suffix(100)).mean : .infinity
    }
    return (name: name, loss: runs.mean)
  }

  //: Even the plain network does better than the one with batch normalization, which has lost the size of its
  //: signals without getting anything for it.
  let tinyRows: [[any Showable]] = tiny.map { [$0.name, $0.loss] }
  page.show("batches of 2", Table(["network", "loss, mean of 3"], tinyRows), digits: 2)
  page.claim("layer normalization does not mind", tiny[2].loss, isAtMost: tiny[1].loss - 0.4)
  page.claim(
    "the plain network, too, is ahead of batch normalization", tiny[0].loss, isAtMost: tiny[1].loss - 0.2)

  /*:
   In between lies **group normalization**, over groups of neighboring features of one example. As a rule of
   thumb: batch normalization for images in large batches, layer normalization for sequences and small
   batches.

   ### Max-norm

   The last leash is on the weights themselves. After each step, every unit's incoming weights, a row of $W$,
   are scaled back to the length $c$ if they are longer. Usual values of $c$ are 3 to 4. A step that was much
   too long can then do only so much harm.

   $$w \leftarrow w \cdot \min \left( 1, \frac{c}{\lVert w \rVert} \right)$$
   */
  let weights = Tensor([[3.0, 4.0], [0.3, 0.4]])
  maxNorm_([weights], c: 3)
  page.show("rows of length 5 and ½", weights, digits: 2, note: "after maxNorm_ with c = 3")
  page.claim("3 and ½", weights.norm(dim: 1), equals: [3, 0.5], within: 1e-5)

  //: To see it at work we break something. A network learns at a rate of 0.1, but in one step, after the
  //: first hundred, the rate is 50, as if a damaged batch had given a gradient 500 times too large. `longest`
  //: is the longest row of all weights after each step.
  func damaged(_ c: Double, _ run: Int) -> (losses: [Double], longest: [Double]) {
    manualSeed(seed + UInt64(run))
    let model = tower(depth: 2, width: 64, { ReLU() })
    let optimizer = SGD(model.parameters(), lr: 0.1)

    //: The bound is applied after each step. In the run without a bound $c$ is infinite, and nothing is ever
    //: too long.
    var longest: [Double] = []
    let losses = train(
      model, optimizer, on: data,
      beforeStep: { optimizer.setLearningRate(longest.count == 100 ? 50 : 0.1) },
      afterStep: {
        maxNorm_(model.parameters(), c: c)
        let matrices = model.parameters().filter { $0.rank == 2 }
        longest.append(matrices.map { $0.norm(dim: 1).max().item() }.max()!)
      },
      steps: 250, run: run)
    return (losses, longest)
  }

  //: Three runs each, without a bound and with the two usual ones. In the table go from left to right: how
  //: far the blow has thrown the weights, what it did to the loss at once, and what became of that in the
  //: steps that were left.
  let bounds = [("free", Double.infinity), ("c = 4", 4), ("c = 3", 3)].map { name, c in
    (name: name, runs: (0..<3).map { damaged(c, $0) })
  }
  let boundRows: [[any Showable]] = bounds.map { name, runs in
    [
      name, runs.map { $0.longest.max()! }.mean, runs.map { $0.losses[101] }.mean,
      runs.map(\.losses.final).mean,
    ]
  }
  page.show(
    "mean of three runs", Table(["bound", "longest row", "loss after the blow", "at the end"], boundRows),
    digits: 2)

  //: The blow is survived with and without a leash. But the weights that were thrown far out stay there,
  //: where every step of ordinary length is too short to matter.
  page.figure("max-norm", maxNormFigure(bounds.map { ($0.name, $0.runs[0]) }))
  page.claim("free: thrown far off", bounds[0].runs.map { $0.longest.max()! }, isAtLeast: 6)
  page.claim("c = 3: never beyond", bounds[2].runs.flatMap(\.longest), isAtMost: 3.0001)
  page.claim(
    "with c = 3 it recovers better", bounds[2].runs.map(\.losses.final).mean,
    isAtMost: bounds[0].runs.map(\.losses.final).mean - 0.1)
}

/*:
 ## 5.5 The same function many times

 Where in this landscape is the lowest point? There is not one. There are astronomically many, and none is
 better than the others. The reason needs no calculus: the units of a hidden layer have no names, and nobody
 can say which of two is the first.
 */
notebook.section("5.5", "The same function many times") { page in
  //: Take a small network with one input, $M = 4$ tanh units and one output, trained to follow a wave:
  //: $\hat y = \sum_m v_m \tanh(w_m x + b_m) + c$. We keep its weights in a structure of our own, because we
  //: are going to shuffle them.
  struct Units { var (w, b, v): ([Double], [Double], [Double]) }
  let x = Tensor.linspace(-3, 3, 61).unsqueeze(1)
  let y = (2 * x).sin() + 0.3 * x
  let model = Sequential(Linear(1, 4), Tanh(), Linear(4, 1))

  //: It learns with Adam, on 61 points of the wave. How well does not matter much, since every twin will do
  //: exactly as well; but it should have learned something, so that there is something to lose.
  let optimizer = Adam(model.parameters(), lr: 0.02)
  for _ in 0..<page.scale(quick: 1000, standard: 2000) {
    optimizer.zeroGrad()
    mseLoss(model(x), y).backward()
    optimizer.step()
  }

  //: The output, from such a structure, at all 61 places. It is written out once more, from lists of numbers,
  //: and so has to be compared with the network's own output before we rely on it. The bias $c$ of the output
  //: belongs to no unit and stays where it is.
  let p = model.parameters().map { $0.detach().toArray(of: Double.self) }
  func output(_ u: Units) -> Tensor {
    let hidden = linear(x, Tensor(u.w, shape: [u.w.count, 1]), Tensor(u.b)).tanh()
    return linear(hidden, Tensor(u.v, shape: [1, u.v.count]), Tensor(p[3]))
  }
  let trained = Units(w: p[0], b: p[1], v: p[2])
  page.show("mean squared error", mseLoss(output(trained), y).item(), digits: 4)
  page.claim("the structure is the network", output(trained), equals: noGrad { model(x) }, within: 1e-5)

  /*:
   Now give the hidden units other numbers: the third becomes the first, and so on, with all that belongs to
   them. The output is a sum over the units, and a sum does not care for order. There are $M!$ orders. Or
   turn a unit's sign round. Since $\tanh(-z) = -\tanh(z)$, minus signs on its $w$ and $b$ and on its $v$
   cancel. Every unit can be turned or not, in $2^M$ ways.
   */
  func rearranged(_ u: Units, order: [Int], turned: [Bool]) -> Units {
    func pick(_ values: [Double]) -> [Double] { order.map { turned[$0] ? -values[$0] : values[$0] } }
    return Units(w: pick(u.w), b: pick(u.b), v: pick(u.v))
  }
  func orders(_ items: [Int]) -> [[Int]] {
    items.isEmpty ? [[]] : items.flatMap { i in orders(items.filter { $0 != i }).map { [i] + $0 } }
  }

  //: For four units these are $4! \cdot 2^4 = 384$ networks. We make them all, and compare what they compute.
  let all = orders([0, 1, 2, 3]).flatMap { order in
    (0..<16).map { bits in
      rearranged(trained, order: order, turned: (0..<4).map { bits & (1 << $0) != 0 })
    }
  }

  //: How far apart are their outputs, at worst? Only the order of additions has changed, so no more than
  //: rounding may be left. And are they really all different, as lists of weights? A `Set` counts equal ones
  //: once.
  let reference = output(trained)
  let difference = all.map { (output($0) - reference).abs().max().item() }.max()!
  page.show("networks", all.count)
  page.show("largest difference of outputs", difference)
  page.claim("4! · 2⁴", all.count, equals: 384)
  page.claim("all with different weights", Set(all.map { $0.w + $0.b + $0.v }).count, equals: 384)
  page.claim("and the same function", difference, isAtMost: 1e-5)

  //: For the 64 units of our classifiers the number has more than a hundred digits. Nobody can make them all,
  //: but one can count: its logarithm is $\ln M! + M \ln 2$, and `lgamma(M + 1)` is $\ln M!$. Divided by
  //: $\ln 10$ it becomes the logarithm to base 10. That is 108 and a bit, so the number has 109 digits, as many
  //: as 10¹⁰⁸. (With ReLU the sign cannot be turned, but the orders alone are still far too many.)
  let power = (lgamma(65.0) + 64 * Foundation.log(2.0)) / ln10
  page.show("log₁₀ of 64! · 2⁶⁴", power, digits: 1)
  page.claim("digits of 64! · 2⁶⁴", Int(power) + 1, equals: 109)

  /*:
   So every minimum has its twins, everywhere in the landscape, and between them the ground rises. Walk on a
   straight line from our network to one of its twins, that is, average the two with weights $1 - t$ and $t$. At
   both ends stands the same good function. On the way it falls apart:
   */
  let twin = rearranged(trained, order: [1, 2, 3, 0], turned: [true, false, true, false])
  func between(_ t: Double) -> Units {
    func mix(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { (1 - t) * $0 + t * $1 } }
    return Units(w: mix(trained.w, twin.w), b: mix(trained.b, twin.b), v: mix(trained.v, twin.v))
  }

  //: Fifty-one places on that line. At each of them a network is put together from the mixed numbers and
  //: asked for the whole wave:
  let shares = Array(stride(from: 0.0, through: 1, by: 0.02))
  let ridge = shares.map { mseLoss(output(between($0)), y).item() }
  page.figure("between-twins", ridgeFigure(shares, ridge))
  page.show(
    "loss", [ridge[0], ridge.max()!, ridge.last!], digits: 4, note: "here, on the ridge, at the twin")
  page.claim("there is a ridge between", ridge.max()!, isAtLeast: 5 * ridge[0] + 0.05)

  /*:
   The reason is plain. In the one network the first unit makes, say, the left flank of the wave, in its twin
   another one. The mean of two units with different tasks does neither task.

   Two things follow. One need not look for *the* minimum, since any of its twins will do. And one must not
   average the weights of two networks that were trained apart, in the hope of a better third.
   */
}

/*:
 ## 5.6 Babysitting a run

 A training run speaks through a few numbers. This section is a routine for listening: what to look at before
 the first step, in the first minute, and afterwards. Each check takes seconds, and together they find most of
 what can go wrong before an hour is wasted.
 */
notebook.section("5.6", "Babysitting a run") { page in
  let (data, test) = try clothes()
  func fresh() -> Sequential { tower(depth: 2, width: 64, { ReLU() }) }

  /*:
   ### Before the first step: the loss you can predict

   A network that knows nothing gives each of ten classes a tenth, and so costs
   $-\ln \frac{1}{10} = \ln 10 = 2.303$. A fresh network should begin close to that. If it begins at 30, its
   logits are far too large for somebody who knows nothing. Here it is with pixels from 0 to 255, which
   somebody forgot to scale:
   */
  func firstLoss(_ x: Tensor) -> Double { noGrad { crossEntropy(fresh()(x), data.y[0..<500]).item() } }
  let firstLosses = (0..<5).map { _ in firstLoss(data.x[0..<500]) }
  let unscaled = (0..<5).map { _ in
    firstLoss((data.x[0..<500] - data.x.min()) * 255 / (data.x.max() - data.x.min()))
  }
  page.show("five fresh networks", firstLosses, digits: 3, note: "ln 10 = 2.303")
  page.show("pixels to 255", unscaled, digits: 1)
  page.claim("close to ln 10", firstLosses, equals: Array(repeating: ln10, count: 5), within: 0.25)
  page.claim("unscaled: far from it", unscaled, isAtLeast: 3)

  //: The second prediction: **regularization**, here a penalty of $\frac{\lambda}{2} \sum \theta^2$ on the
  //: size of the weights (chapter 6), can only *raise* the loss of a given network, and by exactly that
  //: amount. If it falls, or if nothing happens, the penalty is not connected to what you think.
  let model = fresh()
  let plain = noGrad { crossEntropy(model(data.x), data.y).item() }
  let penalty = noGrad { l2Penalty(model.parameters()).item() }

  //: `l2Penalty` is the half sum of squares over all parameters. Its gradient is $\theta$, so that it does
  //: what weight decay does. We compute the loss of one and the same network with four strengths, from none
  //: to far too much; no step is taken in between.
  let penalized = [0, 0.01, 0.1, 1].map { strength in
    noGrad { (crossEntropy(model(data.x), data.y) + strength * l2Penalty(model.parameters())).item() }
  }
  page.show("½ Σ θ²", penalty, digits: 3)
  page.show("loss", penalized, digits: 3, note: "λ = 0, 0.01, 0.1, 1")
  page.claim(
    "it rises by λ times that", penalized, equals: [0, 0.01, 0.1, 1].map { plain + $0 * penalty },
    within: 1e-4)

  /*:
   ### In the first minute: over-fit twenty examples

   Take twenty examples, switch all regularization off, and train until the network knows them by heart. A
   network with thousands of parameters must be able to: 100 % and a loss near 0. If it does not, there is a
   mistake in the model, the loss or the data, and no amount of computing will help.
   */
  let twenty: Pictures = (data.x[0..<20], data.y[0..<20])
  func memorize(_ model: Module, _ examples: Pictures) -> (loss: Double, accuracy: Double) {
    let optimizer = Adam(model.parameters(), lr: 0.01)
    for _ in 0..<100 {
      optimizer.zeroGrad()
      crossEntropy(model(examples.x), examples.y).backward()
      optimizer.step()
    }
    return noGrad {
      (crossEntropy(model(examples.x), examples.y).item(), accuracy(model(examples.x), examples.y))
    }
  }

  //: A hundred steps with all twenty as one batch, so that nothing is left to chance. No other pictures are
  //: asked about: to know by heart is all that is wanted here, for once.
  let memorized = memorize(fresh(), twenty)
  page.show("twenty examples", [memorized.loss, memorized.accuracy], digits: 4, note: "loss, accuracy")
  page.claim("by heart", memorized.accuracy, equals: 1)
  page.claim("with hardly any loss", memorized.loss, isAtMost: 0.02)

  /*:
   And one with a mistake that is easily made: a softmax as the last layer (chapter 4). It may even get all
   twenty right, but its loss cannot come down, because the softmax keeps its "logits" between 0 and 1. The
   best it could ever give is 1 for the right class and 0 for the nine others, and that costs
   $-\ln \frac{e}{e + 9} = \ln(e + 9) - 1$:
   */
  let mistaken = memorize(Sequential(fresh(), Softmax(dim: 1)), twenty)
  page.show("with a second softmax", mistaken.loss, digits: 3)
  page.show("no less than", log(exp(1.0) + 9) - 1, digits: 3)
  page.claim("the check has found it: above the other by", mistaken.loss - memorized.loss, isAtLeast: 1.4)

  /*:
   ### Find the order of magnitude

   Now the learning rate, by powers of ten. If the loss hardly moves, the rate is too low. If it becomes
   larger than **three times** what it was at the start, the run has exploded: the rate is too high, and you may
   stop it at once.
   */
  func explosion(_ losses: [Double]) -> Int? { losses.firstIndex { $0 > 3 * losses[0] } }
  let powers: [Double] = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100]
  let probeSteps = page.scale(quick: 60, standard: 150)
  let probes = powers.map { rate in
    manualSeed(seed)
    let model = fresh()
    return train(model, SGD(model.parameters(), lr: rate), on: data, steps: probeSteps)
  }

  //: The verdict in words. An exploded run may be alive at its end, at a loss near $\ln 10$, but it has
  //: destroyed itself all the same. From row to row the rate is ten times as large; see how few rows lie
  //: between one that hardly moves and one that has exploded.
  func verdict(_ losses: [Double]) -> String {
    if let step = explosion(losses) { return "exploded at step \(step)" }
    let share = losses.final / losses[0]
    return share > 0.9 ? "hardly moves" : share > 0.5 ? "slow, or unsteady" : "learns"
  }
  let probeRows: [[any Showable]] = zip(powers, probes).map {
    [String(format: "%g", $0), $1[0], $1.final.isFinite ? $1.final.shown(digits: 3) : "∞", verdict($1)]
  }
  page.show("after \(probeSteps) steps", Table(["rate", "first", "last", ""], probeRows), digits: 3)
  page.claim("0.00001 hardly moves", verdict(probes[0]) == "hardly moves")
  page.claim("0.1 learns", verdict(probes[4]) == "learns")
  page.claim("100 has exploded", explosion(probes[7]) != nil)

  /*:
   ### Coarse to fine

   Several settings at once, say the learning rate and the strength $\lambda$ of weight decay, are searched **at
   random** and **in log space**. In log space, because both act by their ratio: from 0.001 to 0.01 is as far as
   from 0.1 to 1. At random, because on a grid of 5 × 5 the setting that matters more would be tried at only five
   values; 25 random points try 25.
   */
  let search = RandomSearch(["lr": 1e-4...10, "weight decay": 1e-6...1])
  let settings = search.draw()
  page.show("for example", [settings["lr"]!, settings["weight decay"]!])
  let pictures: Pictures = (data.x[0..<4000], data.y[0..<4000])
  let validation: Pictures = (data.x[4000...], data.y[4000...])

  //: A trial trains briefly and is scored on pictures that it has not seen. The trials run on all cores at the
  //: same time. Each begins with the same random numbers, from a generator of its own, so that they differ in
  //: their settings alone, and nothing depends on which of them is finished first.
  let trialSteps = page.scale(quick: 60, standard: 150)
  let trial: @Sendable ([String: Double]) -> Double = { settings in
    let model = tower(depth: 2, width: 64, { ReLU() })
    let optimizer = SGD(
      model.parameters(), lr: settings["lr"]!, momentum: 0.9, weightDecay: settings["weight decay"]!)
    let losses = train(model, optimizer, on: pictures, steps: trialSteps)
    guard losses.last!.isFinite else { return .infinity }
    return noGrad { crossEntropy(model(validation.x), validation.y).item() }
  }

  //: First a coarse search over five and six powers of ten. Then the ranges are narrowed to where the best
  //: sixth of the trials was, and searched again. So what is given up are the regions in which none of the
  //: best trials stood.
  let trials = page.scale(quick: 24, standard: 60)
  let coarse = search.run(trials: trials, score: trial)
  let narrow = search.narrowed(to: coarse.best(trials / 6))
  let fine = narrow.run(trials: trials, score: trial)
  func range(_ name: String, _ search: RandomSearch) -> String {
    String(format: "%.1e to %.1e", search.ranges[name]!.lowerBound, search.ranges[name]!.upperBound)
  }
  page.show("rate", range("lr", search), note: "then \(range("lr", narrow))")
  page.show("weight decay", range("weight decay", search), note: "then \(range("weight decay", narrow))")

  /*:
   How much better is the second search? Its best trial may have been lucky, so compare the middle ones, the
   medians. In the figure every dot is a network. The good ones stand in an upright band: the rate must be
   right to within a power of ten or so, and as to weight decay, anything will do as long as it is not too
   much.
   */
  func middle(_ trials: [RandomSearch.Trial]) -> Double { trials.map(\.score).sorted()[trials.count / 2] }

  //: The median of all trials, and the best of them. The two best are often close together: the coarse search
  //: has already found something good. What the fine search adds is that most of its networks are good, so
  //: that the best one no longer looks like an accident.
  page.show("median loss", [middle(coarse), middle(fine)], digits: 3, note: "coarse, fine")
  page.show("best loss", [coarse.best(1)[0].score, fine.best(1)[0].score], digits: 3)
  page.figure("search", searchFigure(coarse, fine, narrow))
  page.claim("the fine search is better on the whole", middle(fine), isAtMost: middle(coarse))
  page.claim("the best rate lies well inside", fine.best(1)[0].settings["lr"]!, isBetween: 1e-3...1)

  //: And the promise that order does not matter. Two trials that run at the same time may finish in either
  //: order, and again in another one the next time. Run twice, they have to give the same two losses, to the
  //: last digit:
  let again = search.run(trials: 2, generator: Generator(seed: 5), score: trial)
  page.claim(
    "the same trials again give the same losses",
    search.run(trials: 2, generator: Generator(seed: 5), score: trial).map(\.score),
    equals: again.map(\.score))

  /*:
   ### While it runs: the size of the updates

   How far does one step move the weights, relative to how large they are? The ratio
   $\lVert \Delta \theta \rVert / \lVert \theta \rVert$ should be about **one in a thousand**. At one in a
   million the weights will be the same tomorrow. At one in one they are replaced at every step, and nothing
   is kept. `updates(of:during:)` measures it around a step, for every parameter.
   */
  func watch(_ rate: Double) -> (ratios: [Double], model: Sequential) {
    manualSeed(seed)
    let model = fresh()
    let optimizer = SGD(model.parameters(), lr: rate)
    var ratios: [Double] = []
    for step in 0..<probeSteps {
      let start = 64 * (step % (data.x.shape[0] / 64))
      let rows = start..<start + 64
      optimizer.zeroGrad()
      crossEntropy(model(data.x[rows]), data.y[rows]).backward()
      ratios.append(updates(of: model) { optimizer.step() }[0].ratio)
    }
    return (ratios, model)
  }

  //: For the first weight matrix and four rates. Of three of them the table above has told us what to expect;
  //: the fourth, 3, lies between its 1 and its 10. (The batches are the pictures in their order, 64 at a time.)
  //: Each row has the ratio's median over the run and its largest value; where these two are far apart, the run
  //: was not steady.
  let watchedRates = [1e-4, 1e-2, 1e-1, 3.0]
  let watched = watchedRates.map(watch)
  func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
  let watchedRows: [[any Showable]] = zip(watchedRates, watched).map {
    ["\($0)", String(format: "%.1e", median($1.ratios)), String(format: "%.1e", $1.ratios.max()!)]
  }
  page.show("‖Δθ‖ / ‖θ‖", Table(["rate", "median", "largest"], watchedRows))

  //: The dashed line in the figure is one in a thousand. A healthy curve lies within a power of ten of it and
  //: is steady. Look at what that of rate 3 does instead.
  page.figure("update-ratio", updateFigure(zip(watchedRates, watched).map { ("rate \($0)", $1.ratios) }))
  page.claim("0.0001: far too little", median(watched[0].ratios), isAtMost: 1e-4)
  page.claim("0.01: one in a thousand or a few", median(watched[1].ratios), isBetween: 5e-4...1e-2)
  page.claim("3: the weights are thrown about", watched[3].ratios.max()!, isAtLeast: 1)

  /*:
   A rule of thumb is good to within a power of ten: 0.1, at which this small network learned fastest in so
   short a time, is above it. And why does the curve of rate 3 leap and fall? The weights that its first steps
   have thrown about have switched units off for *every* picture. They are **dead** (chapter 2), and a
   recorder counts them.
   */
  func deadShare(_ model: Sequential) -> Double {
    let recorder = LayerRecorder(model, where: { $0 is ReLU })
    noGrad { _ = model(test.x) }
    return recorder.layers[0].deadShare
  }
  let dead = watched.map { deadShare($0.model) }
  page.show("share of dead units", dead, digits: 2, note: "by rate: 0.0001, 0.01, 0.1, 3")
  page.claim("at 3 many have died", dead[3], isAtLeast: 0.15)
  page.claim("at the others hardly any", Array(dead[..<3]), isAtMost: 0.05)

  /*:
   ### Afterwards: a gallery of loss curves

   Nine real runs, of which eight have something wrong with them. With a little practice one look tells which.
   Blue is the loss on the training batches. Where it matters, orange is the loss on pictures not seen in
   training.
   */
  let length = page.scale(quick: 120, standard: 300)
  func gallery(
    _ name: String, on examples: Pictures? = nil, batch: Int = 64, depth: Int = 2, tanh: Bool = false,
    shuffled: Bool = true, validated: Bool = false, _ make: ([Tensor]) -> Optimizer
  ) -> Exhibit {
    manualSeed(seed)
    let model = tower(depth: depth, width: 64, { tanh ? Tanh() : ReLU() })
    var exhibit = Exhibit(name: name)
    exhibit.losses = train(
      model, make(model.parameters()), on: examples ?? data,
      afterStep: {
        guard validated else { return }
        exhibit.validation.append(noGrad { crossEntropy(model(test.x[0..<500]), test.y[0..<500]).item() })
      },
      steps: length, batch: batch, shuffled: shuffled)
    return exhibit
  }

  //: An `Exhibit` (in Figures.swift) is a name and two lists of losses. Three runs need other data: the
  //: labels of other pictures, only a hundred pictures, and pictures sorted by class, as a data set on a disk
  //: often is. All pictures stay what they are; only the labels, the number or the order are changed.
  let shifted: Pictures = (data.x, data.y[Tensor.randperm(6000)])
  let hundred: Pictures = (data.x[0..<100], data.y[0..<100])
  let order = data.y.sort().indices
  let sorted: Pictures = (data.x[order], data.y[order])

  //: One is as it should be, and eight have one mistake each. Each line is the mistake: compare it with the
  //: first, and see how little there is to be read in a program of what its loss curve shows at once. (Two of
  //: them need more than one change. A bad start harms only a deep network, here ten layers of tanh instead of
  //: two with ReLU; and the batches of 2 have a lower rate.)
  let exhibits = [
    gallery("as it should be", validated: true) { SGD($0, lr: 0.1) },
    gallery("rate too low") { SGD($0, lr: 0.001) },
    gallery("rate too high") { SGD($0, lr: 1) },
    gallery("exploded") { SGD($0, lr: 30) },
    gallery("bad start, ten tanh layers", depth: 10, tanh: true) { SGD($0, lr: 0.1) },
    gallery("few examples: over-fitted", on: hundred, validated: true) { SGD($0, lr: 0.1) },
    gallery("batches of 2", batch: 2) { SGD($0, lr: 0.03) },
    gallery("wrong labels", on: shifted, validated: true) { SGD($0, lr: 0.1) },
    gallery("sorted by class", on: sorted, shuffled: false) { SGD($0, lr: 0.1) },
  ]
  page.figure("gallery", galleryFigure(exhibits))

  /*:
   - **As it should be**: a steep beginning, then a long slow descent, validation close by.
   - **Rate too low**: nearly a straight line. **Too high**: it falls a little and then jitters on a high level.
     **Exploded**: three times the start, or no number at all.
   - **Bad start**: a plain at $\ln 10$, then a sudden fall (section 5.1).
   - **Over-fitted**: training goes to zero, validation turns round and rises (chapter 6).
   - **Small batches**: noise that hides the trend; look at averages.
   - **Wrong labels**: there is nothing to learn, so it stays at $\ln 10$.
   - **Sorted**: waves. At each new class the network is caught by surprise, learns to say only that, and
     forgets the others.
   */
  func losses(_ i: Int) -> [Double] { exhibits[i].losses }
  let good = losses(0).final
  page.claim("too low: still far up", losses(1).final, isAtLeast: good + 0.4)
  page.claim("too high: above the good run", losses(2).final, isAtLeast: good + 0.2)
  page.claim("exploded: three times the start", explosion(losses(3)) != nil)

  //: The plain of the bad start, and the two curves of the over-fitted network: that its validation loss has
  //: been lower than it is at the end, and that it lies far above the loss on its hundred training pictures.
  page.claim("bad start: on the plain at first", Array(losses(4)[5..<25]).mean, equals: ln10, within: 0.1)
  let validationOfFew = exhibits[5].validation
  page.claim(
    "over-fitted: validation has turned", validationOfFew.last!, isAtLeast: validationOfFew.min()! + 0.01)
  page.claim("over-fitted: far above training", validationOfFew.last!, isAtLeast: losses(5).final + 0.4)

  //: The jitter of a curve is the mean size of its jumps from one batch to the next, near the end. With two
  //: pictures in a batch it matters very much which two; the mean of 64 is steadier. The last two claims are
  //: about the wrong labels and the waves.
  func jitter(_ losses: [Double]) -> Double {
    let steps = zip(losses, losses.dropFirst()).map { abs($1 - $0) }
    return Array(steps.suffix(60)).mean
  }
  page.claim("batches of 2: at least twice the jitter", jitter(losses(6)), isAtLeast: 2 * jitter(losses(0)))
  page.claim("wrong labels: nothing learned that holds", exhibits[7].validation.last!, isAtLeast: 2.1)
  page.claim("sorted: surprised again and again", losses(8).suffix(100).max()!, isAtLeast: 3)

  //: That is the routine: predict the first loss, over-fit twenty examples, find the order of magnitude,
  //: search from coarse to fine, watch the updates, read the curve. Chapter 6 takes up the orange lines: a
  //: network that learns is not yet one that has learned something of use.
}

notebook.run()
