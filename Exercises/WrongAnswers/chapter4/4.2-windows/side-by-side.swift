// Says: The windows do not overlap
import DeepLearning

struct Windows: Dataset {
  let series: Tensor
  let length: Int
  var transform: (any Transform)?
  var targetTransform: (any Transform)?

  var count: Int { series.size(0) - length }

  subscript(index: Int) -> (Tensor, Tensor) {
    let x = series[index * length..<(index + 1) * length]
    let y = series[(index + 1) * length]
    return (transform?(x) ?? x, targetTransform?(y) ?? y)
  }
}

struct OneHot: Transform {
  let classes: Int

  func callAsFunction(_ label: Tensor) -> Tensor { oneHot(label, classes: classes, dtype: .float32) }
}
