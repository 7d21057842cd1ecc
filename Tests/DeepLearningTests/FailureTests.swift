import Foundation
import Testing

@testable import DeepLearning
@testable import Tensors

/// What a program asks for that cannot be ends it with one line that names the place in its own source, the
/// operation, and what did not fit.
@Suite struct FailureTests {
  /// A mistake, and how the message about it begins. The mistake stands on the line after the message.
  struct Misuse: Sendable {
    let message: String
    let line: Int
    let run: @Sendable () -> Void

    init(_ message: String, line: Int = #line, _ run: @escaping @Sendable () -> Void) {
      self.message = message
      self.line = line + 1
      self.run = run
    }

    /// Asserts that `text` is one line, that it names the place of the mistake, and that it says what is wrong.
    func expect(_ text: String) {
      // The path is relative to the folder in which the tests were started.
      let place = text.range(of: "DeepLearningTests/FailureTests.swift:\(line): ")
      #expect(
        place.map { text[$0.upperBound...].hasPrefix(message) } ?? false, "line \(line), found: \(text)")
      #expect(text.firstIndex(of: "\n") == text.indices.last, "more than one line: \(text)")
    }
  }

  // Two at a time: reading the debug information keeps a process busy for a third of a second.
  @Test(arguments: [0, 1])
  func endsWithOneLine(half: Int) async throws {
    for index in Self.misuses.indices where index % 2 == half {
      let result = try await #require(
        processExitsWith: .exitCode(1), observing: [\.standardErrorContent, \.standardOutputContent]
      ) { [index = index as Int] in
        print("printed before")
        FailureTests.misuses[index].run()
      }
      Self.misuses[index].expect(String(decoding: result.standardErrorContent, as: UTF8.self))
      #expect(String(decoding: result.standardOutputContent, as: UTF8.self).hasSuffix("printed before\n"))
    }
  }

  static let a34 = Tensor.zeros(3, 4)
  static let b56 = Tensor.zeros(5, 6)

  static let misuses: [Misuse] =
    arithmetic + places + products + views + indexing + reductions + losses + normalization + gradients
    + making + data + training + convolutions + sequences + attention + texts

  static let arithmetic: [Misuse] = [
    Misuse("add: shapes (3, 4) and (5, 6) do not broadcast: dimension 0 has 3 and 5 elements") {
      _ = a34 + b56
    },
    Misuse("sub: shapes (3, 4) and (5, 6) do not broadcast") {
      print(a34 - b56)
    },
    Misuse("mul: shapes (3, 4) and (3,) do not broadcast: dimension 1 has 4 and 3 elements") {
      _ = 2 * (a34 * Tensor.zeros(3)) + 1
    },
    Misuse("div: shapes (3, 4) and (2,) do not broadcast") {
      noGrad { _ = a34 / Tensor.zeros(2) }
    },
    Misuse("maximum: shapes (3, 4) and (5, 6) do not broadcast") {
      _ = maximum(a34, b56)
    },
    Misuse("le: shapes (3, 4) and (5, 6) do not broadcast") {
      _ = a34 .<= b56
    },
    Misuse("and: shapes (2,) and (3,) do not broadcast") {
      _ = Tensor([true, false]) .& Tensor([true, false, true])
    },
    Misuse("where: shapes (3, 4) and (5, 6) do not broadcast") {
      _ = `where`(a34 .> 0, a34, b56)
    },
    Misuse("where: the condition must be a bool tensor, found float32") {
      _ = `where`(a34, a34, a34)
    },
    Misuse("add: bool tensors have no arithmetic; convert them with to(.float32) or to(.int64)") {
      _ = Tensor([true]) + Tensor([false])
    },
    Misuse("neg: bool tensors have no arithmetic; the opposite of a mask is .!") {
      _ = -Tensor([true])
    },
    Misuse("clamp: min 2.0 is above max 1.0") {
      _ = a34.clamp(min: 2, max: 1)
    },
    Misuse("add_: a tensor of shape (2, 3, 4) does not stretch to (3, 4)") {
      a34.add_(Tensor.zeros(2, 3, 4))
    },
    Misuse("mul_: shapes (3, 4) and (5, 6) do not broadcast") {
      a34 *= b56
    },
    Misuse("div_: an integer tensor cannot hold fractions") {
      Tensor([4, 6]).div_(2)
    },
    Misuse("copy_: shapes (3, 4) and (5, 6) do not broadcast") {
      a34.copy_(b56)
    },
    Misuse("uniform_: needs a floating-point tensor, found int64") {
      Tensor([1, 2]).uniform_()
    },
    Misuse("add_: the other tensor is being recorded, and its gradient would be lost in a change in place") {
      Tensor.zeros(2).add_(Tensor.ones(2, requiresGrad: true).exp())
    },
    Misuse("copy_: the other tensor is being recorded, and its gradient would be lost in a change in place") {
      Tensor.zeros(2)[0] = Tensor.ones(1, requiresGrad: true)[0]
    },
    Misuse("fill_: elements of this expanded tensor of shape (2, 3) share their memory") {
      Tensor.zeros(3).expand(2, 3).fill_(1)
    },
  ]

  /// The place is that of the call into the library, however the program came there.
  static let places: [Misuse] = [
    Misuse("add: shapes (3, 4) and (5, 6) do not broadcast") {
      print([a34, b56].map { $0.exp() + b56 })
    },
    Misuse("add: shapes (3, 4) and (5, 6) do not broadcast") {
      noGrad { enableGrad { for x in [a34, b56] { _ = x + b56 } } }
    },
    Misuse("matmul: (3, 4) times (5, 6)", line: Misshapen.line - 1) {
      _ = Sequential(Identity(), Sequential(Misshapen()))(a34)
    },
    Misuse("mul: shapes (3, 4) and (5, 6) do not broadcast", line: productLine - 1) {
      _ = gradCheck({ $0.map(product) }, inputs: [a34.to(.float64)])
    },
  ]

  static let products: [Misuse] = [
    Misuse("matmul: (3, 4) times (5, 6): the last dimension of the first has 4 elements") {
      _ = a34.matmul(b56)
    },
    Misuse("matmul: shapes (2,) and (3,) do not broadcast") {
      _ = Tensor.zeros(2, 3, 4).matmul(Tensor.zeros(3, 4, 5))
    },
    Misuse("matmul: a single number is no matrix: shapes (3, 4) and ()") {
      _ = a34.matmul(Tensor(2.0))
    },
    Misuse("matmul: needs floating-point tensors, found float32 and int64; convert with to(.float32)") {
      _ = a34.matmul(Tensor([[1], [2], [3], [4]]))
    },
    Misuse("dot: takes two vectors, found shapes (3, 4) and (5, 6)") {
      _ = a34.dot(b56)
    },
    Misuse("linear: input (3, 4) does not fit the weight (5, 6), which is (out, in)") {
      _ = linear(a34, b56)
    },
    Misuse("linear: bias (4,) does not fit the weight (5, 6): expected (5,)") {
      _ = linear(Tensor.zeros(2, 6), b56, Tensor.zeros(4))
    },
    Misuse("linear: input (7, 5) does not fit the weight (3, 4)") {
      _ = Sequential(Linear(4, 3), ReLU())(Tensor.zeros(7, 5))
    },
    Misuse("einsum: \"ij,jk\" has 2 terms for 1 tensors") {
      _ = einsum("ij,jk", a34)
    },
    Misuse("einsum: dimension \"j\" has 4 elements in one place and 5 in another") {
      _ = einsum("ij,jk->ik", a34, b56)
    },
    Misuse("einsum: the term \"ijk\" names 3 dimensions, its tensor has shape (3, 4)") {
      _ = einsum("ijk->k", a34)
    },
    Misuse("einsum: the result \"iz\" must name each of its dimensions once, and only ones of the terms") {
      _ = einsum("ij->iz", a34)
    },
    Misuse("einsum: \"i1->i\" may only contain letters, commas and one arrow") {
      _ = einsum("i1->i", a34)
    },
  ]

  static let views: [Misuse] = [
    Misuse("reshape: shape (3, 4) has 12 elements and (5, 2) has 10") {
      _ = a34.reshape(5, 2)
    },
    Misuse("reshape: 12 elements of shape (3, 4) cannot be arranged as (5, -1)") {
      _ = a34.reshape(5, -1)
    },
    Misuse("reshape: only one size of (-1, -1) may be -1") {
      _ = a34.reshape([-1, -1])
    },
    Misuse("view: shape (12,) does not fit the layout of this tensor (shape (4, 3), strides (1, 4))") {
      _ = a34.T.view(12)
    },
    Misuse("flatten: dimension 1 comes after dimension 0") {
      _ = a34.flatten(1, 0)
    },
    Misuse("permute: (0, 0) does not name each of the 2 dimensions once") {
      _ = a34.permute(0, 0)
    },
    Misuse("transpose: dimension 2 does not exist: a tensor of 2 dimensions has -2 ... 1") {
      _ = a34.transpose(0, 2)
    },
    Misuse("T: a matrix has two dimensions, this tensor has shape (2, 3, 4)") {
      _ = Tensor.zeros(2, 3, 4).T
    },
    Misuse("unsqueeze: dimension -4 does not exist: a tensor of 3 dimensions has -3 ... 2") {
      _ = a34.unsqueeze(-4)
    },
    Misuse("expand: dimension 0 has 3 elements and cannot be stretched to 6") {
      _ = a34.expand(6, 4)
    },
    Misuse("expand: (4,) has fewer dimensions than (3, 4)") {
      _ = a34.expand(4)
    },
    Misuse("narrow: 3 elements from 2 on do not lie within dimension 1, which has 4") {
      _ = a34.narrow(1, 2, 3)
    },
    Misuse("pad: 3 amounts are not pairs for at most 2 dimensions") {
      _ = a34.pad([1, 1, 1])
    },
    Misuse("diagonal: a matrix has two dimensions, this tensor has shape (2, 3, 4)") {
      _ = Tensor.zeros(2, 3, 4).diagonal()
    },
    Misuse("cat: needs at least one tensor") {
      _ = cat([])
    },
    Misuse("cat: tensor 0 is (3, 4) and tensor 1 is (5, 6); they may differ only in dimension 0") {
      _ = cat([a34, b56])
    },
    Misuse("cat: single numbers have no dimension to be joined along; stack() makes one") {
      _ = cat([Tensor(1.0), Tensor(2.0)])
    },
    Misuse("stack: tensor 0 is (3, 4) and tensor 1 is (5, 6); they must be equal") {
      _ = stack([a34, b56])
    },
    Misuse("split: parts must have at least 1 element, not 0") {
      _ = a34.split(0)
    },
    Misuse("chunk: there must be at least 1 part, not 0") {
      _ = a34.chunk(0)
    },
    Misuse("repeat: 1 counts for the 2 dimensions of (3, 4)") {
      _ = a34.repeat(2)
    },
    Misuse("size: dimension 5 does not exist: a tensor of 2 dimensions has -2 ... 1") {
      _ = a34.size(5)
    },
    Misuse("expand: dimension 0 has 1 elements and cannot be stretched to -5") {
      _ = Tensor.zeros(1).expand(-5)
    },
    Misuse("narrow: the step must be at least 1, not -1") {
      _ = a34.narrow(1, 3, 2, step: -1)
    },
  ]

  static let indexing: [Misuse] = [
    Misuse("select: position 3 does not exist: dimension 0 has 3 elements") {
      _ = a34[3]
    },
    Misuse("select: position -1 does not exist: dimension 0 has 3 elements; a position counted") {
      _ = a34[-1]
    },
    Misuse("subscript: fromEnd(5) does not exist: dimension 1 has 4 elements, and fromEnd(1) is the last") {
      _ = a34[.all, .fromEnd(5)]
    },
    Misuse("subscript: 3 indices for a tensor of 2 dimensions, shape (3, 4)") {
      _ = a34[0, 0, 0]
    },
    Misuse("subscript: the step of a slice must be at least 1, not -1; flip() reverses") {
      _ = a34[.slice(by: -1)]
    },
    Misuse("subscript: a mask of shape (4,) does not fit dimensions 0... of (3, 4)") {
      _ = a34[Tensor([true, false, true, false])]
    },
    Misuse("subscript: an index is outside dimension 0, which has 3 elements") {
      _ = a34[Tensor([0, 3])]
    },
    Misuse("subscript: index tensors must be int64 or bool, found float32") {
      _ = a34[Tensor([0.0])]
    },
    Misuse("subscript: index tensors must stand on neighboring dimensions, found them on [0, 2]") {
      _ = Tensor.zeros(2, 3, 4)[Tensor([0]), .all, Tensor([1])]
    },
    Misuse("copy_: shapes (4,) and (3,) do not broadcast") {
      a34[0] = Tensor.zeros(3)
    },
    Misuse("subscript: cannot assign through index tensors; use scatter or indexAdd") {
      a34[Tensor([0, 1])] = Tensor.zeros(4)
    },
    Misuse("index_select: index 7 (number 1) is outside the dimension, which has 4 elements") {
      _ = a34.indexSelect(1, Tensor([0, 7]))
    },
    Misuse("index_select: the positions must be a vector of int64, found shape (1,) of float32") {
      _ = a34.indexSelect(1, Tensor([0.0]))
    },
    Misuse("index_add: the source is (5, 6) of float32, expected (2, 4) of float32") {
      _ = a34.indexAdd(0, Tensor([0, 1]), b56)
    },
    Misuse("gather: the index must be int64 with as many dimensions as the tensor, found (2,) of int64") {
      _ = a34.gather(0, Tensor([0, 1]))
    },
    Misuse("gather: index -1 (number 0) is outside the dimension, which has 3 elements") {
      _ = a34.gather(0, Tensor([[-1]]))
    },
    Misuse("scatter_add: the source is (5, 6) and the index (1, 1); they must be equal") {
      _ = a34.scatterAdd(0, Tensor([[0]]), b56)
    },
    Misuse("masked_select: the mask is (2,) of bool, expected (3, 4) of bool") {
      _ = a34.maskedSelect(Tensor([true, false]))
    },
    Misuse("embedding: the table must be (entries, features), found (4,)") {
      _ = embedding(Tensor([0]), Tensor.zeros(4))
    },
    Misuse("item: a tensor of shape (3, 4) has 12 elements; item() reads tensors of one") {
      _ = a34.item()
    },
    Misuse("subscript: shapes (2, 4) and (3,) do not broadcast: dimension 1 has 4 and 3 elements") {
      a34[Tensor([true, false, true])] = Tensor.zeros(3)
    },
    Misuse("subscript: a mask of shape (4,) does not fit dimensions 0... of (3, 4)") {
      a34[Tensor([true, false, true, false])] = Tensor(0.0)
    },
  ]

  static let reductions: [Misuse] = [
    Misuse("SumBackward1: dimension 2 does not exist: a tensor of 2 dimensions has -2 ... 1") {
      _ = a34.sum(dim: 2)
    },
    Misuse("MeanBackward1: dimension 1 is named twice") {
      _ = a34.mean(dims: [1, -1])
    },
    Misuse("argmax: dimension 1 is empty and has no largest or smallest element") {
      _ = Tensor.zeros(3, 0).argmax(dim: 1)
    },
    Misuse("softmax: dimension -3 does not exist: a tensor of 2 dimensions has -2 ... 1") {
      _ = a34.softmax(dim: -3)
    },
    Misuse("cumsum: dimension 9 does not exist: a tensor of 2 dimensions has -2 ... 1") {
      _ = a34.cumsum(9)
    },
    Misuse("topk: cannot take the 5 largest of dimension 1 of (3, 4)") {
      _ = a34.topK(5)
    },
    Misuse("maxout: the last dimension of (3, 4) does not divide into groups of 3") {
      _ = a34.maxout(pieces: 3)
    },
  ]

  static let losses: [Misuse] = [
    Misuse("cross_entropy: label 4 of example 1 is not one of the 4 classes 0 ... 3") {
      _ = crossEntropy(a34, Tensor([0, 4, 2]))
    },
    Misuse("cross_entropy: for input (3, 4) the labels must be int64 of shape (3,), found") {
      _ = crossEntropy(a34, Tensor([0, 1]))
    },
    Misuse("cross_entropy: the class weights must have shape (4,), found (3,)") {
      _ = crossEntropy(a34, Tensor([0, 1, 2]), weight: Tensor.ones(3))
    },
    Misuse("cross_entropy: labelSmoothing 1.5 is not between 0 and 1") {
      _ = crossEntropy(a34, Tensor([0, 1, 2]), labelSmoothing: 1.5)
    },
    Misuse("nll_loss: label -1 of example 0 is not one of the 4 classes 0 ... 3") {
      _ = nllLoss(a34, Tensor([-1, 1, 2]))
    },
    Misuse("mse_loss: the prediction has shape (3, 1) and the target (3,); they must be the same") {
      _ = mseLoss(Tensor.zeros(3, 1), Tensor.zeros(3))
    },
    Misuse("binary_cross_entropy: probabilities must lie between 0 and 1") {
      _ = binaryCrossEntropy(Tensor([1.5]), Tensor([1.0]))
    },
    Misuse("cross_entropy: needs floating-point input, found int64; convert with to(.float32)") {
      _ = crossEntropy(Tensor([[1, 2, 3]]), Tensor([0]))
    },
  ]

  static let normalization: [Misuse] = [
    Misuse("batch_norm: in training needs more than one value for each channel, found input (1, 3)") {
      _ = BatchNorm1d(3)(Tensor.zeros(1, 3))
    },
    Misuse("batch_norm: input (2, 4) has 4 channels, and the running mean has shape (3,); expected (4,)") {
      _ = BatchNorm1d(3)(Tensor.zeros(2, 4))
    },
    Misuse("batch_norm: input (2, 4) has 4 channels, and the weight has shape (3,); expected (4,)") {
      _ = batchNorm(Tensor.zeros(2, 4), nil, nil, weight: Tensor.ones(3), training: true)
    },
    Misuse("batch_norm: outside of training there is nothing to normalize by but running statistics") {
      _ = batchNorm(Tensor.zeros(2, 4), nil, nil)
    },
    Misuse("batch_norm: needs input of shape (N, C) or (N, C, …), found (3,)") {
      _ = batchNorm(Tensor.zeros(3), nil, nil, training: true)
    },
    Misuse("batch_norm: needs floating-point input, found int64; convert with to(.float32)") {
      _ = batchNorm(Tensor([[1, 2], [3, 4]]), nil, nil, training: true)
    },
    Misuse("batch_norm: eps -1.0 must not be negative") {
      _ = batchNorm(Tensor.zeros(2, 4), nil, nil, training: true, eps: -1)
    },
    Misuse("BatchNorm1d: needs input of shape (N, C) or (N, C, L), found (2, 3, 4, 4)") {
      _ = BatchNorm1d(3)(Tensor.zeros(2, 3, 4, 4))
    },
    Misuse("BatchNorm2d: needs input of shape (N, C, H, W), found (2, 3)") {
      _ = BatchNorm2d(3)(Tensor.zeros(2, 3))
    },
    Misuse("layer_norm: input (2, 3, 4) does not end in (3,), the shape to be normalized") {
      _ = LayerNorm(3)(Tensor.zeros(2, 3, 4))
    },
    Misuse("layer_norm: the bias has shape (3,), expected (4,)") {
      _ = layerNorm(Tensor.zeros(2, 4), [4], bias: Tensor.zeros(3))
    },
    Misuse("group_norm: the 6 channels of input (2, 6, 3) do not divide into 4 groups") {
      _ = groupNorm(Tensor.zeros(2, 6, 3), 4)
    },
    Misuse("GroupNorm: 6 channels do not divide into 4 groups") {
      _ = GroupNorm(4, 6)
    },
    Misuse("GroupNorm: needs input of shape (N, 6, …), found (2, 4, 3)") {
      _ = GroupNorm(2, 6)(Tensor.zeros(2, 4, 3))
    },
    Misuse("Residual: the body's result (2, 4) cannot be added to the input (2, 3)") {
      _ = Residual(Linear(3, 4))(Tensor.zeros(2, 3))
    },
    Misuse("Highway: the body turns (2, 3) into (2, 4); it must keep the shape") {
      _ = Highway(3, body: Linear(3, 4))(Tensor.zeros(2, 3))
    },
    Misuse("maxNorm_: the bound c 0.0 must be positive") {
      maxNorm_([Tensor.ones(2, 2)], c: 0)
    },
    Misuse("RandomSearch: the range of lr, 0.0...1.0, has no logarithm") {
      _ = RandomSearch(["lr": 0...1])
    },
    Misuse("RandomSearch: cannot be narrowed to no trials") {
      _ = RandomSearch(["lr": 0.1...1]).narrowed(to: [])
    },
  ]

  static let gradients: [Misuse] = [
    Misuse("backward: only a single number has a gradient without being told of one, and this tensor") {
      Tensor.ones(3, requiresGrad: true).exp().backward()
    },
    Misuse("backward: this tensor was not computed from any tensor with requiresGrad") {
      a34.sum().backward()
    },
    Misuse("backward: the gradient has shape (3,), the tensor (2,); they must be the same") {
      Tensor.ones(2, requiresGrad: true).exp().backward(Tensor.ones(3))
    },
    Misuse("requiresGrad: only floating-point tensors can have gradients, and this one is int64") {
      Tensor([1, 2]).requiresGrad = true
    },
    Misuse("requiresGrad: this tensor is a recorded result; detach() gives its value without the history") {
      Tensor.ones(2, requiresGrad: true).exp().requiresGrad = false
    },
    Misuse("registerHook: this tensor takes no gradient") {
      a34.registerHook { $0 }
    },
    Misuse("add_: this tensor is being recorded, and a change in place cannot be; wrap it in noGrad { }") {
      Tensor.ones(2, requiresGrad: true).add_(1)
    },
    Misuse("gradCheck: gradients are checked in float64, where differences keep ten digits; input 0") {
      _ = gradCheck({ $0 }, inputs: [a34])
    },
    Misuse("backward: this part of the graph (SumBackward0) was freed by an earlier pass") {
      freedLoss().backward()
    },
    Misuse("backward: a tensor of shape (2,) that the gradient needs was changed in place") {
      lossOfOverwritten { x, _ in x.mul_(2) }.backward()
    },
    Misuse("backward: a tensor of shape (2,) that the gradient needs was changed in place") {
      lossOfOverwritten { x, _ in x.detach()[0] = Tensor(5.0) }.backward()
    },
    Misuse("backward: a tensor of shape (2,) that the gradient needs was changed in place") {
      lossOfOverwritten { _, indices in indices.zero_() }.backward()
    },
    Misuse("hook: the gradient has shape (3,), what the hook returned (); they must be the same") {
      hookedLoss { $0.sum() }.backward()
    },
  ]

  static let making: [Misuse] = [
    Misuse("Tensor: rows differ in shape: row 0 is (2,), row 1 is (1,)") {
      _ = Tensor([[1.0, 2.0], [3.0]])
    },
    Misuse("Tensor: 3 elements do not fill the shape (2, 2), which holds 4") {
      _ = Tensor([1, 2, 3], shape: [2, 2])
    },
    Misuse("arange: the step must not be 0") {
      _ = Tensor.arange(0, 5, step: 0)
    },
    Misuse("randint: there is no integer from 3 up to but not including 3") {
      _ = Tensor.randint(3, 3, [2])
    },
    Misuse("optimizer: was given no parameters") {
      _ = SGD([Tensor](), lr: 0.1)
    },
    Misuse("optimizer: parameter 0 is a computed result; only leaves can be trained") {
      _ = Adam([Tensor.ones(2, requiresGrad: true).exp()])
    },
    Misuse("SGD: lr -0.1 must not be negative") {
      _ = SGD([Tensor.ones(2, requiresGrad: true)], lr: -0.1)
    },
    Misuse("SGD: Nesterov's step needs momentum and no dampening") {
      _ = SGD([Tensor.ones(2, requiresGrad: true)], nesterov: true)
    },
    Misuse("Adam: beta1 1.0 must be at least 0 and below 1") {
      _ = Adam([Tensor.ones(2, requiresGrad: true)], betas: (1, 0.999))
    },
    Misuse("Linear: needs at least one input and one output, found 0 and 3") {
      _ = Linear(0, 3)
    },
    Misuse("Module: does not override forward(_:), the forward of one input") {
      _ = Module()(a34)
    },
    Misuse("Linear: does not override forward(_:_:), the forward of two inputs") {
      _ = Linear(4, 2)(a34, a34)
    },
    Misuse("Dropout: 1.5 is not a probability") {
      _ = Dropout(1.5)
    },
    Misuse("dropout: -0.1 is not a probability") {
      _ = dropout(a34, p: -0.1)
    },
    Misuse("dropout: needs floating-point input, found int64") {
      _ = dropout(Tensor([1, 2]))
    },
    Misuse("dropout1d: needs an input of shape (N, C, L) or (C, L), found (2, 3, 4, 5)") {
      _ = dropout1d(Tensor.zeros(2, 3, 4, 5))
    },
    Misuse("dropout2d: needs an input of shape (N, C, H, W), found (3, 4)") {
      _ = Dropout2d()(a34)
    },
    Misuse("Embedding: needs at least one entry and one feature, found 0 and 3") {
      _ = Embedding(0, 3)
    },
    Misuse("Embedding: paddingIndex -4 is not one of the 3 entries") {
      _ = Embedding(3, 2, paddingIndex: -4)
    },
    Misuse("embedding: paddingIndex 3 is not one of the 3 entries") {
      _ = embedding(Tensor([0]), a34, paddingIndex: 3)
    },
    Misuse("Bilinear: needs at least one feature of each input and one output, found 1, 0 and 2") {
      _ = Bilinear(1, 0, 2)
    },
    Misuse("bilinear: inputs (3, 4) and (5, 6) do not fit the weight (2, 4, 6), which is (out, in1, in2)") {
      _ = Bilinear(4, 6, 2)(a34, b56)
    },
    Misuse("bilinear: bias (3,) does not fit the weight (2, 4, 4): expected (2,)") {
      _ = bilinear(a34, a34, Tensor.zeros(2, 4, 4), Tensor.zeros(3))
    },
    Misuse("HuberLoss: delta 0.0 must be above 0") {
      _ = HuberLoss(delta: 0)
    },
    Misuse("huber_loss: delta -1.0 must be above 0") {
      _ = huberLoss(a34, a34, delta: -1)
    },
    Misuse("CrossEntropyLoss: labelSmoothing 2.0 is not between 0 and 1") {
      _ = CrossEntropyLoss(labelSmoothing: 2)
    },
    Misuse("mse_loss: the prediction has shape (3, 4) and the target (5, 6)") {
      _ = MSELoss()(a34, b56)
    },
    Misuse("Sequential: there is no layer 2 among 2") {
      _ = Sequential(ReLU(), ReLU())[2]
    },
    Misuse("Sequential: there is no layer -3 among 2") {
      Sequential(ReLU(), ReLU())[-3] = Identity()
    },
    Misuse("orthogonal_: needs a weight of at least two dimensions, found (3,)") {
      Init.orthogonal_(Tensor.zeros(3))
    },
    Misuse("eye_: needs a matrix, found (2, 2, 2)") {
      Init.eye_(Tensor.zeros(2, 2, 2))
    },
    Misuse("xavierUniform_: needs a weight of at least two dimensions, found (3,)") {
      Init.xavierUniform_(Tensor.zeros(3))
    },
    Misuse("Tensor: the shape (2, -1) has a negative size") {
      _ = Tensor.zeros(2, -1)
    },
    Misuse("Tensor: the shape (-1, -3) has a negative size") {
      _ = Tensor([1, 2, 3], shape: [-1, -3])
    },
    Misuse("Tensor: no memory holds the shape (4611686018427387904, 4) of float32") {
      _ = Tensor.zeros(1 << 62, 4)
    },
    Misuse("Tensor: the system has no memory for 72057594037927936 bytes more") {
      _ = Tensor.empty(1 << 54)
    },
    Misuse("Boxed: the property box holds modules inside a Box, where they cannot be found") {
      _ = Boxed().parameters()
    },
    Misuse("Shared: the property helper holds modules inside a Helper, where they cannot be found") {
      _ = Shared().parameters()
    },
    Misuse("Lazy: the lazy property head has not been made yet, and what it will hold cannot be found") {
      _ = Lazy().parameters()
    },
    Misuse("Loose: the property weight is a tensor that requires a gradient but not a Parameter") {
      _ = Loose().parameters()
    },
    Misuse("SGD: momentum -0.5 must not be negative") {
      _ = SGD([Tensor.ones(2, requiresGrad: true)], momentum: -0.5)
    },
  ]

  private static let images = Tensor.zeros(2, 3, 8, 7)

  static let convolutions: [Misuse] = [
    Misuse("conv2d: the input must be (batch, channels, height, width) or (channels, ") {
      _ = conv2d(a34, images)
    },
    Misuse("conv2d: the weight must be (out, in / groups, kernel height, kernel width), found (3, 4)") {
      _ = conv2d(images, a34)
    },
    Misuse("conv2d: the input has 3 channels, and the weight (4, 2, 3, 3) reads 2") {
      _ = Sequential(Conv2d(2, 4, 3), ReLU())(images)
    },
    Misuse("conv2d: the kernel (4, 3, 9, 9) does not fit into the input (2, 3, 8, 7)") {
      _ = conv2d(images, Tensor.zeros(4, 3, 9, 9))
    },
    Misuse("conv2d: the bias must have one number for each output channel, (4,), found (3,)") {
      _ = conv2d(images, Tensor.zeros(4, 3, 3, 3), Tensor.zeros(3))
    },
    Misuse("conv2d: 3 input and 4 output channels cannot be cut into 2 groups") {
      _ = conv2d(images, Tensor.zeros(4, 3, 3, 3), groups: 2)
    },
    Misuse("conv2d: padding .same needs stride 1, found 2") {
      _ = conv2d(images, Tensor.zeros(4, 3, 3, 3), stride: 2, padding: .same)
    },
    Misuse("conv2d: padding takes one number or 2, found (1, 1, 1)") {
      _ = conv2d(images, Tensor.zeros(4, 3, 3, 3), padding: [1, 1, 1])
    },
    Misuse("conv2d, stride: takes one number or [height, width], found (1, 2, 3)") {
      _ = conv2d(images, Tensor.zeros(4, 3, 3, 3), stride: [1, 2, 3])
    },
    Misuse("conv2d: stride and dilation must be at least 1, found 0 and 1") {
      _ = conv2d(images, Tensor.zeros(4, 3, 3, 3), stride: 0)
    },
    Misuse("conv2d: needs floating-point tensors, found int64 and float32") {
      _ = conv2d(images.to(.int64), Tensor.zeros(4, 3, 3, 3))
    },
    Misuse("conv1d: the input must be (batch, channels, length) or (channels, length)") {
      _ = conv1d(images, Tensor.zeros(4, 3, 3))
    },
    Misuse("conv_transpose2d: the input has 3 channels, and the weight (4, 3, 3, 3) reads 4") {
      _ = convTranspose2d(images, Tensor.zeros(4, 3, 3, 3))
    },
    Misuse("conv_transpose2d: padding 0 must not be negative, and outputPadding 2 must") {
      _ = convTranspose2d(images, Tensor.zeros(3, 3, 3, 3), stride: 2, outputPadding: 2)
    },
    Misuse("Conv2d: 3 input and 4 output channels cannot be cut into 2 groups") {
      _ = Conv2d(3, 4, 3, groups: 2)
    },
    Misuse("Conv2d: kernelSize, stride and dilation must be at least 1, found (3, 0), (1, 1)") {
      _ = Conv2d(3, 4, [3, 0])
    },
    Misuse("max_pool2d: the input must be floating-point (batch, channels, height, width) or") {
      _ = maxPool2d(a34, 2)
    },
    Misuse("max_pool2d: the window of 9 does not fit into the input (2, 3, 8, 7)") {
      _ = maxPool2d(images, 9)
    },
    Misuse("max_pool2d: padding must be between 0 and half of the kernel, found 2 for a") {
      _ = maxPool2d(images, 3, padding: 2)
    },
    Misuse("avg_pool1d: the input must be floating-point (batch, channels, length) or ") {
      _ = avgPool1d(images, 2)
    },
    Misuse("adaptive_avg_pool2d: sizes must be at least 1, found input (2, 3, 8, 7)") {
      _ = adaptiveAvgPool2d(images, 0)
    },
    Misuse("interpolate: takes either size or scaleFactor") {
      _ = interpolate(images)
    },
    Misuse("interpolate: mode .linear does not fit the input (2, 3, 8, 7)") {
      _ = interpolate(images, scaleFactor: 2, mode: .linear)
    },
    Misuse("pad: amounts 1 and 3 do not fit dimension 1 of (2, 3): padding .reflect") {
      _ = Tensor.zeros(2, 3).pad([1, 3], mode: .reflect)
    },
    Misuse("unfold: the kernel covers 9, and the image with its padding has 8") {
      _ = unfold(images, 9)
    },
    Misuse("fold: the input (1, 8, 5) does not fit: a kernel of 4 numbers has 6 positions") {
      _ = fold(Tensor.zeros(1, 8, 5), outputSize: [3, 4], 2)
    },
    Misuse("ZeroPad2d: takes one number or 4, found (1, 2)") {
      _ = ZeroPad2d(1, 2)
    },
  ]

  static let training: [Misuse] = [
    Misuse("l2Penalty: was given no parameters") {
      _ = l2Penalty([])
    },
    Misuse("l1Penalty: parameter 1 is int64; only floating-point numbers have a size to learn") {
      _ = l1Penalty([a34, Tensor([1])])
    },
    Misuse("EarlyStopping: patience 0 must be at least 1") {
      _ = EarlyStopping(patience: 0)
    },
    Misuse("EarlyStopping: minDelta -0.1 must not be negative") {
      _ = EarlyStopping(patience: 1, minDelta: -0.1)
    },
    Misuse("SAM: rho -1.0 must not be negative") {
      _ = SAM(SGD([weight]), rho: -1)
    },
    Misuse("SAM: LBFGS compares gradients along its own path; wrap SGD or Adam") {
      _ = SAM(LBFGS([weight]))
    },
    Misuse("AveragedModel: the two models differ in their parameters") {
      AveragedModel(Linear(1, 2)).updateParameters(from: Linear(2, 1))
    },
    Misuse("Pruning: the model has no parameter to prune") {
      _ = Pruning(ReLU())
    },
    Misuse("prune: the sparsity 1.5 is not between 0 and 1") {
      Pruning(Linear(1, 2)).prune(to: 1.5)
    },
    Misuse("sparsities: the sparsity 1.0 is not at least 0 and below 1") {
      _ = Pruning.sparsities(to: 1, rounds: 2)
    },
    Misuse("totalNorm: normType 0.0 must be positive") {
      _ = totalNorm([a34], normType: 0)
    },
    Misuse("SGD: weightDecay -1.0 must not be negative") {
      _ = SGD([ParameterGroup([weight], weightDecay: -1)], lr: 0.1)
    },
    Misuse("Adam: has no setting momentum; it has beta1, beta2, eps, lr, weightDecay") {
      _ = Adam([ParameterGroup([weight], momentum: 0.9)])
    },
    Misuse("SGD: parameter 0 of group 1 is in group 0 already; it would be moved twice") {
      _ = SGD([ParameterGroup([weight]), ParameterGroup([weight], lr: 1)])
    },
    Misuse("SGD: parameter 1 of group 0 is in group 0 already; it would be moved twice") {
      _ = SGD([weight, weight])
    },
    Misuse("SGD: Nesterov's step needs momentum and no dampening") {
      SGD([weight]).addParameterGroup(ParameterGroup([Tensor.ones(1)], nesterov: true))
    },
    Misuse("ParameterGroup: lr nan must not be negative") {
      SGD([weight]).groups[0].lr = .nan
    },
    Misuse("ParameterGroup: has no setting alpha; it has dampening, lr, momentum, nesterov, weightDecay") {
      _ = SGD([weight]).groups[0][.alpha]
    },
    Misuse("RMSprop: alpha 1.0 must be at least 0 and below 1") {
      _ = RMSprop([weight], alpha: 1)
    },
    Misuse("LBFGS: moves all parameters in one direction and takes only one group of them") {
      LBFGS([weight]).addParameterGroup(ParameterGroup([Tensor.ones(1)]))
    },
    Misuse("LBFGS: computes the loss several times a step; write step { ... }") {
      LBFGS([weight]).step()
    },
    Misuse("StepLR: stepSize 0 must be at least 1") {
      _ = StepLR(SGD([weight]), stepSize: 0)
    },
    Misuse("LinearLR: startFactor 0.0 must be above 0 and at most 1") {
      _ = LinearLR(SGD([weight]), startFactor: 0)
    },
    Misuse("SequentialLR: needs one milestone less than schedules, found 1 and 0") {
      _ = SequentialLR(SGD([weight]), schedulers: [], milestones: [3])
    },
    Misuse("LambdaLR: gives group 0 the learning rate -1.0 in epoch 0") {
      _ = LambdaLR(SGD([weight], lr: 1)) { _ in -1 }
    },
    Misuse("OneCycleLR: step 3 of a cycle that has 2 steps") {
      finishedCycle().step()
    },
    Misuse("OneCycleLR: Adagrad has neither momentum nor betas; pass cycleMomentum: false") {
      _ = OneCycleLR(Adagrad([weight]), maxLR: 1, totalSteps: 5)
    },
    Misuse("ExponentialLR: groups of parameters: 1 when the schedule was made and 2 now") {
      earlySchedule().step()
    },
    Misuse("clipGradNorm_: maxNorm -1.0 must not be negative") {
      clipGradNorm_([weight], maxNorm: -1)
    },
    Misuse("clipGradNorm_: the norm of the gradients is nan; parameter 1 is the first to blame") {
      clipGradNorm_(invalidGradients(), maxNorm: 1, errorIfNonfinite: true)
    },
    Misuse("accuracy: for logits (3, 4) the labels must be int64 of shape (3,), found int64 of shape (2,)") {
      _ = accuracy(a34, Tensor([0, 1]))
    },
    Misuse("accuracy: of no examples is not defined") {
      _ = accuracy(Tensor.zeros(0, 4), Tensor.zeros(0, dtype: .int64))
    },
    Misuse("ConfusionMatrix: label 4 of example 1 is not one of the 4 classes 0 ... 3") {
      confusion.update(a34, Tensor([0, 4, 2]))
    },
    Misuse("ConfusionMatrix: needs at least one class") {
      _ = ConfusionMatrix(classCount: 0)
    },
  ]

  static let data: [Misuse] = [
    Misuse("rotate: needs an image of shape (H, W) or (C, H, W), found (3,)") {
      _ = rotate(Tensor.zeros(3), degrees: 10)
    },
    Misuse("translate: needs a floating-point image, found int64; ToTensor() makes one of bytes") {
      _ = translate(Tensor([[1, 2]]), x: 1)
    },
    Misuse("translate: cannot compute with numbers that are not finite") {
      _ = translate(a34, x: .nan)
    },
    Misuse("crop: cannot cut out 0 rows and 2 columns") {
      _ = crop(a34, top: 0, left: 0, height: 0, width: 2)
    },
    Misuse("stretch: factors must be positive, found 0.0 and 1.0") {
      _ = stretch(a34, x: 0)
    },
    Misuse("shear: angles must lie between -90 and 90 degrees, found 90.0 and 0.0") {
      _ = shear(a34, x: 90)
    },
    Misuse("affine: the scale must be positive, found -1.0") {
      _ = affine(a34, scale: -1)
    },
    Misuse("lensDistortion: k is inf") {
      _ = lensDistortion(a34, k: .infinity)
    },
    Misuse("RandomHorizontalFlip: 2.0 is not a probability") {
      print(RandomHorizontalFlip(p: 2))
    },
    Misuse("RandomCrop: 5 pixels are more than an image of shape (3, 4) has with padding 0") {
      _ = RandomCrop(5)(a34)
    },
    Misuse("RandomAffine: moves are parts of the size, from 0 to 1, found 2.0 and 0.0") {
      _ = RandomAffine(degrees: 0, translate: (2, 0))
    },
    Misuse("DataLoader: a batch needs at least 1 example, not 0") {
      _ = DataLoader(TensorDataset(a34), batchSize: 0)
    },
    Misuse("DataLoader: the data set has no examples") {
      _ = DataLoader(TensorDataset(Tensor.zeros(0, 3)), batchSize: 4)
    },
    Misuse("DataLoader: cannot make -1 batches ahead") {
      _ = DataLoader(TensorDataset(a34), prefetch: -1)
    },
    Misuse("DataLoader: batch 1: 3.png: expected an image, found half of one") {
      print(DataLoader(FaultyDataset(), batchSize: 2).map(\.shape))
    },
    Misuse("DataLoader: batch 1: 3.png: expected an image, found half of one") {
      print(DataLoader(FaultyDataset(), batchSize: 2, prefetch: 2).map(\.shape))
    },
    Misuse("TensorDataset[3]: there are 3 examples, 0 to 2") {
      _ = TensorDataset(a34)[3]
    },
    Misuse("TensorDataset: (3, 4) and (5, 6) differ in their number of rows") {
      _ = TensorDataset(a34, b56)
    },
    Misuse("stroke digits[-1]: there are 2 examples, 0 to 1") {
      _ = StrokeDigits(train: true, count: 2)[-1]
    },
    Misuse("Subset: the index 3 is outside the data set, which has 3 examples") {
      _ = Subset(TensorDataset(a34), 0...3)
    },
    Misuse("Subset[2]: there are 2 examples, 0 to 1") {
      _ = try? Subset(TensorDataset(a34), 0...1)[2]
    },
    Misuse("ConcatDataset[6]: there are 6 examples, 0 to 5") {
      _ = try? ConcatDataset([TensorDataset(a34), TensorDataset(a34)])[6]
    },
    Misuse("randomSplit: the fractions must be between 0 and 1 and add up to 1, found [0.5, 0.4]") {
      _ = randomSplit(TensorDataset(a34), [0.5, 0.4])
    },
    Misuse("randomSplit: parts of [1, 1] examples do not add up to the 3 of the data set") {
      _ = randomSplit(TensorDataset(a34), [1, 1])
    },
    Misuse("Normalize: 3 channels do not fit an image of shape (1, 2, 2)") {
      _ = Normalize(mean: [0, 0, 0], std: [1, 1, 1])(Tensor.zeros(1, 2, 2))
    },
    Misuse("Normalize: a standard deviation is 0, and nothing can be divided by it") {
      _ = Normalize(mean: [0], std: [0])
    },
    Misuse("scatter: index 12 (number 0) is outside the dimension, which has 10 elements") {
      _ = oneHot(Tensor(12), classes: 10)
    },
  ]

  private static let vocabulary = Vocabulary(
    of: ["a b"], tokenizer: WordTokenizer(), specials: [.end])

  static let texts: [Misuse] = [
    Misuse("Vocabulary: has neither the token \"c\" nor one for unknown tokens") {
      print(vocabulary.encode("a c"))
    },
    Misuse("Vocabulary: was made without the special token <pad>") {
      print(vocabulary[.pad])
    },
    Misuse("Vocabulary: has 3 tokens, and none of number 3") {
      print(vocabulary.decode([1, 3]))
    },
    Misuse("Vocabulary: decodes int64 tensors of shape (T,), found float32 of shape (3, 4)") {
      print(vocabulary.decode(a34))
    },
    Misuse("Vocabulary: a token occurs at least once, not 0 times") {
      _ = Vocabulary(of: ["a"], tokenizer: CharacterTokenizer(), minimumCount: 0)
    },
    Misuse("TextStreams: 10 tokens in 8 streams are 1 each; a stream needs 2, one to predict") {
      _ = TextStreams(Array(0..<10), batchSize: 8, length: 4)
    },
    Misuse("TextWindows: 10 tokens do not fill a window of 10 and the token after it") {
      _ = TextWindows(Array(0..<10), length: 10)
    },
    Misuse("pad_sequence: tensor 0 is (3, 4) and tensor 1 is (5, 6); they may differ only in dimension 0") {
      _ = padSequence([a34, b56])
    },
    Misuse("sequenceMask: lengths must be between 0 and 2, found [1, 3]") {
      _ = sequenceMask([1, 3], length: 2)
    },
    Misuse("sample: a row's largest logit must be a finite number") {
      _ = sample(from: Tensor([[1.0, 2], [-.infinity, -.infinity]]))
    },
    Misuse("sample: a row's largest logit must be a finite number") {
      _ = sample(from: Tensor([1.0, .nan]))
    },
    Misuse("sample: cannot choose among the 5 largest of 4 logits") {
      _ = sample(from: a34, topK: 5)
    },
    Misuse("sample: the temperature must not be negative, found -1.0") {
      _ = sample(from: a34, temperature: -1)
    },
    Misuse("greedySearch: for 2 rows the step must return scores (2, V), found (3, 4)") {
      _ = greedySearch(from: (), start: [0, 0], maximumLength: 1) { _, _ in (a34, ()) }
    },
    Misuse("beamSearch: for 1 hypotheses the step must return log-probabilities (1, V), found (3, 4)") {
      _ = beamSearch(from: (), start: 0, width: 1, maximumLength: 1) { _, _ in
        (a34, ())
      } select: { s, _ in
        s
      }
    },
    Misuse("beamSearch: the step must return log-probabilities, as logSoftmax does") {
      _ = beamSearch(from: (), start: 0, width: 1, maximumLength: 1) { _, _ in
        (Tensor.zeros(1, 4), ())
      } select: { s, _ in
        s
      }
    },
    Misuse("beamSearch: the width must be at least 1, not 0") {
      _ = beamSearch(from: (), start: 0, width: 0, maximumLength: 1) { _, _ in
        (a34, ())
      } select: { s, _ in
        s
      }
    },
    Misuse("perplexity: logits (..., V) and targets (...) must have the same places, found (3, 4) and (4,)") {
      _ = perplexity(a34, Tensor([0, 1, 2, 3]))
    },
    Misuse("BLEU: 1 candidates and the references of 2") {
      _ = BLEU([["a"]], [["a"], ["b"]])
    },
    Misuse("exactMatch: of no sequences is not defined") {
      print(exactMatch([String](), []))
    },
    Misuse("TeacherForcing: constant(1.5) gives 1.5, which is not a probability") {
      print(TeacherForcing.constant(1.5).ratio(at: 0))
    },
    Misuse("GarmentScenes: needs two labels of stroke digits or more, found [3]") {
      _ = GarmentScenes(StrokeDigits(train: true, count: 9), heldOut: false, count: 1, classes: [3])
    },
  ]

  static let sequences: [Misuse] = [
    Misuse("RNN: needs at least one input, one unit and one layer, found 3, 0 and 1") {
      _ = RNN(3, 0)
    },
    Misuse("LSTM: 1.5 is not a probability") {
      _ = LSTM(3, 4, dropout: 1.5)
    },
    Misuse("GRU: the input is (5, 2, 7), expected (length, batch, 3) or (length, 3)") {
      let _: (Tensor, Tensor) = GRU(3, 4)(Tensor.zeros(5, 2, 7))
    },
    Misuse("LSTM: the input is (3,), expected (batch, length, 3) or (length, 3)") {
      _ = LSTM(3, 4, batchFirst: true).forward(Tensor.zeros(3))
    },
    Misuse("RNN: there is no step in an input of (0, 2, 3)") {
      _ = RNN(3, 4).forward(Tensor.zeros(0, 2, 3))
    },
    Misuse("LSTM: needs an input and states of the weights' type float32, found float64, float32, float32") {
      _ = LSTM(3, 4)(Tensor.zeros(5, 2, 3, dtype: .float64), (.zeros(1, 2, 4), .zeros(1, 2, 4)))
    },
    Misuse("GRU: a state is (1, 3, 4), expected (2, 3, 4): layers and directions, batch, hidden") {
      _ = GRU(3, 4, numLayers: 2)(Tensor.zeros(5, 3, 3), Tensor.zeros(1, 3, 4))
    },
    Misuse("LSTM: a state is (2, 4, 3), expected (2, 3, 4): layers and directions, batch, hidden") {
      _ = LSTM(3, 4, bidirectional: true)(Tensor.zeros(5, 3, 3), (.zeros(2, 3, 4), .zeros(2, 4, 3)))
    },
    Misuse("RNNCell: the input is (2, 4), expected (batch, 3) or (3,)") {
      _ = RNNCell(3, 4)(Tensor.zeros(2, 4))
    },
    Misuse("LSTMCell: a state is (1, 4), expected (2, 4): batch, hidden") {
      _ = LSTMCell(3, 4)(Tensor.zeros(2, 3), (.zeros(1, 4), .zeros(1, 4)))
    },
    Misuse("LSTM: the packed steps are (3, 2), expected (steps, 3)") {
      _ = LSTM(3, 4)(packPaddedSequence(.zeros(2, 2, 2), [1, 2]))
    },
    Misuse("packPaddedSequence: 3 lengths for the 2 sequences of (4, 2, 5)") {
      _ = packPaddedSequence(.zeros(4, 2, 5), [4, 2, 1])
    },
    Misuse("packPaddedSequence: sequence 1 has length 5, which is not within 1 … 4") {
      _ = packPaddedSequence(.zeros(2, 4, 3), [4, 5], batchFirst: true)
    },
    Misuse("packPaddedSequence: the lengths must be a vector of int64, found shape (2,) of float32") {
      _ = packPaddedSequence(.zeros(4, 2, 3), Tensor.ones(2))
    },
    Misuse("padPackedSequence: the longest sequence has 4 steps, more than the total length 3") {
      _ = padPackedSequence(packPaddedSequence(.zeros(4, 2, 3), [4, 2]), totalLength: 3)
    },
    Misuse("backward: the derivative of a recurrent layer's derivative is not built; leave createGraph out") {
      GRU(3, 4).forward(Tensor.zeros(5, 2, 3)).sum().backward(createGraph: true)
    },
  ]

  private static let keys = Tensor.zeros(4, 2, 8)

  static let attention: [Misuse] = [
    Misuse("scaled_dot_product_attention: queries (2, 3, 4), keys (2, 5, 3) and values (2, 5, 4) do not") {
      _ = scaledDotProductAttention(.zeros(2, 3, 4), .zeros(2, 5, 3), .zeros(2, 5, 4))
    },
    Misuse("scaled_dot_product_attention: the mask (4, 5) does not stretch to the scores (2, 3, 5)") {
      _ = scaledDotProductAttention(.zeros(2, 3, 4), .zeros(2, 5, 4), .zeros(2, 5, 4), mask: .zeros(4, 5))
    },
    Misuse("scaled_dot_product_attention: shapes (2,) and (3,) do not broadcast") {
      _ = scaledDotProductAttention(.zeros(2, 3, 4), .zeros(3, 5, 4), .zeros(3, 5, 4))
    },
    Misuse("scaled_dot_product_attention: 1.0 is not a probability below 1") {
      _ = scaledDotProductAttention(a34, a34, a34, dropoutP: 1)
    },
    Misuse("MultiheadAttention: 10 features do not divide among 4 heads") {
      _ = MultiheadAttention(10, 4)
    },
    Misuse("MultiheadAttention: the query is (3, 2, 8), the key (4, 2, 8) and the value (4, 2, 6)") {
      _ = MultiheadAttention(8, 2)(.zeros(3, 2, 8), keys, .zeros(4, 2, 6))
    },
    Misuse("MultiheadAttention: the keyPaddingMask is (4, 2), expected (2, 4)") {
      _ = MultiheadAttention(8, 2)(keys, keys, keys, keyPaddingMask: .zeros(4, 2))
    },
    Misuse("MultiheadAttention: the attnMask is (3, 3), expected (3, 4) or (4, 3, 4)") {
      _ = MultiheadAttention(8, 2)(.zeros(3, 2, 8), keys, keys, attnMask: .zeros(3, 3))
    },
    Misuse("PositionalEncoding: the input (2, 7, 4) does not fit: expected 4 features and at most 5 places") {
      _ = PositionalEncoding(4, maxLength: 5, batchFirst: true)(Tensor.zeros(2, 7, 4))
    },
    Misuse("GeneralScore: the queries have 4 features and the keys 4, expected 4 and 3") {
      _ = GeneralScore(queries: 4, keys: 3)(.zeros(2, 4), .zeros(2, 5, 4))
    },
    Misuse("DotScore: the query is (3, 4), the keys are (2, 5, 4) and the values (2, 5, 4); expected (N") {
      _ = DotScore()(.zeros(3, 4), .zeros(2, 5, 4))
    },
  ]

  // MARK: - What leads to a mistake

  private static let weight = Tensor.ones(2, requiresGrad: true)

  private static func finishedCycle() -> LRScheduler {
    let schedule = OneCycleLR(SGD([weight]), maxLR: 1, totalSteps: 2)
    for _ in 0..<2 { schedule.step() }
    return schedule
  }

  /// A schedule that was made before the last group of parameters.
  private static func earlySchedule() -> LRScheduler {
    let optimizer = SGD([weight])
    let schedule = ExponentialLR(optimizer, gamma: 0.5)
    optimizer.addParameterGroup(ParameterGroup([Tensor.ones(1)]))
    return schedule
  }

  private static func invalidGradients() -> [Tensor] {
    [1.0, .nan].map {
      let parameter = Tensor.ones(1, requiresGrad: true)
      parameter.grad = Tensor([$0])
      return parameter
    }
  }

  private static var confusion: ConfusionMatrix {
    get { ConfusionMatrix(classCount: 4) }
    set {}
  }

  private static func freedLoss() -> Tensor {
    let loss = Tensor.ones(2, requiresGrad: true).exp().sum()
    loss.backward()
    return loss
  }

  /// A loss of whose graph a value or an index tensor has been changed.
  private static func lossOfOverwritten(_ change: (Tensor, Tensor) -> Void) -> Tensor {
    let x = Tensor([1.0, 2.0], requiresGrad: true)
    let indices = Tensor([1, 0])
    let loss = x.square().indexSelect(0, indices).sum()
    noGrad { change(x, indices) }
    return loss
  }

  private static func hookedLoss(_ hook: @escaping (Tensor) -> Tensor) -> Tensor {
    let x = Tensor([1.0, 2.0, 3.0], requiresGrad: true)
    x.registerHook(hook)
    return x.square().sum()
  }

  private class Misshapen: Module {
    static let line = #line + 1
    override func forward(_ x: Tensor) -> Tensor { x.matmul(b56) }
  }

  private static let productLine = #line + 1
  private static func product(_ x: Tensor) -> Tensor { x * b56 }

  private class Boxed: Module {
    struct Box { let layer = Linear(1, 1) }
    let box = Box()
  }

  private class Shared: Module {
    final class Helper { let layers = [Linear(1, 1)] }
    let helper = Helper()
  }

  private class Lazy: Module {
    lazy var head = Linear(2, 2)
  }

  private class Loose: Module {
    let weight = Tensor.ones(2, requiresGrad: true)
  }
}
