"""What travels between an audit and its worker: JSON messages, each behind its length, never a pickle back.

The loss itself goes one way, as a target or as cloudpickle bytes inside the job. Everything the worker says is plain
data, so a hostile loss can at worst send nonsense, never run code in the process that asked.
"""

from __future__ import annotations

import json
import os
import selectors
import struct
import time
from dataclasses import fields
from fractions import Fraction
from typing import Any

from losscheck.plain import expect_types, numbers, plain
from losscheck.verdict import FIELD_TYPES, Outcome, Severity, Verdict

_HEADER = struct.Struct(">Q")
LARGEST = 1 << 28  # 256 MiB: larger than any certificate; a length beyond it is garbage on the pipe


def write_message(descriptor: int, message: dict[str, Any]) -> None:
    """Write one message, whole.

    Raises
    ------
    BrokenPipeError
        When nobody reads any more.
    """
    body = json.dumps(message).encode()
    data = memoryview(_HEADER.pack(len(body)) + body)
    while data:
        data = data[os.write(descriptor, data) :]


class Inbox:
    """The reading end of a pipe that carries messages."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._buffer = bytearray()
        self._selector = selectors.DefaultSelector()
        self._selector.register(descriptor, selectors.EVENT_READ)

    def receive(self, seconds: float | None = None) -> dict[str, Any]:
        """Return the next message, waiting at most ``seconds``.

        Raises
        ------
        TimeoutError
            When no whole message came in time.
        EOFError
            When the other side is gone, or what came is no message.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        while (message := self._pop()) is None:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not self._selector.select(left):
                raise TimeoutError
            chunk = os.read(self._descriptor, 1 << 16)
            if not chunk:
                raise EOFError
            self._buffer += chunk
        return message

    def _pop(self) -> dict[str, Any] | None:
        if len(self._buffer) < _HEADER.size:
            return None
        (length,) = _HEADER.unpack_from(self._buffer)
        if length > LARGEST:
            raise EOFError
        if len(self._buffer) < _HEADER.size + length:
            return None
        body = bytes(self._buffer[_HEADER.size : _HEADER.size + length])
        del self._buffer[: _HEADER.size + length]
        message = json.loads(body)
        if not isinstance(message, dict):
            raise EOFError
        return message

    def close(self) -> None:
        """Close the pipe."""
        self._selector.close()
        os.close(self._descriptor)


def pack(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as plain data; fields that say nothing are left out.

    >>> pack(Outcome(Verdict.SUPPORTED, "64 points agree", value=Fraction(1, 4)))
    {'verdict': 'supported', 'message': '64 points agree', 'value': 0.25}
    """
    said = {each.name: getattr(outcome, each.name) for each in fields(outcome)}
    said |= {name: floats(said[name]) for name in ("value", "bounds", "slack")}
    return {name: plain(value) for name, value in said.items() if value not in (None, {})}


def unpack(data: dict[str, Any]) -> Outcome:
    """Read an outcome that `pack` wrote.

    Raises
    ------
    ValueError, TypeError, LookupError
        If it did not: what is kept in a file may have been changed there.
    """
    said = dict(data)
    said["verdict"] = Verdict(said["verdict"])
    if "severity" in said:
        said["severity"] = Severity(said["severity"])
    for name in ("value", "bounds", "slack"):
        if name in said:
            said[name] = numbers(said[name])
    expect_types("an outcome", said, FIELD_TYPES)
    return Outcome(**said)


def floats(value: Any) -> Any:
    """Return quantities as numbers for their readers: a fraction becomes the nearest double."""
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, list | tuple):
        return [floats(item) for item in value]
    return value
