"""`galeon worker`: prices the files that are too long for one answer, one job after the other."""

import signal
from threading import Event
from types import FrameType

import click

from api import utc_now
from api.fx_cli import read_settings

# Seconds between two looks for a job.
LOOK = 1.0


@click.command()
@click.option("--once", is_flag=True, help="End when there is nothing more to do.")
def worker(once: bool) -> None:
    """Work off the jobs of POST /v1/batches. As many workers may run as there are cores, on as many machines.

    SIGTERM and Ctrl-C finish the part that is being priced; another worker goes on behind it, as it does where one is killed.
    """
    from api.job_work import work
    from api.jobs import Jobs
    from api.logs import open_log
    from api.store import Store

    settings = read_settings()
    open_log(settings)
    jobs, stopped = Jobs(Store.at(settings.database).engine), Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not stopped.is_set():
        jobs.forget(utc_now())
        job = jobs.claim(utc_now())
        if job is not None:
            work(jobs, job, utc_now, stopped)
        elif once:
            break
        else:
            stopped.wait(LOOK)
    jobs.engine.dispose()
