"""`python -m server` is the command `sparklink`."""

from server.cli import main

main()
