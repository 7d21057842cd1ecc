import Foundation

/// What the search of the book looks through: a text for each section, as a script that the pages load.
///
/// It is a script and not a file of data because a page that was opened from a disk may not read other files.
struct SearchIndex {
  struct Entry: Encodable {
    let title: String
    /// The chapter, where the title does not say it.
    let place: String
    let address: String
    let text: String
  }

  private(set) var entries: [Entry] = []

  mutating func add(_ title: String, _ place: String, _ address: String, _ text: String) {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    entries.append(Entry(title: title, place: place, address: address, text: words))
  }

  mutating func add(_ chapter: WovenChapter) {
    let place = "Chapter \(chapter.text.number)"
    for part in chapter.parts {
      var title = part.source.id.isEmpty ? chapter.text.title : part.title
      var anchor = part.source.id.isEmpty ? "" : "#\(part.anchor)"
      var text: [String] = []
      func close() { add(title, place, chapter.text.page + anchor, text.joined(separator: " ")) }
      for node in part.prose.joined() {
        if node.level == 3 {
          close()
          title = Node.list(node.children).plainText
          anchor = part.subsections.first { $0.title == title }.map { "#\($0.anchor)" } ?? anchor
          text = []
        } else {
          text.append(node.plainText)
        }
      }
      close()
    }
  }

  var script: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
    let json = (try? encoder.encode(entries)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    return "const bookIndex = \(json);\n"
  }
}
