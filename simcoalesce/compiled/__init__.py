"""The compiled engine: the same layers as kernels, equal bit for bit.

Kernels are plain functions over one array of int64, in which records have names
(`record`, `state`). `api` is the public entry; `layers`, `rate_limits` and `faults` are
families, called as those of the model; `loop` is the event loop that calls them.
`build` compiles all of them, once, into one object, and `native` loads it.
"""
