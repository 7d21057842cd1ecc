import DeepLearning
import Foundation

// How the images of section 3.4 are divided among the cores. What a worker computes from its images, forward
// and backward, stands in main.swift.

/// What one core needs to work on a block of images, and what it has summed up.
final class Worker: @unchecked Sendable {
  /// Images in a block: few enough that 80 · 784 floats stay in a core's cache between the two passes.
  static let blockSize = 80

  /// One image in each row.
  let x = Matrix(blockSize, 784)
  // One image in each column.
  let a1 = Matrix(10, blockSize)
  let p = Matrix(10, blockSize)
  let delta1 = Matrix(10, blockSize)
  let scratch = Matrix(2, blockSize)

  /// The gradient of all images since the last reset.
  let gradient = Parameters()
  private(set) var score = Score()

  func reset() {
    score = Score()
    for sum in gradient.all { sum.fill(0) }
  }

  /// Adds the block's costs −ln p[label] and its number of right answers to the score.
  func note(_ labels: ArraySlice<Int>) {
    for (c, label) in labels.enumerated() {
      score.cost -= log(Double(max(p.elements[label * Self.blockSize + c], .leastNormalMagnitude)))
      score.correct += p.largestRow(inColumn: c) == label ? 1 : 0
    }
  }
}

/// A sum over images: their costs, and how many were recognized.
struct Score: Sendable {
  var cost = 0.0
  var correct = 0
}

/// The scores of a training run: at every tenth iteration, before its step, and after the last step.
struct TrainingRun {
  var costs: [Double] = []
  var accuracies: [Double] = []
  var costAtEnd = 0.0
  var accuracyAtEnd = 0.0
  var seconds = 0.0

  /// How often the accuracy was lower than the one noted before it.
  var drops: Int { zip(accuracies, accuracies.dropFirst()).count { $1 < $0 } }
}

/// An image that was taken for something else.
struct Mistake {
  let index: Int
  let label: Int
  let prediction: Int
}

/// A worker for each core.
final class Team {
  private let workers = (0..<max(1, ProcessInfo.processInfo.activeProcessorCount)).map { _ in Worker() }

  /// After a pass that learns, the gradient of the mean cost over all images.
  var gradient: Parameters { workers[0].gradient }

  /// Takes all images through the network, a stretch of blocks on each core.
  ///
  /// - Parameters:
  ///   - learns: Whether the backward pass is run, too.
  ///   - isScored: Whether cost and accuracy are wanted.
  func pass(
    _ net: Parameters, _ images: ByteImages, _ labels: [Int], learns: Bool, isScored: Bool
  ) -> Score {
    precondition(images.count % Worker.blockSize == 0, "the images must fill whole blocks")
    let (workers, blocks) = (workers, images.count / Worker.blockSize)
    onEachCore(workers.count) { core in
      let worker = workers[core]
      worker.reset()
      for b in blocks * core / workers.count..<blocks * (core + 1) / workers.count {
        let block = b * Worker.blockSize..<(b + 1) * Worker.blockSize
        worker.forward(net, images, block)
        if isScored { worker.note(labels[block]) }
        if learns { worker.backward(net, labels[block], imageCount: images.count) }
      }
    }
    for worker in workers.dropFirst() {
      for (sum, part) in zip(gradient.all, worker.gradient.all) { sum.add(part) }
    }
    return workers.reduce(Score()) { sum, worker in
      Score(cost: sum.cost + worker.score.cost, correct: sum.correct + worker.score.correct)
    }
  }
}

/// The spread of the hidden sums and the mean of the largest probability, on one block of images.
func firstLook(at net: Parameters, _ images: ByteImages) -> (spread: Double, certainty: Double) {
  let worker = Worker()
  worker.forward(net, images, 0..<Worker.blockSize)
  let sums = Matrix(10, Worker.blockSize)
  multiply(net.w1, worker.x.transposed, into: sums)
  let probabilities = Tensor(worker.p.array, shape: [10, Worker.blockSize])
  return (Tensor(sums.array).std().item(), probabilities.amax(dim: 0).mean().item())
}

/// The first images that the network takes for something else.
func firstMistakes(of net: Parameters, _ images: ByteImages, _ labels: [Int], count: Int) -> [Mistake] {
  let worker = Worker()
  var mistakes: [Mistake] = []
  for start in stride(from: 0, to: images.count, by: Worker.blockSize) where mistakes.count < count {
    worker.forward(net, images, start..<start + Worker.blockSize)
    for c in 0..<Worker.blockSize {
      let (label, prediction) = (labels[start + c], worker.p.largestRow(inColumn: c))
      if prediction != label {
        mistakes.append(Mistake(index: start + c, label: label, prediction: prediction))
      }
    }
  }
  return Array(mistakes.prefix(count))
}
