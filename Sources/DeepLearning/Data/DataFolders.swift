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
    let variable = getenv("DEEPLEARNING_DATA").map { String(cString: $0) } ?? ""
    let asked = [root ?? "", variable].filter { !$0.isEmpty }
    for folder in asked {
      guard let handle = opendir(folder) else {
        throw DataError(
          .unreadable, file: folder, expected: "a readable folder", found: String(cString: strerror(errno)))
      }
      closedir(handle)
    }
    return asked + ["data", "/usr/share/datasets"]
  }

  /// The first folder that holds `file` or `file.gz`, either directly or in one of the folders that the
  /// data set is known to go by.
  ///
  /// - Parameters:
  ///   - file: A file that the data set must have.
  ///   - name: What errors call the data set.
  ///   - folders: Names of its folder: Debian's, torchvision's.
  static func find(
    _ file: String, of name: String, in folders: [String], root: String?
  ) throws(DataError) -> String {
    let bases = try bases(root: root)
    for base in bases {
      for folder in [base] + folders.map({ "\(base)/\($0)" }) where path(of: file, in: folder) != nil {
        return folder
      }
    }
    throw DataError(
      .notFound, file: name, expected: "\(file).gz in one of \(bases.joined(separator: ", "))", found: "none")
  }

  /// The path of `file` or, failing that, `file.gz` in `folder`.
  static func path(of file: String, in folder: String) -> String? {
    ["\(folder)/\(file).gz", "\(folder)/\(file)"].first { access($0, F_OK) == 0 }
  }
}
