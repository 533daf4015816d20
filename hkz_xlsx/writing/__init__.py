"""A plan to the bytes of an xlsx file; plain tables too. The only user of XlsxWriter."""
