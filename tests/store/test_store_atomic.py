"""A write is whole or not there, and damage is named."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_children import dead_pid, every_kill, flipped, leftovers, with_file_limit

from workbench.store import atomic, folders, records
from workbench.store.errors import DamagedError, ExistsError, JsonError, MissingError, StorageError, StoreError
from workbench.store.processes import host

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def fill(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(bytes(range(256)) * 8)
    (folder / "inner").mkdir()
    (folder / "inner" / "notes.txt").write_text("φασματόγραμμα", encoding="utf-8")


# Files


def test_a_file_has_its_old_content_or_the_new_one_after_a_kill_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    seen = set()
    for _ in every_kill(lambda: records.write_json(path, {"a": 2}), lambda: path.write_text('{"a": 1}')):
        seen.add(records.read_json(path)["a"])
    assert seen == {1, 2}
    atomic.clean_leftovers(tmp_path)
    assert os.listdir(tmp_path) == ["state.json"]


def test_the_environment_names_the_place_of_a_kill(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib\nfrom workbench.store.atomic import write_file\n"
        "for n in b'12': write_file(pathlib.Path(sys.argv[1]), bytes([n]))"
    )
    here = str(Path(atomic.__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": here, "WORKBENCH_FAILPOINT": "fsynced:2"}
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "x")], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "x").read_bytes() == b"1"


def test_numbers_that_are_not_finite_are_refused_and_the_old_content_stays(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    records.write_json(path, {"a": 1})
    with pytest.raises(JsonError, match=r"x\.json.*not plain JSON"):
        records.write_json(path, {"a": float("nan")})
    assert records.read_json(path) == {"a": 1}
    assert os.listdir(tmp_path) == ["x.json"]


@pytest.mark.parametrize("content", [b"", b"\0\0\0", b"{", b'{"a": NaN}', b"\xff{}", b"[" * 100_000])
def test_what_is_not_strict_json_is_damaged_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(DamagedError, match=r"x\.json"):
        records.read_json(path)


def test_a_file_that_is_not_there_is_missing_and_not_damaged(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="nothing"):
        records.read_json(tmp_path / "nothing")
    with pytest.raises(DamagedError):
        atomic.read_file(tmp_path)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.dictionaries(st.text(max_size=8).filter(lambda name: name != "checksum"), JSON, max_size=4))
def test_a_record_comes_back_as_it_was_and_greek_is_readable_in_the_file(
    tmp_path: Path, data: dict[str, object]
) -> None:
    path = tmp_path / "run.json"
    records.write_record(path, {**data, "part": "7.1ε"})
    assert records.read_record(path) == {**data, "part": "7.1ε"}
    assert "7.1ε".encode() in path.read_bytes()


def test_half_a_surrogate_pair_comes_back(tmp_path: Path) -> None:
    records.write_record(tmp_path / "x", {"file": "a\udcffb"})
    assert records.read_record(tmp_path / "x") == {"file": "a\udcffb"}


def test_every_flipped_bit_of_a_record_is_noticed_or_harmless(tmp_path: Path) -> None:
    path, data = tmp_path / "result.json", {"values": {"test/accuracy": 0.447, "n": 575}, "text": "ok"}
    records.write_record(path, data)
    whole = path.read_bytes()
    noticed = 0
    for index in range(len(whole)):
        path.write_bytes(flipped(whole, index, index % 8))
        try:
            found = records.read_record(path)
        except DamagedError as error:
            assert "result.json" in str(error)
            noticed += 1
        else:
            assert {name: found[name] for name in data} == data
    assert noticed > 0.8 * len(whole)


def test_every_truncation_of_a_record_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    records.write_record(path, {"a": [1, 2, 3]})
    whole = path.read_bytes()
    for length in range(len(whole) - 1):  # only the last line's end may go
        path.write_bytes(whole[:length])
        with pytest.raises(DamagedError):
            records.read_record(path)


def test_the_name_of_the_checksum_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(JsonError, match="checksum"):
        records.write_record(tmp_path / "x", {"checksum": 1})


# What the file system refuses


def test_a_file_limit_names_the_file_and_leaves_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    atomic.write_file(path, b"old")

    def too_much() -> None:
        with pytest.raises(StorageError, match=r"result\.json.*ulimit"):
            atomic.write_file(path, b"x" * 5000)

    with_file_limit(1000, too_much)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["result.json"]


def test_a_full_disk_is_told_with_the_space_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    atomic.write_file(path, b"old")

    def full(descriptor: int, data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StorageError, match=r"/x: no space left on the disk \([\d.]+ [kMGT]?B free\); free some"):
        atomic.write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert leftovers(tmp_path) == []


def test_short_writes_are_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data)[:7]))
    atomic.write_file(tmp_path / "x", b"0123456789" * 10)
    assert (tmp_path / "x").read_bytes() == b"0123456789" * 10


def test_a_folder_without_permission_is_told(tmp_path: Path) -> None:
    place = tmp_path / "place"
    if os.getuid() == 0:
        place.write_text("a file where a folder should be")
    else:
        place.mkdir(mode=0o500)
    with pytest.raises(StorageError, match="place"):
        atomic.write_file(place / "x", b"1")
    with pytest.raises(StorageError, match="place"):
        folders.write_folder(place / "x", fill)
    with pytest.raises(StorageError, match="place"):
        folders.make_folder(place / "x" / "y")


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.EDQUOT, errno.EIO])
def test_each_refusal_has_words_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "replace", refuse)
    words = {errno.EACCES: "permission", errno.EROFS: "read-only", errno.EDQUOT: "quota", errno.EIO: "EIO"}
    with pytest.raises(StorageError, match=words[code]):
        atomic.write_file(tmp_path / "x", b"1")
    assert os.listdir(tmp_path) == []


def test_a_native_writers_full_disk_is_a_storage_error(tmp_path: Path) -> None:
    def native(folder: Path) -> None:
        (folder / "part").write_bytes(b"1")
        raise RuntimeError("Error while serializing: I/O error: No space left on device (os error 28)")

    with pytest.raises(StorageError, match=r"step.*no space left"):
        folders.write_folder(tmp_path / "step", native)
    assert os.listdir(tmp_path) == []


def test_a_refusal_inside_the_folder_is_told_by_the_name_that_it_was_to_have(tmp_path: Path) -> None:
    def too_much() -> None:
        with pytest.raises(StorageError, match=r"/new/run\.json: the file would be larger"):
            folders.publish_folder(tmp_path / "new", lambda folder: atomic.write_file(folder / "run.json", b"x" * 5000))

    with_file_limit(1000, too_much)


def test_an_error_of_the_writer_itself_passes_and_leaves_nothing(tmp_path: Path) -> None:
    def broken(folder: Path) -> None:
        (folder / "half").write_bytes(b"1")
        Path("/nonexistent/source.npy").read_bytes()

    with pytest.raises(FileNotFoundError, match=r"source\.npy"):
        folders.write_folder(tmp_path / "pack", broken)
    assert os.listdir(tmp_path) == []


# Folders


def test_a_folder_is_whole_or_not_there_after_a_kill_anywhere(tmp_path: Path) -> None:
    target = tmp_path / "step-1"
    there = 0
    for _ in every_kill(
        lambda: folders.write_folder(target, fill, {"a": 1}), lambda: shutil.rmtree(target, ignore_errors=True)
    ):
        if target.exists():
            there += 1
            assert folders.verify_folder(target)["info"] == {"a": 1}
    assert there
    atomic.clean_leftovers(tmp_path)
    assert set(os.listdir(tmp_path)) <= {"step-1"}


def test_every_damage_of_every_file_is_noticed_by_name(tmp_path: Path) -> None:
    folders.write_folder(tmp_path / "good", fill, {"epoch": 3, "loss": 0.25})
    files = [path.relative_to(tmp_path / "good") for path in (tmp_path / "good").rglob("*") if path.is_file()]
    assert len(files) == 3
    for name in files:
        whole = (tmp_path / "good" / name).read_bytes()
        path = tmp_path / "bad" / name
        damages = [whole[:-2], b"", whole + b"x", None]
        damages += [flipped(whole, index, index % 8) for index in range(0, len(whole) - 1, max(1, len(whole) // 40))]
        for damage in damages:
            shutil.rmtree(tmp_path / "bad", ignore_errors=True)
            shutil.copytree(tmp_path / "good", tmp_path / "bad")
            if damage is None:
                path.unlink()
            else:
                path.write_bytes(damage)
            try:
                manifest = folders.verify_folder(tmp_path / "bad")
            except DamagedError as error:
                assert name.name in str(error)
                assert error.path == path or name.name == "manifest.json"
            else:
                # A changed space between two members of the manifest changes nothing that it says.
                assert name.name == "manifest.json"
                good = folders.verify_folder(tmp_path / "good")
                assert {key: manifest[key] for key in good} == good


def test_the_cheap_check_notices_a_cut_file_and_not_a_flipped_bit(tmp_path: Path) -> None:
    folders.write_folder(tmp_path / "f", fill)
    path = tmp_path / "f" / "model.safetensors"
    path.write_bytes(flipped(path.read_bytes(), 5, 0))
    folders.verify_folder(tmp_path / "f", full=False)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DamagedError, match=r"2047 bytes where 2048"):
        folders.verify_folder(tmp_path / "f", full=False)


def test_extra_files_are_tolerated_and_links_in_the_place_of_files_are_not(tmp_path: Path) -> None:
    folders.write_folder(tmp_path / "f", fill)
    (tmp_path / "f" / ".nfs0001").write_bytes(b"")
    folders.verify_folder(tmp_path / "f")
    file = tmp_path / "f" / "model.safetensors"
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DamagedError, match="not a plain file"):
        folders.verify_folder(tmp_path / "f")


def test_a_manifest_cannot_point_out_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    files = {"../secret": {"size": 1, "sha256": "0"}}
    records.write_record(tmp_path / "f" / "manifest.json", {"format": 1, "info": {}, "files": files})
    with pytest.raises(DamagedError, match="not a file of the folder"):
        folders.verify_folder(tmp_path / "f")


def test_a_target_that_is_there_is_not_touched(tmp_path: Path) -> None:
    folders.write_folder(tmp_path / "f", fill, {"first": True})
    with pytest.raises(ExistsError, match="f: there is something"):
        folders.write_folder(tmp_path / "f", fill)
    (tmp_path / "file").write_text("x")
    with pytest.raises(ExistsError):
        folders.write_folder(tmp_path / "file", fill)
    assert folders.verify_folder(tmp_path / "f")["info"] == {"first": True}
    (tmp_path / "empty").mkdir()
    folders.write_folder(tmp_path / "empty", fill)
    assert leftovers(tmp_path) == []


def test_a_target_made_by_another_meanwhile_stays(tmp_path: Path) -> None:
    def slow(folder: Path) -> None:
        fill(folder)
        folders.write_folder(tmp_path / "f", fill, {"by": "another"})

    with pytest.raises(ExistsError):
        folders.write_folder(tmp_path / "f", slow)
    assert folders.verify_folder(tmp_path / "f")["info"] == {"by": "another"}
    assert leftovers(tmp_path) == []


def test_links_and_the_manifests_own_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="only plain files"):
        folders.write_folder(tmp_path / "f", lambda folder: (folder / "x").symlink_to("/etc/passwd"))
    with pytest.raises(StoreError, match="kept for the manifest"):
        folders.write_folder(tmp_path / "f", lambda folder: (folder / "manifest.json").touch())
    assert os.listdir(tmp_path) == []


def test_a_removed_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "f"

    def prepare() -> None:
        atomic.clean_leftovers(tmp_path)
        if not target.exists():
            folders.write_folder(target, fill)

    for _ in every_kill(lambda: folders.remove_folder(target), prepare):
        assert not target.exists()
    folders.remove_folder(tmp_path / "never there")


# Leftovers


def test_leftovers_of_the_dead_go_and_those_of_the_living_stay(tmp_path: Path) -> None:
    dead = f".tmp-{host()}-{dead_pid()}-00aa"
    (tmp_path / dead).mkdir()
    (tmp_path / dead / "half").write_bytes(b"1")
    living = f".tmp-{host()}-{os.getpid()}-00aa"
    far_young, far_old = ".tmp-other-machine-1-00aa", ".tmp-other-machine-1-00bb"
    for name in (living, far_young, far_old, ".tmp-not-one-of-ours", "step-1"):
        (tmp_path / name).write_bytes(b"1")
    os.utime(tmp_path / far_old, (time.time() - 90_000,) * 2)
    assert sorted(atomic.clean_leftovers(tmp_path)) == sorted([dead, far_old])
    assert set(os.listdir(tmp_path)) == {living, far_young, ".tmp-not-one-of-ours", "step-1"}
    assert atomic.clean_leftovers(tmp_path / "nowhere") == []
