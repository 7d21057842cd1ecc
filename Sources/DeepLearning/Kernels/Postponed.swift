// Arithmetic with a plain number is put off until somebody looks at the result.
//
//     (x * 2 + 1).relu()
//
// Done step by step, this walks through memory three times, and where x is large, the walk takes longer than the
// arithmetic. So `x * 2` only notes what is to become of x, `+ 1` notes one step more, and relu, which computes at once,
// does all of it in one walk: a stretch of x at a time goes through the three steps while it lies in the core's
// fastest memory. The numbers are the same to the last bit, because each takes the same steps in the same order.

/// What is to become of `count` numbers at `x`. The results go to `y`, and `spare` has room for as many in between; all three
/// are memory of their own.
typealias Pass = (
  _ x: UnsafeRawPointer, _ y: UnsafeMutableRawPointer, _ spare: UnsafeMutableRawPointer, _ count: Int
) -> Void

/// Numbers that are not there yet: those of `source`, and what is still to be done to each of them.
struct Recipe {
  /// Holds the memory that `first` points to.
  let source: Storage
  let first: UnsafeRawPointer
  let count: Int
  let elementSize: Int
  let pass: Pass
  let steps: Int

  /// Longer recipes are not written: what is looked at twice is computed twice from the source on.
  static let maximalSteps = 8
  /// Elements that take their steps together: few enough that the source, two copies and the result stay in a cache
  /// of 32 KB.
  private static let stretch = 2048

  /// Writes the finished numbers to `y`.
  func run(into y: UnsafeMutableRawPointer) {
    forEachStretch { start, count, spare in
      pass(first + start * elementSize, y + start * elementSize, spare, count)
    }
  }

  /// Calls `body` with the finished numbers, a stretch at a time, and the index of the first of them.
  func run(_ body: (_ values: UnsafeRawPointer, _ start: Int, _ count: Int) -> Void) {
    forEachStretch { start, count, spare in
      let values = spare + Self.stretch * elementSize
      pass(first + start * elementSize, values, spare, count)
      body(UnsafeRawPointer(values), start, count)
    }
  }

  /// Room for two stretches goes with each.
  private func forEachStretch(_ body: (_ start: Int, _ count: Int, _ spare: UnsafeMutableRawPointer) -> Void)
  {
    inParallel(count) { start, count in
      withUnsafeTemporaryAllocation(byteCount: 2 * Self.stretch * elementSize, alignment: 64) { spare in
        for begin in Swift.stride(from: start, to: start + count, by: Self.stretch) {
          body(begin, min(Self.stretch, start + count - begin), spare.baseAddress!)
        }
      }
    }
  }
}

extension Tensor {
  /// What is still to be done for these elements, where it is written down for exactly them.
  var recipe: Recipe? {
    guard storage.isPostponed, isContiguous, offset == 0, let recipe = storage.recipe, recipe.count == count
    else { return nil }
    return recipe
  }

  /// The elements of `x`, which are adjacent in memory, after one step more that is put off.
  fileprivate convenience init(
    _ x: Tensor, then step: @escaping (UnsafeRawPointer, UnsafeMutableRawPointer, _ count: Int) -> Void
  ) {
    let recipe: Recipe
    if let known = x.recipe, known.steps < Recipe.maximalSteps {
      let pass: Pass = { [earlier = known.pass] x, y, spare, count in
        earlier(x, spare, y, count)
        step(spare, y, count)
      }
      recipe = Recipe(
        source: known.source, first: known.first, count: x.count, elementSize: x.dtype.size, pass: pass,
        steps: known.steps + 1)
    } else {
      recipe = Recipe(
        source: x.storage, first: x.firstByte, count: x.count, elementSize: x.dtype.size,
        pass: { x, y, _, count in step(x, y, count) }, steps: 1)
    }
    self.init(
      storage: Storage(recipe), offset: 0, shape: x.shape, strides: x.strides, dtype: x.dtype, count: x.count,
      isContiguous: true)
  }

  private var firstByte: UnsafeRawPointer { UnsafeRawPointer(storage.base + offset * dtype.size) }
}

/// f(a, b) with a single number on one side, put off; nil where that does not pay, or is something else.
func postponed<F: BinaryKernel>(_ f: F, _ a: Tensor, _ b: Tensor) -> Tensor?
where F.First == F.Second, F.Output == F.First {
  typealias E = F.Output
  if b.rank == 0 && a.count >= parallelThreshold && a.isContiguous {
    let b = b.pointer(E.self).pointee
    return Tensor(a) { x, y, count in
      withUnsafePointer(to: b) {
        applyToRow(f, x.assumingMemoryBound(to: E.self), 1, $0, 0, y.assumingMemoryBound(to: E.self), count)
      }
    }
  }
  if a.rank == 0 && b.count >= parallelThreshold && b.isContiguous {
    let a = a.pointer(E.self).pointee
    return Tensor(b) { x, y, count in
      withUnsafePointer(to: a) {
        applyToRow(f, $0, 0, x.assumingMemoryBound(to: E.self), 1, y.assumingMemoryBound(to: E.self), count)
      }
    }
  }
  return nil
}
