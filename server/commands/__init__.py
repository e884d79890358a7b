"""The command `sparklink`, one file per group of commands; the only place that imports both sides."""
