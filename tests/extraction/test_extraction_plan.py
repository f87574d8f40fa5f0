"""What is found in a folder of audio, what is known of it, and which part each track goes to."""

from __future__ import annotations

import os
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labsteps.errors import DataError
from labsteps.extraction.labels import TrackInfo, affect_values, folder_labels, table_labels
from labsteps.extraction.plan import plan, read_plan, shard_of, write_plan
from labsteps.extraction.scan import scan
from labsteps.extraction.segments import starts

FMA_TRACKS = (
    ",artist,artist,set,set,track\n,id,name,split,subset,genre_top\ntrack_id,,,,,\n"
    "2,1,AWOL,training,small,Hip-Hop\n5,1,AWOL,validation,small,Hip-Hop\n10,6,Kurt,test,small,Pop\n20,4,Nicky,training,large,\n"
)
ECHONEST = (
    ",echonest,echonest,echonest,echonest\n,audio_features,audio_features,audio_features,metadata\n"
    ",danceability,energy,valence,artist\ntrack_id,,,,\n2,0.67,0.63,0.57,AWOL\n10,0.1,0.2,0.3,Kurt\n"
)


def test_the_scan_finds_audio_and_names_what_only_looks_like_it(tmp_path: Path) -> None:
    for name in ("a/1.mp3", "a/2.WAV", "b/cover.jpg", "b/.hidden.mp3", "b/3.flac"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    (tmp_path / "a/empty.ogg").touch()
    os.mkfifo(tmp_path / "a/pipe.wav")
    os.symlink(tmp_path, tmp_path / "a/loop")
    os.symlink("/nowhere/at/all", tmp_path / "b/gone.wav")
    found = scan(tmp_path)
    assert found.files == ("a/1.mp3", "a/2.WAV", "b/3.flac")
    assert {one.file: one.reason.split(":")[0] for one in found.rejected} == {
        "a/empty.ogg": "an empty file",
        "a/pipe.wav": "not a regular file",
        "b/gone.wav": "cannot be read",
    }


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such folder"):
        scan(tmp_path / "none")


def test_folder_names_are_labels_without_what_a_terminal_obeys() -> None:
    assert folder_labels("Rock/a.mp3") == TrackInfo("Rock")
    assert folder_labels("x/Hip\t\x1b[31mHop/a.mp3") == TrackInfo("Hip [31mHop")
    assert folder_labels("a.mp3") is None


def test_fmas_table_is_told_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "tracks.csv"
    path.write_text(FMA_TRACKS)
    look = table_labels(path)
    assert look("000/000002.mp3") == TrackInfo("Hip-Hop", "1", "train")
    assert look("000/000005.mp3") == TrackInfo("Hip-Hop", "1", "train")
    assert look("000/000010.mp3") == TrackInfo("Pop", "6", "test")
    assert look("000/000020.mp3") is None and look("000/000099.mp3") is None


def test_fmas_echonest_values_come_in_the_order_of_the_axes(tmp_path: Path) -> None:
    path = tmp_path / "echonest.csv"
    path.write_text(ECHONEST)
    assert affect_values(path)("000/000002.mp3") == (0.57, 0.63, 0.67)


@pytest.mark.parametrize(
    "text", ["file,label,artist\nx/1.wav,Rock,A\n", "Track_ID\tGenre\n1\tRock\n", "id,label\n1,Rock\n"]
)
def test_a_plain_table_finds_a_file_by_path_name_or_number(tmp_path: Path, text: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(text)
    info = table_labels(path)("x/1.wav")
    assert info is not None and info.label == "Rock"


@pytest.mark.parametrize(
    "content",
    [
        b'\xef\xbb\xbf"file","label"\r\n"x/1.wav","Rock ""n"" Roll, old"\r\n',
        b'file;label\nx/1.wav;"Rock ""n"" Roll, old"\n',
        'file,label\nx/1.wav,"Rock\u2028""n"" Roll,\nold"\n'.encode(),
    ],
)
def test_marks_line_ends_quotes_and_semicolons_of_other_programs_are_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "labels.csv").write_bytes(content)
    assert table_labels(tmp_path / "labels.csv")("x/1.wav") == TrackInfo('Rock "n" Roll, old')


def test_an_accent_written_as_one_character_or_as_two_is_one_class(tmp_path: Path) -> None:
    two = unicodedata.normalize("NFD", "Λαϊκά")
    assert folder_labels(f"{two}/1.wav") == folder_labels("Λαϊκά/2.wav") == TrackInfo("Λαϊκά")
    (tmp_path / "labels.csv").write_text(f"file,label,artist\nάσμα.wav,Λαϊκά,Άννα\n{two}.wav,{two},Άννα\n")
    look = table_labels(tmp_path / "labels.csv")
    found = {look(unicodedata.normalize("NFD", "άσμα.wav")), look("άσμα.wav"), look("x/Λαϊκά.wav")}
    assert found == {TrackInfo("Λαϊκά", "Άννα")}


def test_labels_in_another_encoding_are_named_and_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / "greek.csv").write_bytes("file,label\n1.wav,Ροκ\n".encode("cp1253"))
    with pytest.raises(DataError, match="not text in UTF-8; save it as CSV in UTF-8"):
        table_labels(tmp_path / "greek.csv")


