// Says: The end token does not belong
import DeepLearning

func greedy<State>(
  from state: State, start: Int, end: Int, maximumLength: Int,
  step: (_ token: Int, _ state: State) throws -> (logs: [Double], state: State)
) throws -> (tokens: [Int], logP: Double) {
  var (token, state) = (start, state)
  var (tokens, logP): ([Int], Double) = ([], 0)
  for _ in 0..<maximumLength {
    let (logs, next) = try step(token, state)
    token = logs.firstIndex(of: logs.max()!)!
    state = next
    logP += logs[token]
    tokens.append(token)
    if token == end { break }
  }
  return (tokens, logP)
}

func greedyRows<State>(
  from state: State, start: Int, end: Int, rows: Int, maximumLength: Int,
  step: (_ tokens: [Int], _ state: State) throws -> (logs: [[Double]], state: State)
) throws -> [[Int]] {
  var (tokens, state) = (Array(repeating: start, count: rows), state)
  var written = [[Int]](repeating: [], count: rows)
  var isOpen = [Bool](repeating: true, count: rows)
  for _ in 0..<maximumLength where isOpen.contains(true) {
    let (logs, next) = try step(tokens, state)
    tokens = logs.map { $0.firstIndex(of: $0.max()!)! }
    state = next
    for row in 0..<rows where isOpen[row] {
      if tokens[row] == end { isOpen[row] = false } else { written[row].append(tokens[row]) }
    }
  }
  return written
}
