"""`helpdesk-mcp doctor`: what is set up, what is missing, and what to do about it.

finding   one line of the result
examine   all checks at once, each on its own: one that hangs or fails hides no other
checks    one module for each thing that is looked at
report    lines for a person or JSON for a program, without any secret
"""

from helpdesk_mcp.doctor.report import leave, run

__all__ = ["leave", "run"]
