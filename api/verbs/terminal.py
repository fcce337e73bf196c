"""Asking whoever sits at the terminal, without holding up the work or swallowing Ctrl-C."""

import asyncio
import os
import sys

import click


async def ask(question: str) -> str | None:
    """A line of standard input, stripped; None when there is no more.

    The event loop goes on meanwhile, and Ctrl-C ends the waiting as it ends everything else.
    """
    click.echo(question, nl=False)
    sys.stdout.flush()
    loop = asyncio.get_running_loop()
    readable: asyncio.Future[None] = loop.create_future()
    try:
        loop.add_reader(sys.stdin.fileno(), _resolve, readable)
    except (OSError, ValueError):  # a file is always readable; there is nothing to wait for
        return _line()
    try:
        await readable
    finally:
        loop.remove_reader(sys.stdin.fileno())
    return _line()


def _resolve(readable: asyncio.Future[None]) -> None:
    if not readable.done():
        readable.set_result(None)


def _line() -> str | None:
    """The next line. It is read byte by byte, so that nothing after it is taken out of sight of
    the next wait."""
    found = bytearray()
    while byte := os.read(sys.stdin.fileno(), 1):
        if byte == b"\n":
            return found.decode(errors="replace").strip()
        found += byte
    if not found:
        click.echo()
        return None
    return found.decode(errors="replace").strip()
