"""Audio that ends before its header says so: never taken for a shorter track."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile
from audio_files import RATE, tune, write

from labsteps.errors import DataError
from labsteps.extraction import segments
from labsteps.extraction.headers import breaks_off, mp3_seconds, whole_share
from labsteps.extraction.segments import clips
from workbench.speaking import said

CHOICES = ("start", "middle", "several", "cover", "whole")
ENDINGS = ("wav", "rf64", "aiff", "au", "flac", "mp3", "ogg", "opus")


def audio(folder: Path, ending: str, seconds: float = 6.0) -> Path:
    path = folder / f"a.{ending}"
    if ending == "rf64":
        soundfile.write(path, tune(seconds, 220.0), RATE, format="RF64", subtype="PCM_16")
    elif ending == "opus":
        soundfile.write(path, tune(seconds, 220.0, 24_000), 24_000, format="OGG", subtype="OPUS")
    else:
        write(path, seconds)
    return path


def cut(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("ending", ENDINGS)
def test_half_a_file_is_no_shorter_track(tmp_path: Path, ending: str, choice: str) -> None:
    path = audio(tmp_path, ending)
    assert sum(len(y) for _, y in clips(path, choice, 4.0)) >= 3.9 * RATE
    with pytest.raises(DataError, match=r"damaged|breaks off"):
        clips(cut(path), choice, 4.0)


@pytest.mark.parametrize("ending", ["wav", "aiff", "au", "flac", "mp3", "ogg", "opus"])
def test_what_is_wanted_and_whole_is_taken(tmp_path: Path, ending: str) -> None:
    path = audio(tmp_path, ending, 40.0 if ending == "ogg" else 6.0)  # a page of it can be long
    [(_, before)] = clips(path, "start", 1.5)
    [(_, after)] = clips(cut(path), "start", 1.5)
    np.testing.assert_array_equal(before, after)


def test_the_message_has_both_lengths_and_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"after 3\.00 s of the 6\.00 s in its header; copy or download") as refused:
        clips(cut(audio(tmp_path, "wav")), "whole", 30.0)
    assert said(str(refused.value), "el").startswith("κόβεται μετά από 3.00 s από τα 6.00 s της κεφαλίδας του")


@pytest.mark.parametrize("length", [0x7F00_0000 // 6 * 6, 0x7FFF_F000 // 6 * 6, 0x7FFF_F000, 0x8000_0000, 0xFFFF_FFFF])
def test_a_recording_that_was_written_to_a_pipe_promises_nothing(tmp_path: Path, length: int) -> None:
    path = audio(tmp_path, "wav")
    data = bytearray(path.read_bytes())
    data[40:44] = length.to_bytes(4, "little")
    path.write_bytes(data)
    assert whole_share(path) == 1.0 and len(clips(path, "whole", 30.0)[0][1]) == 6 * RATE


def test_chunks_before_and_behind_the_audio_are_no_part_of_it(tmp_path: Path) -> None:
    path = audio(tmp_path, "wav")
    data = path.read_bytes()
    path.write_bytes(data[:12] + b"LIST" + (5).to_bytes(4, "little") + b"abcde\0" + data[12:] + b"id3 " + bytes(12))
    assert whole_share(path) == 1.0 and len(clips(path, "whole", 30.0)[0][1]) == 6 * RATE


def test_every_place_inside_a_page_of_an_ogg_file_is_noticed(tmp_path: Path) -> None:
    path = audio(tmp_path, "ogg", 2.0)
    whole = path.read_bytes()
    pages = [at for at in range(len(whole)) if whole.startswith(b"OggS", at)]
    assert not breaks_off(path)
    for at in (*range(pages[-1] + 4, len(whole), 97), len(whole) - 1):
        path.write_bytes(whole[:at])
        assert breaks_off(path), at


def test_what_lies_behind_the_last_page_of_an_ogg_file_is_no_part_of_it(tmp_path: Path) -> None:
    path = audio(tmp_path, "ogg", 2.0)
    whole = path.read_bytes()
    for behind in (b"TAG" + bytes(125), bytes(200_000)):
        path.write_bytes(whole + behind)
        assert not breaks_off(path) and len(clips(path, "whole", 30.0)[0][1]) == 2 * RATE
    whole = audio(tmp_path, "ogg", 40.0).read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + bytes(200_000))  # a download whose end was never filled
    assert breaks_off(path)


def without_xing(path: Path) -> Path:
    """Take the first frame of an MP3 away, which has the number of the others."""
    data = path.read_bytes()
    start = data.index(b"\xff\xfb" if b"\xff\xfb" in data[:64] else b"\xff\xf3")
    assert any(name in data[start : start + 64] for name in (b"Xing", b"Info"))
    path.write_bytes(data[data.index(data[start : start + 2], start + 64) :])
    return path


def varied(path: Path) -> Path:
    """Write an MP3 of variable bit rate that is quiet first, so that its first frame is a short one."""
    y = np.concatenate([np.zeros(2 * RATE, np.float32), np.random.default_rng(0).standard_normal(6 * RATE) * 0.2])
    soundfile.write(path, y, RATE, format="MP3", bitrate_mode="VARIABLE", compression_level=0.1)
    return without_xing(path)


def test_frames_of_an_mp3_are_counted_where_no_header_has_their_number(tmp_path: Path) -> None:
    path = audio(tmp_path, "mp3")
    assert mp3_seconds(path) is None
    assert mp3_seconds(without_xing(path)) == pytest.approx(6.0, abs=0.2)
    path.write_bytes(b"ID3\3\0\0" + bytes((0, 0, 1, 2)) + b"\xff\xfb\x90" * 43 + b"\0" + path.read_bytes() + b"TAG")
    assert mp3_seconds(path) == pytest.approx(6.0, abs=0.2)


def test_a_whole_file_whose_length_libsndfile_guesses_is_taken_whole(tmp_path: Path) -> None:
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not on this machine")
    mp3, flac = varied(tmp_path / "a.mp3"), audio(tmp_path, "flac")
    assert abs(len(soundfile.SoundFile(mp3)) / RATE - 8.0) > 1.0
    assert len(clips(mp3, "whole", 30.0)[0][1]) == pytest.approx(8.0 * RATE, abs=0.2 * RATE)
    unknown(flac)
    assert len(clips(flac, "whole", 30.0)[0][1]) == len(clips(flac, "start", 30.0)[0][1]) == 6 * RATE


def unknown(path: Path) -> None:
    """Write into a FLAC that its number of samples is not known: the last 36 bits before the digest of 16 bytes."""
    data = bytearray(path.read_bytes())
    data[21] &= 0xF0
    data[22:26] = bytes(4)
    path.write_bytes(data)


def test_without_ffmpeg_a_length_that_is_not_known_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments.shutil, "which", lambda name: None)
    unknown(path := audio(tmp_path, "flac"))
    assert len(clips(path, "start", 3.0)[0][1]) == 3 * RATE
    with pytest.raises(DataError, match="does not say how long it is; install ffmpeg") as refused:
        clips(path, "middle", 3.0)
    assert said(str(refused.value), "el").startswith("δεν λέει πόσο διαρκεί")


@pytest.mark.parametrize("at", [2**62 + 1, 2**64 - 1])
def test_a_size_that_no_file_has_ends_the_search_for_audio(tmp_path: Path, at: int) -> None:
    path = tmp_path / "a.m4a"
    path.write_bytes(b"\0\0\0\x0cftypM4A \0\0\0\x0cmdat1234\0\0\0\1free" + at.to_bytes(8, "big"))
    assert whole_share(path) == 1.0
    path.write_bytes(bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + at.to_bytes(8, "little"))
    assert whole_share(path) == 1.0


@pytest.mark.parametrize("ending", ["m4a", "wma", "caf"])
def test_what_ffmpeg_opens_is_held_to_its_header_too(tmp_path: Path, ending: str) -> None:
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not on this machine")
    path = tmp_path / f"a.{ending}"
    command = ["ffmpeg", "-v", "error", "-i", str(write(tmp_path / "a.wav", 6.0)), "-movflags", "+faststart", str(path)]
    subprocess.run(command if ending == "m4a" else [*command[:5], str(path)], check=True)
    assert sum(len(y) for _, y in clips(path, "cover", 4.0)) >= 5.8 * RATE
    cut(path)
    assert len(clips(path, "start", 1.5)[0][1]) == round(1.5 * RATE)
    for choice in CHOICES:
        with pytest.raises(DataError, match=r"breaks off after [23]\.\d\d s of the [56]\.\d\d s"):
            clips(path, choice, 4.0)


def test_flac_in_ogg_that_was_cut_is_no_shorter_track(tmp_path: Path) -> None:
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not on this machine")
    path = tmp_path / "a.oga"
    command = ["ffmpeg", "-v", "error", "-i", str(write(tmp_path / "a.wav", 6.0)), "-c:a", "flac", str(path)]
    subprocess.run(command, check=True)
    assert len(clips(path, "whole", 30.0)[0][1]) == 6 * RATE
    cut(path)  # libsndfile does not open it any more
    assert len(clips(path, "start", 1.5)[0][1]) == round(1.5 * RATE)
    for choice in CHOICES:
        with pytest.raises(DataError, match=r"breaks off after [23]\.\d\d s"):
            clips(path, choice, 4.0)


def test_frames_of_layer_two_are_left_to_libsndfile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not on this machine")
    path = tmp_path / "a.mp3"
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-i",
        str(write(tmp_path / "a.wav", 6.0)),
        "-c:a",
        "mp2",
        "-f",
        "mp2",
        str(path),
    ]
    subprocess.run(command, check=True)
    monkeypatch.setattr(segments.shutil, "which", lambda name: None)
    assert len(clips(path, "whole", 30.0)[0][1]) == pytest.approx(6.0 * RATE, abs=0.2 * RATE)


def test_a_file_that_must_not_be_changed_is_told_in_greek() -> None:
    told = (
        "a.npy: cannot be written (Operation not permitted); make room or give permission and start again, or choose "
    )
    assert said(f"{told}another folder with --out", "el").startswith("a.npy: δεν γράφεται (δεν επιτρέπεται)")
