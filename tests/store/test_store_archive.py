"""A session travels as one file, and a hostile file gets nowhere."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import lzma
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from store_children import every_kill, flipped, leftovers, with_file_limit

from workbench.store import archive as archives
from workbench.store import snapshot
from workbench.store.errors import (
    ArchiveError,
    ExistsError,
    SessionFormatError,
    SessionNotFoundError,
    StorageError,
    StoreError,
    UnusableNameError,
)
from workbench.store.folders import remove_folder
from workbench.store.records import write_record
from workbench.store.run import RunState
from workbench.store.session import Session
from workbench.store.sessions import Sessions

Members = list[tuple[tarfile.TarInfo, bytes]]


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path / "sessions")


@pytest.fixture
def session(sessions: Sessions) -> Session:
    """A session with a finished run, an interrupted one, an answer, and things that do not travel."""
    session = sessions.create("Διπλωματική", seed=3)
    done = session.create_run({"part": "7.1ε", "seed": 3})
    done.write_result({"values": {"test/accuracy": 0.447}})
    done.artifact("figures/loss.png").write_bytes(b"png")
    run = session.create_run({"part": "5γ", "seed": 3})
    with run.take(), run.writer() as events:
        events.append("started")
        events.append("left", reason="stop")
    run.checkpoints.save(3, lambda folder: (folder / "model.safetensors").write_bytes(b"123" * 500), {"a": 1})
    run.log_file.write_text("a line\n")
    session.write_answer("5γ", "mine", "")
    (session.folder / ".hidden").write_text("x")
    (run.path / ".tmp-elsewhere-1-00aa").write_text("x")
    return session


def content(session: Session) -> dict[str, bytes]:
    """Every file that travels, without the settings, which hold the name."""
    found = {}
    for path in session.folder.rglob("*"):
        name = path.relative_to(session.folder).as_posix()
        if path.is_file() and snapshot.allowed(name) and not path.name.startswith(".") and name != "session.json":
            found[name] = path.read_bytes()
    return found


def member(name: str, data: bytes = b"", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, data


def build(path: Path, members: Members, listing: dict[str, bytes] | None = None) -> Path:
    """Write an archive of any members, with a listing that agrees with `listing` or with the plain files."""
    if listing is None:
        listing = {info.name.partition("/")[2]: data for info, data in members if info.isreg()}
    files = {name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in listing.items()}
    with tarfile.open(path, "w:gz") as tar:
        for info, data in [*members, member("x/archive.json", json.dumps({"format": 1, "files": files}).encode())]:
            tar.addfile(info, io.BytesIO(data))
    return path


SETTINGS = ("x/session.json", json.dumps({"format": 1, "name": "hostile"}).encode())


def refused(sessions: Sessions, archive: Path, match: str) -> None:
    """The import is refused, and nothing of it is anywhere."""
    before = sorted(path for path in archive.parent.rglob("*") if path.name != ".sessions.lock")
    with pytest.raises(ArchiveError, match=match):
        sessions.import_archive(archive)
    after = sorted(path for path in archive.parent.rglob("*") if path.name != ".sessions.lock")
    assert [path for path in after if path != sessions.folder] == [path for path in before if path != sessions.folder]


def test_an_import_tells_how_far_it_is_of_the_archive(sessions: Sessions, session: Session, tmp_path: Path) -> None:
    session.runs()[0].artifact("weights.npz").write_bytes(os.urandom(3_000_000))
    exported = sessions.export("Διπλωματική", tmp_path / "out.tar.gz")
    told: list[tuple[int, int, int]] = []
    Sessions(tmp_path / "elsewhere").import_archive(exported.path, progress=lambda *far: told.append(far))
    files, read, sizes = zip(*told, strict=True)
    assert set(sizes) == {exported.size} and list(files) == sorted(files) and list(read) == sorted(read)
    assert told[-1] == (exported.files + 1, exported.size, exported.size)
    inside = [share for one, share, size in told if 0.2 < share / size < 0.8]
    assert len(inside) >= 2 and told[0][1] < exported.size


def test_a_session_comes_back_as_it_was(sessions: Sessions, session: Session, tmp_path: Path) -> None:
    exported = sessions.export("Διπλωματική", tmp_path / "out.tar.gz")
    assert exported.left_out == (".hidden",)
    assert exported.size == (tmp_path / "out.tar.gz").stat().st_size
    other = Sessions(tmp_path / "elsewhere")
    found = other.import_archive(exported.path)
    assert (found.name, found.seed, found.folder.name) == ("Διπλωματική", 3, "diplomatiki")
    assert content(found) == content(session)
    assert exported.files == len(content(session)) + 1
    assert [run.state for run in found.runs()] == [RunState.FINISHED, RunState.INTERRUPTED]
    assert found.runs()[1].status().reason == "stop"
    with found.runs()[1].take():
        newest = found.runs()[1].checkpoints.newest(report=lambda text: None)
        assert newest is not None
        assert newest.step == 3
    assert leftovers(tmp_path) == [".tmp-elsewhere-1-00aa"]


def test_an_import_takes_nothings_place(sessions: Sessions, session: Session, tmp_path: Path) -> None:
    path = sessions.export("Διπλωματική", tmp_path).path
    assert path.name == "diplomatiki.tar.gz"
    before = content(session)
    second = sessions.import_archive(path)
    assert second.name == "Διπλωματική (2)"
    assert sessions.import_archive(path, "named").name == "named"
    with pytest.raises(ExistsError, match="named"):
        sessions.import_archive(path, "named")
    assert content(session) == before
    with pytest.raises(ExistsError, match=r"diplomatiki\.tar\.gz"):
        sessions.export("Διπλωματική", tmp_path)


def test_an_export_of_a_live_run_is_whole(sessions: Sessions, session: Session, tmp_path: Path) -> None:
    run = session.runs()[1]
    with run.take(), run.writer() as events:
        events.append("resumed")
        with open(run.path / "events.jsonl", "ab") as file:
            file.write(b'{"seq": 4, "torn')
        path = sessions.export("Διπλωματική", tmp_path / "live").path
        assert path.name == "live.tar.gz"
    found = Sessions(tmp_path / "elsewhere").import_archive(path)
    assert [event["kind"] for event in found.runs()[1].events()] == ["started", "left", "resumed"]


def test_a_checkpoint_that_goes_while_it_is_taken_leaves_the_next_one(
    sessions: Sessions, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = session.runs()[1].checkpoints
    link = snapshot._link

    def go_on_meanwhile(source: Path, target: Path) -> None:
        if source.parent.name == "step-00000003" and source.exists() and source.name == "model.safetensors":
            store.save(4, lambda folder: (folder / "model.safetensors").write_bytes(b"4"), {})
            remove_folder(source.parent)
        link(source, target)

    monkeypatch.setattr(snapshot, "_link", go_on_meanwhile)
    exported = sessions.export("Διπλωματική", tmp_path / "out.tar.gz")
    assert exported.left_out == (".hidden",)
    found = Sessions(tmp_path / "elsewhere").import_archive(exported.path)
    assert found.runs()[1].checkpoints.steps() == [4]


def test_programs_links_and_damaged_checkpoints_stay_at_home_and_are_told(
    sessions: Sessions, session: Session, tmp_path: Path
) -> None:
    run = session.runs()[1]
    (run.path / "helper.py").write_text("x")
    (run.path / "link.md").symlink_to("/etc/passwd")
    model = run.path / "checkpoints" / "step-00000003" / "model.safetensors"
    model.write_bytes(flipped(model.read_bytes(), 5, 1))
    left_out = sessions.export("Διπλωματική", tmp_path / "out.tar.gz").left_out
    inside = f"runs/{run.id}"
    assert left_out == (
        ".hidden",
        f"{inside}/checkpoints/step-00000003",
        f"{inside}/helper.py",
        f"{inside}/link.md",
    )
    Sessions(tmp_path / "elsewhere").import_archive(tmp_path / "out.tar.gz")


def test_a_kill_while_exporting_leaves_no_half_archive(sessions: Sessions, session: Session, tmp_path: Path) -> None:
    sessions.export("Διπλωματική", tmp_path / "whole.tar.gz")
    size = (tmp_path / "whole.tar.gz").stat().st_size

    def too_much() -> None:
        with pytest.raises(StorageError, match=r"out\.tar\.gz"):
            sessions.export("Διπλωματική", tmp_path / "out.tar.gz")

    with_file_limit(size - 100, too_much)
    assert [name for name in os.listdir(tmp_path) if "tar" in name or "tmp" in name] == ["whole.tar.gz"]


def test_a_kill_while_importing_leaves_a_whole_session_or_none(
    sessions: Sessions, session: Session, tmp_path: Path
) -> None:
    path = sessions.export("Διπλωματική", tmp_path).path
    other = Sessions(tmp_path / "elsewhere")
    other.create("first")
    other.remove("first")

    def prepare() -> None:
        for entry in other.entries():
            assert not entry.problem
            other.remove(entry.name)

    seen = set()
    for _ in every_kill(lambda: other.import_archive(path), prepare):
        seen.add(len(other.entries()))
        assert all(content(Session(entry.folder)) == content(session) for entry in other.entries())
    assert seen == {0, 1}
    other.create("last")
    assert leftovers(other.folder) == []


@pytest.mark.parametrize(
    ("bad", "match"),
    [
        (member("../escaped.md", b"x"), r"leads out"),
        (member("x/../../escaped.md", b"x"), r"leads out"),
        (member("/tmp/escaped.md", b"x"), r"leads out"),
        (member("x/a\\..\\b.md", b"x"), r"leads out"),
        (member("x//b.md", b"x"), r"leads out"),
        (member("y/b.md", b"x"), r"beside the session's folder"),
        (member("b.md", b"x"), r"beside the session's folder"),
        (member("y", type=tarfile.DIRTYPE), r"beside the session's folder"),
        (member("x/link.md", type=tarfile.SYMTYPE, linkname="/etc/passwd"), r"not a plain file"),
        (member("x/link.md", type=tarfile.LNKTYPE, linkname="x/session.json"), r"not a plain file"),
        (member("x/device.md", type=tarfile.CHRTYPE), r"not a plain file"),
        (member("x/pipe.md", type=tarfile.FIFOTYPE), r"not a plain file"),
        (member("x/sparse.md", type=tarfile.GNUTYPE_SPARSE), r"not a plain file|damaged"),
        (member("x/a.py", b"x"), r"'x/a\.py' is of a kind"),
        (member("x/a.PY", b"x"), r"is of a kind"),
        (member("x/a.so", b"x"), r"is of a kind"),
        (member("x/model.pt", b"x"), r"is of a kind"),
        (member("x/model.pkl", b"x"), r"is of a kind"),
        (member("x/run.sh", b"x"), r"is of a kind"),
        (member("x/Makefile", b"x"), r"is of a kind"),
        (member("x/.bashrc.md", b"x"), r"is of a kind"),
        (member("x/.git/a.md", b"x"), r"is of a kind"),
        (member("x/a\x1b[2J.md", b"x"), r"not a file name"),
        (member("x/" + "a" * 210 + ".md", b"x"), r"not a file name"),
        (member("x/" + "a/" * 12 + "b.md", b"x"), r"not a file name"),
        (member("x/session.json", b"{}"), r"is there twice"),
        (member("x/session.json/a.md", b"{}"), r"is there twice"),
    ],
)
def test_hostile_members_are_refused_by_name(
    sessions: Sessions, tmp_path: Path, bad: tuple[tarfile.TarInfo, bytes], match: str
) -> None:
    refused(sessions, build(tmp_path / "x.tar.gz", [member(*SETTINGS), bad]), match)


def test_more_files_or_bytes_than_allowed_are_refused(tmp_path: Path) -> None:
    many = build(tmp_path / "many.tar.gz", [member(*SETTINGS), *(member(f"x/{n}.md", b"") for n in range(30))])
    folders = [member(f"x/{n}", type=tarfile.DIRTYPE) for n in range(30)]
    empty = build(tmp_path / "folders.tar.gz", [member(*SETTINGS), *folders])
    large = build(tmp_path / "large.tar.gz", [member(*SETTINGS), member("x/a.md", os.urandom(50_000))])
    for path, bounds in ((many, {"most_files": 20}), (empty, {"most_files": 20}), (large, {"most_bytes": 20_000})):
        (tmp_path / "target").mkdir(exist_ok=True)
        with pytest.raises(ArchiveError, match="nothing was imported"):
            archives.unpack(path, tmp_path / "target", **bounds)


def test_a_bomb_is_refused_before_it_fills_the_disk(
    sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "FREE_EXPANSION", 1_000_000)
    path = build(tmp_path / "bomb.tar.gz", [member(*SETTINGS), member("x/a.md", bytes(8_000_000))])
    assert path.stat().st_size < 20_000
    refused(sessions, path, r"bomb\.tar\.gz: (unpacks to|claims to hold) more than 1\.\d+ MB|unpacks to more than")


def test_a_header_that_claims_a_great_size_is_not_read_into_memory(sessions: Sessions, tmp_path: Path) -> None:
    path = tmp_path / "header.tar.gz"
    info = tarfile.TarInfo("x/pax")
    info.type, info.size = tarfile.XHDTYPE, 200_000_000
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(info.tobuf(tarfile.USTAR_FORMAT) + bytes(1_000_000))
    refused(sessions, path, r"a header of 200\.0 MB")


def test_what_is_no_archive_is_refused(sessions: Sessions, session: Session, tmp_path: Path) -> None:
    path = tmp_path / "x.tar.gz"
    with pytest.raises(ArchiveError, match=r"no such file.*\.tar\.gz"):
        sessions.import_archive(path)
    whole = sessions.export("Διπλωματική", tmp_path / "whole.tar.gz").path.read_bytes()
    plain = gzip.decompress(whole)
    for damage in (b"", b"PK\x03\x04", whole[:-20], whole[: len(whole) // 2], gzip.compress(b"text"), plain):
        path.write_bytes(damage)
        with pytest.raises(ArchiveError, match=r"x\.tar\.gz"):
            sessions.import_archive(path)
    assert [entry.name for entry in sessions.entries()] == ["Διπλωματική"]


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("thesis", "thesis.tar.gz"),
        ("thesis.v2", "thesis.v2.tar.gz"),
        ("thesis.TAR.GZ", "thesis.TAR.GZ"),
        ("thesis.tgz", "thesis.tgz"),
        ("", "diplomatiki.tar.gz"),
    ],
)
def test_what_an_export_writes_under_any_name_is_read_back(
    sessions: Sessions, session: Session, tmp_path: Path, asked: str, written: str
) -> None:
    (tmp_path / "out").mkdir()
    exported = sessions.export("Διπλωματική", tmp_path / "out" / asked)
    assert exported.path == tmp_path / "out" / written
    assert content(Sessions(tmp_path / "elsewhere").import_archive(exported.path)) == content(session)


@pytest.mark.parametrize("asked", ["thesis.zip", "thesis.ZIP", "thesis.tar", "thesis.tar.xz", "thesis.gz"])
def test_an_export_is_not_named_like_another_kind_of_archive(
    sessions: Sessions, session: Session, tmp_path: Path, asked: str
) -> None:
    with pytest.raises(UnusableNameError, match=r"not as \.\w+; name it thesis\.tar\.gz$"):
        sessions.export(session.name, tmp_path / asked)
    assert not list(tmp_path.glob("thesis*"))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04more", "is a zip file"),
        (bz2.compress(b"x"), "is packed with bzip2"),
        (lzma.compress(b"x"), "is packed with xz"),
        (tarfile.TarInfo("x/y").tobuf(tarfile.USTAR_FORMAT), "is a tar file without gzip"),
        (b"something", "not packed with gzip"),
    ],
)
def test_what_another_packer_made_is_named(sessions: Sessions, tmp_path: Path, data: bytes, what: str) -> None:
    path = tmp_path / "session.tar.gz"
    path.write_bytes(data)
    refused(sessions, path, what)
    with pytest.raises(ArchiveError, match="is a folder"):
        sessions.import_archive(tmp_path)


def test_every_flipped_bit_is_noticed_or_harmless(sessions: Sessions, session: Session, tmp_path: Path) -> None:
    whole = sessions.export("Διπλωματική", tmp_path / "whole.tar.gz").path.read_bytes()
    other = Sessions(tmp_path / "elsewhere")
    noticed = 0
    for index in range(0, len(whole), 7):
        (tmp_path / "x.tar.gz").write_bytes(flipped(whole, index, index % 8))
        try:
            found = other.import_archive(tmp_path / "x.tar.gz")
        except StoreError as error:
            assert "x.tar.gz" in str(error)
            noticed += 1
        else:
            assert content(found) == content(session)
    assert noticed > len(whole) / 7 * 0.9


def altered(change: Callable[[dict[str, bytes]], None]) -> Callable[[Path, Path], None]:
    """Rewrite an archive's members, leaving its listing as it was."""

    def rewrite(source: Path, target: Path) -> None:
        with tarfile.open(source) as tar:
            members = {info.name: tar.extractfile(info).read() for info in tar}  # type: ignore[union-attr]
        change(members)
        with tarfile.open(target, "w:gz") as tar:
            for name, data in members.items():
                tar.addfile(member(name, data)[0], io.BytesIO(data))

    return rewrite


