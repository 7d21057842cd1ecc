/// Writes a sequence for each row of a batch, each time with the token of the largest score.
///
///     let batch = greedySearch(
///       from: encoder(source), start: Array(repeating: spanish[.start], count: 64), end: spanish[.end],
///       maximumLength: 20
///     ) { tokens, state in
///       decoder(tokens, state)    // (64) and a state -> scores (64, V) and the next state
///     }
///
/// A row that has written `end` is done; what the others still write does not change it. Nothing is recorded for
/// gradients.
///
/// - Parameters:
///   - state: What the first step reads: a decoder's state, or a tuple of all that it needs.
///   - start: The token that each row reads first; so many rows are written.
///   - end: The token that ends a row; nil to write `maximumLength` tokens in any case.
///   - maximumLength: How many tokens a row may have.
///   - step: From the last token of each row, int64 (B), and the state: scores, (B, V), such as logits, and the
///     next state.
/// - Returns: the tokens of each row, without `start` and `end`.
public func greedySearch<State>(
  from state: State, start: [Int], end: Int? = nil, maximumLength: Int,
  step: (_ tokens: Tensor, _ state: State) throws -> (scores: Tensor, state: State)
) rethrows -> [[Int]] {
  try write("greedySearch", state, start, end, maximumLength, step) { $0.argmax(dim: -1) }
}

/// Writes a sequence for each row of a batch, each time with a token drawn from the softmax of its logits.
///
///     let text = sampleSequences(
///       from: state, start: [vocabulary["T"]], maximumLength: 200, temperature: 0.8
///     ) { tokens, state in
///       model(tokens, state)
///     }
///
/// The same as ``greedySearch(from:start:end:maximumLength:step:)`` but for the choice, which is that of
/// ``sample(from:temperature:topK:generator:)``.
public func sampleSequences<State>(
  from state: State, start: [Int], end: Int? = nil, maximumLength: Int, temperature: Double = 1,
  topK: Int? = nil, generator: Generator = .default,
  step: (_ tokens: Tensor, _ state: State) throws -> (logits: Tensor, state: State)
) rethrows -> [[Int]] {
  try write("sampleSequences", state, start, end, maximumLength, step) {
    sample(from: $0, temperature: temperature, topK: topK, generator: generator)
  }
}

private func write<State>(
  _ operation: String, _ state: State, _ start: [Int], _ end: Int?, _ maximumLength: Int,
  _ step: (Tensor, State) throws -> (Tensor, State), choose: (_ scores: Tensor) -> Tensor
) rethrows -> [[Int]] {
  check(maximumLength >= 0, operation, "cannot write \(maximumLength) tokens")
  var sequences = [[Int]](repeating: [], count: start.count)
  var isOpen = [Bool](repeating: true, count: start.count)
  var tokens = Tensor(start)
  var state = state
  try noGrad {
    for _ in 0..<maximumLength where isOpen.contains(true) {
      let scores: Tensor
      (scores, state) = try step(tokens, state)
      check(
        scores.rank == 2 && scores.shape[0] == start.count, operation,
        "for \(start.count) rows the step must return scores (\(start.count), V), found \(describe(scores.shape))"
      )
      tokens = choose(scores)
      for (row, token) in tokens.toArray(of: Int.self).enumerated() where isOpen[row] {
        if token == end { isOpen[row] = false } else { sequences[row].append(token) }
      }
    }
  }
  return sequences
}
