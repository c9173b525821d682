/** Saves the table that it stands beside as CSV: all of its rows, also those that are not in view. */
import { useTranslation } from 'react-i18next'
import { fileNameOf, saveFile } from '../save-file.ts'
import classes from './CsvButton.module.css'
import { type CsvTable, toCsv } from './csv.ts'

/** Without it spreadsheets take UTF-8 for the code page of the machine. */
const BYTE_ORDER_MARK = '\uFEFF'

interface Props {
  /** What the table is of: it names the file, and the button for those who do not see the table. */
  readonly label: string
  /** Made only when the button is pressed. */
  readonly table: () => CsvTable
}

export function CsvButton({ label, table }: Props) {
  const { t } = useTranslation()
  const words = t('csv.save', { label })
  return (
    <button
      type="button"
      className={classes.button}
      aria-label={words}
      title={words}
      onClick={() =>
        saveFile(
          fileNameOf(label, new Date(), 'csv'),
          BYTE_ORDER_MARK + toCsv(table()),
          'text/csv;charset=utf-8',
        )
      }
    >
      CSV
    </button>
  )
}
