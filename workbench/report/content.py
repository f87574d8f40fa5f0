"""What a report says: everything that a session holds, in the assignment's order."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from labsteps import results
from labsteps.catalogue import Part, Step, ValueSpec, catalogue
from labsteps.greek import greek, in_language
from labsteps.other_settings import noted, other_settings, tells
from labsteps.results import Cell, Column, Result, Table, Value
from labsteps.text import Text
from workbench.commands.show import newest_result
from workbench.counting import done_of
from workbench.report.document import (
    Answer,
    Block,
    Facts,
    FigureBlock,
    Member,
    Paragraph,
    Report,
    Section,
    TableBlock,
)
from workbench.report.references import references_of
from workbench.report.words import word, written_date
from workbench.runner.follow import Follower
from workbench.store.run import RunFolder
from workbench.store.session import Session
from workbench.wording import duration, value_text

# Names of correlations on held-out tracks, of a model where one is named, and of an axis where the part has several.
_SPEARMAN = re.compile(r"(?:(?P<model>(?!held_out|validation|seeds)\w+)/)?(?:held_out/)?spearman(?:/(?P<axis>\w+))?")
_SCORE = re.compile(r":? ?\bSpearman\b")
MEAN_PART, AXIS_PARTS, FINE_TUNED = "8ε", ("8β", "8γ", "8δ"), "9δ"
# Of more values than these, the ones that a table of the part tells are not told twice.
MANY_VALUES = 12
ACCURACY, MACRO_F1, MAJORITY = "test/accuracy", "test/macro_f1", "majority/"


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands on the title page; an empty text takes the lab's own."""

    members: tuple[Member, ...] = ()
    title: str = ""
    course: str = ""
    school: str = ""
    date: str = ""


@dataclass(frozen=True)
class Told:
    """A part with its newest finished run, if there is one.

    Attributes
    ----------
    current
        Whether the run was made on the data as they are now.
    """

    part: Part
    run: RunFolder | None
    result: Result | None
    current: bool = True

    @property
    def record(self) -> Mapping[str, Any]:
        """The run's record; empty without a run."""
        return {} if self.run is None else self.run.record


def gather(session: Session) -> list[tuple[Step, list[Told]]]:
    """Return every step with what the session has of its parts."""
    return [(step, [_told(session, part) for part in step.parts]) for step in catalogue()]


def report_of(session: Session, heading: Heading, language: str) -> Report:
    """Return the report of a session.

    Parameters
    ----------
    session
        Whose newest finished results and answers are told.
    heading
        What stands on the title page.
    language
        ``en`` or ``el``.
    """
    steps = [(step, [_in_language(one, language) for one in parts]) for step, parts in gather(session)]
    told = [one for _, parts in steps for one in parts]
    answers = session.answers()
    sections = [_summary(session, told, answers, language)]
    sections += [_step(step, parts, answers, language) for step, parts in steps]
    shown = [step.id for step, parts in steps if any(one.result or answers.get(one.part.id) for one in parts)]
    listed = Facts(tuple((f"[{i}]", text) for i, text in enumerate(references_of(shown), 1)))
    sections.append(Section(word("references", language), (listed,)))
    sections.append(_appendix(session, told, language))
    return Report(
        title=heading.title or word("title", language),
        course=heading.course or word("course", language),
        school=heading.school or word("school", language),
        members=heading.members,
        date=heading.date or written_date(time.localtime(), language),
        language=language,
        sections=tuple(sections),
    )


def _in_language(one: Told, language: str) -> Told:
    return one if one.result is None else replace(one, result=in_language(one.result, language))


def stem_of(part: Part, name: str) -> str:
    """Return the name of a figure's files, without an ending."""
    return f"{part.ascii_id}-{name}".replace("/", "-")


