// What the fast convolutions compute with: sums that stay in the processor's registers.
//
// A multiplication is cheap where both of its numbers are at hand, and reading them is what costs. So a tile of sums, R
// rows of three or four vectors, is kept in registers through all of a loop. A step of the loop reads one vector for each
// column and one number, or vector, for each row, and adds all of their products: with 8 rows of 3, eleven reads for 24
// multiplications of 16 numbers each. Processors with AVX-512 have 32 such registers and do two reads and two
// multiplications at a time; 24 sums leave room for what is read, and are enough that none waits for the one before.

/// Sixteen numbers from `place` on.
@inline(__always)
func lanes<T: FloatingElement>(_ place: UnsafePointer<T>) -> SIMD16<T> {
  UnsafeRawPointer(place).loadUnaligned(as: SIMD16<T>.self)
}

@inline(__always)
func store<T: FloatingElement>(_ lanes: SIMD16<T>, to place: UnsafeMutablePointer<T>) {
  UnsafeMutableRawPointer(place).storeBytes(of: lanes, as: SIMD16<T>.self)
}

/// The sum of the sixteen numbers, by halves: what is added at the same time does not wait for each other.
@inline(__always)
func sum<T: FloatingElement>(of lanes: SIMD16<T>) -> T {
  let eight = lanes.lowHalf + lanes.highHalf
  let four = eight.lowHalf + eight.highHalf
  let two = four.lowHalf + four.highHalf
  return two[0] + two[1]
}

/// Vectors side by side, one row of a tile. Properties rather than an array, because those become registers.
protocol TileRow<Element> {
  associatedtype Element: FloatingElement
  static var vectors: Int { get }
  init(_ vector: (Int) -> SIMD16<Element>)
  /// Adds `factor` times each vector of `other`.
  mutating func addProduct(_ factor: SIMD16<Element>, _ other: Self)
  func forEach(_ body: (Int, SIMD16<Element>) -> Void)
}

extension TileRow {
  @inline(__always) static var zero: Self { Self { _ in SIMD16(repeating: 0) } }
}

struct ThreeVectors<Element: FloatingElement>: TileRow {
  private var a, b, c: SIMD16<Element>
  static var vectors: Int { 3 }
  @inline(__always)
  init(_ vector: (Int) -> SIMD16<Element>) { (a, b, c) = (vector(0), vector(1), vector(2)) }
  @inline(__always)
  mutating func addProduct(_ factor: SIMD16<Element>, _ other: Self) {
    a.addProduct(factor, other.a)
    b.addProduct(factor, other.b)
    c.addProduct(factor, other.c)
  }
  @inline(__always)
  func forEach(_ body: (Int, SIMD16<Element>) -> Void) {
    body(0, a)
    body(1, b)
    body(2, c)
  }
}

struct FourVectors<Element: FloatingElement>: TileRow {
  private var a, b, c, d: SIMD16<Element>
  static var vectors: Int { 4 }
  @inline(__always)
  init(_ vector: (Int) -> SIMD16<Element>) { (a, b, c, d) = (vector(0), vector(1), vector(2), vector(3)) }
  @inline(__always)
  mutating func addProduct(_ factor: SIMD16<Element>, _ other: Self) {
    a.addProduct(factor, other.a)
    b.addProduct(factor, other.b)
    c.addProduct(factor, other.c)
    d.addProduct(factor, other.d)
  }
  @inline(__always)
  func forEach(_ body: (Int, SIMD16<Element>) -> Void) {
    body(0, a)
    body(1, b)
    body(2, c)
    body(3, d)
  }
}

/// `rows` rows of sums.
struct RegisterTile<let rows: Int, Row: TileRow> {
  typealias T = Row.Element

  /// y[k, p] = Σ_t w[t, k] · x[offsets[t] + p] for the `rows` channels k and the first 16 · `Row.vectors` positions p.
  ///
  /// - Parameters:
  ///   - w: The weights of the channels for one tap beside each other.
  ///   - pitch: From one channel of y to the next.
  @inline(never)
  static func addShifted(
    _ x: UnsafePointer<T>, _ offsets: UnsafeBufferPointer<Int>, _ w: UnsafePointer<T>,
    into y: UnsafeMutablePointer<T>, pitch: Int
  ) {
    var sums = InlineArray<rows, Row>(repeating: .zero)
    var weights = w
    for offset in offsets {
      let place = x + offset
      let pixels = Row { lanes(place + $0 &* 16) }
      for k in 0..<rows { sums[unchecked: k].addProduct(SIMD16(repeating: weights[k]), pixels) }
      weights += rows
    }
    for k in 0..<rows {
      sums[unchecked: k].forEach { store($1, to: y + (k &* pitch &+ $0 &* 16)) }
    }
  }

  /// sums[k, t] += Σ_p g[k, p] · x[offsets[t] + p] for the `rows` channels k and the first `Row.vectors` taps t. Each sum is
  /// a vector: lane l is the sum over the positions l, 16 + l, 32 + l, ...
  ///
  /// - Parameter pitch: From one channel of g to the next.
  @inline(never)
  static func addCorrelation(
    _ g: UnsafePointer<T>, pitch: Int, _ x: UnsafePointer<T>, _ offsets: UnsafePointer<Int>, positions: Int,
    to sums: UnsafeMutablePointer<T>
  ) {
    var tile = InlineArray<rows, Row>(repeating: .zero)
    for k in 0..<rows {
      tile[unchecked: k] = Row { lanes(sums + (k &* Row.vectors &+ $0) &* 16) }
    }
    var p = 0
    while p < positions {
      let place = x + p
      let pixels = Row { lanes(place + offsets[$0]) }
      let gradients = g + p
      for k in 0..<rows { tile[unchecked: k].addProduct(lanes(gradients + k &* pitch), pixels) }
      p &+= 16
    }
    for k in 0..<rows {
      tile[unchecked: k].forEach { store($1, to: sums + (k &* Row.vectors &+ $0) &* 16) }
    }
  }
}
