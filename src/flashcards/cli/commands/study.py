"""`flashcards study`: the options of a study session."""

from enum import Enum
from typing import Annotated

import typer

from flashcards.app.command_context import CommandContext, parse_date
from flashcards.app.study.queue import StudyRequest
from flashcards.app.study.run import StudyOptions, run_study
from flashcards.cli.completion.tab_completions import complete_tags
from flashcards.cli.options import DeckOrSearchArgument
from flashcards.core.study_days import study_day
from flashcards.storage.settings.settings import STUDY_ORDERS

EPILOG = (
    "Examples: study rag --limit 10; study tag:lora 'ease<2'; study --cram 'is:leech or rated<3'; "
    "study 'Transformers' --by 2026-12-04. Search syntax: flashcards cards --help"
)
OrderChoice = Enum("Order", {name: name for name in STUDY_ORDERS}, type=str)  # type: ignore[misc]  # from the table
AheadOption = Annotated[
    int, typer.Option(min=0, metavar="DAYS", help="Also practise cards that become due within DAYS days.")
]
ByOption = Annotated[
    str,
    typer.Option(
        metavar="DATE",
        help="Prepare for an exam: all matching cards are introduced before DATE "
        "and reviewed in the last days.",
    ),
]
MinutesOption = Annotated[
    int | None, typer.Option(min=1, help="Stop after this many minutes (finishes the current card).")
]
CramOption = Annotated[
    bool, typer.Option("--cram", help="Practise all matching cards; the schedule does not change.")
]
PlainOption = Annotated[
    bool, typer.Option("--plain", help="Plain lines instead of a full screen (default in a pipe).")
]

TypeOption = Annotated[
    bool, typer.Option("--type", help="Type every answer; it is checked, and a rating is suggested.")
]


def command(
    context: CommandContext,
    words: DeckOrSearchArgument = None,
    tag: Annotated[str, typer.Option(help="Only cards with this tag.", autocompletion=complete_tags)] = "",
    new: Annotated[int | None, typer.Option(min=0, help="New cards in this session.")] = None,
    reviews: Annotated[int | None, typer.Option(min=0, help="Due cards in this session.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Cards in this session.")] = None,
    minutes: MinutesOption = None,
    order: Annotated[OrderChoice | None, typer.Option(help="Order of due cards.")] = None,
    cram: CramOption = False,
    ahead: AheadOption = 0,
    by: ByOption = "",
    plain: PlainOption = False,
    typing: TypeOption = False,
) -> None:
    """Study due cards and some new ones."""
    exam_day = parse_date(by, study_day(context.now()))
    request = StudyRequest(
        tag=tag, new=new, reviews=reviews, limit=limit, order=order.value if order else "",
        cram=cram, ahead=ahead, by=exam_day,
    )  # fmt: skip
    options = StudyOptions(tuple(words or ()), request, minutes, is_plain=plain, type_answers=typing)
    run_study(context, options)
