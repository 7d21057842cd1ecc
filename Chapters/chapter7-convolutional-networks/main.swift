/*:
 # Chapter 7: Convolutional networks

 So far a picture was a row of 784 numbers. If somebody had shuffled the pixels, all of them in the same way,
 no network of the earlier chapters would have noticed: to a fully connected layer, no pixel is beside any
 other. But what makes a picture a picture is neighborhood. An edge is a difference between pixels that touch,
 and an edge is an edge wherever it is.

 A **convolutional network** is built on these two facts. Its units look at small windows, and the same few
 weights are used in every window. That makes it much smaller than a fully connected network, and better. We
 begin with filters that people designed by hand (sections 7.1 and 7.2), find out what kind of matrix such a
 filter is (section 7.3), and make layers of filters (section 7.4). Then come the two parts that are too often
 left out: how gradients pass through a convolution (section 7.5), and a program that does it all from scratch
 and fast (section 7.6). In section 7.7 the filters are learned, section 7.8 goes deeper, and in section 7.9
 filters that were learned from some things serve for others.
 */

import DeepLearning
import Foundation

let notebook = Notebook("chapter7-convolutional-networks", title: "Chapter 7: Convolutional networks")

//: The pictures are Fashion-MNIST once more, this time as pictures: tensors of shape (examples, channels, height,
//: width). Gray pictures have one **channel**, colored ones three. They are read when the first section asks for them, and
//: kept for the others.
let clothes = notebook.once {
  let folder = notebook.options.dataDirectory
  return (
    train: try FashionMNIST.orStrokeDigits(root: folder, train: true),
    test: try FashionMNIST.orStrokeDigits(root: folder, train: false)
  )
}

/*:
 ## 7.1 Filters

 Before anybody trained a network, people who worked with pictures had a tool for nearly everything: blurring,
 sharpening, finding edges. Slide a small table of weights, the **kernel**, over the picture. Wherever it stops,
 multiply each weight by the pixel under it and add up. The sums make a new picture:

 $$z_{ij} = \sum_r \sum_s w_{rs} \, x_{i+r,\, j+s}$$

 That is a linear predictor, as in chapter 1, of a window of the picture. New is only that there is one for
 each place, and that all of them share their weights.
 */