def _told(session: Session, part: Part) -> Told:
    found = newest_result(session, part) if part.built else None
    stored = found.run.result() if found is not None else None
    if found is None or stored is None:
        return Told(part, None, None)
    return Told(part, found.run, results.from_json(stored), found.current)


def _summary(session: Session, told: Sequence[Told], answers: Mapping[str, str], language: str) -> Section:
    asked = [one.part for one in told if one.part.asks]
    finished = [one.part.id for one in told if one.result is not None]
    done, total = done_of(catalogue(), finished, answers)
    facts = Facts(
        (
            (word("session", language), session.name),
            (word("data", language), str(session.data_root or "–")),
            (word("done parts", language), f"{done} / {total}"),
            (word("answered", language), f"{sum(part.id in answers for part in asked)} / {len(asked)}"),
        )
    )
    tables = [table for table in (_genre_table(told, language), _emotion_table(told, language)) if table is not None]
    text = Paragraph(word("made with", language))
    return Section(word("summary", language), (facts, text, *(TableBlock(table) for table in tables)))


def _genre_table(told: Iterable[Told], language: str) -> Table | None:
    """Return accuracy and macro-F1 of every genre model that the session has tested, and of the majority class.

    Where models were tested on different sets, each set's majority class has a row that names their parts.
    """
    rows: list[tuple[Cell, ...]] = []
    floors: dict[tuple[str, ...], list[str]] = {}
    reasons: list[str] = []
    shown: list[Told] = []
    for one in told:
        values = one.result.values if one.result is not None and one.part.of_genres else {}
        names = [name for name in values if name.endswith(ACCURACY) and name.replace(ACCURACY, MACRO_F1) in values]
        shown += [one] if names else []
        # Where a part tells of several models, the one without a prefix is the leading one of them once more.
        for name in [n for n in names if n != ACCURACY] or names:
            model = " ".join(filter(None, (one.part.title.to(language), name.removesuffix(ACCURACY).strip("/"))))
            scores = (values[name], values[name.replace(ACCURACY, MACRO_F1)])
            rows.append((one.part.id, model, *map(_score, scores)))
            reasons += [score.reason for score in scores if score.number is None]
        if names and f"{MAJORITY}accuracy" in values:
            floor = tuple(_score(values[f"{MAJORITY}{name}"]) for name in ("accuracy", "macro_f1"))
            floors.setdefault(floor, []).append(one.part.id)
    if not rows:
        return None
    for floor, parts in floors.items():
        rows.append((", ".join(parts) if len(floors) > 1 else "", word("majority class", language), *floor))
    columns = (word("part", language), word("model", language), "accuracy", "macro-F1")
    return Table(
        word("genre models", language), tuple(map(Column, columns)), tuple(rows), _note(reasons, shown, language)
    )


def _score(value: Value) -> str:
    return "–" if value.number is None else value_text(value)


def _note(reasons: Iterable[str], shown: Iterable[Told], language: str) -> str:
    """Return what stands below a table of models: of brackets, of dashes, and of settings that are not the defaults."""
    used = ((one.part.id, {**one.record.get("parameters", {}), **one.record.get("changed", {})}) for one in shown)
    other = noted("", other_settings(used))
    own = greek(other) if language == "el" else other
    dashes = [f"–: {reason}" for reason in dict.fromkeys(reasons)]
    # A semicolon is a question mark in Greek.
    return ("· " if language == "el" else "; ").join(filter(None, (word("brackets note", language), *dashes, own)))


