"""What can be wrong with the tools of others.

ToolsError                  the root
├── ServersInvalid          the file that names the servers cannot be used as it is
└── ServerTrouble           a server did not do its part; the reason is fit to be shown
    └── ServerLost          the connection broke
"""

from agents.contract import AgentError


class ToolsError(AgentError):
    """An error about the tools of others."""


class ServersInvalid(ToolsError):
    """The file of servers cannot be used. The message names the file, the place and what to do."""


class ServerTrouble(ToolsError):
    """A server did not do its part in its time. The message says what, without its values."""


class ServerLost(ServerTrouble):
    """The connection to a server broke."""
