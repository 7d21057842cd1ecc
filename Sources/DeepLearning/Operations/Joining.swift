/// The tensors one after another along an existing dimension;  each takes its part of the gradient.
public func cat(_ tensors: [Tensor], dim: Int = 0) -> Tensor {
  guard let first = tensors.first else { fail("cat", "needs at least one tensor") }
  let d = normalized(dim, rank: first.rank, operation: "cat")
  check(first.rank > 0, "cat", "single numbers have no dimension to be joined along; stack() makes one")
  var shape = first.shape
  shape[d] = 0
  for (i, tensor) in tensors.enumerated() {
    var expected = first.shape
    if tensor.rank == expected.count { expected[d] = tensor.shape[d] }
    check(
      tensor.shape == expected, "cat",
      "tensor 0 is \(describe(first.shape)) and tensor \(i) is \(describe(tensor.shape)); "
        + "they may differ only in dimension \(d)")
    shape[d] += tensor.shape[d]
  }
  let type = tensors.reduce(first.dtype) { .promote($0, $1.dtype) }
  let result = Tensor(uninitialized: shape, dtype: type)
  var starts: [Int] = []
  var position = 0
  for tensor in tensors {
    starts.append(position)
    let part = result.alias(
      shape: tensor.shape, strides: result.strides, offset: position * result.strides[d])
    copyElements(of: tensor, into: part)
    position += tensor.shape[d]
  }
  let lengths = tensors.map { $0.shape[d] }
  return record("CatBackward0", result, tensors) { gradient, _ in
    zip(starts, lengths).map { gradient.narrow(d, $0, $1) }
  }
}

/// Tensors of one shape side by side along a new dimension.
public func stack(_ tensors: [Tensor], dim: Int = 0) -> Tensor {
  guard let first = tensors.first else { fail("stack", "needs at least one tensor") }
  for (i, tensor) in tensors.enumerated() {
    check(
      tensor.shape == first.shape, "stack",
      "tensor 0 is \(describe(first.shape)) and tensor \(i) is \(describe(tensor.shape)); they must be equal")
  }
  let d = normalized(dim, rank: first.rank + 1, operation: "stack")
  return cat(tensors.map { $0.unsqueeze(d) }, dim: d)
}

/// Sequences (Lᵢ, …) of different lengths as one tensor (T, B, …), T the largest length, or (B, T, …): behind its
/// end each is filled up with `paddingValue`. The gradient of a sequence is its part of the result's.
public func padSequence(
  _ sequences: [Tensor], batchFirst: Bool = false, paddingValue: Double = 0
) -> Tensor {
  guard let first = sequences.first else { fail("pad_sequence", "needs at least one tensor") }
  for (i, sequence) in sequences.enumerated() {
    check(
      sequence.rank > 0 && sequence.shape.dropFirst() == first.shape.dropFirst(), "pad_sequence",
      "tensor 0 is \(describe(first.shape)) and tensor \(i) is \(describe(sequence.shape)); "
        + "they may differ only in dimension 0")
  }
  let longest = sequences.map { $0.shape[0] }.max()!
  let unpadded = [Int](repeating: 0, count: 2 * (first.rank - 1))
  let padded = sequences.map { $0.pad(unpadded + [0, longest - $0.shape[0]], value: paddingValue) }
  return stack(padded, dim: batchFirst ? 0 : 1)
}

extension Tensor {
  /// Consecutive parts of `size` along `dim`; the last may be shorter. Views.
  public func split(_ size: Int, dim: Int = 0) -> [Tensor] {
    let d = normalized(dim, rank: rank, operation: "split")
    check(size > 0, "split", "parts must have at least 1 element, not \(size)")
    return stride(from: 0, to: shape[d], by: size).map { narrow(d, $0, Swift.min(size, shape[d] - $0)) }
  }

  /// `count` parts along `dim` of equal size; the last may be shorter. Views.
  public func chunk(_ count: Int, dim: Int = 0) -> [Tensor] {
    let d = normalized(dim, rank: rank, operation: "chunk")
    check(count > 0, "chunk", "there must be at least 1 part, not \(count)")
    return split(Swift.max(1, (shape[d] + count - 1) / count), dim: d)
  }

  /// Every position along `dim`, without that dimension. Views.
  public func unbind(_ dim: Int = 0) -> [Tensor] {
    let d = normalized(dim, rank: rank, operation: "unbind")
    return (0..<shape[d]).map { select(d, $0) }
  }

  /// The whole repeated `counts[d]` times along each dimension d (a copy).
  public func `repeat`(_ counts: Int...) -> Tensor {
    check(
      counts.count >= rank, "repeat",
      "\(counts.count) counts for the \(rank) dimensions of \(describe(shape))")
    let old = Array(Swift.repeatElement(1, count: counts.count - rank)) + shape
    let interleaved = zip(counts, old).flatMap { [$0, $1] }
    return reshape(old.flatMap { [1, $0] }).expand(interleaved).reshape(zip(counts, old).map { $0 * $1 })
  }
}
