"""The list of jobs."""

from datetime import timedelta

from scheduler.catalogue import JOBS


def test_every_job_is_told_apart_and_says_what_it_does() -> None:
    """Names are unique and those of their functions; each says in a sentence what it does."""
    assert [job.name for job in JOBS] == [
        "check_invariants",
        "expire_basket_holds",
        "move_suspended_work",
        "reroute_lost_reservations",
        "forecast_demand",
    ]
    for job in JOBS:
        assert job.run.__name__ == job.name
        assert job.does.endswith(".")
        assert job.every >= timedelta(seconds=10)
