import DeepLearning

let notebook = Notebook("chapter1-falling", title: "Chapter 1: Falling")

/*:
 # Chapter 1: Falling

 A stone **falls**, first by itself (1.1), then in section 1.2 with air around it.
 */

// Meters a second, each second.
let gravity = 9.81

/*:
 ## 1.1 The **free** fall

 After the time $t$ it has fallen $h = \tfrac12 g t^2$. The **acceleration** is $g = 9.81$, and twice the time takes
 it four times as far:

 $$h = \frac{1}{2}\Bigl(\bigl[g\, t^2\bigr]\Bigr) \label{free-fall}$$

 $$v = g t \label{speed}$$
 */
func height(_ t: Double) -> Double { gravity * t * t / 2 }

notebook.section("1.1", "The free fall") { page in
  let h = [1.0, 2.0].map(height)
  page.show("heights", h, digits: 2)
  page.claim("four times as far", h[1] / h[0], equals: 4)

  /*:
   > **Mind the slip.** The speed grows with $t$, the height with $t^2$. Both are 0 at the start.

   In the library:

   [Sources/DeepLearning/Physics.swift](#excerpt-speed)

   ### A table of it

   It is a *long* way down. `Helper.swift` draws the path.
   */
  func report(_ t: Double) {
    page.print("after \(t) s: \(height(t)) m")
    page.print("done")
  }
  report(3)
  page.show("table", Table(["t", "h"], [[1.0, 4.905]]))
  report(4)

  //: The path, as the [formula](#free-fall) has it:
  page.figure("path", pathFigure(h))
}

/*:
 ## 1.2 With air

 The [path](#path) of section 1.1 gets shorter. Chapters 1 and 2 agree on that, chapter 3 will, and [a table](#a-table-of-it)
 shows it. In 1687 Newton knew.
 */
notebook.section("1.2", "With air") { page in
  for drag in [0.1, 0.2] {
    page.claim("drag \(drag) is positive", drag, isAtLeast: 0)
  }
  let text = """
    //: no prose
    """
  page.show("text", text)
}

notebook.run()
