"""How long things will take, on the screens: a part with the values in its form, networks to come, a run that waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from tui_helpers import LAB, finished, record, running, screen_text, until, view_of_live_run

from labsteps.host import processor
from workbench.runner import estimate as estimates
from workbench.runner.coming import Beginning, begins_told
from workbench.runner.course import Span
from workbench.runner.estimate import Basis, Estimate
from workbench.runner.queue import DeviceTicket
from workbench.store.run import RunFolder, RunState
from workbench.tui.app import WorkbenchApp
from workbench.tui.bench import Bench
from workbench.tui.foresight import Ahead
from workbench.tui.look import Look
from workbench.tui.widgets.run import coming_told

MakeApp = Callable[[], WorkbenchApp]
SIZE = (100, 30)
PART = LAB.parts["7.1ε"]


def here(run: RunFolder) -> RunFolder:
    """Have a run be one of this machine."""
    run.update_record(environment={"processor": processor()})
    return run


def words_on(app: WorkbenchApp) -> str:
    """Return the words of the panel, which stands at the right."""
    rows = [line.partition("│")[2] for line in screen_text(app).splitlines()]
    return " ".join(" ".join(rows).split())


@pytest.mark.parametrize(("language", "told"), [("en", "time about 50–80 s"), ("el", "χρόνος περίπου 50–80 s")])
async def test_brief_and_parameters_tell_how_long_it_takes_with_the_values_in_the_form(
    make_app: MakeApp, bench: Bench, language: str, told: str
) -> None:
    assert bench.session is not None
    bench.session.update(language=language)
    run = here(finished(bench.session))
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        app.go_to("7.1ε")
        # Three epochs took 2 s each, and there are 30 of them in the form.
        await until(pilot, lambda: told in words_on(app), "the time")
        assert run.id.split("-", 2)[-1] in words_on(app)
        await pilot.press("2")
        await until(pilot, lambda: told in words_on(app), "the time below the form")
        bench.change(PART, "epochs", 3)
        app.parameters_changed()
        await until(pilot, lambda: told not in words_on(app) and run.id[-4:] in words_on(app), "another time")
        bench.change(PART, "crop_frames", 64)
        app.parameters_changed()
        await until(pilot, lambda: "crop_frames 256" in words_on(app), "why nothing is known")


async def test_nothing_is_told_where_no_run_tells(make_app: MakeApp, bench: Bench) -> None:
    assert bench.session is not None
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        app.go_to("7.1ε")
        await until(pilot, lambda: app.view.selected == "7.1ε" and app.foresight.idle, "the picture and an answer")
        assert app.foresight.of_part(PART, bench.settings(PART)) == Ahead("about {}")
        assert "time" not in words_on(app)


async def test_a_run_that_ends_tells_the_time_of_the_next_one(make_app: MakeApp, bench: Bench) -> None:
    assert bench.session is not None
    run, aside = here(finished(bench.session)), bench.session.folder / "aside"
    run.path.rename(aside)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        app.go_to("7.1ε")
        await until(pilot, lambda: app.view.selected == "7.1ε" and app.foresight.idle, "the picture and an answer")
        assert app.foresight.of_part(PART, bench.settings(PART)).estimate is None
        aside.rename(run.path)
        await until(pilot, lambda: "time about 50–80 s" in words_on(app), "the time by the run that has ended")


async def test_the_form_takes_keys_while_its_time_is_read(
    make_app: MakeApp, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bench.session is not None
    here(finished(bench.session))
    gate, asked, read = threading.Event(), threading.Event(), estimates.history_of

    def slow(*arguments: object) -> object:
        asked.set()
        gate.wait(20)
        return read(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(estimates, "history_of", slow)
    app = make_app()
    try:
        async with app.run_test(size=SIZE) as pilot:
            app.go_to("7.1ε")
            await until(pilot, asked.is_set, "that it is asked for")
            await pilot.press("2")
            for value in (5, 6, 7):
                bench.change(PART, "epochs", value)
                app.parameters_changed()
                await until(pilot, lambda value=value: f"*epochs {value}" in words_on(app), "the value")  # type: ignore[misc]
            assert "time" not in words_on(app)
            gate.set()
            # What was asked for values that were passed by is not read.
            await until(pilot, lambda: "time about" in words_on(app), "the time")
    finally:
        gate.set()


async def test_a_run_that_waits_says_when_it_begins(make_app: MakeApp, bench: Bench) -> None:
    session = bench.session
    assert session is not None
    here(finished(session))
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        app.go_to("7.1δ")
        with running(session) as (first, _), DeviceTicket("cpu", first.id):
            second = session.create_run(record(session, "7.1δ"))
            with second.take(), second.writer() as events, DeviceTicket("cpu", second.id):
                events.append("queued", before=1)
                await pilot.press("3")
                await until(pilot, lambda: "begins in about" in words_on(app), "when it begins")
                with first.writer() as others:
                    others.append("paused")
                assert first.state is RunState.PAUSED


def test_the_words() -> None:
    look = Look()
    known = Estimate(Span(60.0, 90.0, 150.0), Basis.EARLIER, "from run 5c-1234 of today", "5c")
    assert Ahead("about {}", known).told(look) == "about 60 s – 2.5 min (from run 5c-1234 of today)"
    sibling = replace(known, basis=Basis.SIBLING)
    assert (
        Ahead("about {} still", sibling).told(look).endswith("(by earlier runs of its step, from run 5c-1234 of today)")
    )
    assert (
        Ahead("about {}", None, "no estimate: run 5c-1234 of today had batch_size 4").told(look)[:11] == "no estimate"
    )
    greek = Ahead("about {} to run again", known).told(Look(language="el"))
    assert greek == "περίπου 60 s – 2.5 min για νέα εκτέλεση (από την εκτέλεση 5c-1234, σήμερα)"


def test_of_networks_to_come_it_is_told_what_they_rest_on_or_that_nothing_is_known() -> None:
    snapshot = view_of_live_run().snapshot
    assert snapshot is not None
    many = replace(snapshot, training=2, trainings=6)
    assert coming_told(snapshot, None) == []
    (unknown,) = coming_told(many, None)
    assert unknown == "this training 3.2 s, and 4 more of which no time is known"
    assert Look(language="el").say(unknown) == "αυτή η εκπαίδευση: 3.2 s, και άλλες 4 χωρίς γνωστό χρόνο"
    assert coming_told(replace(many, state=RunState.PAUSED), None) == []
    rests = Estimate(Span.exactly(60.0), Basis.EARLIER, "from run 8c-1234 of yesterday", "8c")
    (told,) = coming_told(replace(many, others=rests.span), rests)
    assert told == "4 trainings to come, from run 8c-1234 of yesterday"
    assert Look(language="el").say(told) == "μένουν άλλες 4 εκπαιδεύσεις, από την εκτέλεση 8c-1234, χθες"
    assert coming_told(replace(many, training=5), rests)[0].startswith("1 training to come, ")


def test_when_a_run_begins_in_words() -> None:
    now = time.time()
    beginning = Beginning(Span(now + 120.0, now + 180.0, now + 300.0))
    assert begins_told(beginning, now) == "begins in about 2–5 min"
    assert begins_told(beginning, now + 200.0) == begins_told(None, now) == ""
    assert Look(language="el").say("begins in about 2–5 min") == "αρχίζει σε περίπου 2–5 min"
