"""Which processors Windows 11 supports, told from the name Windows shows or from the signature that the silicon reports.

Rules over series and generations, not a list of models: Microsoft itself lists series since 2025, and a list goes stale with
every new processor. What a rule does not know is `unknown`, never a guess.
"""

from .classify import classify
from .intel_core import MODEL_DECIDES
from .verdict import Basis, Decision, Verdict

__all__ = ["MODEL_DECIDES", "Basis", "Decision", "Verdict", "classify"]
