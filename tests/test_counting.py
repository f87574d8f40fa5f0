"""One count of what is done, one meaning of the epoch, and the number that a part is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from labsteps.catalogue import catalogue
from labsteps.errors import PrerequisiteError
from workbench.commands.compare import _tested
from workbench.config.change import change
from workbench.config.settings import ConfigError, setting
from workbench.counting import done_of, next_part
from workbench.plots.run_curves import score_figure
from workbench.plots.style import Style
from workbench.plots.terminal import draw
from workbench.runner.follow import Snapshot
from workbench.store.archive import ArchiveError
from workbench.store.run import RunState
from workbench.store.sessions import Sessions
from workbench.tui.views import headline_of


@pytest.mark.parametrize(
    ("part", "headline"),
    [
        ("8ε", "held_out/spearman/mean"),
        ("9β", "best/validation_macro_f1"),
        ("9ε", "transferred/spearman"),
        ("10γ", "held_out/spearman/mean"),
        ("10δ", "equal/spearman/mean"),
        ("11β", "lstm/knn_accuracy_2d"),
        ("11δ", "umap/faithful"),
    ],
)
def test_the_first_value_of_a_part_is_the_number_that_it_is_about(part: str, headline: str) -> None:
    specs = catalogue().parts[part].values
    values = {spec.name: 0.5 for spec in specs} | {headline: 0.75}
    assert headline_of(specs, values).startswith(".75")


def test_a_part_with_an_open_question_is_not_done() -> None:
    lab = catalogue()
    asks = next(part for part in lab.parts.values() if part.asks and not part.only_asks)
    assert done_of(lab, {asks.id}, ()) == (0, len(lab.parts))
    assert done_of(lab, {asks.id}, {asks.id}) == (1, len(lab.parts))


@pytest.mark.parametrize(
    ("finished", "live", "named"),
    [
        ((), (), "0"),
        ((), ("0",), "1α"),
        (("0",), (), "1α"),
        (("5γ",), (), "1α"),
        ((), ("5γ",), "1α"),
        (("1α", "1β"), ("1γ",), "1δ"),
    ],
)
def test_next_is_the_first_part_left_and_the_data_folder_only_before_anything_was_run(
    finished: tuple[str, ...], live: tuple[str, ...], named: str
) -> None:
    found = next_part(catalogue(), finished, (), live)
    assert found is not None and found.id == named


def test_next_has_what_it_builds_on_and_the_data_folder_comes_last_of_all() -> None:
    parts = catalogue().parts
    waiting = next(part for part in parts.values() if "5ζ" in part.needs)
    before = [one for one in parts if one != "0"][: list(parts).index(waiting.id) - 1]
    done = [one for one in before if one != "5ζ"]
    for live, ready in ((("5ζ",), False), ((), True)):
        found = next_part(catalogue(), [*done, *(["5ζ"] if ready else [])], before, live)
        assert found is not None and (found.id == waiting.id) is ready
        assert ready or "5ζ" not in found.needs
    assert next_part(catalogue(), [one for one in parts if one != "0"], parts) is parts["0"]
    assert next_part(catalogue(), parts, parts) is None


@pytest.mark.parametrize(
    ("state", "ended", "epoch"), [(RunState.RUNNING, 3, 4), (RunState.FINISHED, 5, 5), (RunState.INTERRUPTED, 3, 3)]
)
def test_the_epoch_of_a_run_is_the_one_that_goes_on(state: RunState, ended: int, epoch: int) -> None:
    epochs = tuple({"epoch": number + 1, "epochs": 5} for number in range(ended))
    assert Snapshot("run", "7.1ε", state, epochs=epochs).epoch == epoch


def test_a_file_that_is_no_archive_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "passwd").write_text("root:x:0:0")
    with pytest.raises(ArchiveError, match=r"\(it is not packed with gzip\)"):
        Sessions(tmp_path / "sessions").import_archive(tmp_path / "passwd")


def test_every_score_of_a_run_is_named_beside_a_narrow_curve() -> None:
    names = ("train_accuracy", "validation_accuracy", "train_macro_f1", "validation_macro_f1")
    epochs = tuple({"epoch": n, "epochs": 3, **dict.fromkeys(names, n / 4)} for n in (1, 2, 3))
    figure = score_figure(Snapshot("run", "7.1ε", RunState.FINISHED, epochs=epochs))
    assert figure is not None
    drawn = draw(figure, 44, 8, style=Style("none", unicode=True)).plain
    assert "val macro-F1" in drawn and "more" not in drawn


def test_a_setting_that_no_session_has_is_refused_without_a_flag(tmp_path: Path) -> None:
    session = Sessions(tmp_path / "sessions").create("thesis")
    with pytest.raises(ConfigError, match="change it in your own settings") as refused:
        change(setting("theme"), None, session)
    assert "--" not in str(refused.value)


def test_a_run_without_predictions_is_told_by_its_part(tmp_path: Path) -> None:
    session = Sessions(tmp_path / "sessions").create("thesis")
    run = session.create_run({"part": "7.1ε"})
    with pytest.raises(PrerequisiteError, match=r"run 7\.1ε first"):
        _tested(session, run.id)
