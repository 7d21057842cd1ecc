import Foundation
import Testing

@testable import DeepLearning
@testable import Tensors

/// Files as they come from disk, whole and damaged: what is sound is read, and each kind of damage has its
/// own error.
struct DataFileTests {
  // MARK: - Sound files

  @Test func readsPlainAndCompressedFiles() throws {
    let plain = idx(shape: [2, 3], [1, 2, 3, 4, 5, 6])
    for bytes in [plain, gzip(plain), gzip(Array(plain[..<9])) + gzip(Array(plain[9...]))] {
      let file = try IdxFile(bytes: bytes, name: "test", rank: 2)
      #expect(file.shape == [2, 3])
      #expect(file.elements == [1, 2, 3, 4, 5, 6])
    }
    let images = try IdxFile(bytes: compressedImages, name: "test", rank: 3)
    #expect(images.shape == [2, 28, 28])
    #expect(images.elements.reduce(0) { $0 + Int($1) } == 63_504)
    #expect(try IdxFile(bytes: idx(shape: [0], []), name: "test", rank: 1).elements.isEmpty)
  }

  @Test func readsASmallDataSet() throws {
    let folder = try Folder(images: compressedImages, labels: gzip(idx(shape: [2], [9, 3])))
    let set = try FashionMNIST(root: folder.path, train: true)
    #expect(set.count == 2 && set.labels == [9, 3])
    #expect(set.images.shape == [2, 1, 28, 28] && set.images.dtype == .float32)
    #expect(set.targets.shape == [2] && set.targets.dtype == .int64)
    let (image, label) = set[1]
    #expect(image.shape == [1, 28, 28] && label.shape == [])
    #expect(image.toArray() == set.images[1].toArray())
    #expect(Int(label.item()) == 3)
    #expect(set.images.toArray() == set.pixels.map { Float($0) / 255 })
    #expect(set.description == "Fashion-MNIST: 2 images of (1, 28, 28) from \(folder.path)")
  }

  @Test func transformsApplyToWhatIsFetched() throws {
    let folder = try Folder(images: compressedImages, labels: gzip(idx(shape: [2], [9, 3])))
    let set = try FashionMNIST(
      root: folder.path, train: true, transform: Lambda { 1 - $0.flatten() },
      targetTransform: Lambda { $0 * 10 })
    #expect(set[0].image.shape == [784])
    #expect(set[0].image.toArray() == set.images[0].toArray().map { 1 - $0 })
    #expect(set[0].label.item() == 90)
  }

  @Test func findsDataSetsInTheirUsualFolders() throws {
    let folder = try Folder(images: compressedImages, labels: idx(shape: [2], [0, 0]), in: "fashion-mnist")
    #expect(try FashionMNIST(root: folder.path, train: true).source == folder.path + "/fashion-mnist")
  }

  private static let installed = "/usr/share/datasets/fashion-mnist"

  @Test(.enabled(if: FileManager.default.fileExists(atPath: installed)))
  func readsTheInstalledFashionMNIST() throws {
    let train = try FashionMNIST(root: Self.installed, train: true)
    #expect(train.count == 60_000)
    #expect(train.labels.prefix(10) == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5])
    #expect(train.labels.reduce(0, +) == 270_000)
    #expect(train.pixels.reduce(0) { $0 + Int($1) } == 3_431_114_169)
    #expect(train.classes[train.labels[0]] == "Ankle boot")
    #expect(abs(train.images[0].sum().item() * 255 - 76_247) < 1)
    let test = try FashionMNIST(root: Self.installed, train: false)
    #expect(test.count == 10_000)
    #expect(test.labels.prefix(10) == [9, 2, 1, 1, 6, 1, 4, 6, 5, 7])
    #expect(test.pixels.reduce(0) { $0 + Int($1) } == 573_469_082)
  }

  // MARK: - Damaged files

  @Test func wrongFormats() {
    expectError(.wrongFormat, idx(shape: [6], [1, 2, 3, 4, 5, 6]), rank: 2)
    expectError(.wrongFormat, [0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0], rank: 1)
    expectError(.wrongFormat, Array("<!DOCTYPE html>".utf8), rank: 1)
  }

  @Test func truncatedFiles() {
    let plain = idx(shape: [2, 3], [1, 2, 3, 4, 5, 6])
    for length in 0..<plain.count { expectError(.truncated, Array(plain.prefix(length)), rank: 2) }
    let compressed = compressedImages
    for length in 0..<compressed.count {
      expectError(.truncated, Array(compressed.prefix(length)), rank: 3)
    }
    // The gzip data is whole, but less than the head says.
    expectError(.truncated, gzip(Array(plain.dropLast())), rank: 2)
  }

