"""AdamW as torch has it, without what torch puts around it for its compiler.

torch wraps the methods of its optimizers so that ``torch.compile`` leaves them alone, and the first call of any of them
imports the whole compiler: a second of a worker's start for something that is not used.  Nothing here is ever traced
(the compiler is given the model's forward pass only), so the methods inside the wrappers are taken; the sums are
torch's own, bit for bit.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, cast

import torch

_Method = Callable[..., Any]
_step: _Method = inspect.unwrap(cast(_Method, torch.optim.Adam.step))


class AdamW(torch.optim.AdamW):
    """`torch.optim.AdamW`; a step has no closure."""

    add_param_group = inspect.unwrap(cast(_Method, torch.optim.Optimizer.add_param_group))
    load_state_dict = inspect.unwrap(cast(_Method, torch.optim.Optimizer.load_state_dict))
    state_dict = inspect.unwrap(cast(_Method, torch.optim.Optimizer.state_dict))
    zero_grad = inspect.unwrap(cast(_Method, torch.optim.Optimizer.zero_grad))

    def step(self, closure: None = None) -> None:  # type: ignore[override]  # torch's may get a closure
        """Take a step along the gradients that the parameters have."""
        with torch.no_grad():
            _step(self, closure)
