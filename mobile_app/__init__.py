"""The companion app: an account owner scans a Business Center's code and decides what it may do."""
