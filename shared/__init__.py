"""What the server and the companion app must spell the same; imports neither of them."""
