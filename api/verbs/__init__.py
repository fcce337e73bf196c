"""The verbs of the command line, a module a subject; `api.cli` loads only the one that is used."""
