"""Agents elsewhere: what the SDKs do, and what competing pollers leave behind."""
