/*:
 # Chapter 4: A library in PyTorch's style

 So far every chapter made its networks out of single operations, because that was what it was about. From
 here on networks grow, and what repeats itself in all of them should be written once: layers that own their
 parameters, batches drawn from a data set, optimizers, a file that keeps a trained model.

 Nearly every tutorial, article and book on deep learning uses **PyTorch** for this, a library for Python.
 Ours has PyTorch's parts under PyTorch's names, written as Swift writes names: `requires_grad` is
 `requiresGrad`. If you know PyTorch, you will feel at home in a minute. If you do not, then after this
 chapter you can follow a PyTorch tutorial and type it in Swift.

 "The same" is easily said. Two things here put it to the test. The tables in this chapter run every row, and
 compare what it gives with what PyTorch gave. And section 4.5 trains the network of PyTorch's own quickstart,
 from the same seed and on batches that are shuffled alike, and prints the same losses to within a thousandth.
 */

import DeepLearning
import Foundation

let notebook = Notebook("chapter4-pytorch-style-api", title: "Chapter 4: A library in PyTorch's style")

/*:
 The pictures are Fashion-MNIST, as in the chapters before. Where it is not installed, generated digits take
 its place. Everything then works the same, but the digits of the reference do not apply, and the page says
 so.
 */
let clothes = notebook.once {
  let folder = notebook.options.dataDirectory
  return (
    train: try FashionMNIST.orStrokeDigits(root: folder, train: true),
    test: try FashionMNIST.orStrokeDigits(root: folder, train: false)
  )
}

/*:
 ## 4.1 Tensors

 A **tensor** is an array of numbers with a shape: a single number, a row of numbers, a table, a stack of
 tables, and so on. Pictures, weights, gradients and losses are all tensors, so this is the one type to know
 well. A small one will serve us for the whole section, small enough to follow every number of it:
 */
notebook.section("4.1", "Tensors") { page in
  let x = Tensor([[0, 1, 2], [3, 4, 5]])
  page.show("x", x)
  page.show("shape", x.shape, note: "2 rows, 3 columns")

  /*:
   Three things describe a tensor: its **shape**, its element type or **dtype**, and the numbers. Below is the
   first of the tables. On the left stands an expression in PyTorch, in the middle the same in Swift, and on
   the right what it gives. The program runs the middle column and compares the result with PyTorch's, which a
   script has fetched: `Tests/Interop/table.py` runs the left column.
   */
  page.compare(
    "creation",
    Both("torch.tensor([[1, 2], [3, 4]])", Tensor([[1, 2], [3, 4]]), "[[1, 2], [3, 4]]"),
    Both("torch.tensor([1.5, 2])", Tensor([1.5, 2]), "[1.5000, 2.0000]"),
    Both("torch.zeros(2, 3)", Tensor.zeros(2, 3), "[[0., 0., 0.], [0., 0., 0.]]"),
    Both("torch.full((3,), 7.0)", Tensor.full([3], 7.0), "[7., 7., 7.]"),
    Both("torch.arange(0, 10, 3)", Tensor.arange(0, 10, step: 3), "[0, 3, 6, 9]"),
    Both("torch.linspace(0, 1, 3)", Tensor.linspace(0, 1, 3), "[0.0000, 0.5000, 1.0000]"),
    Both("torch.eye(2)", Tensor.eye(2), "[[1., 0.], [0., 1.]]"),
    Both("torch.ones_like(x)", Tensor.ones(like: x), "[[1, 1, 1], [1, 1, 1]]"))

  /*:
   Numbers with a point become `float32`, whole numbers `int64`, truth values `bool`. Networks compute in
   `float32`: half the memory of `float64`, and seven digits are plenty for learning. Labels and positions are
   `int64`. `float64` is for checking gradients (chapter 3). `to` converts.
   */
  page.compare(
    "element types",
    Both("x.dtype", x.dtype, "int64"),
    Both("torch.tensor([0.5]).dtype", Tensor([0.5]).dtype, "float32"),
    Both("(x > 2).dtype", (x .> 2).dtype, "bool"),
    Both("x.float()", x.to(.float32), "[[0., 1., 2.], [3., 4., 5.]]"),
    Both("torch.zeros(2).double()", Tensor.zeros(2).to(.float64), "[0., 0.], dtype=torch.float64"))
  page.claim("4 bytes and 8", [DType.float32.size, DType.float64.size], equals: [4, 8])

  /*:
   Random numbers come from a generator that starts from a **seed**. The same seed gives the same numbers: not
   only on every run, but the very numbers that PyTorch draws. `torch.manual_seed(0)` and `torch.randn(3)`
   print 1.5410, −0.2934 and −2.1788. So an experiment can be repeated, and a mistake that comes by chance comes
   again when you look for it.
   */
  manualSeed(0)
  let normal = Tensor.randn(3)
  page.show("randn(3)", normal)
  page.claim("PyTorch's numbers for seed 0", normal, equals: [1.5410, -0.2934, -2.1788], within: 5e-5)

  /*:
   ### Shapes and views

   The elements lie in memory one after another, row by row. The shape only says how to read them, so changing
   it costs nothing as long as they are to be read in that order. A −1 in `view` or `reshape` stands for whatever
   fits. In the table compare `view(3, 2)` with `T`: both have three rows of two numbers, but the view reads on in
   the old order, and the transpose makes rows of the columns. They are often mistaken for each other.
   */
  let f = x.to(.float32)
  page.compare(
    "shapes",
    Both("list(x.shape)", x.shape, "[2, 3]"),
    Both("x.ndim", x.rank, "2"),
    Both("x.numel()", x.count, "6"),
    Both("x.size(1)", x.size(1), "3"),
    Both("x.view(3, 2)", x.view(3, 2), "[[0, 1], [2, 3], [4, 5]]"),
    Both("x.reshape(-1)", x.reshape(-1), "[0, 1, 2, 3, 4, 5]"),
    Both("x.T", x.T, "[[0, 3], [1, 4], [2, 5]]"),
    Both("list(x.unsqueeze(0).shape)", x.unsqueeze(0).shape, "[1, 2, 3]"),
    Both("x.permute(1, 0)[2]", x.permute(1, 0)[2], "[2, 5]"),
    Both("list(f.flatten().shape)", f.flatten().shape, "[6]"))

  /*:
   All the tensors in this table are **views**: other ways to look at the same memory. So is a row, a column or a
   slice. What is written into a view shows in the original, which is useful when you mean it and a riddle when you
   do not. Where the elements do not lie in the order that the new shape asks for, as in `x.T.reshape(-1)`, no view
   will do: `reshape` and `flatten` then make a copy, and `view` refuses. `clone()` always makes a copy, with memory
   of its own. As in PyTorch, a name that ends in `_` changes the tensor itself.
   */
  let original = Tensor.zeros(2, 3)
  original[0].fill_(7)
  original.clone().fill_(-1)
  page.show("after both", original)
  page.claim("the view wrote through, the copy did not", original, equals: [[7.0, 7, 7], [0, 0, 0]])

  /*:
   ### Indexing

   Python's colon becomes Swift's range, and a colon alone becomes `.all`. Counting from the end is spelled
   out, as everywhere in Swift: the last row is `.last`, the one before it `.fromEnd(2)`. A list of positions
   picks rows; a mask, a tensor of truth values, picks the elements where it is true. What these two pick lies
   anywhere in memory, so the result is always a copy.
   */
  page.compare(
    "indexing",
    Both("x[0]", x[0], "[0, 1, 2]"),
    Both("x[1, 2].item()", Int(x[1, 2].item()), "5"),
    Both("x[-1]", x[.last], "[3, 4, 5]"),
    Both("x[:, 1]", x[.all, 1], "[1, 4]"),
    Both("x[:, 1:3]", x[.all, 1..<3], "[[1, 2], [4, 5]]"),
    Both("x[:, ::2]", x[.all, .slice(by: 2)], "[[0, 2], [3, 5]]"),
    Both("x[..., 0]", x[.ellipsis, 0], "[0, 3]"),
    Both("x[torch.tensor([1, 0])]", x[Tensor([1, 0])], "[[3, 4, 5], [0, 1, 2]]"),
    Both("x[x > 2]", x[x .> 2], "[3, 4, 5]"))

  /*:
   ### Broadcasting

   Operations work element by element, on tensors of one shape. Where the shapes differ, they are lined up
   from the right; a dimension of 1, or one that is missing, is repeated as often as needed. That is
   **broadcasting**: a row added to a table is added to each of its rows, as a bias is to a batch. Comparisons
   are written with a dot, because `==` in Swift asks whether two things are the same and answers yes or no.
   */
  let row = Tensor([10, 20, 30])
  let column = Tensor([[100], [200]])
  page.compare(
    "broadcasting",
    Both("x + 10", x + 10, "[[10, 11, 12], [13, 14, 15]]"),
    Both("x + row", x + row, "[[10, 21, 32], [13, 24, 35]]"),
    Both("x + column", x + column, "[[100, 101, 102], [203, 204, 205]]"),
    Both("row + column", row + column, "[[110, 120, 130], [210, 220, 230]]"),
    Both("x * x", x * x, "[[0, 1, 4], [9, 16, 25]]"),
    Both("f ** 2", f ** 2, "[[0., 1., 4.], [9., 16., 25.]]"),
    Both("x == 3", x .== 3, "[[False, False, False], [True, False, False]]"),
    Both("torch.where(x > 2, x, -x)", `where`(x .> 2, x, -x), "[[0, -1, -2], [3, 4, 5]]"))

  /*:
   Lining up from the right has a trap. A column of three and a row of three are not added element by element;
   they make a table of nine numbers, and no error is reported. It happens easily: a layer with one output gives a
   column, (batch, 1), and the targets are a row, (batch). Compare shapes whenever a loss looks strange.
   */
  let prediction = Tensor.zeros(3, 1)
  let target = Tensor.zeros(3)
  page.show("shape of the difference", (prediction - target).shape)
  page.claim("nine numbers, not three", (prediction - target).count, equals: 9)

  /*:
   ### Reductions

   A **reduction** makes many numbers into few. Without an argument it takes all of them. With `dim` it runs
   along that dimension, and the dimension is gone: `dim: 0` runs down the columns, `dim: 1` along the rows.
   `keepDim` leaves a 1 in its place, so that the result still broadcasts against the original. `item()` takes
   the number out of a tensor that holds just one.
   */
  page.compare(
    "reductions",
    Both("x.sum()", x.sum(), "15"),
    Both("x.sum(0)", x.sum(dim: 0), "[3, 5, 7]"),
    Both("x.sum(1, keepdim=True)", x.sum(dim: 1, keepDim: true), "[[3], [12]]"),
    Both("f.mean()", f.mean(), "2.5000"),
    Both("f.std(1)", f.std(dim: 1), "[1., 1.]"),
    Both("f.max().item()", f.max().item(), "5.0"),
    Both("f.max(1).values", f.max(dim: 1).values, "[2., 5.]"),
    Both("f.argmax(1)", f.argmax(dim: 1), "[2, 2]"),
    Both("(x > 2).float().mean()", (x .> 2).to(.float32).mean(), "0.5000"))

  /*:
   ### Products, and tensors side by side

   `matmul` multiplies matrices: (2, 3) times (3, 2) gives (2, 2). `cat` lays tensors end to end along a
   dimension that they have; `stack` puts them side by side along a new one, which is how single examples
   become a batch. Two rows of three become a row of six by the one, and a table of two rows by the other:
   */
  page.compare(
    "products and joining",
    Both("f @ f.T", f.matmul(f.T), "[[5., 14.], [14., 50.]]"),
    Both("f[0].dot(f[1])", f[0].dot(f[1]), "14."),
    Both("torch.einsum(\"ij->j\", f)", einsum("ij->j", f), "[3., 5., 7.]"),
    Both("torch.cat([x[0], row])", cat([x[0], row]), "[0, 1, 2, 10, 20, 30]"),
    Both("torch.stack([x[0], row])", stack([x[0], row]), "[[0, 1, 2], [10, 20, 30]]"),
    Both("list(torch.cat([x, x], dim=1).shape)", cat([x, x], dim: 1).shape, "[2, 6]"),
    Both("f.softmax(dim=1)[0]", f.softmax(dim: 1)[0], "[0.0900, 0.2447, 0.6652]"),
    Both("(f - 3).relu()", (f - 3).relu(), "[[0., 0., 0.], [0., 1., 2.]]"))

  /*:
   What if the shapes do not fit? Then the program ends with one line that says where, in which operation and
   with which shapes. Multiplying a batch of 64 by a weight that nobody has transposed gives (here broken in
   two)

   ```
   main.swift:12: matmul: (64, 784) times (10, 784): the last dimension of the first has 784 elements and the
   last but one of the second has 10
   ```

   ### Using cpu device

   PyTorch tutorials begin by choosing a **device**, the processor that computes: the ordinary one (`cpu`) or
   a graphics card (`cuda`). Model and data must be on the same device, hence the many `.to(device)`. This
   library computes on the ordinary processor and on nothing else; the two lines are here so that a tutorial
   reads the same.
   */
  let device = Device.cpu
  page.print("Using \(device) device")
  page.compare(
    "devices",
    Both("x.device", x.device, "cpu"),
    Both("x.to(device) is x", x.to(device) === x, "true"))

  /*:
   What would a graphics card change? Not a single formula. It has thousands of small arithmetic units where
   we have a few large ones, so that a big matrix product takes a fraction of the time. In return every number
   must first travel to the card's own memory, and starting any operation takes a moment; on the small
   networks of this chapter that would eat up much of the gain.
   */
}

