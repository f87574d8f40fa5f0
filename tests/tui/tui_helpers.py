"""A small lab, runs and results written by hand, and what is on the screen as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from textual._context import visible_screen_stack
from textual.app import App
from textual.command import CommandList
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, TextArea

from labsteps.catalogue import Catalogue, Kind, Part, Step, ValueSpec
from labsteps.parameter import Parameter
from labsteps.results import Axis, Column, Curve, Heatmap, Result, Series, Table, Value, to_json
from labsteps.text import Text
from workbench.runner.follow import Message, Position, Snapshot
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session
from workbench.tui.palette import Palette
from workbench.tui.screens.lab import LabScreen
from workbench.tui.views import LabView, LiveRun, PartView, ResultView
from workbench.tui.widgets.tabs import TABS

OfKind = TypeVar("OfKind", bound=Widget)
SIZES = {"80x24": (80, 24), "160x45": (160, 45)}
CLASSES = ("Blues", "Classical", "Electronic", "Folk", "Hip-Hop", "Jazz", "Metal", "Pop", "Rock", "Trip-Hop")


def both(text: str) -> Text:
    return Text(text, text)


PARAMETERS = (
    Parameter("epochs", 30, both("passes over the training part"), 1, 10_000),
    Parameter("learning_rate", 1e-3, both("peak learning rate"), 1e-7, 1.0),
    Parameter("mode", "auto", both("how exactly a resumed run repeats"), choices=("auto", "exact", "fast")),
    Parameter("crop_frames", 256, both("frames of a random crop"), 0, 100_000, unit="frames"),
)
VALUES = (
    ValueSpec("test/accuracy", both("accuracy")),
    ValueSpec("test/macro_f1", both("macro-F1")),
    ValueSpec("majority/accuracy", both("majority class, accuracy")),
    ValueSpec("best_epoch", both("best epoch"), better="", digits=0),
)


def part(part_id: str, title: str, kinds: set[Kind], **more: Any) -> Part:
    return Part(part_id, both(title), both(f"What {title.lower()} is about."), frozenset(kinds), **more)


CNN = part(
    "7.1ε",
    "Genre from mel spectrograms",
    {Kind.RUN},
    data=("genre",),
    parameters=PARAMETERS,
    values=VALUES,
    function="labsteps.steps.none:run",
)
LAB = Catalogue(
    (
        Step(
            "5",
            both("Genre with an LSTM"),
            (part("5α", "The LSTM", {Kind.VIEW}), part("5γ", "LSTM on mel", {Kind.RUN}, data=("genre",))),
        ),
        Step(
            "7.1",
            both("2D CNN"),
            (
                part("7.1α", "Inside a CNN", {Kind.VIEW, Kind.QUESTION}),
                part("7.1γ", "Four operations", {Kind.QUESTION}),
                part("7.1δ", "Overfit check", {Kind.RUN}, data=("genre",), function="labsteps.steps.none:check"),
                CNN,
            ),
        ),
        Step("8", both("Emotion by regression"), (part("8β", "Valence", {Kind.RUN}, data=("multitask",)),)),
    )
)


def result() -> Result:
    """Return a result with ten classes."""
    rows = tuple(tuple(float(40 if i == j else (i + 2 * j) % 4) for j in range(10)) for i in range(10))
    per_class = tuple((name, 0.5, 0.25 + i / 20, 0.4, 40) for i, name in enumerate(CLASSES))
    return Result(
        values={
            "test/accuracy": Value(0.447, 0.407, 0.487),
            "test/macro_f1": Value(None, reason="no clip of one class"),
            "majority/accuracy": Value(0.179),
            "best_epoch": Value(3.0),
        },
        tables={
            "per_class": Table(
                "Scores per class",
                (Column("class"), Column("precision"), Column("recall"), Column("F1"), Column("n", digits=0)),
                per_class,
            )
        },
        figures={
            "loss": Curve(
                "Loss over the epochs",
                Axis("epoch"),
                Axis("loss"),
                (Series("train", (1.0, 2.0, 3.0), (2.3, 1.6, 1.2)),),
            ),
            "confusion": Heatmap(
                "Confusion matrix", Axis("predicted"), Axis("true"), CLASSES, CLASSES, rows, counts=True
            ),
        },
        text="Best epoch 3 of 3.",
    )


def record(session: Session, part_id: str = "7.1ε", **changes: Any) -> dict[str, Any]:
    """Return what a run's folder says of it."""
    chosen = LAB.parts[part_id]
    parameters = {**chosen.defaults(), **changes}
    return {"part": part_id, "parameters": parameters, "seed": 0, "data": "", "device": "cpu", "data_root": ""}


EPOCHS = (
    {"train_loss": 2.2, "validation_loss": 2.1, "validation_macro_f1": 0.21, "best_epoch": 1},
    {"train_loss": 1.7, "validation_loss": 1.8, "validation_macro_f1": 0.31, "best_epoch": 2},
    {"train_loss": 1.4, "validation_loss": 1.7, "validation_macro_f1": 0.29, "best_epoch": 2},
)


def epoch_row(number: int, epochs: int = 5) -> dict[str, Any]:
    """Return an epoch event's fields."""
    more = {"epoch": number, "epochs": epochs, "seconds": 2.0, "grad_norm": 1.5, "learning_rate": 1e-3, "step": 0}
    return {**more, **EPOCHS[(number - 1) % 3]}


