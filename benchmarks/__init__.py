"""Programs that measure and print ratios against a named reference in the same run."""
