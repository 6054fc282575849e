"""Reports as pages, and as views of a notebook."""
