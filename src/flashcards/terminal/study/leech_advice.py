"""The advice on a leech, a card that is forgotten again and again."""

from rich.text import Text

from flashcards.core.format_count import format_count
from flashcards.core.key_bindings import KeyBindings
from flashcards.core.progress import CardState
from flashcards.terminal import theme
from flashcards.terminal.device.view import ScreenSize, ScreenView
from flashcards.terminal.markdown.card_text import card_text
from flashcards.terminal.study.footer import key_hints
from flashcards.terminal.study.render_pages import render_page
from flashcards.terminal.text.line_breaking import wrap_text

LEECH_ADVICE = (
    "Splitting the card, adding an example or naming what you confuse it with helps more than repeating it. "
    "Your rating is saved in any case."
)


def leech_page(size: ScreenSize, card_state: CardState, bindings: KeyBindings, scroll: int) -> ScreenView:
    """Render the page with the advice, below both sides of the card."""
    card, lapses = card_state.card, card_state.progress.memory.lapses
    lines = [
        *card_text(card.marked_front, card, size),
        Text("─" * 8, theme.CHROME),
        *card_text(card.marked_back, card, size),
        Text(),
        *wrap_text(Text(LEECH_ADVICE, theme.CHROME), size.text_width),
    ]
    hints = key_hints([("edit", "rewrite it"), ("suspend", ""), ("show_all", "continue")], bindings)
    title = f"Forgotten {format_count(lapses, 'time')}: perhaps the card needs rewriting"
    return render_page(size, title, lines, scroll, hints)
