// Says: w stands in every factor
import DeepLearning
import Foundation

struct TwoSteps {
  var w, u, b: Double
  var start: Double
  var x: [Double]
  var y: [Double]

  var states: [Double] {
    let h1 = tanh(w * start + u * x[0] + b)
    return [h1, tanh(w * h1 + u * x[1] + b)]
  }
}

func terms(_ run: TwoSteps) throws -> [Double] {
  let h = run.states
  let errors = [h[0] - run.y[0], h[1] - run.y[1]]
  let slopes = h.map { 1 - $0 * $0 }
  return [
    errors[0] * slopes[0] * run.start, errors[1] * slopes[1] * h[0],
    errors[1] * slopes[1] * run.w * slopes[0] * run.start,
  ]
}

func gradient(_ run: TwoSteps) throws -> (w: Double, u: Double, b: Double) {
  let h = run.states
  let second = (h[1] - run.y[1]) * (1 - h[1] * h[1])
  let first = (h[0] - run.y[0] + second * run.w) * (1 - h[0] * h[0])
  return (first * run.start + second * h[0], first * run.x[0] + second * run.x[1], first + second)
}

func fading(w: Double, states: [Double]) throws -> Double {
  states.reduce(w) { $0 * (1 - $1 * $1) }
}
