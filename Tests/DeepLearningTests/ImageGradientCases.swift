@testable import DeepLearning
@testable import Tensors

// What is computed on images and sequences, for GradientTests.

extension GradientCase {
  static let convolutions: [GradientCase] = [
    .init("conv2d", [.real(2, 2, 4, 5), .real(3, 2, 3, 2), .real(3)]) { conv2d($0[0], $0[1], $0[2]) },
    .init("conv2d, no bias", [.real(1, 2, 3, 3), .real(2, 2, 2, 2)]) { conv2d($0[0], $0[1]) },
    .init("conv2d of one image", [.real(2, 4, 3), .real(2, 2, 3, 3), .real(2)]) {
      conv2d($0[0], $0[1], $0[2], padding: 1)
    },
    .init("conv2d, stride 2, padding", [.real(2, 2, 5, 4), .real(2, 2, 3, 3), .real(2)]) {
      conv2d($0[0], $0[1], $0[2], stride: 2, padding: [1, 2])
    },
    .init("conv2d, different strides", [.real(1, 1, 5, 6), .real(2, 1, 2, 3)]) {
      conv2d($0[0], $0[1], stride: [1, 3], padding: [0, 1])
    },
    .init("conv2d, dilation", [.real(1, 2, 5, 6), .real(2, 2, 2, 3), .real(2)]) {
      conv2d($0[0], $0[1], $0[2], padding: 1, dilation: [3, 2])
    },
    .init("conv2d, groups", [.real(2, 4, 3, 3), .real(6, 2, 2, 2), .real(6)]) {
      conv2d($0[0], $0[1], $0[2], groups: 2)
    },
    .init("conv2d, depthwise, .same", [.real(1, 3, 3, 4), .real(3, 1, 3, 2)]) {
      conv2d($0[0], $0[1], padding: .same, groups: 3)
    },
    .init("conv2d, pointwise", [.real(2, 3, 2, 3), .real(2, 3, 1, 1), .real(2)]) {
      conv2d($0[0], $0[1], $0[2])
    },
    .init("conv1d", [.real(2, 2, 6), .real(3, 2, 3), .real(3)]) {
      conv1d($0[0], $0[1], $0[2], stride: 2, padding: 1)
    },
    .init("conv1d, .same, dilation", [.real(2, 5), .real(2, 1, 2), .real(2)]) {
      conv1d($0[0], $0[1], $0[2], padding: .same, dilation: 2, groups: 2)
    },
    .init("convTranspose2d", [.real(2, 3, 2, 3), .real(3, 2, 3, 2), .real(2)]) {
      convTranspose2d($0[0], $0[1], $0[2], stride: 2, padding: 1, outputPadding: 1)
    },
    .init("convTranspose2d, groups, dilation", [.real(1, 2, 3, 2), .real(2, 1, 2, 2)]) {
      convTranspose2d($0[0], $0[1], groups: 2, dilation: 2)
    },
    .init("convTranspose1d", [.real(2, 3, 4), .real(3, 2, 3), .real(2)]) {
      convTranspose1d($0[0], $0[1], $0[2], stride: 2, padding: 1)
    },
    // The gradient for the weight is recorded only on the way to a gradient's gradient.
    .init("gradient for a kernel", [.real(2, 2, 4, 4), .real(2, 3, 3, 3), .real(3, 2, 2, 2)]) { x in
      let w = x[2].detach().requiresGrad_()
      return enableGrad {
        grad([conv2d(x[0], w)], [w], gradients: [x[1]], createGraph: true)[0]! * x[2]
      }
    },
    .init("unfold", [.real(2, 2, 4, 5)]) {
      unfold($0[0], [2, 3], dilation: [1, 2], padding: 1, stride: [2, 1])
    },
    .init("unfold of one image", [.real(2, 3, 3)]) { unfold($0[0], 2) },
    .init("fold", [.real(2, 8, 6)]) { fold($0[0], outputSize: [3, 4], 2) },
    .init("fold, stride, padding", [.real(1, 4, 6)]) {
      fold($0[0], outputSize: [3, 5], 2, padding: 1, stride: 2).pad([0, 1])
    },
  ]

  static let poolings: [GradientCase] = [
    .init("maxPool2d", [.distinct(2, 2, 4, 5)]) { maxPool2d($0[0], 2) },
    .init("maxPool2d, overlapping", [.distinct(1, 2, 5, 5)]) { maxPool2d($0[0], 3, stride: 1, padding: 1) },
    .init("maxPool2d, dilation, ceil", [.distinct(2, 5, 6)]) {
      maxPool2d($0[0], [2, 3], stride: 2, padding: [1, 1], dilation: [2, 1], ceilMode: true)
    },
    .init("maxPool1d", [.distinct(2, 2, 7)]) { maxPool1d($0[0], 3, stride: 2) },
    .init("avgPool2d", [.real(2, 2, 4, 5)]) { avgPool2d($0[0], 2) },
    .init("avgPool2d, padding, ceil", [.real(1, 2, 5, 4)]) {
      avgPool2d($0[0], 3, stride: 2, padding: 1, ceilMode: true)
    },
    .init("avgPool2d without the padding", [.real(2, 4, 4)]) {
      avgPool2d($0[0], [2, 3], stride: 1, padding: 1, countIncludePad: false)
    },
    .init("avgPool1d", [.real(2, 2, 7)]) { avgPool1d($0[0], 3, stride: 2, padding: 1) },
    .init("adaptiveAvgPool2d", [.real(2, 2, 5, 4)]) { adaptiveAvgPool2d($0[0], [3, 2]) },
    .init("adaptiveAvgPool2d to one number", [.real(2, 3, 3, 2)]) { adaptiveAvgPool2d($0[0], 1) },
    .init("adaptiveAvgPool1d", [.real(2, 2, 5)]) { adaptiveAvgPool1d($0[0], 3) },
    .init("adaptiveMaxPool2d", [.distinct(1, 2, 5, 4)]) { adaptiveMaxPool2d($0[0], [3, 2]) },
    .init("adaptiveMaxPool1d", [.distinct(2, 2, 5)]) { adaptiveMaxPool1d($0[0], 3) },
  ]

  static let resizings: [GradientCase] = [
    .init("interpolate, nearest", [.real(1, 2, 3, 2)]) { interpolate($0[0], scaleFactor: 2) },
    .init("interpolate, nearest, to a size", [.real(2, 1, 3, 4)]) { interpolate($0[0], size: [5, 3]) },
    .init("interpolate, bilinear", [.real(1, 2, 3, 4)]) {
      interpolate($0[0], scaleFactor: 1.7, mode: .bilinear)
    },
    .init("interpolate, corners aligned", [.real(1, 2, 3, 4)]) {
      interpolate($0[0], size: [5, 7], mode: .bilinear, alignCorners: true)
    },
    .init("interpolate, linear", [.real(2, 2, 4)]) { interpolate($0[0], size: 6, mode: .linear) },
    .init("pad, reflect", [.real(2, 3, 4)]) { $0[0].pad([2, 3, 1, 0], mode: .reflect) },
    .init("pad, replicate", [.real(2, 3)]) { $0[0].pad([2, 1, 0, 3], mode: .replicate) },
    .init("pad, circular", [.real(2, 3)]) { $0[0].pad([3, 1, 2, 0], mode: .circular) },
  ]
}
