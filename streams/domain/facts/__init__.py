"""The events, by what they are about; `streams.domain.events` gathers them into one closed
union.
"""