notebook.section("7.1", "Filters") { page in
  //: In code the formula is a loop over the places. The window that begins at row `i` and column `j` is a slice, and
  //: `*` multiplies it with the kernel, element by element. The kernel must not hang over the edge, so it cannot begin in
  //: the last rows and columns, and the result is a little smaller than the picture.
  func filtered(_ x: Tensor, _ w: Tensor) -> Tensor {
    let z = Tensor.zeros(x.size(0) - w.size(0) + 1, x.size(1) - w.size(1) + 1)
    for i in 0..<z.size(0) {
      for j in 0..<z.size(1) { z[i, j] = (x[i..<i + w.size(0), j..<j + w.size(1)] * w).sum() }
    }
    return z
  }

  /*:
   The first kernel is **Sobel's**. It subtracts what is on the left from what is on the right, and trusts the
   middle row most. Where the picture gets brighter to the right the result is positive, where it gets darker it
   is negative, and where nothing changes it is 0. It finds vertical edges.
   */
  let sobelX = Tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
  let ramp = Tensor.arange(1, 26).to(.float32).view(5, 5)
  let slopes = filtered(ramp, sobelX)
  page.show("ramp", ramp)
  page.show("filtered", slopes)
  page.claim("8 everywhere", slopes, equals: Tensor.full([3, 3], 8))

  /*:
   In every row of the **ramp** a pixel and the next but one differ by 2; the rows count once, twice and once, so
   the sum is $2 \cdot (1 + 2 + 1) = 8$. From row to row the ramp climbs by 5, so the same kernel on its side,
   which finds horizontal edges, gives $10 \cdot 4 = 40$:
   */
  let sobelY = sobelX.T
  page.show("other direction", filtered(ramp, sobelY))
  page.claim("40 everywhere", filtered(ramp, sobelY), equals: Tensor.full([3, 3], 40))

  /*:
   > **Mind the slip.** In notes that many have learned from, the answer to this exercise reads 20, 30, 40 and so
   > on: numbers that grow with the pixels. They cannot. Any two windows of the ramp differ by a constant, and a
   > kernel whose weights sum to 0 does not see constants.
   */
  let corner = ramp[0..<3, 0..<3]
  let differences = (0..<9).map { place -> Tensor in
    let (i, j) = (place / 3, place % 3)
    return ramp[i..<i + 3, j..<j + 3] - corner
  }
  page.claim(
    "each window is the first plus a constant", differences.allSatisfy { equal($0.amax(), $0.amin()) })

  /*:
   ### On a picture

   Now for something to look at: twelve garments hung up in three rows. The library's `conv2d` does what
   `filtered` does, for many pictures and many kernels at once. Its picture has shape (channels, height, width), its
   weights (kernels, channels, height, width), so our one kernel for one channel is viewed as (1, 1, 5, 5).
   */
  let train = try clothes().train
  let rows = (0..<3).map { row in cat((0..<4).map { train.images[4 * row + $0] }, dim: 2) }
  let scene = cat(rows, dim: 1)
  func apply(_ kernel: Tensor, to picture: Tensor) -> Tensor {
    conv2d(picture, kernel.unsqueeze(0).unsqueeze(0), padding: .same)
  }
  page.show("the scene", scene.shape, note: "channels, height, width")
  page.claim(
    "conv2d is our loop", conv2d(scene, sobelX.view(1, 1, 3, 3))[0, 0..<4, 0..<4],
    equals: filtered(scene[0, 0..<6, 0..<6], sobelX), within: 1e-5)

  /*:
   Three more kernels. The **mean** of 5 × 5 pixels blurs. So does a **Gaussian**, which gives near pixels more say
   than far ones: these are rounded values of a bell-shaped surface, and 273 is their sum. **Sharpening** is the
   opposite: five times the pixel, minus its four neighbors.
   */
  let mean = Tensor.full([5, 5], 1.0 / 25)
  let bell = Tensor([
    [1.0, 4, 7, 4, 1], [4, 16, 26, 16, 4], [7, 26, 41, 26, 7], [4, 16, 26, 16, 4], [1, 4, 7, 4, 1],
  ])
  let gaussian = bell / 273
  let sharpen = Tensor([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]])
  page.claim("the bell's weights", bell.sum(), equals: 273)

  //: Look at the figure. Both blurs lose the fine pattern, and the Gaussian keeps more of the outlines; the sharpened
  //: picture exaggerates every seam. The two Sobel pictures show slopes: white is none, blue and red are the two
  //: directions. Stripes across a garment stand out from top to bottom, while from left to right nothing happens along them.
  let kernels = [
    ("5 × 5 mean", mean), ("Gaussian", gaussian), ("sharpened", sharpen), ("Sobel, left to right", sobelX),
    ("Sobel, top to bottom", sobelY),
  ]
  page.figure("filters", filterFigure(scene, kernels.map { ($0, apply($1, to: scene)) }))

  /*:
   What does a blur gain? Pictures from a camera are noisy, and noise averages out: the mean of 25 independent
   errors has a standard deviation that is $\sqrt{25} = 5$ times smaller. For any kernel the factor is
   $\sqrt{\sum w_{rs}^2}$ (variances of independent numbers add). A picture of nothing but noise, with a standard
   deviation of 1, shows how much of it is left:
   */
  let noise = Tensor.randn(1, 200, 200)
  let left = [mean, gaussian].map { apply($0, to: noise).std().item() }
  let predicted = [mean, gaussian].map { $0.square().sum().sqrt().item() }
  page.show("noise left over", left, digits: 3, note: "mean, Gaussian")
  page.show("predicted", predicted, digits: 3)
  page.claim("the mean leaves a fifth", left[0], equals: 0.2, within: 0.02)
  page.claim("the Gaussian as predicted", left[1], equals: predicted[1], within: 0.03)

  /*:
   > **Mind the slip.** What a kernel does to brightness is the sum of its weights. One that sums to 1 keeps the mean
   > brightness, be it a blur or a sharpening; one that sums to 0, such as Sobel's, turns every flat area into 0,
   > whatever its brightness was. The two are easily confused. Sharpening looks like a difference, but its weights
   > sum to 1.
   */
  let sums = kernels.map { $1.sum().item() }
  let flat = kernels.map { filtered(Tensor.full([5, 5], 0.7), $1)[0, 0].item() }
  let table: [[any Showable]] = kernels.indices.map { [kernels[$0].0, sums[$0], flat[$0]] }
  page.show("a flat area of 0.7", Table(["kernel", "sum of weights", "becomes"], table), digits: 3)
  page.claim("0.7 times the sum", flat, equals: sums.map { 0.7 * $0 }, within: 1e-6)

  //: For the whole picture the rule is exact only if every pixel is under every weight once. At the border that takes a
  //: picture that goes on at its other side, which is called circular padding. Then a pixel takes part in as many sums as the
  //: kernel has weights, once with each, and adds to the total itself times the sum of the weights:
  let circular = kernels.map { _, w in
    let margin = (w.size(0) - 1) / 2
    let padded = scene.pad([margin, margin, margin, margin], mode: .circular)
    return conv2d(padded, w.unsqueeze(0).unsqueeze(0)).mean().item()
  }
  let brightness = scene.mean().item()
  page.show("mean brightness", brightness, digits: 4)
  page.show("after each kernel", circular, digits: 4)
  page.claim("kept, or gone", circular, equals: sums.map { $0 * brightness }, within: 1e-5)

  /*:
   ### The border: padding

   In a picture of height $H$ a kernel of $K \times K$ has $H - K + 1$ places from top to bottom, so that
   every filter makes the picture smaller. To keep its size, for odd $K$, one puts $P = (K - 1) / 2$ zeros on
   each side: **padding**. It has a price. Zeros are black, and near the border the sums mix them in. In the
   corner of a flat white picture only 9 of the 25 weights of the mean lie on the picture:
   */
  let white = apply(mean, to: Tensor.ones(1, 8, 8))
  page.show("mean of white", white[0, 0..<4, 0..<4], digits: 2)
  page.claim("in the corner 9 / 25", white[0, 0, 0], equals: 9.0 / 25, within: 1e-6)

  //: White has become a dark gray in the corner, and whoever looks for edges will find some there that no one has drawn.
  //: Repeating the outermost pixels (`.replicate`), or mirroring the picture (`.reflect`), invents no edge. Zeros are the
  //: usual choice all the same, as they cost nothing, and networks learn to live with them (section 7.7).
  let replicated = conv2d(
    Tensor.ones(1, 8, 8).pad([2, 2, 2, 2], mode: .replicate), mean.view(1, 1, 5, 5))
  page.claim("still white", replicated, equals: Tensor.ones(1, 8, 8), within: 1e-6)

  /*:
   ### Stride and dilation

   With a **stride** of $S$ the kernel moves on by $S$ pixels, and the result is smaller by that factor. That is the
   same as filtering at every place and keeping each $S$-th, but nobody has to compute what would be thrown away. With a
   stride of 2 it is a quarter of the work:
   */
  let everywhere = conv2d(scene, gaussian.view(1, 1, 5, 5))
  let strided = conv2d(scene, gaussian.view(1, 1, 5, 5), stride: 2)
  page.show("stride 1 and 2", "\(everywhere.shape) \(strided.shape)")
  page.claim(
    "every second place", strided, equals: everywhere[.all, .slice(by: 2), .slice(by: 2)], within: 1e-6)

  /*:
   **Dilation** $d$ spreads the kernel: its weights stand $d$ pixels apart, so that 3 × 3 weights with $d = 2$ look at a
   window of 5 × 5. In general the window is $d(K-1) + 1$ wide. In a padded picture of $H + 2P$ pixels it can begin at
   $H + 2P - d(K-1)$ places, and a stride uses the first of every $S$ of them. So the **output size** is

   $$H' = \left\lfloor \frac{H + 2P - d(K-1) - 1}{S} \right\rfloor + 1$$
   */
  func outputSize(_ size: Int, kernel: Int, padding: Int = 0, stride: Int = 1, dilation: Int = 1) -> Int {
    (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
  }
  page.claim("28 pixels, kernel 5", outputSize(28, kernel: 5), equals: 24)
  page.claim("with padding 2", outputSize(28, kernel: 5, padding: 2), equals: 28)
  page.claim("kernel 3, padding 1, stride 2", outputSize(28, kernel: 3, padding: 1, stride: 2), equals: 14)

  //: The floor is for a last step that does not fit any more. A kernel of 2 with a stride of 2 stops at two places of a
  //: picture of 5, and the fifth pixel is never seen. A formula in which that must come out right deserves a thorough test:
  //: all combinations of small numbers, against what `conv2d` gives.
  var (cases, agreeing) = (0, 0)
  for size in 5...12 {
    for (k, p) in [(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (4, 2), (5, 2)] {
      for (s, d) in [(1, 1), (2, 1), (3, 1), (1, 2), (2, 2)] where d * (k - 1) + 1 <= size + 2 * p {
        let z = conv2d(
          Tensor.zeros(1, size, size), Tensor.zeros(1, 1, k, k), stride: s, padding: p, dilation: d)
        cases += 1
        agreeing += z.size(1) == outputSize(size, kernel: k, padding: p, stride: s, dilation: d) ? 1 : 0
      }
    }
  }
  page.show("cases", cases)
  page.claim("the formula is right in all", agreeing, equals: cases)
}

/*:
 ## 7.2 Color, and what is called convolution

 A colored picture has a channel each for red, green and blue. Its kernel has a table of weights for each channel.
 The three are slid together, and everything is added up, with one bias $b$:

 $$z_{ij} = b + \sum_c \sum_r \sum_s w_{crs} \, x_{c,\, i+r,\, j+s}$$

 Let us work through one example to the last digit. Take a pencil: it is the best way to understand the indices.
 */
notebook.section("7.2", "Color, and what is called convolution") { page in
  let x = Tensor([
    [[2.0, 1, 0, 0], [0, 0, 2, 1], [0, 2, 0, 1], [2, 1, 0, 1]],
    [[2, 2, 0, 0], [0, 0, 2, 1], [0, 0, 2, 0], [0, 1, 0, 1]],
    [[2, 1, 0, 0], [0, 0, 2, 1], [2, 0, 0, 0], [0, 1, 0, 1]],
  ])
  let w = Tensor([
    [[1.0, 0, 0], [0, -2, 0], [0, 0, -1]], [[1, 2, 0], [2, 0, -1], [0, -1, 1]],
    [[0, 0, -2], [0, 1, 2], [-2, 2, 0]],
  ])

  /*:
   With a padding of 1 the result is 4 × 4 again. At its upper left corner, the kernel's middle lies on the first
   pixel, and its first row and column lie on zeros. Of the nine weights of each channel four are left. In red they are
   $-2, 0, 0, -1$ on the pixels $2, 1, 0, 0$, which makes $-4$. The three channels, each by itself:
   */
  let parts = (0..<3).map { c in conv2d(x[c..<c + 1], w[c..<c + 1].unsqueeze(0), padding: 1)[0] }
  for (c, name) in ["red", "green", "blue"].enumerated() { page.show(name, parts[c], digits: 0) }
  page.claim("upper left: −4, −2 and 4", parts.map { $0[0, 0].item() }, equals: [-4.0, -2, 4])

  //: Their sum and a bias of 2 make the pre-activation, and ReLU the activation. At the upper left it is
  //: $-4 - 2 + 4 + 2 = 0$. Note that three channels went in and one came out. A filter does not keep the colors apart; it asks what all of them
  //: say together about a place.
  let z = conv2d(x, w.unsqueeze(0), Tensor([2.0]), padding: 1)[0]
  let y = z.relu()
  page.show("z", z, digits: 0)
  page.show("y = relu(z)", y, digits: 0)
  page.claim("channels add up", z, equals: parts[0] + parts[1] + parts[2] + 2)
  page.claim("y", y, equals: [[0.0, 5, 8, 0], [6, 10, 1, 5], [4, 0, 2, 11], [0, 1, 11, 3]])

  /*:
   > **Mind the slip.** In a solution of this example that goes around, the blue channel's entry in row 2, column 4 is
   > 11. It is 1: under the window lie the pixels 0, 0 / 2, 1 / 0, 0 and two columns of weights, and only
   > $1 \cdot 1$ is not zero. (With 11, $y$ would have a 15 there.)
   */
  page.show("window", x[2, 0..<3, 2..<4] * w[2, 0..<3, 0..<2], digits: 0)
  page.claim("row 2, column 4", parts[2][1, 3], equals: 1)

  /*:
   ### Pooling

   After a filter usually follows **pooling**, which makes the picture smaller: of every window of 2 × 2 it keeps the
   largest number (**max-pooling**) or the mean (**average pooling**). It asks whether something was found, no
   matter where exactly. The windows do not overlap: unless you say otherwise, the stride is the window's size.
   */
  let pooled = y.unsqueeze(0)
  page.show("largest", maxPool2d(pooled, 2)[0], digits: 0)
  page.show("mean", avgPool2d(pooled, 2)[0], digits: 2)
  page.claim("max-pooling", maxPool2d(pooled, 2)[0], equals: [[10.0, 8], [4, 11]])
  page.claim(
    "average pooling", avgPool2d(pooled, 2)[0], equals: [[21.0 / 4, 7.0 / 2], [5.0 / 4, 27.0 / 4]])

  /*:
   ### Convolution or correlation?

   What we have computed is not what mathematicians call convolution. It is the **cross-correlation** $w \star x$. The
   **convolution** $w * x$ runs through the kernel the other way:

   $$(w \star x)_{ij} = \sum_{r,s} w_{rs} \, x_{i+r,\,j+s} \qquad (w * x)_{ij} = \sum_{r,s} w_{rs} \, x_{i-r,\,j-s}$$

   The second is the first with the kernel **flipped** in both directions. A single bright pixel shows the
   difference. Convolution stamps the kernel where the pixel was; correlation stamps it upside down.
   */
  let dot = Tensor.zeros(1, 3, 3)
  dot[0, 1, 1].fill_(1)
  let numbers = Tensor.arange(1, 10).to(.float32).view(1, 1, 3, 3)
  let correlation = conv2d(dot, numbers, padding: 1)[0]
  let convolution = conv2d(dot, numbers.flip(2, 3), padding: 1)[0]
  page.show("correlation", correlation, digits: 0)
  page.show("convolution", convolution, digits: 0)
  page.claim("convolution copies the kernel", convolution, equals: numbers[0, 0])
  page.claim("correlation flips it", correlation, equals: numbers[0, 0].flip(0, 1))

  /*:
   Why do mathematicians flip? Because then the order does not matter, $w * x = x * w$, as with the product of
   numbers. To see it, all overlaps must count, also those of a single pixel; so the padding is $K - 1$. (The next
   lines filter each of two squares by the other.)
   */
  let (a, b) = (Tensor.randn(1, 1, 3, 3), Tensor.randn(1, 1, 3, 3))
  let convolved = (conv2d(a, b.flip(2, 3), padding: 2), conv2d(b, a.flip(2, 3), padding: 2))
  let correlated = (conv2d(a, b, padding: 2), conv2d(b, a, padding: 2))
  page.claim("a ∗ b = b ∗ a", convolved.0, equals: convolved.1, within: 1e-5)
  page.claim("a ⋆ b is another", (correlated.0 - correlated.1).abs().amax(), isAtLeast: 0.1)
  page.claim("it is b ⋆ a, flipped", correlated.0, equals: correlated.1.flip(2, 3), within: 1e-5)

  /*:
   > **Mind the slip.** Deep learning says "convolution" and computes the cross-correlation, and so do the worked example
   > above, this library and PyTorch. Programs for signals and pictures often mean the other one, so look it up before you
   > compare numbers. Truly convolved, ours give something else:
   */
  let flipped = conv2d(x, w.flip(1, 2).unsqueeze(0), Tensor([2.0]), padding: 1)[0].relu()
  page.show("flipped", flipped, digits: 0)
  page.claim("another picture", (flipped - y).abs().amax(), isAtLeast: 1)

  /*:
   For a network it does not matter. Its weights are learned: one that flips will learn flipped kernels and
   compute the same. Nor does it matter for kernels that are their own mirror image, such as the mean and the
   Gaussian; Sobel's change sign. But flipping will come back in section 7.5, where nobody can choose it away.
   */
}

/*:
 ## 7.3 The matrix behind it

 A filter is a sum of products, hence linear, so there must be a matrix that does the same. Seeing it once
 tells how a convolution differs from a fully connected layer, and in section 7.5 it will be our witness.
 */
//: Row $p$ of the matrix computes output $p$. As a picture, that row is empty except for the kernel, which
//: lies where the window is; `flatten` then makes a row of every picture.
func convolutionMatrix(_ w: Tensor, height: Int, width: Int) -> Tensor {
  let (rows, columns) = (height - w.size(0) + 1, width - w.size(1) + 1)
  let matrix = Tensor.zeros(rows * columns, height, width, dtype: w.dtype)
  for p in 0..<rows * columns {
    let (i, j) = (p / columns, p % columns)
    matrix[p, i..<i + w.size(0), j..<j + w.size(1)] = w
  }
  return matrix.flatten(1)
}

notebook.section("7.3", "The matrix behind it") { page in
  //: First in one dimension: a kernel of three numbers slides over six. Four places, hence four rows. Each row holds the
  //: kernel, with zeros for the numbers that it does not lie on, and from row to row it moves on by one. Times a column of
  //: six numbers, such a row is one of the four sums.
  let small = convolutionMatrix(Tensor([[1.0, 2, 3]]), height: 1, width: 6)
  page.show("kernel 1 2 3", small, digits: 0)

  /*:
   The same number stands along every diagonal. Such a matrix is called a **Toeplitz matrix**. It is **sparse**, most
   of it is zeros, and what is not zero is the same three numbers over and over. A picture has rows, so its matrix
   consists of blocks, and the blocks, too, repeat along diagonals:
   */
  let (x, w) = (Tensor.randn(6, 6), Tensor.randn(3, 3))
  let matrix = convolutionMatrix(w, height: 6, width: 6)
  let z = conv2d(x.view(1, 6, 6), w.view(1, 1, 3, 3))
  page.show("shape", matrix.shape, note: "4 · 4 outputs, 6 · 6 inputs")
  page.claim("matrix times picture is conv2d", matrix.matmul(x.flatten()), equals: z.flatten(), within: 1e-5)
  page.figure("toeplitz", matrixFigure(small, matrix))

  let nonzero = Int((matrix .!= 0).to(.float32).sum().item())
  page.show("numbers", [matrix.count, nonzero, w.count], note: "entries, not zero, different")
  page.claim("entries, not zero, different", [matrix.count, nonzero, w.count], equals: [576, 144, 9])

  /*:
   ### Weight sharing

   A fully connected layer is the same picture with nothing missing: 576 numbers, all free. The convolution makes two
   assumptions. Its units have only *local* connections, which leaves 144, and all units *share* their weights, which
   leaves 9. With real sizes the savings are enormous. Take six filters of 5 × 5 on a picture of 28 × 28:
   */
  let (inputs, places) = (28 * 28, 24 * 24)
  let dense = 6 * places * (inputs + 1)
  let local = 6 * places * (5 * 5 + 1)
  let shared = 6 * (5 * 5 + 1)
  let counts: [[any Showable]] = [
    ["every output sees every pixel", dense], ["every output sees its window", local],
    ["and all share", shared],
  ]
  page.show("parameters for 6 × 24 × 24 outputs", Table(["", "weights and biases"], counts))
  page.claim("dense, local, shared", [dense, local, shared], equals: [2_712_960, 89_856, 156])

  //: The layers of the library agree. (The second way has no layer there, since hardly anybody uses it.) To feel the
  //: difference: a single unit of the dense layer has 784 weights, far more than all six filters together, and is of use at
  //: one place only.
  page.claim("Conv2d", Conv2d(1, 6, 5).parameterCount, equals: shared)
  page.claim("Linear", Linear(inputs, 6 * places).parameterCount, equals: dense)

  /*:
   ### Move the picture, and the result moves

   Sharing has a second consequence. If what is in the picture moves, the windows see the same things at other
   places, so that the result moves by the same amount. This is **translation equivariance**: $f(Tx) = T f(x)$, where
   $T$ moves. Let $T$ push a garment three pixels down and five to the right, what leaves coming in again at the other
   side:
   */
  func moved(_ picture: Tensor, down: Int, right: Int) -> Tensor {
    let padded = picture.pad([right, 0, down, 0], mode: .circular)
    return padded[.ellipsis, 0..<picture.size(-2), 0..<picture.size(-1)]
  }
  func edges(_ picture: Tensor) -> Tensor {
    let kernel = Tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]).view(1, 1, 3, 3)
    return conv2d(picture.pad([1, 1, 1, 1], mode: .circular), kernel)
  }
  let garment = try clothes().train.images[0]
  let (movedFirst, movedLast) = (
    edges(moved(garment, down: 3, right: 5)), moved(edges(garment), down: 3, right: 5)
  )
  page.claim("move, then filter = filter, then move", movedFirst, equals: movedLast, within: 1e-6)
  page.figure(
    "equivariance",
    equivarianceFigure([garment, moved(garment, down: 3, right: 5), edges(garment), movedFirst]))

  //: A fully connected layer knows nothing of this. Its outputs for the moved picture are just others. We measure by
  //: how much the two sides differ, relative to their size. For an equivariant layer that would be 0; for two results that
  //: have nothing to do with each other it is about $\sqrt 2$, as their variances add up.
  let layer = Tensor.randn(784, 784) / 28
  func mixed(_ picture: Tensor) -> Tensor { layer.matmul(picture.flatten()).view(1, 28, 28) }
  let gap = mixed(moved(garment, down: 3, right: 5)) - moved(mixed(garment), down: 3, right: 5)
  let difference = (gap.norm() / mixed(garment).norm()).item()
  page.show("difference", difference, digits: 2, note: "dense layer, random weights")
  page.claim("as different as two unrelated results", difference, equals: 2.0.squareRoot(), within: 0.3)

  /*:
   Two reservations. With zeros as padding the equation fails near the border. And pooling with stride 2 keeps it only for
   moves by an even number of pixels. Moved by two, the pooled picture moves by one. Moved by one, it changes, and no move
   of the old one gives the new:
   */
  func coarse(_ picture: Tensor) -> Tensor { maxPool2d(edges(picture), 2) }
  let byTwo = coarse(moved(garment, down: 2, right: 0)) - moved(coarse(garment), down: 1, right: 0)
  let odd = coarse(moved(garment, down: 1, right: 0))
  let byOne = (0..<14).map { (odd - moved(coarse(garment), down: $0, right: 0)).abs().amax().item() }
  page.claim("an even move survives pooling", byTwo.abs().amax(), isAtMost: 1e-6)
  page.claim("an odd one does not, by whatever number of rows", byOne.min()!, isAtLeast: 0.01)
}