/*:
 ## 4.2 Data sets

 Some collections of pictures are so widely used that results are stated on them by name. These five you will
 meet everywhere. A shape is (channels, height, width), where gray pictures have one channel and colored ones
 three.
 */
notebook.section("4.2", "Data sets") { page in
  let known: [(name: String, training: Int, test: Int, shape: String, classes: Int)] = [
    ("MNIST", 60_000, 10_000, "1 × 28 × 28", 10),
    ("Fashion-MNIST", 60_000, 10_000, "1 × 28 × 28", 10),
    ("CIFAR-10", 50_000, 10_000, "3 × 32 × 32", 10),
    ("CIFAR-100", 50_000, 10_000, "3 × 32 × 32", 100),
    ("ImageNet (2012)", 1_281_167, 50_000, "3 × various", 1000),
  ]
  let rows: [[any Showable]] = known.map { [$0.name, $0.training, $0.test, $0.shape, $0.classes] }
  page.show("image data sets", Table(["name", "training", "test", "shape", "classes"], rows))

  /*:
   MNIST is handwritten digits, Fashion-MNIST clothes in the same format, made because MNIST had become too
   easy. CIFAR is tiny and in color: animals and vehicles, and with 100 classes also fruit, furniture and
   trees. ImageNet's pictures have many sizes and are usually scaled to one; its labeled test pictures are
   called the validation set, and it is far too large to ship with a course.

   > **Mind the slip.** MNIST is sometimes said to have 10,000 training pictures of each digit. It has 70,000
   > pictures in all, 60,000 of them for training, so there are about 6,000 a digit. Not exactly, for nobody
   > balanced them:
   */
  let mnistCounts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
  let total = mnistCounts.reduce(0, +)
  page.show("training digits 0 to 9", mnistCounts)
  page.show("fewest, most", [mnistCounts.min()!, mnistCounts.max()!])
  page.show("together", [total, total + 10_000], note: "without the test pictures, with them")

  /*:
   Loading one is a line. `root` is a folder to look in, `train` says which part, and `download: true` would
   fetch the files if no folder has them, and check that they arrived undamaged. `transform` and
   `targetTransform` are below.

   ```swift
   let train = try FashionMNIST(
     root: "data", train: true, download: true, transform: ToTensor(), targetTransform: toOneHot)
   ```

   Here we use a variant that falls back on generated digits:
   */
  let folder = page.options.dataDirectory
  let train = try FashionMNIST.orStrokeDigits(root: folder, train: true)
  let test = try FashionMNIST.orStrokeDigits(root: folder, train: false)
  page.show("training set", train.name, note: train.source)
  page.show("examples", [train.count, test.count], note: "training, test")

  /*:
   A **data set** is anything that has a `count` and gives an example for every index. Here an example is a
   pair: the image and its label, a number that stands for the class. The names of the classes are in
   `classes`.
   */
  let (image, label) = train[0]
  let name = train.classes[Int(label.item())]
  page.show("train[0]: image", image.shape)
  page.show("train[0]: label", label, note: name)
  page.claim("one channel of 28 × 28", image.shape, equals: [1, 28, 28])
  if train is FashionMNIST {
    page.claim(
      "the first picture is an ankle boot, class 9", "\(Int(label.item())) \(name)", equals: "9 Ankle boot")
  }

  //: Numbers tell little about a picture, so let us look at ten of them, picked at random. Some you would
  //: sort differently yourself: a shirt and a coat are not always easy to tell apart at this size. Do this with any
  //: data before you compute with them.
  let picked = Tensor.randint(0, train.count, [10]).toArray(of: Int.self)
  page.figure("sample", sampleFigure(train, picked))

  /*:
   The files hold bytes from 0, black, to 255, white. Networks like small numbers, so the pixels come divided
   by 255. In PyTorch this is the job of a **transform**, a function applied to each image on its way out,
   called `ToTensor`. Ours come scaled already, and `ToTensor` lets them pass.
   */
  page.show("smallest, largest pixel", [image.min().item(), image.max().item()])
  page.claim("pixels lie between 0 and 1", image.flatten(), isBetween: 0...1)
  page.claim(
    "bytes are divided by 255", ToTensor()(Tensor([0, 51, 255])), equals: [0.0, 0.2, 1], within: 1e-7)

  /*:
   Other transforms you can put together with `Compose`. `Normalize` subtracts a mean and divides by a
   standard deviation, so that the pixels have about mean 0 and deviation 1 (chapter 2 said why that helps).
   Which numbers it needs the training pictures say; for Fashion-MNIST they are 0.2860 and 0.3530.
   */
  var pixels = RunningAverage()
  for (x, _) in DataLoader(train, batchSize: 6000) { pixels.add(x) }
  page.show("mean, deviation", [pixels.mean, pixels.std()], digits: 4)
  if train is FashionMNIST {
    page.claim("0.2860 and 0.3530", [pixels.mean, pixels.std()], equals: [0.2860, 0.3530], within: 5e-5)
  }

  //: Whether it works shows on the test pictures, which had no part in the two numbers. They get the mean and the
  //: deviation of the *training* set, not their own, since a picture that arrives tomorrow will come alone and have no
  //: statistics. So expect nearly 0 and nearly 1, not exactly:
  let normalize = Compose([ToTensor(), Normalize(mean: [pixels.mean], std: [pixels.std()])])
  let normal = normalize(test.images)
  page.show("normalized", [normal.mean().item(), normal.std().item()], digits: 4, note: "test pictures")
  page.claim("about 0 and 1", [normal.mean().item(), normal.std().item()], equals: [0.0, 1], within: 0.02)

  /*:
   A **target transform** does the same for the label. The usual example makes it **one-hot**: ten zeros, with
   a 1 at the place of the class. Chapter 2 needed such targets for its cross-entropy. PyTorch tutorials write it with
   `scatter`, which puts a value at given places along a dimension:
   */
  let toOneHot = Lambda { label in Tensor.zeros(10).scatter(0, label.unsqueeze(0), 1.0) }
  let oneHotSet = try FashionMNIST.orStrokeDigits(root: folder, train: true, targetTransform: toOneHot)
  page.show("one-hot label", oneHotSet[0].label)

  //: Ten numbers instead of one, and they say the same: there is a single 1, and the place of the largest is the class
  //: again. `oneHot` is the short way to write it. You will need it less often than tutorials suggest, for the
  //: library's cross-entropy takes the plain number of the class.
  page.claim("a single 1", oneHotSet[0].label.sum(), equals: 1.0)
  page.claim("at the place of the class", oneHotSet[0].label.argmax().item(), equals: label.item())
  page.claim("oneHot does the same", oneHot(label, classes: 10).to(.float32), equals: oneHotSet[0].label)

  /*:
   ### The data loader

   Training looks at a few examples at a time, a **mini-batch**, and takes a step after each. A `DataLoader`
   deals the examples out. Going through all of them once is called an **epoch**; with `shuffle` every epoch
   has a new random order. A loop over a loader is a loop over an epoch; here we stop it after one batch:
   */
  let loader = DataLoader(train, batchSize: 64, shuffle: true)
  let testLoader = DataLoader(test, batchSize: 64)
  for (x, y) in testLoader.prefix(1) {
    page.show("shape of x [N, C, H, W]", x.shape)
    page.show("shape of y", y.shape, note: y.dtype.rawValue)
    page.claim("64 pictures", x.shape, equals: [64, 1, 28, 28])
    page.claim("64 labels", y.shape, equals: [64])
  }

  //: $N$ is the number of pictures in the batch, $C$ that of channels, $H$ and $W$ are height and width.
  //: PyTorch has them in this order, and so have we. 60,000 is not a multiple of 64, so the last batch is
  //: smaller, unless `dropLast` leaves it out.
  let batches = Int((Double(train.count) / 64).rounded(.up))
  page.show("batches in an epoch", loader.count)
  page.show("examples in the last", train.count - (batches - 1) * 64)
  page.claim("every example has its place", loader.count, equals: batches)

  /*:
   Where an example takes work, a file to read or a transform to compute, `prefetch: 2` has another thread
   make two batches ahead while the loop is busy with the last one. That shortens the waiting and changes nothing about
   the batches themselves, whatever thread happens to be faster:
   */
  func firstLabels(prefetch: Int) -> Tensor {
    let loader = DataLoader(
      train, batchSize: 64, shuffle: true, generator: Generator(seed: 1), prefetch: prefetch)
    return Array(loader.prefix(1))[0].1
  }
  page.claim("the same first batch", firstLabels(prefetch: 2), equals: firstLabels(prefetch: 0))

  /*:
   A data set of your own needs two members, a count and a subscript, which may read a file or compute
   something. The loader stacks the examples into batches, whatever their shape, as long as it is the same for
   all. Here an example is a number with its square, made when it is asked for:
   */
  struct Squares: Dataset {
    let count = 10
    subscript(index: Int) -> (Tensor, Tensor) { (Tensor(index), Tensor(index * index)) }
  }
  let squares = Array(DataLoader(Squares(), batchSize: 4))
  page.show("squares, by batch", squares.map { "\($0.1.toArray(of: Int.self))" }.joined(separator: "  "))
  page.claim("4 + 4 + 2 examples", squares.map { $0.0.count }, equals: [4, 4, 2])

  /*:
   To tune anything you need examples that were neither trained on nor kept for the final test. (A test that one looks at
   after every change, and changes something because of it, is a part of the training.) `randomSplit`
   deals a data set out at random into parts that share nothing; each is a `Subset`.
   */
  let parts = randomSplit(train, [0.9, 0.1])
  page.show("parts", parts.map(\.count), note: "to train on, to validate with")
  page.claim("no example in both", Set(parts[0].indices).isDisjoint(with: parts[1].indices))
  page.claim("none is lost", parts[0].count + parts[1].count, equals: train.count)

  /*:
   If the examples are tensors already, nothing needs to be written: a `TensorDataset` puts tensors side by
   side. The words once more, with one that holds the pairs (0, 0), (1, 1), (2, 4) and so on to (9, 81). Note who gives
   what: a data set gives examples, a loader gives batches.
   */
  let n = Tensor.arange(10)
  let numbers = TensorDataset(n, n * n)
  page.compare(
    "data",
    Both("len(numbers)", numbers.count, "10"),
    Both("numbers[3][1]", numbers[3].1, "9"),
    Both("len(DataLoader(numbers, batch_size=4))", DataLoader(numbers, batchSize: 4).count, "3"),
    Both("list(DataLoader(numbers, 4))[2][1]", Array(DataLoader(numbers, batchSize: 4))[2].1, "[64, 81]"),
    Both("Subset(numbers, [7, 2])[0][0]", try Subset(numbers, [7, 2])[0].0, "7"),
    Both("F.one_hot(torch.tensor([2, 0]), 3)", oneHot(Tensor([2, 0]), classes: 3), "[[0, 0, 1], [1, 0, 0]]"))
}

