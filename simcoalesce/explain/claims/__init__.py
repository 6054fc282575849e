"""Claims: which sentences of a post-mortem are true, by paired runs."""
