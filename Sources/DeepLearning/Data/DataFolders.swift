#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// Where data sets are looked for.
enum DataFolders {
  /// The folders that may hold data sets, the most particular first: `root` (what a program was told with
  /// `--data`), `$DEEPLEARNING_DATA`, `./data` and the system's folder.
  ///
  /// - Throws: ``DataError`` where one that was asked for by name cannot be read.
  private static func bases(root: String?) throws(DataError) -> [String] {
    let asked = asked(root)
    for folder in asked {
      guard let handle = opendir(folder) else {
        throw DataError(
          .unreadable, file: folder, expected: "a readable folder", found: String(cString: strerror(errno)))
      }
      closedir(handle)
    }
    return asked + [local, "/usr/share/datasets"]
  }

  private static let local = "data"

  /// The folders that were asked for by name.
  private static func asked(_ root: String?) -> [String] {
    let variable = getenv("DEEPLEARNING_DATA").map { String(cString: $0) } ?? ""
    return [root ?? "", variable].filter { !$0.isEmpty }
  }

  /// Where a data set that is fetched is kept.
  static func destination(root: String?) -> String { asked(root).first ?? local }

  /// Makes a folder, and those it lies in.
  ///
  /// - Throws: ``DataError`` where that is not possible, or the folder cannot be written to.
  static func make(_ folder: String) throws(DataError) {
    let parts = folder.split(separator: "/", omittingEmptySubsequences: false)
    var obstacle: Int32 = 0
    for end in parts.indices {
      let path = parts[...end].joined(separator: "/")
      guard !path.isEmpty, mkdir(path, 0o777) != 0, errno != EEXIST, obstacle == 0 else { continue }
      obstacle = errno
    }
    // Only a folder has a "." in it.
    if access(folder + "/.", W_OK | X_OK) == 0 { return }
    throw DataError(
      .unwritable, file: folder, expected: "a folder that can be written to",
      found: String(cString: strerror(obstacle == 0 ? errno : obstacle)))
  }

  /// The first path to one of `files`, gzip'd or not, either directly in a folder that may hold data sets or
  /// in one of those folders' own that the data set is known to go by.
  ///
  /// - Parameters:
  ///   - files: Files that tell the data set, any of which will do.
  ///   - name: What errors call the data set.
  ///   - folders: Names of its folder: Debian's, torchvision's.
  static func find(
    _ files: String..., of name: String, in folders: [String], root: String?
  ) throws(DataError) -> (folder: String, file: String) {
    let bases = try bases(root: root)
    for base in bases {
      for folder in [base] + folders.map({ "\(base)/\($0)" }) {
        for file in files where path(of: file, in: folder) != nil { return (folder, file) }
      }
    }
    throw DataError(
      .notFound, file: name,
      expected: "\(files.map { $0 + ".gz" }.joined(separator: " or ")) in one of "
        + bases.joined(separator: ", "),
      found: "none")
  }

  /// The path of `file` or, failing that, `file.gz` in `folder`.
  static func path(of file: String, in folder: String) -> String? {
    ["\(folder)/\(file).gz", "\(folder)/\(file)"].first { access($0, F_OK) == 0 }
  }
}
