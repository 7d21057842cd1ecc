import Testing

@testable import DeepLearning
@testable import Tensors
@testable import Prose

@Suite struct NotebookTeXTests {
  static let inline: [(String, String)] = [
    // Letters, scripts and accents
    (#"\delta^{[l]}"#, "δ^[l]"),
    (#"a^{[l-1]}"#, "a^[l−1]"),
    (#"W^\top x"#, "Wᵀx"),
    (#"W^T"#, "Wᵀ"),
    (#"W^{[l]\top} \delta"#, "W^[l]ᵀ δ"),
    (#"x^{(n)}"#, "x⁽ⁿ⁾"),
    (#"x_i^2"#, "xᵢ²"),
    (#"x^2_i"#, "xᵢ²"),
    (#"W_{ij}"#, "Wᵢⱼ"),
    (#"w_{32}"#, "w₃₂"),
    (#"w_{1,2}"#, "w₁,₂"),
    (#"h_{t-1}"#, "hₜ₋₁"),
    (#"E_n"#, "Eₙ"),
    (#"w_{o1}"#, "wₒ₁"),
    (#"\theta_{\text{old}}"#, "θ_old"),
    (#"e^{-z}"#, "e⁻ᶻ"),
    (#"10^{-6}"#, "10⁻⁶"),
    (#"e^{0.6}"#, "e^0.6"),
    (#"e^{\beta z}"#, "e^(βz)"),
    (#"\hat{y}"#, "y\u{302}"),
    (#"\bar x"#, "x\u{304}"),
    (#"\tilde{\theta}"#, "θ\u{303}"), (#"\overrightarrow{h}"#, "h\u{20D7}"),
    (#"\sigma'(z)"#, "σ′(z)"),
    (#"f''"#, "f′′"),
    // Spaces around signs
    (#"a=b+c"#, "a = b + c"),
    (#"-x"#, "−x"),
    (#"a = -b"#, "a = −b"),
    (#"(-1, 1)"#, "(−1, 1)"),
    (#"60{,}000"#, "60,000"),
    (#"\eta = 0.1"#, "η = 0.1"),
    (#"a \le b \ne c \approx d"#, "a ≤ b ≠ c ≈ d"),
    (#"x \in \mathbb{R}^D"#, "x ∈ ℝᴰ"),
    (#"x \in \mathbb{R}^{N \times D}"#, "x ∈ ℝ^(N×D)"),
    (#"\delta \odot \sigma"#, "δ ⊙ σ"),
    (#"2 \cdot 3 \times 4"#, "2 · 3 × 4"),
    (#"p(y \mid x)"#, "p(y | x)"),
    (#"f: A \to B"#, "f : A → B"),
    (#"\pm\infty"#, "±∞"),
    // Functions and big operators
    (#"\log x"#, "log x"),
    (#"2\log(x)"#, "2 log(x)"),
    (#"-\log p"#, "−log p"),
    (#"\sum_{n} E_n"#, "Σₙ Eₙ"),
    (#"\sum_{n=1}^{N} E_n"#, "Σₙ₌₁ᴺ Eₙ"),
    (#"\prod_i p_i"#, "Πᵢ pᵢ"),
    (#"\max(0, z)"#, "max(0, z)"),
    (#"\max_i z_i"#, "maxᵢ zᵢ"),
    (#"\operatorname{softmax}(z)"#, "softmax(z)"),
    (#"\operatorname*{argmax}_k a_k"#, "argmaxₖ aₖ"),
    (#"\nabla_\theta E"#, "∇_θ E"),
    (#"\mathcal{L}(\theta)"#, "ℒ(θ)"),
    (#"\mathbf{W}x"#, "Wx"),
    // Fractions and roots
    (#"\frac{\partial E}{\partial w}"#, "∂E/∂w"),
    (#"\frac{\partial E}{\partial w_{ij}}"#, "∂E/∂wᵢⱼ"),
    (#"\frac{a}{b}"#, "a/b"),
    (#"\frac{a+b}{c}"#, "(a + b)/c"),
    (#"\frac{a}{b+c}"#, "a/(b + c)"),
    (#"\frac{1}{2\sigma^2}"#, "1/(2σ²)"),
    (#"\frac{1}{2}(z-y)^2"#, "½(z − y)²"),
    (#"\frac12 x"#, "½x"),
    (#"\frac{1}{N}\sum_n E_n"#, "1/N Σₙ Eₙ"),
    (#"\frac{1}{1+e^{-z}}"#, "1/(1 + e⁻ᶻ)"),
    (#"\frac{e^{z_k}}{\sum_j e^{z_j}}"#, "e^zₖ/(Σⱼ e^zⱼ)"),
    (#"\frac{f(x+h)-f(x-h)}{2h}"#, "(f(x + h) − f(x − h))/(2h)"),
    (#"\frac{(x-\mu)^2}{\sigma(z)}"#, "(x − µ)²/σ(z)"),
    (#"\frac{(a+b)(c+d)}{2}"#, "((a + b)(c + d))/2"),
    (#"\ln\frac{p}{1-p} + 1"#, "ln(p/(1 − p)) + 1"),
    (#"\frac{6}{784}"#, "6/784"),
    (#"\frac{\partial E}{\partial z} \frac{\partial z}{\partial w}"#, "∂E/∂z · ∂z/∂w"),
    (#"\sqrt{x}"#, "√x"),
    (#"\sqrt{a^2+b^2}"#, "√(a² + b²)"),
    (#"\sqrt{784}"#, "√784"),
    (#"\sqrt[3]{x}"#, "∛x"),
    // Delimiters
    (#"\left( \frac{a}{b} \right)^2"#, "(a/b)²"),
    (#"\left[ x \right]"#, "[x]"),
    (#"\lVert w \rVert^2"#, "‖w‖²"),
    (#"\|w\|_2"#, "‖w‖₂"),
    (#"\{0, 1\}"#, "{0, 1}"),
    (#"\left. x \right|_{x=0}"#, "x|ₓ₌₀"),
    (#"\lfloor x \rfloor"#, "⌊x⌋"),
    (#"\bigl( a \bigr)"#, "(a)"),
    // Text and unknown commands
    (#"x \text{ if } x > 0"#, "x if x > 0"),
    (#"\text{loss} = 1"#, "loss = 1"),
    (#"\unknowncommand{x}"#, "unknowncommand x"),
    (#"a \quad b"#, "a   b"),
    (#"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}"#, "[1 2; 3 4]"),
    (#"\underbrace{a+b}_{\text{gain}} + c"#, "a + b [gain] + c"),
    (#"\overbrace{W x} ^n b"#, "Wx [n] b"),
    (#"\frac{1}{\underbrace{a}_{b}}"#, "1/(a [b])"),
    (#"\underbrace{a+b}^2"#, "a + b²"),
    ("", ""),
    // Malformed input ends somewhere, and says what it can.
    (#"\frac{a"#, "a/"),
    (#"x^"#, "x"),
    (#"{a + b"#, "a + b"),
    (#"a } b"#, "ab"),
    (#"\"#, ""),
    (#"\left("#, "("),
    (#"\begin{bmatrix} 1"#, "[1]"),
  ]

  @Test(arguments: inline) func `one line`(_ tex: String, _ expected: String) {
    #expect(TeX.inline(tex) == expected)
  }

  static let display: [(String, [String])] = [
    (#"E = mc^2"#, ["E = mc²"]),
    (
      #"\begin{aligned} a &= b + c \\ long &= d \end{aligned}"#,
      ["   a = b + c", "long = d    "]
    ),
    (
      #"W = \begin{bmatrix} 1 & 0.5 \\ -0.5 & 1 \end{bmatrix}"#,
      ["W = ⎡  1   0.5⎤", "    ⎣−0.5   1 ⎦"]
    ),
    (
      #"\begin{pmatrix} 1 \\ 2 \\ 3 \end{pmatrix} x"#,
      ["⎛1⎞ ", "⎜2⎟x", "⎝3⎠ "]
    ),
    (
      #"f(x) = \begin{cases} x & x > 0 \\ 0 & \text{else} \end{cases}"#,
      ["f(x) = ⎧ x  x > 0", "       ⎩ 0  else "]
    ),
    (#"a = b \\ c"#, ["a = b", "c    "]),
    (#"E = 1 \tag{3.1}"#, ["E = 1   (3.1)"]),
  ]

  @Test(arguments: display) func `on lines of its own`(_ tex: String, _ expected: [String]) {
    #expect(TeX.display(tex) == expected)
  }

  @Test func `any text ends without a crash`() {
    var generator = SystemRandomNumberGenerator()
    let pieces = [
      "\\", "{", "}", "^", "_", "&", "\\\\", "\\frac", "\\left", "\\right", "\\begin{cases}", "\\end{cases}",
      "[",
      "]", "x", " ", "'", "\\sqrt", "\\hat", "\\text", "$", "\\begin", "-", "é", "\\operatorname*",
    ]
    for _ in 0..<2000 {
      let tex = (0..<Int.random(in: 0..<12, using: &generator)).map { _ in
        pieces.randomElement(using: &generator)!
      }
      .joined()
      _ = TeX.inline(tex)
      _ = TeX.display(tex)
    }
  }
}
