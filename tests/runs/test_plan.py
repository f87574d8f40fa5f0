"""What a plan says before anything runs: what is reused, what runs, what is left out, and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from labsteps.catalogue import Catalogue, Kind, Part, Step
from labsteps.context import ParameterValue
from labsteps.host import processor
from labsteps.parameter import Parameter
from labsteps.text import Text
from workbench.runner.jobs import data_fingerprint, identity
from workbench.runner.plan import Action, Cause, Order, Plan, make_plan
from workbench.speaking import said
from workbench.store.run import RunFolder
from workbench.store.session import Session
from workbench.store.sessions import Sessions


def part(part_id: str, *, kinds: frozenset[Kind] = frozenset({Kind.RUN}), **more: Any) -> Part:
    parameters = (Parameter("epochs", 10, Text("", ""), 1, 1000),)
    more.setdefault("function", "nowhere:run")
    return Part(part_id, Text("", ""), Text("", ""), kinds, parameters=parameters, **more)


LAB = Catalogue(
    (
        Step("5", Text("", ""), (part("5α", data=("genre",)), part("5β", data=("multitask",)))),
        Step(
            "6",
            Text("", ""),
            (
                part("6α", needs=("5α",)),
                part("6β", needs=("6α",), uses=("5β",)),
                part("6γ", kinds=frozenset({Kind.QUESTION}), function="", question=Text("why", "γιατί")),
                part("6δ", function=""),
                part("6ε", needs=("5β",)),
            ),
        ),
        Step("7", Text("", ""), (part("7α", needs=("5α",), uses=("6α",), needs_for={("epochs", 5): ("6α",)}),)),
        Step("8", Text("", ""), (part("8α", fresh=True),)),
    )
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "fma_genre_spectrograms"
    for split in ("train", "test"):
        (folder / split).mkdir(parents=True)
        (folder / f"{split}_labels.txt").write_text("Id\tGenre\n" + "1\tRock\n" * 100)
    return folder.parent


@pytest.fixture
def session(tmp_path: Path, root: Path) -> Session:
    return Sessions(tmp_path / "sessions").create("plan", data_root=str(root))


def finish(
    session: Session, part_id: str, seconds: float = 20.0, epochs: int = 0, settings: Mapping[str, Any] | None = None
) -> RunFolder:
    chosen = LAB.parts[part_id]
    known = {name: run.id for name in (*chosen.needs, *chosen.uses) if (run := newest(session, name))}
    data = data_fingerprint(session.data_root, chosen)
    record = identity(chosen, chosen.settings(settings or {}), 0, data, known)
    more = {"device": "cpu", "data_root": str(session.data_root), "environment": {"processor": processor()}}
    run = session.create_run({**record, **more})
    with run.take(), run.writer() as events:
        events.append("started", pid=1, device="cpu")
        for epoch in range(1, epochs + 1):
            events.append("epoch", epoch=epoch, epochs=epochs, seconds=seconds / epochs, train_loss=1.0)
        run.write_result({"format": 1})
    return run


def newest(session: Session, part_id: str) -> RunFolder | None:
    return next((run for run in reversed(session.runs()) if run.record["part"] == part_id), None)


def plan(session: Session | None, root: Path | None, *wanted: str, **more: Any) -> Plan:
    more.setdefault("prerequisites", True)
    settings: Mapping[str, ParameterValue] = more.pop("settings", {})
    asked = more.get("given", lambda _: {})
    order = Order(
        tuple(LAB.parts[one] for one in wanted), settings=lambda one: one.settings({**settings, **asked(one)}), **more
    )
    return make_plan(order, LAB, session, root, None)


def actions(made: Plan) -> dict[str, Action]:
    return {planned.part.id: planned.action for planned in made.parts}


def test_what_a_part_builds_on_comes_first_and_says_so(root: Path) -> None:
    made = plan(None, root, "6β")
    assert actions(made) == {"5α": Action.RUN, "6α": Action.RUN, "6β": Action.RUN}
    assert [(planned.wanted, planned.reason) for planned in made.parts] == [
        (False, "what follows builds on it"),
        (False, "what follows builds on it"),
        (True, ""),
    ]


def test_what_is_finished_is_reused_whatever_its_settings_were_when_only_another_builds_on_it(
    session: Session, root: Path
) -> None:
    run = finish(session, "5α", epochs=3)
    made = plan(session, root, "6α", settings={"epochs": 7})
    assert actions(made) == {"5α": Action.REUSE, "6α": Action.RUN}
    assert made.parts[0].run is not None and made.parts[0].run.id == run.id
    named = plan(session, root, "5α", "6α", settings={"epochs": 7})
    assert actions(named) == {"5α": Action.RUN, "6α": Action.RUN}


def given(**parameters: Any) -> dict[str, Any]:
    """Return what an order has to say for parameters that the user gave 5α."""
    return {"given": lambda one: parameters if one.id == "5α" else {}}


def test_what_was_given_to_a_prerequisite_is_what_its_run_has_to_have(session: Session, root: Path) -> None:
    first = finish(session, "5α", settings={"epochs": 3})
    finish(session, "6α")
    plain = plan(session, root, "7α")
    assert actions(plain) == {"5α": Action.REUSE, "7α": Action.RUN}
    assert plain.parts[0].reason == "differs: epochs 3"
    other = plan(session, root, "6β", **given(epochs=7))
    assert actions(other) == {"5α": Action.RUN, "6α": Action.RUN, "6β": Action.RUN}
    assert [planned.reason for planned in other.parts] == [
        "what follows builds on it; what is finished has epochs 3",
        "what follows builds on it; again: 5α is made anew",
        "",
    ]
    assert plan(session, root, "6β", **given(epochs=3)).reused["5α"] == first.id


def test_what_builds_on_another_run_than_the_one_that_was_asked_for_is_made_again(session: Session, root: Path) -> None:
    first = finish(session, "5α", settings={"epochs": 3})
    on_first = finish(session, "6α")
    finish(session, "5α", settings={"epochs": 2})
    made = plan(session, root, "6β", **given(epochs=3))
    assert made.reused == {"5α": first.id, "6α": on_first.id}
    finish(session, "6α")
    assert plan(session, root, "6β", **given(epochs=3)).reused == {"5α": first.id, "6α": on_first.id}
    assert actions(plan(session, root, "6β", **given(epochs=2)))["6α"] is Action.REUSE


def test_a_seed_that_was_given_is_the_seed_of_what_is_reused(session: Session, root: Path) -> None:
    finish(session, "5α")
    assert actions(plan(session, root, "6α", seed=3)) == {"5α": Action.REUSE, "6α": Action.RUN}
    assert plan(session, root, "6α", seed=3).parts[0].reason == "differs: seed 0"
    assert actions(plan(session, root, "6α", seed=3, seed_given=True)) == {"5α": Action.RUN, "6α": Action.RUN}


def test_a_setting_can_ask_for_one_more_prerequisite_before_anything_runs(session: Session, root: Path) -> None:
    assert actions(plan(session, root, "7α")) == {"5α": Action.RUN, "7α": Action.RUN}
    made = plan(session, root, "7α", settings={"epochs": 5})
    assert actions(made) == {"5α": Action.RUN, "6α": Action.RUN, "7α": Action.RUN}
    finish(session, "5α")
    alone = plan(session, root, "7α", settings={"epochs": 5}, prerequisites=False)
    assert alone.parts[0].reason == "builds on 6α, which has no result"


def test_a_part_that_is_made_again_says_what_is_newer(session: Session, root: Path) -> None:
    finish(session, "5α")
    finish(session, "7α")
    finish(session, "6α")
    made = plan(session, root, "7α")
    assert [(planned.action, planned.reason) for planned in made.parts[1:]] == [(Action.RUN, "again: 6α is newer")]


def test_a_part_that_tells_of_what_is_now_says_why_it_runs_again(session: Session, root: Path) -> None:
    assert plan(session, root, "8α").parts[0].reason == ""
    finish(session, "8α")
    again = plan(session, root, "8α").parts[0]
    reason = "again: it tells of the machine and the data as they are now"
    assert (again.action, again.reason) == (Action.RUN, reason)
    assert said(reason, "el").startswith("πάλι: ")
    assert plan(session, root, "8α", force=True).parts[0].reason == ""


def test_a_report_on_what_runs_anew_is_made_anew_too(session: Session, root: Path) -> None:
    finish(session, "5α")
    finish(session, "6α")
    assert actions(plan(session, root, "5α", "6α")) == {"5α": Action.REUSE, "6α": Action.REUSE}
    assert actions(plan(session, root, "5α", "6α", settings={"epochs": 7})) == {"5α": Action.RUN, "6α": Action.RUN}
    assert actions(plan(session, root, "6α", force=True)) == {"5α": Action.REUSE, "6α": Action.RUN}


def test_a_run_that_was_interrupted_is_taken_up(session: Session, root: Path) -> None:
    chosen = LAB.parts["5α"]
    data = data_fingerprint(root, chosen)
    run = session.create_run(identity(chosen, chosen.defaults(), 0, data, {}))
    with run.take(), run.writer() as events:
        events.append("started", pid=1, device="cpu")
        assert actions(plan(session, root, "5α")) == {"5α": Action.FOLLOW}
    assert actions(plan(session, root, "5α")) == {"5α": Action.RESUME}


def test_only_what_lacks_its_data_and_what_builds_on_it_is_left_out(root: Path) -> None:
    made = plan(None, root, *LAB.parts)
    assert actions(made) == {
        "5α": Action.RUN,
        "5β": Action.SKIP,
        "6α": Action.RUN,
        "6β": Action.RUN,
        "6γ": Action.QUESTION,
        "6δ": Action.SKIP,
        "6ε": Action.SKIP,
        "7α": Action.RUN,
        "8α": Action.RUN,
    }
    by_id = {planned.part.id: planned for planned in made.parts}
    assert by_id["5β"].cause is Cause.DATA and "multitask_dataset is not in" in by_id["5β"].reason
    assert by_id["6ε"].cause is Cause.DATA and by_id["6ε"].reason == "builds on 5β, which has no result"
    assert by_id["6δ"].cause is Cause.NOT_BUILT


def test_without_prerequisites_a_part_that_lacks_them_is_left_out(session: Session, root: Path) -> None:
    assert actions(plan(session, root, "6α", prerequisites=False)) == {"6α": Action.SKIP}
    finish(session, "5α")
    assert actions(plan(session, root, "6α", prerequisites=False)) == {"6α": Action.RUN}


def test_nothing_runs_for_the_sake_of_a_part_that_cannot_run(root: Path) -> None:
    assert actions(plan(None, root, "6ε")) == {"6ε": Action.SKIP}
    problems = {"6α": "its data are damaged"}
    assert actions(plan(None, root, "6β", problems=problems)) == {"6β": Action.SKIP}
