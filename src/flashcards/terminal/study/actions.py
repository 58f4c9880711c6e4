"""Study actions: store the event first, then advance."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from flashcards.core.cards import Card, CardId
from flashcards.core.clean_text import CONTROL_CHARACTER
from flashcards.core.date_text import format_day
from flashcards.core.events import Bury, EventId, Mark, Suspend, UndoableEvent
from flashcards.core.progress import CardState
from flashcards.core.quote_cards import quote_front
from flashcards.core.scheduling import RatingOutcome, preview_ratings
from flashcards.core.session import QueuedCard, QueueReason, Session, queue_reason
from flashcards.core.sm2 import MIN_RECALLED_QUALITY
from flashcards.core.today_summary import MAX_ANSWER_MS
from flashcards.errors import StoreError
from flashcards.terminal.study.study_port import StudyPort
from flashcards.terminal.text.format import relative_day

HARDEST_MIN_LAPSES = 3  # lapses from which the summary names a card as hard
LEECH_REMINDER_DIVISOR = 2  # a leech is reported again after every further half of the threshold


class StudyActions:
    """What the user can do with the current card of a session."""

    def __init__(
        self, session: Session, port: StudyPort, monotonic: Callable[[], float], undo_key: str = "u"
    ) -> None:
        self.session = session
        self.port = port
        self.time_spent_ms = 0  # answer time of this session
        self.notices: list[str] = []  # messages to show once
        self.steps_here = 0  # actions of this session that can be undone
        self.new_leech: CardState | None = None  # the card that the last rating made a leech
        self.hint_shown = False
        self._monotonic = monotonic
        self._undo_key = undo_key
        self._timer_start = monotonic()
        self._today = port.today()
        self._answered_elsewhere: set[CardId] = set()
        self._told_paths: set[str] = set()
        self.card_state: CardState | None = None
        self._preview: dict[int, RatingOutcome] | None = None
        self.load_current_card()

    @property
    def current_card(self) -> Card:
        """The current card."""
        if self.card_state is None:
            raise ValueError("there is no current card")
        return self.card_state.card

    @property
    def shown_today(self) -> int:
        """Today's earlier answers of the current card, if it has choices."""
        card = self.current_card
        return self.port.count_answers(card.id) if card.answer_mode.choices else 0

    def load_current_card(self) -> None:
        """Load the next card that may still be asked, and start its timer."""
        self._poll_changes()
        self.card_state, self._preview, self.hint_shown = None, None, False
        while self.session.current is not None:
            self.card_state = self._refresh_card(self.session.current.card)
            slot = self.session.current
            why = self._skip_reason(slot, self.card_state)
            if self.card_state is not None and not why:
                self._warn_of_control_characters(self.card_state.card)
                break
            front = quote_front(self.card_state.card.front) if self.card_state else slot.card
            self.notices.append(f"{front} skipped: it {why}")
            self.card_state = None
            self.session.remove_current()
        self._timer_start = self._monotonic()

    def _warn_of_control_characters(self, card: Card) -> None:
        """Warn once per deck of control characters, from YAML escapes in double quotes."""
        if card.path not in self._told_paths and re.search(CONTROL_CHARACTER, f"{card.front}{card.back}"):
            self._told_paths.add(card.path)
            self.notices.append(
                f"{card.path}:{card.line}: a control character, from a backslash between double quotes. "
                "What to write instead: flashcards check"
            )

    def recheck_current_card(self) -> bool:
        """Tell whether the current card may still be asked; else load the next."""
        slot = self.session.current
        self._poll_changes()
        # A reworded card has a new id, so that its old state is gone; it is shown as it is now.
        if slot is None or not self._skip_reason(slot, self.port.card_state(slot.card)):
            return True
        self.load_current_card()
        return False

    def reload_current_card(self) -> bool:
        """Reload the current card's text after an edit; the timer keeps running.

        Tells whether it is still the same card.
        """
        since, hint_shown = self._timer_start, self.hint_shown
        self._poll_changes()
        if self.session.current:
            self._refresh_card(self.session.current.card)
        before = self.session.current
        self.load_current_card()
        same = before is not None and self.session.current == before
        if same:
            self._timer_start, self.hint_shown = since, hint_shown
        return same

    def _refresh_card(self, card: CardId) -> CardState | None:
        """Return a card's state now, renaming it in the session if its id changed."""
        entry = self.port.card_state(card)
        if entry is None and (new := self.port.successor(card)) is not None:
            self.session.rename(card, new)
            return self.port.card_state(new)
        return entry

    def _poll_changes(self) -> None:
        """Load changes by other programs, and notice a new study day."""
        try:
            changes = self.port.poll_changes()
            self._answered_elsewhere |= changes.answered_cards
            self.notices += changes.notices
        except StoreError as error:  # the current card can be asked anyway
            self.notices.append(str(error))
        if (today := self.port.today()) != self._today:
            self._today = today
            self.notices.append(f"A new study day has started: answers now count for {format_day(today)}")

    def _skip_reason(self, slot: QueuedCard, card_state: CardState | None) -> str:
        """Return why a card must not be asked any more, or ""."""
        if card_state is None:
            return "is no longer in any deck"
        progress = card_state.progress
        if progress.is_hidden(self._today):
            return "was suspended" if progress.suspended else "was buried"
        waits = slot.reason is QueueReason.AGAIN and progress.needs_repeat(
            self._today, self.session.repeat_below
        )
        if slot.card in self._answered_elsewhere and progress.last_answered == self._today and not waits:
            return "was answered elsewhere"
        return ""

    def answer_time_ms(self) -> int:
        """Return how long the card has been shown, capped at a minute."""
        return min(MAX_ANSWER_MS, max(0, int((self._monotonic() - self._timer_start) * 1000)))

    @contextmanager
    def clock_paused(self) -> Iterator[None]:
        """Stop the answer timer for the length of a `with`."""
        paused_at = self._monotonic()
        try:
            yield
        finally:
            self._timer_start += self._monotonic() - paused_at

    def preview(self) -> dict[int, RatingOutcome]:
        """Return what each rating does to the current card."""
        if self.card_state is None:
            return {}
        if self._preview is None:
            progress, today, below = self.card_state.progress, self.port.today(), self.session.repeat_below
            self._preview = preview_ratings(
                progress, today, below, cram=self.session.cram, scheduler=self.port.scheduler()
            )
        return self._preview

    def rate_card(self, rating: int) -> str:
        """Rate the current card; return what happened."""
        # On StoreError nothing has changed.
        previous, ms = self.card_state, self.answer_time_ms()
        card = self.current_card
        review = self.session.make_review(rating, self.port.now(), ms)._replace(hinted=self.hint_shown)
        if (days := self.preview()[rating].next_interval) is not None:
            review = review._replace(next_interval=days, scheduler=self.port.scheduler().name)
        self._append(review)
        current = self._refresh_card(card.id)
        message = self._outcome_message(rating, current)
        self.new_leech = (
            current if previous and current and self._is_leech_reminder_due(previous, current) else None
        )
        self._answered_elsewhere.discard(card.id)
        self.session.rate(rating, ms)
        self.time_spent_ms += ms
        self.load_current_card()
        return message

    def _append(self, event: UndoableEvent) -> None:
        self.port.append_event(event)
        self.steps_here += 1

    def _is_leech_reminder_due(self, previous: CardState, current: CardState) -> bool:
        lapses, limit = current.progress.memory.lapses, self.port.leech_threshold()
        if lapses == previous.progress.memory.lapses or not limit or lapses < limit:
            return False
        return (lapses - limit) % max(1, limit // LEECH_REMINDER_DIVISOR) == 0

    def _outcome_message(self, rating: int, current: CardState | None) -> str:
        if self.session.cram:
            return f"{rating}: practice; the due date does not change"
        if current is None or current.progress.due is None:
            return f"{rating}: saved"
        due = current.progress.due
        again = "again today, then " if rating < self.session.repeat_below else ""
        return f"{rating}: {again}due {due.isoformat()} ({relative_day(due, self.port.today())})"

    def suspend_card(self, card_id: CardId | None = None) -> str:
        """Suspend the current card, or another one."""
        name = card_id or self.current_card.id
        self._append(Suspend(EventId(""), 0, self.port.now(), name))
        if self.session.current and name == self.session.current.card:
            self.session.remove_current()
        self.session.remove_waiting(name)
        self.load_current_card()
        return f"suspended; {self._undo_key} undoes"

    def show_hint(self, *, answer_shown: bool) -> str:
        """Show the hint of the current card; return why not, or ""."""
        if answer_shown or not self.current_card.hint:
            return "the hint is for before the answer" if self.current_card.hint else "this card has no hint"
        self.hint_shown = True
        return ""

    def bury_card(self) -> str:
        """Bury the card until tomorrow."""
        until = self.port.today() + timedelta(days=1)
        self._append(Bury(EventId(""), 0, self.port.now(), self.current_card.id, until))
        self.session.remove_current()
        self.load_current_card()
        return f"buried until tomorrow; {self._undo_key} undoes"

    def _refresh_all_cards(self) -> None:
        for card in self.session.cards:
            self._refresh_card(card)

    def hardest_cards(self) -> list[CardState]:
        """Return the forgotten cards of this session with the most lapses, at most three."""
        self._refresh_all_cards()
        forgot = {a.queued_card.card for a in self.session.given_ratings if a.rating < MIN_RECALLED_QUALITY}
        cards = [entry for card in sorted(forgot) if (entry := self.port.card_state(card))]
        cards = [entry for entry in cards if entry.progress.memory.lapses >= HARDEST_MIN_LAPSES]
        cards.sort(key=lambda entry: -entry.progress.memory.lapses)
        return cards[:3]

    def mark_card(self, reason: str, *, on: bool = True) -> str:
        """Mark the current card to be fixed later, or remove its mark."""
        self._append(Mark(EventId(""), 0, self.port.now(), self.current_card.id, on, reason))
        self.card_state = self.port.card_state(self.current_card.id) or self.card_state
        return "marked; list marked cards: flashcards cards is:marked" if on else "mark removed"

    def undo_last(self) -> tuple[str, bool]:
        """Undo the last action, also of former sessions, and show its card.

        Also tells whether it was an answer of this session.
        """
        undone = self.port.undo_last()
        if undone is None:
            return "nothing to undo", False
        self.steps_here -= 1
        self._refresh_all_cards()
        card_id = undone.card_id
        entry = self.port.card_state(card_id) if card_id else None
        answered_here = {given.queued_card.card for given in self.session.given_ratings}
        given_here = undone.rating > 0 and card_id in answered_here
        if card_id and entry is not None and not entry.progress.is_hidden(self.port.today()):
            source = queue_reason(entry.progress, self.port.today(), self.session.repeat_below)
            self.session.restore_card(card_id, source, undo_rating=undone.rating > 0)
        self._after_step(card_id)
        return f"undone: {undone.text}", given_here

    def redo_last(self) -> str:
        """Redo the last undone action, and move on from its card."""
        redone = self.port.redo_last()
        if redone is None:
            return "nothing to redo"
        self.steps_here += 1
        self._refresh_all_cards()
        card_id, current = redone.card_id, self.session.current
        if card_id and redone.rating and current and current.card == card_id:
            self.session.rate(redone.rating, redone.ms)
        elif card_id:
            state = self.port.card_state(card_id)
            if state and state.progress.is_hidden(self.port.today()):
                self.session.remove_waiting(card_id)
        self._after_step(card_id)
        return f"redone: {redone.text}"

    def _after_step(self, card_id: CardId | None) -> None:
        if card_id:
            self._answered_elsewhere.discard(card_id)
        self.new_leech = None
        self.load_current_card()
