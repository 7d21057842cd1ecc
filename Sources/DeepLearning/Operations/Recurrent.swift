// One layer of a recurrent network in one direction, through all of time, as one operation.
//
// The rows of all steps lie below one another. Where sequences differ in length they are sorted, the longest first, and
// a step has rows only for those that are as long: `batchSizes[t]` of them, which never grow with t.

/// The kinds of recurrent network. Their formulas stand in RecurrentCells.swift.
package enum Recurrence: Sendable {
  case tanh, relu, lstm, gru

  /// How many vectors of the state's size the weights give.
  package var gateCount: Int {
    switch self {
    case .tanh, .relu: 1
    case .lstm: LSTMGates.gateCount
    case .gru: GRUGates.gateCount
    }
  }

  /// 2 for an LSTM, which has h and c.
  package var stateCount: Int { self == .lstm ? 2 : 1 }

  fileprivate var title: String {
    switch self {
    case .tanh, .relu: "RNN"
    case .lstm: "LSTM"
    case .gru: "GRU"
    }
  }

  fileprivate var name: StaticString {
    switch self {
    case .tanh: "RnnTanhBackward0"
    case .relu: "RnnReluBackward0"
    case .lstm: "LstmBackward0"
    case .gru: "GruBackward0"
    }
  }
}

/// What one layer learns for one direction. With n the size of the state and g the number of gates (1 in a plain RNN,
/// 4 in an LSTM, 3 in a GRU), the gates' weights lie below one another: input, forget, cell and output gate of an LSTM;
/// reset, update and new gate of a GRU.
public struct RecurrentWeights {
  /// W_ih, (g n, input)
  public let weightIH: Tensor
  /// W_hh, (g n, n)
  public let weightHH: Tensor
  /// b_ih, (g n)
  public let biasIH: Tensor?
  /// b_hh, (g n)
  public let biasHH: Tensor?

  package init(weightIH: Tensor, weightHH: Tensor, biasIH: Tensor?, biasHH: Tensor?) {
    self.weightIH = weightIH
    self.weightHH = weightHH
    self.biasIH = biasIH
    self.biasHH = biasHH
  }

  package var hiddenSize: Int { weightHH.shape[1] }
  package var inputSize: Int { weightIH.shape[1] }
}

/// Runs one layer in one direction over all steps.
///
/// Forward, the input's part of all gates, W_ih x + b_ih, is one product; then each step multiplies the state by W_hh
/// and passes once over the gates. Backward, the steps are taken in the opposite order, each multiplying by W_hhᵀ; what
/// they leave behind, the gradient of the gates at every step, gives ∂L/∂x, ∂L/∂W_ih and ∂L/∂W_hh in one product each.
///
/// - Parameters:
///   - x: (rows, input), the rows of step 0, then those of step 1, …
///   - batchSizes: How many rows each step has.
///   - isReversed: Whether time runs from the last step to the first. Each sequence then begins at its own end.
///   - state: What the state begins with: h, and c for an LSTM, each (batch, n).
/// - Returns: h after every step, (rows, n); and the state after each sequence's last step.
package func recurrent(
  _ kind: Recurrence, _ x: Tensor, batchSizes: [Int], isReversed: Bool = false, state: [Tensor],
  _ weights: RecurrentWeights
) -> (output: Tensor, state: [Tensor]) {
  let (rows, batch, n) = (x.shape[0], state[0].shape[0], weights.hiddenSize)
  let type = weights.weightHH.dtype
  check(
    x.dtype == type && state.allSatisfy { $0.dtype == type }, kind.title,
    "needs an input and states of the weights' type \(type), found "
      + ([x] + state).map { "\($0.dtype)" }.joined(separator: ", "))
  let all =
    switch kind {
    case .tanh: run(kind, PlainCell<TanhFunction>.self, x, batchSizes, isReversed, state, weights)
    case .relu: run(kind, PlainCell<ReLUFunction>.self, x, batchSizes, isReversed, state, weights)
    case .lstm: run(kind, LSTMGates.self, x, batchSizes, isReversed, state, weights)
    case .gru: run(kind, GRUGates.self, x, batchSizes, isReversed, state, weights)
    }
  precondition(all.shape == [rows + state.count * batch, n])
  return (all.narrow(0, 0, rows), state.indices.map { all.narrow(0, rows + $0 * batch, batch) })
}

