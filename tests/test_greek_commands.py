"""What commands say in Greek: every message in their source has its phrase, and names in it stay as they are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from commands.command_tools import ROOT

from labsteps.evaluation.classification import per_class_table
from labsteps.greek import in_language
from labsteps.results import Column, Result, Table
from workbench import (
    greek,
    greek_commands,
    greek_errors,
    greek_failures,
    greek_keys,
    greek_looks,
    greek_notices,
    greek_screens,
    greek_spoken,
    greek_start,
)
from workbench.cli import main
from workbench.commands.following import LEAVES, STOPS
from workbench.plots.style import Style
from workbench.speaking import said, speaking
from workbench.store.session import Session
from workbench.store.sessions import Sessions
from workbench.tui.look import Look

PLACE = re.compile(r"\{\+?\}")
SAYING = {"told", "said", "field", "say.line", "say.problem", "self.say.line", "self.line", "say"}
SPEAKING = ("workbench/**/*.py", "labsteps/**/*.py")
TABLES = (
    greek,
    greek_commands,
    greek_errors,
    greek_failures,
    greek_start,
    greek_screens,
    greek_looks,
    greek_spoken,
    greek_keys,
    greek_notices,
)
KNOWN = {PLACE.sub("{}", phrase) for table in TABLES for phrase in table.PHRASES}


def template(node: ast.expr) -> str:
    """Return a text of the source with places for what varies, empty where it is no text."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return ""


def messages(path: Path) -> Iterator[str]:
    """Yield what a module says and refuses."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            if ast.unparse(node.exc.func).endswith("Error") and ast.unparse(node.exc.func) != "ValueError":
                yield template(node.exc.args[0])
        elif isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in SAYING:
            yield template(node.args[0])


# Optional pieces are glued to what they follow; the whole is tried below.
GLUED = {
    "{} {} in session {}; python -m workbench to see it",
    "tracks: {}{}; files that cannot be used: {}",
    "{} clips of {} tracks{}, {} files left out, {}",
    "{}{} files, {} GB",
    "{}  {}{}",
    "{}: {}{}: {}",
    "{}, [keys]: {}",
    "{}: {} audio files, none of which can be used{}",
    # Of a mistake in the code, never of a user's
    "{} has no write_artifact, so a trace has nowhere to go: give it one, or Profile(on=False).",
    "the key of a cached folder cannot be empty",
    "{} builds on {}, which {} no result yet. Run them first, or add --with-prerequisites.",
}


@pytest.mark.parametrize("path", sorted(chain.from_iterable(map(ROOT.glob, SPEAKING))), ids=lambda path: path.stem)
def test_every_message_has_its_phrase(path: Path) -> None:
    lines = {line.strip() for message in messages(path) for line in message.split("\n")} - GLUED
    with_words = {line for line in lines if re.search(r"[A-Za-z]{3}", line.replace("{}", ""))}
    assert {line for line in with_words if line not in KNOWN and said(sample(line), "el") == sample(line)} == set()


# Where the app's calls have words for its user: notices, what was done, dialogs, fields, paragraphs, signs of a line.
SHOWING = {
    **dict.fromkeys(("tell", "say", "hint"), (0,)),
    **dict.fromkeys(("do", "offer", "paragraph"), (1,)),
    **{"request": (2,), "AskScreen": (0,), "Field": (0, 2), "Text": (0,)},
}
# Pieces that are glued to others; the whole of each is in the table.
PIECES = {
    "{}. Press r to try again; 5 shows the whole log.",
    "{}p lets it go on",
    "{}goes on if you disconnect",
    "{}, {} (press 2)",
    "and {} more",
    "The marked run is {}; there is nothing to {} in it.",
    "nearest here: {} · {}",
}


def shown(path: Path) -> Iterator[str]:
    """Yield what a module of the app puts before its user, both ways of a choice too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            for place in SHOWING.get(name, ()):
                for one in node.args[place : place + 1]:
                    yield from map(template, (one.body, one.orelse) if isinstance(one, ast.IfExp) else (one,))


@pytest.mark.parametrize("path", sorted((ROOT / "workbench/tui").rglob("*.py")), ids=lambda path: path.stem)
def test_what_the_app_shows_has_its_phrase(path: Path) -> None:
    lines = {line.strip() for text in shown(path) for line in text.split("\n")} - PIECES
    with_words = {line for line in lines if re.search(r"[A-Za-z]{3}", line.replace("{}", ""))}
    greek_look = Look(language="el")
    assert {line for line in with_words if greek_look.say(sample(line)) == sample(line)} == set()


