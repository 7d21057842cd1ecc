// The product of matrices by tiles of sums that stay in registers (RegisterTile.swift). A row of b and a column of a are
// read for each step:
//
//     c[i, j] += a[i, p] · b[p, j]        i in 8 rows, j in 48 columns, p = 0, 1, ...
//
// The 48 columns of b, a panel, serve all rows of a. The first tile reads them from where they lie and writes them side by
// side, so that the others find them in the cache and in their order. Rows of a are read as they are.
//
// The cores divide the work into pieces of some rows and columns of c, and each takes the next when it is done with one.
// Computed by tiles, most products take 60 to 90 % of the time that BLAS needs for its parts on each core: BLAS copies both
// matrices first, and waits for the slower of the cores. Each sum is added up in the order of p, whatever the pieces and the
// number of cores.

/// A matrix as steps through memory: element (i, j) is at i · row + j · column.
struct Steps {
  let row, column: Int
}

/// c = a b, or c += a b, for `a` of m×k, `b` of k×n and `c` of m×n elements.
struct ProductByTiles {
  let m, n, k: Int
  let a, b: Steps
  /// From one row of c to the next.
  let pitch: Int
  let isAdding: Bool

  /// How many steps are taken at a time: a panel then fills at most 192 KB, and a few of them stay in the second-level
  /// cache.
  private static let depth = 1024

  /// Whether this takes less time than BLAS, on a processor with registers of sixteen numbers. BLAS has kernels that copy
  /// nothing where the product is small, or has only a few rows or columns.
  var isFaster: Bool { BLAS.hasWideRegisters && m >= 8 && n >= 16 && m * n * k >= 1 << 19 }

  func run(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
    onAllCores: Bool
  ) {
    for start in stride(from: 0, to: k, by: Self.depth) {
      let some = SomeSteps(
        product: self, a: a + start * self.a.column, b: b + start * self.b.row, c: c,
        depth: min(Self.depth, k - start), isAdding: isAdding || start > 0,
        workers: onAllCores ? coreCount : 1)
      inParallel(pieces: some.pieceCount, onAllCores: onAllCores, some.work)
    }
  }
}

/// The part of a product that up to ``ProductByTiles/depth`` steps add.
private struct SomeSteps {
  let product: ProductByTiles
  let a, b: UnsafePointer<Float>
  let c: UnsafeMutablePointer<Float>
  let depth: Int
  let isAdding: Bool

  private let panels: Int
  /// How many panels a piece has. Where a has half a megabyte or more, each core reads its rows once for four panels, and
  /// leaves those of the other core alone.
  private let panelsAtOnce: Int
  /// How many rows a piece has.
  private let height: Int
  private let blocks, groups: Int
  /// Rows of a whose numbers are not adjacent are too far apart, once there are many.
  private let copiesRows: Bool
  /// For each worker, its panels and its rows.
  private let panelMemory, rowMemory: Storage
  private var panelLength: Int { depth * Panel.width }

  init(
    product: ProductByTiles, a: UnsafePointer<Float>, b: UnsafePointer<Float>, c: UnsafeMutablePointer<Float>,
    depth: Int, isAdding: Bool, workers: Int
  ) {
    (self.product, self.a, self.b, self.c) = (product, a, b, c)
    (self.depth, self.isAdding) = (depth, isAdding)
    panels = (product.n + Panel.width - 1) / Panel.width
    panelsAtOnce = product.m * depth >= 1 << 17 ? min(4, panels) : 1
    groups = (panels + panelsAtOnce - 1) / panelsAtOnce
    // Pieces enough that the cores are done at almost the same time.
    var height = panelsAtOnce == 1 ? 64 : 32
    while height > 16 && (product.m + height - 1) / height * groups < 8 * workers { height /= 2 }
    self.height = height
    blocks = (product.m + height - 1) / height
    copiesRows = product.a.row == 1 && product.m * depth > 1 << 17
    let number = MemoryLayout<Float>.stride
    panelMemory = Storage(byteCount: workers * panelsAtOnce * depth * Panel.width * number)
    rowMemory = Storage(byteCount: copiesRows ? workers * height * depth * number : 0)
  }

