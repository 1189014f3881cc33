"""BANG C."""
