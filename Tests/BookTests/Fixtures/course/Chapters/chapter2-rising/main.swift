import DeepLearning

let notebook = Notebook("chapter2-rising", title: "Chapter 2: Rising")

/*:
 # Chapter 2: Rising

 What **falls** can rise, see [the formula](#free-fall) and exercise 1.1.

 ## 2.1 A ball

 A **ball** rises.
 */
notebook.section("2.1", "A ball") { page in
  page.print("up")
}

notebook.run()
