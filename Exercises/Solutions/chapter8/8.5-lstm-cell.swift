/*:
 # 8.5 An LSTM cell

 Section 8.6 gives an LSTM its gates. Write one step, for a batch of B examples in rows. As the library does it, the
 weights of the four parts lie below one another in the order $i, f, \tilde c, o$: U is (4N, D), W is (4N, N), and
 there are two biases of 4N numbers, which are added. So one sum makes all four,

 $$z_t = W h_{t-1} + b_{hh} + U x_t + b_{ih}$$

 and of its four parts of N numbers the first, second and last go through a sigmoid, the third through tanh. Then

 $$c_t = f_t \odot c_{t-1} + i_t \odot \tilde c_t \qquad h_t = o_t \odot \tanh c_t$$

 1. `step` computes both new states from x (B, D), h (B, N) and c (B, N).
 2. `read` starts with zeros and reads a sequence (τ, B, D). It returns all outputs $h_t$, (τ, B, N), and both
    states after the last step.
 3. `rememberFor` sets the biases so that the layer starts as one that keeps what it has for about k steps. It
    returns a copy of the weights in which $b_{ih}$ has $\ln k$ for every forget gate and $-\ln k$ for every input
    gate; everything else stays as it is.

 One unit with all weights and biases 0: the gates are ½ and the candidate is 0. From c = 2 it is c = 1 and h = ½
 tanh 1 ≈ 0.380797.
 */
import DeepLearning
import Exercises
import Foundation

/// The weights of an LSTM layer: U (4N, D), W (4N, N), and the biases of the input and of the state, (4N).
struct Weights {
  var u, w, bIH, bHH: Tensor
}

/// Both states after the step, (B, N).
func step(_ x: Tensor, _ h: Tensor, _ c: Tensor, _ weights: Weights) throws -> (h: Tensor, c: Tensor) {
  // solution
  let z = h.matmul(weights.w.T) + weights.bHH + x.matmul(weights.u.T) + weights.bIH
  let parts = z.chunk(4, dim: 1)
  let (i, f, candidate, o) = (parts[0].sigmoid(), parts[1].sigmoid(), parts[2].tanh(), parts[3].sigmoid())
  let new = f * c + i * candidate
  return (o * new.tanh(), new)
  // end of solution
}

/// The outputs of all steps, (τ, B, N), and the states after the last.
func read(_ x: Tensor, _ weights: Weights) throws -> (output: Tensor, h: Tensor, c: Tensor) {
  // solution
  var h = Tensor.zeros(x.size(1), weights.w.size(1))
  var c = Tensor.zeros(like: h)
  var outputs: [Tensor] = []
  for x in x.unbind() {
    (h, c) = try step(x, h, c, weights)
    outputs.append(h)
  }
  return (stack(outputs), h, c)
  // end of solution
}

/// A copy with gates that keep what they have for about k steps.
func rememberFor(_ k: Double, _ weights: Weights) throws -> Weights {
  // solution
  var copy = weights
  let n = weights.w.size(1)
  copy.bIH = weights.bIH.clone()
  copy.bIH[0..<n].fill_(-log(k))
  copy.bIH[n..<2 * n].fill_(log(k))
  return copy
  // end of solution
}
