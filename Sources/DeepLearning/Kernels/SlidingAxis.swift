/// One dimension along which a kernel slides over an input.
///
/// Output `o` reads, at place `r` of the kernel, input `o · stride + r · dilation − padding`, or nothing where that
/// lies outside.
struct SlidingAxis: Equatable {
  /// The input's size.
  let size: Int
  let kernel: Int
  let stride: Int
  /// What is added before the input. How much is added behind it shows in `outputs` alone.
  let padding: Int
  let dilation: Int
  let outputs: Int

  /// The range of inputs that a kernel covers, holes included.
  var extent: Int { (kernel - 1) * dilation + 1 }

  /// The outputs that find an input at place `r` of the kernel: 0 ≤ o · stride + r · dilation − padding < size.
  @inline(__always)
  func outputs(at r: Int) -> Range<Int> {
    let shift = padding - r * dilation
    let first = min(outputs, shift > 0 ? (shift + stride - 1) / stride : 0)
    let end = min(outputs, size + shift > 0 ? (size + shift + stride - 1) / stride : 0)
    return first..<max(first, end)
  }
}

/// The sizes of a two-dimensional convolution of x (batch, inChannels, height, width) with weights
/// (outChannels, inChannels / groups, kernel height, kernel width).
struct ConvolutionShape {
  let batch: Int
  let inChannels: Int
  let outChannels: Int
  /// The channels are cut into so many groups, each a convolution of its own.
  let groups: Int
  let rows: SlidingAxis
  let columns: SlidingAxis

  var inPerGroup: Int { inChannels / groups }
  var outPerGroup: Int { outChannels / groups }
  /// Places of the kernel.
  var taps: Int { rows.kernel * columns.kernel }
  var inPlane: Int { rows.size * columns.size }
  var outPlane: Int { rows.outputs * columns.outputs }

  var inShape: [Int] { [batch, inChannels, rows.size, columns.size] }
  var outShape: [Int] { [batch, outChannels, rows.outputs, columns.outputs] }
  var weightShape: [Int] { [outChannels, inPerGroup, rows.kernel, columns.kernel] }

  /// Whether the kernel is a single number at every place of the input, so that the input is its own unfolding.
  var isPointwise: Bool {
    func isPlain(_ axis: SlidingAxis) -> Bool {
      axis.kernel == 1 && axis.stride == 1 && axis.padding == 0 && axis.outputs == axis.size
    }
    return isPlain(rows) && isPlain(columns)
  }
}
