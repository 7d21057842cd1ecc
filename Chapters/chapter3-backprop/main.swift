import DeepLearning
import Foundation

let notebook = Notebook("chapter3-backprop", title: "Chapter 3: Backpropagation")

/*:
 # Chapter 3: Backpropagation

 A neural network is a function with many adjustable numbers, its **parameters**. Training it means turning
 these numbers a little at a time so that the **cost**, one number that says how wrong the network is, goes
 down. To know which way to turn each parameter we need its **partial derivative**: how fast does the cost
 change when this one parameter changes and all the others stay where they are?

 You could find out by trying: nudge one parameter, run the network again, look at the cost. A network with
 a million parameters would have to run a million times before it may take a single step.
 **Backpropagation** finds all the derivatives in one run forward and one run back, for about the price of
 three runs. It is the chain rule of calculus, applied in an order in which nothing is computed twice. There
 is no more to it than that.

 You will meet it here five times, each time with less work for you: with a pocket calculator (3.1), with
 small matrices (3.2), as four formulas for networks of any size (3.3), as a program that learns from 60,000
 pictures of clothes (3.4), and as a machine that differentiates whatever you write (3.6). On the way,
 section 3.5 shows how to tell a right gradient from a wrong one.
 */

// The sigmoid, which squashes any number into the range from 0 to 1.
func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }

/*:
 ## 3.1 The chain rule, by hand

 Here is the smallest network worth differentiating. One number $x$ goes in. Two **hidden units** each
 multiply it by a **weight**, add a **bias**, and squash the sum with the **sigmoid**
 $\sigma(z) = 1 / (1 + e^{-z})$. An output unit weighs the two results and adds a bias of its own:

 $$h_1 = \sigma(w_1 x + b_1) \qquad h_2 = \sigma(w_2 x + b_2) \qquad z = w_{o1} h_1 + w_{o2} h_2 + b_o$$

 That makes seven parameters. The network ought to answer $y$, and we call the cost of answering $z$ instead
 $E = \frac{1}{2} (z - y)^2$. Let us call it Network A and give every letter a number.
 */
notebook.section("3.1", "The chain rule, by hand") { page in
  let (x, y) = (0.1, 5.0)
  let (w1, b1, w2, b2) = (0.1, 0.2, 0.3, 0.4)
  let (wo1, wo2, bo) = (0.5, 0.6, 0.7)

  /*:
   Running the network from left to right is the **forward pass**. We keep every intermediate number,
   because the way back will need them again.
   */
  let h1 = sigmoid(w1 * x + b1)
  let h2 = sigmoid(w2 * x + b2)
  let z = wo1 * h1 + wo2 * h2 + bo
  let cost = (z - y) * (z - y) / 2
  page.show("hidden units", [h1, h2], digits: 6)
  page.show("output z", z, digits: 6)
  page.show("cost E", cost, digits: 6)
  page.claim("output of Network A", z, equals: 1.339678, within: 5e-7)
  page.claim("cost of Network A", cost, equals: 6.698978, within: 5e-7)

  /*:
   The answer is far too small, so the cost is high. Now the **backward pass**. It starts at the end, with
   the one thing we can differentiate at sight: how does the cost change with the output?

   $$\frac{\partial E}{\partial z} = z - y$$
   */
  let dz = z - y
  page.show("∂E/∂z", dz, digits: 6)

  /*:
   Read it as a rate: raise $z$ by a tiny amount, and the cost falls by 3.66 times that amount. Every
   parameter acts on the cost through $z$ and in no other way. The **chain rule** says that rates along such
   a chain multiply. The output is $w_{o1} h_1 + w_{o2} h_2 + b_o$, so it changes with $w_{o1}$ at the rate
   $h_1$, and with $b_o$ at the rate 1:

   $$\frac{\partial E}{\partial w_{o1}} = \frac{\partial E}{\partial z} \frac{\partial z}{\partial w_{o1}}
     = (z - y) \, h_1$$
   */
  let (dwo1, dwo2, dbo) = (dz * h1, dz * h2, dz)
  page.show("∂E/∂wₒ₁, ∂wₒ₂, ∂bₒ", [dwo1, dwo2, dbo], digits: 6)
  page.claim("∂E/∂wₒ₁", dwo1, equals: -2.021625, within: 5e-7)
  page.claim("∂E/∂wₒ₂", dwo2, equals: -2.217693, within: 5e-7)
  page.claim("∂E/∂bₒ", dbo, equals: -3.660322, within: 5e-7)

  /*:
   One layer further back the chain has more links. A hidden unit's sum $z_1 = w_1 x + b_1$ changes $h_1$,
   which changes $z$, which changes $E$. The middle link is the slope of the sigmoid, and it costs nothing:
   $\sigma'(z_1) = h_1 (1 - h_1)$, made of a number that the forward pass has left lying about.

   $$\frac{\partial E}{\partial z_1} = (z - y) \cdot w_{o1} \cdot h_1 (1 - h_1)$$
   */
  let dz1 = dz * wo1 * h1 * (1 - h1)
  let dz2 = dz * wo2 * h2 * (1 - h2)
  page.show("∂E/∂z₁, ∂E/∂z₂", [dz1, dz2], digits: 6)

  /*:
   These two numbers deserve a name, because all the rest follows from them. The derivative of the cost by a
   unit's sum is the unit's **error term**, $\delta$. With it in hand the parameters of a unit are as easy
   as those of the output were: multiply $\delta$ by what the parameter is multiplied by in the sum. A
   weight is multiplied by its input, here $x = 0.1$, and a bias by 1.
   */
  let (dw1, db1) = (dz1 * x, dz1)
  let (dw2, db2) = (dz2 * x, dz2)
  page.show("∂E/∂w₁, ∂b₁, ∂w₂, ∂b₂", [dw1, db1, dw2, db2], digits: 6)
  page.claim("∂E/∂w₁ and ∂E/∂b₁", [dw1, db1], equals: [-0.045253, -0.452533], within: 5e-7)
  page.claim("∂E/∂w₂ and ∂E/∂b₂", [dw2, db2], equals: [-0.052443, -0.524431], within: 5e-7)

  /*:
   Look at what was shared. $z - y$ was computed once and used for all seven parameters; $\delta_1$ was
   computed once and used for two. Had we written out the seven chains separately, each would have begun
   with the same factors. Going backward, from the cost to the input, is what lets us share them. That is
   the whole idea of backpropagation, and in a network with many layers it is worth everything.

   The figure has both passes in one picture: in every unit its value, and below it its error term.
   */
  page.figure(
    "network-a", drawing(ofNetworkAWith: (x, h1, h2, z, cost), errorTerms: (dz1, dz2, dz)))

  /*:
   Are the seven numbers right? A derivative promises something that we can test: nudge $w_{o1}$ by 0.001,
   and the cost should change by about −2.02 times 0.001. So let us write the network as a function of its
   parameters and nudge every one of them in turn.
   */
  func costOfNetworkA(_ p: [Double]) -> Double {
    let output = p[4] * sigmoid(p[0] * x + p[1]) + p[5] * sigmoid(p[2] * x + p[3]) + p[6]
    return (output - y) * (output - y) / 2
  }
  let parameters = [w1, b1, w2, b2, wo1, wo2, bo]
  let gradient = [dw1, db1, dw2, db2, dwo1, dwo2, dbo]

  /*:
   Seven runs of the network, one for each parameter. Measured beside predicted, they agree to three digits;
   that they agree no better is the fault of the nudge, which is small but not infinitely small. Section 3.5
   turns this test into a precise tool.
   */
  let measured = parameters.indices.map { i in
    var nudged = parameters
    nudged[i] += 0.001
    return (costOfNetworkA(nudged) - cost) / 0.001
  }
  let names = ["w₁", "b₁", "w₂", "b₂", "wₒ₁", "wₒ₂", "bₒ"]
  let rows: [[any Showable]] = names.indices.map { [names[$0], gradient[$0], measured[$0]] }
  page.show("derivatives of Network A", Table(["parameter", "chain rule", "nudged"], rows), digits: 6)
  page.claim("nudging agrees with the chain rule", measured, equals: gradient, within: 1e-3)

  /*:
   The list of all partial derivatives is the **gradient**. It points where the cost rises fastest, so we
   step the other way: from every parameter subtract its derivative times a small number $\eta$, the
   **learning rate**. This is **gradient descent**, and one step of it is all that training ever does, over
   and over.
   */
  let rate = 0.1
  let stepped = zip(parameters, gradient).map { $0 - rate * $1 }
  page.show("cost before", cost, digits: 6)
  page.show("cost after a step", costOfNetworkA(stepped), digits: 6)
  page.claim("the step lowers the cost", costOfNetworkA(stepped), isAtMost: cost - 1)

  /*:
   ### Two kinds of unit, several examples: Network B

   Real networks differ from Network A in three ways. They see several inputs, their units need not be
   alike, and the cost adds up over many **examples**. Network B has all three. Its first hidden unit is a
   sigmoid that sees $x_1$ and $x_2$; its second is a hyperbolic tangent that sees $x_2$ and $x_3$; the
   edges from $x_3$ to the first and from $x_1$ to the second are missing. Write $w_{ij}$ for the weight
   from input $i$ to unit $j$:

   $$h_1 = \sigma(w_{11} x_1 + w_{21} x_2 + b_1) \qquad h_2 = \tanh(w_{22} x_2 + w_{32} x_3 + b_2) \qquad
     \hat y = w_{o1} h_1 + w_{o2} h_2 + b_o$$
   */
  let inputs = [[1.0, 0.5, -1.0], [-0.5, 2.0, 0.3], [0.2, -1.0, 1.5], [1.5, 0.8, 0.4]]
  let targets = [0.5, -0.4, 1.2, 0.1]
  // w11, w21, b1, w22, w32, b2, wo1, wo2, bo
  let start = [0.4, -0.3, 0.1, 0.7, -0.6, 0.2, 0.9, -0.8, 0.3]

  /*:
   The cost is half the sum of squared errors over the four examples,
   $E = \frac12 \sum_n (\hat y^{(n)} - y^{(n)})^2$. Here are the two hidden units and the output once more,
   as functions of the nine parameters.
   */
  func hiddenUnits(_ p: [Double], _ x: [Double]) -> (h1: Double, h2: Double) {
    (sigmoid(p[0] * x[0] + p[1] * x[1] + p[2]), tanh(p[3] * x[1] + p[4] * x[2] + p[5]))
  }
  func error(_ p: [Double], _ x: [Double], _ y: Double) -> Double {
    let (h1, h2) = hiddenUnits(p, x)
    return p[6] * h1 + p[7] * h2 + p[8] - y
  }
  func costOfNetworkB(_ p: [Double]) -> Double {
    zip(inputs, targets).map { x, y in error(p, x, y) * error(p, x, y) / 2 }.reduce(0, +)
  }

  /*:
   The derivative of a sum is the sum of the derivatives, so we may treat one example at a time and add up.
   For one example the steps are those of Network A. Only the slope of the second unit is new,
   $\tanh'(z) = 1 - \tanh^2(z)$, which again needs nothing but the unit's own value:

   $$\delta_1 = (\hat y - y) \, w_{o1} \, h_1 (1 - h_1) \qquad
     \delta_2 = (\hat y - y) \, w_{o2} \, (1 - h_2^2)$$
   */
  func gradientOfExample(_ p: [Double], _ x: [Double], _ y: Double) -> [Double] {
    let (h1, h2) = hiddenUnits(p, x)
    let e = error(p, x, y)
    let delta1 = e * p[6] * h1 * (1 - h1)
    let delta2 = e * p[7] * (1 - h2 * h2)
    return [delta1 * x[0], delta1 * x[1], delta1, delta2 * x[1], delta2 * x[2], delta2, e * h1, e * h2, e]
  }

  /*:
   The last line is the closed form of all nine derivatives: an error term times an input for each weight,
   the error term itself for each bias. A missing edge has no weight, hence no derivative, and it passes
   nothing back; there is nothing else to say about it. Add up the four examples:
   */
  let gradientB = zip(inputs, targets).map { gradientOfExample(start, $0, $1) }.reduce(
    Array(repeating: 0, count: 9)
  ) { zip($0, $1).map(+) }
  page.show("cost of Network B", costOfNetworkB(start), digits: 6)

  /*:
   And the numeric check. This time we nudge to both sides, by $+h$ and by $-h$, and divide the difference
   by $2h$. Why that is so much more precise than nudging to one side is the subject of section 3.5; see how
   many digits agree.
   */
  let measuredB = start.indices.map { i in
    var (above, below) = (start, start)
    above[i] += 1e-5
    below[i] -= 1e-5
    return (costOfNetworkB(above) - costOfNetworkB(below)) / 2e-5
  }
  let namesB = ["w11", "w21", "b1", "w22", "w32", "b2", "wo1", "wo2", "bo"]
  let rowsB: [[any Showable]] = namesB.indices.map { [namesB[$0], gradientB[$0], measuredB[$0]] }
  page.show("derivatives of Network B", Table(["parameter", "closed form", "nudged"], rowsB), digits: 9)
  page.claim("Network B: the closed form is right", measuredB, equals: gradientB, within: 1e-9)

  /*:
   > **Mind the slip.** The derivative for $w_{32}$ is often printed under the name $w_{13}$. The third input
   > feeds the second unit, so it is $\delta_2 x_3$ that belongs to $w_{32}$; under our reading $w_{13}$ would
   > lead from the first input to a third unit, which does not exist. Swapped indices are the most common
   > mistake in hand-written gradients, because both versions look alike and both have the right shape.
   */
  let delta2TimesX3 = zip(inputs, targets).map { x, y in gradientOfExample(start, x, y)[5] * x[2] }
  page.claim("∂E/∂w32 = Σ δ₂ x₃", delta2TimesX3.reduce(0, +), equals: measuredB[4], within: 1e-9)
}

