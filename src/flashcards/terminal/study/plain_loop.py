"""Line-based study loop for pipes and screen readers."""

from collections.abc import Callable
from typing import TextIO

from flashcards.core.events import Review
from flashcards.core.format_count import format_count
from flashcards.core.session import QueueReason, Session
from flashcards.errors import FlashcardsError, StoreError
from flashcards.terminal.markdown.card_text import plain_lines
from flashcards.terminal.study.actions import StudyActions
from flashcards.terminal.study.answering.answer_view import AnswerView
from flashcards.terminal.study.answering.make_answer_view import make_answer_view
from flashcards.terminal.study.study_port import StudyPort
from flashcards.terminal.text.format import format_answered, format_percent
from flashcards.terminal.text.sanitize import sanitize_line, write_line

RATING_PROMPT = "How well did you know this? 1 Not at all, 2, 3, 4, 5 Perfectly (1-2 forgot, 3-5 recalled)"
COMMAND_HELP = (
    "Enter shows the answer, n a hint; then 1-5, u undo, U redo, s suspend, b bury, m REASON mark, r hide, "
    "/ WORDS look up, i history, q quit. Where an answer is typed, a command begins with a colon: :q."
)
QUIT_COMMAND = "q"
COMMANDS_BEFORE_ANSWER = ("u", "s", "b", "q", "?", "h", "i", "m", "n", "e", "p")
"""Commands before the answer; any other line shows it."""


