/// Strides of a row-major array: the last dimension is adjacent in memory.
package func contiguousStrides(_ shape: [Int]) -> [Int] {
  var strides = shape
  var step = 1
  for d in stride(from: shape.count - 1, through: 0, by: -1) {
    strides[d] = step
    step *= max(1, shape[d])
  }
  return strides
}

/// Number of elements of a shape; 1 for the empty shape, which is a single number.
@inline(__always)
package func elementCount(_ shape: [Int]) -> Int {
  var count = 1
  for size in shape { count *= size }
  return count
}

/// Number of elements of a shape that is to be made, after asking whether it can be.
func checkedCount(of shape: [Int], _ dtype: DType) -> Int {
  var bytes = dtype.size
  for size in shape {
    check(size >= 0, "Tensor", "the shape \(describe(shape)) has a negative size")
    let (product, isTooLarge) = bytes.multipliedReportingOverflow(by: size)
    check(!isTooLarge, "Tensor", "no memory holds the shape \(describe(shape)) of \(dtype)")
    bytes = product
  }
  return bytes / dtype.size
}

/// A shape as Swift and Python both write a tuple: `(3, 4)`, `(5,)`, `()`.
package func describe(_ shape: [Int]) -> String {
  shape.count == 1 ? "(\(shape[0]),)" : "(\(shape.map(String.init).joined(separator: ", ")))"
}

/// The shape to which both operands stretch: aligned at the last dimension, each pair of sizes equal or
/// one of them 1.
func broadcastShape(_ a: [Int], _ b: [Int], operation: @autoclosure () -> String) -> [Int] {
  if a == b { return a }
  let rank = max(a.count, b.count)
  var result = [Int](repeating: 1, count: rank)
  for i in 0..<rank {
    let sizeA = i < rank - a.count ? 1 : a[i - (rank - a.count)]
    let sizeB = i < rank - b.count ? 1 : b[i - (rank - b.count)]
    check(
      sizeA == sizeB || sizeA == 1 || sizeB == 1, operation(),
      "shapes \(describe(a)) and \(describe(b)) do not broadcast: "
        + "dimension \(i) has \(sizeA) and \(sizeB) elements, which must be equal or one of them 1")
    result[i] = sizeA == 1 ? sizeB : sizeA
  }
  return result
}

/// Strides that walk `tensor` as if it had `shape`: a stretched dimension has stride 0.
func broadcastStrides(_ tensor: Tensor, to shape: [Int]) -> [Int] {
  let missing = shape.count - tensor.shape.count
  var strides = [Int](repeating: 0, count: shape.count)
  for d in 0..<tensor.shape.count where tensor.shape[d] != 1 { strides[missing + d] = tensor.strides[d] }
  return strides
}

/// Turns a dimension that counts from the end (`-1` is the last) into one that counts from the start.
func normalized(_ dim: Int, rank: Int, operation: @autoclosure () -> String) -> Int {
  let limit = max(rank, 1)
  check(
    dim >= -limit && dim < limit, operation(),
    "dimension \(dim) does not exist: a tensor of \(rank) dimensions has \(-limit) ... \(limit - 1)")
  return dim < 0 ? dim + limit : dim
}

/// The strides of `shape` laid over the same memory, or nil where that would need a copy.
func viewStrides(of tensor: Tensor, as shape: [Int]) -> [Int]? {
  if tensor.isContiguous { return contiguousStrides(shape) }
  if tensor.count == 0 { return contiguousStrides(shape) }
  // Walk both shapes from the end. A run of old dimensions that is evenly spaced in memory can be cut
  // into new ones at will.
  var strides = [Int](repeating: 1, count: shape.count)
  var new = shape.count - 1
  var old = tensor.shape.count - 1
  while old >= 0 {
    guard tensor.shape[old] != 1 else {
      old -= 1
      continue
    }
    let base = tensor.strides[old]
    var runCount = tensor.shape[old]
    while old > 0
      && (tensor.shape[old - 1] == 1
        || tensor.strides[old - 1] == base * runCount)
    {
      old -= 1
      runCount *= tensor.shape[old]
    }
    var filled = 1
    while new >= 0 && (filled < runCount || shape[new] == 1) {
      strides[new] = base * filled
      filled *= shape[new]
      new -= 1
    }
    guard filled == runCount else { return nil }
    old -= 1
  }
  return strides
}
