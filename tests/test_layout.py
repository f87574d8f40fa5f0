"""Reading the data set as it lies on disk: index files, arrays, and everything that can be wrong with them."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from data_sets import make_genre_set, write_affect_index, write_array
from hypothesis import given, settings
from hypothesis import strategies as st

from labsteps.data.clip_files import clip_length, quietest, read_clip
from labsteps.data.layout import DataFolder, read_affect_index, read_genre_index
from labsteps.errors import DataError

GENRE = DataFolder.GENRE_FULL
SUFFIXES = ["", ".fused.full.npy", ".fused.full.npy.gz", ".beatsync.fused.npy.gz", ".full.fused.npy.gz"]
IDS = st.integers(0, 2**63 - 1)
LABELS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_genre_set(tmp_path_factory.mktemp("whole") / "data")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_genre_set(tmp_path / "data", ("Jazz", "Rock"), clips_per_class=3, multitask_clips=(4, 2))


def dressed(text: str, bom: bool, crlf: bool, blanks: int) -> bytes:
    text += "\n" * blanks
    return (b"\xef\xbb\xbf" if bom else b"") + text.replace("\n", "\r\n" if crlf else "\n").encode()


# Index files


@settings(deadline=None, max_examples=60)
@given(
    rows=st.dictionaries(IDS, LABELS, min_size=1, max_size=8),
    suffix=st.sampled_from(SUFFIXES),
    bom=st.booleans(),
    crlf=st.booleans(),
    blanks=st.integers(0, 3),
)
def test_a_genre_index_is_read_in_any_of_its_forms(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[int, str], suffix: str, bom: bool, crlf: bool, blanks: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "genre.txt"
    text = "Id\tGenre\n" + "".join(f"{clip}{suffix}\t{label}\n" for clip, label in rows.items())
    path.write_bytes(dressed(text, bom, crlf, blanks))
    index = read_genre_index(path)
    assert index.problems == ()
    assert [(row.id, row.label) for row in index.rows] == list(rows.items())
    assert [row.line for row in index.rows] == list(range(2, 2 + len(rows)))


@settings(deadline=None, max_examples=40)
@given(
    rows=st.dictionaries(IDS, st.lists(st.floats(0, 1), min_size=2, max_size=2), min_size=1, max_size=6),
    suffix=st.sampled_from(SUFFIXES),
    bom=st.booleans(),
    crlf=st.booleans(),
)
def test_affect_values_come_back_to_the_last_bit(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[int, list[float]], suffix: str, bom: bool, crlf: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "affect.txt"
    write_affect_index(path, [(clip, *values) for clip, values in rows.items()], ("calm", "warm"), suffix)
    path.write_bytes(dressed(path.read_text(), bom, crlf, 1))
    index = read_affect_index(path)
    assert index.problems == ()
    assert index.axes == ("calm", "warm")
    assert [(row.id, list(row.values)) for row in index.rows] == list(rows.items())


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Id,Genre\n5,Rock\n", 1, "header"),
        ("5.fused.full.npy.gz\tRock\n6.fused.full.npy.gz\tRock\n", 1, "header"),
        ("Id\tGenre\n5\tRock\textra\n", 2, "3"),
        ("Id\tGenre\n5 Rock\n", 2, "columns"),
        ("Id\tGenre\n5\t\n", 2, "no genre"),
        ("Id\tGenre\n5\tRo\x1b[2Jck\n", 2, "control"),
        ("Id\tGenre\n5\tRo\u2028ck\n", 2, "control"),
        ("Id\tGenre\nabc.fused.full.npy\tRock\n", 2, "whole number"),
        ("Id\tGenre\n-5\tRock\n", 2, "whole number"),
        ("Id\tGenre\n5_0\tRock\n", 2, "whole number"),
        ("Id\tGenre\n99999999999999999999\tRock\n", 2, "whole number"),
        ("Id\tGenre\n../5.npy\tRock\n", 2, "path"),
        ("Id\tGenre\nsub/5.npy\tRock\n", 2, "path"),
        ("Id\tGenre\n5..npy\tRock\n", 2, "path"),
        ("Id\tGenre\n5\tRock\n6\tRock\n5.npy\tJazz\n", 4, "twice, first on line 2"),
        ("Id\tGenre\n", None, "no clips"),
        ("", None, "no clips"),
    ],
)
def test_each_fault_of_a_genre_index_is_named_with_its_line(
    tmp_path: Path, text: str, line: int | None, words: str
) -> None:
    path = tmp_path / "index.txt"
    path.write_text(text, "utf-8")
    (problem,) = read_genre_index(path).problems
    assert problem.line == line
    assert words in problem.message
    assert "\x1b" not in problem.text()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("5,0.5,1.5", "energy is 1.5, outside"),
        ("5,-0.01,0.5", "valence is -0.01, outside"),
        ("5,nan,0.5", "valence is 'nan'"),
        ("5,inf,0.5", "valence is 'inf'"),
        ("5,1e999,0.5", "outside"),
        ("5,,0.5", "valence is empty"),
        ("5,high,0.5", "'high'"),
        ("5,0.5", "3 columns"),
        ("5,0.5,0.5,0.5", "3 columns"),
        ("x,0.5,0.5", "whole number"),
    ],
)
def test_each_fault_of_an_affect_row_is_named(tmp_path: Path, row: str, words: str) -> None:
    path = tmp_path / "index.txt"
    path.write_text(f"Id,valence,energy\n1,0,1\n{row}\n")
    index = read_affect_index(path)
    assert [row.id for row in index.rows] == [1]
    (problem,) = index.problems
    assert problem.line == 3
    assert words in problem.message


@pytest.mark.parametrize("header", ["Id\n5\n", "Id,\n5,0.5\n", "Id,a,a\n5,0,0\n", "name,a\n5,0\n"])
def test_an_affect_index_needs_named_axes_that_differ(tmp_path: Path, header: str) -> None:
    (tmp_path / "index.txt").write_text(header)
    (problem,) = read_affect_index(tmp_path / "index.txt").problems
    assert problem.line == 1


def test_bytes_that_are_not_text_are_named_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "index.txt").write_bytes(b"Id\tGenre\n5\tRock\n6\tCaf\xe9\n")
    (problem,) = read_genre_index(tmp_path / "index.txt").problems
    assert (problem.line, "0xe9" in problem.message) == (3, True)


# Arrays


@settings(deadline=None, max_examples=30)
@given(
    n_frames=st.integers(1, 5),
    dtype=st.sampled_from(["<f4", "<f8", ">f4", ">f8"]),
    fortran=st.booleans(),
    ending=st.sampled_from([".npy", ".npy.gz"]),
    seed=st.integers(0, 99),
)
def test_an_array_of_either_precision_and_order_is_read(
    tmp_path_factory: pytest.TempPathFactory, n_frames: int, dtype: str, fortran: bool, ending: str, seed: int
) -> None:
    path = tmp_path_factory.getbasetemp() / f"clip{ending}"
    array = np.random.default_rng(seed).normal(size=(140, n_frames)).astype(dtype)
    write_array(path, np.asfortranarray(array) if fortran else array)
    assert clip_length(path) == n_frames
    clip = read_clip(path)
    assert clip.dtype == np.float32
    assert clip.flags.c_contiguous
    assert np.array_equal(clip, array.T.astype(np.float32))


@pytest.mark.parametrize("ending", [".npy", ".npy.gz"])
def test_a_file_cut_anywhere_is_refused(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"clip{ending}"
    write_array(path, np.random.default_rng(0).normal(size=(140, 2)))
    data = path.read_bytes()
    for length in [*range(0, 140), len(data) // 2, len(data) - 9, len(data) - 1]:
        path.write_bytes(data[:length])
        for read in (clip_length, read_clip):
            with pytest.raises(DataError):
                read(path)


def test_a_header_that_promises_more_than_there_is_asks_for_no_memory(tmp_path: Path) -> None:
    for name in ("clip.npy", "clip.npy.gz"):
        with (tmp_path / "big.npy").open("wb") as file:
            header = {"descr": "<f8", "fortran_order": False, "shape": (140, 10**13)}
            np.lib.format.write_array_header_1_0(file, header)
        data = (tmp_path / "big.npy").read_bytes()
        if name.endswith(".gz"):
            data = gzip.compress(data)
        (tmp_path / name).write_bytes(data)
        with pytest.raises(DataError, match="truncated"):
            read_clip(tmp_path / name)
        with pytest.raises(DataError, match="truncated"):
            clip_length(tmp_path / name)


def test_silence_is_the_quietest_value_of_each_kind_of_row() -> None:
    assert quietest(slice(0, 128)).tolist() == [-80.0] * 128
    assert quietest(slice(127, 130)).tolist() == [-80.0, 0.0, 0.0]
