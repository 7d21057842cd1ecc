// Loops that apply one function to every element.
//
// They take the function as a type, not as a closure: the compiler then makes a loop of its own for each
// function, with the function inside it, which runs on 8 or 16 numbers at once. A closure would stay a call
// for every element.

/// A function of one element.
protocol UnaryKernel: Sendable {
  associatedtype Input: TensorElement
  associatedtype Output: TensorElement
  func callAsFunction(_ x: Input) -> Output
  /// Writes the results by a quicker way, and tells whether that gives the same for all of these inputs. False where there
  /// is no such way.
  func quickly(_ x: UnsafePointer<Input>, into y: UnsafeMutablePointer<Output>, _ count: Int) -> Bool
}

extension UnaryKernel {
  @inline(__always)
  func quickly(_ x: UnsafePointer<Input>, into y: UnsafeMutablePointer<Output>, _ count: Int) -> Bool {
    false
  }
}

/// A function of two elements.
protocol BinaryKernel: Sendable {
  associatedtype First: TensorElement
  associatedtype Second: TensorElement
  associatedtype Output: TensorElement
  func callAsFunction(_ a: First, _ b: Second) -> Output
}

/// A function of three elements.
protocol TernaryKernel: Sendable {
  associatedtype First: TensorElement
  associatedtype Second: TensorElement
  associatedtype Third: TensorElement
  associatedtype Output: TensorElement
  func callAsFunction(_ a: First, _ b: Second, _ c: Third) -> Output
}

/// out[i] = f(x[i]); `out` is contiguous and has the shape of `x`.
func map<F: UnaryKernel>(_ x: Tensor, into out: Tensor, _ f: F) {
  let target = out.pointer(F.Output.self)
  if let recipe = x.recipe {
    recipe.run { values, start, count in
      applyToRow(f, values.assumingMemoryBound(to: F.Input.self), target + start, count)
    }
    return
  }
  let x = contiguous(x)
  let source = UnsafePointer(x.pointer(F.Input.self))
  inParallel(out.count) { start, count in applyToRow(f, source + start, target + start, count) }
}

/// out[i] = f(a[i], b[i]); `out` is contiguous, and `a` and `b` stretch to its shape.
func map<F: BinaryKernel>(_ a: Tensor, _ b: Tensor, into out: Tensor, _ f: F) {
  let target = out.pointer(F.Output.self)
  if a.isContiguous && b.isContiguous && a.count == out.count && b.count == out.count {
    let first = UnsafePointer(a.pointer(F.First.self))
    let second = UnsafePointer(b.pointer(F.Second.self))
    inParallel(out.count) { start, count in
      applyToRow(f, first + start, 1, second + start, 1, target + start, count)
    }
    return
  }
  let a = withSimpleRows(a, in: out.shape)
  let b = withSimpleRows(b, in: out.shape)
  let first = UnsafePointer(a.pointer(F.First.self))
  let second = UnsafePointer(b.pointer(F.Second.self))
  let operands = [out.strides, broadcastStrides(a, to: out.shape), broadcastStrides(b, to: out.shape)]
  Rows(out.shape, operands).forEachInParallel { offsets, count, steps in
    applyToRow(f, first + offsets[1], steps[1], second + offsets[2], steps[2], target + offsets[0], count)
  }
}

/// out[i] = f(a[i], b[i], c[i]); `out` is contiguous, and the operands stretch to its shape.
func map<F: TernaryKernel>(_ a: Tensor, _ b: Tensor, _ c: Tensor, into out: Tensor, _ f: F) {
  let target = out.pointer(F.Output.self)
  let first = UnsafePointer(a.pointer(F.First.self))
  let second = UnsafePointer(b.pointer(F.Second.self))
  let third = UnsafePointer(c.pointer(F.Third.self))
  let operands = [out.strides] + [a, b, c].map { broadcastStrides($0, to: out.shape) }
  Rows(out.shape, operands).forEachInParallel { offsets, count, steps in
    applyToRow(
      f, first + offsets[1], steps[1], second + offsets[2], steps[2], third + offsets[3], steps[3],
      target + offsets[0], count)
  }
}

// The loops themselves: compiled once for each function, however many callers they have.

@inline(never)
private func applyToRow<F: UnaryKernel>(
  _ f: F, _ x: UnsafePointer<F.Input>, _ out: UnsafeMutablePointer<F.Output>, _ count: Int
) {
  // Few enough that the inputs are still in the first-level cache where they are needed once more.
  let length = 2048
  for start in stride(from: 0, to: count, by: length) {
    let (x, out, count) = (x + start, out + start, min(length, count - start))
    if !f.quickly(x, into: out, count) {
      for i in 0..<count { out[i] = f(x[i]) }
    }
  }
}

