"""Mathematics as it is shown, and what it must never do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from count_calls import count_calls
from factories import put_deck
from flashcards.terminal.device.capabilities import Capabilities
from flashcards.terminal.markdown.card_text import render_markdown
from flashcards.terminal.math.render_formula import (
    MAX_FORMULA_LENGTH,
    render_formula_block,
    render_formula_inline,
)
from flashcards.terminal.text.sanitize import CONTROL_CHARACTERS
from flashcards.terminal.text.width import display_width
from programs import Terminal


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"-\infty", "−∞"),
        (r"O(n^2 d)", "O(n²d)"),
        (r"W = W_0 + \Delta W", "W = W₀ + ΔW"),
        (r"\mathrm{softmax}(QK^T/\sqrt{d_k})V", "softmax(QKᵀ/√dₖ)V"),
        (r"i+1, i+2, \dots, n", "i + 1, i + 2, …, n"),
        (r"E=mc^2", "E = mc²"),
        (r"x^10", "x¹0"),
        (r"x^{10}_{ij}", "xᵢⱼ¹⁰"),
        (r"x_{i,j}", "xᵢ,ⱼ"),
        (r"d_{model} x", "d_model x"),
        (r"x^{y^z}", "x^(yᶻ)"),
        (r"e^{i\pi} + 1 = 0", "e^(iπ) + 1 = 0"),
        (r"\frac{a+b}{c}", "(a + b)/c"),
        (r"\frac{1}{2}x", "(1/2)x"),
        (r"\frac{\partial L}{\partial w}", "∂L/∂w"),
        (r"P(A|B)=\frac{P(B|A)P(A)}{P(B)}", "P(A|B) = P(B|A)P(A)/P(B)"),
        (r"\sqrt{x+1} \sqrt[3]{y}", "√(x + 1)³√y"),
        (r"\sum_{i=1}^{n} x_i^2", "∑ᵢ₌₁ⁿ xᵢ²"),
        (r"\int_0^1 f(x)\,dx", "∫₀¹ f(x) dx"),
        (r"\lim_{n\to\infty} a_n", "lim_(n→∞) aₙ"),
        (r"\log p(x) - \log q", "log p(x) − log q"),
        (r"f'(x) = -g''", "f′(x) = −g′′"),
        (r"\hat{y} \in \mathbb{R}^{d}", "\u0177 ∈ ℝᵈ"),
        (r"a \not\in B \ne \emptyset", "a ∉ B ≠ ∅"),
        (r"\text{if } x \le 0", "if x ≤ 0"),
        (r"\binom{n}{k}", "(n choose k)"),
        (r"\begin{bmatrix}1&2\\3&4\end{bmatrix}", "[1, 2; 3, 4]"),
        (r"\left\{x \mid x > 0\right\}", "{x | x > 0}"),
        (r"90^\circ + \overline{AB}", "90° + A\u0305B\u0305"),
        (r"\mathbf{x}^\top \cdot \vec{v}", "𝐱ᵀ · v\u20d7"),
        (r"5, or 6", "5, or 6"),
        (r"f: A \to B", "f: A → B"),
        (r"A \xrightarrow{f} B", "A ⟶ᶠ B"),
        (r"\operatorname*{arg\,min}_x \boxed{f(x)}", "arg minₓ f(x)"),
        (r"\textcolor{red}{x}", "x"),
    ],
)
def test_a_formula_in_a_line(source: str, shown: str) -> None:
    """Raised and lowered signs where there are any, spaces where a printer has them."""
    assert render_formula_inline(source) == shown


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        (r"\begin{pmatrix}1&20\\3&4\end{pmatrix}", ["⎛1  20⎞", "⎝3  4 ⎠"]),
        (r"\begin{bmatrix}a\\b\\c\end{bmatrix}", ["⎡a⎤", "⎢b⎥", "⎣c⎦"]),
        (r"f(x)=\begin{cases}1&x>0\\0&\text{else}\end{cases}",
         ["f(x) = ⎰1  x > 0", "       ⎱0  else"]),
        (r"\frac{a+b}{c}x", [" a + b", "─────── x", "   c"]),
        (r"\sum_{i=1}^{n} x_i", [" n", " ∑  xᵢ", "i=1"]),
        (r"e^{-x^2/2}", [" −x²/2", "e"]),
        (r"e^{i\pi} + 1", [" iπ", "e   + 1"]),
        (r"\left(\frac{1}{2}\right)", ["⎛ 1 ⎞", "⎜───⎟", "⎝ 2 ⎠"]),
        (r"\sqrt{\frac{a}{b}}", [" ┌─────", " │  a", " │ ───", "√│  b"]),
        (r"\begin{aligned}a&=b\\&=c+d\end{aligned}", ["a = b", "  = c + d"]),
        (r"W_0", ["W₀"]),
        (r"a = b \\[4pt] c = d \\", ["a = b", "c = d"]),
        (r"\begin{array}{cc} 1 & 2 \\[2pt] \hline 3 & 4 \end{array}", ["1  2", "3  4"]),
        (r"A \xrightarrow{abc} B", ["  abc", "A  ⟶  B"]),
    ],
)  # fmt: skip
def test_a_formula_that_stands_alone(source: str, rows: list[str]) -> None:
    """Fractions have a line, matrices brackets, sums their limits above and below."""
    assert list(render_formula_block(source, 72) or ()) == rows


@pytest.mark.parametrize(
    "source",
    [
        r"\input{/etc/passwd}", r"\write18{ls}", r"\newcommand{\x}{\x\x}\x", r"\def\x{\x}\x",
        r"\char27[31m", r"^^[[31m", r"^^1b", r"\catcode`\^^M=13", r"\csname input\endcsname",
        r"\unheard{x}", "{x", "x}", r"\frac{1}", r"\begin{pmatrix}1", r"\begin{x}1\end{x}",
        r"\left(x", r"\sqrt[3", "x^2^3", "x_a_b", "a & b", r"\\", "100%", r"\text{\input{x}}",
        "{" * 5_000, "x^{" * 3_000, r"\frac{" * 2_000, r"\left(" * 1_500, "x" * 10_000, "", " ",
        r"\begin{pmatrix}" * 600, r"\sqrt" * 390 + "x", r"\hat" * 400 + "x", "\x1b[31m", "a\x07b",
        r"\text{" + "\x1b]52;c;x\x07}",
    ],
    ids=lambda source: ascii(source)[:24],
)  # fmt: skip
def test_what_is_not_understood_is_left(source: str) -> None:
    """No command runs, no file is read, nothing is guessed: the source is shown, and at once."""

    def render() -> None:
        assert render_formula_inline(source) is None
        assert render_formula_block(source, 72) is None

    assert count_calls(render) < 4_000


PIECES = st.lists(
    st.sampled_from(
        [*r"abx12+-=^_{}()&,'$ ", r"\\", r"\frac", r"\sqrt", r"\sum", r"\left(", r"\right)",
         r"\begin{pmatrix}", r"\end{pmatrix}", r"\alpha", r"\text{", r"\hat", r"\not", r"\binom",
         r"\mathbf", r"\overset", "\x1b", "\u202e", "漢", "^^["]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@given(PIECES, st.integers(8, 60))
def test_no_formula_breaks_a_card(source: str, columns: int) -> None:
    """Whatever stands between dollars, a card is set, its lines fit, and nothing steers."""
    for text in (f"a ${source}$ b", f"$${source}$$", f"${source}$"):
        for line in render_markdown(text, columns):
            assert display_width(line.plain) <= columns
            assert not re.search(CONTROL_CHARACTERS, line.plain)


def test_only_ascii_shows_the_source() -> None:
    """Where no other sign can be shown, mathematics is what was typed."""
    ascii_only = Capabilities(has_unicode=False)
    assert [line.plain for line in render_markdown("so $x_1$", 40, ascii_only)] == ["so $x_1$"]
    assert [line.plain for line in render_markdown("$$x_1$$", 40, ascii_only)] == ["$$x_1$$"]


def test_a_formula_too_wide_for_its_rows_is_set_in_lines() -> None:
    """What does not fit side by side is told in a line, and wrapped."""
    source = r"\frac{" + "+".join("abcdefghij") + r"}{2}"
    assert render_formula_block(source, 12) is None
    assert "".join(line.plain for line in render_markdown(f"$${source}$$", 12)).endswith("/2")


def test_the_real_screen_shows_what_its_output_can_take(tmp_path: Path) -> None:
    """In UTF-8 mathematics is set; where only ASCII can be written, it is its source."""
    put_deck(tmp_path, 'deck: Math\ncards:\n  - front: "$W_0 \\\\to x^2$"\n    back: x\n')
    for encoding, shown in (("utf-8", "W₀ → x²"), ("ascii", r"$W_0 \to x^2$")):
        terminal = Terminal(tmp_path, ["study"], env={"PYTHONIOENCODING": encoding})
        terminal.wait_for(shown)
        terminal.type("q")
        terminal.wait_for("left for today")
        terminal.type("q")
        assert terminal.end() == 0


@pytest.mark.parametrize(
    "wrap", ["x^{%s}", "x_{%s}", r"\frac{1}{%s}", r"\sum_{%s}", r"\sqrt{%s}", "x_{%s}^{%s}"]
)
def test_depth_costs_no_more_than_length(wrap: str) -> None:
    """A formula in a formula in a formula is set at once, or not at all."""
    source = "x"
    while len(grown := wrap.replace("%s", source)) < MAX_FORMULA_LENGTH and grown.count("{") < 400:
        source = grown
    render = lambda: (render_formula_inline(source), render_formula_block(source, 72))  # noqa: E731
    assert count_calls(render) < 200_000