/// An operation has one result, so outputs and last states lie in one tensor: (rows + states · batch, n).
private func run<C: RecurrentCell>(
  _ kind: Recurrence, _ cell: C.Type, _ x: Tensor, _ batchSizes: [Int], _ isReversed: Bool, _ state: [Tensor],
  _ weights: RecurrentWeights
) -> Tensor {
  let biases = [weights.biasIH, weights.biasHH].compactMap { $0 }
  let gates = noGrad {
    // Where the products are added, so are the biases, once for all.
    let bias = C.addsProducts && biases.count == 2 ? biases[0] + biases[1] : weights.biasIH
    return linear(contiguous(x), weights.weightIH, bias)
  }
  let layer = RecurrentLayer(cell, batchSizes, isReversed, state, weights)
  let result: Tensor
  let kept: RecurrentLayer<C>.Kept
  switch x.dtype {
  case .float64: (result, kept) = layer.forward(gates, Double.self)
  default: (result, kept) = layer.forward(gates, Float.self)
  }
  let inputs = [x, weights.weightIH, weights.weightHH] + state + biases
  guard inputs.contains(where: \.isTracked) else { return result }
  let (savedX, savedIH, savedHH) = (Saved(x), Saved(weights.weightIH), Saved(weights.weightHH))
  let needs = inputs.map(\.isTracked)
  return record(kind.name, result, inputs) { gradient, _ in
    check(
      !isGradEnabled, "backward",
      "the derivative of a recurrent layer's derivative is not built; leave createGraph out, or write the cell's "
        + "formula with tensor operations")
    let gradients =
      switch gradient.dtype {
      case .float64: layer.backward(gradient, kept, savedHH.tensor, Double.self)
      default: layer.backward(gradient, kept, savedHH.tensor, Float.self)
      }
    let (dGates, dRecurrent) = (gradients.gates, gradients.recurrent)
    var dBiases: [Tensor] = []
    if !biases.isEmpty {
      let sum = dGates.sum(dim: 0)
      dBiases = [sum, C.addsProducts ? sum : dRecurrent.sum(dim: 0)]
    }
    return [
      needs[0] ? dGates.matmul(savedIH.tensor) : nil, needs[1] ? dGates.T.matmul(savedX.tensor) : nil,
      needs[2] ? dRecurrent.T.matmul(kept.previous) : nil,
    ] + gradients.state + dBiases
  }
}

/// The steps of one layer in one direction.
private struct RecurrentLayer<C: RecurrentCell> {
  /// What the derivative reads again.
  struct Kept {
    /// (rows, gates · n), after their nonlinearities
    let gates: Tensor
    /// (rows, n), the state h before each step
    let previous: Tensor
    /// (rows, kept · n)
    let extra: Tensor
  }

  /// A step's first row, and how many it has.
  let steps: [(start: Int, count: Int)]
  let rows: Int
  let batch: Int
  let n: Int
  let state: [Tensor]
  let weightHH: Tensor
  let biasHH: Tensor?

  /// The numbers that W_hh gives for one row.
  var width: Int { C.gateCount * n }

  init(
    _: C.Type, _ batchSizes: [Int], _ isReversed: Bool, _ state: [Tensor], _ weights: RecurrentWeights
  ) {
    var start = 0
    let steps = batchSizes.map { count in
      defer { start += count }
      return (start: start, count: count)
    }
    self.steps = isReversed ? steps.reversed() : steps
    rows = start
    batch = state[0].shape[0]
    n = weights.hiddenSize
    self.state = state.map { $0.detach() }
    weightHH = weights.weightHH.detach()
    biasHH = weights.biasHH?.detach()
  }

  /// Cuts the batch into pieces that go through all of time on one core each: no step waits for another core. The longer
  /// sequences come first, so that pieces are to have equally many steps in all rather than equally many sequences.
  private func inPieces(_ body: (_ start: Int, _ count: Int) -> Void) {
    guard rows * width * n >= parallelProduct else { return body(0, batch) }
    var pieces: [(start: Int, count: Int)] = []
    var (start, sum) = (0, 0)
    for place in 0..<batch {
      sum += steps.count { $0.count > place }
      guard sum * coreCount >= rows * (pieces.count + 1) else { continue }
      pieces.append((start, place + 1 - start))
      start = place + 1
    }
    inParallel(pieces.count, threshold: 2, grain: 1) { first, count in
      for piece in pieces[first..<first + count] { body(piece.start, piece.count) }
    }
  }

