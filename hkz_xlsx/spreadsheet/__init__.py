"""Any spreadsheet file to a `Grid` of plain values; knows nothing of norms or scores."""
