"""Claims: which sentences of a post-mortem are true, by paired runs."""

from simcoalesce.explain.claims.claim_evaluation import claim_results
from simcoalesce.explain.claims.claim_result import ClaimResult

__all__ = ["ClaimResult", "claim_results"]
