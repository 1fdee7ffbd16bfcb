"""Many lines at once, each a command with its own key and its own verdict."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from hashlib import blake2b
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from api.http.errors import LinesRefused
from api.http.limits import MAX_BATCH_LINES
from api.http.problems import ProblemRaised, log_problem, refusal_problem
from api.http.sending import Sender
from domain.base.errors import Refusal
from domain.base.messages import Command
from eventstore.errors import Busy, HandlerFailed, KeyReused, Unavailable
from eventstore.oms import Answer

IN_FLIGHT: Final = 50

L = TypeVar("L", bound=BaseModel)


class Batch(BaseModel, Generic[L]):
    """Up to 1,000 lines; a line that is malformed refuses the whole request."""

    model_config = ConfigDict(extra="forbid")

    lines: Annotated[list[L], Field(min_length=1, max_length=MAX_BATCH_LINES)]


class LineVerdict(BaseModel):
    """What became of one line; a refused one carries its own problem document."""

    line: int
    result: Literal["accepted", "refused"]
    status: int
    position: str | None = None
    outcome: dict[str, Any] | None = None
    problem: dict[str, Any] | None = None


class BatchAnswer(BaseModel):
    """Every line's verdict in order; `position` covers all that were accepted."""

    accepted: int
    refused: int
    position: str
    lines: list[LineVerdict]


def do_batch(
    sender: Sender, lines: Sequence[L], command_of: Callable[[int, L], Command]
) -> BatchAnswer:
    """Do the lines in order and return their verdicts, with status 207 where some are refused.

    The request's key belongs to these lines alone, and each line has one of its own: a repeat
    of the request does only what is left.

    Raises:
        InvalidRequest: a line is malformed; nothing was done.
        KeyReused: the key came before with something else; nothing was done.
        ProblemRaised: every line was refused, for one and the same reason.
        LinesRefused: every line was refused, for different reasons.
    """
    commands = [command_of(number, line) for number, line in enumerate(lines)]
    sender.bind(_digest(commands[0].command_type, lines))
    answers: list[Answer | dict[str, Any]] = []
    waiting: deque[Future[Answer] | dict[str, Any]] = deque()
    for number, command in enumerate(commands):
        if len(waiting) >= IN_FLIGHT:
            answers.append(_answer(sender, waiting.popleft()))
        waiting.append(_submit(sender, command, sender.line_key(number)))
    answers.extend(_answer(sender, future) for future in waiting)
    return _summary(sender, answers)


def _digest(command_type: str, lines: Sequence[BaseModel]) -> bytes:
    """Return a digest of what a batch means, whatever its spelling; defaults do not count."""
    digest = blake2b(command_type.encode(), digest_size=32)
    for line in lines:
        digest.update(b"\n" + line.model_dump_json(exclude_defaults=True).encode())
    return digest.digest()


def _submit(sender: Sender, command: Command, key: str) -> Future[Answer] | dict[str, Any]:
    try:
        return sender.submit(command, key=key)
    except Busy as error:
        return log_problem(error)


def _answer(sender: Sender, future: Future[Answer] | dict[str, Any]) -> Answer | dict[str, Any]:
    if isinstance(future, dict):
        return future
    try:
        return future.result(sender.services.limits.command_seconds)
    except Refusal as refusal:
        return refusal_problem(refusal)
    except (KeyReused, Busy, Unavailable, HandlerFailed) as error:
        return log_problem(error)
    except TimeoutError:
        return log_problem(Unavailable())


def _summary(sender: Sender, answers: Sequence[Answer | dict[str, Any]]) -> BatchAnswer:
    verdicts = [_verdict(sender, number, answer) for number, answer in enumerate(answers)]
    accepted = [answer for answer in answers if isinstance(answer, Answer)]
    if not accepted:
        raise _nothing_accepted(verdicts)
    position = max(answer.position for answer in accepted)
    sender.announce(position, repeated=all(answer.repeated for answer in accepted))
    sender.response.status_code = 200 if len(accepted) == len(verdicts) else 207
    return BatchAnswer(
        accepted=len(accepted),
        refused=len(verdicts) - len(accepted),
        position=sender.services.position_text(position),
        lines=verdicts,
    )


def _verdict(sender: Sender, number: int, answer: Answer | dict[str, Any]) -> LineVerdict:
    if isinstance(answer, Answer):
        return LineVerdict(
            line=number,
            result="accepted",
            status=200,
            position=sender.services.position_text(answer.position),
            outcome=dict(answer.outcome),
        )
    field = f"lines.{number}.{answer['field']}" if answer.get("field") else f"lines.{number}"
    problem = {**answer, "field": field}
    return LineVerdict(line=number, result="refused", status=answer["status"], problem=problem)


def _nothing_accepted(verdicts: Sequence[LineVerdict]) -> LinesRefused | ProblemRaised:
    """Return the problem of a batch of which nothing was done, in its lines' own words if equal."""
    first = verdicts[0].problem or {}
    lines = [verdict.model_dump(exclude_none=True) for verdict in verdicts]
    if all((verdict.problem or {}).get("type") == first["type"] for verdict in verdicts):
        return ProblemRaised({**first, "lines": lines})
    detail = f"All {len(verdicts)} lines were refused; see each line's problem."
    return LinesRefused(detail, field=first["field"], lines=lines)
