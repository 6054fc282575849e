"""The kernels of rate limits: each file is called as the limit that it runs."""
