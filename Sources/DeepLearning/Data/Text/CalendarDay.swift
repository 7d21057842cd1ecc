/// A day of the Gregorian calendar, with the words that dates are written in.
struct CalendarDay: Sendable, Hashable {
  let year: Int
  /// 1 to 12.
  let month: Int
  /// 1 to 31.
  let day: Int
  /// 0 for Monday to 6 for Sunday.
  let weekday: Int

  /// Every day of the years 1900 to 2099.
  static let all: [CalendarDay] = {
    var days: [CalendarDay] = []
    for year in 1900...2099 {
      for month in 1...12 {
        for day in 1...dayCount(year, month) {
          // The first of January 1900 was a Monday.
          days.append(CalendarDay(year: year, month: month, day: day, weekday: days.count % 7))
        }
      }
    }
    return days
  }()

  private static func dayCount(_ year: Int, _ month: Int) -> Int {
    let isLeapYear = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
    return [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  var iso: String { "\(year)-\(twoDigits(month))-\(twoDigits(day))" }

  var monthName: String {
    [
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
      "November", "December",
    ][month - 1]
  }

  var weekdayName: String {
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][weekday]
  }

  /// 1st, 2nd, 3rd, 4th, ...
  var ordinal: String {
    switch day {
    case 1, 21, 31: "\(day)st"
    case 2, 22: "\(day)nd"
    case 3, 23: "\(day)rd"
    default: "\(day)th"
    }
  }

  /// first, second, third, ...
  var spelledOrdinal: String {
    let words = [
      "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
      "eleventh",
      "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
      "nineteenth",
      "twentieth", "thirtieth",
    ]
    switch day {
    case ...20: return words[day - 1]
    case 30: return words[20]
    default: return (day < 30 ? "twenty-" : "thirty-") + words[day % 10 - 1]
    }
  }
}
