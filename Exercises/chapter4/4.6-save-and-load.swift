/*:
 # 4.6 Saving and loading

 Section 4.6 keeps a trained model in a file. Build the three functions that a program needs for it.

 `keep` writes everything that the model would have to remember, its parameters and its buffers, to a file.
 Buffers are numbers that are kept but not learned, such as a running mean. If the file cannot be written, the
 error is the caller's to hear of.

 `restore` reads a file into a model that is there already. There are three ways for this to end. The file
 fits: then every number of the model is the file's, bit for bit. It is another model's: then nothing is
 changed, and the names are listed that are missing, that are not expected, and that have another shape. Or
 there is no such file, or it is damaged: that error is passed on.

 `sameAnswers` says whether two models θ and θ′ agree on an input: in use, without dropout, and in every bit,

 $$f(x; \theta) = f(x; \theta')$$

 For a model of one layer, `Linear(2, 1)`, and a file that holds `weight` of the shape (1, 3) and nothing
 else, `restore` returns `.otherModel(names: ["bias", "weight"])`: one is missing, the other does not fit.
 */
import DeepLearning
import Exercises

/// What has come of reading a file into a model.
enum Restoring: Equatable {
  case restored
  /// The file is another model's: names that are missing, not expected, or of another shape, in any order.
  case otherModel(names: [String])
}

/// Writes all that `model` has to remember to `file`.
func keep(_ model: Module, in file: String) throws {
  throw NotAttempted()
}

/// Reads what `keep` has written into `model`, or leaves the model as it is and says which names do not fit.
func restore(_ model: Module, from file: String) throws -> Restoring {
  throw NotAttempted()
}

/// Whether both models make the same of `x`.
func sameAnswers(_ a: Module, _ b: Module, on x: Tensor) throws -> Bool {
  throw NotAttempted()
}
