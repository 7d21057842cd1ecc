/*:
 # 1.3 The slopes of the Gumbel distribution

 Section 1.6 fits a Gumbel distribution to a sample $x^{(1)}, \dots, x^{(N)}$. With
 $u_n = (x^{(n)} - \mu)/\beta$ the negative log-likelihood is

 $$E(\mu, \beta) = N\ln\beta + \sum_n u_n + \sum_n e^{-u_n}$$

 `gumbelNLL` computes it. Here it is the sum over the sample; the chapter's code divides it by N, yours does
 not.

 `gumbelSlopes` computes $[\partial E/\partial\mu,\ \partial E/\partial\beta]$. Find both with pencil and
 paper before you look at the chapter. All you need is $\partial u/\partial\mu = -1/\beta$ and
 $\partial u/\partial\beta = -u/\beta$.

 `bestLocation` is new. No formula gives the best β, but once β is fixed there is one for the best µ. Set
 $\partial E/\partial\mu = 0$, write $e^{-u_n}$ as $e^{\mu/\beta} e^{-x^{(n)}/\beta}$, and solve for µ.

 A sample of two to check by hand: $x = (0, \ln 2)$, $\mu = 0$, $\beta = 1$. Then $e^{-u} = (1, \tfrac12)$,
 so that $E = \ln 2 + 1.5 = 2.1931$. The slopes are −0.5 and $2 - \tfrac12 \ln 2 = 1.6534$. The best
 location for $\beta = 1$ is $\ln\tfrac43 = 0.2877$.
 */
import DeepLearning
import Exercises
import Foundation

/// The negative log-likelihood of the sample `x`, of shape (N).
func gumbelNLL(_ x: Tensor, mu: Double, beta: Double) throws -> Double {
  throw NotAttempted()
}

/// [∂E/∂µ, ∂E/∂β]
func gumbelSlopes(_ x: Tensor, mu: Double, beta: Double) throws -> [Double] {
  throw NotAttempted()
}

/// The µ that makes the sample most likely when the scale is `beta`.
func bestLocation(_ x: Tensor, beta: Double) throws -> Double {
  throw NotAttempted()
}
