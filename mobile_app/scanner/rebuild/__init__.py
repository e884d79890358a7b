"""Read symbols that no engine reads: sample their modules, repair them and redraw the symbol."""
