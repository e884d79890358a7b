"""`python -m mobile_app.scanner FILE...`: the scanner as a tool on its own."""

import sys

from mobile_app.scanner.command import main

if __name__ == "__main__":
    sys.exit(main())
