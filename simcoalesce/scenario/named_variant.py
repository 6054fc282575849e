"""Named variants: what ``FILE@variant`` means on a command line."""

from pathlib import Path


def split_variant(path: str | Path) -> tuple[str, str | None]:
    """Return the file and the variant that ``FILE@variant`` names.

    >>> split_variant("sale.yaml@per-key"), split_variant("sale.yaml")
    (('sale.yaml', 'per-key'), ('sale.yaml', None))
    """
    text = str(path)
    file, at, variant = text.rpartition("@")
    if not at or not file or not variant or "/" in variant or Path(text).exists():
        return text, None
    return file, variant
