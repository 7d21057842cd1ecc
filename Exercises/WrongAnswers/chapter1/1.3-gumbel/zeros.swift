// Says: nothing has been computed yet
import DeepLearning

func gumbelNLL(_ x: Tensor, mu: Double, beta: Double) throws -> Double { 0 }

func gumbelSlopes(_ x: Tensor, mu: Double, beta: Double) throws -> [Double] { [0, 0] }

func bestLocation(_ x: Tensor, beta: Double) throws -> Double { 0 }
