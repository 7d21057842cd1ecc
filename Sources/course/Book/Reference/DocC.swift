import Foundation

/// Swift's own documentation compiler, run over the library as it is built.
///
/// The compiled modules hold declarations and comments, so that nothing is built again: the toolchain writes them out as
/// symbol graphs, and DocC resolves the links in the comments. What it gives is data; ``ReferencePages`` makes pages of
/// it in the book's own form, because DocC's need a web server.
struct DocC {
  /// The modules that make up the library.
  static let modules = ["Tensors", "Networks", "Datasets", "DeepLearning", "Figures"]

  static let howToDoWithout =
    "docc, which comes with Swift, is not on the PATH; --no-reference leaves the library's reference out"

  let folder: CourseFolder

  /// Every public symbol, by its identifier.
  func symbols() throws(CourseError) -> [String: Symbol] {
    let work = FileManager.default.temporaryDirectory.appendingPathComponent("reference-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: work) }
    let (graphs, archive) = (work.appendingPathComponent("graphs"), work.appendingPathComponent("archive"))
    do {
      try FileManager.default.createDirectory(at: graphs, withIntermediateDirectories: true)
    } catch {
      throw CourseError(description: "cannot make the folder \(graphs.path): \(reason(error))")
    }
    // The products lie in <platform>/<configuration>.
    let platform = folder.products.deletingLastPathComponent().lastPathComponent
    for module in Self.modules {
      try run(
        "swift",
        [
          "symbolgraph-extract", "-module-name", module, "-target", platform, "-minimum-access-level",
          "public",
          "-skip-synthesized-members", "-output-dir", graphs.path,
        ] + folder.modules.flatMap { ["-I", $0] })
    }
    try run(
      "docc",
      [
        "convert", "--additional-symbol-graph-dir", graphs.path, "--fallback-display-name", "DeepLearning",
        "--fallback-bundle-identifier", "DeepLearning", "--diagnostic-level", "error", "--output-path",
        archive.path,
      ])
    return try read(archive.appendingPathComponent("data/documentation"))
  }

  private func run(_ tool: String, _ arguments: [String]) throws(CourseError) {
    let child = try Child.run(tool, arguments, limits: .forTools)
    guard child.end == .exited(0) else {
      throw CourseError(
        description: "\(tool) \(arguments[0]) fails (\(child.end)): \(child.output.suffix(2000))")
    }
  }

  private func read(_ folder: URL) throws(CourseError) -> [String: Symbol] {
    var symbols: [String: Symbol] = [:]
    for url in try list(folder) {
      if url.hasDirectoryPath {
        symbols.merge(try read(url)) { first, _ in first }
      } else if url.pathExtension == "json" {
        do {
          let symbol = try JSONDecoder().decode(Symbol.self, from: Data(contentsOf: url))
          symbols[symbol.identifier.url] = symbol
        } catch {
          throw CourseError(description: "DocC's \(url.lastPathComponent) cannot be read: \(error)")
        }
      }
    }
    return symbols
  }
}

/// What DocC knows of a symbol: the part of its format that the book uses.
struct Symbol: Decodable, Sendable {
  struct Identifier: Decodable { let url: String }
  struct Metadata: Decodable {
    let title: String
    /// Such as `class`; a group of symbols has none.
    let symbolKind: String?
    /// Such as "Instance Method".
    let roleHeading: String?
  }
  struct Topics: Decodable {
    let title: String
    let identifiers: [String]
  }
  struct Section: Decodable {
    struct Declaration: Decodable { let tokens: [Token] }
    struct Token: Decodable { let text: String }
    struct Parameter: Decodable {
      let name: String
      let content: [Block]
    }
    let kind: String
    let declarations: [Declaration]?
    let parameters: [Parameter]?
    let content: [Block]?
  }
  /// A block of a comment: a paragraph, a list, lines of code, a remark.
  struct Block: Decodable, Sendable {
    struct Item: Decodable { let content: [Block] }
    let type: String
    let inlineContent: [Inline]?
    let items: [Item]?
    let code: [String]?
    let content: [Block]?
    let name: String?
    let text: String?
  }
  struct Inline: Decodable, Sendable {
    var type: String
    var text: String?
    var code: String?
    var identifier: String?
    var inlineContent: [Inline]?
  }
  struct Reference: Decodable { let title: String? }
  struct Relationship: Decodable {
    /// Such as `inheritsFrom`.
    let type: String
    let identifiers: [String]
  }

  let identifier: Identifier
  let metadata: Metadata
  let abstract: [Inline]?
  let topicSections: [Topics]?
  let primaryContentSections: [Section]?
  let relationshipsSections: [Relationship]?
  let references: [String: Reference]?

  var declaration: String {
    (primaryContentSections ?? []).flatMap { $0.declarations ?? [] }.first?.tokens.map(\.text).joined() ?? ""
  }
  var parameters: [Section.Parameter] { (primaryContentSections ?? []).flatMap { $0.parameters ?? [] } }
  /// What the comment says after its first sentence, without the headings that DocC adds.
  var discussion: [Block] {
    (primaryContentSections ?? []).flatMap { $0.content ?? [] }.filter {
      $0.type != "heading" || !["Overview", "Discussion"].contains($0.text)
    }
  }

  /// Whether it has a page of its own.
  var isType: Bool { ["class", "struct", "enum", "protocol"].contains(metadata.symbolKind) }
}
