/*:
 # 9.5 BLEU

 Section 9.3 asks how much a translation has in common with one that is right. Write the measure. An **n-gram** is a
 run of n successive words. Over all sentences together,

 $$p_n = \frac{\text{those that occur in their reference}}{\text{n-grams in the candidates}}$$

 $$\mathrm{BLEU} = \mathrm{BP} \cdot \left( p_1\, p_2\, p_3\, p_4 \right)^{1/4}$$

 An n-gram counts at most as often as it occurs in the reference of the same sentence: of *the the the the* only as
 many as the reference has. With c words in all candidates and r in all references, the brevity penalty is

 $$\mathrm{BP} = \begin{cases} 1 & c \ge r \\ e^{1 - r/c} & c < r \end{cases}$$

 1. `ngrams` counts the n-grams of a sentence: how often each occurs. A sentence of fewer than n words has none.
 2. `precision` computes $p_n$ over all sentences: all counts are added up before anything is divided.
 3. `bleu` computes the score. It is 0 if one of the four $p_n$ is. All candidates together have at least one
    4-gram.

 For the candidate *el negro gato come una manzana* and the reference *el gato negro come una manzana* the four are
 6/6, 2/5, 1/4 and 0/3.
 */
import DeepLearning
import Exercises
import Foundation

/// How often each run of n words occurs.
func ngrams(_ words: [String], _ n: Int) throws -> [[String]: Int] {
  throw NotAttempted()
}

/// pₙ of all candidates together, each with its reference.
func precision(_ candidates: [[String]], _ references: [[String]], _ n: Int) throws -> Double {
  throw NotAttempted()
}

/// BLEU of all candidates together, from 0 to 1.
func bleu(_ candidates: [[String]], _ references: [[String]]) throws -> Double {
  throw NotAttempted()
}