/*:
 ## 7.4 Layers of filters

 One filter finds one thing, so a layer has many. Each looks at all channels of its input, and each makes one
 channel of the output, a **feature map** (another thing than the $\varphi$ of section 1.8). With $F$ filters the
 weights are a tensor of shape $(F, D, K, K)$, where $D$ is the **depth**, the number of input channels:

 $$z_{fij} = b_f + \sum_{c=0}^{D-1} \sum_{r=0}^{K-1} \sum_{s=0}^{K-1} w_{fcrs} \, x_{c,\, i+r,\, j+s}$$

 A filter therefore has $K^2 D + 1$ parameters.
 */

//: The network of this chapter alternates convolution and pooling twice, and then goes on as a perceptron with two hidden
//: layers. It is a grandchild of LeCun's LeNet-5 (1998), which read the digits on checks. Since we shall want to use
//: its halves separately, it has two parts.
final class ConvolutionalNetwork: Module {
  let features: Sequential
  let classifier: Sequential

  init(channels: Int = 1, padding: Int = 2, classes: Int = 10) {
    features = Sequential(
      Conv2d(channels, 6, 5, padding: padding), ReLU(), MaxPool2d(2),
      Conv2d(6, 16, 5), ReLU(), MaxPool2d(2), Flatten())
    classifier = Sequential(
      Linear(16 * 5 * 5, 120), ReLU(), Linear(120, 84), ReLU(), Linear(84, classes))
  }

  override func forward(_ x: Tensor) -> Tensor { classifier(features(x)) }
}

