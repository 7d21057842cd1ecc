import Foundation
import Testing

@testable import DeepLearning
@testable import Tensors
@testable import Figures

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// One figure of every kind, named as its files are.
private let gallery: [(name: String, figure: Figure)] = {
  let x = (0..<40).map { Double($0) / 4 - 5 }
  let classes = x.indices.map { $0 % 3 }
  let hill = Field(x: -2...2, y: -1...1, resolution: 24) { x, y in x * x - y }
  let quadrants = Field(x: -2...2, y: -2...2, resolution: 24) { x, y in (x > 0 ? 1 : 0) + (y > 0 ? 2 : 0) }
  let image = (0..<64).map { Double($0 % 8) }
  let arrow = (from: (x: 0.0, y: 0.0), to: (x: 1.0, y: 1.0))
  let line = Figure(title: "line").line(x, label: "training").line(x.map { -$0 }, label: "validation")
  return [
    ("line", line.axes(x: "epoch", y: "loss")),
    (
      "styles",
      Figure().line(x: x, y: x, style: .dashed).line(x: x, y: x.map { $0 + 1 }, style: .dotted, markers: true)
    ),
    ("log", Figure().line(x: [1, 10, 100], y: [0.001, 1, 1000]).logX().logY()),
    ("scatter", Figure().scatter(x: x, y: x, label: "points")),
    ("classes", Figure().scatter(x: x, y: x, classes: classes, names: ["a", "b", "c"]).equalAspect()),
    ("band", Figure().band(mean: x, deviation: x.map(abs), label: "five seeds")),
    (
      "bars",
      Figure().bars([3, -1], categories: ["50% a", "b"], errors: [1, 0.5], label: "p").bars(
        [2, 2], label: "q")
    ),
    ("histogram", Figure().histogram(x, bins: 7).histogram(x, bins: 5, density: true, label: "again")),
    (
      "heat-map",
      Figure().heatMap([[1, 2.5], [.nan, -4]], rowLabels: ["a", "b"], decimals: 1, colormap: .diverging)
    ),
    ("images", Figure().imageGrid([image, image], height: 8, width: 8, captions: ["(1, 2)", "(3, 4)"])),
    (
      "weights",
      Figure().imageGrid([image.map { $0 - 4 }], height: 8, width: 8, colormap: .diverging, scale: .perImage)
    ),
    ("bar-code", Figure().imageGrid([image], height: 1, width: 64)),
    ("color-images", Figure().imageGrid([image + image + image], height: 8, width: 8)),
    ("regions", Figure().regions(quadrants).scatter(x: [1], y: [1], label: "point")),
    ("threshold", Figure().regions(hill, threshold: 0.5)),
    ("contour", Figure().contour(hill, label: "loss").contour(hill, levels: [0], color: .black)),
    ("color-field", Figure().colorField(hill, key: "value").contour(hill, levels: [1])),
    ("arrows", Figure().arrows([arrow], label: "step").text("here", x: 0.5, y: 0.2)),
    ("reference", Figure().line(x).horizontalLine(at: 2, label: "bound").verticalLine(at: 7, label: "stop")),
    ("surface", Figure().surface(hill).axes(x: "x", y: "y", z: "z")),
    (
      "network",
      Figure().network(layers: [2, 30, 1], names: ["in", "hidden", "out"], unitLabels: [["x₁", "x₂"]])
    ),
    ("weighted-network", Figure().network(layers: [2, 1], weights: [[[1, -2]]])),
    (
      "graph",
      Figure().graph(
        nodes: [.init("a"), .init("+", shape: .circle)], edges: [.init("a", "+"), .init("a", "+")])
    ),
    (
      "ticks",
      Figure().line([1, 2, 3]).xTicks([(0, "zero"), (2, "two")]).xRange(0...2).yRange(0...4).legend(.right)
    ),
    ("grid", Figure.grid(title: "All", columns: 2, [line, Figure(title: "b").heatMap([[1, 2]]), line])),
  ]
}()

private func temporaryFolder() throws -> String {
  let path = NSTemporaryDirectory() + "figures-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  return path
}

