"""The prompt without a terminal: one command in a pipe, scripts, exit codes, and input that nobody should give."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands.command_tools import ROOT, Done

from workbench.exits import Exit
from workbench.grammar.line import LONGEST
from workbench.repl import shell as shell_module
from workbench.repl.script import lines_of_text, run_script
from workbench.repl.shell import Shell
from workbench.store.records import write_record
from workbench.store.session import Session
from workbench.store.sessions import Sessions


def repl(*arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> Done:
    environment = {**os.environ, **(env or {})}
    done = subprocess.run(
        [sys.executable, "-m", "workbench", "repl", *arguments],
        cwd=ROOT,
        env={name: value for name, value in environment.items() if value != "(unset)"},
        input=stdin,
        capture_output=True,
        timeout=120,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path / "sessions")


@pytest.fixture
def session(sessions: Sessions) -> Session:
    return sessions.create("thesis")


@pytest.fixture
def shell(sessions: Sessions, session: Session) -> Shell:
    return Shell(sessions, None, "en")


def test_one_command_prints_what_a_program_can_read_and_ends_with_its_code(session: Session) -> None:
    done = repl("-c", "steps --json")
    assert done.code == 0, done.err
    assert done.json["session"] == "thesis"
    failed = repl("-c", "show 9.9 --json")
    assert failed.code == 2
    assert failed.json["error"]["exit"] == 2
    assert failed.err == "There is no step or part '9.9'. Nearest: 9, 9ε, 9δ.\n"


def test_a_script_stops_at_the_line_that_fails_and_names_it(session: Session) -> None:
    lines = "# my lab\n\nnote first\nshow 5γ\nnote second\n"
    done = repl(stdin=lines.encode())
    assert done.code == 2
    assert "line 4 ended with code 2: show 5γ" in done.err
    assert (session.folder / "notes.md").read_text() == "first\n"
    done = repl("--keep-going", stdin=b"show 9.9\nopen nowhere\nnote second\nquit\nnote third\n")
    assert done.code == 2
    assert (session.folder / "notes.md").read_text() == "first\nsecond\n"


def test_several_commands_are_done_in_order(session: Session) -> None:
    done = repl("-c", "note one\nnote two", "-c", "note three")
    assert done.code == 0
    assert (session.folder / "notes.md").read_text() == "one\ntwo\nthree\n"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"note 'open\n", "not closed"),
        (b"show \x1b[2J6\n", "control character '\\x1b'"),
        (b"show \x00\n", "control character '\\x00'"),
        (b"show \xff\xfe6\n", "not UTF-8 text"),
        (b"x" * 1_048_576 + b"\n", "a command has at most"),
        (b"note " + b"y" * LONGEST, "a command has at most"),
        (b"stpes\n", "Did you mean steps"),
        (b"run\n", "required"),
        (b"run 5c epochs=many\n", "epochs cannot be 'many'"),
        (b"set 5c epochz=3\n", "Did you mean epochs"),
        (b"open \xe2\x80\xae\n", "control character '\\u202e'"),
        (b"--step 5\n", "not recognised"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_bad_input_is_one_clear_message_and_code_2(shell: Shell, raw: bytes, said: str) -> None:
    done = repl("--keep-going", stdin=raw + (b"" if raw.endswith(b"\n") else b"\n") + b"note still here\n")
    assert done.code == 2
    assert any(one in done.err for one in said.split("|")), done.err
    assert "Traceback" not in done.err and "\x1b" not in done.err and "\u202e" not in done.err
    assert (shell.sessions.folder / "thesis" / "notes.md").read_text() == "still here\n"


def test_a_closed_reader_ends_it_quietly(session: Session) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "workbench", "repl", "-c", "steps\nsteps\nsteps"],
        cwd=ROOT,
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writer)
    assert done.stderr == ""


def test_closed_streams_are_no_crash(session: Session) -> None:
    for closing in ("<&-", ">&-", "2>&-"):
        done = subprocess.run(
            ["bash", "-c", f"{sys.executable} -m workbench repl -c steps {closing}"], cwd=ROOT, capture_output=True
        )
        assert done.returncode == 0 and b"Traceback" not in done.stderr
    done = subprocess.run(["bash", "-c", f"{sys.executable} -m workbench repl <&-"], cwd=ROOT, capture_output=True)
    assert done.returncode == 2 and b"Standard input is closed" in done.stderr


@pytest.mark.parametrize("home", ["(unset)", "", "/nowhere/at/all", "/proc"])
def test_without_a_usable_home_it_works_all_the_same(home: str, tmp_path: Path) -> None:
    env = {name: "(unset)" for name in os.environ if name.startswith(("WORKBENCH_", "XDG_"))}
    env |= {"HOME": home, "TMPDIR": str(tmp_path), "WORKBENCH_SESSIONS_DIR": str(tmp_path / "own")}
    done = repl("-c", "sessions new one\nnote hello", env=env)
    assert done.code == 0, done.err
    assert (tmp_path / "own" / "one" / "notes.md").read_text() == "hello\n"


def test_a_damaged_session_is_told_with_code_4(session: Session) -> None:
    (session.folder / "session.json").write_text('{"format": 1, "name": ')
    for line in ("steps", "note hello", "run 7.1e", "status"):
        done = repl("-c", line)
        assert done.code == 4, (line, done)
        assert "session.json" in done.err and "Traceback" not in done.err
    assert repl("-c", "sessions").code == 0


def test_names_with_escapes_are_shown_as_text(session: Session) -> None:
    file = session.folder / "session.json"
    write_record(file, {**session.settings, "name": "evil\x1b[2Jname"})
    for line in ("sessions", "sessions show", "set", "device", "status", "steps"):
        done = repl("-c", line)
        assert "\x1b" not in done.out + done.err, line
    assert "evil\\x1b[2Jname" in repl("-c", "set").out


def test_the_session_of_a_prompt_stays_its_own(sessions: Sessions, shell: Shell) -> None:
    sessions.create("other")
    assert sessions.open("other").name == "other"  # as another screen would, which makes it the last one
    assert run_script(shell, ["note mine"]) == 0
    assert (sessions.folder / "thesis" / "notes.md").exists()
    sessions.rename("thesis", "renamed")
    assert run_script(shell, ["note again"]) == 0
    assert (sessions.folder / "thesis" / "notes.md").read_text() == "mine\nagain\n"
    assert run_script(shell, ["open other", "note theirs"]) == 0
    assert (sessions.folder / "other" / "notes.md").read_text() == "theirs\n"


def test_parameters_that_are_set_are_kept_until_another_session_is_opened(
    sessions: Sessions, shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["set subset=30", "set 5γ 7.1e epochs=7 lr=1e-4", "set 5γ lr=", "set seed=4", "set"]
    assert run_script(shell, lines) == 0
    assert shell.state.drafts == {
        "": {"subset": 30},
        "5γ": {"epochs": 7},
        "7.1ε": {"epochs": 7, "learning_rate": 1e-4},
    }
    assert "every part: subset 30" in capsys.readouterr().out
    assert sessions.open("thesis").seed == 4
    assert run_script(shell, ["set 5γ epochs=0"]) == Exit.USAGE
    assert shell.state.drafts["5γ"] == {"epochs": 7}
    sessions.create("other")
    run_script(shell, ["open other"])
    assert shell.state.drafts == {}


def test_a_fault_of_ours_is_told_without_a_traceback_and_kept(
    shell: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(options: object) -> int:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(shell_module, "execute", broken)
    assert run_script(shell, ["steps"], numbered=False) == Exit.FAILED
    said = capsys.readouterr().err
    assert "fault of the workbench" in said and "Traceback" not in said
    assert "ZeroDivisionError" in (tmp_path / "state" / "errors.log").read_text()


def test_help_is_no_failure(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_script(shell, ["help", "help run", "run --help"]) == 0
    assert capsys.readouterr().out.count("run 5γ epochs=20 lr=1e-3") == 2
    assert run_script(shell, ["help nothing"]) == Exit.USAGE


def test_texts_are_taken_line_by_line() -> None:
    assert list(lines_of_text(["a\nb", "c"])) == ["a", "b", "c"]


def test_the_language_asked_for_at_the_start_holds_for_every_command(
    sessions: Sessions, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    Shell(sessions, None, "el", asked=True).do("config show language")
    assert capsys.readouterr().out.startswith("language             el")


def test_every_command_prints_json_where_that_is_asked_at_the_start(
    sessions: Sessions, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    shell = Shell(sessions, None, "en", as_json=True)
    assert shell.do("sessions") == 0 and json.loads(capsys.readouterr().out)["format"] == 1
    assert shell.do("shwo 6") == 2 and json.loads(capsys.readouterr().out)["error"]["exit"] == 2
    assert shell.do("help quit") == 0 and capsys.readouterr().out  # it has no other form


def test_the_keys_of_the_app_for_help_and_leaving_are_words_too(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell.do("help") == 0
    told = capsys.readouterr().out
    assert told
    assert shell.do("?") == 0
    assert capsys.readouterr().out == told
    with pytest.raises(shell_module.LeavePrompt):
        shell.do("q")
