"""Completion: what fits where the cursor is, the best first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.commands.lookup import SessionLookup, paths
from workbench.grammar.complete import Completion, complete
from workbench.grammar.fuzzy import fits
from workbench.grammar.words import Way
from workbench.store.marks import change_tags
from workbench.store.session import Session
from workbench.store.sessions import Sessions


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    made = Sessions(tmp_path / "sessions")
    made.create("thesis")
    made.create("my other one")
    return made


@pytest.fixture
def session(sessions: Sessions) -> Session:
    return sessions.open("thesis")


@pytest.fixture
def lookup(sessions: Sessions, session: Session) -> SessionLookup:
    return SessionLookup(sessions, lambda: session.folder, "en")


def texts(found: list[Completion]) -> list[str]:
    return [one.text for one in found]


def test_an_empty_line_has_the_verbs_of_the_way(lookup: SessionLookup) -> None:
    at_the_prompt = texts(complete("", lookup))
    assert {"run", "steps", "quit"} <= set(at_the_prompt) and "repl" not in at_the_prompt
    assert "repl" in texts(complete("", lookup, Way.COMMAND_LINE))


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("ru", "run"),
        ("RU", "run"),
        ("resu", "continue"),
        ("cmp", "compare"),
        ("run 5g", None),
        ("run 5c", "5γ"),
        ("run 7.1e", "7.1ε"),
        ("show cnn", "7.1β"),
        ("run 5c epo", "epochs="),
        ("run 5c lr", "learning_rate="),
        ("run 5c lr=", "lr=0.001"),
        ("run 5c bidirectional=t", "bidirectional=true"),
        ("run 5b features=bea", "'features=beat mel'"),
        ("run 5c --for", "--force"),
        ("sessions rem", "remove"),
        ("sessions rename thes", "thesis"),
        ("open oth", "'my other one'"),
        ("open 'my", "'my other one'"),
        ("device c", "cpu"),
        ("set lang", "language="),
        ("set language=", "language=en"),
        ("help sess", "sessions"),
        ("help sessions ren", "rename"),
        ("change learn", "learning_rate="),
        ("steps --lang ", "en"),
        ("answer 1δ --te", "--text"),
        ("nothing ", None),
        ("run 5c # ep", None),
    ],
)
def test_the_best_word_for_a_place(lookup: SessionLookup, line: str, first: str | None) -> None:
    found = complete(line, lookup)
    assert (found[0].text if found else None) == first
    for one in found:
        assert 0 <= one.start <= len(line)


def test_a_parameter_is_told_with_its_range_its_default_and_what_it_is(lookup: SessionLookup) -> None:
    (found,) = [one for one in complete("run 5γ epochs", lookup) if one.text == "epochs="]
    for said in ("from 1 to 10000", "default 40", "passes over the training part"):
        assert said in found.candidate.about


def test_what_is_given_already_is_not_offered_again(lookup: SessionLookup) -> None:
    assert "learning_rate=" not in texts(complete("run 5γ lr=1e-3 l", lookup))
    assert "epochs=" in texts(complete("run 5γ lr=1e-3 e", lookup))


def test_only_parameters_of_the_parts_named_are_offered(lookup: SessionLookup) -> None:
    assert "kernel_size=" in texts(complete("run 7.1ε ", lookup))
    assert "kernel_size=" not in texts(complete("run 5γ ", lookup))


@pytest.fixture
def made(session: Session) -> Callable[..., list[str]]:
    """Makes runs with the last four letters of their ids given."""

    def make(**part_of_letters: str) -> list[str]:
        runs = []
        for letters, part in part_of_letters.items():
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("os.urandom", lambda _, letters=letters: bytes.fromhex(letters.removeprefix("x")))
                runs.append(session.create_run({"part": part, "created": 1.0}).id)
        return runs

    return make


def test_runs_are_found_by_their_part_newest_first(lookup: SessionLookup, made: Callable[..., list[str]]) -> None:
    old, _, new = made(x0001="5γ", xc417="7.1ε", x0002="5γ")
    assert texts(complete("delete 5c", lookup)) == [new, old]
    assert texts(complete("stop ", lookup)) == []  # none of them goes on


@pytest.mark.parametrize("typed", ["5c", "5C", "5γ"])
def test_a_part_that_is_typed_has_its_runs_alone_whatever_letters_others_end_on(
    lookup: SessionLookup, made: Callable[..., list[str]], typed: str
) -> None:
    (own, *_) = made(x0001="5γ", x5c5c="7.1ε", xc417="7.1ε")
    assert texts(complete(f"delete {typed}", lookup)) == [own]


def test_a_run_is_found_by_the_pieces_of_its_id_and_not_by_letters_in_order(
    lookup: SessionLookup, made: Callable[..., list[str]]
) -> None:
    first, second = made(xc417="7.1ε", xabcd="5γ")
    assert texts(complete("delete c4", lookup)) == [first]
    assert texts(complete("delete 417", lookup)) == []
    assert texts(complete("delete 8c", lookup)) == []
    assert texts(complete(f"delete {second[:10]}", lookup)) == [second, first]
    assert texts(complete(f"delete {second}", lookup)) == [second]


def test_runs_of_a_part_are_found_however_many_came_after(
    lookup: SessionLookup, made: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    own, *_ = made(x0001="5γ", x0002="7.1ε", x0003="7.1ε")
    monkeypatch.setattr("workbench.commands.lookup.MOST_RUNS", 1)
    assert texts(complete("delete 5c", lookup)) == [own]


def test_tags_of_the_session_are_offered(lookup: SessionLookup, session: Session) -> None:
    change_tags(session.create_run({"part": "5γ"}), add=["final"])
    assert texts(complete("tag 5c fi", lookup)) == ["final"]


def test_a_session_that_cannot_be_read_offers_nothing_and_breaks_nothing(
    lookup: SessionLookup, session: Session
) -> None:
    (session.folder / "session.json").write_text("{")
    assert texts(complete("tag 5c ", lookup)) == []
    assert "run" in texts(complete("r", lookup))


def test_files_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lookup: SessionLookup) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my data").mkdir()
    (tmp_path / "my data" / "inside").mkdir()
    (tmp_path / "answer.md").write_text("")
    (tmp_path / ".hidden").write_text("")
    (tmp_path / "bad\x1b[2Jname").write_text("")
    names = [one.text for one in paths("", folders_only=False)]
    assert {"my data/", "answer.md"} <= set(names)
    assert not any("\x1b" in name or name.startswith(".") for name in names)
    assert "answer.md" not in [one.text for one in paths("", folders_only=True)]
    assert texts(complete("answer 1δ --file ans", lookup)) == ["answer.md"]
    assert texts(complete("data check my", lookup)) == ["'my data/"]
    assert texts(complete("data check 'my data/", lookup)) == ["'my data/inside/"]
    assert texts(complete("data check nowhere/", lookup)) == []


def test_fuzzy_is_a_beginning_then_a_place_inside_then_letters_in_order() -> None:
    scores = [fits(typed, "learning_rate") for typed in ("lear", "rate", "lrt")]
    assert None not in scores and scores == sorted(scores)  # type: ignore[type-var]
    assert fits("xyz", "learning_rate") is None
    assert fits("αξιο", "Αξιολόγηση") == 0.0
    assert fits("αξιολογ", "Αξιολόγηση") == 0.0