@pytest.mark.parametrize(
    ("english", "greek_text"),
    [
        ("7.1ε interrupted.", "Το 7.1ε διακόπηκε."),
        ("stopped by the user", "τη σταμάτησε ο χρήστης"),
        ("ended without a word (killed, or power lost)", "τελείωσε χωρίς λέξη (σκοτώθηκε, ή κόπηκε το ρεύμα)"),
        ("τη σταμάτησε ο χρήστης; r resumes it", "τη σταμάτησε ο χρήστης· το r τη συνεχίζει"),
        ("waiting for the device, 1 before this run", "αναμονή για τη συσκευή, 1 πριν από αυτήν την εκτέλεση"),
        (
            "5ε, 6 go on in session a; python -m workbench to see it",
            "5ε, 6: συνεχίζονται στη συνεδρία a· python -m workbench για να τις δείτε",
        ),
        ("epoch 2/9  loss 1.5000  val loss 1.4", "εποχή 2/9  σφάλμα 1.5000  σφάλμα val 1.4"),
        ("asked: stop", "ζητήθηκε: διακοπή"),
        (
            "What was saved is whole. Press r to try again; 5 shows the whole log.",
            "Ό,τι αποθηκεύτηκε είναι ακέραιο. Πατήστε r για νέα προσπάθεια· το 5 δείχνει όλα τα μηνύματα.",
        ),
        ("saved 3 s ago · p lets it go on", "αποθηκεύτηκε πριν 3 s · το p τη συνεχίζει"),
        (
            "Nothing has run here yet. 5ε goes on now. Press 3 to follow it.",
            "Τίποτα δεν έχει εκτελεστεί εδώ. Το 5ε εκτελείται τώρα. Πατήστε 3 για να το παρακολουθήσετε.",
        ),
        (
            "bucketing cannot be 'x': it takes true or false (default True).",
            "bucketing: δεν γίνεται 'x'· παίρνει true ή false (προεπιλογή True).",
        ),
        ("val accuracy .512", "accuracy val .512"),
        ("val macro-F1 .83", "macro-F1 val .83"),
        ("clips", "δείγματα"),
        ("epochs", "εποχές"),
        ("cells: clips · [diagonal]: right", "κελιά: δείγματα · [διαγώνιος]: σωστά"),
        ("rows 1–16 of 20", "γραμμές 1–16 από 20"),
    ],
)
def test_what_a_run_and_a_figure_say_is_greek_on_the_screen(english: str, greek_text: str) -> None:
    assert Look(language="el").say(english) == greek_text
    assert Look(language="en").say(english) == english


def test_drawings_and_what_waits_for_a_run_speak_the_language_of_the_command() -> None:
    with speaking(lambda: "el"):
        assert Style().say("cells: clips · shade: share of row") == "κελιά: δείγματα · σκιά: μερίδιο γραμμής"
        assert said(LEAVES).startswith("ctrl+c: αφήνετε") and said(STOPS).startswith("ctrl+c: αποθηκεύει")
    assert Style(language="el").say("No rows.") == "Καμία γραμμή."
    assert Style().say("No rows.") == "No rows."


def sample(line: str) -> str:
    return line.replace("{}", "7")


@pytest.mark.parametrize("table", [greek_commands, greek_errors, greek_failures], ids=lambda table: table.__name__)
def test_a_translation_has_the_places_of_its_phrase_in_their_order(table: ModuleType) -> None:
    for phrase, translation in table.PHRASES.items():
        assert PLACE.findall(phrase) == PLACE.findall(translation), phrase
        assert translation != "" and (translation != phrase or phrase == "{+} ({})")


@pytest.mark.parametrize(
    ("english", "greek_text"),
    [
        ("There is no command 'runn'. Did you mean run?", "Δεν υπάρχει εντολή 'runn'. Μήπως εννοείτε run;"),
        ("session stop: no runs yet", "συνεδρία stop: καμία εκτέλεση ακόμη"),
        ("epoch 2/9  loss 1.5000  val loss 1.4", "εποχή 2/9  σφάλμα 1.5000  σφάλμα val 1.4"),
        ("  warning: fma: is missing", "  προειδοποίηση: fma: λείπει"),
        ("one\ninterrupted", "one\nδιακόπηκε"),
        (
            "6α builds on 5γ, 5δ, which have no result yet. Run them first, or add --with-prerequisites.",
            "Το 6α στηρίζεται στα 5γ, 5δ, που δεν έχουν ακόμη αποτέλεσμα. Εκτελέστε τα πρώτα, ή προσθέστε "
            "--with-prerequisites.",
        ),
        ("here already: 2 files, 0.10 GB", "υπήρχαν ήδη: 2 αρχεία, 0.10 GB"),
        (
            "tracks: 3, shard 1 of 2; files that cannot be used: 0",
            "κομμάτια: 3, μερίδιο 1 από 2· αρχεία που δεν χρησιμοποιούνται: 0",
        ),
        (
            "4 clips of 3 tracks, 1 with emotion values, 0 files left out, complete",
            "4 δείγματα από 3 κομμάτια, 1 με τιμές συναισθήματος, 0 αρχεία εκτός, ολόκληρο",
        ),
    ],
)
def test_words_of_ours_are_translated_and_names_stay(english: str, greek_text: str) -> None:
    assert said(english, "el") == greek_text
    assert said(english, "en") == said(english) == english


