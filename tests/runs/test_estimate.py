"""How long a part is said to take: from what earlier runs spent, with what is fixed told from what grows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from run_courses import LAB, NOW, Trained, spent

from labsteps.catalogue import Part
from workbench.runner.course import Span, course_of, family_of
from workbench.runner.estimate import Basis, Estimate, History, day_of, history_of, only_overfits
from workbench.runner.forecast import differing
from workbench.runner.jobs import data_fingerprint
from workbench.speaking import said
from workbench.store.session import Session
from workbench.store.sessions import Sessions
from workbench.wording import between

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in (
        "fma_genre_spectrograms",
        "fma_genre_spectrograms_beat",
        "multitask_dataset",
        "multitask_dataset_beat",
    ):
        for split in ("train", "test"):
            (tmp_path / "data" / folder / split).mkdir(parents=True)
            (tmp_path / "data" / folder / f"{split}_labels.txt").write_text("Id\tGenre\n" + "1\tRock\n" * 200)
    return tmp_path / "data"


@pytest.fixture
def session(tmp_path: Path, root: Path) -> Session:
    return Sessions(tmp_path / "sessions").create("times", data_root=str(root))


def estimate(session: Session, part_id: str, settings: Mapping[str, Any] | None = None, **more: Any) -> Estimate | None:
    part = LAB.parts[part_id]
    return ask(History([session], "cpu"), session, part, settings or {}, **more)


def ask(history: History, session: Session, part: Part, settings: Mapping[str, Any], **more: Any) -> Estimate | None:
    data = data_fingerprint(session.data_root, part)
    return history.estimate(part, part.settings(settings), session.data_root, data, **more)


def seconds(found: Estimate | None) -> float:
    assert found is not None
    assert found.span.low <= found.seconds <= found.span.high
    return found.seconds


def test_a_course_tells_the_start_the_epochs_and_all_besides(session: Session) -> None:
    run = spent(session, "5γ", Trained([4.0, 1.0, 1.0, 1.0]), Trained([2.0, 2.0, 2.0], section="seed-1"), lives=2)
    course = course_of(run)
    assert (course.seconds, course.start, course.lives) == (3.0 + 3.0 + 7.0 + 6.0 + 5.0, 3.0, 2)
    # The first epoch loads what the others find there, which is no more of an epoch than the rest.
    assert course.besides == pytest.approx(3.0 + 5.0 + 3.0)
    assert {name: len(found) for name, found in course.families.items()} == {"": 2}
    assert family_of("raw/seed-2") == "raw" and family_of("seed-1/multitask") == "multitask"


def test_what_is_fixed_does_not_grow_with_the_epochs(session: Session) -> None:
    spent(session, "5γ", Trained([2.0] * 10), settings={"epochs": 10, "patience": 0})
    same = estimate(session, "5γ", {"epochs": 10, "patience": 0}, seed=0)
    assert seconds(same) == pytest.approx(28.0)
    ten = estimate(session, "5γ", {"epochs": 100, "patience": 0})
    assert seconds(ten) == pytest.approx(208.0)
    assert ten is not None and ten.basis is Basis.EARLIER
    assert History([session], "cuda:0").estimate(LAB.parts["5γ"], {}, session.data_root, "") is None


def test_clips_count_where_they_are_trained_on_and_where_they_validate(session: Session) -> None:
    # An epoch of 16 clips and 30 that validate; half of its time went into the batches.
    few = {"epochs": 10, "patience": 0, "subset": 16}
    spent(session, "5γ", Trained([2.0] * 10, batch=0.1, train=16), settings=few)
    found = estimate(session, "5γ", {**few, "subset": 160})
    assert seconds(found) == pytest.approx(8.0 + 10 * (1.0 * 10 + 1.0), rel=1e-4)
    # Where no batch was seen, only the bounds are known: not as much as the clips grow, and more than before.
    spent(session, "5δ", Trained([2.0] * 10, train=16), settings=few)
    found = estimate(session, "5δ", {**few, "subset": 160})
    assert 28.0 < seconds(found) < 8.0 + 200.0
    assert found is not None and found.span.high > 2 * found.span.low


def test_one_epoch_is_thin_evidence(session: Session) -> None:
    spent(session, "5γ", Trained([10.0]), settings={"epochs": 1})
    found = estimate(session, "5γ", {"epochs": 10})
    assert found is not None and found.span.high > 2 * found.span.low
    assert found.span.high <= 1.35 * (100 + 8)
    assert "–" in between(found.span.low, found.seconds, found.span.high)


def test_a_training_that_can_stop_early_is_told_from_when_on(session: Session) -> None:
    spent(session, "5γ", Trained([1.0] * 20, epochs=40), settings={"epochs": 40, "patience": 10})
    # The same work stops where it stopped; with another seed it may stop elsewhere.
    assert seconds(estimate(session, "5γ", {"epochs": 40, "patience": 10}, seed=0)) == pytest.approx(28.0)
    found = estimate(session, "5γ", {"epochs": 40, "patience": 10}, seed=1)
    assert found is not None and found.span.low < 8 + 12 < 8 + 40 <= found.span.high
    assert seconds(estimate(session, "5γ", {"epochs": 10, "patience": 10})) == pytest.approx(18.0)
    without = estimate(session, "5γ", {"epochs": 40, "patience": 0})
    assert seconds(without) == pytest.approx(48.0)


def test_each_seed_is_a_training_and_a_check_is_one_for_all(session: Session) -> None:
    check = Trained([0.5] * 6, epochs=150, section="overfit-check", validated=False)
    spent(session, "7.2β", check, Trained([2.0] * 10), settings={"epochs": 10, "patience": 0}, after=6.0)
    one = estimate(session, "7.2β", {"epochs": 10, "patience": 0}, seed=0)
    assert seconds(one) == pytest.approx(3.0 + 6.0 + 3.0 + 20.0)
    three = estimate(session, "7.2β", {"epochs": 10, "patience": 0, "seeds": 3})
    assert seconds(three) == pytest.approx(3.0 + 3.0 + 3 * 20.0 + 6.0 * 4 / 2)


def test_learning_twice_as_many_batches_by_heart_takes_twice_the_epoch(session: Session) -> None:
    spent(session, "5β", Trained([2.0] * 6, epochs=6, validated=False), before=0.0, after=0.0)
    once, twice = (seconds(estimate(session, "5β", {"epochs": 6, "overfit_batches": n})) for n in (3, 6))
    assert twice == pytest.approx(2 * once, rel=0.05)


def test_only_the_networks_that_are_asked_for_count(session: Session) -> None:
    both = {"epochs": 4, "models": "all"}
    networks = [Trained([seconds] * 4, section=name) for name, seconds in (("lstm", 1.0), ("cnn", 5.0), ("ast", 9.0))]
    spent(session, "8β", *networks, settings=both, after=6.0)
    assert seconds(estimate(session, "8β", {**both, "models": "cnn"})) == pytest.approx(3.0 + 20.0 + 2.0)
    assert seconds(estimate(session, "8β", {**both, "cnn_epochs": 8})) == pytest.approx(3.0 + 80.0 + 6.0)
    # What only another network has costs nothing here.
    assert estimate(session, "8β", {**both, "models": "cnn", "ast_fstride": 10}) is not None
    assert estimate(session, "8β", {**both, "ast_fstride": 10}) is None
    # The axis does not change what a clip costs, so the other parts of the step tell as well.
    sibling = estimate(session, "8γ", {**both, "models": "cnn"})
    assert sibling is not None and sibling.basis is Basis.SIBLING


@pytest.mark.parametrize("name", ["hidden_size", "frame_stride", "batch_size", "crop_frames", "num_layers"])
def test_what_decides_the_cost_of_a_clip_is_not_scaled(session: Session, name: str) -> None:
    run = spent(session, "5γ", Trained([1.0] * 4), settings={"epochs": 4})
    part = LAB.parts["5γ"]
    other = part.parameter(name).default * 2
    history = History([session], "cpu")
    assert ask(history, session, part, {name: other}) is None
    why = history.unknown(part, part.settings({name: other}))
    assert why == f"no estimate: run {run.id.split('-', 2)[-1]} of today had {name} {part.parameter(name).default}"
    assert said(why, "el").startswith("χωρίς εκτίμηση: η εκτέλεση 5c-")
    assert history.unknown(LAB.parts["5δ"], LAB.parts["5δ"].defaults()) == "no run to go by"


def test_a_choice_left_to_the_workbench_is_what_came_of_it(session: Session) -> None:
    spent(session, "5γ", Trained([1.0] * 4), settings={"epochs": 4})
    assert estimate(session, "5γ", {"precision": "bf16", "threads": 1}) is not None
    assert estimate(session, "5γ", {"precision": "float32"}) is None
    assert estimate(session, "5γ", {"threads": 2}) is None
    assert estimate(session, "5γ", {"learning_rate": 0.1, "clip_norm": 1.0, "checkpoint_seconds": 5.0}) is not None


def test_every_parameter_of_what_trains_is_scaled_free_or_decides() -> None:
    """A new parameter decides the cost of a clip until somebody says that it does not."""
    part = LAB.parts["5γ"]
    course = course_with_nothing()
    assert differing({**part.defaults(), "novel": 1}, {**part.defaults(), "novel": 2}, course) == "novel"
    assert differing({**part.defaults(), "epochs": 1}, part.defaults(), course) == ""


def course_with_nothing() -> Any:
    from workbench.runner.course import Course

    return Course(1.0, 0.0, 1, (), None, 0)


def test_a_run_that_took_its_model_from_another_tells_nothing_of_a_longer_training(session: Session) -> None:
    spent(session, "7.1ε", settings={"epochs": 10}, before=4.0, after=6.0)
    assert seconds(estimate(session, "7.1ε", {"epochs": 10}, seed=0)) == pytest.approx(10.0)
    assert estimate(session, "7.1ε", {"epochs": 20}) is None
    spent(session, "7.1β", Trained([3.0] * 10), settings={"epochs": 10, "patience": 0})
    other = estimate(session, "7.1ε", {"epochs": 20, "patience": 0})
    assert other is not None and other.basis is Basis.SIBLING and seconds(other) == pytest.approx(68.0)
    # Where that other is made with the very settings before it, its model is taken again.
    wanted = {"epochs": 20, "patience": 0}
    made = {"7.1β": LAB.parts["7.1β"].settings(wanted)}
    assert seconds(estimate(session, "7.1ε", wanted, made=made)) == pytest.approx(8.0)


def test_the_catalogue_names_the_parts_that_take_anothers_model() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "labsteps" / "steps").glob("*.py")]
    named = {name for text in sources for name in re.findall(r'fitted_earlier\(context, "(.+?)"\)', text)}
    assert named == {part.model_of for part in LAB.parts.values() if part.model_of} == {"7.1β"}


def test_what_is_taken_up_takes_what_is_left_of_it(session: Session) -> None:
    settings = {"epochs": 40, "patience": 0}
    run = spent(session, "5γ", Trained([1.0] * 30, epochs=40, over=False), settings=settings, finished=False)
    alone = estimate(session, "5γ", settings, going=run)
    assert alone is not None and alone.basis is Basis.OWN and alone.run == run.id
    assert 10.0 <= seconds(alone) < 20.0
    # Another run tells what comes after the training; the pace is its own.
    spent(session, "5γ", Trained([5.0] * 40), settings=settings)
    rest = estimate(session, "5γ", settings, going=run)
    assert rest is not None and rest.basis is Basis.EARLIER and seconds(rest) == pytest.approx(3.0 + 10.0 + 5.0)


def test_what_other_sessions_took_tells_too_and_the_own_one_first(session: Session, tmp_path: Path) -> None:
    sessions = Sessions(tmp_path / "sessions")
    other = sessions.create("other", data_root=str(session.data_root))
    spent(other, "5γ", Trained([1.0] * 4), settings={"epochs": 4})
    part = LAB.parts["5γ"]
    assert estimate(session, "5γ") is None
    assert ask(history_of(sessions, session, "cpu"), session, part, {}) is not None
    assert ask(history_of(sessions, None, "cpu"), session, part, {}) is not None


def test_runs_that_part_from_each_other_make_a_wider_range(session: Session) -> None:
    settings = {"epochs": 10, "patience": 0}
    spent(session, "5γ", Trained([1.0] * 10), settings=settings)
    one = estimate(session, "5γ", settings, seed=0)
    spent(session, "5γ", Trained([4.0] * 10), settings=settings)
    two = estimate(session, "5γ", settings, seed=0)
    assert one is not None and two is not None
    assert two.span.low < 20.0 and two.span.high > 47.0 > one.span.high


def test_what_only_shows_something_takes_what_it_took_or_a_rough_guess(session: Session) -> None:
    guess = estimate(session, "1α")
    assert guess is not None and guess.basis is Basis.GUESS
    spent(session, "1α", before=2.0, after=4.0)
    shown = estimate(session, "1α")
    assert shown is not None and shown.basis is Basis.EARLIER and seconds(shown) == pytest.approx(6.0)


def test_learning_a_few_batches_by_heart_is_not_training() -> None:
    check, training, both = (LAB.parts[name].defaults() for name in ("5β", "5γ", "8β"))
    assert only_overfits(check) and not only_overfits(training) and not only_overfits(both)


def test_what_it_rests_on_is_told_with_its_day(session: Session) -> None:
    run = spent(session, "5γ", Trained([1.0] * 4), settings={"epochs": 4})
    found = estimate(session, "5γ", {"epochs": 4})
    assert found is not None and found.run == run.id
    assert found.detail == f"from run {run.id.split('-', 2)[-1]} of today"
    assert said(found.detail, "el") == f"από την εκτέλεση {run.id.split('-', 2)[-1]}, σήμερα"
    assert (day_of(NOW, lambda: NOW + 86_400), day_of(NOW, lambda: NOW + 3 * 86_400)) == ("yesterday", "2023-11-14")


@pytest.mark.parametrize(
    ("span", "told"),
    [
        ((10.0, 11.0, 12.0), "11.0 s"),
        ((20.0, 40.0, 62.0), "20–60 s"),
        ((40.0, 80.0, 200.0), "40 s – 3.3 min"),
        ((240.0, 300.0, 720.0), "4–12 min"),
        ((1200.0, 1500.0, 7200.0), "20 min – 2 h"),
    ],
)
def test_a_time_that_is_not_known_exactly_is_told_by_its_ends(span: tuple[float, float, float], told: str) -> None:
    assert between(*span) == told
    assert Span(*span).wider(0.5, 2.0).low == span[0] / 2


def test_times_that_a_clock_has_spoiled_make_no_estimate_and_no_error(session: Session) -> None:
    spent(session, "5γ", Trained([0.0], batch=0.01))
    assert estimate(session, "5γ", {"subset": 40}) is not None
    spent(session, "1β", before=-20.0, after=5.0)
    found = estimate(session, "1β")
    assert found is not None
    assert found.basis is Basis.GUESS, "a run that ended before it began tells no time"


def test_a_session_that_nobody_may_read_tells_nothing_and_is_in_nobodys_way(session: Session, tmp_path: Path) -> None:
    spent(session, "1β")
    other = Sessions(tmp_path / "sessions").create("other")
    (other.folder / "runs").write_text("no folder")
    history = history_of(Sessions(tmp_path / "sessions"), session, "cpu")
    assert ask(history, session, LAB.parts["1β"], {}) is not None
