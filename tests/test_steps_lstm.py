"""Steps 5 and 6: the LSTM hears the whole clip and nothing else, and every number of the evaluation can be redone."""

from __future__ import annotations

import csv
import hashlib
import json
import random
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from data_sets import SimpleCache, make_genre_set
from hypothesis import given, settings
from hypothesis import strategies as st
from lab_bench import SMALL, Bench
from runs.run_tools import kill, new_run, new_session, wait_for
from sklearn.metrics import precision_recall_fscore_support

from labsteps.catalogue import catalogue
from labsteps.data.batches import bucketed_batches
from labsteps.errors import DataError, PrerequisiteError
from labsteps.evaluation.baseline import fit_logistic
from labsteps.greek import greek, in_language
from labsteps.lab.parameters import FEATURES
from labsteps.models.lstm import average_frames
from labsteps.results import Result
from labsteps.steps import fitting, s06_evaluation
from labsteps.steps.genre import FEATURE_KINDS
from labsteps.training.state import TrainState
from workbench.runner.launch import launch
from workbench.store.run import RunFolder, RunState

CLASSES = ("Blues", "Folk", "Jazz", "Metal")


@pytest.fixture(scope="module")
def data_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Not in the order of the alphabet, so that an order that is not that of the codes shows.
    counts = {"Metal": 12, "Blues": 9, "Jazz": 9, "Folk": 9}
    return make_genre_set(tmp_path_factory.mktemp("data"), counts, test_per_class=4, multitask=False)


