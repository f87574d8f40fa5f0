"""Where the time goes: rows that add up, a trace of a few steps, and a training that is the same for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from folders_of_runs import Artifacts, States
from test_training import SETTINGS, fit

from labsteps.errors import StopRequestedError, UsageError
from labsteps.profile import DATA, EVALUATION, FIRST_TRACED, FORWARD, LOOP, PAUSED, TRACE, Profile
from labsteps.training.tracing import STEPS, TRACE_FILE, Tracer
from workbench.commands.profile_tables import covered_line
from workbench.runner.profiles import Profiled as Told
from workbench.runner.profiles import Row


class Ticking:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_what_a_span_takes_inside_another_one_is_not_counted_twice() -> None:
    clock = Ticking()
    profile = Profile(clock=clock)
    with profile.span(LOOP):
        clock.now += 1
        with profile.span(FORWARD):
            clock.now += 2
            with profile.span(EVALUATION):
                clock.now += 4
            clock.now += 8
        clock.now += 16
    clock.now += 32  # nobody's
    with profile.span(FORWARD):
        clock.now += 64
    assert profile.seconds == {LOOP: 17, FORWARD: 74, EVALUATION: 4}
    assert profile.calls == {LOOP: 1, FORWARD: 2, EVALUATION: 1}


def test_the_time_to_make_an_item_counts_and_that_to_use_it_does_not() -> None:
    clock = Ticking()
    profile = Profile(clock=clock)

    def made() -> Iterator[int]:
        for item in range(3):
            clock.now += 1
            yield item

    for _ in profile.over(DATA, made()):
        clock.now += 10
    assert profile.seconds == {DATA: 3}


def test_a_span_ends_with_what_is_raised_in_it_and_the_device_is_waited_for_at_both_ends() -> None:
    clock = Ticking()
    profile = Profile(clock=clock)
    waited: list[float] = []
    profile.settle = lambda: waited.append(clock.now)
    with pytest.raises(ValueError, match="no"), profile.span(LOOP), profile.span(FORWARD):
        clock.now += 5
        raise ValueError("no")
    assert profile.seconds == {LOOP: 0, FORWARD: 5}
    assert waited == [100, 100, 105, 105]


def test_nothing_is_counted_where_nobody_asked_and_all_of_a_traced_step_in_one_row() -> None:
    clock = Ticking()
    off = Profile(on=False, clock=clock)
    with off.span(LOOP):
        clock.now += 1
    assert list(off.over(DATA, [1, 2])) == [1, 2]
    assert not off.seconds
    traced = Profile(clock=clock)
    traced.enter(TRACE)
    with traced.span(FORWARD):
        clock.now += 3
    traced.count_step()
    traced.leave()
    traced.count_step()
    assert (traced.seconds, traced.steps) == ({TRACE: 3}, 1)


class Profiled(Artifacts, States):
    """A context whose time is measured; a stop may be asked for after so many steps of the first epoch."""

    def __init__(self, folder: Path, on: bool, steps: int | None = None) -> None:
        self.folder, self.device, self.profile, self.steps_left = folder, "cpu", Profile(on), steps

    def emit(self, kind: str, **fields: object) -> None:
        """Tell nobody."""

    def stop_requested(self) -> bool:
        if self.steps_left is None:
            return False
        self.steps_left -= 1
        return self.steps_left < 0

    def requests(self) -> list[dict[str, object]]:
        return []


def test_a_training_that_is_measured_is_the_same_to_the_bit(clips, tmp_path: Path) -> None:
    measured, plain = Profiled(tmp_path / "measured", True), Profiled(tmp_path / "plain", False)
    _, first = fit("lstm", clips, measured, SETTINGS)
    _, second = fit("lstm", clips, plain, SETTINGS)
    assert first.state == second.state
    assert all(torch.equal(first.best[name], second.best[name]) for name in second.best)
    profile = measured.profile
    assert profile.traced == STEPS
    assert profile.steps == first.state.step - STEPS
    assert profile.calls[FORWARD] == profile.steps
    assert profile.calls[EVALUATION] == len(first.state.history)
    assert profile.seconds[FORWARD] > 0
    longest = [one.seconds for one in profile.operators]
    assert longest == sorted(longest, reverse=True) and longest[-1] > 0
    trace = json.loads((tmp_path / "measured" / TRACE_FILE).read_text())
    assert sum(event.get("name", "").startswith("Optimizer.step") for event in trace["traceEvents"]) == STEPS
    assert not (tmp_path / "plain" / TRACE_FILE).exists()


def test_a_training_too_short_for_a_trace_has_its_times(clips, tmp_path: Path) -> None:
    context = Profiled(tmp_path, True)
    fit("cnn", (clips[0], None, clips[2]), context, replace(SETTINGS, epochs=1, batch_size=30))
    assert context.profile.steps < FIRST_TRACED
    assert (context.profile.trace, context.profile.operators) == ("", ())
    assert context.profile.seconds[FORWARD] > 0


def test_a_trace_goes_on_over_epochs_of_few_steps_without_what_lies_between_them(clips, tmp_path: Path) -> None:
    context = Profiled(tmp_path, True)
    _, trained = fit("cnn", clips, context, replace(SETTINGS, epochs=4, batch_size=30))
    assert trained.state.step == 8  # two an epoch, of which the fourth to the sixth are traced
    assert (context.profile.steps, context.profile.traced) == (5, STEPS)
    trace = json.loads((tmp_path / TRACE_FILE).read_text())["traceEvents"]
    names = [str(event.get("name", "")) for event in trace]
    assert sum(name.startswith("Optimizer.step") for name in names) == STEPS
    blocks = 4
    assert names.count("aten::conv2d") == STEPS * blocks  # validation lies between two of them
    assert context.profile.calls[EVALUATION] == 4


def test_a_training_that_is_stopped_while_it_is_traced_keeps_the_trace_that_it_has(clips, tmp_path: Path) -> None:
    stopped = Profiled(tmp_path, True, steps=FIRST_TRACED + 2)
    with pytest.raises(StopRequestedError):
        fit("cnn", clips, stopped, replace(SETTINGS, epochs=2))
    again = Profiled(tmp_path, True)
    _, trained = fit("cnn", clips, again, replace(SETTINGS, epochs=2))
    assert (again.profile.traced, again.profile.trace) == (2, TRACE_FILE)
    assert again.profile.steps + again.profile.traced == trained.state.step == again.profile.of
    assert again.profile.seconds[TRACE] > 0


def test_the_first_steps_of_every_life_warm_up_and_are_not_traced(clips, tmp_path: Path) -> None:
    settings = replace(SETTINGS, epochs=3, checkpoint_seconds=0.0)
    done = FIRST_TRACED + 1
    unmeasured = Profiled(tmp_path, False, steps=done)
    with pytest.raises(StopRequestedError):
        fit("cnn", clips, unmeasured, settings)
    again = Profiled(tmp_path, True)
    _, trained = fit("cnn", clips, again, settings)
    assert again.profile.of == trained.state.step
    assert again.profile.steps + again.profile.traced == trained.state.step - done
    assert again.profile.traced == min(STEPS, trained.state.step - done - FIRST_TRACED) > 0


class Full(Profiled):
    """A context on a disk that is full."""

    def write_artifact(self, name: str, data: bytes) -> Path:
        raise OSError(28, "No space left on device", str(self.folder / name))


def test_a_trace_that_cannot_be_written_ends_the_training_with_what_the_disk_said(clips, tmp_path: Path) -> None:
    context = Full(tmp_path, True)
    with pytest.raises(OSError, match="No space left"):
        fit("cnn", (clips[0], None, clips[2]), context, replace(SETTINGS, epochs=2))
    with context.profile.span(FORWARD):  # the span of the trace is closed, so that what follows counts again
        pass
    assert TRACE in context.profile.seconds


class Nowhere(States):
    """A context that is measured and keeps no files."""

    device, params, profile = "cpu", {}, Profile()


def test_a_trace_without_a_place_to_go_is_refused_before_the_training() -> None:
    with pytest.raises(UsageError, match=r"Nowhere has no write_artifact.*on=False"):
        Tracer(Nowhere())


def test_times_go_on_from_a_checkpoint_and_steps_that_nobody_timed_are_known() -> None:
    clock = Ticking()
    first = Profile(clock=clock)
    with first.span(LOOP):
        clock.now += 2
        first.count_step()
        first.enter(PAUSED)
        clock.now += 50
        first.leave()
        first.of = 1
        told = json.loads(json.dumps(first.to_json()))
    unmeasured = Profile(on=False, clock=clock)
    unmeasured.restore(told)
    unmeasured.count_step()
    unmeasured.of = 2
    last = Profile(clock=clock)
    last.restore(unmeasured.to_json())
    with last.span(LOOP):
        clock.now += 3
        last.count_step()
    last.of = 3
    assert (last.steps, last.of, last.seconds) == (2, 3, {LOOP: 5, PAUSED: 50})


def test_what_the_tables_leave_out_names_steps_that_nobody_timed_where_there_are_some() -> None:
    def told(of: int, language: str = "en") -> str:
        return covered_line(
            [Told("", 3, of, 0, (Row("loop", 4.0, 1), Row("paused", 9.0, 1)), (), None)], 10.0, language
        )

    assert told(3).startswith("the trainings' tables tell of 4.0 of the run's 10.0 s; the other 6.0 s: the start")
    assert told(9) == f"{told(3)}, and steps that nobody timed"
    assert told(9, "el").endswith("και βήματα που δεν χρονομέτρησε κανείς")


def test_a_resumed_training_tells_of_its_lives_together(clips, tmp_path: Path) -> None:
    context = Profiled(tmp_path, True)
    settings = replace(SETTINGS, epochs=3, checkpoint_seconds=0.0)
    _, trained = fit("cnn", clips, context, settings)
    again = Profiled(tmp_path, True)
    fit("cnn", clips, again, settings)
    steps = trained.state.step
    assert (again.profile.steps + again.profile.traced, again.profile.of) == (steps, steps)
    assert again.profile.seconds[FORWARD] == pytest.approx(context.profile.seconds[FORWARD], abs=1e-5)
