/// What stands around an image that is padded.
public enum PaddingMode: String, Sendable {
  case zeros
  /// The image mirrored at its outermost row or column, which is not repeated: c b │ a b c │ b a
  case reflect
  /// The outermost row or column again and again: a a │ a b c │ c c
  case replicate
  /// The image again from its other side: b c │ a b c │ a b
  case circular
}

extension Tensor {
  /// With numbers of the tensor's own before and after, given like `torch.nn.functional.pad`: pairs from the last dimension
  /// backwards. ∂L/∂x: every number gets the gradients of all the places where it stands.
  public func pad(_ amounts: [Int], mode: PaddingMode) -> Tensor {
    if mode == .zeros { return pad(amounts) }
    check(
      amounts.count % 2 == 0 && amounts.count / 2 <= rank, "pad",
      "\(amounts.count) amounts are not pairs for at most \(rank) dimensions")
    return (0..<amounts.count / 2).reduce(self) { result, i in
      let d = rank - 1 - i
      return result.padded(d, before: amounts[2 * i], behind: amounts[2 * i + 1], mode)
    }
  }

  private func padded(_ d: Int, before: Int, behind: Int, _ mode: PaddingMode) -> Tensor {
    if before == 0 && behind == 0 { return self }
    let size = shape[d]
    let most = mode == .reflect ? size - 1 : mode == .circular ? size : Int.max
    check(
      before >= 0 && behind >= 0 && before <= most && behind <= most && size > 0, "pad",
      "amounts \(before) and \(behind) do not fit dimension \(d) of \(describe(shape)): padding .\(mode) takes "
        + (mode == .replicate ? "no negative numbers" : "from 0 to \(most)"))
    let places = (-before..<size + behind).map { i in
      switch mode {
      case .reflect: i < 0 ? -i : i < size ? i : 2 * (size - 1) - i
      case .circular: (i + size) % size
      default: Swift.min(Swift.max(i, 0), size - 1)
      }
    }
    return indexSelect(d, Tensor(places))
  }
}
