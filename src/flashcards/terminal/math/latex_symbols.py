"""Symbols and command tables of LaTeX formulas."""

from __future__ import annotations

from unicodeit.data import REPLACEMENTS

_split_words = str.split

COMMAND_SYMBOLS: dict[str, str] = {
    **{name: sign for name, sign in REPLACEMENTS if sign.isprintable()},
    "\\star": "⋆", "\\mid": "|", "\\langle": "⟨", "\\rangle": "⟩", "\\leqslant": "≤",
    "\\geqslant": "≥", "\\Box": "□", "\\square": "□", "\\blacksquare": "■", "\\qed": "∎",
    "\\dots": "…", "\\dotsc": "…", "\\dotsb": "⋯", "\\lvert": "|", "\\rvert": "|",
    "\\lVert": "‖", "\\rVert": "‖", "\\top": "⊤", "\\cdot": "·", "\\ast": "∗", "\\phi": "φ",
    "\\epsilon": "ε", "\\colon": ":", "\\models": "⊨", "\\iff": "⟺", "\\backslash": "\\",
    "\\lt": "<", "\\gt": ">", "\\degree": "°", "\\And": "&",
}  # fmt: skip
"""unicodeit's table of some 4,000 commands, with additions and corrections."""
FUNCTION_NAMES = frozenset(_split_words(
    "sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan log ln lg exp det dim ker arg "
    "deg gcd hom Pr"
))  # fmt: skip
LIMIT_OPERATORS = frozenset(_split_words(  # operators that take their limits above and below
    "lim max min sup inf argmax argmin limsup liminf injlim projlim sum prod coprod bigcup "
    "bigcap bigoplus bigotimes bigvee bigwedge"
))  # fmt: skip
INTEGRAL_COMMANDS = frozenset(["int", "iint", "iiint", "oint"])
TEXT_COMMANDS = frozenset(_split_words("text textrm textit textbf texttt textsf textnormal mbox"))
PASS_THROUGH_COMMANDS = frozenset(
    ["mathrm", "operatorname", "boxed", "mathop", "mathit", "mathsf", "mathtt", "rm"]
)
ALPHABET_COMMANDS = {  # alphabet commands, and their names in COMMAND_SYMBOLS
    "mathbb": "mathbb", "mathcal": "mathcal", "mathscr": "mathcal", "mathfrak": "mathfrak",
    "mathbf": "mathbf", "boldsymbol": "mathbf", "bm": "mathbf", "symbf": "mathbf",
}  # fmt: skip
ACCENT_MARKS = {
    "hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "tilde": "\u0303",
    "widetilde": "\u0303", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308",
    "check": "\u030c", "breve": "\u0306", "acute": "\u0301", "grave": "\u0300",
    "overline": "\u0305", "underline": "\u0332",
}  # fmt: skip
LINE_ACCENTS = frozenset(["overline", "underline"])  # accents that cover all of their argument
FRACTION_COMMANDS = frozenset(["frac", "dfrac", "tfrac", "cfrac"])
SPACE_COMMANDS = {
    ",": " ", ":": " ", ";": " ", "!": "", " ": " ", "quad": "  ", "qquad": "    ", "thinspace": "",
    "enspace": " ", ">": " ",
}  # fmt: skip
IGNORED_COMMANDS = frozenset(_split_words(
    "displaystyle textstyle scriptstyle limits nolimits big Big bigg Bigg bigl bigr Bigl Bigr "
    "biggl biggr Biggl Biggr middle nonumber notag hline"
))  # fmt: skip
ENVIRONMENT_DELIMITERS = {  # environments of rows and cells, with their delimiters; a blank means none
    "pmatrix": "()", "bmatrix": "[]", "Bmatrix": "{}", "vmatrix": "||", "Vmatrix": "‖‖",
    "matrix": "  ", "smallmatrix": "  ", "array": "  ", "cases": "{ ", "aligned": "  ",
    "align": "  ", "align*": "  ", "split": "  ", "gathered": "  ", "gather": "  ",
    "gather*": "  ", "equation": "  ", "equation*": "  ",
}  # fmt: skip
ALIGNED_ENVIRONMENTS = frozenset(_split_words(  # environments whose & only aligns rows
    "aligned align align* split equation equation* gather gather* gathered"
))  # fmt: skip

_SCRIPT_DIGITS = "0123456789+-−=()"
SUPERSCRIPTS = dict(zip(
    _SCRIPT_DIGITS + "abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ⊤′*∗†°∘",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾" "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡᵀ′**†°°",
    strict=True,
))  # fmt: skip
SUBSCRIPTS = dict(zip(
    _SCRIPT_DIGITS + "aehijklmnoprstuvxβγρφχ,",
    "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎" "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ,",
    strict=True,
))  # fmt: skip
BINARY_OPERATORS = frozenset("+-−±∓×÷·⋅∗*∘•∪∩∖⊕⊖⊗⊙∧∨⋆⊎⊔⊓≀†‡")
OPENING_DELIMITERS = frozenset("([{⟨⌊⌈")
CLOSING_DELIMITERS = frozenset(")]}⟩⌋⌉!")
RELATION_SYMBOLS = frozenset("=<>∼∣∥≔")
RELATION_RANGES = ((0x2190, 0x21FF), (0x2208, 0x220D), (0x223C, 0x228B), (0x228F, 0x2292),
            (0x22A2, 0x22AF), (0x22D0, 0x22FF), (0x27F5, 0x27FF), (0x221D, 0x221D))  # fmt: skip
"""Unicode blocks of arrows and relations."""


def symbol_kind(symbol: str) -> str:
    """Return a symbol's kind: ord, bin, rel, open, close or punct."""
    for kind, symbols in (
        ("bin", BINARY_OPERATORS),
        ("open", OPENING_DELIMITERS),
        ("close", CLOSING_DELIMITERS),
        ("rel", RELATION_SYMBOLS),
    ):
        if symbol in symbols:
            return kind
    if symbol in {",", ";", ":"}:
        return "punct"
    code = ord(symbol[0])
    return "rel" if any(first <= code <= last for first, last in RELATION_RANGES) else "ord"


def alphabet_letter(alphabet: str, letter: str) -> str | None:
    """Return a letter in an alphabet's shape, or None."""
    return COMMAND_SYMBOLS.get(f"\\{alphabet}{{{letter}}}", None if letter.isascii() else letter)
