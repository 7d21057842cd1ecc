import Testing

@testable import DeepLearning
@testable import Tensors

/// The losses as modules, with PyTorch's values and gradients.
@Suite struct LossModuleTests {
  static let logits = Tensor(
    [[0.2, -1.0, 1.5], [1.0, 0.5, -0.5], [-2.0, 0.3, 0.1], [0.4, 0.4, -1.2]], dtype: .float64)
  static let probabilities = Tensor(
    [[0.2, 0.9, 0.5], [0.4, 0.7, 0.1], [0.3, 0.6, 0.8], [0.25, 0.75, 0.45]], dtype: .float64)
  static let target = Tensor(
    [[1.0, 0.0, 0.25], [0.0, 1.0, 1.0], [0.5, 0.0, 1.0], [1.0, 1.0, 0.0]], dtype: .float64)
  static let labels = Tensor([2, 0, 1, 2])
  static let weight = Tensor([0.5, 2.0, 1.5], dtype: .float64)

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let loss: @Sendable () -> Loss
    var input = logits
    var target = LossModuleTests.target
    var prepare: @Sendable (Tensor) -> Tensor = { $0 }
    let value: [Double]
    /// Of the sum of the values.
    let gradient: [Double]
    var testDescription: String { name }
  }

  static var cases: [Case] {
    [
      Case(
        name: "cross-entropy with all options",
        loss: { CrossEntropyLoss(weight: weight, ignoreIndex: 1, labelSmoothing: 0.1) }, target: labels,
        value: [1.2886053415032137],
        gradient: [
          0.0805032197662938, 0.0066337429382474855, -0.08713696270454126, -0.042241768788970076,
          0.036202207689729544, 0.006039561099240527, 0.0, 0.0, 0.0, 0.1877128643046734,
          0.17342715001895911, -0.3611400143236325,
        ]),
      Case(
        name: "weighted cross-entropy of each example",
        loss: { CrossEntropyLoss(weight: weight, reduction: .none) }, target: labels,
        value: [0.45527790562296305, 0.3020653026683642, 1.3035975917088505, 3.5839785639650605],
        gradient: [
          0.30178105872339933, 0.09089470815222422, -0.3926757668756234, -0.22672530636691018,
          0.16574948021204575, 0.060975826154864424, 0.10449128425703688, -0.9577848658824053,
          0.8532935816253683, 0.6812309242244058, 0.6812309242244058, -1.3624618484488116,
        ]),
      Case(
        name: "weighted negative log-likelihood", loss: { NLLLoss(weight: weight, ignoreIndex: 0) },
        target: labels, prepare: { $0.logSoftmax(dim: 1) }, value: [1.068570812259375],
        gradient: [
          0.06035621174467988, 0.01817894163044485, -0.07853515337512469, 0.0, 0.0, 0.0,
          0.02089825685140738, -0.19155697317648107, 0.17065871632507368, 0.13624618484488119,
          0.13624618484488119, -0.27249236968976237,
        ]),
      Case(
        name: "weighted binary cross-entropy", loss: { BCELoss(weight: weight) }, input: probabilities,
        value: [1.2995813172232766],
        gradient: [
          -0.2083333333333333, 1.666666666666667, 0.125, 0.06944444444444445, -0.2380952380952381,
          -1.2499999999999998, -0.03968253968253969, 0.4166666666666667, -0.15625, -0.16666666666666666,
          -0.2222222222222222, 0.22727272727272727,
        ]),
      Case(
        name: "binary cross-entropy with logits, both weights",
        loss: {
          BCEWithLogitsLoss(
            weight: weight, positiveWeight: Tensor([3.0, 0.25, 1.0], dtype: .float64))
        },
        value: [0.9659436753416353],
        gradient: [
          -0.056270750335940256, 0.04482357022833252, 0.07094680952420546, 0.030460774109583536,
          -0.015730861199922726, -0.07780741640023182, -0.05256642316482354, 0.09574041946860984,
          -0.0593776015651325, -0.0501640424859435, -0.0167213474953145, 0.028934402062622797,
        ]),
      Case(
        name: "squared error, summed", loss: { MSELoss(reduction: .sum) }, value: [16.0125],
        gradient: [-1.6, -2.0, 2.5, 2.0, -1.0, -3.0, -5.0, 0.6, -1.8, -1.2, -1.2, -2.4]),
      Case(
        name: "absolute error", loss: { L1Loss() }, value: [1.0125],
        gradient: [-1, -1, 1, 1, -1, -1, -1, 1, -1, -1, -1, -1].map { $0 / 12 }),
      Case(
        name: "Huber", loss: { HuberLoss(delta: 0.8) }, value: [0.5075],
        gradient: [-0.8, -0.8, 0.8, 0.8, -0.5, -0.8, -0.8, 0.3, -0.8, -0.6, -0.6, -0.8].map { $0 / 12 }),
      Case(
        name: "divergence of distributions", loss: { KLDivLoss(reduction: .batchMean) },
        target: target.softmax(dim: 1), prepare: { $0.logSoftmax(dim: 1) }, value: [0.3497000114692691],
        gradient: [
          -0.08555455980436916, -0.0348278201650111, 0.12038237996938028, 0.097796745942304,
          -0.022704959456856674, -0.07509178648544734, -0.06373756089749498, 0.08369596095823745,
          -0.019958400060742468, 0.00795878780785475, 0.00795878780785475, -0.015917575615709494,
        ]),
      Case(
        name: "divergence of logarithms, summed", loss: { KLDivLoss(reduction: .sum, targetIsLog: true) },
        target: target.logSoftmax(dim: 1), prepare: { $0.logSoftmax(dim: 1) }, value: [1.398800045877077],
        gradient: [
          -0.3422182392174766, -0.13931128066004433, 0.48152951987752113, 0.391186983769216,
          -0.0908198378274267, -0.30036714594178937, -0.2549502435899799, 0.3347838438329498,
          -0.07983360024296987, 0.031835151231419, 0.031835151231419, -0.06367030246283797,
        ]),
    ]
  }

  @Test(arguments: cases)
  func valueAndGradient(_ test: Case) throws {
    let x = test.input.clone().requiresGrad_()
    let loss = test.loss()(test.prepare(x), test.target)
    expectClose(loss.flatten().numbers, test.value, within: 1e-12)
    loss.sum().backward()
    expectClose(try #require(x.grad).numbers, test.gradient, within: 1e-12)
  }

  /// Large logits lose no digits: what is subtracted from them first is the largest of them.
  @Test func largeLogitsKeepTheirDigits() {
    let logits = Tensor([[1000.0, 998.0]])
    let expected = [-0.126928, -2.126928]
    for (found, right) in zip(logits.logSoftmax(dim: 1).toArray(of: Double.self), expected) {
      #expect(abs(found - right) < 1e-6)
    }
    for (label, right) in expected.enumerated() {
      #expect(abs(crossEntropy(logits, Tensor([label])).item() + right) < 1e-6)
    }
  }

  @Test func printAsInPyTorch() {
    let losses: [Loss] = [
      CrossEntropyLoss(weight: .ones(3), labelSmoothing: 0.1), NLLLoss(), BCELoss(), BCEWithLogitsLoss(),
      MSELoss(), L1Loss(), HuberLoss(delta: 0.5), KLDivLoss(reduction: .batchMean),
    ]
    #expect(
      losses.map { "\($0)" } == [
        "CrossEntropyLoss()", "NLLLoss()", "BCELoss()", "BCEWithLogitsLoss()", "MSELoss()", "L1Loss()",
        "HuberLoss()", "KLDivLoss()",
      ])
  }

  /// Weights are kept with the model but not learned, under PyTorch's names.
  @Test func weightsAreBuffers() {
    let loss = BCEWithLogitsLoss(weight: .ones(2), positiveWeight: .ones(2))
    #expect(loss.namedBuffers().map(\.name) == ["weight", "pos_weight"])
    #expect(loss.parameters().isEmpty)
    #expect(CrossEntropyLoss(weight: .ones(2)).stateDict().names == ["weight"])
    #expect(CrossEntropyLoss().stateDict().isEmpty)
  }
}
