// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that learners never build it. One workload a target; the same work in PyTorch
// stands in torch/ under the same name.
let settings: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

// Two programs measure the engine alone: growth and memory.
let workloads = [
  "attention", "cnn", "conv", "cross-entropy", "dataloader", "elementwise", "growth", "matmul", "memory",
  "mlp", "normalization", "rnn", "seq2seq", "softmax", "start-up", "tiny-graph",
]

let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "deep-learning-course", path: "..")],
  targets: [.target(name: "Timing", swiftSettings: settings)]
    + workloads.map {
      .executableTarget(
        name: $0,
        dependencies: ["Timing", .product(name: "DeepLearning", package: "deep-learning-course")],
        swiftSettings: settings)
    },
  swiftLanguageModes: [.v6]
)