  @Test func filesThatGoOn() {
    let plain = idx(shape: [2, 3], [1, 2, 3, 4, 5, 6])
    expectError(.trailingData, plain + [0], rank: 2)
    expectError(.trailingData, gzip(plain + [0]), rank: 2)
    expectError(.trailingData, gzip(plain) + [0], rank: 2)
    expectError(.trailingData, gzip(plain) + gzip([7]), rank: 2)
  }

  @Test func damagedCompression() {
    var wrongChecksum = compressedImages
    wrongChecksum[wrongChecksum.count - 8] ^= 1
    expectError(.damaged, wrongChecksum, rank: 3)
    var wrongMethod = compressedImages
    wrongMethod[2] = 7
    expectError(.damaged, wrongMethod, rank: 3)
    var wrongBlock = compressedImages
    wrongBlock[10] |= 6
    expectError(.damaged, wrongBlock, rank: 3)
  }

  /// What a head claims is refused before memory is set aside for it.
  @Test func hostileSizes() {
    let huge: [UInt8] = [0xff, 0xff, 0xff, 0xff]
    expectError(.tooLarge, [0, 0, 8, 3] + huge + huge + huge, rank: 3)
    expectError(.tooLarge, gzip([0, 0, 8, 2] + huge + huge), rank: 2)
    expectError(.truncated, [0, 0, 8, 1, 0x3f, 0xff, 0xff, 0xff], rank: 1)
    expectError(.truncated, gzip([0, 0, 8, 1, 0x3f, 0xff, 0xff, 0xff]), rank: 1)
  }

  @Test func pairsThatDoNotFit() throws {
    let image = [UInt8](repeating: 1, count: 784)
    let images = idx(shape: [2, 28, 28], image + image)
    let small = idx(shape: [2, 27, 28], [UInt8](repeating: 1, count: 2 * 27 * 28))
    try expectError(.wrongShape, images: images, labels: idx(shape: [1], [4]))
    try expectError(.wrongShape, images: images, labels: idx(shape: [3], [4, 4, 4]))
    try expectError(.wrongShape, images: small, labels: idx(shape: [2], [4, 4]))
    try expectError(.wrongShape, images: idx(shape: [0, 28, 28], []), labels: idx(shape: [0], []))
    try expectError(.labelOutOfRange, images: images, labels: idx(shape: [2], [9, 10]))
    // Images where the labels should be, and the other way round.
    try expectError(.wrongFormat, images: images, labels: images)
    try expectError(.wrongFormat, images: idx(shape: [2], [4, 4]), labels: idx(shape: [2], [4, 4]))
  }

  @Test func unreadableFilesAndFolders() throws {
    let folder = try Folder(images: compressedImages, labels: nil)
    expectError(.unreadable, root: folder.path)
    expectError(.unreadable, root: folder.path + "/no such folder")
    expectError(.unreadable, root: folder.path + "/train-images-idx3-ubyte")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/train-labels-idx1-ubyte.gz", withIntermediateDirectories: true)
    expectError(.unreadable, root: folder.path)
  }

