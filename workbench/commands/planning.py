"""A plan in words and as data: for ``--dry-run``, and before a batch begins."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from labsteps.abilities import check
from labsteps.catalogue import Catalogue
from labsteps.errors import ParameterError
from workbench.commands import output
from workbench.commands.choose import find_session, planned_root, sessions_of, usable_data
from workbench.config import configured
from workbench.exits import Exit
from workbench.plots.text import cells, fit, printable
from workbench.runner.course import Span
from workbench.runner.devices import resolve_device
from workbench.runner.estimate import Estimate, history_of
from workbench.runner.jobs import require_prerequisites
from workbench.runner.plan import Action, Order, Plan, PlannedPart, make_plan, told_of, total_of
from workbench.speaking import field, said, told
from workbench.store.session import Session

_TITLE = 40
_WORDS = {
    Action.RUN: "run",
    Action.RESUME: "resume",
    Action.FOLLOW: "follow",
    Action.REUSE: "reuse",
    Action.QUESTION: "question",
    Action.SKIP: "skip",
}


def dry_run(
    options: argparse.Namespace,
    lab: Catalogue,
    order: Order,
) -> int:
    """Print what ``--step`` would do and how long it would take; nothing is started or written.

    Raises
    ------
    DataError, PrerequisiteError
        As the batch itself would.
    """
    session = find_session(options)
    root = planned_root(options, session)
    device = resolve_device(str(configured("device", options, session)))
    seed = int(configured("seed", options, session))
    parts = [part for part in order.parts(lab) if part.built]
    problems = usable_data(root, parts, order.wanted) if root is not None and root.exists() else {}
    if not order.prerequisites:
        for part in order.wanted:
            if part.built and part.id not in problems:
                require_prerequisites(session, part, order.settings(part), root, lab.parts)
    order = replace(order, seed=seed, problems=problems)
    plan = make_plan(order, lab, session, root, history_of(sessions_of(options), session, device))
    language = output.language_of(options, session)
    if output.wants_json(options):
        print(json.dumps(plan_json(plan, session, root, device, seed, language), ensure_ascii=False, indent=1))
        return Exit.DONE
    where = session.name if session is not None else "a new one"
    print(told(f"session {where} · data {root or 'the demo set, to be built'} · {device} · seed {seed}"))
    for line in plan_lines(plan, language):
        print(printable(line))
    return Exit.DONE


def refuse_unable(options: argparse.Namespace, lab: Catalogue, order: Order) -> None:
    """Refuse settings that this machine cannot compute with, before anything is made; what is there may be shown.

    Raises
    ------
    ParameterError
        Names the first of them.
    """
    session = find_session(options)
    device = resolve_device(str(configured("device", options, session)))
    refusals: dict[str, ParameterError] = {}
    for part in order.parts(lab):
        try:
            check(order.settings(part), device)
        except ParameterError as error:
            refusals[part.id] = error
    root = planned_root(options, session)
    if refusals and session is not None and root is not None and root.exists():
        seed = int(configured("seed", options, session))
        plan = make_plan(replace(order, seed=seed), lab, session, root, None)
        begun = {planned.part.id for planned in plan.parts if planned.action is Action.RUN}
        refusals = {part: error for part, error in refusals.items() if part in begun}
    for refusal in refusals.values():
        raise refusal


def plan_lines(plan: Plan, language: str) -> Iterator[str]:
    """Return a plan in lines: what happens to each part, how long it takes, and what that rests on."""
    for planned in plan.parts:
        title = fit(planned.part.title.to(language), _TITLE)
        title += " " * (_TITLE - cells(title))
        yield f"  {planned.part.id:<7}{title}  {field(_WORDS[planned.action], 11)}{_detail(planned)}".rstrip()
    yield f"  {total_of(plan, said)}"


def _detail(planned: PlannedPart) -> str:
    if planned.estimate is not None:
        there = f" (run {planned.run.id})" if planned.run is not None else ""
        why = f"  {said(planned.reason)}" if planned.reason else ""
        return f"{told_of(planned.estimate.span):>14}  {said(planned.rests or str(planned.estimate.basis))}{there}{why}"
    if planned.run is not None:
        return f"{'':>14}  {planned.run.id}{f'  {said(planned.reason)}' if planned.reason else ''}"
    if planned.action.works:
        unknown = said(planned.unknown or "no estimate")
        return f"{'':>14}  {unknown}" + (f"  {said(planned.reason)}" if planned.reason else "")
    return f"{'':>14}  {said(planned.reason)}" if planned.reason else ""


def plan_json(
    plan: Plan, session: Session | None, root: Path | None, device: str, seed: int, language: str
) -> dict[str, Any]:
    """Return a plan as plain data."""
    return {
        "format": 1,
        "session": session.name if session is not None else None,
        "data_root": str(root) if root is not None else None,
        "device": device,
        "seed": seed,
        "plan": [_planned_json(planned, language) for planned in plan.parts],
        **_seconds(plan.span),
    }


def _planned_json(planned: PlannedPart, language: str) -> dict[str, Any]:
    estimate = planned.estimate
    return {
        "part": planned.part.id,
        "title": planned.part.title.to(language),
        "action": str(planned.action),
        "wanted": planned.wanted,
        "reason": planned.reason,
        "run": planned.run.id if planned.run is not None else None,
        "seconds": None if estimate is None else round(estimate.seconds, 3),
        "estimate": None if estimate is None else _estimate_json(estimate),
        "no_estimate": planned.unknown,
    }


def _estimate_json(estimate: Estimate) -> dict[str, Any]:
    about = {"basis": str(estimate.basis), "detail": estimate.detail, "run": estimate.run or None}
    return {**about, **_seconds(estimate.span)}


def _seconds(span: Span) -> dict[str, float]:
    ends = {"seconds": span.likely, "seconds_low": span.low, "seconds_high": span.high}
    return {name: round(value, 3) for name, value in ends.items()}
