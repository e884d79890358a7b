"""What every request passes: headers, limits, languages, errors, and the description of the API."""
