/// Images of one size, each with the number of the class it shows.
///
///     let train = try FashionMNIST(train: true)
///     train.images          // (60000, 1, 28, 28), float32 in [0, 1]
///     train.targets         // (60000), int64
///     let (image, label) = train[0]
///     train.classes[Int(label.item())]    // "Ankle boot"
///
/// A data set is a subclass whose initializer gathers bytes and labels: see ``FashionMNIST`` for one that
/// reads files and ``StrokeDigits`` for one that draws.
public class ImageDataset: Dataset {
  /// What the set is called: "Fashion-MNIST".
  public let name: String
  /// Where it came from, a folder or how it was made.
  public let source: String
  /// The names of the classes, by label.
  public let classes: [String]
  /// The size of one image: channels, height, width.
  public let imageShape: [Int]
  /// The labels as plain numbers.
  public let labels: [Int]
  /// The images one after another, row-major, 0 ... 255.
  let pixels: [UInt8]

  private let transform: ((Tensor) -> Tensor)?
  private let targetTransform: ((Tensor) -> Tensor)?

  init(
    name: String, source: String, classes: [String], imageShape: [Int], pixels: [UInt8], labels: [Int],
    transform: ((Tensor) -> Tensor)? = nil, targetTransform: ((Tensor) -> Tensor)? = nil
  ) {
    self.name = name
    self.source = source
    self.classes = classes
    self.imageShape = imageShape
    self.pixels = pixels
    self.labels = labels
    self.transform = transform
    self.targetTransform = targetTransform
  }

  public var count: Int { labels.count }

  /// The image (C, H, W), float32 in [0, 1], and its label, an int64 tensor of shape (), each as the
  /// transforms leave it.
  public subscript(index: Int) -> (image: Tensor, label: Tensor) {
    check(
      labels.indices.contains(index), "\(name)[\(index)]", "there are \(count) examples, 0 to \(count - 1)")
    let image = scaledPixels(index..<index + 1).alias(
      shape: imageShape, strides: contiguousStrides(imageShape))
    let label = Tensor(labels[index])
    return (transform?(image) ?? image, targetTransform?(label) ?? label)
  }

  /// All images, (N, C, H, W), float32 in [0, 1], without the transforms. Made at the first use.
  public private(set) lazy var images = scaledPixels(0..<count)

  /// All labels, (N), int64, without the transforms.
  public private(set) lazy var targets = Tensor(labels)

  /// Some of the images, (n, C, H, W), as bytes / 255, which is how PyTorch scales them.
  private func scaledPixels(_ range: Range<Int>) -> Tensor {
    let size = imageShape.reduce(1, *)
    let result = Tensor(uninitialized: [range.count] + imageShape, dtype: .float32)
    let target = result.pointer(Float.self)
    pixels.withUnsafeBufferPointer { pixels in
      let source = UnsafeBufferPointer(rebasing: pixels[range.lowerBound * size..<range.upperBound * size])
      inParallel(source.count) { start, count in
        for i in start..<start + count { target[i] = Float(source[i]) / 255 }
      }
    }
    return result
  }
}

extension ImageDataset: CustomStringConvertible {
  public var description: String { "\(name): \(count) images of \(describe(imageShape)) from \(source)" }
}
