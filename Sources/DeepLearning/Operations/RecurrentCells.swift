// One step of each kind of recurrent network, for one example: its formula and, under it, its derivative.
//
// The weights of all gates lie below one another, so that one product gives the numbers of all of them. `n` is the size
// of the state; a gate is n numbers in a row.

/// What one step reads and writes of one example.
struct ForwardStep<E: FloatingElement> {
  /// In: W_ih x + b_ih, and + b_hh where the cell `addsProducts`. Out: the gates after their nonlinearities.
  let gates: UnsafeMutablePointer<E>
  /// W_hh h with the state h before the step
  let recurrent: UnsafePointer<E>
  /// b_hh, for a cell that does not add the products.
  let bias: UnsafePointer<E>
  /// The state, before and after.
  let h: UnsafeMutablePointer<E>
  /// An LSTM's second state, before and after.
  let c: UnsafeMutablePointer<E>
  /// What the derivative reads beside the gates.
  let kept: UnsafeMutablePointer<E>
}

/// What the derivative of one step reads and writes of one example; L is the loss.
struct BackwardStep<E: FloatingElement> {
  /// As the step left them.
  let gates: UnsafePointer<E>
  let kept: UnsafePointer<E>
  /// The state h before the step.
  let previous: UnsafePointer<E>
  /// ∂L/∂(this step's output), where it was used as such.
  let gradient: UnsafePointer<E>
  /// In: ∂L/∂h after the step, as far as it comes from later steps. Out: the part of ∂L/∂h before the step that does not
  /// go through W_hh.
  let dh: UnsafeMutablePointer<E>
  /// ∂L/∂c after the step, and then before it.
  let dc: UnsafeMutablePointer<E>
  /// Out: ∂L/∂(W_ih x + b_ih)
  let dGates: UnsafeMutablePointer<E>
  /// Out: ∂L/∂(W_hh h + b_hh), written only where the two differ.
  let dRecurrent: UnsafeMutablePointer<E>
}

protocol RecurrentCell {
  /// How many vectors of n numbers W_ih x is made of.
  static var gateCount: Int { get }
  /// How many vectors of n numbers the derivative reads beside the gates.
  static var keptCount: Int { get }
  /// Whether W_ih x and W_hh h are added before anything else, so that their gradients are the same.
  static var addsProducts: Bool { get }
  static func forward<E: FloatingElement>(_ step: ForwardStep<E>, _ n: Int)
  static func backward<E: FloatingElement>(_ step: BackwardStep<E>, _ n: Int)
}

/// h' = f(W_ih x + b_ih + W_hh h + b_hh)
enum PlainCell<F: RecurrentFunction>: RecurrentCell {
  static var gateCount: Int { 1 }
  static var keptCount: Int { 0 }
  static var addsProducts: Bool { true }

  @inline(never)
  static func forward<E: FloatingElement>(_ step: ForwardStep<E>, _ n: Int) {
    let (gates, recurrent, h) = (step.gates, step.recurrent, step.h)
    let f = F()
    for j in 0..<n {
      let y = f.value(gates[j] + recurrent[j])
      gates[j] = y
      h[j] = y
    }
  }

  @inline(never)
  static func backward<E: FloatingElement>(_ step: BackwardStep<E>, _ n: Int) {
    let (gates, gradient, dh, dGates) = (step.gates, step.gradient, step.dh, step.dGates)
    let f = F()
    for j in 0..<n {
      dGates[j] = (dh[j] + gradient[j]) * f.derivative(gates[j], gates[j])
      dh[j] = 0
    }
  }
}

/// What a plain cell may apply: a function without settings whose derivative is written in terms of its value.
protocol RecurrentFunction: ElementwiseFunction {
  init()
}
extension TanhFunction: RecurrentFunction {}
extension ReLUFunction: RecurrentFunction {}

/// With a = W_ih x + b_ih + W_hh h + b_hh in four parts:
///
///     i = σ(a₁), f = σ(a₂), g = tanh(a₃), o = σ(a₄)
///     c' = f c + i g
///     h' = o tanh c'
enum LSTMGates: RecurrentCell {
  static let gateCount = 4
  /// c and tanh c'
  static let keptCount = 2
  static let addsProducts = true

