/// Digits as a pen would write them, drawn here rather than scanned: 28 × 28, white on black, ten classes.
///
///     let train = StrokeDigits(train: true)               // 60,000, like MNIST
///     let few = StrokeDigits(train: true, count: 500, seed: 7)
///
/// Each digit has a few ways to be written, and each image bends, slants, turns, stretches and moves one of
/// them and takes its own pen. The set needs no files and no network, and one seed always gives the same
/// images, however many cores draw them. The training and the test part share none.
public final class StrokeDigits: ImageDataset {
  /// - Parameters:
  ///   - train: Which of the two parts to draw.
  ///   - count: Number of images, by default MNIST's 60,000 to train on and 10,000 to test with. A smaller
  ///     set is the beginning of a larger one.
  ///   - seed: Another seed gives other images.
  ///   - transform: Applied to each image (1, 28, 28) that the subscript returns.
  ///   - targetTransform: Applied to each label (), int64, that the subscript returns.
  public init(
    train: Bool, count: Int? = nil, seed: UInt64 = 0, transform: (any Transform)? = nil,
    targetTransform: (any Transform)? = nil
  ) {
    let count = count ?? (train ? 60_000 : 10_000)
    check(count > 0, "StrokeDigits", "cannot draw \(count) images")
    let side = StrokeCanvas.side
    var labels = [Int](repeating: 0, count: count)
    let pixels = [UInt8](unsafeUninitializedCapacity: count * side * side) { pixels, initialized in
      labels.withUnsafeMutableBufferPointer { labels in
        Self.draw(pixels: pixels.baseAddress!, labels: labels, seed: 2 * seed &+ (train ? 0 : 1))
      }
      initialized = count * side * side
    }
    super.init(
      name: "stroke digits", source: "drawn with seed \(seed)", classes: (0..<10).map { "\($0)" },
      imageShape: [1, side, side], pixels: pixels, labels: labels, transform: transform,
      targetTransform: targetTransform)
  }

  /// Draws the images block by block, each block from a generator of its own, so that the outcome does not
  /// depend on which core draws which block.
  private static func draw(
    pixels: UnsafeMutablePointer<UInt8>, labels: UnsafeMutableBufferPointer<Int>, seed: UInt64
  ) {
    let blockSize = 256
    let imageSize = StrokeCanvas.side * StrokeCanvas.side
    let blockCount = (labels.count + blockSize - 1) / blockSize
    inParallel(blockCount, threshold: 2, grain: 1) { firstBlock, count in
      var canvas = StrokeCanvas()
      for block in firstBlock..<firstBlock + count {
        let generator = Generator(seed: scrambled(seed << 32 | UInt64(block)))
        for i in block * blockSize..<min((block + 1) * blockSize, labels.count) {
          let digit = generator.nextInt(in: 0..<10)
          labels[i] = digit
          canvas.clear()
          Handwriting(generator).write(digit, on: &canvas)
          canvas.copy(to: pixels + i * imageSize)
        }
      }
    }
  }

  /// Spreads neighboring numbers over all 64 bits, since a generator's seed counts by its low 32 only.
  ///
  /// Source: G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number generators",
  /// OOPSLA 2014.
  private static func scrambled(_ number: UInt64) -> UInt64 {
    var z = number &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}
