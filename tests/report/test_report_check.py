"""What `report check` finds in a session, a kind of finding a test, and the zip that is handed in."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from greek_tools import is_prose
from report_tools import finish, genre_result, session_at

from labsteps.catalogue import catalogue
from labsteps.errors import UsageError
from labsteps.results import Result, Value
from workbench.cli import main
from workbench.exits import Exit
from workbench.report import build as building
from workbench.report import letters
from workbench.report import submit as handing_in
from workbench.report.build import EditedSourceError, build, build_edited, heading_of
from workbench.report.check import Finding, Kind, check
from workbench.report.document import Member
from workbench.store.run import RunFolder
from workbench.store.session import Session

PDF = b"%PDF-1.7\n%%EOF\n"
ASKING = [part.id for part in catalogue().parts.values() if part.asks]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return session_at(tmp_path)


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    (tmp_path / "report.pdf").write_bytes(PDF)
    return tmp_path / "report.pdf"


@pytest.fixture
def little_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be one file to hand in, for compiling all takes its time."""
    monkeypatch.setattr(handing_in, "_code", lambda: iter([("labsteps/one.py", b"x = 1\n")]))


def found(session: Session, kind: Kind) -> dict[str, str]:
    """Return the findings of a kind, part → text."""
    return {one.part: one.text for one in check(session) if one.kind is kind}


def answer_all(session: Session, *, leave: tuple[str, ...] = ()) -> None:
    for part in ASKING:
        if part not in leave:
            session.write_answer(part, "an answer", "")


def test_an_empty_session_lacks_every_run_and_every_answer(session: Session) -> None:
    runnable = {part.id for part in catalogue().parts.values() if part.built}
    assert set(found(session, Kind.NOT_RUN)) == runnable
    assert set(found(session, Kind.NOT_ANSWERED)) == set(ASKING)


def test_a_run_and_an_answer_are_lacking_no_more(session: Session) -> None:
    finish(session, "5γ", genre_result())
    session.write_answer("1δ", "pitch", "")
    assert "5γ" not in found(session, Kind.NOT_RUN) and "5δ" in found(session, Kind.NOT_RUN)
    assert "1δ" not in found(session, Kind.NOT_ANSWERED) and "2α" in found(session, Kind.NOT_ANSWERED)


def test_an_answer_of_blanks_is_none(session: Session) -> None:
    session.write_answer("1δ", " \n\t\n", "")
    assert "1δ" in found(session, Kind.NOT_ANSWERED)


@pytest.mark.parametrize(
    ("part", "name", "which"),
    [("5β", "passed", ""), ("7.2β", "overfit/passed", "overfit"), ("8β", "cnn/overfit/passed", "cnn")],
)
def test_an_overfit_check_that_failed_is_named_with_its_network(
    session: Session, part: str, name: str, which: str
) -> None:
    finish(session, part, Result(values={name: Value(0.0)}))
    assert which in found(session, Kind.OVERFIT_FAILED)[part]
    finish(session, part, Result(values={name: Value(1.0)}))
    assert part not in found(session, Kind.OVERFIT_FAILED)


def test_a_result_of_other_data_is_named(session: Session, tmp_path: Path) -> None:
    finish(session, "5γ", genre_result(), data="0123456789abcdef")
    assert set(found(session, Kind.OTHER_DATA)) == {"5γ"}


def test_models_on_different_data_are_named_where_they_stand_beside_each_other(session: Session) -> None:
    finish(session, "5γ", genre_result(), data="one")
    finish(session, "7.1ε", genre_result(), data="another")
    assert {"5γ", "7.1ε"} <= set(found(session, Kind.OTHER_DATA))


def test_models_trained_on_different_splits_are_named(session: Session) -> None:
    for part in ("5γ", "5δ"):
        finish(session, part, genre_result())
    finish(session, "7.1ε", genre_result(), seed=3)
    finish(session, "7.2β", genre_result(), parameters={"validation_fraction": 0.3})
    other = found(session, Kind.OTHER_SPLIT)
    assert set(other) == {"7.1ε", "7.2β"} and "seed 3" in other["7.1ε"] and "0.3" in other["7.2β"]


