"""What the screens show: immutable pictures of a session, made by one reader.

The reader runs in a thread, one call at a time; it touches no widget.  A picture that equals the one before is not
sent again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labsteps.catalogue import Catalogue, Part, ValueSpec
from labsteps.context import ParameterValue
from labsteps.errors import LabError
from labsteps.greek import in_language
from labsteps.results import Result, Value, from_json
from workbench.config import configured
from workbench.runner.follow import Follower, Snapshot
from workbench.runner.list_ends import ListEnd, list_ends
from workbench.runner.profiles import Profiled, profiles
from workbench.store.batches import Batch, live_batches
from workbench.store.errors import StoreError
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session
from workbench.tui.answers import AnswerReader, AnswerView
from workbench.tui.history import HistoryReader, RunRow
from workbench.wording import number

if TYPE_CHECKING:
    from workbench.tui.bench import Bench

_FOLLOWED = 8
_LOG_LINES = 200


@dataclass(frozen=True, slots=True)
class PartView:
    """Where a part stands: of its runs the one that goes on counts, else one that is finished, else the newest.

    Attributes
    ----------
    has_result
        Whether one of its runs is finished, whichever goes on now.
    headline
        Its score, where it is finished and has one.
    """

    state: RunState
    run_id: str
    headline: str = ""
    has_result: bool = False


@dataclass(frozen=True, slots=True)
class LiveRun:
    """A run of the session that goes on; `progress` is None where it does not train, or not any more."""

    run_id: str
    part: str
    state: RunState
    progress: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Times:
    """Where the time of each training of a run went, and how long the run took in all, in seconds."""

    trainings: tuple[Profiled, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class ResultView:
    """A finished run's result, and what belongs to it.

    Attributes
    ----------
    settings
        The parameters that it ran with, as they were in the end.
    finished
        When it was finished, in seconds since 1970.
    folder
        The run's folder; figures lie in ``figures/<name>.png`` there.
    times
        Where its time went, where that was measured.
    """

    part: str
    run_id: str
    folder: Path
    result: Result
    settings: Mapping[str, ParameterValue]
    finished: float
    times: Times | None = None


@dataclass(frozen=True, slots=True)
class LabView:
    """All that the lab screen shows, at one moment.

    Attributes
    ----------
    parts
        Of every part that has a run, where it stands.
    snapshot
        The run that is shown for the selected part.
    within
        Losses inside the epoch under way, as (epoch, loss).
    missing
        Data folders that the selected part reads and that are not there.
    data_there
        Whether the folder of the session's data is there; also where none was chosen.
    folder
        The folder of that run, or empty.
    log
        End of the worker's output, for a run that failed.
    problem
        What cannot be read, or empty.
    answered
        The parts whose questions are answered.
    answer
        Question, evidence and answer of the selected part, where it asks something.
    history
        The runs of the selected part, the newest first.
    batches
        What runs several parts one after the other, also between two of them.
    ended
        What did so and ended early, with what it left that nobody ran since.
    runs
        Where every run of the session stands, by its id.
    read
        False as long as the session's runs were not read, so that nothing is known of where its parts stand.
    """

    session: str = ""
    data_root: str = ""
    device: str = ""
    selected: str = ""
    parts: Mapping[str, PartView] = field(default_factory=dict)
    live: tuple[LiveRun, ...] = ()
    snapshot: Snapshot | None = None
    within: tuple[tuple[float, float], ...] = ()
    result: ResultView | None = None
    missing: tuple[str, ...] = ()
    folder: str = ""
    log: tuple[str, ...] = ()
    problem: str = ""
    answered: frozenset[str] = frozenset()
    answer: AnswerView | None = None
    history: tuple[RunRow, ...] = ()
    batches: tuple[Batch, ...] = ()
    ended: tuple[ListEnd, ...] = ()
    runs: Mapping[str, RunState] = field(default_factory=dict)
    data_there: bool = True
    read: bool = True

    def state_of(self, part: str) -> RunState | None:
        """Return where a part stands, None where it has no run."""
        view = self.parts.get(part)
        return None if view is None else view.state

    def finished(self, part: str) -> bool:
        """Tell whether a part has a result, and none of its runs goes on."""
        return self.state_of(part) is RunState.FINISHED

    def has_result(self, part: str) -> bool:
        """Tell whether a part has a result, also while it is run again: what is done stays done."""
        view = self.parts.get(part)
        return view is not None and (view.has_result or view.state is RunState.FINISHED)

    @property
    def computes_on(self) -> str:
        """The device of runs to come, empty while it is not known."""
        name = self.device.partition(" ")[0]
        return "" if name == "auto" else name


def first_view(bench: Bench) -> LabView:
    """Return what is known before anything but the session's settings was read."""
    session = bench.session
    if session is None:
        return LabView()
    return LabView(session.name, str(session.data_root or ""), bench.device_name, read=False)


