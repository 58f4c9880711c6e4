"""The screens of a session, as text, at the sizes that people have."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import NOON, card, review
from flashcards.core.card_history import card_history
from flashcards.core.cards import AnswerMode, Card
from flashcards.core.key_bindings import resolve_bindings
from flashcards.core.multiple_choice import answer_options
from flashcards.core.progress import CardState, Progress
from flashcards.core.scheduling import preview_ratings
from flashcards.core.session import RemainingCounts, SessionResults
from flashcards.core.sm2 import MemoryState
from flashcards.terminal.device.line_editor import LineInput
from flashcards.terminal.device.screen import FRAME_END, FRAME_START, TerminalScreen
from flashcards.terminal.device.view import ScreenSize, ScreenView
from flashcards.terminal.study import frame as study_frame
from flashcards.terminal.study import render_pages
from flashcards.terminal.study.answering.answer_view import AnswerView
from flashcards.terminal.study.answering.make_answer_view import make_answer_view
from flashcards.terminal.study.footer import RatingPreview, answer_key_hints, footer_lines
from flashcards.terminal.study.frame import SessionStatus
from flashcards.terminal.study.leech_advice import leech_page
from flashcards.terminal.study.summary_page import SessionSummary, summary_page
from memory_study_port import today_with_forecast

SNAPSHOTS = Path(__file__).parent / "snapshots"
TODAY = date(2026, 1, 5)
STATUS = SessionStatus("Transformers, RAG & LoRA", 8, RemainingCounts(5, 2, 12), 185_000)
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
KNOWN = Progress(MemoryState(236, 6, 2), due=TODAY)
EARLY = Progress(MemoryState(236, 6, 2), due=TODAY + timedelta(days=3))
SUMMARY = SessionResults(27, 6, 23, 580_000, {1: 1, 2: 3, 3: 6, 4: 12, 5: 5})
NOTHING = SessionResults(0, 0, 0, 0, dict.fromkeys(range(1, 6), 0))
AHEAD = today_with_forecast(14, 20, 11, 6)
MOMENTS = card_history(
    (review("a", rating, NOON + timedelta(days=days, hours=-3 * undone)), undone)
    for days, rating, undone in ((-9, 4, False), (-8, 5, True), (-8, 4, False), (0, 1, False))
)


KEYS = resolve_bindings()
TYPED = card("Capital of Burkina Faso?", "Ouagadougou\n\n*Mossi* for: where people get honey",
             answer_mode=AnswerMode(typed=True, accept=("Wagadugu",)))  # fmt: skip
CHOSEN = card(
    "Which of these is a bird?", "the robin", answer_mode=AnswerMode(choices=("the bat", "the bee"))
)
LISTED = card("The primary colours of light?", "Three:\n- red\n- green\n- blue",
              answer_mode=AnswerMode(listed=True))  # fmt: skip
CLOZE = card("LoRA freezes **[…]** and trains A and B.", "LoRA freezes **W0** and trains A and B.",
             answer_mode=AnswerMode(answer="W0"))  # fmt: skip
LEECH = CardState(LISTED, Progress(MemoryState(130, 1, 0, 8), due=TODAY))


def shown_view(shown: Card, *keys: str) -> AnswerView:
    """Return a card as it is asked after some keys."""
    found = make_answer_view(shown, TODAY, typing=False)
    for key in keys:
        assert found.handle_key(key, KEYS.action_for_key(key))
    return found


def page(size: ScreenSize, asked: AnswerView, progress: Progress = KNOWN, scroll: int = 0,
         status: SessionStatus = STATUS) -> ScreenView:  # fmt: skip
    """Return the frame of a card that is being asked."""
    offered = preview_ratings(progress, TODAY)
    offer = RatingPreview(offered, TODAY, asked.proposed_rating) if asked.answer_shown else None
    footer = footer_lines(size, answer_key_hints(asked, KEYS), offer)
    return study_frame.render_study_view(size, status, asked.card_layout(size), footer, scroll)


def right_letter(past: int = 0) -> str:
    """Return the letter of the right option of CHOSEN, or of one past it."""
    found = answer_options(CHOSEN, TODAY)
    return "abc"[(found.index("the robin") + past) % 3]


def typed(text: str) -> AnswerView:
    return shown_view(TYPED, *text, "enter")


SUM_UP = SessionSummary(SUMMARY, 0, AHEAD, (LEECH, CardState(CARD, Progress(MemoryState(146, 1, 0, 3)))))
FAULT = STATUS._replace(message="Not saved: No space left on device (/home/me/.local/share/flash"
                "cards/journal/6dd2a49b-2026.jsonl). Free disk space or fix the folder's permissions, "
                "then try again; everything before this is safe.")  # fmt: skip
MARKED = STATUS._replace(mark_reason="the second point is no longer true", message="marked")
SCREENS: dict[str, Callable[[ScreenSize], ScreenView]] = {
    "question": lambda size: page(size, shown_view(CARD)),
    "question-marked": lambda size: page(size, shown_view(CARD), status=MARKED),
    "question-fault": lambda size: page(size, shown_view(CARD), status=FAULT),
    "answer": lambda size: page(size, shown_view(CARD, "space")),
    "answer-new": lambda size: page(size, shown_view(CARD, "space"), Progress()),
    "answer-early": lambda size: page(size, shown_view(CARD, "space"), EARLY),
    "answer-long": lambda size: page(size, shown_view(LONG, "space"), scroll=7),
    "answer-hard": lambda size: page(size, shown_view(HARD, "space")),
    "answer-math": lambda size: page(size, shown_view(MATH, "space")),
    "answer-scripts": lambda size: page(size, shown_view(SCRIPTS, "space")),
    "answer-table": lambda size: page(size, shown_view(TABLE, "space")),
    "cloze": lambda size: page(size, shown_view(CLOZE)),
    "cloze-answer": lambda size: page(size, shown_view(CLOZE, "space")),
    "typed": lambda size: page(size, shown_view(TYPED, *"Ouaga")),
    "typed-right": lambda size: page(size, typed("ouagadougou")),
    "typed-wrong": lambda size: page(size, typed("Wagadougo")),
    "typed-other": lambda size: page(size, typed("wagadugu.")),
    "typed-nothing": lambda size: page(size, typed("")),
    "typed-left": lambda size: page(size, shown_view(TYPED, *"Ou", "escape")),
    "chosen": lambda size: page(size, shown_view(CHOSEN)),
    "chosen-right": lambda size: page(size, shown_view(CHOSEN, right_letter())),
    "chosen-wrong": lambda size: page(size, shown_view(CHOSEN, right_letter(1))),
    "listed": lambda size: page(size, shown_view(LISTED)),
    "listed-two": lambda size: page(size, shown_view(LISTED, "space", "space")),
    "listed-all": lambda size: page(size, shown_view(LISTED, "space", "A")),
    "help": lambda size: render_pages.help_page(size, KEYS, 0),
    "history": lambda size: render_pages.history_page(size, CARD.front, MOMENTS, 0),
    "paused": lambda size: render_pages.pause_page(size, 8, 19, 185_000),
    "leech": lambda size: leech_page(size, LEECH, KEYS, 0),
    "found": lambda size: render_pages.search_results_page(size, "wh", [LEECH, CardState(LONG, KNOWN)], 1),
    "found-card": lambda size: render_pages.card_page(size, CardState(CARD, EARLY), TODAY, 0),
    "mark": lambda size: render_pages.add_prompt(
        size, page(size, shown_view(CARD)), "reason: ", LineInput("the second point")
    ),
    "summary-left": lambda size: summary_page(size, SUM_UP._replace(cards_left=3), KEYS),
    "summary-nothing": lambda size: summary_page(
        size, SessionSummary(NOTHING, 20, AHEAD, is_cram=True), KEYS
    ),
    "cram": lambda size: page(size, shown_view(CARD, "space"), status=STATUS._replace(is_cram=True)),
    "summary-first": lambda size: summary_page(size, SUM_UP._replace(today=None), KEYS),
    "summary": lambda size: summary_page(size, SUM_UP, KEYS),
}
SIZES = (ScreenSize(80, 24), ScreenSize(40, 20), ScreenSize(40, 15), ScreenSize(200, 50))


def text(view: ScreenView) -> str:
    return "\n".join(line.plain.rstrip() for line in view.lines) + "\n"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.columns}x{size.rows}")
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_looks_as_it_did(name: str, size: ScreenSize) -> None:
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
    view = SCREENS[name](ScreenSize(columns, rows))
    assert len(view.lines) <= rows
    assert all(line.cell_len <= columns for line in view.lines)


@given(st.text(max_size=300), st.text(max_size=300), st.integers(10, 120), st.integers(3, 40))
def test_every_card_fits_every_size(front: str, back: str, columns: int, rows: int) -> None:
    """Whatever a card says, its screens stay in their bounds."""
    size, shown = ScreenSize(columns, rows), card(front, back)
    for view in (page(size, shown_view(shown)), page(size, shown_view(shown, "space"), scroll=3)):
        assert len(view.lines) <= rows
        assert all(line.cell_len <= columns for line in view.lines)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.columns}x{size.rows}")
def test_the_question_stays_where_it_was(size: ScreenSize) -> None:
    """Showing the answer does not move the question."""
    before = text(SCREENS["question"](size)).split("\n")
    after = text(SCREENS["answer"](size)).split("\n")
    row = next(i for i, line in enumerate(before) if "Transformers achieve" in line or "How do" in line)
    assert before[row] == after[row]


@pytest.mark.parametrize("columns", [10, 20, 40, 80])
def test_quit_is_always_told(columns: int) -> None:
    """However narrow, the way out is on the screen."""
    last = page(ScreenSize(columns, 20), shown_view(CARD)).lines[-1].plain
    assert "q" in last or "space" in last


@pytest.mark.parametrize("name", ["question", "answer-math", "typed", "summary"])
def test_a_frame_is_one_write(name: str) -> None:
    """Nothing flickers: what a datagram carries is what one write gave, and that is all of it."""
    reader, writer = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    reader.setblocking(False)
    with reader, writer:
        screen = TerminalScreen(writer.fileno(), "utf-8")
        view = SCREENS[name](screen.size)
        screen.draw_view(view)
        frame = reader.recv(1 << 20)
        with pytest.raises(BlockingIOError):
            reader.recv(1)
    assert frame.startswith(FRAME_START.encode())
    assert frame.endswith(FRAME_END.encode())
    assert (b"\x1b[?25h" in frame) == (view.cursor is not None)
