/*:
 # Chapter 6: Regularization

 Chapter 5 made networks learn. Now they learn too well: give them a thousand pictures and they know every one
 by heart, and are no wiser about the next. What we want is not a small loss on the examples we have but on
 those we shall meet. The difference is called **generalization**, and everything that is done for its sake, be
 it to the loss, the network, the data or the way of training, is called **regularization**.

 There is a lot of it, and each section has one: stopping in time, penalties on weights, dropout, altered
 pictures, flat minima, and taking weights away. At the end they go into a recipe, and the recipe is put to the
 test.

 Effects here are often small, a point or two of accuracy, and chance is of the same size. So wherever it
 matters we repeat: same data, same budget, several random starts, and the spread beside the mean.
 */

import DeepLearning
import Foundation

let notebook = Notebook("chapter6-regularization", title: "Chapter 6: Regularization")

/*:
 The pictures are Fashion-MNIST again, each also as a row of 784 pixels. Regularization is about having few
 examples: in the short time that we train here, a network that may look at all sixty thousand has no occasion
 to learn any of them by heart. So most sections draw only a thousand or so, and ask the whole test set what
 has come of it.
 */
let clothes = notebook.once {
  let folder = notebook.options.dataDirectory
  let train = try FashionMNIST.orStrokeDigits(root: folder, train: true)
  let test = try FashionMNIST.orStrokeDigits(root: folder, train: false)
  return (train: train, test: test, pixels: train.images.flatten(1), testPixels: test.images.flatten(1))
}

@MainActor func draw(_ count: Int) throws -> (x: Tensor, y: Tensor) {
  let (train, _, pixels, _) = try clothes()
  let picked = Tensor.randperm(train.count)[..<count]
  return (pixels[picked], train.targets[picked])
}

/*:
 A random order of all positions, cut off after `count`, picks the examples: no picture twice. The networks
 are multilayer perceptrons, given by the widths of their hidden layers: `network(128)` has one of 128 units,
 `network(256, 256)` has two. `Flatten` in front takes pictures and rows alike. `dropout` can wait until
 section 6.4; at 0 there is none.
 */
func network(_ hidden: Int..., dropout p: Double = 0) -> Sequential {
  var layers: [Module] = [Flatten()]
  var inputs = 784
  for units in hidden {
    layers += [Linear(inputs, units), ReLU()] + (p > 0 ? [Dropout(p)] : [])
    inputs = units
  }
  return Sequential(layers + [Linear(inputs, 10)])
}

/*:
 The training loop is chapter 4's: for each batch clear the gradients, compute the loss, go backward, take a
 step. It leaves it to its caller which model, which optimizer and which data. Nothing in it regularizes, and
 mostly nothing has to: what is done against over-fitting can be done to the three things that it is given.
 */
func fit(
  _ model: Module, _ optimizer: Optimizer, _ loader: DataLoader<(Tensor, Tensor)>, epochs: Int
) {
  for _ in 0..<epochs {
    for (x, y) in loader {
      optimizer.zeroGrad()
      crossEntropy(model(x), y).backward()
      optimizer.step()
    }
  }
}

//: Testing is as it was there, too: in `eval()`, without recording. It gives two numbers, because they need
//: not agree. Accuracy counts mistakes; the loss asks besides how sure the network was of what it said.
//: Afterwards the model is back in training mode, so that a test in the middle of training does no harm.
func evaluate(_ model: Module, _ x: Tensor, _ y: Tensor) -> (accuracy: Double, loss: Double) {
  model.eval()
  defer { model.train() }
  let logits = noGrad { model(x) }
  return (accuracy(logits, y), crossEntropy(logits, y).item())
}

/*:
 ## 6.1 Under-fitting and over-fitting

 How can a model learn too much? Let us watch it where everything can be seen: one number in, one number out.
 The world is the curve $y = \sin 4x$, and every measurement has an error with a standard deviation of 0.25.
 The model is not told which part of a number is world and which is error. It gets the sum, and takes all of
 it for the truth.
 */
notebook.section("6.1", "Under-fitting and over-fitting") { page in
  //: We measure at twenty places, evenly spaced from −1 to 1. Each call draws errors of its own, so that two
  //: sets of measurements have the curve in common and nothing else. (`float64`, because soon there will be
  //: polynomials of high degree, in which digits get lost.)
  func measure(_ count: Int) -> (x: Tensor, y: Tensor) {
    let (x, y) = GeneratedData.curve(count: count, in: -1...1, noise: 0.25) { sin(4 * $0) }
    return (x.to(.float64), y.to(.float64))
  }
  let training = measure(20)
  page.show("training set", "x \(training.x.shape), y \(training.y.shape)")

  /*:
   The model is a polynomial, and its degree is the knob that we turn: degree 1 is a straight line, degree 15
   has 16 coefficients and can pass through nearly anything. How much a model can bend is its **capacity**. (The
   columns below are Chebyshev's polynomials, $T_{k+1} = 2 x T_k - T_{k-1}$. They make the same curves as powers
   of x, without large numbers that cancel.)
   */
  func polynomials(_ x: Tensor, degree: Int) -> Tensor {
    var columns = [Tensor.ones(like: x), x]
    for k in stride(from: 2, through: degree, by: 1) {
      columns.append(2 * x * columns[k - 1] - columns[k - 2])
    }
    return cat(Array(columns[...degree]), dim: 1)
  }

  //: To fit is to choose the coefficients, a column $w$ of degree + 1 numbers, so that the mean squared error
  //: on the twenty points is as small as it can be. L-BFGS (chapter 5) finds them. It is at its best here:
  //: few parameters, a smooth loss, and the same twenty points in every gradient, so that nothing is noisy.
  func fitted(degree: Int) -> Tensor {
    let features = polynomials(training.x, degree: degree)
    let w = Tensor.zeros(degree + 1, 1, dtype: .float64, requiresGrad: true)
    let optimizer = LBFGS([w], maxIter: 500, lineSearch: .strongWolfe)
    optimizer.step {
      optimizer.zeroGrad()
      let loss = mseLoss(features.matmul(w), training.y)
      loss.backward()
      return loss
    }
    return w.detach()
  }

  /*:
   Which degree is right? The training set must not be asked, for to it more is always better. So we measure two
   more sets. The **validation set** is there to choose with; the **test set** is locked away until everything
   has been chosen.
   */
  let (validation, test) = (measure(101), measure(1001))
  let fits = (0...15).map { fitted(degree: $0) }

  //: Now there is a fit for each degree from 0 to 15. Its error on a set is the mean squared distance between
  //: what it says and what was measured. Do not expect 0 on new measurements: even the true curve misses each
  //: of them by its error, and those squares have a mean of 0.0625, the variance of the noise.
  func errors(_ set: (x: Tensor, y: Tensor)) -> [Double] {
    fits.indices.map { mseLoss(polynomials(set.x, degree: $0).matmul(fits[$0]), set.y).item() }
  }
  let (onTraining, onValidation) = (errors(training), errors(validation))

  /*:
   The degree with the smallest error on the validation set is chosen. The training set could only ever choose
   the largest: every polynomial of degree 4 is also one of degree 5, whose last coefficient is 0, so on its
   own points the higher degree cannot do worse. Only when the choice has been made do we look at the test
   set.
   */
  let chosen = onValidation.indices.min { onValidation[$0] < onValidation[$1] }!
  let onTest = errors(test)
  page.show("chosen degree", chosen)

  /*:
   The first figure has three of the sixteen fits; look at what they do *between* the points. The second has
   the errors of all, on a logarithmic scale. The line for training goes down all the way. That for validation
   has a valley: it falls while a further degree helps to follow the curve, and rises when there is only noise
   left to follow.
   */
  page.figure(
    "degrees", degreeFigure(training, fits: [1, chosen, 15].map { ($0, fits[$0]) }, basis: polynomials))
  page.figure("error-against-degree", capacityFigure(onTraining, onValidation, chosen: chosen))

  //: In numbers, for the straight line, for the degree chosen and for the largest. Read a row from left to
  //: right. Where the three numbers are of one size, what was learned holds elsewhere as well, be it much or
  //: little. Where the first is many times smaller than the others, it holds for twenty points only.
  let rows: [[any Showable]] = [1, chosen, 15].map { [$0, onTraining[$0], onValidation[$0], onTest[$0]] }
  page.show("mean squared error", Table(["degree", "training", "validation", "test"], rows), digits: 3)

  /*:
   The line is bad on all three: it has **under-fitted**, there is more in the data than it can say. Degree 15
   is the best of all on its own twenty points and worse than others between them: it has **over-fitted** and
   drawn the errors of measurement as if they were the world. In between, errors on new points come down to
   about the noise, whose variance is $0.25^2 = 0.0625$; on the average over new points no model gets below
   that.
   */
  page.claim(
    "the training error only falls", zip(onTraining, onTraining.dropFirst()).map { $1 - $0 }, isAtMost: 1e-3)
  page.claim("the line is bad even where it was trained", onTraining[1], isAtLeast: 0.15)
  page.claim("degree 15: error on new points over its own", onTest[15] / onTraining[15], isAtLeast: 2)
  page.claim("and over the best", onTest[15] / onTest[chosen], isAtLeast: 1)
  let ofTheWorld = mseLoss((4 * test.x).sin(), test.y).item()
  page.claim("the true curve's error is the noise's variance", ofTheWorld, equals: 0.0625, within: 0.015)
  page.claim("the chosen one comes near the noise", onTest[chosen], isBetween: 0.05...0.2)

  /*:
   ### Why a third set?

   The validation set has chosen, so is its error not the answer? No: the winner may owe part of its win to
   luck. The extreme case shows it. Two hundred "models" that answer at random are judged by the same hundred
   yes-or-no questions, and we pick the best.
   */
  let answers = Tensor.randint(0, 2, [100])
  let scores = (Tensor.randint(0, 2, [200, 100]) .== answers).to(.float32).mean(dim: 1)
  page.show("best of 200", scores.max().item(), note: "share of right answers, on the set that chose it")
  page.claim("better than chance, it seems", scores.max(), isAtLeast: 0.57)

  //: New questions end its luck. The winner had no knowledge that it could take along; of two hundred
  //: guessers one simply had to come out on top. Asked ten thousand other questions it is a guesser like any
  //: other:
  let later = (Tensor.randint(0, 2, [10_000]) .== Tensor.randint(0, 2, [10_000])).to(.float32).mean()
  page.show("on new questions", later.item())
  page.claim("which is guessing", later, equals: 0.5, within: 0.025)

  /*:
   The more you try, the more flattering the validation set becomes. The test set stays honest as long as
   nothing is chosen by it. That is the whole point of three sets: train on the first, choose by the second,
   report the third, once.

   ### More data

   The surest remedy for over-fitting is more examples. We train one network on 100 pictures, on 500, and so on
   up to all of them, always with the same number of updates, three times each with other pictures and another
   start. The test set never changes.
   */
  let (train, clothesTest, _, testPixels) = try clothes()
  let sizes = page.scale(
    quick: [100, 1000, 10_000], standard: [100, 500, 2500, 12_000, train.count])
  let runs = page.scale(quick: 2, standard: 3)
  let updates = page.scale(quick: 150, standard: 650, full: 5000)

  //: An update uses 64 examples drawn at random. Whoever has few examples sees each of them more often, and
  //: that is all the difference there is between the runs. Had we fixed the number of *epochs* instead, the
  //: large sets would have been trained for longer, too, and nobody could tell which of the two had helped.
  func learn(_ x: Tensor, _ y: Tensor) -> Sequential {
    let model = network(128)
    let optimizer = Adam(model.parameters(), lr: 1e-3)
    for _ in 0..<updates {
      let batch = Tensor.randint(0, y.count, [64])
      optimizer.zeroGrad()
      crossEntropy(model(x[batch]), y[batch]).backward()
      optimizer.step()
    }
    return model
  }

  //: For each size the accuracies of the three runs, on what was trained on and on the test set. (Of large
  //: training sets the first five thousand will do.) Several runs, because with a hundred pictures it makes a
  //: difference *which* hundred, and the mean of three depends less on that.
  let curves = try page.progress(sizes, "training").map { size in
    let results = try (0..<runs).map { _ in
      let (x, y) = try draw(size)
      let model = learn(x, y)
      let seen = min(size, 5000)
      return (
        evaluate(model, x[..<seen], y[..<seen]).accuracy,
        evaluate(model, testPixels, clothesTest.targets).accuracy
      )
    }
    return (training: Spread(results.map(\.0)), test: Spread(results.map(\.1)))
  }
  page.figure("accuracy-against-training-set-size", sizeFigure(sizes, curves))

  /*:
   A `Spread` is what we shall use throughout to report several runs: their mean and their standard deviation,
   which says how far a single run is from the mean as a rule. If two means are closer together than that, do
   not conclude anything from their order; with other random numbers it may be the other way round.
   */
  let table: [[any Showable]] = sizes.indices.map {
    [
      sizes[$0], "\(curves[$0].training)", "\(curves[$0].test)",
      curves[$0].training.mean - curves[$0].test.mean,
    ]
  }
  page.show("accuracy", Table(["examples", "training", "test", "gap"], table), digits: 3)
  page.show("examples drawn in a run", 64 * updates)

  //: The **generalization gap** is the difference between the two accuracies, what the network knows of its
  //: own examples over what it knows of others. It tells how much was learned by heart, and no more than
  //: that: a network that has learned nothing at all has a gap of 0, too.
  let gaps = curves.map { $0.training.mean - $0.test.mean }
  page.claim("a hundred: known by heart, the gap is", gaps[0], isAtLeast: 0.2)
  page.claim("many: the gap is", gaps.last!, isAtMost: 0.08)
  page.claim(
    "what they gained on the test set", curves.last!.test.mean - curves[0].test.mean,
    isAtLeast: page.scale(quick: 0.03, standard: 0.08))

  /*:
   Read the last rows: training accuracy has come down to meet the test, as what is true of very many pictures
   is nearly true of all. But look at the price, too: each row takes about five times the data of the one above.
   And the last of these steps helps the test set hardly at all. In the updates of a default run fewer examples are
   drawn than the last row has to offer, so that what is short there is time, not pictures; `--full` has more
   of it.

   When there are no more pictures to be had, something else must keep the network from learning by heart. The
   rest of this chapter is about that.
   */
}

