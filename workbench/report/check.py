"""What a report still lacks, and what in it a careful reader would not believe."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from labsteps.catalogue import Part
from labsteps.errors import DataError
from labsteps.results import Result
from workbench.commands.compare import outputs_of
from workbench.report.content import Told, gather
from workbench.speaking import said
from workbench.store.session import Session

_PASSED = "passed"
_SINGLE_SEED = "two trainings of the same settings differ by chance"
_UNHEARD = ("test/", "held_out/")
# What says which tracks a model learnt from, and which ones it was judged on; with the seed of the run or without.
_SPLITS = (
    (True, ("validation_fraction",), "trained with {}, most others with {}: they did not learn from the same tracks"),
    (
        False,
        ("held_out_fraction", "held_out_seed"),
        "judged with {}, most others with {}: these are not the same tracks",
    ),
)


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
    NO_FONT = "no font"


# It trains without the tracks of the emotion task, and has to.
LEAVES_OUT = "9γ"
BLOCKING = (Kind.NOT_ANSWERED,)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is missing or doubtful."""

    kind: Kind
    part: str
    text: str


def check(session: Session, language: str = "en") -> list[Finding]:
    """Return what the report of a session lacks, in the order of the lab, told in ``en`` or ``el``."""
    told = [one for _, parts in gather(session) for one in parts]
    answers = session.answers()
    found = [finding for one in told for finding in _part(one, answers, language)]
    splits = list(_splits(told))
    apart = _heard_others(told, known={finding.part for finding in splits})
    every = [*found, *_older_runs(told), *splits, *apart, *_letters(session, told, answers)]
    return [replace(finding, text=said(finding.text, language)) for finding in every]


def open_questions(findings: Iterable[Finding]) -> list[str]:
    """Return the parts whose questions are not answered."""
    return [finding.part for finding in findings if finding.kind in BLOCKING]


def _part(one: Told, answers: Mapping[str, str], language: str) -> Iterator[Finding]:
    part = one.part
    title = part.title.to(language)
    if part.asks and part.id not in answers:
        yield Finding(Kind.NOT_ANSWERED, part.id, f"{title}: the question has no answer")
    if one.result is None:
        if part.built:
            yield Finding(Kind.NOT_RUN, part.id, f"{title}: no finished run")
        elif not part.only_asks:
            yield Finding(Kind.NOT_RUN, part.id, f"{title}: this version cannot run it yet")
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
    once = parameters.get("seeds") == 1 or ("seeds" not in parameters and _trains_and_scores(parameters, one.result))
    if once:
        hint = "--set seeds=5 tells how far" if "seeds" in parameters else "run it with another --seed to see how far"
        said = f"one training with seed {one.record.get('seed', 0)}; {_SINGLE_SEED}; {hint}"
        yield Finding(Kind.SINGLE_SEED, part.id, said)


def _trains_and_scores(parameters: Mapping[str, object], result: Result) -> bool:
    """Tell whether a part trains, and says of the outcome how good it is on tracks that it did not hear."""
    scored = any(name.startswith(_UNHEARD) or f"/{_UNHEARD[1]}" in name for name in result.values)
    return "learning_rate" in parameters and scored


def _older_runs(told: Sequence[Told]) -> Iterator[Finding]:
    """Yield the results that rest on a run which is no longer the newest of its part."""
    newest = {one.part.id: one.run.id for one in told if one.run is not None}
    for one in told:
        for part, run in one.record.get("builds_on", {}).items():
            if newest.get(part, run) != run:
                text = f"it builds on run {run} of {part}, and {newest[part]} is newer; run it again"
                yield Finding(Kind.OUTDATED, one.part.id, text)


def _splits(told: Sequence[Told]) -> Iterator[Finding]:
    """Yield the results that were trained or judged on other tracks than the parts they stand beside."""
    for seeded, names, text in _SPLITS:
        by_split: dict[tuple[tuple[str, object], ...], list[Part]] = {}
        for one in told:
            parameters = {**one.part.defaults(), **one.record.get("parameters", {})}
            if one.result is not None and all(name in parameters for name in names):
                seed = (("seed", one.record.get("seed", 0)),) if seeded else ()
                by_split.setdefault((*seed, *((name, parameters[name]) for name in names)), []).append(one.part)
        usual = max(by_split, key=lambda key: len(by_split[key]), default=())
        for key, parts in by_split.items():
            if key != usual:
                said = text.format(_said(key), _said(usual))
                yield from (Finding(Kind.OTHER_SPLIT, part.id, said) for part in parts)


def _heard_others(told: Sequence[Told], known: Collection[str]) -> Iterator[Finding]:
    """Yield the results whose training tracks are not those of the models that the summary sets beside them.

    Parameters
    ----------
    known
        Parts of which it is said already that their settings split the tracks otherwise.
    """
    for genres in (True, False):
        by_tracks: dict[frozenset[int], list[str]] = {}
        for one in told:
            if one.part.of_genres is genres and one.part.id != LEAVES_OUT:
                try:
                    for tracks in _heard(one):
                        by_tracks.setdefault(tracks, []).append(one.part.id)
                except DataError as error:
                    yield Finding(Kind.OTHER_SPLIT, one.part.id, str(error))
        usual = max(by_tracks, key=lambda tracks: len(by_tracks[tracks]), default=frozenset())
        beside = ", ".join(dict.fromkeys(by_tracks.get(usual, ())))
        for tracks, parts in by_tracks.items():
            if tracks != usual:
                text = (
                    f"trained on {len(tracks)} tracks, {beside} on {len(usual)}, {len(tracks & usual)} of them the "
                    "same: what differs between them may come from the data"
                )
                yield from (Finding(Kind.OTHER_SPLIT, part, text) for part in dict.fromkeys(parts) if part not in known)


def _heard(one: Told) -> Iterator[frozenset[int]]:
    """Return the ids of the training tracks of each model that a part has tested."""
    from labsteps.steps.opening import SPLIT_FILE, read_split

    files = outputs_of(one.run).values() if one.run is not None and one.result is not None else ()
    return (frozenset(read_split(path.parent)["train"]) for path in files if (path.parent / SPLIT_FILE).exists())


def _letters(session: Session, told: Sequence[Told], answers: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the title page and the answers with letters that no font of this machine shows."""
    from workbench.report.build import NO_FONT, heading_of
    from workbench.report.fonts import named

    heading = heading_of(session)
    page = (heading.title, heading.course, heading.school, *(member.name for member in heading.members))
    texts = {"": "".join(page), **{one.part.id: answers.get(one.part.id, "") for one in told}}
    for part, text in texts.items():
        if letters := named(text, anywhere=True):
            yield Finding(Kind.NO_FONT, part, f"{NO_FONT.format(letters)} install the font named, or write otherwise")


def _said(settings: Iterable[tuple[str, object]]) -> str:
    return ", ".join(f"{name} {value}" for name, value in settings)
