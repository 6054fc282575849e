"""Kernels of layers, each called as the layer that it is the kernel of."""
