import Foundation
import Synchronization
import Testing

@testable import Datasets
@testable import DeepLearning
@testable import Tensors

/// Downloads from a server on this machine that behaves as servers do.
@Suite struct DownloadTests {
  private static let content = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }
  /// Printed by md5sum.
  private static let checksum = "32933eb29eeccfb6d659ca39c0d9f2d9"

  private func remote(_ server: LoopbackServer, _ mirrors: String...) -> RemoteFiles {
    RemoteFiles(
      name: "Some set", folders: ["some-set"], mirrors: mirrors.map { "\(server.address)/\($0)/" },
      checksums: ["file.gz": Self.checksum], timeLimit: 2, options: ["--noproxy", "*"])
  }

  /// Fetches the file into a new folder, in which `part` may have been left over.
  private func fetch(
    _ remote: RemoteFiles, leftOver part: [UInt8]? = nil, at location: SourceLocation = #_sourceLocation
  ) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    if let part { try folder.write(part, to: "some-set/file.gz.part") }
    do {
      try remote.fetch(["file.gz"], root: folder.path)
      #expect(folder.bytes(of: "some-set/file.gz") == Self.content, sourceLocation: location)
      #expect(folder.files(in: "some-set") == ["file.gz"], sourceLocation: location)
    } catch {
      #expect(folder.bytes(of: "some-set/file.gz") == nil, sourceLocation: location)
      throw error
    }
    return folder
  }

  private func failure(
    of remote: RemoteFiles, at location: SourceLocation = #_sourceLocation
  ) -> DataError? {
    let error = #expect(throws: DataError.self, sourceLocation: location) { try fetch(remote, at: location) }
    #expect(
      error?.kind == .downloadFailed && error?.description.contains("\n") == false, sourceLocation: location)
    return error
  }

  @Test func fetchesAFile() throws {
    let server = try LoopbackServer(["a": .whole(Self.content)])
    let folder = try fetch(remote(server, "a"))
    #expect(server.requests == ["/a/file.gz"])
    // What is there is not fetched again.
    try remote(server, "a").fetch(["file.gz"], root: folder.path)
    #expect(server.requests.count == 1)
  }

  @Test func goesOnWhereTheConnectionBroke() throws {
    let server = try LoopbackServer(["a": .cut(Self.content, after: 60_000)])
    _ = try fetch(remote(server, "a"))
    #expect(
      server.requests
        == ["/a/file.gz", "/a/file.gz from 60000", "/a/file.gz from 120000", "/a/file.gz from 180000"])
  }

  @Test func goesOnFromWhatAnEarlierRunLeft() throws {
    let server = try LoopbackServer(["a": .whole(Self.content)])
    _ = try fetch(remote(server, "a"), leftOver: Array(Self.content.prefix(150_000)))
    #expect(server.requests == ["/a/file.gz from 150000"])
    // All of it was there, but for its name.
    _ = try fetch(remote(server, "a"), leftOver: Self.content)
    #expect(server.requests.dropFirst() == ["/a/file.gz from 200000"])
  }

  /// A mirror that has not got the file is no reason to lose what another sent.
  @Test func keepsWhatCameForTheNextMirror() throws {
    let server = try LoopbackServer(["a": .missing, "b": .whole(Self.content)])
    _ = try fetch(remote(server, "a", "b"), leftOver: Array(Self.content.prefix(150_000)))
    #expect(server.requests == ["/a/file.gz from 150000", "/b/file.gz from 150000"])
  }

  @Test func beginsAnewWhereAServerCannotGoOn() throws {
    let server = try LoopbackServer(["a": .wholeAlways(Self.content)])
    _ = try fetch(remote(server, "a"), leftOver: Array(Self.content.prefix(150_000)))
    #expect(server.requests == ["/a/file.gz from 150000", "/a/file.gz"])
  }

  @Test func beginsAnewWhereTheLeftOverIsOfAnotherFile() throws {
    let server = try LoopbackServer(["a": .whole(Self.content)])
    _ = try fetch(remote(server, "a"), leftOver: [UInt8](repeating: 1, count: 1000))
    _ = try fetch(remote(server, "a"), leftOver: [UInt8](repeating: 1, count: 300_000))
    #expect(server.requests.filter { $0 == "/a/file.gz" }.count == 2)
  }

  @Test func keepsWhatCameForTheNextRun() throws {
    let server = try LoopbackServer(["a": .cut(Self.content, after: 10_000)])
    let folder = try TemporaryFolder()
    #expect(throws: DataError.self) { try remote(server, "a").fetch(["file.gz"], root: folder.path) }
    #expect(folder.bytes(of: "some-set/file.gz.part") == Array(Self.content.prefix(50_000)))
    #expect(folder.files(in: "some-set") == ["file.gz.part"])
  }

  @Test func refusesAWrongChecksum() throws {
    let server = try LoopbackServer([
      "a": .whole(Array("<html>log in first</html>".utf8)), "b": .whole(Self.content),
    ])
    let error = failure(of: remote(server, "a"))
    #expect(error?.found.contains("/a/file.gz: wrong checksum") == true)
    _ = try fetch(remote(server, "a", "b"))
  }

  @Test func triesMirrorsInTurn() throws {
    let server = try LoopbackServer(["a": .missing, "b": .whole(Self.content), "c": .whole(Self.content)])
    _ = try fetch(remote(server, "a", "b", "c"))
    #expect(server.requests == ["/a/file.gz", "/b/file.gz"])
  }

  @Test func saysWhyNoMirrorServed() throws {
    let server = try LoopbackServer(["a": .missing, "b": .whole([1, 2, 3])])
    let error = failure(of: remote(server, "a", "b"))
    #expect(error?.expected == "Some set from one of 2 servers")
    #expect(error?.found.contains("/a/file.gz: The requested URL returned error: 404; http://") == true)
    #expect(error?.found.contains("/b/file.gz: wrong checksum 5289df737df57326fcdd22597afb1fac") == true)
  }

  @Test func givesUpAServerThatHangs() throws {
    let server = try LoopbackServer(["a": .hang, "b": .whole(Self.content)])
    let start = ContinuousClock.now
    _ = try fetch(remote(server, "a", "b"))
    #expect(ContinuousClock.now - start < .seconds(30))
    #expect(server.requests == ["/a/file.gz", "/b/file.gz"])
  }

  @Test func saysWhatIsMissing() throws {
    let server = try LoopbackServer([:])
    var remote = remote(server, "a")
    remote.curl = "no-such-curl"
    #expect(
      failure(of: remote)?.found.contains("no program no-such-curl to fetch it with; install it") == true)
    #expect(server.requests.isEmpty)
  }

  @Test func twoAtOnceFetchOnce() throws {
    let server = try LoopbackServer(["a": .whole(Self.content)])
    let folder = try TemporaryFolder()
    let remote = remote(server, "a")
    let path = folder.path
    DispatchQueue.concurrentPerform(iterations: 3) { _ in
      #expect(throws: Never.self) { try remote.fetch(["file.gz"], root: path) }
    }
    #expect(server.requests.count == 1)
    #expect(folder.bytes(of: "some-set/file.gz") == Self.content)
  }

  @Test func foldersThatCannotBeWritten() throws {
    let server = try LoopbackServer([:])
    let folder = try TemporaryFolder(["plain": [1]])
    for root in ["/proc/nowhere", folder.path + "/plain"] {
      let error = #expect(throws: DataError.self) { try remote(server, "a").fetch(["file.gz"], root: root) }
      #expect(error?.kind == .unwritable && error?.file == root + "/some-set")
    }
    #expect(server.requests.isEmpty)
  }

  @Test(.enabled(if: geteuid() != 0, "to root no folder is closed"))
  func foldersThatAreReadOnly() throws {
    let server = try LoopbackServer([:])
    let folder = try TemporaryFolder()
    chmod(folder.path, 0o555)
    defer { chmod(folder.path, 0o755) }
    let error = #expect(throws: DataError.self) {
      try remote(server, "a").fetch(["file.gz"], root: folder.path)
    }
    #expect(error?.kind == .unwritable)
  }

  /// Found, fetched and read in one go; the second time without the server.
  @Test func fetchesADataSet() throws {
    let labels = gzip(idx(shape: [2], [9, 3]))
    let server = try LoopbackServer([
      "train-images-idx3-ubyte.gz": .whole(compressedImages), "train-labels-idx1-ubyte.gz": .whole(labels),
    ])
    let remote = RemoteFiles(
      name: "Some set", folders: ["Some/raw"], mirrors: [server.address + "/"],
      checksums: [
        "train-images-idx3-ubyte.gz": "e99cd3f171331cd1c2e4e04b219e09c6",
        "train-labels-idx1-ubyte.gz": "6db49d48f67c9726a69c5a8ff9d33bd3",
      ], options: ["--noproxy", "*"])
    let folder = try TemporaryFolder()
    let root = folder.path + "/new/folder"
    for _ in 0..<2 {
      let files = try LabeledIdxFiles(remote, train: true, classCount: 10, root: root, download: true)
      #expect(files.labels == [9, 3] && files.folder == root + "/Some/raw")
    }
    #expect(server.requests == ["/train-images-idx3-ubyte.gz", "/train-labels-idx1-ubyte.gz"])
    // One file of the two is gone.
    try FileManager.default.removeItem(atPath: root + "/Some/raw/train-labels-idx1-ubyte.gz")
    _ = try LabeledIdxFiles(remote, train: true, classCount: 10, root: root, download: true)
    #expect(server.requests.count == 3)
  }
}
