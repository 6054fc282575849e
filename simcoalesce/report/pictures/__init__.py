"""The pictures: every file is one."""
