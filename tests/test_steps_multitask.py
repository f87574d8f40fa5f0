"""Step 10: the loss can be redone by hand, and the comparison with step 8 says what each model cost."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from data_sets import AXES, SimpleCache, make_genre_set
from lab_bench import Bench
from runs.run_tools import killed_in, new_run, new_session
from scipy.stats import spearmanr
from test_steps_emotion import digests

from labsteps.errors import ParameterError, PrerequisiteError
from labsteps.results import Result
from labsteps.steps.emotion import read_held_out

SMALL: dict[str, Any] = {
    "epochs": 5,
    "patience": 0,
    "learning_rate": 0.01,
    "held_out_fraction": 0.25,
    "models": "cnn",
    "cnn_channels": 2,
    "cnn_crop_frames": 32,
    "overfit_batches": 1,
    "overfit_epochs": 2,
}
SINGLE_EPOCHS = {"8β": 6, "8γ": 3, "8δ": 3}


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A session in which steps 8 and 10 are done, the axes of step 8 with other numbers of epochs."""
    root = make_genre_set(tmp_path_factory.mktemp("data"), clips_per_class=2, test_per_class=1, multitask_clips=(60, 4))
    (tmp_path_factory.getbasetemp() / "multitask").mkdir()
    bench = Bench(
        tmp_path_factory.getbasetemp() / "multitask", root, SimpleCache(tmp_path_factory.mktemp("packs-of-step-10"))
    )
    for part, epochs in SINGLE_EPOCHS.items():
        bench.run(part, **{**SMALL, "epochs": epochs})
    for part in ("10β", "10γ", "10δ"):
        bench.run(part, **SMALL)
    return bench


@pytest.fixture
def bench(compared: Bench, tmp_path: Path) -> Bench:
    """A session that begins where the compared one stands, with folders of its own."""
    return compared.beginning_there(tmp_path / "runs")


def number(result: Result, name: str) -> float:
    value = result.values[name].number
    assert value is not None, result.values[name].reason
    return value


def history(folder: Path) -> list[dict[str, float]]:
    rows: list[dict[str, float]] = json.loads((folder / "training.json").read_text())["history"]
    return rows


def test_the_worked_example_adds_up(compared: Bench) -> None:
    result = compared.runs["10β"].result
    rows = result.tables["tracks"].rows
    assert len(rows) == 4 * 3
    means = []
    for axis in AXES:
        logits, targets, losses = np.array([row[2:] for row in rows if row[1] == axis], float).T
        assert losses == pytest.approx((logits - targets) ** 2, abs=1e-6)
        means.append(losses.mean())
        assert number(result, f"loss/{axis}") == pytest.approx(means[-1], abs=1e-6)
    weights = {row[0]: np.array(row[1:], float) for row in result.tables["weights"].rows}
    sums = {row[0]: row[1:] for row in result.tables["sums"].rows}
    assert ["mean losses", *weights] == list(sums) == ["mean losses", "equal", "scaled", "manual", "learnt"]
    assert sums["equal"][-1] == pytest.approx(sum(means), abs=1e-5)
    for name, each in weights.items():
        assert sums[name][:3] == pytest.approx(each * means, rel=1e-4)
        logs = 0.5 * np.log(0.5 / each).sum() if name == "learnt" else 0.0
        assert sums[name][-1] == pytest.approx(float(each @ means) + logs, rel=1e-4)
    assert result.values["loss/total"].number == sums["scaled"][-1]
    assert weights["learnt"] == pytest.approx(weights["scaled"] / 2, rel=1e-4)
    assert "learnt begins with half of those weights" in result.text


def test_scaled_weights_are_one_over_the_loss_of_the_constant_prediction(compared: Bench) -> None:
    result, folder = compared.runs["10β"].result, compared.runs["10β"].folder
    split = json.loads((folder / "multitask" / "split.json").read_text())
    values = {}
    for line in (compared.data_root / "multitask_dataset" / "train_labels.txt").read_text().splitlines()[1:]:
        track, *each = line.split(",")
        values[int(track)] = [float(x) for x in each]
    train = np.array([values[track] for track in split["train"]])
    for axis, variance in zip(AXES, train.var(axis=0), strict=True):
        assert number(result, f"weight/{axis}") == pytest.approx(1 / variance, rel=1e-4)


