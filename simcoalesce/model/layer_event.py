"""Events of a layer: what can happen there that no row shows."""

from typing import NamedTuple


class LayerEvent(NamedTuple):
    """Something that can happen in a layer, and is counted or noted.

    Attributes:
        kind: Its name in documents.
        unit: The counted operation, or the note, that says how often it happened.
        noun: What is counted, e.g. "write".
        text: A sentence; ``{number}`` is the counted noun, ``{most}`` and ``{longest}``
            what was noted with it, ``{calls}`` the calls beyond one for each request.
        is_error: Whether each is an error of the layer, so that rows may show it too.
    """

    kind: str
    unit: str
    noun: str
    text: str
    is_error: bool = False
