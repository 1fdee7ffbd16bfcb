"""Logs of every process: one JSON object per line, on standard error."""

import logging
import sys
from typing import Final

import structlog

_SHARED: Final[tuple[structlog.typing.Processor, ...]] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
_RENDERED: Final[tuple[structlog.typing.Processor, ...]] = (
    structlog.processors.format_exc_info,
    structlog.processors.JSONRenderer(),
)


def write_json_logs(level: int = logging.INFO) -> None:
    """Send what we and our libraries log to standard error, so that stdout holds answers.

    Of the libraries only warnings and errors are of interest.
    """
    structlog.configure(
        processors=[*_SHARED, *_RENDERED],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_RENDERED],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
