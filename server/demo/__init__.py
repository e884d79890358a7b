"""The demo: its people, the reset, and the page that shows the console beside the app."""
