import Foundation
import Testing

@testable import course

/// The pages as a browser shows them: at the width of a desk and of a phone, light and dark.
///
/// Chromium opens `probe.html`, which opens the pages in frames, looks at them, and leaves what it saw in its own text.
@Suite(.serialized) struct BrowserTests {
  private static let names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]

  /// What the probe has seen of a page.
  private struct Seen: Decodable {
    let page: String
    /// How many pixels the page is wider than its window.
    let overflow: Int
    let formulas: Int
    /// Formulas that take no room.
    let flatFormulas: [String]
    let images: Int
    let brokenImages: [String]
    let wideImages: Int
    /// Text whose contrast to what is behind it is too low.
    let faint: [String]
    /// The color of the background.
    let paper: String
  }

  private struct Answer: Decodable {
    let address: String
    let text: String
    let marked: Int
  }

  private struct Search: Decodable {
    let answers: [String: [Answer]]
    let isHiddenAgain: Bool
  }

  private struct Report: Decodable {
    let pages: [Seen]
    let search: Search?
  }

  /// What the probe reports, and what the pages wrote to the console.
  private func probe(
    _ query: [(String, String)], isDark: Bool = false, root: URL = WholeBook.output
  ) throws -> (report: Report, console: [String]) {
    guard let browser = Self.names.lazy.compactMap(findProgram).first else {
      let message = "Chromium is not installed, so that nobody looks at the pages: ./setup.sh --browser"
      if ProcessInfo.processInfo.environment["COURSE_NEEDS_BROWSER"] != nil {
        throw CourseError(description: message)
      }
      try Test.cancel("\(message)")
    }
    var address = URLComponents(
      url: try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures/probe.html"),
      resolvingAgainstBaseURL: false)!
    address.queryItems = ([("root", root.absoluteString + "/")] + query).map {
      URLQueryItem(name: $0.0, value: $0.1)
    }
    let child = try Child.run(
      browser,
      [
        // In a container there is often no sandbox to be had, and the pages are our own.
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--allow-file-access-from-files",
        "--enable-logging=stderr", "--v=0", "--virtual-time-budget=600000", "--window-size=1400,1000",
        "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)", "--dump-dom",
        try #require(address.url).absoluteString,
      ], limits: Limits(seconds: 300, memory: .max, output: 1 << 24))
    let text = try #require(
      child.output.firstMatch(of: /<pre id="result">(.*?)<\/pre>/.dotMatchesNewlines()),
      "\(child.end) \(child.output.suffix(2000))")
    let json = String(text.1).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing(
      "&amp;", with: "&")
    let console = child.output.split(separator: "\n").filter { $0.contains("CONSOLE") }.map(String.init)
    return (try JSONDecoder().decode(Report.self, from: Data(json.utf8)), console)
  }

  private func pages() throws -> [String] {
    let all = try WholeBook.pages.get().keys.sorted()
    let exercises = all.filter { $0.hasPrefix("exercise-") }
    // Of pages that are made alike a few stand for all.
    let library = [
      "library/index.html", "library/functions.html", "library/tensor.html", "library/linear.html",
    ]
    return all.filter { !$0.contains("/") && !$0.hasPrefix("exercise-") } + exercises.prefix(4) + library
  }

  @Test(arguments: [1300, 390], [false, true])
  func pagesAreLaidOut(width: Int, isDark: Bool) throws {
    let pages = try pages()
    let (report, console) = try probe([("width", "\(width)")] + pages.map { ("page", $0) }, isDark: isDark)
    #expect(console.isEmpty, "\(console)")
    #expect(report.pages.map(\.page) == pages)
    for seen in report.pages {
      #expect(seen.overflow == 0, "\(seen.page) is wider than its window")
      #expect(seen.flatFormulas.isEmpty, "\(seen.page): \(seen.flatFormulas)")
      #expect(seen.brokenImages.isEmpty && seen.wideImages == 0, "\(seen.page): \(seen.brokenImages)")
      #expect(seen.faint.isEmpty, "\(seen.page): \(seen.faint)")
      #expect(seen.paper == (isDark ? "rgb(22, 24, 28)" : "rgb(253, 252, 249)"), "\(seen.page)")
    }
    let chapters = report.pages.filter { $0.page.hasPrefix("chapter") }
    #expect(chapters.allSatisfy { $0.formulas > 0 && $0.images > 0 })
  }

  @Test func theSearchFindsWhatItShould() throws {
    let expected = [
      "backpropagation": "chapter3.html", "he initialization": "chapter3.html#term-he-initialization",
      "Rosenblatt": "chapter1.html#section-1.3", "backward softmax layer": "exercise-3.2.html",
      "crossEntropy": "library/", "softmax": "chapter2.html",
      "double softmax": "chapter4.html#4.3-the-double-softmax",
    ]
    let nothing = "xyzzy"
    _ = try WholeBook.pages.get()
    let (report, console) = try probe(
      [("width", "1300"), ("from", "library/tensor.html")] + (expected.keys + [nothing]).map { ("words", $0) }
    )
    #expect(console.isEmpty, "\(console)")
    let search = try #require(report.search)
    for (words, address) in expected {
      let answers = try #require(search.answers[words])
      // The page that asks lies in a folder.
      #expect(
        answers.prefix(3).contains { $0.address.hasPrefix("../" + address) },
        "\(words): \(answers.map(\.address))")
      #expect(answers.count <= 12)
    }
    #expect(search.answers["backpropagation"]?[0].marked == 1)
    #expect(search.answers[nothing]?.map(\.text) == ["Nothing found."])
    #expect(search.isHiddenAgain)
  }

  /// The probe sees what it is there to see.
  @Test func theProbeNoticesWhatIsWrong() throws {
    try withTemporaryFolder { folder in
      let page = """
        <!DOCTYPE html><html lang="en"><title>x</title><body style="background: #fff">
        <p style="color: #aaa">faint</p><p style="width: 2000px">wide</p><img src="none.png" alt="none">
        <math style="display: inline-block; height: 0"><mi>x</mi></math>
        <script>throw new Error("on purpose")</script></body></html>
        """
      try page.write(to: folder.appendingPathComponent("bad.html"), atomically: true, encoding: .utf8)
      let (report, console) = try probe([("width", "390"), ("page", "bad.html")], root: folder)
      let seen = report.pages[0]
      #expect(seen.overflow > 1000 && seen.brokenImages.count == 1 && seen.flatFormulas.count == 1)
      #expect(seen.faint.count == 1 && seen.faint[0].hasSuffix("faint"))
      #expect(console.contains { $0.contains("on purpose") })
    }
  }
}