/*:
 ## 4.3 Modules

 A layer is a function with numbers of its own. In chapter 3 we carried these numbers about by hand. A
 **module** keeps them together with the function: it is called like a function, and it can be asked for its
 parameters. Small modules make up larger ones, and a whole network is a module, too.
 */

//: This is the network of PyTorch's quickstart. A module is a class; its layers are properties, made when the
//: object is made, and `forward` says what it computes.
final class NeuralNetwork: Module {
  let flatten = Flatten()
  let linearReLUStack = Sequential(
    Linear(28 * 28, 512), ReLU(),
    Linear(512, 512), ReLU(),
    Linear(512, 10))

  override func forward(_ x: Tensor) -> Tensor { linearReLUStack(flatten(x)) }

  //: The last line is optional. It lists a property under the name that it has in PyTorch, so that files can
  //: be exchanged (section 4.6). Swift writes names in one way and Python in another, and a file must decide for one
  //: of them. Without the line the network would compute the same.
  override var propertyNames: [String: String] { ["linearReLUStack": "linear_relu_stack"] }
}

notebook.section("4.3", "Modules") { page in
  /*:
   Before we use it whole, let us take it apart. Three pictures go in. `Flatten` makes a row of each: every
   dimension but the first, the batch, becomes one. A `Linear` layer gives each pixel a weight of its own and does not ask
   which pixels are neighbors, so it misses nothing. (Chapter 7 has layers that do ask.)
   */
  let pictures = Tensor.rand(3, 1, 28, 28)
  let flat = Flatten()(pictures)
  page.show("pictures", pictures.shape)
  page.show("after Flatten", flat.shape)
  page.claim("3 rows of 784", flat.shape, equals: [3, 784])

  /*:
   `Linear(784, 20)` holds a weight of shape (20, 784), a row for each unit, and a bias of 20 numbers, drawn at random
   when it is made, and computes $x W^\top + b$. In the library this is one line, and `linear` in it is the operation:

   [Sources/DeepLearning/Modules/Linear.swift](#excerpt-linear-forward)
   */
  let layer = Linear(784, 20)
  let hidden = layer(flat)
  page.show("after Linear", hidden.shape)
  page.claim("x Wᵀ + b", hidden, equals: flat.matmul(layer.weight.T) + layer.bias!, within: 1e-5)

  //: `ReLU` has no parameters and keeps the shape. What was negative is 0 afterwards. Here are the first five units for
  //: the first picture, before and after. With random weights a sum is as likely below 0 as above it, so about
  //: half of all units are silent for a given picture.
  let activated = ReLU()(hidden)
  page.show("after ReLU", activated.shape)
  page.show("before, 5 units", hidden[0, 0..<5], digits: 3)
  page.show("after", activated[0, 0..<5], digits: 3)
  page.claim("nothing negative is left", activated.flatten(), isAtLeast: 0)

  /*:
   A last `Linear` makes ten numbers, one for each class, the **logits**. `Softmax(dim: 1)` turns each row of
   them into probabilities. `dim: 1` is the dimension that is to sum to 1: the classes, not the pictures of
   the batch. With `dim: 0` the program would run just as well, and what it says of a picture would depend on which
   others happen to be in the batch.
   */
  let logits = Linear(20, 10)(activated)
  let probabilities = Softmax(dim: 1)(logits)
  page.show("logits", logits.shape)
  page.show("sum of each row", probabilities.sum(dim: 1))
  page.claim("probabilities sum to 1", probabilities.sum(dim: 1), equals: [1.0, 1, 1], within: 1e-6)

  /*:
   ### The whole network

   Now the class from above. Printed, a module shows what it consists of, with the names under which its parts
   are listed and the settings of each. Words and layout are PyTorch's, so that a printed model can be
   compared with one from a tutorial line by line:
   */
  let model = NeuralNetwork()
  page.print("\(model)")

  //: To the letter? Here is what PyTorch prints for the same class, and what we have just printed must equal
  //: it, blank by blank. If you have typed a model from a tutorial, print it first: a missing bias or a wrong size
  //: shows here, before an hour of training has been spent on it.
  page.claim(
    "PyTorch prints the same",
    "\(model)" == """
      NeuralNetwork(
        (flatten): Flatten(start_dim=1, end_dim=-1)
        (linear_relu_stack): Sequential(
          (0): Linear(in_features=784, out_features=512, bias=True)
          (1): ReLU()
          (2): Linear(in_features=512, out_features=512, bias=True)
          (3): ReLU()
          (4): Linear(in_features=512, out_features=10, bias=True)
        )
      )
      """)

  /*:
   Every parameter has a **name**, the path that leads to it. The module finds them by looking at its
   properties, in the order in which they are declared. There is no list to keep up to date, and none to
   forget a layer in.

   So the parameters of layers are found by themselves. A tensor of your own that is to be learned is written
   `Parameter(...)`. One that is to be saved with the model but not learned, such as a running mean, is a **buffer**,
   `Buffer(...)`. A plain tensor is a constant, which is neither learned nor saved.
   */
  let parameters: [[any Showable]] = model.namedParameters().map { name, tensor in
    [name, "\(tensor.shape)", tensor.count]
  }
  page.show("parameters", Table(["name", "shape", "numbers"], parameters))
  page.claim("669,706 numbers to learn", model.parameterCount, equals: 669_706)

  //: `summary` adds what each layer gives back for an input of a certain shape. Look where the parameters
  //: are: more than half of them are in the first layer, which has to look at 784 pixels. The last line tells what memory
  //: this takes; the outputs count for all 64 pictures, the parameters once.
  page.show("summary", summary(of: model, input: [64, 1, 28, 28]))

  /*:
   **Call the model, not `forward`.** `model(x)` does what `forward` does, and then calls the **hooks**:
   functions that somebody has asked to be shown every output. They let you look inside a network without
   changing it, and `summary` is made with them. `model.forward(x)` would pass them by.
   */
  var seen: [String] = []
  let hook = model.linearReLUStack[1].registerForwardHook { _, _, y in
    seen.append("\(y.shape), \(Int(100 * (y .> 0).to(.float32).mean().item())) % active")
  }

  //: Now one call, and one `forward` behind the hook's back. The hook is asked how many of the 512 units are active after
  //: the first ReLU. About half is what we expect of random weights. A unit that stayed silent for every picture would be a
  //: dead one (chapter 2), and this is how one finds it.
  _ = model(pictures)
  _ = model.linearReLUStack[1].forward(Tensor.rand(3, 512))
  hook.remove()
  page.show("seen by the hook", seen.joined(separator: "; "))
  page.claim("the call was seen, forward was not", seen.count, equals: 1)

  /*:
   ### One network, three ways

   The class is the **object-oriented** way. The second is **Sequential** alone: a list of layers, with no
   class at all. To compare the two, we start both from the same seed, so that they draw the same numbers.
   */
  manualSeed(1)
  let asObject = NeuralNetwork()
  manualSeed(1)
  let asList = Sequential(
    Flatten(), Linear(28 * 28, 512), ReLU(), Linear(512, 512), ReLU(), Linear(512, 10))

  /*:
   The third is **functional**: a function of the input and of the parameters, which the caller keeps.
   `linear` is the same computation as `Linear`, without a memory. Weights and biases come in as a list, those of
   the first layer first. This is how chapter 3 wrote its networks, with every number in sight.
   */
  func network(_ x: Tensor, _ p: [Tensor]) -> Tensor {
    let first = linear(x.flatten(1), p[0], p[1]).relu()
    let second = linear(first, p[2], p[3]).relu()
    return linear(second, p[4], p[5])
  }
  manualSeed(1)
  let weights = [Linear(28 * 28, 512), Linear(512, 512), Linear(512, 10)].flatMap { $0.parameters() }

  //: Three ways to write it, one network. The same numbers go through the same operations in the same order,
  //: so the outputs agree to the last bit. A class or a list is a way to keep parameters; it adds nothing to what is
  //: computed.
  let outputs = [asObject(pictures), asList(pictures), network(pictures, weights)]
  page.show("first logits", outputs[0][0, 0..<5], digits: 5)
  page.claim("Sequential gives the same", outputs[1], equals: outputs[0])
  page.claim("the function gives the same", outputs[2], equals: outputs[0])

  /*:
   Which to use? *Sequential* while the data simply runs through from front to back; it is the shortest. *A
   class* as soon as there is more to say: a branch, a skip, a layer used twice, several inputs; this is how
   nearly all published models are written, and layers keep readable names. *Functions* when the parameters
   themselves are what you compute with, as in the derivations of chapter 3, and for whatever has no
   parameters: nobody needs an object to call `relu`.
   */
  let z = Tensor([[2.0, 1.0, -1.0], [0.5, 0.0, 0.0]])
  let t = Tensor([0, 2])
  page.compare(
    "modules and functions",
    Both("nn.Linear(3, 2)", Linear(3, 2), "Linear(in_features=3, out_features=2, bias=True)"),
    Both("nn.Dropout(0.2)", Dropout(0.2), "Dropout(p=0.2, inplace=False)"),
    Both("nn.ReLU()(z[0])", ReLU()(z[0]), "[2., 1., 0.]"),
    Both("F.relu(z[0])", z[0].relu(), "[2., 1., 0.]"),
    Both("nn.Softmax(dim=1)(z)[0]", Softmax(dim: 1)(z)[0], "[0.7054, 0.2595, 0.0351]"),
    Both("nn.CrossEntropyLoss()(z, t)", CrossEntropyLoss()(z, t), "0.8217"),
    Both("F.cross_entropy(z, t)", crossEntropy(z, t), "0.8217"),
    Both("nn.MSELoss()(z[0], z[1])", MSELoss()(z[0], z[1]), "1.4167"))

  /*:
   ### The double softmax

   Our network ends in a `Linear` and gives logits, although chapter 2 promised probabilities. The softmax is
   inside `crossEntropy`, where it can be computed safely together with the logarithm. This invites a mistake:
   to be tidy, somebody ends the network in a `Softmax` and then hands its *probabilities* to `crossEntropy`,
   which takes them for logits and applies softmax again.

   > **Mind the slip.** Cross-entropy expects logits. Do not hand it the output of a softmax.

   There is no error message, the shapes are right, and the network even learns. What is wrong? Probabilities
   lie between 0 and 1. As logits, even the best of them, 1 for the right class and 0 for the nine others, are
   only a mild preference:

   $$-\ln \frac{e^1}{e^1 + 9 e^0} = \ln\left(1 + \frac{9}{e}\right) = 1.461$$
   */
  let certain = oneHot(Tensor([3]), classes: 10).to(.float32)
  let floor = crossEntropy(certain, Tensor([3]))
  page.show("loss of a perfect answer", floor.item(), digits: 4)
  page.claim("ln(1 + 9/e)", floor.item(), equals: log(1 + 9 / exp(1.0)), within: 1e-6)

  /*:
   The loss can never go below that. A loss that stays near 1.46 is how this bug is recognized. Worse is what
   becomes of the gradient. Take a network that is certain and wrong, just the case in which it must learn
   most:
   */
  func gradient(_ loss: (Tensor) -> Tensor) -> Tensor {
    let wrong = Tensor([[8.0, 0.0, 0.0]], requiresGrad: true)
    loss(wrong).backward()
    return wrong.grad!
  }

  //: The label is class 1, and the network is sure that it is class 0. Chapter 2 says what the gradient by the logits has
  //: to be, prediction minus target: nearly 1 for class 0, and nearly −1 for class 1. The first row shows that; compare the
  //: size of the second.
  let once = gradient { crossEntropy($0, Tensor([1])) }
  let twice = gradient { crossEntropy($0.softmax(dim: 1), Tensor([1])) }
  page.show("gradient, logits", once, digits: 5)
  page.show("gradient, softmax twice", twice, digits: 5)
  page.claim("logits are pushed with full force", once.abs().max().item(), isAtLeast: 0.99)
  page.claim("the second softmax leaves a thousandth", twice.abs().max().item(), isAtMost: 1e-3)

  /*:
   The gradient has to pass through the first softmax, which is flat where it is certain, as a saturated
   sigmoid is. So the surer the network is of a mistake, the less it can learn from it. What does this cost in
   training? Both ways, from the same start, with the same batches. (`learn`, in the file Learning.swift,
   trains on batches drawn at random and every 20 steps looks how far it has come. How such loops are built is
   the subject of section 4.5.)
   */
  let steps = page.scale(quick: 100, standard: 600, full: 3000)
  let (train, test) = try clothes()
  let probe = (x: test.images[0..<2000], y: test.targets[0..<2000])

  //: All that differs between the two runs is what becomes of the network's output before it meets the loss. Both start
  //: from one seed, so they have the same first weights and get the same batches in the same order, and chance
  //: has no part in the difference:
  func run(_ output: (Tensor) -> Tensor) -> Curve {
    manualSeed(page.options.seed)
    let model = Sequential(Flatten(), Linear(784, 128), ReLU(), Linear(128, 10))
    let optimizer = SGD(model.parameters(), lr: 0.1)
    return learn(model, optimizer, train, probe, steps: steps) { crossEntropy(output($0), $1) }
  }
  let right = run { $0 }
  let doubled = run { $0.softmax(dim: 1) }

  //: Both are judged in the same, right way: by the cross-entropy of their logits, and by their accuracy. In the figure look
  //: at the first steps. Both networks begin equally unsure, with about a tenth for each class. There the softmax is not
  //: steep: its Jacobian, $p_k ([k = j] - p_j)$ in chapter 3, makes the gradient a tenth as long. The network with two of
  //: them has to do with that tenth, and so it sets out slowly.
  page.show(
    "cross-entropy", [right.losses.last!, doubled.losses.last!], digits: 3, note: "logits, softmax twice")
  page.show("accuracy", [right.accuracies.last!, doubled.accuracies.last!], digits: 3)
  page.claim("the second softmax costs accuracy", right.meanAccuracy - doubled.meanAccuracy, isAtLeast: 0.03)
  page.claim("and trust: the loss is higher", doubled.losses.last! - right.losses.last!, isAtLeast: 0.1)
  page.figure("double-softmax", doubleSoftmaxFigure(logits: right, probabilities: doubled))

  /*:
   The log-softmax is a different matter. Handing *its* output to `crossEntropy` is superfluous, but harmless,
   because the log-softmax of a log-softmax is itself: its exponentials already sum to 1. Whoever has
   log-probabilities anyway calls `nllLoss`, which does the rest.
   */
  page.claim("harmless", crossEntropy(z.logSoftmax(dim: 1), t), equals: crossEntropy(z, t), within: 1e-6)
  page.claim(
    "the same loss in two steps", nllLoss(z.logSoftmax(dim: 1), t), equals: crossEntropy(z, t), within: 1e-6)
}

