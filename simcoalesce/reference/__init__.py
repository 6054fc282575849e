"""The reference: every key, metric, layer, command and exit code, as the code says."""
