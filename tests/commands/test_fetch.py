"""``data fetch``: from Kaggle by the real kagglehub, and from the Free Music Archive, both from a stand-in server."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import stat
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from commands.schema_tools import Caller
from commands.stand_in import StandIn, stand_in

from labsteps.errors import DownloadError
from workbench.cli import main
from workbench.runner import fma
from workbench.runner.unpack import unpack


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with stand_in() as served:
        yield served


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    """Return the exit code and what was printed, which is what one of the command's schemas says."""
    code = main([*words, "--json"])
    told = json.loads(capsys.readouterr().out)
    Caller().hold("data fetch", told)
    return code, told


def zipped(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


# The Free Music Archive

SMALL = {"fma_small/000/000002.mp3": b"a" * 5000, "fma_small/000/000005.mp3": bytes(range(256)) * 40}


@pytest.fixture
def archive(server: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    content = zipped(SMALL)
    server.files["/fma/fma_small.zip"] = content
    known = fma.Archive(hashlib.sha1(content).hexdigest(), "small", "two tracks")
    monkeypatch.setitem(fma.ARCHIVES, "fma_small", known)
    return server


def fetch_small(server: StandIn, out: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, Any]:
    return asked(capsys, "data", "fetch", "fma_small", "--out", str(out), "--from", f"{server.address}/fma/")


def test_an_archive_is_fetched_checked_and_unpacked_once(
    archive: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = fetch_small(archive, tmp_path, capsys)
    assert code == 0 and told["files"] == 2 and told["folder"] == str(tmp_path / "fma_small")
    assert told["next"] == f"python -m workbench data fetch fma_metadata --out {tmp_path}"
    assert {name: (tmp_path / name).read_bytes() for name in SMALL} == SMALL
    assert not list(tmp_path.glob("*.zip*")) and not list(tmp_path.rglob("*.part"))
    (tmp_path / "fma_metadata").mkdir()
    code, told = fetch_small(archive, tmp_path, capsys)
    assert code == 0 and "data extract" in told["next"] and "tracks.csv" in told["next"]
    assert len(archive.asked) == 1


def test_a_broken_transfer_goes_on_where_it_broke(
    archive: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive.breaks_after = 100
    code, told = fetch_small(archive, tmp_path, capsys)
    assert code == 1 and "broke off after 100 of" in told["error"]["message"]
    archive.breaks_after = None
    assert fetch_small(archive, tmp_path, capsys)[0] == 0
    assert [wanted for _, _, wanted, _ in archive.asked] == [None, "bytes=100-"]


def test_unpacking_goes_on_where_it_stopped(
    archive: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = tmp_path / "fma_small/000/000002.mp3"
    first.parent.mkdir(parents=True)
    first.write_bytes(SMALL["fma_small/000/000002.mp3"])
    before = first.stat().st_mtime_ns
    (first.parent / "000005.mp3").write_bytes(b"cut off")
    (tmp_path / "fma_small.zip").write_bytes(archive.files["/fma/fma_small.zip"])
    assert fetch_small(archive, tmp_path, capsys)[0] == 0
    assert archive.asked == [] and first.stat().st_mtime_ns == before
    assert (first.parent / "000005.mp3").read_bytes() == SMALL["fma_small/000/000005.mp3"]


def test_another_file_is_thrown_away(archive: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive.files["/fma/fma_small.zip"] = zipped({"fma_small/x": b"another"})
    code, told = fetch_small(archive, tmp_path, capsys)
    assert code == 1 and "is not the file: its SHA-1 is" in told["error"]["message"]
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_there_and_who_does_not_answer_are_told(
    archive: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive.refuses["/fma/fma_small.zip"] = 404
    code, told = fetch_small(archive, tmp_path, capsys)
    assert code == 1 and "404" in told["error"]["message"] and "data extract" in told["error"]["message"]
    archive.address = "http://127.0.0.1:1"
    code, told = fetch_small(archive, tmp_path, capsys)
    assert code == 1 and "did not answer" in told["error"]["message"]


def test_a_disk_without_room_is_told_before_anything_is_written(
    archive: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=50)
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    code, told = fetch_small(archive, tmp_path, capsys)
    assert code == 4 and "50 bytes are free" in told["error"]["message"]
    assert not list(tmp_path.rglob("*.mp3"))


def _link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../evil", "outside"),
        ("/etc/evil", "outside"),
        ("top/../../evil", "outside"),
        ("other/evil", "outside"),
        ("top/a\nb", "outside"),
        ("top\\evil", "outside"),
        (_link("top/link"), "is a link"),
    ],
)
def test_nothing_leaves_the_folder(tmp_path: Path, name: str | zipfile.ZipInfo, reason: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("top/good", b"1")
        archive.writestr(name, b"/etc/passwd")
    with pytest.raises(DownloadError, match=reason):
        unpack(tmp_path / "a.zip", tmp_path / "out", "top", lambda have, total: None)
    assert [path.name for path in tmp_path.rglob("*")] == ["a.zip"]


def test_a_damaged_archive_is_named(tmp_path: Path) -> None:
    content = bytearray(zipped({"top/a": bytes(range(256)) * 99}))
    content[60] ^= 255
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(DownloadError, match=r"a\.zip: cannot be unpacked"):
        unpack(tmp_path / "a.zip", tmp_path / "out", "top", lambda have, total: None)
    assert not (tmp_path / "out/top/a").exists()


# Kaggle

GET = "/v1/datasets.DatasetApiService/GetDataset"
DOWNLOAD = "/v1/datasets.DatasetApiService/DownloadDataset"


@pytest.fixture
def kaggle(server: StandIn, genre_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """Kaggle's interface as the real kagglehub asks it, with a small set of the lab's layout behind it."""
    environment = pytest.importorskip("kagglesdk.kaggle_env", reason="kagglehub is not installed")
    monkeypatch.setitem(environment._env_to_endpoint, environment.KaggleEnv.PROD, server.address)
    for name in ("KAGGLE_USERNAME", "KAGGLE_KEY", "KAGGLE_API_ENVIRONMENT", "KAGGLE_KERNEL_RUN_TYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KAGGLE_CONFIG_DIR", str(tmp_path / "home/.kaggle"))
    monkeypatch.setenv("KAGGLEHUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("KAGGLE_API_TOKEN", "secret")
    files = {f"data/{path.relative_to(genre_root)}": path for path in sorted(genre_root.rglob("*")) if path.is_file()}
    server.files[GET] = b'{"currentVersionNumber": 3}'
    server.files[DOWNLOAD] = zipped({name: path.read_bytes() for name, path in files.items()})
    return server


def test_kaggles_set_is_fetched_checked_and_found_again(
    kaggle: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = asked(capsys, "data", "fetch")
    root = tmp_path / "hub/datasets/geoparslp/patreco3-multitask-affective-music/versions/3/data"
    assert code == 0 and told["data_root"] == str(root)
    assert any("where 3069 were known" in warning for warning in told["warnings"])
    assert {who for *_, who in kaggle.asked} == {"Bearer secret"}
    assert asked(capsys, "data", "fetch", "kaggle")[0] == 0
    assert [path for _, path, *_ in kaggle.asked].count(DOWNLOAD) == 1


def test_the_root_alone_is_on_stdout(kaggle: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "fetch", "--out", str(tmp_path / "elsewhere")]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert Path(line).is_dir() and str(tmp_path / "elsewhere") in line


def test_kagglehub_resumes_a_broken_transfer(
    kaggle: StandIn, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kagglehub.clients.CHUNK_SIZE", 100)
    kaggle.breaks_after = 1000
    code, told = asked(capsys, "data", "fetch")
    assert code == 1 and "broke off" in told["error"]["message"] and "goes on" in told["error"]["message"]
    kaggle.breaks_after = None
    assert asked(capsys, "data", "fetch")[0] == 0
    assert ("GET", DOWNLOAD, "bytes=1000-", None) in kaggle.asked


@pytest.mark.parametrize("way", ["json", "access_token", "user"])
def test_credentials_are_found_in_the_usual_places(
    way: str, kaggle: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KAGGLE_API_TOKEN")
    folder = tmp_path / "home/.kaggle"
    folder.mkdir(parents=True)
    if way == "json":
        (folder / "kaggle.json").write_text('{"username": "me", "key": "k"}')
    elif way == "access_token":
        (folder / "access_token").write_text("from a file\n")
    else:
        monkeypatch.setenv("KAGGLE_USERNAME", "me")
        monkeypatch.setenv("KAGGLE_KEY", "k")
    assert asked(capsys, "data", "fetch")[0] == 0
    assert {who for *_, who in kaggle.asked} == {"Bearer from a file" if way == "access_token" else "Basic bWU6aw=="}


@pytest.mark.parametrize(
    ("status", "text"), [(401, "KAGGLE_API_TOKEN"), (403, "Accept the terms"), (404, "has no data set"), (429, "Wait")]
)
@pytest.mark.parametrize("path", [GET, DOWNLOAD])
def test_what_kaggle_refuses_comes_with_the_way_out(
    status: int, text: str, path: str, kaggle: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    kaggle.refuses[path] = status
    code, told = asked(capsys, "data", "fetch")
    assert code == 1 and str(status) in told["error"]["message"] and text in told["error"]["message"]


def test_without_credentials_kaggle_is_asked_and_its_refusal_explained(
    kaggle: StandIn, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KAGGLE_API_TOKEN")
    kaggle.refuses[GET] = 401
    assert main(["data", "fetch"]) == 1
    said = capsys.readouterr()
    assert "no Kaggle credentials are here" in said.err and "~/.kaggle/access_token" in said.err and said.out == ""


def test_a_spoilt_file_of_credentials_is_named(
    kaggle: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KAGGLE_API_TOKEN")
    (tmp_path / "home/.kaggle").mkdir(parents=True)
    (tmp_path / "home/.kaggle/kaggle.json").write_text("{")
    code, told = asked(capsys, "data", "fetch")
    assert code == 2 and "kaggle.json" in told["error"]["message"]


def test_no_connection_to_kaggle_is_told(
    kaggle: StandIn, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = sys.modules["kagglesdk.kaggle_env"]
    monkeypatch.setitem(environment._env_to_endpoint, environment.KaggleEnv.PROD, "http://127.0.0.1:1")
    code, told = asked(capsys, "data", "fetch")
    assert code == 1 and "did not answer" in told["error"]["message"]


@pytest.mark.parametrize("content", [b"no archive at all", b"PK\x03\x04 nor this"])
def test_what_is_no_archive_is_thrown_away(
    content: bytes, kaggle: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = kaggle.files[DOWNLOAD]
    kaggle.files[DOWNLOAD] = content
    code, told = asked(capsys, "data", "fetch")
    assert code == 1 and "thrown away" in told["error"]["message"]
    kaggle.files[DOWNLOAD] = whole
    assert asked(capsys, "data", "fetch")[0] == 0


def test_a_set_that_is_not_whole_is_refused_with_what_is_missing(
    kaggle: StandIn, genre_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {f"data/{p.relative_to(genre_root)}": p for p in sorted(genre_root.rglob("*")) if p.is_file()}
    lost = next(name for name in files if name.endswith(".npy"))
    kaggle.files[DOWNLOAD] = zipped({name: path.read_bytes() for name, path in files.items() if name != lost})
    code, told = asked(capsys, "data", "fetch")
    assert code == 3 and any(Path(lost).name in problem for problem in told["error"]["problems"])


def test_another_archive_is_not_taken_for_the_set(kaggle: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    kaggle.files[DOWNLOAD] = zipped({"readme.txt": b"hello"})
    code, told = asked(capsys, "data", "fetch")
    assert code == 3 and "none of the lab's folders" in told["error"]["message"]


def test_without_kagglehub_the_command_says_how_to_get_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "kagglehub", None)
    code, told = asked(capsys, "data", "fetch")
    assert code == 2 and "lab-workbench[kaggle]" in told["error"]["message"]
