"""A selection of norms to the plan of its workbook, for writer and reader alike."""
