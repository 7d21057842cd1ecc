import Testing

@testable import Datasets
@testable import DeepLearning
@testable import Tensors

@Suite struct GarmentScenesTests {
  /// Ten images of each class, each filled with its label.
  private final class Plain: ImageDataset {
    init(_ classes: [String]) {
      let labels = (0..<100).map { $0 % 10 }
      super.init(
        name: "plain", source: "here", classes: classes, imageShape: [1, 28, 28],
        pixels: labels.flatMap { Array(repeating: UInt8($0 * 10), count: 784) }, labels: labels)
    }
  }

  private let clothes = Plain(FashionMNIST.classes)

  @Test func captionsSayWhatTheHalvesShow() {
    let scenes = GarmentScenes(clothes, heldOut: false, count: 500)
    for i in 0..<500 {
      let (left, right) = (scenes.halves[i].left, scenes.halves[i].right)
      let (image, caption) = scenes[i]
      #expect(image.shape == [1, 28, 56] && caption == scenes.captions[i])
      expectClose(
        [0, 27, 28, 55].map { image[0, 13, $0].item() },
        [left, left, right, right].map { Double($0) * 10 / 255 })
    }
    let captions = Set(scenes.captions)
    #expect(captions.contains("trousers left of a dress") && captions.contains("two pairs of trousers"))
    #expect(captions.contains("a boot left of a bag") && !captions.contains("a bag left of a bag"))
    #expect(!captions.contains { $0.contains("shirt") && !$0.contains("t-shirt") })
    #expect(scenes.images(at: [3, 9]).shape == [2, 1, 28, 56])
    #expect(scenes.images(at: [3, 9])[1].toArray() == scenes[9].image.toArray())
  }

  @Test(arguments: [0, 1, 4] as [UInt64]) func combinationsAreHeldOut(seed: UInt64) {
    let seen = Set(GarmentScenes(clothes, heldOut: false, count: 5_000, seed: seed).halves)
    let unseen = Set(GarmentScenes(clothes, heldOut: true, count: 1_000, seed: seed).halves)
    #expect(seen.isDisjoint(with: unseen) && seen.count + unseen.count == 81)
    #expect(unseen.count >= 12 && unseen.count <= 18 && unseen.allSatisfy { $0.left != $0.right })
    // Each half of them is known on its own side.
    #expect(unseen.allSatisfy { half in seen.contains { $0.left == half.left && $0.left != $0.right } })
    #expect(unseen.allSatisfy { half in seen.contains { $0.right == half.right && $0.left != $0.right } })
  }

  @Test func scenesAreRepeatable() {
    let scenes = GarmentScenes(clothes, heldOut: false, count: 40, classes: [0, 6, 9], seed: 5)
    let more = GarmentScenes(clothes, heldOut: false, count: 90, classes: [0, 6, 9], seed: 5)
    #expect(scenes.captions == Array(more.captions.prefix(40)))
    #expect(scenes.images(at: Array(0..<40)).toArray() == more.images(at: Array(0..<40)).toArray())
    #expect(Set(scenes.halves.flatMap { [$0.left, $0.right] }) == [0, 6, 9])
    #expect(scenes.captions.contains { $0.contains("a shirt") })
  }

  @Test func digitsTakeTheirPlace() {
    let scenes = GarmentScenes(StrokeDigits(train: true, count: 500), heldOut: false, count: 300)
    #expect(scenes.captions.contains { $0.contains("an eight") } && scenes.captions.contains("two sixes"))
  }
}