def name_of(members: dict[str, bytes], end: str) -> str:
    return next(name for name in members if name.endswith(end))


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda m: m.update({name_of(m, "result.json"): b"{}"}), r"result\.json' is altered"),
        (lambda m: m.pop(name_of(m, "5γ.md")), r"5γ\.md' is missing"),
        (lambda m: m.update({"diplomatiki/new.md": b"x"}), r"new\.md' is not listed"),
        (lambda m: m.pop(name_of(m, "archive.json")), r"has no archive\.json"),
        (lambda m: m.update({name_of(m, "archive.json"): b'{"format": 9}'}), r"another format"),
        (lambda m: m.update({name_of(m, "archive.json"): b"garbage"}), r"archive\.json: not valid JSON"),
    ],
)
def test_an_altered_archive_is_refused_by_the_name_of_the_file(
    sessions: Sessions, session: Session, tmp_path: Path, change: Callable[[dict[str, bytes]], None], match: str
) -> None:
    altered(change)(sessions.export("Διπλωματική", tmp_path / "whole.tar.gz").path, tmp_path / "x.tar.gz")
    refused(sessions, tmp_path / "x.tar.gz", match)


def test_a_checkpoint_that_does_not_match_its_manifest_is_refused(sessions: Sessions, tmp_path: Path) -> None:
    write_record(tmp_path / "manifest.json", {"format": 1, "info": {}, "files": {"a.md": {"size": 9, "sha256": ""}}})
    manifest = (tmp_path / "manifest.json").read_bytes()
    (tmp_path / "manifest.json").unlink()
    folder = "x/runs/r/checkpoints/step-00000001"
    files = [member("x/runs/r/run.json", b"{}"), member(f"{folder}/manifest.json", manifest)]
    path = build(tmp_path / "x.tar.gz", [member(*SETTINGS), *files])
    refused(sessions, path, r"x\.tar\.gz.*step-00000001/a\.md: missing")


