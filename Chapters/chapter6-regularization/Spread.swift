// What the experiments of this chapter keep of their runs.

import DeepLearning

/// Several runs of one experiment: their mean and standard deviation.
struct Spread: CustomStringConvertible {
  let mean: Double
  let std: Double

  init(_ values: [Double]) {
    var average = RunningAverage()
    for value in values { average.add(value) }
    mean = average.mean
    std = values.count > 1 ? average.std() : 0
  }

  var description: String { "\(mean.shown(digits: 3)) ± \(std.shown(digits: 3))" }
}

/// A network trained with wrong labels.
struct Noisy {
  let accuracy: Double
  let loss: Double
  /// The share of the wrong labels that it gives back.
  let wrongLearned: Double

  init(_ accuracy: Double, _ loss: Double, wrongLearned: Double) {
    self.accuracy = accuracy
    self.loss = loss
    self.wrongLearned = wrongLearned
  }
}

/// A pruned network's test accuracy, before and after it was trained.
struct Trial {
  let before: Double
  let after: Double
}

/// The competitors at one sparsity, with the same mask.
struct Round {
  let redrawn: Trial
  let rescaled: Trial
  let ticket: Trial
}

/// One start: the whole network, and the rounds in which it was pruned.
struct Contest {
  let dense: Trial
  let rounds: [Round]
}
