"""Who was killed is followed at once by another on its machine, whatever the lease says."""

from __future__ import annotations

import sys

import pytest

from b2b import jobs
from b2b.jobs import start_job
from b2b.jobs.holders import is_gone, this_process
from b2b.jobs.taking import take
from b2b.models import Job
from tests.b2b.jobs.errands import seen
from tests.b2b.mortal import CHUNKS, KILLED, spawn, traces
from tests.factories.b2b import OrganisationFactory, member

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells which process is which."),
]
State = Job.State


def started(name="late"):
    return start_job("tests.patient", member(OrganisationFactory(), "buyer"), name=name)


def test_the_job_of_a_killed_process_goes_on_from_its_last_chunk_before_its_lease_ends():
    job = started()
    assert spawn("run", str(job.pk), DIE_AT="in chunk 3").returncode == KILLED
    assert (seen(job).state, jobs.work(job.pk)) == (State.RUNNING, False)

    assert jobs.ring_orphaned() == 1
    assert jobs.work(job.pk) is True

    assert seen(job).state == State.DONE
    assert [traces(f"late {chunk}") for chunk in range(CHUNKS)] == [1] * CHUNKS


def test_beat_looks_for_them_as_well():
    job = started()
    assert spawn("run", str(job.pk), DIE_AT="before the end").returncode == KILLED

    jobs.ring_stalled()

    assert list(Job.objects.without_worker()) == [job]


def test_a_job_in_living_hands_and_one_of_another_machine_stay_where_they_are():
    here, elsewhere = started("here"), started("elsewhere")
    take(here.pk)
    take(elsewhere.pk)
    Job.objects.filter(pk=elsewhere.pk).update(lease_holder="other-host/pid:[4026531836] 1 17")

    assert jobs.ring_orphaned() == 0

    assert not Job.objects.without_worker().exists()


def test_another_process_with_the_number_of_a_dead_one_is_not_taken_for_it():
    host, number, began = this_process().split()

    assert not is_gone(f"{host} {number} {began}")
    assert is_gone(f"{host} {number} {int(began) - 1}")
    assert not is_gone("")
