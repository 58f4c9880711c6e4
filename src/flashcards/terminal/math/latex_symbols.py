"""Symbols of LaTeX formulas."""

from unicodeit.data import REPLACEMENTS

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