def test_one_network_learns_all_axes_and_reports_each(compared: Bench) -> None:
    run = compared.runs["10γ"]
    said = read_held_out(run.folder / "multitask")
    assert said.axes == AXES
    each = [spearmanr(said.predicted[:, i], said.true[:, i]).statistic for i in range(3)]
    for axis, expected in zip(AXES, each, strict=True):
        assert number(run.result, f"held_out/spearman/{axis}") == pytest.approx(expected)
    assert number(run.result, "held_out/spearman/mean") == pytest.approx(np.mean(each))
    model = json.loads((run.folder / "multitask" / "checkpoints" / "best" / "model.json").read_text())
    assert model["outputs"] == list(AXES)
    rows = history(run.folder / "multitask")
    lines = {line.name: line.y for line in run.result.figures["losses"].series}  # type: ignore[union-attr]
    assert lines["energy, validation"] == tuple(row["validation_loss/energy"] for row in rows)
    assert len(lines) == 6
    total = run.result.figures["loss"].series  # type: ignore[union-attr]
    assert [line.y for line in total] == [tuple(row[f"{k}_loss"] for row in rows) for k in ("train", "validation")]
    assert "weighted sum" in run.result.figures["loss"].y_axis.name  # type: ignore[union-attr]


def test_seeds_of_one_network_tell_how_far_each_axis_parts(bench: Bench) -> None:
    once = bench.run("10γ", **{**SMALL, "epochs": 2})
    result = bench.run("10γ", **{**SMALL, "epochs": 2, "seeds": 2})
    assert {name: result.values[name] for name in once.values} == once.values
    table = result.tables["seeds"]
    names = [column.name for column in table.columns]
    assert names == ["model", "seed", *AXES, "mean", "validation Spearman", "best epoch"]
    assert [row[:2] for row in table.rows] == [("multitask CNN", 1), ("multitask CNN", 2)]
    for seed, place in ((0, "multitask"), (1, "seed-2/multitask")):
        said = read_held_out(bench.runs["10γ"].folder / place)
        each = [spearmanr(said.predicted[:, i], said.true[:, i]).statistic for i in range(3)]
        assert table.rows[seed][2:6] == pytest.approx((*each, np.mean(each)))
    assert table.rows[0][2:6] != table.rows[1][2:6]
    for name, scores in zip((*AXES, "mean"), zip(*(row[2:6] for row in table.rows), strict=True), strict=True):
        mean = result.values[f"seeds/spearman/{name}"]
        assert mean.number == pytest.approx(np.mean(scores)) and -1.0 <= mean.low <= mean.number <= mean.high <= 1.0


@pytest.mark.parametrize("weighting", ["equal", "manual", "learnt"])
def test_the_losses_are_weighed_as_asked(bench: Bench, weighting: str) -> None:
    bench.run("10γ", **{**SMALL, "weighting": weighting, "axis_weights": "1, 0.5,2", "epochs": 3})
    for row in history(bench.runs["10γ"].folder / "multitask"):
        each = np.array([row[f"validation_loss/{axis}"] for axis in AXES])
        if weighting == "learnt":
            weights = np.array([row[f"weight/{axis}"] for axis in AXES])
            assert row["validation_loss"] == pytest.approx(weights @ each + 0.5 * np.log(0.5 / weights).sum(), rel=1e-4)
        else:
            weights = np.array([1.0, 0.5, 2.0] if weighting == "manual" else [1.0, 1.0, 1.0])
            assert row["validation_loss"] == pytest.approx(weights @ each, rel=1e-4)


@pytest.mark.parametrize("text", ["1,2", "1,x,2", "1,-1,1", "", "0,0,0", "1,nan,1"])
def test_weights_that_cannot_be_meant_are_refused_with_the_order_of_the_axes(bench: Bench, text: str) -> None:
    with pytest.raises(
        ParameterError, match=r"axis_weights cannot be .*valence, energy, danceability; for instance 1,1,1"
    ):
        bench.run("10γ", **{**SMALL, "weighting": "manual", "axis_weights": text})


