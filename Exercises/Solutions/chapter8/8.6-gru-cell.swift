/*:
 # 8.6 A GRU cell

 The gated recurrent unit of section 8.6 has one state and two gates, and its two biases are *not* redundant. With B
 examples in rows, x of shape (B, D) and h of shape (B, N), compute one step:

 $$r_t = \sigma(W_r h_{t-1} + b'_r + U_r x_t + b_r) \qquad u_t = \sigma(W_u h_{t-1} + b'_u + U_u x_t + b_u)$$
 $$\tilde h_t = \tanh\left(r_t \odot (W_h h_{t-1} + b'_h) + U_h x_t + b_h\right) \qquad
   h_t = u_t \odot h_{t-1} + (1 - u_t) \odot \tilde h_t$$

 The weights of the three parts lie below one another, in the order $r, u, \tilde h$: U is (3N, D), W is (3N, N),
 and the biases $b$ of the input and $b'$ of the state have 3N numbers each.

 1. `step` computes the new state, (B, N).
 2. `kept` says what the update gates do to a sequence: what share of the state $h_0$ is still in $h_\tau$,
    directly, that is without the way through the candidates. It is given the gates $u_1, \dots, u_\tau$, as (τ, N),
    and returns $\prod_t u_t$, of shape (N), and the shares with which the candidates
    $\tilde h_1, \dots, \tilde h_\tau$ are in it, as (τ, N). For $\tilde h_t$ the share is $(1 - u_t)$ times all
    later gates. All shares of a unit add up to 1.

 One unit whose weights and biases are all 0 has u = ½ and the candidate 0: every step halves its state.
 */
import DeepLearning
import Exercises

/// The weights of a GRU layer: U (3N, D), W (3N, N), and the biases of the input and of the state, (3N).
struct Weights {
  var u, w, bx, bh: Tensor
}

/// The state after the step, (B, N).
func step(_ x: Tensor, _ h: Tensor, _ weights: Weights) throws -> Tensor {
  // solution
  let a = (x.matmul(weights.u.T) + weights.bx).chunk(3, dim: 1)
  let b = (h.matmul(weights.w.T) + weights.bh).chunk(3, dim: 1)
  let reset = (a[0] + b[0]).sigmoid()
  let update = (a[1] + b[1]).sigmoid()
  let candidate = (a[2] + reset * b[2]).tanh()
  return update * h + (1 - update) * candidate
  // end of solution
}

/// The shares of h₀, (N), and of the candidates, (τ, N), in the last state.
func kept(_ gates: Tensor) throws -> (start: Tensor, candidates: Tensor) {
  // solution
  var later = Tensor.ones(gates.size(1))
  var shares: [Tensor] = []
  for gate in gates.unbind().reversed() {
    shares.append(later * (1 - gate))
    later = later * gate
  }
  return (later, stack(shares.reversed()))
  // end of solution
}
