"""Figures as pictures, on a pseudo-terminal that plays one that shows them: what it is sent is the picture."""

from __future__ import annotations

import base64
import io
import os
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from test_tui_terminals import Screen, plain, workbench_on_terminal
from tui_helpers import record, result

from labsteps.results import to_json
from workbench.plots.pictures import CHUNK, fitted, kitty, kitty_clear, placed, png_size, through_tmux
from workbench.plots.sixel import sixel, sixel_of
from workbench.store.sessions import Sessions
from workbench.tui.graphics import Graphics, Pictures, answered, by_name, graphics_of, room_for

_KITTY = re.compile(r"\x1b_G([^;\x1b]*);?([^\x1b]*)\x1b\\")
_SIXEL = re.compile(r'\x1bP0;1;0q"1;1;(\d+);(\d+)(.*?)\x1b\\', re.DOTALL)
_TOKEN = re.compile(r"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)([?-~])|([?-~])|(\$)|(-)")


def picture(width: int = 40, height: int = 30) -> np.ndarray:
    """Return a picture of four fields with a frame, of few colours."""
    pixels = np.full((height, width, 3), 255, np.uint8)
    pixels[2 : height // 2, 2 : width // 2] = (200, 30, 30)
    pixels[height // 2 : -2, width // 2 : -2] = (30, 60, 220)
    pixels[0] = 0
    return pixels


def png(pixels: np.ndarray) -> bytes:
    kept = io.BytesIO()
    Image.fromarray(pixels).save(kept, "PNG")
    return kept.getvalue()


def decoded(sequence: str) -> np.ndarray:
    """Return the picture that sixels draw; what they leave out is white."""
    found = _SIXEL.search(sequence)
    assert found is not None, sequence[:200]
    width, height = int(found[1]), int(found[2])
    pixels = np.full((-(-height // 6) * 6, width, 3), 255, np.uint8)
    assert "".join(token.group() for token in _TOKEN.finditer(found[3])) == found[3]
    palette: dict[int, tuple[int, ...]] = {}
    colour = top = column = 0
    for token in _TOKEN.finditer(found[3]):
        if token[1]:
            palette[int(token[1])] = tuple(round(int(token[i]) * 2.55) for i in (2, 3, 4))
        elif token[5]:
            colour = int(token[5])
        elif token[9]:
            column = 0
        elif token[10]:
            top, column = top + 6, 0
        else:
            count, letter = int(token[6] or 1), token[7] or token[8]
            for bit in range(6):
                if (ord(letter) - 63) >> bit & 1:
                    pixels[top + bit, column : column + count] = palette[colour]
            column += count
    return pixels[:height]


def transmitted(written: str) -> list[bytes]:
    """Return the files that kitty's sequences transmit, after checking that each chunk is within the limit."""
    files, kept = [], ""
    for found in _KITTY.finditer(written):
        fields = dict(field.split("=") for field in found[1].split(","))
        if fields.get("a", "T") != "T":
            continue
        assert len(found[2]) <= CHUNK
        kept += found[2]
        if fields["m"] == "0":
            files.append(base64.standard_b64decode(kept))
            kept = ""
    assert not kept
    return files


# What is sent


@pytest.mark.parametrize("size", [(3, 2), (40, 30), (200, 151)])
def test_kitty_is_sent_the_file_in_chunks(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (*size[::-1], 3), np.uint8)
    data = png(noise)
    assert png_size(data) == size
    sent = kitty(data, 7, (30, 10))
    assert transmitted(sent) == [data]
    first = _KITTY.search(sent)
    assert first is not None and {"i=7", "c=30", "r=10", "q=2", "C=1"} <= set(first[1].split(","))
    assert kitty_clear(7) == "\x1b_Ga=d,d=I,i=7,q=2\x1b\\"


@pytest.mark.parametrize("size", [(40, 30), (5, 13), (200, 3)])
def test_sixels_draw_the_same_picture(tmp_path: Path, size: tuple[int, int]) -> None:
    pixels = picture(*size)
    file = tmp_path / "figure.png"
    file.write_bytes(png(pixels))
    drawn = decoded(sixel_of(file, *size))
    assert drawn.shape == pixels.shape
    assert np.abs(drawn.astype(int) - pixels).max() <= 3  # colours are told in percents
    indices = np.arange(12, dtype=np.uint8).reshape(3, 4)
    grey = np.repeat(np.arange(0, 240, 20, dtype=np.uint8)[:, None], 3, axis=1)
    assert np.abs(decoded(sixel(indices, grey)).astype(int) - grey[indices]).max() <= 2


def test_a_picture_keeps_its_proportions_in_the_room_there_is() -> None:
    assert fitted((800, 400), (80, 20), (10.0, 20.0)) == (80, 20)
    assert fitted((400, 400), (80, 20), (10.0, 20.0)) == (40, 20)
    assert fitted((4000, 40), (80, 20), (10.0, 20.0)) == (80, 1)
    assert png_size(b"GIF89a") is None and png_size(png(picture())[:20]) is None


def test_tmux_hands_on_what_is_in_its_own_sequence() -> None:
    wrapped = through_tmux(placed("\x1b_Gx\x1b\\", 4, 2))
    assert wrapped.startswith("\x1bPtmux;") and wrapped.endswith("\x1b\\")
    inside = wrapped.removeprefix("\x1bPtmux;").removesuffix("\x1b\\")
    assert inside.replace("\x1b\x1b", "\x1b") == "\x1b7\x1b[5;3H\x1b_Gx\x1b\\\x1b8"


# What a terminal shows


def test_a_terminal_is_known_by_name_or_by_its_answer() -> None:
    assert by_name({"TERM": "xterm-kitty"}) is Pictures.KITTY and by_name({"TERM": "foot"}) is Pictures.SIXEL
    assert by_name({"TERM": "xterm-256color"}) is None
    assert answered("\x1b_Gi=31;OK\x1b\\\x1b[6;18;9t\x1b[?62;c") == Graphics(Pictures.KITTY, (9.0, 18.0))
    assert answered("\x1b[?62;4;22c").kind is Pictures.SIXEL
    assert answered("\x1b[?4;22c").kind is None and answered("").kind is None
    assert answered("\x1b_Gi=31;ENOTSUP\x1b\\\x1b[?1;2c").kind is None


def test_a_picture_keeps_to_the_limits_that_a_terminal_tells() -> None:
    # As xterm -ti vt340 answers; it shows nothing of a picture that is larger.
    told = answered("\x1b[?1;0;16S\x1b[?2;0;1000;720S\x1b[?63;1;2;4;6c", (9.0, 18.0))
    assert (told.colours, told.largest) == (16, (1000, 720))
    assert room_for(told, 144, 50) == (111, 40) and room_for(told, 80, 20) == (80, 20)
    refused = answered("\x1b[?1;3S\x1b[?2;3S\x1b[?64;1;2;4c")
    assert refused.largest is None and room_for(refused, 144, 50) == (144, 50)


def test_settings_come_before_names_and_names_before_questions() -> None:
    closed = os.open(os.devnull, os.O_RDONLY)
    try:

        def kind(environ: dict[str, str], wanted: str, answer: str | None = None) -> Pictures | None:
            found = graphics_of(environ, wanted, closed, answer)
            assert found is not None, "the terminal was to be asked"
            return found.kind

        assert kind({"TERM": "xterm-kitty"}, "auto") is Pictures.KITTY
        assert kind({"TERM": "xterm-kitty"}, "sixel", "") is Pictures.SIXEL
        assert kind({"TERM": "xterm-kitty"}, "off") is None
        screen = graphics_of({"TERM": "screen"}, "auto", closed)
        assert screen is not None and "GNU screen" in screen.reason
        assert graphics_of({"TERM": "xterm"}, "auto", closed) is None
        asked = graphics_of({"TERM": "xterm"}, "auto", closed, "\x1b[6;20;10t\x1b[?64;4c")
        assert asked == Graphics(Pictures.SIXEL, (10.0, 20.0))
        silent = graphics_of({"TERM": "xterm"}, "auto", closed, "")
        assert silent is not None and silent.kind is None and silent.reason
    finally:
        os.close(closed)


# Through a terminal


@pytest.fixture
def figure(tmp_path: Path) -> bytes:
    """A session with a finished run; the PNG of its confusion matrix."""
    session = Sessions(tmp_path / "sessions").create("seen", device="cpu")
    run = session.create_run(record(session))
    with run.take(), run.writer() as events:
        events.append("started", pid=1, device="cpu")
        run.write_result({"format": 1, "part": "7.1ε", "run": run.id, **to_json(result())})
        events.append("finished", seconds=6.0)
    data = png(np.kron(picture(), np.ones((12, 12, 1), np.uint8)))
    (run.path / "figures").mkdir(exist_ok=True)
    (run.path / "figures" / "confusion.png").write_bytes(data)
    return data


def go_to_the_figure(screen: Screen) -> None:
    """Go to the result of 7.1ε, whose run is the newest, and to the confusion matrix."""
    screen.wait_for("Brief")
    screen.press("4")
    screen.wait_for("[values]")
    screen.press("l")
    screen.wait_for("[confusion]")


def wait_for_bytes(screen: Screen, wanted: bytes) -> None:
    for _ in range(900):
        if wanted in screen.written:
            return
        screen.read(0.1)
    raise AssertionError(plain(screen.written)[-2000:])


def test_a_terminal_like_kitty_is_sent_the_figure_on_a_key_and_it_is_taken_away_again(
    tmp_path: Path, figure: bytes
) -> None:
    with workbench_on_terminal(tmp_path, {"TERM": "xterm-kitty", "COLORTERM": "truecolor"}) as screen:
        go_to_the_figure(screen)
        assert b"\x1b_G" not in screen.written
        screen.press("v")
        wait_for_bytes(screen, b"m=0;")
        screen.press("v")
        wait_for_bytes(screen, b"a=d,d=I")
        screen.wait_for("predicted")
        before = len(screen.written)
        screen.press("\x1b")
        for _ in range(900):
            if b"[confusion]" in plain(screen.written[before:]):
                break
            screen.read(0.1)
        assert screen.leave() == 0
    assert transmitted(screen.written.decode("utf-8"))[0] == figure


def test_a_terminal_that_answers_that_it_has_sixels_gets_them(tmp_path: Path, figure: bytes) -> None:
    with workbench_on_terminal(tmp_path, {"COLORTERM": "truecolor"}) as screen:
        go_to_the_figure(screen)
        screen.press("v")
        wait_for_bytes(screen, b"a=q")
        screen.press("\x1b[6;20;10t\x1b[?62;4;22c")
        wait_for_bytes(screen, b'\x1bP0;1;0q"1;1;')
        wait_for_bytes(screen, b"-\x1b\\")
        assert b"\x1b[?1049l" not in screen.written, "the normal screen was shown for the question"
        # A dialog writes over the sixels, and they come back after it.
        screen.press("?")
        screen.wait_for("Back to the result")
        before = len(screen.written)
        screen.press("\x1b")
        for _ in range(900):
            if _SIXEL.search(screen.written[before:].decode("utf-8", errors="replace")):
                break
            screen.read(0.1)
        # What the app says takes a line of theirs, so they are smaller then.
        screen.press("y")
        screen.wait_for("Copied")
        for _ in range(900):
            sizes = [found.groups()[:2] for found in _SIXEL.finditer(screen.written.decode("utf-8", errors="replace"))]
            if len(set(sizes)) > 1:
                break
            screen.read(0.1)
        assert len(sizes) > 2 and int(sizes[-1][1]) < int(sizes[0][1])
    drawn = decoded(screen.written.decode("utf-8"))
    with Image.open(io.BytesIO(figure)) as whole:
        expected = np.asarray(whole.convert("RGB").resize(drawn.shape[1::-1], Image.Resampling.LANCZOS))
    assert np.abs(drawn.astype(int) - expected).mean() < 3


def test_a_terminal_without_pictures_is_told_so_and_keeps_the_characters(tmp_path: Path, figure: bytes) -> None:
    with workbench_on_terminal(tmp_path, {}) as screen:
        go_to_the_figure(screen)
        screen.press("v")
        wait_for_bytes(screen, b"a=q")
        screen.press("\x1b[?1;2c")
        screen.wait_for("shows no pictures")
        screen.wait_for("confusion.png")
    assert not transmitted(screen.written.decode("utf-8")) and b"\x1bP" not in screen.written


@pytest.mark.parametrize("allowed", ["on", "off"])
def test_tmux_is_given_the_picture_at_the_place_of_its_pane_where_it_is_allowed(
    tmp_path: Path, figure: bytes, allowed: str
) -> None:
    tool = tmp_path / "bin" / "tmux"
    tool.parent.mkdir()
    tool.write_text(
        '#!/bin/sh\ncase "$*" in\n'
        f"*allow-passthrough*) echo {allowed};;\n*client_termname*) echo xterm-kitty;;\n*) echo 3 7 on top;;\nesac\n"
    )
    tool.chmod(0o755)
    environ = {"TERM": "tmux-256color", "TMUX": "/tmp/none,1,0", "PATH": f"{tool.parent}:{os.environ['PATH']}"}
    with workbench_on_terminal(tmp_path, environ) as screen:
        go_to_the_figure(screen)
        screen.press("v")
        if allowed == "off":
            screen.wait_for("allow-passthrough")
        else:
            wait_for_bytes(screen, b"m=0;")
            wait_for_bytes(screen, b"\x1b\x1b8\x1b\\")
    found = re.search(r"\x1bPtmux;((?:[^\x1b]|\x1b\x1b)*)\x1b\\", screen.written.decode("utf-8"))
    assert (found is not None) is (allowed == "on")
    if found is not None:
        inside = found[1].replace("\x1b\x1b", "\x1b")
        assert transmitted(inside) == [figure]
        place = re.match(r"\x1b7\x1b\[(\d+);(\d+)H", inside)
        assert place is not None and int(place[1]) >= 5 and int(place[2]) >= 8
