"""`python -m helpdesk_mcp` is the command `helpdesk-mcp`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
