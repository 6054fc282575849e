"""The model: an edge of isolates, a KV namespace, objects and an origin, in SimPy."""
