import DeepLearning
import Foundation
import Testing

@testable import Tensors

extension Tensor {
  fileprivate var values: [Double] { toArray(of: Double.self) }
}

/// Arithmetic with plain numbers on large tensors, which is put off: nobody may be able to tell but by the clock.
@Suite struct PostponedTests {
  private let count = 3 * parallelThreshold + 17

  private func numbers(_ dtype: DType = .float32) -> Tensor {
    manualSeed(1)
    return Tensor.randn([count], dtype: dtype)
  }

  /// The same, computed in pieces that are too small to be put off.
  private func inPieces(_ x: Tensor, _ f: (Tensor) -> Tensor) -> [Double] {
    stride(from: 0, to: x.count, by: 1000).flatMap { start in
      f(x.narrow(0, start, min(1000, x.count - start)).clone()).values
    }
  }

  @Test(arguments: [DType.float32, .float64]) func sameBits(_ dtype: DType) {
    let formulas: [(Tensor) -> Tensor] = [
      { $0 * 2 }, { 1 - $0 }, { 3 / ($0 * 0.25) - 1 }, { ($0 * 2 + 1).relu() }, { -($0 + 1) },
      { (1 - ($0 - 0.5) / 3).tanh() }, { ($0 * 0.1 + 3).log() },
      { x in (1...20).reduce(x) { $0 * 1.25 - Double($1) } },
      { x in
        let y = x * 3
        return (y + 1).exp() + y.sigmoid()
      },
    ]
    let x = numbers(dtype)
    for f in formulas { #expect(f(x).values == inPieces(x, f)) }
  }

  @Test func isPutOffUntilSomebodyLooks() {
    let x = numbers()
    let y = x * 2 + 1
    #expect(y.storage.isPostponed)
    #expect(y[5].item() == x[5].item() * 2 + 1)
    #expect(!y.storage.isPostponed)
    #expect(!(y.relu() * 1).relu().storage.isPostponed)
    #expect(!(x.narrow(0, 0, 100) * 2).storage.isPostponed)
  }

  @Test func changeOfTheSourceComesLater() {
    let x = numbers()
    let before = x.values
    let doubled = x * 2
    let shifted = doubled + 1
    x.fill_(0)
    #expect(doubled.values == before.map { $0 * 2 })
    #expect(shifted.values == inPieces(Tensor(before, dtype: .float32)) { $0 * 2 + 1 })
    let zero = x * 2
    x.narrow(0, 7, 1).fill_(1)
    #expect(zero.abs().max().item() == 0)
  }

  @Test func changeOfTheResultTouchesNothingElse() {
    let x = numbers()
    let before = x.values
    let y = x * 2
    let z = y + 1
    y.add_(5)
    #expect(x.values == before)
    #expect(z.values == inPieces(x) { $0 * 2 + 1 })
    #expect(y.values == inPieces(x) { ($0 * 2).add_(5) })
  }

  @Test func views() {
    let x = numbers().narrow(0, 0, 2 * parallelThreshold).reshape([2, parallelThreshold])
    let y = x * 3
    let flat = y.reshape([-1]) + 1
    let part = y[1] * 2
    let turned = y.T + 1
    #expect(flat.values == inPieces(x.reshape([-1])) { $0 * 3 + 1 })
    #expect(part.values == inPieces(x[1]) { $0 * 3 * 2 })
    #expect(turned.T.reshape([-1]).values == flat.values)
  }

  @Test func gradients() {
    let x = numbers(.float64).requiresGrad_()
    let y = (x * 2 + 1).relu() * 3
    y.sum().backward()
    let expected = x.values.map { (value: Double) -> Double in value > -0.5 ? 6 : 0 }
    #expect(x.grad!.values == expected)
    let kept = (x * 2).exp()
    noGrad { _ = x.mul_(0) }
    kept.sum().backward()
    #expect(x.grad!.values.allSatisfy { $0.isFinite })
  }

  @Test func recipesStayShort() {
    var y = numbers()
    for i in 1...30 {
      y = y * 2 - Double(i)
      #expect(y.recipe!.steps <= Recipe.maximalSteps)
    }
  }

  @Test func manyThreads() {
    for _ in 0..<50 {
      let x = numbers()
      let y = x * 2 + 1
      nonisolated(unsafe) var firsts = [Double](repeating: 0, count: 8)
      DispatchQueue.concurrentPerform(iterations: 8) { i in
        let value = (i % 2 == 0 ? y : y * 1)[count - 1 - i].item()
        firsts[i] = value
      }
      #expect(firsts == (0..<8).map { i in (x * 2 + 1)[count - 1 - i].item() })
    }
  }
}
