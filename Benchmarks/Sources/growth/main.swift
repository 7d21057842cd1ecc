import DeepLearning
import Glibc
import Timing

// How the cost of forward and backward grows with depth, batch and width of a network: it should be linear in the first
// two and quadratic in the third. Draws growth.svg into the folder named on the command line.
manualSeed(0)

/// The seconds of forward and backward through `depth` layers of `width` units, with `batch` examples at a time.
func seconds(depth: Int, batch: Int, width: Int) -> Double {
  let model = Sequential((0..<depth).flatMap { _ in [Linear(width, width), Tanh()] as [Module] })
  let x = Tensor.randn(batch, width)
  let runs = max(3, 400_000_000 / (depth * batch * width * width))
  return medianSeconds(runs: runs) {
    for parameter in model.parameters() { parameter.grad = nil }
    model(x).square().mean().backward()
  }
}

struct Growth {
  let name: String
  let sizes: [Int]
  let seconds: [Double]

  init(_ name: String, _ sizes: [Int], _ seconds: (Int) -> Double) {
    self.name = name
    self.sizes = sizes
    self.seconds = sizes.map(seconds)
  }

  var factors: [Double] { sizes.map { Double($0) / Double(sizes[0]) } }
  /// The power of the size with which the time grows from one size to another.
  func exponent(_ from: Int, _ to: Int) -> Double {
    log(seconds[to] / seconds[from]) / log(factors[to] / factors[from])
  }
}

let powers = (0...6).map { 1 << $0 }
let growths = [
  Growth("depth, from 1 to 64 layers", powers) { seconds(depth: $0, batch: 64, width: 256) },
  Growth("batch, from 64 to 4096 examples", powers.map { 64 * $0 }) {
    seconds(depth: 2, batch: $0, width: 256)
  },
  Growth("width, from 128 to 8192 units", powers.map { 128 * $0 }) {
    seconds(depth: 2, batch: 256, width: $0)
  },
]
for growth in growths {
  let powers = [(0, 6), (1, 6), (5, 6)].map { (growth.exponent($0, $1) * 100).rounded() / 100 }
  print(
    "\(growth.name): power \(powers[0]) over a factor of 64, \(powers[1]) over the last 32, \(powers[2]) over the last 2"
  )
  for (size, seconds) in zip(growth.sizes, growth.seconds) {
    print("  \(size)\t\((seconds * 1e8).rounded() / 100) µs")
  }
}

let ends = [1.0, 64]
var figure = Figure(title: "Forward and backward: time against size")
  .axes(x: "size, in multiples of the smallest", y: "time, in multiples of that of the smallest").logX()
  .logY()
for growth in growths {
  figure = figure.line(
    x: growth.factors, y: growth.seconds.map { $0 / growth.seconds[0] }, label: growth.name)
}
figure =
  figure
  .line(x: ends, y: ends, label: "linear", color: .gray, style: .dotted)
  .line(x: ends, y: ends.map { $0 * $0 }, label: "quadratic", color: .gray, style: .dashed)
try figure.write(to: CommandLine.arguments.dropFirst().first ?? ".", name: "growth")
