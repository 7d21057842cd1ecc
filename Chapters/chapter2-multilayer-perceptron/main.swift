/*:
 # Chapter 2: The multilayer perceptron

 A perceptron draws one straight line. Most questions worth asking a computer are not answered by one
 straight line: is this picture a shirt or a coat? This chapter takes two steps beyond it. The first keeps
 the line but asks for *several* classes at once: softmax regression. The second puts a layer of units
 *between* input and output, and with that one change the machine can bend its boundaries into any shape.

 Every section is code that runs. `swift run chapter2-multilayer-perceptron --section 2.4` runs one of them,
 `--quick` takes seconds, and `--list` says what there is. Lines marked ✓ are claims that the prose makes
 and the program checks.

 From chapter 1 you need the linear predictor, the sigmoid and the negative log-likelihood. One thing is
 borrowed from chapter 3: after `loss.backward()`, every tensor that asked for it holds in `.grad` the
 derivative of the loss with respect to itself. In section 2.1 we compare it with a derivative found by
 hand; how it is computed can wait.
 */

import DeepLearning

let notebook = Notebook("chapter2-multilayer-perceptron", title: "Chapter 2: The multilayer perceptron")

/*:
 Three sections use the same pictures of clothes, so they are read once. A network wants each picture of 28
 × 28 pixels as one row of 784 numbers, which `flatten(1)` makes of it: dimension 0, the examples, stays,
 and all that follow become one.
 */

let clothes = notebook.once {
  let folder = notebook.options.dataDirectory
  let train = try FashionMNIST.orStrokeDigits(root: folder, train: true)
  let test = try FashionMNIST.orStrokeDigits(root: folder, train: false)
  return (train: train, test: test, pixels: train.images.flatten(1), testPixels: test.images.flatten(1))
}

//: The yardstick of every classifier here is its **accuracy**, the share of examples whose true class gets
//: the highest score. Scores stand in rows, one row an example; `argmax(dim: 1)` finds the column of the
//: largest in each.

func accuracy(_ scores: Tensor, _ labels: Tensor) -> Double {
  (scores.argmax(dim: 1) .== labels).to(.float32).mean().item()
}

/*:
 ## 2.1 Softmax regression

 Logistic regression computes one number $z = w^\top x + b$ and squeezes it into a probability. For $K$
 classes we give each class a weight vector and a bias of its own. Their numbers $z_1, \dots, z_K$ are
 called **logits**: scores that may be any real numbers, where more means "more likely this class".

 Probabilities must be positive and must sum to one. The exponential makes any number positive, and dividing
 by the sum does the rest. That is the **softmax**:

 $$\mathrm{softmax}(z)_k = \frac{e^{z_k}}{\sum_{j=1}^{K} e^{z_j}}$$
 */