class Reader:
    """Reads a session into pictures, at the cost of what is new.

    Parameters
    ----------
    session
        The session that is open.
    lab
        The catalogue.
    device
        A device that was asked for when the app was started, or None.
    language
        Of the reference notes; the session's when None.
    """

    def __init__(
        self, session: Session, lab: Catalogue, device: str | None = None, language: str | None = None
    ) -> None:
        self._session, self._lab, self._device = session, lab, device
        self._language = language or session.language
        self._answers = AnswerReader(session, lab, self._language)
        self._history = HistoryReader()
        self._followers: OrderedDict[str, Follower] = OrderedDict()
        self._headlines: dict[str, str] = {}
        self._live = 0
        self._result: ResultView | None = None
        self._within: tuple[tuple[str, str, int], list[tuple[float, float]]] = (("", "", 0), [])
        self._log: tuple[tuple[str, int], tuple[str, ...]] = (("", 0), ())

    def read(self, selected: str, pinned: str | None) -> LabView:
        """Return a picture of the session.

        Parameters
        ----------
        selected
            Id of the part whose run and result are shown.
        pinned
            Its run to show, where it is not the newest.

        Raises
        ------
        StoreError
            If the session cannot be read.
        """
        problems: list[str] = []
        runs = self._runs_by_part(problems)
        parts = {part: self._part_view(part, own, problems) for part, own in runs.items()}
        live = tuple(self._live_runs(runs))
        own = runs.get(selected, [])
        snapshot = self._shown(own, pinned)
        root = self._session.data_root
        history = self._history.rows(selected, own, lambda run: self._headline(selected, run, problems), problems)
        answered, answer = self._answers.answered(), self._answer_of(selected, runs, problems)
        return LabView(
            session=self._session.name,
            data_root=str(root or ""),
            device=self._device_name(problems),
            selected=selected,
            parts=parts,
            live=live,
            snapshot=snapshot,
            within=self._inside_epoch(snapshot),
            result=self._result_of(selected, own, pinned, problems),
            missing=_missing(root, self._lab.parts.get(selected)),
            folder=str(self._session.folder / "runs" / snapshot.run_id) if snapshot is not None else "",
            log=self._worker_log(own, snapshot),
            problem="\n".join(dict.fromkeys(problems)),
            answered=answered,
            answer=answer,
            history=history,
            batches=live_batches(self._session.folder),
            ended=list_ends(self._session, runs, self._lab),
            runs={run.id: state for pairs in runs.values() for run, state in pairs},
            data_there=root is None or root.is_dir(),
        )

    def _answer_of(
        self, selected: str, runs: Mapping[str, list[tuple[RunFolder, RunState]]], problems: list[str]
    ) -> AnswerView | None:
        part = self._lab.parts.get(selected)
        if part is None:
            return None
        finished = {
            one: [run.id for run, state in runs.get(one, []) if state is RunState.FINISHED] for one in part.evidence
        }
        return self._answers.read(part, finished, problems)

    def _device_name(self, problems: list[str]) -> str:
        """Return the device as it was chosen, with the one that ``auto`` means here."""
        try:
            chosen = self._device or str(configured("device", None, self._session))
        except LabError as error:  # a file of settings that somebody is editing
            problems.append(str(error))
            return self._session.device
        if chosen != "auto":
            return chosen
        from workbench.runner.devices import resolve_device

        return f"{resolve_device(chosen)} (auto)"

    def _runs_by_part(self, problems: list[str]) -> dict[str, list[tuple[RunFolder, RunState]]]:
        runs: dict[str, list[tuple[RunFolder, RunState]]] = {}
        for run in self._session.runs():
            try:
                runs.setdefault(str(run.record.get("part", "")), []).append((run, run.state))
            except StoreError as error:
                problems.append(str(error))
        return runs

    def _part_view(self, part: str, runs: list[tuple[RunFolder, RunState]], problems: list[str]) -> PartView:
        run, state = (
            _going(runs) or next((pair for pair in reversed(runs) if pair[1] is RunState.FINISHED), None) or runs[-1]
        )
        says = state is RunState.FINISHED and part in self._lab.parts and is_scored(self._lab.parts[part])
        headline = self._headline(part, run, problems) if says else ""
        return PartView(state, run.id, headline, any(one is RunState.FINISHED for _, one in runs))

    def _headline(self, part: str, run: RunFolder, problems: list[str]) -> str:
        """Return the first value that the part reports; a finished run's never changes."""
        if run.id not in self._headlines:
            specs = self._lab.parts[part].values if part in self._lab.parts else ()
            try:
                values = (run.result() or {}).get("values", {})
            except StoreError as error:
                problems.append(str(error))
                return ""
            self._headlines[run.id] = headline_of(specs, values)
        return self._headlines[run.id]

    def _live_runs(self, runs: Mapping[str, list[tuple[RunFolder, RunState]]]) -> list[LiveRun]:
        found = [(run, part, state) for part, own in runs.items() for run, state in own if state.live]
        # One that works goes before those that wait for their turn.
        found.sort(key=lambda item: (item[2] is RunState.QUEUED, item[0].id))
        self._live = len(found)
        shares = {run.id: self._follow(run).share for run, _, _ in found}
        return [
            LiveRun(run.id, part, state, None if (share := shares[run.id]) is None else round(share, 2))
            for run, part, state in found
        ]

    def _follow(self, run: RunFolder) -> Snapshot:
        follower = self._followers.get(run.id)
        if follower is None:
            follower = self._followers[run.id] = Follower(run)
        self._followers.move_to_end(run.id)
        # One follower too few for the runs that go on would read all of their events again at every look.
        while len(self._followers) > _FOLLOWED + self._live:
            self._followers.popitem(last=False)
        return follower.poll() or follower.snapshot

    def _shown(self, runs: list[tuple[RunFolder, RunState]], pinned: str | None) -> Snapshot | None:
        """Return the snapshot of the run to show: the one that goes on, the pinned, or the newest."""
        if not runs:
            return None
        fixed = next(((run, state) for run, state in runs if run.id == pinned), None)
        if fixed is not None and fixed[1].live:
            return self._follow(fixed[0])
        return self._follow((_going(runs) or fixed or runs[-1])[0])

    def _inside_epoch(self, snapshot: Snapshot | None) -> tuple[tuple[float, float], ...]:
        """Gather the losses inside the epoch under way, as seen since it was first looked at."""
        position = snapshot.position if snapshot is not None else None
        if snapshot is None or position is None or not snapshot.state.live or position.epoch <= len(snapshot.epochs):
            self._within = (("", "", 0), [])
            return ()
        here = (snapshot.run_id, snapshot.section, position.epoch)
        if self._within[0] != here:
            # One finished epoch is a single point: until there are two, what was seen inside the first stays.
            same = self._within[0][:2] == here[:2] and len(snapshot.epochs) < 2
            self._within = (here, self._within[1] if same else [])
        points = self._within[1]
        point = (position.epoch - 1 + position.batch / max(1, position.batches), position.train_loss)
        if not points or points[-1] != point:
            points.append(point)
        return tuple(points)

    def _result_of(
        self, part: str, runs: list[tuple[RunFolder, RunState]], pinned: str | None, problems: list[str]
    ) -> ResultView | None:
        finished = [run for run, state in runs if state is RunState.FINISHED]
        if not finished:
            return None
        run = next((run for run in finished if run.id == pinned), finished[-1])
        if self._result is None or self._result.run_id != run.id:
            try:
                self._result = replace(_read_result(part, run, self._language), times=self._times_of(run))
            except (StoreError, OSError, ValueError, KeyError, TypeError) as error:
                problems.append(str(error) if isinstance(error, StoreError) else f"{run.path}/result.json: {error!r}")
                return None
        return self._result

    def _times_of(self, run: RunFolder) -> Times | None:
        found = profiles(run)
        return Times(found, self._follow(run).seconds) if found else None

    def _worker_log(self, runs: list[tuple[RunFolder, RunState]], snapshot: Snapshot | None) -> tuple[str, ...]:
        if snapshot is None or snapshot.state is not RunState.FAILED:
            return ()
        key = (snapshot.run_id, snapshot.events)
        if self._log[0] != key:
            run = next(run for run, _ in runs if run.id == snapshot.run_id)
            self._log = (key, tuple(run.log_tail(_LOG_LINES)))
        return self._log[1]


