"""Step 7.2: the patch grid is shown, the check comes before the training, and the report stands beside the others."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from data_sets import SimpleCache, make_genre_set
from lab_bench import Bench

from labsteps.catalogue import catalogue
from labsteps.errors import ParameterError
from labsteps.models import transformer
from labsteps.models.saved import load_model
from labsteps.models.transformer import AST, Grid, Size
from labsteps.results import Image
from labsteps.steps.patch_view import half_share, overlap

TINY = {"input_tdim": 32, "fstride": 16, "tstride": 16, "overfit_epochs": 60, "feature_size": 16, "patch_out": 0.0}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A session in which 7.2α was run before and after 7.2β, and 5γ before both."""
    root = make_genre_set(
        tmp_path_factory.mktemp("data"), {"Blues": 9, "Jazz": 9}, test_per_class=4, lengths=(40, 70), multitask=False
    )
    (folder := tmp_path_factory.mktemp("runs")).mkdir(exist_ok=True)
    bench = Bench(folder, root, SimpleCache(tmp_path_factory.mktemp("packs")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(transformer.SIZES, "tiny224", Size(16, 1, 2, 3))
        bench.run("5γ")
        bench.before = bench.run("7.2α", **TINY)  # type: ignore[attr-defined]
        bench.report = bench.run("7.2β", **TINY)  # type: ignore[attr-defined]
        bench.after = bench.run("7.2α", **TINY)  # type: ignore[attr-defined]
        bench.model = load_model(bench.runs["7.2β"].folder / "checkpoints" / "best")[0]  # type: ignore[attr-defined]
    return bench


def test_the_grid_is_drawn_over_a_track_and_counted(ran: Bench) -> None:
    result = ran.before  # type: ignore[attr-defined]
    figure = result.figures["patches"]
    assert isinstance(figure, Image) and len(figure.light) == len(figure.values) == 128
    assert {0.15, 0.7, 1.0} == {value for row in figure.light for value in row}
    assert sum(value == 1.0 for row in figure.light for value in row) == 256
    assert result.values["patches"].number == 16
    assert result.tables["grid"].rows[1][:6] == ("in the paper", 10, 10, 12, 101, 1212)
    assert result.values["attention/half"].number is None
    assert "7.2β" in result.values["attention/half"].reason


def test_where_the_trained_network_looks_is_drawn_over_the_whole_track(ran: Bench) -> None:
    figure = ran.after.figures["attention"]  # type: ignore[attr-defined]
    light = np.array(figure.light, float)
    assert light.shape == np.array(figure.values, float).shape
    assert light.min() >= 0.12 and light.max() == 1.0 and light.std() > 0
    share = ran.after.values["attention/half"].number  # type: ignore[attr-defined]
    assert 0 < share <= 50.0


def test_the_training_itself_shows_where_its_network_looks_on_a_scale_of_attention(ran: Bench) -> None:
    report = ran.report  # type: ignore[attr-defined]
    lit, alone = report.figures["attention"], report.figures["rollout"]
    assert isinstance(lit, Image) and isinstance(alone, Image)
    assert lit.value_axis.unit == "dB" and lit.light and not alone.light
    assert alone.value_axis.label == "attention (times the mean)"
    shares = np.array(alone.values, float)
    assert shares.shape == np.array(lit.values).shape
    assert shares.min() == pytest.approx(alone.low, abs=1e-4) and alone.low < alone.high <= shares.max() + 1e-4
    assert 0 < report.values["attention/half"].number <= 50.0


def test_the_question_about_ast_has_the_training_among_its_evidence() -> None:
    part = catalogue().parts["7.2α"]
    assert {"7.2α", "7.2β"} <= set(part.evidence)


def test_the_check_comes_first_and_its_verdict_and_loss_are_told(ran: Bench) -> None:
    report, folder = ran.report, ran.runs["7.2β"].folder  # type: ignore[attr-defined]
    assert report.text.startswith("Overfit check: Passed: the training loss fell to")
    assert report.values["overfit/passed"].number == 1.0
    assert report.values["overfit/loss"].number < 0.05
    assert (folder / "overfit-check" / "arithmetic.json").exists()
    assert report.values["parameters"].number == sum(p.numel() for p in ran.model.parameters())  # type: ignore[attr-defined]


def test_the_report_is_set_beside_the_lstm_and_says_what_is_not_there(ran: Bench) -> None:
    report = ran.report  # type: ignore[attr-defined]
    assert report.values["vs_5γ/accuracy_difference"].low is not None
    assert "vs_7.1ε/accuracy_difference" not in report.values
    assert "7.1ε has no result yet" in report.text
    assert report.values["test/accuracy"].low is not None and report.values["majority/accuracy"].number == 0.5


def test_a_saved_transformer_gives_what_it_gave(ran: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    backbone = ran.model.backbone  # type: ignore[attr-defined]
    assert isinstance(backbone, AST) and backbone.grid == Grid(16, 16, 8, 2)
    monkeypatch.setitem(transformer.SIZES, "tiny224", Size(16, 1, 2, 3))
    again, about = load_model(ran.runs["7.2β"].folder / "checkpoints" / "best")
    x, lengths = torch.rand(2, 60, 128) * 80 - 80, torch.tensor([60, 31])
    with torch.no_grad():
        assert torch.equal(again(x, lengths), ran.model(x, lengths))  # type: ignore[attr-defined]
    assert about.architecture == "ast"


def test_a_track_that_is_not_in_the_test_set_is_refused(ran: Bench) -> None:
    with pytest.raises(ParameterError, match="track is 2147483647, which is not in the test set"):
        ran.run("7.2α", track=2**31 - 1, **TINY)


def test_overlap_and_half_share() -> None:
    assert overlap(Grid(16, 16, 3, 4)) == 0.0
    assert overlap(Grid(8, 16, 2, 1)) == pytest.approx(8 / 24)
    assert half_share(np.ones((4, 5))) == 0.5
    assert half_share(np.array([[8.0, 1.0, 1.0, 0.0]])) == 0.25