@pytest.fixture
def bench(data_root: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    (tmp_path / "runs").mkdir()
    return Bench(tmp_path / "runs", data_root, SimpleCache(tmp_path_factory.getbasetemp() / "packs-of-steps"))


@pytest.fixture(scope="module")
def evaluated(data_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A session in which steps 5 and 6 are done."""
    cache = SimpleCache(tmp_path_factory.getbasetemp() / "packs-of-steps")
    made = Bench(tmp_path_factory.mktemp("evaluated"), data_root, cache)
    for part in ("5γ", "5δ", "5ε", "5ζ", "6α", "6β", "6γ", "6δ"):
        made.run(part)
    return made


def told(folder: Path) -> list[dict[str, str]]:
    with (folder / "test_outputs.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def columns(result: Result, table: str) -> dict[str, dict[str, Any]]:
    """Return first cell → heading → cell; of headings that repeat (from, to) the first counts."""
    found = result.tables[table]
    rows = {}
    for row in found.rows:
        cells: dict[str, Any] = {}
        for column, cell in zip(found.columns, row, strict=True):
            cells.setdefault(column.name, cell)
        rows[str(row[0])] = cells
    return rows


def test_the_catalogue_offers_the_feature_kinds_that_the_steps_know() -> None:
    assert tuple(FEATURE_KINDS) == FEATURES


@given(lengths=st.lists(st.integers(1, 30), min_size=1, max_size=4), stride=st.integers(1, 9), more=st.integers(0, 12))
@settings(deadline=None, max_examples=40)
def test_averaged_frames_are_the_means_of_real_frames_alone(lengths: list[int], stride: int, more: int) -> None:
    torch.manual_seed(0)
    x = torch.zeros(len(lengths), max(lengths) + more, 3)
    for row, length in zip(x, lengths, strict=True):
        row[:length] = torch.randn(length, 3)
    means, steps = average_frames(x, torch.tensor(lengths), stride)
    for row, mean, length, count in zip(x, means, lengths, steps.tolist(), strict=True):
        expected = [row[i : min(i + stride, length)].mean(dim=0) for i in range(0, length, stride)]
        assert count == len(expected)
        torch.testing.assert_close(mean[:count], torch.stack(expected))


@pytest.mark.parametrize("pooling", ["last", "attention"])
@pytest.mark.parametrize("features", ["mel", "beat mel+chroma"])
def test_padding_makes_no_difference_and_an_lstm_that_heard_it_would_be_off(
    bench: Bench, pooling: str, features: str
) -> None:
    result = bench.run("5α", pooling=pooling, features=features)
    assert result.values["padding/difference"].number < 1e-5
    assert result.values["padding/difference_unaware"].number > 1e-3
    rows = result.tables["clips"].rows
    lengths = [row[2] for row in rows]
    assert lengths == sorted(lengths) and lengths[0] < lengths[-1] == rows[0][3]
    unit, other = ("beats", "frames") if features.startswith("beat") else ("frames", "beats")
    assert result.tables["clips"].columns[2].unit == result.figures["batch"].y_axis.unit == unit
    assert f" {unit} in one batch" in result.text and other not in result.text
    shapes = result.tables["shapes"].rows
    assert sum(row[-1] for row in shapes) == result.values["parameters"].number
    assert shapes[0][3] == {"mel": 128, "beat mel+chroma": 140}[features]
    assert shapes[-1][3] == 4


@pytest.mark.parametrize("features", FEATURES)
def test_the_lstm_learns_a_few_batches_by_heart_from_every_kind_of_features(bench: Bench, features: str) -> None:
    result = bench.run("5β", features=features, epochs=150, batch_size=4, hidden_size=16, learning_rate=0.01)
    assert result.values["passed"].number == 1.0, result.text
    assert result.values["train/loss"].number < 0.05


def test_a_best_epoch_in_the_warm_up_is_called_what_it_may_be(bench: Bench) -> None:
    def begun(best: int, run: int, epochs: int = 40) -> bool:
        return fitting.hardly_begun(TrainState(epochs, 1e-3, epoch=run, best_epoch=best))

    # Two of 40 epochs are warm-up, and one of three.
    assert begun(1, 16) and begun(2, 17) and begun(1, 3, epochs=3)
    assert not begun(3, 18) and not begun(0, 40)
    assert not begun(1, 1, epochs=1)  # there was no other to choose
    result = bench.run("5δ", epochs=3, learning_rate=1e-7)  # nothing changes, so the first of equals is kept
    assert result.values["best_epoch"].number == 1
    assert fitting.HARDLY_BEGUN in result.text
    assert fitting.HARDLY_BEGUN not in bench.run("5δ", epochs=1).text


def test_an_overfit_check_says_on_how_many_clips_it_was_where_a_batch_of_it_is_not_full(bench: Bench) -> None:
    # 33 clips train: four batches of 8 and one of 1, which another seed puts in another place.
    first_three = {seed: [len(b) for b in bucketed_batches(np.arange(33), 8, seed, 0)][:3] for seed in range(20)}
    seed = next(seed for seed, sizes in first_three.items() if 1 in sizes)
    result = bench.run("5β", seed=seed, epochs=1, features="beat mel", overfit_batches=3)
    assert result.figures["loss"].title == "Overfit check on 17 clips"


def test_an_overfit_check_that_cannot_succeed_fails_and_says_where_to_look(bench: Bench) -> None:
    result = bench.run("5β", epochs=2, learning_rate=1e-6)
    assert result.values["passed"].number == 0.0
    assert "learning rate" in result.text


def test_the_defaults_learn_what_there_is_to_learn(bench: Bench) -> None:
    result = bench.run("5γ", epochs=12)
    accuracy = result.values["test/accuracy"]
    assert accuracy.low > result.values["majority/accuracy"].number
    assert result.figures["confusion"].title == "Confusion matrix, 5γ LSTM"
    outputs = told(bench.runs["5γ"].folder)
    right = [row["true"] == row["predicted"] for row in outputs]
    assert accuracy.number == sum(right) / len(right)
    assert list(outputs[0])[3:] == list(CLASSES)


def test_a_part_on_two_kinds_of_frames_reports_both_and_leads_with_what_validates_better(evaluated: Bench) -> None:
    run = evaluated.runs["5ε"]
    values = run.result.values
    better = max(("raw", "beat"), key=lambda kind: values[f"{kind}/validation/macro_f1"].number)
    assert values["test/accuracy"] == values[f"{better}/test/accuracy"]
    for kind, rows in (("raw", [128, 140]), ("beat", [128, 140])):
        right = [row["true"] == row["predicted"] for row in told(run.folder / kind)]
        assert values[f"{kind}/test/accuracy"].number == sum(right) / len(right)
        model = json.loads((run.folder / kind / "checkpoints" / "best" / "model.json").read_text())
        assert (model["rows"], model["beat"]) == (rows, kind == "beat")
        assert model["settings"]["frame_stride"] == (1 if kind == "beat" else 4)
        assert {f"per_class_{kind}"} <= set(run.result.tables)
        assert {f"confusion_{kind}", f"loss_{kind}"} <= set(run.result.figures)
    difference = values["raw/test/accuracy"].number - values["beat/test/accuracy"].number
    assert values["raw_vs_beat/accuracy_difference"].number == pytest.approx(difference)


def test_seeds_repeat_the_training_beside_the_first_and_leave_it_as_it_was(bench: Bench) -> None:
    once, often = bench.run("5δ", seed=4), bench.run("5δ", seed=4, seeds=3)
    assert {name: often.values[name] for name in once.values} == once.values
    each = [bench.run("5δ", seed=seed).values["test/accuracy"].number for seed in (4, 5, 6)]
    assert [row[0] for row in often.tables["seeds"].rows] == [4, 5, 6]
    assert [row[1] for row in often.tables["seeds"].rows] == each
    mean = often.values["seeds/accuracy"]
    assert mean.number == pytest.approx(np.mean(each))
    assert 0.0 <= mean.low <= mean.number <= mean.high <= 1.0


def test_the_evaluation_reports_what_each_model_said_of_its_own_test_set(evaluated: Bench) -> None:
    values = evaluated.runs["6α"].result.values
    runs = evaluated.runs
    assert values["mel/accuracy"].number == runs["5γ"].result.values["test/accuracy"].number
    assert values["beat_mel/macro_f1"].number == runs["5δ"].result.values["test/macro_f1"].number
    for part, name in (("5ε", "chroma"), ("5ζ", "mel_chroma")):
        assert values[f"{name}/accuracy"].number == runs[part].result.values["raw/test/accuracy"].number
        assert values[f"beat_{name}/micro_f1"].number == runs[part].result.values["beat/test/micro_f1"].number
    assert values["majority/accuracy"].number == 0.25
    assert values["classical_mel/accuracy"].number > 0.7
    table = columns(evaluated.runs["6α"].result, "models")
    assert len(table) == 6 + 6 + 1
    assert all(row["n"] == 16 for row in table.values())
    assert table["5γ mel"]["accuracy"] == values["mel/accuracy"].number
    assert table["majority class"]["accuracy"] == 0.25


def test_models_that_were_not_trained_with_the_default_settings_are_named_with_theirs(
    evaluated: Bench, tmp_path: Path
) -> None:
    session = Bench(tmp_path, evaluated.data_root, evaluated.cache)
    for part, run in evaluated.runs.items():
        own = {"epochs": 2, "threads": 1, "seeds": 3} if part == "5δ" else {}
        session.runs[part] = replace(run, parameters={**catalogue().parts[part].defaults(), **own})
    result = session.run("6α", resamples=200)
    assert result.text.endswith("\nNot trained with the default settings: 5δ (epochs 2).")
    assert result.tables["models"].note.endswith("; not trained with the default settings: 5δ (epochs 2)")
    greek = in_language(result, "el")
    assert greek.text.endswith("\nΔεν εκπαιδεύτηκαν με τις προεπιλογές: 5δ (epochs 2).")
    assert "interval" not in greek.tables["models"].note
    assert greek.tables["models"].note.endswith("· δεν εκπαιδεύτηκαν με τις προεπιλογές: 5δ (epochs 2)")
    for part, table in (("6β", ""), ("6γ", "macro"), ("6δ", "micro")):
        told = session.run(part)
        assert "default settings: 5δ (epochs 2)." in told.text
        assert not table or told.tables[table].note.endswith("default settings: 5δ (epochs 2)")
    session.runs["5δ"] = replace(session.runs["5δ"], parameters=catalogue().parts["5δ"].defaults())
    assert "default settings" not in session.run("6α", resamples=200).text
    session.runs["5δ"] = replace(session.runs["5δ"], changed={"epochs": 3.0})  # while it ran
    assert session.run("6α", resamples=200).text.endswith("default settings: 5δ (epochs 3).")


def test_the_evaluation_holds_every_two_models_and_the_classical_method_against_each_other(evaluated: Bench) -> None:
    result = evaluated.runs["6α"].result
    pairs = result.tables["comparisons"].rows
    assert len({row[:2] for row in pairs}) == 15
    first, second = pairs[0][:2]
    assert (first, second) == ("5γ mel", "5δ beat mel")
    values = result.values
    assert pairs[0][2] == pytest.approx(values["mel/accuracy"].number - values["beat_mel/accuracy"].number)
    beside = result.tables["against_classical"].rows
    assert [row[:2] for row in beside] == [(row[0], f"classical {row[0][3:]}") for row in beside]
    assert beside[0][2] == pytest.approx(values["mel/accuracy"].number - values["classical_mel/accuracy"].number)


def test_the_classical_method_hears_what_the_network_heard_and_unlike_networks_have_no_p_value(
    evaluated: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Bench(tmp_path, evaluated.data_root, evaluated.cache)
    session.runs = dict(evaluated.runs)
    session.run("5γ", subset=12)
    fits: list[int] = []

    def counted(x: np.ndarray, *more: Any) -> Any:
        fits.append(len(x))
        return fit_logistic(x, *more)

    monkeypatch.setattr(s06_evaluation, "fit_logistic", counted)
    result = session.run("6α")
    whole = len(json.loads((evaluated.runs["5δ"].folder / "split.json").read_text())["train"])
    assert fits == [12, whole, whole, whole, whole, whole] and whole > 12
    trained = {row[0]: row[-1] for row in result.tables["models"].rows}
    assert (trained["5γ mel"], trained["classical mel"], trained["majority class"]) == (12, 12, None)
    pairs = {row[:2]: row[5:7] for row in result.tables["comparisons"].rows}
    assert all((p == (None, None)) == ("5γ mel" in pair) for pair, p in pairs.items())
    assert f"5γ mel (12 clips), 5δ beat mel ({whole} clips): trained on different tracks" in (
        result.tables["comparisons"].note
    )
    assert None not in result.tables["against_classical"].rows[0][5:7]
    assert "δείγματα): εκπαιδεύτηκαν" in in_language(result, "el").tables["comparisons"].note


def test_the_evaluation_says_how_far_each_model_is_above_the_majority_class(evaluated: Bench) -> None:
    result = evaluated.runs["6α"].result
    rows = result.tables["against_majority"].rows
    assert len(rows) == 12 and {row[1] for row in rows} == {"majority class"}
    for key, row in zip((kind.slug for kind in FEATURE_KINDS.values()), rows[:6], strict=True):
        ahead = result.values[f"{key}/above_majority"]
        assert ahead.number == pytest.approx(result.values[f"{key}/accuracy"].number - 0.25)
        assert row[2:5] == (ahead.number, ahead.low, ahead.high)
    own = evaluated.runs["5δ"].result.values["above_majority/accuracy"]
    assert own.number == result.values["beat_mel/above_majority"].number


def test_confusion_matrices_and_class_tables_are_in_the_order_of_the_codes(evaluated: Bench) -> None:
    for figure in evaluated.runs["6α"].result.figures.values():
        if figure.kind == "heatmap":
            assert figure.rows == figure.columns == CLASSES
            assert sum(sum(row) for row in figure.values) == 16
    for table in evaluated.runs["6β"].result.tables.values():
        assert tuple(row[0] for row in table.rows) == CLASSES


def test_scores_per_class_and_averages_agree_with_scikit_learn(evaluated: Bench) -> None:
    outputs = told(evaluated.runs["5δ"].folder)
    true, predicted = ([row[name] for row in outputs] for name in ("true", "predicted"))
    theirs = precision_recall_fscore_support(true, predicted, labels=CLASSES, zero_division=np.nan)
    ours = columns(evaluated.runs["6β"].result, "beat_mel")
    for code, name in enumerate(CLASSES):
        for score, values in zip(("precision", "recall", "F1"), theirs[:3], strict=True):
            found = ours[name][score]
            assert found == pytest.approx(values[code]) if found is not None else np.isnan(values[code])
    for part, kind in (("6γ", "macro"), ("6δ", "micro")):
        theirs = precision_recall_fscore_support(true, predicted, labels=CLASSES, average=kind, zero_division=0)
        values = evaluated.runs[part].result.values
        found = [values[f"beat_mel/{kind}_{score}"].number for score in ("precision", "recall", "f1")]
        assert found == pytest.approx(list(theirs[:3]))
        assert columns(evaluated.runs[part].result, kind)["5δ beat mel"]["F1"] == pytest.approx(theirs[2])


def test_titles_of_results_have_their_greek(evaluated: Bench) -> None:
    for run in evaluated.runs.values():
        for shown in (*run.result.tables.values(), *run.result.figures.values()):
            assert greek(shown.title) != shown.title, shown.title


def test_every_value_has_its_title(evaluated: Bench) -> None:
    for part, run in evaluated.runs.items():
        titled = {spec.name for spec in catalogue().parts[part].values}
        assert set(run.result.values) <= titled, part


def test_a_score_that_is_undefined_is_not_zero(evaluated: Bench, tmp_path: Path) -> None:
    session = Bench(tmp_path, evaluated.data_root, evaluated.cache)
    session.runs = dict(evaluated.runs)
    outputs = evaluated.runs["5γ"].folder / "test_outputs.csv"
    kept = outputs.read_text(encoding="utf-8")
    try:
        lines = kept.splitlines()
        rows = [line.split(",") for line in lines[1:]]
        without = [",".join([row[0], row[1], "Folk" if row[2] == "Jazz" else row[2], *row[3:]]) for row in rows]
        outputs.write_text("\n".join([lines[0], *without]) + "\n", encoding="utf-8")
        session.run("6α")
        table = session.run("6β").tables["mel"]
    finally:
        outputs.write_text(kept, encoding="utf-8")
    jazz = columns(Result(tables={"mel": table}), "mel")["Jazz"]
    assert jazz["precision"] is None
    assert jazz["recall"] == jazz["F1"] == 0.0
    assert "Jazz: this class was never predicted" in table.note


def test_parts_of_step_6_without_what_they_build_on_say_so(bench: Bench) -> None:
    with pytest.raises(PrerequisiteError, match="6α has no finished run"):
        bench.run("6β")
    with pytest.raises(PrerequisiteError, match="5γ has no finished run"):
        bench.run("6α")


def test_outputs_that_are_damaged_or_of_other_tracks_are_named(bench: Bench, evaluated: Bench) -> None:
    bench.runs = dict(evaluated.runs)
    result = bench.run("5γ")
    assert result.values
    file = bench.runs["5γ"].folder / "test_outputs.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="other tracks or classes; run 5γ"):
        bench.run("6α")
    file.write_text("\n".join([*lines[:-1], lines[-1].replace(",", ",x", 1)]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"test_outputs\.csv cannot be read"):
        bench.run("6α")


def test_the_cnn_is_held_against_the_lstm_on_the_same_tracks(bench: Bench, evaluated: Bench) -> None:
    alone = bench.run("7.1ε", epochs=1)
    assert "5γ has no result yet, so there is nothing to compare with." in alone.text
    assert not [name for name in alone.values if name.startswith("vs_")]
    bench.runs["5γ"] = evaluated.runs["5γ"]
    beside = bench.run("7.1ε", epochs=1)
    other = evaluated.runs["5γ"].result.values["test/accuracy"].number
    difference = beside.values["vs_5γ/accuracy_difference"]
    assert difference.number == pytest.approx(beside.values["test/accuracy"].number - other)
    assert difference.low <= difference.number <= difference.high
    assert 0.0 <= beside.values["vs_5γ/mcnemar_p"].number <= 1.0
    assert f"Against 5γ (run {evaluated.runs['5γ'].run_id}) on the same 16 test tracks" in beside.text


def test_a_comparison_of_models_trained_on_different_tracks_has_no_p_value_and_says_so(
    bench: Bench, evaluated: Bench
) -> None:
    bench.runs["5γ"] = evaluated.runs["5γ"]
    result = bench.run("7.1ε", epochs=1, subset=12)
    assert result.values["vs_5γ/accuracy_difference"].low is not None
    p = result.values["vs_5γ/mcnemar_p"]
    assert p.number is None and p.reason == "trained on different tracks, so no p value"
    assert "there alone (trained on different tracks, so no p value)." in result.text and "exact p" not in result.text
    assert "εκπαιδεύτηκαν σε διαφορετικά κομμάτια" in in_language(result, "el").text


def test_a_report_that_is_made_again_for_another_comparison_takes_the_model_and_does_not_train(
    bench: Bench, evaluated: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bench.run("7.1ε", epochs=1, seeds=2)
    bench.runs["5γ"] = evaluated.runs["5γ"]
    bench.takes_models = True

    def trained(*_: Any, **__: Any) -> None:
        raise AssertionError("it trains")

    monkeypatch.setattr(fitting, "train", trained)
    again = bench.run("7.1ε", epochs=1, seeds=2)
    assert {name: again.values[name] for name in first.values} == first.values
    assert "vs_5γ/accuracy_difference" in again.values
    with pytest.raises(AssertionError, match="it trains"):
        bench.run("7.1ε", epochs=2)
    recipe = bench.runs["7.1ε"].folder / "recipe.json"
    recipe.write_text(recipe.read_text().replace('"seed": 1', '"seed": 7'))
    with pytest.raises(AssertionError, match="it trains"):
        bench.run("7.1ε", epochs=1, seeds=2)


def section_digests(run: RunFolder) -> dict[str, str]:
    """Return the sha256 of all that both trainings of a run have to repeat."""
    found = {}
    for section in ("raw", "beat"):
        folder = run.path / section
        last = max((folder / "checkpoints").glob("step-*"))
        files = [folder / "training.json", folder / "test_outputs.csv", folder / "checkpoints/best/model.safetensors"]
        for path in (*files, last / "model.safetensors", last / "optimizer.safetensors"):
            found[str(path.relative_to(run.path))] = hashlib.sha256(path.read_bytes()).hexdigest()
    result = {name: value for name, value in (run.result() or {}).items() if name not in ("run", "sha256")}
    found["result"] = hashlib.sha256(json.dumps(result, sort_keys=True).encode()).hexdigest()
    return found


@pytest.mark.slow
def test_a_run_of_two_trainings_killed_in_either_ends_with_the_same_bytes(tmp_path: Path, data_root: Path) -> None:
    session = new_session(tmp_path / "s", data_root)
    changes = {**SMALL, "epochs": 12, "checkpoint_seconds": 0.0}
    whole = new_run(session, "5ε", **changes)
    launch(whole)
    assert wait_for(whole, RunState.FINISHED, RunState.FAILED) is RunState.FINISHED, whole.status()
    killed = new_run(session, "5ε", force=True, **changes)
    moments = random.Random(3)
    for training in ("chroma", "beat chroma"):
        launch(killed)
        deadline = time.monotonic() + 240
        while not _saved_in(killed, training):
            assert time.monotonic() < deadline, killed.log_tail(20)
            time.sleep(0.005)
        time.sleep(moments.uniform(0.0, 0.1))
        kill(killed)
    assert killed.state is RunState.INTERRUPTED
    launch(killed)
    wait_for(killed, RunState.FINISHED, RunState.FAILED)
    # The second life takes up the first training; the third finds that one done and takes up the second.
    assert len([event for event in killed.events() if event["kind"] == "restored"]) == 3
    assert section_digests(killed) == section_digests(whole)


def _saved_in(run: RunFolder, training: str) -> bool:
    """Tell whether the newest training of the run's log is this one and has saved itself."""
    events = run.events()
    begun = [number for number, event in enumerate(events) if str(event.get("text", "")).startswith("training on ")]
    if not begun or not events[begun[-1]]["text"].startswith(f"training on {training},"):
        return False
    return any(event["kind"] == "checkpoint" for event in events[begun[-1] :])
