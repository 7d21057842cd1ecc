import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  private static var tenth: Lambda { Lambda { $0.to(.float32) / 10 } }

  static func run(_ trial: Trial) throws {
    let series = Tensor([3, 1, 4, 1, 5, 9, 2, 6])
    try counts(trial, series, 3)
    try examples(trial, series, 3)
    try oneHotRows(trial)
    try transforms(trial, series, 3)
    let random = Tensor.randint(0, 6, [23])
    try counts(trial, random, 4)
    try examples(trial, random, 4)
    try batches(trial, random, 4)
    // The longest window that still has a target.
    try counts(trial, random, 22)
    try examples(trial, random, 22)
  }

  private static func counts(_ trial: Trial, _ series: Tensor, _ length: Int) throws {
    let size = series.size(0)
    try trial.compare(
      "the number of windows", Windows(series: series, length: length).count, with: size - length,
      given: ["series": series, "length": length],
      mistakes: [
        Mistake(
          "The last of these windows ends with the series, and nothing follows it: it has no target.",
          gives: size - length + 1),
        Mistake(
          "The last window is missing: the one whose target is the last number.", gives: size - length - 1),
        Mistake("The last windows would reach beyond the end of the series.", gives: size),
        Mistake("Windows overlap: the next one begins one number later.", gives: size / length),
        Mistake("Windows overlap: the next one begins one number later.", gives: (size - 1) / length),
      ])
  }

  private static func examples(_ trial: Trial, _ series: Tensor, _ length: Int) throws {
    let numbers = series.toArray(of: Int.self)
    let windows = Windows(series: series, length: length)
    for i in 0..<numbers.count - length {
      let (x, y) = windows[i]
      let (from, to) = (i * length, min((i + 1) * length, numbers.count))
      try trial.compare(
        "x of example \(i)", x, with: Tensor(Array(numbers[i..<i + length])),
        given: ["series": series, "length": length, "index": i],
        mistakes: [
          Mistake(
            "The windows do not overlap. Example 1 begins at number 1 of the series, example 2 at number 2.",
            gives: Tensor(from < to ? Array(numbers[from..<to]) : [])),
          Mistake("The target is no part of the window.", gives: Tensor(Array(numbers[i...i + length]))),
          Mistake(
            "This is one number only: the window has \(length).", when: x.count == 1 && length > 1),
        ])
      try trial.compare(
        "y of example \(i)", y, with: Tensor(numbers[i + length]),
        given: ["series": series, "length": length, "index": i],
        mistakes: [
          Mistake(
            "This is the window's own last number: the network would have nothing to do but to copy it. The "
              + "target is the number behind the window.", gives: Tensor(numbers[i + length - 1])),
          Mistake(
            "This is a row of one number. An index, series[…], gives the number itself, of shape ().",
            gives: Tensor([numbers[i + length]])),
          Mistake(
            "These are the windows of the next example. One number is asked for.",
            gives: Tensor(Array(numbers[i + 1...i + length]))),
        ])
    }
  }

  private static func oneHotRows(_ trial: Trial) throws {
    for (label, classes) in [(2, 4), (0, 3), (9, 10)] {
      let row = OneHot(classes: classes)(Tensor(label))
      let expected = (0..<classes).map { $0 == label ? 1.0 : 0.0 }
      try trial.compare(
        "OneHot(classes: \(classes))", row, with: Tensor(expected), given: ["label": label],
        mistakes: [
          Mistake("Classes are counted from 0.", gives: Tensor(Array(expected[1...] + expected[..<1]))),
          Mistake(
            "A single label makes a single row, of shape (classes).", gives: Tensor([expected])),
          Mistake("This is the label itself.", gives: Tensor(label)),
        ])
      try trial.compare(
        "the type of what OneHot(classes: \(classes)) makes", row.dtype.rawValue, equals: "float32",
        given: ["label": label],
        mistakes: [
          Mistake(
            "oneHot makes whole numbers unless it is told otherwise, and a loss computes with float32: "
              + "oneHot(…, dtype: .float32).", when: row.dtype == .int64)
        ])
    }
  }

  private static func transforms(_ trial: Trial, _ series: Tensor, _ length: Int) throws {
    let (x, y) = (series[1..<1 + length], series[1 + length])
    let row = Tensor((0..<10).map { $0 == Int(y.item()) ? 1.0 : 0 })
    let cases: [(String, (any Transform)?, (any Transform)?, Tensor, Tensor)] = [
      ("transform: x / 10", tenth, nil, tenth(x), y),
      ("targetTransform: OneHot(classes: 10)", nil, OneHot(classes: 10), x, row),
      ("transform: x / 10, targetTransform: y / 10", tenth, tenth, tenth(x), tenth(y)),
    ]
    for (name, transform, targetTransform, expectedX, expectedY) in cases {
      let windows = Windows(
        series: series, length: length, transform: transform, targetTransform: targetTransform)
      let (gotX, gotY) = windows[1]
      let forgotten = "has not been applied."
      try trial.compare(
        "x of example 1, transformed", gotX, with: expectedX,
        given: ["series": series, "length": length, "given": name],
        mistakes: [
          Mistake("The transform \(forgotten)", gives: x),
          Mistake("The transform has been applied twice.", gives: tenth(tenth(x))),
          Mistake("The target transform is for y; x stays as it is.", when: transform == nil),
        ])
      try trial.compare(
        "y of example 1, transformed", gotY, with: expectedY,
        given: ["series": series, "length": length, "given": name],
        mistakes: [
          Mistake("The transform is for x; the target has one of its own.", when: targetTransform == nil),
          Mistake("The target transform \(forgotten)", gives: y),
          Mistake("The target transform has been applied twice.", gives: tenth(tenth(y))),
        ])
    }
  }

  /// What the windows are for: a loader deals them out.
  private static func batches(_ trial: Trial, _ series: Tensor, _ length: Int) throws {
    let windows = Windows(
      series: series, length: length, transform: tenth, targetTransform: OneHot(classes: 6))
    var first = 0
    for (x, y) in DataLoader(windows, batchSize: 8) {
      let indices = Array(first..<min(first + 8, series.size(0) - length))
      let expectedX = stack(indices.map { tenth(series[$0..<$0 + length]) })
      let expectedY = stack(
        indices.map { i in Tensor((0..<6).map { $0 == Int(series[i + length].item()) ? 1.0 : 0 }) })
      let input: KeyValuePairs<String, any Showable> = ["series": series, "length": length, "batchSize": 8]
      try trial.compare("x of a batch", x, with: expectedX, given: input)
      try trial.compare("y of a batch", y, with: expectedY, given: input)
      first += 8
    }
  }
}
