// Says: nothing has been computed yet
import DeepLearning

func features(_ x: Tensor) throws -> Tensor { Tensor.zeros(x.size(0), 3) }

func circle(_ w: [Double], _ b: Double) throws -> [Double] { [0, 0, 0] }
