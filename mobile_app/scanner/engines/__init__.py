"""The decoders, and the processes in which the fragile ones run."""