/*:
 ## 4.4 Autograd

 Chapter 3 built a machine that differentiates. Here is how it is operated. A tensor with `requiresGrad` is
 one whose derivative we want. Whatever is computed from it remembers how, and `backward()` walks back from a
 single number and leaves the derivative in `grad`.
 */
notebook.section("4.4", "Autograd") { page in
  let w = Tensor([1.0, 2.0, 3.0], requiresGrad: true)
  let loss = (w * w).sum()
  page.print("\(loss)")
  loss.backward()
  page.show("w.grad", w.grad!, note: "the derivative of Σ w² is 2w")
  page.claim("2w", w.grad!, equals: [2.0, 4, 6])

  /*:
   **Gradients accumulate.** A second `backward` *adds* to what is in `grad`. That is on purpose: the gradient
   of a sum is the sum of the gradients, so a batch too large for memory may be taken in pieces. And it is a
   trap: who forgets to clear the gradients takes steps along the sum of all gradients there have ever been.
   */
  (w * w).sum().backward()
  page.show("after a second backward", w.grad!)
  page.claim("twice as much", w.grad!, equals: [4.0, 8, 12])

  /*:
   Here is the good side of it. A layer sees eight examples at once, and then the same eight in two halves.
   The mean over eight is the mean of the two halves' means, so each half counts one half:
   */
  let layer = Linear(3, 1)
  let examples = Tensor.randn(8, 3)
  layer(examples).square().mean().backward()
  let atOnce = layer.weight.grad!.clone()
  layer.zeroGrad()

  //: Two backward passes, and no `zeroGrad` between them. Mind the division by 2. Without it we would have the sum of the two
  //: means, a gradient twice as long, and every step would go twice as far without anything looking wrong.
  for half in examples.chunk(2) { (layer(half).square().mean() / 2).backward() }
  page.show("gradient, all at once", atOnce, digits: 5)
  page.show("in two halves", layer.weight.grad!, digits: 5)
  page.claim("the same gradient", layer.weight.grad!, equals: atOnce, within: 1e-5)

  //: `zeroGrad()` forgets the gradients. An optimizer does it for all of its parameters, once for every step. Then come a fresh
  //: gradient and the step, which takes away the learning rate times the gradient. At 1, 2 and 3 the gradient is 2, 4
  //: and 6, so a tenth of that goes:
  let optimizer = SGD([w], lr: 0.1)
  optimizer.zeroGrad()
  page.claim("forgotten", w.grad == nil)
  (w * w).sum().backward()
  optimizer.step()
  page.show("w after a step", w.detach())
  page.claim("w − 0.1 · 2w", w.detach(), equals: [0.8, 1.6, 2.4], within: 1e-6)

  /*:
   Remembering takes memory and time, and is wasted where nobody will ask for a gradient: when testing, and
   when using a trained network. Inside `noGrad { }` nothing is remembered. A step of an optimizer is taken
   there as well, for changing a parameter is not part of the function that is differentiated.
   */
  let remembered = w * 2
  let forgotten = noGrad { w * 2 }
  page.print("\(remembered)")
  page.print("\(forgotten)")
  page.claim("one has a history", remembered.requiresGrad)
  page.claim("the other has none", !forgotten.requiresGrad)

  /*:
   `detach()` cuts a single value off: the same numbers, without their history. To the derivative it is a
   constant. In $u \cdot v$ with $u$ detached from $v^2$, only the factor $v$ counts, and the derivative is
   $v^2$ instead of $3 v^2$. One uses it where a number shall have its effect but shall not be learned through.
   */
  let v = Tensor([2.0], requiresGrad: true)
  let whole = grad((v * v * v).sum(), v)!
  let cut = grad(((v * v).detach() * v).sum(), v)!
  page.show("d(v³)/dv at 2", whole)
  page.show("with v² detached", cut)
  page.claim("12 and 4", cat([whole, cut]), equals: [12.0, 4])

  /*:
   ### train() and eval()

   Some layers behave differently while a network learns. `Dropout` sets some of the numbers to 0 at random
   then, and scales up the others to make up for it (chapter 6 says why that helps). In use, nothing should be
   random. `train()` and `eval()` tell a module, and all modules in it, which it is.
   */
  let dropout = Dropout(0.5)
  let ones = Tensor.ones(8)
  page.show("train()", dropout.train()(ones))
  page.show("eval()", dropout.eval()(ones))
  page.claim("in evaluation nothing happens", dropout(ones), equals: ones)

  //: A thousand ones, to be sure: each becomes 0 or 2, and their mean stays about 1. That is what the scaling is for.
  //: The next layer gets numbers of the size that it is used to, whether half of them are missing or none is.
  let dropped = dropout.train()(Tensor.ones(1000))
  page.claim("0 or 2", ((dropped .== 0) .| (dropped .== 2)).all())
  page.claim("their mean", dropped.mean().item(), isBetween: 0.8...1.2)

  /*:
   `eval()` and `noGrad` are often confused. The first changes what layers *compute*, the second what is
   *remembered*. For testing you want both. Who forgets the second wastes memory; who forgets the first tests a network
   with units missing at random, and gets another result each time.
   */
  let x = Tensor([1.0, 2.0], requiresGrad: true)
  let m = Linear(2, 1)
  page.compare(
    "autograd",
    Both("x.requires_grad", x.requiresGrad, "true"),
    Both("(x * 2).requires_grad", (x * 2).requiresGrad, "true"),
    Both("(x * 2).is_leaf", (x * 2).isLeaf, "false"),
    Both("x.detach().requires_grad", x.detach().requiresGrad, "false"),
    Both("x * 2", x * 2, "[2., 4.], grad_fn=<MulBackward0>"),
    Both("(x * x).sum()", (x * x).sum(), "5., grad_fn=<SumBackward0>"),
    Both("torch.autograd.grad((x * x).sum(), x)[0]", grad((x * x).sum(), x)!, "[2., 4.]"),
    Both("x.grad is None", x.grad == nil, "true"),
    Both("m.eval().training", m.eval().isTraining, "false"),
    Both("torch.is_grad_enabled()", isGradEnabled, "true"))
}

