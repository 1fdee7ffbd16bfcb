"""Personal data: sealed in the log, opened with the person's key, gone once it is destroyed."""

from collections.abc import Iterator

import pytest
from pydantic_core import PydanticSerializationError

from domain.base.personal import ERASED, Personal
from domain.catalogue import EVENT_TYPES
from domain.order.events import Contact, Destination, OrderPlaced
from domain.subject.commands import EraseSubject
from domain.subject.errors import SubjectIsErased
from eventstore.errors import SealError
from eventstore.keyring import Keyring
from eventstore.main import Partition
from eventstore.mapper import EventMapper, NewEvent
from eventstore.registry import Registry
from eventstore.sealing import CLOSED, SubjectSeal, unwrap, wrap
from tests.support.partitions import KEY, NOON, do, fresh_id, partition

ALICE = Personal("Alice Liddell")


@pytest.fixture
def one(postgres: str, schema: str) -> Iterator[Partition]:
    """Return an empty partition."""
    with partition(postgres, schema) as opened:
        yield opened


def placed(contact: Contact | None) -> OrderPlaced:
    """Return an order's first event with a contact."""
    return OrderPlaced(
        channel_id="web",
        external_id="1",
        customer_id="c1",
        subject_id="web:c1",
        currency="GBP",
        prices="gross",
        priority=0,
        groups=(),
        lines=(),
        charges=(),
        contact=contact,
        note=None,
    )


def test_the_log_holds_no_clear_text() -> None:
    """What is encoded through a person's seal shows neither the name nor its parts."""
    seal = SubjectSeal(KEY, subject_id="web:c1", event_id=fresh_id())
    payload = Registry().encode(placed(Contact(name=ALICE)), seal)
    assert b"Alice" not in payload
    assert b"Liddell" not in payload


def test_it_opens_with_the_key_and_stays_closed_without() -> None:
    """The same seal opens it; a reader without keys sees that something is there, closed."""
    registry, event_id = Registry(), fresh_id()
    seal = SubjectSeal(KEY, subject_id="web:c1", event_id=event_id)
    payload = registry.encode(placed(Contact(name=ALICE)), seal)
    assert registry.decode("OrderPlaced", 1, payload, seal) == placed(Contact(name=ALICE))
    assert registry.decode("OrderPlaced", 1, payload, CLOSED) == placed(Contact(name=ERASED))


def test_a_sealed_text_is_bound_to_its_event_and_person() -> None:
    """Moved to another event or another person it does not open."""
    event_id = fresh_id()
    token = SubjectSeal(KEY, subject_id="web:c1", event_id=event_id).seal("Alice")
    for other in (
        SubjectSeal(KEY, subject_id="web:c2", event_id=event_id),
        SubjectSeal(KEY, subject_id="web:c1", event_id=fresh_id()),
        SubjectSeal(bytes(32), subject_id="web:c1", event_id=event_id),
    ):
        with pytest.raises(SealError):
            other.open(token)


def test_no_path_writes_personal_data_in_clear() -> None:
    """Without a seal, or about nobody, encoding is refused; text in logs shows nothing."""
    registry = Registry()
    for seal in (None, CLOSED):
        with pytest.raises((PydanticSerializationError, SealError)):
            registry.encode(placed(Contact(name=ALICE)), seal)
    assert "Alice" not in repr(placed(Contact(name=ALICE)))
    assert "Alice" not in str(Destination(country="GB", recipient=ALICE))


def test_a_key_is_wrapped_for_one_person() -> None:
    """A wrapped key opens with the settings' key and for that person only."""
    wrapped = wrap(b"k" * 32, by=KEY, subject_id="a")
    assert unwrap(wrapped, by=KEY, subject_id="a") == b"k" * 32
    for by, subject_id in ((bytes(32), "a"), (KEY, "b")):
        with pytest.raises(SealError):
            unwrap(wrapped, by=by, subject_id=subject_id)


def test_keys_are_made_once_and_destroyed_for_good(one: Partition) -> None:
    """A person's key stays the same until it is destroyed; then none is made again."""
    keyring = Keyring(one.datastore, KEY)
    with one.datastore.connect() as connection:
        first = keyring.make(connection, {"a", "b"})
        assert keyring.make(connection, {"a"})["a"] == first["a"]
        keyring.destroy(connection, {"a", "never-seen"})
        assert keyring.make(connection, {"a", "b", "never-seen"}) == {"b": first["b"]}


def test_erasing_destroys_the_key_and_says_so(one: Partition) -> None:
    """Erasing a person appends SubjectErased, destroys the key, and is refused a second time."""
    with one.datastore.connect() as connection:
        one.keyring.make(connection, {"web:c1"})
        do(one, EraseSubject, subject_id="web:c1", reason="request")
        assert one.keyring.find(connection, {"web:c1"}) == {}
    assert [event.type for event in one.reader.stream("subject:web:c1")] == ["SubjectErased"]
    with pytest.raises(SubjectIsErased):
        do(one, EraseSubject, subject_id="web:c1", reason="other")


def test_every_event_type_is_listed_once() -> None:
    """Names and classes of the closed list are unique."""
    assert len({type_.name for type_ in EVENT_TYPES}) == len(EVENT_TYPES)
    assert len({type_.cls for type_ in EVENT_TYPES}) == len(EVENT_TYPES)


def test_only_events_that_seal_something_name_the_person() -> None:
    """An event of the same decision without personal data does not carry the person's id."""
    mapper, keys = EventMapper(), {"web:c1": KEY}
    for contact, named in ((Contact(name=ALICE), "web:c1"), (None, None)):
        new = NewEvent(
            originator_id="order:web:1",
            originator_version=1,
            event_id=fresh_id(),
            occurred_at=NOON,
            actor="tester",
            command_id=fresh_id(),
            correlation_id=fresh_id(),
            causation_id=fresh_id(),
            subject_id="web:c1",
            event=placed(contact),
        )
        assert mapper.to_stored_event(new, keys=keys).subject_id == named
