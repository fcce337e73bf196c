"""The rule packs of the compliance agent and what reads a text by them."""
