/// A number by which an optimizer is tuned: its learning rate, its momentum.
///
/// An optimizer of your own names what it needs, and every group of parameters can then have a value of its own:
///
///     extension Setting { static let rho = Setting("rho") }
public struct Setting: Sendable {
  /// Which values make sense.
  public enum Bounds: Sendable {
    case notNegative
    /// At least 0 and below 1.
    case fraction
    case any
  }

  /// The name in Swift, `weightDecay`.
  public let name: String
  /// The name in a saved state, `weight_decay`: PyTorch's.
  public let key: String
  public let bounds: Bounds

  public init(_ name: String, key: String? = nil, _ bounds: Bounds = .notNegative) {
    self.name = name
    self.key = key ?? name
    self.bounds = bounds
  }

  /// What is wrong with `value`, or nil.
  func objection(to value: Double) -> String? {
    switch bounds {
    case .notNegative: value >= 0 ? nil : "\(name) \(value) must not be negative"
    case .fraction: (0..<1).contains(value) ? nil : "\(name) \(value) must be at least 0 and below 1"
    case .any: nil
    }
  }
}

extension Setting: Hashable {
  public static func == (a: Setting, b: Setting) -> Bool { a.key == b.key }
  public func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

extension Setting {
  /// The learning rate η.
  public static let lr = Setting("lr")
  /// λ: how strongly weights are pulled toward 0.
  public static let weightDecay = Setting("weightDecay", key: "weight_decay")
  /// µ: how much of the last step's velocity is kept.
  public static let momentum = Setting("momentum")
  /// d: by how much a new gradient counts less in the velocity.
  public static let dampening = Setting("dampening", .any)
  /// 1 for Nesterov's step, 0 for the plain one.
  public static let nesterov = Setting("nesterov")
  /// β₁: how much of the average gradient is kept.
  public static let beta1 = Setting("beta1", key: "betas.0", .fraction)
  /// β₂: how much of the average square is kept.
  public static let beta2 = Setting("beta2", key: "betas.1", .fraction)
  /// α: how much of the average square is kept.
  public static let alpha = Setting("alpha", .fraction)
  /// ε: keeps a divisor from being 0.
  public static let eps = Setting("eps")
  /// 1 where the square of the average is taken from the average of the squares.
  public static let centered = Setting("centered")
  /// By how much the learning rate falls with each step.
  public static let lrDecay = Setting("lrDecay", key: "lr_decay")
  /// What the sum of squares starts from.
  public static let initialAccumulatorValue = Setting(
    "initialAccumulatorValue", key: "initial_accumulator_value")
  /// The learning rate from which a schedule starts; there only once a schedule has been made.
  static let initialLR = Setting("initialLR", key: "initial_lr")
}