/*:
 ## 4.5 Training and testing

 Everything is ready for the quickstart, the program that most people see first when they learn PyTorch. It
 trains our `NeuralNetwork` on Fashion-MNIST and prints how it is going. First the two loops, which are
 written out in PyTorch and here, so that nothing is hidden.
 */

//: One epoch of training. For each batch: predict, compute the loss, go backward, take a step, clear the
//: gradients. Every hundredth batch it reports the loss. `limit` ends a quick run early.
func trainLoop(
  _ loader: DataLoader<(Tensor, Tensor)>, _ model: Module, _ lossFunction: Module, _ optimizer: Optimizer,
  limit: Int = .max, report: (_ loss: Double, _ seen: Int) -> Void
) {
  model.train()
  for (batch, (x, y)) in loader.prefix(limit).enumerated() {
    let loss = lossFunction(model(x), y)
    loss.backward()
    optimizer.step()
    optimizer.zeroGrad()
    if batch % 100 == 0 { report(loss.item(), (batch + 1) * x.shape[0]) }
  }
}

//: And the test: the same without gradients and without steps, counting how often the largest logit is the
//: right one. It returns the accuracy in percent and the mean of the batches' losses. (A last batch that is smaller counts
//: as much as the others in this mean. The tutorial does it so, and its numbers are what we want to meet.)
func testLoop(
  _ loader: DataLoader<(Tensor, Tensor)>, _ model: Module, _ lossFunction: Module
) -> (accuracy: Double, loss: Double) {
  model.eval()
  var (loss, correct) = (0.0, 0.0)
  noGrad {
    for (x, y) in loader {
      let logits = model(x)
      loss += lossFunction(logits, y).item()
      correct += (logits.argmax(dim: 1) .== y).to(.float32).sum().item()
    }
  }
  return (100 * correct / Double(loader.dataset.count), loss / Double(loader.count))
}

