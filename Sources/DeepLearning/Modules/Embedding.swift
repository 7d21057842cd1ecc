/// A table with one learned row for each entry of a vocabulary: indices of shape (…) to rows (…, dim).
public final class Embedding: Module {
  /// (entries, dim)
  public let weight: Tensor
  /// The entry that stands for "nothing here". Its row starts as zeros and is never learned.
  public let paddingIndex: Int?

  /// The rows start as N(0, 1), as in PyTorch.
  ///
  /// - Parameter paddingIndex: An entry whose row stays 0; a negative one counts from the end.
  public init(_ numEmbeddings: Int, _ embeddingDim: Int, paddingIndex: Int? = nil) {
    check(
      numEmbeddings > 0 && embeddingDim > 0, "Embedding",
      "needs at least one entry and one feature, found \(numEmbeddings) and \(embeddingDim)")
    let place = paddingIndex.map { $0 < 0 ? $0 + numEmbeddings : $0 }
    let rows = Init.normal_(Tensor.empty(numEmbeddings, embeddingDim))
    if let paddingIndex, let place {
      check(
        (0..<numEmbeddings).contains(place), "Embedding",
        "paddingIndex \(paddingIndex) is not one of the \(numEmbeddings) entries")
      rows[place].zero_()
    }
    self.paddingIndex = place
    weight = Parameter(rows)
  }

  public var numEmbeddings: Int { weight.shape[0] }
  public var embeddingDim: Int { weight.shape[1] }

  public override func forward(_ indices: Tensor) -> Tensor {
    embedding(indices, weight, paddingIndex: paddingIndex)
  }

  public override var extraDescription: String {
    "\(numEmbeddings), \(embeddingDim)" + (paddingIndex.map { ", padding_idx=\($0)" } ?? "")
  }
}
