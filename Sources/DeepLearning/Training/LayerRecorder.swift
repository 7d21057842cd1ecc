/// Watches what flows through a model: the outputs of its layers on the way forward, and the gradients of the loss with
/// respect to them on the way back.
///
///     let recorder = LayerRecorder(model)
///     crossEntropy(model(x), y).backward()
///     for layer in recorder.layers { print(layer.name, layer.output.std().item(), layer.gradient!.std().item()) }
///     recorder.remove()
///
/// Only the last pass is kept.
public final class LayerRecorder {
  /// What a layer has given back in the last pass.
  public struct Layer {
    /// Its path in the model.
    public let name: String
    public let module: Module
    /// Its output, without history.
    public let output: Tensor
    /// ∂L/∂(its output); nil before backward.
    public fileprivate(set) var gradient: Tensor?

    /// The share of units (columns) whose output was 0 for every example: units that a ReLU has switched off, through
    /// which nothing is learned from these examples.
    public var deadShare: Double {
      let units = output.flatten(0, max(0, output.rank - 2))
      return (units .== 0).to(.float32).amin(dim: 0).mean().item()
    }

    /// The share of outputs at which the slope of a tanh or a sigmoid is below a twentieth of its steepest; 0 for
    /// other layers.
    public var saturatedShare: Double {
      let centered: Tensor
      switch module {
      case is Tanh: centered = output
      // σ(z) = (1 + tanh(z / 2)) / 2, whose slope falls in the same proportion.
      case is Sigmoid: centered = output * 2 - 1
      default: return 0
      }
      return (centered.square() .> 0.95).to(.float32).mean().item()
    }
  }

  /// The layers in the order in which they were called.
  public private(set) var layers: [Layer] = []
  private var hooks: [ForwardHookHandle] = []

  /// - Parameter isWatched: Which modules are watched; the innermost if left out, those without modules in them.
  public init(_ model: Module, where isWatched: (Module) -> Bool = { $0.children().isEmpty }) {
    for (name, module) in model.namedModules() where isWatched(module) {
      hooks.append(
        module.registerForwardHook { [weak self] module, _, output in self?.note(name, module, output) })
    }
    // The model itself is the first to be called and the last to have a result.
    hooks.append(model.registerForwardHook { [weak self] _, _, _ in self?.isComplete = true })
  }

  /// Whether the pass is over, so that the next output belongs to another one.
  private var isComplete = false

  private func note(_ name: String, _ module: Module, _ output: Tensor) {
    if isComplete { layers = [] }
    isComplete = false
    let place = layers.count
    let value = output.detach()
    layers.append(Layer(name: name, module: module, output: value))
    guard output.requiresGrad else { return }
    output.registerHook { [weak self] gradient in
      // A gradient of an earlier pass comes too late.
      if let self, place < self.layers.count, self.layers[place].output === value {
        self.layers[place].gradient = gradient.detach()
      }
      return nil
    }
  }

  /// Stops watching. What has been recorded stays.
  public func remove() {
    for hook in hooks { hook.remove() }
    hooks = []
  }
}

/// How far one step moved one parameter.
public struct ParameterUpdate: Sendable {
  public let name: String
  /// ‖θ‖ before the step.
  public let norm: Double
  /// ‖∂L/∂θ‖; nil where there was no gradient.
  public let gradientNorm: Double?
  /// ‖Δθ‖
  public let updateNorm: Double

  /// ‖Δθ‖ / ‖θ‖; about 10⁻³ in a run that goes well. Infinite for a parameter that was 0, such as a fresh bias.
  public var ratio: Double { updateNorm / norm }
}

/// Takes a step, and tells how far each parameter of the model has moved in it.
///
///     for update in updates(of: model, during: { optimizer.step() }) { print(update.name, update.ratio) }
public func updates<Failure: Error>(
  of model: Module, during step: () throws(Failure) -> Void
) throws(Failure) -> [ParameterUpdate] {
  let before = model.namedParameters().map {
    (name: $0.name, tensor: $0.tensor, value: $0.tensor.detach().clone())
  }
  try step()
  return before.map { name, tensor, value in
    ParameterUpdate(
      name: name, norm: value.norm().item(), gradientNorm: tensor.grad?.detach().norm().item(),
      updateNorm: (tensor.detach() - value).norm().item())
  }
}
