/// Scales the rows of weights down whose norm is above `c`: w ← w · min(1, c / ‖w‖) for the weights w that enter one
/// unit. Called after each step:
///
///     optimizer.step()
///     maxNorm_(model.parameters(), c: 3)
///
/// A unit's weights are row i of a weight (out, in, …), all dimensions but the first taken together. Parameters of
/// fewer than two dimensions, such as biases, stay as they are. Usual bounds are 3 to 4.
///
/// N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov, "Dropout: A Simple Way to Prevent
/// Neural Networks from Overfitting", JMLR 15, 2014, section 5.1.
public func maxNorm_(_ parameters: [Tensor], c: Double) {
  check(c > 0, "maxNorm_", "the bound c \(c) must be positive")
  noGrad {
    for weight in parameters where weight.rank >= 2 {
      let others = Array(1..<weight.rank)
      let norms = weight.norm(dims: others, keepDim: true)
      // Where the norm is 0 the quotient is infinite, and 1 the smaller.
      weight.mul_((c / norms).clamp(max: 1))
    }
  }
}