/*:
 ## 6.2 Early stopping

 Chapter 2 saw it on half-moons: a network that over-fits was good once, some time before the end. So keep an
 eye on the validation loss and stop when it has stopped falling. Nothing could be simpler, and it even saves
 time.
 */
notebook.section("6.2", "Early stopping") { page in
  let count = page.scale(quick: 500, standard: 1000)
  let (x, y) = try draw(2 * count)
  let training = TensorDataset(x[..<count], y[..<count])
  let validation = (x: x[count...], y: y[count...])
  let epochs = page.scale(quick: 40, standard: 80)

  /*:
   A loss that was up for one epoch may be down again in the next, so we do not stop at once but allow for a
   number of epochs without improvement, the **patience**. And since we shall have gone too far by then, the
   weights at the best moment are kept: a copy is made whenever the loss is lower than ever before.

   ```swift
   if loss < best {
     best = loss
     bestWeights = model.stateDict().clone()
     waited = 0
   } else {
     waited += 1
   }
   ```

   `EarlyStopping` does this. (Its `minDelta` says by how much a loss must be lower to count.) Here is a run
   that heeds it, and one that does not. Both begin with the same seed, so they are the same run as far as the
   shorter one goes.
   */
  struct Run {
    let model = network(256)
    var stopping = EarlyStopping(patience: 5)
    var losses: [(training: Double, validation: Double)] = []
  }
  func run(stopsEarly: Bool) -> Run {
    manualSeed(page.options.seed)
    var run = Run()
    let optimizer = Adam(run.model.parameters(), lr: 1e-3)
    let loader = DataLoader(training, batchSize: 50, shuffle: true)
    for epoch in 1...epochs {
      fit(run.model, optimizer, loader, epochs: 1)

      //: After each epoch both losses are noted, and the validation loss is put to `shouldStop`. It answers
      //: true when patience has come to its end; the long run does not listen. The training loss has no vote.
      //: It goes on falling for as long as one likes, and would never say stop.
      let loss = evaluate(run.model, validation.x, validation.y).loss
      run.losses.append((evaluate(run.model, x[..<count], y[..<count]).loss, loss))
      if run.stopping.shouldStop(after: epoch, value: loss, of: run.model) && stopsEarly { break }
    }
    return run
  }

  //: The long run first. Its losses are those of every over-fitting network: one falls, the other turns. Then
  //: the run that stops. It draws the same start and the same batches from the same seed, so that up to its
  //: last epoch it must repeat the other one digit by digit:
  let long = run(stopsEarly: false)
  let stopped = run(stopsEarly: true)
  let best = stopped.stopping.best!
  let end = stopped.losses.count

  //: In the figure the first dashed line marks the best epoch, the second the one at which the other run was
  //: stopped. Left of the first both losses fall, on the whole: what is learned from some pictures helps with
  //: the others. Everything to the right of the second is only there because we wanted to see it.
  page.figure("early-stopping", stoppingFigure(long.losses, best: best.epoch, stop: end))
  page.show("epochs", [best.epoch, end, epochs], note: "best, stopped, had it gone on")
  page.claim("patience came to its end", end, equals: best.epoch + 5)
  page.claim("long before the last epoch", end, isAtMost: Double(epochs) - 5)
  page.claim(
    "it was the same run", stopped.losses.map(\.validation), equals: long.losses[..<end].map(\.validation))

  //: At the end of patience the network is already a little past its best. `restoreBest` takes it back, and
  //: the validation loss is then the lowest of the run, to the last digit. The call is easily forgotten, and
  //: nothing complains; one then goes on with a network that is five epochs past its best.
  let test = try clothes().test.targets
  let testPixels = try clothes().testPixels
  try stopped.stopping.restoreBest(of: stopped.model)
  page.claim("back at its best", evaluate(stopped.model, validation.x, validation.y).loss, equals: best.value)

  //: What has been gained? The validation set cannot say, for it has chosen the epoch, and may flatter it
  //: (section 6.1). The test set has had no part in any of this. We ask it about both networks, the one that
  //: was stopped and the one that was trained to the end:
  let (early, late) = (evaluate(stopped.model, testPixels, test), evaluate(long.model, testPixels, test))
  page.show("test loss", [early.loss, late.loss], digits: 3, note: "stopped in time, trained on")
  page.show("test accuracy", [early.accuracy, late.accuracy], digits: 3)
  page.claim(
    "the loss, trained on over stopped", late.loss / early.loss,
    isAtLeast: page.scale(quick: 1.02, standard: 1.3))
  page.claim("accuracies differ little", late.accuracy - early.accuracy, isBetween: -0.04...0.04)

  /*:
   The *loss* has been saved, by a lot; accuracy hardly knows the difference. Remember why from chapter 2: an
   over-fitted network makes about as many mistakes as before, but it becomes ever more certain of them. If all
   you need is the most probable class, that may not matter to you. If anybody relies on the probabilities, it
   does.

   Why does stopping regularize at all? In few steps of limited length weights cannot get far from their small
   random start, and small weights make smooth functions. That suggests a more direct way: to ask for small
   weights.
   */
}

/*:
 ## 6.3 Penalties on weights: L2 and L1

 A network that draws an island around a single point needs steep slopes for it, and steep slopes need large
 weights. So let large weights cost something. To the loss is added a **penalty**, which grows with the weights:

 $$\tilde E(\theta) = E(\theta) + \lambda \, \tfrac12 \lVert \theta \rVert_2^2 \qquad \text{or} \qquad
   \tilde E(\theta) = E(\theta) + \lambda \lVert \theta \rVert_1$$

 The first, with $\lVert \theta \rVert_2^2 = \sum_i \theta_i^2$, is called **L2 regularization**; the second,
 with $\lVert \theta \rVert_1 = \sum_i |\theta_i|$, **L1**. The number $\lambda$ says how much smallness is
 worth.
 */
