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
from labsteps.extraction.headers import breaks_off, whole_share
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


@pytest.mark.parametrize("length", [0x7FFF_F000, 0x8000_0000, 0xFFFF_FFFF])
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