notebook.section("7.4", "Layers of filters") { page in
  /*:
   For colored pictures of 32 × 32 it has three input channels and no padding. Follow the shapes down the page: the
   pictures get smaller, 32, 28, 14, 10, 5, and there are more and more of them, 3, 6, 16. The network trades places for
   features: at the end it knows less about where, and more about what.
   */
  let color = ConvolutionalNetwork(channels: 3, padding: 0)
  page.show("for color", summary(of: color, input: [1, 3, 32, 32]))

  //: $K^2 D + 1$ parameters a filter: 76 for each of the first six, 151 for each of the sixteen behind them. Together that
  //: is less than a twentieth of the network. Four fifths of the others belong to the first fully connected layer, which
  //: connects 400 numbers with 120 units and shares nothing.
  func parameters(_ filters: Int, kernel: Int, depth: Int) -> Int { filters * (kernel * kernel * depth + 1) }
  let convolutions = [
    parameters(6, kernel: 5, depth: 3), parameters(16, kernel: 5, depth: 6),
  ]
  page.show("by the formula", convolutions)
  page.claim("6 · 76 and 16 · 151", convolutions, equals: [456, 2416])
  page.claim(
    "so says the library", [0, 3].map { color.features[$0].parameterCount }, equals: convolutions)
  page.claim("all parameters", color.parameterCount, equals: 62_006)

  /*:
   The pictures of clothes have one channel and 28 × 28 pixels. A padding of 2 makes them 32 × 32, and everything
   behind the first layer stays as it is. Only the weights for two of three colors are gone, in six filters of 25 each.
   This is the network that we shall train.
   */
  let gray = ConvolutionalNetwork()
  let pictures = try clothes().train.images[0..<4]
  let output = noGrad { gray(pictures) }
  page.show("input and output", "\(pictures.shape) \(output.shape)")
  page.claim("parameters in gray", gray.parameterCount, equals: 61_706)
  page.claim("two colors less", color.parameterCount - gray.parameterCount, equals: 6 * 2 * 25)

  /*:
   ### Kernels of one pixel

   A kernel of 1 × 1 sounds useless. But it still adds up all channels, with a weight for each. It is a fully connected
   layer from channels to channels, applied at every pixel. Networks use it to change the number of channels.
   */
  let (one, maps) = (Conv2d(8, 3, 1), Tensor.randn(1, 8, 5, 5))
  let pixels = maps[0].flatten(1).T
  let asLinear = pixels.matmul(one.weight.view(3, 8).T) + one.bias!
  page.claim(
    "1 × 1 convolution = linear layer on pixels", one(maps)[0].flatten(1).T.detach(),
    equals: asLinear.detach(),
    within: 1e-5)

  /*:
   ### What pooling is for

   Pooling has no parameters. It saves work, as the layers behind it have a quarter of the places; it lets them see
   further, as we shall see; and it makes them care less where exactly a thing was. A dot anywhere in a window gives
   the same maximum:
   */
  let answers = (0..<4).map { place -> Tensor in
    let picture = Tensor.zeros(1, 4, 4)
    picture[0, place / 2, place % 2].fill_(1)
    return maxPool2d(picture, 2)
  }
  page.show("pooled", answers[3][0], digits: 0)
  page.claim("four places, one answer", answers.allSatisfy { equal($0, answers[0]) })

  //: Which is better, the largest or the mean? The mean dilutes what only one place has found; the largest forgets how many
  //: have. To learn whether there is a button, take the largest; to learn how bright the cloth is, the mean. A filter that
  //: fires once in the window, or everywhere:
  let windows = Tensor([[[1.0, 0], [0, 0]], [[1, 1], [1, 1]]]).unsqueeze(1)
  page.show("largest", maxPool2d(windows, 2).flatten(), digits: 2)
  page.show("mean", avgPool2d(windows, 2).flatten(), digits: 2)
  page.claim("max cannot tell them apart", maxPool2d(windows, 2).flatten(), equals: [1.0, 1])
  page.claim("the mean can", avgPool2d(windows, 2).flatten(), equals: [0.25, 1])

  /*:
   ### How far a unit sees

   A unit's **receptive field** is the part of the picture that can influence it. In the first layer it is 5 × 5. A unit
   behind the pooling sees the fields of four neighbors, 6 × 6. Let $R$ be the width of the field. Each layer adds its
   kernel minus one, measured in steps of that layer. A step is $J$ pixels long, as many as all strides before the
   layer make together:

   $$R \leftarrow R + (K - 1)\, J \qquad J \leftarrow J \, S$$
   */
  func receptiveFields(_ layers: [(kernel: Int, stride: Int)]) -> [Int] {
    var (field, step) = (1, 1)
    return layers.map { kernel, stride in
      field += (kernel - 1) * step
      step *= stride
      return field
    }
  }
  let fields = receptiveFields([(5, 1), (2, 2), (5, 1), (2, 2)])
  page.show("receptive fields", fields, note: "conv, pool, conv, pool")
  page.claim("5, 6, 14, 16", fields, equals: [5, 6, 14, 16])

  /*:
   We can ask the network itself: which pixels have a gradient, when we differentiate one unit? For this test the
   activations are left out, the pooling takes means, and all weights are 1. Then no gradient is 0 by chance, and its
   size counts the paths from a pixel to the unit.
   */
  let linear = Sequential(Conv2d(1, 6, 5), AvgPool2d(2), Conv2d(6, 16, 5), AvgPool2d(2))
  for parameter in linear.parameters() { Init.constant_(parameter, 1) }
  let seen = (1...4).map { depth -> Tensor in
    let x = Tensor.zeros(1, 1, 32, 32, requiresGrad: true)
    let maps = linear[0..<depth](x)
    maps[0, 0, maps.size(2) / 2, maps.size(3) / 2].backward()
    return x.grad![0, 0]
  }
  let widths = seen.map { Int(($0.amax(dim: 0) .> 0).to(.float32).sum().item()) }
  page.show("columns with a gradient", widths)
  page.claim("as computed", widths, equals: fields)
  page.figure("receptive-fields", receptiveFieldFigure(seen, fields))

  /*:
   Small kernels in a row see as far as a large one. Two layers of 3 × 3 have the field of one of 5 × 5, with 18
   weights instead of 25 for a pair of channels, and a nonlinearity in between. Many networks use hardly anything but
   3 × 3, in many layers; the last network of this chapter does, too.
   */
  page.claim("two of 3 × 3", receptiveFields([(3, 1), (3, 1)])[1], equals: receptiveFields([(5, 1)])[0])
  page.claim("weights", [2 * 3 * 3, 5 * 5], equals: [18, 25])
}

/*:
 ## 7.5 Backpropagation through convolution and pooling

 Chapter 3 found the derivatives of a fully connected layer. Now those of a convolution. Books like to skip them, as
 the indices look frightening. They are not: we need one rule, which is chapter 3's. *A weight's derivative is the sum, over
 all places where it is used, of what it multiplies times the error term of what it feeds.* For an input it is the
 same rule.
 */

//: The checks in this section compare with central differences (section 3.5), in 64 bits: each number of `x` is moved up
//: and down by a millionth, and $f$ is computed again.
func differences(_ x: Tensor, _ f: (Tensor) -> Tensor) -> Tensor {
  let (numbers, h) = (x.toArray(of: Double.self), 1e-6)
  let slopes = numbers.indices.map { k -> Double in
    func value(_ shift: Double) -> Double {
      var moved = numbers
      moved[k] += shift
      return f(Tensor(moved, shape: x.shape)).item()
    }
    return (value(h) - value(-h)) / (2 * h)
  }
  return Tensor(slopes, shape: x.shape)
}

