import DeepLearning
import Foundation

/// One exercise: its name and where its parts lie.
///
/// The file with the solution is the exercise's source. It holds the task, and what a learner begins with is
/// made of it (``Solution/stub``).
struct Exercise: Sendable {
  /// Chapter and place, such as `3.2`.
  let number: String
  let chapter: Int
  let place: Int
  /// The name that stays when numbers change, such as `softmax-backward`; the key of what is remembered.
  let name: String
  let title: String
  /// The section of the chapter that it belongs to.
  let section: String?
  private let folder: URL

  /// Reads the exercise whose solution is at `url`; nil if the file is not named like one.
  init?(solution url: URL, in folder: URL) throws(CourseError) {
    guard let match = url.lastPathComponent.wholeMatch(of: /([0-9]+)\.([0-9]+)-([a-z0-9-]+)\.swift/),
      let chapter = Int(match.1), let place = Int(match.2)
    else { return nil }
    (self.chapter, self.place, name, self.folder) = (chapter, place, String(match.3), folder)
    number = "\(chapter).\(place)"
    let task = Solution(try read(url)).task
    let heading = task.split(separator: "\n").first { $0.hasPrefix("# ") }?.dropFirst(2) ?? match.3
    title = String(heading.hasPrefix(number + " ") ? heading.dropFirst(number.count + 1) : heading)
    section = task.firstMatch(of: /[Ss]ection\s+([0-9]+\.[0-9]+)/).map { String($0.1) }
  }

  /// The file that the learner edits.
  var answer: URL { folder.appendingPathComponent("chapter\(chapter)/\(file).swift") }
  var solution: URL { folder.appendingPathComponent("Solutions/chapter\(chapter)/\(file).swift") }
  var check: URL { folder.appendingPathComponent("Checks/chapter\(chapter)/\(file)-check.swift") }
  var hints: URL { folder.appendingPathComponent("Hints/chapter\(chapter)/\(file).md") }
  /// A folder of answers that learners might give and that are not right.
  var wrongAnswers: URL { folder.appendingPathComponent("WrongAnswers/chapter\(chapter)/\(file)") }
  /// What makes of a check a program; the same for all.
  var entry: URL { folder.appendingPathComponent("Checks/Entry.swift") }

  private var file: String { "\(number)-\(name)" }
}

/// The exercises of the course, in order.
struct Catalog: Sendable {
  let exercises: [Exercise]

  init(_ folder: CourseFolder) throws(CourseError) {
    let solutions = folder.exercises.appendingPathComponent("Solutions")
    var found: [Exercise] = []
    for chapter in try list(solutions) where chapter.hasDirectoryPath {
      for file in try list(chapter) {
        if let exercise = try Exercise(solution: file, in: folder.exercises) { found.append(exercise) }
      }
    }
    exercises = found.sorted { ($0.chapter, $0.place) < ($1.chapter, $1.place) }
  }

  var chapters: [Int] { Set(exercises.map(\.chapter)).sorted() }

  /// The exercises that `selection` names: `all`, a chapter (`3`), a number (`3.2`) or a name.
  func select(_ selection: String) throws(CourseError) -> [Exercise] {
    let found =
      selection == "all"
      ? exercises
      : exercises.filter {
        [$0.number, $0.name, String($0.chapter), "chapter\($0.chapter)"].contains(selection)
      }
    guard !found.isEmpty else {
      throw CourseError(
        description: "there is no exercise \(selection); see `swift run course list`", status: 2)
    }
    return found
  }

  /// The one exercise with this number or name.
  func exercise(_ selection: String) throws(CourseError) -> Exercise {
    let found = try select(selection)
    guard found.count == 1 else {
      throw CourseError(
        description: "\(selection) is not one exercise: name one, such as \(found[0].number)", status: 2)
    }
    return found[0]
  }
}

/// The text of a file, or an error that says why not.
func read(_ url: URL) throws(CourseError) -> String {
  do {
    // What is not UTF-8 is for the compiler to complain of.
    return String(decoding: try Data(contentsOf: url), as: UTF8.self)
  } catch {
    throw CourseError(description: "cannot read \(url.path): \(reason(error))")
  }
}

/// The files in a folder, by name.
func list(_ folder: URL) throws(CourseError) -> [URL] {
  do {
    return try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: [.isDirectoryKey], options: .skipsHiddenFiles
    ).sorted { $0.lastPathComponent < $1.lastPathComponent }
  } catch {
    throw CourseError(description: "cannot read the folder \(folder.path): \(reason(error))")
  }
}

/// What the system says about a failed file operation.
func reason(_ error: any Error) -> String {
  let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
  if let cause, cause.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(cause.code))) }
  return (error as NSError).localizedDescription
}