def test_the_budgets_are_the_clips_that_the_single_models_saw(compared: Bench) -> None:
    run = compared.runs["10δ"]
    clips = len(json.loads((compared.runs["8β"].folder / "cnn" / "split.json").read_text())["train"])
    assert number(run.result, "single/clips_seen") == clips * sum(SINGLE_EPOCHS.values())
    assert number(run.result, "equal/clips_seen") == clips * 12
    assert number(run.result, "third/clips_seen") == clips * 4
    assert number(run.result, "own/clips_seen") == clips * 5 == number(compared.runs["10γ"].result, "clips_seen")
    assert len(history(run.folder / "equal")) == 12 and len(history(run.folder / "third")) == 4
    shares = [row[2] for row in run.result.tables["compute"].rows]
    assert shares == pytest.approx([1, 1, 1 / 3, 5 / 12])


def test_each_model_is_held_against_the_three_of_step_8_on_the_same_tracks(compared: Bench) -> None:
    run = compared.runs["10δ"]
    single = [read_held_out(compared.runs[part].folder / "cnn") for part in SINGLE_EPOCHS]
    base = [spearmanr(one.predicted[:, 0], one.true[:, 0]).statistic for one in single]
    folders = {key: run.folder / key for key in ("equal", "third")} | {"own": compared.runs["10γ"].folder / "multitask"}
    for key, folder in folders.items():
        said = read_held_out(folder)
        assert np.array_equal(said.ids, single[0].ids)
        each = [spearmanr(said.predicted[:, i], said.true[:, i]).statistic for i in range(3)]
        for axis, one, other in zip(AXES, each, base, strict=True):
            value = run.result.values[f"{key}/difference/{axis}"]
            assert value.number == pytest.approx(one - other)
            assert value.low <= value.number <= value.high
        mean = run.result.values[f"{key}/difference/mean"]
        assert mean.number == pytest.approx(np.mean(each) - np.mean(base))
        # the mean of three axes is known better than one axis alone
        assert mean.high - mean.low < max(
            run.result.values[f"{key}/difference/{axis}"].high - run.result.values[f"{key}/difference/{axis}"].low
            for axis in AXES
        )
    assert math.isclose(number(run.result, "single/spearman/mean"), float(np.mean(base)), rel_tol=1e-9)


def test_the_comparison_uses_the_weighing_of_the_users_model(bench: Bench) -> None:
    bench.run("10γ", **{**SMALL, "weighting": "learnt", "epochs": 1})
    bench.run("10δ")
    assert "weight/valence" in history(bench.runs["10δ"].folder / "third")[0]


def test_settings_in_which_the_runs_of_step_8_differ_are_named(bench: Bench) -> None:
    apart = "The runs of step 8 differ in"
    assert apart not in bench.runs["10δ"].result.text  # in epochs alone, which the budget stands in for
    gamma = bench.runs["8γ"]
    other = {**gamma.parameters, "learning_rate": 0.02, "cnn_kernel_size": 5}
    bench.runs["8γ"] = replace(gamma, parameters=other)
    text = bench.run("10δ", **SMALL).text
    assert f"{apart} learning_rate, kernel_size; the networks trained here have that of 8β." in text


def test_a_comparison_that_would_not_be_fair_is_refused(bench: Bench) -> None:
    bench.run("10γ", **{**SMALL, "held_out_seed": 7, "epochs": 1})
    with pytest.raises(PrerequisiteError, match="different held-out tracks"):
        bench.run("10δ")
    bench.run("10γ", **{**SMALL, "model": "lstm", "lstm_hidden_size": 4, "epochs": 1})
    with pytest.raises(PrerequisiteError, match="8β, 8γ, 8δ trained no LSTM; run with models=all"):
        bench.run("10δ")
    del bench.runs["10γ"]
    with pytest.raises(PrerequisiteError, match="10γ has no finished run"):
        bench.run("10δ")


@pytest.mark.slow
def test_a_training_with_learnt_weights_killed_in_its_second_seed_ends_with_the_same_bytes(
    compared: Bench, tmp_path: Path
) -> None:
    session = new_session(tmp_path / "s", compared.data_root)
    steady = {"precision": "float32", "threads": 1, "checkpoint_seconds": 0.0, "weighting": "learnt", "epochs": 15}
    steady["seeds"] = 2
    whole = killed_in(new_run(session, "10γ", **{**SMALL, **steady}), [], random.Random(0))
    killed = new_run(session, "10γ", force=True, **{**SMALL, **steady})
    killed_in(killed, ["seed-4/multitask"], random.Random(1))
    assert digests(killed) == digests(whole)
