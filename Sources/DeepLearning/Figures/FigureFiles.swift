#if canImport(Glibc)
  import Glibc
#endif

/// What ``Figure/write(to:name:)`` left on disk.
public struct FigureFiles: Sendable, Equatable {
  /// The path of the gnuplot script.
  public let script: String
  /// The path of the picture; nil where gnuplot is not installed.
  public let image: String?
  /// How to get the picture where it was not drawn.
  public let note: String?
}

extension Figure {
  /// Writes `<name>.gp`, self-contained with its data, and draws `<name>.svg` from it where gnuplot is found.
  ///
  /// `gnuplot <name>.gp` draws the picture again, from any folder. Both files appear whole or not at all:
  /// they are made in a hidden folder beside them and renamed. The same figure gives the same bytes.
  ///
  /// - Parameters:
  ///   - directory: is created if need be.
  ///   - name: a plain file name without extension.
  /// - Throws: ``FigureError``, when the data is empty or does not fit together, a file cannot be written,
  ///   or gnuplot fails; in the last case the script stays, so that it can be looked into.
  @discardableResult
  public func write(to directory: String, name: String) throws(FigureError) -> FigureFiles {
    try write(to: directory, name: name, gnuplot: .find())
  }

  func write(to directory: String, name: String, gnuplot: Gnuplot?) throws(FigureError) -> FigureFiles {
    guard Self.isPlain(name) else { throw .invalidName(name) }
    let script = try FigureScript(self, target: .svg(name: name))

    try makeDirectory(directory)
    let staging = try StagingFolder(in: directory)
    defer { staging.remove() }
    let stagedScript = staging.path + "/\(name).gp"
    let stagedImage = staging.path + "/\(name).svg"
    let finalScript = directory + "/\(name).gp"
    let finalImage = directory + "/\(name).svg"

    do {
      try script.write(to: stagedScript)
    } catch FigureError.cannotWrite(_, let reason) {
      throw .cannotWrite(path: finalScript, reason: reason)
    }
    // A picture of an earlier script must not stand beside the new one.
    if readText(finalScript) != readText(stagedScript) { unlink(finalImage) }

    guard let gnuplot else {
      try move(stagedScript, to: finalScript)
      return FigureFiles(
        script: finalScript, image: nil,
        note: "not drawn, gnuplot is not on the PATH; \(Gnuplot.howToInstall), then: gnuplot \(finalScript)")
    }
    let result = gnuplot.run(stagedScript, output: staging.path + "/out", errors: staging.path + "/err")
    try move(stagedScript, to: finalScript)
    let drawing = readText(stagedImage) ?? ""
    guard result.status == 0, drawing.reversed().drop(while: \.isNewline).starts(with: "</svg>".reversed())
    else {
      throw .gnuplotFailed(figure: name, message: Self.oneLine(result))
    }
    try replaceText(of: stagedImage, with: described(drawing), finalPath: finalImage)
    try move(stagedImage, to: finalImage)
    return FigureFiles(script: finalScript, image: finalImage, note: nil)
  }

  /// Whether `name` stays within its folder and needs no quoting in a shell.
  private static func isPlain(_ name: String) -> Bool {
    let allowed = name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == "." }
    return allowed && !name.isEmpty && !name.hasPrefix(".") && !name.hasPrefix("-")
  }

  static func oneLine(_ result: Gnuplot.Result) -> String {
    let lines = result.errors.split(separator: "\n").map { $0.drop { $0 == " " || $0 == "\t" } }
    let text = lines.filter { !$0.isEmpty && !$0.allSatisfy { $0 == "^" } }.joined(separator: "; ")
    return text.isEmpty ? "it left no picture (status \(result.status))" : text
  }

  /// gnuplot's picture with the figure's own title and description, which screen readers speak, and without
  /// the tool tips "gnuplot_plot_1" that it gives to every element.
  private func described(_ drawing: String) -> String {
    var lines = drawing.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for (index, line) in lines.enumerated() {
      if line.hasPrefix("<title>Gnuplot</title>") {
        lines[index] = "<title>\(escaped(title))</title>"
      } else if line.hasPrefix("<desc>Produced by GNUPLOT") {
        lines[index] = "<desc>\(escaped(caption.isEmpty ? title : caption))</desc>"
      } else if let start = line.firstRange(of: "<title>gnuplot_plot_") {
        lines[index] = String(line[..<start.lowerBound])
      }
    }
    return lines.joined(separator: "\n")
  }

  private func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\u{0}"..<"\u{20}": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// A folder that only this figure knows, removed with all that is left in it.
struct StagingFolder {
  let path: String

  init(in directory: String) throws(FigureError) {
    var template = Array((directory + "/.figure-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      throw .cannotWrite(path: directory, reason: systemMessage(errno))
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func remove() {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != "." && name != ".." { unlink(path + "/" + name) }
      }
      closedir(folder)
    }
    rmdir(path)
  }
}

/// Creates the folder at `path` and those above it.
private func makeDirectory(_ path: String) throws(FigureError) {
  var partial = path.hasPrefix("/") ? "/" : ""
  for part in path.split(separator: "/") {
    partial += part + "/"
    if mkdir(partial, 0o777) != 0 && errno != EEXIST && errno != EISDIR && errno != EROFS {
      throw .cannotWrite(path: path, reason: systemMessage(errno))
    }
  }
}

private func move(_ source: String, to destination: String) throws(FigureError) {
  if rename(source, destination) != 0 {
    throw .cannotWrite(path: destination, reason: systemMessage(errno))
  }
}

private func replaceText(of path: String, with text: String, finalPath: String) throws(FigureError) {
  var isWritten = false
  if let file = fopen(path, "w") {
    isWritten = fputs(text, file) >= 0
    isWritten = fclose(file) == 0 && isWritten
  }
  if !isWritten { throw .cannotWrite(path: finalPath, reason: systemMessage(errno)) }
}
