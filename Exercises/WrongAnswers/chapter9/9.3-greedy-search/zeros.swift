// Says: Nothing has been written
import DeepLearning

func greedy<State>(
  from state: State, start: Int, end: Int, maximumLength: Int,
  step: (_ token: Int, _ state: State) throws -> (logs: [Double], state: State)
) throws -> (tokens: [Int], logP: Double) {
  ([], 0)
}

func greedyRows<State>(
  from state: State, start: Int, end: Int, rows: Int, maximumLength: Int,
  step: (_ tokens: [Int], _ state: State) throws -> (logs: [[Double]], state: State)
) throws -> [[Int]] {
  Array(repeating: [], count: rows)
}
