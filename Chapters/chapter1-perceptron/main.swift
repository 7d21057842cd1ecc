/*:
 # Chapter 1: The perceptron

 You see at a glance whether a shoe is a sneaker or an ankle boot, and yet it is hard to write down how you
 know. Machine learning goes about it the other way around: write a rule with a few free numbers in it, show
 it examples, and let a procedure find the numbers that make the rule come out right. This chapter builds the
 smallest machine of that kind, a single **neuron**. In its last section one neuron tells sneakers from boots
 in pictures that it has never seen.

 The page is a program. `swift run chapter1-perceptron` works through all of it, prints what it finds, checks
 every claim that the text makes and leaves its figures in a folder; `--section 1.3` runs one section alone.
 You need to know derivatives and a little Swift. Everything else is explained where it first appears.
 */
import DeepLearning

//: `import` opens the course's library, whose names are PyTorch's in Swift's spelling. The notebook below is
//: what prints the sections that follow, one after the other.
let notebook = Notebook("chapter1-perceptron", title: "Chapter 1: The perceptron")

/*:
 ## 1.1 Generalized linear models

 Three students tell us how many hours they studied for an exam and how many hours they slept the night
 before. We keep these numbers in a table with one row for each student and one column for each **feature**,
 which is the name for a number that describes an example. The library's table of numbers is the **tensor**,
 and `let` gives it a name.
 */
notebook.section("1.1", "Generalized linear models") { page in
  let x = Tensor([[2.0, 8.0], [5.0, 6.0], [9.0, 7.0]])
  page.show("x", x)
  page.show("shape of x", x.shape)

  /*:
   What stands between the braces after `page in` is the section. `page.show` prints a value under a name;
   `page.claim`, below, states what must be true, and the run fails if it is not. The shape (3, 2) means three
   rows and two columns. Rows are examples and columns are features in the whole course, as they are in
   PyTorch, where the first line would read `torch.tensor([[2.0, 8.0], ...])`.

   How many points will each student score? The simplest rule gives each feature a **weight**, adds up the
   weighted features and starts from a constant, the **bias**. The sum is called the **linear predictor**:

   $$z = w_1 x_1 + w_2 x_2 + b = w^\top x + b$$
   */
  let w = Tensor([5.0, 2.0])
  let b = 30.0
  let z = x.matmul(w) + b
  page.show("z", z)
  page.claim("the first student: 5·2 + 2·8 + 30 = 56", z[0].item(), equals: 56, within: 1e-4)

  /*:
   `matmul` is the matrix product. It goes along each row of x, multiplies it by w element by element and adds
   up, so that three rows give three numbers, shape (3). Then `+ b` adds the bias to each of them. `z[0]` is
   the first element, and `item()` turns a tensor of one element into a plain Swift number. We made up these
   weights; finding good ones is what the rest of the chapter is about.

   No rule foresees a score exactly, for students with equal hours score differently. What the rule can state
   is the average: we take the score y to be random with mean z. For measurements the usual assumption is that
   y scatters around its mean as a **Gaussian**, the bell curve. How wide the bell is we measure by the mean
   squared distance from the mean, the **variance**. The root of the variance is the **standard deviation**,
   or *spread* for short. Let all three sit 10,000 such exams, with a spread of 8 points:
   */
  let exams = z + 8.0 * Tensor.randn(10_000, 3)
  page.show("average score", exams.mean(dim: 0))
  page.claim("the scores average to z", exams.mean(dim: 0), equals: z, within: 0.5)

  /*:
   `Tensor.randn(10_000, 3)` draws three times 10,000 random numbers from the bell curve with mean 0 and spread
   1. The three numbers of z are added to every one of the 10,000 rows; this stretching of the smaller shape to the
   larger is **broadcasting**. `mean(dim: 0)` averages along dimension 0, down the rows, and leaves one mean
   for each of the three columns.

   Now a different question: will the student pass? The answer y is 1 or 0, and its mean is the probability p
   of passing. The linear predictor can be any number, but p must lie between 0 and 1, so z needs translating.
   Take the **odds** $p/(1-p)$ first: a probability of 0.8 means odds of 4 to 1. Odds run from 0 to infinity,
   and their logarithm runs from minus infinity to infinity, just as z does. So let z be the log-odds, also
   called the **logit**, and solve for p:

   $$z = \ln\frac{p}{1-p} \qquad\iff\qquad p = \frac{1}{1 + e^{-z}} = \sigma(z)$$
   */
  let logOdds = x.matmul(Tensor([0.6, 0.3])) - 5.0
  let p = logOdds.sigmoid()
  page.show("log-odds z", logOdds)
  page.show("p = σ(z)", p)
  page.claim("the log-odds of p are z again", (p / (1 - p)).log(), equals: logOdds, within: 1e-5)

  /*:
   The curve $\sigma$ is the **sigmoid**. It takes 0 to one half, large numbers close to 1 and very negative
   ones close to 0. A weight now has a plain meaning: one more hour of study adds 0.6 to the log-odds, and so
   it multiplies the odds by $e^{0.6} \approx 1.82$, for the weak student and for the strong one.
   */
  let q = (logOdds + 0.6).sigmoid()
  let factor = (q / (1 - q)) / (p / (1 - p))
  page.show("odds multiplied by", factor)
  page.claim("the factor is e^0.6 for everyone", factor, equals: Tensor.full([3], 1.8221), within: 1e-3)

  /*:
   A random variable that is 1 with probability p and else 0 has the **Bernoulli distribution**. To draw from
   it, draw a number evenly between 0 and 1 (that is `Tensor.rand`) and ask whether it lies below p. The
   comparison is written `.<`, with a dot because it works element by element; it gives a tensor of truth
   values, which `to(.float32)` turns into ones and zeros.
   */
  let passes = (Tensor.rand(10_000, 3) .< p).to(.float32)
  page.show("share of passes", passes.mean(dim: 0))
  page.claim("the share of ones is p", passes.mean(dim: 0), equals: p, within: 0.025)

  /*:
   The third kind of question has several answers: will the grade be A, B or C? We need three probabilities,
   so we take three linear predictors, one for each grade. Their weights are the rows of a matrix of shape (3
   grades, 2 features), and `weights.T` turns it on its side, so that the shapes fit: (3, 2) times (2, 3)
   gives (3 students, 3 grades).
   */
  let weights = Tensor([[0.9, 0.2], [0.5, 0.3], [0.1, 0.4]])
  let scores = x.matmul(weights.T) + Tensor([-4.0, -2.0, 0.0])
  page.show("z for each grade", scores)

  /*:
   To turn a row of numbers into probabilities, make them positive with the exponential function and divide by
   their sum. This is the **softmax**:

   $$p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}$$

   `softmax(dim: 1)` does it along dimension 1, across the columns, so that each row sums to 1. One variable
   that takes one of several values with given probabilities has the **categorical distribution**.
   */
  let grades = scores.softmax(dim: 1)
  page.show("P(A), P(B), P(C)", grades)
  page.claim("each row sums to 1", grades.sum(dim: 1), equals: Tensor.ones(3), within: 1e-6)
  page.claim(
    "ln P(A)/P(C) is the difference of the predictors",
    (grades[.all, 0] / grades[.all, 2]).log(), equals: scores[.all, 0] - scores[.all, 2], within: 1e-4)

  /*:
   In `grades[.all, 0]` each place in the brackets speaks for one dimension: all rows, column 0.

   The three cases share one plan, the **generalized linear model**. A linear predictor z is computed from the
   features; a **link** g says which function of the mean µ it is, $g(\mu) = z$; the inverse $g^{-1}$, the
   **mean function**, gets the mean back from z; and a distribution says how the answers scatter around that
   mean. People who work with neural networks call the mean function an **activation**.

   | the answer | distribution | link $g(\mu)$ | mean function $g^{-1}(z)$ |
   |---|---|---|---|
   | a measurement | Gaussian | $\mu$ | identity: $z$ |
   | yes or no | Bernoulli | $\ln \frac{\mu}{1-\mu}$ | sigmoid: $\frac{1}{1+e^{-z}}$ |
   | one of K | categorical | $\ln \frac{\mu_k}{\mu_K} + \text{const.}$ | softmax: $e^{z_k}/\sum_j e^{z_j}$ |

   Why these links? Write the probability of an answer as an exponential and look at what stands beside y. For
   the Bernoulli distribution

   $$p^y (1-p)^{1-y} = \exp\Bigl(y \ln\frac{p}{1-p} + \ln(1-p)\Bigr),$$

   and there are the log-odds. For a Gaussian with spread 1 the exponent contains $y\mu$, and for the
   categorical distribution $\sum_k y_k \ln p_k$, where $y_k$ is 1 for the class that occurred. Section 1.7
   shows what is gained by this choice: all three learn by the same simple formula.
   */
  page.figure("mean-functions", meanFunctionsFigure())
}