notebook.section("6.3", "Penalties on weights: L2 and L1") { page in
  let theta = Tensor([3.0, -4.0], requiresGrad: true)
  page.show("½ ‖θ‖²", l2Penalty([theta]), note: "½ (9 + 16)")
  page.show("‖θ‖₁", l1Penalty([theta]), note: "3 + 4")
  page.claim("12.5 and 7", [l2Penalty([theta]).item(), l1Penalty([theta]).item()], equals: [12.5, 7])

  //: What matters is the slope, for that is what a step follows. The slope of ½θ² is θ: a weight is pulled
  //: toward 0 by a force in proportion to itself, as by a spring, which hardly pulls any more when it is
  //: nearly slack. That of |θ| is ±1: the same pull for all, as of a load on a string, down to 0.
  l2Penalty([theta]).backward()
  page.show("L2 pulls by", theta.grad!)
  theta.zeroGrad()
  l1Penalty([theta]).backward()
  page.show("L1 pulls by", theta.grad!)
  page.claim("by the sign alone", theta.grad!, equals: [1.0, -1])

  /*:
   ### By hand, and weight decay

   With the L2 penalty gradient descent becomes

   $$\theta \leftarrow \theta - \eta \left( \frac{\partial E}{\partial \theta} + \lambda \theta \right)
     = (1 - \eta\lambda) \, \theta - \eta \, \frac{\partial E}{\partial \theta}$$

   In every step a small part of each weight is lost, hence the other name, **weight decay**. Optimizers have it
   built in. Do the two ways agree? The same network, a hundred steps each, with momentum to make it harder:
   */
  let (x, y) = try draw(200)

  /*:
   The optimizer is made by a closure, from the parameters of a network that starts from the same seed each
   time. So one call can put the penalty into the loss and leave the optimizer plain, another can leave the
   loss plain and let the optimizer do it, and if their weights differ in the end, it is for this reason
   alone.
   */
  func hundredSteps(
    penalty: Double, _ optimizer: ([Tensor]) -> Optimizer
  ) -> [Tensor] {
    manualSeed(page.options.seed)
    let model = network(32)
    let optimizer = optimizer(model.parameters())
    for _ in 0..<100 {
      optimizer.zeroGrad()
      (crossEntropy(model(x), y) + penalty * l2Penalty(model.parameters())).backward()
      optimizer.step()
    }
    return model.parameters()
  }

  //: How far apart are two results? That is the largest difference between any of the 25,450 parameters of
  //: one and its counterpart in the other. We take the largest and not the mean, because among so many a mean
  //: would hide the one that is wrong:
  func distance(_ a: [Tensor], _ b: [Tensor]) -> Double {
    noGrad { zip(a, b).map { ($0 - $1).abs().max().item() }.max()! }
  }
  let byHand = hundredSteps(penalty: 0.01) { SGD($0, lr: 0.05, momentum: 0.9) }
  let builtIn = hundredSteps(penalty: 0) { SGD($0, lr: 0.05, momentum: 0.9, weightDecay: 0.01) }
  page.show("largest difference", distance(byHand, builtIn), note: "by hand, built in")
  page.claim("parameters", byHand.reduce(0) { $0 + $1.count }, equals: 25_450)
  page.claim("equal but for rounding", distance(byHand, builtIn), isAtMost: 1e-6)

  //: Is the test worth anything? If $\lambda$ were so small as to do nothing, the two ways would agree just
  //: as well. So a third network goes its hundred steps without a penalty. Its weights must come out
  //: differently, by far more than rounding:
  let without = hundredSteps(penalty: 0) { SGD($0, lr: 0.05, momentum: 0.9) }
  page.claim("without any, the weights are others", distance(without, builtIn), isAtLeast: 0.01)

  /*:
   > **Mind the slip.** This holds for SGD. Adam divides each step by the size of recent gradients, and a
   > penalty in the loss is part of the gradient, so that it is divided, too: weights with large gradients
   > hardly decay. `AdamW` takes $\eta\lambda\theta$ off directly, as in the formula above. Under Adam a penalty
   > and decay are two different things:
   */
  let adam = hundredSteps(penalty: 0.01) { Adam($0, lr: 1e-3) }
  let adamW = hundredSteps(penalty: 0) { AdamW($0, lr: 1e-3, weightDecay: 0.01) }
  page.show("Adam and AdamW", distance(adam, adamW), note: "largest difference, same λ")
  page.claim("not the same", distance(adam, adamW), isAtLeast: 1e-3)

  /*:
   ### The geometry of two weights

   With two weights one can see what the penalties do. Take a loss that is a bowl with its lowest point at
   $w^* = (1.5, 0.5)$, steep in one direction and shallow in the other:

   $$E(w) = \tfrac12 (w - w^*)^\top A \, (w - w^*), \qquad A = \begin{pmatrix} 1 & 0.3 \\ 0.3 & 0.6 \end{pmatrix}$$

   Its slope is $A (w - w^*)$, so without a penalty training ends at $w^*$. With one it will end somewhere
   between 0 and there; the question is where, and whether the two penalties agree.
   */
  let a = Tensor([[1.0, 0.3], [0.3, 0.6]])
  let lowest = Tensor([1.5, 0.5])
  func bowl(_ w: Tensor) -> Tensor { 0.5 * (w - lowest).dot(a.matmul(w - lowest)) }

  //: With the L2 penalty, gradient descent from 0 comes to rest where both slopes cancel:
  //: $A (w - w^*) = -\lambda w$. There the bowl pulls the weights on toward its lowest point just as hard as
  //: the penalty pulls them back toward 0.
  let lambda = 0.5
  let w = Tensor([0.0, 0.0], requiresGrad: true)
  let optimizer = SGD([w], lr: 0.5, weightDecay: lambda)
  for _ in 0..<200 {
    optimizer.zeroGrad()
    bowl(w).backward()
    optimizer.step()
  }
  let withL2 = w.detach().clone()
  page.show("with L2", withL2)
  page.claim("the slopes cancel", a.matmul(withL2 - lowest), equals: -lambda * withL2, within: 1e-5)

  /*:
   The L1 penalty has a kink at 0, and a step of gradient descent jumps over it, back and forth, without ever
   being exactly 0. The remedy is to take the step for $E$ alone and then the pull of the penalty, which must
   stop at 0. That is **soft thresholding**:

   $$\theta \leftarrow \mathrm{sign}(\theta) \, \max(|\theta| - \eta\lambda, \, 0)$$

   In words: every weight comes nearer to 0 by $\eta\lambda$, and one that was nearer than that becomes 0.
   */
  func softThreshold(_ x: Tensor, _ threshold: Double) -> Tensor { x.sign() * (x.abs() - threshold).relu() }

  //: The optimizer goes down the slope of the bowl, and then the hook pulls, by the rate 0.5 times $\lambda$.
  //: A hook registered so is called after each step; it is the place for whatever must hold of weights in
  //: spite of the optimizer. (Max-norm, in section 5.4, could have stood in one as well.)
  let v = Tensor([0.0, 0.0], requiresGrad: true)
  let plain = SGD([v], lr: 0.5)
  plain.registerStepPostHook { v.copy_(softThreshold(v, 0.5 * lambda)) }
  for _ in 0..<200 {
    plain.zeroGrad()
    bowl(v).backward()
    plain.step()
  }
  page.show("with L1", v.detach())

  /*:
   Note the second weight: not small but 0. L2 has made both weights smaller. L1 has taken one of them out of
   the model and left the other more of its size. The reason is in the slopes of the bowl at this place. On
   the second weight it still pushes, but less hard than $\lambda$, and against a constant pull that is not
   enough to get away from 0. Against L2 any push would be enough, since at 0 there is no pull.
   */
  let push = a.matmul(v.detach() - lowest)
  page.show("slopes of the bowl there", push)
  page.claim("on the second weight less than λ", push.abs()[1], isAtMost: lambda - 0.05)
  page.claim("L1: exactly on the axis", v.detach(), equals: [1.15, 0.0], within: 1e-5)
  page.claim("L2: both smaller, none 0", withL2, isBetween: 0.3...1.4)
  page.figure("penalty-geometry", geometryFigure(bowl, lowest: lowest, l2: withL2, l1: v.detach()))

  /*:
   Look at the shapes. The solution is where a line of equal loss touches a line of equal penalty. (If the two
   crossed, one could walk along the penalty's line to a lower loss at the same price.) The penalty's lines
   are circles for L2 and diamonds for L1, and a diamond is most likely to be touched at a corner, where one
   of the two weights is 0. With more weights it has edges and faces besides, and on nearly all of them some
   weights are 0.

   ### Strong, weak, and right

   Now a network that can over-fit: 2-64-64-2 on a hundred points of two overlapping half-moons. Biases only
   shift a boundary, and need no penalty, so it is on the weights alone, the parameters of two dimensions.
   */
  let (points, labels) = GeneratedData.halfMoons(count: 100, noise: 0.3)
  let (validationPoints, validationLabels) = GeneratedData.halfMoons(count: 1000, noise: 0.3)
  func moonNetwork(penalty: Double) -> Sequential {
    let model = Sequential(Linear(2, 64), Tanh(), Linear(64, 64), Tanh(), Linear(64, 2))
    let weights = model.parameters().filter { $0.rank == 2 }
    let optimizer = Adam(model.parameters(), lr: 0.01)
    for step in 0..<page.scale(quick: 500, standard: 1000) {
      if step == 300 { optimizer.setLearningRate(0.003) }
      optimizer.zeroGrad()
      (crossEntropy(model(points), labels) + penalty * l2Penalty(weights)).backward()
      optimizer.step()
    }
    return model
  }

  /*:
   Which $\lambda$ is right nobody can tell beforehand, not even to within a power of ten: it depends on the
   data, on their number and on the network. So we try values from very small to very large, by factors and
   not by equal steps, and the validation set chooses. What we report is the error on a third set, which has
   no say.
   */
  let lambdas = page.scale(
    quick: [0, 5e-3, 0.1], standard: [0, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1])
  let models = page.progress(lambdas, "training").map { moonNetwork(penalty: $0) }

  /*:
   Three sets, as in section 6.1: the hundred points, a thousand to choose by, four thousand to report on.
   Usually the first is the largest of the three, for there examples do the most good. Here they come from a
   formula, so that we can have few to learn from and still measure without much chance. `right` is the place
   in the list of the penalty that was chosen.
   */
  let (testPoints, testLabels) = GeneratedData.halfMoons(count: 4000, noise: 0.3)
  let seen = models.map { evaluate($0, points, labels) }
  let validated = models.map { evaluate($0, validationPoints, validationLabels).loss }
  let tested = models.map { evaluate($0, testPoints, testLabels) }
  let right = validated.indices.min { validated[$0] < validated[$1] }!

  //: The smallest and the largest penalty, and between them the one that was chosen. Go down the two columns
  //: of losses: on the training points a stronger penalty only makes it worse; on the test set the middle row
  //: is best, and both ends are bad, for opposite reasons.
  let last = lambdas.count - 1
  let lines: [[any Showable]] = [0, right, last].map {
    [lambdas[$0].shown(digits: nil), seen[$0].loss, tested[$0].loss, seen[$0].accuracy, tested[$0].accuracy]
  }
  page.show(
    "half-moons",
    Table(["λ", "training loss", "test loss", "training accuracy", "test accuracy"], lines), digits: 3)

  //: The figure shows the regions of the three; look at what the boundary does where no point holds it. A
  //: second figure has the losses of all, and the same valley as before, seen from the other side, for here
  //: capacity falls from left to right.
  page.figure(
    "decision-boundaries", boundaryFigure(points, labels, [0, right, last].map { (lambdas[$0], models[$0]) }))
  page.figure("loss-against-penalty", penaltyFigure(lambdas, seen.map(\.loss), validated, chosen: right))

  /*:
   Without a penalty nearly every training point is on its right side, at the price of bays and islands that no
   new point will respect. The strongest leaves little more than a straight line. The right one draws the two
   moons. It is the picture of section 6.1 once more, with capacity governed by $\lambda$ and not by a degree:
   the network has all its 4,482 parameters throughout.
   */
  page.claim("the same number of parameters", models[0].parameterCount, equals: 4482)
  page.claim("weak: test loss over the right one's", tested[0].loss / tested[right].loss, isAtLeast: 1.3)
  page.claim("strong: test loss over the right one's", tested[last].loss / tested[right].loss, isAtLeast: 1.1)
  page.claim("without a penalty nearly all points are learned", seen[0].accuracy, isAtLeast: 0.95)
  page.claim(
    "the training loss only grows", seen[0].loss <= seen[right].loss && seen[right].loss <= seen[last].loss)

  /*:
   ### Sparsity

   On pictures of clothes L1 shows what it is for. Softmax regression has a weight for each pixel and class,
   7,840 of them. How many are needed? After each step comes soft thresholding with $\eta\lambda$; L2 is the
   optimizer's weight decay. The threshold is tiny, but it comes again and again, and a weight whose pixel
   says nothing about its class has nothing to set against it.
   */
  let (pictures, classes) = try draw(1000)
  func softmaxRegression(l1: Double = 0, l2: Double = 0) -> Linear {
    let (model, lr) = (Linear(784, 10), 0.1)
    let optimizer = SGD(model.parameters(), lr: lr, weightDecay: l2)
    if l1 > 0 {
      optimizer.registerStepPostHook { model.weight.copy_(softThreshold(model.weight, lr * l1)) }
    }
    for _ in 0..<page.scale(quick: 250, standard: 800) {
      optimizer.zeroGrad()
      crossEntropy(model(pictures), classes).backward()
      optimizer.step()
    }
    return model
  }

  //: Three models, from the same number of steps. What share of the weights is exactly 0, and what do they
  //: score? (The two $\lambda$ cannot be compared as numbers, since one multiplies squares and the other
  //: lengths: of a weight of 0.1 L1 counts 0.1, and L2 only 0.005.)
  let regressions = [softmaxRegression(), softmaxRegression(l2: 0.01), softmaxRegression(l1: 0.002)]
  let (_, test, _, testPixels) = try clothes()

  //: A weight counts as 0 if it is 0, not if it is small: then it need not be stored, and its pixel not be
  //: looked at. A hard test, for numbers with so many digits do not come to 0 by accident. To be there they
  //: must have been put there.
  page.claim("weights", regressions[0].weight.count, equals: 7840)
  let zeros = regressions.map { ($0.weight.detach() .== 0).to(.float32).mean().item() }
  let scores = regressions.map { evaluate($0, testPixels, test.targets).accuracy }
  page.show(
    "penalties of a weight of 0.1",
    [l1Penalty([.full([1], 0.1)]), l2Penalty([.full([1], 0.1)])].map { $0.item() }, note: "L1, L2")
  page.show("weights that are 0", zeros, digits: 3, note: "no penalty, L2, L1")
  page.show("test accuracy", scores, digits: 3)

  //: With L1 most of the weights are gone, and little of the accuracy with them. The other two models have
  //: not a single 0. In the one nothing ever pulled; in the other the pull weakened as the weights became
  //: smaller, so that they came ever nearer to 0 and never there:
  page.claim("without L1 there are none", zeros[0] + zeros[1], equals: 0.0, within: 1e-3)
  page.claim("with it most are 0", zeros[2], isAtLeast: 0.5)
  page.claim("and it costs little", scores[2] - scores[0], isAtLeast: -0.04)
  page.figure("sparse-weights", sparsityFigure(regressions.map { $0.weight.detach() }, names: test.classes))

  /*:
   In the first row of the figure every pixel has a weight, even those in the corners, which are black in nearly
   every picture: nothing in the loss minds them, so they keep their random start. L2 makes them fade. L1
   removes them, and what is left shows where the model looks. That is its use: it *selects*. To make a network
   generalize, L2 is the one you will mostly see.
   */
}

