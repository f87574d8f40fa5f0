"""The machine: processors, memory, GPUs, disks, and what waits for a device."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from workbench.machine import Disk, Gpu, Machine, MachineReader
from workbench.store.errors import StoreError
from workbench.store.places import cache_dir, state_dir
from workbench.store.session import Session
from workbench.tui.keys import VI_SCROLL, bindings
from workbench.tui.look import Look
from workbench.tui.screens.page import PageScreen
from workbench.tui.widgets.lines import LinesView, hanging, paragraph

SECONDS: Final = 2.0
_HEAD = 12
_BAR = 20
_FULL: Final = 0.95
_SHORT_OF_SPACE: Final = 2e9


class SystemPane(LinesView):
    """Shows the last picture of the machine."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(VI_SCROLL)
    HELP = "This machine, read every two seconds: what is in use, what is free, and which run waits for which device."

    def __init__(self) -> None:
        super().__init__()
        self._machine: Machine | None = None
        self._parts: Mapping[str, str] = {}

    def show(self, machine: Machine, parts: Mapping[str, str]) -> None:
        """Show a picture; `parts` says of which part a run is."""
        self._machine, self._parts = machine, parts
        self.relay()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Return the picture."""
        if self._machine is None:
            return paragraph(self.look, "Looking at the machine …", width, self.look.quiet)
        return machine_lines(self._machine, self._parts, self.look, width)


class SystemScreen(PageScreen):
    """Looks at the machine for as long as it is open."""

    NAME: ClassVar[str] = "Machine"

    def body(self) -> ComposeResult:
        """Make the pane."""
        yield SystemPane()

    def on_mount(self) -> None:
        """Begin to look."""
        self.query_one(SystemPane).focus()
        self._look()

    @work(exclusive=True, group="system")
    async def _look(self) -> None:
        bench = self.bench_app.bench
        places = {"sessions": bench.sessions.folder, "cache": cache_dir(), "state": state_dir()}
        if (data_root := bench.data_root) is not None:
            places["data"] = data_root
        reader = MachineReader(places)
        while True:
            machine = await asyncio.to_thread(reader.read)
            parts = await asyncio.to_thread(_parts_of, bench.session, machine)
            for run in self.bench_app.view.live:
                if run.run_id in parts and run.progress:
                    parts[run.run_id] += f"  {run.progress:.0%}"
            self.query_one(SystemPane).show(machine, parts)
            await asyncio.sleep(SECONDS)


def machine_lines(machine: Machine, parts: Mapping[str, str], look: Look, width: int) -> list[Text]:
    """Return a picture of the machine as lines."""

    def head(word: str) -> str:
        return f"{look.say(word):<{_HEAD}}"

    lines = hanging(look, head("processor"), f"{machine.processor}, {look.say(f'{machine.threads} threads')}", width)
    load = ", ".join(f"{one:.1f}" for one in machine.load)
    lines.append(_share(head(""), machine.busy, f"load {load} (1, 5, 15 min)", look, width))
    if machine.total:
        text = f"{_size(machine.used)} of {_size(machine.total)} in use"
        lines.append(_share(head("memory"), (machine.used or 0.0) / machine.total, text, look, width))
    lines.append(Text(end=""))
    if not machine.gpus:
        lines += hanging(look, head("GPU"), look.say("none that the driver shows; runs use the processor"), width)
    for gpu in machine.gpus:
        lines += _gpu_lines(gpu, look, width)
    if machine.problem:
        lines += hanging(look, head(""), look.say(machine.problem), width, look.warn)
    lines.append(Text(end=""))
    for disk in machine.disks:
        lines += _disk_lines(disk, look, width)
    lines.append(Text(end=""))
    for device, tickets in machine.queues:
        names = [parts.get(one, one) for one in tickets]
        if not names:
            lines += hanging(look, head("queue"), f"{device}: {look.say('nothing runs')}", width, look.quiet)
            continue
        lines += hanging(look, head("queue"), f"{device}: {names[0]}", width)
        for number, name in enumerate(names[1:], 1):
            lines += hanging(look, head(""), f"{number}. {look.say('then')} {name}", width, look.quiet)
    return lines


def _gpu_lines(gpu: Gpu, look: Look, width: int) -> list[Text]:
    indent = " " * _HEAD
    degrees = "" if gpu.degrees is None else f", {gpu.degrees:.0f} °C"
    lines = hanging(look, f"{gpu.name:<{_HEAD}}", f"{gpu.title}{degrees}", width)
    if gpu.busy is not None:
        lines.append(_share(indent, gpu.busy, "computes", look, width))
    if gpu.total:
        text = f"{_size(gpu.used)} of {_size(gpu.total)} in use"
        lines.append(_share(indent, (gpu.used or 0.0) / gpu.total, text, look, width))
    for process in gpu.processes:
        memory = "" if process.used is None else f", {_size(process.used)}"
        told = f"{look.say('process')} {process.pid} {process.name}".rstrip()
        lines += hanging(look, indent, f"{told}{memory}", width, look.quiet)
    return lines


def _disk_lines(disk: Disk, look: Look, width: int) -> list[Text]:
    style = look.warn if disk.free < _SHORT_OF_SPACE else None
    told = f"{_size(disk.free)} of {_size(disk.total)} free"
    told = look.say(told)
    short = f", {look.say('little space')}" if style is not None else ""
    return hanging(look, f"{look.say(disk.name):<{_HEAD}}", f"{told}{short}  {disk.place}", width, style)


def _share(head: str, share: float | None, text: str, look: Look, width: int) -> Text:
    """Return a bar with its percentage and what it is of."""
    line = look.line((head, look.quiet))
    if share is not None:
        full = round(min(1.0, max(0.0, share)) * _BAR)
        on, off = ("#", ".") if look.ascii_only else ("█", "░")
        style = look.warn if share > _FULL else look.accent
        line.append(on * full, style)
        line.append(off * (_BAR - full), look.quiet)
        line.append(f" {share:4.0%}  ")
    line.append(look.safe(look.say(text)))
    line.truncate(width)
    return line


def _size(size: float | None) -> str:
    """Return a number of bytes in GB, or in MB where it is small."""
    if size is None:
        return "–"
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


def _parts_of(session: Session | None, machine: Machine) -> dict[str, str]:
    """Return of which part the runs in the queues are, where they are the open session's."""
    found = {}
    for ticket in (ticket for _, tickets in machine.queues for ticket in tickets):
        try:
            if session is not None:
                found[ticket] = f"{session.run(ticket).record.get('part', '')}  {ticket}"
        except StoreError:
            continue
    return found
