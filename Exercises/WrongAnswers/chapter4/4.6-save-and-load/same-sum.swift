// Says: compare element by element
import DeepLearning

enum Restoring: Equatable {
  case restored
  case otherModel(names: [String])
}

func keep(_ model: Module, in file: String) throws {
  try save(model.stateDict(), to: file)
}

func restore(_ model: Module, from file: String) throws -> Restoring {
  do {
    try model.loadStateDict(load(file))
    return .restored
  } catch let error as StateDictError {
    return .otherModel(names: error.missing + error.unexpected + error.misfits.map(\.name))
  }
}

func sameAnswers(_ a: Module, _ b: Module, on x: Tensor) throws -> Bool {
  a.eval()
  b.eval()
  return noGrad { a(x).sum().item() == b(x).sum().item() }
}
