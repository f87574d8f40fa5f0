"""What there is of a run's times where somebody asks for them: whether it is to be made again, and whether it tells."""

from __future__ import annotations

from labsteps.catalogue import Kind, Part
from workbench.runner.jobs import Found, Job, data_fingerprint, find_run
from workbench.runner.profiles import is_measured, lacks_profile, profiles
from workbench.store.run import RunFolder


def has_to_be_measured(job: Job) -> bool:
    """Return whether a job is finished and its run does not tell where all of its time went."""
    there = find_run(job, data_fingerprint(job.session.data_root, job.part))
    return there is not None and there[1] is Found.FINISHED and lacks_profile(job.part, there[0])


def tells_its_time(part: Part, run: RunFolder, found: Found) -> bool | None:
    """Return whether a run that was asked for its times has them, or will; None of a part that trains nothing."""
    if Kind.RUN not in part.kinds:
        return None
    return bool(profiles(run)) if found is Found.FINISHED else found is not Found.LIVE or is_measured(run)
