"""One session: its settings, its runs and the user's answers."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.store.atomic import read_file, write_file
from workbench.store.errors import (
    AnswerConflictError,
    DamagedError,
    JsonError,
    MissingError,
    SessionFormatError,
    SessionNotFoundError,
    storage_error,
)
from workbench.store.folders import make_folder
from workbench.store.locks import locked
from workbench.store.names import part_file, usable_name
from workbench.store.records import read_record, write_record
from workbench.store.run import RunFolder

FORMAT = 1
SESSION_FILE = "session.json"
DEFAULTS: Mapping[str, Any] = {
    "format": FORMAT,
    "name": "",
    "data_root": None,
    "data_fingerprint": None,
    "device": "auto",
    "seed": 0,
    "language": "en",
    "created": 0.0,
}
_KINDS: Mapping[str, tuple[type, ...]] = {
    "format": (int,),
    "name": (str,),
    "data_root": (str, type(None)),
    "data_fingerprint": (str, type(None)),
    "device": (str,),
    "seed": (int,),
    "language": (str,),
    "created": (int, float),
}
FIXED = frozenset({"format", "created"})


class Session:
    """A session that is open.

    Parameters
    ----------
    folder
        The session's folder.

    Raises
    ------
    SessionNotFoundError
        If there is no session in the folder.
    SessionFormatError
        If a newer version wrote it.
    DamagedError, StorageError
        If ``session.json`` cannot be read; the message names it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._runs: dict[str, RunFolder] = {}
        self._settings: tuple[tuple[int, int, int], dict[str, Any]] | None = None
        _ = self.settings

    @property
    def settings(self) -> dict[str, Any]:
        """All settings as they are on disk now."""
        file = self.folder / SESSION_FILE
        try:
            found = os.stat(file)
        except (FileNotFoundError, NotADirectoryError) as error:
            text = (
                f"{file}: not there, so this is not a session; `sessions` lists them, and --session NAME takes another"
            )
            raise SessionNotFoundError(text, file) from error
        except OSError as error:
            raise storage_error(file, error) from error
        signature = (found.st_ino, found.st_mtime_ns, found.st_size)
        if self._settings is None or self._settings[0] != signature:
            self._settings = (signature, read_settings(self.folder))
        return dict(self._settings[1])

    @property
    def name(self) -> str:
        """The name that the user gave."""
        return str(self.settings["name"])

    @property
    def data_root(self) -> Path | None:
        """Folder of the data set, None where none was chosen."""
        root = self.settings["data_root"]
        return None if root is None else Path(root)

    @property
    def data_fingerprint(self) -> str | None:
        """Fingerprint of the data set when it was chosen."""
        found: str | None = self.settings["data_fingerprint"]
        return found

    @property
    def device(self) -> str:
        """``auto``, ``cpu``, ``cuda:0`` and so on."""
        return str(self.settings["device"])

    @property
    def seed(self) -> int:
        """Seed of the session."""
        return int(self.settings["seed"])

    @property
    def language(self) -> str:
        """Language of notes and report."""
        return str(self.settings["language"])

    @property
    def created(self) -> float:
        """When it was created, in seconds since 1970."""
        return float(self.settings["created"])

    def update(self, **changes: Any) -> None:
        """Change settings; those that another process changed meanwhile are kept.

        Raises
        ------
        JsonError
            If a value is not of its setting's kind.
        StorageError
            If the file system refuses.
        """
        if "data_root" in changes and changes["data_root"] is not None:
            changes["data_root"] = str(changes["data_root"])
        if "name" in changes:
            changes["name"] = usable_name(changes["name"])
        check_kinds(self.folder / SESSION_FILE, changes)
        for name in FIXED & changes.keys():
            raise JsonError(f"{self.folder / SESSION_FILE}: {name!r} cannot be changed", self.folder)
        with locked(self.folder / "session.lock"):
            write_record(self.folder / SESSION_FILE, {**read_settings(self.folder), **changes})

    # Runs

    def runs(self) -> list[RunFolder]:
        """Return all runs, oldest first; the objects stay the same from call to call.

        Raises
        ------
        StorageError
            If the folder may not be read.
        """
        try:
            names = sorted(name for name in os.listdir(self.folder / "runs") if not name.startswith("."))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise storage_error(self.folder / "runs", error) from error
        self._runs = {name: self._runs.get(name) or RunFolder(self.folder / "runs" / name) for name in names}
        return list(self._runs.values())

    def run(self, run_id: str) -> RunFolder:
        """Return one run.

        Raises
        ------
        MissingError
            If the session has no run of this id.
        """
        if not run_id or "/" in run_id or run_id.startswith(".") or not (self.folder / "runs" / run_id).is_dir():
            raise MissingError(f"{self.folder / 'runs'}: no run {run_id!r}; the session's history lists them")
        return self._runs.setdefault(run_id, RunFolder(self.folder / "runs" / run_id))

    def create_run(self, record: Mapping[str, Any]) -> RunFolder:
        """Make a new run; see `RunFolder.create`."""
        run = RunFolder.create(self.folder, record)
        self._runs[run.id] = run
        return run

    def live_runs(self) -> list[RunFolder]:
        """Return the runs that a worker holds."""
        return [run for run in self.runs() if run.state.live]

    def last_activity(self) -> float:
        """Return when something was last written, in seconds since 1970."""
        return last_activity(self.folder)

    # Answers

    def read_answer(self, part: str) -> tuple[str, str]:
        """Return the user's answer to a question and its version; both empty where there is none.

        Raises
        ------
        DamagedError
            If the file is not text in UTF-8.
        """
        path = self.answer_file(part)
        try:
            raw = read_file(path)
        except MissingError:
            return "", ""
        try:
            return raw.decode("utf-8"), _version(raw)
        except UnicodeDecodeError as error:
            raise DamagedError(f"{path}: not text in UTF-8 ({error}); mend it with an editor", path) from error

    def write_answer(self, part: str, text: str, version: str) -> str:
        """Write the user's answer and return its new version.

        Parameters
        ----------
        part
            Id of the part.
        text
            The answer.
        version
            Version of the answer that was edited, as `read_answer` gave it.

        Raises
        ------
        AnswerConflictError
            If the answer on disk is another by now; nothing is written, and the error holds it.
        StorageError
            If the file system refuses.
        """
        path = self.answer_file(part)
        try:
            raw = text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise JsonError(f"{path}: the text holds half a character ({error}); remove it", path) from error
        make_folder(path.parent, self.folder)
        with locked(self.folder / "answers.lock"):
            now_text, now = self.read_answer(part)
            if now != version and now_text != text:
                message = (
                    f"{path}: it was changed elsewhere while you were editing; read it again and bring both together"
                )
                raise AnswerConflictError(message, path, now_text, now)
            if now_text != text or not now:
                write_file(path, raw)
        return _version(raw)

    def answers(self) -> dict[str, str]:
        """Return the answers that are not empty, by part."""
        try:
            names = sorted(os.listdir(self.folder / "answers"))
        except FileNotFoundError:
            return {}
        parts = [name.removesuffix(".md") for name in names if name.endswith(".md") and name[0].isdigit()]
        return {part: text for part in parts if (text := self.read_answer(part)[0]).strip()}

    def answer_file(self, part: str) -> Path:
        """Return where the answer to a part is, for an editor of the user's choice."""
        return self.folder / "answers" / f"{part_file(part)}.md"


