"""The workbook, described without any spreadsheet library."""