notebook.section("2.1", "Softmax regression") { page in
  let logits = Tensor([[2.0, 1.0, -1.0]])
  let positive = logits.exp()
  let probabilities = positive / positive.sum(dim: 1, keepDim: true)
  page.show("z", logits)
  page.show("softmax(z)", probabilities)
  page.claim(
    "class 0 against class 1: e", probabilities[0, 0] / probabilities[0, 1], equals: 2.71828, within: 1e-4)
  page.claim("the probabilities sum to 1", probabilities.sum(), equals: 1.0, within: 1e-6)

  /*:
   The order of the scores is kept, and differences of scores become ratios of probabilities: class 0 leads
   class 1 by one, so it is $e^1 \approx 2.718$ times as probable. "Soft" max, because a maximum would give
   the winner everything.

   ### Two classes: the sigmoid again

   With two classes, divide numerator and denominator by $e^{z_2}$:

   $$\frac{e^{z_2}}{e^{z_1} + e^{z_2}} = \frac{1}{1 + e^{-(z_2 - z_1)}} = \sigma(z_2 - z_1)$$

   So softmax regression with two classes *is* logistic regression, whose $z$ is the difference of two
   logits. Here $z_1 = 0$ and $z_2$ runs from −6 to 6:
   */
  let z = Tensor.linspace(-6, 6, 25)
  let twoLogits = stack([Tensor.zeros(like: z), z], dim: 1)
  let second = twoLogits.softmax(dim: 1)[.all, 1]
  page.claim("two-class softmax is the sigmoid", second, equals: z.sigmoid(), within: 1e-6)

  /*:
   ### Adding a constant changes nothing

   Only differences count, whatever the number of classes. Add $c$ to every logit and the factor $e^c$
   appears in the numerator and in every term of the denominator, where it cancels. The logits 2, 1, −1 and
   the logits 7, 6, 4 mean the same.
   */
  page.show("softmax(z + 5)", (logits + 5).softmax(dim: 1))
  page.claim(
    "adding 5 to all logits changes nothing", (logits + 5).softmax(dim: 1), equals: probabilities,
    within: 1e-6)

  /*:
   This is called **shift invariance**. It says that $K$ logits are one more than is needed, and it will
   save us at once, because the formula as it is written fails on a computer. The largest `Float` is about
   $3.4 \cdot 10^{38}$, and $e^{89}$ is beyond it. Logits of 1000 are nothing unusual in the middle of a
   training run that goes badly.
   */
  let large = Tensor([[1000.0, 999.0, 0.0]])
  let naive = large.exp() / large.exp().sum(dim: 1, keepDim: true)
  page.show("naive softmax", naive, note: "of the logits 1000, 999, 0")
  page.claim("the largest Float", Double(Float.greatestFiniteMagnitude), equals: 3.4e38, within: 1e37)
  page.claim("e⁸⁹ is beyond it", Tensor([89.0]).exp().item() == .infinity)
  page.claim("the formula as written gives NaN", naive.isNaN().any())

  //: Infinity divided by infinity is "not a number". The remedy is to choose the constant: subtract the
  //: largest logit from all of them. Then the largest exponential is $e^0 = 1$, and what is too small to
  //: represent becomes a harmless 0. The sum is at least 1, so nothing is ever divided by zero either.

  let largest = large.amax(dim: 1, keepDim: true)
  let shifted = (large - largest).exp()
  let safe = shifted / shifted.sum(dim: 1, keepDim: true)
  page.show("shifted softmax", safe)
  page.claim("the library's softmax does the same", large.softmax(dim: 1), equals: safe, within: 1e-6)

  /*:
   ### Log-softmax

   The loss will need the *logarithm* of these probabilities, and there the third one bites again: it is 0,
   and $\ln 0 = -\infty$. But the logarithm of a quotient is a difference, and the exponential in the
   numerator goes away:

   $$\ln \mathrm{softmax}(z)_k = z_k - \ln \sum_j e^{z_j}$$

   The last term is called **log-sum-exp**. With $m = \max_j z_j$ taken out of the sum it never overflows:
   $\ln \sum_j e^{z_j} = m + \ln \sum_j e^{z_j - m}$.
   */
  let logSumExp = largest + shifted.sum(dim: 1, keepDim: true).log()
  let logProbabilities = large - logSumExp
  page.show("log of the softmax", safe.log(), digits: 4)
  page.show("log-softmax", logProbabilities, digits: 4)
  page.claim("all of it is finite", logProbabilities.isFinite().all())
  page.claim("as logSoftmax computes it", large.logSoftmax(dim: 1), equals: logProbabilities, within: 1e-4)

  /*:
   −1000.3 instead of −∞: the class is hopeless, but by how much is known, and a derivative can pull it
   back. This is why libraries offer `logSoftmax` as one function and why you should not write `softmax`
   followed by `log`.

   ### One-hot labels and cross-entropy

   A label is a class number: 0, 1 or 2. To compare it with a row of probabilities, write it as a row too,
   with a 1 in the place of the true class and 0 elsewhere. Such a row $y$ is called **one-hot**.
   */
  let labels = Tensor([0, 1, 2, 2])
  let targets = oneHot(labels, classes: 3)
  page.show("labels", labels)
  page.show("one-hot", targets)

  /*:
   The **cross-entropy** of a prediction $p$ against the target $y$ is

   $$E_n = -\sum_{k=1}^{K} y_k \ln p_k$$

   A one-hot $y$ leaves a single term: minus the logarithm of the probability that was given to the true
   class. It is 0 for a certain and correct prediction and grows without bound as that probability goes to
   0. It is also the negative log-likelihood of chapter 1, for a categorical distribution. Take four
   predictions of three classes:
   */
  let predicted = Tensor([
    [0.3792, 0.3104, 0.3104], [0.3072, 0.4147, 0.2780], [0.4263, 0.2248, 0.3490], [0.2668, 0.2978, 0.4354],
  ])
  page.show("p", predicted, digits: 4)

  //: Multiply by the one-hot rows and sum along each row: (4, 3) becomes (4), one loss for each example.
  //: The products with 0 vanish, and what is left of a row is its one logarithm, with the sign turned so
  //: that a loss is positive.

  let losses = -(targets * predicted.log()).sum(dim: 1)
  page.show("losses", losses, digits: 6)

  //: Row 0 gave its true class 0 the probability .3792, so its loss is $-\ln .3792$. Row 2 gave its true
  //: class only .3490 and pays the most. Check each with a calculator; here they are against the values
  //: worked out beforehand:

  page.claim("loss of example 0, −ln .3792", losses[0], equals: 0.969692, within: 1e-6)
  page.claim("loss of example 1, −ln .4147", losses[1], equals: 0.880200, within: 1e-6)
  page.claim("loss of example 2, −ln .3490", losses[2], equals: 1.05268, within: 5e-6)
  page.claim("loss of example 3, −ln .4354", losses[3], equals: 0.831490, within: 1e-6)
  page.claim("their mean", losses.mean(), equals: 0.9335, within: 5e-5)

  //: The one-hot matrix shows the idea, but multiplying by zeros is waste. `gather` picks from each row the
  //: one entry that counts: its index is a column of class numbers, so the labels of shape (4) become (4,
  //: 1), and the result is a column again, which `squeeze` makes a plain row of four numbers.

  let picked = predicted.gather(1, labels.unsqueeze(1))
  page.claim("picking gives the same losses", -picked.log().squeeze(1), equals: losses, within: 1e-6)

  /*:
   In practice we hand the *logits* to `crossEntropy`, and it does everything at once: log-softmax, picking,
   mean. That is faster than the single steps, and safe for logits of any size: two logits of 1000 and −1000
   with the second class true cost 2000, not infinity.
   */
  page.claim(
    "a loss of logits ±1000", crossEntropy(Tensor([[1000.0, -1000.0]]), Tensor([1])), equals: 2000.0,
    within: 1e-3)

  /*:
   > **Mind the slip.** `crossEntropy` expects logits. Hand it the output of a softmax and it takes a second
   > softmax of numbers that all lie between 0 and 1. Nothing fails, the model even learns, but the loss can
   > no longer reach 0. With three classes and a *perfect* prediction it stays at $\ln(1 + 2/e)$.
   > (Log-softmax output does no harm, only double work: applying log-softmax again changes nothing.)
   */
  let perfect = Tensor([[1.0, 0.0, 0.0]])
  let twice = crossEntropy(perfect, Tensor([0]))
  page.show("softmax twice", twice, note: "the loss of a perfect prediction")
  page.claim("it cannot fall below ln(1 + 2/e)", twice, equals: 0.5514, within: 1e-4)
  let logs = logits.logSoftmax(dim: 1)
  page.claim("log-softmax twice is log-softmax", logs.logSoftmax(dim: 1), equals: logs, within: 1e-6)

  /*:
   ### Ten kinds of clothes

   Now real data. Fashion-MNIST holds gray pictures of 28 × 28 pixels from a shop's catalog, in ten classes.
   (Where it is not installed, the course draws handwriting-like digits of the same size instead; the next
   line says which you have. Numbers below that are not claims then differ.)
   */
  let (train, test, pixels, testPixels) = try clothes()
  page.show("data", train.name, note: "\(train.count) to train on, \(test.count) to test with")
  page.show("x", "\(pixels.shape)", note: "one picture a row, each pixel between 0 and 1")

  let firstOfClass = train.classes.indices.map { label in train.labels.firstIndex(of: label)! }
  page.figure(
    "ten-classes",
    pictureGrid(
      firstOfClass.map { pixels[$0] }, names: train.classes, title: "One picture of each class",
      caption: "The first training picture of each of the ten classes."))

  //: How many of each are there? Summing the one-hot labels over the examples counts them. It matters for
  //: the yardstick, too: if nine of ten pictures were shirts, answering "shirt" every time would score 0.9
  //: and be worth nothing.

  let classCounts = oneHot(train.targets, classes: 10).sum(dim: 0)
  page.show("per class", classCounts, note: "training examples")
  page.claim("about 6,000 of each", classCounts, isBetween: 5400...6800)

  /*:
   > **Mind the slip.** MNIST and its relatives are often said to have 10,000 examples of each class. They
   > have 60,000 for training, so a class has about 6,000 to learn from: exactly 6,000 in Fashion-MNIST, a few
   > hundred more or less in MNIST. The 10,000 are the test set, all classes together.

   ### The model and its gradient

   One weight for each class and pixel, one bias for each class. A batch of examples stands in the rows of
   $X$, and all logits come from one matrix product, $Z = X W^\top + b$, of shape (examples, 10):
   */
  let w = Tensor.zeros(10, 784, requiresGrad: true)
  let b = Tensor.zeros(10, requiresGrad: true)
  page.show("parameters", w.count + b.count)
  page.claim("10 · 784 weights and 10 biases", w.count + b.count, equals: 7850)

  //: Before any learning the weights are zero. We compute the loss on the first hundred pictures, which are
  //: the rows from 0 up to but not including 100. No softmax stands here: `crossEntropy` takes it inside.

  let few = pixels[0..<100]
  let fewLabels = train.targets[0..<100]
  let start = crossEntropy(few.matmul(w.T) + b, fewLabels)
  page.show("loss before learning", start)

  //: All weights are zero, so all logits are equal and each class gets probability 1/10. The loss must then
  //: be $-\ln \frac{1}{10} = \ln 10$. It is worth knowing this number: a first loss far from it means that
  //: something is wrong, with the data, the labels or the start.

  page.claim("it is ln 10", start, equals: 2.302585, within: 1e-5)

  /*:
   The derivative of an example's loss with respect to its logits is as simple as it could be: prediction
   minus target. (Try it: differentiate $-z_t + \ln \sum_j e^{z_j}$ by $z_k$, where $t$ is the true class.) By
   the chain rule each weight's derivative is that error times the pixel it multiplies, averaged over the $N$
   examples:

   $$\frac{\partial E_n}{\partial z^{(n)}} = p^{(n)} - y^{(n)} \qquad
     \frac{\partial E}{\partial W} = \frac{1}{N} (P - Y)^\top X$$

   $E$ is the mean of the $E_n$; the matrices $P$ and $Y$ hold the $p^{(n)}$ and the $y^{(n)}$ in their rows.
   `backward()` must agree with what we found by hand:
   */
  start.backward()
  let p = (few.matmul(w.T) + b).softmax(dim: 1)
  let y = oneHot(fewLabels, classes: 10, dtype: .float32)
  let byHand = (p - y).T.matmul(few) / 100
  page.show("∂E/∂W", "\(byHand.shape)", note: "the shape of W")
  page.claim("by hand and by backward()", byHand, equals: w.grad!, within: 1e-6)

  /*:
   ### Training

   Gradient descent moves every parameter a small step against its derivative. Computing the derivative over
   all 60,000 pictures for one step would be slow, and a rough estimate does as well: draw 250 pictures at
   random, a **mini-batch**, take a step, draw again. The **learning rate** 0.1 is the length of the step
   per unit of slope.
   */
  func softmaxRegression(_ x: Tensor, _ labels: Tensor, updates: Int) -> (w: Tensor, b: Tensor) {
    let w = Tensor.zeros(10, 784, requiresGrad: true)
    let b = Tensor.zeros(10, requiresGrad: true)
    for _ in 0..<updates {
      let batch = Tensor.randint(0, x.shape[0], [250])
      let loss = crossEntropy(x[batch].matmul(w.T) + b, labels[batch])
      loss.backward()
      //: The step itself must not be recorded for differentiation, so it stands in `noGrad`. The gradients
      //: are then forgotten, as `backward()` would add the next ones on top of them. What is returned are
      //: the bare numbers, detached from all that led to them.
      noGrad {
        for parameter in [w, b] {
          parameter -= 0.1 * parameter.grad!
          parameter.zeroGrad()
        }
      }
    }
    return (w.detach(), b.detach())
  }

  //: After 1500 such updates (fewer with `--quick`), each on 250 of the 60,000 pictures, we measure on all
  //: of them, and then on the 10,000 pictures of the test set, which took no part in learning. Only the
  //: second number says what the model is worth.

  let updates = page.scale(quick: 150, standard: 1500, full: 6000)
  let learned = softmaxRegression(pixels, train.targets, updates: updates)
  let trainAccuracy = accuracy(pixels.matmul(learned.w.T) + learned.b, train.targets)
  let testAccuracy = accuracy(testPixels.matmul(learned.w.T) + learned.b, test.targets)
  page.show("training accuracy", trainAccuracy, digits: 4)
  page.show("test accuracy", testAccuracy, digits: 4, note: "pictures it has never seen")
  page.claim(
    "far above the 0.1 of guessing", testAccuracy, isAtLeast: page.scale(quick: 0.68, standard: 0.78))

  //: The weights of a class are 784 numbers, one for each pixel, so they can be looked at as a picture.
  //: Where it is positive, a bright pixel speaks for the class; where it is negative, against it.

  page.figure(
    "softmax-weights",
    pictureGrid(
      (0..<10).map { learned.w[$0] }, names: train.classes, title: "What softmax regression looks for",
      caption: "The ten rows of W as pictures: red pixels speak for a class, blue ones against it.",
      isSigned: true))

  /*:
   ### How many examples does it take?

   Data is the price of learning, so let us see what it buys. We train on the first 100 pictures, then on
   more and more, always with the same number of updates, and measure accuracy twice: on the pictures used
   for training and on the 10,000 of the test set.
   */
  let sizes = page.scale(
    quick: [100, 1000, 10_000], standard: [100, 300, 1000, 3000, 10_000, 30_000, 60_000])
  var onTraining: [Double] = []
  var onTest: [Double] = []

  //: Slices of a tensor, `pixels[0..<size]`, are views: nothing is copied until a mini-batch is drawn.
  //: Every model starts anew from zero weights and makes the same number of updates, so that only the
  //: supply of pictures differs.

  for size in page.progress(sizes, "training") {
    let (x, labels) = (pixels[0..<size], train.targets[0..<size])
    let model = softmaxRegression(x, labels, updates: updates)
    onTraining.append(accuracy(x.matmul(model.w.T) + model.b, labels))
    onTest.append(accuracy(testPixels.matmul(model.w.T) + model.b, test.targets))
  }
  let rows: [[any Showable]] = sizes.indices.map { [sizes[$0], onTraining[$0], onTest[$0]] }
  page.show("accuracy", Table(["examples", "training", "test"], rows), digits: 3)
  page.figure("accuracy-against-training-set-size", sizeFigure(sizes, training: onTraining, test: onTest))

  /*:
   With 100 pictures nearly all of them are classified correctly, and the test shows how little that means.
   More data lifts the test accuracy and lowers the training accuracy, until the two nearly meet. From there
   on more pictures will not help: the model, ten templates to be laid over a picture, is too simple for
   this task. It needs a richer shape.
   */
  page.claim("100 examples: training beats test by", onTraining[0] - onTest[0], isAtLeast: 0.15)
  page.claim("all examples: the gap is down to", onTraining.last! - onTest.last!, isAtMost: 0.05)
  page.claim("what more data gained on the test set", onTest.last! - onTest[0], isAtLeast: 0.06)
}

