"""From what is wanted to a workflow: search over what tools consume and produce, and its steps."""
