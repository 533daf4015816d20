"""The sheets of the workbook, one module each, described without any library."""
