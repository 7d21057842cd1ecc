/// Why a figure could not be drawn or stored.
public enum FigureError: Error, Equatable, CustomStringConvertible {
  /// A figure without layers, or a layer without a single finite number.
  case empty(figure: String, series: String)
  /// Data whose parts do not belong together.
  case mismatch(figure: String, series: String, expected: String, found: String)
  /// A name that is no plain file name.
  case invalidName(String)
  /// The system refused a file or folder.
  case cannotWrite(path: String, reason: String)
  /// gnuplot is not on the PATH.
  case gnuplotMissing
  /// gnuplot stopped with a message, or did not finish in time.
  case gnuplotFailed(figure: String, message: String)

  public var description: String {
    switch self {
    case .empty(let figure, let series):
      "figure \"\(figure)\": \(series) has no finite values to draw"
    case .mismatch(let figure, let series, let expected, let found):
      "figure \"\(figure)\": \(series): expected \(expected), found \(found)"
    case .invalidName(let name):
      "\"\(name)\" is no figure name: expected letters, digits, dots, hyphens and underscores, no dot first"
    case .cannotWrite(let path, let reason):
      "cannot write \(path): \(reason)"
    case .gnuplotMissing:
      "gnuplot is not on the PATH; \(Gnuplot.howToInstall)"
    case .gnuplotFailed(let figure, let message):
      "gnuplot could not draw figure \"\(figure)\": \(message)"
    }
  }
}
