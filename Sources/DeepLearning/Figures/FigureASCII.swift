#if canImport(Glibc)
  import Glibc
#endif

extension Figure {
  /// The figure in plain characters, for a terminal: gnuplot draws it, except for images.
  ///
  /// - Throws: ``FigureError``, as ``write(to:name:)`` does; ``FigureError/gnuplotMissing`` without gnuplot.
  public func ascii(width: Int = 78, height: Int = 22) throws(FigureError) -> String {
    if !panels.isEmpty {
      var texts: [String] = title.isEmpty ? [] : [title]
      for panel in panels { texts.append(try panel.ascii(width: width, height: height)) }
      return texts.joined(separator: "\n\n")
    }
    let script = try FigureScript(self, target: .text(width: max(width, 20), height: max(height, 6)))
    if let drawing = layers.lazy.compactMap({ $0.ascii(width: width, height: height) }).first {
      return title.isEmpty ? drawing : title + "\n" + drawing
    }
    guard let gnuplot = Gnuplot.find() else { throw .gnuplotMissing }

    let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let staging = try StagingFolder(in: temporary)
    defer { staging.remove() }
    let path = staging.path + "/figure.gp"
    let output = staging.path + "/out"
    try script.write(to: path)
    let result = gnuplot.run(path, output: output, errors: staging.path + "/err")
    guard result.status == 0, let drawing = readText(output) else {
      throw .gnuplotFailed(figure: title, message: Self.oneLine(result))
    }
    // The terminal ends a page with a form feed.
    var lines = drawing.filter { $0 != "\u{0C}" }.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.droppingLast { $0 == " " } }
    while lines.first?.isEmpty == true { lines.removeFirst() }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.joined(separator: "\n")
  }
}

extension Substring {
  /// The text without the characters at its end for which `isTrailing` holds.
  fileprivate func droppingLast(while isTrailing: (Character) -> Bool) -> Substring {
    var text = self
    while let last = text.last, isTrailing(last) { text.removeLast() }
    return text
  }
}
