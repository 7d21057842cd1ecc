/*:
 # 4.2 A data set of windows

 Section 4.2 says what a data set is: it has a `count`, and gives an example for every index. Here is one
 that is not a list of examples: what comes next in a series? Its examples are **windows**: `length`
 successive numbers of the series, and as the target the one that follows them. For the series
 $s_0, s_1, \dots, s_{T-1}$ and the length $L$, example $i$ is

 $$x_i = (s_i, s_{i+1}, \dots, s_{i+L-1}) \qquad y_i = s_{i+L}$$

 The next window begins one number later, so windows overlap. With the series 3, 1, 4, 1, 5, 9 and L = 3
 the examples are (3, 1, 4) → 1, (1, 4, 1) → 5 and (4, 1, 5) → 9; those are all.

 On its way out an example passes through the transforms, where there are any: `transform` is for $x$,
 `targetTransform` for $y$. Write one for targets as well: `OneHot` makes of a class $y$, a single whole
 number, a row of `classes` numbers of type `float32`, 1 at the place $y$ and 0 elsewhere.
 */
import DeepLearning
import Exercises

/// Every `length` successive numbers of a series, each with the number that follows.
struct Windows: Dataset {
  /// (T)
  let series: Tensor
  let length: Int
  var transform: (any Transform)?
  var targetTransform: (any Transform)?

  /// How many windows there are.
  var count: Int {
    notAttempted()
  }

  /// The window that begins at `index`, (L), and its target, a single number: both transformed.
  subscript(index: Int) -> (Tensor, Tensor) {
    notAttempted()
  }
}

/// A class, 0 ..< classes, as a row in which it is marked with a 1.
struct OneHot: Transform {
  let classes: Int

  func callAsFunction(_ label: Tensor) -> Tensor {
    notAttempted()
  }
}
