/// A part of a network: it owns parameters and smaller modules, and turns an input into an output.
///
///     final class Classifier: Module {
///       let hidden = Linear(784, 128)
///       let output = Linear(128, 10)
///       override func forward(_ x: Tensor) -> Tensor { output(hidden(x).relu()) }
///     }
///     let logits = Classifier()(images)
///
/// Parameters, buffers and children are found by looking at the stored properties in the order in which they
/// are declared, also inside arrays, dictionaries, optionals and tuples. Their names are dotted paths, as in
/// PyTorch: `hidden.weight`, `layers.0.bias`.
open class Module {
  /// Whether the module is being trained. Dropout and normalization behave differently when it is not.
  public package(set) var isTraining = true

  /// Called with the module, its input and its output after every call.
  public typealias ForwardHook = (Module, Tensor, Tensor) -> Void
  private(set) var forwardHooks: [(handle: ForwardHookHandle, hook: ForwardHook)] = []

  public init() {}

  /// What the module computes. Override it; call the module itself, `model(x)`, which also runs the hooks.
  open func forward(_ x: Tensor) -> Tensor {
    fail("\(type(of: self))", "does not override forward(_:), the forward of one input")
  }

  /// What a module of two inputs computes, such as a loss of its prediction and target. Override it instead of
  /// the other; call `model(x1, x2)`.
  open func forward(_ x1: Tensor, _ x2: Tensor) -> Tensor {
    fail("\(type(of: self))", "does not override forward(_:_:), the forward of two inputs")
  }

  // A module that returns more than one tensor, such as an LSTM, has a call of its own, which is to be preferred.
  @_disfavoredOverload
  public final func callAsFunction(_ x: Tensor) -> Tensor { shownToHooks(x, forward(x)) }

  @_disfavoredOverload
  public final func callAsFunction(_ x1: Tensor, _ x2: Tensor) -> Tensor { shownToHooks(x1, forward(x1, x2)) }

  func shownToHooks(_ x: Tensor, _ y: Tensor) -> Tensor {
    for (_, hook) in forwardHooks { hook(self, x, y) }
    return y
  }

  /// Calls `hook` with the module, its input (the first of two) and its output after every call, until the handle
  /// that comes back is told to `remove()` it.
  @discardableResult
  public final func registerForwardHook(_ hook: @escaping ForwardHook) -> ForwardHookHandle {
    let handle = ForwardHookHandle(self)
    forwardHooks.append((handle, hook))
    return handle
  }

  fileprivate func removeForwardHook(_ handle: ForwardHookHandle) {
    forwardHooks.removeAll { $0.handle === handle }
  }

  /// The settings that ``description`` shows behind the name, such as `in_features=784, out_features=10`.
  open var extraDescription: String { "" }

  /// Names under which properties are listed where these are not their own, such as `["runningMean":
  /// "running_mean"]`: those that PyTorch's layers have, so that what is saved there can be loaded here.
  open var propertyNames: [String: String] { [:] }

  /// The modules that this one owns directly, with their names.
  open func namedChildren() -> [(name: String, module: Module)] {
    members().compactMap { name, member in
      if case .module(let module) = member { (name, module) } else { nil }
    }
  }

  // MARK: - What it owns

  package enum Member {
    case module(Module)
    case tensor(Tensor)
  }

  /// The modules and tensors among the stored properties, in the order of their declaration.
  package func members() -> [(name: String, member: Member)] {
    var levels: [Mirror] = []
    var mirror: Mirror? = Mirror(reflecting: self)
    while let level = mirror, level.subjectType != Module.self {
      levels.append(level)
      mirror = level.superclassMirror
    }
    var found: [(name: String, member: Member)] = []
    for level in levels.reversed() {
      for (label, value) in level.children { collectProperty(value, label ?? "", into: &found) }
    }
    return found
  }

  /// A lazy property is stored as an optional under a name of the compiler's.
  private func collectProperty(
    _ value: Any, _ label: String, into found: inout [(name: String, member: Member)]
  ) {
    let isLazy = label.hasPrefix("$__lazy_storage_$_")
    let property = isLazy ? String(label.dropFirst("$__lazy_storage_$_".count)) : label
    let name = propertyNames[property] ?? property
    if isLazy && consistsOfModules(type(of: value)) && Mirror(reflecting: value).children.isEmpty {
      fail(
        "\(type(of: self))",
        "the lazy property \(property) has not been made yet, and what it will hold cannot be found; write let"
      )
    }
    collect(value, name, into: &found)
  }

  private func collect(_ value: Any, _ name: String, into found: inout [(name: String, member: Member)]) {
    if isPlain(type(of: value)) { return }
    switch value {
    case let module as Module:
      found.append((name, .module(module)))
      return
    case let tensor as Tensor:
      check(
        tensor.role != nil || !(tensor.requiresGrad && tensor.isLeaf), "\(type(of: self))",
        "the property \(name) is a tensor that requires a gradient but not a Parameter; "
          + "write Parameter(...) if the module learns it")
      found.append((name, .tensor(tensor)))
      return
    default: break
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      if let wrapped = mirror.children.first { collect(wrapped.value, name, into: &found) }
    case .collection, .tuple:
      for (i, element) in mirror.children.enumerated() {
        collect(element.value, "\(name).\(i)", into: &found)
      }
    case .dictionary:
      let entries = mirror.children.compactMap { entry -> (String, Any)? in
        let pair = Array(Mirror(reflecting: entry.value).children)
        return pair.count == 2 ? ("\(pair[0].value)", pair[1].value) : nil
      }
      for (key, element) in entries.sorted(by: { $0.0 < $1.0 }) {
        collect(element, "\(name).\(key)", into: &found)
      }
    case .struct, .class, .set, .enum:
      // A module in a place where it is not looked for would never be trained, and nobody would notice.
      if containsModule(mirror) {
        fail(
          "\(type(of: self))",
          "the property \(name) holds modules inside a \(mirror.subjectType), where they cannot be found; "
            + "keep them in properties, arrays, dictionaries or tuples")
      }
    default: break
    }
  }

