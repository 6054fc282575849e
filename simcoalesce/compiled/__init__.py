"""The compiled engine: the same layers as state machines, equal bit for bit.

Kernels are plain functions over one array of int64 (`layout`). `api` is the public
entry; a file per layer holds that layer's steps; `loop` is the event loop that calls
them. `build` compiles all of them, once, into one object, and `native` loads it.
"""
