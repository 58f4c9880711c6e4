"""The page in a real browser: it shows itself, calls nobody, says nothing, and fits a phone."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from flashcards.core.stats.compute_statistics import Statistics
from flashcards.html_report.page import render_page
from statistics_figures import MADE, NASTY, year_in

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium here (Debian: apt-get install chromium)")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--enable-logging=stderr",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
# A page beside ours, from the same server, looks at ours in frames: ours has no script itself.
LOOK = """<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,"><body>FRAMES
<pre id="found"></pre><script>
const look = (seen) => {
  const top = seen.documentElement;
  const style = (one) => seen.defaultView.getComputedStyle(one);
  const shown = (one) => one.checkVisibility();
  const wide = [...seen.querySelectorAll("body *")].filter((one) => shown(one)
    && !one.closest(".skip, thead, caption")
    && one.getBoundingClientRect().right > top.clientWidth + 0.5);
  const reach = [...seen.querySelectorAll("a[href], summary, [tabindex]")].filter(shown);
  const reached = reach.filter((one) => { one.focus(); return seen.activeElement === one; });
  const texts = [...seen.querySelectorAll("svg text")].filter(shown);
  return {
    width: top.clientWidth, scroll: top.scrollWidth,
    wide: wide.map((one) => one.tagName + "." + one.className),
    background: style(seen.body).backgroundColor,
    bar: style(seen.querySelector(".bar:not(.warm)")).fill,
    headings: [...seen.querySelectorAll("h2")].map((one) => one.textContent),
    charts: [...seen.querySelectorAll("svg")].filter(shown).length,
    small: Math.min(...texts.map((one) => one.getBoundingClientRect().height)),
    reach: reach.length, reached: reached.length, mode: seen.compatMode,
    when: seen.querySelector(".when").textContent,
  };
};
addEventListener("load", () => {
  const frames = [...document.querySelectorAll("iframe")];
  const found = frames.map((frame) => look(frame.contentDocument));
  document.querySelector("#found").textContent = JSON.stringify(found);
});
</script>"""
FRAME = '<iframe src="{}" style="width:{}px;height:900px;border:0"></iframe>'


class Quiet(SimpleHTTPRequestHandler):
    """A server of a folder that notes what is asked for."""

    asked: list[str]

    def do_GET(self) -> None:
        """Note the path, and answer."""
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@dataclass
class Site:
    """A folder with the page, served to nobody but the browser of this test."""

    folder: Path
    port: int
    asked: list[str] = field(default_factory=list)

    def open(self, name: str, *flags: str, profile: Path) -> tuple[str, str]:
        """Return the document that the browser made of a page, and all that it logged."""
        found = subprocess.run(
            [str(BROWSER), *FLAGS, f"--user-data-dir={profile}", *flags, "--dump-dom",
             f"http://127.0.0.1:{self.port}/{name}"],
            capture_output=True, text=True, encoding="utf-8", timeout=120, check=True,
        )  # fmt: skip
        return found.stdout, found.stderr

    def look(
        self, *frames: tuple[str, int], profile: Path, dark: bool = False
    ) -> tuple[list[dict[str, Any]], str]:
        """Return what can be seen of pages in frames of some width, and the log."""
        shown = "".join(FRAME.format(*frame) for frame in frames)
        (self.folder / "look.html").write_text(LOOK.replace("FRAMES", shown))
        theme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
        made, log = self.open("look.html", theme, "--virtual-time-budget=5000", profile=profile)
        found = re.search(r'<pre id="found">(.*)</pre>', made)
        assert found, made[-2000:]
        return json.loads(unescape(found[1])), log


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Statistics:
    """Return the figures of a made-up year."""
    return year_in(tmp_path_factory.mktemp("year"))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Return a served folder."""
    folder = tmp_path / "site"
    folder.mkdir()
    asked: list[str] = []
    handler = type("Handler", (Quiet,), {"asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Site(folder, server.server_address[1], asked)
    server.shutdown()
    server.server_close()
    thread.join()


def put(site: Site, found: Statistics, name: str = "page.html") -> None:
    html = render_page(found, *MADE, "<b>French</b>")
    (site.folder / name).write_text(html, encoding="utf-8")


def spoken(log: str) -> Sequence[str]:
    """Return the messages that reached the console."""
    return [line for line in log.splitlines() if "CONSOLE" in line]


def test_it_fits_a_phone_and_a_desk(site: Site, year: Statistics, tmp_path: Path) -> None:
    """In the light theme: nothing beyond the edge, drawings that can be read, all in reach."""
    put(site, year)
    put(site, NASTY, "nasty.html")
    frames = ("page.html", 390), ("nasty.html", 390), ("page.html", 1200), ("nasty.html", 800)
    looks, log = site.look(*frames, profile=tmp_path / "profile")
    for found, (name, width) in zip(looks, frames, strict=True):
        assert found["width"] == found["scroll"] == width
        assert found["wide"] == [] or (name, width) == ("nasty.html", 800)
        assert found["small"] >= 9
        assert found["reach"] == found["reached"] > 30
        assert (found["background"], found["bar"]) == ("rgb(244, 246, 246)", "rgb(11, 110, 120)")
        assert found["mode"] == "CSS1Compat"
        assert found["when"] == "Tue 24 Nov 2026 · <b>French</b>"
    assert looks[0]["headings"][:3] == ["A year of days", "True retention", "Forecast"]
    assert looks[0]["charts"] == looks[2]["charts"] == 14
    assert not spoken(log)


def test_it_follows_a_dark_theme(site: Site, year: Statistics, tmp_path: Path) -> None:
    """A system that is set to dark gets a dark page."""
    put(site, year)
    (found,), log = site.look(("page.html", 390), profile=tmp_path / "profile", dark=True)
    assert (found["background"], found["bar"]) == ("rgb(16, 20, 22)", "rgb(92, 195, 207)")
    assert found["wide"] == []
    assert not spoken(log)


def test_it_asks_nobody_for_anything(site: Site, year: Statistics, tmp_path: Path) -> None:
    """Opened alone, the page makes the browser ask for nothing more, and say nothing."""
    put(site, year)
    made, log = site.open("page.html", profile=tmp_path / "profile")
    assert site.asked == ["/page.html"]
    assert not spoken(log)
    assert made.count("<svg") == 15


def test_it_can_be_printed(site: Site, year: Statistics, tmp_path: Path) -> None:
    """A few pages of paper come of it."""
    put(site, year)
    target = tmp_path / "page.pdf"
    site.open("page.html", f"--print-to-pdf={target}", profile=tmp_path / "profile")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", target.read_bytes())) <= 8
