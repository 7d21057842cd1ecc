/*:
 # 8.3 Reading both ways

 A bidirectional network (section 8.5) has two layers, of which one reads the sequence from its end, and lays their
 states side by side. With $a_t$ for the state of the forward layer that belongs to step t, and $b_t$ for that of
 the backward layer, its output is

 $$o_t = [a_t, b_t]$$

 A layer is given as a function here, a `Reader`. It takes a sequence (τ, B, D) and returns its states after each
 step that it has read, (τ, B, N). It knows nothing of directions: it reads the first row first.

 1. `bothWays` returns the outputs $o_t$, (τ, B, 2N), the forward half first. Both halves of $o_t$ speak about step
    t.
 2. `summary` picks what a classifier should see: from each half the state that has read the *whole* sequence. It is
    given `bothWays`' result, and returns (B, 2N).
 3. `turned` is for a batch of sequences of different lengths, which are filled up with padding at their ends.
    Whoever turns such a batch round as a whole makes the backward layer read the padding first. It is given x of
    shape (τ, B, D) and a length $\ell$ for each of the B sequences. It turns each round within its own length, and
    leaves the padding where it is. With steps counted from 0,

 $$x'_t = \begin{cases} x_{\ell - 1 - t} & t < \ell \\ x_t & t \ge \ell \end{cases}$$
 */
import DeepLearning
import Exercises

/// A sequence (τ, B, D), and what a layer makes of it, (τ, B, N).
typealias Reader = (Tensor) -> Tensor

/// The outputs of both layers side by side, (τ, B, 2N).
func bothWays(_ x: Tensor, forward: Reader, backward: Reader) throws -> Tensor {
  // solution
  cat([forward(x), backward(x.flip(0)).flip(0)], dim: 2)
  // end of solution
}

/// The states that have read everything, (B, 2N).
func summary(_ output: Tensor) throws -> Tensor {
  // solution
  let halves = output.chunk(2, dim: 2)
  return cat([halves[0][.last], halves[1][0]], dim: 1)
  // end of solution
}

/// Each sequence of the batch turned round within its length.
func turned(_ x: Tensor, lengths: [Int]) throws -> Tensor {
  // solution
  stack(
    lengths.enumerated().map { b, length in
      cat([x[0..<length, b].flip(0), x[length..<x.size(0), b]])
    }, dim: 1)
  // end of solution
}