/*:
 ## 3.2 The same with matrices: a step of Network C

 Nobody writes a layer unit by unit. The sums of all units of a layer are one product of a matrix and a
 vector, and from here on we compute with **tensors**, arrays of numbers with a shape. Network C is an
 exercise from lecture notes on neural networks, and we want to arrive at the results that are printed there.
 It has two inputs, two hidden units and two outputs, and every unit is **fully connected** to the layer
 before it. All units are **rectified linear units**: $\operatorname{relu}(z) = \max(z, 0)$. As in the notes,
 $y$ is here the output and $t$ the target, and the subscripts of $W$, $z$ and $\delta$ count layers.
 */
notebook.section("3.2", "The same with matrices") { page in
  let x = Tensor([1.0, 2.0])
  let w1 = Tensor([[1.0, 0.5], [-0.5, 1.0]])
  let b1 = Tensor([-0.5, -0.5])
  let w2 = Tensor([[0.5, -2.0], [-1.0, 0.5]])
  let b2 = Tensor([1.0, 1.0])
  let targets = Tensor([2.0, 4.0])

  /*:
   Before we can multiply we must know how to read a matrix. Does row $i$ of $W_1$ hold the weights that
   *leave* input $i$, or those that *enter* unit $i$? Textbooks do both, and the numbers decide. Try the
   first reading, where a layer is the row vector $x$ times the matrix, $z = x W + b$:
   */
  let z1 = x.matmul(w1) + b1
  let h = z1.relu()
  page.show("z₁, rows leave", z1, digits: 2)
  page.show("h = relu(z₁)", h, digits: 2)

  //: The second reading, $z = W x + b$, gives a different network from the same numbers:
  let otherReading = w1.matmul(x) + b1
  page.show("z₁, rows enter", otherReading, digits: 2)
  page.claim("h = (0, 2) under the first reading", h, equals: [0.0, 2.0])
  page.claim("not under the second", otherReading.relu().toArray() != [0, 2])

  /*:
   The notes print $h = (0, 2)$, so their author used the first reading. The weight $w_{ij}$ leads *from* unit
   $i$ *to* unit $j$, and stands in row $i$. Our library, like PyTorch, uses the second: a layer stores its
   weights as (outputs, inputs) and computes `x @ Wᵀ + b`. The two matrices are each other's transpose, and no
   harm is done as long as one knows which of them one is holding. In this section we follow the author. The
   second layer:
   */
  let z2 = h.matmul(w2) + b2
  let y = z2.relu()
  let cost = (y - targets).square().mean()
  page.show("z₂", z2, digits: 2)
  page.show("y = relu(z₂)", y, digits: 2)
  page.show("mean squared error", cost.item())
  page.claim("y = (0, 2)", y, equals: [0.0, 2.0])
  page.claim("the cost is 4", cost.item(), equals: 4.0)

  /*:
   Now backward. The cost is the *mean* of two squares, $E = \frac12 \sum_k (y_k - t_k)^2$, so
   $\partial E / \partial y = y - t$. The slope of relu is 1 where its input was positive and 0 elsewhere.
   Multiplying by it, element by element (written $\odot$), gives the error terms of the output layer:

   $$\delta_2 = (y - t) \odot \operatorname{relu}'(z_2)$$
   */
  let delta2 = (y - targets).maskedFill(z2 .<= 0, 0)
  page.show("∂E/∂y = y − t", y - targets, digits: 2)
  page.show("δ₂", delta2, digits: 2)

  /*:
   The first output should have been 2 and was 0. It has every reason to change, and yet its error term
   vanishes. Its sum $z_2$ was −1, on the flat side of relu, where a small change of the parameters changes
   nothing. Such a unit is called **dead** for this input: it is wrong, and it cannot learn from being wrong.

   The error terms travel back along the weights. Hidden unit $i$ feeds output $j$ with weight $w_{ij}$, so
   it collects $\sum_j \delta_j w_{ij}$, where $\delta_j$ is an entry of $\delta_2$. In the reading where the
   forward pass is $h W$, this is $\delta\, W^\top$:
   */
  let delta1 = delta2.matmul(w2.T).maskedFill(z1 .<= 0, 0)
  page.show("δ₂ W₂ᵀ", delta2.matmul(w2.T), digits: 2)
  page.show("δ₁", delta1, digits: 2)
  page.claim("δ₁ = (0, −1)", delta1, equals: [0.0, -1.0])

  /*:
   Hidden unit 1 is dead as well: 4 units of blame arrive at it and are dropped. Each weight's derivative is
   what flowed in at its start times the error term at its end. For the whole matrix at once this is an
   **outer product**: entry $(i, j)$ is $h_i \delta_j$. The bias gets $\delta$ itself.
   */
  let gradW2 = h.outer(delta2)
  let gradW1 = x.outer(delta1)
  page.show("∂E/∂W₂", gradW2, digits: 2)
  page.show("∂E/∂W₁", gradW1, digits: 2)

  //: One step of gradient descent with $\eta = 0.01$, for all twelve parameters:
  let rate = 0.01
  let (newW1, newB1) = (w1 - rate * gradW1, b1 - rate * delta1)
  let (newW2, newB2) = (w2 - rate * gradW2, b2 - rate * delta2)
  page.show("W₁ after the step", newW1, digits: 2)
  page.show("W₂ after the step", newW2, digits: 2)

  /*:
   The author names three of these weights, and the names need one more rule to make sense. The units are
   numbered through the network, so that the hidden units are 3 and 4 when they send, and each layer counts
   its own units when they receive. Then $w_{31}$ leads from the first hidden unit to the first output,
   $w_{42}$ from the second hidden unit to the second output, and $w_{22}$ from the second input to the
   second hidden unit:
   */
  let (w31, w42, w22) = (newW2[0, 0].item(), newW2[1, 1].item(), newW1[1, 1].item())
  page.claim("w31 stays 0.5", w31, equals: 0.5)
  page.claim("w42 becomes 0.54", w42, equals: 0.54, within: 1e-7)
  page.claim("w22 becomes 1.02", w22, equals: 1.02, within: 1e-7)

  /*:
   $w_{31}$ does not move, for two reasons of which either would do: its source is 0 and the error term at
   its end is 0. For $w_{42}$, the source is 2 and the error term −2, so the derivative is −4 and the step
   +0.04. For $w_{22}$, they are 2 and −1. Had the step any effect? To first order the cost should fall by
   $\eta$ times the squared length of the gradient:
   */
  let newH = (x.matmul(newW1) + newB1).relu()
  let newCost = ((newH.matmul(newW2) + newB2).relu() - targets).square().mean()
  let squaredLength = [gradW1, delta1, gradW2, delta2].map { $0.square().sum().item() }.reduce(0, +)
  page.show("predicted fall", rate * squaredLength, digits: 4)
  page.show("actual fall", (cost - newCost).item(), digits: 4)
  page.claim("the fall is as predicted", (cost - newCost).item(), equals: rate * squaredLength, within: 0.005)
}