/*:
 ## 6.4 Dropout

 Ask ten people and take the mean of their answers: it will usually be better than most of the ten. The same is
 true of networks, but to train ten of them costs ten times as much. **Dropout** gets most of it for the price
 of one. At every training step each hidden unit is left out with probability $p$; so every step trains another
 network, thinned at random, and all of them share their weights.

 There is a second way to see it. A unit that can never be sure of its neighbors cannot leave the work to them,
 nor mend their mistakes. It has to be of use by itself.
 */
notebook.section("6.4", "Dropout") { page in
  //: Leaving a unit out means multiplying its activation by 0. So we draw a mask of zeros and ones, a
  //: **Bernoulli** number for each unit: 1 with the probability $q = 1 - p$ with which it is kept. Here is a
  //: layer of six. The coins are tossed for every unit by itself, and again at every step.
  let (p, q) = (0.5, 0.5)
  let h = Tensor([0.2, 1.5, 0.7, 3.0, 0.9, 1.1])
  let mask = Tensor.full([6], q).bernoulli()
  page.show("h", h)
  page.show("mask m", mask)
  page.show("m ⊙ h", mask * h)
  page.claim("zeros and ones", ((mask .== 0) .| (mask .== 1)).all())

  /*:
   > **Mind the slip.** The best-known article on dropout (Srivastava and others, 2014) calls $p$ the probability
   > to *keep* a unit. PyTorch, and this library, mean the probability to *drop* one. At ½ it makes no difference,
   > which is how the confusion lives on.

   ### What to do at test time

   In use nothing should be random, so all units stay in. But then the next layer gets about $1/q$ times as much
   as it is used to. The expected value of a mask is $\mathbb{E}[m] = q$, and so that of a unit that adds up
   masked inputs is

   $$\mathbb{E}\Big[\sum_i w_i m_i h_i\Big] = q \sum_i w_i h_i$$

   There are two ways to make both ends meet. The first scales at test time: train with $m \odot h$, use $q\,h$.
   The second, **inverted dropout**, scales while training: train with $m \odot h / q$, use $h$ as it is. Let us
   check both by simulation: twenty thousand masks for a hundred inputs.
   */
  let generator = Generator(seed: 6)
  let inputs = Tensor.rand(100, generator: generator)
  let weights = Tensor.randn(100, generator: generator)
  let masks = Tensor.full([20_000, 100], q).bernoulli(generator: generator)
  let thinned = (masks * inputs).matmul(weights)

  /*:
   That was the first way, as written. The second way is what the library's `dropout` does; it makes masks of
   its own for 20,000 copies of the inputs. Each result is a tensor of that many sums, one for each mask. They
   scatter widely, as the masks differ, but their means ought to be $q \, w \cdot h$ and $w \cdot h$.
   */
  let inverted = dropout(inputs.expand(20_000, 100), p: p, generator: generator).matmul(weights)

  //: A mean of $n$ random numbers of standard deviation $s$ is itself off by about $s / \sqrt n$, its
  //: **standard error**. Within three of them nearly all such means lie. (To the few readers whose mean does
  //: not, the page would call a correct formula wrong, so this simulation has a seed of its own.)
  func standardError(_ x: Tensor) -> Double { x.std().item() / Double(x.count).squareRoot() }
  let whole = inputs.dot(weights).item()
  page.show("all units", whole, note: "w · h")
  page.show("thinned", thinned.mean().item(), note: "expected \(q) w · h = \((q * whole).shown(digits: 4))")
  page.show("inverted", inverted.mean().item(), note: "expected w · h")
  page.claim(
    "scaled at test time", thinned.mean().item(), equals: q * whole, within: 3 * standardError(thinned))
  page.claim("inverted", inverted.mean().item(), equals: whole, within: 3 * standardError(inverted))

  /*:
   Equal expectations, then. Inverted dropout has won everywhere, because a network in use then needs no
   scaling: one can drop dropout. Note that the sum is what is right on average. Behind a nonlinearity the mean
   of all thinned networks is no longer exactly the network without masks; we shall see how near it comes.

   ### Module and function

   As a module, `Dropout(p)` is a layer like any other. `train()` and `eval()` tell it what it is to do:
   */
  let layer = Dropout(p)
  let ones = Tensor.ones(8)
  page.show("train()", layer.train()(ones))
  page.show("eval()", layer.eval()(ones))
  page.claim("in use nothing is dropped", layer.eval()(ones), equals: ones)

  //: As a function it must be told by its caller. In a `forward` that is `isTraining`, the module's own mode,
  //: which `train()` and `eval()` set for a model and all its parts. The function suits a model that is more
  //: than a row of layers, where dropout is one line among others:
  final class Classifier: Module {
    let (hidden, output) = (Linear(784, 64), Linear(64, 10))
    override func forward(_ x: Tensor) -> Tensor {
      output(dropout(hidden(x).relu(), p: 0.5, training: isTraining))
    }
  }

  /*:
   > **Mind the slip.** Without that argument `dropout(x, p: 0.5)` drops always, in `eval()`, too. Nothing
   > fails. The network is only worse than it need be, and gives another answer each time it is asked.
   */
  let one = Tensor.rand(1, 784)
  let model = Classifier()
  page.claim("in training two answers differ", !equal(model(one), model(one)))
  model.eval()
  page.claim("in use they do not", equal(model(one), model(one)))
  page.claim("left to itself the function drops", (dropout(Tensor.ones(800), p: 0.5) .== 0).any())

  /*:
   Where the data are pictures in layers ("channels", chapter 7), neighboring pixels are nearly the same, and
   dropping single ones takes little away. **Spatial dropout** drops whole channels: `Dropout2d`, and
   `Dropout1d` for sequences. Of four channels of 2 × 3, each is either there, with all its six pixels doubled
   by $1/q$, or not at all:
   */
  let channels = dropout2d(.ones(1, 4, 2, 3), p: 0.5)
  page.show("dropout2d", channels.flatten(2)[0], note: "a channel a row")
  let perChannel = channels.flatten(2)[0].std(dim: 1)
  page.claim("a channel is there or not, all of it", perChannel, equals: Tensor.zeros(4))

  /*:
   ### Capacity

   Dropout has its price. If half of the units are absent at every step, and none may rely on another,
   the network can learn less than its size would let you think. With dropout a layer of $M$ units has about
   $qM$ at work. If $M$ units would do without dropout, take $M/q$ with it, at $p = \frac12$ twice as many.
   How many of 128 are at work in a step?
   */
  let atWork = (0..<200).map { _ in (dropout(Tensor.ones(128), p: p) .> 0).to(.float32).sum().item() }
  page.show("at work", Spread(atWork).mean, digits: 1, note: "of 128, mean over 200 masks")
  page.claim("about 64", Spread(atWork).mean, isBetween: 61...67)

  //: Does the rule hold in practice? 16 units without dropout, 16 with it, 32 with it. What counts is how
  //: well each can *learn*, the loss on its own training set. That is the opposite of what we look at
  //: otherwise, but capacity is just this: how much a network can fit, whether it is of use or not.
  let count = page.scale(quick: 500, standard: 1000)
  let (x, y) = try draw(count)
  let epochs = page.scale(quick: 20, standard: 30)
  func learned(_ model: Sequential) -> Sequential {
    let loader = DataLoader(TensorDataset(x, y), batchSize: 50, shuffle: true)
    fit(model, Adam(model.parameters(), lr: 1e-3), loader, epochs: epochs)
    return model
  }

  //: `evaluate` measures in `eval()`: all units in, nothing random. So dropout does not spoil the loss that
  //: we read; it has spoiled, or not, what was learned. The rule predicts that the second number is the
  //: largest, and that the third comes back to about the first.
  let sizes = [network(16), network(16, dropout: p), network(32, dropout: p)].map {
    evaluate(learned($0), x, y).loss
  }
  page.show("training loss", sizes, digits: 3, note: "16; 16 with dropout; 32 with dropout")
  page.claim("dropout costs capacity", sizes[1], isAtLeast: sizes[0])
  page.claim("more units give some of it back", sizes[2], isAtMost: sizes[1])

  /*:
   ### What it does for generalization

   In this run twice as many units give back part of what dropout has cost; the rule is a rough one. So much for
   the price. What is bought with it shows on a network that is far too large for its data: two hidden layers of
   256 units, with and without dropout behind each, three runs on the same thousand pictures. They see the same
   number of epochs.
   */
  let (_, test, _, testPixels) = try clothes()
  let runs = page.scale(quick: 2, standard: 3)
  let dropped = page.progress(runs, "with dropout").map { _ in learned(network(256, 256, dropout: p)) }
  let full = page.progress(runs, "without").map { _ in learned(network(256, 256)) }

  //: What interests us of each is its test accuracy, its test loss, and the gap between its accuracies on the
  //: training and on the test set. None of them says enough alone: a small gap is easily had by learning
  //: little, a high accuracy may go with probabilities that are far off.
  func report(_ models: [Sequential]) -> (gap: Spread, accuracy: Spread, loss: Spread) {
    let (seen, new) = (
      models.map { evaluate($0, x, y) }, models.map { evaluate($0, testPixels, test.targets) }
    )
    return (
      Spread(zip(seen, new).map { $0.accuracy - $1.accuracy }), Spread(new.map(\.accuracy)),
      Spread(new.map(\.loss))
    )
  }

  //: A row for each kind of network, mean and standard deviation of its runs. Compare differences between the
  //: rows with the deviations before you believe them.
  let (with, plain) = (report(dropped), report(full))
  let rows: [[any Showable]] = [("without", plain), ("with", with)].map {
    [$0, "\($1.accuracy)", "\($1.loss)", "\($1.gap)"]
  }
  page.show("dropout", Table(["", "test accuracy", "test loss", "gap to training"], rows))
  page.claim(
    "the test loss is lower, by a factor of", plain.loss.mean / with.loss.mean,
    isAtLeast: page.scale(quick: 0.95, standard: 1.05))
  page.claim("accuracy does not suffer", with.accuracy.mean - plain.accuracy.mean, isAtLeast: -0.02)

  /*:
   As with early stopping, what is gained for certain is honesty: the probabilities are not so far from the
   truth. Accuracy may gain a little or nothing; on a thousand pictures, the network without dropout is already
   about as right as a multilayer perceptron gets.

   Last, the ten people. Leave dropout on in use, ask the network many times, and average the answers: that is
   the mean over thinned networks, for which the whole network is only a stand-in. How near is it?
   */
  let pixels = testPixels[..<2000]
  let thin = dropped[0].train()
  let votes = noGrad { (0..<30).map { _ in thin(pixels).softmax(dim: 1) } }

  /*:
   Thirty answers for each of two thousand pictures: probabilities, in a tensor of shape (30, 2000, 10). Their
   mean over dimension 0 is the joint answer, in which a class is probable if most of the thirty say so.
   Beside it stand one of the thirty alone, and the network in `eval()`, which computes once and not thirty
   times.
   */
  let mean = accuracy(stack(votes).mean(dim: 0), test.targets[..<2000])
  let allUnits = evaluate(thin, pixels, test.targets[..<2000]).accuracy
  let single = accuracy(votes[0], test.targets[..<2000])
  page.show(
    "test accuracy", [single, mean, allUnits], digits: 3,
    note: "one thinned network, mean of 30, all units")
  page.claim("the mean is better than the one", mean, isAtLeast: single)
  page.claim("the whole network is as good as the mean", allUnits - mean, isBetween: -0.015...0.015)

  /*:
   So the committee is worth having: a single thinned network, half of its units gone, is not as good as the
   thirty together. And one need not ask thirty. The network with all units in says nearly what they say, for
   the price of one, and that is what `eval()` gives you.
   */
}

