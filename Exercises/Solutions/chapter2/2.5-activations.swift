/*:
 # 2.5 Activation functions and their slopes

 Section 2.3 has a table of activation functions and their slopes. Write three entries of it, element by
 element, for tensors of any shape. The slope of the sigmoid, made of its value $\sigma(z)$:

 $$\sigma'(z) = \sigma(z)\,(1 - \sigma(z))$$

 The exponential linear unit and its slope:

 $$\mathrm{elu}(z) = \begin{cases} z & z > 0 \\ e^z - 1 & \text{else} \end{cases} \qquad
   \mathrm{elu}'(z) = \begin{cases} 1 & z > 0 \\ e^z & \text{else} \end{cases}$$

 And one that the table does not have, the **SiLU**, $\mathrm{silu}(z) = z\,\sigma(z)$. Find its slope with
 the product rule.

 By hand, at z = 0: the slopes are ¼, 1 and ½. At z = −1: elu is $e^{-1} - 1 = -0.6321$, and its slope
 0.3679.

 The numbers may be as large as 1,000. The library's `sigmoid()` may be used, its `elu()`, `silu()` and
 `backward()` not.
 */
import DeepLearning
import Exercises

/// The slope of the sigmoid at each element of `z`.
func sigmoidSlope(_ z: Tensor) throws -> Tensor {
  // solution
  let s = z.sigmoid()
  return s * (1 - s)
  // end of solution
}

/// The exponential linear unit of each element of `z`.
func exponentialLinear(_ z: Tensor) throws -> Tensor {
  // solution
  z.clamp(min: 0) + (z.clamp(max: 0).exp() - 1)
  // end of solution
}

/// The slope of the exponential linear unit at each element of `z`.
func exponentialLinearSlope(_ z: Tensor) throws -> Tensor {
  // solution
  z.clamp(max: 0).exp()
  // end of solution
}

/// The slope of z σ(z) at each element of `z`.
func siluSlope(_ z: Tensor) throws -> Tensor {
  // solution
  let s = z.sigmoid()
  return s + z * s * (1 - s)
  // end of solution
}
