#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// How much translations have in common with those of people, from 0 to 1: BLEU.
///
///     let bleu = BLEU(translations, references)
///     bleu.score          // 0.71
///     bleu.precisions     // [0.92, 0.78, 0.65, 0.54]
///
/// An n-gram is a run of n tokens. Of all n-grams in the candidates pₙ is the part that occurs in the references
/// of the same sentence, where each counts at most as often as in the one reference that has it most often. With
/// c tokens in the candidates and r in the references (of several, the one of the nearest length, the shorter of
/// two equally near):
///
/// BLEU = BP · exp((1/4) Σₙ ln pₙ), n = 1 ... 4;   BP = 1 if c ≥ r, else exp(1 − r/c)
///
/// The counts of all sentences are added up before anything is divided. An order for which every candidate is too
/// short is left out of the mean; if any pₙ is 0, so is BLEU.
///
/// Source: K. Papineni, S. Roukos, T. Ward and W.-J. Zhu, "BLEU: a method for automatic evaluation of machine
/// translation", ACL 2002.
public struct BLEU: Sendable, Hashable {
  /// p₁, p₂, ... for each order of which there are n-grams.
  public let precisions: [Double]
  /// BP, at most 1: how much too short the candidates are.
  public let brevityPenalty: Double
  public let score: Double

  /// The score of many sentences together, each with one reference or several.
  ///
  /// - Parameters:
  ///   - candidates: The tokens of each translation.
  ///   - references: For each, the tokens of the translations it is compared with.
  ///   - maximumOrder: The longest n-grams that count.
  ///   - isSmoothed: Whether to add 1 to both counts of every order above the first, so that a short sentence
  ///     without a 4-gram in common is not 0 for that alone (C.-Y. Lin and F. J. Och, "ORANGE: a method for
  ///     evaluating automatic evaluation metrics for machine translation", COLING 2004).
  public init<Token: Hashable>(
    _ candidates: [[Token]], _ references: [[[Token]]], maximumOrder: Int = 4, isSmoothed: Bool = false
  ) {
    check(
      candidates.count == references.count, "BLEU",
      "\(candidates.count) candidates and the references of \(references.count)")
    check(!references.contains { $0.isEmpty }, "BLEU", "a candidate has no reference")
    check(maximumOrder >= 1, "BLEU", "n-grams have at least 1 token, not \(maximumOrder)")
    precisions = (1...maximumOrder).compactMap { order in
      var (matches, total) = (0, 0)
      for (candidate, references) in zip(candidates, references) {
        let counts = ngrams(candidate, order)
        let limits = references.map { ngrams($0, order) }
        matches += counts.reduce(0) { sum, entry in
          sum + min(entry.value, limits.map { $0[entry.key] ?? 0 }.max()!)
        }
        total += max(0, candidate.count - order + 1)
      }
      let extra = isSmoothed && order > 1 ? 1 : 0
      return total == 0 ? nil : Double(matches + extra) / Double(total + extra)
    }
    let c = candidates.reduce(0) { $0 + $1.count }
    let r = zip(candidates, references).reduce(0) { sum, pair in
      let lengths = pair.1.map(\.count)
      return sum + lengths.min { (abs($0 - pair.0.count), $0) < (abs($1 - pair.0.count), $1) }!
    }
    brevityPenalty = c >= r ? 1 : exp(1 - Double(r) / Double(c))
    let logarithms = precisions.map { log($0) }
    score =
      precisions.isEmpty ? 0 : brevityPenalty * exp(logarithms.reduce(0, +) / Double(precisions.count))
  }

  /// The score of many sentences together, each with one reference.
  public init<Token: Hashable>(
    _ candidates: [[Token]], _ references: [[Token]], maximumOrder: Int = 4, isSmoothed: Bool = false
  ) {
    self.init(candidates, references.map { [$0] }, maximumOrder: maximumOrder, isSmoothed: isSmoothed)
  }

  /// The smoothed score of one sentence.
  public init<Token: Hashable>(sentence: [Token], _ reference: [Token], maximumOrder: Int = 4) {
    self.init([sentence], [reference], maximumOrder: maximumOrder, isSmoothed: true)
  }
}

/// How often each run of `order` tokens occurs.
private func ngrams<Token: Hashable>(_ tokens: [Token], _ order: Int) -> [ArraySlice<Token>: Int] {
  guard tokens.count >= order else { return [:] }
  return (0...tokens.count - order).reduce(into: [:]) { counts, start in
    counts[tokens[start..<start + order], default: 0] += 1
  }
}

/// The part of the candidates that equal their reference, from 0 to 1.
///
///     exactMatch(translations, references)    // 0.97
public func exactMatch<Sequence: Equatable>(_ candidates: [Sequence], _ references: [Sequence]) -> Double {
  check(
    candidates.count == references.count, "exactMatch",
    "\(candidates.count) candidates and \(references.count) references")
  check(!candidates.isEmpty, "exactMatch", "of no sequences is not defined")
  return Double(zip(candidates, references).count { $0 == $1 }) / Double(candidates.count)
}
