from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from b2b.nursery import ROOT, nursery
from b2b.sandbox import MIB, Limits, Refused, Stopped, Why, run

SMALL = Limits(memory_bytes=256 * MIB, cpu_seconds=1, wall_seconds=2, answer_bytes=MIB)


def answer(function: str, payload: bytes = b"", limits: Limits = SMALL, **arguments: object) -> bytes:
    return b"".join(run(f"tests.b2b.sandboxed:{function}", payload, limits=limits, **arguments))


def stopped(function: str, payload: bytes = b"", limits: Limits = SMALL) -> Stopped:
    with pytest.raises(Stopped) as caught:
        answer(function, payload, limits)
    return caught.value


def test_work_answers_in_another_process_with_what_it_yields() -> None:
    payload = bytes(range(256)) * 1000

    assert answer("echo", payload, times=3) == payload * 3
    assert answer("pid") != str(os.getpid()).encode()


def test_each_job_has_a_process_of_its_own() -> None:
    assert answer("pid") != answer("pid")


def test_a_child_knows_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "do not tell")
    nursery.forget()

    names = answer("environment").decode().split()

    assert "PATH" in names
    assert not {"SECRET_KEY", "DATABASE_URL", "FIELD_KEYS"} & set(names)


def test_a_child_never_looks_for_garbage_among_the_libraries() -> None:
    assert int(answer("left_out")) > 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space")
def test_a_hungry_child_is_stopped_for_its_memory() -> None:
    assert stopped("hungry").why == Why.MEMORY


def test_a_busy_child_is_stopped_for_its_processor_time() -> None:
    assert stopped("busy").why == Why.TIME


def test_a_sleeping_child_is_stopped_for_its_wall_time() -> None:
    began = time.monotonic()

    assert stopped("asleep").why == Why.TIME
    assert time.monotonic() - began < 6


@pytest.mark.parametrize(("function", "named"), [("crash", "SIGSEGV"), ("abort", "SIGABRT")])
def test_a_crash_is_reported_by_its_signal(function: str, named: str) -> None:
    died = stopped(function)

    assert (died.why, died.place) == (Why.CRASH, named)


def test_a_bug_in_the_work_is_placed_without_quoting_the_payload() -> None:
    died = stopped("broken", b"name and price")

    assert died.why == Why.CRASH
    assert died.place.startswith("LookupError at sandboxed.py:")
    assert "price" not in str(died)


def test_a_refusal_keeps_its_code_and_values() -> None:
    with pytest.raises(Refused) as caught:
        answer("refusing")

    assert (caught.value.code, caught.value.values) == ("no-thanks", {"row": 4, "name": "価格"})


def test_an_endless_answer_is_cut_off() -> None:
    with pytest.raises(Stopped) as caught:
        answer("echo", bytes(MIB // 2), times=1000)

    assert caught.value.why == Why.ANSWER


def test_a_child_cannot_write_files(tmp_path: Path) -> None:
    target = tmp_path / "dropped"

    with pytest.raises(Stopped) as caught:
        answer("writing", b"payload", path=str(target))

    assert caught.value.place.startswith("OSError at ")
    assert not target.exists() or target.stat().st_size == 0


def test_work_that_cannot_be_loaded_says_so() -> None:
    with pytest.raises(Stopped) as caught:
        list(run("b2b.no_such_module:work", b"", limits=SMALL))

    assert caught.value.place.startswith("ModuleNotFoundError at ")


def test_jobs_of_many_threads_do_not_mix() -> None:
    answers: dict[int, bytes] = {}

    def job(number: int) -> None:
        answers[number] = answer("echo", str(number).encode() * 5000)

    threads = [threading.Thread(target=job, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == {number: str(number).encode() * 5000 for number in range(8)}


def test_a_killed_nursery_is_replaced() -> None:
    answer("pid")
    process = nursery._process
    assert process is not None
    process.kill()
    process.wait()

    assert answer("echo", b"again") == b"again"


def test_a_forked_process_starts_a_nursery_of_its_own() -> None:
    answer("pid")
    ours, theirs = os.pipe()

    child = os.fork()
    if child == 0:  # What a web server or worker does with its own children.
        try:
            os.write(theirs, answer("echo", b"from a fork"))
        finally:
            os._exit(0)
    os.close(theirs)
    os.waitpid(child, 0)

    assert os.read(ours, 100) == b"from a fork"
    os.close(ours)
    assert answer("echo", b"still here") == b"still here"


def test_nothing_is_left_when_the_owner_is_killed() -> None:
    code = (
        "import time; from b2b.sandbox import *; from b2b.nursery import nursery\n"
        "list(run('tests.b2b.sandboxed:pid', b'', limits=Limits()))\n"
        "print(nursery._process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT) as owner:
        assert owner.stdout is not None
        nursery_pid = int(owner.stdout.readline())
        owner.send_signal(signal.SIGKILL)

    assert gone_within(nursery_pid, seconds=5)


def gone_within(pid: int, *, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not alive(pid):
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    """Whether the process runs; one that waits only to be collected by init does not."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self").exists():
        return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
