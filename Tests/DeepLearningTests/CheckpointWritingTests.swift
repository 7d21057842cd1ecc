import Foundation
import Synchronization
import Testing

@testable import DeepLearning
@testable import Tensors

/// A checkpoint is there whole or not at all, whatever happens while it is written.
@Suite struct CheckpointWritingTests {
  private let folder: TemporaryFolder
  private var path: String { folder / "test.safetensors" }

  init() throws { folder = try TemporaryFolder() }

  // MARK: - Places where nothing can be written

  private func expectUnwritable(
    _ path: String, _ found: String, at location: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: CheckpointError.self, sourceLocation: location) {
      try save(["a": Tensor(1)], to: path)
    }
    #expect(error?.kind == .unwritable, sourceLocation: location)
    #expect(
      error?.description == "\(path): expected a place where a file can be written, found \(found)",
      sourceLocation: location)
  }

  @Test func saysWhyItCannotBeWritten() throws {
    try FileManager.default.createDirectory(atPath: folder / "sub", withIntermediateDirectories: true)
    try writeBytes([1], to: folder / "file")
    #expect(mkfifo(folder / "pipe", 0o600) == 0)
    expectUnwritable("", "an empty path")
    expectUnwritable(folder / "sub", "a folder")
    expectUnwritable(folder / "sub/", "a folder")
    expectUnwritable(folder / "missing/", "No such file or directory")
    expectUnwritable(folder / "missing/x", "No such file or directory")
    expectUnwritable(folder / "file/x", "Not a directory")
    expectUnwritable(folder / "pipe", "a device or pipe")
    expectUnwritable(folder / String(repeating: "n", count: 255), "File name too long")
    #expect(folder.names == ["file", "pipe", "sub"])
    #expect(try readBytes(folder / "file") == [1])
  }

  @Test func foldersThatAreNotWritable() async throws {
    try save(["a": Tensor(1)], to: path)
    #expect(chmod(folder.path, 0o555) == 0)
    // The superuser may write anywhere, so that in a container the child must become someone else.
    let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
      [path = path as String] in
      if geteuid() == 0 { try #require(seteuid(65534) == 0) }
      do {
        try save(["a": Tensor(2)], to: path)
      } catch {
        print("refused: \(error)")
      }
    }
    let output = String(decoding: result.standardOutputContent, as: UTF8.self)
    #expect(
      output.contains(
        "refused: \(path): expected a place where a file can be written, found Permission denied\n"))
    #expect(chmod(folder.path, 0o755) == 0)
    #expect(try load(path)["a"]?.item() == 1)
    #expect(folder.names == ["test.safetensors"])
  }

  /// A limit on the size of files stands for a disk without space: the write fails in the middle.
  @Test func noSpaceLeavesTheOldFile() async throws {
    try save(["a": Tensor(1)], to: path)
    let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
      [path = path as String] in
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1 << 20, rlim_max: 1 << 20)
      try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      do {
        try save(["a": Tensor.zeros(1 << 20)], to: path)
      } catch {
        print("refused: \(error)")
      }
    }
    let output = String(decoding: result.standardOutputContent, as: UTF8.self)
    #expect(
      output.contains(
        "refused: \(path): expected a place where a file can be written, found File too large\n"))
    #expect(try load(path)["a"]?.item() == 1)
    #expect(folder.names == ["test.safetensors"])
  }

  // MARK: - What is there already

  @Test func leftoversAreUsedUp() throws {
    try writeBytes([UInt8](repeating: 7, count: 10_000), to: folder / ".test.safetensors.tmp")
    try save(["a": Tensor(1)], to: path)
    #expect(try load(path)["a"]?.item() == 1)
    #expect(folder.names == ["test.safetensors"])
  }

  @Test func linksStayLinks() throws {
    try FileManager.default.createDirectory(atPath: folder / "sub", withIntermediateDirectories: true)
    try save(["a": Tensor(1)], to: folder / "sub/real.safetensors")
    #expect(symlink("sub/real.safetensors", path) == 0)
    try save(["a": Tensor(2)], to: path)
    #expect(try load(folder / "sub/real.safetensors")["a"]?.item() == 2)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == "sub/real.safetensors")
    // Nobody can lay a link where the temporary file goes to have another file overwritten.
    try writeBytes([1, 2, 3], to: folder / "victim")
    #expect(symlink("victim", folder / ".other.tmp") == 0)
    expectUnwritable(folder / "other", "Too many levels of symbolic links")
    #expect(try readBytes(folder / "victim") == [1, 2, 3])
  }

  @Test func pathsWithoutFolderAreInTheCurrentOne() async throws {
    let path = path
    await #expect(processExitsWith: .success) { [folder = folder.path as String] in
      try #require(chdir(folder) == 0)
      try save(["a": Tensor(1)], to: "test.safetensors")
      try save(["a": Tensor(2)], to: "test.safetensors")
    }
    #expect(try load(path)["a"]?.item() == 2)
    #expect(folder.names == ["test.safetensors"])
  }

  /// Several threads write and read one file. Each read finds what one of the writes has left.
  @Test func writersTakeTurns() throws {
    try save(Self.state(1), to: path)
    let problems = Mutex<[String]>([])
    let path = path
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for i in 0..<20 {
        do {
          if thread < 4 {
            try save(Self.state(100 * thread + i), to: path)
          } else {
            let state = try load(path)
            if let problem = Self.problem(state) { problems.withLock { $0.append(problem) } }
          }
        } catch {
          problems.withLock { $0.append("\(error)") }
        }
      }
    }
    #expect(problems.withLock { $0 } == [])
    #expect(folder.names == ["test.safetensors"])
  }

  // MARK: - Killed while writing

  /// The tensors that belong to `step`; their sizes depend on it.
  private static func state(_ step: Int) -> StateDict {
    let count = 1000 + step * 7919 % 300_000
    return [
      "weight": Tensor.full([count], step), "step": Tensor(step),
      "mask": Tensor.full([step % 5000], step % 2, dtype: .bool),
    ]
  }

  /// What is wrong with a state that should be a whole one.
  private static func problem(_ state: StateDict) -> String? {
    guard let step = state["step"]?.integers.first else { return "no step" }
    let expected = Self.state(step)
    guard state.names == expected.names else { return "names \(state.names)" }
    for (name, tensor) in expected where bits(state[name]!) != bits(tensor) {
      return "\(name) is not that of step \(step)"
    }
    return nil
  }

  /// Child processes write one checkpoint after another until each is killed at a random moment. What they
  /// leave is always a whole one, the last that was saved or the one before.
  ///
  /// `CHECKPOINT_KILLS=300 swift test --filter CheckpointWritingTests/kills` does it more often.
  @Test(.timeLimit(.minutes(30))) func kills() async throws {
    let kills = ProcessInfo.processInfo.environment["CHECKPOINT_KILLS"].flatMap { Int($0) } ?? 20
    let generator = Generator(seed: 5)
    var last = 0
    var leftovers = 0
    for kill in 0..<kills {
      let microseconds = generator.nextInt(in: 0..<30_000)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, start = last as Int, microseconds = microseconds as Int] in
        let killer = Thread {
          usleep(UInt32(microseconds))
          Foundation.kill(getpid(), SIGKILL)
        }
        try save(CheckpointWritingTests.state(start + 1), to: path)
        killer.start()
        for step in (start + 2)... { try save(CheckpointWritingTests.state(step), to: path) }
      }
      let state = try load(path)
      #expect(Self.problem(state) == nil, "after kill \(kill)")
      let step = try #require(state["step"]?.integers.first)
      #expect(step > last)
      last = step
      let names = folder.names
      #expect(names.last == "test.safetensors")
      #expect(names.count == 1 || names == [".test.safetensors.tmp", "test.safetensors"])
      leftovers += names.count - 1
    }
    // Some must have been hit in the middle of writing, or the test would show nothing.
    #expect(leftovers > kills / 10, "\(leftovers) of \(kills) kills left a temporary file")
    print("\(kills) kills, \(last) checkpoints, \(leftovers) of the kills in the middle of writing")
  }
}
