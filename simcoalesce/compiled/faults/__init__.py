"""The kernels of faults: each file is called as the fault that it runs."""
