/// A sum of products in Einstein's notation: `einsum("bij,bkj->bik", a, b)` is
/// y[b, i, k] = Σⱼ a[b, i, j] · b[b, k, j].
///
/// Each letter names a dimension; letters that are missing to the right of the arrow are summed over.
/// Without an arrow the result has the letters that occur once, in alphabetical order. A letter that one
/// operand has twice takes its diagonal.
public func einsum(_ equation: String, _ operands: Tensor...) -> Tensor {
  let sides = equation.filter { $0 != " " }.split(separator: ">", omittingEmptySubsequences: false)
  let hasArrow = sides.count == 2 && sides[0].hasSuffix("-")
  check(hasArrow || sides.count == 1, "einsum", "\"\(equation)\" is not of the form \"ij,jk->ik\"")
  let terms = (hasArrow ? sides[0].dropLast() : sides[0])
    .split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
  check(
    terms.joined().allSatisfy(\.isLetter) && (!hasArrow || sides[1].allSatisfy(\.isLetter)), "einsum",
    "\"\(equation)\" may only contain letters, commas and one arrow")
  check(
    terms.count == operands.count && !operands.isEmpty, "einsum",
    "\"\(equation)\" has \(terms.count) terms for \(operands.count) tensors")
  var sizes: [Character: Int] = [:]
  for (term, tensor) in zip(terms, operands) {
    check(
      term.count == tensor.rank, "einsum",
      "the term \"\(String(term))\" names \(term.count) dimensions, its tensor has shape \(describe(tensor.shape))"
    )
    for (letter, size) in zip(term, tensor.shape) {
      check(
        sizes[letter, default: size] == size, "einsum",
        "dimension \"\(letter)\" has \(sizes[letter] ?? 0) elements in one place and \(size) in another")
      sizes[letter] = size
    }
  }
  let letters = terms.joined()
  let result =
    hasArrow ? Array(sides[1]) : Set(letters).filter { c in letters.count { $0 == c } == 1 }.sorted()
  check(
    Set(result).count == result.count && result.allSatisfy { sizes[$0] != nil }, "einsum",
    "the result \"\(String(result))\" must name each of its dimensions once, and only ones of the terms")

  var current = withoutRepeats(terms[0], operands[0])
  for i in 1..<max(1, operands.count) {
    // Letters that no later term and not the result needs are summed here.
    let needed = Set(terms[(i + 1)...].joined()).union(result)
    current = contract(current, withoutRepeats(terms[i], operands[i]), keeping: needed)
  }
  let summed = current.letters.indices.filter { !result.contains(current.letters[$0]) }
  let tensor = summed.isEmpty ? current.tensor : current.tensor.sum(dims: summed)
  let left = current.letters.filter { result.contains($0) }
  return tensor.permute(result.map { left.firstIndex(of: $0)! })
}

private typealias Labeled = (letters: [Character], tensor: Tensor)

/// Takes the diagonal of dimensions that carry the same letter.
private func withoutRepeats(_ letters: [Character], _ tensor: Tensor) -> Labeled {
  var letters = letters
  var tensor = tensor
  while let j = letters.indices.first(where: { letters[..<$0].contains(letters[$0]) }) {
    let i = letters.firstIndex(of: letters[j])!
    // Both dimensions to the end, the rest as rows, and the diagonal of each row's square.
    let n = tensor.shape[i]
    let rest = tensor.shape.indices.filter { $0 != i && $0 != j }
    let squares = tensor.permute(rest + [i, j]).reshape(rest.map { tensor.shape[$0] } + [n * n])
    tensor = squares.narrow(-1, 0, n, step: n + 1)
    letters = rest.map { letters[$0] } + [letters[i]]
  }
  return (letters, tensor)
}

/// The product of two terms as one batched matrix product: letters of both that are kept are the batch,
/// letters of both that are not are summed, and each term's own letters are its free rows or columns.
private func contract(_ a: Labeled, _ b: Labeled, keeping needed: Set<Character>) -> Labeled {
  // A letter that only one term has and nobody needs is summed at once.
  func reduced(_ x: Labeled, other: Labeled) -> Labeled {
    let gone = x.letters.indices.filter {
      !needed.contains(x.letters[$0]) && !other.letters.contains(x.letters[$0])
    }
    if gone.isEmpty { return x }
    return (x.letters.indices.filter { !gone.contains($0) }.map { x.letters[$0] }, x.tensor.sum(dims: gone))
  }
  let a = reduced(a, other: b)
  let b = reduced(b, other: a)
  let shared = a.letters.filter { b.letters.contains($0) }
  let batch = shared.filter { needed.contains($0) }
  let summed = shared.filter { !needed.contains($0) }
  let freeA = a.letters.filter { !b.letters.contains($0) }
  let freeB = b.letters.filter { !a.letters.contains($0) }
  func arranged(_ x: Labeled, _ order: [[Character]]) -> Tensor {
    let sizes = order.map { $0.map { letter in x.tensor.shape[x.letters.firstIndex(of: letter)!] } }
    return x.tensor.permute(order.joined().map { x.letters.firstIndex(of: $0)! })
      .reshape(sizes[0] + [elementCount(sizes[1]), elementCount(sizes[2])])
  }
  let product = arranged(a, [batch, freeA, summed]).matmul(arranged(b, [batch, summed, freeB]))
  let letters = batch + freeA + freeB
  let shape = letters.map { letter in
    a.letters.firstIndex(of: letter).map { a.tensor.shape[$0] }
      ?? b.tensor.shape[b.letters.firstIndex(of: letter)!]
  }
  return (letters, product.reshape(shape))
}
