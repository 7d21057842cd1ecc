/*:
 # 7.2 Sliding a kernel

 Section 7.2 tells two operations apart: the cross-correlation $w \star x$, which deep learning computes, and the
 convolution $w * x$, whose name it uses. Write both as loops, on pictures that are rows of numbers. Where the
 kernel lies wholly on the picture,

 $$(w \star x)_{ij} = \sum_r \sum_s w_{rs} \, x_{i+r,\, j+s}$$

 A picture of H × W and a kernel of K × M, which need not be square, give (H − K + 1) × (W − M + 1) numbers. The
 convolution is the same with the kernel flipped in both directions.

 1. `correlated` and `convolved`, for one channel. With x = ((1, 2, 3), (4, 5, 6), (7, 8, 9)) and w = ((1, 2), (0,
    0)) the upper left number is 1 · 1 + 2 · 2 = 5 in the one, and 2 · 4 + 1 · 5 = 13 in the other.
 2. `filtered`, for pictures with several channels, as a layer does it: the correlations of all channels added up,
    and a bias, with P zeros on each side of every channel:

 $$z_{ij} = b + \sum_c (w_c \star \tilde x_c)_{ij} \qquad \text{with } \tilde x \text{ the padded picture}$$

 Leave `conv2d` alone; it will check your numbers.
 */
import DeepLearning
import Exercises

/// w ⋆ x, at all places where the kernel lies on the picture.
func correlated(_ x: [[Double]], _ w: [[Double]]) throws -> [[Double]] {
  throw NotAttempted()
}

/// w ∗ x, at the same places.
func convolved(_ x: [[Double]], _ w: [[Double]]) throws -> [[Double]] {
  throw NotAttempted()
}

/// b plus the correlations of all channels, with padding: x has an H × W picture for each channel, w a kernel.
func filtered(_ x: [[[Double]]], _ w: [[[Double]]], bias: Double, padding: Int) throws -> [[Double]] {
  throw NotAttempted()
}
