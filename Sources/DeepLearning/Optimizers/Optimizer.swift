/// Parameters that are trained with the same settings.
public final class ParameterGroup {
  public let parameters: [Tensor]
  /// Learning rate η.
  public var lr: Double
  /// λ: how strongly weights are pulled toward 0.
  public var weightDecay: Double

  public init(_ parameters: [Tensor], lr: Double, weightDecay: Double = 0) {
    check(!parameters.isEmpty, "optimizer", "was given no parameters")
    check(
      lr >= 0 && weightDecay >= 0, "optimizer", "lr \(lr) and weightDecay \(weightDecay) must not be negative"
    )
    for (i, parameter) in parameters.enumerated() {
      check(parameter.isLeaf, "optimizer", "parameter \(i) is a computed result; only leaves can be trained")
    }
    self.parameters = parameters
    self.lr = lr
    self.weightDecay = weightDecay
  }
}

/// Changes parameters so that the loss falls.
///
///     optimizer.zeroGrad()
///     loss.backward()
///     optimizer.step()
///
/// A subclass says in ``update(_:gradient:group:step:state:)`` how one parameter moves.
open class Optimizer {
  public let groups: [ParameterGroup]
  /// What the optimizer remembers of each parameter, by name: its momentum, for instance.
  public private(set) var states: [ObjectIdentifier: [String: Tensor]] = [:]
  private var steps: [ObjectIdentifier: Int] = [:]

  public init(_ groups: [ParameterGroup]) { self.groups = groups }

  /// Forgets the gradients of all parameters.
  public final func zeroGrad() {
    for group in groups { for parameter in group.parameters { parameter.grad = nil } }
  }

  /// Moves every parameter that has a gradient.
  open func step() {
    noGrad {
      for group in groups {
        for parameter in group.parameters {
          guard let gradient = parameter.grad else { continue }
          let id = ObjectIdentifier(parameter)
          let step = steps[id, default: 0] + 1
          steps[id] = step
          update(parameter, gradient: gradient, group: group, step: step, state: &states[id, default: [:]])
        }
      }
    }
  }

  /// Moves one parameter in place.
  ///
  /// - Parameters:
  ///   - step: 1 at the first call for this parameter.
  ///   - state: What the last call left behind; empty at first.
  open func update(
    _ parameter: Tensor, gradient: Tensor, group: ParameterGroup, step: Int, state: inout [String: Tensor]
  ) {
    fail("\(type(of: self))", "does not override update")
  }

  /// Sets the learning rate of all groups.
  public final func setLearningRate(_ lr: Double) {
    for group in groups { group.lr = lr }
  }
}

/// A number of a parameter.
typealias FloatingElement = TensorElement & BinaryFloatingPoint

/// How one number of a parameter moves. `first` and `second` are what the optimizer remembers of it; one that is
/// not in use reads 0.
protocol UpdateRule: Sendable {
  func update<E: FloatingElement>(_ parameter: inout E, _ gradient: E, _ first: inout E, _ second: inout E)
}

extension UpdateRule {
  /// Moves all numbers of a parameter: one pass over memory for the whole update.
  func apply(to parameter: Tensor, _ gradient: Tensor, _ first: Tensor? = nil, _ second: Tensor? = nil) {
    switch parameter.dtype {
    case .float32: apply(to: parameter, gradient, first, second, Float.self)
    case .float64: apply(to: parameter, gradient, first, second, Double.self)
    case .int64, .bool: fail("step", "cannot train a tensor of \(parameter.dtype)")
    }
  }

  private func apply<E: FloatingElement>(
    to parameter: Tensor, _ gradient: Tensor, _ first: Tensor?, _ second: Tensor?, _: E.Type
  ) {
    let source = contiguous(gradient.converted(to: parameter.dtype))
    let g = UnsafePointer(source.pointer(E.self))
    parameter.withMutableElements("step", E.self) { elements in
      guard let p = elements.baseAddress else { return }
      inParallel(elements.count) { start, count in
        updateRow(
          self, p + start, g + start, (first?.pointer(E.self)).map { $0 + start },
          (second?.pointer(E.self)).map { $0 + start }, count)
      }
    }
  }
}

@inline(never)
private func updateRow<R: UpdateRule, E: FloatingElement>(
  _ rule: R, _ p: UnsafeMutablePointer<E>, _ g: UnsafePointer<E>, _ first: UnsafeMutablePointer<E>?,
  _ second: UnsafeMutablePointer<E>?, _ count: Int
) {
  var unused: E = 0
  if let first, let second {
    for i in 0..<count { rule.update(&p[i], g[i], &first[i], &second[i]) }
  } else if let first {
    for i in 0..<count { rule.update(&p[i], g[i], &first[i], &unused) }
  } else {
    var unused2: E = 0
    for i in 0..<count { rule.update(&p[i], g[i], &unused, &unused2) }
  }
}
