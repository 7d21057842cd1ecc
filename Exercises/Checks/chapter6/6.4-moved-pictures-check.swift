import DeepLearning
import Exercises

enum Check: ExerciseCheck {
  static func run(_ trial: Trial) throws {
    let row = [[0.0, 4, 8], [2, 6, 4]]
    let square = [[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]
    try move(trial, row, dx: 1, dy: 0)
    try move(trial, row, dx: 0.5, dy: 0)
    try move(trial, square, dx: 0, dy: 1)
    try move(trial, square, dx: -0.25, dy: 0)
    try move(trial, square, dx: 0, dy: 0.5)
    try move(trial, [[1.0, 2, 3, 4], [5, 6, 7, 8], [9, 10, 12, 20]], dx: 0.25, dy: -1.5)
    try move(trial, square, dx: 40, dy: 0)
    try move(trial, (0..<7).map { _ in Tensor.rand(5).toArray(of: Double.self) }, dx: -2.3, dy: 1.7)
    for picture in [row, square] {
      try trial.compare(
        "the picture in a mirror", Tensor(try mirrored(picture)), with: Tensor(picture).flip(1),
        given: ["the picture": Tensor(picture)],
        mistakes: [
          Mistake(
            "This stands on its head. A mirror exchanges left and right.", gives: Tensor(picture).flip(0)),
          Mistake(
            "This has been turned by half a turn. The rows stay in their order.",
            gives: Tensor(picture).flip(0, 1)),
        ])
    }
  }

  private static func move(_ trial: Trial, _ picture: [[Double]], dx: Double, dy: Double) throws {
    let image = Tensor(picture)
    func shifted(_ x: Double, _ y: Double) -> Tensor { translate(image, x: x, y: y) }
    let answer = try moved(picture, dx: dx, dy: dy)
    let input: KeyValuePairs<String, any Showable> = ["the picture": image, "dx": dx, "dy": dy]
    try trial.compare(
      "the size of the result", answer.map(\.count), equals: picture.map(\.count), given: input,
      mistakes: [Mistake("The result has as many rows and columns as the picture.", when: true)])
    try trial.compare(
      "the moved picture", Tensor(answer), with: shifted(dx, dy), given: input, within: 1e-5,
      mistakes: [
        Mistake(
          "It has moved the other way: the pixel comes from (i − dy, j − dx).", gives: shifted(-dx, -dy)),
        Mistake("dx and dy have changed places: dx goes along a row.", gives: shifted(dy, dx)),
        Mistake(
          "The weights of the neighbors have changed places: far from a pixel it counts little.",
          gives: swappedWeights(picture, dx, dy)),
        Mistake("It has moved by whole pixels only.", gives: shifted(dx.rounded(.up), dy.rounded(.up))),
        Mistake("It has moved by whole pixels only.", gives: shifted(dx.rounded(.down), dy.rounded(.down))),
        Mistake("It has moved by whole pixels only.", gives: shifted(dx.rounded(), dy.rounded())),
        Mistake(
          "Beyond the border the picture has been continued by its edge. It is 0 there.",
          gives: translate(image, x: dx, y: dy, fill: .edge)),
        Mistake(
          "What leaves on one side has come in on the other. Beyond the border it is 0.",
          gives: wrapped(picture, dx, dy)),
        Mistake(
          "Negative numbers have been rounded toward 0. Round down: −0.5 becomes −1.",
          gives: truncated(picture, dx, dy)),
      ])
  }

  /// The four neighbors' sum, with a way to find a pixel, to round, and to weigh.
  private static func sampled(
    _ picture: [[Double]], _ dx: Double, _ dy: Double, rule: FloatingPointRoundingRule = .down,
    weights: (Double) -> (Double, Double) = { (1 - $0, $0) },
    pixel: (_ row: Int, _ column: Int) -> Double
  ) -> Tensor {
    Tensor(
      picture.indices.map { i in
        picture[0].indices.map { j in
          let (y, x) = (Double(i) - dy, Double(j) - dx)
          let (r, c) = (y.rounded(rule), x.rounded(rule))
          let (upper, lower) = weights(y - r)
          let (left, right) = weights(x - c)
          let (row, column) = (Int(r), Int(c))
          return upper * (left * pixel(row, column) + right * pixel(row, column + 1))
            + lower * (left * pixel(row + 1, column) + right * pixel(row + 1, column + 1))
        }
      })
  }

  private static func at(_ picture: [[Double]]) -> (Int, Int) -> Double {
    { picture.indices.contains($0) && picture[0].indices.contains($1) ? picture[$0][$1] : 0 }
  }

  private static func swappedWeights(_ picture: [[Double]], _ dx: Double, _ dy: Double) -> Tensor {
    sampled(picture, dx, dy, weights: { ($0, 1 - $0) }, pixel: at(picture))
  }

  private static func truncated(_ picture: [[Double]], _ dx: Double, _ dy: Double) -> Tensor {
    sampled(picture, dx, dy, rule: .towardZero, pixel: at(picture))
  }

  private static func wrapped(_ picture: [[Double]], _ dx: Double, _ dy: Double) -> Tensor {
    let (height, width) = (picture.count, picture[0].count)
    return sampled(picture, dx, dy) {
      picture[(($0 % height) + height) % height][(($1 % width) + width) % width]
    }
  }
}