notebook.section("7.5", "Backpropagation through convolution and pooling") { page in
  func random(_ shape: Int...) -> Tensor { Tensor.randn(shape, dtype: .float64) }

  /*:
   ### The weights

   One channel, one filter, stride 1: $z_{ij} = b + \sum_{r,s} w_{rs} x_{i+r,\,j+s}$. Suppose the layers above have handed
   us the error terms $\delta_{ij} = \partial E / \partial z_{ij}$, one for each place. Where is $w_{rs}$ used? Once in
   every $z_{ij}$, and there it multiplies $x_{i+r,\,j+s}$. So

   $$\frac{\partial E}{\partial w_{rs}} = \sum_i \sum_j \delta_{ij} \, x_{i+r,\, j+s}
     \qquad \frac{\partial E}{\partial b} = \sum_i \sum_j \delta_{ij}$$

   Compare the first formula with the one that defines $z$. It is the same, with $\delta$ in the place of the kernel: the
   error terms slide over the input. **The gradient of the kernel is the input, correlated with the error terms**:
   $\delta \star x$.
   */
  let (x, w) = (random(6, 7), random(3, 2))
  let delta = random(4, 6)
  func correlate(_ x: Tensor, _ w: Tensor, padding: [Int] = [0, 0]) -> Tensor {
    conv2d(x.unsqueeze(0), w.unsqueeze(0).unsqueeze(0), padding: padding)[0]
  }
  let kernelGradient = correlate(x, delta)
  page.show("x, δ and ∂E/∂w", "\(x.shape) \(delta.shape) \(kernelGradient.shape)")

  /*:
   The sizes fit: 6 × 7 with a window of 4 × 6 leaves 3 × 2, as many as the kernel has. To test it we need a cost
   whose error terms are $\delta$. The simplest is $E = \sum \delta_{ij} z_{ij}$, where the $\delta_{ij}$ are fixed random
   numbers: its derivative by $z_{ij}$ is $\delta_{ij}$, whatever $z$ is.
   */
  func cost(_ x: Tensor, _ w: Tensor) -> Tensor { (correlate(x, w) * delta).sum() }
  page.claim(
    "∂E/∂w, by central differences", kernelGradient, equals: differences(w) { cost(x, $0) }, within: 1e-7)

  /*:
   ### The input

   Where is the pixel $x_{pq}$ used? In each $z_{ij}$ whose window contains it. There $i + r = p$ and $j + s = q$, it
   meets the weight $w_{rs}$, and the place is $i = p - r$, $j = q - s$:

   $$\frac{\partial E}{\partial x_{pq}} = \sum_r \sum_s w_{rs} \, \delta_{p-r,\, q-s}$$

   The signs are minus. This is the *true* convolution of section 7.2, $w * \delta$: **the gradient of the input is the error
   terms, convolved with the kernel**. Forward a correlation, backward a convolution: the flip that we were glad to
   leave out has come back. Outside of its range $\delta$ counts as 0, so we pad by $K - 1$.
   */
  let pixelGradient = correlate(delta, w.flip(0, 1), padding: [2, 1])
  page.show("∂E/∂x", pixelGradient.shape, note: "as the input")
  page.claim(
    "∂E/∂x, by central differences", pixelGradient, equals: differences(x) { cost($0, w) }, within: 1e-7)

  /*:
   A second witness is the matrix of section 7.3. With the picture as a column, $z = M x$, so chapter 3 says
   $\partial E / \partial x = M^\top \delta$. The column of a pixel in $M$ is a row of $M^\top$, and if you read it
   from left to right you meet the kernel backwards. That is where the flip comes from.
   */
  let matrix = convolutionMatrix(w, height: 6, width: 7)
  let byMatrix = matrix.T.matmul(delta.flatten()).view(6, 7)
  page.claim("Mᵀδ is the same", pixelGradient, equals: byMatrix, within: 1e-12)
  page.claim(
    "and Mx was the forward pass", correlate(x, w).flatten(), equals: matrix.matmul(x.flatten()),
    within: 1e-12)

  /*:
   ### Channels and batches

   With $D$ channels and $F$ filters nothing new happens. Filter $f$ uses channel $c$ through the table $w_{fc}$. For the
   derivatives of that table the filter's own error terms slide over the channel, in each of the examples $n$; a pixel's
   derivative gathers from all filters:

   $$\frac{\partial E}{\partial w_{fc}} = \sum_n \delta^{(n)}_f \star x^{(n)}_c \qquad
     \frac{\partial E}{\partial x^{(n)}_c} = \sum_f w_{fc} * \delta^{(n)}_f$$
   */
  let (images, filters) = (random(3, 2, 7, 7), random(4, 2, 3, 3))
  let errors = random(3, 4, 5, 5)

  //: `conv2d` sums over the second dimension of its first argument. In the left formula the sum is over examples, so
  //: examples and channels change places before, and filters and channels behind. In the right one it is over filters,
  //: which $\delta$ has as its second dimension already.
  func weightGradient(_ x: Tensor, _ delta: Tensor) -> Tensor {
    conv2d(x.transpose(0, 1), delta.transpose(0, 1)).transpose(0, 1)
  }
  func inputGradient(_ delta: Tensor, _ w: Tensor) -> Tensor {
    conv2d(delta, w.flip(2, 3).transpose(0, 1), padding: [w.size(2) - 1, w.size(3) - 1])
  }

  //: Two lines for two formulas. Whoever sums over the wrong index often gets the right shape for the wrong numbers,
  //: above all where two sizes happen to be equal. So there are three examples, two channels and four filters here, no two
  //: alike. The central differences agree in all 72 weights and 294 pixels:
  func batchCost(_ x: Tensor, _ w: Tensor) -> Tensor { (conv2d(x, w) * errors).sum() }
  page.claim(
    "weights", weightGradient(images, errors), equals: differences(filters) { batchCost(images, $0) },
    within: 1e-6)
  page.claim(
    "inputs", inputGradient(errors, filters), equals: differences(images) { batchCost($0, filters) },
    within: 1e-6)
  page.claim("so many numbers", [filters.count, images.count], equals: [72, 294])

  /*:
   ### Stride and padding

   A stride of 2 is stride 1 with three of four results thrown away. What is thrown away does not reach the cost, so
   its error terms are 0. Hence: put the zeros back, and go on as before. They belong between the error terms and, where
   the last step did not fit (section 7.1), behind them. In all there must be one number for each place of stride 1, and
   these are $H + 2P - K + 1$ in a column:
   */
  func spread(_ delta: Tensor, stride: Int, to places: Int) -> Tensor {
    let wide = Tensor.zeros(delta.size(0), delta.size(1), places, places, dtype: delta.dtype)
    wide[.all, .all, .slice(by: stride), .slice(by: stride)] = delta
    return wide
  }
  let four = Tensor([[[[1.0, 2], [3, 4]]]])
  page.show("δ", four[0, 0], digits: 0)
  page.show("spread to 3 × 3", spread(four, stride: 2, to: 3)[0, 0], digits: 0)
  page.show("to 4 × 4, where a step did not fit", spread(four, stride: 2, to: 4)[0, 0], digits: 0)

  //: And padding puts zeros around the input. For the gradient of the weights the padded picture *is* the input, zeros and
  //: all, since the kernel has met them. For the gradient of the input the zeros have derivatives like any pixel, which
  //: nobody asks for: cut them off.
  let kept = random(3, 4, 4, 4)
  let stridedErrors = spread(kept, stride: 2, to: 7 + 2 - 3 + 1)
  func stridedCost(_ x: Tensor, _ w: Tensor, _ delta: Tensor) -> Tensor {
    (conv2d(x, w, stride: 2, padding: 1) * delta).sum()
  }
  let paddedGradient = inputGradient(stridedErrors, filters)
  page.claim(
    "weights, stride 2, padding 1", weightGradient(images.pad([1, 1, 1, 1]), stridedErrors),
    equals: differences(filters) { stridedCost(images, $0, kept) }, within: 1e-6)
  page.claim(
    "inputs, stride 2, padding 1", paddedGradient[.all, .all, 1..<8, 1..<8],
    equals: differences(images) { stridedCost($0, filters, kept) }, within: 1e-6)

  //: Those pictures have 7 × 7 pixels, and every step fits. With a row and a column less, one does not. The three places
  //: that the kernel has in either direction are the first, third and fifth of six, and behind the last of them one more
  //: zero is due:
  let cropped = images[.all, .all, 0..<6, 0..<6]
  let fewer = kept[.all, .all, 0..<3, 0..<3]
  let filledUp = spread(fewer, stride: 2, to: 6 + 2 - 3 + 1)
  page.claim(
    "weights, with a step that does not fit", weightGradient(cropped.pad([1, 1, 1, 1]), filledUp),
    equals: differences(filters) { stridedCost(cropped, $0, fewer) }, within: 1e-6)
  page.claim(
    "inputs, with a step that does not fit", inputGradient(filledUp, filters)[.all, .all, 1..<7, 1..<7],
    equals: differences(cropped) { stridedCost($0, filters, fewer) }, within: 1e-6)

  /*:
   ### Pooling

   Average pooling is a filter whose four weights are $\frac14$. Each pixel of a window gets a quarter of the window's
   error term. Max-pooling passes on one number of the window, the winner, so the winner gets the whole error term and
   the others, which could change a little without anybody noticing, get 0.
   */
  func maxPoolGradient(_ x: Tensor, _ delta: Tensor) -> Tensor {
    let gradient = Tensor.zeros(x.shape, dtype: x.dtype)
    for i in 0..<delta.size(0) {
      for j in 0..<delta.size(1) {
        let window = x[2 * i..<2 * i + 2, 2 * j..<2 * j + 2]
        let winner = Int(window.argmax().item())
        gradient[2 * i + winner / 2, 2 * j + winner % 2] = delta[i, j]
      }
    }
    return gradient
  }
  func averagePoolGradient(_ delta: Tensor) -> Tensor {
    interpolate(delta.unsqueeze(0).unsqueeze(0), scaleFactor: 2)[0, 0] / 4
  }

  //: On the picture of section 7.2, with the error terms 1, 2, 3 and 4. The largest numbers of its windows were 10, 8, 4
  //: and 11. Look where the two results have zeros: with max-pooling three of four places have nothing to pass on to what
  //: is below them, with average pooling each has a little.
  let y = Tensor([[0.0, 5, 8, 0], [6, 10, 1, 5], [4, 0, 2, 11], [0, 1, 11, 3]], dtype: .float64)
  let handed = Tensor([[1.0, 2], [3, 4]], dtype: .float64)
  page.show("largest", maxPoolGradient(y, handed), digits: 0)
  page.show("mean", averagePoolGradient(handed), digits: 2)
  page.claim(
    "to the winners", maxPoolGradient(y, handed),
    equals: [[0.0, 0, 2, 0], [0, 1, 0, 0], [3, 0, 0, 4], [0, 0, 0, 0]])

  /*:
   Look at the last window: it has two winners, both 11. There the maximum has a kink and no derivative, like ReLU at
   0. To share the error term between the two would be as good. Programs take the first, and so do we. For numbers
   without ties the differences confirm both rules:
   */
  func pooledCost(_ y: Tensor) -> Tensor { (y[0] * handed).sum() }
  let untied = random(4, 4)
  page.claim(
    "max-pooling", maxPoolGradient(untied, handed),
    equals: differences(untied) { pooledCost(maxPool2d($0.unsqueeze(0), 2)) }, within: 1e-7)
  page.claim(
    "average pooling", averagePoolGradient(handed),
    equals: differences(untied) { pooledCost(avgPool2d($0.unsqueeze(0), 2)) }, within: 1e-7)

  /*:
   ### All together

   Convolution, ReLU, max-pooling, and a cost: a whole network's backward pass in four lines, back to front. The cost
   is half the sum of squares of the pooled maps, so its error terms are these maps themselves. Each line takes the error
   terms behind a layer, and makes of them those in front of it:
   */
  let z = correlate(x[0..<6, 0..<5], w)
  let pooled = maxPool2d(z.relu().unsqueeze(0), 2)[0]
  let deltaA = maxPoolGradient(z.relu(), pooled)
  let deltaZ = deltaA * (z .> 0).to(.float64)
  let byHand = correlate(x[0..<6, 0..<5], deltaZ)

  //: Now the same without thinking. The library's `backward()` walks the graph from the cost to the kernel and uses the same
  //: rules in the same order, so the six numbers have to be the same. (With this cost even ReLU's line could be
  //: left out: where it would set an error term to 0, the pooled map is 0, and so the error term is 0 already. In general
  //: it could not.)
  let learned = w.clone().requiresGrad_()
  let libraryCost = maxPool2d(correlate(x[0..<6, 0..<5], learned).relu().unsqueeze(0), 2).square().sum() / 2
  libraryCost.backward()
  page.show("∂E/∂w", byHand, digits: 4)
  page.claim("by hand = by the library", byHand, equals: learned.grad!, within: 1e-10)
}

/*:
 ## 7.6 From scratch, and fast

 Now we write a convolution in plain Swift, on arrays of numbers, twice. The first version is the formula. The second
 does the same multiplications in another order and is many times faster. How libraries make convolutions
 fast is no secret, and it fits on a page.
 */

//: What the two must know: channels and size of the (square) picture, number of filters, and size of the kernel.
struct Sizes {
  var channels, size, filters, kernel: Int
  var output: Int { size - kernel + 1 }
  var taps: Int { channels * kernel * kernel }
  var places: Int { output * output }
}

/*:
 The picture lies in memory channel after channel, row after row, so pixel $(c, i, j)$ is number
 $(c \cdot \text{size} + i) \cdot \text{size} + j$. Six loops: three over the outputs, three over the sum. There is nothing
 clever in them, and that is their use. Whatever faster way we find has to give the same numbers.
 */
func convolveByLoops(_ x: [Float], _ w: [Float], _ n: Sizes) -> [Float] {
  var z = [Float](repeating: 0, count: n.filters * n.places)
  for f in 0..<n.filters {
    for i in 0..<n.output {
      for j in 0..<n.output {
        var sum: Float = 0
        for c in 0..<n.channels {
          for r in 0..<n.kernel {
            for s in 0..<n.kernel {
              sum +=
                w[((f * n.channels + c) * n.kernel + r) * n.kernel + s]
                * x[(c * n.size + i + r) * n.size + j + s]
            }
          }
        }
        z[(f * n.output + i) * n.output + j] = sum
      }
    }
  }
  return z
}

/*:
 The sums inside are dot products: the weights of filter $f$ with the pixels of window $(i, j)$. All dot products of
 some rows with some columns are a matrix product, which is what processors and BLAS do best. We only have to copy
 the windows, one into each column. That is called **im2col**, "image to columns". Each weight position $(c, r, s)$
 is a row; it holds the pixel under that weight, for all places.
 */
func imageToColumns(_ x: [Float], _ n: Sizes) -> [Float] {
  var columns: [Float] = []
  columns.reserveCapacity(n.taps * n.places)
  for tap in 0..<n.taps {
    let (c, r, s) = (tap / (n.kernel * n.kernel), tap / n.kernel % n.kernel, tap % n.kernel)
    for i in 0..<n.output {
      let start = (c * n.size + i + r) * n.size + s
      columns.append(contentsOf: x[start..<start + n.output])
    }
  }
  return columns
}

