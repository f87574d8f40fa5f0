"""``models``: weights from a file or from a server are kept by their content, and a run begins with those it names."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
import torch

from labsteps.catalogue import catalogue
from labsteps.errors import DataError, WeightsError
from labsteps.models import transformer
from labsteps.models.transformer import Size, Transformer
from workbench.cli import main
from workbench.runner import weights as published_weights
from workbench.runner.download import checksum_in_name
from workbench.runner.jobs import Job, run_for
from workbench.runner.weights import checked_weights, keep, stored_weights, weights_for
from workbench.store.places import weights_dir
from workbench.store.sessions import Sessions


@pytest.fixture
def deit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A distilled DeiT in a small size that goes by the name of the tiny one."""
    monkeypatch.setitem(transformer.SIZES, "tiny224", Size(8, 2, 2, 3))
    return published(tmp_path / "deit.pth", seed=1)


def published(path: Path, seed: int) -> Path:
    torch.manual_seed(seed)
    model = Transformer(Size(8, 2, 2, 3), 9)
    weights = {**model.state_dict(), "patch_embed.proj.weight": torch.randn(8, 3, 16, 16), "head.bias": torch.zeros(5)}
    torch.save({"model": weights}, path)
    return path


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_file_is_imported_listed_and_told_of(deit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    assert "no published weights are here" in capsys.readouterr().out
    assert main(["models", "import", str(deit)]) == 0
    told = capsys.readouterr().out
    assert "deit.pth: DeiT, names of timm, tiny224, position embeddings of 3 × 3 patches" in told.splitlines()
    assert "not used: head.bias" in told.splitlines()
    assert main(["models", "list"]) == 0
    assert "tiny224" in capsys.readouterr().out
    code, listed = asked(capsys, "models", "list")
    (one,) = listed["models"]
    assert code == 0
    assert one["source_sha256"] == hashlib.sha256(deit.read_bytes()).hexdigest()
    assert one["sha256"] == hashlib.sha256(Path(one["file"]).read_bytes()).hexdigest()


def test_what_cannot_be_imported_is_refused_with_its_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.pth").write_text("hello")
    code, told = asked(capsys, "models", "import", str(tmp_path / "x.pth"))
    assert code == 3
    assert told["error"]["kind"] == "DataError" and "x.pth" in told["error"]["message"]
    assert stored_weights() == []


def test_a_run_says_how_to_get_weights_that_are_not_here() -> None:
    wanted = {"imagenet_pretrain": True, "weights": "", "model_size": "base384"}
    with pytest.raises(WeightsError, match=r"(?s)models fetch base384.*models import FILE.*imagenet_pretrain=false"):
        weights_for(wanted)
    assert weights_for({**wanted, "imagenet_pretrain": False}) == ""
    assert weights_for({"epochs": 3}) == ""


def test_weights_are_chosen_by_size_name_and_hash(deit: Path, tmp_path: Path) -> None:
    from labsteps.models.pretrained import read_published, to_bytes

    first = keep(to_bytes(read_published(deit)))
    second = keep(to_bytes(read_published(published(tmp_path / "other.pth", seed=2))))
    base = {"imagenet_pretrain": True, "model_size": "tiny224"}
    assert weights_for({**base, "weights": ""}) == stored_weights()[0].digest
    assert weights_for({**base, "weights": "deit.pth"}) == first.digest
    assert weights_for({**base, "weights": second.short}) == second.digest
    with pytest.raises(WeightsError, match=r"'other\.pth' are of model_size=tiny224, not base384"):
        weights_for({**base, "model_size": "base384", "weights": "other.pth"})


def test_the_weights_that_a_run_begins_with_are_part_of_what_it_is(
    deit: Path, tmp_path: Path, genre_root: Path
) -> None:
    from labsteps.models.pretrained import read_published, to_bytes

    session = Sessions(tmp_path / "sessions").create("s", data_root=str(genre_root))
    part = catalogue().parts["7.2β"]

    def run(**changes: Any) -> Any:
        return run_for(Job(session, part, part.settings(changes), 1, "cpu"))

    first = keep(to_bytes(read_published(deit)))
    begun, _ = run(imagenet_pretrain=True)
    assert begun.record["weights"] == first.digest
    again, found = run(imagenet_pretrain=True, weights="deit.pth")
    assert again.id == begun.id and found == "resumable"
    scratch, _ = run()
    assert scratch.id != begun.id and "weights" not in scratch.record
    keep(to_bytes(read_published(published(tmp_path / "other.pth", seed=2))))
    other, _ = run(imagenet_pretrain=True, weights="other.pth")
    assert other.id not in (begun.id, scratch.id)


def test_weights_that_are_gone_or_changed_are_named(deit: Path) -> None:
    from labsteps.models.pretrained import read_published, to_bytes

    stored = keep(to_bytes(read_published(deit)))
    assert checked_weights(stored.digest) == stored.path
    stored.path.write_bytes(stored.path.read_bytes()[:-1] + b"?")
    with pytest.raises(DataError, match="is damaged"):
        checked_weights(stored.digest)
    stored.path.unlink()
    with pytest.raises(DataError, match=f"begins with \\({stored.short}\\) are not in"):
        checked_weights(stored.digest)


class Server(BaseHTTPRequestHandler):
    """A stand-in for the hub: serves one file, breaks off after some bytes, and knows ranges or not."""

    content: ClassVar[bytes]
    breaks_after: ClassVar[int | None]
    ranges: ClassVar[bool]
    asked_for: ClassVar[list[str | None]]

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.asked_for.append(wanted)
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.ranges else 0
        if start >= len(self.content) or "missing" in self.path:
            self.send_error(404 if "missing" in self.path else 416)
            return
        self.send_response(206 if start else 200)
        rest = self.content[start:]
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest[: self.breaks_after])

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub(deit: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    content = deit.read_bytes()
    name = f"deit_tiny-{hashlib.sha256(content).hexdigest()[:8]}.pth"
    monkeypatch.setitem(published_weights.FILES, "tiny224", name)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    Server.content, Server.breaks_after, Server.ranges, Server.asked_for = content, None, True, []
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/deit"
        server.shutdown()
        thread.join()


def downloads() -> list[str]:
    return sorted(path.name for path in (weights_dir() / "downloads").glob("*"))


def test_weights_are_fetched_and_imported(hub: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = asked(capsys, "models", "fetch", "tiny224", "--from", hub)
    assert code == 0
    assert told["source_sha256"] == hashlib.sha256(Server.content).hexdigest()
    assert [one.info.model_size for one in stored_weights()] == ["tiny224"]
    assert downloads() == []


@pytest.mark.parametrize("ranges", [True, False])
def test_a_broken_download_goes_on_where_it_broke(hub: str, ranges: bool, capsys: pytest.CaptureFixture[str]) -> None:
    Server.breaks_after, Server.ranges = 5000, ranges
    code, told = asked(capsys, "models", "fetch", "tiny224", "--from", hub)
    assert code == 1
    assert f"broke off after 5000 of {len(Server.content)} bytes" in told["error"]["message"]
    assert downloads() == [f"{published_weights.FILES['tiny224']}.part"]
    Server.breaks_after = None
    assert asked(capsys, "models", "fetch", "tiny224", "--from", hub)[0] == 0
    assert Server.asked_for == [None, "bytes=5000-"]


def test_what_is_not_the_file_is_thrown_away(hub: str, capsys: pytest.CaptureFixture[str]) -> None:
    Server.content = b"something else" * 100
    code, told = asked(capsys, "models", "fetch", "tiny224", "--from", hub)
    assert code == 1 and "is not the file: its SHA-256 is" in told["error"]["message"]
    assert downloads() == [] and stored_weights() == []


def test_a_leftover_longer_than_the_file_begins_again(hub: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = weights_dir() / "downloads"
    folder.mkdir(parents=True)
    (folder / f"{published_weights.FILES['tiny224']}.part").write_bytes(bytes(len(Server.content) + 1))
    assert asked(capsys, "models", "fetch", "tiny224", "--from", hub)[0] == 0


def test_without_a_connection_the_way_out_is_told(
    hub: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, told = asked(capsys, "models", "fetch", "tiny224", "--from", "http://127.0.0.1:1/deit")
    assert code == 1 and "models import FILE" in told["error"]["message"]
    code, told = asked(capsys, "models", "fetch", "tiny224", "--from", f"{hub}/missing")
    assert code == 1 and "404" in told["error"]["message"]


def test_the_digits_in_the_names_on_the_hub_are_there_to_check_by() -> None:
    assert set(published_weights.FILES) == {"tiny224", "small224", "base224", "base384"}
    assert all(len(checksum_in_name(name).digits) == 8 for name in published_weights.FILES.values())
