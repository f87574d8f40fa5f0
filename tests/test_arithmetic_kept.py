"""The arithmetic that a run keeps: read back as it was chosen, and refused where its file is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from labsteps.errors import DataError
from labsteps.training.precision import Arithmetic


def test_what_was_chosen_is_read_back(tmp_path: Path) -> None:
    chosen = Arithmetic("bf16", 3, "plain", False, "eager", "divided")
    (tmp_path / "arithmetic.json").write_bytes(chosen.to_json())
    assert Arithmetic.read(tmp_path / "arithmetic.json") == chosen
    (tmp_path / "arithmetic.json").write_text('{"precision": "float32", "threads": 2}')  # of an earlier version
    assert Arithmetic.read(tmp_path / "arithmetic.json") == Arithmetic("float32", 2)


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b'{"precision": "bf16", "thr',
        b'{"precision": "bf16", "thqeads": 2}',
        b'{"precision": "bf16", "threads": 0}',
        b'{"precision": "bf16", "threads": 2.0}',
        b'{"precision": "bf16", "threads": null}',
        b"[1, 2]",
        b"\xff\xfe",
    ],
)
def test_a_damaged_file_is_named_with_the_way_out(damaged: bytes, tmp_path: Path) -> None:
    file = tmp_path / "arithmetic.json"
    file.write_bytes(damaged)
    with pytest.raises(DataError, match=r"arithmetic\.json cannot be read: .*--force"):
        Arithmetic.read(file)
