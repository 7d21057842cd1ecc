/*:
 # 2.4 Exclusive or by hand

 In section 2.2 a network learns exclusive or. You can do without learning: choose the weights. The network
 has a hidden layer of relu units and one output, and it answers 1 where $z > 0$, else 0:

 $$a = \operatorname{relu}(W_1 x + b_1) \qquad z = W_2\, a + b_2$$

 With n inputs and H hidden units the shapes are: `w1` (H, n), `b1` (H), `w2` (1, H), `b2` (1). The number
 of hidden units is up to you.

 `xorNetwork` has two inputs, and answers 1 if one of them is 1 and the other 0.

 `parityNetwork` has n of them, n from 1 on, and answers 1 if an odd number of them is 1. For n = 3 these
 are (0, 0, 1), (0, 1, 0), (1, 0, 0) and (1, 1, 1).

 Think of the sum $s$ of the inputs. A unit $\operatorname{relu}(s - 1)$ is 0 up to s = 1 and rises from
 there: it puts a corner into the output at s = 1. What curve over s do you want, and where are its corners?
 */
import DeepLearning
import Exercises

/// The weights of a network with one hidden layer of relu units.
struct Network {
  var w1, b1, w2, b2: Tensor
}

/// Answers 1 if exactly one of its two inputs is 1.
func xorNetwork() throws -> Network {
  throw NotAttempted()
}

/// Answers 1 if an odd number of its `n` inputs is 1.
func parityNetwork(_ n: Int) throws -> Network {
  throw NotAttempted()
}
