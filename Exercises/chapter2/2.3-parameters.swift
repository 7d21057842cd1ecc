/*:
 # 2.3 How many parameters?

 Section 2.2 counts the parameters of a network with $N^{[0]}$ inputs and layers of
 $N^{[1]}, \dots, N^{[L]}$ units:

 $$\text{parameters} = \sum_{l=1}^{L} N^{[l]} \, (N^{[l-1]} + 1)$$

 `parameterCount` computes this from the list $[N^{[0]}, \dots, N^{[L]}]$, which has two members or more. A
 3-4-2 network has 4 · 4 + 2 · 5 = 26.

 `widest` asks the other way round. You are allowed `budget` parameters. How many units may a single hidden
 layer have, at most, between `inputs` and `outputs`? With 3 inputs, 2 outputs and 26 parameters it is 4;
 with 31 it is still 4, since a fifth unit needs 32 in all. Where not even one unit fits, return 0.
 */
import Exercises

/// The number of weights and biases of a network with these numbers of units, inputs first.
func parameterCount(_ units: [Int]) throws -> Int {
  throw NotAttempted()
}

/// The largest hidden layer such that the network has at most `budget` parameters.
func widest(inputs: Int, outputs: Int, budget: Int) throws -> Int {
  throw NotAttempted()
}