def new_settings(name: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a new session."""
    settings = {**DEFAULTS, **changes, "name": name, "format": FORMAT, "created": round(time.time(), 3)}
    if settings["data_root"] is not None:
        settings["data_root"] = str(settings["data_root"])
    check_kinds(Path(SESSION_FILE), settings)
    return settings


def read_settings(folder: Path) -> dict[str, Any]:
    """Return the settings in a session's folder; what an older version did not have gets its default.

    Raises
    ------
    SessionFormatError
        If a newer version wrote them.
    DamagedError, MissingError, StorageError
        If they cannot be read.
    """
    file = folder / SESSION_FILE
    data = read_record(file)
    version = data.get("format", 0)
    if type(version) is not int:
        raise DamagedError(f"{file}: its format {version!r} is not a number; restore it from a copy", file)
    if version > FORMAT:
        text = f"{file}: written by a newer version (format {version}, this one reads up to {FORMAT})"
        raise SessionFormatError(f"{text}; update the workbench", file)
    settings = {**DEFAULTS, **data, "format": FORMAT}
    try:
        check_kinds(file, settings)
    except JsonError as error:
        raise DamagedError(str(error), file) from error
    settings["name"] = settings["name"] or folder.name
    return settings


def check_kinds(file: Path, settings: Mapping[str, Any]) -> None:
    """Raise JsonError for a setting whose value is not of its kind."""
    for name, kinds in _KINDS.items():
        if name in settings and (not isinstance(settings[name], kinds) or isinstance(settings[name], bool)):
            wanted = " or ".join("nothing" if kind is type(None) else kind.__name__ for kind in kinds)
            raise JsonError(f"{file}: {name} is {settings[name]!r}, which is not of kind {wanted}; correct it", file)


def last_activity(folder: Path) -> float:
    """Return when something in a session's folder was last written, in seconds since 1970."""
    times = [_changed(folder / SESSION_FILE), _changed(folder / "answers")]
    for place, names in (("answers", ("",)), ("runs", ("", "/events.jsonl", "/result.json"))):
        try:
            entries = os.listdir(folder / place)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            continue
        times += [_changed(f"{folder}/{place}/{entry}{name}") for entry in entries for name in names]
    return max(times) or _changed(folder)  # nothing is left in it


def _changed(path: Path | str) -> float:
    try:
        return os.stat(path).st_mtime
    except OSError:  # what cannot be looked at was not the last thing written
        return 0.0


def _version(raw: bytes) -> str:
    import hashlib

    return hashlib.sha256(raw).hexdigest()[:16]