@pytest.mark.parametrize(
    ("settings", "error", "match"),
    [
        (b'{"format": 99, "name": "x"}', SessionFormatError, r"x\.tar\.gz/session\.json.*newer version"),
        (b'{"format": 1, "seed": "x"}', ArchiveError, r"x\.tar\.gz/session\.json: seed"),
        (b"garbage", ArchiveError, r"x\.tar\.gz/session\.json: not valid JSON"),
        (b'{"format": 1, "name": "a\\u001bb"}', StoreError, r"control characters"),
    ],
)
def test_settings_are_checked_before_the_session_appears(
    sessions: Sessions, tmp_path: Path, settings: bytes, error: type[StoreError], match: str
) -> None:
    path = build(tmp_path / "x.tar.gz", [member("x/session.json", settings)])
    with pytest.raises(error, match=match):
        sessions.import_archive(path)
    assert sessions.entries() == []
    assert leftovers(sessions.folder) == []


def test_an_archive_without_settings_or_of_another_session_is_told(sessions: Sessions, tmp_path: Path) -> None:
    refused(sessions, build(tmp_path / "x.tar.gz", [member("x/a.md", b"x")]), r"has no session\.json")
    with pytest.raises(SessionNotFoundError):
        sessions.export("nothing", tmp_path)


def test_imported_files_cannot_be_run(sessions: Sessions, tmp_path: Path) -> None:
    path = build(tmp_path / "x.tar.gz", [member(*SETTINGS), member("x/a.md", b"x", mode=0o4755)])
    found = sessions.import_archive(path)
    assert (found.folder / "a.md").stat().st_mode & 0o7111 == 0
