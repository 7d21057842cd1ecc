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

  private let transform: (any Transform)?
  private let targetTransform: (any Transform)?

  init(
    name: String, source: String, classes: [String], imageShape: [Int], pixels: [UInt8], labels: [Int],
    transform: (any Transform)? = nil, targetTransform: (any Transform)? = nil
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
    checkIndex(index, name)
    let image = Tensor(uninitialized: imageShape, dtype: .float32)
    scalePixels(at: [index], into: image)
    let label = Tensor(labels[index])
    return (transform?(image) ?? image, targetTransform?(label) ?? label)
  }

  /// Where no transform changes the images: they are scaled straight from their bytes into the batch.
  public func batch(at indices: [Int]) -> (image: Tensor, label: Tensor)? {
    if transform != nil { return nil }
    for index in indices { checkIndex(index, name) }
    let batchLabels = indices.map { labels[$0] }
    let target = targetTransform.map { transform in stack(batchLabels.map { transform(Tensor($0)) }) }
    return (scaledImages(at: indices), target ?? Tensor(batchLabels))
  }

  /// All images, (N, C, H, W), float32 in [0, 1], without the transforms. Made at the first use.
  public private(set) lazy var images = scaledImages(at: 0..<count)

  /// All labels, (N), int64, without the transforms.
  public private(set) lazy var targets = Tensor(labels)

  /// Some of the images, (n, C, H, W).
  func scaledImages(at indices: some RandomAccessCollection<Int>) -> Tensor {
    let result = Tensor(uninitialized: [indices.count] + imageShape, dtype: .float32)
    scalePixels(at: indices, into: result)
    return result
  }

  /// Writes some of the images one after another, as bytes / 255, which is how PyTorch scales them.
  private func scalePixels(at indices: some RandomAccessCollection<Int>, into result: Tensor) {
    let size = imageShape.reduce(1, *)
    let target = result.pointer(Float.self)
    pixels.withUnsafeBufferPointer { pixels in
      inParallel(indices.count, threshold: max(2, parallelThreshold / size), grain: 1) { start, count in
        for i in start..<start + count {
          let source = pixels.baseAddress! + indices[indices.index(indices.startIndex, offsetBy: i)] * size
          let row = target + i * size
          for j in 0..<size { row[j] = Float(source[j]) / 255 }
        }
      }
    }
  }
}

extension ImageDataset: CustomStringConvertible {
  public var description: String { "\(name): \(count) images of \(describe(imageShape)) from \(source)" }
}