class PlainStudyLoop:
    """A session on text streams; ratings are on disk before they are acknowledged."""

    def __init__(  # noqa: PLR0913 (a session, a port, two streams, a clock, what was asked for)
        self,
        session: Session,
        port: StudyPort,
        stdin: TextIO,
        stdout: TextIO,
        *,
        monotonic: Callable[[], float],
        typing: bool = False,
    ) -> None:
        self._actions = StudyActions(session, port, monotonic)
        self._stdin = stdin
        self._stdout = stdout
        self._type_answers = typing
        self._answer_view: AnswerView
        port.on_wait(lambda line: self._print_line(f"({line})"))

    def run(self, time_limit_ms: int | None = None) -> None:
        """Ask cards, then print the summary."""
        while self._actions.card_state is not None:
            is_time_up = time_limit_ms is not None and self._actions.time_spent_ms >= time_limit_ms
            if is_time_up or not self._ask_card():
                break
        self._print_summary()

    def _ask_card(self) -> bool:
        """Ask one card; False ends the session."""
        self._print_notices()
        deck, session = self._actions.current_card.deck, self._actions.session
        left, answered = session.remaining, session.answered
        is_repeat = session.current is not None and session.current.reason is QueueReason.AGAIN
        place = f"{answered + 1}/{answered + left.new + left.due}"
        self._print_line(f"[{f'again, {left.again} to repeat' if is_repeat else place}] {deck}")
        self._ask_question()
        command = self._reveal_answer()
        while command is not None and command.casefold() != QUIT_COMMAND:
            is_card_done = self._run_command(command)
            if is_card_done:
                return True
            if is_card_done is None:
                command = self._read_line(f"{sanitize_line(command)!r} does nothing here. {COMMAND_HELP}")
            else:
                command = self._read_command()
        return False

    def _ask_question(self) -> None:
        card, today, shown = self._actions.current_card, self._actions.port.today(), self._actions.shown_today
        self._answer_view = make_answer_view(card, today, shown, typing=self._type_answers)
        self._print_line(self._answer_view.question_text)

    def _reveal_answer(self) -> str | None:
        """Show the answer step by step; return the next command."""
        answer_view = self._answer_view
        while not answer_view.answer_shown:
            hint = "; :n shows a hint)" if self._actions.current_card.hint else ")"
            command = self._read_line(answer_view.line_prompt.removesuffix(")") + hint)
            if command is None or (_is_command(command) and not answer_view.is_answer(command)):
                return command and command.removeprefix(":")
            for line in answer_view.submit_line(command):
                self._print_line(line)
        if remark := self._actions.current_card.remark:
            self._print_line(f"Note: {plain_lines(remark)}")
        return self._read_command()

    def _read_command(self) -> str | None:
        """Read a command; Enter accepts a proposed rating, or asks again."""
        if not self._answer_view.answer_shown:
            return self._reveal_answer()
        proposed = self._answer_view.proposed_rating
        prompt = f"{RATING_PROMPT}; Enter accepts {proposed}" if proposed else RATING_PROMPT
        command = self._read_line(prompt)
        while command == "" and not proposed:
            command = self._read_line(prompt)
        return str(proposed) if command == "" else command and command.removeprefix(":")

    def _run_command(self, command: str) -> bool | None:
        """Run a command: True moves on, False stays, None is unknown."""
        actions = self._actions
        name, _, rest = command.partition(" ")
        moves = {
            "u": lambda: actions.undo_last()[0], "U": actions.redo_last,
            "s": actions.suspend_card, "b": actions.bury_card,
        }  # fmt: skip
        try:
            if move := moves.get(command) or moves.get(command.casefold()):
                self._print_line(move())
                return True
            if command in {"1", "2", "3", "4", "5"} and self._answer_view.answer_shown:
                self._print_line(actions.rate_card(int(command)))
                self._print_leech_advice()
                return True
            return self._run_side_command(name.casefold(), rest.strip())
        except StoreError as error:
            self._print_line(str(error))
            return True

    def _run_side_command(self, name: str, argument: str) -> bool | None:
        """Run a command that keeps the current card; None is unknown."""
        actions = self._actions
        if name == "m":
            self._print_line(actions.mark_card(argument, on=True))
        elif name == "n":
            fault = actions.show_hint(answer_shown=self._answer_view.answer_shown)
            self._print_line(f"({fault})" if fault else f"Hint: {plain_lines(actions.current_card.hint)}")
        elif name == "r":
            self._ask_question()
        elif name in ("?", "h"):
            self._print_line(COMMAND_HELP)
        elif name == "i":
            self._print_history()
        elif name == "e":
            self._print_line(
                f"{actions.current_card.path}:{actions.current_card.line}: "
                "edit the file; changes are picked up at once."
            )
        elif name == "p":
            with actions.clock_paused():
                self._read_line("Paused. Press Enter to continue.")
        elif name.startswith("/"):
            self._search_cards(f"{name[1:]} {argument}".strip())
        else:
            return None
        return False

    def _search_cards(self, query: str) -> None:
        try:
            with self._actions.clock_paused():
                cards = self._actions.port.search_cards(query) if query else []
        except FlashcardsError as error:
            self._print_line(str(error))
            return
        for entry in cards[:10]:
            self._print_line(f"{sanitize_line(entry.card.front)} -> {sanitize_line(entry.card.back)}")
        if len(cards) != 1:
            self._print_line(f"{format_count(len(cards), 'card')}.")

    def _print_history(self) -> None:
        answers = [
            moment
            for moment in self._actions.port.card_history(self._actions.current_card.id)
            if moment.answer_kind
        ]
        for moment in answers[-10:]:
            due = moment.after.due.isoformat() if moment.after.due else ""
            rating = moment.event.rating if isinstance(moment.event, Review) else ""
            self._print_line(f"{moment.event.at:%Y-%m-%d %H:%M}: {rating}, due {due}")
        if not answers:
            self._print_line("No answers yet.")

    def _print_leech_advice(self) -> None:
        if (leech := self._actions.new_leech) is not None:
            self._print_line(
                f"Forgotten {format_count(leech.progress.memory.lapses, 'time')}: "
                "perhaps the card needs rewriting. "
                f"It is at {leech.card.path}:{leech.card.line}; "
                f"to stop asking it: flashcards suspend {leech.card.id}"
            )

    def _read_line(self, prompt: str) -> str | None:
        self._print_line(prompt)
        line = self._stdin.readline()
        return line.strip() if line else None

    def _print_line(self, text: str) -> None:
        write_line(self._stdout, text)

    def _print_notices(self) -> None:
        for line in self._actions.notices:
            self._print_line(f"({line})")
        self._actions.notices = []

    def _print_summary(self) -> None:
        self._print_notices()
        summary = self._actions.session.compute_results()
        share = format_percent(summary.recalled, summary.cards)
        recalled = f", recalled {summary.recalled} of {summary.cards} ({share})" if summary.cards else ""
        self._print_line(f"{format_answered(summary.cards, summary.repeats, summary.ms)}{recalled}.")
        today = self._actions.port.today_summary()
        self._print_line(f"Tomorrow: {today.tomorrow_due} due, {today.upcoming.new_tomorrow} new.")


def _is_command(line: str) -> bool:
    line = line.removeprefix(":")
    name = line.partition(" ")[0].casefold()
    return line.casefold() in COMMANDS_BEFORE_ANSWER or (name == "m" and " " in line) or name.startswith("/")
