"""Content: words and tables, computed once, for every form of a report."""
