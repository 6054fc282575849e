"""The charts: every file is one."""
