"""The views are documented: in the database for tools, and in the docs for people."""

from pathlib import Path
from typing import Final

from eventstore.main import Log
from projections.catalogue import READ_MODELS
from projections.database import query

DOCS: Final = Path(__file__).parents[2] / "docs" / "read-models.md"
_COMMENTS: Final = """
SELECT c.relname, coalesce(a.attname, ''), coalesce(col_description(c.oid, a.attnum), '') AS text,
       format_type(a.atttypid, a.atttypmod)
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
WHERE n.nspname = %s AND c.relname = ANY(%s)
ORDER BY c.relname, a.attnum
"""
VIEWS: Final = [view for model in READ_MODELS for view in model.views]


def columns(log: Log) -> list[tuple[str, str, str, str]]:
    """Return (view, column, comment, type) of every column of every view."""
    with query(log.datastore) as cursor:
        return cursor.execute(_COMMENTS, [log.datastore.schema, VIEWS]).fetchall()


def test_every_view_and_column_says_what_it_means(log: Log) -> None:
    """Tools show the comments."""
    found = columns(log)
    assert {view for view, *_ in found} == set(VIEWS)
    assert [(view, name) for view, name, text, _ in found if not text] == []
    with query(log.datastore) as cursor:
        rows = cursor.execute(
            "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
            "WHERE n.nspname = %s AND c.relname = ANY(%s) "
            "AND obj_description(c.oid, 'pg_class') IS NULL",
            [log.datastore.schema, VIEWS],
        ).fetchall()
    assert rows == []


def test_the_docs_say_the_same(log: Log) -> None:
    """Every view has its section, with every column, its type and its meaning."""
    text = DOCS.read_text("utf-8")
    sections = {part.split("\n", 1)[0].strip("`"): part for part in text.split("\n### ")[1:]}
    assert sorted(sections) == sorted(VIEWS)
    for view, name, comment, kind in columns(log):
        line = f"| `{name}` | {kind} | {comment} |"
        assert line in sections[view].splitlines(), f"{view}: {line}"