/*:
 ## 1.2 The neuron

 A nerve cell collects signals from other cells, some of which excite it and some of which calm it. When
 enough has come together, it fires. In 1943 Warren McCulloch and Walter Pitts made a model of this that fits
 on one line: count the active inputs, and answer 1 if there are enough of them, else 0. (One active input of
 the calming kind forbade the 1, whatever the others said.) Later models gave each input a weight of its own:
 weigh the inputs, add them up, and answer 1 if the sum is positive, else 0. In our words that is a linear
 predictor with a new activation, the **step**:

 $$H(z) = 1 \text{ if } z > 0, \text{ else } 0$$
 */
func step(_ z: Tensor) -> Tensor { (z .> 0).to(.float32) }

/*:
 `func` defines a function; the underscore says that the caller writes `step(z)` and need not name the
 argument. A linear predictor followed by an activation is what this course calls a **neuron**. With the step
 for its activation it answers yes or no.
 */
notebook.section("1.2", "The neuron") { page in
  //: Give it two inputs that are 0 or 1, in all four combinations. With both weights 1 and the bias −0.5, one
  //: active input is enough to make z positive: the neuron computes the logical *or*.
  let inputs = Tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
  let w = Tensor([1.0, 1.0])
  let or = step(inputs.matmul(w) - 0.5)
  page.claim("or", or, equals: [0, 1, 1, 1])

  //: A bias of −1.5 asks for both inputs and so gives *and*. Reversing every sign turns each answer into its
  //: opposite: *not and*, from which, as any engineer of circuits knows, all other logic can be built.
  let and = step(inputs.matmul(w) - 1.5)
  let notAnd = step(-inputs.matmul(w) + 1.5)
  page.claim("and", and, equals: [0, 0, 0, 1])
  page.claim("not and", notAnd, equals: [1, 1, 1, 0])

  /*:
   It helps to see this as geometry. The inputs are points in the plane, and the neuron changes its mind where
   $z = w^\top x + b = 0$, which is a straight line. Take two points p and q on the line of *and*, for example
   (1.5, 0) and (0, 1.5): z is 0 at both, so w times the step from one to the other is 0 as well. The weights
   are an arrow that stands at a right angle to the line and points to the side of the ones.
   */
  let p = Tensor([1.5, 0.0])
  let q = Tensor([0.0, 1.5])
  page.claim("w is at a right angle to the line", w.dot(q - p), equals: 0)

  /*:
   `dot` multiplies two vectors element by element and adds up. The sign of z says on which side of the line a
   point lies. Its size says how far away: the distance is $|z| / \lVert w \rVert$, where
   $\lVert w \rVert = \sqrt{w_1^2 + w_2^2}$ is the length, or **norm**, of w.
   */
  let z = inputs.matmul(w) - 1.5
  page.show("z", z)
  page.show("distance", z.abs() / w.norm())
  page.claim(
    "(1, 1) is a quarter of the square's diagonal from the line", z[3] / w.norm(), equals: 0.353553,
    within: 1e-5)

  /*:
   Two remarks that we shall need. Multiplying w and b by the same positive number moves nothing: the line and
   the answers stay.
   */
  page.claim("three times the weights, the same answers", step(3 * z), equals: and)

  /*:
   And the bias can be treated as one more weight. Give every example a further feature that is always 1; the
   weight of that feature then does what the bias did. `cat` glues tensors together, here along dimension 1,
   as a third column.
   */
  let extended = cat([inputs, Tensor.ones(4, 1)], dim: 1)
  page.show("extended inputs", extended)
  page.claim(
    "the bias as a third weight", step(extended.matmul(Tensor([1.0, 1.0, -1.5]))), equals: and)
  page.figure("neuron-half-planes", halfPlanesFigure())
}

/*:
 ## 1.3 Rosenblatt's algorithm

 So far we chose the weights. In 1958 Frank Rosenblatt described a machine that found its own, the
 **perceptron**. Shown an example that it gets right, it does nothing. Shown one that it gets wrong, it
 corrects its weights by the input, with the sign of the error:

 $$w \leftarrow w + (y - \hat y)\,x, \qquad \hat y = H(w^\top x)$$

 Here y is the true answer, the **label**, and $\hat y$ is what the machine says. Suppose the label is 1 and
 the answer 0. Then $w^\top x$ was not positive but should have been. Adding x to w raises it by $x^\top x$,
 which is positive: a move in the right direction. If it is the other way around, x is taken away, and
 $w^\top x$ falls.

 The function below passes over the examples again and again until one pass is free of mistakes, or until it
 has made as many passes as we allow. It keeps a record of what happened. `var` stands where `let` stood, for
 values that change, and a loop with `where` runs its body only in the rounds where the condition holds.
 Without a `start`, the weights begin at 0.
 */
struct PerceptronRun {
  /// The weights at the start, after the first mistake, after the second, ...
  var weights: [Tensor] = []
  /// On which example each mistake was made.
  var mistakes: [Int] = []
  var mistakesPerPass: [Int] = []
  var hasConverged: Bool { mistakesPerPass.last == 0 }
}

func perceptron(_ x: Tensor, _ y: Tensor, passes: Int, from start: Tensor? = nil) -> PerceptronRun {
  var w = start ?? Tensor.zeros(x.shape[1])
  var run = PerceptronRun(weights: [w])
  for _ in 0..<passes where !run.hasConverged {
    let before = run.mistakes.count
    for n in 0..<x.shape[0] {
      //: The heart of it is three lines: answer, compare, correct.
      let error = y[n] - step(w.dot(x[n]))
      if error.item() != 0 {
        w = w + error * x[n]
        run.weights.append(w)
        run.mistakes.append(n)
      }
    }
    run.mistakesPerPass.append(run.mistakes.count - before)
  }
  return run
}

/*:
 Now for something to learn. We scatter points over the square from −1 to 1 and label them by a line that the
 algorithm is not told. Points closer to the line than a certain gap are dropped, which leaves a clear
 corridor between the classes. Data that a line can divide like this are called **linearly separable**.
 */
func separablePoints(count: Int, gap: Double) -> (x: Tensor, y: Tensor, secret: Tensor) {
  let points = Tensor.rand(count, 2) * 2 - 1
  let x = cat([points, Tensor.ones(count, 1)], dim: 1)
  let secret = Tensor([0.8, 0.6, -0.1])
  let distance = x.matmul(secret)
  //: The arrow (0.8, 0.6) has length 1, so z is the distance itself, with a sign. A tensor of truth values in
  //: the brackets, a **mask**, picks the rows where it is true.
  let isClear = distance.abs() .> gap
  return (x[isClear], step(distance[isClear]), secret)
}

