"""Questions and answers as the screens show them: what is on disk, and what is being written.

`AnswerReader` belongs to the observer's thread.  A `Draft` is written on the screen and saved from a thread.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from labsteps.catalogue import Catalogue, Part
from labsteps.errors import LabError
from labsteps.greek import in_language
from labsteps.notes import note
from labsteps.results import Result, from_json
from workbench.store.errors import AnswerConflictError, StoreError
from workbench.store.rescued import rescue, rescued
from workbench.store.session import Session

# Per evidence part: the ids of its finished runs, the newest last.
FinishedRuns = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a part has measured that speaks to a question.

    Attributes
    ----------
    result
        Of its newest finished run, None where there is none.
    current
        Whether that run is of the data that the session has now.
    """

    part: str
    result: Result | None = None
    current: bool = True


@dataclass(frozen=True, slots=True)
class AnswerView:
    """A question with what belongs to it, as it was on disk at one moment.

    Attributes
    ----------
    text, version
        The answer and its version, as `Session.read_answer` gives them.
    saved
        When the answer was written, in seconds since 1970; 0 where there is none.
    note
        The reference note in the session's language, or None.
    drawn
        Figures that go with the question and need no data.
    problem
        Why the answer cannot be read, or empty.
    beside
        Files with texts that could not take its place when the app was left.
    read_at
        When it was read, by the monotonic clock.
    """

    part: str
    text: str = ""
    version: str = ""
    saved: float = 0.0
    file: Path = field(default_factory=Path)
    evidence: tuple[Evidence, ...] = ()
    note: str | None = None
    drawn: Result | None = None
    problem: str = ""
    beside: tuple[Path, ...] = ()
    read_at: float = field(default=0.0, compare=False)


class AnswerReader:
    """Reads answers and evidence again only where files have changed."""

    def __init__(self, session: Session, lab: Catalogue, language: str) -> None:
        self._session, self._lab, self._language = session, lab, language
        self._asking = [part for part in lab.parts.values() if part.asks]
        self._answers: dict[str, tuple[object, str, str, str]] = {}
        self._evidence: dict[str, tuple[object, Evidence]] = {}
        self._notes: dict[tuple[str, str], str | None] = {}
        self._drawn: dict[str, Result | None] = {}

    def answered(self) -> frozenset[str]:
        """Return the parts whose answers are not empty."""
        return frozenset(part.id for part in self._asking if self._answer(part)[1].strip())

    def read(self, part: Part, finished: FinishedRuns, problems: list[str]) -> AnswerView | None:
        """Return the question of a part with all that belongs to it, None where it asks nothing.

        Parameters
        ----------
        part
            A part of the catalogue.
        finished
            The finished runs that there are.
        problems
            Gets a sentence for everything that cannot be read.
        """
        if not part.asks:
            return None
        read_at = time.monotonic()
        signature, text, version, problem = self._answer(part)
        if problem:
            problems.append(problem)
        saved = signature[0] / 1e9 if isinstance(signature, tuple) else 0.0
        language = self._language
        if (part.id, language) not in self._notes:
            self._notes[part.id, language] = note(part, language)
        evidence = tuple(
            self._evidence_of(self._lab.parts[one], finished.get(one, ()), problems) for one in part.evidence
        )
        file = self._session.answer_file(part.id)
        words, drawn = self._notes[part.id, language], self._illustration(part, problems)
        beside = rescued(self._session, part.id)
        return AnswerView(part.id, text, version, saved, file, evidence, words, drawn, problem, beside, read_at)

    def _answer(self, part: Part) -> tuple[object, str, str, str]:
        """Return what tells this state of the file from others, its text and version, and what is wrong with it."""
        try:
            found = os.stat(self._session.answer_file(part.id))
            signature = (found.st_mtime_ns, found.st_ino, found.st_size)
        except OSError:  # reading it says what is wrong, where it is there at all
            signature = None
        known = self._answers.get(part.id)
        if known is None or known[0] != signature:
            try:
                text, version = self._session.read_answer(part.id)
                known = (signature, text, version, "")
            except StoreError as error:
                known = (signature, "", "", str(error))
            self._answers[part.id] = known
        return known

    def _evidence_of(self, part: Part, finished: Sequence[str], problems: list[str]) -> Evidence:
        key = (tuple(finished), self._session.data_root)
        if part.id not in self._evidence or self._evidence[part.id][0] != key:
            try:
                self._evidence[part.id] = (key, self._read_evidence(part) if finished else Evidence(part.id))
            except (StoreError, LabError, ValueError, KeyError, TypeError) as error:
                problems.append(f"Evidence of {part.id} cannot be read: {error}")
                return Evidence(part.id)
        return self._evidence[part.id][1]

    def _read_evidence(self, part: Part) -> Evidence:
        from workbench.commands.show import newest_result

        found = newest_result(self._session, part)
        stored = found.run.result() if found is not None else None
        if found is None or stored is None:
            return Evidence(part.id)
        return Evidence(part.id, in_language(from_json(stored), self._language), found.current)

    def _illustration(self, part: Part, problems: list[str]) -> Result | None:
        if part.id not in self._drawn:
            try:
                self._drawn[part.id] = part.illustrate()
            except (LabError, ImportError) as error:
                problems.append(f"The figures of {part.id} cannot be drawn: {error}")
                return None
        return self._drawn[part.id]


