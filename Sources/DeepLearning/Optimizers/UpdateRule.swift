/// A number of a parameter.
typealias FloatingElement = TensorElement & BinaryFloatingPoint

/// How one number of a parameter moves. `first`, `second` and `third` are what the optimizer remembers of it; one
/// that is not in use reads 0.
protocol UpdateRule: Sendable {
  func update<E: FloatingElement>(
    _ parameter: inout E, _ gradient: E, _ first: inout E, _ second: inout E, _ third: inout E)
}

extension UpdateRule {
  /// Moves all numbers of a parameter: one pass over memory for the whole update.
  func apply(
    to parameter: Tensor, _ gradient: Tensor, _ first: Tensor? = nil, _ second: Tensor? = nil,
    _ third: Tensor? = nil
  ) {
    switch parameter.dtype {
    case .float32: apply(to: parameter, gradient, [first, second, third], Float.self)
    case .float64: apply(to: parameter, gradient, [first, second, third], Double.self)
    case .int64, .bool: fail("step", "cannot train a tensor of \(parameter.dtype)")
    }
  }

  private func apply<E: FloatingElement>(
    to parameter: Tensor, _ gradient: Tensor, _ state: [Tensor?], _: E.Type
  ) {
    let source = contiguous(gradient.converted(to: parameter.dtype))
    let g = UnsafePointer(source.pointer(E.self))
    let state = state.map { $0?.pointer(E.self) }
    parameter.withMutableElements("step", E.self) { elements in
      guard let p = elements.baseAddress else { return }
      inParallel(elements.count) { start, count in
        updateRow(
          self, p + start, g + start, state[0].map { $0 + start }, state[1].map { $0 + start },
          state[2].map { $0 + start }, count)
      }
    }
  }
}

@inline(never)
private func updateRow<R: UpdateRule, E: FloatingElement>(
  _ rule: R, _ p: UnsafeMutablePointer<E>, _ g: UnsafePointer<E>, _ first: UnsafeMutablePointer<E>?,
  _ second: UnsafeMutablePointer<E>?, _ third: UnsafeMutablePointer<E>?, _ count: Int
) {
  // What a rule writes where nothing is remembered is forgotten at once.
  if let first, let second, let third {
    for i in 0..<count { rule.update(&p[i], g[i], &first[i], &second[i], &third[i]) }
  } else if let first, let second {
    for i in 0..<count {
      var unused: E = 0
      rule.update(&p[i], g[i], &first[i], &second[i], &unused)
    }
  } else if let first {
    for i in 0..<count {
      var (unused, unused2): (E, E) = (0, 0)
      rule.update(&p[i], g[i], &first[i], &unused, &unused2)
    }
  } else {
    for i in 0..<count {
      var (unused, unused2, unused3): (E, E, E) = (0, 0, 0)
      rule.update(&p[i], g[i], &unused, &unused2, &unused3)
    }
  }
}
