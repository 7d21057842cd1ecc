import Prose

extension Page {
  /// Writes a figure as `<name>.gp` and `<name>.svg` to the folder for plots, and says where it went.
  ///
  /// A figure that cannot be written or drawn fails the run; the section goes on.
  public func figure(_ name: String, _ figure: Figure, file: String = #filePath, line: Int = #line) {
    do {
      let files = try figure.write(to: options.plotsDirectory, name: name)
      figureCount += 1
      let paths = [files.script] + (files.image.map { [$0] } ?? [])
      put(
        .figure(
          name: name, caption: figure.caption, alternative: figure.alternativeText, files: paths), file, line)
      print(place: "→ \(paths.last!)", figure.caption)
      if let note = files.note { console.print("\(Page.margin)  \(note)") }
      if options.drawsInTerminal {
        let drawing = try figure.ascii(width: console.width - Page.margin.count)
        console.print(drawing.lines.map { Page.margin + $0 })
      }
    } catch {
      fail("figure \(name): \(error)", file, line)
    }
  }

  /// The caption beside the path where it fits, else under it.
  private func print(place: String, _ caption: String) {
    let room = console.width - Page.margin.count - 2
    if place.count + caption.count <= room {
      console.print("\(Page.margin)\(place)  \(console.styled(caption, .dim))")
    } else {
      let lines = StyledText(caption, .dim).wrapped(to: room).map {
        $0.rendered(usesColor: console.usesColor)
      }
      console.print([Page.margin + place] + lines.map { Page.margin + "  " + $0 })
    }
  }
}
