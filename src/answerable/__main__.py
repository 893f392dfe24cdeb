"""`python -m answerable` is the console script `answerable`."""

from answerable.cli import main

main(prog_name="answerable")
