"""What the app works on: the sessions, the one that is open, and the parameters changed so far.

Everything here may touch the disk and is called from a thread, except what is marked as plain memory.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from labsteps.abilities import check
from labsteps.catalogue import Catalogue, Part, catalogue
from labsteps.context import ParameterValue
from labsteps.errors import DataError, NotBuiltError
from workbench.config import configured
from workbench.grammar.language import default_language
from workbench.store.errors import SessionNotFoundError, StoreError
from workbench.store.marks import remove_run, restore_run
from workbench.store.names import name_for
from workbench.store.places import default_sessions_dir
from workbench.store.run import RunState
from workbench.store.session import Session
from workbench.store.sessions import SessionEntry, Sessions
from workbench.tui.drafts import NOTHING, NOWHERE, Drafts, Place, load_drafts, load_place, save_drafts, save_place

if TYPE_CHECKING:
    from workbench.runner.jobs import Found
    from workbench.runner.plan import Plan
    from workbench.store.archive import Progress


@dataclass(frozen=True, slots=True)
class Started:
    """What came of asking for a run: its id, whether it was there already, and whether it waits for the device.

    Attributes
    ----------
    measured
        Where it was asked to measure its time: whether it does, or has.
    """

    run_id: str
    found: Found
    queued: bool = False
    measured: bool | None = None


@dataclass
class Bench:
    """The app's state besides what is on the screen.

    Attributes
    ----------
    sessions
        Where sessions are kept.
    session
        The one that is open, or None.
    device
        A device that was asked for when the app was started; else the session's counts.
    asked_language
        ``en`` or ``el``, asked for when the app was started; else the session's counts.
    drafts
        Changed parameters by part; `keep_drafts` keeps them in the session.
    pinned
        The run to show for a part, where it is not the newest.
    first_words
        What is to be said on the first screen.
    last_words
        What is to be said on the normal screen, after the app.
    marked
        Runs that were marked for a comparison.
    removed
        Runs that were moved to the trash here, the last at the end.
    place
        The part or step in sight, its tab, and whether the panel has the keys; `keep_place` keeps it in the session.
    """

    sessions: Sessions
    session: Session | None = None
    device: str | None = None
    asked_language: str | None = None
    lab: Catalogue = field(default_factory=catalogue)
    drafts: dict[str, dict[str, ParameterValue]] = field(default_factory=dict)
    pinned: dict[str, str] = field(default_factory=dict)
    first_words: list[str] = field(default_factory=list)
    last_words: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    place: Place = NOWHERE
    _kept: dict[str, dict[str, ParameterValue]] = field(default_factory=dict)
    _kept_place: Place = NOWHERE
    _language: str = ""

    @property
    def language(self) -> str:
        """The language of the screen, ``en`` or ``el``."""
        if self.asked_language is not None:
            return self.asked_language
        try:
            self._language = self.session.language if self.session is not None else default_language()
        except StoreError:  # the observer tells of it, in the language that was known
            self._language = self._language or default_language()
        return self._language

    # Plain memory

    def draft(self, part: Part) -> dict[str, ParameterValue]:
        """Return the parameters of a part that were changed."""
        return self.drafts.setdefault(part.id, {})

    def change(self, part: Part, name: str, value: ParameterValue) -> None:
        """Change a parameter; the default takes the change back."""
        draft = self.draft(part)
        if value == part.parameter(name).default:
            draft.pop(name, None)
        else:
            draft[name] = value
        self.pinned.pop(part.id, None)

    def own(self, part: Part, given: Drafts = NOTHING) -> dict[str, ParameterValue]:
        """Return the parameters of a part that were changed, and those that were `given` with a run, which win."""
        return {**self.draft(part), **given.get(part.id, {})}

    def settings(self, part: Part, given: Drafts = NOTHING) -> dict[str, ParameterValue]:
        """Return all parameters of a part as its next run would have them."""
        return part.settings(self.own(part, given))

    # Sessions

    @property
    def device_name(self) -> str:
        """The device that was asked for, else that of the settings; ``auto`` among them."""
        try:
            return self.device or str(configured("device", None, self.session))
        except StoreError:  # the observer tells of it
            return "auto"

    @property
    def data_root(self) -> Path | None:
        """The data folder of the open session, None where there is none or it cannot be read now."""
        try:
            return self.session.data_root if self.session is not None else None
        except StoreError:  # the observer tells of it
            return None

    def close(self) -> None:
        """Have no session open; what was changed in the one that was open is forgotten."""
        self.session = None
        self._forget()
        self._kept, self.place, self._kept_place = {}, NOWHERE, NOWHERE

    def _forget(self) -> None:
        for kept in (self.drafts, self.pinned, self.marked, self.removed):
            kept.clear()

    def open(self, name: str | None) -> Session:
        """Open a session; without a name the last one.

        Raises
        ------
        StoreError
            If it is not there or cannot be read.
        """
        session = self.sessions.open(name)
        self._enter(session)
        return session

    def create(self, name: str, root: Path | None, device: str = "auto") -> Session:
        """Make a session on a data folder and open it.

        Raises
        ------
        DataError
            If the folder holds none of the data set.
        StoreError
            If the name cannot be used or is taken.
        """
        settings = data_settings(root) if root is not None else {}
        language = self.asked_language or default_language()
        seed = int(configured("seed"))
        self.sessions.create(name, device=self.device or device, language=language, seed=seed, **settings)
        return self.open(name)

    def use_data(self, root: Path) -> None:
        """Put the open session on another data folder; its earlier runs keep the fingerprint of theirs.

        Raises
        ------
        DataError
            If the folder holds none of the data set.
        """
        if self.session is not None:
            self.session.update(**data_settings(root))

    def entries(self) -> list[SessionEntry]:
        """Return the sessions, the one last written to first."""
        return self.sessions.entries()

    def free_name(self, wanted: str) -> str:
        """Return a name that no session has, near the one that is wanted."""
        taken = {entry.name for entry in self.entries()}
        name, number = wanted, 2
        while name in taken:
            name, number = f"{wanted}-{number}", number + 1
        return name

    def last_part(self) -> str:
        """Return the part or step that was left, else the part of the newest run, or the first that can be run."""
        if self.place.target:
            return self.place.target
        if self.session is not None:
            for run in reversed(self.session.runs()):
                try:
                    part = str(run.record.get("part", ""))
                except StoreError:  # the observer names what cannot be read
                    continue
                if part in self.lab.parts:
                    return part
        return next((part.id for part in self.lab.parts.values() if part.built), next(iter(self.lab.parts)))

    def _enter(self, session: Session) -> None:
        if self.session is None or self.session.folder != session.folder:
            self.keep_place()
            self._forget()
            self.place = self._kept_place = load_place(session, self.lab)
            self.drafts.update(load_drafts(session, self.lab))
            self._kept = self.changes()
        self.session = session

    def changes(self) -> dict[str, dict[str, ParameterValue]]:
        """Return a copy of the changed parameters, by part."""
        return {part: dict(values) for part, values in self.drafts.items() if values}

    def keep_drafts(self) -> None:
        """Write the changed parameters into the session, if they are others than those that are there.

        Raises
        ------
        StoreError
            If the file system refuses.
        """
        changes = self.changes()
        if self.session is not None and changes != self._kept:
            save_drafts(self.session, changes)
            self._kept = changes

    def keep_place(self) -> None:
        """Write which part and tab are in sight into the session, where it can be written to."""
        session, place = self.session, self.place
        if session is not None and place.target:
            self._kept_place = place
            try:
                save_place(session, place)
            except StoreError:  # a session that may only be read is looked at from its newest run the next time
                return

    @property
    def moved(self) -> bool:
        """Whether one is elsewhere than `keep_place` wrote last."""
        return self.session is not None and self.place != self._kept_place

    # Runs

    def start(self, part: Part, *, force: bool = False, profile: bool = False, given: Drafts = NOTHING) -> Started:
        """Find or make the run of a part with its settings, and start it unless it is finished or goes on.

        What is `given` with the run counts for it alone.

        With `profile` it measures where its time goes; a finished one that does not tell that is made again.

        Raises
        ------
        LabError
            If the part cannot be run: not built, no data, nothing to build on, no such device.
        StoreError
            If the file system refuses.
        """
        from workbench.runner.devices import resolve_device
        from workbench.runner.jobs import Found, Job, going_on, require_prerequisites, run_for
        from workbench.runner.launch import launch
        from workbench.runner.measured import has_to_be_measured, tells_its_time

        if not part.built:
            raise NotBuiltError(f"{part.id} ({part.title}) is not built yet in this version.")
        if self.session is None:
            raise DataError("No session is open. Press F2 to open one or make one.")
        if part.data and self.session.data_root is None:
            raise DataError(
                f"{part.id} needs data, and this session has none. Press d to choose a folder, "
                "or F2 and d for a session on the demo set."
            )
        session = self.session
        device = resolve_device(self.device_name)
        job = Job(session, part, self.settings(part, given), session.seed, device)
        require_prerequisites(session, part, job.parameters, session.data_root, self.lab.parts)
        force = force or (profile and has_to_be_measured(job))
        # One that is asked for again while an equal one waits or goes on would compute the same twice.
        going = going_on(job) if force else None
        run, found = (going, Found.LIVE) if going is not None else run_for(job, force=force)
        self.pinned[part.id] = run.id
        if found not in (Found.FINISHED, Found.LIVE):
            launch(run, profile=profile)
        measured = tells_its_time(part, run, found) if profile else None
        return Started(run.id, found, run.state is RunState.QUEUED, measured)

    def take_up(self, part: Part, run_id: str, *, profile: bool = False) -> Started:
        """Take up one run of a part, as it was begun.

        Raises
        ------
        LabError
            If it is finished, or its data are others now.
        StoreError
            If it is not there, or the file system refuses.
        """
        from workbench.runner.jobs import Found
        from workbench.runner.taking_up import take_up

        if self.session is None:
            raise DataError("No session is open. Press F2 to open one or make one.")
        run = self.session.run(run_id)
        take_up(self.session, run, part, profile=profile)
        self.pinned[part.id] = run.id
        return Started(run.id, Found.RESUMABLE, run.state is RunState.QUEUED, profile or None)

    def plan(
        self, parts: Sequence[Part], *, force: bool = False, profile: bool = False, given: Drafts = NOTHING
    ) -> Plan:
        """Return what would run, with prerequisites first, and how long it would take.

        Raises
        ------
        LabError
            If no session is open, or this machine has no such device, or cannot compute with the settings.
        StoreError
            If the session cannot be read.
        """
        from workbench.runner.devices import resolve_device
        from workbench.runner.estimate import history_of
        from workbench.runner.plan import Action, Order, make_plan

        if self.session is None:
            raise DataError("No session is open. Press F2 to open one or make one.")
        settings, own = partial(self.settings, given=given), partial(self.own, given=given)
        order = Order(tuple(parts), True, settings, self.session.seed, force, given=own, profile=profile)
        device = resolve_device(self.device_name)
        history = history_of(self.sessions, self.session, device, self.lab)
        plan = make_plan(order, self.lab, self.session, self.session.data_root, history)
        for planned in plan.parts:
            if planned.action is Action.RUN:
                check(settings(planned.part), device)
        return plan

    def start_plan(self, plan: Plan, *, force: bool = False, profile: bool = False, given: Drafts = NOTHING) -> None:
        """Start a process that carries a plan out, one run after the other, whatever becomes of the app.

        Raises
        ------
        LabError, StoreError
            If it does not begin.
        """
        from workbench.runner.driver import start_driver

        assert self.session is not None
        wanted = ",".join(planned.part.id for planned in plan.parts if planned.wanted)
        arguments = [f"--step={wanted}", f"--session={self.session.name}", f"--sessions-dir={self.sessions.folder}"]
        arguments += [f"--device={self.device_name}", "--with-prerequisites"]
        arguments += [f"--{flag}" for flag, given in (("force", force), ("profile", profile)) if given]
        for planned in plan.parts:
            for name, value in self.own(planned.part, given).items():
                arguments.append(f"--set={planned.part.id}:{name}={value}")
            self.pinned.pop(planned.part.id, None)
        start_driver(self.session, arguments)

    def mark(self, run_id: str) -> None:
        """Mark a run for a comparison, or take the mark back; plain memory."""
        if run_id in self.marked:
            self.marked.remove(run_id)
        else:
            self.marked.append(run_id)

    def remove(self, run_id: str) -> None:
        """Move a run to the trash of the session.

        Raises
        ------
        StoreError
            If it goes on, is pinned, or is not there.
        """
        if self.session is not None:
            remove_run(self.session, run_id)
            self.removed.append(run_id)
            self.marked = [one for one in self.marked if one != run_id]
            self.pinned = {part: one for part, one in self.pinned.items() if one != run_id}

    def restore(self) -> str:
        """Take the run that was moved to the trash last out of it, and return its id; empty where there is none."""
        if self.session is None or not self.removed:
            return ""
        run = restore_run(self.session, self.removed[-1])
        self.removed.pop()
        return run.id

    def take_in(self, archive: Path, name: str, progress: Progress | None = None) -> Session:
        """Make a session of an exported one, under its old name where none is given, and open it.

        Parameters
        ----------
        progress
            Called with files that are there, bytes read of the archive, and its size.

        Raises
        ------
        StoreError
            If the archive cannot be used, or the name is taken.
        """
        session = self.sessions.import_archive(archive.expanduser().absolute(), name or None, progress)
        return self.open(session.name)

    def request(self, run_id: str, command: str, value: float | None = None) -> None:
        """Ask something of a live run.

        Raises
        ------
        StoreError
            If the run is not there, or the file system refuses.
        """
        if self.session is not None:
            self.session.run(run_id).request(command, value)


def open_bench(
    session_name: str | None,
    sessions_dir: Path | None,
    data_root: Path | None,
    device: str | None,
    language: str | None = None,
) -> Bench:
    """Return the bench that the command line asks for.

    The session that is named is opened, or made where there is none of that name; without a name, the last one,
    with a data folder the last one on it.

    Raises
    ------
    DataError, DeviceError, StoreError
        If the folder, the device or the session cannot be used.
    """
    if device is not None:
        from workbench.runner.devices import resolve_device

        resolve_device(device)
    folder = sessions_dir.expanduser().absolute() if sessions_dir else default_sessions_dir()
    # As with every setting, the environment counts before the session.
    asked = language or os.environ.get("WORKBENCH_LANGUAGE", "")
    bench = Bench(Sessions(folder), device=device, asked_language=asked if asked in ("en", "el") else None)
    root = data_root.expanduser().absolute() if data_root else None
    if session_name is not None:
        try:
            bench.open(session_name)
        except SessionNotFoundError:
            bench.create(session_name, root)
            return bench
    elif root is not None:
        on_root = (
            entry.name for entry in bench.entries() if not entry.problem and Session(entry.folder).data_root == root
        )
        name = next(on_root, None)
        if name is None:
            bench.create(bench.free_name(name_for(root)), root)
            return bench
        bench.open(name)
    elif bench.sessions.last() is not None:
        try:
            bench.open(None)
        except StoreError as error:  # the list of sessions is a place to go on from
            bench.first_words.append(f"The last session cannot be opened. {error}")
    if root is not None and bench.session is not None and bench.session.data_root != root:
        bench.use_data(root)
    return bench


def data_settings(root: Path) -> dict[str, str]:
    """Return the settings of a session on a data folder.

    Raises
    ------
    DataError
        If the folder holds none of the data set; the message says what lies there and what was probably meant.
    """
    from labsteps.data.folders import fingerprint

    root = root.expanduser().absolute()
    return {"data_root": str(root), "data_fingerprint": fingerprint(root)}
