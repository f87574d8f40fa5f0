"""Steps 0 to 4: what the parts that look at the data show, and what they say of data they cannot show."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from data_sets import make_clip, make_genre_set, write_array, write_genre_index
from greek_tools import hold_greek
from hypothesis import given, settings
from hypothesis import strategies as st

from labsteps.catalogue import catalogue
from labsteps.data.folders import DataFolder
from labsteps.data.layout import open_split
from labsteps.errors import DataError, StopRequestedError
from labsteps.features.grid import MEL_BANDS
from labsteps.greek import greek
from labsteps.results import Bars, Image, Result, from_json, to_json
from labsteps.steps import clip_measures, clips_view, s00_data, s02_beat, specshow
from labsteps.steps.clips_view import Clip
from workbench.plots.png import save_png
from workbench.plots.terminal import Style, draw, draw_table

ROOT = Path(__file__).resolve().parents[1]
RAW, BEAT = DataFolder.GENRE_FULL, DataFolder.GENRE_BEAT


class Given:
    """The little of a context that a view asks for."""

    device, seed = "cpu", 3

    def __init__(self, part: str, data_root: Path, run: Path, stop: bool = False, **params: Any) -> None:
        self.part, self.data_root, self.run, self.stop = part, data_root, run, stop
        self.params: Mapping[str, Any] = catalogue().parts[part].settings(params)
        self.events: list[str] = []

    def emit(self, kind: str, **fields: Any) -> None:
        self.events.append(kind)

    def stop_requested(self) -> bool:
        return self.stop

    def artifact(self, name: str) -> Path:
        path = self.run / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def view(part: str, root: Path, tmp_path: Path, **params: Any) -> Result:
    result = catalogue().parts[part].run(Given(part, root, tmp_path, **params))  # type: ignore[arg-type]
    assert from_json(to_json(result)) == result
    known = {spec.name for spec in catalogue().parts[part].values}
    assert set(result.values) <= known
    hold_greek(result)
    return result


def rewrite(root: Path, folder: DataFolder, array: np.ndarray) -> None:
    """Put `array` in the place of every training clip."""
    for path in (root / folder / "train").iterdir():
        write_array(path, array)


def clip_of(mel: np.ndarray, chroma: np.ndarray | None = None, *, beat: bool = False) -> Clip:
    frames = np.zeros((len(mel), 140), np.float32)
    frames[:, :128] = mel
    if chroma is not None:
        frames[:, 128:] = chroma
    return Clip(7, "Jazz", Path("7.npy"), 2, frames, beat)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    classes = {"Blues": 6, "Psych-Rock": 4, "Rock": 5, "Indie-Rock": 3}
    return make_genre_set(tmp_path_factory.mktemp("views"), classes, test_per_class=2, multitask=False)


@pytest.fixture(autouse=True)
def small_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(specshow, "DPI", 40)


# The two tracks


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**31 - 1), draw=st.integers(0, 1000))
def test_the_two_tracks_are_of_different_genres_and_the_same_on_every_call(root: Path, seed: int, draw: int) -> None:
    split = open_split(root, RAW, "train")
    first, second = clips_view.draw_pair(split, seed, draw)
    assert split.labels[first] != split.labels[second]
    assert clips_view.draw_pair(split, seed, draw) == (first, second)


def test_another_draw_gives_two_others(root: Path) -> None:
    split = open_split(root, RAW, "train")
    assert len({clips_view.draw_pair(split, 0, draw) for draw in range(10)}) > 5


def test_the_rows_shown_stand_in_the_index_on_the_lines_named(root: Path, tmp_path: Path) -> None:
    table = view("1α", root, tmp_path, draw=2).tables["rows"]
    lines = (root / RAW / "train_labels.txt").read_text().splitlines()
    for line, track, genre, file in table.rows:
        assert lines[int(line) - 1] == f"{track}.fused.full.npy.gz\t{genre}"
        assert (root / str(file)).is_file()


def test_a_set_of_one_genre_is_named(tmp_path: Path) -> None:
    root = make_genre_set(tmp_path / "one", {"Jazz": 3}, multitask=False)
    with pytest.raises(DataError, match=r"train_labels\.txt: lists one genre only \(Jazz\)"):
        view("1α", root, tmp_path)


def test_a_track_that_the_beat_folder_lacks_is_named(tmp_path: Path) -> None:
    root = make_genre_set(tmp_path / "two", {"Jazz": 1, "Rock": 1}, multitask=False)
    ids = open_split(root, RAW, "train").ids
    write_genre_index(root / BEAT / "train_labels.txt", [(ids[0], "Jazz")])
    with pytest.raises(DataError, match=rf"does not list track {ids[1]}.*{RAW} has"):
        view("2β", root, tmp_path)


# Step 1


def test_reading_tells_the_type_and_the_shape_of_the_file_and_the_range_of_the_mel_part(
    root: Path, tmp_path: Path
) -> None:
    result = view("1β", root, tmp_path)
    whole, mel = result.tables["parts"].rows[:2]
    frames = int(result.values["first/frames"].number or 0)
    assert whole[2:4] == ("float64", f"(140, {frames})")
    assert mel[2:4] == ("float64", f"(128, {frames})")
    assert -80 <= float(mel[4] or 0) < float(mel[5] or 0) <= 0


@pytest.mark.parametrize(("name", "dtype"), [("5.fused.full.npy", "float32"), ("5.fused.full.npy.gz", "float64")])
def test_the_stored_form_is_read_from_plain_and_compressed_files(tmp_path: Path, name: str, dtype: str) -> None:
    write_array(tmp_path / name, np.zeros((140, 9), dtype))
    assert clips_view.stored_form(tmp_path / name) == (dtype, (140, 9))


def test_the_pictures_have_hz_upwards_and_seconds_across_and_their_values_are_the_files(
    root: Path, tmp_path: Path
) -> None:
    result = view("1γ", root, tmp_path)
    image = result.figures["mel_first"]
    assert isinstance(image, Image)
    track = image.title.partition("(")[2].rstrip(")")
    stored = np.load(root / RAW / "train" / f"{track}.fused.full.npy")[:128]
    assert np.abs(np.array(image.values, float) - stored).max() <= 0.051
    assert image.x_axis.unit == "s" and image.y_axis.unit == "Hz" and image.value_axis.unit == "dB"
    assert [text for _, text in image.y_axis.ticks] == ["256", "512", "1024", "2048", "4096", "8192"]
    assert (tmp_path / "figures" / "side_by_side.png").read_bytes().startswith(b"\x89PNG")


def test_the_mel_scale_is_the_one_of_librosa() -> None:
    assert clips_view.hz_to_mel([0, 200 / 3, 1000, 6400]) == pytest.approx([0, 1, 15, 42])
    import librosa

    assert clips_view.band_edges() == pytest.approx(librosa.mel_frequencies(n_mels=130, fmin=0, fmax=11025))


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 11025))
def test_mel_and_back_is_where_it_began(hz: float) -> None:
    assert float(clips_view.mel_to_hz(clips_view.hz_to_mel(hz))) == pytest.approx(hz, abs=1e-6)


@pytest.mark.parametrize("row", [0, 40, 127])
def test_a_band_stands_on_its_row_and_its_energy_has_its_centroid(row: int) -> None:
    centre = float(clips_view.band_edges()[row + 1])
    assert clips_view.band_row(centre) == pytest.approx(row)
    mel = np.full((8, MEL_BANDS), -80.0)
    mel[:, row] = 0.0
    assert clip_measures.measure_mel(clip_of(mel)).centroid == pytest.approx(centre, rel=0.01, abs=2)


def test_the_shares_of_the_band_groups_make_the_whole() -> None:
    mel = make_clip(50, 1, 4, np.random.default_rng(0))[:128].T
    groups = clip_measures.measure_mel(clip_of(mel)).groups
    assert sum(10 ** (share / 10) for share in groups if share is not None) == pytest.approx(1)


def test_onsets_are_counted() -> None:
    strength = np.zeros(200)
    strength[[20, 60, 61, 100, 150]] = [3.0, 2.0, 1.0, 3.0, 2.5]
    assert clip_measures.onset_count(strength) == 4
    assert clip_measures.onset_count(np.zeros(50)) == 0


@pytest.mark.parametrize("level", [-80.0, 0.0])
def test_a_silent_clip_is_drawn_and_its_measures_are_undefined_with_the_reason(tmp_path: Path, level: float) -> None:
    root = make_genre_set(tmp_path / "silent", {"Jazz": 1, "Rock": 1}, multitask=False)
    silence = np.zeros((140, 40))
    silence[:128] = level
    rewrite(root, RAW, silence)
    rewrite(root, BEAT, silence[:, :5])
    result = view("1γ", root, tmp_path)
    assert all(v.number is None and "silent" in v.reason for v in result.values.values())
    assert "undefined, because the clip is silent" in result.tables["comparison"].note
    assert isinstance(result.figures["mel_first"], Image)
    chroma = view("3", root, tmp_path)
    assert "no chroma energy" in chroma.values["first/entropy_frames"].reason
    assert view("2β", root, tmp_path).values["first/centroid"].number is None


def test_clips_of_one_frame_are_shown(tmp_path: Path) -> None:
    root = make_genre_set(
        tmp_path / "short", {"Jazz": 1, "Rock": 1}, lengths=(1, 1), beat_lengths=(1, 1), multitask=False
    )
    for part in ("1α", "1β", "1γ", "2β", "3", "4α"):
        view(part, root, tmp_path)
    tempo = view("2β", root, tmp_path).values["first/tempo"]
    assert tempo.number is None and "2 beats or more" in tempo.reason
    result = view("1γ", root, tmp_path)
    assert result.values["first/onsets"].reason == "the clip has one frame"
    assert result.values["first/centroid"].number is not None


def test_a_moment_has_no_onset_density_and_the_reason_is_told(tmp_path: Path) -> None:
    root = make_genre_set(tmp_path / "short", {"Jazz": 1, "Rock": 1}, lengths=(3, 3), multitask=False)
    result = view("1γ", root, tmp_path)
    assert "0.46 s, and the clip is shorter" in result.values["first/onsets"].reason
    assert "0.46 s, and the clip is shorter" in result.tables["comparison"].note
    assert result.values["first/dynamic_range"].number is not None


# Sets with almost nothing in them

VIEWS = ("0", "1α", "1β", "1γ", "2α", "2β", "3", "4α", "4β", "4γ")
POOR_SETS: dict[str, dict[str, Any]] = {
    "one class": {"classes": {"Jazz": 3}},
    "two files": {"classes": {"Jazz": 1, "Rock": 1}, "test_per_class": 1},
    "one frame": {"classes": {"Jazz": 1, "Rock": 1}, "lengths": (1, 1), "beat_lengths": (1, 1)},
}


@pytest.mark.parametrize("name", POOR_SETS)
def test_a_poor_set_is_drawn_or_named_in_every_view(name: str, tmp_path: Path) -> None:
    root = make_genre_set(tmp_path / "data", multitask=False, **POOR_SETS[name])
    refused = {}
    for part in VIEWS:
        small = {"repeats": 1, "batch_size": 2, "hidden_size": 2} if part == "2α" else {}
        try:
            result = view(part, root, tmp_path, **small)
        except DataError as error:
            refused[part] = str(error)
            continue
        for table in result.tables.values():
            assert draw_table(table, 80, Style("none")).plain
        for figure in result.figures.values():
            drawn = draw(figure, 80, 24, style=Style("none")).plain
            assert drawn and "nothing to draw" not in drawn
            save_png(figure, tmp_path / "figure.png", dpi=30)
    # One genre alone cannot be compared with another; everything else there is to see of it is shown.
    assert set(refused) == ({"1α", "1β", "1γ", "2α", "2β", "3"} if name == "one class" else set())
    assert all("lists one genre only (Jazz)" in message for message in refused.values())


# In Greek


@pytest.mark.parametrize("part", VIEWS)
def test_titles_axes_and_headings_have_their_greek(part: str, root: Path, tmp_path: Path) -> None:
    small = {"repeats": 1, "batch_size": 2, "hidden_size": 2} if part == "2α" else {}
    result = view(part, root, tmp_path, **small)
    words = {table.title for table in result.tables.values()} | {figure.title for figure in result.figures.values()}
    words |= {column.name for table in result.tables.values() for column in table.columns}
    words |= {a.name for f in result.figures.values() for a in (f.x_axis, f.y_axis)}
    # What is a name: of a file's field, of a track, of the data root.
    names = {"id", "label", "dtype", "min", "max", "train", "test", "beat", str(root)}
    left = {word for word in words if greek(word) == word and word not in names and not word.endswith(")")}
    assert left == set()


# Steps 2 and 3


def test_the_cost_is_measured_at_both_lengths(root: Path, tmp_path: Path) -> None:
    result = view("2α", root, tmp_path, repeats=1, batch_size=2, hidden_size=4)
    assert 30 <= (result.values["median_length/frames"].number or 0) <= 40
    assert 6 <= (result.values["median_length/beats"].number or 0) <= 12
    frames, beats = (result.values[f"seconds_per_step/{name}"].number or 0 for name in ("frames", "beats"))
    assert result.values["ratio"].number == pytest.approx(frames / beats)
    for name in ("lengths_frames", "lengths_beats"):
        bars = result.figures[name]
        assert isinstance(bars, Bars) and sum(bars.series[0].y) == 18  # type: ignore[arg-type]


def test_the_timing_ends_when_it_is_asked_to(root: Path, tmp_path: Path) -> None:
    with pytest.raises(StopRequestedError):
        s02_beat.seconds_a_step(Given("2α", root, tmp_path, stop=True), 5)  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 2000), min_size=1, max_size=60))
def test_every_clip_is_in_one_bin_of_the_length_histogram(lengths: list[int]) -> None:
    bars = s02_beat.length_histogram(lengths, "")
    assert sum(value or 0 for value in bars.series[0].y) == len(lengths)
    assert len(bars.categories) <= s02_beat.BINS
    assert bars.categories[0].startswith(str(min(lengths)))


def test_the_beats_are_of_the_tracks_of_step_1_and_counted_on_their_axis(root: Path, tmp_path: Path) -> None:
    frames, beats = view("1γ", root, tmp_path, draw=4), view("2β", root, tmp_path, draw=4)
    one, other = frames.figures["mel_second"], beats.figures["mel_second"]
    assert isinstance(one, Image) and isinstance(other, Image)
    assert one.title.split(", ")[1] == other.title.split(", ")[1]
    assert other.x_axis.label == "beat"
    assert len(other.values[0]) == beats.values["second/beats"].number
    assert all(text == f"{position:.0f}" for position, text in other.x_axis.ticks)


def test_chroma_has_c_at_the_bottom_and_b_at_the_top_raw_and_by_beats(root: Path, tmp_path: Path) -> None:
    result = view("3", root, tmp_path)
    assert list(result.figures) == [f"chroma_{k}_{s}" for k in ("frames", "beats") for s in ("first", "second")]
    for image in result.figures.values():
        assert isinstance(image, Image)
        assert image.y_axis.ticks[0] == (0.0, "C") and image.y_axis.ticks[11] == (11.0, "B")
        assert len(image.values) == 12


def test_one_pitch_class_has_no_entropy_and_twelve_alike_have_the_most() -> None:
    single, even = np.zeros((5, 12)), np.ones((5, 12))
    single[:, 7] = 1
    mel = np.zeros((5, 128))
    alone = clip_measures.measure_chroma(clip_of(mel, single))
    assert (alone.strongest, alone.share, alone.entropy, alone.change) == ("G", 1, 0, pytest.approx(0))
    assert clip_measures.measure_chroma(clip_of(mel, even)).entropy == pytest.approx(clip_measures.MOST_ENTROPY)


# Step 4


def test_an_item_is_padded_with_silence_after_its_true_length(root: Path, tmp_path: Path) -> None:
    result = view("4α", root, tmp_path)
    image = result.figures["item"]
    assert isinstance(image, Image)
    features = np.array(image.values, float).T  # (T_max, 128)
    length = int(result.values["length"].number or 0)
    padded = int(result.values["padded_length"].number or 0)
    assert features.shape == (padded, 128) and length < padded
    assert (features[length:] == -80).all() and (features[:length] > -80).any()
    label = next(row[1] for row in result.tables["item"].rows if row[0] == "label")
    assert label in ("0 = Blues", "1 = Rock")


def test_merged_and_dropped_genres_are_counted_and_nothing_is_lost_on_the_way(root: Path, tmp_path: Path) -> None:
    result = view("4β", root, tmp_path)
    fates = {row[0]: row[1:] for row in result.tables["merge"].rows}
    assert fates["Psych-Rock"] == ("Rock", "merged", 4, 2)
    assert fates["Indie-Rock"] == ("–", "dropped", 3, 2)
    assert {row[1]: row[2] for row in result.tables["classes"].rows} == {"Blues": 6, "Rock": 9}
    numbers = {name: value.number for name, value in result.values.items()}
    assert (numbers["train/before"], numbers["train/after"], numbers["test/after"]) == (18, 15, 6)


def test_the_histograms_show_train_and_test_before_and_after(root: Path, tmp_path: Path) -> None:
    figures = view("4γ", root, tmp_path).figures
    before, after = figures["before"], figures["after"]
    assert isinstance(before, Bars) and isinstance(after, Bars)
    assert before.categories == ("Blues", "Indie-Rock", "Psych-Rock", "Rock") and after.categories == ("Blues", "Rock")
    assert [series.name for series in after.series] == ["train", "test"]
    assert after.series[0].y == (6.0, 9.0) and after.series[1].y == (2.0, 4.0)


def test_a_set_whose_genres_are_all_dropped_is_named(tmp_path: Path) -> None:
    root = make_genre_set(tmp_path / "dropped", {"Soundtrack": 2, "Old-Time": 2}, multitask=False)
    with pytest.raises(DataError, match="drops every genre"):
        view("4α", root, tmp_path)
    assert view("4γ", root, tmp_path).values["imbalance/after"].reason == "no class is left"


# Step 0


def test_a_whole_set_is_called_whole_and_its_tree_is_told(root: Path, tmp_path: Path) -> None:
    result = view("0", root, tmp_path)
    assert result.values["problems"].number == 0 and "problems" not in result.tables
    tree = {str(row[0]).strip(): row[1] for row in result.tables["tree"].rows}
    assert tree[f"{RAW}/"] == 18 + 8 + 2 and "train_labels.txt" in tree
    assert any("data demo" in str(row[1]) for row in result.tables["sources"].rows)
    assert result.tables["devices"].rows[0][0] == "cpu" and result.tables["devices"].rows[0][-1] == "yes"


def test_broken_files_are_listed_and_the_view_is_still_given(tmp_path: Path) -> None:
    root = make_genre_set(tmp_path / "broken", {"Jazz": 2, "Rock": 2}, multitask=False)
    broken = next((root / RAW / "train").iterdir())
    broken.write_bytes(b"")
    result = view("0", root, tmp_path)
    assert any(broken.name in str(row[0]) for row in result.tables["problems"].rows)
    assert "not whole" in result.text


def test_without_data_the_devices_and_the_ways_to_data_are_told(tmp_path: Path) -> None:
    result = view("0", tmp_path / "nowhere", tmp_path)
    assert "no such folder" in result.text and result.values["clips"].reason == "there are no data"
    assert {"devices", "sources"} == set(result.tables)


def test_gpus_are_read_from_a_listing_and_what_is_not_told_is_left_open() -> None:
    listing = "0, NVIDIA H100, 81559, 1024, 17\n1, NVIDIA A2, [N/A], [N/A], [N/A]\nnonsense\n"
    first, second = s00_data.read_gpus(listing)
    assert (first.name, first.model, first.busy) == ("cuda:0", "NVIDIA H100", 17.0)
    assert first.memory == pytest.approx(85.5, abs=0.1) and first.used == pytest.approx(1.07, abs=0.01)
    assert (second.name, second.memory, second.busy) == ("cuda:1", None, None)


def test_a_worker_that_only_shows_data_does_not_wait_for_torch(tmp_path: Path) -> None:
    code = (
        "import sys; from types import SimpleNamespace; from workbench.runner.worker import _prepare_torch\n"
        "_prepare_torch(SimpleNamespace(part='1γ', params={}, device='cpu', emit=print))\n"
        "import labsteps.steps.s00_data, labsteps.steps.s01_mel, labsteps.steps.s02_beat\n"
        "import labsteps.steps.s03_chroma, labsteps.steps.s04_dataset\n"
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
