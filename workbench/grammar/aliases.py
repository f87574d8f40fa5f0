"""Short names of parameters."""

from __future__ import annotations

ALIASES = {"lr": "learning_rate", "bs": "batch_size", "wd": "weight_decay"}


def spelled_out(assignment: str) -> str:
    """Return ``name=value``, or ``5γ:name=value``, with the parameter's full name."""
    name, equals, value = assignment.partition("=")
    where, colon, name = name.rpartition(":")
    return f"{where}{colon}{ALIASES.get(name.strip(), name)}{equals}{value}"
