import Foundation
import Testing

@testable import DeepLearning
@testable import Networks
@testable import Tensors

/// Files of tensors with random damage: each is read or refused, and nothing else happens.
@Suite struct SafetensorsFuzzTests {
  private let folder: TemporaryFolder
  private let sound: [[UInt8]]

  init() throws {
    folder = try TemporaryFolder()
    let fixture = try #require(
      Bundle.module.url(forResource: "reference", withExtension: "safetensors", subdirectory: "Fixtures"))
    let path = folder / "sound.safetensors"
    try save(
      ["a": Tensor([[1.0, 2.0]]), "b\n": Tensor([true]), "c": Tensor(3), "d": Tensor.zeros(0)], to: path,
      metadata: ["k": "v"])
    sound = [try readBytes(path), try readBytes(fixture.path)]
  }

  @Test func damagedFiles() {
    let outcome = fuzz(seedInputs: sound, seed: 17, check)
    // Few are read: most changes hit the header.
    #expect(outcome.read > fuzzCount / 1000 && outcome.refused > fuzzCount / 4)
  }

  /// Damage to the text of the header gets past the first checks more often.
  @Test func damagedHeaders() {
    var kinds: Set<CheckpointError.Kind> = []
    let outcome = fuzz(seedInputs: sound, seed: 18, damage: damagedHeader) { bytes throws(CheckpointError) in
      do throws(CheckpointError) {
        try check(bytes)
      } catch {
        kinds.insert(error.kind)
        throw error
      }
    }
    #expect(outcome.read > fuzzCount / 200 && outcome.refused > fuzzCount / 4)
    #expect(
      kinds == [
        .wrongFormat, .duplicateName, .unsupportedType, .wrongShape, .wrongOffsets, .damaged, .truncated,
        .trailingData, .tooLarge,
      ])
  }

  /// What can be read is no larger than the file allows, all of it.
  private func check(_ bytes: [UInt8]) throws(CheckpointError) {
    let path = folder / "damaged.safetensors"
    let file = fopen(path, "wb")!
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count && fclose(file) == 0)
    do throws(CheckpointError) {
      let state = try load(path)
      #expect(state.reduce(0) { $0 + $1.tensor.count } <= bytes.count)
      for (_, tensor) in state {
        #expect(tensor.shape.reduce(1, *) == tensor.count)
        #expect(bits(tensor).count == tensor.count * tensor.dtype.size)
      }
    } catch {
      #expect(error.description.utf8.count < 1000)
      throw error
    }
  }

  /// What a number in a header may be replaced with.
  private static let numbers = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "16", "40", "64", "4294967296", "2305843009213693952",
    "9223372036854775807", "9223372036854775808", "-1", "1.0", "1e9", "NaN", "null", "[0]", "",
  ]

  /// One to three changes: half of them to the text of the header, where they may make another sound header, half
  /// to any bytes. The size of the header is then made right as often as not.
  private func damagedHeader(_ inputs: [[UInt8]], _ generator: Generator) -> [UInt8] {
    let bytes = inputs[generator.nextInt(in: 0..<inputs.count)]
    var header = Array(bytes[8..<8 + Int(bytes[0]) + Int(bytes[1]) << 8])
    var data = Array(bytes[(8 + header.count)...])
    let size = header.count
    for _ in 0..<generator.nextInt(in: 1..<4) {
      switch generator.nextInt(in: 0..<6) {
      case 0, 1: replaceNumber(in: &header, generator)
      case 2: replaceType(in: &header, generator)
      case 3: damage(&data, generator)
      default: damage(&header, generator)
      }
    }
    let claimed = generator.nextInt(in: 0..<4) == 0 ? size : header.count
    var prefix = (0..<8).map { UInt8(truncatingIfNeeded: claimed >> (8 * $0)) }
    if generator.nextInt(in: 0..<20) == 0 {
      prefix[generator.nextInt(in: 0..<8)] = UInt8(generator.nextInt(in: 0..<256))
    }
    return prefix + header + data
  }

  private func replaceNumber(in header: inout [UInt8], _ generator: Generator) {
    let runs = ranges(of: header) { (48...57).contains($0) }
    guard !runs.isEmpty else { return }
    let run = runs[generator.nextInt(in: 0..<runs.count)]
    header.replaceSubrange(run, with: Self.numbers[generator.nextInt(in: 0..<Self.numbers.count)].utf8)
  }

  private func replaceType(in header: inout [UInt8], _ generator: Generator) {
    let names = SafetensorsType.allCases.map(\.rawValue) + ["F8_E4M3", "C64", "U64", "f32"]
    let runs = ranges(of: header) { (65...90).contains($0) || (48...57).contains($0) }
    guard !runs.isEmpty else { return }
    let run = runs[generator.nextInt(in: 0..<runs.count)]
    header.replaceSubrange(run, with: names[generator.nextInt(in: 0..<names.count)].utf8)
  }

  /// The longest stretches of bytes that are all of a kind.
  private func ranges(of bytes: [UInt8], where isIncluded: (UInt8) -> Bool) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for (i, byte) in bytes.enumerated() where isIncluded(byte) {
      if result.last?.upperBound == i {
        result[result.count - 1] = result[result.count - 1].lowerBound..<i + 1
      } else {
        result.append(i..<i + 1)
      }
    }
    return result
  }

  /// A bit flipped, a byte replaced, a stretch taken out, doubled or moved, or the rest cut off.
  private func damage(_ bytes: inout [UInt8], _ generator: Generator) {
    guard !bytes.isEmpty else { return }
    let start = generator.nextInt(in: 0..<bytes.count)
    let end = min(bytes.count, start + generator.nextInt(in: 1..<80))
    switch generator.nextInt(in: 0..<6) {
    case 0: bytes[start] ^= 1 << UInt8(generator.nextInt(in: 0..<8))
    case 1: bytes[start] = UInt8(generator.nextInt(in: 0..<256))
    case 2: bytes.removeSubrange(start..<end)
    case 3: bytes.insert(contentsOf: bytes[start..<end], at: start)
    case 4:
      let stretch = Array(bytes[start..<end])
      bytes.removeSubrange(start..<end)
      bytes.insert(contentsOf: stretch, at: generator.nextInt(in: 0..<bytes.count + 1))
    default: bytes.removeLast(bytes.count - start)
    }
  }
}