notebook.section("4.5", "Training and testing") { page in
  /*:
   The order of what follows matters, because all of it draws from one stream of random numbers: first the
   model draws its weights, then the loader the order of each epoch. Every section starts from the run's seed,
   as if `manualSeed` stood here.
   */
  let device = Device.cpu
  page.print("Using \(device) device")
  let model = NeuralNetwork().to(device)
  let (train, test) = try clothes()
  let trainLoader = DataLoader(train, batchSize: 64, shuffle: true)
  let testLoader = DataLoader(test, batchSize: 64)
  page.show("data", train.name, note: train.source)

  /*:
   The loss is cross-entropy, of logits. The optimizer is plain gradient descent with a very small learning
   rate: **SGD**, *stochastic* because each batch gives but a random sample of the true gradient. A step changes a
   weight by a thousandth of its derivative, so do not expect much of the first hundred.
   */
  let lossFunction = CrossEntropyLoss()
  let optimizer = SGD(model.parameters(), lr: 1e-3)

  /*:
   A network that knows nothing gives every class about the same probability and pays $\ln 10 = 2.303$ for it.
   Is ours one of these? It is a test that costs nothing, and worth making before any training. A first loss far above
   that means that the network is sure of something, and it cannot have a reason.
   */
  let ignorance = noGrad { lossFunction(model(test.images), test.targets).item() }
  page.show("ln 10", log(10.0), digits: 3)
  page.show("loss before training", ignorance, digits: 3)
  page.claim("near ln 10", ignorance, equals: log(10.0), within: 0.05)

  /*:
   Now it runs. Each line is the loss of one batch, with the number of pictures in this epoch so far. At the end of an
   epoch come the share of the test pictures that it gets right, and the loss on these. (A quick run stops in the first
   epoch, after 201 of its 938 batches.)
   */
  var (losses, seen): ([Double], [Int]) = ([], [])
  var tests: [(accuracy: Double, loss: Double)] = []
  for epoch in 1...page.scale(quick: 1, standard: 5, full: 20) {
    page.print("Epoch \(epoch)")
    trainLoop(trainLoader, model, lossFunction, optimizer, limit: page.scale(quick: 201, standard: .max)) {
      page.print(String(format: "loss: %7f  [%5ld/%5ld]", $0, $1, train.count))
      losses.append($0)
      seen.append($1)
    }
    tests.append(testLoop(testLoader, model, lossFunction))
    page.print(String(format: "Accuracy: %.1f%%, Avg loss: %8f", tests.last!.accuracy, tests.last!.loss))
  }
  page.claim(
    "it has learned", tests.last!.loss, isAtMost: ignorance - page.scale(quick: 0.001, standard: 0.2))

  /*:
   ### The same losses as PyTorch

   Take PyTorch's quickstart, put `torch.manual_seed(0)` in front of the model and `shuffle=True` into the
   training loader (the tutorial itself does not shuffle): these are its numbers. `Tests/Interop/quickstart.py`
   is that program. To agree with it is a strong test. The weights must be drawn in the same order by the same formulas,
   the pictures shuffled the same way, and loss, gradient and step be the same functions, for every one of 1,876
   batches; one slip anywhere, and the lines would drift apart. Here is what PyTorch prints in the first two
   epochs.
   */
  let reference = [
    2.300577, 2.290688, 2.267696, 2.265884, 2.253147, 2.224883, 2.205814, 2.224864, 2.202589, 2.162510,
    2.177085, 2.126721, 2.161325, 2.057806, 2.087610, 2.058093, 1.996306, 1.983433, 1.972643, 1.913438,
  ]
  let referenceTests = [(accuracy: 50.3, loss: 2.162650), (accuracy: 60.1, loss: 1.899609)]
  page.claim("two epochs have 1,876 batches", 2 * trainLoader.count, equals: 1876)

  //: They belong to seed 0 and to Fashion-MNIST. With another seed, or other pictures, there is nothing to
  //: compare with. Read the table downward: from line to line there are a hundred steps, each of which builds on all
  //: that were before it, so a real difference, in a formula or in a draw, would grow. (The last digits are another
  //: matter, of which more below.)
  let isComparable = page.options.seed == 0 && train is FashionMNIST
  let count = isComparable ? min(losses.count, reference.count) : 0
  if isComparable {
    let rows: [[any Showable]] = (0..<count).map { [seen[$0], reference[$0], losses[$0]] }
    page.show("loss, line by line", Table(["examples", "PyTorch", "here"], rows), digits: 6)
    page.claim("PyTorch's losses", Array(losses[..<count]), equals: Array(reference[..<count]), within: 1e-3)
  } else {
    page.print(
      "These are the losses of \(train.name) with seed \(page.options.seed), not those of the reference.")
  }

  //: The accuracy and the loss of the test set, after each of the two epochs. Both are taken over all test pictures, and
  //: would betray networks that agree on a few batches by luck. For a full epoch we have to run longer than `--quick` does,
  //: so it leaves this out.
  if isComparable && !page.options.isQuick {
    for (ours, theirs) in zip(tests, referenceTests) {
      page.claim("PyTorch's accuracy", ours.accuracy, equals: theirs.accuracy, within: 0.1)
      page.claim("PyTorch's test loss", ours.loss, equals: theirs.loss, within: 1e-3)
    }
  }

  //: In the figure the line is ours, and the orange dots on it, if there are any, are PyTorch's. The line
  //: wavers, because each batch is another sample of the training set; the test set is the same every time.
  page.figure(
    "quickstart",
    quickstartFigure(losses, seen, tests, reference: Array(reference[..<count]), epochLength: train.count))

  /*:
   The last digits may differ, since no two programs add up a long row of numbers in quite the same order, and
   every step begins with what the steps before it have left. PyTorch itself differs from PyTorch in them, from one
   processor to the next. So the claims allow a thousandth. To compare another seed, run the same program in
   PyTorch, `python Tests/Interop/quickstart.py 1`, beside this section with `--section 4.5 --seed 1`.

   What did this network learn? Ask it about the first test picture, as the tutorial does:
   */
  model.eval()
  let (picture, label) = test[0]
  let answer = noGrad { Int(model(picture.unsqueeze(0))[0].argmax().item()) }
  page.print("Predicted: \"\(test.classes[answer])\", Actual: \"\(test.classes[Int(label.item())])\"")

  /*:
   The network is not good yet. A learning rate of 0.001 makes for slow progress, and the tutorial stops
   early. Is the network too weak, or the training too short? We train another one for a single epoch (or as much of it as a
   quick run takes), but with steps a hundred times as long:
   */
  let faster = NeuralNetwork()
  trainLoop(
    trainLoader, faster, lossFunction, SGD(faster.parameters(), lr: 0.1),
    limit: page.scale(quick: 201, standard: .max)
  ) { _, _ in }
  let result = testLoop(testLoader, faster, lossFunction)
  page.show(
    "accuracy in percent", [tests.last!.accuracy, result.accuracy], digits: 1, note: "lr 0.001, lr 0.1")
  page.claim("longer steps get further", result.accuracy, isAtLeast: tests.last!.accuracy + 5)

  /*:
   So it was not the network. How long a step should be is a subject of its own, and so are better optimizers; both are
   chapter 5's. In the meantime, the vocabulary. An optimizer has its settings in groups, one for each set of
   parameters that is treated alike, and a state: what it remembers from step to step. Plain SGD remembers nothing.
   */
  let p = [Tensor([1.0], requiresGrad: true)]
  page.compare(
    "optimizers",
    Both("optim.SGD(p, lr=0.1).param_groups[0][\"lr\"]", SGD(p, lr: 0.1).groups[0].lr, "0.1"),
    Both("optim.Adam(p).param_groups[0][\"lr\"]", Adam(p).groups[0].lr, "0.001"),
    Both("optim.Adam(p).param_groups[0][\"eps\"]", Adam(p).groups[0][.eps], "1e-08"),
    Both("len(optim.SGD(p, lr=0.1).state)", SGD(p, lr: 0.1).states.count, "0"))
}