@pytest.mark.parametrize("text", ["what nobody has ever told before", "interrupted" * 1000, "", "  ", "\n"])
def test_what_the_table_does_not_know_stays(text: str) -> None:
    assert said(text, "el") == text


def test_the_language_is_looked_up_once_and_only_where_something_is_said() -> None:
    asked: list[int] = []

    def find() -> str:
        asked.append(1)
        return "el"

    with speaking(find):
        assert asked == []
        assert [said("nothing runs"), said("nothing runs")] == ["τίποτα δεν εκτελείται"] * 2
    assert asked == [1] and said("nothing runs") == "nothing runs"


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Sessions(tmp_path / "sessions").create("thesis")


@pytest.mark.parametrize("way", ["flag", "session", "variable"])
@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["status"], "συνεδρία thesis: καμία εκτέλεση ακόμη"),
        (["sessions"], "0 από 0 εκτελέσεις έτοιμες"),
        (["show", "1a"], "Τίποτα από το 1α δεν είναι έτοιμο"),
        (["note"], "(κενή)"),
    ],
)
def test_commands_speak_the_language_that_is_asked_for(
    session: Session,
    words: list[str],
    text: str,
    way: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if way == "session":
        session.update(language="el")
    elif way == "variable":
        monkeypatch.setenv("WORKBENCH_LANGUAGE", "el")
    main([*words, *(["--lang", "el"] if way == "flag" else [])])
    shown = capsys.readouterr()
    assert text in shown.out + shown.err


def test_a_line_that_is_no_command_is_refused_in_the_language_of_the_user(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", "el_GR.UTF-8")
    assert main(["runn"]) == 2
    assert "Δεν υπάρχει εντολή 'runn'. Μήπως εννοείτε run;" in capsys.readouterr().err


def test_programs_get_errors_in_english(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "1a", "--lang", "el", "--json"]) == 2
    shown = capsys.readouterr()
    assert "Nothing of 1α is finished" in shown.out and "Τίποτα από το 1α" in shown.err


@pytest.mark.parametrize(
    "text",
    ["the middle of nowhere", "the disk is free", "2 tracks of the set", "a word written to nobody", "3 of them"],
)
def test_a_phrase_does_not_take_words_of_english_for_a_name(text: str) -> None:
    assert said(text, "el") == text


@pytest.mark.parametrize(
    ("english", "greek_text"),
    [
        ("3 of 4", "3 από 4"),
        ("7.1β of 51", "7.1β από 51"),
        ("/home/on the road/a: no such folder", "/home/on the road/a: δεν υπάρχει τέτοιος φάκελος"),
        ("7.1β: not there", "7.1β: δεν υπάρχει"),
    ],
)
def test_a_phrase_takes_names_and_numbers(english: str, greek_text: str) -> None:
    assert said(english, "el") == greek_text


@pytest.mark.parametrize(
    ("english", "greek_text"),
    [
        ("statistics, training part (76)", "στατιστικά, εκπαίδευση (76)"),
        ("UMAP, neighbours 5 in 2D, LSTM 5ε beat chroma (56)", "UMAP, γείτονες 5 σε 2D, LSTM 5ε beat chroma (56)"),
        (
            "failed: 9γ has no finished run on these data; run it first.",
            "απέτυχε: Το 9γ δεν έχει έτοιμη εκτέλεση σε αυτά τα δεδομένα· εκτελέστε το πρώτα.",
        ),
        ("left: killed by SIGKILL", "έφυγε: σκοτώθηκε από SIGKILL"),
        (
            "The training loss became nan at epoch 3, step 40. Lower learning_rate, or use precision=float32; the "
            "checkpoints before it are kept.",
            "Το σφάλμα εκπαίδευσης έγινε nan στην εποχή 3, βήμα 40. Μειώστε το learning_rate, ή δώστε "
            "precision=float32· τα προηγούμενα checkpoints μένουν.",
        ),
        ("/d/a.json: cannot be read (Permission denied)", "/d/a.json: δεν διαβάζεται (δεν έχετε δικαίωμα)"),
    ],
)
def test_why_a_run_ended_and_what_it_does_is_told_in_greek(english: str, greek_text: str) -> None:
    assert said(english, "el") == greek_text


@pytest.mark.parametrize(
    ("english", "greek_words"),
    [
        ("left out: a/b.wav: not a regular file", "εκτός έμεινε: a/b.wav: δεν είναι κανονικό αρχείο"),
        ("left out: a/b.wav: cannot be read: Is a directory", "εκτός έμεινε: a/b.wav: δεν διαβάζεται: είναι φάκελος"),
        (
            "left out: b.flac: is damaged: 'Error : unknown error in flac decoder.'",
            "εκτός έμεινε: b.flac: είναι χαλασμένο: 'Error : unknown error in flac decoder.'",
        ),
        ("/m/a.mp3: no such file", "/m/a.mp3: δεν υπάρχει τέτοιο αρχείο"),
        (
            "warning: 'Rock' has no track in the test part: too few tracks or artists",
            "προειδοποίηση: η κλάση 'Rock' δεν έχει κομμάτι στο test: πολύ λίγα κομμάτια ή καλλιτέχνες",
        ),
        (
            "warning: multitask_dataset: is missing; steps that need it cannot run",
            "προειδοποίηση: λείπει το multitask_dataset· τα βήματα που το χρειάζονται δεν εκτελούνται",
        ),
        (
            "/m: 8 audio files, none of which can be used; f0.wav: no label is known for it",
            "/m: 8 αρχεία ήχου, και κανένα δεν χρησιμοποιείται· f0.wav: δεν είναι γνωστό το label του",
        ),
        (
            "/m/test: 1 problem with the data, the first: a/test_labels.txt: lists no clips; `data check` lists all",
            "/m/test: 1 πρόβλημα με τα δεδομένα: a/test_labels.txt: δεν έχει κανένα δείγμα· το δείχνει και η εντολή "
            "`data check`",
        ),
        (
            "genre by 7.1ε (run 20261127-7.1e-8698, validation macro-F1 0.667)",
            "είδος κατά 7.1ε (εκτέλεση 20261127-7.1e-8698, macro-F1 validation 0.667)",
        ),
        (
            "by 7.1ε (run 2026-7.1e, validation macro-F1 0.667)",
            "κατά 7.1ε (εκτέλεση 2026-7.1e, macro-F1 validation 0.667)",
        ),
        ("1 min ago", "πριν 1 λεπτό"),
        ("2 min ago", "πριν 2 λεπτά"),
    ],
)
def test_what_is_said_of_ones_own_music_is_greek_to_the_end(english: str, greek_words: str) -> None:
    assert said(english, "el") == greek_words


def test_the_end_of_a_training_is_whole_in_the_apps_log_too() -> None:
    look = Look(plot=Style(), language="el")
    assert look.say("training ended after epoch 2 of 2: all epochs done") == (
        "η εκπαίδευση τελείωσε μετά την εποχή 2 από 2: ολοκληρώθηκαν όλες οι εποχές"
    )


def test_the_parts_of_a_note_have_no_question_mark_between_them_in_greek() -> None:
    table = Table("Scores per class", (Column("class"),), (), "Rock: no clip of the class in the test set; clips")
    told = in_language(Result(tables={"a": table}), "el").tables["a"].note
    assert ";" not in told and told.endswith("· δείγματα")


def test_the_rows_below_the_classes_are_named_in_greek() -> None:
    scored = per_class_table(np.array([0, 1, 1]), np.array([0, 1, 0]), ("Jazz", "Rock"))
    rows = in_language(Result(tables={"a": scored}), "el").tables["a"].rows
    assert [row[0] for row in rows] == ["Jazz", "Rock", "macro μέσος", "micro μέσος"]


def test_how_a_command_is_written_is_told_in_the_language_of_the_refusal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "el_GR.UTF-8")
    assert main(["compare", "5c"]) == 2
    assert capsys.readouterr().err.startswith("χρήση: python -m workbench compare")


def test_the_unit_of_a_parameter_is_greek_in_greek_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "5a", "--lang", "el"]) == 0
    assert "(χρονικά βήματα)" in " ".join(capsys.readouterr().out.split())
