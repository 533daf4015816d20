// Opens workbooks with SheetJS and calculates every formula anew with HyperFormula; writes the
// values of all cells with a formula as JSON.
// npm install xlsx hyperformula; node calculate_with_hyperformula.cjs out.json in.xlsx ...
const fs = require('fs')
const XLSX = require('xlsx')
const { HyperFormula, FunctionPlugin, FunctionArgumentType } = require('hyperformula')

// It knows no HYPERLINK in older versions: what such a cell shows is its second argument.
class Links extends FunctionPlugin {
  link(ast, state) {
    return this.runFunction(ast.args, state, this.metadata('HYPERLINK'), (_, shown) => shown)
  }
}
Links.implementedFunctions = {
  HYPERLINK: {
    method: 'link',
    parameters: [
      { argumentType: FunctionArgumentType.STRING }, { argumentType: FunctionArgumentType.SCALAR },
    ],
  },
}
if (!HyperFormula.getRegisteredFunctionNames('enGB').includes('HYPERLINK')) {
  HyperFormula.registerFunctionPlugin(Links, { enGB: { HYPERLINK: 'HYPERLINK' } })
}

function cells(sheet) {
  const range = XLSX.utils.decode_range(sheet['!ref'])
  const rows = []
  for (let r = 0; r <= range.e.r; r++) {
    const row = []
    for (let c = 0; c <= range.e.c; c++) {
      const cell = sheet[XLSX.utils.encode_cell({ r, c })]
      if (!cell) row.push(null)
      else if (cell.f !== undefined) row.push('=' + cell.f)
      else if (cell.t === 's') row.push("'" + cell.v)
      else if (cell.t === 'e') row.push('=NA()')
      else row.push(cell.v === undefined ? null : cell.v)
    }
    rows.push(row)
  }
  return rows
}

const [target, ...sources] = process.argv.slice(2)
const found = sources.map((source) => {
  const book = XLSX.readFile(source, { cellFormula: true, cellHTML: false, cellText: false })
  const sheets = {}
  for (const name of book.SheetNames) sheets[name] = cells(book.Sheets[name])
  const engine = HyperFormula.buildFromSheets(sheets, {
    licenseKey: 'gpl-v3', evaluateNullToZero: true, smartRounding: false,
    leapYear1900: false, nullDate: { year: 1899, month: 12, day: 30 },
  })
  const values = {}
  for (const [name, rows] of Object.entries(sheets)) {
    const id = engine.getSheetId(name)
    values[name] = {}
    rows.forEach((row, r) => row.forEach((content, c) => {
      if (typeof content !== 'string' || !content.startsWith('=')) return
      const value = engine.getCellValue({ sheet: id, row: r, col: c })
      const shown = value && typeof value === 'object' ? { error: value.value } : value
      values[name][XLSX.utils.encode_cell({ r, c })] = shown
    }))
  }
  return values
})
fs.writeFileSync(target, JSON.stringify(found))