/*:
 ## 4.6 Saving and loading

 A network that took an hour to train should not have to be trained again tomorrow. What must be kept is its
 parameters and buffers, each under its name. That is the module's **state dict**. To have something worth keeping, we
 train for a hundred batches with **Adam**, an optimizer that finds a step length for every parameter by
 itself (chapter 5).
 */
//: Whether anything is lost on the way into a file and back we shall judge strictly: by the bits of the
//: numbers, so that even 0 and −0 count as different.
func bits(of tensor: Tensor) -> [UInt32] { tensor.detach().toArray().map(\.bitPattern) }

notebook.section("4.6", "Saving and loading") { page in
  let (train, test) = try clothes()
  let loader = DataLoader(train, batchSize: 64, shuffle: true)
  let model = NeuralNetwork()
  let optimizer = Adam(model.parameters(), lr: 1e-3)
  trainLoop(loader, model, CrossEntropyLoss(), optimizer, limit: 100) { _, _ in }
  let state: [[any Showable]] = model.stateDict().map { [$0.name, "\($0.tensor.shape)"] }
  page.show("state dict", Table(["name", "shape"], state))

  /*:
   `save` writes them to a file. The format is **safetensors**: a header that lists names, types, shapes and
   places, and then the numbers as they are in memory. Unlike Python's pickle, in which PyTorch's own `.pt`
   files are written, it cannot contain a program, so that a file from a stranger may be opened without fear.
   */
  let file = page.options.plotsDirectory + "/model.safetensors"
  try FileManager.default.createDirectory(
    atPath: page.options.plotsDirectory, withIntermediateDirectories: true)
  try save(model.stateDict(), to: file, metadata: ["format": "pt"])

  //: What has been written? A `float32` takes 4 bytes, so the numbers alone make four times 669,706 bytes; what the file is
  //: longer by is the header. Nothing has been compressed or rounded, which is why nothing can get lost:
  let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
  page.show("saved", file)
  page.show("bytes", bytes.count, note: "4 for each parameter, and a header")
  page.claim("hardly more than the numbers", bytes.count - 4 * model.parameterCount, isBetween: 100...1000)

  //: The first eight bytes are the header's length, and the header is text that any editor shows. For every tensor it has
  //: the name, the type, the shape, and the two places in the file between which its numbers lie. In front stand the notes
  //: from `metadata`.
  let header = String(decoding: bytes[8..<92], as: UTF8.self)
  page.show("the file begins", header + " …")
  page.claim("with a description", header.hasPrefix("{"))

  /*:
   To load, make a model of the same architecture, whose weights are random, and copy the saved ones over
   them. The file knows names and numbers; what is computed with them stands in your class. Nothing is lost on the way: not
   roughly the same numbers come back but the same bits.
   */
  let loaded = NeuralNetwork()
  page.claim("a new model is another one", !equal(loaded.parameters()[0], model.parameters()[0]))
  try loaded.loadStateDict(load(file))
  for (saved, back) in zip(model.namedParameters(), loaded.namedParameters()) {
    page.claim("\(back.name), bit for bit", bits(of: back.tensor) == bits(of: saved.tensor))
  }

  //: The same parameters must give the same answers. This is the test that counts before you rely on a file: not whether it
  //: looks right, but whether a model that was loaded from it answers like the one that was saved. On a thousand
  //: test pictures:
  let (pictures, labels) = (test.images[0..<1000], test.targets[0..<1000])
  let (before, after) = noGrad { (model.eval()(pictures), loaded.eval()(pictures)) }
  page.show("accuracy", [accuracy(before, labels), accuracy(after, labels)], digits: 3)
  page.claim("the outputs agree, too, bit for bit", bits(of: after) == bits(of: before))

  /*:
   A file that does not fit is refused, and the message says in what it differs. It is refused as a whole. A model with half
   of its weights loaded and the others random would be worse than none, for it would look as if all had gone well. The
   same layers in a plain `Sequential` have other names:
   */
  let other = Sequential(
    Flatten(), Linear(784, 512), ReLU(), Linear(512, 512), ReLU(), Linear(512, 10))
  do {
    try other.loadStateDict(load(file))
    page.claim("the file was refused", false)
  } catch let error as StateDictError {
    page.print("\(error)")
    page.claim("six names are missing", error.missing.count, equals: 6)
  }

  /*:
   ### Into PyTorch, and back

   Because the names are PyTorch's, so are the files. This reads our model in Python:

   ```python
   from safetensors.torch import load_file
   model = NeuralNetwork()
   model.load_state_dict(load_file("model.safetensors"))
   ```

   And a model that Python saved with `save_file(model.state_dict(), "model.safetensors")` is loaded here by
   the two lines that you have seen. `Tests/Interop/roundtrip.py` sends models both ways and compares every
   bit. The names must be exactly these:
   */
  let names = [0, 2, 4].flatMap { ["linear_relu_stack.\($0).weight", "linear_relu_stack.\($0).bias"] }
  page.claim("PyTorch's names", model.stateDict().names == names)

  /*:
   ### In the middle of training

   To go on with training where it stopped, the weights are not enough. Adam keeps two running averages for
   every parameter, and without them the next steps would be others. A `Checkpoint` holds both, and notes of
   yours:
   */
  let checkpointFile = page.options.plotsDirectory + "/checkpoint.safetensors"
  try Checkpoint(model: model, optimizer: optimizer, metadata: ["batches": "100"]).save(to: checkpointFile)

  //: The next day, in another program: a new model, a new optimizer, and both are put in the state that was
  //: saved. Of the model come six tensors, of the optimizer four times as many: for each of the six its two averages and a
  //: count of steps, and then six settings, from the learning rate to the list of parameters.
  let checkpoint = try Checkpoint(checkpointFile)
  let resumed = NeuralNetwork()
  let resumedOptimizer = Adam(resumed.parameters(), lr: 1e-3)
  try checkpoint.restore(model: resumed, optimizer: resumedOptimizer)
  page.show(
    "kept", [checkpoint.model.count, checkpoint.optimizer.count], note: "tensors of model, of optimizer")
  page.claim(
    "6 and 3 · 6 + 6", [checkpoint.model.count, checkpoint.optimizer.count], equals: [6, 3 * 6 + 6])

  //: Now both train on, on the same batches: the seed before each of the loops lets the loader deal them out in the same
  //: order. If anything had been forgotten, be it one average of one bias, they would part with the first step, and never
  //: meet again:
  for (model, optimizer) in [(model, optimizer), (resumed, resumedOptimizer)] {
    manualSeed(7)
    trainLoop(loader, model, CrossEntropyLoss(), optimizer, limit: 20) { _, _ in }
  }
  let pairs = zip(model.parameters(), resumed.parameters())
  page.claim("after 20 more batches still the same bits", pairs.allSatisfy { bits(of: $0) == bits(of: $1) })

  //: In short, and with what else one meets in tutorials. A state dict is a list of names with tensors, in the order in which
  //: the module declares them. Do not count on an order in a file, which others may have written; here the names are
  //: sorted before we compare.
  let m = Linear(2, 1)
  let path = page.options.plotsDirectory + "/small.safetensors"
  try save(m.stateDict(), to: path)
  page.compare(
    "state",
    Both("list(m.state_dict())", m.stateDict().names, "weight, bias"),
    Both("list(m.state_dict()[\"weight\"].shape)", m.stateDict()["weight"]!.shape, "[1, 2]"),
    Both("sorted(load_file(path))", try load(path).names.sorted(), "bias, weight"),
    Both("sum(p.numel() for p in m.parameters())", m.parameterCount, "3"),
    Both("len(list(m.named_parameters()))", m.namedParameters().count, "2"),
    Both("m.weight.requires_grad", m.weight.requiresGrad, "true"))
}

