"""Ads Manager: the list, one ad, and the forms that create one."""
