"""The screens of a session, as text, at the sizes that people have."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import card, review
from flashcards.core.agenda import choices
from flashcards.core.progress import Progress, live
from flashcards.core.session import Remaining, Summary
from flashcards.core.sm2 import Memory
from flashcards.terminal import frames, pages
from flashcards.terminal.desk import Outlook
from flashcards.terminal.frames import Offer, Size, Status, View

SNAPSHOTS = Path(__file__).parent / "snapshots"
TODAY = date(2026, 1, 5)
STATUS = Status("Transformers, RAG & LoRA", 8, Remaining(5, 2, 12), 185_000)
CARD = card(
    "How do Transformers achieve parallelization?",
    "- Self-attention computes relationships between all tokens simultaneously\n"
    "- Unlike RNNs, no sequential recurrence → GPU/TPU friendly\n"
    "- Batch computations are straightforward",
)
LONG = card("Which?", "\n".join(f"- item number {i}" for i in range(60)))
HARD = card("[/nope] :smile: 漢字 \x1b]52;c;x\x07", "`code` **bold** 🙂\n\n```python\nx = 1\n```")
MATH = card(
    "What does attention compute?",
    r"$\mathrm{softmax}(QK^T/\sqrt{d_k})V$, in $O(n^2 d)$; a mask adds $-\infty$."
    "\n\n"
    r"- LoRA: $W = W_0 + \Delta W$ with $\Delta W = \frac{\alpha}{r} BA$"
    "\n"
    r"- not known here: $\unheard{x_1} *y*$; it costs $5 or $6"
    "\n\n"
    r"$$R = \begin{bmatrix} \cos\theta & -\sin\theta \\ \sin\theta & \cos\theta \end{bmatrix},"
    r"\quad p(x) = \frac{1}{\sqrt{2\pi}} \sum_{i=1}^{n} e^{-x_i^2/2}$$",
)
SCRIPTS = card(
    "漢字、仮名、「括弧」とは何ですか。とても長い文章は途中で折り返されます。",
    "- עברית (LoRA) עם 12 מילים, ואנגלית באמצע השורה\n- فارسی: می‌خواهم\n"
    "- ภาษาไทยไม่มีช่องว่างระหว่างคำ\n- हिन्दी: क्षत्रिय\n- 👩‍👩‍👧 👍🏽 ❤️ 🇩🇪 é e\u0301\n"
    "- https://example.org/a/very/long/address/that/goes/on?and=on&and=on\n",
)
TABLE = card(
    "Which attention is which?",
    "| kind | cost | in words |\n|:--|--:|---|\n"
    "| full | $O(n^2)$ | every token looks at every other one |\n"
    "| window | $O(nw)$ | each looks at its neighbours |\n\n"
    "> A quotation that is long enough to be wrapped on most screens.\n\n"
    "1. first\n   - [x] done\n   - [ ] open\n2. second\n\n```python\n"
    "result = some_function(with_arguments=1, and_more='of them', until_the_line=['is long'])\n```",
)
KNOWN = Progress(Memory(236, 6, 2), due=TODAY)
EARLY = Progress(Memory(236, 6, 2), due=TODAY + timedelta(days=3))
SUMMARY = Summary(27, 27, 23, 580_000, {1: 1, 2: 3, 3: 6, 4: 12, 5: 5})
AHEAD = Outlook(14, 20, 11, 6, (("lora-rank", 4), ("masking", 3)))
STEPS = live([review("a", 4), review("a", 1), review("a", 5)]).steps


def offer(progress: Progress = KNOWN) -> Offer:
    return Offer(choices(progress, TODAY), TODAY)


SCREENS: dict[str, Callable[[Size], View]] = {
    "question": lambda size: frames.question(size, STATUS, CARD),
    "answer": lambda size: frames.answer(size, STATUS, CARD, offer(), 0),
    "answer-new": lambda size: frames.answer(size, STATUS, CARD, offer(Progress()), 0),
    "answer-early": lambda size: frames.answer(size, STATUS, CARD, offer(EARLY), 0),
    "answer-long": lambda size: frames.answer(size, STATUS, LONG, offer(), 7),
    "answer-hard": lambda size: frames.answer(size, STATUS, HARD, offer(), 0),
    "answer-math": lambda size: frames.answer(size, STATUS, MATH, offer(), 0),
    "answer-scripts": lambda size: frames.answer(size, STATUS, SCRIPTS, offer(), 0),
    "answer-table": lambda size: frames.answer(size, STATUS, TABLE, offer(), 0),
    "help": lambda size: pages.help_page(size, 0),
    "history": lambda size: pages.history_page(size, CARD.front, STEPS, TODAY, 0),
    "summary": lambda size: pages.summary_page(size, SUMMARY, AHEAD, 0, ""),
}
SIZES = (Size(80, 24), Size(40, 20), Size(40, 15), Size(200, 50))


def text(view: View) -> str:
    return "\n".join(line.plain.rstrip() for line in view.lines) + "\n"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.columns}x{size.rows}")
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_looks_as_it_did(name: str, size: Size) -> None:
    """Each screen is the text that was looked at and found good.

    FLASHCARDS_SNAPSHOTS=write takes the present ones: look at the difference before committing it.
    """
    found = text(SCREENS[name](size))
    path = SNAPSHOTS / f"{name}-{size.columns}x{size.rows}.txt"
    if os.environ.get("FLASHCARDS_SNAPSHOTS") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


@given(st.integers(10, 220), st.integers(3, 60), st.sampled_from(sorted(SCREENS)))
def test_every_screen_fits_every_size(columns: int, rows: int, name: str) -> None:
    """No line is too wide, no row too many, at any size."""
    view = SCREENS[name](Size(columns, rows))
    assert len(view.lines) <= rows
    assert all(line.cell_len <= columns for line in view.lines)


@given(st.text(max_size=300), st.text(max_size=300), st.integers(10, 120), st.integers(3, 40))
def test_every_card_fits_every_size(front: str, back: str, columns: int, rows: int) -> None:
    """Whatever a card says, its screens stay in their bounds."""
    size, shown = Size(columns, rows), card(front, back)
    for view in (
        frames.question(size, STATUS, shown),
        frames.answer(size, STATUS, shown, offer(), 3),
    ):
        assert len(view.lines) <= rows
        assert all(line.cell_len <= columns for line in view.lines)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.columns}x{size.rows}")
def test_the_question_stays_where_it_was(size: Size) -> None:
    """Showing the answer does not move the question."""
    before = text(SCREENS["question"](size)).split("\n")
    after = text(SCREENS["answer"](size)).split("\n")
    row = next(
        i for i, line in enumerate(before) if "Transformers achieve" in line or "How do" in line
    )
    assert before[row] == after[row]


@pytest.mark.parametrize("columns", [10, 20, 40, 80])
def test_quit_is_always_told(columns: int) -> None:
    """However narrow, the way out is on the screen."""
    last = frames.question(Size(columns, 20), STATUS, CARD).lines[-1].plain
    assert "q" in last or "space" in last
