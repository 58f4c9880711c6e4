"""Org's markup as Markdown: what is bold stays bold, code stays code, links stay links."""

from __future__ import annotations

import re

LINK = re.compile(r"\[\[([^\[\]\n]+)\](?:\[([^\[\]\n]+)\])?\]")
EMPHASIS = {"*": "**", "/": "*", "_": "*", "+": "~~", "=": "`", "~": "`"}
SPAN = re.compile(r"(?<![\w*/_+=~\\])([*/_+=~])(?=[^\s])([^\n]{0,500}?\S|\S)\1(?![\w*/_+=~])")
MATH = re.compile(r"\\\(((?:[^\\]|\\[^()])+?)\\\)|\\\[((?:[^\\]|\\[^\[\]])+?)\\\]")
LONGEST = 20_000
"""Letters of a line in which emphasis is looked for."""
CODE = re.compile(r"`[^`\n]*`|\$\$?[^$]+\$\$?")
PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|bmp)$", re.IGNORECASE)
BEGIN = re.compile(r"\s*#\+begin_(\w+)\s*(\S*).*", re.IGNORECASE)
END = re.compile(r"\s*#\+end_\w+.*", re.IGNORECASE)
REMARK = re.compile(r"\s*#(?:\+|\s|$)")
BULLET = re.compile(r"^(\s*)[+*-](?=\s)")
RULE_IN_TABLE = re.compile(r"\s*\|[-+]+\|?\s*")


def to_markdown(lines: list[str]) -> str:
    """Return org text as Markdown, its common indentation taken away."""
    out, fenced = list[str](), ""
    for line in _dedented(lines):
        if fenced:
            done = END.fullmatch(line)
            out.append(("```" if fenced == "code" else "") if done else _inside(line, fenced))
            fenced = "" if done else fenced
        elif found := BEGIN.fullmatch(line):
            fenced = "code" if found[1].casefold() in {"src", "example", "export"} else "quote"
            if fenced == "code":
                out.append(f"```{found[2] if found[1].casefold() == 'src' else ''}")
        elif RULE_IN_TABLE.fullmatch(line):
            columns = line.count("+") + 1
            out.append("|" + " --- |" * columns)
        elif not REMARK.match(line):
            out.append(_inline(BULLET.sub(r"\1-", line, count=1)))
    if fenced == "code":
        out.append("```")
    return "\n".join(out).strip("\n").rstrip()


def line_to_markdown(text: str) -> str:
    """Return one line of org text as Markdown."""
    return _inline(text).strip()


def _inside(line: str, fenced: str) -> str:
    if fenced == "quote":
        return f"> {_inline(line.strip())}".rstrip()
    return line.removeprefix(",") if line.startswith((",*", ",#+")) else line


def _dedented(lines: list[str]) -> list[str]:
    filled = [line for line in lines if line.strip()]
    margin = min((len(line) - len(line.lstrip()) for line in filled), default=0)
    return [line[margin:].rstrip() for line in lines]


def _inline(text: str) -> str:
    """Return a line with its links, its emphasis and its math; what is code or math is left."""
    text = MATH.sub(lambda found: f"${found[1]}$" if found[1] else f"$${found[2]}$$", text)
    pieces, place = list[str](), 0
    for found in CODE.finditer(text):
        pieces += [_styled(text[place : found.start()]), found[0]]
        place = found.end()
    return "".join([*pieces, _styled(text[place:])])


def _styled(text: str) -> str:
    if len(text) > LONGEST:
        return text
    pieces, place = list[str](), 0
    for found in LINK.finditer(text):
        pieces += [SPAN.sub(_emphasis, text[place : found.start()]), _link(found)]
        place = found.end()
    return "".join([*pieces, SPAN.sub(_emphasis, text[place:])])


def _emphasis(found: re.Match[str]) -> str:
    sign = EMPHASIS[found[1]]
    return f"{sign}{found[2]}{sign}"


def _link(found: re.Match[str]) -> str:
    target, shown = found[1].removeprefix("file:").removeprefix("./"), found[2] or ""
    if PICTURE.search(target):
        name = target if re.match(r"https?://", target) else f"media/{target.rpartition('/')[2]}"
        return f"![{shown}](<{name}>)"
    if re.match(r"https?://", target):
        return f"[{shown}]({target})" if shown else target
    return shown or target
