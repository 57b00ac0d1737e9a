"""A whole purchase over HTTP, by one client and by four at once, against its rows and locks in bare SQL.

Ours: gunicorn with the product's own configuration, two workers of four threads; people with personal tokens, who ask
for no body where they need none (``Prefer: return=minimal``). An RFQ of ten lines is published and answered by three
suppliers, closed and opened by the clock, compared, awarded; the order is approved, issued, acknowledged, received and
invoiced, and the flow ends with the invoice matched. One buyer and the same three suppliers serve all clients, so the
four meet at the number series, the credit account and the outbox. One thread of this process is the worker of all
clients: it takes the due steps and delivers what the flow waits for, the invitations and the matching, without claiming
their messages first; notifications, scores and the order's PDF are left to the background, and deleted between the
runs. Bells ring in memory. One UPDATE moves the deadline into the past.

The limit is what one real flow wrote: its transactions, and in each the rows it locked, inserted and updated, counted
while it ran. psycopg2 does the same to copies of the tables with the same rows, indexes and widths: for each
transaction BEGIN, one SELECT FOR UPDATE, one INSERT of all rows and one UPDATE for each table, COMMIT; four connections
in four threads for the second. The copies have no foreign keys, checks or triggers, so the limit hashes no journal; it
has no HTTP, no reading, no rights, no validation, no encryption, no comparison, no shared locks, no rows deleted again,
and no notes of when a token was used or a message done. Its updates change no indexed value. Neither side may be
refused or fail: a deadlock or a request to repeat ends the benchmark.

The SQL statements of one flow, counted within this process, are told on the way; ``STATEMENTS=1`` in the environment
tells which, how often, and where they come from.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from benchmarks.frame import Benchmark
from benchmarks.purchase_flow import bare, course, pages, people, recording, serving, statements, worker

CLIENTS = 4
GOAL = 12.0

world: people.World
site: serving.Site
limit: bare.Limit


def prepare() -> None:
    """The second flow within this process tells the limit what there is to write; the first fills what is kept."""
    global world, site, limit  # noqa: PLW0603 — one installation for every run of the process
    worker.be_quiet()
    world = people.hire()
    in_process()
    flow = recording.record(in_process)
    print(statements.summary(flow), file=sys.stderr)
    if "STATEMENTS" in os.environ:
        print(statements.details(flow), file=sys.stderr)
    limit = bare.Limit(flow, CLIENTS)
    site = serving.serve()


def before_each() -> None:
    worker.forget_the_rest()


def one_client() -> None:
    with worker.one_worker() as do:
        purchase_over_http(do)


def four_clients() -> None:
    with worker.one_worker() as do, ThreadPoolExecutor(CLIENTS) as clients:
        for done in [clients.submit(purchase_over_http, do) for _ in range(CLIENTS)]:
            done.result()


def in_process() -> None:
    course.purchase(pages.InProcess(), world, worker.do_now)


def purchase_over_http(do: worker.Do) -> None:
    with site.connected() as http:
        course.purchase(http, world, do)


def bare_by_one() -> None:
    limit.run()


def bare_by_four() -> None:
    with ThreadPoolExecutor(CLIENTS) as clients:
        for done in [clients.submit(limit.run) for _ in range(CLIENTS)]:
            done.result()


BENCHMARKS = [
    Benchmark("purchase_flow", 1, GOAL, one_client, bare_by_one, prepare, before_each),
    Benchmark("purchase_flow_4", CLIENTS, GOAL, four_clients, bare_by_four, prepare, before_each),
]
