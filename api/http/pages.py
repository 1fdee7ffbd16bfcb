"""Pages for people: what each problem type means, and the API's operations, without scripts."""

from html import escape
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.http.errors import NoSuchResource
from api.http.openapi import Document, operations
from api.http.problem_types import ProblemType, problem_types

routes: Final = APIRouter(include_in_schema=False)

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#222}code,pre{font:14px/1.4 ui-monospace,monospace;background:#f4f4f2}"
    "pre{padding:.8rem;overflow-x:auto}h2{margin-top:2.5rem;border-bottom:1px solid #ccc}"
    "summary{cursor:pointer;padding:.3rem 0}summary b{display:inline-block;width:3.5rem}"
    "td,th{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top}"
)


@routes.get("/")
async def home() -> RedirectResponse:
    """Lead to the docs."""
    return RedirectResponse("/docs")


@routes.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """Show every operation with its parameters and examples."""
    document = request.app.openapi()
    by_tag: dict[str, list[str]] = {}
    for method, path, operation in operations(document):
        shown = _operation(method, path, operation)
        by_tag.setdefault(operation["tags"][0], []).append(shown)
    parts = [f"<h2>{escape(tag)}</h2>" + "".join(shown) for tag, shown in by_tag.items()]
    lead = (
        f"<p>{escape(document['info']['description'])}</p><p>The same for programs: "
        '<a href="/openapi.json">openapi.json</a>. <a href="/problems">All problem types</a>.</p>'
    )
    return _page("Taktstock API", lead + "".join(parts))


@routes.get("/problems")
async def all_problems() -> HTMLResponse:
    """List every problem type."""
    rows = "".join(_problem_row(kind) for kind in problem_types())
    head = "<tr><th>status</th><th>type</th><th>meaning</th></tr>"
    return _page("Problem types", f"<table>{head}{rows}</table>")


@routes.get("/problems/{code}")
async def one_problem(code: str) -> HTMLResponse:
    """Explain a problem type at the address that is its URI."""
    for kind in problem_types():
        if kind.code == code:
            text = f"<p>{escape(kind.meaning)}</p><p>Its HTTP status is {kind.status}.</p>"
            return _page(kind.title, f"<p><code>/problems/{code}</code></p>{text}")
    raise NoSuchResource("No such problem type; see /problems.")


def _problem_row(kind: ProblemType) -> str:
    link = f'<a href="/problems/{kind.code}"><code>{kind.code}</code></a>'
    return f"<tr><td>{kind.status}</td><td>{link}</td><td>{escape(kind.meaning)}</td></tr>"


def _operation(method: str, path: str, operation: Document) -> str:
    about = escape(operation.get("description") or operation.get("summary", ""))
    parts = [f"<p>{about}</p>", _parameters(operation.get("parameters", []))]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    parts.append(_example("Request", body))
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            parts.append(_example(status, response.get("content", {}).get("application/json", {})))
    title = f"<b>{method.upper()}</b> <code>{escape(path)}</code>"
    return f"<details><summary>{title}</summary>{''.join(parts)}</details>"


def _parameters(parameters: list[dict[str, Any]]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code></td><td>{one['in']}</td>"
        f"<td>{escape(one.get('description', ''))}</td></tr>"
        for one in parameters
    )
    return f"<table>{rows}</table>" if rows else ""


def _example(title: str, content: dict[str, Any]) -> str:
    if "example" not in content:
        return ""
    text = orjson.dumps(content["example"], option=orjson.OPT_INDENT_2).decode()
    return f"<p>{escape(title)}</p><pre>{escape(text)}</pre>"


def _page(title: str, content: str) -> HTMLResponse:
    head = f"<meta charset=utf-8><title>{escape(title)}</title><style>{_STYLE}</style>"
    return HTMLResponse(
        f"<!doctype html><html lang=en>{head}<body><h1>{escape(title)}</h1>{content}</body></html>",
        headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"},
    )
