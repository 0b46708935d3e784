"""`python -m newsloom` and the `newsloom` command."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    import os
    import sys

    from newsloom.cli.main import app

    for stream in (sys.stdout, sys.stderr):
        # News is in every script, and what is exported or piped is UTF-8 whatever the terminal's locale.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app(prog_name=os.environ.get("NEWSLOOM_COMMAND") or "newsloom")
    except SystemExit as ended:
        # Whoever read the output has enough, as in `newsloom --help | head`: rich counts that as a failure.
        if isinstance(ended.__context__, BrokenPipeError):
            raise SystemExit(0) from None
        raise


if __name__ == "__main__":
    main()
