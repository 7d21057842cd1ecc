// swift-tools-version: 6.2
import PackageDescription

// Plain `swift run` and `swift test` build in debug configuration. A course that trains networks cannot wait for
// unoptimized loops, so what computes is compiled with -O there as well, the engine as a whole module so that its
// generic kernels are specialized for each element type. What only asks the engine, or writes and draws, is not: it
// would take up to four times as long to build, for a second or less of a chapter's run.
//
// On x86-64 the code is tuned for the processor that builds it. Set DEEPLEARNING_PORTABLE=1 for a
// build that runs on other x86-64 machines too, those that can fuse a product and a sum (since about 2013).
let isPortable = Context.environment["DEEPLEARNING_PORTABLE"] != nil

#if arch(x86_64)
  // Where there are vectors of 512 bits, loops use them; left alone, the compiler keeps to 256.
  let processor =
    isPortable
    ? ["-Xcc", "-march=x86-64-v3"] : ["-Xcc", "-march=native", "-Xcc", "-mprefer-vector-width=512"]
#else
  let processor: [String] = []
#endif

// Without the second flag squareRoot() of a Float is a call that may set errno, and no loop that
// contains it becomes vector code.
let tuning = processor + ["-Xcc", "-fno-math-errno"]

// A copy of each parallel loop for each closure that it is called with would take a sixth of the engine's build, and
// gain nothing.
let wholeModule = [
  "-enforce-exclusivity=unchecked", "-wmo", "-num-threads", "2", "-disable-batch-mode", "-suppress-remarks",
  "-Xllvm", "-sil-disable-pass=closure-specialize",
]

let engineSettings: [SwiftSetting] =
  (isPortable ? [.define("DEEPLEARNING_PORTABLE")] : []) + [
    .unsafeFlags(["-O"] + wholeModule + tuning, .when(configuration: .debug)),
    .unsafeFlags(tuning, .when(configuration: .release)),
  ]
// Functions that look alike would share their machine code, and with it their lines: a message about a
// mistake would name the wrong one.
let unshared = ["-Xllvm", "-swiftmergefunc-threshold=0"]
let settings: [SwiftSetting] = [
  .unsafeFlags(tuning, .when(configuration: .debug)),
  .unsafeFlags(unshared + tuning, .when(configuration: .release)),
]
// For chapters with loops of their own over many numbers: 3 trains with them, and 7 races them against the library, which
// has to be fair.
let optimized: [SwiftSetting] = [
  .unsafeFlags(["-O"] + unshared + tuning, .when(configuration: .debug)),
  .unsafeFlags(unshared + tuning, .when(configuration: .release)),
]

let chapters = [
  "chapter1-perceptron",
  "chapter2-multilayer-perceptron",
  "chapter3-backprop",
  "chapter4-pytorch-style-api",
  "chapter5-training-stability",
  "chapter6-regularization",
  "chapter7-convolutional-networks",
  "chapter8-recurrent-networks",
  "chapter9-sequence-to-sequence",
  "chapter10-attention",
]

let package = Package(
  name: "deep-learning-course",
  products: [
    .library(name: "DeepLearning", targets: ["DeepLearning"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CSystem"),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "CGnuplot",
      linkerSettings: [
        .linkedLibrary("boost_iostreams"), .linkedLibrary("boost_system"),
        .linkedLibrary("boost_filesystem"),
      ]),
    .target(
      name: "DeepLearning",
      dependencies: [
        "Datasets", "Figures", "Networks", "Prose", "Tensors",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: [
        "Autograd", "Checkpoints", "Data", "Figures", "Files", "Kernels", "Modules", "Operations",
        "Optimizers", "Tensor", "Notebook/Prose",
      ],
      swiftSettings: settings),
    // Four modules share this folder. Each names what it leaves out: of files that a list of sources passes over,
    // the build would warn. A new folder goes into the lists of the other three.
    .target(
      name: "Networks", dependencies: ["Tensors"], path: "Sources/DeepLearning",
      exclude: [
        "Autograd", "Data", "Decoding", "Exports.swift", "Figures", "Files", "Kernels", "Notebook",
        "Operations", "Tensor", "Training",
      ], swiftSettings: engineSettings),
    .target(
      name: "Datasets", dependencies: ["CZlib", "Prose", "Tensors"], path: "Sources/DeepLearning",
      exclude: [
        "Autograd", "Checkpoints", "Decoding", "Exports.swift", "Figures", "Files", "Kernels", "Modules",
        "Notebook", "Operations", "Optimizers", "Tensor", "Training",
      ],
      swiftSettings: engineSettings),
    .target(
      name: "Tensors", dependencies: ["CSystem", "COpenBLAS"], path: "Sources/DeepLearning",
      exclude: [
        "Checkpoints", "Data", "Decoding", "Exports.swift", "Figures", "Modules", "Notebook", "Optimizers",
        "Training",
      ], swiftSettings: engineSettings),
    // Two parts of the library that need no tensors are modules of their own and compile at the same time.
    .target(
      name: "Figures", dependencies: ["CGnuplot"], path: "Sources/DeepLearning/Figures",
      swiftSettings: settings),
    .target(name: "Prose", path: "Sources/DeepLearning/Notebook/Prose", swiftSettings: settings),
    .testTarget(
      name: "DeepLearningTests",
      dependencies: ["Datasets", "DeepLearning", "Figures", "Networks", "Prose", "Tensors"],
      resources: [.copy("Fixtures")],
      swiftSettings: settings),
    // What an exercise sees beside the library, and what runs it.
    .target(name: "Exercises", dependencies: ["DeepLearning"], swiftSettings: settings),
    // Compiled exercises are loaded into this program and find the library in it.
    .executableTarget(
      name: "course",
      dependencies: [
        "DeepLearning", "Exercises", "Prose",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: [.copy("Book/Resources")],
      swiftSettings: settings,
      linkerSettings: [.unsafeFlags(["-Xlinker", "--export-dynamic"])]),
    .testTarget(
      name: "ChapterTests", dependencies: chapters.map { .target(name: $0) }, swiftSettings: settings),
    .testTarget(
      name: "BookTests", dependencies: ["DeepLearning", "course"] + chapters.map { .target(name: $0) },
      resources: [.copy("Fixtures")], swiftSettings: settings),
    .testTarget(
      name: "ExerciseTests", dependencies: ["DeepLearning", "Exercises", "course"], swiftSettings: settings),
  ]
    + chapters.map {
      // BLAS itself is for chapter 3, which builds a network on nothing else.
      .executableTarget(
        name: $0, dependencies: ["DeepLearning", "COpenBLAS"], path: "Chapters/\($0)",
        swiftSettings: ["chapter3-backprop", "chapter7-convolutional-networks"].contains($0)
          ? optimized : settings)
    },
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