def test_the_same_splits_are_not(session: Session) -> None:
    for part in ("5γ", "5δ", "7.1ε"):
        finish(session, part, genre_result(), seed=5)
    assert not found(session, Kind.OTHER_SPLIT)


def trained_on(run: RunFolder, tracks: range, *sections: str) -> None:
    """Leave beside a run, or its sections, which tracks it learnt from, as a worker does."""
    for folder in (run.path / section for section in sections or ("",)):
        folder.mkdir(exist_ok=True)
        (folder / "split.json").write_text(json.dumps({"train": list(tracks), "validation": [900]}))
        (folder / "test_outputs.csv").touch()


def test_models_that_learnt_from_other_tracks_are_named_though_their_settings_agree(session: Session) -> None:
    for part, tracks in (("5γ", 48), ("5δ", 20), ("7.1ε", 48)):
        trained_on(finish(session, part, genre_result(), parameters={"subset": tracks}), range(tracks))
    trained_on(finish(session, "5ε", genre_result()), range(48), "raw", "beat")
    trained_on(finish(session, "8β", Result()), range(7), "cnn")  # emotion stands in a table of its own
    trained_on(finish(session, "9γ", genre_result()), range(5))  # leaves tracks out on purpose
    other = found(session, Kind.OTHER_SPLIT)
    assert set(other) == {"5δ"} and "5γ, 5ε, 7.1ε on 48, 20 of them the same" in other["5δ"]
    trained_on(finish(session, "7.1ε", genre_result(), seed=3), range(30, 60))
    assert [one.part for one in check(session) if one.kind is Kind.OTHER_SPLIT] == ["7.1ε", "5δ"]


def test_emotion_that_was_judged_on_other_held_out_tracks_is_named(session: Session) -> None:
    for part, held_out in (("8β", 0), ("8γ", 0), ("9δ", 7)):
        finish(session, part, Result(), parameters={"held_out_seed": held_out})
    assert "held_out_seed 7" in found(session, Kind.OTHER_SPLIT)["9δ"]
    assert "8β" not in found(session, Kind.OTHER_SPLIT)


def test_a_claim_of_one_seed_is_named_until_there_are_more(session: Session) -> None:
    for part in ("5γ", "7.1ε", "8β"):
        finish(session, part, genre_result())
    assert {"5γ", "7.1ε", "8β"} <= set(found(session, Kind.SINGLE_SEED))
    finish(session, "8β", Result(), parameters={"seeds": 3})
    assert "8β" not in found(session, Kind.SINGLE_SEED)


def test_a_training_without_repeats_of_its_own_is_a_claim_of_one_seed_where_it_scores(session: Session) -> None:
    finish(session, "7.1β", Result(values={"test/accuracy": Value(0.5)}))
    finish(session, "9δ", Result(values={"held_out/spearman/valence": Value(0.5)}))
    finish(session, "5β", Result(values={"passed": Value(1.0)}))
    named = found(session, Kind.SINGLE_SEED)
    assert set(named) == {"7.1β", "9δ"} and "--seed" in named["7.1β"] and "seeds=5" in named["9δ"]


def test_a_few_clips_of_training_are_named(session: Session) -> None:
    finish(session, "5γ", genre_result(), parameters={"subset": 64})
    assert "64" in found(session, Kind.PARTIAL)["5γ"]


def test_a_result_on_an_older_run_is_named(session: Session) -> None:
    old = finish(session, "5γ", genre_result())
    finish(session, "6α", Result(), builds_on={"5γ": old.id})
    assert not found(session, Kind.OUTDATED)
    new = finish(session, "5γ", genre_result())
    assert new.id in found(session, Kind.OUTDATED)["6α"]


