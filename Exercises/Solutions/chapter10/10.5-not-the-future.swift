/*:
 # 10.5 Not into the future

 A network that writes must not see what it has not written yet. In section 10.4 a causal mask sees to that: with
 queries, keys and values of T places, all in rows,

 $$\mathrm{out}_t = \sum_{j \le t} \alpha_{tj} \, v_j \qquad
   \alpha_{tj} = \frac{\exp(q_t \cdot k_j / \sqrt d)}{\sum_{i \le t} \exp(q_t \cdot k_i / \sqrt d)}$$

 A place sees itself and all before it.

 1. `causalMask` makes the mask, bool (T, T): true where row t may see column j.
 2. `causalAttention` computes all outputs at once, (T, m), from Q and K of shape (T, d) and V of shape (T, m).
    `maskedFill` is of use.
 3. `next` does the same place by place, as it is done when text is written: the future is not there yet, and what
    has been computed for the past need not be computed again. It is given the query and the key of one new place,
    (d), its value, (m), and a memory of the keys and values of all places before. It adds the new ones to the
    memory and returns the new place's output, (m). For T places it gives the T rows of `causalAttention`.
 */
import DeepLearning
import Exercises

/// The keys and values of the places so far, in rows; nil where there is none yet.
struct Memory {
  /// (t, d)
  var keys: Tensor?
  /// (t, m)
  var values: Tensor?
}

/// True where row t may see column j, (T, T).
func causalMask(_ length: Int) throws -> Tensor {
  // solution
  Tensor.arange(length).unsqueeze(1) .>= Tensor.arange(length)
  // end of solution
}

/// The outputs of all places, (T, m).
func causalAttention(_ q: Tensor, _ k: Tensor, _ v: Tensor) throws -> Tensor {
  // solution
  let scores = q.matmul(k.T) / Double(q.size(1)).squareRoot()
  return scores.maskedFill(.!(try causalMask(q.size(0))), -.infinity).softmax(dim: 1).matmul(v)
  // end of solution
}

/// The output of the next place, (m).
func next(_ q: Tensor, _ k: Tensor, _ v: Tensor, _ memory: inout Memory) throws -> Tensor {
  // solution
  let keys = memory.keys.map { cat([$0, k.unsqueeze(0)]) } ?? k.unsqueeze(0)
  let values = memory.values.map { cat([$0, v.unsqueeze(0)]) } ?? v.unsqueeze(0)
  memory = Memory(keys: keys, values: values)
  return (keys.matmul(q) / Double(q.count).squareRoot()).softmax(dim: 0).matmul(values)
  // end of solution
}
