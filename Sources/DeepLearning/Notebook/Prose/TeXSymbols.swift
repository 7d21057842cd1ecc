extension TeX {
  /// What a command without arguments stands for, by the class that decides the spaces around it.
  static let symbols: [String: Atom] = {
    var table: [String: Atom] = [:]
    func add(_ kind: Atom.Kind, _ entries: KeyValuePairs<String, String>) {
      for (name, text) in entries { table[name] = Atom(text, kind) }
    }
    add(
      .ordinary,
      [
        "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
        "zeta": "ζ", "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ",
        "lambda": "λ", "mu": "µ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
        "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
        "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
        "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
        "partial": "∂", "nabla": "∇", "infty": "∞", "ell": "ℓ", "top": "⊤", "bot": "⊥", "prime": "′",
        "emptyset": "∅", "varnothing": "∅", "degree": "°", "hbar": "ℏ", "Re": "ℜ", "Im": "ℑ",
        "forall": "∀", "exists": "∃", "neg": "¬", "lnot": "¬", "dots": "…", "ldots": "…", "cdots": "⋯",
        "vdots": "⋮", "ddots": "⋱", "dagger": "†", "%": "%", "#": "#", "&": "&", "_": "_", "$": "$",
        "|": "‖", "Vert": "‖", "vert": "|", "checkmark": "✓", "square": "□", "blacksquare": "■",
      ])
    add(
      .binary,
      [
        "cdot": "·", "times": "×", "div": "÷", "pm": "±", "mp": "∓", "odot": "⊙", "oplus": "⊕",
        "otimes": "⊗", "ominus": "⊖", "circ": "∘", "ast": "∗", "star": "⋆", "cup": "∪", "cap": "∩",
        "setminus": "∖", "wedge": "∧", "land": "∧", "vee": "∨", "lor": "∨", "bullet": "•", "bmod": "mod",
      ])
    add(
      .relation,
      [
        "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "equiv": "≡",
        "sim": "∼", "simeq": "≃", "cong": "≅", "propto": "∝", "ll": "≪", "gg": "≫", "in": "∈",
        "notin": "∉", "ni": "∋", "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "supseteq": "⊇",
        "to": "→", "rightarrow": "→", "longrightarrow": "→", "leftarrow": "←", "gets": "←",
        "leftrightarrow": "↔", "Rightarrow": "⇒", "implies": "⇒", "Leftarrow": "⇐",
        "Leftrightarrow": "⇔", "iff": "⇔", "mapsto": "↦", "mid": "|", "parallel": "∥", "perp": "⊥",
        "uparrow": "↑", "downarrow": "↓", "coloneqq": "≔", "triangleq": "≜", "lt": "<", "gt": ">",
      ])
    add(
      .bigOperator,
      [
        "sum": "Σ", "prod": "Π", "int": "∫", "oint": "∮", "iint": "∬", "bigcup": "⋃", "bigcap": "⋂",
        "bigoplus": "⨁", "bigotimes": "⨂",
      ])
    add(
      .opening,
      ["lVert": "‖", "lvert": "|", "langle": "⟨", "lfloor": "⌊", "lceil": "⌈", "{": "{", "lbrace": "{"])
    add(
      .closing,
      ["rVert": "‖", "rvert": "|", "rangle": "⟩", "rfloor": "⌋", "rceil": "⌉", "}": "}", "rbrace": "}"])
    add(.punctuation, ["colon": ":"])
    add(
      .space, [",": " ", ";": " ", ":": " ", ">": " ", " ": " ", "quad": "   ", "qquad": "      ", "!": ""])
    for name in ["displaystyle", "textstyle", "limits", "nolimits", "nonumber", "notag", "allowbreak"] {
      table[name] = Atom("", .space)
    }
    for name in ["big", "Big", "bigg", "Bigg"] {
      for side in ["", "l", "r", "m"] { table[name + side] = Atom("", .space) }
    }
    for name in [
      "log", "ln", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "max", "min", "sup", "inf", "lim",
      "arg", "det", "dim", "gcd", "Pr", "ker", "deg",
    ] {
      table[name] = Atom(name, .namedOperator)
    }
    return table
  }()

  /// Marks that stand over the character before them.
  static let accents: [String: String] = [
    "hat": "\u{302}", "widehat": "\u{302}", "bar": "\u{304}", "overline": "\u{305}", "tilde": "\u{303}",
    "widetilde": "\u{303}", "dot": "\u{307}", "ddot": "\u{308}", "vec": "\u{20D7}",
    "overrightarrow": "\u{20D7}",
    "overleftarrow": "\u{20D6}", "underline": "\u{332}",
  ]

  /// Commands that only change the typeface: their argument is set as it is.
  static let typefaces: Set<String> = [
    "mathbf", "boldsymbol", "bm", "mathrm", "mathit", "mathsf", "mathtt", "mathnormal", "pmb",
  ]

  static let superscripts = pairs(
    "0123456789+−=()⊤′*abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵀ′*ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ")

  static let subscripts = pairs("0123456789+−=(),aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎,ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")

  static let vulgarFractions = [
    "1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾", "1/5": "⅕", "1/6": "⅙", "1/8": "⅛",
  ]

  private static func pairs(_ from: String, _ to: String) -> [Character: Character] {
    Dictionary(uniqueKeysWithValues: zip(from, to))
  }

  /// Blackboard and script capitals; a letter without one stays as it is.
  static func capital(_ letter: Character, style: String) -> Character {
    (style == "mathbb" ? blackboard : script)[letter] ?? letter
  }

  private static let blackboard = pairs("CHNPQRZE1", "ℂℍℕℙℚℝℤ𝔼𝟙")
  private static let script = pairs("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "𝒜ℬ𝒞𝒟ℰℱ𝒢ℋℐ𝒥𝒦ℒℳ𝒩𝒪𝒫𝒬ℛ𝒮𝒯𝒰𝒱𝒲𝒳𝒴𝒵")
}
