"""New workbooks out of returned ones: repair, merge, answers carried along."""
