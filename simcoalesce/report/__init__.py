"""Reports: what people read and look at, from rows and estimates alone."""
