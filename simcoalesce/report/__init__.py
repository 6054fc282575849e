"""Reports: what people read and look at, drawn from rows and estimates alone."""