def _emotion_table(told: Sequence[Told], language: str) -> Table | None:
    """Return every Spearman correlation on held-out tracks that the session has measured, a row a model.

    Where 8ε has a result, the parts of one axis each that it gathers are not told again.
    """
    gathered = any(one.part.id == MEAN_PART and one.result is not None for one in told)
    rows: dict[tuple[str, str], dict[str, str]] = {}
    reasons: list[str] = []
    for one in told:
        if one.result is not None and not (gathered and one.part.id in AXIS_PARTS):
            for model, axis, value in _correlations(one, language):
                rows.setdefault((one.part.id, model), {})[axis] = _score(value)
                reasons += [value.reason.rpartition(": ")[2]] if value.number is None else []
    if not rows:
        return None
    axes = list(dict.fromkeys(axis for found in rows.values() for axis in found))
    columns = [Column(name) for name in (word("part", language), word("model", language), *axes)]
    cells = tuple((*names, *(found.get(axis, "") for axis in axes)) for names, found in rows.items())
    shown = [one for one in told if one.result is not None and any(True for _ in _correlations(one, language))]
    return Table(word("emotion models", language), tuple(columns), cells, _note(reasons, shown, language))


def _correlations(one: Told, language: str) -> Iterable[tuple[str, str, Value]]:
    """Yield model, axis and correlation.

    What stands first without a name is left out where it is that of a model with one, and so is what a part only
    repeats of others to compare with.
    """
    values = one.result.values if one.result is not None else {}
    found = [(match, value) for name, value in values.items() if (match := _SPEARMAN.fullmatch(name))]
    several = len({match["model"] for match, _ in found}) > 1 and one.part.id != FINE_TUNED
    specs = {spec.name: spec.title.to(language) for spec in one.part.values}
    for match, value in found:
        axis = match["axis"] or str(one.record.get("parameters", {}).get("axis", ""))
        if not axis or (several and match["model"] is None):
            continue
        title = _SCORE.sub("", specs.get(match[0], match["model"] or "").replace(axis, "")).strip(" ,:")
        yield title or one.part.title.to(language), axis, value


def _step(step: Step, parts: Sequence[Told], answers: Mapping[str, str], language: str) -> Section:
    title = f"{word('step', language)} {step.id}: {step.title.to(language)}"
    if len(parts) == 1:
        return Section(title, tuple(_part(parts[0], answers, language)), step=step.id)
    inner = [
        Section(f"{one.part.id} {one.part.title.to(language)}", tuple(_part(one, answers, language))) for one in parts
    ]
    return Section(title, sections=tuple(inner), step=step.id)


def _part(one: Told, answers: Mapping[str, str], language: str) -> list[Block]:
    part, result = one.part, one.result
    blocks: list[Block] = [Paragraph(part.brief.to(language))]
    if result is not None:
        blocks += _result(one, result, language)
    elif not part.only_asks:
        blocks.append(Paragraph(word("not run" if part.built else "not built", language)))
    if part.question is not None:
        drawn = part.illustrate()
        figures = in_language(drawn, language).figures if drawn is not None else {}
        blocks += [FigureBlock(figure, stem_of(part, f"question-{name}"), part.id) for name, figure in figures.items()]
        blocks.append(Answer(part.id, part.question.to(language), answers.get(part.id, "")))
    return blocks


def _result(one: Told, result: Result, language: str) -> list[Block]:
    blocks: list[Block] = []
    if not one.current:
        blocks.append(Paragraph(word("other data", language)))
    if one.part.parameters:
        blocks.append(Paragraph(f"{word('parameters', language)}: {_changed_parameters(one, language)}."))
    if result.text:
        blocks.append(Paragraph(result.text))
    if result.values:
        blocks.append(Facts(tuple(_value_rows(one.part, result, language))))
    blocks += [TableBlock(table, one.part.id) for table in result.tables.values()]
    blocks += [FigureBlock(figure, stem_of(one.part, name), one.part.id) for name, figure in result.figures.items()]
    return blocks


def _value_rows(part: Part, result: Result, language: str) -> Iterable[tuple[str, str]]:
    specs = {spec.name: spec for spec in part.values}
    ordered = [name for name in specs if name in result.values] + [n for n in result.values if n not in specs]
    if len(ordered) > MANY_VALUES:
        told = {cell for table in result.tables.values() for row in table.rows for cell in row}
        ordered = [name for name in ordered if (number := result.values[name].number) is None or number not in told]
    for name in ordered:
        spec, value = specs.get(name, ValueSpec(name, Text(name, name))), result.values[name]
        if value.number is None:
            yield spec.title.to(language), f"{word('undefined', language)}: {value.reason}"
        else:
            unit = greek(spec.unit) if language == "el" else spec.unit
            yield spec.title.to(language), value_text(value, spec.digits, unit)