/*:
 ## 3.3 Any number of layers

 Now the general case. A network has layers $l = 1 \dots L$; layer $l$ has the weights $W^{[l]}$, the biases
 $b^{[l]}$ and the **activation function** $\sigma$. With $a^{[0]} = x$, the forward pass is

 $$z^{[l]} = W^{[l]} a^{[l-1]} + b^{[l]} \qquad a^{[l]} = \sigma(z^{[l]})$$

 The formulas are about one example, a column. The code below handles a **batch** of examples at once, one
 in each row, so every product appears transposed: `a @ Wᵀ + b`.
 */

/// A fully connected layer: weight (out, in) and bias (out). Also used for the gradients of the two.
struct Dense {
  var weight: Tensor
  var bias: Tensor
}

notebook.section("3.3", "Any number of layers") { page in
  //: Further down we shall ask what all this costs. So the products of matrices go through a function that
  //: counts them:
  var products = 0
  func product(_ a: Tensor, _ b: Tensor) -> Tensor {
    products += 1
    return a.matmul(b)
  }

  //: The hidden layers use tanh, the last layer nothing. All activations $a^{[0]}, \dots, a^{[L]}$ are kept:
  func forward(_ layers: [Dense], _ x: Tensor) -> [Tensor] {
    var a = [x]
    for (l, layer) in layers.enumerated() {
      let z = product(a[l], layer.weight.T) + layer.bias
      a.append(l == layers.count - 1 ? z : z.tanh())
    }
    return a
  }

  /*:
   Let us have a network of three layers with random numbers in it, and eight examples. Each `a` has a row
   for each example and a column for each unit.
   */
  func randomLayers(_ sizes: [Int], _ dtype: DType) -> [Dense] {
    zip(sizes, sizes.dropFirst()).map { inputs, outputs in
      let weight = Tensor.randn(outputs, inputs, dtype: dtype) / Double(inputs).squareRoot()
      return Dense(weight: weight, bias: Tensor.randn(outputs, dtype: dtype))
    }
  }
  let layers = randomLayers([4, 6, 5, 3], .float64)
  let x = Tensor.randn(8, 4, dtype: .float64)
  let a = forward(layers, x)
  page.show("shapes of a", a.map { "\($0.shape)" }.joined(separator: " → "), note: "8 examples")

  /*:
   **Error terms.** As in section 3.1 everything follows from
   $\delta^{[l]} = \partial E / \partial z^{[l]}$, the derivative of the cost by the sums of layer $l$. We
   find it for the last layer, and then a rule that takes us from one layer to the layer before it.

   *The last layer.* If the targets $y$ are numbers with **Gaussian** noise, maximum likelihood asks for the
   squared error $E = \frac12 \lVert a - y \rVert^2$ under an identity output, $a = z$ (chapter 1).
   Differentiate:

   $$\delta^{[L]} = a - y$$
   */
  let y = Tensor.randn(8, 3, dtype: .float64)
  let gaussianDelta = a[3] - y

  /*:
   If the targets are classes, the output is a **softmax**, $p_k = e^{z_k} / \sum_j e^{z_j}$, and the cost
   is the **cross-entropy** $E = -\sum_k y_k \ln p_k$, where $y$ is 1 for the true class and 0 elsewhere.
   The logarithm of an output is $\ln p_k = z_k - \ln \sum_j e^{z_j}$, whose derivative by $z_j$ is
   $[k = j] - p_j$. (A condition in square brackets is 1 where it holds and 0 where it does not.) So

   $$\frac{\partial E}{\partial z_j} = -\sum_k y_k \bigl([k = j] - p_j\bigr) = -y_j + p_j \sum_k y_k = p_j - y_j$$

   because the $y_k$ sum to 1. Output minus target, once more: $\delta^{[L]} = a - y$.
   */
  let labels = Tensor([0, 2, 1, 1, 0, 2, 2, 0])
  let onehot = oneHot(labels, classes: 3, dtype: .float64)
  let softmaxDelta = a[3].softmax(dim: 1) - onehot
  page.show("δ of the first example", softmaxDelta[0])

  /*:
   That the two agree is no accident: each cost is the negative log-likelihood that belongs to its output
   function. The entries of a softmax error term sum to 0. What one class gains in probability, the others
   lose.
   */
  page.claim(
    "each example's softmax δ sums to 0", softmaxDelta.sum(dim: 1).abs().max().item(), isAtMost: 1e-12)

  /*:
   *The hidden layers.* Unit $i$ of layer $l$ acts on the cost only through the sums of layer $l + 1$, to
   which it contributes $w_{ji} a_i$ each (the row $j$ belongs to the receiving unit now). So it collects
   their error terms through the same weights, backward, and multiplies by its own slope:

   $$\delta^{[l]} = \sigma'(z^{[l]}) \odot W^{[l+1]\top} \delta^{[l+1]} \label{hidden-error-terms}$$

   *The parameters.* A weight multiplies the activation below it, a bias multiplies 1:

   $$\frac{\partial E}{\partial W^{[l]}} = \delta^{[l]} a^{[l-1]\top} \qquad
     \frac{\partial E}{\partial b^{[l]}} = \delta^{[l]}$$

   That was the theory. **The algorithm** has five steps: (1) run forward and keep every $a^{[l]}$; (2)
   compute $\delta^{[L]} = a - y$; (3) carry it back, layer by layer; (4) form the gradients of each layer;
   (5) take a step. Steps 3 and 4 in code, where one matrix product also sums over the examples of the
   batch:
   */
  func backward(_ layers: [Dense], _ a: [Tensor], _ outputDelta: Tensor) -> [Dense] {
    var delta = outputDelta
    var gradients: [Dense] = []
    for l in layers.indices.reversed() {
      gradients.append(Dense(weight: product(delta.T, a[l]), bias: delta.sum(dim: 0)))
      if l > 0 { delta = product(delta, layers[l].weight) * (1 - a[l].square()) }
    }
    return gradients.reversed()
  }

  /*:
   The slope of tanh, $1 - a^2$, stands in for $\sigma'$. Seven lines, and they hold for any depth. Are they
   right? We let the library differentiate the same network by itself, which section 3.6 explains, and
   compare every entry of every gradient, for both costs.
   */
  func libraryGradients(_ cost: (Tensor) -> Tensor) -> [Dense] {
    let copies = layers.map { Dense(weight: $0.weight.clone(), bias: $0.bias.clone()) }
    for layer in copies { (layer.weight.requiresGrad, layer.bias.requiresGrad) = (true, true) }
    cost(forward(copies, x)[3]).backward()
    return copies.map { Dense(weight: $0.weight.grad!, bias: $0.bias.grad!) }
  }
  func largestDifference(_ ours: [Dense], _ theirs: [Dense]) -> Double {
    zip(ours, theirs).flatMap { ours, theirs in
      [(ours.weight - theirs.weight).abs().max().item(), (ours.bias - theirs.bias).abs().max().item()]
    }.max()!
  }

  //: In 64-bit arithmetic the two may differ by a few units in the sixteenth digit:
  let gaussian = libraryGradients { (($0 - y).square() * 0.5).sum() }
  let softmax = libraryGradients { crossEntropy($0, labels, reduction: .sum) }
  page.claim(
    "squared error: all gradients", largestDifference(backward(layers, a, gaussianDelta), gaussian),
    isAtMost: 1e-12)
  page.claim(
    "softmax and cross-entropy: all gradients", largestDifference(backward(layers, a, softmaxDelta), softmax),
    isAtMost: 1e-12)

  /*:
   **What it costs.** Count multiplications, for $N$ examples and three layers of width $m$. Forward, each
   layer is one product, $N m^2$. Backward there are two for each layer, one for the gradient and one to
   carry $\delta$ on, except that below the first layer there is nobody to carry it to. That makes three
   products against five, and the counter agrees:
   */
  func productsIn(_ work: () -> Void) -> Int {
    products = 0
    work()
    return products
  }
  let productsForward = productsIn { _ = forward(layers, x) }
  let productsBackward = productsIn { _ = backward(layers, a, gaussianDelta) }
  page.show("matrix products", [productsForward, productsBackward], note: "forward, backward")
  page.show("backward / forward", Double(productsBackward) / Double(productsForward), digits: 2)
  page.claim("five products back for three forward", [productsForward, productsBackward], equals: [3, 5])

  /*:
   The price of *all* derivatives is less than two forward passes more, however many parameters there are.
   Let us see whether the clock agrees, for widths from 64 to 1024 and a batch of 256.
   */
  func milliseconds(_ work: () -> Void) -> Double {
    let times = (0..<page.scale(quick: 3, standard: 9)).map { _ in
      let start = ContinuousClock.now
      work()
      return (ContinuousClock.now - start) / .milliseconds(1)
    }
    return times.min()!
  }
  let widths = [64, 128, 256, 512, 1024]
  let times = page.progress(widths, "timing").map { width in
    let layers = randomLayers([width, width, width, width], .float32)
    let a = forward(layers, Tensor.randn(256, width))
    return (
      forward: milliseconds { _ = forward(layers, a[0]) },
      backward: milliseconds { _ = backward(layers, a, a[3]) }
    )
  }

  //: In the figure the two lines run side by side. A clock depends on whatever else the machine is doing, so
  //: the page shows what it said and claims only the count. Its factor, at the largest width:
  page.show("backward / forward", measured: times[4].backward / times[4].forward, unit: "times")
  page.figure(
    "forward-and-backward-time", drawing(ofTimes: times.map(\.forward), times.map(\.backward), widths: widths)
  )

  /*:
   ### Three rules for every layer

   The four formulas fuse two things that are better kept apart: the matrix product and the activation
   function. Treat each as a layer of its own. Then a layer is anything that obeys three rules. *Forward*:
   given the input, compute the output. *Backward*: given $\partial E / \partial$output, compute
   $\partial E / \partial$input. *Parameters*: if it has any, compute $\partial E / \partial$parameters from
   the same. In code two requirements will do, because our layers follow the third rule inside `backward`:
   */
  protocol Layer: AnyObject {
    func forward(_ x: Tensor) -> Tensor
    func backward(_ gradient: Tensor) -> Tensor
  }

  /*:
   The affine layer $z = x W^\top + b$ remembers its input, which its parameters' rule needs. Compare the
   three products with the formulas above: nothing has been added.
   */
  final class Affine: Layer {
    let weight, bias: Tensor
    private(set) var weightGradient, biasGradient: Tensor?
    private var input: Tensor?

    init(_ weight: Tensor, _ bias: Tensor) { (self.weight, self.bias) = (weight, bias) }

    func forward(_ x: Tensor) -> Tensor {
      input = x
      return x.matmul(weight.T) + bias
    }

    func backward(_ gradient: Tensor) -> Tensor {
      weightGradient = input.map { gradient.T.matmul($0) }
      biasGradient = gradient.sum(dim: 0)
      return gradient.matmul(weight)
    }
  }

  //: An activation has no parameters. It remembers its output, because the slope of tanh is made of it.
  final class Tanh: Layer {
    private var output = Tensor(0)

    func forward(_ x: Tensor) -> Tensor {
      output = x.tanh()
      return output
    }

    func backward(_ gradient: Tensor) -> Tensor { gradient * (1 - output.square()) }
  }

  let w1 = Tensor.randn(5, 4, dtype: .float64)
  let w2 = Tensor.randn(3, 5, dtype: .float64)
  let first = Affine(w1, Tensor.randn(5, dtype: .float64))
  let last = Affine(w2, Tensor.randn(3, dtype: .float64))
  let network: [any Layer] = [first, Tanh(), last]

  /*:
   A network is now a list. The forward pass runs through it from the front, the backward pass from the
   back, and neither knows what the layers are. Every deep-learning library is built on this; ours is, too.
   There is no cost in this example, so we draw `v` at random: it stands for $\partial E / \partial$output.
   */
  let example = Tensor.randn(1, 4, dtype: .float64)
  let output = network.reduce(example) { $1.forward($0) }
  let v = Tensor.randn(1, 3, dtype: .float64)
  let inputGradient = network.reversed().reduce(v) { $1.backward($0) }
  page.show("output", output, digits: 4)
  page.show("∂E/∂x", inputGradient, digits: 4)

  /*:
   What does a backward rule compute, seen from above? All partial derivatives of a layer's outputs by its
   inputs form its **Jacobian** $J$, a matrix with a row for each output and a column for each input. By the
   chain rule the Jacobian of the whole network is the product of those of its layers. That of an affine
   layer is $W$ itself; that of tanh has the slopes on its diagonal and zeros elsewhere.
   */
  let slopes = 1 - first.forward(example).tanh().square()
  let tanhJacobian = Tensor.eye(5, dtype: .float64) * slopes
  let jacobian = w2.matmul(tanhJacobian).matmul(w1)
  page.show("Jacobian", jacobian, digits: 4)

  /*:
   The backward pass has computed $v J$, a **vector times the Jacobian**, and it never built a Jacobian:
   */
  page.claim("backward(v) = v J", inputGradient, equals: v.matmul(jacobian), within: 1e-12)

  /*:
   This explains why we go backward. The product $v J_3 J_2 J_1$ may be evaluated from either end. From the
   left there is always a vector times a matrix; from the right, matrices times matrices. For three layers
   of width 1,000 that is the difference between these two counts of multiplications:
   */
  let width = 1000
  let fromTheCost = 3 * width * width
  let fromTheInput = 2 * width * width * width + width * width
  page.show("from the cost back", fromTheCost)
  page.show("from the input on", fromTheInput)
  page.claim("going backward saves a factor of 667 here", fromTheInput / fromTheCost, equals: 667)
}

