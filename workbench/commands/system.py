"""``system``: what the machine does now, as the app's screen of it."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from workbench.commands import output
from workbench.commands.choose import find_session, sessions_of
from workbench.commands.control import part_of
from workbench.exits import Exit
from workbench.machine import Gpu, Machine, MachineReader
from workbench.plots.text import printable
from workbench.speaking import said, told
from workbench.store.errors import StoreError, in_bytes
from workbench.store.places import cache_dir, state_dir
from workbench.store.session import Session


def run_system(options: argparse.Namespace) -> int:
    """Print processor, memory, GPUs, disks and queues."""
    session = find_session(options)
    places = {"sessions": sessions_of(options).folder, "cache": cache_dir(), "state": state_dir()}
    if session is not None and session.data_root is not None:
        places["data"] = session.data_root
    machine = MachineReader(places).read()
    if output.wants_json(options):
        print(json.dumps(_as_json(machine), ensure_ascii=False, indent=1))
        return Exit.DONE
    load = " ".join(f"{one:.1f}" for one in machine.load)
    print(told(f"processor: {machine.processor}, {machine.threads} threads, load {load}"))
    if machine.total:
        print(told(f"memory: {_size(machine.used)} of {_size(machine.total)} in use"))
    for gpu in machine.gpus:
        print(printable(_gpu(gpu)))
    if machine.problem:
        print(told(machine.problem))
    if not machine.gpus:
        print(told("GPU: none that the driver shows; runs use the processor"))
    for disk in machine.disks:
        about = told(f"disk of {disk.name}: {_size(disk.free)} of {_size(disk.total)} free")
        print(f"{about}, {printable(disk.place)}")
    for device, tickets in machine.queues:
        print(told(_queue(device, [_named(session, ticket) for ticket in tickets])))
    return Exit.DONE


def _gpu(gpu: Gpu) -> str:
    parts = [f"{gpu.name}: {gpu.title}"]
    if gpu.degrees is not None:
        parts.append(f"{gpu.degrees:.0f} °C")
    if gpu.busy is not None:
        parts.append(said(f"computes {gpu.busy * 100:.0f} %"))
    if gpu.used is not None and gpu.total is not None:
        parts.append(said(f"memory {_size(gpu.used)} of {_size(gpu.total)}"))
    return ", ".join(parts)


def _queue(device: str, runs: list[str]) -> str:
    if not runs:
        return f"queue of {device}: nothing runs"
    then = f"; then {', '.join(runs[1:])}" if runs[1:] else ""
    return f"queue of {device}: {runs[0]}{then}"


def _named(session: Session | None, ticket: str) -> str:
    """Return a run in a queue with its part, where it is one of the session's."""
    try:
        part = "" if session is None else part_of(session.run(ticket))
    except StoreError:
        part = ""
    return f"{part} {ticket}".strip()


def _size(size: float | None) -> str:
    return "–" if size is None else in_bytes(int(size))


def _as_json(machine: Machine) -> dict[str, object]:
    gpus = [{name: value for name, value in asdict(gpu).items() if name != "processes"} for gpu in machine.gpus]
    return {
        "format": 1,
        "processor": machine.processor,
        "threads": machine.threads,
        "load": list(machine.load),
        "memory": {"used": machine.used, "total": machine.total},
        "gpus": gpus,
        "disks": [asdict(disk) for disk in machine.disks],
        "queues": [{"device": device, "runs": list(tickets)} for device, tickets in machine.queues],
    }
