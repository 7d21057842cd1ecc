/*:
 # 9.1 Sentences of different lengths

 Section 9.1 puts sentences of different lengths into one tensor. A sentence is a list of tokens here, numbers from
 3 on; 0 is padding, 1 the start token and 2 the end token. The **mask** says where a token stands. With
 $\ell^{(n)}$ for the length of sentence n, and steps counted from 0,

 $$m_t^{(n)} = \begin{cases} \text{true} & t < \ell^{(n)} \\ \text{false} & t \ge \ell^{(n)} \end{cases}$$

 1. `padded` makes of B sentences the tokens, int64 of shape (B, T), where T is the longest length, with zeros
    behind the shorter ones; and the mask, bool of the same shape. A sentence may contain a 0 as a word of its own,
    for which the mask is true: only the lengths say what is padding.
 2. `forcing` makes what a decoder reads and what it has to answer when it is told the right tokens. It reads the
    start token and then the sentence; it answers the sentence and then the end token. Both are (B, T + 1), filled
    up with zeros.
 3. `words` goes back: from the rows that a decoder has written, int64 (B, T), it takes from each what stands before
    the first end token, or all of it if there is none. Whatever comes after an end token counts for nothing.

 The sentences (5, 3) and (4) make the tokens ((5, 3), (4, 0)). The decoder reads ((1, 5, 3), (1, 4, 0)) and answers
 ((5, 3, 2), (4, 2, 0)).
 */
import DeepLearning
import Exercises

/// The tokens and the mask of a batch, (B, T).
func padded(_ sentences: [[Int]]) throws -> (tokens: Tensor, mask: Tensor) {
  // solution
  let longest = sentences.map(\.count).max() ?? 0
  let rows = sentences.map { $0 + Array(repeating: 0, count: longest - $0.count) }
  let lengths = Tensor(sentences.map(\.count)).unsqueeze(1)
  return (Tensor(rows), Tensor.arange(longest) .< lengths)
  // end of solution
}

/// What a decoder reads, and what it has to answer, (B, T + 1).
func forcing(_ sentences: [[Int]]) throws -> (inputs: Tensor, targets: Tensor) {
  // solution
  (try padded(sentences.map { [1] + $0 }).tokens, try padded(sentences.map { $0 + [2] }).tokens)
  // end of solution
}

/// The words of each row, without the end token and what follows it.
func words(_ rows: Tensor) throws -> [[Int]] {
  // solution
  rows.unbind().map { Array($0.toArray(of: Int.self).prefix { $0 != 2 }) }
  // end of solution
}
