import DeepLearning
import Foundation

/// A chapter with what its run has left.
struct ChapterRun: Sendable {
  let text: ChapterText
  let record: Notebook.Record
  /// The folder with the pictures.
  let plots: URL

  var seconds: Double { record.sections.map(\.seconds).reduce(0, +) }
}

/// A chapter on its way to a page: prose as documents, code and outputs in their places.
struct WovenChapter {
  struct Part {
    let source: ChapterText.Part
    let pieces: [Piece]
    /// The heading's text.
    var heading: [Node] = []
    /// A document for each block of prose.
    var prose: [[Node]]
    var subsections: [(anchor: String, title: String)] = []

    var anchor: String { source.id.isEmpty ? "introduction" : "section-\(source.id)" }
    /// Such as `3.4 From scratch`.
    var title: String {
      let words = Node.list(heading).plainText
      return words.isEmpty ? "\(source.id) \(source.title)" : words
    }
  }

  let run: ChapterRun
  var parts: [Part]
  /// The numbers of figures within the chapter, by name.
  private(set) var figures: [String: Int] = [:]
  /// What can be referred to by name.
  private(set) var names: [String: Target] = [:]

  var text: ChapterText { run.text }

  /// - Parameters:
  ///   - prose: a document for each block of prose, part by part.
  ///   - referred: the names that links lead to; equations get numbers if they are among them.
  ///   - excerpts: what the prose quotes of the library.
  init(
    _ run: ChapterRun, prose: [[Node]], referred: Set<String>, _ excerpts: Excerpts, _ problems: Problems
  ) {
    self.run = run
    parts = []
    var rest = prose[...]
    for part in run.text.parts {
      let outputs = run.record.sections.first { $0.id == part.id }?.outputs ?? []
      parts.append(
        Part(
          source: part, pieces: run.text.pieces(of: part, outputs),
          prose: Array(rest.prefix(part.blocks.count))))
      rest = rest.dropFirst(part.blocks.count)
    }
    numberFigures(problems)
    var equations = 0
    for index in parts.indices {
      takeHeadings(index)
      parts[index].prose = parts[index].prose.map { blocks in
        blocks.flatMap { excerpts.quoted(by: $0) ?? equation($0, referred, &equations) }
      }
    }
  }

  private mutating func numberFigures(_ problems: Problems) {
    for case .outputs(let outputs) in parts.flatMap(\.pieces) {
      for case .figure(let name, let caption, _, _) in outputs {
        if figures[name] != nil { problems.add(text.name, nil, "two figures have the name \(name)") }
        figures[name] = figures.count + 1
        names[name] = Target(
          kind: .figure, page: text.page, anchor: "figure-\(name)", title: caption,
          number: "\(text.number).\(figures.count)")
      }
    }
  }

  /// Takes the chapter's title and the section's heading out of the prose, and gives subsections their anchors.
  private mutating func takeHeadings(_ index: Int) {
    let id = parts[index].source.id
    for block in parts[index].prose.indices {
      parts[index].prose[block] = parts[index].prose[block].compactMap { node in
        guard let level = node.level else { return node }
        let title = Node.list(node.children).plainText
        if level == 1 { return nil }
        if level == 2, title.hasPrefix(id + " ") {
          parts[index].heading = node.children
          return nil
        }
        let anchor = "\(parts[index].source.id)-\(PlainText.slug(title))"
        parts[index].subsections.append((anchor, title))
        names[PlainText.slug(title)] = Target(kind: .section, page: text.page, anchor: anchor, title: title)
        return .header(3, id: anchor, node.children)
      }
    }
  }

  /// Formulas that make up a paragraph become equations, which may have a number.
  private mutating func equation(_ block: Node, _ referred: Set<String>, _ count: inout Int) -> [Node] {
    let inlines = block.children.filter { !["Space", "SoftBreak"].contains($0.type) }
    guard block.type == "Para", !inlines.isEmpty, inlines.allSatisfy({ $0.formula?.isDisplay == true }) else {
      return [block]
    }
    var equations: [Node] = []
    for tex in inlines.compactMap({ $0.formula?.tex }) {
      let formula = Node.formula(tex.replacing(/\\label\{[^}]*\}/, with: ""), isDisplay: true)
      guard let label = tex.firstMatch(of: /\\label\{([^}]*)\}/).map({ String($0.1) }) else {
        equations.append(.division(class: "equation", [.paragraph([formula])]))
        continue
      }
      var number = ""
      if referred.contains(label) {
        count += 1
        number = "(\(text.number).\(count))"
      }
      names[label] = Target(
        kind: .equation, page: text.page, anchor: "equation-\(label)", title: label, number: number)
      let mark = number.isEmpty ? [] : [Node.span([.word(number)], class: "number")]
      equations.append(.division(id: "equation-\(label)", class: "equation", [.paragraph([formula] + mark)]))
    }
    return equations
  }
}

extension WovenChapter {
  /// Replaces references by links, and notes the terms.
  mutating func resolve(_ links: Links, _ terms: inout Terms, _ problems: Problems) {
    for index in parts.indices {
      let part = parts[index]
      for (number, block) in part.source.blocks.enumerated() {
        let resolved = part.prose[number].map { node in
          links.resolve(node, in: text.number) { complaint in
            let word = complaint.split(separator: " ").last.map(String.init) ?? ""
            problems.add("Chapters/\(text.name)/main.swift", block, complaint, mentioning: word)
          }
        }
        parts[index].prose[number] = resolved.map {
          terms.collect(
            $0, page: text.page, section: part.source.id.isEmpty ? "Chapter \(text.number)" : part.title)
        }
      }
    }
  }

  /// Looks for numbers in the prose that nothing bears out.
  func checkNumbers(_ problems: Problems) {
    func code(_ part: Part) -> String {
      part.pieces.map { if case .code(let code) = $0 { code } else { "" } }.joined(separator: "\n")
    }
    func outputs(_ part: Part) -> String {
      part.pieces.map { piece in
        if case .outputs(let outputs) = piece { outputs.map(\.allText).joined(separator: "\n") } else { "" }
      }.joined(separator: "\n")
    }
    let perPart = parts.map { ProseNumbers.values(in: code($0) + "\n" + outputs($0)) }
    let helpers = text.helpers.map { (try? read($0)) ?? "" }.joined(separator: "\n")
    let perChapter = Set(perPart.joined()).union(ProseNumbers.values(in: helpers))

    for (index, part) in parts.enumerated() {
      let perSection = part.source.id.isEmpty ? perChapter : perPart[index]
      for (block, nodes) in zip(part.source.blocks, part.prose) {
        for number in ProseNumbers.stated(in: .list(nodes)) {
          let scope = number.isPrecise ? perSection : perChapter
          guard !scope.contains(where: number.isBorneOut) else { continue }
          let place =
            number.isPrecise && !part.source.id.isEmpty ? "section \(part.source.id)" : "this chapter"
          problems.add(
            "Chapters/\(text.name)/main.swift", block,
            "the prose says \(number.text), and nothing that \(place) shows, claims or computes with says so",
            mentioning: number.text)
        }
      }
    }
  }

  /// All that is read, word by word.
  var proseText: String { parts.flatMap { $0.prose.joined() }.map(\.plainText).joined(separator: " ") }
}
