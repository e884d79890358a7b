"""Reads what no engine reads: samples a symbol's modules, repairs them and draws the symbol anew."""