/*:
 ## 6.5 Data augmentation

 More data would be best, and some can be had for nothing. A shirt in a mirror is a shirt; so is one that hangs
 a little to the left. **Augmentation** alters each picture at random every time it is drawn, in ways that
 change the pixels but not the label. The network never sees the same picture twice.
 */
notebook.section("6.5", "Data augmentation") { page in
  /*:
   How does one turn a picture? Backwards: for every pixel of the *result* we ask where it comes from. That
   place is rarely the center of a pixel, so its value is interpolated between the four around it, in proportion
   to their nearness. That is **bilinear interpolation**. With $a$ and $b$ the distances from the upper left of
   the four:

   $$v = (1-b)\,[(1-a)\,v_{00} + a\,v_{01}] + b\,[(1-a)\,v_{10} + a\,v_{11}]$$

   A picture of five pixels in a row, moved by one pixel and by half a pixel to the right:
   */
  let strip = Tensor([[0.0, 4, 8, 2, 6]])
  page.show("by 1", translate(strip, x: 1))
  page.show("by ½", translate(strip, x: 0.5), note: "means of neighbors; beyond the border is black")
  page.claim("moved", translate(strip, x: 1), equals: [[0.0, 0, 4, 8, 2]])
  page.claim("halfway between", translate(strip, x: 0.5), equals: [[0.0, 2, 6, 5, 4]], within: 1e-6)

  /*:
   Each alteration is a function of a picture and a number. A quarter turn needs no interpolation, as every
   pixel lands on a pixel. (Counterclockwise: the right column becomes the top row.) `stretch` draws a picture
   out from its center. `shear` pushes every row a little further aside than the one above it, as one slants a
   pack of cards. On nine numbers all of it can be checked by eye:
   */
  let square = Tensor([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]])
  page.show("a quarter turn", rotate(square, degrees: 90))
  page.claim(
    "turned", rotate(square, degrees: 90), equals: [[3.0, 6, 9], [2, 5, 8], [1, 4, 7]], within: 1e-5)
  page.claim("stretched to twice its width", stretch(square, x: 2)[1], equals: [4.5, 5, 5.5], within: 1e-5)
  page.claim("45° of shear: a pixel a row", shear(square, x: 45)[0], equals: [0.0, 1, 2], within: 1e-5)

  /*:
   A lens is different: it does not keep straight lines straight. The pixel at distance $r$ from the center,
   counted in halves of the picture's side, shows what was at $r(1 + k r^2)$. With $k > 0$ the picture bulges
   like a **barrel**; with $k < 0$ its corners are drawn out, as on a **pincushion**. At $k = 0$ the lens is
   perfect.
   */
  page.claim("a perfect lens", lensDistortion(square, k: 0), equals: square, within: 1e-6)

  //: Here they all are, on four garments. Ask of each column whether you would still give the same label;
  //: that is the only condition. (What lies beyond the border is filled with black, which is what these
  //: pictures have there anyway. `fill: .edge` repeats the border instead.)
  let (train, test, _, _) = try clothes()
  let alterations: [(name: String, alter: (Tensor) -> Tensor)] = [
    ("original", { $0 }), ("flip", { horizontalFlip($0) }),
    ("crop", { crop($0, top: 3, left: -3, height: 28, width: 28) }),
    ("translate", { translate($0, x: 4.5, y: -2) }), ("rotate", { rotate($0, degrees: 20) }),
    ("stretch", { stretch($0, x: 0.7, y: 1.1) }), ("shear", { shear($0, x: 20) }),
    ("barrel", { lensDistortion($0, k: 0.4) }), ("pincushion", { lensDistortion($0, k: -0.2) }),
  ]
  let garments = [0, 8, 7, 6].map { label in train.labels.firstIndex(of: label)! }
  page.figure("augmented", alterationFigure(garments.map { train.images[$0] }, alterations))

  /*:
   ### At random, in the loader

   For training the numbers are drawn anew each time, from ranges that are given.
   `RandomHorizontalFlip`, `RandomCrop`, `RandomRotation`, `RandomAffine` (turn, move, scale and shear at
   once), `RandomStretch` and `RandomLensDistortion` are transforms as in chapter 4, and `Compose` puts them
   together:
   */
  let everything = Compose([
    RandomHorizontalFlip(), RandomAffine(degrees: 10, translate: (0.07, 0.07), scale: 0.85...1.1, shear: 10),
    RandomStretch(x: 0.85...1.15), RandomLensDistortion(k: -0.05...0.2),
  ])
  let variants = (0..<27).map { _ in everything(train.images[garments[0]]) }
  page.figure("one-picture", variantFigure(variants))

  /*:
   They are all the same picture. A data set applies its transform whenever an example is fetched, so the
   loader deals out new variants in each epoch. They are made when they are needed and forgotten after the
   step, so that a set without end takes up no more memory than before. Ours keeps the images themselves in
   memory:
   */
  struct Augmented: Dataset {
    let images: Tensor
    let labels: Tensor
    let transform: any Transform
    var count: Int { labels.count }
    subscript(index: Int) -> (Tensor, Tensor) { (transform(images[index]), labels[index]) }
  }

  //: Two epochs of one loader, unshuffled: the labels are the same, the pictures are not. But the seed
  //: decides all, so that a run can be repeated: a second loader with the same seed must deal out in its
  //: first epoch, pixel by pixel, what the other one did.
  let count = 300
  let (pixels, labels) = try draw(count)
  let small = Augmented(images: pixels.reshape(count, 1, 28, 28), labels: labels, transform: everything)
  let loader = DataLoader(small, batchSize: 100, generator: Generator(seed: 1))
  let (first, second) = (Array(loader.prefix(1))[0], Array(loader.prefix(1))[0])
  page.claim("the same labels", equal(first.1, second.1))
  page.claim("other pictures", !equal(first.0, second.0))
  let again = DataLoader(small, batchSize: 100, generator: Generator(seed: 1))
  page.claim("with the same seed the same", equal(Array(again.prefix(1))[0].0, first.0))

  /*:
   ### Does it help?

   Two small training sets of 300 pictures each: these clothes, and digits that the library draws, stroke by
   stroke, as different hands would write them. Each is learned once as it is and once with random turns, moves,
   scales and shears, in the same number of updates. (No mirrors: most digits would not survive one.)
   */
  let seed = page.options.seed
  let digits = (
    StrokeDigits(train: true, count: count, seed: seed), StrokeDigits(train: false, count: 3000, seed: seed)
  )

  //: The moves are given as parts of the size: 0.07 of 28 pixels is up to two in each direction. All ranges
  //: are modest, and that is intended. An altered digit should still be one that somebody might have written;
  //: a 1 that lies on its side teaches the network something that will never be asked.
  let alteration = RandomAffine(degrees: 10, translate: (0.07, 0.07), scale: 0.9...1.1, shear: 10)
  let runs = page.scale(quick: 2, standard: 3)
  func learned(_ images: Tensor, _ labels: Tensor, _ transform: any Transform) -> Sequential {
    let model = network(128)
    let set = Augmented(images: images, labels: labels, transform: transform)
    let loader = DataLoader(set, batchSize: 20, shuffle: true, prefetch: 2)
    fit(model, Adam(model.parameters(), lr: 1e-3), loader, epochs: page.scale(quick: 20, standard: 45))
    return model
  }

  //: A third test asks about clothes again, but moved by up to three pixels in each direction, as if somebody
  //: had held the camera less carefully. No training set has such pictures. Whoever was trained with
  //: alterations has at least seen something of the kind.
  let shift = RandomCrop(28, padding: 3)
  let moved = stack((0..<3000).map { shift(test.images[$0]) })
  let tests: [(name: String, isOfDigits: Bool, images: Tensor, labels: Tensor)] = [
    ("digits", true, digits.1.images, digits.1.targets), ("clothes", false, test.images, test.targets),
    ("clothes, moved", false, moved, test.targets[..<3000]),
  ]

  //: For either transform, several networks are trained on digits and several on clothes, and each test is
  //: taken by those that it concerns. With and without alteration they have the same architecture, the same
  //: 300 pictures and the same number of updates; all that differs is what the loader did to the pictures.
  func results(_ transform: any Transform) -> [(accuracy: Spread, loss: Spread)] {
    let onDigits = (0..<runs).map { _ in learned(digits.0.images, digits.0.targets, transform) }
    let onClothes = (0..<runs).map { _ in learned(small.images, small.labels, transform) }
    return tests.map { test in
      let scores = (test.isOfDigits ? onDigits : onClothes).map { evaluate($0, test.images, test.labels) }
      return (Spread(scores.map(\.accuracy)), Spread(scores.map(\.loss)))
    }
  }

  //: `Compose([])`, no transform at all, alters nothing. In the table every test has its accuracy without and
  //: with augmentation, and then its loss. Compare the first row, where the alterations are such as
  //: handwriting has by nature, with the second, where they are not.
  let (plain, altered) = (results(Compose([])), results(alteration))
  let rows: [[any Showable]] = tests.indices.map {
    [
      tests[$0].name, "\(plain[$0].accuracy)", "\(altered[$0].accuracy)", "\(plain[$0].loss)",
      "\(altered[$0].loss)",
    ]
  }
  page.show("test", Table(["", "accuracy", "augmented", "loss", "augmented"], rows))
  let gains = tests.indices.map { altered[$0].accuracy.mean - plain[$0].accuracy.mean }
  page.show("accuracy gained", gains, digits: 3)
  page.claim("a great deal on digits", gains[0], isAtLeast: 0.05)
  page.claim("and on moved clothes", gains[2], isAtLeast: 0.04)
  if train is FashionMNIST {
    page.claim("on clothes as they are next to nothing, or a loss", gains[1], isBetween: -0.12...0.02)
  }

  /*:
   Handwriting slants, shifts and varies in size, and three hundred examples cannot show all of it; augmentation
   fills in what is missing. The clothes were all photographed with the same care, in the middle and upright.
   There is nothing to fill in: the network prepares for cases that never come, and accuracy may even fall. But
   as soon as the camera moves, the plain network falls apart and the other does far better.

   So augmentation teaches what may vary *without meaning anything*. Use what varies in your world, and nothing
   else: a 6 turned upside down is a 9, and a mirrored text is no text.

   > **Mind the slip.** Only the training set is augmented. Validation and test are to measure, and must stay as
   > they are (unless, as here, the question is another one).
   */
}

