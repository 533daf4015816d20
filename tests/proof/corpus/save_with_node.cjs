// Opens a workbook with SheetJS or ExcelJS, types answers on Beoordeling and saves it: what a web
// application does with a file that passes through it.
// npm install xlsx exceljs; node save_with_node.cjs sheetjs|exceljs in.xlsx out.xlsx '{"H6": "…"}'
const [program, source, target, answers] = process.argv.slice(2)
const typed = JSON.parse(answers)

function sheetjs() {
  const XLSX = require('xlsx')
  const book = XLSX.readFile(source, { cellFormula: true, cellStyles: true })
  const sheet = book.Sheets.Beoordeling
  for (const [cell, value] of Object.entries(typed)) sheet[cell] = { t: 's', v: value }
  XLSX.writeFile(book, target, { compression: true })
}

async function exceljs() {
  const ExcelJS = require('exceljs')
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(source)
  const sheet = book.getWorksheet('Beoordeling')
  for (const [cell, value] of Object.entries(typed)) sheet.getCell(cell).value = value
  await book.xlsx.writeFile(target)
}

Promise.resolve(program === 'sheetjs' ? sheetjs() : exceljs())
