"""What a report still lacks, and what in it a careful reader would not believe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from labsteps.catalogue import Part
from workbench.report.content import Told, gather
from workbench.store.session import Session

_PASSED = "passed"
_SINGLE_SEED_HINT = "two runs of the same code can differ by .05; --set seeds=5 tells how far"


class Kind(StrEnum):
    """What a finding is about."""

    NOT_RUN = "not run"
    NOT_ANSWERED = "not answered"
    OVERFIT_FAILED = "overfit check failed"
    OTHER_DATA = "other data"
    OUTDATED = "built on an older run"
    OTHER_SPLIT = "other split"
    PARTIAL = "part of the data"
    SINGLE_SEED = "single seed"


BLOCKING = (Kind.NOT_ANSWERED,)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is missing or doubtful."""

    kind: Kind
    part: str
    text: str


def check(session: Session) -> list[Finding]:
    """Return what the report of a session lacks, in the order of the lab."""
    told = [one for _, parts in gather(session) for one in parts]
    answers = session.answers()
    found = [finding for one in told for finding in _part(one, answers)]
    return [*found, *_older_runs(told), *_splits(told)]


def open_questions(findings: Iterable[Finding]) -> list[str]:
    """Return the parts whose questions are not answered."""
    return [finding.part for finding in findings if finding.kind in BLOCKING]


def _part(one: Told, answers: Mapping[str, str]) -> Iterator[Finding]:
    part = one.part
    if part.asks and part.id not in answers:
        yield Finding(Kind.NOT_ANSWERED, part.id, f"{part.title}: the question has no answer")
    if one.result is None:
        if part.built:
            yield Finding(Kind.NOT_RUN, part.id, f"{part.title}: no finished run")
        elif not part.only_asks:
            yield Finding(Kind.NOT_RUN, part.id, f"{part.title}: this version cannot run it yet")
        return
    if not one.current:
        yield Finding(Kind.OTHER_DATA, part.id, "its newest result is of other data than the session has now")
    for name, value in one.result.values.items():
        if name.rpartition("/")[2] == _PASSED and value.number == 0:
            which = name.removesuffix(_PASSED).strip("/")
            yield Finding(
                Kind.OVERFIT_FAILED,
                part.id,
                f"the network could not learn a few batches by heart{f' ({which})' if which else ''}: "
                "do not draw conclusions from it",
            )
    parameters = {**part.defaults(), **one.record.get("parameters", {})}
    if parameters.get("subset"):
        yield Finding(Kind.PARTIAL, part.id, f"trained on subset = {parameters['subset']} clips only")
    if parameters.get("seeds") == 1:
        yield Finding(
            Kind.SINGLE_SEED, part.id, f"one training with seed {one.record.get('seed', 0)}; {_SINGLE_SEED_HINT}"
        )


def _older_runs(told: Sequence[Told]) -> Iterator[Finding]:
    """Yield the results that rest on a run which is no longer the newest of its part."""
    newest = {one.part.id: one.run.id for one in told if one.run is not None}
    for one in told:
        for part, run in one.record.get("builds_on", {}).items():
            if newest.get(part, run) != run:
                text = f"it builds on run {run} of {part}, and {newest[part]} is newer; run it again"
                yield Finding(Kind.OUTDATED, one.part.id, text)


def _splits(told: Sequence[Told]) -> Iterator[Finding]:
    """Yield the results whose seed or validation part differs from that of the parts they stand beside."""
    by_split: dict[tuple[object, object], list[Part]] = {}
    for one in told:
        parameters = {**one.part.defaults(), **one.record.get("parameters", {})}
        if one.result is not None and "validation_fraction" in parameters:
            key = (one.record.get("seed", 0), parameters["validation_fraction"])
            by_split.setdefault(key, []).append(one.part)
    if len(by_split) < 2:
        return
    usual = max(by_split, key=lambda key: len(by_split[key]))
    for key, parts in by_split.items():
        for part in parts if key != usual else ():
            yield Finding(
                Kind.OTHER_SPLIT,
                part.id,
                f"trained with seed {key[0]} and validation_fraction {key[1]}, most others with {usual[0]} and "
                f"{usual[1]}: they did not learn from the same tracks",
            )
