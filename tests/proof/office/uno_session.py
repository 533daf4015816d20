"""Run by the system's Python, which has LibreOffice's bridge: drives one soffice process.

One JSON object a line on stdin, one a line on stdout. Commands: open, set (whole columns of
input cells),
get (whole sheets after a forced recalculation), see (without),
type (cell by cell, as keyed in), sort, save, close, quit; shown and choose (in a window).
"""

import contextlib
import json
import sys
import time

import uno
from com.sun.star.beans import PropertyValue

CONTENTS = 1 | 2 | 4 | 16  # value, date, string, formula
SETTLES = 1.0  # seconds to draw what a step calls for; the message beside a cell comes last


def prop(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    for _ in range(300):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return [
                context.ServiceManager.createInstanceWithContext(
                    f"com.sun.star.frame.{name}", context
                )
                for name in ("Desktop", "DispatchHelper")
            ]
        except Exception:
            time.sleep(0.1)
    raise SystemExit("no connection with soffice")


class Session:
    def __init__(self, desktop, helper):
        self.desktop, self.helper, self.document = desktop, helper, None

    def open(self, path):
        url = uno.systemPathToFileUrl(path)
        self.document = self.desktop.loadComponentFromURL(url, "_blank", 0, (prop("Hidden", True),))
        return self.document is not None

    def shown(self):
        """Wait for the workbook that soffice was started with, until it stands in its window."""
        for _ in range(120):
            self.document = self.desktop.getCurrentComponent()
            if self.document is not None and self.document.CurrentController is not None:
                return True
            time.sleep(SETTLES)
        return False

    def choose(self, title, cell):
        """Go to a cell of a sheet, as a person would by clicking."""
        controller = self.document.CurrentController
        controller.Frame.ContainerWindow.setFocus()
        controller.setActiveSheet(self.sheet(title))
        time.sleep(SETTLES)
        wanted = self.sheet(title).getCellRangeByName(cell).AbsoluteName
        for _ in range(20):
            self.helper.executeDispatch(
                controller.Frame, ".uno:GoToCell", "", 0, (prop("ToPoint", cell),)
            )
            time.sleep(SETTLES)
            if controller.getSelection().AbsoluteName == wanted:
                return True
        return False

    def sheet(self, title):
        return self.document.Sheets.getByName(title)

    def set(self, columns):
        """columns: [sheet, column, first row, values]; blank is ""."""
        for title, column, row, values in columns:
            area = self.sheet(title).getCellRangeByPosition(
                column, row, column, row + len(values) - 1
            )
            plain = [v if not isinstance(v, dict) else "" for v in values]
            area.setDataArray(tuple((v,) for v in plain))
            for index, value in enumerate(values):
                if isinstance(value, dict):
                    cell = self.sheet(title).getCellByPosition(column, row + index)
                    cell.setFormula("=NA()")
        return True

    def get(self, sheets):
        self.document.calculateAll()
        return self.see(sheets)

    def see(self, sheets):
        """What stands there now, with no more recalculated than a person gets who types."""
        found = {}
        for title, rows, columns in sheets:
            area = self.sheet(title).getCellRangeByPosition(0, 0, columns - 1, rows - 1)
            found[title] = area.getDataArray()
        return found

    def type(self, cells):
        """cells: [sheet, row, column, text as keyed in]."""
        for title, row, column, text in cells:
            self.sheet(title).getCellByPosition(column, row).setFormula(text)
        return True

    def sort(self, title, area, column, ascending=False):
        """Unprotect a sheet and sort the rows of ``area`` (0-based, inclusive) by a column."""
        sheet = self.sheet(title)
        sheet.unprotect("")
        field = uno.createUnoStruct("com.sun.star.table.TableSortField")
        field.Field, field.IsAscending = column - area[0], ascending
        cells = sheet.getCellRangeByPosition(*area)
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        uno.invoke(cells, "sort", ((prop("SortFields", fields), prop("ContainsHeader", False)),))
        return True

    def edit(self, title, what, first, count=1, target=0):
        """What a person does to an unprotected sheet; rows and columns are 0-based."""
        sheet = self.sheet(title)
        sheet.unprotect("")
        if what == "insert_rows":
            sheet.Rows.insertByIndex(first, count)
        elif what == "insert_columns":
            sheet.Columns.insertByIndex(first, count)
        elif what == "remove_rows":
            sheet.Rows.removeByIndex(first, count)
        elif what == "hide_rows":
            for row in range(first, first + count):
                sheet.Rows.getByIndex(row).IsVisible = False
        elif what == "move_cell":
            sheet.moveRange(
                sheet.getCellByPosition(target, first).CellAddress,
                sheet.getCellRangeByPosition(4, first, 4, first).RangeAddress,
            )
        elif what == "rename":
            sheet.Name = "Onze antwoorden"
        elif what == "copy_sheet":
            self.document.Sheets.copyByName(title, "Kopie", 1)
        return True

    def save(self, path, filter):
        url = uno.systemPathToFileUrl(path)
        self.document.storeToURL(url, (prop("FilterName", filter),))
        return True

    def close(self):
        self.document.close(True)
        return True


def main():
    session = Session(*connect(sys.argv[1]))
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        name = command.pop("do")
        if name == "quit":
            break
        print(json.dumps(getattr(session, name)(**command)), flush=True)
    with contextlib.suppress(Exception):  # a window would ask whether to save
        session.document.setModified(False)
    with contextlib.suppress(Exception):  # the bridge breaks when the program ends
        session.desktop.terminate()


main()
