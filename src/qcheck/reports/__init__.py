"""Findings into what people and programs read."""
