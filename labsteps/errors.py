"""What can go wrong in the lab, one class a kind.

Every message names the file, the value and the way out, and is written for the person at the screen.
The front ends map each class to an exit code; none of them shows a traceback for these.
"""

from __future__ import annotations

from collections.abc import Sequence


class LabError(Exception):
    """Base of every error that a user can cause or mend."""


class UsageError(LabError):
    """A name, value or combination of values that cannot be meant."""


class UnknownPartError(UsageError):
    """A step or part id that the catalogue does not have."""


class ParameterError(UsageError):
    """A parameter that a part does not take, or a value outside its range."""


class DeviceError(UsageError):
    """A device that this machine does not have."""


class NotBuiltError(UsageError):
    """A part that the catalogue describes and this version cannot run yet."""


class PrerequisiteError(UsageError):
    """A part whose earlier results are not there yet."""


class WeightsError(UsageError):
    """Published weights that a run is to begin with and that are not here."""


class DataError(LabError):
    """Data missing or malformed.

    Parameters
    ----------
    message
        One sentence that names the folder or file and what is wrong with it.
    problems
        Every problem found, one line each, with file and line number where there is one.
    """

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class NoRoomError(DataError):
    """A disk without room for what is to be made of the data."""


class LeftoverError(UsageError):
    """A folder that holds what another extraction has made.

    Parameters
    ----------
    message
        One sentence that names the folder and the ways out.
    problems
        What is left over there, one line a kind.
    """

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class DownloadError(LabError):
    """A download that did not come, broke off, or brought something else."""


class TrainingError(LabError):
    """A run that cannot go on, for instance because its loss is not finite."""


class StopRequestedError(Exception):
    """Raised inside a part to leave it after a stop was asked for and its state is saved.

    Not a `LabError`: nothing is wrong, and the run can be resumed.
    """
