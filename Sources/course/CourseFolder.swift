import Foundation

/// What stops a command: a line for the learner.
struct CourseError: Error, Equatable, CustomStringConvertible {
  let description: String
  /// 2 where the command line asks for what is not there, 1 for the rest.
  var status: Int32 = 1
}

/// The folders that the command works with.
struct CourseFolder: Sendable {
  /// The project's folder.
  let root: URL
  /// Where the build put this program, and beside it the modules that exercises import.
  let products: URL
  /// Where compiled exercises are kept.
  let libraries: URL

  init(root: URL, products: URL, libraries: URL? = nil) {
    (self.root, self.products) = (root, products)
    self.libraries = libraries ?? products.appendingPathComponent("exercises")
  }

  var exercises: URL { root.appendingPathComponent("Exercises") }
  /// The command itself, which is also the host in which answers run.
  var program: URL { products.appendingPathComponent("course") }
  /// Where the compiler finds the library's modules, and those of the system that they need.
  var modules: [String] {
    ["Modules", "CGnuplot.build"].map { products.appendingPathComponent($0).path }
      + ["CSystem", "COpenBLAS", "CZlib"].map { root.appendingPathComponent("Sources/\($0)").path }
  }
  var progress: URL { root.appendingPathComponent(".course-progress") }

  /// The project around the current folder or, if there is none, around this program.
  ///
  /// The variable `COURSE_FOLDER` names another: a copy, in which the compiled exercises stay, too.
  static func current() throws(CourseError) -> CourseFolder {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let products = program.deletingLastPathComponent()
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    if let given = ProcessInfo.processInfo.environment["COURSE_FOLDER"], !given.isEmpty {
      guard let root = root(from: URL(fileURLWithPath: given), isAtOrAbove: false) else {
        throw CourseError(description: "COURSE_FOLDER is \(given), which has no folder Exercises in it")
      }
      return CourseFolder(root: root, products: products, libraries: root.appendingPathComponent("libraries"))
    }
    guard let root = root(from: here) ?? root(from: products) else {
      throw CourseError(
        description: "found no folder Exercises here or above: start it within the course's folder")
    }
    return CourseFolder(root: root, products: products)
  }

  private static func root(from start: URL, isAtOrAbove: Bool = true) -> URL? {
    var folder = start.standardizedFileURL
    while true {
      let solutions = folder.appendingPathComponent("Exercises/Solutions")
      if FileManager.default.fileExists(atPath: solutions.path) { return folder }
      guard isAtOrAbove, folder.path != "/" else { return nil }
      folder.deleteLastPathComponent()
    }
  }

  /// A path as a reader in the project's folder would type it.
  func shortened(_ path: String) -> String {
    path.hasPrefix(root.path + "/") ? String(path.dropFirst(root.path.count + 1)) : path
  }
}
