import Testing

@testable import DeepLearning
@testable import Tensors

/// Tensors print as PyTorch prints them, character for character (Fixtures/printing.json holds its output).
@Suite struct PrintingTests {
  struct Case: Decodable, CustomTestStringConvertible {
    struct Packed: Decodable {
      let shape: [Int]
      let dtype: String
      let data: [String]
    }
    let tensor: Packed
    let text: String
    var testDescription: String { text }
  }

  static let cases: [Case] = (try? Fixture.decode("printing")) ?? []

  @Test func theFixtureIsThere() { #expect(Self.cases.count == 32) }

  @Test(arguments: cases)
  func printsLikePyTorch(_ test: Case) throws {
    let type = try #require(DType(rawValue: test.tensor.dtype))
    let numbers = test.tensor.data.map { Double($0)! }
    #expect("\(Tensor(numbers, shape: test.tensor.shape, dtype: type))" == test.text)
  }

  @Test func saysWhereATensorComesFrom() {
    let a = Tensor([1.0, 2.0], requiresGrad: true)
    #expect("\(a)" == "tensor([1., 2.], requires_grad=True)")
    #expect("\(a.tanh())" == "tensor([0.7616, 0.9640], grad_fn=<TanhBackward0>)")
  }
}
