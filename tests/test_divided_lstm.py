"""A batch that is divided among threads gives what one thread gives, and goes on when a thread's part fails."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import torch
from data_sets import SimpleCache
from hypothesis import given, settings
from hypothesis import strategies as st

from labsteps.errors import ParameterError
from labsteps.models import divided
from labsteps.models.lstm import LSTM
from labsteps.training.precision import Arithmetic, choose

BANDS = 5


def backbone(**settings: object) -> LSTM:
    """Return a network with weights of a seed."""
    torch.manual_seed(0)
    return LSTM(torch.zeros(BANDS), torch.ones(BANDS), hidden_size=7, **settings)  # type: ignore[arg-type]


def gradients(network: LSTM, x: torch.Tensor, lengths: torch.Tensor | None, way: Arithmetic) -> list[torch.Tensor]:
    """Return the outputs and the gradients of the input and of every weight."""
    threads = torch.get_num_threads()
    way.apply(network)
    network.zero_grad()
    x = x.clone().requires_grad_()
    with way.autocast("cpu"):
        out = network(x, lengths)
    out.float().sin().sum().backward()
    torch.set_num_threads(threads)
    assert x.grad is not None
    return [out.detach().float(), x.grad, *(weight.grad for weight in network.parameters() if weight.grad is not None)]


@pytest.mark.parametrize("precision", ["float32", "bf16"])
@pytest.mark.parametrize("shape", [{}, {"num_layers": 2, "bidirectional": True, "pooling": "attention"}])
@settings(deadline=None, max_examples=15)
@given(lengths=st.lists(st.integers(1, 11), min_size=1, max_size=7), threads=st.integers(2, 4))
def test_parts_of_a_batch_give_the_outputs_and_gradients_of_the_whole(
    precision: str, shape: dict[str, object], lengths: list[int], threads: int
) -> None:
    network = backbone(**shape)
    sizes = torch.tensor(lengths)
    x = torch.randn(len(lengths), max(lengths), BANDS, generator=torch.Generator().manual_seed(1))
    x[torch.arange(max(lengths)) >= sizes.unsqueeze(1)] = 0
    whole = gradients(network, x, sizes, Arithmetic(precision, 1))
    parts = gradients(network, x, sizes, Arithmetic(precision, threads, recurrence="divided"))
    assert len(parts) == len(whole) == 2 + len(list(network.parameters()))
    for one, other in zip(parts, whole, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-5 if precision == "float32" else 0.06)


def test_a_step_is_the_same_to_the_bit_each_time() -> None:
    network, x = backbone(bidirectional=True), torch.randn(9, 40, BANDS)
    way = Arithmetic("float32", 3, recurrence="divided")
    first = gradients(network, x, None, way)
    for _ in range(5):
        assert all(map(torch.equal, gradients(network, x, None, way), first))


def test_evaluation_keeps_no_graph_and_hears_the_same() -> None:
    network, x = backbone(num_layers=2), torch.randn(6, 20, BANDS)
    whole = network(x, None)
    network.parts = 3
    with torch.no_grad():
        parts = network(x, None)
    assert not parts.requires_grad
    torch.testing.assert_close(parts, whole.detach(), rtol=0, atol=1e-6)


def test_weights_that_do_not_learn_get_no_gradient() -> None:
    network, x = backbone(num_layers=2), torch.randn(4, 12, BANDS)
    network.parts = 2
    for weight in network.forwards[0].parameters():
        weight.requires_grad_(False)
    network(x, None).sum().backward()
    assert all(weight.grad is None for weight in network.forwards[0].parameters())
    assert all(weight.grad is not None for weight in network.forwards[1].parameters())


def test_what_a_thread_raises_reaches_the_step_and_the_next_one_works() -> None:
    x = [torch.ones(2), torch.ones(3), torch.ones(4)]

    def work(one: torch.Tensor) -> float:
        if len(one) == 3:
            raise MemoryError("no room for three")
        return float(one.sum())

    with pytest.raises(MemoryError, match="no room for three"):
        divided._on_threads(work, x)
    assert divided._on_threads(lambda one: float(one.sum()), x) == [2.0, 3.0, 4.0]


@pytest.mark.parametrize("flushed", [False, True])
def test_numbers_below_the_normal_range_are_treated_alike_on_every_thread(flushed: bool) -> None:
    tiny, together = [torch.full((2,), 1e-39)] * 3, threading.Barrier(3)

    def is_kept(one: torch.Tensor) -> bool:
        together.wait(30)  # so that each part has a thread of its own
        return bool((one * 0.5).any())

    try:
        for mode in (not flushed, flushed):  # the threads come from the first, and have to follow to the second
            torch.set_flush_denormal(mode)
            assert divided._on_threads(is_kept, tiny) == [not mode] * 3
    finally:
        torch.set_flush_denormal(False)


def test_the_probe_tries_both_ways_and_takes_the_one_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[tuple[int, str]] = []

    def step(trial: torch.nn.Module, x: torch.Tensor, candidate: Arithmetic, loss: object) -> float:
        tried.append((candidate.threads, candidate.recurrence))
        return 0.1 if candidate.recurrence == "divided" else 0.2

    monkeypatch.setattr("labsteps.training.precision._seconds_of_a_step", step)
    monkeypatch.setattr("labsteps.training.precision.available_threads", lambda: 2)
    ask = {"precision": "float32", "batch_size": 8, "frames": 16, "rows": BANDS, "loss": torch.mean}
    ask["cache"] = SimpleCache(tmp_path)
    assert choose(backbone(), "cpu", threads=0, **ask).recurrence == "divided"  # type: ignore[arg-type]
    assert set(tried) == {(2, "divided"), (2, "shared"), (1, "shared")}
    for way in ("shared", "divided"):
        found = choose(backbone(), "cpu", threads=2, recurrence=way, **ask)  # type: ignore[arg-type]
        assert found == Arithmetic("float32", 2, recurrence=way)
    assert choose(backbone(), "cpu", threads=1, recurrence="divided", **ask).recurrence == "shared"  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="recurrence=shared"):
        choose(backbone(), "cpu", threads=2, compiler="eager", recurrence="divided", **ask)  # type: ignore[arg-type]
