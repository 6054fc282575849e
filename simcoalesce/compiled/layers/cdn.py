"""cdn, as `model.layers.cdn` has it: a kind of shared cache."""

from simcoalesce.compiled.shared_cache import close, fill, step

__all__ = ["close", "fill", "step"]