//: Then one product: (filters, taps) times (taps, places) gives (filters, places), which is the result. It need not even be
//: put in order: row $f$ is the map of filter $f$, place after place, just as the loops write it. All the work that was in
//: six loops is now in one call.
func convolveByProduct(_ x: [Float], _ w: [Float], _ n: Sizes) -> [Float] {
  let columns = Tensor(imageToColumns(x, n), shape: [n.taps, n.places])
  return Tensor(w, shape: [n.filters, n.taps]).matmul(columns).toArray()
}

/*:
 The way back follows from chapter 3, since the middle is now a fully connected layer $Z = W C$: the gradients are
 $\delta C^\top$ and $W^\top \delta$. The second is a gradient for the columns. A pixel has been copied into several, so
 it gets the sum of what arrives at its copies. The copying is run backwards, `=` becomes `+=`: **col2im**.
 */
func columnsToImage(_ columns: [Float], _ n: Sizes) -> [Float] {
  var x = [Float](repeating: 0, count: n.channels * n.size * n.size)
  for tap in 0..<n.taps {
    let (c, r, s) = (tap / (n.kernel * n.kernel), tap / n.kernel % n.kernel, tap % n.kernel)
    for i in 0..<n.output {
      let start = (c * n.size + i + r) * n.size + s
      let from = (tap * n.output + i) * n.output
      for j in 0..<n.output { x[start + j] += columns[from + j] }
    }
  }
  return x
}

func convolveBackward(
  _ x: [Float], _ w: [Float], _ delta: [Float], _ n: Sizes
) -> (weights: [Float], input: [Float]) {
  let columns = Tensor(imageToColumns(x, n), shape: [n.taps, n.places])
  let weights = Tensor(w, shape: [n.filters, n.taps])
  let errors = Tensor(delta, shape: [n.filters, n.places])
  let columnGradient = weights.T.matmul(errors).toArray()
  return (errors.matmul(columns.T).toArray(), columnsToImage(columnGradient, n))
}

notebook.section("7.6", "From scratch, and fast") { page in
  //: First a look at the columns, for the ramp's upper left corner and a kernel of 2 × 2. The four columns are the
  //: four windows, read from the top. Read a row instead, and you see all that one weight ever meets: the picture itself,
  //: shifted a little.
  let tiny = Sizes(channels: 1, size: 3, filters: 1, kernel: 2)
  let columns = imageToColumns([1, 2, 3, 6, 7, 8, 11, 12, 13], tiny)
  page.show("columns", Tensor(columns, shape: [4, 4]), digits: 0)
  page.claim(
    "the windows", Tensor(columns, shape: [4, 4]),
    equals: [[1.0, 2, 6, 7], [2, 3, 7, 8], [6, 7, 11, 12], [7, 8, 12, 13]])

  //: Now with channels and filters, of sizes that are all different, so that no two indices can be mixed up without being
  //: noticed. Both versions against the library, forward. They add the same products in another order, hence a small
  //: tolerance: 32 bits round a little differently each time.
  let n = Sizes(channels: 3, size: 12, filters: 4, kernel: 5)
  func random(_ count: Int) -> [Float] { Tensor.randn(count).toArray() }
  let (x, w) = (random(n.channels * n.size * n.size), random(n.filters * n.taps))
  let picture = Tensor(x, shape: [1, n.channels, n.size, n.size], requiresGrad: true)
  let filters = Tensor(w, shape: [n.filters, n.channels, n.kernel, n.kernel], requiresGrad: true)
  let z = conv2d(picture, filters)
  page.claim("the loops", convolveByLoops(x, w, n), equals: z.flatten().toArray(), within: 1e-4)
  page.claim("the product", convolveByProduct(x, w, n), equals: z.flatten().toArray(), within: 1e-4)

  //: And backward, with random error terms. Where a result is more than one number, the library's `backward` wants to be
  //: told what arrives there, so it gets the same error terms as we do. The gradient of the weights tests the product, that
  //: of the picture tests col2im:
  let delta = random(n.filters * n.places)
  let gradients = convolveBackward(x, w, delta, n)
  z.backward(Tensor(delta, shape: z.shape))
  page.claim("∂E/∂w", gradients.weights, equals: filters.grad!.flatten().toArray(), within: 1e-4)
  page.claim("∂E/∂x", gradients.input, equals: picture.grad!.flatten().toArray(), within: 1e-4)

  /*:
   ### The race

   Pictures of 30 × 30, kernels of 3 × 3, so 784 places; as many filters as channels, from 1 to 32. Both versions do the same
   number of multiplications, $9 \cdot 784$ for each pair of a channel and a filter. The product needs memory for it: each
   pixel is copied up to nine times.
   */
  let widths = page.scale(quick: [1, 4, 16], standard: [1, 2, 4, 8, 16, 32])
  let sizes = widths.map { Sizes(channels: $0, size: 30, filters: $0, kernel: 3) }
  let last = sizes.last!
  page.show("multiplications", last.filters * last.taps * last.places, note: "\(widths.last!) channels")
  let copies = Double(last.taps * last.places) / Double(last.channels * last.size * last.size)
  page.show("columns / picture", copies, digits: 2)
  page.claim("nearly eight times the memory", copies, equals: 7.84, within: 1e-9)

  //: A clock is no witness for a claim, since it depends on what else the machine does. So the page shows what it said. Each
  //: program runs several times, and the shortest time counts, as the one that was least disturbed. In the figure a doubling
  //: is the same distance everywhere along an axis.
  let runs = page.scale(quick: 3, standard: 7)
  let times = page.progress(sizes, "timing").map { n -> [Double] in
    let (x, w) = (random(n.channels * n.size * n.size), random(n.filters * n.taps))
    let picture = Tensor(x, shape: [1, n.channels, n.size, n.size])
    let filters = Tensor(w, shape: [n.filters, n.channels, n.kernel, n.kernel])
    return [
      page.seconds(runs: runs) { _ = convolveByLoops(x, w, n) },
      page.seconds(runs: runs) { _ = convolveByProduct(x, w, n) },
      page.seconds(runs: runs) { _ = conv2d(picture, filters) },
    ].map { $0 * 1000 }
  }
  for (name, i) in [("loops", 0), ("im2col and product", 1), ("the library", 2)] {
    page.show(name, measured: times.last![i], unit: "ms", note: "\(widths.last!) channels")
  }
  page.figure("race", raceFigure(widths, times))

  /*:
   With a single channel there is little to multiply, and the copying may cost more than it saves. With many, the product
   leaves the loops far behind. Why, if it multiplies no less? The inner loops add numbers one after another, each
   waiting for the one before, and look up two places for every product. A matrix product on a modern processor handles
   8 or 16 numbers with one instruction, and uses each number that it has fetched many times over. The copying is small
   beside that: there is one copy for each tap and place, but a multiplication for each filter, too.

   The library goes one step further. Each row of the columns was the picture, shifted. So the result is a sum of shifted
   pictures, each times one weight. A single copy, laid out with its padding, serves for all shifts: each reads it from
   another place on. Where there are many filters, each pixel that is read is multiplied by the weights of many of them at
   once. A few sums at a time stay in the processor's registers until all products have been added to them, and several
   cores share the work. For 64-bit numbers, and for many channels on a processor without `AVX-512`, the library makes
   columns, too, a piece at a time. `unfold` and `fold` are its im2col and col2im:
   */
  let unfolded = unfold(Tensor(x, shape: [1, n.channels, n.size, n.size]), n.kernel)
  page.claim("unfold = im2col", unfolded.flatten().toArray(), equals: imageToColumns(x, n))
  let folded = fold(unfolded, outputSize: n.size, n.kernel)
  page.claim(
    "fold = col2im", folded.flatten().toArray(), equals: columnsToImage(imageToColumns(x, n), n), within: 1e-4
  )
}

/*:
 ## 7.7 Filters that are learned

 Nobody tells the network what to look for. Its kernels start as random numbers, gradients flow through the
 convolutions, and what comes out are filters that help to tell one garment from another. We train the network of
 section 7.4 on all training pictures and look inside.
 */
typealias Pictures = (x: Tensor, y: Tensor)

//: The pixels are **standardized** (chapter 2), by a mean and a standard deviation of the training set. A part of it is
//: enough for two numbers. The test pictures have no say in them, but are treated with the same two, as the network would
//: treat a picture that it gets tomorrow.
let standardized = notebook.once { () -> (train: Pictures, test: Pictures, mean: Double, std: Double) in
  let (train, test) = try clothes()
  let some = train.images[0..<6000]
  let (mean, std) = (some.mean().item(), some.std().item())
  func part(_ set: ImageDataset, _ count: Int) -> Pictures {
    ((set.images[0..<count] - mean) / std, set.targets[0..<count])
  }
  let counts = notebook.options.scale(quick: (3000, 2000), standard: (train.count, test.count))
  return (part(train, counts.0), part(test, counts.1), mean, std)
}

//: The training loop is that of chapter 4, with Adam and a schedule (chapter 5). This one is called **one-cycle schedule**:
//: it begins with short steps, lengthens them, and ends with very short ones, a warm-up and a long descent in one. The
//: function returns the mean loss of each epoch.
@discardableResult
func fit(
  _ model: Module, _ batches: DataLoader<(Tensor, Tensor)>, epochs: some Sequence<Int>, count: Int,
  maxLR: Double
) -> [Double] {
  let optimizer = Adam(model.parameters().filter(\.requiresGrad), lr: maxLR)
  let schedule = OneCycleLR(optimizer, maxLR: maxLR, totalSteps: count * batches.count)
  model.train()

  //: The schedule has to know in advance how many steps there will be, since the last one is to be the shortest. It moves
  //: on with each batch, not with each epoch. Nothing in the loop knows that the model has convolutions; a perceptron
  //: will go through the same lines.
  return epochs.map { _ in
    var average = RunningAverage()
    for (x, y) in batches {
      let loss = crossEntropy(model(x), y)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      schedule.step()
      average.add(loss.item())
    }
    return average.mean
  }
}

