/*:
 # 9.3 Greedy search

 Section 9.3 lets a decoder write with the likeliest token at every step. Write that loop, for any decoder. It is
 given as a function: from the token before and a state it computes the logarithms of the probabilities of all
 tokens, an array of V numbers, and the next state,

 $$s_t = g(s_{t-1}, y_{t-1}) \qquad y_t = \arg\max_v \, \ln p(v \mid s_t)$$

 of equal ones the first. The first token that is read is `start`. The search is over when it has written `end`, or
 when it has written `maximumLength` tokens, `end` included.

 1. `greedy` returns the tokens that were written, without `start` and `end`, and the logarithm of the probability
    of all that was written, which does include that of `end`.
 2. `greedyRows` does it for B sentences at once, as a batch needs it. The function now takes B tokens and gives B
    rows of logarithms, and the loop goes on until all have written `end`. A row that is finished must stay as it
    is, though the decoder goes on for it; what it writes there is of no interest. It returns the tokens of each
    row.

 A state is whatever the decoder needs, and its type is called `State`. You only pass it on.
 */
import DeepLearning
import Exercises

/// The tokens of greedy search, and the logarithm of their probability.
func greedy<State>(
  from state: State, start: Int, end: Int, maximumLength: Int,
  step: (_ token: Int, _ state: State) throws -> (logs: [Double], state: State)
) throws -> (tokens: [Int], logP: Double) {
  throw NotAttempted()
}

/// The same for a batch: the tokens of each row.
func greedyRows<State>(
  from state: State, start: Int, end: Int, rows: Int, maximumLength: Int,
  step: (_ tokens: [Int], _ state: State) throws -> (logs: [[Double]], state: State)
) throws -> [[Int]] {
  throw NotAttempted()
}
