"""What is patched around Flet, one file per gap; README.md lists them."""
