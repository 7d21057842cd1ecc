/// Dates as people write them, with the same in ISO 8601: "Friday, May 3, 2019" and "2019-05-03".
///
///     let train = WrittenDates(train: true, count: 10_000)
///     let test = WrittenDates(train: false, count: 1_000)
///     train[0]    // TextPair("the 3rd of May, 2019", "2019-05-03")
///
/// The days are those of the years 1900 to 2099, each written in one of many forms of 8 to 53 characters. A tenth
/// of the days is held out: the training part has none of them, the test part no others. One seed always gives
/// the same dates; a smaller set is the beginning of a larger one.
public struct WrittenDates: Dataset, Sendable {
  public let pairs: [TextPair]

  /// - Parameters:
  ///   - train: Which of the two parts to write.
  ///   - count: Number of dates.
  ///   - seed: Another seed gives other dates, and holds out other days.
  public init(train: Bool, count: Int? = nil, seed: UInt64 = 0) {
    let count = count ?? (train ? 10_000 : 1_000)
    check(count >= 0, "WrittenDates", "cannot write \(count) dates")
    let days = CalendarDay.all
    let order = Generator(seed: seed).permutation(days.count)
    let heldOut = days.count / 10
    let part = train ? order.dropFirst(heldOut) : order.prefix(heldOut)
    let generator = Generator(seed: 2 * seed &+ (train ? 1 : 2))
    pairs = (0..<count).map { _ in
      let day = days[part[generator.nextInt(in: part.indices)]]
      let form = generator.nextInt(in: 0..<Self.forms.count)
      return TextPair(Self.forms[form](day), day.iso)
    }
  }

  public var count: Int { pairs.count }

  public subscript(index: Int) -> TextPair {
    checkIndex(index, "WrittenDates")
    return pairs[index]
  }

  /// The ways to write a day. Where it is all digits, the day stands before the month or the year comes first.
  static let forms: [@Sendable (CalendarDay) -> String] = [
    { "\($0.day) \($0.monthName) \($0.year)" },
    { "\($0.monthName) \($0.day), \($0.year)" },
    { "\($0.monthName) \($0.ordinal), \($0.year)" },
    { "\($0.day) \($0.monthName.prefix(3)) \($0.year)" },
    { "\($0.monthName.prefix(3)) \($0.day) \($0.year)" },
    { "\($0.day).\($0.month).\($0.year)" },
    { "\(twoDigits($0.day)).\(twoDigits($0.month)).\($0.year)" },
    { "\($0.year)/\(twoDigits($0.month))/\(twoDigits($0.day))" },
    { "\($0.year), \($0.monthName) \($0.day)" },
    { "\($0.ordinal) of \($0.monthName) \($0.year)" },
    { "the \($0.ordinal) of \($0.monthName), \($0.year)" },
    { "\($0.weekdayName.prefix(3)), \($0.day) \($0.monthName.prefix(3)) \($0.year)" },
    { "\($0.weekdayName), \($0.day) \($0.monthName) \($0.year)" },
    { "\($0.weekdayName), \($0.monthName) \($0.day), \($0.year)" },
    { "\($0.weekdayName), the \($0.ordinal) of \($0.monthName), \($0.year)" },
    { "the \($0.spelledOrdinal) of \($0.monthName), \($0.year)" },
    { "\($0.weekdayName), the \($0.spelledOrdinal) of \($0.monthName), \($0.year)" },
    {
      "on \($0.weekdayName.lowercased()) the \($0.spelledOrdinal) day of \($0.monthName.lowercased()) \($0.year)"
    },
  ]
}

func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
