"""Take up a run that was interrupted or failed, as it was begun."""

from __future__ import annotations

from labsteps.catalogue import Part
from labsteps.errors import UsageError
from workbench.runner.jobs import DataChangedError, data_fingerprint
from workbench.runner.launch import launch
from workbench.store.run import RunFolder, RunState
from workbench.store.session import Session


def take_up(session: Session, run: RunFolder, part: Part, *, profile: bool = False) -> None:
    """Start the worker of an interrupted or failed run again; it goes on from its last checkpoint.

    With `profile` it measures where its time goes from now on; one that was begun so does so anyway.

    Raises
    ------
    UsageError
        If the run is finished.
    DataChangedError
        If the data are not those it began with.
    LaunchError
        If the worker does not begin.
    """
    if run.state is RunState.FINISHED:
        raise UsageError(f"Run {run.id} is finished. `run` with --force makes a new one.")
    if run.record.get("data", "") != data_fingerprint(session.data_root, part):
        raise DataChangedError(
            f"Run {run.id} of {part.id} was made on other data than those in {session.data_root}, so it cannot go on."
        )
    launch(run, profile=profile)
