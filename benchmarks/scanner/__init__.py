"""How well the scanner reads: corpora, drawn codes, damaged files and camera sequences."""
