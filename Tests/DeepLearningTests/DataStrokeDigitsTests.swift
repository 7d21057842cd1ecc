import Testing

@testable import Datasets
@testable import DeepLearning
@testable import Tensors

struct StrokeDigitsTests {
  @Test func looksLikeMNIST() {
    let set = StrokeDigits(train: false, count: 3000)
    #expect(set.images.shape == [3000, 1, 28, 28])
    #expect(set.classes == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
    for digit in 0..<10 { #expect((240...360).contains(set.labels.count { $0 == digit }), "\(digit)") }
    // A tenth of the sheet is ink, some of it full, and the edges are soft.
    let ink = set.images.mean().item()
    #expect((0.08...0.14).contains(ink))
    #expect(set.pixels.contains(255) && set.pixels.contains { (1..<255).contains($0) })
  }

  @Test func oneSeedGivesOneSet() {
    let set = StrokeDigits(train: true, count: 600)
    #expect(StrokeDigits(train: true, count: 600).pixels == set.pixels)
    #expect(StrokeDigits(train: true, count: 600, seed: 1).pixels != set.pixels)
    #expect(StrokeDigits(train: false, count: 600).pixels != set.pixels)
    let few = StrokeDigits(train: true, count: 300)
    #expect(few.pixels == Array(set.pixels.prefix(300 * 784)))
    #expect(few.labels == Array(set.labels.prefix(300)))
  }

  /// Neither trivial nor hopeless: the mean image of each class tells most digits, but by far not all.
  @Test func classesCanBeToldApart() {
    let train = StrokeDigits(train: true, count: 4000)
    let test = StrokeDigits(train: false, count: 1000)
    let members = (0..<10).map { digit in train.targets .== digit }
    let means = stack(members.map { train.images.flatten(1)[$0].mean(dim: 0) })
    // The nearest mean: ‖x − m‖² = ‖x‖² − 2 x · m + ‖m‖², and ‖x‖² is the same for all.
    let x = test.images.flatten(1)
    let distances = (means * means).sum(dim: 1) - 2 * x.matmul(means.T)
    let accuracy = (distances.argmin(dim: 1) .== test.targets).to(.float32).mean().item()
    #expect((0.6...0.9).contains(accuracy))
  }
}
