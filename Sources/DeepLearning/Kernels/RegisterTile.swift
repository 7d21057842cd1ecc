// What the fast convolutions compute with: sums that stay in the processor's registers.
//
// A multiplication is cheap where both of its numbers are at hand, and reading them is what costs. So a tile of sums, R
// rows of three or four vectors, is kept in registers through all of a loop. A step of the loop reads one vector for each
// column and one number, or vector, for each row, and adds all of their products: with 8 rows of 3, eleven reads for 24
// multiplications of 16 numbers each. Processors with AVX-512 have 32 such registers and do two reads and two
// multiplications at a time; 24 sums leave room for what is read, and are enough that none waits for the one before.

/// Sixteen numbers: one register.
typealias Lanes = SIMD16<Float>

@inline(__always)
func load(_ place: UnsafePointer<Float>) -> Lanes {
  UnsafeRawPointer(place).loadUnaligned(as: Lanes.self)
}

@inline(__always)
func store(_ lanes: Lanes, to place: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(place).storeBytes(of: lanes, as: Lanes.self)
}

/// y[i] = x[2 i] + x[2 i + 1]
@inline(__always)
private func addPairs(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int) {
  for i in 0..<count { y[i] = x[2 &* i] + x[2 &* i &+ 1] }
}

/// Vectors side by side, one row of a tile. Properties rather than an array, because those become registers.
protocol TileRow {
  static var vectors: Int { get }
  init(_ vector: (Int) -> Lanes)
  /// Adds `factor` times each vector of `other`.
  mutating func addProduct(_ factor: Lanes, _ other: Self)
  mutating func add(_ other: Self)
  func forEach(_ body: (Int, Lanes) -> Void)
}

extension TileRow {
  @inline(__always) static var zero: Self { Self { _ in Lanes(repeating: 0) } }
}

struct OneVector: TileRow {
  private var a: Lanes
  static var vectors: Int { 1 }
  @inline(__always)
  init(_ vector: (Int) -> Lanes) { a = vector(0) }
  @inline(__always)
  mutating func addProduct(_ factor: Lanes, _ other: Self) { a.addProduct(factor, other.a) }
  @inline(__always)
  mutating func add(_ other: Self) { a += other.a }
  @inline(__always)
  func forEach(_ body: (Int, Lanes) -> Void) { body(0, a) }
}

struct TwoVectors: TileRow {
  private var a, b: Lanes
  static var vectors: Int { 2 }
  @inline(__always)
  init(_ vector: (Int) -> Lanes) { (a, b) = (vector(0), vector(1)) }
  @inline(__always)
  mutating func addProduct(_ factor: Lanes, _ other: Self) {
    a.addProduct(factor, other.a)
    b.addProduct(factor, other.b)
  }
  @inline(__always)
  mutating func add(_ other: Self) {
    a += other.a
    b += other.b
  }
  @inline(__always)
  func forEach(_ body: (Int, Lanes) -> Void) {
    body(0, a)
    body(1, b)
  }
}

struct ThreeVectors: TileRow {
  private var a, b, c: Lanes
  static var vectors: Int { 3 }
  @inline(__always)
  init(_ vector: (Int) -> Lanes) { (a, b, c) = (vector(0), vector(1), vector(2)) }
  @inline(__always)
  mutating func addProduct(_ factor: Lanes, _ other: Self) {
    a.addProduct(factor, other.a)
    b.addProduct(factor, other.b)
    c.addProduct(factor, other.c)
  }
  @inline(__always)
  mutating func add(_ other: Self) {
    a += other.a
    b += other.b
    c += other.c
  }
  @inline(__always)
  func forEach(_ body: (Int, Lanes) -> Void) {
    body(0, a)
    body(1, b)
    body(2, c)
  }
}

struct FourVectors: TileRow {
  private var a, b, c, d: Lanes
  static var vectors: Int { 4 }
  @inline(__always)
  init(_ vector: (Int) -> Lanes) { (a, b, c, d) = (vector(0), vector(1), vector(2), vector(3)) }
  @inline(__always)
  mutating func addProduct(_ factor: Lanes, _ other: Self) {
    a.addProduct(factor, other.a)
    b.addProduct(factor, other.b)
    c.addProduct(factor, other.c)
    d.addProduct(factor, other.d)
  }
  @inline(__always)
  mutating func add(_ other: Self) {
    a += other.a
    b += other.b
    c += other.c
    d += other.d
  }
  @inline(__always)
  func forEach(_ body: (Int, Lanes) -> Void) {
    body(0, a)
    body(1, b)
    body(2, c)
    body(3, d)
  }
}

/// `rows` rows of sums.
struct RegisterTile<let rows: Int, Row: TileRow> {
  /// y[k, p] = Σ_t w[t, k] · x[offsets[t] + p] for the `rows` channels k and the first 16 · `Row.vectors` positions p.
  ///
  /// - Parameters:
  ///   - w: The weights of the channels for one tap beside each other.
  ///   - pitch: From one channel of y to the next.
  @inline(never)
  static func addShifted(
    _ x: UnsafePointer<Float>, _ offsets: UnsafeBufferPointer<Int>, _ w: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, pitch: Int
  ) {
    var sums = InlineArray<rows, Row>(repeating: .zero)
    var weights = w
    for offset in offsets {
      let place = x + offset
      let pixels = Row { load(place + $0 &* 16) }
      for k in 0..<rows { sums[unchecked: k].addProduct(Lanes(repeating: weights[k]), pixels) }
      weights += rows
    }
    for k in 0..<rows {
      sums[unchecked: k].forEach { store($1, to: y + (k &* pitch &+ $0 &* 16)) }
    }
  }