/*:
 ## 6.6 Flat minima

 Training ends at the bottom of some valley of the loss, and a network has a great many valleys. Are all the
 same? The loss on new examples is a slightly different landscape, the same valleys a little displaced. In a
 wide valley that hardly matters. In a narrow one the place that was the bottom is now high up on a wall.
 */
notebook.section("6.6", "Flat minima") { page in
  //: A landscape of one weight: a wide valley around 0, and in its right slope a narrow one at 2, which is
  //: deeper. The wide one is a parabola; the narrow one is a bell curve of width 0.15, turned upside down.
  //: Where is the lowest point?
  func landscape(_ w: Tensor) -> Tensor {
    0.1 * w.square() - 0.8 * (-(w - 2).square() / (2 * 0.15 * 0.15)).exp()
  }
  let w = Tensor.linspace(-3, 4, 701)
  let loss = landscape(w)
  page.show("lowest loss", loss.min(), note: "at w = \(w[Int(loss.argmin().item())].item().shown(digits: 2))")

  //: Now ask at each place not for the loss there but for the *worst* within half a unit to either side. So
  //: would somebody who knows that the landscape of new examples is displaced, and does not know which way.
  //: We lay displaced copies of the curve on each other, and at every $w$ the highest counts:
  let nearby = stack((-50...50).map { landscape(w + 0.01 * Double($0)) })
  let worst = nearby.amax(dim: 0)
  let flattest = w[Int(worst.argmin().item())]
  page.show("lowest worst loss", worst.min(), note: "at w = \(flattest.item().shown(digits: 2))")
  page.claim(
    "the lowest place is in the narrow valley", w[Int(loss.argmin().item())], equals: 2.0, within: 0.05)
  page.claim("the safest is in the wide one", flattest, equals: 0.0, within: 0.05)
  page.figure("valleys", valleyFigure(w, loss: loss, worst: worst))

  /*:
   **Sharpness-aware minimization**, SAM, minimizes that second curve. With millions of weights nobody can look
   at all places nearby. But as far as the gradient $g$ can tell, the worst place within a distance $\rho$ lies
   straight uphill:

   $$\epsilon = \rho \, \frac{g}{\lVert g \rVert}, \qquad
     \theta \leftarrow \theta - \eta \, \frac{\partial E}{\partial \theta}\Big|_{\theta + \epsilon}$$

   A step has two halves: up by $\epsilon$, to compute the gradient there; and back, to go down by it. That
   takes two gradients, twice the time. `SAM` wraps another optimizer, which does the going down. By hand, for
   $E = \frac12 \lVert v \rVert^2$, whose gradient at $v$ is $v$ itself:
   */
  let v = Tensor([3.0, 4.0], requiresGrad: true)
  let sam = SAM(SGD([v], lr: 0.1), rho: 0.5)
  sam.step {
    sam.zeroGrad()
    let loss = l2Penalty([v])
    loss.backward()
    return loss
  }
  page.show("after one step", v.detach())

  //: The gradient (3, 4) has length 5, so ε is (0.3, 0.4). The gradient up there is (3.3, 4.4), and a tenth
  //: of it is taken off (3, 4), where plain SGD would have taken a tenth of the gradient here. The loss
  //: stands in a closure because `step` asks for it twice, once to know the way up and once up there.
  let slope = Tensor([3.0, 4.0])
  page.claim("the gradient uphill", slope + 0.5 * slope / slope.norm(), equals: [3.3, 4.4], within: 1e-6)
  page.claim("3 − 0.33 and 4 − 0.44", v.detach(), equals: [2.67, 3.56], within: 1e-6)

  /*:
   ### A network with wrong labels

   SAM is at its best where a network would learn nonsense by heart. We take a thousand pictures and give 30 in
   100 of them a label drawn at random. What is right about the others is a broad fact, shared by many examples;
   every wrong label must be learned for itself.
   */
  let count = page.scale(quick: 500, standard: 1000)
  func mislabeled(_ y: Tensor) -> (y: Tensor, isWrong: Tensor) {
    let guess = Tensor.randint(0, 10, [count])
    let isGuessed = Tensor.rand(count) .< 0.3
    return (`where`(isGuessed, guess, y), isGuessed .& (guess .!= y))
  }

  //: A fair budget is the same number of gradients, since they are what takes the time: SAM gets half the
  //: steps. So it also goes over its examples half as often, and that alone keeps a network from learning by
  //: heart (section 6.2). To tell one reason from the other there is a third competitor, plain SGD with as few
  //: steps as SAM. (The long run repeats all this more often, but not longer: with four times as many steps
  //: SAM, too, learns most of the nonsense.)
  let gradients = page.scale(quick: 800, standard: 2000)
  func learned(_ x: Tensor, _ y: Tensor, rho: Double, steps: Int) -> Sequential {
    let model = network(128)
    let optimizer = SAM(SGD(model.parameters(), lr: 0.02, momentum: 0.9), rho: rho)
    for _ in 0..<steps {
      let batch = Tensor.randint(0, count, [64])

      //: The batch is drawn outside of the closure: both halves of a step must see the same examples. The
      //: gradients are cleared inside, or those of the way up would be added to those up there. Plain SGD,
      //: the base, takes the closure as well and calls it once.
      func loss() -> Tensor {
        optimizer.zeroGrad()
        let loss = crossEntropy(model(x[batch]), y[batch])
        loss.backward()
        return loss
      }
      if rho > 0 { optimizer.step(loss) } else { optimizer.base.step(loss) }
    }
    return model
  }

  //: Three runs of each. Beside the test set we ask: of the wrong labels, how many has the network learned?
  //: One that knew all about clothes and had learned nothing by heart would give back none of them. It would
  //: insist on the true label, and be counted wrong every time.
  let (_, test, _, testPixels) = try clothes()
  var runs: [(plain: Noisy, short: Noisy, sam: Noisy)] = []
  for _ in page.progress(page.scale(quick: 2, standard: 3, full: 6), "training") {
    let (x, labels) = try draw(count)
    let (y, isWrong) = mislabeled(labels)

    //: The mask `isWrong` picks the examples whose label is false. A network that gives those labels back has
    //: learned them by heart, for nothing in the pictures suggests them.
    func judged(_ model: Sequential) -> Noisy {
      let result = evaluate(model, testPixels, test.targets)
      return Noisy(
        result.accuracy, result.loss, wrongLearned: evaluate(model, x[isWrong], y[isWrong]).accuracy)
    }
    let plain = learned(x, y, rho: 0, steps: gradients)
    let sam = learned(x, y, rho: 0.2, steps: gradients / 2)
    let short = learned(x, y, rho: 0, steps: gradients / 2)
    runs.append((judged(plain), judged(short), judged(sam)))
  }
  let rows: [[any Showable]] = [
    ("SGD", runs.map(\.plain)), ("SGD, half the steps", runs.map(\.short)), ("SAM", runs.map(\.sam)),
  ].map {
    [$0, "\(Spread($1.map(\.accuracy)))", "\(Spread($1.map(\.loss)))", "\(Spread($1.map(\.wrongLearned)))"]
  }
  page.show("with wrong labels", Table(["", "test accuracy", "test loss", "wrong labels learned"], rows))

  //: Each time all three had the same pictures and the same wrong labels, so we may compare them run by run. A
  //: draw that was hard for one was hard for the others, too; in the difference that cancels.
  let gains = Spread(runs.map { $0.sam.accuracy - $0.plain.accuracy })
  page.show("SAM gains", "\(gains)", note: "test accuracy, over SGD with as many gradients, run by run")
  page.claim(
    "SGD has learned the wrong labels", runs.map(\.plain.wrongLearned),
    isAtLeast: page.scale(quick: 0.6, standard: 0.8))
  page.claim(
    "SAM fewer of them", runs.map { $0.plain.wrongLearned - $0.sam.wrongLearned },
    isAtLeast: 0.1)
  page.claim("and is better on the test set", gains.mean, isAtLeast: 0.02)

  //: That was the same number of gradients. And the same number of steps?
  page.claim(
    "SAM has learned fewer of them than SGD in as many steps",
    runs.map { $0.short.wrongLearned - $0.sam.wrongLearned },
    isAtLeast: page.scale(quick: 0.1, standard: 0.2))
  page.claim(
    "and is better on the test set than that one, too",
    Spread(runs.map { $0.sam.accuracy - $0.short.accuracy }).mean,
    isAtLeast: page.scale(quick: 0, standard: 0.02))

  /*:
   Within its time SGD has learned nearly all the nonsense there was, and SAM only a part of it. That is not just
   because SAM took half as many steps. Fewer steps do their part, as the second row shows, but with no more of
   them SGD still learns far more of the nonsense than SAM. A wrong label contradicts the pictures all around it.
   To fit it anyway takes weights that are tuned to this one example, and a little way uphill they are out of tune
   again, so that it brings SAM nothing to go there.

   That is a task made to measure. Where labels are clean the same budget may be better spent otherwise: set
   0.3 to 0 in `mislabeled` and see. Try before you buy.

   ### The mean of many weights

   A cheaper way into the middle of a valley: steps at a constant learning rate wander about it, and the
   *mean* of the places where they have been is nearer to the middle than any of them. That is **stochastic
   weight averaging**. An `AveragedModel` holds the running mean in a second network of the same shape.
   */
  let (x, y) = try draw(page.scale(quick: 2000, standard: 5000))
  let model = network(128)
  let averaged = AveragedModel(network(128))
  let optimizer = SGD(model.parameters(), lr: 0.3)
  let loader = DataLoader(TensorDataset(x, y), batchSize: 50, shuffle: true)
  fit(model, optimizer, loader, epochs: 5)

  /*:
   After five epochs with long steps it is somewhere near a valley. From here on, the weights after each epoch
   are averaged. (Did section 5.5 not warn of averaging networks? Of two that were trained apart. These are
   stations of one walk in one valley.) The loss of the weights themselves goes up and down; that of their
   mean settles.
   */
  var last: [(accuracy: Double, loss: Double)] = []
  var mean: [(accuracy: Double, loss: Double)] = []
  for _ in 0..<10 {
    fit(model, optimizer, loader, epochs: 1)
    averaged.updateParameters(from: model)
    last.append(evaluate(model, testPixels, test.targets))
    mean.append(evaluate(averaged, testPixels, test.targets))
  }

  //: Ten losses of the weights as they were, ten of the mean as it grew; and two accuracies. Both lists begin
  //: with the same number, for the mean of one is itself. Then see how far two neighbors in the first list
  //: lie apart, and how far in the second.
  page.show("weights, loss", last.map(\.loss), digits: 3, note: "on the test set, after each epoch")
  page.show("their mean, loss", mean.map(\.loss), digits: 3)
  page.show(
    "accuracy", [Spread(last.map(\.accuracy)).mean, mean.last!.accuracy], digits: 3,
    note: "weights on average, mean weights")
  page.claim(
    "a lower loss than the weights have on average", mean.last!.loss, isAtMost: Spread(last.map(\.loss)).mean)
  page.claim("and a better accuracy", mean.last!.accuracy, isAtLeast: Spread(last.map(\.accuracy)).mean)
  page.claim("the mean of one is itself", mean[0].loss, equals: last[0].loss, within: 1e-5)

  /*:
   The price is a second set of weights and an addition once an epoch; no gradient is computed that would not
   have been computed anyway. One could have had much of this from a schedule that lowers the learning rate
   (section 5.2), which ends the wandering, too. A mean does it afterwards, without one having to know when the
   end will be.
   */
}

