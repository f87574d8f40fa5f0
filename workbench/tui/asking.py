"""Questions to the terminal while keys are read: its answers come the way keys come, and are picked out of them.

Every question ends with one for the device attributes, which terminals answer in turn, so its answer tells that all
others are there or will not come.  Nothing is picked out while no answer is expected.

References
----------
XTerm Control Sequences: "Send Device Attributes" (``CSI c``), "Set or request graphics attribute" (``CSI ? S``),
"Change VT100 text background color" (``OSC 11``), window manipulation (``CSI 16 t``); kitty's graphics protocol
(``APC G``).
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.message import Message

PATIENCE: Final = 3.0
_LAST: Final = "\x1b[c"
_LAST_ANSWER: Final = re.compile(r"\x1b\[\?[0-9;]*c")
_ANSWER: Final = re.compile(
    r"\x1b_G[^\x1b]*\x1b\\|\x1b\]11;[^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[\?[0-9;]*[cS]|\x1b\[6;\d+;\d+t"
)
# An answer that has not come whole; what it begins with may be a key of its own.
_BEGUN: Final = re.compile(
    r"\x1b(?:_(?:G[^\x1b]*\x1b?)?|\](?:1?|11(?:;[^\x07\x1b]*\x1b?)?)|\[(?:\?[0-9;]*|6[\d;]*)?)?\Z"
)
_MAY_BE_A_KEY: Final = re.compile(r"\x1b(?:_|\]|\[(?:6[\d;]*)?)?\Z")
# How long Textual waits for what may follow an escape.
DELAY: Final = 0.1


class Asking:
    """The questions that the terminal has not answered yet; keys are read in one thread, and asked is in another."""

    def __init__(self, delay: float = DELAY) -> None:
        self._delay, self._since = delay, 0.0
        self._waiting: deque[tuple[asyncio.AbstractEventLoop, asyncio.Future[str]]] = deque()
        self._answer = self._kept = ""

    async def ask(self, write: Callable[[str], None], question: str, patience: float = PATIENCE) -> str:
        """Ask, and return what comes until the last answer, or nothing where that does not come in time.

        An answer that comes later is still picked out of the keys.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[str] = loop.create_future()
        self._waiting.append((loop, future))
        write(question + _LAST)
        try:
            return await asyncio.wait_for(future, patience)
        except TimeoutError:
            return ""

    def sift(self, typed: str) -> str:
        """Return what was typed without the answers in it."""
        if not self._waiting and not self._kept:
            return typed
        typed, self._kept = self._kept + typed, ""
        typed = _ANSWER.sub(self._take, typed)
        begun = _BEGUN.search(typed) if self._waiting else None
        if begun is not None:
            typed, self._kept = typed[: begun.start()], begun.group()
            self._since = time.monotonic()
        return typed

    def rest(self) -> str:
        """Return what looked like the beginning of an answer and is a key, since no more came."""
        if not _MAY_BE_A_KEY.match(self._kept) or time.monotonic() < self._since + self._delay:
            return ""
        typed, self._kept = self._kept, ""
        return typed

    def _take(self, found: re.Match[str]) -> str:
        if not self._waiting:
            return found.group()
        self._answer += found.group()
        if _LAST_ANSWER.fullmatch(found.group()):
            loop, future = self._waiting.popleft()
            answer, self._answer = self._answer, ""
            loop.call_soon_threadsafe(_answered, future, answer)
        return ""


def _answered(future: asyncio.Future[str], answer: str) -> None:
    if not future.done():
        future.set_result(answer)


def listen(asking: Asking) -> None:
    """Let whatever reads keys from now on hand the answers over."""

    class Parser(XTermParser):
        """Textual's reader of keys, which takes an answer that it does not know for keys that were pressed."""

        def feed(self, data: str) -> Iterable[Message]:
            # To feed nothing is to say that nothing will come any more.
            typed = asking.sift(data) if data else data
            return super().feed(typed) if typed or not data else ()

        def tick(self) -> Iterable[Message]:
            rest = asking.rest()
            if rest:
                yield from super().feed(rest)
            yield from super().tick()

    vars(linux_driver)["XTermParser"] = Parser  # the driver has no other place for it
