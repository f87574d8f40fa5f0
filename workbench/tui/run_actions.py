"""What can be done with a run of the list: open it, mark, compare, pin, note, tag, move it to the trash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.store.marks import change_tags, pin, write_note
from workbench.store.run import RunState
from workbench.tui.drafts import NoteDraft
from workbench.tui.history import RunRow
from workbench.tui.screens.dialogs import AskScreen
from workbench.tui.widgets.field import Field

if TYPE_CHECKING:
    from labsteps.catalogue import Part
    from workbench.store.session import Session
    from workbench.tui.app import WorkbenchApp
    from workbench.tui.bench import Bench, Started
    from workbench.tui.views import LabView


def said_of_start(part_id: str, started: Started) -> str:
    """Return what is said when a run was asked for, by what was found of it and whether it waits for its turn."""
    found = str(started.found)
    if found == "live" and started.measured is False:
        return f"{part_id} goes on already, and its time is not measured; P again when it has ended."
    if started.queued and found != "finished":
        return f"{part_id} waits for its turn on the device; it starts by itself, and goes on if you leave."
    if started.measured and found == "finished":
        return f"{part_id} is finished and its time was measured: the last page of 4 tells. R runs it again."
    if started.measured and found == "new":
        measured = "the time of its trainings is measured: the last page of 4 will tell"
        return f"{part_id} runs and {measured}. It goes on if you leave."
    return {
        "finished": f"{part_id} is finished with these settings; R runs it again.",
        "live": f"{part_id} goes on already.",
        "resumable": f"{part_id} is taken up where it was saved.",
        "new": f"{part_id} runs; it goes on if you leave.",
    }[found]


def said_of_plan(count: int) -> str:
    """Return what is said when a plan was started, by how many of its parts there are to run."""
    return f"{count} to run, one after the other; they go on if you leave. s on the live one stops them all."


def begun_otherwise(bench: Bench, part: Part, view: LabView) -> bool:
    """Tell whether the run in sight has other parameters than the next one, and is the one that r is to take up.

    What was given with a run is no setting of its part, so that the run cannot be found by the settings.  One that
    was begun elsewhere gives way to what was changed here.
    """
    shown = view.snapshot
    row = next((row for row in view.history if shown is not None and row.run_id == shown.run_id), None)
    if row is None:
        return False
    had = {**part.defaults(), **row.settings}
    chosen = bench.pinned.get(part.id) == row.run_id
    left = row.state is RunState.INTERRUPTED and not bench.draft(part) and not view.finished(part.id)
    return (chosen or left) and any(had[name] != value for name, value in bench.settings(part).items())


def ask_of_run(app: WorkbenchApp, what: str, row: RunRow) -> None:
    """Do something with a run of the open session.

    Raises
    ------
    MissingError
        If the run is not there any more.
    """
    session = app.bench.session
    if session is None:
        return
    if what == "open":
        _open(app, row)
    elif what == "mark":
        app.bench.mark(row.run_id)
        app.tell(_marked(app))
        app.relay_all()
    elif what == "compare":
        _compare(app, row)
    elif what == "pin":
        run, pinned = session.run(row.run_id), not row.marks.pinned
        said = "It is the baseline now; others are compared with it." if pinned else "It is no baseline any more."
        app.do(lambda: pin(run, pinned=pinned), said)
    elif what == "note":
        _ask_note(app, session, row)
    elif what == "tag":
        run = session.run(row.run_id)
        old = row.marks.tags

        def accept(text: str) -> None:
            tags = [tag.strip() for tag in text.split(",") if tag.strip()]
            change_tags(run, add=tags, remove=[tag for tag in old if tag not in tags])

        fields = [Field("tags", ", ".join(old), "short words, with commas between them")]
        app.push_screen(AskScreen(f"Tags of a run of {row.part}", fields, accept), lambda _: app.look_again())
    elif what == "delete":
        app.do(lambda: app.bench.remove(row.run_id), "It is in the trash of the session; u takes it back.")


def _ask_note(app: WorkbenchApp, session: Session, row: RunRow) -> None:
    run, draft = session.run(row.run_id), NoteDraft(session, row.run_id)
    left = draft.read()
    old, about = " ".join(row.marks.note.split()), "in your own words; empty takes it away"
    if left is not None:
        old, about = left, "as it stood when the app ended; empty takes the note away"

    def closed(_: bool | None) -> None:
        app.run_worker(draft.forget, group="note", thread=True)
        app.look_again()

    def accept(text: str) -> None:
        write_note(run, text, replace=True)

    fields = [Field("note", old, about)]
    app.push_screen(AskScreen(f"Note on a run of {row.part}", fields, accept, keep=draft.keep), closed)


def _open(app: WorkbenchApp, row: RunRow) -> None:
    app.bench.pinned[row.part] = row.run_id
    app.look_again()
    app.show_tab("result" if row.state is RunState.FINISHED else "run")


def _compare(app: WorkbenchApp, row: RunRow) -> None:
    runs = list(dict.fromkeys([*app.bench.marked, row.run_id]))
    if len(runs) == 1:
        others = [one for one in app.view.history if one.run_id != row.run_id and one.state is RunState.FINISHED]
        baseline = next((one for one in others if one.marks.pinned), others[0] if others else None)
        if baseline is None:
            app.tell("There is nothing to compare it with: mark runs with space, of other parts too, and press c.")
            return
        runs = [row.run_id, baseline.run_id]
    app.compare(runs)


def _marked(app: WorkbenchApp) -> str:
    count = len(app.bench.marked)
    if not count:
        return "No run is marked."
    return f"{count} run{'s' if count > 1 else ''} marked; c compares."
