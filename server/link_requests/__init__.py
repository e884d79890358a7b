"""Link requests: the QR codes, their states, and what both sides do with them."""
