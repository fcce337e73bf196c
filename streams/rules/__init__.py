"""What each input means for a task: intake, the command queue, people, the clock, and what comes
after the end.
"""
