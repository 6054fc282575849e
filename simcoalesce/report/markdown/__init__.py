"""Reports as Markdown, to paste."""
