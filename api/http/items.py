"""Items: what is sold, under which SKUs; simple or kit."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Final

from fastapi import Depends, Query
from pydantic import BaseModel

from api.http.access import Anyone, administrator
from api.http.faults import build
from api.http.folding import present_state
from api.http.forms import fields_of
from api.http.paging import Asked
from api.http.positions import up_to_date
from api.http.routing import router
from api.http.sending import Accepted, Posting, Putting
from api.http.services import Wired
from domain.base.streams import item_stream
from domain.base.text import Code, Sku
from domain.item.commands import ChangeItem, ComponentInput, ItemInput, RegisterItem
from domain.item.decider import Item
from domain.item.errors import UnknownItem
from domain.item.events import ItemAttributes
from projections.items import queries

routes: Final = router("items")


class ItemRegistration(ItemInput):
    """An item under an id of the caller's choice."""

    item_id: Code


class ItemView(ItemInput):
    """An item as it stands."""

    item_id: str


class ItemPage(BaseModel):
    """Items by SKU; `next` is the cursor of the next page, null on the last."""

    items: list[ItemView]
    next: str | None


class ItemAccepted(Accepted):
    """An item was registered or changed."""

    item_id: str


@routes.post("/items", status_code=201, dependencies=[Depends(administrator)])
def register_item(body: ItemRegistration, sender: Posting) -> ItemAccepted:
    """Make an item known under its SKU and aliases."""
    item = build(ItemInput, **fields_of(body, ItemInput))
    command = build(RegisterItem, **sender.stamp(), item_id=body.item_id, item=item)
    position = sender.accept(command, within="item").position
    sender.response.headers["Location"] = f"/v1/items/{body.item_id}"
    return ItemAccepted(item_id=body.item_id, position=position)


@routes.put("/items/{item_id}", dependencies=[Depends(administrator)])
def change_item(item_id: Code, body: ItemInput, sender: Putting) -> ItemAccepted:
    """Replace an item's attributes."""
    command = build(ChangeItem, **sender.stamp(), item_id=item_id, item=body)
    return ItemAccepted(item_id=item_id, position=sender.accept(command, within="item").position)


@routes.get("/items/{item_id}")
def get_item(item_id: Code, services: Wired, _: Anyone) -> ItemView:
    """Return an item, straight from the log."""
    item: Item = present_state(services.reader, item_stream(item_id))
    if item.attributes is None:
        raise UnknownItem(f"No item {item_id!r} is known", field="item_id")
    return item_view(item_id, item.attributes)


@routes.get("/items", dependencies=[up_to_date("items")])
def list_items(
    services: Wired,
    _: Anyone,
    paging: Asked,
    sku: Annotated[Sku | None, Query(description="The item of this SKU or alias.")] = None,
) -> ItemPage:
    """Return a page of all items, or the one that a SKU names."""
    if sku is not None:
        found = queries.item_by_sku(services.datastore, sku)
        return ItemPage(items=[] if found is None else [_listed(found)], next=None)
    page = queries.list_items(services.datastore, limit=paging.limit, cursor=paging.cursor)
    return ItemPage(items=[_listed(one) for one in page.items], next=page.next_cursor)


def item_view(item_id: str, attributes: ItemAttributes) -> ItemView:
    """Return an item as clients see it; what was once recorded is not validated again."""
    components = [(part.item_id, part.quantity, part.price_share) for part in attributes.components]
    return _view(item_id, attributes, components)


def _listed(found: queries.FoundItem) -> ItemView:
    components = [
        (part["item_id"], Decimal(str(part["quantity"])), Decimal(str(part["price_share"])))
        for part in found.components
    ]
    return _view(found.item_id, found, components)


def _view(
    item_id: str,
    source: ItemAttributes | queries.FoundItem,
    components: Iterable[tuple[str, Decimal, Decimal]],
) -> ItemView:
    fields = fields_of(source, ItemInput)
    fields["components"] = tuple(
        ComponentInput.model_construct(item_id=part, quantity=quantity, price_share=share)
        for part, quantity, share in components
    )
    return ItemView.model_construct(item_id=item_id, **fields)
