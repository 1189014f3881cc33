"""What a terminal is told while work goes on, and which marks and colours it can show. A pipe gets plain text and no progress."""

from __future__ import annotations

import os
import threading
import time
import unicodedata
from types import TracebackType
from typing import Any, TextIO

BAR = 20  # columns
NARROW = 72  # columns: below, there is no room for a bar
SPARE = 3  # columns at the end of the line: the terminal shows a Ctrl-C there as ^C, and must not wrap
TICK_S = 0.2  # seconds between two drawings when nothing else happens: the clock runs on
GREEN, RED, PLAIN = "\x1b[32m", "\x1b[31m", "\x1b[0m"


def is_live(stream: TextIO) -> bool:
    """Whether lines can be rewritten in place."""
    return stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def is_unicode(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "").startswith("utf")


def mark(good: bool, stream: TextIO) -> str:
    """A tick or a cross; coloured on a terminal unless NO_COLOR is set, a word where the encoding has no such character."""
    text = ("✓" if good else "✗") if is_unicode(stream) else ("ok  " if good else "FAIL")
    coloured = is_live(stream) and not os.environ.get("NO_COLOR")
    return f"{GREEN if good else RED}{text}{PLAIN}" if coloured else text


class Progress:
    """One line, rewritten in place; used in a ``with`` block, after which the line is gone. Silent where ``stream`` is no terminal."""

    def __init__(self, stream: TextIO, quiet: bool) -> None:
        self._stream, self._live = stream, is_live(stream) and not quiet
        self._event: dict[str, Any] = {}
        self._started = time.monotonic()
        self._drawing = threading.Lock()
        self._over = threading.Event()
        self._clock = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Progress:
        if self._live:
            self._clock.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        if self._live:
            with self._drawing:
                self._write("\r\x1b[K")

    def __call__(self, event: dict[str, Any]) -> None:
        self._event = event
        self._draw()

    def _tick(self) -> None:
        while not self._over.wait(TICK_S):
            self._draw()

    def _draw(self) -> None:
        if not self._live or not self._event:
            return
        with self._drawing:
            if not self._over.is_set():
                self._write(f"\r{self._line(_columns(self._stream))}\x1b[K")

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:  # the terminal is gone; the work is not
            self._live = False

    def _line(self, columns: int) -> str:
        """At most ``columns`` - SPARE wide. Where room is short a kernel's long name is cut before what happens to it."""
        percent, seconds = int(self._event.get("percent", 0)), f"  {time.monotonic() - self._started:.1f} s"
        filled = BAR * percent // 100
        bar = ("█" * filled + "░" * (BAR - filled) if is_unicode(self._stream) else "#" * filled + "." * (BAR - filled)) + " "
        start = f"{bar if columns >= NARROW else ''}{percent:3d} %  "
        kernel, message = _printable(self._event.get("kernel", "")), _printable(self._event.get("message", ""))
        room = columns - SPARE - len(start) - len(seconds) - (2 if kernel and message else 0)
        kernel = shortened(kernel, max(room - sum(map(_width, message)), room // 3))
        message = shortened(message, room - sum(map(_width, kernel)))
        return start + ": ".join(part for part in (kernel, message) if part) + seconds


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


def shortened(text: str, columns: int) -> str:
    """``text`` cut to a width in columns of a terminal, with dots where something was cut."""
    if sum(map(_width, text)) <= columns:
        return text
    kept, used = "", 0
    for character in text:
        used += _width(character)
        if used > columns - 3:
            break
        kept += character
    return kept + "..." if columns >= 3 else ""


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _columns(stream: TextIO) -> int:
    """The terminal's width now (it may change); COLUMNS wins, as everywhere."""
    try:
        return max(20, int(os.environ.get("COLUMNS", "")))
    except ValueError:
        pass
    try:
        return max(20, os.get_terminal_size(stream.fileno()).columns)
    except (OSError, ValueError):
        return 80