private func contents(_ folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

/// Runs gnuplot by hand, as a reader does, and returns what it wrote to standard error.
private func rerun(_ script: String, from folder: String) throws -> String {
  let gnuplot = try #require(Gnuplot.find())
  let process = Process()
  process.executableURL = URL(fileURLWithPath: gnuplot.path)
  process.arguments = [script]
  process.currentDirectoryURL = URL(fileURLWithPath: folder)
  let errors = Pipe()
  process.standardError = errors
  try process.run()
  let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  #expect(process.terminationStatus == 0)
  return text
}

@Suite("Figures")
struct FiguresTests {
  @Test("every kind is drawn, silently, and again from its script alone", arguments: gallery.map(\.name))
  func kind(name: String) throws {
    let figure = try #require(gallery.first { $0.name == name }).figure
    let folder = try temporaryFolder() + "/it's \"here\"/plots"
    let files = try figure.caption("What to see.").write(to: folder, name: name)
    #expect(files == FigureFiles(script: "\(folder)/\(name).gp", image: "\(folder)/\(name).svg", note: nil))
    #expect(try contents(folder) == ["\(name).gp", "\(name).svg"])

    let image = try String(contentsOfFile: "\(folder)/\(name).svg", encoding: .utf8)
    #expect(image.contains("<desc>What to see.</desc>"))
    #expect(XMLParser(data: Data(image.utf8)).parse(), "not well-formed")

    try FileManager.default.removeItem(atPath: "\(folder)/\(name).svg")
    #expect(try rerun("\(folder)/\(name).gp", from: "/") == "")
    #expect(try contents(folder) == ["\(name).gp", "\(name).svg"])
    try FileManager.default.removeItem(atPath: "\(folder)/\(name).svg")
    #expect(try rerun("\(name).gp", from: folder) == "")
    #expect(try contents(folder) == ["\(name).gp", "\(name).svg"])
  }

  @Test("the same figure gives the same bytes", arguments: ["line", "contour", "images", "graph", "grid"])
  func deterministic(name: String) throws {
    let figure = try #require(gallery.first { $0.name == name }).figure
    let folders = [try temporaryFolder(), try temporaryFolder()]
    for folder in folders { try figure.write(to: folder, name: name) }
    for file in ["\(name).gp", "\(name).svg"] {
      let bytes = try folders.map { try Data(contentsOf: URL(fileURLWithPath: "\($0)/\(file)")) }
      #expect(bytes[0] == bytes[1])
    }
  }

  @Test("every kind can be shown in a terminal", arguments: gallery.map(\.name))
  func ascii(name: String) throws {
    let figure = try #require(gallery.first { $0.name == name }).figure
    let text = try figure.ascii(width: 60, height: 16)
    #expect(!text.isEmpty)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test("text is shown literally")
  func specialCharacters() throws {
    let folder = try temporaryFolder()
    let text = #"a_b^{2} {/:Bold x} @y & <z> "q" 'r' `touch pwned` \n 50% %d ∂E/∂w δ η"#
    try Figure(title: text, caption: text).line([1, 2, 3], label: text).bars(
      [1, 1], categories: [#"50% \n a_b 'q' "r""#, String(repeating: "δ", count: 40)]
    )
    .text(text, x: 1, y: 1).horizontalLine(at: 2, label: text).axes(x: text, y: text)
    .write(to: folder, name: "text")
    let image = try String(contentsOfFile: folder + "/text.svg", encoding: .utf8)
    let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    // Title, two axes, legend, note and reference line.
    #expect(image.components(separatedBy: "<text>\(escaped)</text>").count - 1 == 6)
    // Title and description for screen readers.
    #expect(image.components(separatedBy: ">\(escaped.replacing("z>", with: "z&gt;"))</").count - 1 == 2)
    #expect(image.contains(#"<text>50% \n a_b 'q' "r"</text>"#))
    #expect(image.contains("<text>" + String(repeating: "δ", count: 22) + "…</text>"))
    #expect(try contents(folder) == ["text.gp", "text.svg"])
  }

  @Test("no text can end its quotes or its comment")
  func hostileText() throws {
    let folder = try temporaryFolder()
    let text = "'\u{301}; system('touch pwned')\r\nset title \u{0}\u{7}\nexit # \\"
    try Figure(title: text, caption: text).line([1, 2], label: text).bars([1], categories: [text])
      .axes(x: text).write(to: folder, name: "hostile")
    #expect(try rerun("hostile.gp", from: folder) == "")
    #expect(try contents(folder) == ["hostile.gp", "hostile.svg"])
    let image = try Data(contentsOf: URL(fileURLWithPath: folder + "/hostile.svg"))
    #expect(XMLParser(data: image).parse())
  }

  @Test("values that are not finite are gaps")
  func gaps() throws {
    let folder = try temporaryFolder()
    let y: [Double] = [1, .nan, 3, .infinity, 2, -.infinity, 4]
    try Figure().line(y).write(to: folder, name: "gaps")
    #expect(try rerun("gaps.gp", from: folder) == "")
    let script = try String(contentsOfFile: folder + "/gaps.gp", encoding: .utf8)
    #expect(script.components(separatedBy: "nan").count - 1 == 3)
    #expect(!script.contains("inf"))
  }

  @Test("data that cannot be drawn is named")
  func badData() throws {
    let folder = try temporaryFolder()
    func error(_ figure: Figure) -> String {
      do {
        try figure.write(to: folder, name: "bad")
        return "none"
      } catch { return "\(error)" }
    }
    let figure = Figure(title: "Loss")
    #expect(error(figure) == #"figure "Loss": a figure without layers has no finite values to draw"#)
    #expect(
      error(figure.line([Double](), label: "training"))
        == #"figure "Loss": line "training" has no finite values to draw"#)
    #expect(error(figure.histogram([Double.nan])).contains("histogram has no finite values"))
    #expect(
      error(figure.line(x: [1, 2], y: [1.0]))
        == #"figure "Loss": line: expected 2 y values, one for each x, found 1"#)
    #expect(error(figure.scatter(x: [1, 2], y: [1, 2], classes: [0])).contains("expected 2 class indices"))
    #expect(error(figure.imageGrid([[1.0]], height: 2, width: 2)).contains("2 × 2"))
    #expect(error(figure.heatMap([[1, 2], [3]])).contains("a row of 1"))
    #expect(error(figure.graph(nodes: [.init("a")], edges: [.init("a", "b")])).contains("\"b\""))
    #expect(
      error(figure.graph(nodes: [.init("a"), .init("b")], edges: [.init("a", "b"), .init("b", "a")]))
        .contains("cycle"))
    #expect(error(figure.network(layers: [2, 1], weights: [[[1]]])).contains("matrix 1 of (1, 1)"))
    #expect(error(Figure.grid(title: "All", columns: 2, [figure])).contains("\"Loss\""))
    #expect(try contents(folder) == [])
    #expect(throws: FigureError.invalidName("../up")) {
      try figure.line([1, 2]).write(to: folder, name: "../up")
    }
  }

  @Test("what cannot be written is an error and leaves nothing")
  func unwritable() throws {
    let folder = try temporaryFolder()
    let figure = Figure(title: "Loss").line([1, 2])
    try "".write(toFile: folder + "/file", atomically: true, encoding: .utf8)
    #expect(throws: FigureError.cannotWrite(path: folder + "/file/plots", reason: "Not a directory")) {
      try figure.write(to: folder + "/file/plots", name: "loss")
    }
    try FileManager.default.createDirectory(atPath: folder + "/loss.gp", withIntermediateDirectories: false)
    #expect(throws: FigureError.cannotWrite(path: folder + "/loss.gp", reason: "Is a directory")) {
      try figure.write(to: folder, name: "loss")
    }
    #expect(try contents(folder) == ["file", "loss.gp"])
    // A device on which every write fails as on a full disk.
    #expect(throws: FigureError.cannotWrite(path: "/dev/full", reason: "No space left on device")) {
      try FigureScript(figure, target: .svg(name: "loss")).write(to: "/dev/full")
    }
  }

  @Test("without gnuplot the script is there and the reader is told how to draw it")
  func missingGnuplot() throws {
    let folder = try temporaryFolder()
    let figure = Figure(title: "Loss").line([1, 2])
    try figure.write(to: folder, name: "loss")
    // The earlier picture still shows this script.
    let same = try figure.write(to: folder, name: "loss", gnuplot: nil)
    #expect(same.image == nil && same.note?.contains("gnuplot \(folder)/loss.gp") == true)
    #expect(try contents(folder) == ["loss.gp", "loss.svg"])
    // A picture of other data would mislead.
    _ = try figure.line([2, 1]).write(to: folder, name: "loss", gnuplot: nil)
    #expect(try contents(folder) == ["loss.gp"])
  }

  @Test("a gnuplot that fails or hangs is an error with its message")
  func failingGnuplot() throws {
    let folder = try temporaryFolder()
    func program(_ name: String, _ body: String) throws -> String {
      let path = "\(folder)/\(name)"
      // Written by another process: a file that this one has open for writing, or a child it forks meanwhile,
      // could not be run.
      let writer = try Process.run(
        URL(fileURLWithPath: "/bin/sh"),
        arguments: ["-c", #"printf '#!/bin/sh\n%s\n' "$1" > "$0" && chmod 755 "$0""#, path, body])
      writer.waitUntilExit()
      return path
    }
    let figure = Figure(title: "Loss").line([1, 2])
    let broken = Gnuplot(path: try program("broken", "echo 'line 3: no such terminal' >&2; exit 1"))
    #expect(throws: FigureError.gnuplotFailed(figure: "loss", message: "line 3: no such terminal")) {
      try figure.write(to: folder + "/plots", name: "loss", gnuplot: broken)
    }
    let slow = Gnuplot(path: try program("slow", "exec sleep 30"), timeLimit: 0.2)
    #expect(throws: FigureError.gnuplotFailed(figure: "loss", message: "no picture after 0.2 s")) {
      try figure.write(to: folder + "/plots", name: "loss", gnuplot: slow)
    }
    let silent = Gnuplot(path: try program("silent", "exit 0"))
    #expect(throws: FigureError.gnuplotFailed(figure: "loss", message: "it left no picture (status 0)")) {
      try figure.write(to: folder + "/plots", name: "loss", gnuplot: silent)
    }
    #expect(try contents(folder + "/plots") == ["loss.gp"])
  }

  @Test("the legend avoids the data")
  func legend() throws {
    func key(_ figure: Figure) throws -> String {
      let folder = try temporaryFolder()
      _ = try figure.write(to: folder, name: "key", gnuplot: nil)
      let script = try String(contentsOfFile: folder + "/key.gp", encoding: .utf8)
      return script.split(separator: "\n").last { $0.hasPrefix("set key ") || $0 == "unset key" }.map(
        String.init) ?? ""
    }
    let rising = (0..<100).map { Double($0) }
    #expect(try key(Figure().line(rising)) == "unset key")
    #expect(try key(Figure().line(rising, label: "a")).hasPrefix("set key top left"))
    #expect(try key(Figure().line(rising.map { -$0 }, label: "a")).hasPrefix("set key top right"))
    #expect(try key(Figure().line(rising.map { cos($0) }, label: "a")).hasPrefix("set key below"))
    #expect(try key(Figure().line(rising, label: "a").legend(.bottomLeft)).hasPrefix("set key bottom left"))
  }

  @Test("ten classes have ten colors, and classes of one shape different ones")
  func tenClasses() throws {
    let folder = try temporaryFolder()
    let classes = Array(0..<10)
    _ = try Figure().scatter(x: classes.map { Double($0) }, y: classes.map { Double($0) }, classes: classes)
      .write(to: folder, name: "ten", gnuplot: nil)
    let script = try String(contentsOfFile: folder + "/ten.gp", encoding: .utf8)
    #expect(Set(script.matches(of: /points pt \d+ ps \S+ lc rgb ('#\w+')/).map(\.output.1)).count == 10)
    // As people without one kind of cone see them: the matrices of Machado, Oliveira and Fernandes (2009).
    let views: [[[Double]]] = [
      [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
      [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
      [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
      [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
    ]
    func linear(_ channel: Int) -> Double { pow(Double(channel) / 255, 2.2) }
    for view in views {
      let seen = FigureColor.palette.map { color in
        view.map { row in
          let light = zip(row, [color.red, color.green, color.blue]).map { $0 * linear($1) }
          return pow(min(max(light.reduce(0, +), 0), 1), 1 / 2.2)
        }
      }
      for (a, first) in seen.enumerated() {
        for second in seen[..<a] {
          #expect(zip(first, second).contains { abs($0 - $1) > 0.1 }, "color \(a) seen by \(view)")
        }
      }
    }
  }

  @Test("a figure says in words what it looks like")
  func alternative() {
    let losses = Figure(title: "Loss").line([3, 2, 1], label: "training").line([3, 2, 2], label: "test")
      .axes(x: "epoch", y: "loss").yRange(0.001...10).logY()
    #expect(
      losses.alternativeText
        == "Loss. Line \"training\"; line \"test\". Horizontal axis: epoch, from 0 to 2. "
        + "Vertical axis: loss, from 0.001 to 10, logarithmic.")
    let groups = Figure().line([1, 2]).axes(x: "words").xTicks([(0, "4"), (1, "7–8")])
    #expect(groups.alternativeText == "Line. Horizontal axis: words, from 4 to 7–8.")
    let images = Figure().imageGrid([[0.0, 1], [1, 0]], height: 1, width: 2, captions: ["a", "b"])
    #expect(images.alternativeText == "2 images of 1 by 2 pixels, under them \"a\", \"b\".")
    #expect(
      Figure.grid(title: "Both!", columns: 2, [losses, images]).alternativeText
        == "Both! 2 panels. Panel 1: \(losses.alternativeText) Panel 2: \(images.alternativeText)")
    let graph = Figure().graph(nodes: [.init("x"), .init("y", label: "y\n3")], edges: [.init("x", "y")])
    #expect(graph.alternativeText == "Diagram of x, y 3, joined by 1 arrow.")
    #expect(Figure().line([1]).line([2]).alternativeText == "2 times line.")
    for (name, figure) in gallery { #expect(!figure.alternativeText.isEmpty, "\(name)") }
  }

  @Test("numbers with a fixed count of decimals")
  func decimals() {
    #expect(fixed(3.14159, decimals: 2) == "3.14")
    #expect(fixed(-0.004, decimals: 2) == "0.00")
    #expect(fixed(1.996, decimals: 2) == "2.00")
    #expect(fixed(-12.5, decimals: 0) == "-13")
    #expect(fixed(0.05, decimals: 2) == "0.05")
  }
}
