"""Chat: messages and answers, streamed, kept as events, and really deleted."""
