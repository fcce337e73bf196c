"""What happened to a task and what must happen next.

`domain/` holds the vocabulary (inputs, events, commands, plan, quality, state), `phases/` one
module a phase, `decider.py` the three pure functions, `conductor.py` the batch around them,
`log.py` the port to a durable log.
"""
