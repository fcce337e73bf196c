"""`orchestrator`: the command line. Verbs are loaded when they are used, so that `--help`
answers at once."""

import importlib
import sys
from typing import Any

import click

VERBS: dict[str, tuple[str, str]] = {
    "run": ("run:run", "Take one request through all nine phases, here, and show the result."),
    "up": ("up:up", "Serve the API and do the work, everything in one process."),
    "chat": ("chat:chat", "Talk; what asks for a result becomes a task."),
    "submit": ("tasks:submit", "Hand a request in and return at once."),
    "produce": ("produce:produce", "Append requests, one JSON object a line, to the topic."),
    "list": ("tasks:list_tasks", "The newest tasks; with --waiting, those that need you."),
    "status": ("tasks:status", "How far a task has come, and what it waits for."),
    "watch": ("tasks:watch", "Follow a task until it ends or needs you."),
    "approve": ("decisions:approve", "Approve what a task shows, for all or some channels."),
    "reject": ("decisions:reject", "Reject what a task shows, with a reason."),
    "revise": ("decisions:revise", "Ask for another version, saying what should change."),
    "answer": ("decisions:answer", "Answer a question that a task asks."),
    "cancel": ("decisions:cancel", "Stop a task."),
    "retry": ("decisions:retry", "Try a failed task again from where it failed."),
    "events": ("history:events", "The history of a task; with --at, its state as it was then."),
    "verify": ("history:verify", "Do histories fold, are chains whole, does the core decide so?"),
    "replay": ("history:replay", "Rebuild the read models from position 0."),
    "export": ("history:export", "Write all events to a Parquet or JSONL file."),
    "dead-letters": ("produce:dead_letters", "What could not be read, with reason and bytes."),
    "channels": ("channels:channels", "Where posts go: dry run or live; connect and test."),
    "work": ("cluster:work", "A worker on Kafka: decides, and reads the topic of requests."),
    "commands": ("commands:commands", "The queue: what waits, what runs, what came of it."),
    "agents": ("cluster:agents", "The agents there are; agents in processes of their own."),
    "serve": ("cluster:serve", "Serve the API against Kafka; workers elsewhere decide."),
    "project": ("cluster:project", "Fold the log on Kafka into read models."),
    "topics": ("topics:topics", "The topics on Kafka: list them, make them."),
    "mcp": ("mcp:mcp", "Speak MCP on stdin and stdout, for a desktop assistant."),
    "budgets": ("budgets:budgets", "What was spent today, what is held, and who was stopped."),
    "tools": ("tools:tools", "The tools that there are, and which may run."),
    "models": ("models:models", "The models that there are; do they answer, what do they cost."),
    "config": ("operations:config", "The settings in force."),
    "doctor": ("operations:doctor", "Is everything in order here? What to do if not."),
    "token": ("operations:token", "Bearer tokens for people and programs."),
    "openapi": ("operations:openapi", "The HTTP interface as OpenAPI."),
    "asyncapi": ("asyncapi:asyncapi", "The interface on a broker as AsyncAPI."),
    "completion": ("operations:completion", "The line that switches completion on in your shell."),
}


class Verbs(click.Group):
    """A group that knows the names and one-line helps of its verbs without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module, name = VERBS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(f"api.verbs.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl([(name, text) for name, (_, text) in VERBS.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            import difflib

            close = difflib.get_close_matches(args[0], VERBS, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            ctx.fail(f"there is no verb {args[0]!r}.{hint} `orchestrator --help` lists them.")


@click.command(
    cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(package_name="intelligent-orchestrator", prog_name="orchestrator")
def cli() -> None:
    """A request in plain language becomes an approved deliverable: planned, done, scored, refined,
    shown to you.

    Begin with:  orchestrator run "Create a LinkedIn post about our Q4 growth metrics"
    """


def main() -> None:
    """The console script: every error is one clear sentence and an exit code."""
    try:
        code = cli.main(prog_name="orchestrator", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        kept = "What was taken in is kept, and goes on with the next `up`."
        click.echo(f"\nStopped. {kept}", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        sys.exit(_explain(error))


def _explain(error: Exception) -> int:
    """Say what is wrong; the answer is the exit code. A bug stays one, with its traceback."""
    from api.errors import ApiError, Interrupted
    from api.verbs.plain import plain
    from streams.domain.errors import StreamsError

    match error:
        case Interrupted():
            click.echo(f"\n{error}", err=True)
            return error.exit_code
        case ApiError():
            click.echo(f"Error: {plain(str(error))}", err=True)
            return error.exit_code
        case StreamsError():
            click.echo(f"Error: {error}", err=True)
            return 4
    raise error


if __name__ == "__main__":
    main()
