"""Step 7.1γ: what is told of convolution, normalisation, ReLU and pooling is what they did."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from data_sets import make_genre_set
from greek_tools import hold_greek

from labsteps.catalogue import catalogue
from labsteps.context import EarlierRun
from labsteps.models.saved import Description, build, save_model
from labsteps.results import Result, from_json, to_json
from labsteps.training.precision import Arithmetic
from labsteps.training.state import TrainState


class Given:
    """The little of a context that the part asks for."""

    part, device, seed = "7.1γ", "cpu", 3

    def __init__(self, root: Path, before: EarlierRun | None = None, **params: Any) -> None:
        self.data_root, self.before = root, before
        self.params: Mapping[str, Any] = catalogue().parts["7.1γ"].settings(params)

    def emit(self, kind: str, **fields: Any) -> None:
        pass

    def stop_requested(self) -> bool:
        return False

    def earlier(self, part: str, **_: Any) -> EarlierRun | None:
        return self.before if part == "7.1β" else None

    def go(self) -> Result:
        result = catalogue().parts["7.1γ"].run(self)  # type: ignore[arg-type]
        assert from_json(json.loads(json.dumps(to_json(result)))) == result
        assert set(result.values) == {spec.name for spec in catalogue().parts["7.1γ"].values}
        hold_greek(result)
        return result


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("operations")
    return make_genre_set(folder, {"Blues": 3, "Rock": 3}, test_per_class=1, beat=False, multitask=False)


def rows_of(result: Result) -> dict[tuple[int, str], dict[str, Any]]:
    table = result.tables["operations"]
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, row, strict=True)) for row in table.rows]
    return {(row["layer"], row["operation"]): row for row in rows}


def test_every_operation_of_every_layer_is_told_with_its_shape_and_parameters(root: Path) -> None:
    result = Given(root, channels=4, frames=64).go()
    rows = rows_of(result)
    assert len(rows) == 17
    frames = rows[0, "input"]["frames"]
    assert rows[1, "convolution"] | {"channels": 4, "bands": 128, "frames": frames} == rows[1, "convolution"]
    assert rows[1, "pooling"] | {"channels": 4, "bands": 64, "frames": frames // 2} == rows[1, "pooling"]
    assert [rows[n, "convolution"]["parameters"] for n in (1, 2)] == [36, 4 * 8 * 9]
    assert [rows[n, "normalisation"]["parameters"] for n in (1, 2)] == [8, 16]
    assert [rows[n, "pooling"]["sees"] for n in (1, 2, 3, 4)] == [4, 10, 22, 46]
    assert result.values["receptive_field"].number == 46
    assert result.values["cells_kept_by_pooling"].number == pytest.approx(0.25 * (frames // 2 * 2) / frames)
    assert "untrained" in result.text


def test_the_pictures_are_what_the_operations_make_of_each_other(root: Path) -> None:
    result = Given(root, channels=4, frames=64, layer=2).go()
    pictures = {name: np.array(figure.values) for name, figure in result.figures.items()}  # type: ignore[union-attr]
    assert set(pictures) == {"input", "convolution_2", "normalisation_2", "relu_2", "pooling_2"}
    assert np.allclose(pictures["relu_2"], np.maximum(pictures["normalisation_2"], 0))
    whole = pictures["relu_2"][:, : pictures["pooling_2"].shape[1] * 2]
    pooled = whole.reshape(whole.shape[0] // 2, 2, whole.shape[1] // 2, 2).max(axis=(1, 3))
    assert np.allclose(pictures["pooling_2"], pooled)
    shares = rows_of(result)[2, "ReLU"]["zeros"]
    assert result.values["zeros_after_relu"].number == shares and 0 < shares < 1


@pytest.mark.parametrize("frames", [40, 1300])
def test_ticks_stand_where_their_seconds_and_frequencies_are_after_pooling(root: Path, frames: int) -> None:
    figures = Given(root, channels=2, frames=frames, layer=2).go().figures
    at = {name: dict((t, p) for p, t in figures[name].y_axis.ticks) for name in ("input", "pooling_2")}
    for text, place in at["input"].items():
        assert at["pooling_2"][text] == pytest.approx((place + 0.5) / 4 - 0.5)


def test_the_weights_are_those_of_7_1b_when_it_is_trained(root: Path, tmp_path: Path) -> None:
    about = Description("cnn", {"channels": 3, "kernel_size": 5}, 0.0, "mel", False, (0, 128), ("Blues", "Rock"))
    model = build(about, torch.full((128,), -40.0), torch.full((128,), 10.0), seed=9)
    folder = tmp_path / "checkpoints" / "best"
    folder.mkdir(parents=True)
    save_model(folder, about, {name: tensor.clone() for name, tensor in model.state_dict().items()})
    (tmp_path / "arithmetic.json").write_bytes(Arithmetic("float32", 1).to_json())
    (tmp_path / "training.json").write_text(json.dumps(asdict(TrainState(1, 0.1))))
    before = EarlierRun("earlier-run", "7.1β", {}, 0, Result(), tmp_path)
    result = Given(root, before, channels=16).go()
    rows = rows_of(result)
    assert rows[1, "convolution"]["channels"] == 3 and rows[1, "convolution"]["sees"] == 5
    assert "earlier-run" in result.text and "untrained" not in result.text
