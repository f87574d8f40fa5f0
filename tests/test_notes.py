"""The lab's questions: their notes in both languages, their evidence, and the answering of them."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from data_sets import make_genre_set

from labsteps.catalogue import Kind, Part, catalogue
from labsteps.lab.questions import QUESTIONS
from labsteps.notes import note
from labsteps.results import Axis as ResultAxis
from labsteps.results import Heatmap, Image, Value
from workbench.cli import main
from workbench.commands import output
from workbench.plots.style import Style
from workbench.store.session import Session
from workbench.store.sessions import Sessions

LAB = catalogue()
ASKING = [part for part in LAB.parts.values() if part.asks]
GREEK = re.compile("[α-ωά-ώ]{3,}")


@pytest.fixture
def session(tmp_path: Path) -> Session:
    root = make_genre_set(tmp_path / "data", {"Blues": 3, "Punk": 2}, test_per_class=1, beat=False, multitask=False)
    return Sessions(tmp_path / "sessions").create("mine", data_root=str(root))


class Ran:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def workbench(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str) -> Ran:
        code = main(arguments)
        done = capsys.readouterr()
        return Ran(code, done.out, done.err)

    return run


# Questions and notes


def test_the_questions_of_steps_1_to_6_can_be_answered() -> None:
    asked = [part.id for part in ASKING]
    assert asked[:12] == ["1δ", "2α", "2β", "3", "4α", "6ε", "6ζ", "6η", "6θ", "6ι", "7.1α", "7.1γ"]
    assert set(QUESTIONS) <= set(asked)


@pytest.mark.parametrize("part", ASKING, ids=lambda part: part.ascii_id)
def test_a_question_has_both_languages_and_evidence_that_exists(part: Part) -> None:
    assert part.question is not None and Kind.QUESTION in part.kinds
    assert part.question.en.rstrip().endswith("?") and part.question.el.rstrip().endswith(";")
    assert GREEK.search(part.question.el) and not GREEK.search(part.question.en)
    assert all(one in LAB.parts for one in part.evidence)


@pytest.mark.parametrize("part", [LAB.parts[name] for name in QUESTIONS], ids=lambda part: part.ascii_id)
def test_a_note_is_of_readable_length_in_both_languages_and_names_its_sources(part: Part) -> None:
    english, greek = note(part, "en"), note(part, "el")
    assert english is not None and greek is not None
    assert all(80 <= len(text.split()) <= 250 for text in (english, greek))
    assert not re.search(r"(?<!\d),\d", greek), "a Greek decimal has its leading zero"
    years = re.findall(r"\b(?:19|20)\d\d\b", english.partition("Sources:")[2])
    assert years == re.findall(r"\b(?:19|20)\d\d\b", greek.partition("Πηγές:")[2]) and years
    assert GREEK.search(greek) and "!" not in english + greek


def test_a_part_that_asks_nothing_has_no_note() -> None:
    assert note(LAB.parts["1α"]) is None


def test_the_mel_scale_is_drawn_without_data() -> None:
    drawn = LAB.parts["1δ"].illustrate()
    assert drawn is not None
    scale = drawn.figures["mel_scale"].series  # type: ignore[union-attr]
    for line in scale:
        at_1000 = min(zip(line.x, line.y, strict=True), key=lambda point: abs((point[0] or 0) - 1000))
        assert at_1000[1] == pytest.approx(1000, rel=0.01)
    assert len(drawn.figures["filter_bank"].series) == 2  # type: ignore[union-attr]
    assert LAB.parts["2α"].illustrate() is None


# The answer command


def test_an_answer_is_kept_and_told_again(session: Session, workbench: Any) -> None:
    before = workbench("answer", "1d", "--session", "mine", "--json").json
    assert (before["status"], before["answer"], before["version"]) == ("not answered", "", "")
    assert workbench("answer", "1δ", "--session", "mine", "--text", "Ύψος, όχι Hz.").code == 0
    after = workbench("answer", "1d", "--session", "mine", "--json").json
    assert (after["status"], after["answer"]) == ("answered", "Ύψος, όχι Hz.\n")
    assert Path(after["file"]).read_text(encoding="utf-8") == "Ύψος, όχι Hz.\n"
    shown = workbench("answer", "1d", "--session", "mine")
    assert "Ύψος, όχι Hz." in shown.out and "it does not count as your answer" in shown.out


def test_another_text_does_not_take_the_place_of_an_answer_unless_told_to(session: Session, workbench: Any) -> None:
    session.write_answer("6ε", "mine", "")
    refused = workbench("answer", "6e", "--text", "other")
    assert refused.code == 2 and "--replace" in refused.err
    assert session.read_answer("6ε")[0] == "mine"
    assert workbench("answer", "6e", "--text", "other", "--replace").code == 0
    assert session.read_answer("6ε")[0] == "other\n"


def test_a_program_saves_over_the_version_it_has_read_and_over_no_other(session: Session, workbench: Any) -> None:
    version = session.write_answer("3", "first", "")
    session.write_answer("3", "second", version)
    refused = workbench("answer", "3", "--text", "third", "--version", version)
    assert refused.code == 4 and session.read_answer("3")[0] == "second"
    now = session.read_answer("3")[1]
    assert workbench("answer", "3", "--text", "third", "--version", now).code == 0


def test_an_editor_cannot_overwrite_what_another_has_saved_meanwhile(
    session: Session, workbench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "editor.sh"
    file = session.answer_file("1δ")
    editor.write_text(f"#!/bin/sh\nmkdir -p '{file.parent}'\nprintf elsewhere > '{file}'\nprintf mine > \"$1\"\n")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    refused = workbench("answer", "1d", "--edit")
    assert refused.code == 4 and session.read_answer("1δ")[0] == "elsewhere"
    kept = Path(re.search(r"Your text is in (\S+)", refused.err)[1])  # type: ignore[index]
    assert kept.read_text() == "mine"


def test_an_editor_changes_an_answer_and_leaves_nothing_behind(
    session: Session, workbench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.write_answer("1δ", "half", "")
    monkeypatch.setenv("EDITOR", "sed -i s/half/whole/")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert workbench("answer", "1d", "--edit").code == 0
    assert session.read_answer("1δ")[0] == "whole\n"
    assert not list(tmp_path.glob("workbench-answer-*"))


def test_an_editor_that_is_left_with_nothing_written_makes_no_answer(
    session: Session, workbench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.delenv("VISUAL", raising=False)
    done = workbench("answer", "1d", "--edit")
    assert done.code == 0 and "nothing was written" in done.out
    assert session.answers() == {} and not session.answer_file("1δ").exists()


def test_an_answer_comes_from_a_file_or_from_standard_input(
    session: Session, workbench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.md").write_text("from a file", encoding="utf-8")
    assert workbench("answer", "6ζ", "--file", str(tmp_path / "mine.md")).code == 0
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("από ροή\n".encode())))
    assert workbench("answer", "6η", "--file", "-").code == 0
    assert session.answers() == {"6ζ": "from a file\n", "6η": "από ροή\n"}
    (tmp_path / "raw").write_bytes(b"\xff\xfe\x00")
    bad = workbench("answer", "6θ", "--file", str(tmp_path / "raw"))
    assert bad.code == 2 and "UTF-8" in bad.err and "6θ" not in session.answers()


@pytest.mark.parametrize(
    ("name", "text"),
    [("4β", "4β asks nothing. Questions are in 1δ"), ("2", "asks 2 questions; name one: 2α, 2β"), ("1ζ", "Nearest")],
)
def test_what_cannot_be_answered_is_refused_with_what_can(
    session: Session, workbench: Any, name: str, text: str
) -> None:
    refused = workbench("answer", name, "--text", "x")
    assert refused.code == 2 and text in refused.err


def test_questions_and_notes_come_in_the_language_asked_for(session: Session, workbench: Any) -> None:
    greek = workbench("answer", "7.1c", "--lang", "el", "--json").json
    assert GREEK.search(greek["question"]) and GREEK.search(greek["note"])
    session.update(language="el")
    assert workbench("answer", "7.1c", "--json").json["question"] == greek["question"]
    assert not GREEK.search(workbench("answer", "7.1c", "--lang", "en", "--json").json["question"])
    assert "Τι δείχνουν οι μετρικές" in workbench("steps", "--lang", "el").out
    assert "What the metrics show" in workbench("steps", "--lang", "en").out


# Questions in batch, and results shown again


def test_without_a_session_a_question_is_told_as_not_answered_and_nothing_is_made(
    workbench: Any, tmp_path: Path
) -> None:
    asked = workbench("--step", "1δ", "--json")
    assert asked.code == 0
    part = asked.json["parts"][0]
    assert (part["part"], part["status"], part["run"]) == ("1δ", "not answered", None)
    assert part["question"].startswith("What is the mel scale")
    assert not (tmp_path / "sessions").exists()


def test_a_view_runs_is_shown_again_and_is_evidence(session: Session, workbench: Any) -> None:
    assert "Run: python -m workbench --step 4b" in workbench("show", "4β").err
    done = workbench("--step", "4β,4α", "--json", "--quiet")
    assert done.code == 0
    merge, item = done.json["parts"]
    assert (merge["status"], merge["values"]["classes/after"]) == ("finished", 2) and "question" not in merge
    assert (item["status"], item["answered"]) == ("finished", False) and item["question"]
    assert workbench("show", "4b", "--json").json["parts"][0]["run"] == merge["run"]
    session.write_answer("4α", "padded with silence", "")
    shown = workbench("show", "4").out
    assert "Raw genres and their classes" in shown and "padded with silence" in shown
    evidence = {one["part"]: one for one in workbench("answer", "4a", "--json").json["evidence"]}
    assert evidence["4β"]["run"] == merge["run"] and evidence["4γ"]["status"] == "no result"
    states = {part["part"]: part for step in workbench("steps", "--json").json["steps"] for part in step["parts"]}
    assert states["4α"]["answered"] is True and states["1δ"]["status"] == "not answered"


def test_a_result_of_other_data_is_shown_and_called_that(session: Session, workbench: Any) -> None:
    assert workbench("--step", "4β", "--quiet").code == 0
    assert session.data_root is not None
    os.utime(next((session.data_root / "fma_genre_spectrograms" / "train").iterdir()), (1, 1))
    shown = workbench("show", "4b")
    assert shown.code == 0 and "of other data" in shown.err


def test_step_0_is_looked_at_anew_and_keeps_the_device_it_is_given(session: Session, workbench: Any) -> None:
    first = workbench("--step", "0", "--device", "cpu", "--json", "--quiet").json["parts"][0]
    second = workbench("--step", "0", "--json", "--quiet").json["parts"][0]
    assert first["run"] != second["run"] and first["values"]["problems"] == 0
    assert session.device == "cpu"


# Pictures on the terminal


def picture(title: str) -> Image:
    axis = ResultAxis("time", "s")
    return Image(title, axis, ResultAxis("frequency", "Hz"), ResultAxis("level", "dB"), ((-80.0, 0.0),) * 128, -80, 0)


@pytest.mark.parametrize("depth", ["truecolor", "256", "16", "none"])
def test_two_pictures_stand_side_by_side_where_there_is_space(depth: Any) -> None:
    pair = [picture("one"), picture("other")]
    narrow = output.draw_figures(list(pair), 80, Style(depth))
    assert len(narrow) == 2
    wide = output.draw_figures(list(pair), 120, Style(depth))
    assert len(wide) == 1
    first = wide[0].plain.splitlines()[0]
    assert first.index("other") == 61 and first.startswith("one")
    assert max(map(len, wide[0].plain.splitlines())) <= 120


def matrix(title: str, size: int) -> Heatmap:
    names = tuple(f"Genre {number}" for number in range(size))
    cells = tuple(tuple(float(i == j) for j in range(size)) for i in range(size))
    return Heatmap(title, ResultAxis("predicted"), ResultAxis("true"), names, names, cells, counts=True)


def test_two_matrices_stand_side_by_side_where_nothing_of_them_is_left_out() -> None:
    pair = [matrix("one", 10), matrix("other", 10)]
    assert len(output.draw_figures(list(pair), 80, Style("none"))) == 2
    wide = output.draw_figures(list(pair), 160, Style("none"))
    assert len(wide) == 1 and wide[0].plain.count("Genre 9") == 2
    assert len(output.draw_figures([matrix("one", 40), matrix("other", 40)], 160, Style("none"))) == 2


def test_values_are_titled_in_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    from labsteps.results import Result

    output.print_contents(LAB.parts["4β"], Result({"classes/after": Value(10)}), "el")
    assert "κλάσεις μετά  10" in capsys.readouterr().out
