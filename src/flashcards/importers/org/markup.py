"""Convert org markup to Markdown."""

import re
from functools import partial

from flashcards.importers.shared.source_text import convert_parts

LINK_PATTERN = re.compile(r"\[\[([^\[\]\n]+)\](?:\[([^\[\]\n]+)\])?\]")
EMPHASIS_MARKS = {"*": "**", "/": "*", "_": "*", "+": "~~", "=": "`", "~": "`"}
EMPHASIS_SPAN = re.compile(r"(?<![\w*/_+=~\\])([*/_+=~])(?=[^\s])([^\n]{0,500}?\S|\S)\1(?![\w*/_+=~])")
MATH_PATTERN = re.compile(r"\\\(((?:[^\\]|\\[^()])+?)\\\)|\\\[((?:[^\\]|\\[^\[\]])+?)\\\]")
MAX_LINE_LENGTH = 20_000  # longer lines are not searched for emphasis
CODE_OR_MATH = re.compile(r"`[^`\n]*`|\$\$?[^$]+\$\$?")
IMAGE_EXTENSION = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|bmp)$", re.IGNORECASE)
BLOCK_BEGIN = re.compile(r"\s*#\+begin_(\w+)\s*(\S*).*", re.IGNORECASE)
BLOCK_END = re.compile(r"\s*#\+end_\w+.*", re.IGNORECASE)
COMMENT_LINE = re.compile(r"\s*#(?:\+|\s|$)")
BULLET_PATTERN = re.compile(r"^(\s*)[+*-](?=\s)")
TABLE_RULE = re.compile(r"\s*\|[-+]+\|?\s*")


def org_to_markdown(lines: list[str]) -> str:
    """Convert org text to Markdown, without common indentation."""
    out, block_kind = list[str](), ""
    for line in _dedent_lines(lines):
        if block_kind:
            done = BLOCK_END.fullmatch(line)
            out.append(
                ("```" if block_kind == "code" else "") if done else _convert_block_line(line, block_kind)
            )
            block_kind = "" if done else block_kind
        elif found := BLOCK_BEGIN.fullmatch(line):
            block_kind = "code" if found[1].casefold() in {"src", "example", "export"} else "quote"
            if block_kind == "code":
                out.append(f"```{found[2] if found[1].casefold() == 'src' else ''}")
        elif TABLE_RULE.fullmatch(line):
            columns = line.count("+") + 1
            out.append("|" + " --- |" * columns)
        elif not COMMENT_LINE.match(line):
            out.append(_convert_inline(BULLET_PATTERN.sub(r"\1-", line, count=1)))
    if block_kind == "code":
        out.append("```")
    return "\n".join(out).strip("\n").rstrip()


def org_line_to_markdown(text: str) -> str:
    """Convert one line of org text to Markdown."""
    return _convert_inline(text).strip()


def _convert_block_line(line: str, block_kind: str) -> str:
    if block_kind == "quote":
        return f"> {_convert_inline(line.strip())}".rstrip()
    return line.removeprefix(",") if line.startswith((",*", ",#+")) else line


def _dedent_lines(lines: list[str]) -> list[str]:
    filled = [line for line in lines if line.strip()]
    margin = min((len(line) - len(line.lstrip()) for line in filled), default=0)
    return [line[margin:].rstrip() for line in lines]


def _convert_inline(text: str) -> str:
    """Convert links, emphasis and math, leaving code and math unchanged."""
    text = MATH_PATTERN.sub(lambda found: f"${found[1]}$" if found[1] else f"$${found[2]}$$", text)
    return convert_parts(CODE_OR_MATH, text, lambda code: code[0], between=_convert_links_and_emphasis)


def _convert_links_and_emphasis(text: str) -> str:
    if len(text) > MAX_LINE_LENGTH:
        return text
    emphasis = partial(EMPHASIS_SPAN.sub, _convert_emphasis)
    return convert_parts(LINK_PATTERN, text, _convert_link, between=emphasis)


def _convert_emphasis(match: re.Match[str]) -> str:
    sign = EMPHASIS_MARKS[match[1]]
    return f"{sign}{match[2]}{sign}"


def _convert_link(match: re.Match[str]) -> str:
    target, shown = match[1].removeprefix("file:").removeprefix("./"), match[2] or ""
    if IMAGE_EXTENSION.search(target):
        return f"![{shown}](<{target}>)"
    if re.match(r"https?://", target):
        return f"[{shown}]({target})" if shown else target
    return shown or target
