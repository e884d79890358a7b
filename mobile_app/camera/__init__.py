"""The live camera of a phone or browser, the camera of a desktop window, and pictures with several codes."""
