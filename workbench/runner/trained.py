"""The trained models of a session: where they lie, how they validated, and which is the best for what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from labsteps.catalogue import Part, Step, catalogue
from labsteps.errors import DataError, PrerequisiteError, UnknownPartError, UsageError
from labsteps.extraction.labels import AXES
from workbench.runner.jobs import data_fingerprint
from workbench.runner.naming import run_named
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
        Macro-F1 or Spearman correlation on the validation part at its best epoch, the mean over the axes where it has
        several; None where it was not measured.
    by_axis
        (axis, Spearman correlation) where it was measured for each of several axes.
    """

    part: str
    run: str
    section: str
    folder: Path
    outputs: tuple[str, ...]
    score: float | None
    by_axis: tuple[tuple[str, float], ...] = ()

    @property
    def name(self) -> str:
        """As a user may write it: ``9δ/transferred``."""
        return f"{self.part}/{self.section}" if self.section else self.part

    @property
    def tells_genre(self) -> bool:
        """Whether it tells genres; axes of emotion otherwise."""
        return not set(self.outputs) <= set(AXES)

    @property
    def title(self) -> str:
        """As a user is told."""
        told = self.told_score()
        return f"{self.name} (run {self.run}{f', {told}' if told else ''})"

    def score_of(self, axis: str) -> float | None:
        """Return the score for an axis; the mean over its axes where no axis has one of its own."""
        return dict(self.by_axis).get(axis, self.score)

    def told_score(self, axes: Sequence[str] = ()) -> str:
        """Return the validation score in words, for some of its axes or for all; empty where there is none."""
        if self.by_axis:
            own = [f"{axis} {score:.3f}" for axis, score in self.by_axis if not axes or axis in axes]
            return f"validation Spearman {', '.join(own)}" if own else ""
        if self.score is None:
            return ""
        measure = "macro-F1" if self.tells_genre else "Spearman"
        of_all = f", the mean over {', '.join(self.outputs)}" if not self.tells_genre and len(self.outputs) > 1 else ""
        return f"validation {measure} {self.score:.3f}{of_all}"


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
            scores = _validation_scores(home / _TRAINING)
            score = scores.get("validation_macro_f1" if genre else "validation_spearman")
            own = {axis: scores.get(f"validation_spearman/{axis}") for axis in outputs}
            by_axis = tuple((axis, one) for axis, one in own.items() if one is not None)
            models.append(Trained(str(run.record["part"]), run.id, section, file.parent, outputs, score, by_axis))
    return models


def best_models(session: Session) -> dict[Trained, tuple[str, ...]]:
    """Return the models that validated best, for genre and for each axis of emotion, with what each is chosen for.

    Test scores are not looked at.  A model of several axes is chosen for each by its score on that axis, where it has
    one.

    Raises
    ------
    PrerequisiteError
        If the session has no model at all.
    """
    models = trained_models(session)
    chosen: dict[Trained, tuple[str, ...]] = {}
    genre = _best(one for one in models if one.tells_genre)
    if genre is not None:
        chosen[genre] = genre.outputs
    for axis in AXES:
        best = _best((one for one in models if not one.tells_genre and axis in one.outputs), axis)
        if best is not None:
            chosen[best] = (*chosen.get(best, ()), axis)
    if not chosen:
        raise PrerequisiteError(
            f"Session {session.name!r} has no trained model. Run one first, for instance: --step 7.1e; or name a file "
            "that `models export` wrote with --model."
        )
    return chosen


def find_models(session: Session, name: str) -> list[Trained]:
    """Return the models that a part or a run's id names, the best first; ``9d/transferred`` is one of several.

    A part that reports on a model which another part of its step trained means that one.

    Raises
    ------
    UsageError
        If there is none; with those that are there.
    """
    where, _, section = name.partition("/")
    run: RunFolder | None
    try:
        run = next(_with_models(session, catalogue().resolve(where)), None)
    except UnknownPartError:
        run = run_named(session, where)
        if run is None:
            raise UsageError(f"{name!r} is neither a part, a run of session {session.name!r}, nor a file") from None
    models = models_of(run) if run is not None else []
    if not models:
        raise UsageError(f"{name} has no trained model in session {session.name!r}; run it first")
    if section:
        there = ", ".join(one.name for one in models)
        models = [one for one in models if one.section == section]
        if not models:
            raise UsageError(f"{where} has no model {section!r}. It has {there}.")
    return sorted(models, key=lambda one: (one.score is None, -(one.score or 0.0)))


def choice_told(models: Sequence[Trained]) -> str:
    """Return the sentence that says which of several models is taken, empty where there is one."""
    if len(models) < 2:
        return ""
    there = "; ".join(f"{one.name}{f', {told}' if (told := one.told_score()) else ''}" for one in models)
    return f"{models[0].part} has {len(models)} models: {there}. {models[0].name} is taken"


def _with_models(session: Session, named: Step | Part) -> Iterator[RunFolder]:
    """Yield the runs that have models, of what is named first, then of the rest of its step."""
    of_step = catalogue().step_of(named).parts if isinstance(named, Part) else ()
    for part in dict.fromkeys((*named.parts, *of_step)):
        run = _newest(session, part)
        if run is not None and models_of(run):
            yield run


def _best(models: Iterable[Trained], axis: str = "") -> Trained | None:
    scored = [(score, one) for one in models if (score := one.score_of(axis)) is not None]
    return max(scored, key=lambda pair: pair[0])[1] if scored else None


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


def _validation_scores(file: Path) -> dict[str, float]:
    """Return what was measured at the best epoch of a training; nothing where its file is missing or damaged."""
    try:
        state = json.loads(file.read_text(encoding="utf-8"))
        row = state["history"][state["best_epoch"] - 1]
        return {name: float(score) for name, score in row.items() if isinstance(score, int | float)}
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return {}
