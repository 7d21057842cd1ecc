import Foundation

/// The library's reference: a page for each type, one for the functions, and an overview.
struct ReferencePages {
  private struct Place {
    let file: String
    let anchor: String
    var address: String { anchor.isEmpty ? file : "\(file)#\(anchor)" }
  }

  /// What stands over the modules in the overview.
  private static let titles = [
    "Tensors": "Tensors and automatic differentiation",
    "Networks": "Modules, optimizers and checkpoints", "Datasets": "Data",
    "DeepLearning": "Training, decoding, the notebook", "Figures": "Figures",
  ]
  static let functions = "library/functions.html"
  static let overview = "library/index.html"

  private let symbols: [String: Symbol]
  private let links: Links
  private let problems: Problems
  private let modules: [Symbol]
  /// Where each symbol stands.
  private var places: [String: Place] = [:]
  private var types: [Symbol] = []

  init(_ symbols: [String: Symbol], _ links: Links, _ problems: Problems) {
    (self.symbols, self.links, self.problems) = (symbols, links, problems)
    modules = DocC.modules.compactMap { name in symbols["doc://DeepLearning/documentation/\(name)"] }
    for module in modules {
      for symbol in members(of: module) {
        if symbol.isType { place(type: symbol, "") } else { place(member: symbol, Self.functions) }
      }
    }
  }

  private mutating func place(type: Symbol, _ outer: String) {
    let name = outer + PlainText.slug(type.metadata.title.split(separator: ".").last.map(String.init) ?? "")
    let file = "library/\(name).html"
    places[type.identifier.url] = Place(file: file, anchor: "")
    types.append(type)
    for member in members(of: type) {
      if member.isType { place(type: member, name + "-") } else { place(member: member, file) }
    }
  }

  private mutating func place(member: Symbol, _ file: String) {
    let slug = PlainText.slug(member.metadata.title)
    let name = slug.isEmpty ? "operator" : slug
    let taken = places.values.count {
      $0.file == file && ($0.anchor == name || $0.anchor.hasPrefix(name + "--"))
    }
    let anchor = taken > 0 ? "\(name)--\(taken + 1)" : name
    places[member.identifier.url] = Place(file: file, anchor: anchor)
  }

  /// Those that are declared there; what protocols of Swift's library give to all types is left out.
  private func members(of symbol: Symbol) -> [Symbol] { topics(of: symbol).flatMap(\.members) }

  private func topics(of symbol: Symbol) -> [(title: String, members: [Symbol])] {
    (symbol.topicSections ?? []).map { topics in
      (topics.title, topics.identifiers.compactMap { symbols[$0] }.filter { $0.metadata.symbolKind != nil })
    }.filter { !$0.1.isEmpty }
  }

  // MARK: Pages

  /// The documents of all pages, each with a page that waits for its body; the overview comes first.
  func documents() -> [(page: Page, nodes: [Node])] {
    [overviewDocument(), functionsDocument()] + types.map(document)
  }

  private func overviewDocument() -> (Page, [Node]) {
    var nodes = [
      Node.html(
        """
        <p>The public parts of <code>import DeepLearning</code>, from the comments in its source. Names are PyTorch's in \
        Swift's case.</p>
        """)
    ]
    var entries: [Page.Entry] = []
    for module in modules {
      let title = Self.titles[module.metadata.title] ?? module.metadata.title
      let anchor = PlainText.slug(title)
      entries.append(Page.Entry(anchor: anchor, title: title, level: 2))
      nodes.append(.header(2, id: anchor, [.word(title)]))
      for topics in topics(of: module) {
        nodes += [
          .header(3, id: "\(anchor)-\(PlainText.slug(topics.title))", [.word(topics.title)]),
          .html("<ul class=\"list\">"),
        ]
        for symbol in topics.members {
          guard let place = places[symbol.identifier.url] else { continue }
          let name =
            "<a href=\"../\(place.address)\"><code>\(symbol.metadata.title.escapedForHTML)</code></a>"
          nodes += [
            .html("<li>\(name) "), .element("Plain", .list(inlines(symbol.abstract, symbol))), .html("</li>"),
          ]
        }
        nodes.append(.html("</ul>"))
      }
    }
    let page = Page(
      file: Self.overview, title: "The library", summary: "The types and functions of import DeepLearning.",
      body: "",
      contents: entries, part: Self.overview)
    return (page, nodes)
  }

  private func functionsDocument() -> (Page, [Node]) {
    var nodes: [Node] = []
    let functions = modules.flatMap { members(of: $0) }.filter { !$0.isType }
      .sorted { $0.metadata.title.lowercased() < $1.metadata.title.lowercased() }
    for function in functions { nodes += member(function, 2) }
    let page = Page(
      file: Self.functions, title: "Functions", summary: "The functions of import DeepLearning.", body: "",
      part: Self.overview)
    return (page, nodes)
  }

