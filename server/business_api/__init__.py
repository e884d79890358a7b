"""The vendor's Business API, `/open_api/v1.3`: its envelope and codes over the same services as `/api/v1`."""
