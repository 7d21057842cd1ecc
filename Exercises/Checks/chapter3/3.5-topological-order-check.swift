import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    // c = b + b, b = a + a
    try judge(trial, [[], [0, 0], [1, 1]], from: 2)
    // Numbered in no order; numbered from the result on.
    try judge(trial, [[2], [], [1]], from: 0)
    try judge(trial, [[1, 2], [3], [3], []], from: 0)
    // A long way and a short one to the same value, either of them first.
    try judge(trial, [[], [0], [1], [0, 2]], from: 3)
    try judge(trial, [[], [0], [1], [2, 0]], from: 3)
    // 4 and 5 do not belong to the history of 3; and a result that was given.
    try judge(trial, [[], [], [0, 1], [2, 1], [3, 0], []], from: 3)
    try judge(trial, [[], [0], [1]], from: 0)
    // Sixty steps of doubling: 2⁶⁰ paths.
    try judge(trial, [[]] + (0..<60).map { [$0, $0] }, from: 60)
    // Layers of five values, each made from all of the layer below.
    let layers = (0..<20).flatMap { layer in
      (0..<5).map { _ in layer == 0 ? [] : Array((layer - 1) * 5..<layer * 5) }
    }
    try judge(trial, layers, from: 97)
  }

  private static func judge(_ trial: Trial, _ inputs: [[Int]], from result: Int) throws {
    var history: Set<Int> = []
    var open = [result]
    while let value = open.popLast() {
      if history.insert(value).inserted { open += inputs[value] }
    }
    let order = try topologicalOrder(inputs, from: result)

    func require(_ condition: Bool, _ meaning: @autoclosure () -> String) throws {
      try trial.require(
        condition, "The order", given: ["inputs": "\(inputs)", "result": result],
        expected: "each of \(history.sorted()) once, after all its inputs", got: "\(order)",
        meaning: meaning())
    }
    try require(!order.isEmpty, "The list is empty. It has at least one member: the result.")
    let unknown = order.first { !inputs.indices.contains($0) }
    try require(unknown == nil, "There is no value \(unknown ?? 0).")
    let stranger = order.first { !history.contains($0) }
    try require(
      stranger == nil,
      "\(stranger ?? 0) does not belong there: the result does not depend on it. Start from the result.")
    let repeated = Dictionary(grouping: order, by: \.self).filter { $0.value.count > 1 }.keys.min()
    try require(
      repeated == nil,
      "\(repeated ?? 0) stands there more than once. Remember which values you have visited.")
    let missing = history.subtracting(order).min()
    try require(missing == nil, "\(missing ?? 0) is missing: the result depends on it.")
    let isReversed = isSorted(order.reversed(), inputs)
    try require(
      !(isReversed && !isSorted(order, inputs)),
      "The order is right and runs backward: results stand before their inputs.")
    let early = firstTooEarly(order, inputs)
    try require(
      early == nil,
      "\(early ?? 0) stands before one of its inputs. A value is put into the list when all its inputs are in it, "
        + "not when it is first met.")
  }

  private static func isSorted(_ order: [Int], _ inputs: [[Int]]) -> Bool {
    firstTooEarly(order, inputs) == nil
  }

  private static func firstTooEarly(_ order: [Int], _ inputs: [[Int]]) -> Int? {
    var seen: Set<Int> = []
    for value in order {
      if !seen.isSuperset(of: inputs[value]) { return value }
      seen.insert(value)
    }
    return nil
  }
}
