"""Swapping a read model's views to another generation, so that grants survive."""

from collections.abc import Sequence
from typing import Any

from psycopg import Cursor, errors
from psycopg.sql import SQL, Composed, Identifier

from projections.generation import Generation


def swap_views(cursor: Cursor[tuple[Any, ...]], generation: Generation) -> None:
    """Let a read model's views show this generation, inside the caller's transaction.

    Views whose columns stay are replaced in place; otherwise they are dropped and made anew
    with the grants that they had.

    Raises:
        psycopg.errors.DependentObjectsStillExist: another view stands on a changed one.
    """
    try:
        with cursor.connection.transaction():
            generation.create_views(cursor)
    except errors.InvalidTableDefinition:
        grants = _grants(cursor, generation)
        cursor.execute(_drop(generation))
        generation.create_views(cursor)
        for grant in grants:
            cursor.execute(grant)


def _drop(generation: Generation) -> Composed:
    views = [Identifier(generation.schema, view) for view in generation.model.views]
    return SQL("DROP VIEW IF EXISTS {}").format(SQL(", ").join(views))


def _grants(cursor: Cursor[tuple[Any, ...]], generation: Generation) -> Sequence[Composed]:
    """Return the statements that grant again what is granted on the views now."""
    rows = cursor.execute(
        "SELECT c.relname, a.privilege_type, coalesce(r.rolname, 'public'), a.is_grantable "
        "FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
        "CROSS JOIN LATERAL aclexplode(c.relacl) AS a "
        "LEFT JOIN pg_roles AS r ON r.oid = a.grantee "
        "WHERE n.nspname = %s AND c.relname = ANY(%s) AND a.grantee <> c.relowner",
        [generation.schema, list(generation.model.views)],
    ).fetchall()
    return [
        SQL("GRANT {} ON {} TO {}{}").format(
            SQL(privilege),
            Identifier(generation.schema, view),
            SQL("PUBLIC") if role == "public" else Identifier(role),
            SQL(" WITH GRANT OPTION" if grantable else ""),
        )
        for view, privilege, role, grantable in rows
    ]
