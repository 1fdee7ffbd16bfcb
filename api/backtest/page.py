"""A back-test's outcome as one self-contained HTML page: drawn bars and the table, no script."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Final

from api.backtest.replay import Outcome
from api.backtest.reports import ROWS, as_table, written
from api.backtest.run import Asked

DRAWN: Final[Mapping[str, str]] = {
    "units served": "when the order was routed; more is better",
    "fulfilments per order": "of orders that got anything; less is better",
    "split orders, %": "sent from more than one location; less is better",
    "shipping and handling": "in the policies' currency; less is better",
    "distance, km": "as the crow flies, summed over fulfilments",
    "promised days": "until the last parcel of an order arrives",
    "spread of work": "between sites within a day; 0 is perfectly even",
    "busiest site, %": "its share of all fulfilments",
}
"""The figures that are drawn, and what is said below each."""

COLOURS: Final = (
    *("#8a94a6", "#1f6feb", "#d9822b", "#2f9e6e", "#a14bd0", "#c9423f", "#0f8b9d", "#7a6a2f"),
)
MODES: Final = {
    "as-known": "Every decision was taken again on the facts as they were known then, each for "
    "itself: what one strategy would have taken does not lack later.",
    "own-course": "Every strategy's own decisions use up the stock and fill the sites, so that "
    "strategies part company from the first order on.",
}
KEPT: Final = {
    "known": "Carriers and calendars are those that each decision knew.",
    "current": "Carriers and calendars are those in use today, for every column.",
}

WIDTH: Final = 420
LABEL: Final = 140
BAR: Final = 20
GAP: Final = 8

STYLE: Final = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1c2430; background: #f6f7f9; margin: 0; }
main { max-width: 1360px; margin: 0 auto; padding: 32px 24px 48px; }
h1 { font-size: 26px; margin: 0 0 4px; }
h2 { font-size: 18px; margin: 36px 0 12px; }
p { margin: 4px 0; color: #4a5568; max-width: 80ch; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(400px, 1fr)); gap: 16px; }
figure { margin: 0; background: #fff; border: 1px solid #e1e5eb; border-radius: 8px;
  padding: 14px; }
figcaption { font-weight: 600; }
figcaption span { display: block; font-weight: 400; font-size: 13px; color: #66707f; }
svg { width: 100%; height: auto; display: block; margin-top: 10px; }
svg text { font: 13px system-ui, sans-serif; fill: #1c2430; }
svg .value { font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; background: #fff; border: 1px solid #e1e5eb; }
th, td { padding: 6px 14px; text-align: right; font-variant-numeric: tabular-nums;
  border-bottom: 1px solid #eceff3; }
th:first-child { text-align: left; }
tbody th { font-weight: 400; }
"""


def as_page(asked: Asked, outcome: Outcome) -> str:
    """Return the page."""
    names = tuple(outcome.columns)
    headings, rows = as_table(outcome)
    window = f"{_day(asked.window.first)} to {_day(asked.window.last)}"
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Routing back-test, {window}</title>
<style>{STYLE}</style></head>
<body><main>
<h1>Routing back-test</h1>
<p>{window}, {outcome.decisions:,} decisions. {MODES[outcome.mode]} {KEPT[asked.reference]}</p>
<h2>Side by side</h2>
<div class="cards">
{"".join(_card(name, outcome) for name in DRAWN)}
</div>
<h2>Fulfilments by site</h2>
<div class="cards">
{"".join(_sites(name, outcome, COLOURS[at % len(COLOURS)]) for at, name in enumerate(names))}
</div>
<h2>All figures</h2>
{_table(headings, rows)}
</main></body></html>
"""


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _card(name: str, outcome: Outcome) -> str:
    (_, value, form) = next(row for row in ROWS if row[0] == name)
    found = {column: value(figures) for column, figures in outcome.columns.items()}
    if all(one is None for one in found.values()):
        return ""
    bars = [
        (column, float(one or 0), written(one, form), COLOURS[at % len(COLOURS)])
        for at, (column, one) in enumerate(found.items())
    ]
    return _figure(name, DRAWN[name], bars)


def _sites(name: str, outcome: Outcome, colour: str) -> str:
    sites = outcome.columns[name].sites
    bars = [(site, float(count), f"{count:,}", colour) for site, count in sites.items()]
    most = max((max(one.sites.values(), default=0) for one in outcome.columns.values()), default=0)
    return _figure(name, "fulfilments given to each site in the window", bars, greatest=most)


def _figure(
    title: str,
    words: str,
    bars: Sequence[tuple[str, float, str, str]],
    greatest: float | None = None,
) -> str:
    caption = f"<figcaption>{escape(title)}<span>{escape(words)}</span></figcaption>"
    return f"<figure>{caption}{_svg(title, bars, greatest)}</figure>\n"


def _svg(title: str, bars: Sequence[tuple[str, float, str, str]], greatest: float | None) -> str:
    """Return horizontal bars from 0, labelled left with their name and right with their value."""
    height = len(bars) * (BAR + GAP)
    most = greatest or max((value for _, value, _, _ in bars), default=0) or 1
    room = WIDTH - LABEL - 90
    parts = []
    for at, (name, value, text, colour) in enumerate(bars):
        top, long = at * (BAR + GAP), room * value / most
        middle = top + BAR * 0.72
        parts.append(
            f'<text x="0" y="{middle:.1f}">{escape(_short(name))}</text>'
            f'<rect x="{LABEL}" y="{top}" width="{max(long, 1):.1f}" height="{BAR}" rx="3" '
            f'fill="{colour}"><title>{escape(name)}: {escape(text)}</title></rect>'
            f'<text class="value" x="{LABEL + long + 8:.1f}" y="{middle:.1f}">{escape(text)}</text>'
        )
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )


def _short(name: str) -> str:
    most = 18
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(one)}</th>" for one in headings)
    body = "".join(
        f"<tr><th>{escape(row[0])}</th>{''.join(f'<td>{escape(one)}</td>' for one in row[1:])}</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
