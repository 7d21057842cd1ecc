/*:
 # 6.5 Uphill first

 Section 6.6 looks for flat valleys: **sharpness-aware minimization** takes the gradient not where it stands but at the
 worst place nearby, which lies straight uphill:

 $$\epsilon = \rho \, \frac{g}{\lVert g \rVert} \qquad
   \theta \leftarrow \theta - \eta \, g' \quad \text{with } g' = \frac{\partial E}{\partial \theta} \Big|_{\theta + \epsilon}$$

 where g is the gradient at θ itself and $\lVert g \rVert$ the root of the sum of its squares.

 Write `step`, which returns θ after one such step. `gradient` computes $\partial E / \partial \theta$ at any place. It is
 expensive: call it twice at most. Where g is 0 there is no uphill; then θ stays where it is.

 For E = θ² from θ = 1 with ρ = 0.5 and η = 0.1: g = 2, ε = 0.5, the gradient at 1.5 is 3, and θ goes to 0.7.

 Then write `sharpness`: how much E rises on the way to the worst place, $E(\theta + \epsilon) - E(\theta)$. In the example it
 is 2.25 − 1 = 1.25.
 */
import DeepLearning
import Exercises

/// θ + ε, the worst place within ρ, as far as the gradient g at θ can tell.
func uphill(_ theta: Tensor, _ g: Tensor, rho: Double) throws -> Tensor {
  throw NotAttempted()
}

/// θ after one step of sharpness-aware minimization.
func step(_ theta: Tensor, lr: Double, rho: Double, gradient: (Tensor) -> Tensor) throws -> Tensor {
  throw NotAttempted()
}

/// E(θ + ε) − E(θ)
func sharpness(_ theta: Tensor, rho: Double, loss: (Tensor) -> Double, gradient: (Tensor) -> Tensor) throws
  -> Double
{
  throw NotAttempted()
}
