"""Open this process's terminal for a full screen."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from flashcards.terminal.device.capabilities import screen_capabilities
from flashcards.terminal.device.images import (
    FindImage,
    ImageRenderer,
    cell_pixels,
    make_image_renderer,
    should_query_sixels,
)
from flashcards.terminal.device.keyboard import Keyboard
from flashcards.terminal.device.screen import TerminalScreen
from flashcards.terminal.theme import choose_palette


@contextmanager
def open_terminal(
    theme: str, images: str = "off", find_image: FindImage = lambda *_: None
) -> Iterator[tuple[Keyboard, TerminalScreen]]:
    """Open the keyboard and screen for the length of a `with`."""
    palette, ask = choose_palette(theme, os.environ)
    output_fd, encoding = sys.stdout.fileno(), sys.stdout.encoding
    drawer = make_image_renderer(find_image, images, os.environ, output_fd)
    screen = TerminalScreen(output_fd, encoding, palette, screen_capabilities(encoding, os.environ, drawer))
    queries = ["background"] * ask + ["sixels"] * should_query_sixels(images, os.environ)

    def on_terminal_reply(reply: str) -> None:
        screen.on_terminal_reply(
            reply, lambda: ImageRenderer(find_image, "sixel", cell_size=cell_pixels(output_fd))
        )

    with Keyboard(sys.stdin.fileno(), output_fd, on_terminal_reply, screen.invalidate, queries) as keyboard:
        yield keyboard, screen
