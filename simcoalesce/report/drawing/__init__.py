"""How a picture becomes a figure, a file, or a part of a page."""
