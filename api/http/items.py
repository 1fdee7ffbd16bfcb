"""Items: what is sold, under which SKUs; simple or kit."""

from typing import Any, Final

from fastapi import Depends

from api.http.access import Anyone, administrator
from api.http.faults import build
from api.http.folding import present_state
from api.http.routing import router
from api.http.sending import Accepted, Posting, Putting
from api.http.services import Wired
from domain.base.streams import item_stream
from domain.base.text import Code
from domain.item.commands import ChangeItem, ComponentInput, ItemInput, RegisterItem
from domain.item.decider import Item
from domain.item.errors import UnknownItem
from domain.item.events import ItemAttributes

routes: Final = router("items")


class ItemRegistration(ItemInput):
    """An item under an id of the caller's choice."""

    item_id: Code


class ItemView(ItemInput):
    """An item as it stands."""

    item_id: str


class ItemAccepted(Accepted):
    """An item was registered or changed."""

    item_id: str


@routes.post("/items", status_code=201, dependencies=[Depends(administrator)])
def register_item(body: ItemRegistration, sender: Posting) -> ItemAccepted:
    """Make an item known under its SKU and aliases."""
    item = build(ItemInput, **_fields(body))
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


def item_view(item_id: str, attributes: ItemAttributes) -> ItemView:
    """Return an item as clients see it; what was once recorded is not validated again."""
    fields: dict[str, Any] = {name: getattr(attributes, name) for name in ItemInput.model_fields}
    fields["components"] = tuple(
        ComponentInput.model_construct(
            item_id=part.item_id, quantity=part.quantity, price_share=part.price_share
        )
        for part in attributes.components
    )
    return ItemView.model_construct(item_id=item_id, **fields)


def _fields(body: ItemInput) -> dict[str, Any]:
    return {name: getattr(body, name) for name in ItemInput.model_fields}
