import DeepLearning
import Foundation

extension WovenChapter {
  /// The chapter as one document.
  ///
  /// - Parameter exercises: the chapter's, each of which is linked at its section.
  func document(_ exercises: [Exercise]) throws(CourseError) -> [Node] {
    let writer = OutputWriter(chapter: text.number, figures: figures, plots: run.plots)
    var nodes: [Node] = []
    for part in parts {
      nodes.append(.html("<section aria-labelledby=\"\(part.anchor)\">"))
      if !part.source.id.isEmpty {
        let heading = part.heading.isEmpty ? [Node.word(part.title)] : part.heading
        nodes.append(.header(2, id: part.anchor, heading))
      }
      for piece in part.pieces {
        switch piece {
        case .prose(let index): nodes += part.prose[index].flatMap(\.boxed)
        case .code(let code): nodes.append(.swift(code))
        case .outputs(let outputs): nodes.append(.html(try writer.html(outputs)))
        }
      }
      nodes += links(to: exercises.filter { $0.section == part.source.id })
      nodes.append(.html("</section>"))
    }
    nodes += try helperFiles()
    return nodes
  }

  private func links(to exercises: [Exercise]) -> [Node] {
    guard !exercises.isEmpty else { return [] }
    let items = exercises.map {
      "<li><a href=\"\($0.page)\"><span class=\"number\">\($0.number)</span> \($0.title.escapedForHTML)</a></li>"
    }
    return [
      .html(
        """
        <aside class="exercises" aria-label="Exercises to this section">
        <p class="title">Exercises</p>
        <ul>\(items.joined())</ul>
        </aside>
        """)
    ]
  }

  /// The files beside main.swift, which the prose mentions and does not show.
  private func helperFiles() throws(CourseError) -> [Node] {
    guard !text.helpers.isEmpty else { return [] }
    var nodes = [
      Node.html("<section aria-labelledby=\"files\">"),
      .header(2, id: "files", [.word("The files beside this chapter")]),
    ]
    for helper in text.helpers {
      let name = helper.lastPathComponent.escapedForHTML
      nodes.append(.html("<details class=\"file\"><summary><code>\(name)</code></summary>"))
      nodes.append(.swift(try read(helper).trimmingCharacters(in: .newlines)))
      nodes.append(.html("</details>"))
    }
    return nodes + [.html("</section>")]
  }
}

extension Node {
  /// A quotation that warns of a slip as a box with a title.
  fileprivate var boxed: [Node] {
    if type == "BlockQuote", let first = children.first, first.children.first?.plainText == "Mind the slip." {
      let text = Node.paragraph(
        Array(first.children.dropFirst().drop { $0.type == "Space" || $0.type == "SoftBreak" }))
      return [
        .html("<aside class=\"slip\" aria-label=\"Mind the slip\"><p class=\"title\">Mind the slip</p>"),
        text,
      ]
        + children.dropFirst() + [.html("</aside>")]
    }
    return [self]
  }
}
