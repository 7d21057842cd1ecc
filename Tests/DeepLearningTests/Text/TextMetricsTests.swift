import Foundation
import Testing

@testable import Datasets
@testable import DeepLearning
@testable import Tensors

@Suite struct TextMetricsTests {
  private func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

  // MARK: - Perplexity

  @Test func perplexityCountsEquallyLikelyTokens() {
    #expect(abs(perplexity(Tensor.zeros(2, 3, 7), Tensor.zeros([2, 3], dtype: .int64)) - 7) < 1e-5)
    // Probabilities 1/2, 1/4 and 1/8 for what comes: (64)^(1/3) = 4.
    let p = Tensor([[0.5, 0.25, 0.25], [0.5, 0.25, 0.25], [0.125, 0.5, 0.375]], dtype: .float64)
    #expect(abs(perplexity(p.log(), Tensor([0, 2, 0])) - 4) < 1e-12)
    #expect(abs(perplexity(p.log(), Tensor([0, 9, 0]), ignoreIndex: 9) - 4) < 1e-12)
  }

  // MARK: - BLEU

  /// Counted by hand.
  @Test func bleuOfTwoSentences() {
    let candidates = [words("el gato negro come una manzana roja"), words("la casa es grande")]
    let references = [words("el gato negro come una manzana verde"), words("la casa es muy grande")]
    let bleu = BLEU(candidates, references)
    expectClose(bleu.precisions, [10.0 / 11, 7.0 / 9, 5.0 / 7, 3.0 / 5], within: 1e-15)
    expectClose([bleu.brevityPenalty, bleu.score], [exp(-1.0 / 11), 0.6774702029865006], within: 1e-12)
    #expect(BLEU(references, references).score == 1)
  }

  @Test func aWordCountsAsOftenAsTheReferenceHasIt() {
    let bleu = BLEU(
      [words("the the the the the the the")],
      [[words("the cat is on the mat"), words("there is a cat on the mat")]])
    #expect(bleu.precisions == [2.0 / 7, 0, 0, 0] && bleu.brevityPenalty == 1 && bleu.score == 0)
  }

  @Test func shortTranslationsArePenalized() {
    let short = BLEU([words("a b c d e f")], [words("a b c d e f g h")])
    expectClose([short.score], [exp(1 - 8.0 / 6)], within: 1e-15)
    // The nearest of several lengths counts, and the shorter of two equally near.
    #expect(BLEU([words("a b c d x")], [[words("a b c d"), words("q r s t u v")]]).brevityPenalty == 1)
    expectClose(
      [BLEU([words("a b c d x")], [[words("a b c d"), words("q r s t u v")]]).score], [0.668740304976422],
      within: 1e-12)
    #expect(BLEU([[]], [words("a b")]).score == 0)
    #expect(BLEU([[String]()], [[String]()]).score == 0)
  }

  @Test func sentencesAreSmoothed() {
    let bleu = BLEU(sentence: words("el gato negro"), words("el gato blanco"))
    expectClose(bleu.precisions, [2.0 / 3, 2.0 / 3, 1.0 / 2], within: 1e-15)
    expectClose([bleu.score], [0.6057068642773799], within: 1e-12)
    #expect(BLEU([words("el gato negro")], [words("el gato blanco")]).score == 0)
    #expect(BLEU(sentence: [5, 6], [5, 6]).score == 1)
    #expect(BLEU(sentence: [5, 6], [7, 8]).score == 0)
    #expect(BLEU([[1, 2, 3]], [[3, 2, 1]], maximumOrder: 1).score == 1)
  }

  @Test func exactMatches() {
    #expect(exactMatch([[1, 2], [3], []], [[1, 2], [4], []]) == 2.0 / 3)
    #expect(exactMatch(["a"], ["b"]) == 0)
  }

  // MARK: - Teacher forcing

  @Test func ratiosFall() {
    let linear = TeacherForcing.linear(from: 1, to: 0.25, steps: 3)
    #expect([0, 1, 2, 3, 9].map(linear.ratio) == [1, 0.75, 0.5, 0.25, 0.25])
    #expect([0, 7].map(TeacherForcing.constant(0.3).ratio) == [0.3, 0.3])
    expectClose([0, 1, 3].map(TeacherForcing.exponential(k: 0.9).ratio), [1, 0.9, 0.729], within: 1e-15)
    let sigmoid = TeacherForcing.inverseSigmoid(k: 10)
    expectClose(
      [sigmoid.ratio(at: 0), sigmoid.ratio(at: 23)], [10.0 / 11, 10 / (10 + exp(2.3))], within: 1e-15)
    #expect(abs(sigmoid.ratio(at: 23) - 0.5) < 0.01 && sigmoid.ratio(at: 10_000) == 0)
  }

  @Test func coinsFollowTheRatio() {
    let generator = Generator(seed: 1)
    let forced = (0..<10_000).count { _ in
      TeacherForcing.constant(0.3).isForced(at: 0, generator: generator)
    }
    #expect(abs(Double(forced) / 10_000 - 0.3) < 0.02)
    #expect(!TeacherForcing.constant(0).isForced(at: 0) && TeacherForcing.constant(1).isForced(at: 0))
  }
}
