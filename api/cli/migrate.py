"""`taktstock migrate`: brings every partition's schema and read models up to date."""

from collections.abc import Mapping

from eventstore.main import open_log
from eventstore.migrate import migrate as bring_up_to_date
from eventstore.places import Place, open_places
from eventstore.settings import Settings, load_settings
from projections.catalogue import READ_MODELS
from projections.install import install


def migrate() -> None:
    """Bring every partition's schema up to date; safe to run at any time, also twice at once."""
    settings = load_settings()
    with open_places(settings) as places:
        for name, applied in bring_all_up_to_date(places, settings).items():
            print(f"{name}: {', '.join(applied) or 'nothing to do'}")


def bring_all_up_to_date(
    places: Mapping[str, Place], settings: Settings
) -> Mapping[str, list[str]]:
    """Apply what is missing and return the names of the steps by partition."""
    applied = {}
    for name, place in places.items():
        with open_log(place, settings) as log:
            applied[name] = bring_up_to_date(log.datastore)
            install(log.datastore, READ_MODELS)
    return applied
