"""The genre models of a session that a backbone can be taken from: what each is, and what each scored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from labsteps.context import Context, EarlierRun, ParameterValue
from labsteps.errors import PrerequisiteError
from labsteps.models.saved import Description
from labsteps.other_settings import noted, other_settings, sentence
from labsteps.results import Axis, Bars, Column, Result, Series, Table, Value, numbers
from labsteps.steps.descriptions import ast_description, cnn_description, lstm_description
from labsteps.steps.genre import FEATURE_KINDS, FeatureKind
from labsteps.steps.s06_evaluation import TRAINED_BY

AUTO = "auto"
Params = Mapping[str, ParameterValue]


@dataclass(frozen=True, slots=True)
class Source:
    """A model that can be transferred.

    Attributes
    ----------
    name
        As a parameter names it: ``cnn``, ``lstm beat mel``.
    part, section
        The part that trains it on all genre tracks, and the section of its run, if it has more than one.
    kind
        What it hears.
    describe
        What that part's parameters make of it, with the names of its outputs.
    """

    name: str
    part: str
    section: str
    kind: FeatureKind
    describe: Callable[[Params, tuple[str, ...]], Description]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source that has been trained in this session, with its newest finished run."""

    source: Source
    run: EarlierRun

    def value(self, name: str) -> Value:
        """Return one of the values of its report."""
        prefix = f"{self.source.section}/" if self.source.section else ""
        missing = Value(None, reason=f"{self.source.part} did not report it")
        return self.run.result.values.get(f"{prefix}{name}", missing)


def _lstm(kind: FeatureKind) -> Source:
    part, section = TRAINED_BY[kind.name]

    def describe(params: Params, outputs: tuple[str, ...]) -> Description:
        return lstm_description(params, kind, outputs)

    return Source(f"lstm {kind.name}", part, section, kind, describe)


SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        *(_lstm(kind) for kind in FEATURE_KINDS.values()),
        Source("cnn", "7.1ε", "", FEATURE_KINDS["mel"], cnn_description),
        Source("ast", "7.2β", "", FEATURE_KINDS["mel"], ast_description),
    )
}


def candidates(context: Context) -> list[Candidate]:
    """Return the sources that this session has trained, the highest macro-F1 on the validation part first."""
    found = []
    for source in SOURCES.values():
        run = context.earlier(source.part)
        if run is not None:
            found.append(Candidate(source, run))
    return sorted(found, key=lambda one: -(one.value("validation/macro_f1").number or 0.0))


def chosen_source(context: Context, wanted: str) -> Candidate:
    """Return the source of this name; for ``auto`` the one that validates best.

    Raises
    ------
    PrerequisiteError
        If it has not been trained in this session.
    """
    found = candidates(context)
    if wanted == AUTO:
        if not found:
            raise PrerequisiteError(
                "No genre model of steps 5, 7.1 or 7.2 has a finished run on these data; run one of them first, "
                "for instance 7.1ε."
            )
        return found[0]
    for one in found:
        if one.source.name == wanted:
            return one
    part = SOURCES[wanted].part
    there = ", ".join(one.source.name for one in found) or "none"
    raise PrerequisiteError(
        f"source={wanted} needs {part}, which has no finished run on these data; run it first, or choose another "
        f"(there: {there})."
    )


def compare_sources(context: Context) -> Result:
    """9β: every genre model of the session in one table, the best on the validation part first."""
    found = candidates(context)
    best = chosen_source(context, AUTO)
    rows = []
    for one in found:
        accuracy, macro_f1 = one.value("test/accuracy"), one.value("test/macro_f1")
        validation = [one.value(f"validation/{name}").number for name in ("macro_f1", "accuracy")]
        test = [x for value in (macro_f1, accuracy) for x in (value.number, value.low, value.high)]
        epochs = [one.value(name).number for name in ("best_epoch", "epochs_run")]
        rows.append((one.source.name, one.source.part, *validation, *test, *epochs, one.run.seed))
    columns = (
        *(Column(name) for name in ("model", "part", "val. F1", "val. acc.", "F1", "from", "to", "acc.", "from", "to")),
        *(Column(name, digits=0) for name in ("best", "of", "seed")),
    )
    table = Table(
        "Genre models of this session",
        columns,
        tuple(rows),
        "ordered by macro-F1 on the validation part (val.), which may choose; F1, acc.: macro-F1 and accuracy on the "
        "test set, which may not, with 95 % intervals; best: epoch",
    )
    other = other_settings((one.run.part, one.run.settings) for one in sorted(found, key=lambda one: one.run.part))
    values = {
        "models": Value(len(found)),
        "best/validation_macro_f1": best.value("validation/macro_f1"),
        "best/test_macro_f1": best.value("test/macro_f1"),
    }
    return Result(
        values=values,
        tables={"models": replace(table, note=noted(table.note, other))},
        figures={"scores": _bars(found)},
        text=(
            f"source=auto takes {best.source.name} ({best.source.part}, run {best.run.run_id}): it has the highest "
            f"macro-F1 on the validation part among {len(found)} models. 9γ takes any other with "
            f"source=NAME; not trained yet: {_not_trained(found)}.{sentence(other)}"
        ),
    )


def _bars(found: list[Candidate]) -> Bars:
    positions = numbers(range(len(found)))
    lines = (("validation", "validation/macro_f1"), ("test", "test/macro_f1"))
    return Bars(
        "Macro-F1 of the genre models",
        Axis("model"),
        Axis("macro-F1"),
        tuple(one.source.name for one in found),
        tuple(Series(line, positions, numbers(one.value(name).number for one in found)) for line, name in lines),
    )


def _not_trained(found: list[Candidate]) -> str:
    there = {one.source.name for one in found}
    return ", ".join(f"{name} ({source.part})" for name, source in SOURCES.items() if name not in there) or "none"
