"""`python -m server` is the command `sparklink`."""

from server.commands.main import main

main()