def _going(runs: Sequence[tuple[RunFolder, RunState]]) -> tuple[RunFolder, RunState] | None:
    """Return the newest run that works, else the newest that waits for its turn, None where none goes on."""
    live = [pair for pair in reversed(runs) if pair[1].live]
    return next((pair for pair in live if pair[1] is not RunState.QUEUED), live[0] if live else None)


def headline_of(specs: tuple[ValueSpec, ...], values: Mapping[str, float | None]) -> str:
    """Return the first of a part's values that is there, as it is written; empty for a mere count."""
    for spec in specs:
        if values.get(spec.name) is not None:
            if not spec.digits and not spec.unit:
                return ""
            return f"{number(values[spec.name], spec.digits, spec.unit)} {spec.unit}".rstrip()
    return ""


def is_scored(part: Part) -> bool:
    """Tell whether the first value of a part is a score, which tells something without its name too."""
    return bool(part.values) and part.values[0].better == "higher"


def baseline_of(name: str, values: Mapping[str, Value]) -> str:
    """Return the name of the value that a score is to be held against, or an empty text."""
    group, _, score = name.partition("/")
    baseline = f"majority/{score}"
    return baseline if group == "test" and baseline in values else ""


def _read_result(part: str, run: RunFolder, language: str) -> ResultView:
    data: dict[str, Any] = run.result() or {}
    record = run.record
    finished = (run.path / "result.json").stat().st_mtime
    result = in_language(from_json(data), language)
    settings = {**record.get("parameters", {}), **record.get("changed", {})}
    return ResultView(part, run.id, run.path, result, settings, finished)


def _missing(root: Path | None, part: Part | None) -> tuple[str, ...]:
    """Return the data folders that a part reads and that are not there."""
    if part is None or not part.data:
        return ()
    from workbench.runner.jobs import FOLDER_OF_DATA

    folders = [str(FOLDER_OF_DATA[name]) for name in part.data]
    return tuple(name for name in folders if root is None or not (root / name).is_dir())
