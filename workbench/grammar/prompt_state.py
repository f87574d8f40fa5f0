"""What the prompt keeps between two commands, for the verbs that read or change it."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labsteps.catalogue import Part
    from labsteps.context import ParameterValue


class LeavePrompt(Exception):
    """The user wants to leave the prompt."""


@dataclass
class PromptState:
    """What the prompt keeps.

    Attributes
    ----------
    session
        Folder of the session that is open; None before there is one.
    drafts
        Parameters for the runs to come, by part; those under ``""`` are for every part that takes them.
    """

    session: Path | None = None
    drafts: dict[str, dict[str, ParameterValue]] = field(default_factory=dict)

    def keep(self, part: str, name: str, value: ParameterValue | None) -> None:
        """Keep a parameter for the runs to come; None takes it back."""
        own = self.drafts.setdefault(part, {})
        own.pop(name, None)
        if value is not None:
            own[name] = value
        if not own:
            del self.drafts[part]

    def settings_for(self, part: Part) -> dict[str, ParameterValue]:
        """Return what is kept for the runs of a part; its own wins over what is for all."""
        taken = {parameter.name for parameter in part.parameters}
        both = {**self.drafts.get("", {}), **self.drafts.get(part.id, {})}
        return {name: value for name, value in both.items() if name in taken}


def state_of(options: argparse.Namespace) -> PromptState | None:
    """Return the state of the prompt that a command was given at, None elsewhere."""
    found: PromptState | None = getattr(options, "prompt", None)
    return found