def _changed_parameters(one: Told, language: str) -> str:
    """Return the parameters that differ from their defaults, and those that were changed while the run went on."""
    defaults, live = one.part.defaults(), one.record.get("changed", {})
    begun = {**defaults, **one.record.get("parameters", {})}
    told = []
    for name, value in {**begun, **live}.items():
        notes = [f"{word('default', language)} {_plain(defaults[name])}"] if value != defaults.get(name, value) else []
        if name in live:
            notes.append(word("changed live", language).format(_plain(begun.get(name, "–"))))
        if name in defaults and notes:
            told.append(f"{name} = {_plain(value)} ({', '.join(notes)})")
    # A semicolon is a question mark in Greek.
    between = "· " if language == "el" else "; "
    # Below it stands which models were trained with others.
    own = "own " if one.result is not None and tells(one.result) else ""
    return between.join([*told, word(f"{own}rest default" if told else f"{own}defaults", language)])


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _appendix(session: Session, told: Sequence[Told], language: str) -> Section:
    ran = [one for one in told if one.run is not None]
    columns = [word(name, language) for name in ("part", "run", "seed", "device", "time", "data")]
    rows = tuple(_run_row(one) for one in ran)
    inner = [
        Section(word("settings", language), (Facts(tuple((one.part.id, _all_parameters(one)) for one in ran)),)),
        Section(word("environment", language), (Facts(tuple(_environments(ran))),)),
        Section(word("repeat", language), (Paragraph("\n".join(commands_of(told))),)),
    ]
    table = Table(word("run", language), tuple(Column(name, digits=0) for name in columns), rows)
    return Section(word("appendix", language), (TableBlock(table),) if ran else (), tuple(inner) if ran else ())


def _run_row(one: Told) -> tuple[Cell, ...]:
    assert one.run is not None
    follower = Follower(one.run)
    seconds = (follower.poll() or follower.snapshot).seconds
    record = one.record
    return (
        one.part.id,
        one.run.id,
        int(record.get("seed", 0)),
        str(record.get("device", "")),
        duration(seconds),
        str(record.get("data", ""))[:12],
    )


def _all_parameters(one: Told) -> str:
    used = {**one.part.defaults(), **one.record.get("parameters", {}), **one.record.get("changed", {})}
    return ", ".join(f"{name} = {_plain(value)}" for name, value in used.items()) or "–"


def _environments(ran: Iterable[Told]) -> Iterable[tuple[str, str]]:
    """Yield each environment that a run was made in, with the parts it was used for."""
    found: dict[str, list[str]] = {}
    for one in ran:
        environment = {k: v for k, v in one.record.get("environment", {}).items() if k != "device"}
        found.setdefault(", ".join(f"{name} {value}" for name, value in environment.items()), []).append(one.part.id)
    for number, (text, parts) in enumerate(found.items(), 1):
        yield str(number), f"{text or '–'}\n{', '.join(parts)}"


def commands_of(told: Iterable[Told]) -> list[str]:
    """Return a command for each run that makes it again."""
    lines = []
    for one in told:
        if one.run is None:
            continue
        defaults, record = one.part.defaults(), one.record
        used = {**record.get("parameters", {}), **record.get("changed", {})}
        sets = [f"--set {n}={_plain(v)}" for n, v in used.items() if n in defaults and v != defaults[n]]
        seed = f"--seed {record.get('seed', 0)}"
        lines.append(" ".join(["python -m workbench --step", one.part.ascii_id, seed, *sets]))
    return lines
