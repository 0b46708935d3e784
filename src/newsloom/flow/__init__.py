"""The parts of a run, one module each: reconcile, collect, weave, write. `newsloom.pipeline` is their order.

Imperative, but only through ports: each part asks pure stages for decisions and stores them in short units of work.
"""
