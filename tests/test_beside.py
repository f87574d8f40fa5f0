"""The benchmark's two sides: both learn, the sums they are judged by are right, and the page has what was measured."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from data_sets import SimpleCache
from torch.utils.flop_counter import FlopCounterMode

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import bench, h100
from benchmarks.beside import counts, data_set, plain, rows, table
from benchmarks.beside.side import BenchContext
from labsteps.data.classes import ClassScheme
from labsteps.data.folders import DataFolder
from labsteps.data.normalise import Normaliser
from labsteps.data.pack import MEL, pack
from labsteps.models.saved import Description, build
from labsteps.training.feed import Clips
from labsteps.training.inference import evaluate
from labsteps.training.loop import Settings, train
from labsteps.training.losses import Classification
from labsteps.training.precision import Arithmetic

EPOCHS, RATE, HIDDEN = 20, 3e-3, 32


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("toy")
    data_set.write(root, {"Blues": 24, "Jazz": 24, "Rock": 24}, {"Blues": 8, "Jazz": 8, "Rock": 8}, frames=40)
    return root


def test_the_plain_way_learns_the_toy_problem(toy: Path) -> None:
    clips, test = (plain.PlainClips(toy / data_set.BEAT / split) for split in ("train", "test"))
    torch.manual_seed(0)
    model = plain.PlainLSTM(3, HIDDEN)
    optimizer = plain.optimizer_of(model, RATE)
    losses = [plain.train_epoch(model, optimizer, plain.loader(clips, 8)) for _ in range(EPOCHS)]
    assert losses[-1] < 0.7 * losses[0]
    assert plain.accuracy(model, test) > 0.9


def test_our_way_learns_the_same(toy: Path, tmp_path: Path) -> None:
    cache = SimpleCache(tmp_path / "packs")
    packed = pack(toy, DataFolder.GENRE_BEAT, "train", cache).with_classes(ClassScheme())
    test = pack(toy, DataFolder.GENRE_BEAT, "test", cache).with_classes(ClassScheme(), packed.classes)
    assert packed.labels is not None
    assert test.labels is not None
    fitted = Normaliser.fit(packed, range(len(packed)), MEL)
    settings = {"hidden_size": HIDDEN}
    about = Description("lstm", settings, 0.0, "mel", True, (0, 128), packed.classes)
    model = build(about, torch.from_numpy(fitted.mean), torch.from_numpy(fitted.deviation), 0)
    context, arithmetic = BenchContext(tmp_path), Arithmetic("float32", 1)
    learning = Settings(EPOCHS, 8, RATE, 0)
    train(model, Classification(packed.classes), Clips(packed, MEL, packed.labels), None, learning, arithmetic, context)  # type: ignore[arg-type]
    said = evaluate(model, Clips(test, MEL, test.labels), arithmetic, context)  # type: ignore[arg-type]
    assert (said.argmax(axis=1) == test.labels).mean() > 0.9


def test_a_plain_clip_is_padded_with_zeros_and_its_last_real_step_is_read(toy: Path) -> None:
    clips = plain.PlainClips(toy / data_set.BEAT / "train")
    short = min(range(len(clips)), key=lambda number: clips.lengths[number])
    x, _, length = clips[short]
    assert x.shape == (clips.max_length, 128)
    assert not x[length:].any()
    model = plain.PlainLSTM(3, 8, 2, bidirectional=True)
    padded, whole = (torch.from_numpy(each).float().unsqueeze(0) for each in (x, x[:length]))
    assert torch.allclose(model(padded, torch.tensor([length])), model(whole, torch.tensor([length])), atol=1e-6)


@pytest.mark.parametrize(("key", "frames"), [("cnn-130", 130), ("ast-tiny", 196)])
def test_operations_are_counted_as_torch_counts_them(key: str, frames: int) -> None:
    row = next(row for row in rows.TRAININGS if row.key == key)
    row = replace(
        row, crop=frames, settings={**row.settings, **({"input_tdim": frames} if row.network == "ast" else {})}
    )
    about = Description(row.network, row.settings, 0.0, "mel", False, (0, 128), tuple(map(str, range(10))))
    model = build(about, torch.zeros(128), torch.ones(128), 0)
    Arithmetic("float32", 1, "plain").apply(model)
    with FlopCounterMode(display=False) as counter:
        model(torch.zeros(1, frames, 128), torch.tensor([frames])).sum().backward()
    assert counts.work(row).operations / row.batch_size == pytest.approx(counter.get_total_flops(), rel=0.02)


def test_an_lstm_does_two_products_a_gate_and_step() -> None:
    row = next(row for row in rows.TRAININGS if row.key == "lstm-full-2x2")
    one_layer = 4 * 128 * 2  # gates of both directions
    forward = [2 * 1293 * one_layer * (inputs + 128) for inputs in (128, 256)]
    backward = [2 * 1293 * one_layer * (inputs + 2 * 128) for inputs in (128, 2 * 256)]  # no gradient of the input
    assert counts.work(row).operations / 32 == pytest.approx(sum(forward) + sum(backward), rel=0.01)


def test_the_page_has_the_table_of_the_measurements_that_are_kept() -> None:
    found = json.loads(bench.KEPT.read_text(encoding="utf-8"))
    page = bench.PAGE.read_text(encoding="utf-8")
    assert f"{table.BEGIN}\n{table.markdown(found)}\n{table.END}" in page


def test_the_page_has_the_calculation_for_an_h100() -> None:
    assert h100.table() in bench.PAGE.read_text(encoding="utf-8")
