/*:
 # 3.5 In which order?

 Backward, a value may pass its gradient on only when it is complete: after everything that uses the value
 has had its turn. Section 3.6 calls the order that does it **topological**. With an arrow $u \to v$ wherever
 $v$ was computed from $u$,

 $$u \to v \quad \Rightarrow \quad u \text{ stands before } v$$

 The values are numbered. `inputs[v]` lists the values from which `v` was computed, an empty list for those
 that were given; one that was used twice is listed twice. Return the numbers of all values that `result`
 depends on, directly or not, and of `result` itself: each once, and every value after all its inputs. `result`
 comes last. Values that it does not depend on stay out.

 There may be thousands of paths from one value to another, so look at each value once.
 */
import Exercises

/// The history of `result`, inputs before what was computed from them.
func topologicalOrder(_ inputs: [[Int]], from result: Int) throws -> [Int] {
  throw NotAttempted()
}
