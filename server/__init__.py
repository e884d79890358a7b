"""The backend: API, console and command line. Start reading at app.py."""
