/// One block of a transformer: the sequence attends to itself, and then each place passes through a small network of two
/// layers. Around each of the two leads a way that skips it.
///
///     x ← norm1(x + attention(x)),  x ← norm2(x + linear2(f(linear1(x))))               as first published
///     x ← x + attention(norm1(x)),  x ← x + linear2(f(linear1(norm2(x))))               with `normFirst`
///
/// The input and the result are (L, N, d), or (N, L, d) with `batchFirst`. Dropout acts on the attention's weights, behind
/// f, and behind each of the two parts.
///
/// A. Vaswani et al., "Attention Is All You Need", NeurIPS 2017; normalization first: R. Xiong et al., "On Layer
/// Normalization in the Transformer Architecture", ICML 2020.
public final class TransformerEncoderLayer: Module {
  public enum Activation: Sendable {
    case relu, gelu
  }
  public let selfAttn: MultiheadAttention
  public let linear1: Linear
  public let dropout: Dropout
  public let linear2: Linear
  public let norm1: LayerNorm
  public let norm2: LayerNorm
  public let dropout1: Dropout
  public let dropout2: Dropout
  public let activation: Activation
  public let normFirst: Bool

  /// - Parameters:
  ///   - dModel: d, the features of each place.
  ///   - nhead: How many heads the attention has; d divides among them.
  ///   - dimFeedforward: How many units linear1 has.
  public init(
    _ dModel: Int, _ nhead: Int, dimFeedforward: Int = 2048, dropout: Double = 0.1,
    activation: Activation = .relu, layerNormEps: Double = 1e-5, batchFirst: Bool = false,
    normFirst: Bool = false, bias: Bool = true
  ) {
    selfAttn = MultiheadAttention(dModel, nhead, dropout: dropout, bias: bias, batchFirst: batchFirst)
    linear1 = Linear(dModel, dimFeedforward, bias: bias)
    self.dropout = Dropout(dropout)
    linear2 = Linear(dimFeedforward, dModel, bias: bias)
    norm1 = LayerNorm(dModel, eps: layerNormEps, bias: bias)
    norm2 = LayerNorm(dModel, eps: layerNormEps, bias: bias)
    dropout1 = Dropout(dropout)
    dropout2 = Dropout(dropout)
    self.activation = activation
    self.normFirst = normFirst
  }

  public override var propertyNames: [String: String] { ["selfAttn": "self_attn"] }

  public override func forward(_ x: Tensor) -> Tensor { run(x, nil, nil, false) }

  /// - Parameters: As ``MultiheadAttention/callAsFunction(_:_:_:keyPaddingMask:needWeights:attnMask:averageAttnWeights:isCausal:)``
  ///   has them; true means "not to be seen".
  public func callAsFunction(
    _ x: Tensor, srcMask: Tensor? = nil, srcKeyPaddingMask: Tensor? = nil, isCausal: Bool = false
  ) -> Tensor {
    shownToHooks(x, run(x, srcMask, srcKeyPaddingMask, isCausal))
  }

  private func run(_ x: Tensor, _ mask: Tensor?, _ padding: Tensor?, _ isCausal: Bool) -> Tensor {
    func attended(_ x: Tensor) -> Tensor {
      let (y, _) = selfAttn(
        x, x, x, keyPaddingMask: padding, needWeights: false, attnMask: mask, isCausal: isCausal)
      return dropout1(y)
    }
    func fedForward(_ x: Tensor) -> Tensor {
      let hidden = linear1(x)
      return dropout2(linear2(dropout(activation == .relu ? hidden.relu() : hidden.gelu())))
    }
    if normFirst {
      let y = x + attended(norm1(x))
      return y + fedForward(norm2(y))
    }
    let y = norm1(x + attended(x))
    return norm2(y + fedForward(y))
  }
}
