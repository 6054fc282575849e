"""The compiled engine: the same layers as state machines, equal bit for bit.

Everything here is numba over arrays of int64. `engine` has the door; a file per layer
holds that layer's steps; `loop` is the event loop that calls them.
"""