/// A step is 1, or 0 for an operand that is one number for the whole row.
@inline(never)
func applyToRow<F: BinaryKernel>(
  _ f: F, _ a: UnsafePointer<F.First>, _ stepA: Int, _ b: UnsafePointer<F.Second>, _ stepB: Int,
  _ out: UnsafeMutablePointer<F.Output>, _ count: Int
) {
  switch (stepA, stepB) {
  case (1, 1):
    for i in 0..<count { out[i] = f(a[i], b[i]) }
  case (1, _):
    let b = b[0]
    for i in 0..<count { out[i] = f(a[i], b) }
  default:
    let a = a[0]
    for i in 0..<count { out[i] = f(a, b[i &* stepB]) }
  }
}

@inline(never)
private func applyToRow<F: TernaryKernel>(
  _ f: F, _ a: UnsafePointer<F.First>, _ stepA: Int, _ b: UnsafePointer<F.Second>, _ stepB: Int,
  _ c: UnsafePointer<F.Third>, _ stepC: Int, _ out: UnsafeMutablePointer<F.Output>, _ count: Int
) {
  for i in 0..<count { out[i] = f(a[i &* stepA], b[i &* stepB], c[i &* stepC]) }
}

/// The tensor in a layout whose rows, once stretched to `shape`, are adjacent numbers or one number.
private func withSimpleRows(_ x: Tensor, in shape: [Int]) -> Tensor {
  // Only the last dimension of more than one element decides how a row steps.
  guard let last = shape.lastIndex(where: { $0 != 1 }) else { return x }
  let step = broadcastStrides(x, to: shape)[last]
  return step == 1 || step == 0 ? x : contiguous(x)
}

/// Sets every element.
func fill(_ out: Tensor, with value: some TensorScalar) {
  func set<T: TensorElement>(_ value: T) {
    let target = out.pointer(T.self)
    Rows(out.shape, [out.strides]).forEachInParallel { offsets, count, steps in
      let target = target + offsets[0]
      if steps[0] == 1 {
        for i in 0..<count { target[i] = value }
      } else {
        for i in 0..<count { target[i &* steps[0]] = value }
      }
    }
  }
  switch out.dtype {
  case .float32: set(convertElement(value) as Float)
  case .float64: set(convertElement(value) as Double)
  case .int64: set(convertElement(value) as Int)
  case .bool: set(convertElement(value) as Bool)
  }
}

/// Copies `source`, stretched to the shape of `out` and converted to its type, into `out`.
func copyElements(of source: Tensor, into out: Tensor) {
  func from<A: TensorElement>(_: A.Type) {
    switch out.dtype {
    case .float32: copyRows(source, A.self, out, Float.self)
    case .float64: copyRows(source, A.self, out, Double.self)
    case .int64: copyRows(source, A.self, out, Int.self)
    case .bool: copyRows(source, A.self, out, Bool.self)
    }
  }
  switch source.dtype {
  case .float32: from(Float.self)
  case .float64: from(Double.self)
  case .int64: from(Int.self)
  case .bool: from(Bool.self)
  }
}

private func copyRows<A: TensorElement, R: TensorElement>(_ x: Tensor, _: A.Type, _ out: Tensor, _: R.Type) {
  let source = x.pointer(A.self)
  let target = out.pointer(R.self)
  Rows(out.shape, [out.strides, broadcastStrides(x, to: out.shape)]).forEachInParallel {
    offsets, count, steps in
    copyRow(source + offsets[1], steps[1], target + offsets[0], steps[0], count)
  }
}

@inline(never)
private func copyRow<A: TensorElement, R: TensorElement>(
  _ x: UnsafePointer<A>, _ step: Int, _ out: UnsafeMutablePointer<R>, _ outStep: Int, _ count: Int
) {
  if step == 1 && outStep == 1 {
    if A.self == R.self {
      UnsafeMutableRawPointer(out).copyMemory(from: x, byteCount: count * MemoryLayout<A>.stride)
    } else {
      for i in 0..<count { out[i] = convertElement(x[i]) }
    }
  } else {
    for i in 0..<count { out[i &* outStep] = convertElement(x[i &* step]) }
  }
}

/// The elements of `x` in row-major order: `x` itself where they lie so already. Not recorded.
package func contiguous(_ x: Tensor) -> Tensor {
  if x.isContiguous { return x }
  let result = Tensor(uninitialized: x.shape, dtype: x.dtype)
  copyElements(of: x, into: result)
  return result
}