//: The three columns are the two coordinates and the constant 1 of section 1.2, so that w holds the bias too.
notebook.section("1.3", "Rosenblatt's algorithm") { page in
  let (x, y, secret) = separablePoints(count: 50, gap: 0.1)
  let run = perceptron(x, y, passes: 1000)
  page.show("examples", x.shape[0])
  page.show("mistakes per pass", run.mistakesPerPass)
  page.show("weights found", run.weights.last!)

  /*:
   (`last` is optional, since an empty array has no last element; the exclamation mark says that we know there
   is one.) The last pass made no mistake: every example lies on its proper side. The figure shows the line
   after each mistake. As w gets longer while the inputs do not, a correction comes to turn the line by less.
   */
  page.claim("the last pass is free of mistakes", run.hasConverged)
  page.claim("every label is right", step(x.matmul(run.weights.last!)), equals: y)
  let lengths = [run.weights[1], run.weights.last!].map { $0.norm().item() }
  page.show("length of w", lengths, note: "after the first mistake and after the last")
  page.claim("w has grown", lengths[1] > lengths[0])
  page.figure("boundary-after-each-mistake", boundariesFigure(x, y, run))

  /*:
   Must it always end? Nudging the line for one example may spoil another. In 1962 Albert Novikoff proved that
   the number of mistakes has a limit. Let R be the length of the longest input. Let $w^*$ be any weights of
   length 1 that separate the classes, and γ, the **margin**, the smallest distance of an example from their
   boundary (measured in the space with the constant 1). Then the number of mistakes is at most
   $(R/\gamma)^2$.
   */
  func boundValues(_ x: Tensor, separator: Tensor) -> (radius: Double, margin: Double, bound: Double) {
    let radius = x.norm(dim: 1).max().item()
    let margin = x.matmul(separator).abs().min().item() / separator.norm().item()
    return (radius, margin, radius * radius / (margin * margin))
  }
  let (radius, margin, bound) = boundValues(x, separator: secret)
  page.show("R", radius)
  page.show("margin γ", margin)
  page.show("bound (R/γ)²", bound)
  page.show("mistakes made", run.mistakes.count)
  page.claim("mistakes stay below the bound", run.mistakes.count, isAtMost: bound)

  /*:
   The proof takes two lines, and the run can check both. Write $t = 1$ for examples with label 1 and $t = -1$
   for the others; a mistake adds $t x$. First, each mistake turns w further towards $w^*$: the product
   $w^{*\top} w$ grows by $t\,w^{*\top}x \ge \gamma$, so after k mistakes it is at least $k\gamma$. Second, w
   cannot grow fast. Since the answer was wrong, $t\,w^\top x \le 0$, and

   $$\lVert w + t x \rVert^2 = \lVert w \rVert^2 + 2t\,w^\top x + \lVert x \rVert^2 \le \lVert w \rVert^2 + R^2,$$

   so after k mistakes the length is at most $\sqrt{k}\,R$. The product with a vector of length 1 is never
   more than the length. Together: $k\gamma \le w^{*\top}w \le \lVert w \rVert \le \sqrt{k}\,R$. A straight
   line in k is caught under a square root, and that cannot go on for ever: it ends at $k = (R/\gamma)^2$. For
   the check, `MistakeBoundProof` (it stands beside this file, in Figures.swift) works out the four links of
   the chain after each mistake of a long run.
   */
  let narrow = separablePoints(count: 150, gap: 0.01)
  let longRun = perceptron(narrow.x, narrow.y, passes: 2000)
  let limits = boundValues(narrow.x, separator: secret)
  let proof = MistakeBoundProof(
    of: longRun, radius: limits.radius, margin: limits.margin, separator: secret / secret.norm())
  page.show("narrow corridor", longRun.mistakes.count, note: "mistakes")
  page.claim("w*ᵀw ≥ kγ after every mistake", zip(proof.progress, proof.floor).allSatisfy { $0 >= $1 - 1e-3 })
  page.claim(
    "‖w‖ ≤ √k R after every mistake", zip(proof.length, proof.ceiling).allSatisfy { $0 <= $1 + 1e-3 })
  page.figure("why-mistakes-end", mistakeBoundFigure(proof, radius: limits.radius, margin: limits.margin))

  /*:
   `zip` walks along two arrays together, and in braces `$0` and `$1` are the elements of the pair. The
   thousandth that we allow is for the rounding of 32-bit numbers. The figure continues both limits to the
   place where they meet.

   The bound speaks of the hardest case. Let us see how hard chance makes it: ten sets of points for each of
   several corridors, from wide to hardly there. (`page.scale` takes the first list for a run with `--quick`
   and the second for the usual one.)
   */
  var trials: [(bound: Double, mistakes: Int)] = []
  for gap in page.scale(quick: [0.3, 0.1], standard: [0.4, 0.2, 0.1, 0.05, 0.02, 0.01]) {
    for _ in 0..<10 {
      let (x, y, secret) = separablePoints(count: 150, gap: gap)
      let mistakes = perceptron(x, y, passes: 2000).mistakes.count
      trials.append((boundValues(x, separator: secret).bound, mistakes))
    }
  }
  let shares = trials.map { Double($0.mistakes) / $0.bound }
  page.show("runs", trials.count)
  page.show("mistakes / bound", [shares.min()!, shares.max()!], digits: 4, note: "smallest and largest")
  let narrowest = shares.suffix(10).reduce(0, +) / 10
  let widest = shares.prefix(10).reduce(0, +) / 10
  page.claim("all runs keep below their bound", shares, isAtMost: 1)
  page.claim(
    "the share of the bound that is used is smaller where the corridor is narrow", narrowest < widest)
  page.figure("mistakes-against-the-bound", trialsFigure(trials))

  //: The narrower the corridor, the more mistakes; but chance is kinder than the bound, most of all where the
  //: corridor is narrow.
}

/*:
 ## 1.4 Where no line will do

 The guarantee of the last section has a condition: there must be a line. The *exclusive or* of two inputs is
 1 if one of them is active, but not both. Its ones sit on two opposite corners of a square, its zeros on the
 other two.
 */
notebook.section("1.4", "Where no line will do") { page in
  let inputs = Tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
  let y = Tensor([0.0, 1.0, 1.0, 0.0])
  let x = cat([inputs, Tensor.ones(4, 1)], dim: 1)
  let run = perceptron(x, y, passes: page.scale(quick: 100, standard: 1000))
  page.show("mistakes per pass", run.mistakesPerPass)
  page.claim("it never gets through a pass", run.hasConverged == false)

  /*:
   Hundreds of passes without success prove nothing; perhaps the next would do it. But look at the weights.
   The inputs are whole numbers, so the weights are whole numbers too, and what happens in a pass depends on
   nothing but the weights it starts with. We go through the passes and watch for weights that were there
   before:
   */
  var seen: [[Float]: Int] = [:]
  var w = Tensor.zeros(3)
  var pass = 0
  while seen[w.toArray()] == nil {
    seen[w.toArray()] = pass
    pass += 1
    w = perceptron(x, y, passes: 1, from: w).weights.last!
  }
  //: `seen` is a dictionary from weights (as a plain array, which is what `toArray()` gives) to the number of
  //: passes after which they were met; `nil` is the answer for those not met yet.
  page.show("weights that return", w)
  page.show("first met after pass", seen[w.toArray()]!)
  page.show("met again after pass", pass)
  page.claim("the weights return, so the search goes in a circle", pass, isAtMost: 20)

  let cycle = perceptron(x, y, passes: 1, from: w).weights
  page.claim("four corrections lead back to the start", cycle.count - 1, equals: 4)
  page.claim("and the start is the end", cycle[4], equals: cycle[0])

  /*:
   From there the algorithm repeats itself for ever. The fault is not the algorithm's. For *exclusive or*, a
   neuron would have to satisfy

   $$b \le 0, \qquad w_2 + b > 0, \qquad w_1 + b > 0, \qquad w_1 + w_2 + b \le 0,$$

   one condition for each row of the table. The second and third together say $w_1 + w_2 + 2b > 0$; the first
   and last together say $w_1 + w_2 + 2b \le 0$. No weights can do both. Trying many at random agrees:
   */
  let candidates = Tensor.randn(20_000, 3)
  let answers = step(x.matmul(candidates.T))
  let correct = (answers .== y.unsqueeze(1)).to(.float32).mean(dim: 0)
  page.show("best of 20,000", correct.max())
  page.claim("three of four is the best a line can do", correct.max(), equals: 0.75)

  /*:
   Here `x.matmul(candidates.T)` has shape (4, 20000), one column for each neuron. `unsqueeze(1)` makes the
   labels a column of shape (4, 1), so that broadcasting compares it with every column of answers.

   In 1969 Marvin Minsky and Seymour Papert wrote a book about what perceptrons cannot do, and interest in
   them faded. There are two ways out. One is to put other features in (section 1.8). The other is to let
   neurons compute the features: chapter 2.
   */
  page.figure("xor-goes-in-a-circle", xorFigure(inputs, y, cycle))
}

