// Says: Nothing has been written
import DeepLearning

enum Restoring: Equatable {
  case restored
  case otherModel(names: [String])
}

func keep(_ model: Module, in file: String) throws {
}

func restore(_ model: Module, from file: String) throws -> Restoring {
  .restored
}

func sameAnswers(_ a: Module, _ b: Module, on x: Tensor) throws -> Bool {
  false
}
