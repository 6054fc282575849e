"""Timeline: what happened in one run, to all requests and to a single one."""