/*:
 ## 1.5 Maximum likelihood

 The perceptron knows right and wrong and nothing between. It cannot say how sure it is, and where classes
 overlap, as they nearly always do in real data, it never comes to rest. Let us go back to neurons that state
 a probability, and ask what the best weights are for those. The answer is a principle that the whole course
 rests on: choose the parameters under which the data that you have seen are most probable.
 */
notebook.section("1.5", "Maximum likelihood") { page in
  /*:
   Start with a coin that may be bent. It falls ten times and shows heads seven times. If p is the probability
   of heads, this series of falls has probability

   $$L(p) = p^7 (1-p)^3.$$

   Read as a function of p, for data that stay fixed, this is the **likelihood**. We compute it for 199 values
   of p.
   */
  let p = Tensor.linspace(0.005, 0.995, 199)
  let likelihood = p ** 7 * (1 - p) ** 3
  page.show("largest likelihood", likelihood.max())
  page.claim("the most likely p is 0.7", p[likelihood.argmax()], equals: 0.7, within: 1e-6)

  /*:
   The best p is the share of heads, as one would hope. `argmax` gives the position of the largest element,
   and `**` is the power. But a product of many probabilities soon gets too small for the computer: already
   200 falls of a fair coin have a probability that a 32-bit number cannot tell from 0.
   */
  let halves = Tensor.full([200], 0.5)
  page.show("200 halves, product", halves.prod(dim: 0))
  page.show("sum of logarithms", halves.log().sum())
  page.claim("the product is lost", halves.prod(dim: 0), equals: 0)
  page.claim("its logarithm is not", halves.log().sum(), equals: -138.629, within: 1e-2)

  /*:
   So take the logarithm. It turns the product into a sum, and since it rises with its argument the best p
   stays the best. By custom one minimizes, so the sign is turned as well. The result is the **negative
   log-likelihood**, or NLL, here

   $$E(p) = -7 \ln p - 3 \ln(1-p).$$

   > **Mind the slip.** What is minimized is the *negative* log-likelihood. The logarithm of a probability is
   > never above 0, so no term of this E is below it. Minimizing the log-likelihood itself would look for the
   > parameters that explain the data worst.
   */
  let nll = -7 * p.log() - 3 * (1 - p).log()
  page.claim("the NLL is smallest at the same p", p[nll.argmin()], equals: 0.7, within: 1e-6)
  page.claim("it is positive", nll, isAtLeast: 0)
  page.figure("likelihood-of-a-coin", coinFigure(p, likelihood, nll))

  /*:
   Trying all values works for one parameter but not for a thousand. Use the slope instead. Let the coin be a
   neuron that has only a bias, $p = \sigma(z)$. Since $\sigma' = \sigma(1-\sigma)$, the derivative of
   $\ln \sigma(z)$ is $1-p$ and that of $\ln(1-\sigma(z))$ is $-p$. Hence

   $$\frac{dE}{dz} = -7(1-p) + 3p = 10\,\sigma(z) - 7.$$

   Where the slope is positive, E falls to the left; where it is negative, to the right. **Gradient descent**
   takes a step against the slope again and again, of a length proportional to it. The factor is the
   **learning rate** η: $z \leftarrow z - \eta\, dE/dz$.
   */
  var z = Tensor(0.0)
  for _ in 0..<50 {
    let slope = 10 * z.sigmoid() - 7
    z = z - 0.2 * slope
  }
  page.show("z", z)
  page.show("p = σ(z)", z.sigmoid())
  page.claim("gradient descent finds 7 heads in 10", z.sigmoid(), equals: 0.7, within: 1e-5)

  /*:
   The same principle for measurements. Suppose N numbers come from a Gaussian with mean µ and spread σ (the
   customary letter; it has nothing to do with the sigmoid). Its density is
   $\exp(-(x-\mu)^2/2\sigma^2)/\sqrt{2\pi\sigma^2}$, so

   $$E(\mu, \sigma) = \tfrac12 N \ln 2\pi + \tfrac12 N \ln\sigma^2 + \sum_n \frac{(x^{(n)}-\mu)^2}{2\sigma^2}.$$
   */
  func gaussianNLL(_ x: Tensor, mean: Tensor, variance: Tensor) -> Tensor {
    let n = Double(x.count)
    let constant = n / 2 * (2 * Tensor(Double.pi)).log()
    return constant + n / 2 * variance.log() + ((x - mean) ** 2).sum() / (2 * variance)
  }

  /*:
   For any fixed σ the best µ makes the sum of squares smallest: **least squares is maximum likelihood for
   Gaussian noise**. Setting both derivatives to 0 gives the mean of the sample, and for $\sigma^2$ the mean
   squared distance from it. We draw a sample with µ = 3 and σ = 2 and compare the NLL there with its
   neighbors.
   */
  let x = 3 + 2 * Tensor.randn(1000)
  let mean = x.mean()
  let variance = ((x - mean) ** 2).mean()
  let smallest = gaussianNLL(x, mean: mean, variance: variance)
  page.show("mean and spread", [mean.item(), variance.sqrt().item()])
  page.claim(
    "near the true 3 and 2", [mean.item(), variance.sqrt().item()], equals: [3.0, 2.0], within: 0.25)
  for shift in [-0.1, 0.1] {
    let moved = gaussianNLL(x, mean: mean + shift, variance: variance)
    let stretched = gaussianNLL(x, mean: mean, variance: variance * (1 + shift))
    page.claim("µ moved by \(shift) is worse", moved.item() > smallest.item())
    page.claim("σ² times \(1 + shift) is worse", stretched.item() > smallest.item())
  }

  /*:
   > **Mind the slip.** The term with $\ln\sigma^2$ has a plus, $+\tfrac12 N\ln\sigma^2$. It is the price of a
   > wide bell. Drop it, or turn its sign, and E keeps falling as σ grows: the "best" Gaussian would be
   > infinitely wide.

   To see it, take the term away again and widen the bell by factors of ten. (`map` applies what stands in its
   braces to each element, and `dropFirst` leaves the first one out, so that `zip` pairs each value with the
   next.)
   */
  let wide = [1.0, 10, 100, 1000].map { factor in
    let wider = variance * factor
    let term = Double(x.count) / 2 * wider.log()
    return (gaussianNLL(x, mean: mean, variance: wider) - term).item()
  }
  page.show("E without the term", wide, note: "σ² times 1, 10, 100, 1000")
  page.claim("it falls with every widening", zip(wide, wide.dropFirst()).allSatisfy { $0 > $1 })
}

/*:
 ## 1.6 Fitting a Gumbel distribution

 For the coin and the bell curve the best parameters could be written down. That is the exception. Suppose we
 have the highest water level of each of many years and must build a dike. The largest of many random numbers
 does not follow the bell curve; for large numbers of days it comes close to the **Gumbel distribution**, for
 which the probability to stay below x is

 $$F(x) = \exp\bigl(-e^{-u}\bigr), \qquad u = \frac{x - \mu}{\beta}.$$

 The **location** µ says where the most common values lie, the **scale** β how far they spread.
 */
