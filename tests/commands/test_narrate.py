"""What a batch tells while it works, to a log and to a terminal."""

from __future__ import annotations

import argparse
from dataclasses import replace

import pytest

from labsteps.catalogue import catalogue
from workbench.commands import narrate
from workbench.commands.narrate import Bars, Narrator, Silent, Watch, narrator, standing
from workbench.commands.outcome import Outcome
from workbench.commands.output import print_outcome
from workbench.exits import Exit
from workbench.runner.follow import Message, Position, Snapshot
from workbench.store.run import RunState

EPOCHS = tuple(
    {"epoch": n, "epochs": 5, "seconds": 60.0, "train_loss": 2.0 / n, "validation_loss": 2.1 / n} for n in (1, 2)
)
LIVE = Snapshot("run-1", "7.1β", RunState.RUNNING, epochs=EPOCHS, position=Position(9, 3, 5, 1, 4, 0.5, 1.0, 1e-3))


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_log_gets_a_line_a_minute_when_an_epoch_takes_long(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    say = Narrator(clock)
    told = replace(LIVE, messages=(Message(1.0, "info", "epoch 2/5"),))
    say.snapshot(told)
    for clock.now in (30.0, 59.0, 60.0, 61.0, 119.0, 120.0):
        say.snapshot(told)
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["  epoch 2/5", *["  epoch 3/5  batch 1/4  loss 0.5000  45%  2 min 45 s left"] * 2]


def test_what_a_run_says_does_not_reach_the_terminal_as_an_order(capsys: pytest.CaptureFixture[str]) -> None:
    Narrator().snapshot(replace(LIVE, messages=(Message(1.0, "warning", "class \x1b[2JRock\x07\u202e"),)))
    assert capsys.readouterr().err == "  class \\x1b[2JRock\\x07\\u202e\n"


def test_a_phase_and_a_start_are_told_as_what_they_are() -> None:
    assert standing(replace(LIVE, phase=("packing", 3, 9))) == "packing: 3 of 9"
    assert standing(Snapshot("run-1", "7.1β", RunState.QUEUED)) == "queued"
    assert standing(replace(LIVE, section="seed-1")).startswith("seed-1  epoch 3/5")


def test_quiet_is_silent_but_for_what_went_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    part, say = catalogue().parts["5δ"], Silent()
    say.snapshot(replace(LIVE, messages=(Message(1.0, "info", "epoch 2/5"),)))
    print_outcome(Outcome(part, "failed", reason="mel: one class alone\nAdd another.", exit=Exit.DATA), say)
    print_outcome(Outcome(part, "skipped", reason="5γ has no result", exit=Exit.FAILED), say)
    print_outcome(Outcome(part, "running"), say)
    assert capsys.readouterr().err == "5δ  failed: mel: one class alone\n5δ  skipped: 5γ has no result\n"


def test_who_narrates_follows_from_options_and_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = argparse.Namespace(quiet=False, watch=True)
    assert type(narrator(chosen)) is Narrator
    monkeypatch.setattr(narrate.sys.stderr, "isatty", lambda: True)
    assert type(narrator(chosen)) is Watch
    assert type(narrator(argparse.Namespace())) is Bars
    assert type(narrator(argparse.Namespace(quiet=True))) is Silent
    monkeypatch.setenv("WORKBENCH_WATCH", "on")
    assert type(narrator(argparse.Namespace())) is Watch


def test_watching_draws_the_curve_and_takes_it_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    say = Watch()
    say.snapshot(LIVE)
    drawn = capsys.readouterr().err
    assert "7.1β  epoch 3/5" in drawn and "Loss" in drawn
    say.snapshot(replace(LIVE, state=RunState.FINISHED))
    say.line("finished \x1b[2J")
    assert "\\x1b" in capsys.readouterr().err
