import DeepLearning
import Foundation

/// The excerpts of the library that chapters quote.
struct Excerpts {
  struct Place {
    /// From the project's folder.
    let path: String
    let excerpt: Excerpt
  }

  private(set) var places: [String: Place] = [:]

  /// Finds every excerpt and every reference to one. Unknown, duplicate and unused names are problems, and so is
  /// an excerpt whose documentation does not say which section quotes it.
  init(_ folder: CourseFolder, _ chapters: [ChapterText], _ problems: Problems) throws(CourseError) {
    for file in try sources(in: folder.root.appendingPathComponent("Sources/DeepLearning")) {
      let path = folder.shortened(file.path)
      let source = try read(file)
      guard source.contains("// excerpt: ") || source.contains("// end of excerpt") else { continue }
      for excerpt in Excerpt.all(in: source, complain: { problems.add(path, $0, $1) }) {
        let line = excerpt.lines.lowerBound - 1
        if let other = places[excerpt.name] {
          problems.add(path, line, "excerpt \(excerpt.name) is also in \(other.path)")
        } else if let section = section(quoting: excerpt, path, chapters, problems) {
          if !documentation(of: excerpt, in: source).contains("section \(section)") {
            problems.add(path, line, "the documentation here does not say that section \(section) quotes it")
          }
        } else {
          problems.add(path, line, "no chapter quotes the excerpt \(excerpt.name)")
        }
        places[excerpt.name] = Place(path: path, excerpt: excerpt)
      }
    }
    for (chapter, _, block, reference) in Self.references(in: chapters) where places[reference.name] == nil {
      problems.add(
        "Chapters/\(chapter.name)/main.swift", block, "there is no excerpt \(reference.name) in the library",
        mentioning: "#excerpt-\(reference.name)")
    }
  }

  /// A paragraph that refers to an excerpt as the lines themselves; nil for any other.
  func quoted(by block: Node) -> [Node]? {
    guard block.type == "Para", block.children.count == 1, let address = block.children[0].address,
      address.hasPrefix("#excerpt-")
    else { return nil }
    let name = String(address.dropFirst("#excerpt-".count))
    guard let place = places[name] else { return [] }
    let lines = place.excerpt.lines
    return [
      .html(
        """
        <figure class="excerpt" id="excerpt-\(name)"><figcaption><code>\(place.path.escapedForHTML)</code>, \
        lines \(lines.lowerBound) to \(lines.upperBound)</figcaption>
        """),
      .swift(place.excerpt.code), .html("</figure>"),
    ]
  }

  private static func references(
    in chapters: [ChapterText]
  ) -> [(ChapterText, ChapterText.Part, ChapterSource.Block, Excerpt.Reference)] {
    chapters.flatMap { chapter in
      chapter.parts.flatMap { part in
        part.blocks.flatMap { block in
          block.text.split(separator: "\n").compactMap { line in
            Excerpt.Reference(line).map { (chapter, part, block, $0) }
          }
        }
      }
    }
  }

  private func section(
    quoting excerpt: Excerpt, _ path: String, _ chapters: [ChapterText], _ problems: Problems
  ) -> String? {
    let found = Self.references(in: chapters).filter { $0.3.name == excerpt.name }
    for (chapter, _, block, reference) in found where reference.path != path {
      problems.add(
        "Chapters/\(chapter.name)/main.swift", block, "excerpt \(excerpt.name) is in \(path)",
        mentioning: "#excerpt-\(excerpt.name)")
    }
    return found.first?.1.id
  }

  /// The comments above an excerpt and in it, on one line.
  private func documentation(of excerpt: Excerpt, in source: String) -> String {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    let near = lines[max(0, excerpt.lines.lowerBound - 40)..<excerpt.lines.upperBound]
    let comments = near.map { $0.trimmingCharacters(in: .whitespaces) }.filter { $0.hasPrefix("///") }
    return comments.map { $0.dropFirst(3).trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
      .replacing("Section ", with: "section ")
  }
}

/// The Swift files in a folder and the folders within it.
func sources(in folder: URL) throws(CourseError) -> [URL] {
  var files: [URL] = []
  for url in try list(folder) {
    if url.hasDirectoryPath {
      files += try sources(in: url)
    } else if url.pathExtension == "swift" {
      files.append(url)
    }
  }
  return files
}
