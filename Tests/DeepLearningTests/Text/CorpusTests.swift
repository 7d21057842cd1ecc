import Testing

@testable import Datasets
@testable import DeepLearning
@testable import Tensors

@Suite struct CorpusTests {
  // MARK: - The course's own text

  @Test func proseIsTakenOutOfSources() throws {
    let source = """
      /*:
       # Chapter 2: Title

       First line
       of a paragraph with `code`, **bold** and $w^\\top x$:
       $$
       E = mc^2
       $$
       where it goes on.

       $$ a + b $$

       - one
       - two
         goes on

       | a | b |
       |---|---|
       | 1 | 2 |

       ---
       > a remark
       ```
       let hidden = 1
       ```
       */
      import Secret
      let x = 1  // not this
      //: Last words.
      """
    let folder = try TemporaryFolder([
      "chapter10-b/main.swift": Array("//: Ten.".utf8), "chapter2-a/main.swift": Array(source.utf8),
      "chapter2-a/Other.swift": Array("//: Not this.".utf8), "notes/main.swift": Array("//: Nor this.".utf8),
    ])
    let text = try CourseText(folder: folder.path)
    #expect(text.chapters.map(\.name) == ["chapter2-a", "chapter10-b"])
    #expect(
      text.text == """
        Chapter 2: Title

        First line of a paragraph with code, bold and wᵀx:

        where it goes on.

        one
        two goes on

        a remark

        Last words.

        Ten.
        """)
  }

  @Test func theCourseHasItsChapters() throws {
    let text = try CourseText()
    #expect(text.chapters.prefix(4).map(\.name.first) == ["c", "c", "c", "c"])
    #expect(text.chapters[2].name == "chapter3-backprop")
    #expect(text.text.hasPrefix("Chapter 1"))
    // Prose, and a good deal of it: no marks of comments, of code or of mathematics.
    #expect(text.chapters.allSatisfy { $0.text.count > 10_000 })
    for mark in ["/*:", "*/", "//:", "```", "$$", "\\frac", "notebook.section("] {
      #expect(!text.text.contains(mark), "\(mark)")
    }
  }

  @Test func aFolderWithoutChaptersIsReported() throws {
    let folder = try TemporaryFolder(["readme": []])
    let error = #expect(throws: DataError.self) { try CourseText(folder: folder.path) }
    #expect(error?.kind == .notFound)
    #expect(
      error?.description
        == "the course's text: expected folders chapter1-... in \(folder.path), found none")
    let bad = try TemporaryFolder(["chapter1/main.swift": [0x2f, 0xff]])
    #expect(throws: DataError.self) { try CourseText(folder: bad.path) }
  }

  // MARK: - Streams

  /// The windows that PyTorch's word language model makes of 11 tokens, two streams and a length of two.
  @Test func streamsGoOnFromWindowToWindow() {
    let streams = TextStreams(Array(0..<11), batchSize: 2, length: 2)
    let windows = Array(streams)
    #expect(streams.count == 2 && windows.count == 2)
    #expect(
      windows[0].inputs == Tensor([[0, 1], [5, 6]]) && windows[0].targets == Tensor([[1, 2], [6, 7]]))
    #expect(
      windows[1].inputs == Tensor([[2, 3], [7, 8]]) && windows[1].targets == Tensor([[3, 4], [8, 9]]))
  }

  @Test(arguments: [(10, 1, 3), (100, 7, 4), (9, 3, 50), (6, 3, 1)])
  func streamsPredictEverythingOnce(size: Int, batchSize: Int, length: Int) {
    let streams = TextStreams(Array(0..<size), batchSize: batchSize, length: length)
    let windows = Array(streams)
    #expect(windows.count == streams.count)
    for row in 0..<batchSize {
      let start = row * (size / batchSize)
      let inputs = windows.flatMap { $0.inputs[row].integers }
      #expect(inputs == Array(start..<start + size / batchSize - 1))
      #expect(windows.flatMap { $0.targets[row].integers } == inputs.map { $0 + 1 })
    }
    #expect(windows.dropLast().allSatisfy { $0.inputs.shape == [batchSize, length] })
  }

  // MARK: - Windows

  @Test func windowsAreExamples() throws {
    let windows = TextWindows(Array(0..<10), length: 3)
    #expect(windows.count == 3)
    #expect(windows[2].0 == Tensor([6, 7, 8]) && windows[2].1 == Tensor([7, 8, 9]))
    let overlapping = TextWindows(Array(0..<10), length: 3, step: 2)
    #expect(overlapping.count == 4)
    #expect(overlapping[3].0 == Tensor([6, 7, 8]))
    #expect(TextWindows(Array(0..<4), length: 3).count == 1)
    let batches = Array(DataLoader(windows, batchSize: 2))
    #expect(
      batches[0].0 == Tensor([[0, 1, 2], [3, 4, 5]]) && batches[0].1 == Tensor([[1, 2, 3], [4, 5, 6]]))
    #expect(batches[1].0 == Tensor([[6, 7, 8]]))
  }
}

extension Tensor {
  /// Whether two tensors of whole numbers have the same shape and elements.
  fileprivate static func == (a: Tensor, b: Tensor) -> Bool { a.shape == b.shape && a.integers == b.integers }
}
