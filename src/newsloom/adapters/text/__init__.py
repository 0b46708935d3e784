"""Embedders: what turns texts into vectors, each behind an extra of its own."""
