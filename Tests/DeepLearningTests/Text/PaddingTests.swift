import Testing

@testable import Datasets
@testable import DeepLearning
@testable import Tensors

/// Values from PyTorch 2.15.
@Suite struct PaddingTests {
  private let rows = [Tensor([1, 2, 3]), Tensor([4]), Tensor([5, 6])]

  @Test func sequencesOfNumbers() {
    let timeFirst = padSequence(rows)
    #expect(timeFirst.shape == [3, 3] && timeFirst.dtype == .int64)
    #expect(timeFirst.integers == [1, 4, 5, 2, 0, 6, 3, 0, 0])
    #expect(
      padSequence(rows, batchFirst: true, paddingValue: -1).integers == [1, 2, 3, 4, -1, -1, 5, 6, -1])
  }

  @Test func sequencesOfVectors() {
    let padded = padSequence([Tensor([[0.0, 1], [2, 3]]), Tensor([[7.0, 8]])])
    #expect(padded.shape == [2, 2, 2])
    #expect(padded.numbers == [0, 1, 7, 8, 2, 3, 0, 0])
  }

  @Test func batchesHaveLengthsAndMasks() {
    let batch = PaddedSequences([[1, 7, 5, 2], [1, 9, 2], []])
    #expect(batch.tokens.integers == [1, 7, 5, 2, 1, 9, 2, 0, 0, 0, 0, 0])
    #expect(batch.lengths == [4, 3, 0])
    #expect(batch.mask.shape == [3, 4] && batch.mask.dtype == .bool)
    #expect(batch.mask.to(.int64).integers == [1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0])
    #expect(batch.inputs.integers == [1, 7, 5, 1, 9, 2, 0, 0, 0])
    #expect(batch.targets.integers == [7, 5, 2, 9, 2, 0, 0, 0, 0])
    #expect(PaddedSequences([[1], [2, 3]], padding: 9).tokens.integers == [1, 9, 2, 3])
    #expect(sequenceMask([1, 0], length: 2).to(.int64).integers == [1, 0, 0, 0])
    #expect(PaddedSequences([[], []]).tokens.shape == [2, 0])
  }

  @Test(arguments: [0, 2]) func loaderCollatesPairs(prefetch: Int) {
    let pairs = [TextPair("a b c", "x"), TextPair("c", "x y"), TextPair("b a", "y")]
    let source = Vocabulary(of: pairs.map(\.source), tokenizer: WordTokenizer())
    let target = Vocabulary(of: pairs.map(\.target), tokenizer: WordTokenizer())
    let loader = DataLoader(
      EncodedPairs(pairs, source: source, target: target), batchSize: 2, prefetch: prefetch,
      collate: { PaddedPairs($0) })
    let batches = Array(loader)
    #expect(batches[0].source.tokens.integers == [4, 5, 6, 6, 0, 0] && batches[0].source.lengths == [3, 1])
    #expect(
      batches[0].target.tokens.integers == [1, 4, 2, 0, 1, 4, 5, 2] && batches[0].target.lengths == [3, 4])
    // Each batch is as wide as it needs to be.
    #expect(batches[1].source.tokens.shape == [1, 2] && batches[1].target.tokens.shape == [1, 3])
  }

  /// The padding takes no part in a loss that ignores it.
  @Test func paddingIsIgnored() {
    let logits = Tensor.randn([2, 3, 5], generator: Generator(seed: 1))
    let batch = PaddedSequences([[1, 2, 3, 4], [1, 4]])
    let loss = crossEntropy(
      logits.reshape(-1, 5), batch.targets.reshape(-1), ignoreIndex: batch.padding)
    let kept = cat([logits[0], logits[1, ..<1]])
    expectClose([loss.item()], [crossEntropy(kept, Tensor([2, 3, 4, 4])).item()])
  }
}
