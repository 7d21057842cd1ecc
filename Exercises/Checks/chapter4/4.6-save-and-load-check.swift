import DeepLearning
import Exercises
import Foundation

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = Files(folder: folder)
    try keeping(trial, files)
    try restoring(trial, files)
    try otherModels(trial, files)
    try unreadable(trial, files)
    try answers(trial)
    try together(trial, files)
  }

  private struct Files {
    let folder: URL
    func callAsFunction(_ name: String) -> String { folder.appendingPathComponent(name).path }
  }

  /// A classifier that shifts its input by a buffer.
  private final class Shifted: Module {
    let shift: Tensor
    let hidden: Linear
    let dropout = Dropout(0.5)
    let output: Linear

    init(hidden count: Int = 8) {
      shift = Buffer(Tensor.randn(3))
      hidden = Linear(3, count)
      output = Linear(count, 4)
    }

    override func forward(_ x: Tensor) -> Tensor { output(dropout(hidden(x - shift).relu())) }
  }

  private static let shown = "shift (3, a buffer), hidden (Linear(3, 8)), dropout, output (Linear(8, 4))"

  // MARK: - keep

  private static func keeping(_ trial: Trial, _ files: Files) throws {
    let model = Shifted()
    let file = files("model.safetensors")
    try keep(model, in: file)
    let isThere = FileManager.default.fileExists(atPath: file)
    try trial.require(
      isThere, "the file after keep", given: ["model": shown], expected: "a file", got: "none",
      meaning: "Nothing has been written.")
    let saved = try load(file)
    let names = model.stateDict().names.sorted()
    try trial.compare(
      "the names in the file", saved.names.sorted().joined(separator: "\n"),
      equals: names.joined(separator: "\n"), given: ["model": shown],
      mistakes: [
        Mistake(
          "The parameters are there and the buffers are not. A model is more than what it learns: "
            + "stateDict() lists both.",
          when: saved.names.sorted() == model.namedParameters().map(\.name).sorted())
      ])
    try compare(trial, "in the file", saved, with: model.stateDict())

    let nowhere = files("no/such/folder/model.safetensors")
    var hasThrown = false
    do { try keep(model, in: nowhere) } catch is CheckpointError { hasThrown = true }
    try trial.require(
      hasThrown, "keep in a folder that does not exist", given: ["file": "no/such/folder/model.safetensors"],
      expected: "the error that save throws", got: "no error",
      meaning: "The model is lost, and nobody hears of it: pass the error on, with try.")
  }

  /// Every tensor, bit for bit.
  private static func compare(
    _ trial: Trial, _ place: String, _ state: StateDict, with expected: StateDict, mistakes: [Mistake] = []
  ) throws {
    for (name, tensor) in expected {
      try trial.compare(
        "\(name) \(place)", state[name] ?? Tensor.zeros(0), with: tensor, given: ["model": shown], within: 0,
        mistakes: mistakes)
    }
  }

  // MARK: - restore

  private static func copy(_ state: StateDict) -> StateDict {
    var copy = StateDict()
    for (name, tensor) in state { copy[name] = tensor.clone() }
    return copy
  }

  private static func restoring(_ trial: Trial, _ files: Files) throws {
    let (model, other) = (Shifted(), Shifted())
    let file = files("whole.safetensors")
    try save(model.stateDict(), to: file)
    let before = copy(other.stateDict())
    let result = try restore(other, from: file)
    try trial.compare("what restore returns", result, equals: .restored, given: ["file": "of the same model"])
    let isUnchanged = equal(before["hidden.weight"]!, other.hidden.weight)
    try compare(
      trial, "after restore", other.stateDict(), with: model.stateDict(),
      mistakes: [
        Mistake(
          "The model is the one it was: the numbers of the file have not been copied into it.",
          when: isUnchanged)
      ])
  }

  private static func otherModels(_ trial: Trial, _ files: Files) throws {
    let wide: StateDict = ["weight": Tensor.randn(1, 3)]
    try refused(trial, files, Linear(2, 1), wide, "Linear(2, 1)", "weight (1, 3)", ["bias", "weight"])
    var extended = Shifted().stateDict()
    extended["output.scale"] = Tensor.randn(4)
    try refused(
      trial, files, Shifted(), extended, shown, "of such a model, and output.scale as well", ["output.scale"])
    try refused(
      trial, files, Shifted(), Shifted(hidden: 5).stateDict(), shown, "of such a model with 5 hidden units",
      ["hidden.weight", "hidden.bias", "output.weight"])
    try refused(
      trial, files, Sequential(Linear(2, 3)), Linear(2, 3).stateDict(), "Sequential(Linear(2, 3))",
      "of Linear(2, 3)", ["0.weight", "0.bias", "weight", "bias"])
  }

  private static func refused(
    _ trial: Trial, _ files: Files, _ model: Module, _ state: StateDict, _ name: String, _ content: String,
    _ names: [String]
  ) throws {
    let file = files("other.safetensors")
    try save(state, to: file)
    let before = copy(model.stateDict())
    let input: KeyValuePairs<String, any Showable> = ["model": name, "file": content]
    var (result, error) = (Restoring.restored, StateDictError?.none)
    do { result = try restore(model, from: file) } catch let caught as StateDictError { error = caught }
    try trial.require(
      error == nil, "what restore does with another model's file", given: input, expected: ".otherModel",
      got: error.map { "the error \($0)" } ?? "",
      meaning: "That the file is another model's is a result here, not an error: catch the StateDictError.")
    guard case .otherModel(let found) = result else {
      return try trial.compare(
        "what restore returns", result, equals: .otherModel(names: names.sorted()), given: input,
        mistakes: [
          Mistake(
            "The file does not fit, and nobody hears of it: strict: false passes over what does not fit.",
            when: true)
        ])
    }
    for (name, tensor) in model.stateDict() {
      try trial.compare(
        "\(name) after a file that does not fit", tensor, with: before[name]!, given: input, within: 0,
        mistakes: [
          Mistake(
            "The model is now partly the file's and partly what it was. All or nothing: let loadStateDict "
              + "compare before it copies.", when: true)
        ])
    }
    let misfits = names.filter { before[$0] != nil && state[$0] != nil }
    try trial.compare(
      "the names that do not fit", found.sorted(), equals: names.sorted(), given: input,
      mistakes: [
        Mistake(
          "The names that have another shape are not in the list: they are the error's misfits.",
          when: !misfits.isEmpty && Set(found) == Set(names).subtracting(misfits)),
        Mistake(
          "Some names are not in the list. The error has three: missing, unexpected and misfits.",
          when: Set(found).isStrictSubset(of: names)),
      ])
  }

  private static func unreadable(_ trial: Trial, _ files: Files) throws {
    let damaged = files("damaged.safetensors")
    try Data("no numbers".utf8).write(to: URL(fileURLWithPath: damaged))
    for (name, file) in [("one that is not there", files("nothing.safetensors")), ("a damaged one", damaged)]
    {
      var (got, hasThrown) = ("", false)
      do { got = "\(try restore(Shifted(), from: file))" } catch is CheckpointError { hasThrown = true }
      try trial.require(
        hasThrown, "what restore does with \(name)", given: ["file": name],
        expected: "the error that load throws", got: got,
        meaning: "This file is not another model's. Catch the StateDictError alone, and pass other errors on."
      )
    }
  }

  // MARK: - sameAnswers

  private static func answers(_ trial: Trial) throws {
    let model = Shifted()
    let twin = Shifted()
    try twin.loadStateDict(model.stateDict())
    let x = Tensor.randn(6, 3)
    func compare(_ name: String, _ a: Module, _ b: Module, _ expected: Bool, _ meaning: String) throws {
      for module in [a, b] { module.train() }
      let same = try sameAnswers(a, b, on: x)
      try trial.compare(
        "sameAnswers", same, equals: expected, given: ["models": name],
        mistakes: [
          Mistake(
            "The models have been asked in training mode, where dropout answers at random: call eval().",
            when: expected && a.isTraining || expected && b.isTraining),
          Mistake(meaning, when: true),
        ])
    }
    try compare("one model, twice", model, model, true, "A model agrees with itself.")
    try compare("two with the same numbers", model, twin, true, "The same numbers make the same answers.")
    try compare(
      "two that were made independently", model, Shifted(), false, "These models differ in every number.")

    // From here on the outputs are the biases, and only these differ.
    for module in [model, twin] { noGrad { _ = module.output.weight.zero_() } }
    func compare(_ name: String, _ biases: ([Double], [Double]), _ meaning: String) throws {
      noGrad {
        model.output.bias!.copy_(Tensor(biases.0))
        twin.output.bias!.copy_(Tensor(biases.1))
      }
      try compare(name, model, twin, false, meaning)
    }
    try compare(
      "two that name the same classes, with outputs 1, 2, 3, 4 and 1, 2, 3, 5",
      ([1, 2, 3, 4], [1, 2, 3, 5]),
      "These agree in their classes, but not in their outputs: compare these.")
    try compare(
      "two with outputs 1, 2, 3, 4 and 2, 1, 3, 4", ([1, 2, 3, 4], [2, 1, 3, 4]),
      "These have the same sum, but not the same outputs: compare element by element.")
    try compare(
      "two with outputs 1, 2, 3, 4 and 1.000001, 2, 3, 4", ([1, 2, 3, 4], [1.000001, 2, 3, 4]),
      "Nearly equal is not equal: saving and loading changes no bit. Compare with equal, not allClose."
    )
  }

  /// All three, as a program would use them.
  private static func together(_ trial: Trial, _ files: Files) throws {
    let (trained, fresh) = (Shifted(), Shifted())
    let optimizer = SGD(trained.parameters(), lr: 0.1)
    for _ in 0..<5 {
      optimizer.zeroGrad()
      crossEntropy(trained(Tensor.randn(6, 3)), Tensor.randint(0, 4, [6])).backward()
      optimizer.step()
    }
    let file = files("trained.safetensors")
    let x = Tensor.randn(6, 3)
    try keep(trained, in: file)
    let before = try sameAnswers(trained, fresh, on: x)
    let result = try restore(fresh, from: file)
    let after = try sameAnswers(trained, fresh, on: x)
    try trial.compare(
      "sameAnswers before, restore, sameAnswers after", "\(before), \(result), \(after)",
      equals: "false, restored, true", given: ["models": "a trained one, and a new one that is to become it"])
  }
}
