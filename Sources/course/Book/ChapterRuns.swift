import DeepLearning
import Foundation

/// Runs chapters for the book, each only when something has changed that it depends on.
///
/// What a run has left, its record and its pictures, is kept beside the build, with a fingerprint of the sources it
/// came from: the chapter's own and the library's.
struct ChapterRuns: Sendable {
  let folder: CourseFolder
  let length: Notebook.Options.Length
  /// Whether chapters are built first. The tests' are there already.
  var builds = true
  /// Whether chapters run even if nothing has changed.
  var isFresh = false

  /// Where the run of a chapter is kept.
  private func cache(_ chapter: ChapterText) -> URL {
    folder.libraries.deletingLastPathComponent().appendingPathComponent(
      "book/\(chapter.name)-\(length.rawValue)")
  }

  /// The runs of all chapters of which there is one that is up to date, after running those that are `wanted`.
  ///
  /// - Parameters:
  ///   - wanted: which chapters have to be up to date.
  ///   - other: what is to be done as well, and takes its time.
  ///   - say: told of every run when it is over.
  func runs(
    of chapters: [ChapterText], wanted: (ChapterText) -> Bool,
    and other: @Sendable () throws(CourseError) -> Void = {}, say: @Sendable (String) -> Void
  ) throws(CourseError) -> [ChapterRun] {
    let engine = try engineFingerprint()
    var stale: [(chapter: ChapterText, fingerprint: String)] = []
    for chapter in chapters where wanted(chapter) {
      let fingerprint = try self.fingerprint(of: chapter, engine)
      if isFresh || kept(chapter, fingerprint) == nil { stale.append((chapter, fingerprint)) }
    }
    if builds { try build(stale.map(\.chapter), of: chapters) }
    let waiting = stale
    // Quick runs do with one core each. Of the others the book tells how long they take, and nothing should disturb
    // them.
    try sideBySide(length == .quick ? 2 : 1, pieces: waiting.count + 1) { i throws(CourseError) in
      guard i > 0 else { return try other() }
      let run = try run(waiting[i - 1].chapter, waiting[i - 1].fingerprint)
      say("\(run.text.name)  \(Int(run.seconds.rounded())) s")
    }
    var runs: [ChapterRun] = []
    for chapter in chapters {
      if let run = kept(chapter, try fingerprint(of: chapter, engine)) { runs.append(run) }
    }
    return runs
  }

  // MARK: What is kept

  private func kept(_ chapter: ChapterText, _ fingerprint: String) -> ChapterRun? {
    let cache = cache(chapter)
    guard let found = try? read(cache.appendingPathComponent("fingerprint")), found == fingerprint,
      let record = try? Notebook.Record(contentsOf: cache.appendingPathComponent("record.json"))
    else { return nil }
    return ChapterRun(
      text: chapter, record: record, plots: cache.appendingPathComponent("plots/\(chapter.name)"))
  }

  private func engineFingerprint() throws(CourseError) -> Fingerprint {
    var fingerprint = Fingerprint()
    let root = folder.root
    for file in try sources(in: root.appendingPathComponent("Sources/DeepLearning")) {
      fingerprint.add(folder.shortened(file.path))
      fingerprint.add(try read(file))
    }
    for door in ["Sources/CGnuplot/CGnuplot.cpp", "Sources/CSystem/shim.h", "Package.swift"] {
      fingerprint.add(try read(root.appendingPathComponent(door)))
    }
    return fingerprint
  }

  private func fingerprint(of chapter: ChapterText, _ engine: Fingerprint) throws(CourseError) -> String {
    var fingerprint = engine
    for file in [chapter.main] + chapter.helpers {
      fingerprint.add(file.lastPathComponent)
      fingerprint.add(try read(file))
    }
    return "\(fingerprint)"
  }

  // MARK: Running

  /// All at once where every chapter is to be built. Of a few each is built by itself, so that one which does not compile
  /// stops only the books that it is wanted for.
  private func build(_ wanted: [ChapterText], of all: [ChapterText]) throws(CourseError) {
    if wanted.count == all.count {
      try build([], "the chapters")
    } else {
      for chapter in wanted { try build(["--product", chapter.name], chapter.name) }
    }
  }

  private func build(_ options: [String], _ name: String) throws(CourseError) {
    // The products lie in <scratch>/<platform>/<configuration>.
    let configuration = folder.products.lastPathComponent
    let scratch = folder.products.deletingLastPathComponent().deletingLastPathComponent()
    let child = try Child.run(
      "swift",
      [
        "build", "--package-path", folder.root.path, "--scratch-path", scratch.path, "--configuration",
        configuration,
      ] + options, limits: Limits(seconds: 3600, memory: .max, output: 1 << 24))
    guard child.end == .exited(0) else {
      throw CourseError(description: "cannot build \(name):\n\(child.output.suffix(4000))")
    }
  }

  private func run(_ chapter: ChapterText, _ fingerprint: String) throws(CourseError) -> ChapterRun {
    let cache = cache(chapter)
    do {
      try? FileManager.default.removeItem(at: cache)
      try FileManager.default.createDirectory(at: cache, withIntermediateDirectories: true)
      // A chapter looks for data in the folder it is started from.
      let data = folder.root.appendingPathComponent("data")
      if FileManager.default.fileExists(atPath: data.path) {
        try FileManager.default.createSymbolicLink(
          at: cache.appendingPathComponent("data"), withDestinationURL: data)
      }
    } catch {
      throw CourseError(description: "cannot make the folder \(cache.path): \(reason(error))")
    }
    let options: [Notebook.Options.Length: String] = [.quick: "--quick", .full: "--full"]
    let cores = length == .quick ? ["OMP_NUM_THREADS=1"] : []
    let program = folder.products.appendingPathComponent(chapter.name).path
    // `env` so that it works in the folder where its run is kept.
    let child = try Child.run(
      "env",
      ["-C", cache.path] + cores + [program, "--no-prose", "--record", "record.json"]
        + (options[length].map { [$0] } ?? []),
      limits: Limits(seconds: 4 * 3600, memory: .max, output: 1 << 24))
    guard child.end == .exited(0) else {
      let lines = child.output.split(separator: "\n").filter { $0.contains(/✗|\.swift:[0-9]+/) }
      throw CourseError(
        description: "\(chapter.name) fails (\(child.end)):\n\(lines.suffix(20).joined(separator: "\n"))")
    }
    do {
      try Data(fingerprint.utf8).write(to: cache.appendingPathComponent("fingerprint"), options: .atomic)
    } catch {
      throw CourseError(description: "cannot write to \(cache.path): \(reason(error))")
    }
    guard let run = kept(chapter, fingerprint) else {
      throw CourseError(description: "\(chapter.name) left no record in \(cache.path)")
    }
    return run
  }
}
