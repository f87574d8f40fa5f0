"""What a run's folder does for the contexts of tests: it keeps artifacts, and the last saved state."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from labsteps.context import SavedState
from labsteps.profile import Profile


class Artifacts:
    """Files of a run, in its folder."""

    folder: Path
    profile = Profile(on=False)

    def artifact(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def write_artifact(self, name: str, data: bytes) -> Path:
        path = self.artifact(name)
        path.write_bytes(data)
        return path

    def kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        path = self.artifact(name)
        return path.read_bytes() if path.exists() else self.write_artifact(name, make()).read_bytes()


class States:
    """The last state that a run saved; there is no equal run to take one from."""

    folder: Path
    profile = Profile(on=False)

    def save_state(self, step: int, write: Callable[[Path], None], info: Mapping[str, Any]) -> None:
        target = self.folder / "state"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        write(target)
        (target / "info.json").write_text(json.dumps({"step": step, "info": info}))

    def equal_folder(self) -> Path | None:
        return None

    def load_state(self, usable: Callable[[SavedState], None] | None = None) -> SavedState | None:
        target = self.folder / "state"
        if not target.exists():
            return None
        stored = json.loads((target / "info.json").read_text())
        saved = SavedState(stored["step"], target, stored["info"])
        if usable is not None:
            usable(saved)
        return saved
