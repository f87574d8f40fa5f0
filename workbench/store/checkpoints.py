"""Checkpoints of a run: ``step-00001234/``, whole or not there, ordered by step number alone."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from workbench.store.atomic import clean_leftovers
from workbench.store.errors import DamagedError, MissingError, storage_errors
from workbench.store.folders import make_folder, remove_folder, verify_folder, write_folder

NEWEST_KEPT = 2
_NAME = re.compile(r"(replaced-)?step-(\d{8,})")


class Checkpoint(NamedTuple):
    """A checkpoint that is whole.

    Attributes
    ----------
    step
        Number of optimiser steps done.
    folder
        Where its files are.
    info
        The plain data saved with it.
    """

    step: int
    folder: Path
    info: Mapping[str, Any]


class CheckpointStore:
    """The checkpoints of one run; one process writes, any number read.

    Parameters
    ----------
    folder
        The folder ``checkpoints`` of the run; made when first needed.
    inside
        The run's folder, which is never made here.
    """

    def __init__(self, folder: Path, inside: Path | None = None) -> None:
        self.folder, self._inside = folder, inside
        self._passed_over: set[int] = set()

    def save(
        self, step: int, write: Callable[[Path], object], info: Mapping[str, Any], keep: Collection[int] = ()
    ) -> Checkpoint:
        """Save a checkpoint, then remove old ones.

        Parameters
        ----------
        step
            Its number; one of the same number, whole or damaged, is replaced.
        write
            Called with a temporary folder to put the files in.
        info
            Plain data to keep with it.
        keep
            Steps not to remove, besides the newest two.

        Raises
        ------
        StorageError
            If the file system refuses; the earlier checkpoints are untouched.
        """
        make_folder(self.folder, self._inside)
        self._recover()
        target = self.folder / step_name(step)
        write_folder(target, write, info, before_rename=lambda: self._set_aside(step))
        self._passed_over.discard(step)
        self._prune(step, keep)
        return Checkpoint(step, target, dict(info))

    def newest(
        self, usable: Callable[[Checkpoint], None] | None = None, *, report: Callable[[str], None]
    ) -> Checkpoint | None:
        """Return the newest checkpoint that is whole and usable, or None.

        Parameters
        ----------
        usable
            Raises ValueError, with the reason, for a checkpoint that cannot be gone on from.
        report
            Called with a sentence for each checkpoint that is passed over.

        Raises
        ------
        StorageError
            If a checkpoint is there and may not be read.
        """
        for step, folder in sorted(self._folders().items(), reverse=True):
            try:
                checkpoint = _load(step, folder)
            except MissingError:  # removed by its writer since the folder was listed
                continue
            except DamagedError as error:
                report(f"Checkpoint of step {step} is damaged and passed over: {error}")
                self._passed_over.add(step)
                continue
            try:
                if usable is not None:
                    usable(checkpoint)
            except ValueError as error:
                report(f"Checkpoint of step {step} cannot be used and is passed over: {error}")
                self._passed_over.add(step)
                continue
            return checkpoint
        return None

    def get(self, step: int) -> Checkpoint | None:
        """Return the checkpoint of one step, or None when it is not there.

        Raises
        ------
        DamagedError
            If it is there and not whole.
        """
        folder = self._folders().get(step)
        try:
            return None if folder is None else _load(step, folder)
        except MissingError:
            return None

    def steps(self) -> list[int]:
        """Return the steps of the checkpoints on disk, ascending, without verifying them."""
        return sorted(self._folders())

    def _folders(self) -> dict[int, Path]:
        """Return the folder of each step; one set aside stands in while its successor has not its name yet."""
        found: dict[int, Path] = {}
        with storage_errors(self.folder):
            try:
                names = os.listdir(self.folder)
            except FileNotFoundError:
                return {}
        for name in sorted(names):  # "replaced-step-…" sorts before "step-…", which wins
            match = _NAME.fullmatch(name)
            if match:
                found[int(match.group(2))] = self.folder / name
        return found

    def _recover(self) -> None:
        """Clear away what a writer left that was killed."""
        clean_leftovers(self.folder)
        with storage_errors(self.folder):
            for folder in self._folders().values():
                if folder.name.startswith("replaced-"):
                    os.rename(folder, self.folder / folder.name.removeprefix("replaced-"))

    def _set_aside(self, step: int) -> None:
        target, aside = self.folder / step_name(step), self.folder / f"replaced-{step_name(step)}"
        if target.is_dir():
            if aside.exists():
                remove_folder(aside)
            os.rename(target, aside)

    def _prune(self, saved: int, keep: Collection[int]) -> None:
        """Remove all but the newest whole ones and `keep`; nothing is removed before a newer one is whole."""
        kept = {saved}
        for step, folder in sorted(self._folders().items(), reverse=True):
            if step in kept or step in self._passed_over or len(kept) >= NEWEST_KEPT:
                continue
            try:
                verify_folder(folder, full=False)
            except (DamagedError, MissingError):
                continue
            kept.add(step)
        for step, folder in self._folders().items():
            if step not in kept and (step not in keep or step in self._passed_over):
                remove_folder(folder)
        for name in os.listdir(self.folder):
            match = _NAME.fullmatch(name)
            if match and match.group(1) and (self.folder / step_name(int(match.group(2)))).exists():
                remove_folder(self.folder / name)


def step_name(step: int) -> str:
    """Return the folder name of a checkpoint.

    Raises
    ------
    ValueError
        If the step is negative.
    """
    if step < 0:
        raise ValueError(f"step {step}: a checkpoint's step is 0 or more")
    return f"step-{step:08d}"


def _load(step: int, folder: Path) -> Checkpoint:
    return Checkpoint(step, folder, verify_folder(folder)["info"])
