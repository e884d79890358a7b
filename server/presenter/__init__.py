"""One page for showing the demo: console and phone side by side."""
