"""``doctor`` compares the packed data in the cache with their sums, and names a cache that is of no use."""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

import pytest

from workbench.commands import doctor
from workbench.speaking import told
from workbench.store.folder_cache import FolderCache


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderCache:
    monkeypatch.setenv("WORKBENCH_CACHE_DIR", str(tmp_path / "cache"))
    return FolderCache(tmp_path / "cache")


def packed(cache: FolderCache, key: str) -> Path:
    return cache.folder(key, lambda folder: (folder / "mel.npy").write_bytes(b"decibels")) / "mel.npy"


def found() -> list[tuple[str, str, str]]:
    return [(finding.level, finding.text, finding.advice) for finding in doctor._packs()]


def test_whole_altered_and_old_packs_are_told(cache: FolderCache) -> None:
    assert found() == []
    packed(cache, "pack-genre-train@2-aa")
    assert found() == [("ok", f"1 whole in {cache.root}", "")]
    file = packed(cache, "pack-genre-test@2-bb")
    file.write_bytes(b"decibelz")
    packed(cache, "pack1-genre-test@cc")
    packed(cache, "pack1-genre-train@dd")
    old = sum(doctor._size(path) for path in cache.root.glob("pack1-*"))
    again = "the next run that needs it builds it again; if this comes back, look at the disk"
    assert found() == [
        ("note", f"{file}: is not what was written there", again),
        ("ok", f"1 whole in {cache.root}", ""),
        (
            "note",
            f"{cache.root}: {doctor.in_bytes(old)} that no part asks for any more (old packs: 2)",
            f"rm -r {cache.root}/pack[0-9]*-*",
        ),
    ]
    subprocess.run(["bash", "-c", found()[-1][-1]], check=True)
    assert len(found()) == 2 and sorted(path.name[:5] for path in cache.root.glob("pack*")) == ["pack-", "pack-"]
    assert told(again, "el").startswith("η επόμενη εκτέλεση")


def test_an_altered_pack_that_nobody_can_build_again_is_a_problem(
    cache: FolderCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed(cache, "pack-genre-train@2-aa").write_bytes(b"cut")
    monkeypatch.setattr(doctor.os, "access", lambda *_: False)
    [(level, _, advice)] = found()
    assert (level, "WORKBENCH_CACHE_DIR" in advice) == ("problem", True)


def test_a_long_comparison_is_told_first(
    cache: FolderCache, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    packed(cache, "pack-genre-train@2-aa")
    monkeypatch.setattr(doctor, "BIG", 8)
    found()
    told_first = capsys.readouterr().err
    assert told_first.startswith("pack-genre-train@2-aa: comparing ")
    assert told_first.endswith(" with their sums, 1 of 1\n")


def test_a_file_in_place_of_the_cache_is_a_problem(cache: FolderCache, tmp_path: Path) -> None:
    cache.root.touch()
    options = argparse.Namespace(sessions_dir=tmp_path / "sessions")
    [finding] = [finding for finding in doctor._disks(options) if finding.name == "cache"]
    assert (finding.level, finding.text) == ("problem", f"{cache.root}: {cache.root} is a file")
    assert found() == []