notebook.section("1.6", "Fitting a Gumbel distribution") { page in
  /*:
   To draw from it, draw a probability evenly between 0 and 1 and ask which x has it: solving $F(x) = r$ gives
   $x = \mu - \beta \ln(-\ln r)$. We take µ = 3 and β = 2, and the algorithm is not told.
   */
  let r = Tensor.rand(1000).clamp(min: 1e-7)
  let x = 3.0 - 2.0 * (-r.log()).log()
  page.show("sample", x[0..<5])
  page.show("smallest and largest", [x.min().item(), x.max().item()])

  /*:
   (`clamp` keeps r away from 0, whose logarithm is minus infinity, and `0..<5` takes positions 0 to 4.) The
   likelihood needs the density, which is the derivative of F by the chain rule, and the NLL is the sum of its
   negative logarithms:

   $$f(x) = \frac{1}{\beta} \exp\bigl(-u - e^{-u}\bigr), \qquad
   E(\mu, \beta) = N\ln\beta + \sum_n \frac{x^{(n)}-\mu}{\beta} + \sum_n e^{-(x^{(n)}-\mu)/\beta}.$$

   The code uses the same three terms, divided by N. Then E does not depend on the size of the sample, and
   neither does a good learning rate.
   */
  func gumbelNLL(_ x: Tensor, _ mu: Tensor, _ beta: Tensor) -> Tensor {
    let u = (x - mu) / beta
    return beta.log() + u.mean() + (-u).exp().mean()
  }

  /*:
   Now the slopes. E depends on two numbers, so it has two **partial derivatives**, each taken as if the other
   number were fixed. With $\partial u/\partial\mu = -1/\beta$ and $\partial u/\partial\beta = -u/\beta$,

   $$\frac{\partial E}{\partial \mu} = \frac{1}{\beta}\Bigl(\sum_n e^{-u_n} - N\Bigr), \qquad
   \frac{\partial E}{\partial \beta} = \frac{1}{\beta}\Bigl(N - \sum_n u_n + \sum_n u_n e^{-u_n}\Bigr).$$

   Setting them to 0 leads to an equation for β that no formula solves. We can follow the slopes downhill all
   the same.
   */
  func gumbelSlopes(_ x: Tensor, _ mu: Tensor, _ beta: Tensor) -> (mu: Tensor, beta: Tensor) {
    let u = (x - mu) / beta
    let decay = (-u).exp()
    return ((decay.mean() - 1) / beta, (1 - u.mean() + (u * decay).mean()) / beta)
  }

  /*:
   It is easy to lose a sign in such a calculation, so we let the library check it. A tensor made with
   `requiresGrad: true` remembers what is computed from it. `backward()` on a result then goes back through
   the computation and leaves the derivative of that result in the tensor's `grad`. How it does that is
   chapter 3.
   */
  let mu = Tensor(0.5, requiresGrad: true)
  let beta = Tensor(1.5, requiresGrad: true)
  gumbelNLL(x, mu, beta).backward()
  let slopes = noGrad { gumbelSlopes(x, mu, beta) }
  page.show("by hand", [slopes.mu.item(), slopes.beta.item()])
  page.claim("∂E/∂µ by hand is the library's", slopes.mu, equals: mu.grad!, within: 1e-4)
  page.claim("∂E/∂β by hand is the library's", slopes.beta, equals: beta.grad!, within: 1e-4)

  /*:
   `noGrad` says that nothing inside its braces need be remembered. Both partial derivatives together, written
   as a vector, are the **gradient**. It points in the direction in which E rises fastest, so gradient descent
   walks against it, here from µ = 0 and β = 1, both well off the mark:
   */
  func descend(_ x: Tensor, steps: Int, learningRate: Double) -> [(mu: Tensor, beta: Tensor)] {
    var path = [(mu: Tensor(0.0), beta: Tensor(1.0))]
    for i in 0..<steps {
      let (mu, beta) = path[i]
      let slopes = gumbelSlopes(x, mu, beta)
      path.append((mu - learningRate * slopes.mu, beta - learningRate * slopes.beta))
    }
    return path
  }

  //: It returns all the places it has been, the last of which is the fit.
  let path = descend(x, steps: 1500, learningRate: 0.1)
  let fit = path[1500]
  page.show("µ found (true: 3)", fit.mu)
  page.show("β found (true: 2)", fit.beta)

  /*:
   At the end both slopes are zero, as far as 32-bit numbers can tell. The parameters found are close to those
   that made the sample, but not equal to them. How close can a thousand numbers bring us? Fit twenty fresh
   samples and look at the spread of the results. More data would narrow it; more steps would not.
   */
  let last = gumbelSlopes(x, fit.mu, fit.beta)
  page.claim(
    "the slopes have come to zero", [last.mu.item(), last.beta.item()], equals: [0.0, 0.0], within: 1e-4)
  let fits = (0..<20).map { _ in
    descend(GeneratedData.gumbel(count: 1000, location: 3, scale: 2), steps: 200, learningRate: 0.5)[200]
  }
  let spread = (mu: stack(fits.map(\.mu)).std(), beta: stack(fits.map(\.beta)).std())
  page.show("spread of µ and β", [spread.mu.item(), spread.beta.item()])

  //: `GeneratedData.gumbel` draws as we did above, `stack` makes one tensor of many numbers, and `\.mu` is
  //: short for taking the µ of each pair.
  page.claim("both spread by less than a tenth", [spread.mu.item(), spread.beta.item()], isAtMost: 0.1)
  page.claim("µ is within 0.3 of the truth", fit.mu, equals: 3, within: 0.3)
  page.claim("β is within 0.3 of the truth", fit.beta, equals: 2, within: 0.3)
  page.claim(
    "the sample is no less likely under the fit than under the truth",
    gumbelNLL(x, fit.mu, fit.beta).item() <= gumbelNLL(x, Tensor(3.0), Tensor(2.0)).item())
  page.figure("gumbel-fit", gumbelFitFigure(x, path))
  page.figure("gumbel-descent", gumbelDescentFigure(x, path, gumbelNLL))

  //: The second figure is a map of E, seen from above. The path crosses the lines of equal height at right
  //: angles, fast where they are close together and slowly near the bottom. The last claim is worth a
  //: thought: maximum likelihood fits this sample, and chance has made this sample a little different from
  //: the distribution behind it.
}

/*:
 ## 1.7 Logistic regression

 Now both ideas meet: a neuron that states a probability, and a principle for choosing its weights. And it is
 time for real data. Fashion-MNIST is a large collection of small gray pictures of clothes. We pick out two
 kinds that are easy to confuse, class 7, the sneakers, and class 9, the ankle boots, and label them 0 and 1.
 */
let trainingSet = notebook.once {
  try FashionMNIST.orStrokeDigits(root: notebook.options.dataDirectory, train: true)
}

func twoKinds(_ data: ImageDataset, limit: Int = .max) -> (x: Tensor, y: Tensor) {
  let isChosen = (data.targets .== 7) .| (data.targets .== 9)
  let positions = isChosen.nonzero().flatten()
  let chosen = positions[0..<min(limit, positions.count)]
  return (data.images[chosen].flatten(1), (data.targets[chosen] .== 9).to(.float32))
}

/*:
 `.|` means *or*, element by element; `nonzero` lists the positions where a mask is true. An image has shape
 (1, 28, 28), for one channel of gray and 28 rows of 28 pixels, and `flatten(1)` lays the pixels of each image
 out in one row of 784. The word `try` marks what can fail, here reading files. `once` reads them when a
 section first asks.
 */
