"""`python -m newsloom` and the `newsloom` command."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from newsloom.cli.main import app

    app()


if __name__ == "__main__":
    main()
