"""How long things will take, for the screens: of a part with the values in its form, and of runs that go on or wait.

The screens ask while they are drawn and get what is known already.  What is not is read in a thread, once for all that
it depends on, and the screens are drawn again when it is there.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from labsteps.catalogue import Part
from labsteps.context import ParameterValue
from labsteps.errors import LabError
from workbench.runner.follow import Snapshot
from workbench.store.errors import StoreError
from workbench.store.run import RunState
from workbench.store.session import Session
from workbench.tui.widgets.panel import PartPanel
from workbench.wording import between

if TYPE_CHECKING:
    from workbench.runner.coming import Beginning
    from workbench.runner.estimate import Estimate, History
    from workbench.tui.app import WorkbenchApp
    from workbench.tui.look import Look

# Seconds for which it holds when a run begins that waits; the moment that was told goes on to be counted down to.
HOLDS: Final = 15.0
_KEPT: Final = 200
_WORDS: Final = {"run": "about {}", "resume": "about {} still", "reuse": "about {} to run again"}


@dataclass(frozen=True, slots=True)
class Ahead:
    """How long the next run of a part will take.

    Attributes
    ----------
    words
        How the time is told, with a place for it.
    estimate
        The time; None where nothing tells.
    unknown
        The run that tells nothing of it and why, in words; empty where there is none.
    """

    words: str = ""
    estimate: Estimate | None = None
    unknown: str = ""

    def told(self, look: Look) -> str:
        """Return it in words, with what it rests on; empty where nothing is known."""
        if self.estimate is None:
            return look.say(self.unknown)
        span, basis = self.estimate.span, str(self.estimate.basis)
        by = (f"by {basis}",) if basis == "earlier runs of its step" else ()
        time_told = look.say(self.words.format(between(span.low, span.likely, span.high)))
        return f"{time_told} ({', '.join(map(look.say, (*by, self.estimate.detail)))})"


_NOTHING: Final = Ahead()


class Foresight:
    """Answers what the screens ask, at once or as soon as it was read.

    Parameters
    ----------
    app
        The app; it is drawn again when there is an answer.
    """

    def __init__(self, app: WorkbenchApp) -> None:
        self._app = app
        self._known: OrderedDict[Hashable, object] = OrderedDict()
        self._last: dict[Hashable, object] = {}
        self._asked: dict[Hashable, Callable[[], object]] = {}
        self._reading = False
        self._histories: dict[Hashable, History] = {}

    def of_part(self, part: Part | None, settings: Mapping[str, ParameterValue]) -> Ahead:
        """Return how long the next run of a part takes with these settings; nothing as long as that is not known."""
        bench, view = self._app.bench, self._app.view
        session = bench.session
        if part is None or session is None or not part.built or part.only_asks or not view.read:
            return _NOTHING
        own = dict(settings)
        key = ("part", session.folder, part.id, tuple(own.items()), bench.device_name, view.data_root, self._ended)
        # What was asked of values that are others by now is of no use any more.
        for old in [one for one in self._asked if isinstance(one, tuple) and one[0] == "part" and one != key]:
            del self._asked[old]
        found = self._get(key, partial(self._of_part, session, part, own, self._ended))
        return found if isinstance(found, Ahead) else _NOTHING

    def counted(self, snapshot: Snapshot) -> tuple[Snapshot, Estimate | None]:
        """Return a run with the trainings counted that it has not begun, and what they rest on."""
        from workbench.runner.coming import lacks_others
        from workbench.runner.estimate import Estimate

        session = self._app.bench.session
        if session is None or not lacks_others(snapshot):
            return snapshot, None
        key = ("others", snapshot.run_id, snapshot.training, self._ended)
        found = self._get(key, partial(self._others, session, snapshot.run_id, self._ended))
        if not isinstance(found, Estimate):
            return snapshot, None
        return replace(snapshot, others=found.span), found

    def beginning(self, snapshot: Snapshot) -> Beginning | None:
        """Return when a run that waits begins; None where nothing tells, or it is not known yet."""
        from workbench.runner.coming import Beginning

        session = self._app.bench.session
        if session is None or snapshot.state is not RunState.QUEUED:
            return None
        key = ("begins", snapshot.run_id, snapshot.queue, int(time.monotonic() / HOLDS))
        found = self._get(key, partial(self._begins, session, snapshot.run_id, self._ended), slot=key[:3])
        return found if isinstance(found, Beginning) else None

    @property
    def _ended(self) -> frozenset[tuple[str, RunState]]:
        """The runs of the session that have ended: what estimates rest on."""
        return frozenset((run, state) for run, state in self._app.view.runs.items() if not state.live)

    @property
    def idle(self) -> bool:
        """Whether all that was asked is answered."""
        return not self._reading

    def _get(self, key: Hashable, find: Callable[[], object], slot: Hashable = None) -> object:
        if key in self._known:
            return self._known[key]
        if key not in self._asked:
            self._asked[key] = partial(self._found, slot, find)
            if not self._reading and self._app.is_running:
                self._reading = True
                self._app.run_worker(self._read(), group="foresight")
        return self._last.get(slot)

    def _found(self, slot: Hashable, find: Callable[[], object]) -> object:
        found = find()
        if slot is not None:
            self._last[slot] = found
        return found

    async def _read(self) -> None:
        try:
            while self._asked:
                key, find = self._asked.popitem()
                try:
                    self._known[key] = await asyncio.to_thread(find)
                except (LabError, StoreError, OSError, ValueError, KeyError, TypeError):
                    # What cannot be read tells no time; the observer, or the run itself, says what is wrong with it.
                    self._known[key] = None
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
        finally:
            self._reading = False
        if not self._app.is_running:  # its screens are being taken down
            return
        for screen in self._app.screen_stack:
            for panel in screen.query(PartPanel):
                panel.foreseen()

    # In the thread

    def _of_part(self, session: Session, part: Part, settings: Mapping[str, ParameterValue], ended: Hashable) -> Ahead:
        from workbench.runner.devices import resolve_device
        from workbench.runner.estimate import Basis
        from workbench.runner.jobs import data_fingerprint
        from workbench.runner.plan import Action, Cause, Order, make_plan

        bench = self._app.bench
        history = self._history(session, resolve_device(bench.device_name), ended)

        def values(one: Part) -> Mapping[str, ParameterValue]:
            return settings if one.id == part.id else one.settings({})

        root = session.data_root
        (planned,) = make_plan(Order((part,), False, values, session.seed), bench.lab, session, root, history).parts
        words = _WORDS.get(str(planned.action), "about {} without what it builds on")
        estimate = planned.estimate
        if planned.action is Action.REUSE or planned.cause is Cause.BUILDS_ON:
            estimate = history.estimate(part, settings, root, data_fingerprint(root, part), seed=session.seed)
        elif not planned.action.works or planned.action is Action.FOLLOW:
            return _NOTHING
        # A guess is good for a sum of many, and tells nothing of one.
        known = estimate is not None and estimate.basis is not Basis.GUESS
        return Ahead(words, estimate if known else None, planned.rests if estimate is None else "")

    def _others(self, session: Session, run_id: str, ended: Hashable) -> Estimate | None:
        from workbench.runner.coming import others_of

        run = session.run(run_id)
        return others_of(run, self._history(session, str(run.record.get("device", "")), ended), self._app.bench.lab)

    def _begins(self, session: Session, run_id: str, ended: Hashable) -> Beginning | None:
        from workbench.runner.coming import beginning_of

        bench = self._app.bench
        return beginning_of(
            session.run(run_id), bench.sessions, lambda device: self._history(session, device, ended), bench.lab
        )

    def _history(self, session: Session, device: str, ended: Hashable) -> History:
        from workbench.runner.estimate import history_of

        key = (session.folder, device, ended)
        if key not in self._histories:
            self._histories = {key: history_of(self._app.bench.sessions, session, device, self._app.bench.lab)}
        return self._histories[key]