/*:
 ## 2.2 The multilayer perceptron

 Softmax regression weighs pixels and adds them up. It cannot ask a question of the kind of *exclusive or*,
 such as "are these two pixels alike, both bright or both dark?", because in a sum what one pixel says does
 not depend on any other. So let us first compute useful questions, each a small perceptron of its own, and
 then weigh their answers.

 A **multilayer perceptron**, or MLP, is a chain of layers. Every layer takes the numbers of the one before,
 forms linear predictors of them, and applies a nonlinear function to each. One such predictor with its
 function is a **unit**; units that are neither input nor output are **hidden**.
 */

notebook.section("2.2", "The multilayer perceptron") { page in
  /*:
   ### The notation of this course

   The input is $a^{[0]} = x$. Layer $l$ of $L$ has $N^{[l]}$ units, a weight matrix $W^{[l]}$ of shape
   $N^{[l]} \times N^{[l-1]}$ and a bias $b^{[l]}$. It computes the **pre-activation** $z^{[l]}$ and from it
   the **activation** $a^{[l]}$:

   $$z^{[l]} = W^{[l]} a^{[l-1]} + b^{[l]} \qquad a^{[l]} = \sigma(z^{[l]})$$

   Square brackets count layers, round ones examples: $x^{(n)}$ is the $n$-th. In a classifier the last
   $z^{[L]}$ are the logits, and its activation is the softmax inside the loss. Take three inputs, four
   hidden units and two outputs, with random weights.
   */
  let w1 = Tensor.randn(4, 3)
  let b1 = Tensor.randn(4)
  let w2 = Tensor.randn(2, 4)
  let b2 = Tensor.randn(2)

  //: For one example the formula can be typed as it stands. A vector of the mathematics is a matrix of one
  //: column; the hyperbolic tangent serves as the nonlinear function $\sigma$. `unsqueeze(1)` turns a bias
  //: of shape (4) into a column of shape (4, 1), to be added to the column of products.

  let column = Tensor([[0.5], [-1.0], [2.0]])
  let hiddenColumn = (w1.matmul(column) + b1.unsqueeze(1)).tanh()
  let outputColumn = w2.matmul(hiddenColumn) + b2.unsqueeze(1)
  page.show("z[2]", outputColumn, note: "(2, 1): one column, one example")

  /*:
   Programs work on many examples at once and store each as a *row*: that is how files hold them, and how
   PyTorch and this library want them. Transposing the formula turns columns into rows and reverses the
   product, $(Wa)^\top = a^\top W^\top$. So in the code of this course a layer always reads $x W^\top + b$,
   with a batch of shape (examples, in), weights of shape (out, in), and the bias added to every row.
   */
  let batch = Tensor([
    [0.5, -1.0, 2.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [-2.0, 0.5, 0.1], [3.0, 0.0, -3.0],
  ])
  let hidden = (batch.matmul(w1.T) + b1).tanh()
  let output = hidden.matmul(w2.T) + b2
  page.show("shapes", "\(batch.shape) → \(hidden.shape) → \(output.shape)")
  page.claim("row 0 is the column from before", output[0], equals: outputColumn.squeeze(1), within: 1e-5)

  /*:
   This is all there is to the two conventions: mathematics of one column, code of many rows, and a
   transpose between them. From here on the library's `Linear(in, out)` holds $W$ and $b$ and computes
   $x W^\top + b$, and `Sequential` puts layers one after another.

   ### Counting parameters

   Each unit has one weight for every unit before it, and a bias:

   $$\text{parameters} = \sum_{l=1}^{L} N^{[l]} \, (N^{[l-1]} + 1)$$
   */
  func parameterCount(_ units: [Int]) -> Int {
    zip(units, units.dropFirst()).map { before, here in here * (before + 1) }.reduce(0, +)
  }
  let small = Sequential(Linear(3, 4), Tanh(), Linear(4, 2))
  page.show("3-4-2", parameterCount([3, 4, 2]), note: "parameters")
  page.claim("as many as the model holds", small.parameterCount, equals: parameterCount([3, 4, 2]))
  page.claim("by hand, 4 · 4 + 2 · 5", small.parameterCount, equals: 26)

  /*:
   ### A network that solves exclusive or

   Chapter 1 left a problem open: four points at the corners of a square, opposite corners of one class. No
   line separates them. Give the perceptron four hidden units and see. First the training loop, which is
   that of section 2.1 with two changes: it trains any model, and it lets an **optimizer** take the steps.
   `Adam` is gradient descent that adapts the length of the step to each parameter; chapter 5 explains it.
   */
  let (corners, classes) = GeneratedData.xor()
  let xor = Sequential(Linear(2, 4), Tanh(), Linear(4, 2))
  let optimizer = Adam(xor.parameters(), lr: 0.05)
  for _ in 0..<300 {
    let loss = crossEntropy(xor(corners), classes)
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
  }

  //: The four points are the whole data set, so every update uses all of them: the **full batch**. After
  //: 300 updates the softmax of the logits gives class 1 these probabilities, to be compared with the
  //: labels 0, 1, 1, 0. They are not exactly 0 and 1, and never will be: that would take infinite logits.

  page.show("points", corners)
  page.show("p(class 1)", noGrad { xor(corners).softmax(dim: 1)[.all, 1] }, digits: 3)
  page.claim("all four are right", accuracy(xor(corners), classes), equals: 1)

  //: What has it found? Let us look at the network that was just trained. The modules of a `Sequential`
  //: stand in its `layers`; those that have weights are the `Linear` ones, and row $i$ of a weight matrix
  //: belongs to unit $i$ and holds the weights of the lines that lead into it.

  let linear = xor.layers.compactMap { $0 as? Linear }
  let weights = linear.map { layer in
    (0..<layer.outFeatures).map { unit in layer.weight.detach()[unit].toArray(of: Double.self) }
  }
  //: Circles are units, lines are weights. The biases are not drawn. A hidden unit whose two incoming lines
  //: have the same color counts how many inputs are 1; two of that kind with different biases can tell "at
  //: least one" from "both". One whose lines differ in color compares the inputs.

  page.figure(
    "xor-network",
    Figure(
      title: "The trained network for exclusive or",
      caption:
        "Two inputs, four hidden units, two logits. Orange weights are positive, blue negative; thick is large."
    ).network(
      layers: [linear[0].inFeatures] + linear.map(\.outFeatures), names: ["input", "hidden", "logits"],
      unitLabels: [["x₁", "x₂"], ["a₁", "a₂", "a₃", "a₄"], ["z₁", "z₂"]], weights: weights))

  /*:
   ### Clothes again

   The loop deserves a name, since the rest of the chapter needs it: `fit`, right below this section, is the
   loop you just saw. Its parameter `batch` is the number of examples drawn for one update; without it every
   update uses all.
   */
  let (train, test, pixels, testPixels) = try clothes()
  let updates = page.scale(quick: 100, standard: 1200, full: 4000)
  func trained(_ model: Module) -> Module {
    fit(model, pixels, train.targets, lr: 0.003, updates: updates, batch: 500)
    return model
  }

  //: Softmax regression is a network without a hidden layer, so one loop trains both: the ten templates of
  //: before, and a network with 64 hidden units whose nonlinear function is the **ReLU**, $\max(z, 0)$.
  //: Everything else is equal: the pictures, the optimizer, the number of updates and their size.

  let flat = trained(Linear(784, 10))
  let mlp = trained(Sequential(Linear(784, 64), ReLU(), Linear(64, 10)))
  func mistakes(_ accuracy: Double) -> Int { Int(((1 - accuracy) * Double(test.count)).rounded()) }
  let flatAccuracy = accuracy(noGrad { flat(testPixels) }, test.targets)
  let mlpAccuracy = accuracy(noGrad { mlp(testPixels) }, test.targets)
  page.show(
    "test accuracy",
    Table(
      ["model", "parameters", "accuracy", "mistakes"],
      [
        ["softmax regression", flat.parameterCount, flatAccuracy, mistakes(flatAccuracy)],
        ["64 hidden units", mlp.parameterCount, mlpAccuracy, mistakes(mlpAccuracy)],
      ]), digits: 3)
  page.claim("parameters of 784-64-10", mlp.parameterCount, equals: parameterCount([784, 64, 10]))
  page.claim(
    "what the hidden layer gains", mlpAccuracy - flatAccuracy, isAtLeast: page.scale(quick: 0, standard: 0.01)
  )

  /*:
   A gain of a few points may look modest, but count the errors: that is what a user meets. And where
   softmax regression has reached its ceiling, the network has room to go on, and `--full` lets both train
   longer. Why does one hidden layer help at all, and what may stand in the place of $\sigma$? The next two
   sections.
   */
}

/*:
 The loop of this section, for any model that gives logits or numbers. The loss is a parameter, as section
 2.4 fits curves rather than classes. It returns the loss of every update, for plotting.
 */

@discardableResult
func fit(
  _ model: Module, _ x: Tensor, _ y: Tensor, lr: Double, updates: Int, batch: Int? = nil,
  loss: (Tensor, Tensor) -> Tensor = { crossEntropy($0, $1) }
) -> [Double] {
  let optimizer = Adam(model.parameters(), lr: lr)
  return (0..<updates).map { _ in
    let rows = batch.map { Tensor.randint(0, x.shape[0], [$0]) }
    let error = loss(model(rows.map { x[$0] } ?? x), rows.map { y[$0] } ?? y)
    optimizer.zeroGrad()
    error.backward()
    optimizer.step()
    return error.item()
  }
}

/*:
 ## 2.3 Activation functions

 The nonlinear function of a unit is its **activation function**. Many have been used, and the choice
 decides whether a deep network learns quickly or not at all. Learning runs on derivatives, so look at each
 function twice: at its values, and at its slope.

 | name | $\sigma(z)$ | $\sigma'(z)$ |
 |---|---|---|
 | sigmoid | $1 / (1 + e^{-z})$ | $\sigma (1 - \sigma)$ |
 | tanh | $\tanh z$ | $1 - \tanh^2 z$ |
 | ReLU | $\max(z, 0)$ | 1 for $z > 0$, else 0 |
 | leaky ReLU | $z$ for $z > 0$, else $0.01 z$ | 1 for $z > 0$, else 0.01 |
 | PReLU | $z$ for $z > 0$, else $a z$, with $a$ learned | 1 for $z > 0$, else $a$ |
 | ELU | $z$ for $z > 0$, else $e^z - 1$ | 1 for $z > 0$, else $e^z$ |
 | maxout | $\max_k z_k$ over $k$ linear pieces | 1 for the largest piece, else 0 |
 */

notebook.section("2.3", "Activation functions") { page in
  /*:
   ### Every derivative of the table, checked

   `backward()` starts from one number, so we sum the values over all points. Each value depends on its own
   point only, so the derivative of the sum at a point is the derivative of the function there.
   */
  func slope(_ function: (Tensor) -> Tensor, at points: Tensor) -> Tensor {
    let x = points.clone().requiresGrad_()
    function(x).sum().backward()
    return x.grad!
  }

  //: The points run from −4 to 4. A mask is 1 where its condition holds and 0 elsewhere, which is how "for
  //: $z > 0$" is written in tensors. Products with it and sums of such products build every piecewise
  //: formula of the table without a single `if`.

  let z = Tensor.linspace(-4, 4, 161)
  let above = (z .> 0).to(.float32)
  let below = 1 - above

  //: The **sigmoid** squeezes everything between 0 and 1. Its derivative can be written in terms of its own
  //: value, so a program that has computed the value has nearly computed the slope. The **hyperbolic
  //: tangent** is a sigmoid stretched to the range from −1 to 1: $\tanh z = 2 \sigma(2z) - 1$.

  let s = z.sigmoid()
  let t = z.tanh()
  page.claim("sigmoid: σ(1 − σ)", slope({ $0.sigmoid() }, at: z), equals: s * (1 - s), within: 1e-6)
  page.claim("tanh: 1 − tanh²", slope({ $0.tanh() }, at: z), equals: 1 - t * t, within: 1e-6)
  page.claim("tanh z = 2σ(2z) − 1", t, equals: 2 * (2 * z).sigmoid() - 1, within: 1e-6)

  //: The **rectified linear unit**, ReLU, cuts off what is negative. It has a kink at 0, where no
  //: derivative exists; libraries answer 0 there, and no harm comes of it, since hardly any pre-activation
  //: is exactly 0. **Leaky ReLU** lets a little of the negative side through.

  page.claim("ReLU: 0 or 1", slope({ $0.relu() }, at: z), equals: above, within: 0)
  page.claim(
    "leaky ReLU: 0.01 or 1", slope({ $0.leakyReLU(0.01) }, at: z), equals: above + 0.01 * below, within: 1e-7)

  //: **PReLU**, parametric ReLU, makes the slope of the negative side a parameter $a$. It then has two
  //: derivatives: by $z$, to pass the error on, and by $a$, to learn it. Since $a$ multiplies $z$ where $z$
  //: is negative, the second is $z$ there and 0 elsewhere. As all points share one $a$, its derivative is
  //: the sum over them.

  let a = Tensor([0.25], requiresGrad: true)
  page.claim("PReLU by z: a or 1", slope({ $0.prelu(a) }, at: z), equals: above + 0.25 * below, within: 1e-7)
  page.claim("PReLU by a: the sum of all z < 0", a.grad!, equals: (z * below).sum().reshape(1), within: 1e-3)

  //: The **exponential linear unit**, ELU, bends smoothly towards −1 instead of leaking. At 0 both of its
  //: sides have slope 1, so it has no kink. Far to the left it saturates like a sigmoid, which keeps a
  //: single wild input from having a wild effect.

  page.claim("ELU: eᶻ or 1", slope({ $0.elu() }, at: z), equals: above + below * z.exp(), within: 1e-6)

  /*:
   **Maxout** is of another kind: it takes several linear predictors and passes on the largest. The error
   goes back to the winner alone. With the pieces $z$ and $-z$ it is the absolute value; with $z$ and 0 it
   is ReLU. So a maxout unit learns its own activation function, as a chain of straight pieces, and pays
   with twice or more the weights.
   */
  let pieces = stack([z, -z], dim: 1)
  page.show("pieces", "\(pieces.shape) → \(pieces.maxout(pieces: 2).shape)", note: "the larger of each pair")
  page.claim("maxout of z and −z is |z|", pieces.maxout(pieces: 2).squeeze(1), equals: z.abs(), within: 0)
  //: For the derivative, shift one piece a little so that no two are equal. Of each pair one is the winner
  //: and has derivative 1; the other has 0. A mask says which of the two it is.

  let wins = slope({ $0.maxout(pieces: 2) }, at: stack([z + 0.01, -z], dim: 1))
  let firstWins = (z + 0.01 .> -z).to(.float32)
  page.claim(
    "maxout: 1 for the winner, 0 for the other", wins, equals: stack([firstWins, 1 - firstWins], dim: 1))

  //: Now all seven side by side. A list of names and closures is enough: the same function `slope` that
  //: checked the formulas gives the dashed curves. Look for three things in each panel: where the dashed
  //: line is near 0, whether it ever exceeds 1, and whether it jumps.

  let functions: [(name: String, function: (Tensor) -> Tensor)] = [
    ("sigmoid", { $0.sigmoid() }), ("tanh", { $0.tanh() }), ("ReLU", { $0.relu() }),
    ("leaky ReLU, 0.1", { $0.leakyReLU(0.1) }), ("PReLU, a = 0.25", { $0.prelu(Tensor([0.25])) }),
    ("ELU", { $0.elu() }), ("maxout of z and −z", { stack([$0, -$0], dim: 1).maxout(pieces: 2).squeeze(1) }),
  ]
  page.figure("activation-functions", activationFigure(functions, at: z) { slope($0, at: $1) })

  /*:
   ### Saturation

   Follow the dashed lines of sigmoid and tanh outwards: away from 0 they vanish. A unit in this flat region
   is **saturated**: whatever the error says, nearly nothing of it passes. Here are the slopes at four
   points further and further out:
   */
  let places = Tensor([0.0, 2.0, 5.0, 10.0])
  page.show("z", places)
  page.show("σ'(z)", slope({ $0.sigmoid() }, at: places), digits: 6)
  page.show("tanh'(z)", slope({ $0.tanh() }, at: places), digits: 6)
  page.claim("σ' is largest at 0: ¼", slope({ $0.sigmoid() }, at: z).amax(), equals: 0.25, within: 1e-6)
  page.claim("and at 10 it is below", slope({ $0.sigmoid() }, at: places)[3], isAtMost: 5e-5)

  //: Even at its best the sigmoid passes on a quarter of the error. A chain of ten sigmoids multiplies ten
  //: such factors, and at most a millionth arrives at the bottom. This is the **vanishing gradient**, one
  //: reason why deep networks were thought untrainable. ReLU passes positive signals on whole.

  let factor = slope({ x in (0..<10).reduce(x) { a, _ in a.sigmoid() } }, at: Tensor([0.0]))
  page.show("through 10 sigmoids", factor)
  page.claim("at most ¼ to the tenth", factor, isAtMost: 9.6e-7)

  /*:
   ### Zero-centered or not

   Sigmoid outputs are all positive; tanh outputs lie around 0. Why care? The derivative of a weight is
   $\delta a$: the error of the unit above times the activation that the weight multiplies. If all $a$ are
   positive, all weights of a unit are pushed in the *same* direction, all up or all down. To raise one and
   lower another it must zigzag.
   */
  func weightSlopes(_ activations: Tensor) -> Tensor {
    let w = Tensor.randn(1, 8).requiresGrad_()
    (activations.matmul(w.T) - 1).square().sum().backward()
    return w.grad!.sign()
  }
  //: Eight random inputs, passed once through a sigmoid and once through tanh, feed a unit with random
  //: weights. The loss asks for an output of 1. We look only at the signs of the unit's eight derivatives,
  //: that is, at the direction in which each weight is to move.

  let input = Tensor.randn(1, 8)
  let afterSigmoid = weightSlopes(input.sigmoid())
  let afterTanh = weightSlopes(input.tanh())
  page.show("after sigmoid", afterSigmoid, note: "signs of the eight derivatives")
  page.show("after tanh", afterTanh)
  page.claim("after sigmoid all eight agree", afterSigmoid.sum().abs(), equals: 8)
  page.claim("after tanh they differ", afterTanh.sum().abs(), isAtMost: 7)

  /*:
   ### Dead units

   ReLU has a trap of its own. Take a unit whose bias has been driven to −10, say by one step that was too
   long. Its pre-activation is negative for every example, so its output is 0, its slope is 0, and no error
   can move it again. The unit is **dead**. Leaky ReLU leaves a way back.
   */
  func lifeOf(_ activation: Module) -> (before: Double, after: Double) {
    let unit = Linear(1, 1)
    noGrad { _ = unit.bias!.fill_(-10) }
    let x = Tensor.linspace(-2, 2, 41).unsqueeze(1)
    let model = Sequential(unit, activation)
    let losses = fit(model, x, x.relu(), lr: 0.05, updates: 600, loss: { mseLoss($0, $1) })
    return (losses[0], losses.last!)
  }

  //: The unit is asked for nothing difficult: to become $\max(x, 0)$, which a living ReLU unit can do
  //: exactly, with weight 1 and bias 0. Both units start from a bias of −10; the leak of the second is a
  //: tenth.

  let dead = lifeOf(ReLU())
  let leaky = lifeOf(LeakyReLU(0.1))
  page.show("ReLU", "loss \(dead.before.shown(digits: 4)) → \(dead.after.shown(digits: 4))")
  page.show("leaky ReLU", "loss \(leaky.before.shown(digits: 4)) → \(leaky.after.shown(digits: 4))")
  page.claim("600 updates change nothing for the dead unit", dead.after, equals: dead.before, within: 0)
  page.claim("the leaky one has come back", leaky.after, isAtMost: 0.05)

  /*:
   PReLU goes one step further and learns how much to leak. We make data with a slope of 0.6 on the negative
   side and let the parameter, which starts at 0.25, find out. There is no other weight in this model, only
   the activation function itself.
   */
  let prelu = PReLU()
  let points = Tensor.randn(200, 1)
  fit(prelu, points, points.leakyReLU(0.6), lr: 0.01, updates: 300, loss: { mseLoss($0, $1) })
  page.show("learned slope", prelu.weight, digits: 4)
  page.claim("it is the slope of the data", prelu.weight, equals: [0.6], within: 0.01)

  /*:
   ### What if there is no nonlinearity at all?

   Then the layers were for nothing. Two linear layers in a row are one linear layer:

   $$W^{[2]} (W^{[1]} x + b^{[1]}) + b^{[2]} = (W^{[2]} W^{[1]})\, x + (W^{[2]} b^{[1]} + b^{[2]})$$
   */
  //: The matrix of the product has no more entries than a single layer from 5 to 3 would have. Whatever the
  //: 100 units between them compute, the output cannot tell.

  let first = Linear(5, 100)
  let second = Linear(100, 3)
  let product = second.weight.matmul(first.weight)
  let offset = second.weight.matmul(first.bias!) + second.bias!
  let x = Tensor.randn(20, 5)
  page.show("W[2] W[1]", "\(product.shape)", note: "100 hidden units have left no trace")
  page.claim("two layers are one", second(first(x)), equals: x.matmul(product.T) + offset, within: 1e-5)

  //: So a "deep" network without nonlinearities draws one straight line, however many parameters it has. On
  //: exclusive or the best a line can do is three of four. With tanh in between, the same layers with the
  //: same number of parameters get all four:

  let (corners, classes) = GeneratedData.xor()
  let collapsed = Sequential(Linear(2, 20), Linear(20, 20), Linear(20, 2))
  let bent = Sequential(Linear(2, 20), Tanh(), Linear(20, 20), Tanh(), Linear(20, 2))
  for model in [collapsed, bent] { fit(model, corners, classes, lr: 0.01, updates: 300) }
  page.show("parameters", "\(collapsed.parameterCount) and \(bent.parameterCount)")
  page.claim("without a nonlinearity: at most", accuracy(collapsed(corners), classes), isAtMost: 0.75)
  page.claim("with tanh", accuracy(bent(corners), classes), equals: 1)

  /*:
   Which one to use? ReLU first: it is cheap, does not saturate on its positive side, and works. Tanh where
   outputs must be smooth or centered. A leaky variant where many units die. The sigmoid today is for
   outputs that are probabilities.
   */
}

/*:
 ## 2.4 Universal approximation

 How much can a hidden layer do? A theorem of 1989 (Cybenko; Hornik, Stinchcombe and White) gives the
 largest answer one could hope for: a network with *one* hidden layer of sigmoids can come as close as you
 like to any continuous function on a bounded region, if only it has enough units. The same holds for tanh
 and ReLU. It is called **universal approximation**. We first see why, without any learning, and then let
 networks learn.
 */

notebook.section("2.4", "Universal approximation") { page in
  //: The function to be approximated is a wave on a slope, $f(x) = \sin 2x + 0.3 x$, for $x$ from −3 to 3.
  //: One input and one output, so everything can be drawn. It rises and falls twice and then rises again,
  //: which no straight line can follow, and there is no noise: what the network gets wrong is its own doing.

  func target(_ x: Tensor) -> Tensor { (2 * x).sin() + 0.3 * x }
  let x = Tensor.linspace(-3, 3, 200).unsqueeze(1)
  let y = target(x)
  page.show("x, y", "\(x.shape), \(y.shape)", note: "200 examples of one number")

  /*:
   ### A staircase of sigmoids

   Multiply the input of a sigmoid by 2000 and it becomes a step: 0 before its place, 1 after it. A weighted
   sum of steps is a staircase, and a staircase follows any curve if its steps are narrow. Each hidden unit
   is one step. Its bias says where, its outgoing weight how high.
   */
  func staircase(_ x: Tensor, steps: Int) -> Tensor {
    let edges = Tensor.linspace(-3, 3, steps + 1)
    let heights = target(edges)
    let jumps = heights[1...] - heights[..<steps]
    let middles = (edges[1...] + edges[..<steps]) / 2
    let hidden = (2000 * (x - middles)).sigmoid()
    return heights[0] + hidden.matmul(jumps).unsqueeze(1)
  }

  //: The hidden layer has one row for each example and one column for each step. Now double the number of
  //: steps, again and again, and look for the largest error on a fine grid. It should be about half of what
  //: the function climbs within one step:

  let fine = Tensor.linspace(-3, 3, 3001).unsqueeze(1)
  let stepCounts = [10, 20, 40, 80]
  let errors = stepCounts.map { (staircase(fine, steps: $0) - target(fine)).abs().amax().item() }
  page.show(
    "largest error", Table(["units", "error"], stepCounts.indices.map { [stepCounts[$0], errors[$0]] }),
    digits: 3)
  page.claim(
    "twice the units, about half the error", zip(errors, errors.dropFirst()).map { $1 / $0 },
    isBetween: 0.4...0.65)

  //: However small an error you ask for, some number of steps reaches it. In the picture the blue staircase
  //: of 40 steps clings to the curve more closely than the orange one of 20. Where the curve is steep the
  //: steps are high; where it is level they nearly vanish.

  page.figure("staircase", staircaseFigure(target) { staircase($0, steps: $1) })

  /*:
   For functions of one number, that is the whole idea of the proof. With several inputs the step of a unit
   is a cliff that runs across the whole space, and the proof needs more. Note also what the theorem leaves
   open: how many units are enough (with many inputs it can be absurdly many), how to find the weights by
   learning, and what happens outside the region.

   ### Learning it with 1, 2, 4, 8 and 16 units

   Gradient descent is not bound to equal steps. It places its tanh units where they help, and lets them be
   gentle where the curve is gentle. The loss is the mean squared error, the average of
   $(\text{output} - y)^2$.
   */
  func curve(_ units: Int) -> Sequential { Sequential(Linear(1, units), Tanh(), Linear(units, 1)) }
  let updates = page.scale(quick: 1500, standard: 3000, full: 10_000)
  let widths = [1, 2, 4, 8, 16]
  let curves = page.progress(widths, "fitting").map { units in
    let model = curve(units)
    let losses = fit(model, x, y, lr: 0.02, updates: updates, loss: { mseLoss($0, $1) })
    return (units: units, loss: losses.last!, y: noGrad { model(x) })
  }
  page.show("mean squared error", Table(["units", "error"], curves.map { [$0.units, $0.loss] }), digits: 5)

  //: One tanh unit is one smooth step: it can rise once. Two make a rise and a fall. The wave turns four
  //: times, and with eight units the two lines cannot be told apart any more. The last panel shows the
  //: error on logarithmic axes: it falls by powers of ten.

  page.figure("one-to-sixteen-units", growthFigure(curves, x: x, y: y))
  let loss = curves.map(\.loss)
  page.claim(
    "2 units beat 1, 4 beat 2, 8 beat 4", loss[0] > loss[1] && loss[1] > loss[2] && loss[2] > loss[3])
  page.claim("with one unit the error stays above", loss[0], isAtLeast: 0.2)
  page.claim("with 8 and 16 it is below", [loss[3], loss[4]], isAtMost: 0.005)

  /*:
   ### Straight pieces or smooth curves

   What a network looks like between its examples depends on its activation function. One layer of 80 ReLU
   units gives straight pieces with up to 80 kinks. Two layers of 40 tanh units give something smooth. Both
   fit the data well.
   */
  let relu = Sequential(Linear(1, 80), ReLU(), Linear(80, 1))
  let tanh = Sequential(Linear(1, 40), Tanh(), Linear(40, 40), Tanh(), Linear(40, 1))
  let fitted = [relu, tanh].map { model in
    fit(model, x, y, lr: 0.005, updates: updates, loss: { mseLoss($0, $1) }).last!
  }
  page.show("80 ReLU units", fitted[0], note: "mean squared error")
  page.show("40 + 40 tanh units", fitted[1])
  page.claim("both fit the data", fitted, isAtMost: page.scale(quick: 0.05, standard: 0.01))

  /*:
   ### Outside the data

   The examples end at −3 and 3. What do the two say at 6? Neither has been told anything about that place,
   and the theorem promises nothing. They answer all the same, each after its own nature: beyond its last
   kink the ReLU network goes straight on for ever; the tanh units saturate one after the other, and their
   sum levels off.
   */
  let wide = Tensor.linspace(-9, 9, 361).unsqueeze(1)
  let (reluWide, tanhWide) = noGrad { (relu(wide), tanh(wide)) }
  page.figure("outside-the-data", outsideFigure(wide, target: target(wide), relu: reluWide, tanh: tanhWide))

  //: In numbers, far outside: three places at equal distances. On a straight line the two differences
  //: between neighbors are equal; on a level one they are zero. And for x from 7 to 9, not so far outside,
  //: we compare both with the function.

  let far = Tensor([[1000.0], [2000.0], [3000.0]])
  let reluFar = noGrad { relu(far) }.flatten().toArray(of: Double.self)
  let tanhFar = noGrad { tanh(far) }.flatten().toArray(of: Double.self)
  page.show("ReLU", reluFar, digits: 1, note: "at x = 1000, 2000, 3000")
  page.show("tanh", tanhFar, digits: 3)
  page.claim(
    "ReLU is straight: ratio of the two differences", (reluFar[2] - reluFar[1]) / (reluFar[1] - reluFar[0]),
    equals: 1, within: 0.02)
  page.claim("tanh is level", tanhFar[2] - tanhFar[0], equals: 0, within: 0.01)

  let outside = noGrad { [relu, tanh].map { ($0(wide) - target(wide))[320...].abs().amax().item() } }
  page.show("largest error", outside, digits: 2, note: "ReLU and tanh, for x from 7 to 9")
  page.claim("both are wrong there", outside, isAtLeast: 0.5)

  /*:
   Remember this picture when a network is asked about something unlike its training data. It will answer,
   and nothing in the answer says that it is an invention.
   */
}

/*:
 ## 2.5 Half-moons: width, depth and over-fitting

 A network that can take any shape can also take the wrong one. Two half circles that reach into each other,
 blurred by noise, are a classic place to watch it: a straight line is not enough, a gentle curve does well,
 and a network with too much freedom draws an island around every stray point.
 */

//: While a network learns we shall keep an eye on both sets: its loss on the training set, which it sees,
//: and on the test set, which it does not. A `Run` is a network together with these two records.

struct Run {
  let model: Sequential
  var training: [Double] = []
  var test: [Double] = []
}

notebook.section("2.5", "Half-moons: width, depth and over-fitting") { page in
  //: 200 points to learn from, 2000 fresh ones to test with. The noise is so strong that the moons overlap,
  //: so no boundary whatever can be right for all points. A network that claims to be has learned the noise
  //: by heart.

  let (points, labels) = GeneratedData.halfMoons(count: 200, noise: 0.3)
  let (testPoints, testLabels) = GeneratedData.halfMoons(count: 2000, noise: 0.3)
  page.show("training set", "\(points.shape), labels \(labels.shape)")
  page.show("test set", "\(testPoints.shape), labels \(testLabels.shape)")

  //: A list of widths describes a network: `[20, 20]` is two hidden layers of 20 units. An empty list is
  //: softmax regression. The function takes the activation as a closure, because each layer needs a module
  //: of its own. The last layer is always a `Linear` with two logits.

  func network(_ hidden: [Int], _ activation: () -> Module = { Tanh() }) -> Sequential {
    var layers: [Module] = []
    var inputs = 2
    for units in hidden {
      layers += [Linear(inputs, units), activation()]
      inputs = units
    }
    return Sequential(layers + [Linear(inputs, 2)])
  }
  page.claim("parameters of 2-20-20-2", network([20, 20]).parameterCount, equals: 60 + 420 + 42)

  //: Here is the training loop with its records. Every 20 updates it notes both losses, the second under
  //: `noGrad`, since nothing is to be learned from it. Everything else is the loop you know: full batch,
  //: Adam, cross-entropy. In the last third the steps are ten times smaller, so that the end is calm and
  //: not a matter of luck.

  let last = page.scale(quick: 900, standard: 1500)
  func learn(_ model: Sequential) -> Run {
    var run = Run(model: model)
    let optimizer = Adam(model.parameters(), lr: 0.01)
    for update in 0...last {
      if update == 2 * last / 3 { optimizer.setLearningRate(0.001) }
      let loss = crossEntropy(model(points), labels)
      if update % 20 == 0 {
        run.training.append(loss.item())
        run.test.append(noGrad { crossEntropy(model(testPoints), testLabels).item() })
      }
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
    }
    return run
  }

  //: Five networks, from softmax regression to five layers of 64 units, all trained in the same way on the
  //: same points. The smallest has 6 parameters, the largest 16,962: more than eighty for every point it is
  //: to learn.

  let shapes = [[], [2], [10], [20, 20], [64, 64, 64, 64, 64]]
  let names = ["no hidden layer", "2 units", "10 units", "20 + 20 units", "5 layers of 64"]
  let runs = page.progress(shapes, "training").map { learn(network($0)) }
  let trainingAccuracy = runs.map { accuracy($0.model(points), labels) }
  let testAccuracy = runs.map { accuracy($0.model(testPoints), testLabels) }
  let rows: [[any Showable]] = runs.indices.map { i in
    let run = runs[i]
    return [
      names[i], run.model.parameterCount, run.training.last!, run.test.last!, trainingAccuracy[i],
      testAccuracy[i],
    ]
  }

  //: Two losses and two accuracies for each network at the end of training. The accuracy counts mistakes;
  //: the loss also asks how sure the network was when it made them.

  page.show(
    "after training",
    Table(
      ["network", "parameters", "training loss", "test loss", "training accuracy", "test accuracy"],
      rows), digits: 3)

  /*:
   Read the columns downwards. On the training set bigger is better: the loss goes nearly to 0. On the test
   set it is not: ten units are more accurate than the largest network, and beyond them the loss rises far
   above that of plain softmax regression. A network that is good on what it has seen and bad on what it has
   not is **over-fitted**. The figure shows what it did with its freedom.
   */
  func probability(_ model: Module) -> Field {
    Field(x: -2...3, y: -1.6...2.1, resolution: 120) { places in
      let grid = Tensor(places.map { [$0.x, $0.y] })
      return noGrad { model(grid).softmax(dim: 1)[.all, 1].toArray(of: Double.self) }
    }
  }

  //: `Field` asks a function for values on a grid of the plane; here it is the probability of class 1. The
  //: boundary is where that passes ½. For a grid of 120 × 120 places the network is called once, with all
  //: of them as one batch.

  let probabilities = runs.map { probability($0.model) }
  page.figure(
    "half-moon-regions", regionFigure(points, labels, names: names, probabilities: probabilities))

  //: Two tanh units can bend the boundary once or twice at best, and not every random start finds even
  //: that. Ten draw the gentle curve that one would draw by hand. The claims put the rest in numbers. The
  //: largest network is nearly perfect on its own 200 points and far from it on others, and its test loss
  //: is a multiple of what ten units have. Even the network without any hidden layer, which can only draw a
  //: line, has a lower test loss than the two large ones. (A `--quick` run stops before all of this has
  //: happened.)

  let (medium, largest) = (runs[2], runs[4])
  page.claim(
    "the largest network's training accuracy", trainingAccuracy[4],
    isAtLeast: page.scale(quick: 0.92, standard: 0.95))
  page.claim(
    "but on the test set it loses", trainingAccuracy[4] - testAccuracy[4],
    isAtLeast: page.scale(quick: 0.02, standard: 0.06))
  page.claim("ten units are more accurate than five layers", testAccuracy[2], isAtLeast: testAccuracy[4])
  page.claim(
    "both large networks: test loss over that of a line",
    [runs[3], largest].map { $0.test.last! / runs[0].test.last! },
    isAtLeast: page.scale(quick: 0.7, standard: 1.5))
  page.claim(
    "training loss falls from 2 to 10 units", medium.training.last!, isAtMost: runs[1].training.last!)
  page.claim(
    "test loss, five layers over ten units", largest.test.last! / medium.test.last!,
    isAtLeast: page.scale(quick: 1.0, standard: 1.5))

  //: When did it happen? Follow the two losses of the largest network through its training, and beside them
  //: those of the network with ten units. They start alike; after some dozens of updates the solid orange
  //: line turns.

  page.figure("over-fitting", overfittingFigure(largest: largest, medium: medium))

  let best = largest.test.min()!
  page.show(
    "lowest test loss", best, digits: 3, note: "5 × 64, at update \(20 * largest.test.firstIndex(of: best)!)")
  page.show("last test loss", largest.test.last!, digits: 3)
  page.claim(
    "it ends far above its best", largest.test.last! / best, isAtLeast: page.scale(quick: 1.1, standard: 2))

  /*:
   The network was at its best early and has been learning noise since. Stopping in time is one remedy;
   chapter 6 has more. Note that the test *loss* suffers far more than the test accuracy. The over-fitted
   network makes somewhat more mistakes, but it makes them with certainty, and cross-entropy makes false
   certainty expensive. How sure is a network of the answers that are wrong?
   */
  func certaintyWhenWrong(_ model: Module) -> Double {
    let (certainty, answer) = noGrad { model(testPoints).softmax(dim: 1) }.max(dim: 1)
    return certainty[answer .!= testLabels].mean().item()
  }

  //: The mask picks the test points whose most probable class is not the true one, and of these we average
  //: the probability of that class. Half would be a fair answer for a point that could belong to either
  //: moon.

  page.show(
    "10 units", certaintyWhenWrong(medium.model), digits: 3, note: "mean probability of its wrong answers")
  page.show("5 layers of 64", certaintyWhenWrong(largest.model), digits: 3)
  page.claim(
    "the over-fitted network is wrong with certainty", certaintyWhenWrong(largest.model),
    isAtLeast: page.scale(quick: 0.75, standard: 0.8))

  /*:
   ### Wide or deep?

   Given a budget of parameters, is it better spent on one wide layer or on several narrow ones? To compare
   fairly the budgets must be equal. One layer of $H$ units costs $5H + 2$ here; three layers of $w$ units
   cost $2w^2 + 7w + 2$. With $H = 111$ and $w = 15$ they agree exactly.
   */
  let relu = { ReLU() as Module }
  let counts = (network([111], relu).parameterCount, network([15, 15, 15], relu).parameterCount)
  page.show("parameters", "\(counts.0) wide, \(counts.1) deep")
  page.claim("equal budgets", counts.0, equals: counts.1)

  //: A fair comparison must not be one of over-fitting, so both learn from 2000 new points. And one run
  //: proves little, since the random start alone makes a difference: we train three of each and take the
  //: mean.

  let (manyPoints, manyLabels) = GeneratedData.halfMoons(count: 2000, noise: 0.3)
  func testAccuracies(_ hidden: [Int]) -> [Double] {
    (0..<3).map { _ in
      let model = network(hidden, relu)
      fit(model, manyPoints, manyLabels, lr: 0.01, updates: page.scale(quick: 100, standard: 300))
      return accuracy(noGrad { model(testPoints) }, testLabels)
    }
  }

  //: Three accuracies for the wide network and three for the deep one. Look at the differences within each
  //: row before you compare the rows:

  let (wide, deep) = (testAccuracies([111]), testAccuracies([15, 15, 15]))
  page.show("wide, 111", wide, digits: 3, note: "test accuracy of three runs")
  page.show("deep, 15 + 15 + 15", deep, digits: 3)
  let difference = (wide.reduce(0, +) - deep.reduce(0, +)) / 3
  page.claim("on half-moons it hardly matters", difference, isBetween: -0.015...0.015)

  /*:
   Half-moons are too easy to tell them apart. But there are functions for which depth wins by any margin
   you like, and one of them can be built by hand. Two ReLU units make a **tent** that folds the interval
   from 0 to 1 in the middle: up from 0 to 1, and down again.

   $$g(x) = 2 \max(x, 0) - 4 \max(x - \tfrac12, 0)$$
   */
  func tent(_ x: Tensor) -> Tensor { 2 * x.relu() - 4 * (x - 0.5).relu() }
  let interval = Tensor.linspace(0, 1, 1025)
  var folded = [interval]
  for layer in 0..<5 { folded.append(tent(folded[layer])) }

  //: Each further layer folds the folded once more, and every fold doubles the number of straight pieces.
  //: We count them: a new piece starts wherever the slope changes its sign. The grid has 1025 points, so
  //: all the corners fall on it and the arithmetic is exact.

  func straightPieces(_ y: Tensor) -> Int {
    let slopes = (y[1...] - y[..<1024]).sign()
    return 1 + Int((slopes[1...] .!= slopes[..<1023]).to(.float32).sum().item())
  }
  page.show(
    "pieces", (1...5).map { straightPieces(folded[$0]) }, note: "after 1, 2, 3, 4, 5 layers of two units")
  page.claim("depth 5: 2⁵ pieces from ten units", straightPieces(folded[5]), equals: 32)

  page.figure("folding", foldingFigure(interval, folded))

  /*:
   A single hidden layer gets one kink from each ReLU unit. To draw the same 32 pieces it needs a unit for
   the start and one for each of the 31 corners, where the slope jumps from 32 to −32 or back:
   */
  let cornersAt = Tensor.linspace(0, 31.0 / 32, 32)
  let jumps = Tensor((0..<32).map { $0 == 0 ? 32.0 : $0 % 2 == 0 ? 64.0 : -64.0 })
  let oneLayer = (interval.unsqueeze(1) - cornersAt).relu().matmul(jumps)
  page.claim("one layer of 32 units does the same", oneLayer, equals: folded[5], within: 1e-3)

  /*:
   Ten units against 32 is no great saving. But ten layers of two already stand against 1,024 units, and
   twenty layers against a million. Depth pays when a task has this kind of structure, one operation applied
   to the result of another. Pictures, built from parts that are built from parts, seem to have it.
   */
}

/*:
 ## 2.6 Preprocessing

 So far pixels went into the network as they came. Gradient descent is not indifferent to that: a feature
 measured in millimeters has a thousandth of the weight, and a million times the curvature, of the same
 feature in meters. Three steps of **preprocessing** make features alike before learning begins:
 standardizing, PCA, whitening. We take two features first, where all can be seen, and then pictures.
 */

notebook.section("2.6", "Preprocessing") { page in
  //: 400 points in a slanted, stretched cloud far from the origin. The mixing matrix makes the first
  //: feature three times a random number, and the second that same number plus 0.4 times another. So they
  //: are **correlated**: who knows one can guess the other.

  let mixing = Tensor([[3.0, 1.0], [0.0, 0.4]])
  let x = Tensor.randn(400, 2).matmul(mixing) + Tensor([6.0, -2.0])
  let mean = x.mean(dim: 0)
  let deviation = x.std(dim: 0)
  page.show("mean", mean, digits: 2)
  page.show("deviation", deviation, digits: 2)

  /*:
   ### Standardizing

   Subtract from each feature its mean and divide by its standard deviation. Then all have mean 0 and
   deviation 1, and a unit of one is worth as much as a unit of another. Feature by feature, with $d$
   counting the columns:

   $$x_d \leftarrow \frac{x_d - \mu_d}{\sigma_d}$$
   */
  let standardized = (x - mean) / deviation
  page.claim("means are 0", standardized.mean(dim: 0), equals: [0.0, 0.0], within: 1e-4)
  page.claim("deviations are 1", standardized.std(dim: 0), equals: [1.0, 1.0], within: 1e-4)

  /*:
   What remains is the slant. It is measured by the **covariance matrix**, whose entry $C_{ij}$ is the
   average product of the deviations of features $i$ and $j$. On its diagonal stand the variances; 0 beside
   it means uncorrelated.

   $$C = \frac{1}{N - 1} \sum_n (x^{(n)} - \mu)(x^{(n)} - \mu)^\top$$
   */
  func covariance(_ x: Tensor) -> Tensor {
    let centered = x - x.mean(dim: 0)
    return centered.T.matmul(centered) / (x.shape[0] - 1)
  }
  page.show("C", covariance(x), digits: 2)
  page.show("C, standardized", covariance(standardized), digits: 2, note: "still correlated")
  page.claim("correlation after standardizing", covariance(standardized)[0, 1], isAtLeast: 0.8)

  /*:
   ### Principal component analysis

   The cloud has a long axis and a short one. If we turn the coordinate system to lie along them, the
   correlation is gone. **Principal component analysis**, PCA, finds these axes. They are the
   **eigenvectors** of $C$: directions $v$ that $C$ only stretches, $C v = \lambda v$. The factor $\lambda$
   is the variance of the data along $v$.

   How does one find an eigenvector? Multiply any vector by $C$ again and again. Each time its part along
   the longest axis grows by the largest factor, and soon nothing else is left. This is **power iteration**;
   the length is set back to 1 every time so that it does not overflow.
   */
  let c = covariance(x)
  var v = Tensor([[1.0], [1.0]])
  for _ in 0..<20 {
    v = c.matmul(v)
    v = v / v.norm()
  }
  let longest = v.T.matmul(c).matmul(v).item()
  page.show("v", v.flatten(), digits: 4, note: "the long axis")
  page.show("λ", longest, digits: 3, note: "variance along it")
  page.claim("C v = λ v", c.matmul(v), equals: longest * v, within: 1e-3)

  /*:
   For the next axis, take the first out of the matrix: $C - \lambda v v^\top$ has the same eigenvectors,
   but stretches $v$ by 0. Power iteration on it finds the second-longest axis, and so on. This is called
   **deflation**. The function stands below the section; it returns the variances and the axes, one axis a
   column.
   */
  let (variances, axes) = principalAxes(of: c, count: 2)
  page.show("variances", variances, digits: 3)
  page.show("axes", axes, digits: 4)
  page.claim("the axes are perpendicular", axes.T.matmul(axes), equals: Tensor.eye(2), within: 1e-4)
  page.claim(
    "the variances sum to that of the features", variances.reduce(0, +), equals: c.diagonal().sum().item(),
    within: 1e-3)

  //: To turn the data into the new coordinates, center it and multiply by the axes: (400, 2) times (2, 2).
  //: The covariance of the result is diagonal, with the two variances on it. Nothing has been lost:
  //: distances are as before, only the axes have turned.

  let rotated = (x - mean).matmul(axes)
  page.show("C, rotated", covariance(rotated), digits: 3)
  page.claim("nothing beside the diagonal", covariance(rotated)[0, 1], equals: 0, within: 0.01)
  page.claim(
    "distances from the mean are as before", rotated.norm(dim: 1), equals: (x - mean).norm(dim: 1),
    within: 1e-3)

  /*:
   ### Whitening

   Dividing each new coordinate by its deviation $\sqrt{\lambda}$ makes the cloud round: uncorrelated, with
   variance 1 in every direction. This is **whitening**, after white noise. The covariance matrix becomes
   the identity, and no direction is special any more.
   */
  let whitened = rotated / Tensor(variances).sqrt()
  page.show("C, whitened", covariance(whitened), digits: 3)
  page.claim("the identity matrix", covariance(whitened), equals: Tensor.eye(2), within: 0.01)

  //: The four states of the same 400 points, drawn to one scale. Follow one far-out point through the
  //: panels: it is moved, squeezed, turned and squeezed again.

  let clouds = [
    ("as measured", x), ("standardized", standardized), ("PCA: rotated", rotated), ("whitened", whitened),
  ]
  page.figure("preprocessing-steps", cloudFigure(clouds))

  /*:
   ### Why it helps to learn

   Near its minimum a loss is a bowl, and gradient descent rolls down it. In a round bowl the steepest way
   down leads to the bottom. In a long valley it leads across, from wall to wall: the learning rate must be
   small enough for the steep direction, and is then far too small for the flat one. For linear regression,
   with half the mean squared error as its loss, the shape of the bowl is exactly the shape of the data: its
   axes are the eigenvectors, its curvatures the eigenvalues of $\frac{1}{N} X^\top X$. In softmax regression
   the predicted probabilities weigh in too, and the eigenvalues are only a guide. The ratio of the largest
   to the smallest is the **condition number**.
   */
  let (train, test, pixels, testPixels) = try clothes()
  let count = page.scale(quick: 1000, standard: 2000)
  let pictures = pixels[0..<count]
  let labels = train.targets[0..<count]
  let pictureMean = pictures.mean(dim: 0)

  //: The first 2000 pictures (1000 with `--quick`) are enough for this, and 50 of their 784 axes will do.
  //: What share of all the variance of the pictures do they hold? The total variance is the sum of the
  //: diagonal of the covariance matrix, and each axis contributes its eigenvalue.

  let components = principalAxes(of: covariance(pictures), count: 50)
  let total = covariance(pictures).diagonal().sum().item()
  let share = components.variances.reduce(0, +) / total
  page.show("share of 50 axes", share, digits: 3, note: "of the variance of all 784 pixels")
  page.claim("most of it", share, isAtLeast: 0.7)

  //: Each axis is a direction in the space of pictures, hence a picture itself. The first ones are large
  //: shapes: trousers or pullover, shoe or shirt. Fine detail comes later. A picture is stored by how much
  //: of each axis it needs: 50 numbers for 784.

  page.figure(
    "principal-axes",
    pictureGrid(
      (0..<10).map { components.axes[.all, $0] }, names: (1...10).map { "axis \($0)" },
      title: "The first ten principal axes",
      caption:
        "Every picture is the mean plus a weighted sum of axes; red adds brightness, blue takes it away.",
      isSigned: true))

  //: Now the five kinds of input that will race: pixels as they come, centered, standardized, turned to the
  //: principal axes, and whitened. Each is a function, as it must be applied to the training set and,
  //: unchanged, to the test set.

  let spread = pictures.std(dim: 0) + 0.01
  let scale = Tensor(components.variances).sqrt()
  let kinds: [(name: String, transform: (Tensor) -> Tensor)] = [
    ("pixels", { $0 }),
    ("centered", { $0 - pictureMean }),
    ("standardized", { ($0 - pictureMean) / spread }),
    ("PCA, 50 axes", { ($0 - pictureMean).matmul(components.axes) }),
    ("whitened, 50 axes", { ($0 - pictureMean).matmul(components.axes) / scale }),
  ]

  /*:
   > **Mind the slip.** Mean, deviation and axes come from the training set alone, and the *same* numbers
   > transform the test set. Measuring them on the test set, or on both together, lets the test leak into
   > the training. And a pixel that never changes has deviation 0: the 0.01 added to each deviation keeps us
   > from dividing by it.
   */
  let steepest = kinds.map { kind in
    let input = kind.transform(pictures)
    let bowl = input.T.matmul(input) / count
    return principalAxes(of: bowl, count: 1).variances[0] / bowl.diagonal().sum().item()
  }

  //: Some pixels are black in nearly every picture, so the smallest eigenvalue of 784 is practically zero,
  //: and rather than the condition number we look at the largest one, as a share of the sum of all. In a
  //: perfectly round bowl of 50 dimensions that share is 1/50 = 0.02.

  let shares: [[any Showable]] = kinds.indices.map { [kinds[$0].name, steepest[$0]] }
  page.show("steepest direction", Table(["input", "share of all curvature"], shares), digits: 3)
  let condition = components.variances[0] / components.variances[49]
  page.show("condition number", condition, digits: 0, note: "of the 50 axes before whitening; 1 after it")
  page.claim("uncentered pixels have one dominant direction", steepest[0], isAtLeast: 0.3)
  page.claim("centering takes most of it away", steepest[1], isAtMost: 0.7 * steepest[0])
  page.claim("whitened: as round as can be", steepest[4], equals: 0.02, within: 0.002)

  //: That dominant direction is the mean picture: every picture contains it, and it says nothing about the
  //: class.

  /*:
   ### The race

   Softmax regression by plain gradient descent, every step on all of those pictures: no Adam and no
   mini-batches, so that nothing but the shape of the bowl counts. The best learning rate differs from kind
   to kind. To be fair each kind gets six to choose from, and the one that ends lowest runs for it.
   */
  func descend(_ x: Tensor, lr: Double) -> (losses: [Double], model: Linear) {
    let model = Linear(x.shape[1], 10)
    let optimizer = SGD(model.parameters(), lr: lr)
    let losses = (0..<page.scale(quick: 30, standard: 60)).map { _ in
      let loss = crossEntropy(model(x), labels)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      return loss.item()
    }
    return (losses, model)
  }

  //: A learning rate that is too large sends the loss up and down or to infinity; such a run loses the
  //: comparison. The winner is then tried on the test set, transformed by the very function that
  //: transformed its training set.

  let rates = [0.03, 0.1, 0.3, 1, 3, 10]
  let races = page.progress(kinds, "descending").map { kind in
    let input = kind.transform(pictures)
    let runs = rates.map { (rate: $0, run: descend(input, lr: $0)) }
    let best = runs.min { $0.run.losses.last! < $1.run.losses.last! }!
    let score = noGrad { best.run.model(kind.transform(testPixels)) }
    return (name: kind.name, rate: best.rate, losses: best.run.losses, test: accuracy(score, test.targets))
  }

  //: The loss of the winner of each kind after ten steps and at the end, and the accuracy on the test set.
  //: The loss after ten steps shows who is quick; the last one, who has got furthest in the time.

  let rows: [[any Showable]] = races.map { [$0.name, $0.rate, $0.losses[10], $0.losses.last!, $0.test] }
  page.show(
    "the race", Table(["input", "rate", "loss after 10", "final loss", "test accuracy"], rows), digits: 3)
  page.figure("preprocessing-race", raceFigure(races.map { ($0.name, $0.losses) }))

  let early = races.map { $0.losses[10] }
  page.claim("after 10 steps: centered below pixels", early[1], isAtMost: 0.8 * early[0])
  page.claim("standardized below pixels", early[2], isAtMost: 0.8 * early[0])
  page.claim("whitened below PCA", early[4], isAtMost: early[3])
  if train is FashionMNIST {
    page.claim("on clothes whitened is the quickest of all", early[4], equals: early.min()!)
  }
  page.claim("PCA alone is like centering", early[3], equals: early[1], within: 0.2)

  /*:
   Two things to take home. Centering alone gains the most, and costs nothing. And PCA *without* whitening
   gains nothing over centering: gradient descent does not care how the coordinate system is turned, only
   how the bowl is shaped. What PCA gives is fewer numbers, 50 instead of 784. Whitening then rounds the
   bowl, but be careful with it: dividing the smallest directions by their tiny deviations turns noise into
   signal, so leave those out, as we did. And compare the test accuracies in the table: descending faster is
   not the same as ending up better.

   In practice one standardizes, or at least centers, and lets layers inside the network do the like for
   hidden activations. That is batch normalization, in chapter 5.

   You now have every part of a classifier except the engine: how does `backward()` find a million
   derivatives for about the price of computing the loss itself? That is chapter 3.
   */
}

/*:
 Power iteration with deflation, for the `count` longest axes of a symmetric matrix of shape $(D, D)$: the
 variances in falling order, and the axes as columns of a matrix $(D, \text{count})$. The start is random,
 because a start that happens to be perpendicular to an axis would never find it.
 */

func principalAxes(of covariance: Tensor, count: Int, iterations: Int = 100) -> (
  variances: [Double], axes: Tensor
) {
  var rest = covariance
  var variances: [Double] = []
  var axes: [Tensor] = []
  for _ in 0..<count {
    var v = Tensor.randn(rest.shape[0], 1)
    for _ in 0..<iterations {
      v = rest.matmul(v)
      v = v / v.norm()
    }
    let variance = v.T.matmul(rest).matmul(v).item()
    rest = rest - variance * v.matmul(v.T)
    variances.append(variance)
    axes.append(v)
  }
  return (variances, cat(axes, dim: 1))
}

notebook.run()
