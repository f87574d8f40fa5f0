"""A session without processes: runs parts where the test runs and remembers what they gave."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from data_sets import SimpleCache
from folders_of_runs import Artifacts
from greek_tools import hold_greek

from labsteps.catalogue import catalogue
from labsteps.context import EarlierRun, SavedState
from labsteps.results import Result, from_json, to_json

SMALL: dict[str, Any] = {
    "epochs": 3,
    "batch_size": 8,
    "hidden_size": 8,
    "crop_frames": 32,
    "frame_stride": 4,
    "dropout": 0.1,
    "learning_rate": 0.02,
    "precision": "float32",
    "threads": 1,
    "checkpoint_seconds": 3600.0,
    "resamples": 200,
    "channels": 2,
}


class Bench:
    """A session in a page: runs parts in this process and remembers what they gave."""

    def __init__(self, folder: Path, data_root: Path, cache: SimpleCache) -> None:
        self.folder, self.data_root, self.cache = folder, data_root, cache
        self.runs: dict[str, EarlierRun] = {}
        self.takes_models = False

    def beginning_there(self, folder: Path) -> Bench:
        """Return a session that begins where this one stands, with folders of its own."""
        folder.mkdir()
        own = Bench(folder, self.data_root, self.cache)
        own.runs = dict(self.runs)
        return own

    def run(self, part: str, seed: int = 1, **changes: Any) -> Result:
        known = catalogue().parts[part]
        names = {parameter.name for parameter in known.parameters}
        parameters = known.settings({n: v for n, v in {**SMALL, **changes}.items() if n in names})
        folder = self.folder / f"{known.ascii_id}-{len(list(self.folder.glob('*')))}"
        result = from_json(json.loads(json.dumps(to_json(known.run(Inside(self, folder, part, seed, parameters))))))
        hold_greek(result)
        self.runs[part] = EarlierRun(folder.name, part, parameters, seed, result, folder)
        return result


class Inside(Artifacts):
    """The context of one run, or of a section of it."""

    def __init__(self, bench: Bench, folder: Path, part: str, seed: int, params: Mapping[str, Any]) -> None:
        self.bench, self.folder, self.part, self.seed, self.params = bench, folder, part, seed, params
        self.data_root, self.cache, self.device = bench.data_root, bench.cache, "cpu"
        self.outer: Inside | None = None

    def emit(self, kind: str, **fields: Any) -> None:
        json.dumps(fields)

    def stop_requested(self) -> bool:
        return False

    def requests(self) -> list[Mapping[str, Any]]:
        return []

    def earlier(
        self, part: str, *, parameters: Mapping[str, Any] | None = None, seed: int | None = None
    ) -> EarlierRun | None:
        found = self.bench.runs.get(part)
        same = found and all(found.parameters.get(k) == v for k, v in (parameters or {}).items())
        return found if found and same and seed in (None, found.seed) else None

    def save_model(self, write: Callable[[Path], None]) -> None:
        target = self.artifact("checkpoints/best/x").parent
        write(target)

    def save_state(self, step: int, write: Callable[[Path], None], info: Mapping[str, Any]) -> None:
        pass

    def equal_folder(self) -> Path | None:
        if self.outer is not None:
            folder = self.outer.equal_folder()
            return folder / self.folder.name if folder else None
        found = self.bench.runs.get(self.part)
        same = found and found.seed == self.seed and found.parameters == self.params
        return found.folder if found and same and self.bench.takes_models else None

    def load_state(self, usable: Callable[[SavedState], None] | None = None) -> SavedState | None:
        return None

    def section(self, name: str, *, seed: int | None = None, params: Mapping[str, Any] | None = None) -> Inside:
        own_seed, own_params = self.seed if seed is None else seed, self.params if params is None else params
        inside = Inside(self.bench, self.folder / name, self.part, own_seed, own_params)
        inside.outer = self
        return inside