/*:
 ## 4.7 A loop to keep

 Training loops resemble each other. Write yours once, well, and use it for everything: it should train,
 **validate** on examples that it does not train on, and keep a record. And a record of what? The loss of a
 single batch says little, since the next batch gives another. So we keep, for every epoch, the mean over its
 batches *and* their standard deviation, which says how far a single one may be off.
 */
struct EpochRecord {
  var training = RunningAverage()
  var validation = RunningAverage()
}

/*:
 A `RunningAverage` takes in numbers one by one and knows their mean and deviation at any time. `LossWatch`
 stops the training with a clear message as soon as a loss is not a number, when nothing after it could be of
 any use.
 */
func runModel(
  _ model: Module, _ optimizer: Optimizer, _ loss: (Tensor, Tensor) -> Tensor,
  training: DataLoader<(Tensor, Tensor)>, validation: DataLoader<(Tensor, Tensor)>, epochs: some Sequence<Int>
) throws -> [EpochRecord] {
  var (watch, step) = (LossWatch(), 0)
  return try epochs.map { _ in
    var record = EpochRecord()
    model.train()
    for (x, y) in training {
      let value = loss(model(x), y)
      record.training.add(try watch.check(value, step: step))
      step += 1
      optimizer.zeroGrad()
      value.backward()
      optimizer.step()
    }

    //: After each epoch of training follows one of validation, with neither gradients nor steps. The loss is the same
    //: function, so that the two records can be compared. At the top of the next epoch the model is put back into training
    //: mode, which is easily forgotten.
    model.eval()
    noGrad {
      for (x, y) in validation { record.validation.add(loss(model(x), y).item()) }
    }
    return record
  }
}

notebook.section("4.7", "A loop to keep") { page in
  /*:
   The data this time are tensors that are already in memory. A `TensorDataset` makes a data set of them:
   example $i$ is row $i$ of each. We take a few thousand pictures only, so that there is something to see: with so few,
   a network soon knows its examples better than it knows the subject.
   */
  let (train, _) = try clothes()
  let count = page.scale(quick: 1000, standard: 4000)
  let (x, y) = Array(DataLoader(train, batchSize: count + 2000).prefix(1))[0]
  let set = TensorDataset(x.flatten(1), y)
  page.show("examples", set.count)
  page.show("an example", "\(set[0].0.shape), \(set[0].1.shape)", note: "pixels, label")

  //: Split at random, and dealt out in batches. Training needs a new order in every epoch, so that the
  //: batches differ; validation adds up the same losses in whichever order, and takes them as they come. The number of
  //: batches tells how many losses each of the means below is made of.
  let parts = randomSplit(set, [count, 2000])
  let training = DataLoader(parts[0], batchSize: 64, shuffle: true)
  let validation = DataLoader(parts[1], batchSize: 64)
  page.show("batches", [training.count, validation.count], note: "training, validation")

  //: The loop does not care which model and which optimizer it is given, and the loss is a function of output and labels,
  //: written here on the spot. Another experiment is another call. `page.progress` counts the epochs
  //: and shows a bar meanwhile, if the output is a terminal.
  let model = Sequential(Linear(784, 128), ReLU(), Linear(128, 10))
  let optimizer = Adam(model.parameters(), lr: 1e-3)
  let epochs = page.scale(quick: 8, standard: 30, full: 100)
  let history = try runModel(
    model, optimizer, { crossEntropy($0, $1) }, training: training, validation: validation,
    epochs: page.progress(epochs, "epochs"))

  //: What does the record say? A few of its lines, with the standard deviation over the batches behind each
  //: mean. It is the deviation of a single batch; a mean over many is surer than that. But whoever judges by the loss of one
  //: batch, as one does when lines run by on the screen, may be off by as much.
  let picks = [0, 1, epochs / 4, epochs / 2, epochs - 1]
  let rows: [[any Showable]] = picks.map {
    let record = history[$0]
    return [
      $0 + 1, record.training.mean, record.training.std(), record.validation.mean, record.validation.std(),
    ]
  }
  page.show("loss by epoch", Table(["epoch", "training", "±", "validation", "±"], rows), digits: 3)
  page.figure("history", historyFigure(history))

  /*:
   Read the figure from left to right. In the first epoch the band of training is wide, and not because of
   chance: the loss falls *while* the epoch lasts. That is also why validation begins below training. It is measured at
   the end of the epoch, when the network is better than it was on average. Later the band is the difference between one
   batch and the next.
   Training goes on falling; validation slows down and stays behind, for the network begins to know its own
   examples by heart. Chapter 6 is about that gap.
   */
  let (first, last) = (history[0], history[epochs - 1])
  page.claim("validation begins below training", first.validation.mean, isAtMost: first.training.mean)
  page.claim("training falls", last.training.mean, isAtMost: 0.7 * first.training.mean)
  page.claim(
    "the first epoch's band is the widest", first.training.std(),
    isAtLeast: history.dropFirst().map { $0.training.std() }.max()!)
  page.claim("validation falls, too", last.validation.mean, isAtMost: first.validation.mean)
  page.claim(
    "but less", last.validation.mean - last.training.mean, isAtLeast: page.scale(quick: 0, standard: 0.05))

  /*:
   And if a run goes wrong? Say somebody takes the logarithm of the pixels. Most of them are 0, the logarithm
   of 0 is −∞, and −∞ times weights of both signs, added up, is not a number. The watch sees it at the first batch, before a single
   step is spoiled:
   */
  let spoiled = DataLoader(TensorDataset(x.flatten(1).log(), y), batchSize: 64)
  do {
    _ = try runModel(
      model, optimizer, { crossEntropy($0, $1) }, training: spoiled, validation: validation, epochs: 0..<1)
    page.claim("the watch stopped it", false)
  } catch let error as TrainingError {
    page.print("\(error)")
    page.claim("the loss was not a number any more", !error.stopped.loss.isFinite)
  }

  /*:
   You now have all the parts: tensors, data sets and loaders, modules, autograd, loops, files. The rest of
   the course uses them without further comment, and asks the questions that only begin here: why a deep
   network sometimes refuses to learn (chapter 5), and how to keep it from learning by heart (chapter 6).
   */
}

notebook.run()
