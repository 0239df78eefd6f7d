"""What a worker of a real server has in memory when it has made every file of the schedule."""

import sys

import pytest

from benchmarks.memory import MOST, Client, schedules, served, workers

# Two days in three forms and languages take half a minute; only Linux tells of the memory.
pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")]


def test_a_worker_that_made_every_file_stays_under_its_bound():
    with served(2) as server:
        client = Client(server.base)
        bodies = [schedules(client) for _ in range(2)]
        assert bodies[0] == bodies[1]
        # A body for each day, form and language; the language changes a workbook alone.
        assert (len(bodies[0]), len(set(bodies[0].values()))) == (18, 10)
        found = workers(server)
    assert len(found) == 2
    assert all(each.resident < MOST and each.peak < MOST for each in found), found