  @Test func whatIsNowhereIsNotFound() {
    let error = #expect(throws: DataError.self) {
      try DataFolders.find("no-such-file", of: "Some set", in: ["some-set"], root: nil)
    }
    #expect(error?.kind == .notFound)
    #expect(error?.description.contains("/usr/share/datasets") == true)
  }

  /// Drawn digits replace what is missing, never what is broken.
  @Test func damageIsNotPassedOver() throws {
    let folder = try Folder(images: Array(compressedImages.dropLast()), labels: idx(shape: [2], [0, 0]))
    let error = #expect(throws: DataError.self) {
      try FashionMNIST.orStrokeDigits(root: folder.path, train: true)
    }
    #expect(error?.kind == .truncated)
  }

  @Test func errorsSayWhatWhereAndWhy() throws {
    let image = [UInt8](repeating: 1, count: 784)
    let folder = try Folder(images: idx(shape: [1, 28, 28], image), labels: idx(shape: [2], [4, 4]))
    let error = #expect(throws: DataError.self) { try FashionMNIST(root: folder.path, train: true) }
    #expect(
      error?.description
        == "\(folder.path)/train-labels-idx1-ubyte: expected 1 labels, one for each image, found 2")
  }

  // MARK: - Random damage

  /// 10,000 files, each damaged in some places: the reader returns what the head promises or throws, and
  /// comes to an end either way.
  @Test(.timeLimit(.minutes(1))) func randomDamage() throws {
    let generator = Generator(seed: 11)
    let image = [UInt8](repeating: 200, count: 784)
    let sound = [idx(shape: [1, 28, 28], image), compressedImages, gzip(idx(shape: [1, 28, 28], image))]
    var (read, refused) = (0, 0)
    for i in 0..<10_000 {
      let bytes = damaged(sound[i % sound.count], generator)
      do {
        let file = try IdxFile(bytes: bytes, name: "damaged", rank: 3)
        #expect(file.elements.count == file.shape.reduce(1, *))
        read += 1
      } catch {
        #expect(!error.description.contains("\n"))
        refused += 1
      }
    }
    // Both outcomes occur: damage to the elements of an uncompressed file cannot be noticed.
    #expect(read > 100 && refused > 1000)
  }

  /// One to four changes: a bit flipped, a byte replaced, a stretch taken out, doubled or cut off.
  private func damaged(_ bytes: [UInt8], _ generator: Generator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<generator.nextInt(in: 1..<5) where !bytes.isEmpty {
      // Half of the damage hits the head, where it does most harm.
      let reach = generator.nextInt(in: 0..<2) == 0 ? min(bytes.count, 24) : bytes.count
      let start = generator.nextInt(in: 0..<reach)
      let end = min(bytes.count, start + generator.nextInt(in: 1..<40))
      switch generator.nextInt(in: 0..<5) {
      case 0: bytes[start] ^= 1 << UInt8(generator.nextInt(in: 0..<8))
      case 1: bytes[start] = UInt8(generator.nextInt(in: 0..<256))
      case 2: bytes.removeSubrange(start..<end)
      case 3: bytes.insert(contentsOf: bytes[start..<end], at: start)
      default: bytes.removeLast(bytes.count - start)
      }
    }
    return bytes
  }

  // MARK: - Helpers

  private func expectError(
    _ kind: DataError.Kind, _ bytes: [UInt8], rank: Int, at location: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: DataError.self, sourceLocation: location) {
      try IdxFile(bytes: bytes, name: "test", rank: rank)
    }
    #expect(error?.kind == kind, "\(error?.description ?? "")", sourceLocation: location)
  }

  private func expectError(
    _ kind: DataError.Kind, images: [UInt8], labels: [UInt8], at location: SourceLocation = #_sourceLocation
  ) throws {
    let folder = try Folder(images: images, labels: labels)
    expectError(kind, root: folder.path, at: location)
  }

  private func expectError(
    _ kind: DataError.Kind, root: String, at location: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: DataError.self, sourceLocation: location) {
      try FashionMNIST(root: root, train: true)
    }
    #expect(error?.kind == kind, "\(error?.description ?? "")", sourceLocation: location)
  }
}

/// A folder of its own with the two files of a training part, removed with the last reference.
private final class Folder {
  let path: String

  init(images: [UInt8], labels: [UInt8]?, in subfolder: String? = nil) throws {
    path = NSTemporaryDirectory() + "/" + UUID().uuidString
    let folder = subfolder.map { "\(path)/\($0)" } ?? path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(images).write(to: URL(fileURLWithPath: folder + "/train-images-idx3-ubyte"))
    if let labels {
      try Data(labels).write(to: URL(fileURLWithPath: folder + "/train-labels-idx1-ubyte"))
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// An uncompressed idx file of bytes.
private func idx(shape: [Int], _ elements: [UInt8]) -> [UInt8] {
  let sizes = shape.flatMap { size in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } }
  return [0, 0, 8, UInt8(shape.count)] + sizes + elements
}

/// A gzip stream that holds the bytes in one stored block.
private func gzip(_ bytes: [UInt8]) -> [UInt8] {
  func littleEndian(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
  }
  let checksum = ~bytes.reduce(UInt32.max) { crc, byte in
    (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1) * 0xedb8_8320 }
  }
  let count = UInt32(bytes.count)
  return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1] + littleEndian(count, 2) + littleEndian(~count, 2) + bytes
    + littleEndian(checksum, 4) + littleEndian(count, 4)
}

/// Two images of 28 × 28, compressed by gzip with dynamic Huffman codes.
private let compressedImages = [UInt8](
  Data(
    base64Encoded: """
      H4sIAAAAAAAC/+2TkRKAQABE35SUnhaepqfpaZqepulpmqanaZqmaZqm/UAHfUFUzb2ZpZ15tAtJDEQ++Z1vkApkQampDa2l\
      HxgnlpX98B2ZRJVUNU1L1+NG5oVt5wSRUSh0hWmwHYNjmlk3jjM4nzgD7/hD2OcrnD/nAvvhS4EwBgAA
      """)!)
