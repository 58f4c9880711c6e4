"""For all tests: a property is judged by what holds, not by how busy the machine is."""

from __future__ import annotations

import signal

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.register_profile("brief", deadline=None, max_examples=15)  # for a second Python
settings.load_profile("untimed")

# A shell's background job ignores Ctrl-C, and so would each program that a test starts from it.
signal.signal(signal.SIGINT, signal.default_int_handler)
