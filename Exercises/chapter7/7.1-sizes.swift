/*:
 # 7.1 How large, how many, how far

 Whoever designs a convolutional network counts. Sections 7.1 and 7.4 ask three questions of a layer with kernels of
 $K \times K$, the stride $S$, the padding $P$ and the dilation $d$. From square pictures of $H \times H$ it makes
 $H' \times H'$,

 $$H' = \left\lfloor \frac{H + 2P - d(K-1) - 1}{S} \right\rfloor + 1$$

 A convolution with $F$ filters on a picture of depth $D$ has $F (K^2 D + 1)$ parameters, and its result has the
 depth F. Pooling treats each channel by itself: it has no parameters, and leaves the depth as it is. And a unit's
 receptive field $R$ grows from layer to layer, beginning with $R = 1$ and steps of $J = 1$ pixel. A dilated kernel
 is $d (K - 1) + 1$ wide, so with dilation the field grows by $d (K - 1) \, J$:

 $$R \leftarrow R + d (K - 1) \, J \qquad J \leftarrow J \, S$$

 1. `outputSize` computes H′ for one layer, `parameterCount` its parameters.
 2. `counts` follows a picture through a whole network. It returns the size and the depth of what comes out, all
    parameters together, and the receptive field of a unit behind the last layer.

 The two convolutions and two poolings of section 7.4, for colored pictures of 32 × 32, make 5 × 5 of depth 16. They
 have 456 + 2416 = 2872 parameters, and the field is 16 × 16.
 */
import DeepLearning
import Exercises

/// A layer of convolution or pooling.
struct Layer {
  var kernel: Int
  var stride = 1
  var padding = 0
  var dilation = 1
  /// How many filters a convolution has; nil in a pooling layer.
  var filters: Int?
}

/// H′ for pictures of H × H.
func outputSize(_ size: Int, _ layer: Layer) throws -> Int {
  throw NotAttempted()
}

/// How many weights and biases the layer has, for pictures of the given depth.
func parameterCount(_ layer: Layer, depth: Int) throws -> Int {
  throw NotAttempted()
}

/// What comes out of the last layer, the parameters of all layers, and the width of the receptive field behind them.
func counts(
  _ network: [Layer], size: Int, depth: Int
) throws -> (size: Int, depth: Int, parameters: Int, field: Int) {
  throw NotAttempted()
}
