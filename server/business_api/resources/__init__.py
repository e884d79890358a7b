"""The endpoints of the Business API, one file per resource of the vendor."""
