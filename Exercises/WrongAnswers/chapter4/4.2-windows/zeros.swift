// Says: nothing has been computed yet
import DeepLearning

struct Windows: Dataset {
  let series: Tensor
  let length: Int
  var transform: (any Transform)?
  var targetTransform: (any Transform)?

  var count: Int { 0 }

  subscript(index: Int) -> (Tensor, Tensor) {
    (Tensor.zeros(length), Tensor(0))
  }
}

struct OneHot: Transform {
  let classes: Int

  func callAsFunction(_ label: Tensor) -> Tensor { Tensor.zeros(classes) }
}