notebook.section("1.7", "Logistic regression") { page in
  let data = try trainingSet()
  let (pixels, y) = twoKinds(data, limit: 2000)
  page.show("data set", data.name)
  page.show("label 0 and label 1", [data.classes[7], data.classes[9]])
  page.show("pixels", pixels.shape)

  /*:
   (Where Fashion-MNIST is not installed, handwritten-like digits drawn by the library take its place, sevens
   against nines. The line above says so, and what the text says about shoes is then to be read with care.) A
   single feature will do at first. Boots reach higher than sneakers, so take the brightness of the upper ten
   rows, that is of the first 280 pixels. We **standardize** it, that is we take away its mean and divide by
   its spread. (`std()` computes the spread, but divides the sum of squares by N − 1 and not by N. With so
   many pictures that hardly matters.) A step of gradient descent then suits the feature, whatever unit it was
   measured in.
   */
  let ink = pixels[.all, 0..<280].mean(dim: 1)
  let feature = (ink - ink.mean()) / ink.std()
  let x = feature.unsqueeze(1)
  page.show("x", x.shape)
  page.claim(
    "standardized: mean 0, spread 1", [x.mean().item(), x.std().item()], equals: [0.0, 1.0], within: 1e-4)

  /*:
   The neuron says that the label is 1 with probability $p = \sigma(w^\top x + b)$. If the label is 1, the
   probability of what happened is p; if it is 0, it is $1-p$. Both cases fit into one expression,
   $p^y(1-p)^{1-y}$, since an exponent of 0 switches its factor off. The likelihood of all labels is the
   product of these, and the NLL, the **logistic loss**, is

   $$E = -\sum_n \Bigl[\,y^{(n)} \ln p^{(n)} + (1-y^{(n)}) \ln\bigl(1-p^{(n)}\bigr)\Bigr].$$

   > **Mind the slip.** Both terms stand inside the minus: the loss of one example is
   > $-[y\ln p + (1-y)\ln(1-p)]$. One often sees $-y\ln p + (1-y)\ln(1-p)$, which rewards being wrong about
   > the zeros without limit.
   */
  let right = Tensor([0.9, 0.1])
  let labels = Tensor([1.0, 0.0])
  let losses = -(labels * right.log() + (1 - labels) * (1 - right).log())
  page.show("losses", losses, note: "p = 0.9 where y = 1, p = 0.1 where y = 0")
  page.claim("both are −ln 0.9", losses, equals: [0.105361, 0.105361], within: 1e-5)

  /*:
   For the slope, go step by step from the loss of one example, $E_n$, to z, and use
   $\sigma' = \sigma(1-\sigma)$:

   $$\frac{\partial E_n}{\partial z} = \Bigl(-\frac{y}{p} + \frac{1-y}{1-p}\Bigr)\, p(1-p) = -y(1-p) + (1-y)\,p = p - y.$$

   Everything cancels except the difference of prediction and label. Since $z = w^\top x + b$, one more step
   gives

   $$\frac{\partial E}{\partial w} = \sum_n \bigl(\sigma(w^\top x^{(n)} + b) - y^{(n)}\bigr)\, x^{(n)}, \qquad
   \frac{\partial E}{\partial b} = \sum_n \bigl(\sigma(w^\top x^{(n)} + b) - y^{(n)}\bigr).$$

   Compare Rosenblatt's rule: he adds $(y - \hat y)\,x$, and a step against this gradient adds $(y - p)\,x$.
   It is the same rule with a probability instead of a verdict. In code, the sum over examples is a matrix
   product with x turned on its side:
   */
  func logisticGradient(_ x: Tensor, _ y: Tensor, _ w: Tensor, _ b: Tensor) -> (w: Tensor, b: Tensor) {
    let error = (x.matmul(w) + b).sigmoid() - y
    return (x.T.matmul(error) / Double(x.shape[0]), error.mean())
  }

  /*:
   Shapes: x is (2000, 1), so `x.T` is (1, 2000), times the errors (2000) gives one number for each weight. As
   in section 1.6 we take the mean over the examples rather than the sum. Is the derivation right? The library
   computes the same loss from z directly, under the name of binary cross-entropy, and `backward`
   differentiates it:
   */
  let w = Tensor([0.3], requiresGrad: true)
  let b = Tensor(-0.2, requiresGrad: true)
  binaryCrossEntropyWithLogits(x.matmul(w) + b, y).backward()
  let gradient = noGrad { logisticGradient(x, y, w, b) }
  page.claim("∂E/∂w by hand is the library's", gradient.w, equals: w.grad!, within: 1e-6)
  page.claim("∂E/∂b by hand is the library's", gradient.b, equals: b.grad!, within: 1e-6)

  /*:
   Section 1.1 promised that all three models learn by the same formula. For a Gaussian with spread 1 the NLL
   of an example is $\frac12(z-y)^2$ and a constant, with the slope $z - y$. For the categorical distribution
   it is $-\ln p_k$ for the class k that occurred; section 3.3 derives the slope $p_j - y_j$ for each
   predictor $z_j$, with $y_j = 1$ for that class and else 0. Prediction minus answer, each time. We ask the
   library about one of each:
   */
  let measured = Tensor([2.5], requiresGrad: true)
  (0.5 * (measured - 4) ** 2).sum().backward()
  page.claim("Gaussian: z − y", measured.grad!, equals: [-1.5], within: 1e-6)
  let classes = Tensor([[0.5, -1.0, 2.0]], requiresGrad: true)
  crossEntropy(classes, Tensor([1])).backward()
  let difference = classes.detach().softmax(dim: 1) - Tensor([[0.0, 1.0, 0.0]])
  page.claim("categorical: p − y", classes.grad!, equals: difference, within: 1e-6)

  /*:
   `crossEntropy` is the library's name for $-\ln p_k$ computed from the predictors, and `detach()` gives the
   values without the memory of where they came from.

   Why is the loss computed from z and not from p? At z = 30 the sigmoid rounds to exactly 1 in 32 bits, and
   $\ln(1-p)$ is minus infinity. Written with z, the loss is $\ln(1+e^z) - yz$, which is 30 for a label 0, a
   large but honest number.
   */
  let sure = Tensor([30.0])
  let wrong = Tensor([0.0])
  page.show("through p", -(1 - sure.sigmoid()).log())
  page.show("from z", binaryCrossEntropyWithLogits(sure, wrong))
  page.claim("from z: 30", binaryCrossEntropyWithLogits(sure, wrong), equals: 30, within: 1e-4)

  //: Now descend. The whole of **logistic regression** is this loop:
  var fit = (w: Tensor.zeros(1), b: Tensor(0.0))
  for _ in 0..<200 {
    let gradient = logisticGradient(x, y, fit.w, fit.b)
    fit = (fit.w - 1.0 * gradient.w, fit.b - 1.0 * gradient.b)
  }
  let z = x.matmul(fit.w) + fit.b
  let accuracy = (step(z) .== y).to(.float32).mean()
  let lossBefore = binaryCrossEntropyWithLogits(Tensor.zeros(2000), y)
  page.show("weight and bias", [fit.w.item(), fit.b.item()])
  page.show("loss at the start", lossBefore)
  page.show("loss", binaryCrossEntropyWithLogits(z, y))
  page.show("accuracy", accuracy)

  /*:
   **Accuracy** is the share of right answers. One number for each picture, and nearly nine shoes of ten are
   told apart. The loss started at $\ln 2$, which is what p = 0.5 costs for every picture. The figure shows
   what the neuron learned: below a certain brightness a sneaker, above it a boot, and near it an honest "I do
   not know".
   */
  page.claim("better than chance by far", accuracy, isAtLeast: data is FashionMNIST ? 0.85 : 0.55)
  page.claim("the loss starts at ln 2", lossBefore, equals: 0.693147, within: 1e-5)
  page.claim("and falls", binaryCrossEntropyWithLogits(z, y).item() < lossBefore.item())
  page.figure(
    "one-feature-of-shoes", oneFeatureFigure(feature, y, fit.w, fit.b, [data.classes[7], data.classes[9]]))
}

/*:
 ## 1.8 Feature maps

 A neuron draws a straight line. That sounds like a hard limit, but it concerns the features that the neuron
 is given, and those are ours to choose. A **feature map** φ computes new features from the old ones; the
 neuron then works on φ(x) and needs no change at all.
 */