class Draft:
    """An answer that is being written; `text` is set on the screen, all else from whichever thread saves.

    Parameters
    ----------
    session
        Where it is saved, whatever session is open by then.
    view
        What was on disk when the writing began.

    Attributes
    ----------
    text
        What stands in the editor; the file has a line break at its end besides.
    base
        The text that was last on disk as far as is known here.
    theirs
        Text and version on disk, where somebody else saved meanwhile; nothing is saved until one of both is chosen.
    problem
        Why it could not be saved, or empty.
    """

    def __init__(self, session: Session, view: AnswerView) -> None:
        self.session, self.part = session, view.part
        self.text = self.base = from_file(view.text)
        self.version, self.saved = view.version, view.saved
        self.theirs: tuple[str, str] | None = None
        self.problem = ""
        self._lock = threading.Lock()
        self._replaced: set[str] = set()
        self._written_at = 0.0
        self._seen = view.version, view.saved

    @property
    def dirty(self) -> bool:
        """Whether there is something that is not on disk."""
        return self.text != self.base

    def follow(self, view: AnswerView) -> bool:
        """Take over what somebody else saved, where nothing was written here; tell whether the text is another now."""
        stale = view.version in self._replaced and view.read_at <= self._written_at
        if stale or view.problem:
            return False
        self._seen = view.version, view.saved
        if self.theirs is not None:
            self.theirs, self.saved = (view.text, view.version), view.saved
            return False
        if view.version == self.version:
            self.saved = view.saved
        if self.dirty or view.version == self.version:
            return False
        self.text = self.base = from_file(view.text)
        self.version, self.saved = view.version, view.saved
        return True

    def save(self) -> None:
        """Write what is not on disk yet; what stands in the way is kept in `theirs` or `problem`."""
        with self._lock:
            text = self.text
            if text == self.base or self.theirs is not None:
                return
            try:
                version = self.session.write_answer(self.part, to_file(text), self.version)
            except AnswerConflictError as error:
                self.theirs = (error.text, error.version)
            except (StoreError, OSError) as error:
                self.problem = str(error)
            else:
                self._replaced.add(self.version)
                self._replaced.discard(version)
                self.base, self.version, self.problem = text, version, ""
                self.saved, self._written_at = time.time(), time.monotonic()

    def keep_mine(self) -> None:
        """Choose the text that was written here; the next `save` puts it in the place of theirs."""
        if self.theirs is not None:
            self.base, self.version = from_file(self.theirs[0]), self.theirs[1]
            self.theirs = None
            # It may have been seen on disk before it was found to stand in the way.
            self.saved = self._seen[1] if self._seen[0] == self.version else self.saved

    def take_theirs(self) -> str:
        """Choose the text on disk, and return it for the editor."""
        self.keep_mine()
        self.text = self.base
        return self.text

    def rescue(self) -> Path | None:
        """Save before the app is left; a text that cannot take its place is put into a file of its own.

        Returns
        -------
        Path or None
            That file, None where none was needed.

        Raises
        ------
        StoreError
            If the file system refuses that too.
        """
        self.save()
        if not self.dirty:
            return None
        return rescue(self.session, self.part, to_file(self.text))


def from_file(text: str) -> str:
    """Return the text of an answer's file as it stands in the editor."""
    return text.removesuffix("\n")


def to_file(text: str) -> str:
    """Return the text of the editor as it stands in the file."""
    return f"{text}\n" if text else ""