/*:
 ## 3.4 From scratch: 60,000 pictures of clothes

 Time to let it learn something. The data are **Fashion-MNIST**: 60,000 gray pictures of 28 × 28 = 784
 pixels, each of one of ten kinds of clothing. The network has 784 inputs, one hidden layer of ten relu
 units, and ten softmax outputs. We use no tensor library for it, only plain Swift and BLAS, the decades-old
 routine collection that every numerical program calls for its matrix products.
 */

/// The parameters of the network 784-10-10, or their gradients.
struct Parameters: Sendable {
  let w1 = Matrix(10, 784)
  let b1 = Matrix(10, 1)
  let w2 = Matrix(10, 10)
  let b2 = Matrix(10, 1)

  var all: [Matrix] { [w1, b1, w2, b2] }
  var count: Int { all.map(\.count).reduce(0, +) }
}

/*:
 The batch is the whole training set. Its gradient is a sum over the images, so it may be formed in pieces:
 the images are taken in blocks, small enough to stay in a core's cache for both passes, and the cores share
 the blocks. A `Worker` (in the file Team.swift) has room for one block and for its share of the sum.
 `images.read` makes floats of a block's bytes: kept as floats, the pictures would be four times as much to
 fetch from memory in every pass. An image is a row of $X$; everything behind the first product has one
 *column* for each image, as in the formulas:

 $$Z_1 = W_1 X^\top + b_1 \qquad A_1 = \operatorname{relu}(Z_1) \qquad P = \operatorname{softmax}(W_2 A_1 + b_2)$$
 */
