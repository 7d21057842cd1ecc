import Foundation
import Testing

@testable import Datasets
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
    let folder = try dataFolder(images: compressedImages, labels: gzip(idx(shape: [2], [9, 3])))
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
    let folder = try dataFolder(images: compressedImages, labels: gzip(idx(shape: [2], [9, 3])))
    let set = try FashionMNIST(
      root: folder.path, train: true, transform: Lambda { 1 - $0.flatten() },
      targetTransform: Lambda { $0 * 10 })
    #expect(set[0].image.shape == [784])
    #expect(set[0].image.toArray() == set.images[0].toArray().map { 1 - $0 })
    #expect(set[0].label.item() == 90)
  }

  @Test func findsDataSetsInTheirUsualFolders() throws {
    let folder = try dataFolder(
      images: compressedImages, labels: idx(shape: [2], [0, 0]), in: "fashion-mnist")
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

  /// The same files, in the folders of another set.
  @Test func readsMNIST() throws {
    let folder = try dataFolder(images: compressedImages, labels: idx(shape: [2], [9, 3]), in: "MNIST/raw")
    let set = try MNIST(root: folder.path, train: true)
    #expect(set.labels == [9, 3] && set.classes[9] == "9" && set.source == folder.path + "/MNIST/raw")
    #expect(set.pixels == (try FashionMNIST(root: set.source, train: true)).pixels)
  }

  // MARK: - CIFAR

  private static let trainingFiles = (1...5).map { ("data_batch_\($0).bin", cifar([[UInt8($0)], [9]])) }

  @Test func readsCIFAR10() throws {
    let entries = (Self.trainingFiles + [("test_batch.bin", cifar([[0], [1], [2]]))])
      .map { (name: "cifar-10-batches-bin/" + $0, content: $1) }
    let unpacked = try TemporaryFolder(
      Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.content) }))
    let packed = try TemporaryFolder(["cifar-10-binary.tar.gz": gzip(tar(entries))])
    let tarOnly = try TemporaryFolder(["cifar-10/cifar-10-binary.tar": tar(entries)])
    for folder in [unpacked, packed, tarOnly] {
      let train = try CIFAR10(root: folder.path, train: true)
      #expect(train.labels == [1, 9, 2, 9, 3, 9, 4, 9, 5, 9])
      #expect(train.images.shape == [10, 3, 32, 32] && train.classes.count == 10)
      #expect(train[7].image[.all, 31, 31].toArray() == [10, 11, 12].map { Float($0) / 255 })
      #expect(train.classes[train.labels[1]] == "truck")
      #expect(try CIFAR10(root: folder.path, train: false).labels == [0, 1, 2])
    }
  }

  @Test func readsCIFAR100() throws {
    let folder = try TemporaryFolder([
      "cifar-100-binary/train.bin": cifar([[19, 99], [4, 0]]), "cifar-100-binary/test.bin": cifar([[0, 30]]),
    ])
    let train = try CIFAR100(root: folder.path, train: true)
    #expect(train.labels == [99, 0] && train.coarseLabels == [19, 4])
    #expect(
      train.classes.count == 100 && Set(train.classes).count == 100 && train.classes == train.classes.sorted()
    )
    #expect(CIFAR100.coarseClasses.count == 20)
    #expect(train.classes[0] == "apple" && CIFAR100.coarseClasses[4] == "fruit_and_vegetables")
    #expect(try CIFAR100(root: folder.path, train: false).labels == [30])
  }

  @Test func damagedCIFAR() throws {
    func expectError(
      _ kind: DataError.Kind, _ files: [String: [UInt8]], at location: SourceLocation = #_sourceLocation
    ) throws {
      let folder = try TemporaryFolder(files)
      let error = #expect(throws: DataError.self, sourceLocation: location) {
        try CIFAR10(root: folder.path, train: false)
      }
      #expect(error?.kind == kind, "\(error?.description ?? "")", sourceLocation: location)
    }
    let sound = cifar([[1], [2]])
    func folder(_ bytes: [UInt8]) -> [String: [UInt8]] {
      ["data_batch_1.bin": sound, "test_batch.bin": bytes]
    }
    func archive(_ bytes: [UInt8]) -> [String: [UInt8]] { ["cifar-10-binary.tar.gz": bytes] }
    try expectError(.truncated, folder([]))
    try expectError(.truncated, folder(sound.dropLast()))
    try expectError(.truncated, folder(sound + [0]))
    try expectError(.labelOutOfRange, folder(cifar([[1], [10]])))
    let packed = tar([("test_batch.bin", sound)])
    try expectError(.truncated, archive(gzip(packed).dropLast(2000)))
    try expectError(.truncated, archive(gzip(packed.dropLast(1024 + 512))))
    try expectError(.truncated, archive(gzip(packed.dropLast(1024))))
    try expectError(.wrongFormat, archive(gzip(tar([("other.bin", sound)]))))
    try expectError(.wrongFormat, archive(gzip([UInt8](repeating: 7, count: 1024))))
    try expectError(.wrongFormat, archive(Array("<!DOCTYPE html>".utf8) + [UInt8](repeating: 32, count: 600)))
    var damaged = packed
    damaged[0] ^= 1
    try expectError(.wrongFormat, archive(gzip(damaged)))
    // A folder of that name, a link to elsewhere and a file called by a path: only contents count.
    let strange =
      tarEntry("test_batch.bin/", [], type: "5") + tarEntry("x/test_batch.bin", [1, 2], type: "2")
      + tar([("../../etc/test_batch.bin", sound)])
    let there = try TemporaryFolder(archive(gzip(strange)))
    #expect(try CIFAR10(root: there.path, train: false).labels == [1, 2])
    #expect(there.files(in: ".") == ["cifar-10-binary.tar.gz"])
  }

  /// A size that an archive claims is refused before memory is set aside for it.
  @Test func hostileArchives() {
    func expectError(_ kind: DataError.Kind, size: String, at location: SourceLocation = #_sourceLocation) {
      var bytes = tarEntry("a", [])
      bytes.replaceSubrange(124..<136, with: Array(size.utf8))
      let error = #expect(throws: DataError.self, sourceLocation: location) {
        try TarFile(bytes: gzip(withRightSums(bytes)), name: "test", names: ["a"])
      }
      #expect(error?.kind == kind, "\(error?.description ?? "")", sourceLocation: location)
    }
    expectError(.tooLarge, size: "777777777777")
    expectError(.truncated, size: "000777777777")
    expectError(.wrongFormat, size: "-00000000001")
    expectError(.wrongFormat, size: "99999999999 ")
    let evil = #expect(throws: DataError.self) {
      try TarFile(bytes: tarEntry("\u{1B}[2J\n", [1]).dropLast(512), name: "test", names: [])
    }
    #expect(evil?.description == "test: expected 1 bytes of a file in the archive, found at most 0")
    let many = (0..<9).flatMap { tarEntry("\($0)", [UInt8](repeating: 0, count: 512)) }
    let error = #expect(throws: DataError.self) {
      try TarFile(bytes: gzip(many), name: "test", names: [], limit: 4096)
    }
    #expect(error?.kind == .tooLarge)
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
    let folder = try dataFolder(images: compressedImages, labels: nil)
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
    let folder = try dataFolder(images: Array(compressedImages.dropLast()), labels: idx(shape: [2], [0, 0]))
    let error = #expect(throws: DataError.self) {
      try FashionMNIST.orStrokeDigits(root: folder.path, train: true)
    }
    #expect(error?.kind == .truncated)
  }

  @Test func errorsSayWhatWhereAndWhy() throws {
    let image = [UInt8](repeating: 1, count: 784)
    let folder = try dataFolder(images: idx(shape: [1, 28, 28], image), labels: idx(shape: [2], [4, 4]))
    let error = #expect(throws: DataError.self) { try FashionMNIST(root: folder.path, train: true) }
    #expect(
      error?.description
        == "\(folder.path)/train-labels-idx1-ubyte: expected 1 labels, one for each image, found 2")
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
    let folder = try dataFolder(images: images, labels: labels)
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

/// A folder with the two files of a training part.
private func dataFolder(images: [UInt8], labels: [UInt8]?, in subfolder: String? = nil) throws
  -> TemporaryFolder
{
  let prefix = subfolder.map { $0 + "/" } ?? ""
  let folder = try TemporaryFolder([prefix + "train-images-idx3-ubyte": images])
  if let labels { try folder.write(labels, to: prefix + "train-labels-idx1-ubyte") }
  return folder
}
