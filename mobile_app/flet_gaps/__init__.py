"""What is patched around Flet, one file per gap; README.md has the list and what each gap relies on."""
