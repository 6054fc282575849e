"""The language of conditions: what may be said of metrics, and when it is true."""