notebook.section("1.8", "Feature maps") { page in
  //: Two rings of points around the same center, radius 1 with label 0 and radius 2 with label 1, both
  //: blurred a little:
  let (points, labels) = GeneratedData.rings(count: 400, radii: [1, 2], noise: 0.12)
  let y = labels.to(.float32)
  page.show("points", points.shape)

  /*:
   No line separates a ring from a ring around it. Let logistic regression try. The function below is the loop
   of section 1.7, made ready for use with any features:
   */
  func fitLogistic(_ x: Tensor, _ y: Tensor, steps: Int, learningRate: Double) -> (w: Tensor, b: Tensor) {
    var w = Tensor.zeros(x.shape[1])
    var b = Tensor(0.0)
    for _ in 0..<steps {
      let error = (x.matmul(w) + b).sigmoid() - y
      w = w - learningRate * x.T.matmul(error) / Double(x.shape[0])
      b = b - learningRate * error.mean()
    }
    return (w, b)
  }
  func accuracy(_ x: Tensor, _ fit: (w: Tensor, b: Tensor)) -> Double {
    (step(x.matmul(fit.w) + fit.b) .== y).to(.float32).mean().item()
  }

  //: The two coordinates are hardly better than tossing a coin, and the neuron knows it: its weights stay
  //: near 0.
  let before = fitLogistic(points, y, steps: 500, learningRate: 0.5)
  page.show("weights before", before.w)
  page.show("accuracy before", accuracy(points, before))
  page.claim("a line fails", accuracy(points, before), isAtMost: 0.65)

  /*:
   What tells the rings apart is the distance from the center. Its square is easy to compute:

   $$\varphi(x) = x_1^2 + x_2^2$$

   One feature per point, about 1 for the inner ring and about 4 for the outer, and between them a gap.
   */
  let phi = (points ** 2).sum(dim: 1, keepDim: true)
  page.show("φ(x)", phi.shape)
  let after = fitLogistic(phi, y, steps: 2000, learningRate: 0.5)
  page.show("accuracy after", accuracy(phi, after))
  page.claim("after the map one neuron is right almost always", accuracy(phi, after), isAtLeast: 0.99)

  /*:
   (`keepDim: true` keeps the summed dimension with size 1, so that φ is again a table of examples and
   features.) The boundary is where $w\varphi(x) + b = 0$, so at $\varphi = -b/w$. Among the values of φ that
   is one point; in the plane of x it is $x_1^2 + x_2^2 = -b/w$, a circle. The neuron still draws straight
   lines. The map has bent the plane.
   */
  let radius = (-after.b / after.w).sqrt()
  page.show("boundary's radius", radius.item())
  page.claim("the circle runs between the rings", radius.item(), isBetween: 1.2...1.8)
  page.figure("two-rings", ringsFigure(points, labels, before: before, phi, after: after))

  /*:
   The same trick saves *exclusive or*. Give the neuron the product $x_1 x_2$ as a third input, and the
   weights 1, 1, −2 with bias −0.5 do it.
   */
  let bits = Tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
  let mapped = cat([bits, bits[.all, 0..<1] * bits[.all, 1..<2]], dim: 1)
  let xor = step(mapped.matmul(Tensor([1.0, 1.0, -2.0])) - 0.5)
  page.claim("exclusive or with a product", xor, equals: [0, 1, 1, 0])

  //: But we knew what to look for. With 784 pixels and no idea, one would rather have the features learned as
  //: well. That is what hidden layers do, and chapter 2 begins there.
}

/*:
 ## 1.9 Decisions, and why not squared error

 A probability is not yet an answer. Usually one answers with the more probable label, 1 if $p > 0.5$. Since
 the sigmoid rises and $\sigma(0) = 0.5$,

 $$\sigma(z) > 0.5 \iff z > 0,$$

 so the decision of a sigmoid neuron is that of a step neuron with the same weights, and its boundary is a
 line for the same reason.
 */
notebook.section("1.9", "Decisions, and why not squared error") { page in
  let z = Tensor.linspace(-6, 6, 1001)
  page.claim("σ(z) > 0.5 exactly where z > 0", (z.sigmoid() .> 0.5).to(.float32), equals: step(z))

  /*:
   One half is a choice. If it is four times as bad to miss a 1 as to raise a false alarm, answer 1 as soon as
   $4p > 1-p$, that is above $p = 0.2$. On the side of z that threshold is the link of section 1.1 once more:
   the log-odds of 0.2.
   */
  let threshold = 0.2
  let logit = (Tensor(threshold) / (1 - threshold)).log()
  page.show("ln(0.2 / 0.8)", logit)
  page.claim("the same rule in z", (z.sigmoid() .> threshold).to(.float32), equals: (z .> logit).to(.float32))

  /*:
   Now to a question that comes up in every class. Labels are numbers; why not make $(p-y)^2$ small, as one
   would for measurements? Section 1.5 gave the first reason: squared error is the NLL of Gaussian noise, and
   labels have no bell curve around p. The second shows in the slopes. For an example with y = 1,

   $$\frac{\partial}{\partial z}\bigl(-\ln \sigma(z)\bigr) = \sigma(z) - 1, \qquad
   \frac{\partial}{\partial z}\bigl(\sigma(z) - 1\bigr)^2 = 2\,(\sigma(z) - 1)\,\sigma(z)\,(1 - \sigma(z)).$$

   The factor $\sigma(1-\sigma)$ is what cancelled in section 1.7. Here it stays, and it is nearly 0 where the
   neuron is sure, rightly or wrongly.
   */
  let cases = Tensor([-10.0, -5.0, 0.0, 5.0])
  let p = cases.sigmoid()
  let logisticSlope = p - 1
  let squaredSlope = 2 * (p - 1) * p * (1 - p)
  page.show("z", cases)
  page.show("slope, logistic loss", logisticSlope.toArray(), digits: 6)
  page.show("slope, squared error", squaredSlope.toArray(), digits: 6)
  page.claim("at z = −10 the logistic loss still pulls", logisticSlope[0], equals: -1, within: 1e-3)
  page.claim("there the squared error is flat", squaredSlope[0].abs(), isAtMost: 1e-4)

  /*:
   At z = −10 the neuron is certain of the wrong answer. The logistic loss pulls with full force, the squared
   error with less than a ten-thousandth of it. Also, the squared error is steepest at $\sigma = \frac13$,
   that is $z = -\ln 2$; left of it the curve levels off. The logistic loss is **convex**: it bends upward
   everywhere, so that a path downhill cannot end on a shelf. (The honest measure, mistake or not, has no
   slope anywhere; nothing can descend on it.)
   */
  let line = Tensor.linspace(-6, 6, 2401)
  let q = line.sigmoid()
  let steepest = line[(2 * (q - 1) * q * (1 - q)).argmin()]
  page.show("steepest at z", steepest)
  page.claim("that is −ln 2", steepest, equals: -0.6931, within: 0.005)
  page.figure("three-losses", lossesFigure())

  /*:
   Does it matter? Put 41 numbers from −2 to 2 on a line, label them 1 where positive, and start from a very
   bad weight, w = −8, which has everything backward. Let both losses descend with the same learning rate.
   */
  let x = Tensor.linspace(-2, 2, 41)
  let y = step(x)
  func descend(steps: Int, slope: (_ p: Tensor) -> Tensor) -> [Double] {
    var w = Tensor(-8.0)
    return (0..<steps).map { _ in
      w = w - 1.0 * (slope((w * x).sigmoid()) * x).mean()
      return w.item()
    }
  }

  //: The function takes another function as its argument: how a loss turns p into a slope. Each call hands
  //: one over in braces, with `$0` for p.
  let withLogistic = descend(steps: 100) { $0 - y }
  let withSquared = descend(steps: 100) { 2 * ($0 - y) * $0 * (1 - $0) }
  page.show("w, logistic loss", withLogistic.last!)
  page.show("w, squared error", withSquared.last!)
  page.claim("the logistic loss turns the neuron around", step(withLogistic.last! * x), equals: y)
  page.claim("the squared error hardly moves it", withSquared.last!, isBetween: -8 ... -6)
  page.figure("from-a-bad-start", badStartFigure(withLogistic, withSquared))

  /*:
   One could drop the sigmoid and fit $z$ itself to the labels by least squares. Then the slope does not
   vanish, but another trouble comes: an example that is right by a wide margin, z = 5 where 1 was asked for,
   counts as a large error. Take ten numbers with their labels, and then add three far to the right whose
   label, 1, is beyond doubt.
   */
  let near = Tensor([-1.0, -0.8, -0.6, -0.4, -0.2, 0.1, 0.3, 0.6, 0.8, 1.0])
  let all = cat([near, Tensor([10.0, 11.0, 12.0])])
  let truth = step(all)

  //: The best line through the points (x, y) has the slope cov(x, y) / var(x) and runs through the two means.
  //: It answers 1 where it is above one half.
  let slope = ((all - all.mean()) * (truth - truth.mean())).sum() / ((all - all.mean()) ** 2).sum()
  let height = truth.mean() - slope * all.mean()
  let changeover = (0.5 - height) / slope
  let linearAnswers = (slope * all + height .> 0.5).to(.float32)
  page.show("least squares: x >", changeover)
  page.show("its answers", linearAnswers)
  page.claim(
    "it gets some of the near ones wrong", (linearAnswers .== truth).to(.float32).mean(), isAtMost: 0.9)

  //: Logistic regression on the same 13 numbers does not care how far beyond doubt an example is:
  var w = Tensor(0.0)
  var b = Tensor(0.0)
  for _ in 0..<2000 {
    let error = (w * all + b).sigmoid() - truth
    w = w - 0.1 * (error * all).mean()
    b = b - 0.1 * error.mean()
  }
  page.show("logistic: x >", (-b / w).item())
  page.claim("it gets all of them right", step(w * all + b), equals: truth)
  page.figure("too-right", tooRightFigure(all, truth, line: (slope, height), sigmoid: (w, b)))
}

