import Foundation
import Testing

@testable import DeepLearning
@testable import Tensors

/// How many damaged inputs a fuzz test reads: 10,000, or `$FUZZ_COUNT`.
///
///     FUZZ_COUNT=1000000 nice swift test --filter FuzzTests
let fuzzCount = ProcessInfo.processInfo.environment["FUZZ_COUNT"].flatMap { Int($0) } ?? 10_000

/// Reads many damaged variants of sound inputs.
///
/// The body reads one of them, and either succeeds or throws an error of the one type it declares; anything
/// else is a crash, and the test is over. That it takes its time is reported. Input number i depends on
/// `seed` and i alone.
///
///     let outcome = fuzz(seedInputs: [sound]) { bytes throws(DataError) in
///       _ = try IdxFile(bytes: bytes, name: "fuzz", rank: 3)
///     }
///
/// - Parameter damage: makes an input out of one of the sound ones, where the format has places of its own to hit.
/// - Returns: how many inputs were read and how many refused.
@discardableResult
func fuzz<Failure: Error>(
  seedInputs: [[UInt8]], count: Int = fuzzCount, seed: UInt64 = 0,
  damage: ([[UInt8]], Generator) -> [UInt8] = damaged,
  at location: SourceLocation = #_sourceLocation, _ body: ([UInt8]) throws(Failure) -> Void
) -> (read: Int, refused: Int) {
  var outcome = (read: 0, refused: 0)
  for number in 0..<count {
    let generator = Generator(seed: seed &* 0x9e37_79b9 &+ UInt64(number))
    let input = damage(seedInputs, generator)
    let start = ContinuousClock.now
    do throws(Failure) {
      try body(input)
      outcome.read += 1
    } catch {
      if "\(error)".contains("\n") {
        Issue.record("input \(number): more than one line: \(error)", sourceLocation: location)
      }
      outcome.refused += 1
    }
    let time = ContinuousClock.now - start
    // A machine that has much to do is slow at times; a hang takes longer.
    if time > .seconds(10) { Issue.record("input \(number) took \(time)", sourceLocation: location) }
  }
  return outcome
}

/// One of the inputs with one to four changes.
private func damaged(_ inputs: [[UInt8]], _ generator: Generator) -> [UInt8] {
  var bytes = inputs[generator.nextInt(in: 0..<inputs.count)]
  for _ in 0..<generator.nextInt(in: 1..<5) where !bytes.isEmpty {
    // Half of the damage hits the head, where it does most harm.
    let reach = generator.nextInt(in: 0..<2) == 0 ? min(bytes.count, 24) : bytes.count
    let start = generator.nextInt(in: 0..<reach)
    let end = min(bytes.count, start + generator.nextInt(in: 1..<40))
    switch generator.nextInt(in: 0..<8) {
    case 0: bytes[start] ^= 1 << UInt8(generator.nextInt(in: 0..<8))
    case 1: bytes[start] = UInt8(generator.nextInt(in: 0..<256))
    case 2: bytes.removeSubrange(start..<end)
    case 3: bytes.insert(contentsOf: bytes[start..<end], at: start)
    case 4: bytes.removeLast(bytes.count - start)
    case 5:
      bytes.insert(
        contentsOf: (start..<end).map { _ in UInt8(generator.nextInt(in: 0..<256)) }, at: start)
    case 6:
      // The beginning of one input and the end of another.
      let other = inputs[generator.nextInt(in: 0..<inputs.count)]
      if !other.isEmpty { bytes[start...] = other[generator.nextInt(in: 0..<other.count)...] }
    default: writeExtremeInteger(at: start, of: &bytes, generator)
    }
  }
  return bytes
}

/// Overwrites 4 or 8 bytes with a number at which counting goes wrong, in either order of its bytes.
private func writeExtremeInteger(at start: Int, of bytes: inout [UInt8], _ generator: Generator) {
  let extremes: [UInt64] = [
    0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 1 << 32, .max >> 1, 1 << 63, .max, .max - 7, 1 << 30,
    1 << 40,
  ]
  let size = generator.nextInt(in: 0..<2) == 0 ? 4 : 8
  let value = extremes[generator.nextInt(in: 0..<extremes.count)]
  let littleEndian = (0..<size).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
  // Fields mostly lie at multiples of their size.
  let place = generator.nextInt(in: 0..<2) == 0 ? start & -size : start
  for (i, byte) in (generator.nextInt(in: 0..<2) == 0 ? littleEndian : littleEndian.reversed()).enumerated()
  where place + i < bytes.count {
    bytes[place + i] = byte
  }
}
