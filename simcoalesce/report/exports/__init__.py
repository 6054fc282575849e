"""The exports: every file is one."""