  func forward<E: FloatingElement>(_ input: Tensor, _: E.Type) -> (Tensor, Kept) {
    let result = Tensor(uninitialized: [rows + state.count * batch, n], dtype: E.dtype)
    let kept = Kept(
      gates: input, previous: Tensor(uninitialized: [rows, n], dtype: E.dtype),
      extra: Tensor(uninitialized: [rows, C.keptCount * n], dtype: E.dtype))
    let (output, gates) = (result.pointer(E.self), input.pointer(E.self))
    let (previous, extra) = (kept.previous.pointer(E.self), kept.extra.pointer(E.self))
    let weight = contiguous(weightHH)
    let turned = Tensor(uninitialized: [n, width], dtype: E.dtype)
    transpose(weight.pointer(E.self), rows: width, columns: n, into: turned.pointer(E.self))
    let w = UnsafePointer(turned.pointer(E.self))
    let bias = biasHH.map(contiguous) ?? Tensor.zeros([width], dtype: E.dtype)
    // The state is kept where its last value is to stand.
    for (i, initial) in state.enumerated() {
      copyElements(of: initial, into: result.narrow(0, rows + i * batch, batch))
    }
    let h = output + rows * n
    let c = output + (rows + (state.count - 1) * batch) * n
    inPieces { first, most in
      withUnsafeTemporaryAllocation(of: E.self, capacity: most * width) { recurrent in
        let recurrent = recurrent.baseAddress!
        for step in steps {
          let count = min(most, step.count - first)
          if count <= 0 { continue }
          let row = step.start + first
          productOfFewRows(m: count, n: width, k: n, a: h + first * n, b: w, beta: 0, c: recurrent)
          (previous + row * n).update(from: h + first * n, count: count * n)
          for i in 0..<count {
            C.forward(
              ForwardStep(
                gates: gates + (row + i) * width, recurrent: UnsafePointer(recurrent + i * width),
                bias: bias.pointer(E.self), h: h + (first + i) * n, c: c + (first + i) * n,
                kept: extra + (row + i) * C.keptCount * n), n)
          }
          (output + row * n).update(from: h + first * n, count: count * n)
        }
      }
    }
    withExtendedLifetime((turned, bias)) {}
    return (result, kept)
  }

  /// The gradients of W_ih x + b_ih and of W_hh h + b_hh at every step, and of the first state.
  func backward<E: FloatingElement>(
    _ gradient: Tensor, _ kept: Kept, _ weightHH: Tensor, _: E.Type
  ) -> (gates: Tensor, recurrent: Tensor, state: [Tensor]) {
    let dGates = Tensor(uninitialized: [rows, width], dtype: E.dtype)
    let dRecurrent = C.addsProducts ? dGates : Tensor(uninitializedLike: dGates)
    let gradient = contiguous(gradient)
    let dState = state.indices.map { gradient.narrow(0, rows + $0 * batch, batch).clone() }
    let dOutput = UnsafePointer(gradient.pointer(E.self))
    let (dh, dc) = (dState[0].pointer(E.self), dState[state.count - 1].pointer(E.self))
    let (da, db) = (dGates.pointer(E.self), dRecurrent.pointer(E.self))
    let gates = UnsafePointer(kept.gates.pointer(E.self))
    let (previous, extra) = (kept.previous.pointer(E.self), kept.extra.pointer(E.self))
    let weight = contiguous(weightHH)
    let w = UnsafePointer(weight.pointer(E.self))
    inPieces { first, most in
      for step in steps.reversed() {
        let count = min(most, step.count - first)
        if count <= 0 { continue }
        let row = step.start + first
        for i in 0..<count {
          let r = row + i
          C.backward(
            BackwardStep(
              gates: gates + r * width, kept: UnsafePointer(extra + r * C.keptCount * n),
              previous: UnsafePointer(previous + r * n), gradient: dOutput + r * n, dh: dh + (first + i) * n,
              dc: dc + (first + i) * n, dGates: da + r * width, dRecurrent: db + r * width), n)
        }
        productOfFewRows(m: count, n: n, k: width, a: db + row * width, b: w, beta: 1, c: dh + first * n)
      }
    }
    withExtendedLifetime((weight, gradient)) {}
    return (dGates, dRecurrent, dState)
  }
}
