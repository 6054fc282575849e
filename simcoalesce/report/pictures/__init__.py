"""The pictures: every file is one."""

import simcoalesce.report.drawing  # noqa: F401 - before matplotlib
