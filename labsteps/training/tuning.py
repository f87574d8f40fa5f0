"""Which layers of a pre-trained backbone learn in which epoch, and how fast.

What is frozen is a function of the epoch alone, so a run that is resumed freezes what the uninterrupted one froze.

References
----------
Yosinski et al., "How transferable are features in deep neural networks?", NeurIPS 2014 (frozen and fine-tuned copies).
Howard and Ruder, "Universal language model fine-tuning for text classification", ACL 2018, section 3.2 and 3.3
(lower rates for lower layers; unfreezing from the last layer down).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import nn

FULL, FROZEN, GRADUAL = "full", "frozen", "gradual"
MODES = (FULL, FROZEN, GRADUAL)


class Unfreezing:
    """Freezes and unfreezes the layer groups of a model's backbone, epoch by epoch.

    A frozen group gets no gradient and stays in evaluation mode: its batch normalisation uses the running statistics
    that it came with and does not change them, and its dropout drops nothing.

    Parameters
    ----------
    model
        Has a ``backbone`` with a method ``layer_groups`` that names its submodules, lowest group first.
    mode
        ``full`` (all learns from the first epoch on), ``frozen`` (the backbone never learns) or ``gradual`` (the
        highest group joins the head after `every` epochs, the next one after as many more, and so on).
    every
        Epochs between two steps of ``gradual``.
    """

    def __init__(self, model: nn.Module, mode: str, every: int) -> None:
        if mode not in MODES:
            raise ValueError(f"backbone cannot be {mode!r}; it is {', '.join(MODES)}")
        if every < 1:
            raise ValueError(f"unfreeze_every is {every}; it should be at least 1")
        self.mode, self.every = mode, every
        self._model = model
        self._groups = [] if mode == FULL else _groups_of(model)

    def learning(self, epoch: int) -> int:
        """Return how many groups, counted from the highest, learn in this epoch (counted from 0)."""
        return min(len(self._groups), epoch // self.every) if self.mode == GRADUAL else 0

    @property
    def last_change(self) -> int:
        """The first epoch (counted from 0) from which on the same groups learn to the end."""
        return self.every * len(self._groups) if self.mode == GRADUAL else 0

    def start_epoch(self, epoch: int) -> None:
        """Bring the model into training mode, with the groups frozen that do not learn in this epoch."""
        self._model.train()
        if self.mode == FULL:
            return
        learning = self.learning(epoch)
        backbone = getattr(self._model, "backbone")  # noqa: B009  (nn.Module types every attribute as a tensor)
        if not learning:
            backbone.eval()
        for number, members in enumerate(reversed(self._groups)):
            for member in members:
                member.requires_grad_(number < learning)
                if isinstance(member, nn.Module):
                    member.train(number < learning)

    def finish(self) -> None:
        """Leave the model with nothing frozen."""
        for members in self._groups:
            for member in members:
                member.requires_grad_(True)


def parameter_groups(model: nn.Module, backbone_rate: float) -> list[dict[str, Any]]:
    """Return an optimizer's groups: each has its ``params`` and a ``factor`` on the learning rate.

    Parameters
    ----------
    model
        Has a ``backbone``, unless the rate is 1.
    backbone_rate
        Factor of the backbone; everything else has 1.
    """
    if backbone_rate == 1.0:
        return [{"params": list(model.parameters()), "factor": 1.0}]
    below = {id(p) for p in getattr(model, "backbone").parameters()}  # noqa: B009  (typed as a tensor too)
    upper = [p for p in model.parameters() if id(p) not in below]
    lower = [p for p in model.parameters() if id(p) in below]
    return [{"params": upper, "factor": 1.0}, {"params": lower, "factor": backbone_rate}]


def _groups_of(model: nn.Module) -> list[list[nn.Module | nn.Parameter]]:
    """Return the members of each layer group of the backbone, lowest first.

    Raises
    ------
    ValueError
        If a parameter is in no group, or in two.
    """
    backbone: Any = model.backbone
    groups = [[_member(backbone, name) for name in names] for names in backbone.layer_groups()]
    grouped = [id(p) for members in groups for member in members for p in _parameters(member)]
    if sorted(grouped) != sorted(id(p) for p in backbone.parameters()):
        raise ValueError(f"the layer groups of {type(backbone).__name__} do not hold each of its parameters once")
    return groups


def _member(backbone: nn.Module, name: str) -> nn.Module | nn.Parameter:
    """Return the submodule or the parameter of this name."""
    parent, _, last = name.rpartition(".")
    found: nn.Module | nn.Parameter = getattr(backbone.get_submodule(parent), last)
    return found


def _parameters(member: nn.Module | nn.Parameter) -> Iterator[nn.Parameter]:
    if isinstance(member, nn.Parameter):
        yield member
    else:
        yield from member.parameters()
