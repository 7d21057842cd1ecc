/// Shares from 0 to 1 as lines of characters, the brighter the denser. Blocks of `step × step` values share
/// a cell of two characters, since characters are high and narrow.
func characterRamp(_ shares: [Double], rows: Int, columns: Int, step: Int) -> [String] {
  let ramp = Array(" .:-=+*#%@")
  return stride(from: 0, to: rows, by: step).map { top in
    stride(from: 0, to: columns, by: step).map { left in
      var (sum, count) = (0.0, 0)
      for row in top..<min(top + step, rows) {
        for column in left..<min(left + step, columns) {
          let share = shares[row * columns + column]
          if share.isFinite { (sum, count) = (sum + share, count + 1) }
        }
      }
      let share = count == 0 ? 0 : min(max(sum / Double(count), 0), 1)
      return String(repeating: ramp[Int(share * 9.999)], count: 2)
    }.joined()
  }
}

/// A number with a fixed count of decimals, rounded half away from zero.
func fixed(_ value: Double, decimals: Int) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let scaled = (abs(value) * scale).rounded()
  let whole = (scaled / scale).rounded(.down)
  let sign = value < 0 && scaled > 0 ? "-" : ""
  guard decimals > 0 else { return "\(sign)\(Int(scaled))" }
  let fraction = String(Int(scaled - whole * scale))
  let zeros = String(repeating: "0", count: max(0, decimals - fraction.count))
  return "\(sign)\(Int(whole)).\(zeros)\(fraction)"
}