@contextmanager
def running(session: Session, part_id: str = "7.1ε", **changes: Any) -> Any:
    """Hold a run as its worker would, and give it with its event writer."""
    run = session.create_run(record(session, part_id, **changes))
    with run.take(), run.writer() as events:
        events.append("started", pid=1, device="cpu")
        yield run, events


def finished(session: Session, part_id: str = "7.1ε", *, ended: int = 3, **changes: Any) -> RunFolder:
    """Return a run that has a result, after so many epochs."""
    with running(session, part_id, **changes) as (run, events):
        for number in range(1, ended + 1):
            events.append("epoch", **epoch_row(number, ended))
        run.write_result({"format": 1, "part": part_id, "run": run.id, **to_json(result())})
        events.append("finished", seconds=6.0)
    return run


def view_of_live_run(*, session: str = "demo") -> LabView:
    """Return a picture with a run under way, the same on every machine."""
    snapshot = Snapshot(
        run_id="20260101-120000000-7.1e-0001",
        part="7.1ε",
        state=RunState.RUNNING,
        epochs=tuple(epoch_row(number) for number in (1, 2, 3)),
        position=Position(58, 4, 5, 4, 10, 1.3, 1.2, 4.2e-4),
        messages=tuple(Message(1_000_000.0 - 5 * i, "info", f"message {9 - i}") for i in range(9, -1, -1)),
        seconds=8.0,
        saved=999_988.0,
        events=20,
    )
    return LabView(
        session=session,
        data_root="/data/music",
        device="cpu (auto)",
        selected="7.1ε",
        parts={"7.1ε": PartView(RunState.RUNNING, snapshot.run_id), "7.1δ": PartView(RunState.FAILED, "x")},
        live=(LiveRun(snapshot.run_id, "7.1ε", RunState.RUNNING, 0.68),),
        snapshot=snapshot,
        within=((3.2, 1.38), (3.4, 1.3)),
        folder=f"/home/user/sessions/demo/runs/{snapshot.run_id}",
    )


def view_of_result(*, session: str = "demo") -> LabView:
    """Return a picture with a finished run, the same on every machine."""
    run_id = "20260101-120000000-7.1e-0001"
    folder = Path("/home/user/sessions/demo/runs") / run_id
    shown = ResultView("7.1ε", run_id, folder, result(), {"epochs": 3}, 999_880.0)
    snapshot = Snapshot(run_id, "7.1ε", RunState.FINISHED, epochs=tuple(epoch_row(n, 3) for n in (1, 2, 3)))
    parts = {"7.1ε": PartView(RunState.FINISHED, run_id, ".447")}
    return LabView(session, "/data/music", "cpu (auto)", "7.1ε", parts, (), snapshot, (), shown, folder=str(folder))


def screen_strips(app: App[Any]) -> list[Strip]:
    """Return what is on the screen, a line a row."""
    # What lies below a dialog is drawn with it, and kept by Textual: a look without it would take it off the screen.
    visible_screen_stack.set(app._background_screens)
    return app.screen._compositor.render_strips()


def screen_text(app: App[Any]) -> str:
    """Return what is on the screen as text, a line a row."""
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in screen_strips(app))


async def until(pilot: Pilot[Any], condition: Callable[[], bool], what: str) -> None:
    """Wait until something holds, and fail with the screen when it does not come to hold."""
    for _ in range(1000):
        await pilot.pause(0.02)
        if condition():
            return
    raise AssertionError(f"{what} did not come:\n{screen_text(pilot.app)}")


async def until_text(pilot: Pilot[Any], text: str) -> None:
    """Wait until a text is on the screen."""
    await until(pilot, lambda: text in screen_text(pilot.app), repr(text))


async def until_told(pilot: Pilot[Any], told: Sequence[str], text: str) -> None:
    """Wait until the app has said a text, which may have gone since."""
    await until(pilot, lambda: any(text in one for one in told), repr(text))


async def until_there(pilot: Pilot[Any], kind: type[OfKind]) -> OfKind:
    """Wait until the screen has a widget, which one that is being opened has not yet, and return it."""
    await until(pilot, lambda: bool(pilot.app.screen.query(kind)), kind.__name__)
    return pilot.app.screen.query_one(kind)


async def until_highlighted(pilot: Pilot[Any], text: str) -> None:
    """Wait until the highlighted line of the palette begins with a text, and its search is over."""

    def there() -> bool:
        screen = pilot.app.screen
        option = screen.query_one(CommandList).highlighted_option if isinstance(screen, Palette) else None
        searching = any(worker.node is screen and not worker.is_finished for worker in pilot.app.workers)
        return option is not None and str(option.prompt).startswith(text) and not searching

    await until(pilot, there, f"the line {text!r}")


async def press_there(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys as somebody does who looks: one behind the number of a tab once that tab's pane takes the keys."""
    for key in keys:
        lab = pilot.app.screen if isinstance(pilot.app.screen, LabScreen) else None
        turns = key.isdigit() and not isinstance(pilot.app.focused, Input | TextArea)
        await pilot.press(key)
        # The small lab has questions without a place for the answer.
        if lab is not None and turns and tuple(TABS)[int(key) - 1] in lab.panel.shown_tabs:
            await until(pilot, lambda lab=lab: lab.panel.has_focus_within, f"the pane of {key}")


def pressing(*keys: str, until: str) -> Callable[[Pilot[Any]], Any]:
    """Return what presses keys in a still app and waits for a text, before a picture is taken."""

    async def press(pilot: Pilot[Any]) -> None:
        await until_text(pilot, "7.1ε")
        await press_there(pilot, *keys)
        await until_text(pilot, until)
        await pilot.pause(0.1)

    return press