extension Worker {
  func forward(_ net: Parameters, _ images: ByteImages, _ block: Range<Int>) {
    images.read(block, into: x)
    multiply(net.w1, x.transposed, into: a1)
    a1.addToColumns(net.b1)
    a1.relu()
    multiply(net.w2, a1, into: p)
    p.addToColumns(net.b2)
    p.softmaxOfColumns(scratch: scratch)
  }
}

/*:
 Backward, line by line what section 3.3 derived. The error terms of the output are $P - Y$, divided by the
 number of images because the cost is their mean. Those of the hidden layer follow by the
 [rule for hidden layers](#hidden-error-terms). The slope of relu is 1 where $A_1$ is positive and 0
 elsewhere, which is what $[A_1 > 0]$ says, entry by entry.

 $$\Delta_2 = (P - Y) / N \qquad \frac{\partial E}{\partial W_2} = \Delta_2 A_1^\top$$
 $$\Delta_1 = W_2^\top \Delta_2 \odot [A_1 > 0] \qquad \frac{\partial E}{\partial W_1} = \Delta_1 X$$
 */
extension Worker {
  func backward(_ net: Parameters, _ labels: ArraySlice<Int>, imageCount: Int) {
    let delta2 = p  // P − Y: one less at each image's true class
    for (c, label) in labels.enumerated() { delta2.elements[label * Self.blockSize + c] -= 1 }
    delta2.scale(by: 1 / Float(imageCount))
    multiply(delta2, a1.transposed, into: gradient.w2, adding: true)
    gradient.b2.addColumnSum(of: delta2)
    multiply(net.w2.transposed, delta2, into: delta1)
    delta1.keepWherePositive(a1)
    multiply(delta1, x, into: gradient.w1, adding: true)
    gradient.b1.addColumnSum(of: delta1)
  }
}

/*:
 That is all the mathematics of the program. A `Team` hands each core a stretch of blocks and adds up what
 the cores bring back. Training is gradient descent and nothing else, the same five steps in every
 **iteration**; because the batch is the whole set, there is no chance in it beyond the start.
 */
func train(
  _ net: Parameters, _ images: ByteImages, _ labels: [Int], iterations: Int, rate: Float,
  report: (_ iteration: Int, _ score: Score) -> Void
) {
  let team = Team()
  for iteration in 0..<iterations {
    let isScored = iteration % 10 == 0
    let score = team.pass(net, images, labels, learns: true, isScored: isScored)
    if isScored { report(iteration, score) }
    for (parameter, slope) in zip(net.all, team.gradient.all) { parameter.add(slope, times: -rate) }
  }
}

notebook.section("3.4", "From scratch: 60,000 pictures of clothes") { page in
  let trainingSet = try FashionMNIST.orStrokeDigits(root: page.options.dataDirectory, train: true)
  let count = page.scale(quick: 6000, standard: trainingSet.count)
  let images = ByteImages(trainingSet.images[0..<count])
  let labels = Array(trainingSet.labels.prefix(count))
  let iterations = page.scale(quick: 100, standard: 500)
  page.show("data", trainingSet.name, note: trainingSet.source)
  page.show("images", count, note: "28 × 28")
  page.show("parameters", Parameters().count)
  page.claim("the network has 7,960 parameters", Parameters().count, equals: 7960)

  /*:
   A run notes cost and **accuracy**, the share of pictures that are recognized, at every tenth iteration,
   and prints the accuracies five to a line. The time it takes is measured around it. (Benchmarks/numpy has
   the same program in NumPy, and a script that times the two against each other.) An iteration is scored
   before its step, so the finished network gets a score of its own.
   */
  func run(_ net: Parameters) -> TrainingRun {
    var run = TrainingRun()
    let start = ContinuousClock.now
    train(net, images, labels, iterations: iterations, rate: 0.1) { iteration, score in
      run.costs.append(score.cost / Double(count))
      run.accuracies.append(Double(score.correct) / Double(count))
      guard run.accuracies.count % 5 == 0 else { return }
      let line = run.accuracies.suffix(5).map { $0.shown(digits: 4) }.joined(separator: "  ")
      page.print("iterations \(iteration - 40) to \(iteration): accuracy  \(line)")
    }
    run.seconds = (ContinuousClock.now - start) / .seconds(1)
    let end = Team().pass(net, images, labels, learns: false, isScored: true)
    run.costAtEnd = end.cost / Double(count)
    run.accuracyAtEnd = Double(end.correct) / Double(count)
    return run
  }

  /*:
   **The recipe as it is often told**: start with weights and biases drawn evenly from −1 to 1, take
   $\eta = 0.1$ and 500 iterations (100 in a quick run, on a tenth of the pictures). Guessing would reach an
   accuracy of 0.1.
   */
  let uniform = Parameters()
  for parameter in uniform.all {
    parameter.fill { Generator.default.nextUniform(in: -1..<1) }
  }
  let uniformStart = firstLook(at: uniform, images)
  let uniformWeights = Tensor(uniform.w1.array)
  let uniformRun = run(uniform)
  page.show("time", measured: uniformRun.seconds, unit: "s", note: "\(iterations) iterations")

  /*:
   It learns, but look where it begins. A network that knew nothing would give every class the probability
   0.1 and pay $\ln 10 = 2.303$ for it. This one pays a multiple of that:
   */
  page.show("ln 10", log(10.0), digits: 3, note: "the cost of knowing nothing")
  page.show("cost at the start", uniformRun.costs[0], digits: 3)
  page.show("cost at the end", uniformRun.costAtEnd, digits: 3)
  page.claim("the start is worse than ignorance", uniformRun.costs[0], isAtLeast: 2 * log(10))

  /*:
   How can it be worse than ignorant? By being sure and wrong. A hidden unit adds up 784 products, with
   weights whose standard deviation is $1/\sqrt 3 = 0.58$. Hundreds of such terms make large sums, the
   second layer makes them larger, and the softmax of large numbers is nearly one-hot. We looked before the
   first step:
   */
  page.claim("standard deviation of the weights", uniformWeights.std().item(), equals: 0.58, within: 0.02)
  page.show("hidden sums, spread", uniformStart.spread, digits: 2, note: "standard deviation")
  page.show("certainty", uniformStart.certainty, digits: 2, note: "mean of the largest probability")
  page.claim("the network starts out sure of itself", uniformStart.certainty, isAtLeast: 0.6)

  /*:
   So the first hundreds of iterations are spent on unlearning. The cure is to begin with sums of moderate
   size. The variance of a sum of $n$ independent products grows with $n$, so the weights' variance should
   shrink with it; and since relu throws away half of what it gets, make up for it by a factor of 2. This is
   **He initialization**: weights normal with variance $2/n$, biases 0.
   */
  let he = Parameters()
  he.w1.fill { Generator.default.nextNormal(std: (2.0 / 784).squareRoot()) }
  he.w2.fill { Generator.default.nextNormal(std: (2.0 / 10).squareRoot()) }
  let heStart = firstLook(at: he, images)
  let heWeights = Tensor(he.w1.array)
  page.show("hidden sums, spread", heStart.spread, digits: 2, note: "standard deviation")
  page.show("certainty", heStart.certainty, digits: 2, note: "mean of the largest probability")
  page.claim("now it starts out in doubt", heStart.certainty, isAtMost: 0.4)

  //: The same steps from the new start, with nothing else changed:
  let heRun = run(he)
  page.show("cost at the start", heRun.costs[0], digits: 3)
  page.show("cost at the end", heRun.costAtEnd, digits: 3)

  /*:
   The same network, the same data, the same number of steps; only the start differs. (Of the handwritten
   digits of MNIST, the recipe with the uniform start is known to recognize about three quarters; clothes are
   harder.) The way up is not smooth in every run: with a fixed $\eta$, a step is sometimes too long for the
   place where it is taken, and the accuracy drops for a while. Chapter 5 comes back to both, the start and
   the step.
   */
  let last = [uniformRun, heRun].map(\.accuracyAtEnd)
  page.show("final accuracy", last, digits: 4, note: "uniform start, He start")
  page.claim("He's start wins by more than 10 points", last[1] - last[0], isAtLeast: 0.1)
  page.claim("it recognizes most pictures", last[1], isAtLeast: page.scale(quick: 0.5, standard: 0.75))
  let drops = uniformRun.drops + heRun.drops
  page.show("drops", drops, note: "times at which the accuracy was lower than ten iterations before")
  page.claim("the way up is not smooth", drops, isAtLeast: page.scale(quick: 0, standard: 1))
  page.figure("loss-and-accuracy", drawing(ofRuns: uniformRun, heRun, ignorance: log(10)))

  /*:
   What do the hidden units look for? The 784 weights of a unit form a picture of what it likes (red) and
   what it dislikes (blue). From He's start, shapes of clothes appear in most of them. From the uniform
   start we see noise, for the weights began so large that 500 small steps are lost in them. How far did
   they move, compared with where they began?
   */
  func relativeChange(_ after: Matrix, _ before: Tensor) -> Double {
    ((Tensor(after.array) - before).square().sum() / before.square().sum()).item().squareRoot()
  }
  let changes = [relativeChange(uniform.w1, uniformWeights), relativeChange(he.w1, heWeights)]
  page.show("change of W₁", changes, digits: 2, note: "uniform start, He start")
  page.claim("the large weights have hardly moved", changes[0], isAtMost: 0.3)
  page.claim("the small ones have moved several times as far", changes[1], isAtLeast: 2 * changes[0])
  page.figure(
    "weights", drawing(ofWeightsOf: [("From the uniform start", uniform), ("From He's start", he)]))

  /*:
   All this was measured on the pictures that the network was trained on. Whether it has understood anything
   shows on pictures that it has never seen, those of the **test set**:
   */
  let testSet = try FashionMNIST.orStrokeDigits(root: page.options.dataDirectory, train: false)
  let testImages = ByteImages(testSet.images)
  let score = Team().pass(he, testImages, testSet.labels, learns: false, isScored: true)
  let testAccuracy = Double(score.correct) / Double(testSet.count)
  page.show("test accuracy", testAccuracy, digits: 4)
  page.claim("new pictures are recognized about as well", testAccuracy, isAtLeast: last[1] - 0.05)

  //: And here is what it gets wrong: the first 24 mistakes, with the true class and the predicted one.
  let mistakes = firstMistakes(of: he, testImages, testSet.labels, count: 24)
  page.figure("mistakes", drawing(of: mistakes, in: testImages, classes: testSet.classes))
}

