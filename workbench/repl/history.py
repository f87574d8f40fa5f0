"""The lines that a user has typed, kept from prompt to prompt where that can be done."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from prompt_toolkit.history import History

from workbench.store.errors import StoreError
from workbench.store.places import state_dir

FILE = "history"
MOST_BYTES = 1_048_576


class KeptHistory(History):
    """Keeps lines in a file of the user's, one a line; in memory alone where the file system refuses.

    Attributes
    ----------
    problem
        Why the lines of this prompt are not kept, or empty.
    """

    def __init__(self) -> None:
        super().__init__()
        self.problem = ""
        self._file: Path | None = None
        try:
            folder = state_dir()
            folder.mkdir(parents=True, exist_ok=True)
            self._file = folder / FILE
            with open(self._file, "ab"):
                pass
            os.chmod(self._file, 0o600)
        except (OSError, StoreError) as error:
            self._give_up(error)

    def load_history_strings(self) -> Iterable[str]:
        """Return the lines, the newest first."""
        if self._file is None:
            return []
        try:
            raw = self._file.read_bytes()
            if len(raw) > MOST_BYTES:
                raw = raw[-MOST_BYTES // 2 :].partition(b"\n")[2]
                self._file.write_bytes(raw)
        except OSError as error:
            self._give_up(error)
            return []
        lines = raw.decode("utf-8", errors="replace").splitlines()
        return [line for line in reversed(lines) if line.strip()]

    def store_string(self, string: str) -> None:
        """Keep a line."""
        line = " ".join(string.splitlines())
        if self._file is None or not line.strip():
            return
        try:
            with self._file.open("ab") as file:
                file.write(line.encode("utf-8", errors="replace") + b"\n")
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self._file = None
        reason = getattr(error, "strerror", None) or str(error)
        self.problem = f"the history of commands is not kept: {reason}"
