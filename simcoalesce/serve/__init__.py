"""A local page on which one asks what if: `simcoalesce serve`."""