/*:
 ## 3.5 Is the gradient right?

 A wrong gradient does not crash. Often it does not even stop the network from learning, because a direction
 that is half right still leads downhill. That makes mistakes in a backward pass so hard to notice, and a
 **gradient check** so valuable: it compares what the formulas say with what the cost does.
 */
notebook.section("3.5", "Is the gradient right?") { page in
  /*:
   The derivative is what $(E(w + h) - E(w)) / h$ tends to as $h$ shrinks. This **one-sided difference** is
   off by about $\frac12 E'' h$. Going equally far to both sides cancels that term and leaves an error of
   order $h^2$. This is the **central difference**:

   $$\frac{\partial E}{\partial w} \approx \frac{E(w + h) - E(w - h)}{2 h}$$

   Our subject is Network A again, its cost as a function of $w_1$ alone, in 64-bit or in 32-bit arithmetic.
   */
  func cost(_ w1: Double, _ dtype: DType) -> Double {
    func number(_ value: Double) -> Tensor { Tensor([value], dtype: dtype) }
    let h1 = (number(w1) * 0.1 + 0.2).sigmoid()
    let h2 = number(0.3 * 0.1 + 0.4).sigmoid()
    let output = h1 * 0.5 + h2 * 0.6 + 0.7
    return ((output - 5).square() * 0.5).item()
  }
  func oneSided(_ h: Double) -> Double { (cost(0.1 + h, .float64) - cost(0.1, .float64)) / h }
  func central(_ h: Double, _ dtype: DType) -> Double {
    (cost(0.1 + h, dtype) - cost(0.1 - h, dtype)) / (2 * h)
  }

  /*:
   How far off is a number? Being wrong by 0.001 is excellent for a derivative of 1,000 and hopeless for one
   that is itself no larger. So we divide the difference by the size of the numbers, which gives the **relative error**.
   */
  func relativeError(_ a: Double, _ b: Double) -> Double { abs(a - b) / max(abs(a), abs(b), 1e-300) }

  //: The formula of section 3.1 gives the exact derivative. This is what the two differences make of it:
  let (h1, h2) = (sigmoid(0.21), sigmoid(0.43))
  let exact = (0.5 * h1 + 0.6 * h2 + 0.7 - 5) * 0.5 * h1 * (1 - h1) * 0.1
  page.show("exact", exact, digits: 12)
  page.show("one-sided, h = 1e-5", oneSided(1e-5), digits: 12)
  page.show("central, h = 1e-5", central(1e-5, .float64), digits: 12)

  /*:
   Is a smaller $h$ always better? Let us measure, for $h$ from a tenth down to $10^{-12}$.
   */
  let steps = (0...44).map { pow(10, -1 - Double($0) / 4) }
  let oneSidedErrors = steps.map { relativeError(oneSided($0), exact) }
  let centralErrors = steps.map { relativeError(central($0, .float64), exact) }
  let floatErrors = steps.map { relativeError(central($0, .float32), exact) }
  page.figure(
    "error-against-step", drawing(ofErrors: oneSidedErrors, centralErrors, floatErrors, steps: steps))

  /*:
   Two errors pull in opposite directions. The formula's own error shrinks with $h$. But the two costs come
   closer and closer together, each is known to about 16 digits only, and their difference keeps just the
   digits in which they differ. With $h$ too small nothing but rounding is left. The best that each curve
   reaches, its luckiest point:
   */
  page.show("one-sided, 64 bits", oneSidedErrors.min()!, note: "relative error")
  page.show("central, 64 bits", centralErrors.min()!, note: "relative error")
  page.show("central, 32 bits", floatErrors.min()!, note: "relative error")
  page.claim("central differences find eight digits or more", centralErrors.min()!, isAtMost: 1e-8)
  page.claim(
    "they beat one-sided ones 50 times over", oneSidedErrors.min()! / centralErrors.min()!, isAtLeast: 50)

  /*:
   In 32 bits, where numbers have seven digits, the check is hardly worth making: a correct gradient and one
   with a small mistake look alike. So gradients are checked in **64-bit arithmetic**, even of programs that
   will train in 32, with central differences and $h$ near $10^{-5}$. A relative error around $10^{-8}$ is a
   pass. One above $10^{-4}$ is, with one exception that we shall meet, a mistake in the formulas.
   */
  page.claim(
    "32 bits lose at least a thousandfold", floatErrors.min()! / centralErrors.min()!, isAtLeast: 1000)

  /*:
   ### Catching a mistake

   Here is a checker for any function of one tensor. It nudges each element, and so runs the function twice
   for each: far too slow for training, and just right for a small test.
   */
  func numericGradient(_ f: (Tensor) -> Tensor, at x: Tensor, h: Double = 1e-5) -> Tensor {
    let base = x.toArray(of: Double.self)
    let slopes = base.indices.map { i in
      var (above, below) = (base, base)
      above[i] += h
      below[i] -= h
      let difference =
        f(Tensor(above, shape: x.shape, dtype: .float64)) - f(Tensor(below, shape: x.shape, dtype: .float64))
      return difference.item() / (2 * h)
    }
    return Tensor(slopes, shape: x.shape, dtype: .float64)
  }

  //: A network with one hidden tanh layer, and a backward pass in which the slope can be "forgotten":
  let x = Tensor.randn(10, 3, dtype: .float64)
  let y = (x.sum(dim: 1, keepDim: true)).sin()
  func forwardCost(_ w1: Tensor, _ w2: Tensor) -> Tensor {
    (x.matmul(w1.T).tanh().matmul(w2.T) - y).square().mean() * 0.5
  }
  func gradients(_ w1: Tensor, _ w2: Tensor, forgetting: Bool) -> (w1: Tensor, w2: Tensor) {
    let a = x.matmul(w1.T).tanh()
    let delta2 = (a.matmul(w2.T) - y) / 10
    let slope = forgetting ? Tensor.ones(like: a) : 1 - a.square()
    let delta1 = delta2.matmul(w2) * slope
    return (delta1.T.matmul(x), delta2.T.matmul(a))
  }

  //: Both versions start from the same weights and take 200 steps.
  let w1 = Tensor.randn(6, 3, dtype: .float64)
  let w2 = Tensor.randn(1, 6, dtype: .float64)
  func costAfterTraining(forgetting: Bool) -> Double {
    var (u, v) = (w1, w2)
    for _ in 0..<200 {
      let slopes = gradients(u, v, forgetting: forgetting)
      (u, v) = (u - 0.1 * slopes.w1, v - 0.1 * slopes.w2)
    }
    return forwardCost(u, v).item()
  }

  /*:
   The one with the mistake makes progress, too. Had we not planted the mistake ourselves, we would blame
   the learning rate, or the data:
   */
  let before = forwardCost(w1, w2).item()
  let after = [false, true].map { costAfterTraining(forgetting: $0) }
  page.show("cost at the start", before, digits: 4)
  page.show("after 200 steps", after, digits: 4, note: "right gradient, wrong gradient")
  page.claim("training goes down with the wrong gradient, too", after[1], isAtMost: 0.7 * before)

  //: The checker is not fooled, and it tells where to look: the second layer is right, the first is not.
  func worst(_ ours: Tensor, _ numeric: Tensor) -> Double {
    zip(ours.toArray(of: Double.self), numeric.toArray(of: Double.self)).map(relativeError).max()!
  }
  let numeric1 = numericGradient({ forwardCost($0, w2) }, at: w1)
  let numeric2 = numericGradient({ forwardCost(w1, $0) }, at: w2)
  let wrong = gradients(w1, w2, forgetting: true)
  let right = gradients(w1, w2, forgetting: false)
  page.claim("second layer passes", worst(wrong.w2, numeric2), isAtMost: 1e-6)
  page.claim("first layer is caught", worst(wrong.w1, numeric1), isAtLeast: 1e-2)
  page.claim("mended, it passes", worst(right.w1, numeric1), isAtMost: 1e-6)

  /*:
   ### Where the check itself fails

   Relu has a **kink** at 0: slope 0 to the left, slope 1 to the right. If the kink lies between $w - h$ and
   $w + h$, the central difference measures a bit of both. At $z = 0.000002$, to the right of the kink, the
   slope is 1. With $h = 0.00001$ the check sees:
   */
  func relu(_ z: Double) -> Double { max(z, 0) }
  let nearKink = (relu(2e-6 + 1e-5) - relu(2e-6 - 1e-5)) / 2e-5
  page.show("measured slope", nearKink)
  page.claim("the kink spoils the check", nearKink, equals: 0.6, within: 1e-9)

  /*:
   The gradient is right and the check says it is not. The remedy is a smaller step, or another random
   point: with few examples hardly any sum lands so close to 0. And at a kink itself, where mathematics has
   no derivative at all, programs take 0 by convention, so that there is nothing to check.
   */
  let smaller = (relu(2e-6 + 1e-7) - relu(2e-6 - 1e-7)) / 2e-7
  page.claim("a smaller step mends it", smaller, equals: 1, within: 1e-6)

  //: The library has such a checker built in. It compares every partial derivative of any function of tensors:
  let report = gradCheck("tanh network", { [forwardCost($0[0], $0[1])] }, inputs: [w1, w2])
  page.print("\(report)")
  page.claim("the library's gradients pass", report.passed)
}