//: Testing goes through the pictures in pieces of 500, so that the feature maps of all of them need not be in memory at
//: once. Within `noGrad` no graph is kept either, as nobody will walk it back. Afterwards the model is put back into the
//: mode in which it was found.
func logits(_ model: Module, _ x: Tensor) -> Tensor {
  let wasTraining = model.isTraining
  model.eval()
  defer { model.train(wasTraining) }
  return noGrad { cat(x.split(500).map { model($0) }) }
}

//: The first results are needed in several places below, so they are made once: the trained network, and beside it a
//: perceptron with as many parameters, trained in the same way. It is there because a network could also win by being
//: larger or by being trained for longer. If two networks are equal in that and differ in the result, then the structure
//: has made the difference.
let trained = notebook.once { () -> (network: ConvolutionalNetwork, dense: Sequential, losses: [[Double]]) in
  let data = try standardized().train
  let count = notebook.options.scale(quick: 2000, standard: data.y.count)
  let epochs = notebook.options.scale(quick: 2, standard: 3, full: 8)
  let batches = DataLoader(TensorDataset(data.x[0..<count], data.y[0..<count]), batchSize: 64, shuffle: true)
  let network = ConvolutionalNetwork()
  let dense = Sequential(Flatten(), Linear(784, 78), ReLU(), Linear(78, 10))
  let losses = [network, dense].map { fit($0, batches, epochs: 0..<epochs, count: epochs, maxLR: 0.004) }
  return (network, dense, losses)
}

notebook.section("7.7", "Filters that are learned") { page in
  let test = try clothes().test
  let (_, testing, mean, std) = try standardized()
  let (network, dense, losses) = try trained()

  /*:
   Is it fair to compare? The convolutional network has 61,706 parameters, the perceptron with 78 hidden units 62,020. Both
   saw the same pictures for the same number of epochs, with the same schedule. Not the same is the work: a weight of a
   kernel is used at hundreds of places, one of the perceptron at a single one.
   */
  page.show("parameters", [network.parameterCount, dense.parameterCount], note: "convolutional, dense")
  page.claim("as many", [network.parameterCount, dense.parameterCount], equals: [61_706, 62_020])
  let rows: [[any Showable]] = losses[0].indices.map { [$0 + 1, losses[0][$0], losses[1][$0]] }
  page.show("training loss", Table(["epoch", "convolutional", "dense"], rows), digits: 3)

  let scores = [network, dense].map { logits($0, testing.x) }
  let accuracies = scores.map { accuracy($0, testing.y) }
  page.show("test accuracy", accuracies, digits: 4, note: "convolutional, dense")
  page.claim("the convolutional network", accuracies[0], isAtLeast: page.scale(quick: 0.5, standard: 0.88))
  page.claim(
    "its lead over the dense one", accuracies[0] - accuracies[1],
    isAtLeast: page.scale(quick: -0.2, standard: 0.005))

  /*:
   With `--quick` the lead may be negative: on a few thousand pictures and for two epochs, the convolutions have not yet
   found what to look for. They begin slowly, as the first epoch's loss shows, and end ahead.

   ### Where it errs

   The **confusion matrix** has a row for each true class and a column for each answer. What stands beside the diagonal
   are mistakes.
   */
  var confusion = ConfusionMatrix(classNames: test.classes)
  confusion.update(scores[0], testing.y)
  page.figure("confusion", confusionFigure(confusion))
  let hardest = confusion.recall.indices.min { confusion.recall[$0] < confusion.recall[$1] }!
  page.show(
    "hardest class", test.classes[hardest],
    note: "\(confusion.recall[hardest].shown(digits: 3)) of them found")
  page.show("recall", Table(test.classes, [confusion.recall.map { $0 as any Showable }]), digits: 2)
  if !page.options.isQuick, test is FashionMNIST {
    page.claim(
      "some classes are much harder than others", confusion.recall.max()! - confusion.recall.min()!,
      isAtLeast: 0.1)
  }

  //: Which mistakes is it most sure of? Softmax turns the scores into probabilities; we sort the wrong answers by theirs.
  //: A wrong answer that is given with certainty says more than one that is given in doubt: either the network has missed
  //: something, or the label is not right. Look at the pictures, and judge.
  let probabilities = scores[0].softmax(dim: 1)
  let (answers, labels) = (
    scores[0].argmax(dim: 1).toArray(of: Int.self), test.labels.prefix(scores[0].size(0))
  )
  let sureness = probabilities.amax(dim: 1).toArray()
  let wrong = labels.indices.filter { answers[$0] != labels[$0] }.sorted { sureness[$0] > sureness[$1] }
  page.show("mistakes", wrong.count, note: "of \(labels.count)")
  page.figure("mistakes", mistakesFigure(test, Array(wrong.prefix(24)), answers))

  /*:
   Some of these you would have got wrong as well, and some of the labels are doubtful. A shirt, a pullover and a coat differ in
   details that 28 × 28 gray pixels hardly show.

   ### What the filters look for

   Here are the six kernels of the first layer. Compare them with Sobel's: several have a blue and a red side, and answer to
   edges or stripes in one direction. Nobody designed them.
   */
  let kernels = (network.features[0] as! Conv2d).weight.detach()
  page.figure("first-layer", kernelFigure(kernels))
  let start = Conv2d(1, 6, 5).weight.detach()
  page.show(
    "largest weight", [start.abs().amax().item(), kernels.abs().amax().item()], digits: 2,
    note: "at the start at most 0.2; learned")
  page.claim("they have moved", kernels.abs().amax(), isAtLeast: page.scale(quick: 0.21, standard: 0.3))

  //: And what they make of a picture. A **feature map** is bright where its filter has found what it looks for; behind ReLU,
  //: black means "not here". The second layer's sixteen maps are smaller, and say less about pixels and more about parts.
  let picture = testing.x[0..<1]
  let (firstMaps, secondMaps) = noGrad {
    (network.features[0..<2](picture), network.features[0..<5](picture))
  }
  page.show("maps", "\(firstMaps.shape) \(secondMaps.shape)")
  page.figure("feature-maps", featureMapFigure(test.images[0], firstMaps[0], secondMaps[0]))

  /*:
   The frame in some maps is the padding. After standardizing, 0 is not black but the mean gray, so that a border of zeros is
   an edge which is not in the picture. The network has learned to live with it.
   */

  /*:
   ### A picture that has moved

   Section 7.3 promised that a convolution follows what moves. Both networks were trained on garments in the middle of
   the picture. Now we push the test pictures to the right, pixel by pixel, and fill with black:
   */
  let some = page.scale(quick: 1000, standard: 5000)
  let moves = [0, 1, 2, 3, 4, 5]
  let movedAccuracies = [network, dense].map { model in
    moves.map { move -> Double in
      let moved = test.images[0..<some].pad([move, 0])[.ellipsis, 0..<28]
      return accuracy(logits(model, (moved - mean) / std), testing.y[0..<some])
    }
  }
  let moveRows: [[any Showable]] = moves.map { [$0, movedAccuracies[0][$0], movedAccuracies[1][$0]] }
  page.show("accuracy", Table(["pixels", "convolutional", "dense"], moveRows), digits: 3)
  page.figure("moved", movedFigure(moves, movedAccuracies))
  let drops = movedAccuracies.map { $0[0] - $0[3] }
  page.show("lost at 3 pixels", drops, digits: 3, note: "convolutional, dense")
  page.claim(
    "the dense network loses more", drops[1] - drops[0], isAtLeast: page.scale(quick: 0, standard: 0.03))

  /*:
   Both lose, but the perceptron sooner and more. Why is the convolutional network not immune? Its features move along, but
   the fully connected layers behind them expect them where they were in training. Pooling hides small moves, no
   more. If pictures move in your world, show it to the network: augment (chapter 6).
   */
}

/*:
 ## 7.8 Deeper, with shortcuts

 Today's networks have more layers and smaller kernels. What makes them trainable you know: **batch normalization** and
 **residual** connections (chapter 5). What keeps them from learning by heart as well: **augmentation** (chapter 6). Here
 they come together.
 */

//: Convolution, normalization, ReLU: the unit from which the network is built. Batch norm subtracts each channel's mean, and
//: a bias with it, so the convolution needs none; the norm's own $\beta$ takes its place.
func unit(_ channels: Int, _ filters: Int) -> [Module] {
  [Conv2d(channels, filters, 3, padding: 1, bias: false), BatchNorm2d(filters), ReLU()]
}

//: A residual block adds to its input what two of them make of it, and ReLU comes after the addition. So the second unit goes
//: without its own: it would only ever add, and never take anything away. With padding 1, kernels of 3 × 3 keep the size,
//: so that the addition fits.
func residualBlock(_ channels: Int) -> [Module] {
  let body = unit(channels, channels) + unit(channels, channels).dropLast()
  return [Residual(Sequential(body)), ReLU()]
}

/*:
 Three stages, on pictures of 28 × 28, 14 × 14 and 7 × 7, each with twice the channels of the one before: smaller
 pictures, more things to say about each place. At the end stands the mean over each map (**global average pooling**),
 and a single linear layer. There is no large fully connected layer any more.
 */
func residualNetwork(width: Int) -> Sequential {
  Sequential(
    unit(1, width) + [MaxPool2d(2)]
      + unit(width, 2 * width) + residualBlock(2 * width) + [MaxPool2d(2)]
      + unit(2 * width, 4 * width) + residualBlock(4 * width)
      + [AdaptiveAvgPool2d(1), Flatten(), Linear(4 * width, 10)])
}

//: Augmentation: mirrored or not, and moved by up to two pixels. The transforms draw anew whenever a picture is fetched, so
//: that the network hardly ever sees the same one twice. What moves in at the edge is the edge repeated. With zeros,
//: which are gray after standardizing, it would have a frame that tells how far the picture was moved.
struct Augmented: Dataset {
  let pictures: Pictures
  let transform = Compose([RandomHorizontalFlip(), RandomCrop(28, padding: 2, fill: .edge)])
  var count: Int { pictures.y.count }
  subscript(index: Int) -> (Tensor, Tensor) { (transform(pictures.x[index]), pictures.y[index]) }
}

