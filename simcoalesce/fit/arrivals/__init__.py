"""Laws of arrivals: when the requests of a log came, and for which keys."""
