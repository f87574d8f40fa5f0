"""The list of steps and parts with their state, as plain text or JSON."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from labsteps.catalogue import Kind, Part, catalogue
from workbench.commands.choose import sessions_of
from workbench.commands.output import language_of
from workbench.counting import done_of, is_done
from workbench.exits import Exit
from workbench.greek import say
from workbench.speaking import in_words
from workbench.store.errors import StoreError
from workbench.store.run import RunState
from workbench.store.session import Session
from workbench.wording import NEEDS_YOU, NOT_BUILT, state_sign, state_word


def list_steps(options: argparse.Namespace) -> int:
    """Print every step and part; with a session, the state of each."""
    session = _session(options)
    states = part_states(session) if session is not None else {}
    answers = session.answers() if session is not None else {}
    finished = finished_parts(session) if session is not None else set()
    if getattr(options, "json", False):
        print(json.dumps(_as_json(session, states, answers, finished), ensure_ascii=False, indent=1))
        return Exit.DONE
    language = language_of(options, session)
    ascii_only = "utf" not in (sys.stdout.encoding or "").lower()
    wide = len(", ".join(say(str(kind), language) for kind in Kind)) + 1
    for step in catalogue():
        head = say("Step {}", language).format(step.id) if in_words() else f"{step.id:>4}"
        print(f"{head}  {step.title.to(language)}")
        for part in step.parts:
            state = states.get(part.id)
            sign = part_sign(part, state, answered=part.id in answers, ascii_only=ascii_only)
            kinds = ", ".join(say(str(kind), language) for kind in Kind if kind in part.kinds)
            title = part.title.to(language)
            word = say(part_word(part, state, answered=part.id in answers), language)
            if state is not None and state.live and part.id in finished:
                word += f", {say('finished before', language)}"
            print(f"      {sign} {part.id:<7}{title:<46.46} {kinds:<{wide}} {word}")
    if session is not None:
        done, total = done_of(catalogue(), finished, answers)
        print(say(f"{done} of {total} done", language))
    return Exit.DONE


def part_states(session: Session) -> dict[str, RunState]:
    """Return the state of the newest run of each part that has one, a finished one before an interrupted one."""
    states: dict[str, RunState] = {}
    for run in session.runs():
        try:
            part = str(run.record.get("part", ""))
        except StoreError:
            continue
        state = run.state
        if state.live or states.get(part) is not RunState.FINISHED:
            states[part] = state
    return states


def finished_parts(session: Session) -> set[str]:
    """Return the parts that have a finished run, also those that are run again: what is done stays done."""
    found = set()
    for run in session.runs():
        try:
            part = str(run.record.get("part", ""))
        except StoreError:
            continue
        if part not in found and run.state is RunState.FINISHED:
            found.add(part)
    return found


def parts_done(session: Session) -> tuple[int, int]:
    """Return how many of the lab's parts are done in a session, and how many there are to do."""
    return done_of(catalogue(), finished_parts(session), session.answers())


def part_sign(part: Part, state: RunState | None, *, answered: bool, ascii_only: bool) -> str:
    """Return the sign before a part; one that waits for an answer alone needs the user."""
    waiting = part.asks and not answered
    if waiting and (part.only_asks or state is RunState.FINISHED):
        return NEEDS_YOU[ascii_only]
    if part.only_asks and part.asks:
        return state_sign(RunState.FINISHED, ascii_only=ascii_only)
    return state_sign(state, ascii_only=ascii_only) if part.built else NOT_BUILT[ascii_only]


def part_word(part: Part, state: RunState | None, *, answered: bool) -> str:
    """Return the state of a part in words, with that of its answer where it asks something."""
    if not part.asks:
        return state_word(part, state)
    word = "answered" if answered else "not answered"
    if part.only_asks:
        return word
    # Before its evidence is there, an answer is not what a part waits for.
    return f"{state_word(part, state)}, {word}" if answered or state is RunState.FINISHED else state_word(part, state)


def part_status(part: Part, state: RunState | None, answers: dict[str, str]) -> str:
    """Return the state of a part for programs, which find that of its answer beside it."""
    if part.only_asks and part.asks:
        return part_word(part, state, answered=part.id in answers)
    return state_word(part, state)


def _session(options: argparse.Namespace) -> Session | None:
    sessions = sessions_of(options)
    name = getattr(options, "session", None) or sessions.last()
    return sessions.open(name) if name else None


def _as_json(
    session: Session | None, states: dict[str, RunState], answers: dict[str, str], finished: set[str]
) -> dict[str, Any]:
    done, total = done_of(catalogue(), finished, answers)
    return {
        "format": 1,
        "session": session.name if session else None,
        "done": done,
        "total": total,
        "steps": [
            {
                "step": step.id,
                "title": step.title.en,
                "title_el": step.title.el,
                "parts": [
                    {
                        "part": part.id,
                        "title": part.title.en,
                        "title_el": part.title.el,
                        "kinds": sorted(part.kinds),
                        "built": part.built or (part.only_asks and part.asks),
                        "status": part_status(part, states.get(part.id), answers),
                        "question": None if part.question is None else part.question.en,
                        "question_el": None if part.question is None else part.question.el,
                        "answered": part.id in answers if part.asks else None,
                        "done": (part.built or part.asks) and is_done(part, finished, answers),
                        "needs": list(part.needs),
                        "parameters": {p.name: p.default for p in part.parameters},
                    }
                    for part in step.parts
                ],
            }
            for step in catalogue()
        ],
    }