def test_what_is_no_file_of_text_is_named_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "wide.csv").write_bytes("file,label\n1,Rock\n".encode("utf-16"))
    for name, message in (("pipe.csv", "no regular file"), ("wide.csv", "not text in UTF-8")):
        with pytest.raises(DataError, match=message):
            table_labels(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "is empty"), ("a,b\n1,2\n", "it has a, b"), ("id,label,split\n1,Rock,both\n", "neither train nor test")],
)
def test_a_table_that_cannot_be_used_says_why(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        table_labels(path)


@pytest.mark.parametrize("row", ["1,0.5,0.5,1.5", "1,0.5,x,0.5", "1,nan,0.1,0.1"])
def test_an_emotion_value_out_of_range_is_named(tmp_path: Path, row: str) -> None:
    path = tmp_path / "affect.csv"
    path.write_text(f"Id,valence,energy,danceability\n{row}\n")
    with pytest.raises(DataError, match="'1'"):
        affect_values(path)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("pqrstu")), min_size=1, max_size=40), st.integers(0, 5)
)
def test_artists_never_part_and_every_label_keeps_something_to_learn_from(
    tracks: list[tuple[str, str]], seed: int
) -> None:
    files = {f"{i}.mp3": TrackInfo(label, artist) for i, (label, artist) in enumerate(tracks)}
    made, rejected, _ = plan(list(files), files.get, test_share=0.3, seed=seed)
    assert not rejected and [track.file for track in made] == list(files)
    parts: dict[str, set[str]] = {}
    for track in made:
        parts.setdefault(track.artist, set()).add(track.split)
    assert all(len(found) == 1 for found in parts.values())
    assert any(track.split == "train" for track in made)
    assert len({track.id for track in made}) == len(made)


def test_tracks_without_an_artist_are_shared_out_by_label() -> None:
    files = {f"{label}/{i}.mp3": TrackInfo(label) for label in ("Rock", "Jazz") for i in range(20)}
    made, _, warnings = plan(list(files), files.get, test_share=0.25, seed=0)
    for label in ("Rock", "Jazz"):
        assert sum(track.split == "test" for track in made if track.label == label) == 5
    assert warnings == []


def test_the_seed_draws_the_test_tracks_whatever_order_the_files_come_in() -> None:
    files = {f"{i}.mp3": TrackInfo("Rock") for i in range(40)}

    def tested(names: list[str], seed: int) -> set[str]:
        made, _, _ = plan(names, files.get, test_share=0.25, seed=seed)
        return {track.file for track in made if track.split == "test"}

    assert tested(list(files), 0) == tested(list(files)[::-1], 0)
    assert len({frozenset(tested(list(files), seed)) for seed in range(5)}) == 5


def test_a_label_of_one_artist_is_learnt_and_said_to_be_untested() -> None:
    files = {f"{i}.mp3": TrackInfo("Solo", "one") for i in range(5)}
    made, _, warnings = plan(list(files), files.get, test_share=0.2, seed=0)
    assert {track.split for track in made} == {"train"} and "'Solo'" in warnings[0]


def test_numbers_in_file_names_are_ids_and_other_names_get_one() -> None:
    known = {"0/000123.mp3": TrackInfo("A"), "0/000007.mp3": TrackInfo("A")}
    assert [t.id for t in plan(list(known), known.get, test_share=0, seed=0)[0]] == [123, 7]
    mixed = {"a/1.mp3": TrackInfo("A"), "b/1.mp3": TrackInfo("A"), "song.mp3": TrackInfo("A")}
    ids = [t.id for t in plan(list(mixed), mixed.get, test_share=0, seed=0)[0]]
    assert len(set(ids)) == 3


def test_a_plan_that_is_read_back_keeps_ids_and_parts_when_files_are_added(tmp_path: Path) -> None:
    files = {f"x{i}.mp3": TrackInfo("A") for i in range(10)}
    first = plan(list(files), files.get, test_share=0.3, seed=0)[0]
    (tmp_path / "tracks.csv").write_bytes(write_plan(first))
    files |= {f"new\n{i}\udce9.mp3": TrackInfo("A") for i in range(10)}
    known = read_plan(tmp_path / "tracks.csv")
    second = plan(sorted(files), files.get, test_share=0.3, seed=9, known=known)[0]
    assert known == first and {t.file: t for t in second}.items() >= {t.file: t for t in first}.items()
    (tmp_path / "tracks.csv").write_bytes(write_plan(second))
    assert read_plan(tmp_path / "tracks.csv") == second


def test_shards_share_every_track_out_once() -> None:
    files = {f"{i}.mp3": TrackInfo("A") for i in range(23)}
    made = plan(list(files), files.get, test_share=0.2, seed=0)[0]
    shards = [shard_of(made, number, 4) for number in range(1, 5)]
    assert sorted(t.id for shard in shards for t in shard) == sorted(t.id for t in made)
    assert max(map(len, shards)) - min(map(len, shards)) <= 1


@pytest.mark.parametrize(
    ("duration", "choice", "places"),
    [
        (100.0, "start", [0.0]),
        (100.0, "middle", [35.0]),
        (100.0, "several", [0.0, 30.0, 60.0]),
        (20.0, "several", [0.0]),
        (20.0, "middle", [0.0]),
        (100.0, "whole", [0.0]),
    ],
)
def test_clips_begin_where_they_are_asked_for(duration: float, choice: str, places: list[float]) -> None:
    assert starts(duration, choice, 30.0) == places


def test_ten_hours_give_no_more_than_99_clips() -> None:
    assert len(starts(36_000.0, "several", 30.0)) == 99


def test_windows_over_ten_hours_reach_from_its_beginning_to_its_end() -> None:
    found = starts(36_000.0, "cover", 30.0)
    assert len(found) == 99 and found[0] == 0.0 and found[-1] == pytest.approx(35_970.0)
    assert max(b - a for a, b in pairwise(found)) == pytest.approx(35_970 / 98)