  private func document(_ type: Symbol) -> (Page, [Node]) {
    var nodes: [Node] = [.swift(type.declaration), .paragraph(inlines(type.abstract, type))]
    let parents = (type.relationshipsSections ?? []).filter { $0.type == "inheritsFrom" }.flatMap(
      \.identifiers)
    if !parents.isEmpty {
      let names = parents.map { inlines([Symbol.Inline(type: "reference", identifier: $0)], type) }
      nodes.append(
        .paragraph([.word("Inherits from"), .space] + names.joined(separator: [.word(","), .space])))
    }
    nodes += blocks(type.discussion, type)
    var entries: [Page.Entry] = []
    for topics in topics(of: type) {
      let anchor = "topic-\(PlainText.slug(topics.title))"
      entries.append(Page.Entry(anchor: anchor, title: topics.title, level: 2))
      nodes.append(.header(2, id: anchor, [.word(topics.title)]))
      for member in topics.members {
        if member.isType, let place = places[member.identifier.url] {
          let name = member.metadata.title.escapedForHTML
          nodes.append(.html("<p><a href=\"../\(place.address)\"><code>\(name)</code></a></p>"))
          nodes.append(.paragraph(inlines(member.abstract, member)))
        } else {
          nodes += self.member(member, 3)
        }
      }
    }
    let page = Page(
      file: places[type.identifier.url]?.file ?? "", title: type.metadata.title,
      summary: Node.list(inlines(type.abstract, type)).plainText,
      remark: "\(type.metadata.roleHeading ?? "") of <a href=\"../\(Self.overview)\">the library</a>",
      body: "",
      contents: entries, part: Self.overview)
    return (page, nodes)
  }

  private func member(_ symbol: Symbol, _ level: Int) -> [Node] {
    let anchor = places[symbol.identifier.url]?.anchor ?? ""
    var nodes: [Node] = [
      .html("<div class=\"member\">"), .header(level, id: anchor, [.word(symbol.metadata.title)]),
      .swift(symbol.declaration),
    ]
    if let abstract = symbol.abstract, !abstract.isEmpty {
      nodes.append(.paragraph(inlines(abstract, symbol)))
    }
    if !symbol.parameters.isEmpty {
      nodes.append(.html("<dl class=\"parameters\">"))
      for parameter in symbol.parameters {
        nodes.append(.html("<dt><code>\(parameter.name.escapedForHTML)</code></dt><dd>"))
        nodes += blocks(parameter.content, symbol) + [.html("</dd>")]
      }
      nodes.append(.html("</dl>"))
    }
    return nodes + blocks(symbol.discussion, symbol) + [.html("</div>")]
  }

  /// What the search knows of the library: each type with the names of its members, and each function.
  func addEntries(to search: inout SearchIndex) {
    let functions = modules.flatMap { members(of: $0) }.filter { !$0.isType }
    for symbol in types + functions {
      guard let place = places[symbol.identifier.url] else { continue }
      let names = symbol.isType ? members(of: symbol).map(\.metadata.title) : []
      let text = ([Node.list(inlines(symbol.abstract, symbol)).plainText] + names).joined(separator: " ")
      search.add(symbol.metadata.title, "Library", place.address, text)
    }
  }

  // MARK: Comments

  private func blocks(_ blocks: [Symbol.Block], _ symbol: Symbol) -> [Node] {
    blocks.flatMap { block -> [Node] in
      switch block.type {
      case "paragraph": return [.paragraph(inlines(block.inlineContent, symbol))]
      case "codeListing": return [.swift((block.code ?? []).joined(separator: "\n"))]
      case "unorderedList", "orderedList":
        let items = (block.items ?? []).map { Node.list(self.blocks($0.content, symbol)) }
        return [.element("BulletList", .list(items))]
      case "aside":
        let title = block.name ?? "Note"
        return [.html("<p class=\"note\"><strong>\(title.escapedForHTML)</strong></p>")]
          + self.blocks(block.content ?? [], symbol)
      case "heading": return [.paragraph([.element("Strong", .list([.word(block.text ?? "")]))])]
      default: return self.blocks(block.content ?? [], symbol)
      }
    }
  }

  private func inlines(_ content: [Symbol.Inline]?, _ symbol: Symbol) -> [Node] {
    let nodes = (content ?? []).flatMap { inline -> [Node] in
      switch inline.type {
      case "codeVoice": return [.code(inline.code ?? "")]
      case "reference":
        let name = Node.code(symbol.references?[inline.identifier ?? ""]?.title ?? inline.identifier ?? "")
        guard let place = places[inline.identifier ?? ""] else { return [name] }
        return [.link([name], to: "../" + place.address)]
      case "emphasis": return [.element("Emph", .list(inlines(inline.inlineContent, symbol)))]
      case "strong": return [.element("Strong", .list(inlines(inline.inlineContent, symbol)))]
      default: return words(inline.text ?? "")
      }
    }
    // "Section 3.4" leads to the chapter.
    let resolved = links.resolve(.list(nodes), in: 0) {
      problems.add("the documentation of \(symbol.metadata.title)", nil, $0)
    }
    return resolved.items.map { $0.address.map($0.relocated) ?? $0 }
  }

  private func words(_ text: String) -> [Node] {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    return Array(words.map { $0.isEmpty ? [] : [Node.word(String($0))] }.joined(separator: [.space]))
  }
}

extension Node {
  static func code(_ text: String) -> Node {
    element("Code", .list([.list([.text(""), .list([]), .list([])]), .text(text)]))
  }

  /// The link as a page in a folder of the book needs it.
  fileprivate func relocated(_ address: String) -> Node {
    address.hasPrefix("../") || address.contains("://") ? self : .link(children, to: "../" + address)
  }
}
