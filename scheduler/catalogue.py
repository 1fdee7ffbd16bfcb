"""Every job there is, and when it runs."""

from datetime import timedelta
from typing import Final

from scheduler.job import Job
from scheduler.jobs.check_invariants import check_invariants
from scheduler.jobs.expire_basket_holds import expire_basket_holds
from scheduler.jobs.forecast_demand import forecast_demand
from scheduler.jobs.move_suspended_work import move_suspended_work
from scheduler.jobs.reroute_lost_reservations import reroute_lost_reservations

JOBS: Final[tuple[Job, ...]] = (
    Job(
        name="check_invariants",
        does="Checks what must always hold, records what it found, and mends nothing.",
        every=timedelta(minutes=5),
        run=check_invariants,
    ),
    Job(
        name="expire_basket_holds",
        does="Ends basket holds whose time is over, so that their stock serves others.",
        every=timedelta(seconds=10),
        run=expire_basket_holds,
    ),
    Job(
        name="move_suspended_work",
        does="Moves what suspended locations have not shipped to places that can serve it.",
        every=timedelta(seconds=10),
        run=move_suspended_work,
    ),
    Job(
        name="reroute_lost_reservations",
        does="Routes again what orders have unassigned, mostly because a reservation was lost.",
        every=timedelta(seconds=20),
        run=reroute_lost_reservations,
    ),
    Job(
        name="forecast_demand",
        does="Forecasts what will be asked of every stock item, from the last four weeks.",
        every=timedelta(days=1),
        run=forecast_demand,
    ),
)
