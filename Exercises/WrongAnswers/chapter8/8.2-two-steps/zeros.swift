// Says: nothing has been computed yet
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
  [0, 0, 0]
}

func gradient(_ run: TwoSteps) throws -> (w: Double, u: Double, b: Double) {
  (0, 0, 0)
}

func fading(w: Double, states: [Double]) throws -> Double {
  0
}
