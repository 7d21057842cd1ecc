// Says: nothing has been computed yet
import DeepLearning

func oneHotRows(_ labels: [Int], classes: Int) throws -> Tensor { Tensor.zeros(labels.count, classes) }

func meanCrossEntropy(_ p: Tensor, _ labels: [Int]) throws -> Double { 0 }
