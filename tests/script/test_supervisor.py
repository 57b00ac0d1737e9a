"""Several programs started, watched and stopped as one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from hanse.refusal import Refusal
from hanse.supervisor import Program, Supervisor
from tests.script.conftest import ROOT, eventually, processes_with

# A program with a child of its own that pays no heed to polite requests.
FAMILY = """
import signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)", sys.argv[1]])
print("up", flush=True)
time.sleep(60)
"""
SUPERVISE = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from hanse.supervisor import Program, Supervisor
supervisor = Supervisor(os.environ, ())
for name in ("one", "two"):
    supervisor.start(Program(name, [sys.executable, "-c", sys.argv[2], sys.argv[3]], stop_seconds=1))
time.sleep(60)
"""


def program(code: str, *, name: str = "one", mark: str = "", stop_seconds: float = 2) -> Program:
    return Program(name, [sys.executable, "-c", code, mark], stop_seconds=stop_seconds)


def children_with(mark: str) -> list[int]:
    living = [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]
    return [child.pid for child in living if mark in child.cmdline()]


def test_killed_it_leaves_no_process_behind(tmp_path):
    mark = str(tmp_path)
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, str(ROOT / "script"), FAMILY, mark], stdout=subprocess.PIPE, text=True
    )
    assert sorted([supervisor.stdout.readline(), supervisor.stdout.readline()]) == ["one    | up\n", "two    | up\n"]
    assert len(processes_with(mark)) == 5

    supervisor.kill()
    supervisor.wait()

    assert eventually(lambda: not processes_with(mark))


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells a child that its parent is gone.")
def test_killed_with_its_guardian_it_leaves_no_program_behind(tmp_path):
    mark = str(tmp_path)
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, str(ROOT / "script"), "import time; print('up'); time.sleep(60)", mark],
        stdout=subprocess.DEVNULL,
    )
    assert eventually(lambda: len(processes_with(mark)) == 3)

    for child in psutil.Process(supervisor.pid).children():
        if "guardian" in child.cmdline():
            child.kill()
    supervisor.kill()
    supervisor.wait()

    assert eventually(lambda: not processes_with(mark))


def test_it_stops_the_programs_and_what_they_left(tmp_path, capfd):
    supervisor = Supervisor(os.environ, ())
    polite = "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(print('bye'))); time.sleep(60)"
    supervisor.start(program(polite, name="polite", mark=str(tmp_path)))
    supervisor.start(program(FAMILY, name="family", mark=str(tmp_path)))
    assert eventually(lambda: len(processes_with(str(tmp_path))) == 3)
    time.sleep(0.5)  # Until the polite one has said how it wants to be asked.

    supervisor.stop()

    assert "polite | bye" in capfd.readouterr().out
    assert not processes_with(str(tmp_path))


def test_a_program_that_does_not_stop_is_killed(tmp_path, capfd):
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    supervisor = Supervisor(os.environ, ())
    supervisor.start(program(deaf, mark=str(tmp_path), stop_seconds=0.3))
    assert eventually(lambda: "up" in capfd.readouterr().out)

    supervisor.stop()

    assert "does not stop and is killed" in capfd.readouterr().out
    assert not processes_with(str(tmp_path))


def test_a_program_that_dies_is_started_again(tmp_path):
    supervisor = Supervisor(os.environ, ())
    supervisor.start(program("import time; time.sleep(60)", mark=str(tmp_path)))
    (first,) = children_with(str(tmp_path))
    try:
        os.kill(first, signal.SIGKILL)
        eventually(lambda: psutil.Process(first).status() == psutil.STATUS_ZOMBIE)
        supervisor.revive_dead()

        (second,) = children_with(str(tmp_path))
        assert second != first
    finally:
        supervisor.stop()


def test_a_program_that_gives_no_sign_of_life_is_killed_and_started_again(tmp_path, capfd):
    pulse = tmp_path / "pulse"
    beating = "import os, pathlib, time\nwhile True: pathlib.Path(os.environ['PULSE_FILE']).touch(); time.sleep(0.1)"
    supervisor = Supervisor(os.environ, ())
    command = [sys.executable, "-c", beating, str(tmp_path)]
    supervisor.start(Program("worker", command, stop_seconds=1, pulse=pulse, silent_seconds=2))
    try:
        assert eventually(pulse.exists)
        (first,) = children_with(str(tmp_path))
        for _ in range(30):
            supervisor.revive_dead()
            time.sleep(0.1)
        assert children_with(str(tmp_path)) == [first]

        os.kill(first, signal.SIGSTOP)
        assert eventually(lambda: supervisor.revive_dead() or children_with(str(tmp_path)) not in ([], [first]))

        assert "gives no sign of life and is killed" in capfd.readouterr().out
        supervisor.revive_dead()
        assert len(children_with(str(tmp_path))) == 1
    finally:
        supervisor.stop()


def test_a_program_that_never_gave_a_sign_of_life_is_started_again(tmp_path):
    supervisor = Supervisor(os.environ, ())
    command = [sys.executable, "-c", "import time; time.sleep(60)", str(tmp_path)]
    supervisor.start(Program("worker", command, stop_seconds=1, pulse=tmp_path / "pulse", silent_seconds=0.5))
    (first,) = children_with(str(tmp_path))
    try:
        assert eventually(lambda: supervisor.revive_dead() or children_with(str(tmp_path)) not in ([], [first]))
    finally:
        supervisor.stop()


def test_a_program_that_keeps_dying_is_given_up_with_its_last_words(monkeypatch):
    monkeypatch.setattr("hanse.supervisor.RESTART_PAUSE_SECONDS", 0)
    supervisor = Supervisor(os.environ, ())
    supervisor.start(program("import sys; sys.exit('no such broker')"))

    def revive_for_ever() -> None:
        while True:
            supervisor.revive_dead()

    try:
        with pytest.raises(Refusal, match="The one keeps dying: no such broker"):
            revive_for_ever()
    finally:
        supervisor.stop()


def test_a_program_that_dies_at_the_start_is_named_with_its_last_words():
    supervisor = Supervisor(os.environ, ())
    supervisor.start(program("print('no such setting')", name="web"))

    def refuse_at_last() -> None:
        while True:
            supervisor.refuse_dead()

    try:
        with pytest.raises(Refusal, match="The web did not start: no such setting"):
            refuse_at_last()
    finally:
        supervisor.stop()
