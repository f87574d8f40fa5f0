"""Step 7.1α: digits are read or refused, the network learns them, and numpy sees in it what torch does."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from folders_of_runs import Artifacts, States
from greek_tools import hold_greek

from labsteps.catalogue import catalogue
from labsteps.context import EarlierRun
from labsteps.data.digits import SIDE, Digits, open_digits, read_csv, read_idx
from labsteps.digits.activations import LAYERS
from labsteps.digits.album import epoch_file, open_album, pack_digits, pack_weights
from labsteps.digits.figures import channels_figure, epochs_figure
from labsteps.digits.network import convolve, forward, pool
from labsteps.errors import DataError, ParameterError, StopRequestedError
from labsteps.models.digits import DigitNetwork
from labsteps.results import Axis, Result, from_json, to_json
from workbench.cli import main

FAST = {"epochs": 3, "subset": 400, "batch_size": 16, "resamples": 200, "channels": 4, "checkpoint_seconds": 0.0}


class Run(Artifacts, States):
    """A run in a folder; asks for a stop at one of its polls, and knows one earlier run."""

    device, cache = "cpu", None

    def __init__(self, folder: Path, stop_at: int = -1, before: EarlierRun | None = None, **params: Any) -> None:
        self.folder, self.stop_at, self.polls, self.before = folder, stop_at, 0, before
        self.part, self.seed, self.data_root = "7.1α", 3, folder
        self.params: Mapping[str, Any] = catalogue().parts["7.1α"].settings({**FAST, **params})
        self.events: list[str] = []

    def go(self) -> Result:
        result = catalogue().parts["7.1α"].run(self)  # type: ignore[arg-type]
        assert from_json(json.loads(json.dumps(to_json(result)))) == result
        assert set(result.values) <= {spec.name for spec in catalogue().parts["7.1α"].values}
        hold_greek(result)
        return result

    def emit(self, kind: str, **fields: Any) -> None:
        self.events.append(kind)

    def stop_requested(self) -> bool:
        self.polls += 1
        return self.polls == self.stop_at

    def requests(self) -> list[Mapping[str, Any]]:
        return []

    def earlier(self, part: str, *, parameters: Any = None, seed: int | None = None) -> EarlierRun | None:
        fits = self.before and all(self.before.parameters.get(k) == v for k, v in (parameters or {}).items())
        return self.before if fits else None


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Result]:
    run = Run(tmp_path_factory.mktemp("trained"))
    return run, run.go()


def idx(array: np.ndarray, kind: int = 8) -> bytes:
    return bytes([0, 0, kind, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def write_mnist(folder: Path, *, train: int = 60, test: int = 20, ends: str = "", joint: str = "-") -> Digits:
    """Write a set in IDX files whose digit d is a bar in row 2·d + 2, and return its training digits."""
    folder.mkdir(exist_ok=True)
    made = {}
    for part, count in (("train", train), ("t10k", test)):
        labels = (np.arange(count) % 10).astype(np.uint8)
        images = np.zeros((count, SIDE, SIDE), np.uint8)
        images[np.arange(count), 2 * labels + 2, 4:24] = 255
        made[part] = Digits(images, labels.astype(np.int64))
        for name, array, kind in (("images", images, "idx3"), ("labels", labels, "idx1")):
            raw = idx(array)
            file = folder / f"{part}-{name}{joint}{kind}-ubyte{ends}"
            file.write_bytes(gzip.compress(raw, mtime=0) if ends else raw)
    return made["train"]


# Reading


def test_the_digits_of_the_package_are_real_ones_and_come_without_pandas() -> None:
    found = open_digits()
    assert found.train.images.shape == (5000, 28, 28) and found.test is None
    assert np.bincount(found.train.labels).tolist() == [500] * 10
    assert found.train.images.max() == 255 and 20 < found.train.images.mean() < 50


@pytest.mark.parametrize(("ends", "joint"), [("", "-"), (".gz", "-"), ("", ".")])
def test_a_full_copy_in_idx_files_is_used_when_pointed_to(tmp_path: Path, ends: str, joint: str) -> None:
    written = write_mnist(tmp_path / "mnist", ends=ends, joint=joint)
    found = open_digits(str(tmp_path / "mnist"))
    assert (found.train.images == written.images).all() and (found.train.labels == written.labels).all()
    assert found.test is not None and len(found.test) == 20


def test_an_idx_file_keeps_its_order_of_dimensions(tmp_path: Path) -> None:
    array = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    (tmp_path / "x").write_bytes(idx(array))
    assert (read_idx(tmp_path / "x") == array).all()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "is no IDX file"),
        (b"\x93NUMPY..", "is no IDX file"),
        (b"\0\0\x08\x03\0\0", "is no IDX file"),
        (b"\0\0\x0d\x01\0\0\0\x01\0\0\0\0", "type 0x0d"),
        (idx(np.zeros((2, 3), np.uint8))[:-1], "2 × 3 = 6 bytes, and 5 follow"),
        (idx(np.zeros((2, 3), np.uint8)) + b"\0", "and 7 follow"),
        (b"\0\0\x08\x02\xff\xff\xff\xff\xff\xff\xff\xff", "0 follow"),
        (gzip.compress(b"\0\0\x08", mtime=0)[:-9], "cannot be read"),
        (b"\x1f\x8bnot gzip", "cannot be read"),
    ],
)
def test_a_file_that_is_no_idx_file_of_bytes_is_refused_by_name(tmp_path: Path, raw: bytes, said: str) -> None:
    (tmp_path / "bad").write_bytes(raw)
    with pytest.raises(DataError, match=said) as caught:
        read_idx(tmp_path / "bad")
    assert str(tmp_path / "bad") in str(caught.value)


@pytest.mark.parametrize(
    ("name", "array", "said"),
    [
        ("train-labels-idx1-ubyte", np.zeros(59, np.uint8), "labels for the 60 pictures"),
        ("train-labels-idx1-ubyte", np.full(60, 10, np.uint8), "digit 1 is labelled 10"),
        ("train-images-idx3-ubyte", np.zeros((60, 27, 28), np.uint8), "28 × 28"),
        ("train-images-idx3-ubyte", np.zeros((0, 28, 28), np.uint8), "28 × 28"),
    ],
)
def test_pictures_and_labels_that_do_not_fit_are_refused(
    tmp_path: Path, name: str, array: np.ndarray, said: str
) -> None:
    write_mnist(tmp_path)
    (tmp_path / name).write_bytes(idx(array))
    with pytest.raises(DataError, match=said):
        open_digits(str(tmp_path))


@pytest.mark.parametrize("line", ["1,2,3", "x", ",".join(["0"] * 784 + ["11"]), ",".join(["300"] * 784 + ["1"]), ""])
@pytest.mark.filterwarnings("ignore:loadtxt")
def test_a_csv_without_784_pixels_and_a_label_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "digits.csv").write_text(line + "\n")
    with pytest.raises(DataError, match=r"digits\.csv"):
        read_csv(tmp_path / "digits.csv")


def test_without_digits_the_command_says_how_to_get_them_and_ends_with_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(DataError, match=r"pip install \"lab-workbench\[digits\]\""):
        open_digits()
    monkeypatch.undo()
    root = tmp_path / "data" / "fma_genre_spectrograms"
    (root / "train").mkdir(parents=True)
    (root / "train_labels.txt").write_text("Id\tGenre\n")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    missing = str(tmp_path / "nowhere")
    where = ["--sessions-dir", str(tmp_path / "s"), "--data", str(root.parent)]
    assert main(["--step", "7.1a", "--set", f"digits_folder={missing}", *where]) == 3
    said = capfd.readouterr().err
    assert missing in said and "lab-workbench[digits]" in said and "Traceback" not in said


# The network, in torch and in numpy


@pytest.mark.parametrize(("channels", "kernel"), [(8, 5), (3, 3), (1, 1), (4, 11)])
def test_numpy_gives_the_scores_and_the_layers_that_torch_gives(channels: int, kernel: int) -> None:
    torch.manual_seed(channels)
    network = DigitNetwork(0.13, 0.31, channels=channels, kernel_size=kernel).eval()
    weights = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    images = np.random.default_rng(0).integers(0, 256, (4, SIDE, SIDE), dtype=np.uint8)
    images[0] = 0
    with torch.no_grad():
        scores = network(torch.from_numpy(images).float() / 255, torch.full((4,), SIDE)).numpy()
        first = network.convolution1(((torch.from_numpy(images).float() / 255 - 0.13) / 0.31).unsqueeze(1)).numpy()
    for image, row, channel in zip(images, scores, first, strict=True):
        seen = forward(weights, image)
        assert all(layer.dtype == np.float32 for layer in seen.layers.values())
        assert np.abs(seen.layers["output"].ravel() - row).max() < 1e-5
        assert np.abs(seen.layers["convolution 1"] - channel).max() < 1e-5
        assert np.abs(seen.probabilities - torch.from_numpy(row).softmax(0).numpy()).max() < 1e-5
        assert tuple(seen.layers) == LAYERS


def test_a_convolution_is_the_sum_of_its_products() -> None:
    dice = np.random.default_rng(1)
    x, w = dice.normal(size=(2, 5, 6)).astype(np.float32), dice.normal(size=(3, 2, 3, 3)).astype(np.float32)
    b = np.array([1.0, 0.0, -1.0], np.float32)
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    by_hand = b[2] + (w[2] * padded[:, 1:4, 2:5]).sum()
    assert convolve(x, w, b)[2, 1, 2] == pytest.approx(by_hand, abs=1e-5)
    assert pool(np.arange(20, dtype=np.float32).reshape(1, 4, 5)).tolist() == [[[6, 8], [16, 18]]]


# The part


def test_it_learns_real_digits_and_reports_on_held_out_ones(trained: tuple[Run, Result]) -> None:
    run, result = trained
    accuracy = result.values["test/accuracy"]
    assert accuracy.number is not None and accuracy.low is not None
    assert accuracy.number > 0.7 > 0.1 == result.values["majority/accuracy"].number
    assert accuracy.low < accuracy.number < (accuracy.high or 0)
    confusion = np.array(result.figures["confusion"].values)  # type: ignore[union-attr]
    assert result.figures["confusion"].title == "Confusion matrix, 7.1α CNN"
    assert confusion.sum() == 1000 and np.trace(confusion) / 1000 == accuracy.number
    album = open_album(run.folder)
    assert album is not None and len(album.epochs) == 4 and album.best == result.values["best_epoch"].number
    assert np.bincount(album.digits.labels).tolist() == [100] * 10


def test_held_out_digits_are_none_of_those_it_learnt_from(trained: tuple[Run, Result]) -> None:
    album = open_album(trained[0].folder)
    assert album is not None
    everything = open_digits().train
    held_out = {image.tobytes() for image in album.digits.images}
    other = Run(trained[0].folder)
    from labsteps.steps.s07_1_digits import _split

    learnt, validation, test = _split(other, open_digits())  # type: ignore[arg-type]
    assert not held_out & {image.tobytes() for part in (learnt, validation) for image in part.images}
    assert held_out == {image.tobytes() for image in test.images} and len(everything) == 5000
    other.seed = 4
    assert (_split(other, open_digits())[2].images == test.images).all()  # type: ignore[arg-type]


def test_its_numbers_are_those_of_the_weights_that_it_keeps(trained: tuple[Run, Result]) -> None:
    run, result = trained
    album = open_album(run.folder)
    assert album is not None and album.best is not None
    said = np.array([forward(album.epochs[album.best], image).verdict for image in album.digits.images])
    assert (said == album.digits.labels).mean() == result.values["test/accuracy"].number
    shown = forward(album.epochs[album.best], album.digits.images[album.of_class(7)[0]])
    assert result.values["shown/probability"].number == pytest.approx(shown.probabilities[7], abs=1e-6)
    row = next(row for row in result.tables["layers"].rows if row[0] == "convolution 2")
    assert row[1:4] == (8, 14, 14) and row[4] == 8 * 4 * 25 + 8 and row[5] == 14
    changes = result.tables["changes"].rows
    assert [row[0] for row in changes] == [0, 1, 2, 3] and changes[-1][3:6] == pytest.approx((1, 1, 1))


def test_what_is_drawn_is_what_the_layers_gave(trained: tuple[Run, Result]) -> None:
    run, result = trained
    album = open_album(run.folder)
    assert album is not None and album.best is not None
    seen = forward(album.epochs[album.best], album.digits.images[album.of_class(7)[0]]).layers
    for name in LAYERS[:-1]:
        figure = result.figures[name.lower().replace(" ", "_")]
        drawn = np.array(figure.values, np.float64)  # type: ignore[union-attr]
        assert np.nanmax(drawn) == pytest.approx(seen[name].max(), abs=1e-6)
        assert np.isfinite(drawn).sum() == seen[name].size
    drawn = np.array(result.figures["relu_1"].values, np.float64)
    top = drawn[-28:, np.isfinite(drawn[-1])][:, :28]  # type: ignore[union-attr]
    assert np.allclose(top[::-1], seen["ReLU 1"][0])


def test_another_digit_is_looked_at_without_training_again(trained: tuple[Run, Result], tmp_path: Path) -> None:
    run, result = trained
    before = EarlierRun("20261120-101500250-7.1a-3f2a", "7.1α", run.params, run.seed, result, run.folder)
    again = Run(tmp_path / "again", before=before, digit=3, example=2)
    other = again.go()
    assert "uses" in again.events and "epoch" not in again.events
    assert other.values["test/accuracy"] == result.values["test/accuracy"]
    assert "example 2" in other.figures["input"].title and f"run {before.run_id}" in other.text
    assert open_album(again.folder) is not None
    fresh = Run(tmp_path / "fresh", before=before, epochs=1)
    fresh.go()
    assert "uses" not in fresh.events and "epoch" in fresh.events


@pytest.mark.parametrize("stop_at", [2, 30, 61])
def test_stopped_anywhere_and_resumed_it_keeps_the_same_weights_of_every_epoch(
    trained: tuple[Run, Result], tmp_path: Path, stop_at: int
) -> None:
    run, result = trained
    with pytest.raises(StopRequestedError):
        Run(tmp_path, stop_at=stop_at).go()
    assert Run(tmp_path).go() == result
    for epoch in range(4):
        assert (tmp_path / epoch_file(epoch)).read_bytes() == (run.folder / epoch_file(epoch)).read_bytes()


def test_a_digit_that_is_not_there_is_refused_before_anything_is_trained(tmp_path: Path) -> None:
    write_mnist(tmp_path / "mnist")
    run = Run(tmp_path / "run", digits_folder=str(tmp_path / "mnist"), example=3)
    with pytest.raises(ParameterError, match="2 held-out digits 7"):
        run.go()
    assert "epoch" not in run.events


def test_a_full_copy_keeps_its_own_test_digits(tmp_path: Path) -> None:
    write_mnist(tmp_path / "mnist", train=400, test=30)
    run = Run(tmp_path / "run", digits_folder=str(tmp_path / "mnist"), subset=0, epochs=6)
    result = run.go()
    assert "30 held out" in result.text and result.values["test/accuracy"].number == 1.0


# What is kept


def test_an_album_is_whole_or_refused_by_the_name_of_the_file(tmp_path: Path) -> None:
    assert open_album(tmp_path) is None
    network = DigitNetwork(0.1, 0.3)
    weights = pack_weights({name: tensor.numpy() for name, tensor in network.state_dict().items()})
    run = Run(tmp_path)
    run.write_artifact(epoch_file(0), weights)
    assert open_album(tmp_path) is None
    digits = Digits(np.zeros((3, SIDE, SIDE), np.uint8), np.array([2, 0, 1]))
    run.write_artifact("digits/held_out.safetensors", pack_digits(digits))
    run.write_artifact(epoch_file(1), weights[:100])
    with pytest.raises(DataError, match="epoch-001"):
        open_album(tmp_path)
    run.write_artifact(epoch_file(1), pack_digits(digits))
    with pytest.raises(DataError, match=r"epoch-001.*images"):
        open_album(tmp_path)
    (tmp_path / epoch_file(1)).unlink()
    run.write_artifact(epoch_file(2), weights)
    album = open_album(tmp_path)
    assert album is not None and len(album.epochs) == 1 and album.digits.labels.tolist() == [0, 1, 2]
    run.write_artifact("training.json", b"{")
    with pytest.raises(DataError, match=r"training\.json"):
        open_album(tmp_path)


def test_channels_stand_in_reading_order_with_gaps_between_them() -> None:
    channels = np.arange(3, dtype=np.float32)[:, None, None] + np.zeros((1, 2, 2), np.float32)
    figure = channels_figure("x", channels, Axis("v"))
    sheet = np.array(figure.values[::-1], np.float64)
    assert sheet.shape[0] in (2, 5) and np.nanmax(sheet) == 2 and (figure.low, figure.high) == (0, 2)
    first = np.flatnonzero(sheet[0] == 0)[0]
    assert np.isnan(sheet[0, first + 2]) and sheet[0, first + 3] == 1
    rows = epochs_figure("x", [0, 4], [channels, channels + 1], Axis("v"))
    assert [text for _, text in rows.y_axis.ticks] == ["0", "4"] and len(rows.values) == 5
    assert rows.y_axis.ticks[0][0] > rows.y_axis.ticks[1][0] and 1 in rows.values[0]