/*:
 ## 3.6 A machine that differentiates

 All our gradients so far were derived on paper. For a network with a new kind of layer we would have to
 start over. But look back at section 3.3: every layer only needed its own rules, and the rest was
 bookkeeping. Taken to its end, this means rules for single operations, a multiplication or an exponential,
 and bookkeeping by the machine. This is **automatic differentiation**.
 */

/// One operation as a thing that remembers: here, the product of two numbers.
struct MultiplyGate {
  private var a = 0.0
  private var b = 0.0

  mutating func forward(_ a: Double, _ b: Double) -> Double {
    (self.a, self.b) = (a, b)
    return a * b
  }

  func backward(_ gradient: Double) -> (a: Double, b: Double) { (gradient * b, gradient * a) }
}

/*:
 A `MultiplyGate` is such a rule. Forward it multiplies and remembers its inputs. Backward it is told
 $\partial E / \partial (ab)$ and answers with $\partial E / \partial a$ and $\partial E / \partial b$: each
 input's share is the *other* input.

 Chaining gates by hand is tedious, so we let the numbers remember how they were made. A `Value` holds a
 number, the values it was computed from, and the **local derivative** by each of them, which is known on
 the way forward. That is a graph. Because operations are written into it as they happen, it is also called
 a **tape**.
 */
final class Value: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  let data: Double
  let name: String
  let inputs: [(value: Value, slope: Double)]
  var grad = 0.0

  init(_ data: Double, _ name: String = "", _ inputs: [(value: Value, slope: Double)] = []) {
    (self.data, self.name, self.inputs) = (data, name, inputs)
  }

  convenience init(floatLiteral value: Double) { self.init(value, "\(value)") }
  convenience init(integerLiteral value: Int) { self.init(Double(value), "\(value)") }
}

//: Each operation creates a value: the result and, for each input, the local derivative.
extension Value {
  static func + (a: Value, b: Value) -> Value { Value(a.data + b.data, "+", [(a, 1), (b, 1)]) }
  static func - (a: Value, b: Value) -> Value { Value(a.data - b.data, "−", [(a, 1), (b, -1)]) }
  static func * (a: Value, b: Value) -> Value { Value(a.data * b.data, "×", [(a, b.data), (b, a.data)]) }

  static func / (a: Value, b: Value) -> Value {
    Value(a.data / b.data, "÷", [(a, 1 / b.data), (b, -a.data / (b.data * b.data))])
  }
}

//: Functions of one variable are no different. Where the derivative is made of the result, the result is used.
extension Value {
  func exp() -> Value {
    let y = Foundation.exp(data)
    return Value(y, "exp", [(self, y)])
  }

  func log() -> Value { Value(Foundation.log(data), "log", [(self, 1 / data)]) }

  func tanh() -> Value {
    let y = Foundation.tanh(data)
    return Value(y, "tanh", [(self, 1 - y * y)])
  }

  //: And the activation functions of this chapter:
  func relu() -> Value { Value(max(data, 0), "relu", [(self, data > 0 ? 1 : 0)]) }

  func sigmoid() -> Value {
    let y = 1 / (1 + Foundation.exp(-data))
    return Value(y, "σ", [(self, y * (1 - y))])
  }
}

/*:
 Backward, every value passes its gradient on to its inputs, multiplied by the local derivatives, and an
 input that is used several times *adds up* what arrives. One question remains: in which order? A value may
 pass its gradient on only when it is complete, that is, after everything that uses the value has had its
 turn. An order in which every value comes after all its inputs is a **topological order**; backward, we
 walk it from the end.
 */
extension Value {
  /// Everything this value was computed from, inputs before results, this value last.
  var history: [Value] {
    var order: [Value] = []
    var visited: Set<ObjectIdentifier> = []
    func visit(_ value: Value) {
      guard visited.insert(ObjectIdentifier(value)).inserted else { return }
      for input in value.inputs { visit(input.value) }
      order.append(value)
    }
    visit(self)
    return order
  }

  //: A value is put into the list when all its inputs are in it. (Our recursion goes as deep as the graph; the
  //: library uses a loop instead, and so handles graphs of millions of operations.) The backward pass itself is
  //: then five lines. With each call it starts from 0; the library's adds to the gradients that it finds.

  /// Sets the `grad` of every v in its history to ∂(this value)/∂v.
  func backward() {
    let order = history
    for value in order { value.grad = 0 }
    grad = 1
    for value in order.reversed() {
      for input in value.inputs { input.value.grad += input.slope * value.grad }
    }
  }
}

