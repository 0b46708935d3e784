"""Protocols between the pure core and the world. One contract-test file per port, run on every implementation."""
