"""What a part is given to work with.

The lab never opens a session or starts a process: whoever runs a part hands it an object of this shape.
`workbench.runner` has the real one; a test can write its own in a page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from labsteps.profile import Profile
from labsteps.results import Result

ParameterValue = int | float | bool | str


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """A finished run that a later part builds on.

    Attributes
    ----------
    parameters
        What it was begun with.
    changed
        Of these, what it was given otherwise while it ran.
    """

    run_id: str
    part: str
    parameters: Mapping[str, ParameterValue]
    seed: int
    result: Result
    folder: Path
    changed: Mapping[str, ParameterValue] = field(default_factory=dict)

    @property
    def settings(self) -> Mapping[str, ParameterValue]:
        """What it ran with in the end."""
        return {**self.parameters, **self.changed}


@dataclass(frozen=True, slots=True)
class SavedState:
    """A checkpoint that was read back: its folder and the plain data stored with it."""

    step: int
    folder: Path
    info: Mapping[str, Any]


class FolderCache(Protocol):
    """Folders that are made once and shared by all later runs."""

    def folder(self, key: str, build: Callable[[Path], None], usable: Callable[[Path], bool] | None = None) -> Path:
        """Return the folder of `key`, made by ``build(temporary_folder)`` if it is not there yet, or not `usable`.

        Safe when several processes ask at once, and when one is killed half-way.
        """
        ...

    def holds(self, key: str) -> bool:
        """Return whether the folder of `key` is there whole."""
        ...


class Context(Protocol):
    """What a part is given."""

    @property
    def part(self) -> str:
        """Id of the part that runs, as in ``7.1ε``."""
        ...

    @property
    def data_root(self) -> Path:
        """Folder that holds ``fma_genre_spectrograms`` and its sisters."""
        ...

    @property
    def cache(self) -> FolderCache:
        """Where packed data and probe outcomes are kept between runs."""
        ...

    @property
    def device(self) -> str:
        """``cpu`` or ``cuda:0`` and so on; never ``auto``."""
        ...

    @property
    def seed(self) -> int:
        """Seed of the run; every random choice follows from it."""
        ...

    @property
    def profile(self) -> Profile:
        """Where the run's time goes, filled where its ``on`` is true: the user asked for it."""
        ...

    @property
    def params(self) -> Mapping[str, ParameterValue]:
        """Values of the part's parameters, all of them, checked against the catalogue."""
        ...

    def emit(self, kind: str, **fields: Any) -> None:
        """Append an event to the run's log; values must be plain JSON data."""
        ...

    def artifact(self, name: str) -> Path:
        """Return the path of a file of this name in the run's folder, to be written by the part."""
        ...

    def write_artifact(self, name: str, data: bytes) -> Path:
        """Write a file into the run's folder so that it is whole or not there, and return its path."""
        ...

    def kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return the content of a file that all sections of the run share, made when it is first asked for."""
        ...

    def stop_requested(self) -> bool:
        """Tell whether the part is asked to save its state and leave; cheap enough for every batch."""
        ...

    def requests(self) -> list[Mapping[str, Any]]:
        """Return what the user has asked of the run since the last call, oldest first; empty when there is nothing.

        While the run is paused it waits here, and comes back for what is asked meanwhile.

        Each has a ``command``: ``learning_rate`` (with ``value``), ``epochs`` (with ``value``) or ``checkpoint``.
        The runner itself answers ``stop``, ``pause`` and ``continue``.
        """
        ...

    def earlier(
        self, part: str, *, parameters: Mapping[str, ParameterValue] | None = None, seed: int | None = None
    ) -> EarlierRun | None:
        """Return the finished run of `part` that this one was begun on, else the newest on the same data, or None.

        Only runs whose parameters include `parameters` and whose seed is `seed` count, where these are given.
        """
        ...

    def equal_folder(self) -> Path | None:
        """Return where an earlier run has what this one is about to write, or None.

        That is a finished run of the same part, parameters, seed and data, begun on other results; None where the
        user wants all done anew. For a section it is the folder of that section.
        """
        ...

    def pretrained(self, run: EarlierRun | None = None) -> Path:
        """Return the file of the published weights that the run begins with, or that an earlier one began with.

        Raises
        ------
        DataError
            If the run begins with none, or they are gone.
        """
        ...

    def save_model(self, write: Callable[[Path], None]) -> None:
        """Publish the finished model's files as ``checkpoints/best``, written by ``write(temporary_folder)``."""
        ...

    def save_state(self, step: int, write: Callable[[Path], None], info: Mapping[str, Any]) -> None:
        """Write a checkpoint of this step: files by ``write(temporary_folder)``, and `info` as JSON.

        The last two are kept.
        """
        ...

    def load_state(self, usable: Callable[[SavedState], None] | None = None) -> SavedState | None:
        """Return the newest whole checkpoint, or None when there is none.

        A damaged one, and one for which `usable` raises ValueError, is named in an event and passed over.
        """
        ...

    def section(
        self, name: str, *, seed: int | None = None, params: Mapping[str, ParameterValue] | None = None
    ) -> Context:
        """Return the context of one of several trainings that a part does in one run.

        Its artifacts and checkpoints lie in a subfolder of the run; its events, requests and stops are the run's.

        Parameters
        ----------
        name
            Of the subfolder; sections can have sections.
        seed
            Seed of this training; that of the run when None.
        params
            What this training takes in place of the part's parameters; these when None.
        """
        ...