//: Two small additions let us draw such a graph later: its edges, and its description in Graphviz's language.
extension Value {
  /// Pairs of places in `history`, from input to result.
  var edges: [(from: Int, to: Int)] {
    let order = history
    let place = Dictionary(uniqueKeysWithValues: order.enumerated().map { (ObjectIdentifier($1), $0) })
    return order.enumerated().flatMap { to, value in
      value.inputs.map { (place[ObjectIdentifier($0.value)]!, to) }
    }
  }

  var dot: String {
    let nodes = history.enumerated().map { i, value in
      "  n\(i) [shape=box, label=\"\(value.name)\\n\(value.data)\\ngrad \(value.grad)\"];"
    }
    let arrows = edges.map { "  n\($0.from) -> n\($0.to);" }
    return (["digraph tape {", "  rankdir=LR;"] + nodes + arrows + ["}", ""]).joined(separator: "\n")
  }
}

notebook.section("3.6", "A machine that differentiates") { page in
  var gate = MultiplyGate()
  let product = gate.forward(3, -2)
  let shares = gate.backward(1)
  page.show("3 × (−2)", product)
  page.show("backward(1)", [shares.a, shares.b])
  page.claim("each input's share is the other input", [shares.a, shares.b], equals: [-2.0, 3.0])

  /*:
   Does the order matter so much? Take $b = a + a$ and $c = b + b$. Surely $c = 4a$, and the derivative of $c$
   by $a$ is 4. Here is the obvious recursion, which passes a gradient on as soon as it arrives. It meets $b$
   twice, and the second time passes on what it had passed on before:
   */
  func impatient(_ value: Value) {
    for input in value.inputs {
      input.value.grad += input.slope * value.grad
      impatient(input.value)
    }
  }
  func fourfold(_ a: Value) -> Value {
    let b = a + a
    return b + b
  }
  let hasty = Value(1, "a")
  let c = fourfold(hasty)
  c.grad = 1
  impatient(c)
  page.show("∂c/∂a, impatient", hasty.grad)
  page.claim("without the order the answer is 6", hasty.grad, equals: 6.0)

  //: In topological order $b$ waits for both of its shares, and then passes on their sum, once:
  let patient = Value(1, "a")
  fourfold(patient).backward()
  page.show("∂c/∂a, in order", patient.grad)
  page.claim("with it, 4", patient.grad, equals: 4.0)

  /*:
   Now Network A once more. We write down the forward pass, and no derivative at all. The tape finds the
   seven numbers that we worked out in section 3.1:
   */
  let names = ["w1", "b1", "w2", "b2", "wo1", "wo2", "bo"]
  func networkA(_ numbers: [Double]) -> (cost: Value, parameters: [Value]) {
    let p = zip(numbers, names).map { Value($0, $1) }
    let x = Value(0.1, "x")
    let h1 = (p[0] * x + p[1]).sigmoid()
    let h2 = (p[2] * x + p[3]).sigmoid()
    let error = p[4] * h1 + p[5] * h2 + p[6] - 5
    return (0.5 * error * error, p)
  }
  let (cost, parameters) = networkA([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
  cost.backward()
  let known = [-0.045253, -0.452533, -0.052443, -0.524431, -2.021625, -2.217693, -3.660322]
  page.show("seven derivatives", parameters.map(\.grad), digits: 6)
  page.claim("the numbers of section 3.1", parameters.map(\.grad), equals: known, within: 5e-7)

  /*:
   The graph can be drawn. Each box is a value: how it was made, what it is, and what the backward pass has
   left there. Follow the arrows for the forward pass, and go against them for the backward pass.
   */
  page.figure("tape", drawing(ofHistoryOf: cost))

  /*:
   For graphs that are too large for such a picture there is **Graphviz**, a program that does nothing but
   lay out graphs. It reads a plain text format called DOT, and `dot -Tsvg tape.dot -o tape.svg` draws it.
   */
  let dotFile = page.options.plotsDirectory + "/tape.dot"
  try cost.dot.write(toFile: dotFile, atomically: true, encoding: .utf8)
  page.show("Graphviz source", dotFile)
  page.claim("every value has its node", cost.dot.split(separator: "[shape").count - 1, equals: 23)

  //: With gradients for free, training is a loop of three lines. Fifty steps bring the output to its target:
  var numbers = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
  for _ in 0..<50 {
    let (cost, parameters) = networkA(numbers)
    cost.backward()
    numbers = parameters.map { $0.data - 0.1 * $0.grad }
  }
  page.show("cost after 50 steps", networkA(numbers).cost.data)
  page.claim("the tape can train", networkA(numbers).cost.data, isAtMost: 1e-6)

  /*:
   ### The same on tensors

   One object for every single number is a luxury. The network of section 3.4 needs a multiplication and an
   addition for each of its weights, for each image, and the training set has 60,000 images:
   */
  let net = Parameters()
  let valuesForOnePass = 2 * (net.w1.count + net.w2.count) * 60_000
  page.show("values for one pass", valuesForOnePass)
  page.claim("nearly a billion", valuesForOnePass, equals: 952_800_000)

  /*:
   So a library does the same with *tensors* as the values. The graph of one pass then has a dozen nodes,
   each of which handles millions of numbers at the speed of BLAS. `requiresGrad` marks the tensors whose
   gradient we want. Otherwise it reads as it did on the tape:
   */
  let q = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7].map { Tensor($0, requiresGrad: true) }
  let g1 = (q[0] * 0.1 + q[1]).sigmoid()
  let g2 = (q[2] * 0.1 + q[3]).sigmoid()
  let tensorCost = 0.5 * (q[4] * g1 + q[5] * g2 + q[6] - 5).square()
  tensorCost.backward()
  page.show("by the library", q.map { $0.grad!.item() }, digits: 6)

  /*:
   The tape computed in 64 bits, the library in 32. A 32-bit number has 24 binary digits; the distance to
   its neighbor is called one **ulp**, a unit in the last place. How many ulps are the two apart?
   */
  let ulps = zip(parameters, q).map { value, tensor in
    abs(value.grad - tensor.grad!.item()) / Double(Float(value.grad).ulp)
  }
  page.show("distance in ulps", ulps, digits: 2)
  page.claim("they agree to the last bits of a 32-bit number", ulps, isAtMost: 4)

  /*:
   Its backward pass is the tape's, but for the recursion. A node lies deeper than all its inputs, so whoever
   takes the deepest node first never passes on what is not complete. These are the lines:

   [Sources/DeepLearning/Autograd/Backward.swift](#excerpt-deepest-first)

   The library's graph can be drawn, too. For a network with matrices instead of single numbers it stays as
   small as this:
   */
  let w1 = (Tensor.randn(10, 784) * (2.0 / 784).squareRoot()).requiresGrad_()
  let b1 = Tensor.zeros(10, requiresGrad: true)
  let w2 = (Tensor.randn(10, 10) * (2.0 / 10).squareRoot()).requiresGrad_()
  let b2 = Tensor.zeros(10, requiresGrad: true)
  let set = try FashionMNIST.orStrokeDigits(root: page.options.dataDirectory, train: true)
  let images = set.images[0..<6000]
  let labels = set.targets[0..<6000]
  func loss() -> Tensor {
    let hidden = (images.flatten(1).matmul(w1.T) + b1).relu()
    return crossEntropy(hidden.matmul(w2.T) + b2, labels)
  }
  let graph = AutogradGraph(of: loss(), names: ["w1": w1, "b1": b1, "w2": w2, "b2": b2])
  page.claim("a dozen nodes", graph.nodes.count, equals: 12)
  page.figure("library-graph", drawing(of: graph))

  /*:
   And this closes the circle. We give these parameters to the program of section 3.4, whose backward pass
   we derived by hand, let both compute the gradient for 6,000 pictures, and compare all 7,960 derivatives.
   */
  loss().backward()
  for (matrix, tensor) in zip(net.all, [w1, b1, w2, b2]) {
    for (i, value) in tensor.toArray().enumerated() { matrix.elements[i] = value }
  }
  let team = Team()
  _ = team.pass(net, ByteImages(images), Array(set.labels.prefix(6000)), learns: true, isScored: false)

  //: Measured against the largest derivative of each matrix, the difference is a matter of rounding:
  let differences = zip([w1, b1, w2, b2], team.gradient.all).map { tensor, matrix in
    let ours = Tensor(matrix.array, shape: tensor.shape)
    return ((ours - tensor.grad!).abs().max() / tensor.grad!.abs().max()).item()
  }
  page.show("largest difference", differences.max()!, note: "relative to the largest derivative")
  page.claim("by hand and by machine: the same gradient", differences, isAtMost: 1e-5)

  /*:
   Now you know what `backward()` does. It is the chain rule, written down while the forward pass runs and
   carried out in reverse topological order, each operation by a rule of one line. The rest of this course
   only ever calls it.
   */
}

notebook.run()
