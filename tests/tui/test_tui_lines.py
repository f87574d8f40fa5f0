"""What the panes write, without a screen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text
from textual.strip import Strip
from tui_helpers import CNN, LAB, view_of_live_run, view_of_result

from labsteps.catalogue import catalogue
from labsteps.results import Axis, Column, Curve, Result, Table
from workbench.greek_screens import page_title
from workbench.plots.run_curves import loss_figure, score_figure
from workbench.plots.style import Style
from workbench.store.run import RunState
from workbench.tui.look import Look, light_background, look_of
from workbench.tui.pace import over_network
from workbench.tui.standing import step_state
from workbench.tui.themes import DARK, LIGHT
from workbench.tui.views import LabView, PartView, headline_of
from workbench.tui.widgets.brief import BriefContent, part_brief
from workbench.tui.widgets.header import header_line, short_path
from workbench.tui.widgets.keybar import key_line
from workbench.tui.widgets.lines import one_ground, packed, two_ends
from workbench.tui.widgets.panel import heading_lines
from workbench.tui.widgets.parameters import parameter_lines, written
from workbench.tui.widgets.result import first_page, page_line, pages_of, path_lines, value_lines
from workbench.tui.widgets.run import status_lines
from workbench.tui.widgets.steps import part_line, step_line
from workbench.wording import number

LOOK = Look()
ASCII = Look(Style(depth="none", unicode=False))
WIDTHS = st.integers(min_value=40, max_value=160)


def clock() -> float:
    return 1_000_000.0


@given(width=WIDTHS)
@settings(max_examples=60, deadline=None)
def test_no_line_is_wider_than_its_pane(width: int) -> None:
    live, done = view_of_live_run(), view_of_result()
    values = CNN.settings({"epochs": 9999})
    lines = [
        header_line(live, width, LOOK),
        *status_lines(live.snapshot, LOOK, width, clock),
        *part_brief(BriefContent(CNN, live, LAB), CNN, LOOK, width),
        *heading_lines(CNN, live, LOOK, width),
        *parameter_lines(CNN, values, LOOK, width, 0, here=True),
        *value_lines(done.result, CNN, LOOK, width, "1 min ago"),
        page_line(pages_of(done.result), 2, LOOK, width),
        key_line([(f"a.{i}", "x", "do something") for i in range(9)], width, LOOK),
    ]
    too_wide = [line.plain for line in lines if line.cell_len > width]
    assert not too_wide


@pytest.mark.parametrize("language", ["en", "el"])
def test_every_part_of_the_lab_can_be_shown(language: str) -> None:
    look, view = replace(LOOK, language=language), LabView(data_root="/data")
    for step in catalogue():
        left, right = step_line(step, view, look, short=True)
        assert left.plain.startswith(("· ", "– ")) and right.cell_len < 14
        for part in step.parts:
            brief = part_brief(BriefContent(part, view, catalogue()), part, look, 46)
            assert part.brief.to(language).split()[0] in brief[0].plain
            settings = parameter_lines(part, part.defaults(), look, 46, 0, here=True) if part.parameters else []
            assert all(line.cell_len <= 46 for line in (*brief, *settings, *heading_lines(part, view, look, 46)))
            assert not any("  default" in line.plain and not line.plain.endswith("default") for line in settings)


@given(width=st.integers(min_value=46, max_value=160))
@settings(max_examples=40, deadline=None)
def test_progress_is_never_cut_off(width: int) -> None:
    lines = [line.plain for line in status_lines(view_of_live_run().snapshot, LOOK, width, clock)]
    words = ("epoch 4/5", "batch 4/10", "step 58", "2.0 s/epoch", "lr 0.00042", "gradient 1.2", "best .310 (epoch 2)")
    assert all(any(word in line for line in lines) for word in words)


def test_the_age_of_the_last_checkpoint_is_told_with_what_it_means() -> None:
    lines = [line.plain for line in status_lines(view_of_live_run().snapshot, LOOK, 47, clock)]
    assert lines[-1] == "saved 12 s ago · goes on if you disconnect"


def test_the_time_left_follows_from_the_epochs_to_come() -> None:
    lines = " ".join(line.plain for line in status_lines(view_of_live_run().snapshot, LOOK, 100, clock))
    assert "ETA 3.2 s" in lines  # 1.6 epochs at 2 s


def test_the_training_curve_goes_on_inside_the_epoch() -> None:
    live = view_of_live_run()
    curve = loss_figure(live.snapshot, live.within)
    train, validation = curve.series
    assert train.x == (1.0, 2.0, 3.0, 3.2, 3.4)
    assert train.y[-1] == 1.3
    assert validation.x == (1.0, 2.0, 3.0)
    scores = score_figure(live.snapshot)
    assert [series.name for series in scores.series] == ["val macro-F1"]


@pytest.mark.parametrize(
    "states, expected",
    [
        ([None, None], None),
        ([RunState.FINISHED, None], None),
        ([RunState.FINISHED, RunState.FINISHED], RunState.FINISHED),
        ([RunState.FINISHED, RunState.FAILED], RunState.FAILED),
        ([RunState.FAILED, RunState.RUNNING], RunState.RUNNING),
        ([RunState.INTERRUPTED, None], RunState.INTERRUPTED),
    ],
)
def test_the_state_of_a_step_follows_from_its_parts(states: list[RunState | None], expected: RunState | None) -> None:
    assert step_state(states) is expected


def test_a_step_shows_the_score_of_its_last_finished_part_and_progress_while_it_runs() -> None:
    step = LAB.steps[1]
    left, right = step_line(step, view_of_result(), LOOK, short=True)
    assert (left.plain, right.plain) == ("· 7.1 2D CNN", ".447")
    left, right = step_line(step, view_of_live_run(), LOOK, short=True)
    assert (left.plain, right.plain) == ("● 7.1 2D CNN", "68%")


def test_part_ids_have_their_latin_letters_where_greek_cannot_be_shown() -> None:
    assert ASCII.safe("7.1γ builds on 6ζ and 5η") == "7.1c builds on 6f and 5g"
    left, right = part_line(LAB.parts["7.1γ"], LabView(), ASCII, wide=True)
    assert left.plain == "  - c Four operations"
    assert right.plain == "not built yet"


def test_a_brief_tells_what_is_missing_and_what_is_needed() -> None:
    needs = replace(CNN, needs=("7.1δ", "8β"))
    view = LabView(session="demo", data_root="/data", missing=("fma_genre_spectrograms",))
    content = BriefContent(needs, view, LAB, changed=2, needs=needs.needs)
    lines = [line.plain for line in part_brief(content, needs, LOOK, 60)]
    text = "\n".join(lines)
    assert any(line.startswith("data     fma_genre_spectrograms") and line.endswith("missing") for line in lines)
    assert any(line.startswith("needs    7.1δ Overfit check") and line.endswith("not started") for line in lines)
    assert any("8β Valence" in line and line.endswith("not built yet") for line in lines)
    assert "4, 2 changed (press 2)" in text
    assert "Press d to choose another folder." in text


def test_the_head_says_that_the_data_folder_is_gone_however_narrow_it_is() -> None:
    gone = LabView("thesis", "/mnt/disk/music/data", "cuda:0 (auto)", data_there=False)
    wide, narrow = (header_line(gone, width, LOOK).plain for width in (80, 48))
    assert wide.rstrip() == " thesis · cuda:0 (auto) · ! data folder not there: /mnt/disk/music/data"
    assert narrow.rstrip() == " thesis · ! data folder not there: …/data"
    assert "λείπει ο φάκελος δεδομένων: …/data" in header_line(gone, 48, replace(LOOK, language="el")).plain
    assert "not there" not in header_line(replace(gone, data_there=True), 80, LOOK).plain


def test_the_brief_of_the_part_on_the_data_folder_says_that_it_is_gone() -> None:
    about = replace(CNN, data=(), fresh=True)
    for there in (True, False):
        view = LabView(data_root="/mnt/data", data_there=there)
        text = " ".join(line.plain for line in part_brief(BriefContent(about, view, LAB), about, LOOK, 60))
        assert ("The data folder /mnt/data is not there. Press d to choose another one." in text) is not there


def test_a_brief_names_the_parts_to_run_first() -> None:
    needs = replace(CNN, needs=("7.1δ",))
    text = " ".join(
        line.plain for line in part_brief(BriefContent(needs, LabView(), LAB, needs=needs.needs), needs, LOOK, 60)
    )
    assert "Run 7.1δ first." in text


def test_a_result_without_values_opens_on_its_first_table() -> None:
    table = Table("Rows", (Column("row"),), (("a",),))
    curve = Curve("Learning", Axis("epoch"), Axis("score"), ())
    view = view_of_result().result
    found = pages_of(view)
    assert first_page(found, view) == 0
    told = replace(view, result=Result(tables={"rows": table}, text="Looked at."), times=None)
    assert first_page(pages_of(told), told) == 1
    assert first_page(pages_of(replace(told, result=Result(text="Looked at."))), told) == 0
    assert value_lines(told, CNN, LOOK, 60, "now")[0].plain == "Looked at."
    both = replace(told, result=Result(tables={"learning": table}, figures={"learning": curve}))
    assert [page.title for page in pages_of(both)] == ["values", "learning", "learning (table)"]
    assert page_title("learning (table)", "el") == "μάθηση (πίνακας)"


def test_pages_begin_with_values_the_confusion_matrix_and_the_classes() -> None:
    assert [page.name for page in pages_of(view_of_result().result)] == ["values", "confusion", "per_class", "loss"]


def test_the_chosen_page_is_in_sight_however_narrow_the_line() -> None:
    pages = pages_of(view_of_result().result)
    for chosen, page in enumerate(pages):
        assert f"[{page.title}]" in page_line(pages, chosen, LOOK, 20).plain


def test_a_path_is_written_in_full_over_as_many_lines_as_it_takes() -> None:
    folder = view_of_result().result.folder
    lines = path_lines(folder, LOOK, 17)
    assert "".join(line.plain for line in lines) == str(folder)
    assert max(line.cell_len for line in lines) == 17


def test_a_value_reads_as_it_can_be_typed() -> None:
    for value in (30, 0.001, 1e-7, 0.123456789, True, "auto"):
        text = written(value)
        kind = type(value)
        assert text == "true" if value is True else kind(text) == value


def test_a_tiny_number_with_many_digits_is_told_by_its_size() -> None:
    assert number(5.2e-8, 8) == "5e-08" and number(0.0443, 4) == ".0443" and number(0.0, 8) == ".00000000"
    assert number(0.00012, 5) == ".00012" and number(2e-5, 3) == "<.001"


def test_a_chosen_line_that_is_reversed_has_one_ground() -> None:
    coloured = Text.assemble(("● ", "green"), ("7.1ε", "bold cyan"), " done")
    strip = one_ground(Strip(coloured.render(Console())))
    assert strip.text == coloured.plain and not any(style and style.color for _, style, _ in strip)
    assert [bool(style and style.bold) for _, style, _ in strip][:2] == [False, True]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (RunState.QUEUED, "It waits for its turn on the device. Press 3 to follow it."),
        (RunState.PAUSED, "It is paused. Press p to let it go on, 3 to follow it."),
        (RunState.RUNNING, "It goes on now. Press 3 to follow it."),
    ],
)
def test_a_brief_and_a_heading_tell_a_run_that_waits_from_one_that_goes_on(state: RunState, told: str) -> None:
    live = view_of_live_run()
    view = replace(live, parts={**live.parts, CNN.id: PartView(state, "r")})
    assert told in [line.plain for line in part_brief(BriefContent(CNN, view, LAB), CNN, LOOK, 90)]
    assert ("%" in heading_lines(CNN, view, LOOK, 90)[0].plain) is (state is not RunState.QUEUED)


def test_a_wide_brief_names_all_that_the_part_reports() -> None:
    part = catalogue().parts["7.1ε"]
    told = {
        width: " ".join(line.plain for line in part_brief(BriefContent(part, LabView(), LAB), part, LOOK, width))
        for width in (46, 98)
    }
    assert "and 10 more" in told[46] and "more" not in told[98] and "mean of the seeds" in told[98]


def test_a_headline_is_the_first_value_that_is_defined() -> None:
    assert headline_of(CNN.values, {"test/accuracy": 0.447}) == ".447"
    assert headline_of(CNN.values, {"test/accuracy": None, "test/macro_f1": 0.4}) == ".400"
    assert headline_of(CNN.values, {}) == ""
    assert headline_of(catalogue().parts["1γ"].values, {"first/centroid": 304.2}) == "304 Hz"


def test_a_long_path_keeps_its_end() -> None:
    assert short_path("/very/long/way/to/the/data", 16) == "…/to/the/data"
    assert short_path("/data", 16) == "/data"


def test_help_and_leaving_stay_in_the_key_bar() -> None:
    keys = [(f"a.{i}", "x", "do something") for i in range(9)]
    line = key_line([*keys, ("app.help", "?", "help"), ("app.leave", "q", "leave")], 40, LOOK)
    assert line.plain.rstrip().endswith("? help  q leave")
    assert line.plain.count("do something") == 1


def test_the_right_end_of_a_line_is_kept_and_the_left_one_cut() -> None:
    line = two_ends(LOOK, Text("a very long title"), Text("word"), 12)
    assert line.plain == "a very… word"


def test_pieces_are_packed_and_none_is_broken() -> None:
    lines = packed([Text(word) for word in ("one", "two", "three", "", "four")], 9)
    assert [line.plain for line in lines] == ["one  two", "three", "four"]


def test_a_terminal_without_colours_gets_none() -> None:
    look = look_of(DARK, {"TERM": "xterm", "NO_COLOR": "1", "LANG": "C.UTF-8"})
    styles = (look.accent, look.quiet, look.good, look.warn, look.bad, look.cursor)
    assert all(style.color is None and style.bgcolor is None for style in styles)


def test_the_background_and_the_network_are_read_from_the_environment() -> None:
    assert light_background({"COLORFGBG": "0;15"})
    assert not light_background({"COLORFGBG": "15;0"})
    assert not light_background({})
    assert over_network({"SSH_CONNECTION": "1.2.3.4 5 6.7.8.9 22"})
    assert not over_network({})
    assert not look_of(LIGHT, {"TERM": "xterm", "LANG": "C.UTF-8"}).plot.dark
