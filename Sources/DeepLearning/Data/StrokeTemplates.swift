/// How the ten digits are written: for each digit some ways, each a list of strokes.
///
/// A stroke is a list of points "x,y" through which a smooth curve is laid, in a box of 100 × 100 with y
/// pointing down. Where a line has a corner one stroke ends and another begins.
enum StrokeTemplates {
  typealias Stroke = [SIMD2<Float>]

  /// `digits[d]` holds the ways to write the digit d.
  static let digits: [[[Stroke]]] = [
    [  // 0: closed, and with an overlapping end
      ["50,3 33,9 23,27 20,50 23,73 33,91 50,97 67,91 77,73 80,50 77,27 67,9 50,3"],
      ["58,5 40,6 26,24 21,46 23,72 34,91 52,96 68,88 77,66 78,42 70,18 56,6 40,9"],
    ],
    [  // 1: a bar, with an upstroke, with a foot
      ["50,2 50,50 50,98"],
      ["36,22 52,3", "52,3 51,50 50,98"],
      ["34,22 52,3", "52,3 52,97", "32,97 72,97"],
    ],
    [  // 2: with a corner, with a loop
      ["24,25 36,7 56,3 74,15 72,36 50,64 22,96", "22,96 50,95 78,93"],
      ["26,22 42,4 66,6 75,26 62,54 38,84 22,92 24,80 40,80 58,92 80,90"],
    ],
    [  // 3: round, with a flat top
      ["24,14 46,3 70,12 70,33 44,47", "44,47 72,55 77,76 58,95 34,95 20,84"],
      ["24,5 50,6 74,4", "74,4 44,42", "44,42 72,50 78,74 58,95 34,94 20,84"],
    ],
    [  // 4: open, closed
      ["34,4 29,28 24,54", "24,54 52,56 82,53", "68,8 65,50 62,97"],
      ["66,97 67,50 66,3", "66,3 42,34 20,66", "20,66 52,67 84,65"],
    ],
    [  // 5: with a hat, in one go
      ["75,4 52,5 34,5", "34,5 31,24 28,44", "28,44 52,37 76,54 74,80 50,96 22,88"],
      ["73,8 50,4 33,17 37,38 62,50 74,70 60,92 38,96 22,87"],
    ],
    [  // 6: curved, with a straight back
      ["67,4 42,20 26,52 27,80 46,97 67,91 74,74 62,58 42,61 28,74"],
      ["58,3 36,38 24,72 38,95 62,94 72,76 60,61 40,63 27,76"],
    ],
    [  // 7: plain, with a bar, with a serif
      ["22,8 50,8 78,6", "78,6 58,44 42,97"],
      ["22,8 50,8 78,6", "78,6 58,44 44,97", "38,54 72,50"],
      ["22,20 23,7", "23,7 50,8 78,6", "78,6 62,40 54,97"],
    ],
    [  // 8: in one go, two rings
      ["69,17 50,3 30,12 33,34 52,48 72,66 70,88 50,97 28,88 28,66 50,48 69,33 70,17 58,5"],
      ["50,3 32,12 32,36 50,46 68,36 68,12 50,3", "50,46 27,58 26,86 50,97 74,86 73,58 50,46"],
    ],
    [  // 9: with a straight stem, with a hook
      ["72,24 56,5 34,10 26,32 40,50 60,46 72,26", "73,14 71,56 66,97"],
      ["73,22 54,4 34,12 28,36 46,50 66,40 73,20", "73,20 74,56 62,86 38,96 26,90"],
    ],
  ].map { ways in ways.map { $0.map(parsed) } }

  private static func parsed(_ text: String) -> Stroke {
    text.split(separator: " ").map { point in
      let numbers = point.split(separator: ",").map { Float($0)! }
      return SIMD2(numbers[0], numbers[1])
    }
  }
}