notebook.section("7.8", "Deeper, with shortcuts") { page in
  let (training, testing, _, _) = try standardized()

  /*:
   With `--full` the network starts with 32 channels, and learns from all pictures for ten epochs, which takes its time.
   Otherwise a narrow one makes a short acquaintance with a part of them, enough to see that it works. In the table, see how
   small the last layer has become, and where the parameters are now.
   */
  let model = residualNetwork(width: page.scale(quick: 4, standard: 8, full: 32))
  page.show("layers", summary(of: model, input: [1, 1, 28, 28]))

  let count = page.scale(quick: 1000, standard: 8000, full: training.y.count)
  let epochs = page.scale(quick: 2, standard: 2, full: 10)
  let augmented = Augmented(pictures: (training.x[0..<count], training.y[0..<count]))
  let batches = DataLoader(
    augmented, batchSize: page.scale(quick: 32, standard: 64, full: 128), shuffle: true, prefetch: 2)
  let losses = fit(model, batches, epochs: page.progress(epochs, "epochs"), count: epochs, maxLR: 0.01)
  let result = accuracy(logits(model, testing.x), testing.y)
  page.show("training loss", losses, digits: 3, note: "of each epoch")
  page.show("test accuracy", result, digits: 4)
  page.claim("the loss falls", losses.last!, isAtMost: losses[0])
  page.claim("test accuracy", result, isAtLeast: page.scale(quick: 0.3, standard: 0.7, full: 0.925))

  /*:
   Do not hold this number against that of section 7.7. The narrow network has fewer than half of the parameters, and has
   seen few pictures, and only twice. That it learns at all, with this many layers and in so few steps, is what normalization and
   shortcuts are for. With `--full` it gets at least 0.925 of the test pictures right.
   */
}

/*:
 ## 7.9 Few labels: transfer

 Labels are expensive. Suppose somebody gives us three pictures each of five kinds of things, fifteen in all, and wants
 them told apart. A network with tens of thousands of parameters cannot learn much from that. But we may have a network
 that was trained on *other* things, and whose filters find edges, corners and strokes. Are they good for these, too?

 **Transfer learning** keeps the body of a trained network, **freezes** it, so that no step changes it any more, and
 trains only a new **head** on top of it.
 */
notebook.section("7.9", "Few labels: transfer") { page in
  //: The things are digits, which a generator of the library draws stroke by stroke, with a shaky hand. A network shall
  //: learn 0 to 4 from thousands of examples, and then 5 to 9 from a handful. No digit is in both halves, so what it can
  //: bring along is not a digit, but only what digits are made of.
  let (trainCount, testCount) = page.scale(quick: (2000, 600), standard: (12_000, 3000))
  let drawn = [StrokeDigits(train: true, count: trainCount), StrokeDigits(train: false, count: testCount)]
  let (mean, std) = (drawn[0].images.mean(), drawn[0].images.std())
  let digits = drawn.map { set -> Pictures in ((set.images - mean) / std, set.targets) }

  //: A task has pictures of known classes, pictures of new ones to draw a few from, and others of these to test with. The new
  //: labels, too, count from 0, for a head with five outputs knows no others. We write this for any pictures, because
  //: garments will come after the digits.
  typealias Task = (known: Pictures, new: Pictures, exam: Pictures)
  func only(_ classes: Range<Int>, of pictures: Pictures) -> Pictures {
    let labels = pictures.y.toArray(of: Int.self)
    let chosen = Tensor(labels.indices.filter { classes.contains(labels[$0]) })
    return (pictures.x[chosen], pictures.y[chosen] - classes.lowerBound)
  }
  func task(_ train: Pictures, _ test: Pictures) -> Task {
    (only(0..<5, of: train), only(5..<10, of: train), only(5..<10, of: test))
  }

  /*:
   The body is the convolutional half of our network, which makes 400 numbers of a picture. Freezing is one call,
   `requiresGrad_(false)`: from then on the gradient ends above the body. (`eval()` matters where a body has dropout or
   batch norm; here it costs nothing to do it right.)
   */
  func learnedBody(_ known: Pictures) -> Module {
    let network = ConvolutionalNetwork(classes: 5)
    let batches = DataLoader(TensorDataset(known.x, known.y), batchSize: 64, shuffle: true)
    fit(network, batches, epochs: 0..<3, count: 3, maxLR: 0.004)
    return network.features.requiresGrad_(false).eval()
  }
  let digitTask = task(digits[0], digits[1])
  let body = learnedBody(digitTask.known)
  page.claim("nothing left to learn", body.parameters().filter(\.requiresGrad).count, equals: 0)
  page.claim("400 features", noGrad { body(digitTask.exam.x[0..<1]) }.shape, equals: [1, 400])

  /*:
   Since the body does not change, its 400 numbers for a picture do not either. We compute them once, bring them to a
   standard deviation of 1, and train the head, a linear layer with $400 \cdot 5 + 5$ parameters, on these. Each way of learning
   gets the same pictures and the same number of steps of Adam, each on all of them.
   */
  func features(_ body: Module, _ task: Task) -> (new: Tensor, exam: Tensor) {
    let new = logits(body, task.new.x)
    return (new / new.std(), logits(body, task.exam.x) / new.std())
  }
  func learn(_ model: Module, _ x: Tensor, _ y: Tensor, lr: Double) {
    let optimizer = Adam(model.parameters(), lr: lr)
    for _ in 0..<page.scale(quick: 50, standard: 150) {
      optimizer.zeroGrad()
      crossEntropy(model(x), y).backward()
      optimizer.step()
    }
  }

  //: Which pictures one happens to draw matters much when they are so few. So every experiment is made several times, and
  //: we look at mean and standard deviation. A draw has equally many of each kind, lest a kind be missing altogether, and all
  //: ways of learning get the same draw:
  func few(_ count: Int, of pictures: Pictures) -> Tensor {
    let labels = pictures.y.toArray(of: Int.self)
    return cat(
      (0..<5).map { label in
        let places = Tensor(labels.indices.filter { labels[$0] == label })
        return places[Tensor.randperm(places.count)[0..<count]]
      })
  }

  /*:
   Three ways compete. The first is a head on the frozen body. The second is a head on a body that has *learned nothing*,
   with random kernels as at the start: a control, since a linear layer on any 400 features may do well. The third is the
   whole network, trained from scratch on the few pictures.
   */
  func compete(_ task: Task, _ body: Module, labels count: Int, draws: Int) -> [RunningAverage] {
    let random = ConvolutionalNetwork(classes: 5).features.requiresGrad_(false).eval()
    let inputs = [body, random].map { features($0, task) }
    var results = Array(repeating: RunningAverage(), count: 3)
    for _ in 0..<draws {
      let chosen = few(count, of: task.new)
      for (way, (new, exam)) in inputs.enumerated() {
        let head = Linear(400, 5)
        learn(head, new[chosen], task.new.y[chosen], lr: 0.01)
        results[way].add(accuracy(logits(head, exam), task.exam.y))
      }
      let scratch = ConvolutionalNetwork(classes: 5)
      learn(scratch, task.new.x[chosen], task.new.y[chosen], lr: 0.002)
      results[2].add(accuracy(logits(scratch, task.exam.x), task.exam.y))
    }
    return results
  }
  let counts = page.scale(quick: [3, 10], standard: [1, 3, 10], full: [1, 3, 10, 30, 100])
  let draws = page.scale(quick: 2, standard: 5, full: 20)
  let results = page.progress(counts, "numbers of labels").map { count in
    compete(digitTask, body, labels: count, draws: draws)
  }

  //: Accuracy on new digits, where guessing would give 0.2. Read a row from left to right, and you compare three ways of using
  //: the same few labels; read a column downward, and you see what more labels are worth. Hold every difference against the
  //: spread beside it before you believe it:
  func cells(_ averages: [RunningAverage]) -> [String] {
    averages.map { "\($0.mean.shown(digits: 3)) ± \($0.std().shown(digits: 3))" }
  }
  let names = ["frozen body", "random body", "from scratch"]
  let rows: [[any Showable]] = zip(counts, results).map { [$0] + cells($1) }
  page.show("digits 5 to 9", Table(["labels per class"] + names, rows))
  page.figure("transfer", transferFigure(counts, results, names))

  let three = results[counts.firstIndex(of: 3)!].map(\.mean)
  page.claim("three labels, frozen body", three[0], isAtLeast: page.scale(quick: 0.35, standard: 0.6))

  //: How far is the frozen body ahead of the two others? To be less at the mercy of the draws we take the mean of the
  //: leads at three and at ten labels. In a quick run, with two draws and a body that has seen little, the lead can have
  //: either sign:
  func leads(_ results: [[RunningAverage]]) -> [Double] {
    (1...2).map { way in results.map { $0[0].mean - $0[way].mean }.reduce(0, +) / Double(results.count) }
  }
  let lead = leads([3, 10].map { results[counts.firstIndex(of: $0)!] })
  page.show("lead", lead, digits: 3, note: "over the random body, over learning from scratch")
  if !page.options.isQuick {
    page.claim("what the body has learned is worth something", lead[0], isAtLeast: 0.03)
    page.claim("it does better than learning from scratch", lead[1], isAtLeast: 0)
  }

  /*:
   The frozen body is ahead, though with a single label of each kind luck decides. Note the control, too. Even random
   kernels make useful features, because they are kernels: local, shared, and pooled.

   Does transfer always help? Try the garments: learn T-shirts, trousers, pullovers, dresses and coats, and transfer to
   sandals, shirts, sneakers, bags and boots.
   */
  let (training, testing, _, _) = try standardized()
  let garments = task(
    (training.x[0..<trainCount], training.y[0..<trainCount]),
    (testing.x[0..<testCount], testing.y[0..<testCount]))
  let garmentBody = learnedBody(garments.known)
  let garmentResults = [3, 10].map { compete(garments, garmentBody, labels: $0, draws: draws) }
  let garmentRows: [[any Showable]] = zip([3, 10], garmentResults).map { [$0] + cells($1) }
  page.show("new garments", Table(["labels per class"] + names, garmentRows))

  let garmentLead = leads(garmentResults)
  page.show("lead", garmentLead, digits: 3, note: "over the random body, over learning from scratch")
  if !page.options.isQuick {
    page.claim("learned kernels are worth more among digits", lead[0], isAtLeast: garmentLead[0])
  }

  /*:
   A frozen body serves here as well. But look at the random one: it comes much nearer than with digits. All digits are
   made of the same strokes and arcs, so what tells 0 from 4 helps with 5 and 9. What tells a coat from a dress says less
   about shoes. Transfer works as far as the new things are made of the old parts. It works best from networks that have
   seen very much: the large ones that are reused everywhere were trained on millions of pictures of a thousand kinds.
   */
}

notebook.run()
