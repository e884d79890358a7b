"""The QR request and its state machine."""
