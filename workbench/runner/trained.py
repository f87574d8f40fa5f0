"""The trained models of a session: where they lie, how they validated, and which is the best for what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from labsteps.catalogue import Part, Step, catalogue
from labsteps.errors import DataError, PrerequisiteError, UsageError
from labsteps.extraction.labels import AXES
from workbench.runner.jobs import data_fingerprint
from workbench.store.errors import StoreError
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session

_MODEL, _TRAINING = "checkpoints/best", "training.json"


@dataclass(frozen=True, slots=True)
class Trained:
    """A model on disk.

    Attributes
    ----------
    section
        Which of several trainings of the run it comes from; empty where there is one.
    outputs
        Classes or axes.
    score
        Macro-F1 or Spearman correlation on the validation part at its best epoch; None where it was not measured.
    """

    part: str
    run: str
    section: str
    folder: Path
    outputs: tuple[str, ...]
    score: float | None

    @property
    def tells_genre(self) -> bool:
        """Whether it tells genres; axes of emotion otherwise."""
        return not set(self.outputs) <= set(AXES)

    @property
    def title(self) -> str:
        """As a user is told."""
        inside = f" {self.section}" if self.section else ""
        measure = "macro-F1" if self.tells_genre else "Spearman"
        told = f", validation {measure} {self.score:.3f}" if self.score is not None else ""
        return f"{self.part}{inside} (run {self.run}{told})"


def trained_models(session: Session) -> list[Trained]:
    """Return the models of the newest finished run of each part on the data as they are now, in the lab's order."""
    found: list[Trained] = []
    for part in catalogue().parts.values():
        run = _newest(session, part)
        if run is not None:
            found += models_of(run)
    return found


def models_of(run: RunFolder) -> list[Trained]:
    """Return the models that a run has published, those of its sections too."""
    models = []
    for file in sorted(run.path.glob(f"**/{_MODEL}/model.json")):
        home = file.parents[2]
        outputs = _outputs(file)
        if outputs:
            section = "" if home == run.path else home.relative_to(run.path).as_posix()
            genre = not set(outputs) <= set(AXES)
            score = _validation_score(home / _TRAINING, "validation_macro_f1" if genre else "validation_spearman")
            models.append(Trained(str(run.record["part"]), run.id, section, file.parent, outputs, score))
    return models


def best_models(session: Session) -> list[Trained]:
    """Return the model that validated best for genre, and for each axis of emotion; test scores are not looked at.

    Raises
    ------
    PrerequisiteError
        If the session has no model at all.
    """
    models = trained_models(session)
    chosen = [_best(one for one in models if one.tells_genre)]
    chosen += [_best(one for one in models if not one.tells_genre and axis in one.outputs) for axis in AXES]
    best = list(dict.fromkeys(one for one in chosen if one is not None))
    if not best:
        raise PrerequisiteError(
            f"Session {session.name!r} has no trained model. Run one first, for instance: --step 7.1e; or name a file "
            "that `models export` wrote with --model."
        )
    return best


def find_model(session: Session, name: str) -> Trained:
    """Return the model that a part or a run's id names; ``7.1e``, or ``5e/beat`` for one of several trainings.

    A part that reports on a model which another part of its step trained means that one.

    Raises
    ------
    UsageError
        If there is none.
    """
    where, _, section = name.partition("/")
    run: RunFolder | None
    try:
        run = next(_with_models(session, catalogue().resolve(where)), None)
    except UsageError:
        try:
            run = session.run(where)
        except StoreError:
            raise UsageError(f"{name!r} is neither a part, a run of session {session.name!r}, nor a file") from None
    models = models_of(run) if run is not None else []
    if section:
        models = [one for one in models if one.section == section]
    best = _best(models) or (models[0] if models else None)
    if best is None:
        raise UsageError(f"{name} has no trained model in session {session.name!r}; run it first")
    return best


def _with_models(session: Session, named: Step | Part) -> Iterator[RunFolder]:
    """Yield the runs that have models, of what is named first, then of the rest of its step."""
    of_step = catalogue().step_of(named).parts if isinstance(named, Part) else ()
    for part in dict.fromkeys((*named.parts, *of_step)):
        run = _newest(session, part)
        if run is not None and models_of(run):
            yield run


def _best(models: Iterable[Trained]) -> Trained | None:
    scored = [one for one in models if one.score is not None]
    return max(scored, key=lambda one: one.score or 0.0, default=None)


def _newest(session: Session, part: Part) -> RunFolder | None:
    try:
        data = data_fingerprint(session.data_root, part)
    except DataError:
        data = None
    runs: Sequence[RunFolder] = session.runs()
    for run in reversed(runs):
        try:
            record = run.record
        except StoreError:  # a damaged run has no model to offer; `sessions show` names it
            continue
        if record.get("part") == part.id and run.state is RunState.FINISHED and data in (None, record.get("data", "")):
            return run
    return None


def _outputs(file: Path) -> tuple[str, ...]:
    """Return the outputs of a model that hears spectrograms; none for another kind, or a damaged description."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        rows = data["rows"]
        return tuple(map(str, data["outputs"])) if 0 <= rows[0] < rows[1] <= 140 else ()
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return ()


def _validation_score(file: Path, name: str) -> float | None:
    try:
        state = json.loads(file.read_text(encoding="utf-8"))
        row = state["history"][state["best_epoch"] - 1]
        return None if row.get(name) is None else float(row[name])
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None
