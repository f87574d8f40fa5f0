"""Candidates for completion from the catalogue, the session and the disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from labsteps.catalogue import Catalogue, Part, catalogue
from labsteps.errors import LabError
from labsteps.parameter import Parameter
from workbench.commands.control import CHANGES, part_of
from workbench.commands.settings import LANGUAGES, OF_SESSION
from workbench.commands.steps import part_states
from workbench.config.settings import SETTINGS, setting
from workbench.grammar.aliases import ALIASES
from workbench.grammar.complete import Candidate
from workbench.grammar.fuzzy import plain
from workbench.grammar.verbs import VERBS
from workbench.grammar.words import Source
from workbench.runner.devices import devices
from workbench.speaking import said
from workbench.store.errors import StoreError
from workbench.store.marks import read_marks
from workbench.store.run import RunFolder
from workbench.store.session import Session
from workbench.store.sessions import Sessions
from workbench.wording import ago

MOST_RUNS = 100
_SHORT = {full: short for short, full in ALIASES.items()}


class SessionLookup:
    """Finds candidates in one place of sessions.

    Parameters
    ----------
    sessions
        Where sessions are kept.
    folder
        Returns the folder of the session that is open, or None.
    language
        ``en`` or ``el``.
    lab
        Whose parts are meant; the lab's when None.
    """

    def __init__(
        self, sessions: Sessions, folder: Callable[[], Path | None], language: str, lab: Catalogue | None = None
    ) -> None:
        self.language = language
        self._sessions, self._folder = sessions, folder
        self._lab = lab or catalogue()
        self._session: Session | None = None

    def candidates(self, source: Source, typed: str, before: Sequence[str]) -> Iterable[Candidate]:
        """Return candidates of a source; what cannot be read has none, and the bottom line says why."""
        finders: dict[Source, Callable[[], Iterable[Candidate]]] = {
            Source.VERB: lambda: self._verbs(before),
            Source.PART: self._parts,
            Source.QUESTION: lambda: (self._part(part) for part in self._lab.parts.values() if part.asks),
            Source.RUN: lambda: self._runs(typed, live=False),
            Source.LIVE_RUN: lambda: self._runs(typed, live=True),
            Source.FIGURE: lambda: self._figures(before),
            Source.ASSIGNMENT: lambda: self._assignments(typed, before),
            Source.LIVE_CHANGE: lambda: self._live_changes(typed),
            Source.SETTING: lambda: self._settings(typed, before),
            Source.TAG: self._tags,
            Source.SESSION: lambda: (
                Candidate(one.name, said(ago(one.active), self.language)) for one in self._sessions.entries()
            ),
            Source.REMOVED_SESSION: lambda: (Candidate(one.folder.name, one.name) for one in self._sessions.trash()),
            Source.DEVICE: self._devices,
            Source.CONFIG: lambda: (Candidate(one.name, one.parameter.help.to(self.language)) for one in SETTINGS),
            Source.CONFIG_VALUE: lambda: self._config_values(before),
            Source.FILE: lambda: paths(typed, folders_only=False),
            Source.FOLDER: lambda: paths(typed, folders_only=True),
        }
        try:
            return list(finders[source]()) if source in finders else []
        except (StoreError, LabError, OSError):
            return []

    def session(self) -> Session | None:
        """Return the session that is open, or None."""
        folder = self._folder()
        if folder is None:
            return None
        if self._session is None or self._session.folder != folder:
            self._session = Session(folder)
        return self._session

    def _verbs(self, before: Sequence[str]) -> Iterator[Candidate]:
        verbs = VERBS
        for word in before:
            verbs = next((verb.verbs for verb in verbs if word in verb.names), ())
        return (Candidate(verb.name, verb.help.to(self.language), verb.aliases) for verb in verbs)

    def _parts(self) -> Iterator[Candidate]:
        session = self.session()
        states = part_states(session) if session is not None else {}
        for step in self._lab:
            if len(step.parts) > 1 or step.parts[0].id != step.id:
                yield Candidate(step.id, step.title.to(self.language))
            for part in step.parts:
                yield self._part(part, said(str(states.get(part.id, "")), self.language))

    def _part(self, part: Part, state: str = "") -> Candidate:
        title = part.title.to(self.language)
        return Candidate(part.id, f"{title}  {state}".rstrip(), (part.ascii_id,), titles=(part.title.en, part.title.el))

    def _runs(self, typed: str, *, live: bool) -> list[Candidate]:
        """Return the newest runs; where a part is typed that has some, those of this part alone."""
        session = self.session()
        runs = [] if session is None else [run for run in reversed(session.runs()) if not live or run.state.live]
        wanted = next((part for part in self._lab.parts.values() if plain(typed) in (part.id, part.ascii_id)), None)
        if wanted is not None:
            runs = [run for run in runs if part_of(run) == wanted.id] or runs
        return [self._run(run) for run in runs[:MOST_RUNS]]

    def _run(self, run: RunFolder) -> Candidate:
        part = part_of(run)
        about = f"{part} {said(str(run.state), self.language)}, {said(ago(_created(run)), self.language)}"
        return Candidate(run.id, about, (part, _ascii(self._lab, part)), coded=True)

    def _figures(self, before: Sequence[str]) -> Iterator[Candidate]:
        from workbench.commands.figures import figures_of, runs_meant

        session = self.session()
        seen: set[str] = set(before[1:])
        for run in runs_meant(session, before[0]) if session is not None and before else ():
            for name, figure in figures_of(run).items():
                if name not in seen:
                    seen.add(name)
                    yield Candidate(name, figure.title)

    def _assignments(self, typed: str, before: Sequence[str]) -> Iterator[Candidate]:
        """Yield the parameters of the parts named before, or after ``name=`` the values of one."""
        ids = [word for word in before if "=" not in word]
        parts = [part for word in ids for part in self._lab.resolve(word).parts] or list(self._lab.parts.values())
        parameters: dict[str, Parameter] = {}
        for part in parts:
            for parameter in part.parameters:
                parameters.setdefault(parameter.name, parameter)
        name, equals, _ = typed.partition("=")
        name = ALIASES.get(name, name)
        if equals:
            found = parameters.get(name)
            yield from _values(typed.partition("=")[0], found, self.language) if found is not None else ()
            return
        given = {ALIASES.get(word.partition("=")[0], word.partition("=")[0]) for word in before if "=" in word}
        # Before a part is named, most of what could be set would not fit what is run in the end.
        for parameter in parameters.values() if ids or typed else ():
            if parameter.name not in given:
                yield _parameter(parameter, self.language)

    def _live_changes(self, typed: str) -> Iterator[Candidate]:
        return self._assignments(typed, ["7.1β"]) if "=" in typed else (Candidate(f"{n}=", open=True) for n in CHANGES)

    def _settings(self, typed: str, before: Sequence[str]) -> Iterator[Candidate]:
        if any("=" not in word for word in before):
            return
        name, equals, _ = typed.partition("=")
        values = {"language": LANGUAGES, "device": ("auto", *(one.name for one in devices()))}
        if equals:
            yield from (Candidate(f"{name}={value}") for value in values.get(name, ()))
        else:
            yield from (Candidate(f"{name}=", said("of the session", self.language), open=True) for name in OF_SESSION)

    def _tags(self) -> Iterator[Candidate]:
        session = self.session()
        runs = [] if session is None else session.runs()
        return (Candidate(tag) for tag in dict.fromkeys(tag for run in runs for tag in read_marks(run).tags))

    def _config_values(self, before: Sequence[str]) -> Iterator[Candidate]:
        chosen = setting(before[-1]).parameter if before else None
        if chosen is not None and chosen.name == "device":
            yield from self._devices()
        elif chosen is not None:
            yield from (
                Candidate(one.text.partition("=")[2], one.about) for one in _values(chosen.name, chosen, self.language)
            )

    def _devices(self) -> Iterator[Candidate]:
        yield Candidate("auto", said("the first GPU, else the processor", self.language))
        yield from (Candidate(one.name, one.title) for one in devices())


def paths(typed: str, *, folders_only: bool) -> Iterator[Candidate]:
    """Yield files and folders whose names fit a path; those that hold control characters cannot be typed."""
    head, _, last = typed.rpartition("/")
    place = f"{head}/" if head or typed.startswith("/") else ""
    with os.scandir(os.path.expanduser(place) or ".") as entries:
        found = sorted(entries, key=lambda entry: (not entry.is_dir(), entry.name))
    for entry in found:
        folder = entry.is_dir()
        if not entry.name.isprintable() or (folders_only and not folder):
            continue
        if entry.name.startswith(".") and not last.startswith("."):
            continue
        yield Candidate(
            f"{place}{entry.name}{'/' if folder else ''}", others=(entry.name,) if not place else (), open=folder
        )


def _parameter(parameter: Parameter, language: str) -> Candidate:
    short = _SHORT.get(parameter.name)
    default = said(f"default {_shown(parameter.default)}", language)
    about = f"{parameter.range_in(language)} ({default}): {parameter.help.to(language)}"
    return Candidate(f"{parameter.name}=", about, (short,) if short else (), open=True)


def _values(name: str, parameter: Parameter, language: str) -> Iterator[Candidate]:
    """Yield values of a parameter: its choices, or its default and the ends of its range."""
    if isinstance(parameter.default, bool):
        found = {"true": "", "false": ""}
    elif parameter.choices:
        found = dict.fromkeys(parameter.choices, "")
    else:
        found = {_shown(parameter.default): ""}
        ends = {"lowest": parameter.minimum, "highest": parameter.maximum}
        for word, end in ends.items():
            if end is not None:
                found.setdefault(_shown(end), word)
    default = _shown(parameter.default)
    for value, about in found.items():
        yield Candidate(f"{name}={value}", said("default" if value == default else about, language))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _ascii(lab: Catalogue, part: str) -> str:
    return lab.parts[part].ascii_id if part in lab.parts else part


def _created(run: RunFolder) -> float:
    try:
        return float(run.record.get("created", 0.0))
    except StoreError:
        return 0.0