  /// The columns of a panel. Two panels of 32 columns take less time than one of 48 and one of 16, whose eight sums wait for
  /// one another; so the last but one gives sixteen of its columns to a last one that would have no more.
  private func columns(_ panel: Int) -> Range<Int> {
    let shares = panels > 1 && product.n - (panels - 1) * Panel.width <= 16
    func left(_ panel: Int) -> Int {
      min(product.n, panel * Panel.width - (shares && panel == panels - 1 ? 16 : 0))
    }
    return left(panel)..<left(panel + 1)
  }

  /// A piece is a block of rows in the columns of a group of panels. Neighbours have the same panels.
  var pieceCount: Int { groups * blocks }

  func work(_ pieces: inout Pieces) {
    let copies =
      panelMemory.base.assumingMemoryBound(to: Float.self) + pieces.worker * panelsAtOnce * panelLength
    let rows = rowMemory.base.assumingMemoryBound(to: Float.self) + pieces.worker * height * depth
    var panels: [Panel] = []
    var present = -1
    while let piece = pieces.next() {
      let (group, block) = piece.quotientAndRemainder(dividingBy: blocks)
      if group != present {
        panels = self.panels(of: group, copies)
        present = group
      }
      let top = block * height
      let count = min(height, product.m - top)
      var strips = Strips(first: a + top * product.a.row, pitch: 8 * product.a.row, steps: product.a)
      if copiesRows { strips = strips.copied(rows: count, depth: depth, to: rows) }
      for i in panels.indices {
        let left = columns(group * panelsAtOnce + i).lowerBound
        let (c, copy) = (c + (top * product.pitch + left), copies + i * panelLength)
        switch (panels[i].columns + 15) / 16 {
        case 1: multiply(strips, count, &panels[i], copy, into: c, OneVector.self)
        case 2: multiply(strips, count, &panels[i], copy, into: c, TwoVectors.self)
        default: multiply(strips, count, &panels[i], copy, into: c, ThreeVectors.self)
        }
      }
    }
  }

  /// Where the panels of a group are to be read first. Those that the tiles can read have not been copied yet.
  private func panels(of group: Int, _ copies: UnsafeMutablePointer<Float>) -> [Panel] {
    let first = group * panelsAtOnce
    return (first..<min(panels, first + panelsAtOnce)).map { i in
      let columns = columns(i)
      let panel = Panel(
        first: b + columns.lowerBound * product.b.column, pitch: product.b.row, depth: depth,
        columns: columns.count)
      let isReadable = product.b.column == 1 && panel.columns % 16 == 0
      return isReadable ? panel : panel.copied(step: product.b.column, to: copies + (i - first) * panelLength)
    }
  }

  /// Some rows of c, in the columns of one panel: eight at a time, then four, two and one.
  private func multiply<Row: TileRow>(
    _ a: Strips, _ count: Int, _ b: inout Panel, _ copy: UnsafeMutablePointer<Float>,
    into c: UnsafeMutablePointer<Float>, _: Row.Type
  ) {
    var i = 0
    func tiles<let rows: Int>(_ tile: RegisterTile<rows, Row>.Type) {
      while i + rows <= count {
        let (row, c) = (a.row(i), c + i * product.pitch)
        if b.columns != 16 * Row.vectors {
          tile.multiplyPart(row, a.steps, b, into: c, pitch: product.pitch, isAdding: isAdding)
        } else if b.first == UnsafePointer(copy) || product.m <= 16 {
          tile.multiply(row, a.steps, b, into: c, pitch: product.pitch, isAdding: isAdding)
        } else {
          tile.multiply(row, a.steps, b, copying: copy, into: c, pitch: product.pitch, isAdding: isAdding)
          b = Panel(first: copy, pitch: b.columns, depth: depth, columns: b.columns)
        }
        i += rows
      }
    }
    tiles(RegisterTile<8, Row>.self)
    tiles(RegisterTile<4, Row>.self)
    tiles(RegisterTile<2, Row>.self)
    tiles(RegisterTile<1, Row>.self)
  }
}
