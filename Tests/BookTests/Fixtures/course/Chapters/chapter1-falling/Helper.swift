import DeepLearning

/// 120 points would do.
func pathFigure(_ heights: [Double]) -> Figure { Figure(title: "Path").line(heights, label: "height") }
