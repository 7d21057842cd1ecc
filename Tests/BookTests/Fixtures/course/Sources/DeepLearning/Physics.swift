/// The speed of a falling body. Section 1.1 quotes it.
public func speed(_ t: Double) -> Double {
  // excerpt: speed
  let g = 9.81
  return g * t
  // end of excerpt
}
