"""Runs the program in processes of their own that are forked with its modules loaded, so they start at once.

Run as a script it is the server: it gets the files of a process, its words, environment and folder over a
socket, forks, and its child writes its process id and then its exit code into the fourth file.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import NoReturn

REQUESTS = Lock()


def serve(requests: socket.socket) -> None:
    """Fork a process for every request, until the other end is closed."""
    import gc
    import importlib
    import pkgutil

    import flashcards

    for module in pkgutil.walk_packages(flashcards.__path__, "flashcards."):
        if module.name != "flashcards.__main__":
            importlib.import_module(module.name)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        head, files, _, _ = socket.recv_fds(requests, 8, 4)
        if not head:
            return
        request = json.loads(requests.recv(int(head), socket.MSG_WAITALL))
        if os.fork() == 0:
            requests.close()
            _watch(files, **request)
        for file in files:
            os.close(file)


def _watch(files: Sequence[int], **request: object) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if (child := os.fork()) == 0:
        _become_program(files, **request)  # type: ignore[arg-type]
    os.write(files[3], b"%d " % child)
    for number in range(3):
        os.close(number)
    for file in files[:3]:
        os.close(file)
    os.write(files[3], b"%d" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    os._exit(0)


def _become_program(
    files: Sequence[int], words: list[str], environ: dict[str, str], folder: str, days: int
) -> NoReturn:
    for number, file in enumerate(files[:3]):
        os.dup2(file, number)
    os.closerange(3, max(files) + 1)
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    time.tzset()
    if days:
        import datetime as dt

        from flashcards.app import clock

        real = clock.now
        clock.now = lambda: real() + dt.timedelta(days=days)
    import flashcards.__main__ as program

    sys.argv = [str(program.__file__), *words]
    program.main()
    raise AssertionError


@functools.cache
def _server(_process: int) -> socket.socket:
    ours, theirs = socket.socketpair()
    inherited = {name: said for name, said in os.environ.items() if name in ("PATH", "VIRTUAL_ENV")}
    server = subprocess.Popen(
        [sys.executable, __file__, str(theirs.fileno())], pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env={**inherited, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    theirs.close()
    atexit.register(server.wait)
    atexit.register(ours.close)  # runs first: the server ends when nobody can ask any more
    return ours


def run_forked(
    words: Sequence[str], environ: Mapping[str, str], text: str, days: int, limit: int
) -> subprocess.CompletedProcess[str]:
    """Run the program to its end, as `subprocess.run` does; after `limit` seconds it is killed."""
    pipes = [os.pipe() for _ in range(4)]
    theirs = [pipes[0][0], pipes[1][1], pipes[2][1], pipes[3][1]]
    request = {"words": list(words), "environ": dict(environ), "folder": str(Path.cwd()), "days": days}
    body = json.dumps(request).encode()
    with REQUESTS:  # one at a time, whichever threads ask
        server = _server(os.getpid())
        socket.send_fds(server, [b"%8d" % len(body)], theirs)
        server.sendall(body)
    for file in theirs:
        os.close(file)
    told = _exchange(pipes[0][1], [pipe[0] for pipe in pipes[1:]], text.encode("utf-8", "replace"), limit)
    out, err = (data.decode("utf-8", "replace").replace("\r\n", "\n") for data in told[:2])
    return subprocess.CompletedProcess(["flashcards", *words], int(told[2].split()[1]), out, err)


def _exchange(feed: int, sources: Sequence[int], data: bytes, limit: int) -> list[bytes]:
    """Write the data and read each source to its end."""
    told = dict.fromkeys(sources, b"")
    end = time.monotonic() + limit
    with selectors.DefaultSelector() as waiting:
        os.set_blocking(feed, False)
        waiting.register(feed, selectors.EVENT_WRITE)
        for source in sources:
            waiting.register(source, selectors.EVENT_READ)
        while waiting.get_map():
            if time.monotonic() > end:
                os.kill(int(told[sources[2]].split()[0]), signal.SIGKILL)
                raise subprocess.TimeoutExpired("flashcards", limit, *list(told.values())[:2])
            for key, _ in waiting.select(1):
                if key.fd == feed:
                    with suppress(BlockingIOError, BrokenPipeError):
                        data = data[os.write(feed, data) :] if data else data
                        if data:
                            continue
                elif more := os.read(key.fd, 1 << 16):
                    told[key.fd] += more
                    continue
                waiting.unregister(key.fd)
                os.close(key.fd)
    return list(told.values())


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