  /// The numbers that ``addCorrelation(_:pitch:_:_:over:to:scratch:)`` needs room for.
  static var scratchCount: Int { 24 * rows * Row.vectors }

  /// sums[k, t] += Σ_p g[k, p] · x[offsets[t] + p] for the `rows` channels k and the first `Row.vectors` taps t. Positions
  /// 16 apart share a lane of a register; the lanes are added up at the end.
  ///
  /// - Parameters:
  ///   - pitch: From one channel of g to the next.
  ///   - runs: The positions. The length of a run is a multiple of 16.
  @inline(never)
  static func addCorrelation(
    _ g: UnsafePointer<Float>, pitch: Int, _ x: UnsafePointer<Float>, _ offsets: UnsafePointer<Int>,
    over runs: ShiftLayout.Runs, to sums: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    var tile = InlineArray<rows, Row>(repeating: .zero)
    for run in 0..<runs.count {
      let start = run &* runs.pitch
      var p = start
      while p < start &+ runs.length {
        let place = x + p
        let pixels = Row { load(place + offsets[$0]) }
        let gradients = g + p
        for k in 0..<rows { tile[unchecked: k].addProduct(load(gradients + k &* pitch), pixels) }
        p &+= 16
      }
    }
    for k in 0..<rows {
      tile[unchecked: k].forEach { store($1, to: scratch + (k &* Row.vectors &+ $0) &* 16) }
    }
    // Sixteen numbers to eight, to four, to two, to one, for all sums at a time.
    let count = rows &* Row.vectors
    let other = scratch + 16 &* count
    addPairs(scratch, into: other, count: 8 &* count)
    addPairs(other, into: scratch, count: 4 &* count)
    addPairs(scratch, into: other, count: 2 &* count)
    for i in 0..<count { sums[i] += other[2 &* i] + other[2 &* i &+ 1] }
  }

  /// sums[m] = start[m] + Σ_t x[places[m].start + steps[t].distance] · v[steps[t].vectors] for the `rows` rows m, where
  /// v and each of the sums are `Row.vectors` vectors beside each other.
  ///
  /// The products are added up by themselves before they are added to what was there: of a long sum made of such pieces
  /// the rounding error is that of short ones.
  ///
  /// - Parameter start: What every row begins with; nil if it goes on from the sums that are there.
  @inline(never)
  static func addOuterProducts(
    _ x: UnsafePointer<Float>, _ v: UnsafePointer<Float>, _ steps: UnsafeBufferPointer<OuterProductStep>,
    startingFrom start: UnsafePointer<Float>?, into sums: UnsafeMutablePointer<Float>,
    _ places: UnsafePointer<OuterProductRow>
  ) {
    var tile = InlineArray<rows, Row>(repeating: .zero)
    let numbers = InlineArray<rows, UnsafePointer<Float>> { x + places[$0].start }
    @inline(__always)
    func add(_ step: OuterProductStep, _ vectors: UnsafePointer<Float>) {
      let row = Row { load(vectors + $0 &* 16) }
      for k in 0..<rows {
        tile[unchecked: k].addProduct(Lanes(repeating: numbers[unchecked: k][Int(step.distance)]), row)
      }
    }
    let lanes = 16 &* Row.vectors
    if let first = steps.first,
      Int(steps[steps.count - 1].vectors - first.vectors) == (steps.count - 1) &* lanes
    {
      // The vectors stand one behind the other: a number less to read for each step.
      var vectors = v + Int(first.vectors)
      for step in steps {
        add(step, vectors)
        vectors += lanes
      }
    } else {
      for step in steps { add(step, v + Int(step.vectors)) }
    }
    for k in 0..<rows {
      let target = sums + places[k].sums
      let before = start ?? UnsafePointer(target)
      tile[unchecked: k].add(Row { load(before + $0 &* 16) })
      tile[unchecked: k].forEach { store($1, to: target + $0 &* 16) }
    }
  }
}

/// One row of a tile of outer products: from where on it reads numbers, and where its sums stand.
struct OuterProductRow {
  let start, sums: Int
}

extension [OuterProductRow] {
  /// Adds rows until there are a multiple of `tileRows`. They read what the first row reads, and their sums go behind `count`
  /// others.
  mutating func fillTiles(of tileRows: Int, behind count: Int, lanes: Int) {
    for surplus in 0..<rounded(self.count, to: tileRows) - self.count {
      append(OuterProductRow(start: self[0].start, sums: (count + surplus) * lanes))
    }
  }
}

/// One step of a sum of outer products: at which distance from its start each row reads, and where the vectors stand. Short
/// numbers, because there are many steps; images are never so large that these would not do (``ChannelLayout/isSuitable(channels:)``).
struct OuterProductStep {
  let distance, vectors: Int32

  @inline(__always)
  init(distance: Int, vectors: Int) { (self.distance, self.vectors) = (Int32(distance), Int32(vectors)) }
}
