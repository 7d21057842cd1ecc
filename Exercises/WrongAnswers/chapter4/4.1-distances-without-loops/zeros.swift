// Says: nothing has been computed yet
import DeepLearning

func squaredDistances(_ a: Tensor, _ b: Tensor) throws -> Tensor { Tensor.zeros(a.size(0), b.size(0)) }

func nearest(_ a: Tensor, _ b: Tensor) throws -> Tensor { Tensor.zeros(like: a) }
