"""The decoders, and the worker processes for the fragile ones."""