def test_the_command_tells_findings_for_people_and_as_json(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--sessions-dir", str(tmp_path / "sessions"), "report", "check", "--session", "mine"]
    assert main(words) == Exit.DONE
    assert "not run" in capsys.readouterr().out
    assert main([*words, "--json"]) == Exit.DONE
    listed = json.loads(capsys.readouterr().out)["findings"]
    assert len(listed) == len(check(session)) and set(listed[0]) == set(Finding.__slots__)


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine have no fonts but those that come along."""
    monkeypatch.setattr(letters, "system_letters", frozenset)


@pytest.mark.usefixtures("no_fonts")
def test_letters_without_a_font_are_named_with_one_that_has_them(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.write_answer("2β", "🎵🎸🎵 音樂 ภ ά", "")
    session.write_answer("3", "ά ♪", "")
    heading_of(session, members=(Member("민수", "A1"),))
    named = found(session, Kind.NO_FONT)
    assert set(named) == {"", "2β"} and "민수 (Noto Sans CJK)" in named[""]
    assert "🎵🎸 (Noto Color Emoji), 音樂 (Noto Sans CJK), ภ (Noto Sans Thai):" in named["2β"]
    monkeypatch.setattr(letters, "system_letters", lambda: frozenset(map(ord, "🎵🎸音樂민수")))
    assert {part: "ภ" in text for part, text in found(session, Kind.NO_FONT).items()} == {"2β": True}


@pytest.mark.usefixtures("no_fonts")
def test_a_build_says_which_letters_no_font_shows(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "make_pdf", lambda folder: folder / "report.pdf")
    session.write_answer("2β", "🎵", "")
    made = build(session, heading_of(session), "en", also=("latex",))
    assert [("report.tex" in text, "🎵 (Noto Color Emoji)" in text) for text in made.warnings] == [
        (False, True),
        (True, True),
    ]
    assert made.files[-1].read_text(encoding="utf-8").startswith("% DejaVu lacks 🎵 (Noto Color Emoji)")
    monkeypatch.setattr(letters, "system_letters", lambda: frozenset(map(ord, "🎵")))
    assert not build(session, heading_of(session), "en").warnings
    assert '"🎵"' in made.files[1].read_text(encoding="utf-8")


@pytest.mark.usefixtures("no_fonts")
def test_every_finding_is_told_in_greek_too(session: Session) -> None:
    session.write_answer("2β", "🎵", "")
    old = finish(session, "5γ", genre_result(), data="one", parameters={"subset": 64})
    finish(session, "6α", Result(), builds_on={"5γ": old.id})
    finish(session, "5γ", genre_result(), data="one", parameters={"subset": 64})
    finish(session, "5β", Result(values={"passed": Value(0.0)}))
    finish(session, "8β", Result(values={"cnn/overfit/passed": Value(0.0)}), seed=3)
    finish(session, "9δ", Result(values={"held_out/spearman/valence": Value(0.5)}), parameters={"held_out_seed": 7})
    for part, tracks in (("5δ", 48), ("5ε", 48), ("7.2β", 20)):
        trained_on(finish(session, part, genre_result()), range(tracks))
    english, greek = check(session), check(session, "el")
    assert any("of them the same" in one.text for one in english)
    assert {one.kind for one in english} == set(Kind)
    assert [(one.kind, one.part) for one in english] == [(one.kind, one.part) for one in greek]
    assert not [one.text for one, other in zip(greek, english, strict=True) if one.text == other.text]
    assert not [one.text for one in greek if is_prose(one.text)]


# The zip


def handed_in(session: Session, tmp_path: Path, *ids: str) -> bytes:
    """Hand the session's own report in, and return the PDF that is in the zip."""
    target = handing_in.submit(session, ids, None, tmp_path / "out", incomplete=True)
    with zipfile.ZipFile(target) as archive:
        return archive.read(f"report_{'_'.join(ids)}.pdf")


@pytest.mark.usefixtures("little_code")
def test_a_report_is_built_anew_before_it_is_handed_in_where_the_session_changed_since(
    session: Session, tmp_path: Path
) -> None:
    heading = heading_of(session, members=(Member("A", "03119001"),))
    folder = build(session, heading, "el").files[0].parent
    first = (folder / "report.pdf").stat().st_mtime_ns
    assert handed_in(session, tmp_path, "03119001") == (folder / "report.pdf").read_bytes()
    assert (folder / "report.pdf").stat().st_mtime_ns == first
    session.write_answer("2β", "an answer that came late", "")
    assert handed_in(session, tmp_path, "03119001") == (folder / "report.pdf").read_bytes()
    source = (folder / "report.typ").read_text(encoding="utf-8")
    assert "an answer that came late" in source and 'lang: "el"' in source
    assert (folder / "report.pdf").stat().st_mtime_ns > first


@pytest.mark.usefixtures("little_code")
def test_an_edited_report_is_handed_in_only_while_its_pdf_holds_everything(session: Session, tmp_path: Path) -> None:
    source = build(session, heading_of(session, members=(Member("A", "A1"),)), "en").files[1]
    source.write_text(edited := source.read_text(encoding="utf-8") + '\n#text("mine")\n', encoding="utf-8")
    with pytest.raises(EditedSourceError, match="--edited"):
        handed_in(session, tmp_path, "A1")
    pdf = build_edited(session, "en").files[0].read_bytes()
    assert handed_in(session, tmp_path, "A1") == pdf
    session.write_answer("2β", "late", "")
    with pytest.raises(EditedSourceError, match="--pdf"):
        handed_in(session, tmp_path, "A1")
    assert source.read_text(encoding="utf-8") == edited


@pytest.mark.usefixtures("little_code")
def test_ids_that_are_not_those_of_the_title_page_are_refused(session: Session, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--member"):
        handed_in(session, tmp_path, "A1")
    heading_of(session, members=(Member("A", "A1"), Member("B", "B2")))
    with pytest.raises(UsageError, match="A1, B2"):
        handed_in(session, tmp_path, "A1")
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("little_code")
def test_the_zip_is_made_once_everything_is_answered(session: Session, pdf: Path, tmp_path: Path) -> None:
    answer_all(session, leave=("9β",))
    with pytest.raises(handing_in.IncompleteError, match="9β") as refused:
        handing_in.submit(session, ["03119001"], pdf, tmp_path / "out")
    assert refused.value.problems == ("9β: no answer",) and not (tmp_path / "out").exists()
    session.write_answer("9β", "the CNN", "")
    assert handing_in.submit(session, ["03119001"], pdf, tmp_path / "out").name == "patrec2_03119001.zip"


def test_what_is_in_the_zip_is_python_that_compiles_and_the_pdf(session: Session, pdf: Path, tmp_path: Path) -> None:
    target = handing_in.submit(session, ["A1", "B2"], pdf, tmp_path, incomplete=True)
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None and archive.read("report_A1_B2.pdf") == PDF
        code = [name for name in archive.namelist() if name.endswith(".py")]
        names = archive.namelist()
    assert len(code) > 100 and {"code/workbench/report/style.tex", "code/workbench/report/style.typ"} <= set(names)


@pytest.mark.usefixtures("little_code")
@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_a_zip_that_is_not_whole_when_it_is_opened_again_is_refused(
    session: Session, pdf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    write = handing_in.write_file

    def damaged(path: Path, data: bytes) -> None:
        if damage == "cut":
            write(path, data[: len(data) // 2])
        elif damage == "changed":
            at = data.index(b"report_A1.pdf") + len("report_A1.pdf") + 4
            write(path, data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])

    monkeypatch.setattr(handing_in, "write_file", damaged)
    with pytest.raises(handing_in.BadArchiveError, match="rite it anew"):
        handing_in.submit(session, ["A1"], pdf, tmp_path, incomplete=True)


def test_code_that_does_not_compile_is_not_handed_in(
    session: Session, pdf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_in, "_code", lambda: iter([("labsteps/broken.py", b"def (:\n")]))
    with pytest.raises(handing_in.BadArchiveError, match=r"labsteps/broken\.py"):
        handing_in.submit(session, ["A1"], pdf, tmp_path, incomplete=True)


@pytest.mark.usefixtures("little_code")
def test_the_command_refuses_open_questions_and_says_which(
    session: Session, pdf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer_all(session, leave=("6ε",))
    folder = ["--sessions-dir", str(tmp_path / "sessions"), "report", "submit", "--session", "mine"]
    words = [*folder, "--ids", "A1", "B2", "--pdf", str(pdf), "--out", str(tmp_path / "out")]
    assert main(words) == Exit.USAGE
    assert "6ε" in capsys.readouterr().err
    assert main([*words, "--incomplete"]) == Exit.DONE
    assert capsys.readouterr().out.strip().endswith("patrec2_A1_B2.zip")
