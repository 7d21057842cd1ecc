/// Parameters that are trained with the same settings.
///
/// A group names the settings that are to differ; the optimizer fills in the others with its own:
///
///     let optimizer = SGD(
///       [ParameterGroup(body.parameters()), ParameterGroup(head.parameters(), lr: 1e-2)],
///       lr: 1e-3, momentum: 0.9)
///     optimizer.groups[1].lr /= 2
public final class ParameterGroup {
  public let parameters: [Tensor]
  /// The settings that have been named, and once an optimizer has the group all of them.
  var settings: [Setting: Double]

  /// A group with settings by name; `ParameterGroup(p, settings: [.lr: 0.1])` is `ParameterGroup(p, lr: 0.1)`.
  public init(_ parameters: [Tensor], settings: [Setting: Double]) {
    check(!parameters.isEmpty, "optimizer", "was given no parameters")
    for (i, parameter) in parameters.enumerated() {
      check(parameter.isLeaf, "optimizer", "parameter \(i) is a computed result; only leaves can be trained")
    }
    self.parameters = parameters
    self.settings = settings
  }

  public convenience init(
    _ parameters: [Tensor], lr: Double? = nil, weightDecay: Double? = nil, momentum: Double? = nil,
    dampening: Double? = nil, nesterov: Bool? = nil, betas: (Double, Double)? = nil, alpha: Double? = nil,
    eps: Double? = nil, centered: Bool? = nil, lrDecay: Double? = nil
  ) {
    let named: [Setting: Double?] = [
      .lr: lr, .weightDecay: weightDecay, .momentum: momentum, .dampening: dampening,
      .nesterov: nesterov.map { $0 ? 1 : 0 }, .beta1: betas?.0, .beta2: betas?.1, .alpha: alpha, .eps: eps,
      .centered: centered.map { $0 ? 1 : 0 }, .lrDecay: lrDecay,
    ]
    self.init(parameters, settings: named.compactMapValues { $0 })
  }

  /// The value of a setting: `group[.eps]`. It is an error to ask for one that the optimizer does not have.
  public subscript(setting: Setting) -> Double {
    get {
      guard let value = settings[setting] else {
        fail("ParameterGroup", "has no setting \(setting.name); it has \(names)")
      }
      return value
    }
    set {
      check(
        settings[setting] != nil, "ParameterGroup", "has no setting \(setting.name); it has \(names)")
      let objection = setting.objection(to: newValue)
      check(objection == nil, "ParameterGroup", objection ?? "")
      settings[setting] = newValue
    }
  }

  private var names: String { settings.keys.map(\.name).sorted().joined(separator: ", ") }

  /// Learning rate η.
  public var lr: Double {
    get { self[.lr] }
    set { self[.lr] = newValue }
  }
  /// λ: how strongly weights are pulled toward 0.
  public var weightDecay: Double {
    get { self[.weightDecay] }
    set { self[.weightDecay] = newValue }
  }
  /// µ: how much of the last step's velocity is kept.
  public var momentum: Double {
    get { self[.momentum] }
    set { self[.momentum] = newValue }
  }
  /// β₁ and β₂: how much of the averages of the gradient and of its square is kept.
  public var betas: (Double, Double) {
    get { (self[.beta1], self[.beta2]) }
    set { (self[.beta1], self[.beta2]) = newValue }
  }
}

/// What an optimizer can be given: tensors, which make one group, or groups.
public protocol Trainable {
  static func groups(of items: [Self]) -> [ParameterGroup]
}

extension Tensor: Trainable {
  public static func groups(of items: [Tensor]) -> [ParameterGroup] { [ParameterGroup(items)] }
}

extension ParameterGroup: Trainable {
  public static func groups(of items: [ParameterGroup]) -> [ParameterGroup] { items }
}
