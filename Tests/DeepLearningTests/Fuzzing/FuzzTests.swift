import Testing

@testable import Datasets
@testable import DeepLearning
@testable import Tensors

/// Damaged files of every format that is read: each is read as what it says it is, or refused with an error
/// of its reader's, and none makes it ask for more memory than the input is good for.
@Suite struct FuzzTests {
  private let image = [UInt8](repeating: 200, count: 784)

  @Test func idxFiles() {
    let plain = idx(shape: [1, 28, 28], image)
    let outcome = fuzz(seedInputs: [plain, compressedImages, gzip(plain)], seed: 11) {
      bytes throws(DataError) in
      let file = try IdxFile(bytes: bytes, name: "fuzz", rank: 3)
      #expect(file.elements.count == file.shape.reduce(1, *))
    }
    // Both outcomes occur: damage to the elements of an uncompressed file cannot be noticed.
    #expect(outcome.read > fuzzCount / 200 && outcome.refused > fuzzCount / 4)
  }

  @Test func gzipStreams() {
    let limit = 1 << 16
    let several = gzip([1, 2, 3]) + compressedImages + gzip([])
    let outcome = fuzz(seedInputs: [compressedImages, gzip(image), several], seed: 12) {
      bytes throws(DataError) in
      let reader = ByteReader(bytes, name: "fuzz")
      let bound = reader.upperBound
      let content = try reader.rest(limit: limit)
      #expect(content.count <= min(bound, limit))
    }
    #expect(outcome.read > 0 && outcome.refused > fuzzCount / 4)
  }

  @Test func cifarRecords() {
    let records = cifar([[3], [9]]) + cifar([[0]])
    let outcome = fuzz(seedInputs: [records, cifar([[1]]), cifar([[7, 2]])], seed: 13) {
      bytes throws(DataError) in
      let file = try CIFARFiles(bytes: bytes, name: "fuzz", classCounts: [10])
      #expect(file.pixels.count == file.labels[0].count * 3072 && file.labels[0].allSatisfy { $0 < 10 })
    }
    #expect(outcome.read > fuzzCount / 100 && outcome.refused > fuzzCount / 4)
  }

  @Test func tarArchives() {
    let names: Set = ["a.bin", "b.bin"]
    let archive = tar([("x/a.bin", image), ("x/readme", [1, 2, 3]), ("x/b.bin", [])])
    let outcome = fuzz(seedInputs: [archive, gzip(archive), tar([("b.bin", [7])])], seed: 14) {
      bytes throws(DataError) in
      // Half of the damage would end at the head's sum, which a hostile file has right.
      let input = bytes.first == 0x1f ? bytes : withRightSums(bytes)
      let file = try TarFile(bytes: input, name: "fuzz", names: names, limit: 1 << 20)
      #expect(file.files.keys.allSatisfy(names.contains))
      #expect(file.files.values.reduce(0) { $0 + $1.count } <= input.count * 1032)
    }
    #expect(outcome.read > fuzzCount / 100 && outcome.refused > fuzzCount / 4)
  }

  @Test func pairFiles() {
    let accents = Array("Go.\tVe.\n\nI am cold.\tTengo frío.\tsource\r\nthe key\tla llave\n".utf8)
    let outcome = fuzz(seedInputs: [accents, Array("a\tb".utf8), Array("ñ\t👩‍🔬\n".utf8)], seed: 15) {
      bytes throws(DataError) in
      let pairs = try PairFile(TextFile(bytes: bytes, name: "fuzz")).pairs
      for text in pairs.flatMap({ [$0.source, $0.target] }) {
        #expect(!text.isEmpty && !text.contains("\t") && !text.contains("\n"))
      }
    }
    #expect(outcome.read > fuzzCount / 20 && outcome.refused > fuzzCount / 4)
  }
}
