"""Sounds in a session: which player runs, with which words, on which file, and when it stops."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from programs import Terminal, run

MP3, WAVE = b"ID3\x04\0\0\0\0\0\x05abcde\xff\xfb\x90\x00", b"RIFF\0\0\0\0WAVEfmt "
DECK = """deck: French
cards:
  - front: "le chien [♪ chien](media/chien.mp3)"
    back: "the dog ![bark](dog.wav)"
  - front: "le chat [sound:list.mp3]"
    back: the cat
  - front: "la vache [♪ moo](http://example.org/moo.mp3)"
    back: the cow
"""
PLAYER = """#!/bin/sh
trap 'echo stopped >> "$HOME/log"; exit' TERM
echo "$0 $*" >> "$HOME/log"
sleep 60 &
wait
"""
"""A player that says what it was asked, and plays until it is stopped."""
MPV = "bin/mpv --no-config --load-scripts=no --ytdl=no --no-video"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with cards that have sounds: in media, beside the deck, and none that may be played."""
    for name, data in (
        ("decks/french.yaml", DECK.encode()),
        ("decks/dog.wav", WAVE),
        ("media/chien.mp3", MP3),
        ("media/list.mp3", b"#EXTM3U\nfile:///etc/passwd\n"),
    ):
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "log").touch()
    return tmp_path


def study(home: Path, *players: str, sound: str = "off") -> Terminal:
    """Start a session where these players are the only programs there are, but for a shell's."""
    put_players(home, *players, sound=sound)
    return Terminal(home, ["study"], env={"PATH": f".:{home}/bin"})


def put_players(home: Path, *players: str, sound: str) -> None:
    """Write players and a setting."""
    folder = home / "bin"
    folder.mkdir(exist_ok=True)
    for name in players:
        (folder / name).write_text(PLAYER)
        (folder / name).chmod(0o755)
    for tool in ("sleep", "sh"):
        (folder / tool).symlink_to(f"/bin/{tool}")
    settings = home / "config" / "flashcards" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'sound = "{sound}"\n')


def wait_for_log(home: Path, *lines: str) -> None:
    """Wait until the players have said just this; of two that run at once, either may speak first."""
    wanted = sorted(line.replace("HOME", str(home)) for line in lines)
    for _ in range(200):
        if (found := sorted((home / "log").read_text().splitlines())) == wanted:
            return
        time.sleep(0.05)
    assert found == wanted


def test_l_plays_stops_and_the_next_card_stops_it(home: Path) -> None:
    """The key plays what is shown; again, it stops; a rating ends what plays."""
    terminal = study(home, "mpv")
    terminal.wait_for("le chien ♪ chien", "l listen", without="media/")
    wait_for_log(home)
    terminal.type("l")
    first = f"HOME/{MPV} HOME/data/media/chien.mp3"
    wait_for_log(home, first)
    terminal.type("l")
    wait_for_log(home, first, "stopped")
    terminal.type(" ")
    terminal.wait_for("the dog ♪ bark")
    terminal.type("l")
    second = f"HOME/{MPV} HOME/data/decks/dog.wav"
    wait_for_log(home, first, "stopped", second)
    terminal.type("4")
    terminal.wait_for("le chat ♪ list.mp3")
    wait_for_log(home, first, "stopped", second, "stopped")
    terminal.type("l")
    terminal.wait_for("list.mp3: no sound file in media or beside the deck")
    terminal.type(" 4")
    terminal.wait_for("la vache ♪ moo (http://example.org/moo.mp3)", without="l listen")
    terminal.type("lqq")
    assert terminal.end() == 0
    wait_for_log(home, first, "stopped", second, "stopped")


def test_sound_on_plays_each_side_by_itself(home: Path) -> None:
    """The question's sound with the question, the answer's with the answer; leaving stops it."""
    terminal = study(home, "mpv", sound="on")
    terminal.wait_for("le chien")
    first = f"HOME/{MPV} HOME/data/media/chien.mp3"
    wait_for_log(home, first)
    terminal.type(" ")
    wait_for_log(home, first, "stopped", f"HOME/{MPV} HOME/data/decks/dog.wav")
    terminal.type("qq")
    assert terminal.end() == 0
    wait_for_log(home, first, "stopped", f"HOME/{MPV} HOME/data/decks/dog.wav", "stopped")


@pytest.mark.parametrize(
    ("players", "said"),
    [
        (["ffplay", "afplay"], "bin/ffplay -protocol_whitelist file -nodisp -autoexit"),
        (["afplay", "paplay"], "bin/afplay"),
        (["paplay", "aplay"], "bin/paplay"),
    ],
)
def test_the_first_player_that_is_there_plays(home: Path, players: list[str], said: str) -> None:
    """By an absolute path, with its fixed words, and the file's absolute path."""
    terminal = study(home, *players)
    terminal.wait_for("le chien")
    terminal.type("l")
    wait_for_log(home, f"HOME/{said} HOME/data/media/chien.mp3")
    terminal.type("qq")
    assert terminal.end() == 0


def test_aplay_plays_waves_alone(home: Path) -> None:
    """It would play an MP3 as noise: then there is no player, and the file is named."""
    terminal = study(home, "aplay")
    terminal.wait_for("le chien")
    terminal.type("l")
    terminal.wait_for("no audio player found; install mpv")
    terminal.type(" l")
    wait_for_log(home, "HOME/bin/aplay HOME/data/decks/dog.wav")
    terminal.type("qq")
    assert terminal.end() == 0


def test_a_session_in_lines_plays_nothing(home: Path) -> None:
    """It names the sounds; whatever is set, no player runs."""
    put_players(home, "mpv", sound="on")
    said = run(home, "study", "--plain", text="l\n4\n", PATH=f"{home}/bin:{os.environ['PATH']}").stdout
    assert "le chien ♪ chien\n" in said
    assert "the dog ♪ bark\n" in said
    wait_for_log(home)
