/// The Mersenne Twister mt19937: 624 words of state, a period of 2^19937 − 1.
///
/// Words come in blocks of 624, so that the recurrence and the tempering are plain loops over
/// memory that the compiler turns into vector code, and a fill reads whole stretches at a time.
///
/// Source: M. Matsumoto and T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed
/// uniform pseudo-random number generator", ACM TOMACS 8 (1998); seeding as in their 2002 revision.
struct MersenneTwister {
  private static let size = 624
  private static let middle = 397

  private var state = [UInt32](repeating: 0, count: size)
  /// The tempered words of the current block; those from `position` on are still to be handed out.
  private var words = [UInt32](repeating: 0, count: size)
  private var position = size

  init(seed: UInt32) {
    state[0] = seed
    for i in 1..<Self.size {
      state[i] = 1_812_433_253 &* (state[i - 1] ^ (state[i - 1] >> 30)) &+ UInt32(i)
    }
  }

  mutating func next() -> UInt32 {
    if position == Self.size { makeBlock() }
    defer { position += 1 }
    return words[position]
  }

  /// Two words, the earlier one in the upper half.
  mutating func next64() -> UInt64 {
    let high = UInt64(next())
    return high << 32 | UInt64(next())
  }

  /// Fills memory with one value from each word.
  @inline(__always)
  mutating func fill<Value>(
    _ buffer: UnsafeMutableBufferPointer<Value>, _ transform: (UInt32) -> Value
  ) {
    var done = 0
    while done < buffer.count {
      if position == Self.size { makeBlock() }
      let count = min(Self.size - position, buffer.count - done)
      words.withUnsafeBufferPointer { words in
        for i in 0..<count { buffer[done + i] = transform(words[position + i]) }
      }
      position += count
      done += count
    }
  }

  /// Fills memory with one value from each pair of words.
  @inline(__always)
  mutating func fill64<Value>(
    _ buffer: UnsafeMutableBufferPointer<Value>, _ transform: (UInt64) -> Value
  ) {
    for i in buffer.indices { buffer[i] = transform(next64()) }
  }

  private mutating func makeBlock() {
    let (size, middle) = (Self.size, Self.middle)
    state.withUnsafeMutableBufferPointer { state in
      func twisted(_ i: Int, _ following: Int) -> UInt32 {
        let mixed = state[i] & 0x8000_0000 | state[following] & 0x7fff_ffff
        return mixed >> 1 ^ (0 &- (mixed & 1)) & 0x9908_b0df
      }
      for i in 0..<size - middle { state[i] = state[i + middle] ^ twisted(i, i + 1) }
      for i in size - middle..<size - 1 { state[i] = state[i + middle - size] ^ twisted(i, i + 1) }
      state[size - 1] = state[middle - 1] ^ twisted(size - 1, 0)
      for i in 0..<size {
        var word = state[i]
        word ^= word >> 11
        word ^= word << 7 & 0x9d2c_5680
        word ^= word << 15 & 0xefc6_0000
        words[i] = word ^ word >> 18
      }
    }
    position = 0
  }
}