/*:
 ## 1.10 One neuron tells shoes apart

 In section 1.7 we looked at the shoes through one feature of our own making. Let the neuron have all 784
 pixels and find out for itself which of them matter.
 */
let testSet = notebook.once {
  try FashionMNIST.orStrokeDigits(root: notebook.options.dataDirectory, train: false)
}

notebook.section("1.10", "One neuron tells shoes apart") { page in
  let data = try trainingSet()
  let (x, y) = twoKinds(data, limit: page.scale(quick: 2000, standard: .max))
  let (testX, testY) = twoKinds(try testSet())
  let names = [data.classes[7], data.classes[9]]
  page.show("data set", "\(data.name), \(names[0]) and \(names[1])")
  page.show("to learn from", x.shape)
  page.show("to be tested on", testX.shape)

  /*:
   The pictures come in two parts. From the **training set** the neuron learns. The **test set** only measures
   it, and no weight is ever changed on account of a test picture. What counts is how it does on pictures it
   has not learned from; a machine that knew its examples by heart would be perfect on the first part and
   useless on the second.
   */
  page.figure("shoes", shoesFigure(x, y, names))
  func accuracy(_ x: Tensor, _ y: Tensor, _ w: Tensor, _ b: Tensor) -> Double {
    (step(x.matmul(w) + b) .== y).to(.float32).mean().item()
  }

  //: The loop is that of section 1.7, with 784 weights instead of one. Every 10 steps we write down how it
  //: stands.
  var w = Tensor.zeros(784)
  var b = Tensor(0.0)
  var history: [(step: Int, train: Double, test: Double)] = []
  for i in page.progress(page.scale(quick: 100, standard: 300, full: 3000), "learning") {
    let error = (x.matmul(w) + b).sigmoid() - y
    w = w - 0.3 * x.T.matmul(error) / Double(x.shape[0])
    b = b - 0.3 * error.mean()
    if (i + 1) % 10 == 0 {
      history.append((i + 1, accuracy(x, y, w, b), accuracy(testX, testY, w, b)))
    }
  }

  //: A guess would be right half the time, and our single feature was right in nearly nine cases of ten.
  let testAccuracy = accuracy(testX, testY, w, b)
  page.show("training accuracy", accuracy(x, y, w, b))
  page.show("test accuracy", testAccuracy)
  page.claim(
    "the neuron tells unseen pictures apart", testAccuracy,
    isAtLeast: page.scale(quick: 0.9, standard: data is FashionMNIST ? 0.945 : 0.9))
  page.figure("learning-curve", learningCurveFigure(history))

  /*:
   There is one weight for each pixel, so the weights are a picture too. Where it is red, brightness speaks
   for a boot; where blue, for a sneaker. Nobody told the neuron about shafts or heels. It found that light in
   the upper rows speaks for a boot, that light low on the right does, where heels stand, and that light to
   the left of that speaks against it: there a boot with a heel leaves a gap.
   */
  let image = w.reshape(28, 28)
  let (shaft, heel, gap) = (
    image[0..<10].mean(), image[18..<23, 21..<26].mean(), image[20..<23, 15..<19].mean()
  )
  page.show("mean weight", [shaft.item(), heel.item(), gap.item()], note: "upper rows, heel, gap")
  if data is FashionMNIST {
    page.claim("shaft and heel speak for a boot", [shaft.item(), heel.item()], isAtLeast: 0.01)
    page.claim("brightness in the gap speaks against it", gap, isAtMost: -0.01)
  }
  page.figure("weights-of-the-neuron", weightsFigure(w, names))

  /*:
   A probability can be checked as well. Among the test pictures that the neuron is sure about, with p below
   0.05 or above 0.95, it should hardly ever err; among the doubtful rest it may.
   */
  let p = (testX.matmul(w) + b).sigmoid()
  let isRight = ((p .> 0.5).to(.float32) .== testY).to(.float32)
  let isSure = (p .< 0.05) .| (p .> 0.95)
  page.show("share it is sure of", isSure.to(.float32).mean())
  page.show("accuracy where sure", isRight[isSure].mean())
  page.show("accuracy where not", isRight[.!isSure].mean())
  page.claim("where it is sure it hardly ever errs", isRight[isSure].mean(), isAtLeast: 0.9)
  page.claim(
    "it is right more often where it is sure", isRight[isSure].mean().item() > isRight[.!isSure].mean().item()
  )

  //: The worst mistakes are those with the largest loss. `argsort` sorts them and gives their positions; some
  //: would puzzle a person, too.
  let losses = binaryCrossEntropyWithLogits(testX.matmul(w) + b, testY, reduction: .none)
  let worst = losses.argsort(descending: true)[0..<12]
  page.show("largest losses", losses[worst][0..<4])
  page.figure("worst-mistakes", mistakesFigure(testX[worst], testY[worst], p[worst], names))

  /*:
   And Rosenblatt's algorithm on the same shoes? We let it pass over them a few times and note, after each
   pass, its mistakes and its accuracy on the test set.
   */
  let count = page.scale(quick: 500, standard: x.shape[0])
  let extended = cat([x[0..<count], Tensor.ones(count, 1)], dim: 1)
  var perceptronWeights = Tensor.zeros(785)
  var passes: [(mistakes: Int, accuracy: Double)] = []
  for _ in page.progress(page.scale(quick: 2, standard: 6), "passing over the shoes") {
    let run = perceptron(extended, y[0..<count], passes: 1, from: perceptronWeights)
    perceptronWeights = run.weights.last!
    let (w, b) = (perceptronWeights[0..<784], perceptronWeights[784])
    passes.append((run.mistakes.count, accuracy(testX, testY, w, b)))
  }

  /*:
   It is not at rest, and one cannot tell whether it will ever be. Every mistake shifts the weights by a whole
   picture, so a pass may also make it worse, and where it stands when we stop is partly luck. (The two passes
   of a `--quick` run need not show this.) Logistic regression lets each example pull with the strength of its
   error, all at once, and moves toward the place where the pulls balance.
   */
  page.show("mistakes per pass", passes.map(\.mistakes))
  page.show("test accuracy", passes.map(\.accuracy))
  page.claim("it is not at rest", passes.last!.mistakes, isAtLeast: 1)
  let accuracies = passes.map(\.accuracy)
  let falls = zip(accuracies, accuracies.dropFirst()).count { $1 < $0 }
  if !page.options.isQuick {
    page.claim("passes that left it less accurate than it was", falls, isAtLeast: 1)
  }
}

/*:
 One neuron is a linear predictor, an activation, and a rule for learning that follows from one principle:
 make the data probable. What it cannot do by itself is find features. Chapter 2 puts neurons in layers, so
 that some compute the features on which others decide.
 */
notebook.run()
