import Foundation

extension Terms {
  /// The index as one document, a list of terms under each letter.
  func document() -> [Node] {
    var nodes: [Node] = []
    var letter = ""
    for term in sorted() {
      let first = term.name.prefix(1).uppercased()
      if first != letter {
        if !letter.isEmpty { nodes.append(.html("</dl>")) }
        letter = first
        nodes += [.header(2, id: "letter-\(letter)", [.word(letter)]), .html("<dl class=\"terms\">")]
      }
      let links = term.places.enumerated().map { index, place in
        "\(index == 1 ? "again in " : "")<a href=\"\(place.page)#\(place.anchor)\">\(place.section.escapedForHTML)</a>"
      }
      nodes.append(.html("<dt>\(term.name.escapedForHTML)</dt><dd>"))
      nodes.append(.paragraph(Self.calm(term)))
      nodes.append(.html("<p class=\"places\">\(links.joined(separator: ", "))</p></dd>"))
    }
    return nodes + [.html(letter.isEmpty ? "" : "</dl>")]
  }

  var letters: [String] {
    sorted().reduce(into: []) { letters, term in
      let first = term.name.prefix(1).uppercased()
      if letters.last != first { letters.append(first) }
    }
  }

  /// The sentence with no other term bold, and none with an anchor that another page has.
  private static func calm(_ term: Term) -> [Node] {
    term.sentence.flatMap { inline -> [Node] in
      guard inline.type == "Strong" || inline.type == "Span" else { return [inline] }
      let name = inline.plainText
      return key(name) == key(term.name) || key(name) == key(term.name) + "s"
        ? [.element("Strong", .list([.word(name)]))] : [.word(name)]
    }
  }
}