/*:
 ## 6.7 Pruning, and lottery tickets

 The network of this section has 266,200 weights. Does it need them? Each takes up memory, and each costs a
 multiplication whenever the network is asked something, which on a telephone may be more than one can afford.
 **Pruning** takes weights away, those that seem to matter least, and asks how far one can go.
 */
notebook.section("6.7", "Pruning, and lottery tickets") { page in
  //: Which matter least? The simplest answer works well: those of the smallest **magnitude**, $|w|$, for they
  //: add the least to the sums in which they stand. To keep the top 40 % of ten weights, find the fourth
  //: largest magnitude; what is not smaller stays. A **mask** of zeros and ones says so.
  let w = Tensor([0.5, -0.1, 0.9, 0.02, -0.7, 0.3, -0.05, 0.2, -0.4, 0.08])
  let threshold = w.abs().topK(4).values.min()
  let mask = (w.abs() .>= threshold).to(.float32)
  page.show("mask", mask)
  page.show("what is left", w[mask .> 0])
  page.claim("four are left", mask.sum(), equals: 4.0)

  //: `Pruning` does this for a whole model, biases excepted, which are few. Its **sparsity** is the share of
  //: weights that are 0. The magnitudes can be compared in each layer by itself, or in all together, which is
  //: the default: then a layer in which many are small gives up more of them than another.
  func model() -> Sequential { network(300, 100) }
  let net = model()
  let pruning = Pruning(net)
  pruning.prune(to: 0.9)
  page.show("weights", net.parameters().filter { $0.rank == 2 }.reduce(0) { $0 + $1.count })
  page.show("left at 90 %", pruning.keptCount)
  page.claim("one in ten of 266,200", pruning.keptCount, equals: 26_620)

  /*:
   ### Zeros must stay zeros

   To set weights to 0 once is not enough. In the next step the gradient moves the pruned ones like all
   others: a weight of 0 is not without a slope. And even if their gradient were set to 0, momentum would
   carry them on. So the mask has to be applied again after every step, which `hold(in:)` sees to.
   */
  let (x, y) = try draw(page.scale(quick: 1500, standard: 3000))
  func train(_ model: Sequential, _ optimizer: Optimizer, steps: Int) {
    for _ in 0..<steps {
      let batch = Tensor.randint(0, y.count, [64])
      optimizer.zeroGrad()
      crossEntropy(model(x[batch]), y[batch]).backward()
      optimizer.step()
    }
  }

  /*:
   One step of SGD with momentum and weight decay, unprotected, and twenty with the mask held on. We count the
   weights that are not 0. Of the pruned ones those will still be 0 after the first step that the gradient
   does not reach, because their pixel is black in all 64 pictures or their unit is silent for all of them;
   the rest is back at once.
   */
  func nonzero(_ model: Module) -> Int {
    model.parameters().filter { $0.rank == 2 }.reduce(0) {
      $0 + Int(($1.detach() .!= 0).to(.int64).sum().item())
    }
  }
  let free = SGD(net.parameters(), lr: 0.01, momentum: 0.9, weightDecay: 1e-3)
  train(net, free, steps: 1)
  let cameBack = nonzero(net)
  page.show("after one step", cameBack, note: "weights that are not 0")
  pruning.apply()
  pruning.hold(in: free)
  train(net, free, steps: 20)
  page.show("held, after 20", nonzero(net))
  page.claim("without being held most come back", cameBack, isAtLeast: 100_000)
  page.claim("held, none does", nonzero(net), isAtMost: 26_620)

  /*:
   ### How much can go?

   We train a network, take away more and more of its smallest weights, and test it each time, without any
   further training. For comparison we also take away as many weights at random: if magnitude said nothing
   about importance, one way would do as much harm as the other.
   */
  let (_, test, _, testPixels) = try clothes()
  let exam = page.scale(quick: 2500, standard: 10_000)
  func testAccuracy(_ model: Module) -> Double {
    evaluate(model, testPixels[..<exam], test.targets[..<exam]).accuracy
  }
  let steps = page.scale(quick: 80, standard: 150, full: 500)
  let dense = model()
  train(dense, Adam(dense.parameters(), lr: 1.2e-3), steps: steps)
  let trained = dense.stateDict().clone()

  //: Before every cut the trained weights are put back, so that each starts from the whole network. Weights
  //: are removed at random by a mask of Bernoulli numbers, as in dropout, only for good. (And without the
  //: $1/q$ of inverted dropout: in both competitors the sums become smaller, and nothing makes up for it.)
  let sparsities = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98]
  var bySize: [Double] = []
  var atRandom: [Double] = []
  for sparsity in sparsities {
    try dense.loadStateDict(trained)
    Pruning(dense).prune(to: sparsity)
    bySize.append(testAccuracy(dense))
    try dense.loadStateDict(trained)
    noGrad {
      for weight in dense.parameters() where weight.rank == 2 {
        weight.mul_(Tensor.full(weight.shape, 1 - sparsity).bernoulli())
      }
    }
    atRandom.append(testAccuracy(dense))
  }

  //: The share of weights taken away, and what accuracy that leaves. In each of the two lines look for the
  //: place where it gives way, and remember what remains there: at 0.9 it is one weight in ten.
  page.show("sparsity", sparsities)
  page.show("smallest first", bySize, digits: 3, note: "test accuracy")
  page.show("at random", atRandom, digits: 3)
  page.claim("half can go for little", bySize[0] - bySize[1], isAtMost: 0.04)
  page.claim("at 80 %, smallest first is ahead by", bySize[3] - atRandom[3], isAtLeast: 0.05)
  page.figure("pruning", pruningFigure(sparsities, bySize: bySize, atRandom: atRandom))

  /*:
   ### Lottery tickets

   So most weights are hardly used by a network that has been trained. And trained a little after each cut, it
   would survive far more. So a small network would do. Why then not train a small one from the start? One
   tries, and it does worse. Here is a striking experiment on that question, the **lottery ticket** of J.
   Frankle and M. Carbin (2019).

   1. Start with random weights $\theta_0$ and keep a copy. Train.
   2. Prune the smallest weights.
   3. **Rewind**: set the weights that are left to the values they had in $\theta_0$.
   4. Repeat from training, until few are left.

   The result is a small network with its own start, the ticket. It is compared with the same small network,
   the same mask, whose weights are drawn anew. Both are trained alike.
   */
  let levels = Pruning.sparsities(to: 0.98, rounds: 3)
  page.show("sparsities", levels, digits: 3, note: "each round takes the same share of what is left")

  //: One training run in the contest: put a start in place under the mask, test, train with the mask held on,
  //: test again. `rewind(to:)` takes any start and leaves of it what the mask leaves. So all competitors have
  //: the same connections, and differ only in the values with which these begin.
  func trial(_ model: Sequential, _ pruning: Pruning, from start: StateDict) throws -> Trial {
    try pruning.rewind(to: start)
    let before = testAccuracy(model)
    let optimizer = Adam(model.parameters(), lr: 1.2e-3)
    pruning.hold(in: optimizer)
    train(model, optimizer, steps: steps)
    return Trial(before: before, after: testAccuracy(model))
  }

  /*:
   One thing besides is different about the ticket. Magnitude pruning prefers weights that were large from the
   start, and in a network with few weights left, large ones carry the signal better. Is that all? To find out,
   a third competitor has the same redrawn weights, but scaled in each layer to the size of the ticket's.
   */
  func rescaled(_ state: StateDict, like start: StateDict, _ pruning: Pruning) -> StateDict {
    var scaled = state.clone()
    for (name, mask) in pruning.masks {
      let factor = (start[name]! * mask).norm() / (state[name]! * mask).norm()
      scaled[name] = state[name]! * factor
    }
    return scaled
  }

  //: Now the contest. First the whole network is trained. Then in each round a part of the weights that are
  //: left is pruned, and the competitors try what they can do with the others. The ticket comes last, because
  //: the next round goes on from what it has learned: its trained weights say which are the smallest.
  func contest() throws -> Contest {
    let net = model()
    let start = net.stateDict().clone()
    let pruning = Pruning(net)
    let dense = try trial(net, pruning, from: start)
    let rounds = try levels.map { sparsity in
      pruning.prune(to: sparsity)
      let redrawn = model().stateDict()
      return Round(
        redrawn: try trial(net, pruning, from: redrawn),
        rescaled: try trial(net, pruning, from: rescaled(redrawn, like: start, pruning)),
        ticket: try trial(net, pruning, from: start))
    }
    return Contest(dense: dense, rounds: rounds)
  }

  //: Five times over, each with another start, in three rounds down to 2 weights in 100. Every training has
  //: the same number of steps. Once would not do: a ticket can be unlucky, and a redrawn network lucky, by
  //: more than the difference that we are looking for.
  let contests = try page.progress(page.scale(quick: 3, standard: 5, full: 20), "contests").map { _ in
    try contest()
  }
  func spread(_ level: Int, _ result: (Round) -> Double) -> Spread {
    Spread(contests.map { result($0.rounds[level]) })
  }

  //: `whole` is the network before any pruning, trained for the same number of steps: what the pruned ones
  //: are measured by. A row of the table is a round, and its columns are the three competitors, each with the
  //: mean and standard deviation of all contests.
  let whole = Spread(contests.map(\.dense.after))
  let rows: [[any Showable]] = levels.indices.map {
    [
      "\((100 * (1 - levels[$0])).shown(digits: 1)) %", "\(spread($0, \.ticket.after))",
      "\(spread($0, \.redrawn.after))", "\(spread($0, \.rescaled.after))",
    ]
  }
  page.show("all weights", "\(whole)", note: "test accuracy")
  page.show("pruned", Table(["left", "ticket", "redrawn", "redrawn, rescaled"], rows))
  page.figure("lottery-ticket", ticketFigure(levels, contests, whole: whole))

  /*:
   At equal sparsity and with equal training the ticket wins, and most clearly where the fewest weights are
   left. With more of them it may even do better than the whole network in so short a time. To scale the
   redrawn weights does not close the gap: what counts is *which* weights those were, and where they began.
   Here are the differences at 2 %, contest by contest:
   */
  let finals = contests.map { $0.rounds.last! }
  let leads = finals.map { $0.ticket.after - $0.redrawn.after }
  let leadsOverRescaled = finals.map { $0.ticket.after - $0.rescaled.after }
  page.show("ticket − redrawn", leads, digits: 3, note: "\(Spread(leads))")
  page.show("ticket − rescaled", leadsOverRescaled, digits: 3, note: "\(Spread(leadsOverRescaled))")
  page.claim(
    "the ticket leads on the mean", Spread(leads).mean, isAtLeast: page.scale(quick: 0.005, standard: 0.015))
  page.claim(
    "over rescaled weights, too", Spread(leadsOverRescaled).mean,
    isAtLeast: page.scale(quick: 0, standard: 0.005))

  //: Is that more than chance? The mean of five differences has a standard error of their deviation over √5
  //: (section 6.4). A mean that is one standard error away from 0 may well have come there by luck; one that
  //: is several of them away hardly ever has.
  let error = Spread(leads).std / Double(leads.count).squareRoot()
  page.show("lead in standard errors", Spread(leads).mean / error, digits: 1)
  if !page.options.isQuick { page.claim("not by chance", Spread(leads).mean / error, isAtLeast: 2.5) }
  page.claim(
    "2 % of the weights come near all of them", whole.mean - spread(2, \.ticket.after).mean,
    isAtMost: page.scale(quick: 0.2, standard: 0.06))

  //: And a surprise: how good is a ticket *before* it is trained? It has its own random start and nothing
  //: else, and guessing among ten classes gets a tenth right. But to choose which of the random weights to
  //: keep is a kind of learning, too, and that choice was made by a network that had been trained.
  let untrained = levels.indices.map { spread($0, \.ticket.before).mean }
  page.show("untrained tickets", untrained, digits: 3, note: "test accuracy at 27, 7 and 2 % of the weights")
  page.claim("better than guessing", untrained[0], isAtLeast: 0.2)

  /*:
   What has been saved? Not training time, for the ticket was found by training the whole network, several
   times. It is the finished network that is small: 2 % of the weights to store. And the finding is of interest
   for itself. A large network may be easy to train because it holds so many small ones, and one of them was
   lucky. (In much larger networks rewinding to the very start no longer works; one rewinds to a state after
   some steps.)
   */
}

