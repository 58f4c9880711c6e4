"""HTML becomes Markdown that shows the same: no word lost, nothing run, no time wasted."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from count_calls import HANGS, count_calls
from flashcards.importers.html.escaping import plain_to_markdown, safe_media_name
from flashcards.importers.html.simple_html import convert_simple_html
from flashcards.importers.html.tags import convert_tags, html_to_markdown
from flashcards.terminal.device.capabilities import Capabilities
from flashcards.terminal.markdown.card_text import render_markdown

CASES = {
    "plain": ("le chien", "le chien"),
    "entities": ("a &lt;b&gt; &amp; c&nbsp;d", "a <b> & c d"),
    "bold and italic": ("<b>bold </b>and <i>it</i>", "**bold** and *it*"),
    "nested styles": ("<b><u>x</u></b>", "***x***"),
    "a style over lines": ("<b>a<br>b</b>", "**a**\n**b**"),
    "divs are lines": ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
    "breaks": ("a<br>b<br/><br />c", "a\nb\n\nc"),
    "bullets": (
        "<ul><li>one</li><li>two<ul><li>x</li></ul></li></ul>after",
        "- one\n- two\n  - x\n\nafter",
    ),
    "numbers": ("<ol><li><p>a</p></li><li><p>b</p><p>c</p></li></ol>", "1. a\n2. b\n\n   c"),
    "items without a list": ("<li>a<li>b", "- a\n- b"),
    "bullets by hand": ("- a<br>- b", "- a\n- b"),
    "math": (r"\(x^2\) and \[ \frac{a}{b} \]", r"$x^2$ and $$\frac{a}{b}$$"),
    "math with markup": (r"\(a &lt; b<br> c\)", "$a < b\nc$"),
    "latex": (
        r"[latex]$x$[/latex] [$]y_1[/$] [$$]z[/$$] [latex]If $a$ then[/latex]",
        "$x$ $y_1$ $$z$$ If $a$ then",
    ),
    "latex in a line": (r"[latex]\begin{math}\sum_1^n k\end{math}[/latex]", r"$\sum_1^n k$"),
    "latex on a line": (r"[latex]\begin{displaymath}a^2\end{displaymath}[/latex]", "$$a^2$$"),
    "latex in rows": (r"[latex]\begin{align}a&=b\end{align}[/latex]", r"$\begin{align}a&=b\end{align}$"),
    "math in dollars": ("$x^2$ and $$a=b$$", "$x^2$ and $$a=b$$"),
    "money": ("from $5-$6, not more", r"from \$5-\$6, not more"),
    "one dollar": ("only $5", "only $5"),
    "a dollar beside math": (r"$5 for \(x\)", r"\$5 for $x$"),
    "math before a digit": (r"\(x\)1 <b>\(y\)<i>2</i></b>", "$x$ 1 **$y$*2***"),
    "a backslash before a sound": (r"\[sound:a.mp3]", r"\\[♪ a.mp3](media/a.mp3)"),
    "an exclamation before a link": (
        "no!<a href='http://x.y'>z</a>![sound:a.mp3]",
        r"no\![z](http://x.y)\![♪ a.mp3](media/a.mp3)",
    ),
    "image": ('<img alt="a dog" src="my%20dog.jpg">', "![a dog](<media/my dog.jpg>)"),
    "image that climbs": ("<img src='../../etc/passwd'>", "![](media/passwd)"),
    "image in the page": ("<img src='data:image/png;base64,AAAA'>", "[image]"),
    "image elsewhere": ("<img src='https://x.y/z.png'>", "![](https://x.y/z.png)"),
    "sound": ("[sound:chien.mp3]", "[♪ chien.mp3](media/chien.mp3)"),
    "index": ("H<sub>2</sub>O x<sup>n+1</sup> y<sup>abc</sup>", "H₂O xⁿ⁺¹ y^(abc)"),
    "table": (
        "<table><tr><th>a</th><th>b|c</th></tr><tr><td></td><td>2<br>3</td></tr></table>",
        "| a | b\\|c |\n| --- | --- |\n|  | 2 3 |",
    ),
    "table of one column": ("<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", "a\nb"),
    "code": ("use <code>a*b</code>", "use `a*b`"),
    "block of code": (
        "<pre><code>def f():\n    return 1\n</code></pre>",
        "```\ndef f():\n    return 1\n```",
    ),
    "signs": ("2*3*4 snake_case _x_ ____ `a`", r"2\*3\*4 snake_case \_x\_ ____ \`a\`"),
    "not a heading": ("# one", r"\# one"),
    "heading": ("<h2>Head</h2>text<hr>more", "**Head**\n\ntext\n\n---\n\nmore"),
    "quote": ("<blockquote>q<br>r</blockquote>z", "> q\n> r\n\nz"),
    "links": (
        "<a href='https://x.y/(a)'>here</a> <a href='javascript:alert(1)'>there</a>",
        "[here](https://x.y/%28a%29) there",
    ),
    "scripts": ("<script>alert('</b>')</script><style>p {}</style>ok", "ok"),
    "comments": ("a<!-- c -->b", "ab"),
    "no tags at all": ("a < b, c <3 d", "a < b, c <3 d"),
    "gaps": (r"{{c1::<b>x</b>::hint}} is \({{c2::y}}\)", "{{c1::**x**::hint}} is ${{c2::y}}$"),
    "ruby": ("<ruby>食<rp>[</rp><rt>た</rt><rp>]</rp></ruby>べる", "食(た)べる"),
    "span": ('<span style="color: red">red</span>', "red"),
}


@pytest.mark.parametrize(("source", "markdown"), CASES.values(), ids=CASES)
def test_what_html_becomes(source: str, markdown: str) -> None:
    """Each thing that a field can hold has its Markdown."""
    assert html_to_markdown(source) == markdown


def shown(markdown: str) -> str:
    """Return what a person sees of Markdown, as one line."""
    return " ".join(" ".join(line.plain for line in render_markdown(markdown, 1000)).split())


TEXT = st.text(st.sampled_from("ab1 *_`[]()<>#!\\&;$~=|.-é中"), max_size=40).filter(
    lambda text: (
        not re.match(r"\s*(?:[-+*]|\d+[.)])(?:\s|$)", text)
        and text.count("$") < 2
        and not re.search(r"\\[(\[]", text)
    )
)


@given(TEXT)
@example("a\\")
@example("***a")
@example("`` ` ``")
@example("![a](b)")
@example("&amp;lt;")
def test_text_stays_as_it_was(text: str) -> None:
    """Text without markup is shown letter by letter, whatever Markdown could take it for."""
    assert shown(html_to_markdown(html.escape(text))) == " ".join(text.split())


SIGNS = st.sampled_from(
    [
        *"ab12.,:;!?()[]{}\"'-+*_#>=|~`/\\&<、。「」（）私重は한中אح ", "word", "__init__", "2*3*4",
        "y**2", "3. ", "- ", "(x)", "f(x)", "a_b", "**", "[x]: y", "&amp", "http://x.y", "[a](b)", "重要。",
    ]
)  # fmt: skip
STYLED = st.recursive(
    st.lists(SIGNS, min_size=1, max_size=4).map(lambda signs: html.escape("".join(signs), quote=False)),
    lambda inner: st.tuples(
        st.sampled_from(["b", "i", "u", "s", "em", "span", "strong"]), st.lists(inner, min_size=1, max_size=4)
    ).map(lambda styled: f"<{styled[0]}>{''.join(styled[1])}</{styled[0]}>"),
    max_leaves=12,
)
FIELDS = st.lists(STYLED | st.sampled_from(["<br>", "<div>", "</div>"]), max_size=6).map("".join)


def letters(markdown: str) -> str:
    lines = render_markdown(markdown, 10_000, Capabilities(reorders_rtl=True))
    return "".join("".join(line.plain for line in lines).replace("•", "-").split())


@given(FIELDS)
@example("<b>重要。</b>次<i>(x)</i>y<b>Note:</b>text")
@example("<b>bold</b><i>it</i><b>bold<i>both</i></b>x<i>a</i><b>b</b>")
@example("a<i>b</i>c 2<b>3</b>4 foo<b>2</b>")
@example("<i>x</i>[<b>]</b>(y) &amp<b>amp</b>; <i>_</i>a_")
def test_what_is_drawn_is_what_the_field_says(source: str) -> None:
    """Emphasis in any place is read back: no sign of it is seen, and no sign of the text is lost."""
    wanted = "".join(html.unescape(re.sub("<[^>]+>", "", source)).split())
    assert letters(html_to_markdown(source)) == wanted


def test_emphasis_comes_through() -> None:
    """Beside punctuation, letters of any script, and where it would look like a product."""
    for source in (
        "<b>重要。</b>次",
        "x<i>(y)</i>z",
        "a<i>b</i>c",
        "<b>a<i>b</i></b>c",
        "Hund<b>e</b>s",
        "<b>b</b><i>i</i>",
    ):
        (line,) = render_markdown(html_to_markdown(source), 80)
        styles = {str(span.style) for span in line.spans}
        assert ("bold" in " ".join(styles)) == ("<b>" in source)
        assert ("italic" in " ".join(styles)) == ("<i>" in source)


PLAIN = st.lists(SIGNS | st.sampled_from(["\n", "\n- ", "---", "```", "$", "1. a"]), max_size=8).map("".join)


@given(PLAIN)
@example("# of moons\n> 1\n- 5\n+")
@example("from $5-$6 and `x`, *y* __z__ [a](b) <http://x.y>")
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    """Formats without markup: what Markdown would take for its own is text."""
    assume(not re.search(r"\$.*\$|!\[[^\]]*\]\(", text, re.DOTALL))
    assume(text.count("1. a") < 2)  # a list counts on, whatever numbers its items have
    assert letters(plain_to_markdown(text)) == "".join(text.split())


def test_only_what_needs_it_is_escaped() -> None:
    """A text keeps its natural form, so that it is found again; formulas and pictures are meant."""
    for text in (
        "2*3*4 = 24",
        "__init__ of snake_case",
        "- 5",
        "# of moons",
        "$x^2$ for $n$",
        "![a](b.png)",
        "a < b",
    ):
        assert plain_to_markdown(text) == text


TAGS = st.sampled_from(
    [
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<div>",
        "</div>",
        "<br>",
        "<ul>",
        "</ul>",
        "<ol>",
        "</ol>",
        "<li>",
        "</li>",
        "<p>",
        "</p>",
        "<table>",
        "</table>",
        "<tr>",
        "</tr>",
        "<td>",
        "</td>",
        "<pre>",
        "</pre>",
        "<code>",
        "</code>",
        "<sup>",
        "</sup>",
        "<blockquote>",
        "</blockquote>",
        "<h1>",
        "</h1>",
        "<a>",
        "</a>",
        "<span>",
        "<hr>",
        "<",
        ">",
        "&",
        '"',
        "'",
    ]
)


@given(st.lists(st.one_of(TAGS, st.integers(100, 999)), max_size=40))
def test_no_word_is_lost(pieces: list[str | int]) -> None:
    """However badly tags are nested, every word between them comes through, in its order."""
    source = "".join(piece if isinstance(piece, str) else f" w{piece} " for piece in pieces)
    words = [f"w{piece}" for piece in pieces if isinstance(piece, int)]
    assert re.findall(r"w\d{3}", html_to_markdown(source)) == words


HOSTILE = {
    "open tags": "<" * 200_000,
    "math that never ends": "\\(" * 100_000,
    "dollars": "$" * 200_000,
    "lists in lists": "<ul><li>" * 20_000 + "x",
    "tables in tables": "<table><td>" * 20_000 + "x",
    "quotes without partners": "<b \"'" * 50_000,
    "comments": "<!--" * 50_000,
    "brackets": "[" * 200_000,
    "stars": "a*" * 100_000,
    "a dollar and braces": "$" + "{{c1::" * 20_000,
    "products": "-1*" * 50_000 + "1." * 50_000,
    "spaces": " " * 200_000 + "<",
}


@HANGS
@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_fields_cost_little(source: str) -> None:
    """No field makes the converter hang, or recurse."""
    html_to_markdown(source)
    plain_to_markdown(source)


SIMPLE = [
    *(f"<{sign}{name}>" for name in ("div", "p", "ul", "ol", "li") for sign in ("", "/")),
    "<br>", "<br />", "<ul><li>", "</li><li>", "</li></ul>", " ", "  ", "\n", "\t", "a", "# b",
    "- c", "--", "=", "1. d", "e\u2028", "f\x85",
]  # fmt: skip


@given(st.lists(st.sampled_from(SIMPLE), max_size=12).map("".join))
@example("a<br><br><ul><li>b<br>c</li><li><p>d</p></li></ul>e<p>f</p>")
def test_the_quick_way_says_the_same(source: str) -> None:
    """Lines and lists, which most fields are made of, come out as by the long way."""
    assert convert_simple_html(source) in (None, convert_tags(source))


def test_usual_fields_go_the_quick_way() -> None:
    """It is taken for lines, paragraphs and a list."""
    fields = ("a<br>b", "<div>a</div><div><br></div>", "a<ul><li>b</li><li>c</li></ul>", "<p>a</p>")
    assert None not in map(convert_simple_html, fields)
    assert convert_simple_html("<ul><li>a<ul><li>b</li></ul></li></ul>") is None


def test_plain_text_costs_next_to_nothing() -> None:
    """A field without markup costs a handful of calls."""
    assert count_calls(lambda: html_to_markdown("What is the capital of France?")) < 40


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("a b.png", "a b.png"),
        ("../x.png", "x.png"),
        ("..\\..\\x.png", "x.png"),
        ("/etc/passwd", "passwd"),
        ("..", ""),
        ("a%2F..%2Fb.png", "b.png"),
        ("C:evil\x00.png", "Cevil.png"),
        (".hidden", "hidden"),
    ],
)
def test_media_names_are_one_plain_component(source: str, name: str) -> None:
    """A media file never leaves its folder, and never hides."""
    assert safe_media_name(source) == name


@HANGS
@pytest.mark.parametrize(
    "source",
    [
        "<" + "name" * 30_000 + " x" * 30_000,
        "<!" * 60_000,
        "<?" * 60_000,
        "<a '" * 30_000,
        "<ul>\n# " * 12_000,
    ],
    ids=["name", "declaration", "instruction", "quote", "lists"],
)
def test_a_tag_that_never_ends_is_looked_through_once(source: str) -> None:
    """However long its name, and however many there are."""
    html_to_markdown(source)
