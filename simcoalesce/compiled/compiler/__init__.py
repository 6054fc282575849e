"""Compiler of kernels: a part of Python, typed, becomes LLVM's code.

A kernel is a plain function, so tests can run it as Python. Its parameters and its
result are annotated: ``int`` (64 bits, signed), ``bool``, ``float``, ``Word`` (64 bits,
unsigned), ``Numbers`` (in one piece of memory), or a tuple of numbers. A name keeps the
kind of what it is given first. There are assignments, ``if``, ``while``, ``for`` over a
range or constants, ``break``, ``continue``, ``return``, and calls of other kernels; the
operators of Python, with its ``//`` and ``%``; ``int``, ``float``, ``bool``, ``min``,
``max``, ``np.int64``, ``np.uint64``, ``np.float64``, ``np.rint``, ``np.sqrt``, ``view``
and `prefetch`. Truth values count as numbers and whole numbers as floats; nothing else
becomes something else by itself. What it does not know it refuses, with file and line.

Simplification: sums and products wrap around at 64 bits, as numpy's do; a divisor is
    not 0, and what becomes an ``int`` fits in one.
"""