/*:
 ## 6.8 A recipe

 Much can be done, and not all at once. This order has served many people well. It begins with the data and ends
 with details, and it goes on to the next step only when the last one works.
 */
notebook.section("6.8", "A recipe") { page in
  let checklist: [[any Showable]] = [
    ["1", "Look at the data", "labels, duplicates, a hundred examples by eye", "4.2"],
    ["2", "Split it", "training, validation, test; lock the test set away", "6.1"],
    ["3", "Know what is trivial", "guessing, the commonest class, a linear model", "2.1"],
    ["4", "Begin small", "predict the first loss; over-fit twenty examples", "5.6"],
    ["5", "Under-fit? Grow", "wider, deeper, longer, until training is learned", "2.5, 6.1"],
    ["6", "Set the step length", "learning rate in powers of ten, then a schedule", "5.2, 5.6"],
    ["7", "Over-fit? More data", "the best remedy, if there are any", "6.1"],
    ["8", "Augment", "by what varies without meaning anything", "6.5"],
    ["9", "Regularize", "weight decay, then dropout", "6.3, 6.4"],
    ["10", "Stop in time", "on validation, with the best weights restored", "6.2"],
    ["11", "Squeeze", "SAM, averaged weights; prune what must be small", "6.6, 6.7"],
    ["12", "Report", "the test set, once; several seeds and their spread", "6.1"],
  ]
  page.show("checklist", Table(["", "step", "what", "section"], checklist))

  /*:
   After each step look at two numbers, the error on the training set and that on the validation set. If the
   first is large, you are under-fitting: steps 5 and 6 help, and to regularize makes it worse. If the first is
   small and the second is not, you are over-fitting, and 7 to 10 help.

   ### Put to the test

   Three hundred drawn digits to train on, a hundred to validate with, and a network of two layers of 128 units,
   far too large for so few. It gets steps 8 to 10, or only some of them:
   */
  struct Recipe {
    var name = "all four"
    var augments = true
    var weightDecay = 0.05
    var dropout = 0.2
    var stopsEarly = true
  }
  let recipes = [
    Recipe(), Recipe(name: "no augmentation", augments: false),
    Recipe(name: "no weight decay", weightDecay: 0),
    Recipe(name: "no dropout", dropout: 0), Recipe(name: "no early stopping", stopsEarly: false),
    Recipe(name: "nothing", augments: false, weightDecay: 0, dropout: 0, stopsEarly: false),
  ]

  //: To leave out one ingredient at a time is called an **ablation**. It shows what each is worth *beside the
  //: others*, and that is often less than it is worth alone: of two medicines against the same illness either
  //: can be left out without harm. Hence the last row, which leaves out all of them.
  let runs = page.scale(quick: 2, standard: 3, full: 10)
  let epochs = page.scale(quick: 20, standard: 45, full: 200)
  let alteration = RandomAffine(degrees: 10, translate: (0.07, 0.07), scale: 0.9...1.1, shear: 10)
  func cook(_ recipe: Recipe, seed: UInt64) throws -> Sequential {
    let transform = recipe.augments ? alteration as any Transform : Compose([])
    let training = StrokeDigits(train: true, count: 300, seed: seed, transform: transform)
    let validation = StrokeDigits(train: false, count: 100, seed: seed + 1)
    let model = network(128, 128, dropout: recipe.dropout)
    let optimizer = AdamW(model.parameters(), lr: 1e-3, weightDecay: recipe.weightDecay)
    let loader = DataLoader(training, batchSize: 20, shuffle: true, prefetch: 2)
    //: The loop is that of section 6.2, where a model may stop early or not. Patience is longer here: of a
    //: hundred digits the loss is an unsteady number, and the first bad epochs mean little.
    var stopping = EarlyStopping(patience: 10)
    for epoch in 1...epochs {
      fit(model, optimizer, loader, epochs: 1)
      let loss = evaluate(model, validation.images, validation.targets).loss
      if stopping.shouldStop(after: epoch, value: loss, of: model) && recipe.stopsEarly { break }
    }
    if recipe.stopsEarly { try stopping.restoreBest(of: model) }
    return model
  }

  //: Three runs of each. Every run has digits of its own, the same for all recipes, so that none has an
  //: easier set than another. And only now three thousand test digits, which none of them has seen:
  let test = StrokeDigits(train: false, count: 3000, seed: page.options.seed &+ 1000)
  let results = try page.progress(recipes, "recipes").map { recipe in
    let scores = try (0..<runs).map { run in
      evaluate(
        try cook(recipe, seed: page.options.seed &+ UInt64(10 * run)), test.images, test.targets)
    }
    return (accuracy: Spread(scores.map(\.accuracy)), loss: Spread(scores.map(\.loss)))
  }
  let rows: [[any Showable]] = zip(recipes, results).map { [$0.name, "\($1.accuracy)", "\($1.loss)"] }
  page.show("test digits", Table(["", "accuracy", "loss"], rows))
  let (all, nothing) = (results[0], results[5])
  page.claim(
    "accuracy gained by the recipe", all.accuracy.mean - nothing.accuracy.mean,
    isAtLeast: page.scale(quick: 0.02, standard: 0.06))
  page.claim(
    "and the loss is lower by a factor of", nothing.loss.mean / all.loss.mean,
    isAtLeast: page.scale(quick: 1.2, standard: 1.5))

  //: What did each contribute? Of the accuracy with all four, the accuracy without one is taken off. A number
  //: above 0 says that the ingredient has helped, one below 0 that the others do better without it. Compare
  //: their size with the deviations in the table before you make anything of it.
  let lost = results[1...4].map { all.accuracy.mean - $0.accuracy.mean }
  page.show("lost without it", lost, digits: 3, note: "augmentation, weight decay, dropout, early stopping")
  page.claim("augmentation is worth the most here", lost[0], isAtLeast: lost[1...].max()!)
  page.claim(
    "the others little, beside it", lost[1...].map(abs), isAtMost: page.scale(quick: 0.06, standard: 0.04))

  /*:
   Mistakes have become far fewer, from the same three hundred digits and the same network. Nearly all of it
   is due to the augmentation, which knows something about handwriting that the examples did not say. The
   other three keep a network from believing too much; they cannot tell it anything new. Where augmentation
   has left little to over-fit, and time is short, dropout and decay may even cost a little, since they slow
   learning down. On another task the shares are others: try.

   What none of this gives is an idea of what a picture *is*. To these networks pixels are 784 numbers in no
   order; shuffle them, all pictures alike, and the network learns just as well. One that knows about
   neighborhoods is the subject of chapter 7.
   */
}

notebook.run()
