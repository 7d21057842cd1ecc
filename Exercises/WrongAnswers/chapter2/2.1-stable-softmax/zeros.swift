// Says: nothing has been computed yet
import DeepLearning

func logSumExp(_ z: Tensor) throws -> Tensor { Tensor.zeros(z.size(0)) }

func stableSoftmax(_ z: Tensor) throws -> Tensor { Tensor.zeros(like: z) }
