"""Demand forecasts over HTTP: many at once, refused where they are none."""

from typing import Any

import pytest

from tests.api.shop import Shop


@pytest.fixture(scope="module")
def ready(shop: Shop) -> Shop:
    """Return a shop with 50 units of A."""
    shop.stocked("A")
    return shop


def test_forecasts_are_set_line_by_line(ready: Shop) -> None:
    """An unknown SKU is that line's own refusal; the same again appends nothing."""
    known = {"sku": "A", "location_id": "W1", "units_per_day": "2.5"}
    body = {"lines": [known, {**known, "sku": "ghost"}]}
    answer = ready.post("/v1/stock/demand-forecasts", body)
    assert answer.status_code == 207
    assert [line["result"] for line in answer.json()["lines"]] == ["accepted", "refused"]
    head = ready.head()
    ready.done("/v1/stock/demand-forecasts", {"lines": [known]})
    assert ready.head() == head


@pytest.mark.parametrize("units", [-1, "many", None, "0.00001", "NaN"])
def test_what_is_no_quantity_is_refused(ready: Shop, units: Any) -> None:
    """The field is named and nothing is written."""
    head = ready.head()
    line = {"sku": "A", "location_id": "W1", "units_per_day": units}
    refused = ready.post("/v1/stock/demand-forecasts", {"lines": [line]})
    assert (refused.status_code, refused.json()["field"]) == (422, "lines.0.units_per_day")
    assert ready.head() == head


def test_forecasts_are_for_administrators(ready: Shop) -> None:
    """A channel's key sets none."""
    with ready.channel_client("WEB") as client:
        line = {"sku": "A", "location_id": "W1", "units_per_day": 1}
        body = {"lines": [line]}
        assert ready.post("/v1/stock/demand-forecasts", body, client=client).status_code == 403