  /// Whether something else than this module itself stands in the properties of a value, or of values in them.
  private func containsModule(_ mirror: Mirror) -> Bool {
    mirror.children.contains { child in
      if let module = child.value as? Module { return module !== self }
      if let tensor = child.value as? Tensor { return tensor.role != nil }
      if isPlain(type(of: child.value)) { return false }
      let inner = Mirror(reflecting: child.value)
      return inner.displayStyle != .class && containsModule(inner)
    }
  }

  /// This module and all below it, depth first, with their paths; "" is the module itself. One that is reached
  /// by two paths is listed once.
  public final func namedModules() -> [(name: String, module: Module)] {
    var seen: Set<ObjectIdentifier> = []
    var result: [(name: String, module: Module)] = []
    func visit(_ module: Module, _ path: String) {
      guard seen.insert(ObjectIdentifier(module)).inserted else { return }
      result.append((path, module))
      for (name, child) in module.namedChildren() { visit(child, path.isEmpty ? name : "\(path).\(name)") }
    }
    visit(self, "")
    return result
  }

  private func namedTensors(_ role: TensorRole) -> [(name: String, tensor: Tensor)] {
    var seen: Set<ObjectIdentifier> = []
    var result: [(name: String, tensor: Tensor)] = []
    for (path, module) in namedModules() {
      for (name, member) in module.members() {
        guard case .tensor(let tensor) = member, tensor.role == role,
          seen.insert(ObjectIdentifier(tensor)).inserted
        else { continue }
        result.append((path.isEmpty ? name : "\(path).\(name)", tensor))
      }
    }
    return result
  }

  /// All parameters with their paths. One that is used in two places ("tied") is listed once.
  public final func namedParameters() -> [(name: String, tensor: Tensor)] { namedTensors(.parameter) }
  public final func parameters() -> [Tensor] { namedParameters().map(\.tensor) }

  /// All buffers with their paths.
  public final func namedBuffers() -> [(name: String, tensor: Tensor)] { namedTensors(.buffer) }
  public final func buffers() -> [Tensor] { namedBuffers().map(\.tensor) }

  public final func children() -> [Module] { namedChildren().map(\.module) }
  public final func modules() -> [Module] { namedModules().map(\.module) }

  /// Number of learned numbers.
  public final var parameterCount: Int { parameters().reduce(0) { $0 + $1.count } }

  // MARK: - Changing all of it

  /// Calls `body` with every module below this one and then with this one.
  @discardableResult
  public final func apply(_ body: (Module) -> Void) -> Self {
    for child in children() { child.apply(body) }
    body(self)
    return self
  }

  /// Switches this module and all below it to training, or with `false` to evaluation.
  @discardableResult
  public final func train(_ mode: Bool = true) -> Self { apply { $0.isTraining = mode } }

  /// Switches this module and all below it to evaluation.
  @discardableResult
  public final func eval() -> Self { train(false) }

  /// Freezes the parameters (`false`) or lets them learn again.
  @discardableResult
  public final func requiresGrad_(_ value: Bool = true) -> Self {
    for parameter in parameters() { parameter.requiresGrad = value }
    return self
  }

  /// Forgets the gradients of all parameters.
  public final func zeroGrad() {
    for parameter in parameters() { parameter.zeroGrad() }
  }

  /// The module on `device`: itself, for its tensors are there already.
  @discardableResult
  public final func to(_ device: Device) -> Self { self }
}

/// A hook that a module calls; see ``Module/registerForwardHook(_:)``.
public final class ForwardHookHandle {
  private weak var module: Module?

  fileprivate init(_ module: Module) { self.module = module }

  /// Ends the calls. Once is enough, and again does nothing.
  public func remove() { module?.removeForwardHook(self) }
}

extension Module: CustomStringConvertible {
  /// The tree of modules, as PyTorch prints it.
  public var description: String {
    let children = namedChildren()
    let name = "\(type(of: self))"
    guard !children.isEmpty else { return "\(name)(\(extraDescription))" }
    let lines = children.map { child in
      let text = child.module.description.split(separator: "\n", omittingEmptySubsequences: false)
      return "  (\(child.name)): " + text.joined(separator: "\n  ")
    }
    let settings = extraDescription.isEmpty ? [] : ["  " + extraDescription]
    return "\(name)(\n" + (settings + lines).joined(separator: "\n") + "\n)"
  }
}

/// Numbers, text and sources of random numbers: in them, and in lists of them such as a vocabulary, no module is
/// looked for.
private protocol Plain {}
extension Int: Plain {}
extension UInt8: Plain {}
extension Float: Plain {}
extension Double: Plain {}
extension Bool: Plain {}
extension Character: Plain {}
extension String: Plain {}
extension Generator: Plain {}

private protocol Container {
  static var contained: Any.Type { get }
}
extension Array: Container { fileprivate static var contained: Any.Type { Element.self } }
extension Set: Container { fileprivate static var contained: Any.Type { Element.self } }
extension Dictionary: Container { fileprivate static var contained: Any.Type { Value.self } }
extension Optional: Container { fileprivate static var contained: Any.Type { Wrapped.self } }

private func isPlain(_ type: Any.Type) -> Bool {
  type is any Plain.Type || (type as? any Container.Type).map { isPlain($0.contained) } ?? false
}

private func consistsOfModules(_ type: Any.Type) -> Bool {
  type is Module.Type || (type as? any Container.Type).map { consistsOfModules($0.contained) } ?? false
}
