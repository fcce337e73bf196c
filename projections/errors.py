"""Errors of `projections`; the tree is drawn on top.

ProjectionsError
├── StoreLocked      another process holds the read models' file
├── StoreUnusable    the file cannot be opened, read or written now
│   └── StoreDamaged it was broken and has been put aside; it fills again from the log
├── Overtaken        the file has moved on (or back) since the batch was read
└── InvalidCursor    a page was asked for with a cursor that no page gave
"""


class ProjectionsError(Exception):
    """An error of the projections package."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class StoreLocked(ProjectionsError):
    """Another process holds the read models: ask it over HTTP, or stop it first."""


class StoreUnusable(ProjectionsError):
    """The read models cannot be used now; nothing of what was begun was kept."""


class StoreDamaged(StoreUnusable):
    """The read models were damaged and fill again from the log: ask again in a moment."""


class Overtaken(ProjectionsError):
    """The checkpoint is not where this batch begins: read again from the checkpoint."""


class InvalidCursor(ProjectionsError):
    """This cursor was not given by a page: begin again without one."""
