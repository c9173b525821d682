/**
 * What opening the list of alerts does first, done before it is opened: of what a page does for the first time most of the time goes into
 * formats that are made, and into code that was never run.
 */
import type { i18n } from 'i18next'
import type { Alert } from '#shared/model/alert.ts'
import { absolute, relative } from '../../../components/moment.ts'
import { alertWords } from '../alert-words.ts'
import { arrange } from './arrange.ts'
import { itemsOf } from './items.ts'

/** More than a screen shows. */
const READ = 40

export function makeReady(translator: i18n, alerts: readonly Alert[]): void {
  const now = Date.now()
  for (const item of itemsOf(arrange(alerts), []).slice(0, READ)) {
    if (item.kind !== 'alert') continue
    const { alert } = item.placed
    alertWords(translator, alert)
    relative(translator.language, alert.since, now)
    absolute(translator.language, alert.since, now)
  }
}
