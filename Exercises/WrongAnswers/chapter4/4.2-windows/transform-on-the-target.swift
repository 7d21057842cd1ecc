// Says: the target has one of its own
import DeepLearning

struct Windows: Dataset {
  let series: Tensor
  let length: Int
  var transform: (any Transform)?
  var targetTransform: (any Transform)?

  var count: Int { series.size(0) - length }

  subscript(index: Int) -> (Tensor, Tensor) {
    let x = series[index..<index + length]
    let y = series[index + length]
    return (transform?(x) ?? x, transform?(y) ?? targetTransform?(y) ?? y)
  }
}

struct OneHot: Transform {
  let classes: Int

  func callAsFunction(_ label: Tensor) -> Tensor { oneHot(label, classes: classes, dtype: .float32) }
}
