"""The context that a worker hands to a part: events, artifacts, checkpoints, and what the user asks."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from labsteps import results
from labsteps.catalogue import Catalogue
from labsteps.context import Context, EarlierRun, ParameterValue, SavedState
from labsteps.profile import CHECKPOINT, EVENTS, PAUSED, PROFILE_FILE, Profile
from workbench.runner.jobs import earlier_run
from workbench.runner.weights import checked_weights
from workbench.store.atomic import clean_leftovers, write_file
from workbench.store.checkpoints import Checkpoint, CheckpointStore
from workbench.store.errors import StoreError
from workbench.store.events import EventWriter
from workbench.store.folder_cache import BIG, FolderCache
from workbench.store.folders import remove_folder, write_folder
from workbench.store.places import cache_dir
from workbench.store.run import RunFolder, RunState
from workbench.store.session import SESSION_FILE, Session

POLL_SECONDS = 0.1
PAUSED_POLL_SECONDS = 0.25
COMPARING_SECONDS = 1.0
BEST = "best"


class _Folder:
    """What a context keeps on disk: artifacts and checkpoints, in the run's folder or in a subfolder of it."""

    emit: Callable[..., None]

    def __init__(self, run: RunFolder, inside: str, profiled: bool) -> None:
        self.run, self._inside = run, inside
        self.profile = Profile(profiled)
        self._checkpoints = CheckpointStore(run.path / inside / "checkpoints", run.path)

    def artifact(self, name: str) -> Path:
        """Return the path of a file of the run."""
        return self.run.artifact(f"{self._inside}{name}")

    def write_artifact(self, name: str, data: bytes) -> Path:
        """Write a file of the run, whole or not at all."""
        path = self.artifact(name)
        write_file(path, data)
        return path

    def kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return the content of a file of the run that its sections share, made when it is first asked for."""
        path = self.run.artifact(name)
        if not path.exists():
            write_file(path, make())
        return path.read_bytes()

    def save_model(self, write: Callable[[Path], None]) -> None:
        """Publish the finished model as ``checkpoints/best``."""
        target = self.artifact(f"checkpoints/{BEST}")
        if target.exists():
            remove_folder(target)
        write_folder(target, write)

    def save_state(self, step: int, write: Callable[[Path], None], info: Mapping[str, Any]) -> None:
        """Write a checkpoint."""
        with self.profile.span(CHECKPOINT):
            self._checkpoints.save(step, write, info)

    def write_profile(self) -> None:
        """Write where the time went, where that was asked for and something was trained or evaluated."""
        # Steps that were all taken before anybody measured are told of too: what follows is not the whole.
        if self.profile.seconds.keys() - {EVENTS} or (self.profile.on and self.profile.of):
            self.write_artifact(PROFILE_FILE, json.dumps(self.profile.to_json(), indent=1).encode())
        else:
            # What a life left that no checkpoint remembers would pass for the whole.
            (self.run.path / self._inside / PROFILE_FILE).unlink(missing_ok=True)

    def load_state(self, usable: Callable[[SavedState], None] | None = None) -> SavedState | None:
        """Return the newest whole and usable checkpoint, or None; name each that is passed over."""

        def check(found: Checkpoint) -> None:
            if usable is not None:
                usable(SavedState(found.step, found.folder, found.info))

        before = self._checkpoints.steps()
        found = self._checkpoints.newest(check, report=lambda text: self.emit("warning", text=text))
        if found is None:
            if before or self._was_saved():
                what = f"the training in {self._inside}" if self._inside else "the run"
                self.emit("warning", text=f"No checkpoint can be used: {what} begins again from the start.")
            return None
        return SavedState(found.step, found.folder, found.info)

    def _was_saved(self) -> bool:
        """Return whether the log tells of a checkpoint, so that there should be one."""
        of_this = ("checkpoint", self._inside.rstrip("/"))
        return any((event["kind"], event.get("section", "")) == of_this for event in self.run.events())


class RunContext(_Folder):
    """Implements `labsteps.context.Context` on a run's folder.

    Parameters
    ----------
    run
        The run, held by this process.
    session
        The session it belongs to.
    events
        Its event log.
    signalled
        Returns why the process was told to leave, or an empty text.
    profiled
        Whether to measure where the time goes.
    """

    def __init__(
        self,
        run: RunFolder,
        session: Session,
        catalogue: Catalogue,
        events: EventWriter,
        signalled: Callable[[], str],
        *,
        profiled: bool = False,
    ) -> None:
        super().__init__(run, "", profiled)
        record = run.record
        self.session, self._catalogue, self._events = session, catalogue, events
        self.part = str(record["part"])
        self.device = str(record["device"])
        self.seed = int(record["seed"])
        self.params: Mapping[str, ParameterValue] = {
            **catalogue.parts[self.part].defaults(),
            **record["parameters"],
        }
        self.data_root = Path(record["data_root"])
        self.stop_reason = ""
        self.cache = FolderCache(cache_dir(), self._leave_when_stopped, self._warn, self._comparing)
        self._signalled = signalled
        self._control = run.control()
        self.sections: list[SectionContext] = []
        self._requests: deque[Mapping[str, Any]] = deque()
        self._polled_at = 0.0
        self._problem = ""
        self._paused = False
        self._compared_at = 0.0

    def section(
        self, name: str, *, seed: int | None = None, params: Mapping[str, ParameterValue] | None = None
    ) -> Context:
        """Return the context of one of several trainings of this run."""
        return SectionContext(self, self, name, seed, params)

    def write_profiles(self) -> None:
        """Write where the time of the run's own training went, and that of each section."""
        for context in (self, *self.sections):
            context.write_profile()

    def emit(self, kind: str, **fields: Any) -> None:
        """Append an event; a change of settings that is acknowledged is kept with the run."""
        with self.profile.span(EVENTS):
            self.append(kind, **fields)

    def append(self, kind: str, **fields: Any) -> None:
        """Append an event whose time is counted elsewhere."""
        history = fields.pop("history", ())
        self._events.append(kind, **fields)
        self._tell_lost(history, str(fields.get("section", "")))
        if kind == "acknowledged" and fields.get("value") is not None:
            changed = self.run.record.get("changed", {})
            self.run.update_record(changed={**changed, fields["command"]: fields["value"]})

    def _tell_lost(self, history: Sequence[Mapping[str, Any]], section: str) -> None:
        """Tell the epochs of a training once more of which the log, cut since, knows nothing."""
        told = (event for event in self.run.events() if event["kind"] == "epoch") if history else ()
        known = {event["epoch"] for event in told if event.get("section", "") == section}
        lost = [row for row in history if row["epoch"] not in known]
        if not lost:
            return
        own = {"section": section} if section else {}
        # Readers replace what comes after an epoch that is told again, so all that follows is told with it.
        for row in history[int(lost[0]["epoch"]) - 1 :]:
            self._events.append("epoch", **own, **row)
        first, last = lost[0]["epoch"], lost[-1]["epoch"]
        text = f"events.jsonl was cut: the curve has epochs {first} to {last} from the checkpoint, without times."
        self._events.append("warning", **own, text=text)

    def stop_requested(self) -> bool:
        """Tell whether to save and leave; while the run is paused, wait here."""
        self._poll()
        self._wait_while_paused(lambda: False)
        return bool(self.stop_reason)

    def requests(self) -> list[Mapping[str, Any]]:
        """Return the changes asked for since the last call; while the run is paused, wait here for some."""
        self._poll()
        self._wait_while_paused(lambda: bool(self._requests))
        waiting = list(self._requests)
        self._requests.clear()
        return waiting

    def earlier(
        self, part: str, *, parameters: Mapping[str, ParameterValue] | None = None, seed: int | None = None
    ) -> EarlierRun | None:
        """Return the finished run of a part that this one was begun on, else the newest on the same data, or None."""
        wanted = self._catalogue.parts[part]
        found = self._recorded(part) if parameters is None and seed is None else None
        found = found or earlier_run(self.session, wanted, self.data_root, parameters=parameters, seed=seed)
        if found is None:
            return None
        record, result = found.record, found.result()
        assert result is not None
        return EarlierRun(
            found.id,
            part,
            record["parameters"],
            int(record["seed"]),
            results.from_json(result),
            found.path,
            record.get("changed", {}),
        )

    def equal_folder(self, inside: str = "") -> Path | None:
        """Return the folder of an equal run that was begun on other results, or of a section of it."""
        record = self.run.record
        part = self._catalogue.parts[self.part]
        if record.get("forced"):
            return None
        decisive = {one.name: self.params[one.name] for one in part.parameters if one.affects_result}
        found = earlier_run(self.session, part, self.data_root, parameters=decisive, seed=self.seed)
        if found is None or found.record.get("weights", "") != record.get("weights", ""):
            return None
        return found.path / inside

    def _recorded(self, part: str) -> RunFolder | None:
        name = self.run.record.get("builds_on", {}).get(part)
        if name is None:
            return None
        try:
            run = self.session.run(str(name))
        except StoreError:  # it was removed since
            return None
        return run if run.state is RunState.FINISHED else None

    def pretrained(self, run: EarlierRun | None = None) -> Path:
        """Return the file of the published weights that the run, or an earlier one, begins with; content checked."""
        record = self.run.record if run is None else self.session.run(run.run_id).record
        return checked_weights(str(record.get("weights", "")))

    def _poll(self) -> None:
        """Look at the signals always and at the requests a few times a second."""
        reason = self._signalled()
        if reason:
            self.stop_reason = reason
        now = time.monotonic()
        if now - self._polled_at < POLL_SECONDS:
            return
        self._polled_at = now
        self._read_requests()

    def _wait_while_paused(self, wanted: Callable[[], bool]) -> None:
        if not self._paused or self.stop_reason or wanted():
            return
        interrupted = [one.profile for one in (self, *self.sections) if one.profile.open_rows]
        for profile in interrupted:
            profile.enter(PAUSED)
        while self._paused and not self.stop_reason and not wanted():
            time.sleep(PAUSED_POLL_SECONDS)
            self.stop_reason = self._signalled() or self.stop_reason
            self._read_requests()
        for profile in interrupted:
            profile.leave()

    def _notice_removal(self) -> None:
        """Leave when the session or the run was deleted under this process: nothing would ever read what it writes."""
        for file in (self.session.folder / SESSION_FILE, self.run.path / "run.json"):
            try:
                os.stat(file)
            except (FileNotFoundError, NotADirectoryError):
                if not self.stop_reason:
                    self.stop_reason = f"{file} is not there any more"
                    print(f"left: {self.stop_reason}", file=sys.stderr, flush=True)
                return
            except OSError:  # what cannot be looked at now may be there all the same
                continue

    def _read_requests(self) -> None:
        """Sort new requests: stop, pause and go on are answered here, the rest wait for the part."""
        self._notice_removal()
        for request in self._control.poll():
            command = request["command"]
            if command not in ("stop", "pause", "continue"):
                self._requests.append(request)
                continue
            self.emit("acknowledged", request=request["id"], command=command)
            if command == "stop":
                self.stop_reason = "stopped by the user"
            elif self._paused != (command == "pause"):
                self._paused = command == "pause"
                self.emit("paused" if self._paused else "continued")
        if self._control.problem and self._control.problem != self._problem:
            self._problem = self._control.problem
            self.emit("warning", text=self._problem)

    def answer_while_finishing(self) -> None:
        """Answer requests once nothing is left to do but to write the result: they come too late to change anything."""
        waiting = [*self._requests, *self._control.poll()]
        self._requests.clear()
        for request in waiting:
            self.emit("acknowledged", request=request["id"], command=request["command"], finishing=True)

    def _warn(self, text: str) -> None:
        self.emit("warning", text=text)

    def _comparing(self, folder: Path, done: int, total: int) -> None:
        """Tell how far the content of a cached folder is compared, where that takes seconds."""
        self._leave_when_stopped()
        now = time.monotonic()
        if total >= BIG and (now - self._compared_at >= COMPARING_SECONDS or done == total):
            self._compared_at = now
            text = f"comparing {folder.name.partition('@')[0]} with its sums, in MB"
            self.emit("phase", text=text, done=done // 10**6, total=total // 10**6)

    def _leave_when_stopped(self) -> None:
        from labsteps.errors import StopRequestedError

        if self.stop_requested():
            raise StopRequestedError


class SectionContext(_Folder):
    """One of several trainings of a run: a subfolder and perhaps a seed of its own; all else is the run's.

    Parameters
    ----------
    whole
        The context of the run.
    outer
        What the section lies in: the run, or another section.
    name
        Name of its subfolder.
    seed
        Its seed; that of `outer` when None.
    params
        Its parameters; those of `outer` when None.
    """

    def __init__(
        self,
        whole: RunContext,
        outer: RunContext | SectionContext,
        name: str,
        seed: int | None,
        params: Mapping[str, ParameterValue] | None,
    ) -> None:
        self._whole = whole
        self.part, self.device = whole.part, whole.device
        self.params: Mapping[str, ParameterValue] = outer.params if params is None else params
        self.data_root, self.cache = whole.data_root, whole.cache
        self.seed: int = outer.seed if seed is None else seed
        self.stop_requested, self.requests = whole.stop_requested, whole.requests
        self.earlier, self.pretrained = whole.earlier, whole.pretrained
        super().__init__(whole.run, f"{outer._inside}{name}/", whole.profile.on)
        whole.sections.append(self)
        # The run's own folder is cleared of what a killed worker left when the run is taken; this one is not.
        clean_leftovers(self.artifact("checkpoints").parent)

    def emit(self, kind: str, **fields: Any) -> None:
        """Append an event to the run's log, with the section that it tells of."""
        with self.profile.span(EVENTS):
            self._whole.append(kind, **{"section": self._inside.rstrip("/"), **fields})

    def equal_folder(self) -> Path | None:
        """Return the folder of this section in an equal run."""
        return self._whole.equal_folder(self._inside)

    def section(
        self, name: str, *, seed: int | None = None, params: Mapping[str, ParameterValue] | None = None
    ) -> Context:
        """Return the context of a training inside this section."""
        return SectionContext(self._whole, self, name, seed, params)