  @inline(never)
  static func forward<E: FloatingElement>(_ step: ForwardStep<E>, _ n: Int) {
    let (a, recurrent, h, c, kept) = (step.gates, step.recurrent, step.h, step.c, step.kept)
    for j in 0..<n {
      let i = (a[j] + recurrent[j]).sigmoid()
      let f = (a[n &+ j] + recurrent[n &+ j]).sigmoid()
      let g = (a[2 &* n &+ j] + recurrent[2 &* n &+ j]).tanh()
      let o = (a[3 &* n &+ j] + recurrent[3 &* n &+ j]).sigmoid()
      let old = c[j]
      let new = f * old + i * g
      let squashed = new.tanh()
      a[j] = i
      a[n &+ j] = f
      a[2 &* n &+ j] = g
      a[3 &* n &+ j] = o
      kept[j] = old
      kept[n &+ j] = squashed
      c[j] = new
      h[j] = o * squashed
    }
  }

  /// ∂L/∂c' gains ∂L/∂h' · o (1 − tanh² c'). From there:
  ///
  ///     ∂/∂a₁ = ∂L/∂c' · g i (1 − i)        ∂/∂a₃ = ∂L/∂c' · i (1 − g²)
  ///     ∂/∂a₂ = ∂L/∂c' · c f (1 − f)        ∂/∂a₄ = ∂L/∂h' · tanh c' · o (1 − o)
  ///     ∂/∂c  = ∂L/∂c' · f
  @inline(never)
  static func backward<E: FloatingElement>(_ step: BackwardStep<E>, _ n: Int) {
    let (a, kept, gradient) = (step.gates, step.kept, step.gradient)
    let (dh, dc, da) = (step.dh, step.dc, step.dGates)
    for j in 0..<n {
      let (i, f, g, o) = (a[j], a[n &+ j], a[2 &* n &+ j], a[3 &* n &+ j])
      let (old, squashed) = (kept[j], kept[n &+ j])
      let dOutput = dh[j] + gradient[j]
      let dCell = dc[j] + dOutput * o * (1 - squashed * squashed)
      da[j] = dCell * g * i * (1 - i)
      da[n &+ j] = dCell * old * f * (1 - f)
      da[2 &* n &+ j] = dCell * i * (1 - g * g)
      da[3 &* n &+ j] = dOutput * squashed * o * (1 - o)
      dc[j] = dCell * f
      dh[j] = 0
    }
  }
}

/// With a = W_ih x + b_ih and b = W_hh h + b_hh, each in three parts:
///
///     r = σ(a₁ + b₁), z = σ(a₂ + b₂), s = tanh(a₃ + r b₃)
///     h' = (1 − z) s + z h
enum GRUGates: RecurrentCell {
  static let gateCount = 3
  /// b₃
  static let keptCount = 1
  static let addsProducts = false

  @inline(never)
  static func forward<E: FloatingElement>(_ step: ForwardStep<E>, _ n: Int) {
    let (a, product, bias, h, kept) = (step.gates, step.recurrent, step.bias, step.h, step.kept)
    for j in 0..<n {
      let r = (a[j] + (product[j] + bias[j])).sigmoid()
      let z = (a[n &+ j] + (product[n &+ j] + bias[n &+ j])).sigmoid()
      let candidate = product[2 &* n &+ j] + bias[2 &* n &+ j]
      let s = (a[2 &* n &+ j] + r * candidate).tanh()
      a[j] = r
      a[n &+ j] = z
      a[2 &* n &+ j] = s
      kept[j] = candidate
      h[j] = (h[j] - s) * z + s
    }
  }

  ///     ∂/∂a₃ = ∂L/∂h' · (1 − z) (1 − s²)         ∂/∂b₃ = ∂/∂a₃ · r
  ///     ∂/∂a₂ = ∂L/∂h' · (h − s) z (1 − z)        ∂/∂b₂ = ∂/∂a₂
  ///     ∂/∂a₁ = ∂/∂a₃ · b₃ r (1 − r)              ∂/∂b₁ = ∂/∂a₁
  ///     ∂/∂h  = ∂L/∂h' · z, and what comes through b
  @inline(never)
  static func backward<E: FloatingElement>(_ step: BackwardStep<E>, _ n: Int) {
    let (a, kept, previous, gradient) = (step.gates, step.kept, step.previous, step.gradient)
    let (dh, da, db) = (step.dh, step.dGates, step.dRecurrent)
    for j in 0..<n {
      let (r, z, s) = (a[j], a[n &+ j], a[2 &* n &+ j])
      let dOutput = dh[j] + gradient[j]
      let dS = dOutput * (1 - z) * (1 - s * s)
      let dZ = dOutput * (previous[j] - s) * z * (1 - z)
      let dR = dS * kept[j] * r * (1 - r)
      da[j] = dR
      da[n &+ j] = dZ
      da[2 &* n &+ j] = dS
      db[j] = dR
      db[n &+ j] = dZ
      db[2 &* n &+ j] = dS * r
      dh[j] = dOutput * z
    }
  }
}
