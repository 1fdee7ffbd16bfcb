"""Policies in YAML: any text is a policy or refused, mistakes by their line and column."""

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.policy_text import MOST_BYTES, BadPolicyText, read_policy_text
from domain.routing.policy import Audience
from domain.routing.policy_document import BadPolicy

EXAMPLES: Final = sorted((Path(__file__).parents[2] / "examples" / "policies").glob("*.yaml"))
HEAD: Final = "policy: near\nversion: 1\ncriteria: [unfilled, distance]\n"


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_example_is_a_policy_named_like_its_file(file: Path) -> None:
    """What the documents show can be published."""
    assert read_policy_text(file.read_bytes()).policy == file.stem


def test_a_word_is_never_anything_but_itself() -> None:
    """`NO` is Norway, `on` a channel, 010 no number in octal; a BOM is skipped."""
    text = f"{HEAD}applies-to: {{markets: [NO], channels: [on, 010, 2024-01-01]}}\n"
    read = read_policy_text(b"\xef\xbb\xbf" + text.encode()).to_policy()
    assert read.applies_to == Audience(("NO",), ("010", "2024-01-01", "on"))


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "nothing in it"),
        ("# only a remark\n", 1, 1, "nothing in it"),
        ("- a list\n", 1, 1, "a mapping of keys"),
        (HEAD + "constraints: {transfers: yes}\n", 4, 26, "true or false"),
        (HEAD + "constraints: {domestic: GB}\n", 4, 25, "this is a list"),
        (
            "policy: n\nversion: 1\ncriteria:\n- unfilled\n- distance: 5\n",
            5,
            13,
            "one criterion for each entry",
        ),
        (HEAD + "packing: {greatest-grams: heavy}\n", 4, 27, "valid integer"),
        (HEAD + "packing:\n  greatest-gram: 5\n", 5, 3, "did you mean 'greatest-grams'?"),
        (HEAD + "criteria: [unfilled]\n", 4, 1, "stands twice"),
        (HEAD + "  daily-work: 5\n", 4, 3, "expected <block end>"),
        (HEAD + "order: [money\n", 5, 1, "expected ',' or ']'"),
        (HEAD + "order: 'money\n", 5, 1, "found unexpected end of stream"),
        (HEAD + "order: &a money\n", 4, 8, "anchors and aliases"),
        (HEAD + "order: *a\n", 4, 8, "anchors and aliases"),
        (HEAD + "order: !!python/name:os.system x\n", 4, 8, "tags are not read"),
        (HEAD + "---\npolicy: other\n", 4, 1, "but found another document"),
        (HEAD + "order: " + "[" * 2_000, 4, 17, "nested more than 10 deep"),
        (HEAD + "order: \x07\n", 4, 8, "a control character"),
        (HEAD + "order: \ud800\n", 4, 8, "no UTF-8"),
        (HEAD + "? [a, b]\n: 1\n", 4, 3, "a key is a word"),
        (HEAD + "version: 2\n", 4, 1, "version: stands twice"),
        ("policy: near\nversion: 1\n", 1, 1, "criteria: Field required"),
        ("policy: n\nversion: one\ncriteria: [unfilled]\n", 2, 10, "version"),
        ("policy: n\nversion: yes\ncriteria: [unfilled]\n", 2, 10, "version"),
        ("policy: n\nversion: 1\ncriteria:\n- unfilled\n- distanse\n", 5, 3, "mean 'distance'?"),
        (
            "policy: n\nversion: 1\ncriteria:\n- unfilled\n- distanse: {}\n",
            5,
            3,
            "mean 'distance'?",
        ),
        (
            "policy: n\nversion: 1\ncriteria:\n- unfilled\n- distance: {tolerance: far}\n",
            5,
            25,
            "criteria.1.tolerance",
        ),
        ("policy: n\nversion: 1\ncriteria:\n- distance\n- unfilled\n", 4, 3, "comes first"),
        ("policy: n\nversion: 1\ncriteria:\n- unfilled\n- distance: {weight: 1}\n", 5, 3, "weight"),
        (HEAD + "priorities:\n  vip: 7\n  staff: 12\n", 6, 10, "less than or equal to 9"),
        (HEAD + "applies-to:\n  markets:\n  - DE\n  - EU\n", 7, 5, "no ISO 3166-1"),
    ],
)
def test_a_mistake_is_told_by_its_line_and_column(
    text: str, line: int, column: int, message: str
) -> None:
    """The place is that of the value, or of the key where a key is wrong."""
    with pytest.raises(BadPolicyText) as refused:
        read_policy_text(text.encode("utf-8", "surrogatepass"))
    assert (refused.value.line, refused.value.column) == (line, column), refused.value
    assert message in str(refused.value)
    assert str(refused.value).startswith(f"line {line}, column {column}: ")


def test_a_text_is_bounded() -> None:
    """Nothing is parsed of what is too long."""
    with pytest.raises(BadPolicy, match="at most 65536 bytes"):
        read_policy_text(HEAD.encode() + b"#" * MOST_BYTES)


def verdict_of(content: bytes) -> str:
    """Return the id of a policy, or why there is none."""
    try:
        return read_policy_text(content).policy
    except BadPolicy as bad:
        return str(bad)


@given(
    st.binary(max_size=80) | st.text(max_size=80).map(lambda text: text.encode("utf-8", "replace"))
)
def test_no_text_breaks_the_reader(content: bytes) -> None:
    """Any bytes are a policy or a BadPolicy, told in one printable line."""
    assert verdict_of(content).isprintable()


@given(
    st.sampled_from([file.read_bytes() for file in EXAMPLES]),
    st.integers(0, 400),
    st.integers(0, 12),
    st.sampled_from(
        [b"", b"\n", b" ", b": ", b"- ", b"[", b"{", b"'", b"|", b"%", b"99e999", b"\t"]
    )
    | st.text(max_size=4).map(lambda text: text.encode("utf-8", "replace")),
)
def test_no_slip_of_the_pen_breaks_the_reader(
    content: bytes, at: int, lost: int, written: bytes
) -> None:
    """A good policy in which a few characters changed is a policy or a BadPolicy."""
    assert verdict_of(content[:at] + written + content[at + lost :]).isprintable()
