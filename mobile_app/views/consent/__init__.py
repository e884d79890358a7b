"""From a link code to a decision and its result."""
