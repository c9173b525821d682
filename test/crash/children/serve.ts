/**
 * The headless console as a process. Prints its address when it answers. Arguments: the data directory, the key file, and where it is to be killed: the number of
 * an entry of the operations' journal, `before` it is written or `after`, and `back` where entries count from the one on that turns an operation back; or the
 * number of a transaction with alerts that somebody `acknowledged`, or `silenced`, after which it is.
 */
import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import pino from 'pino'
import { descendantsOf } from '../../../demo/servers/process-tree.ts'
import { serve } from '../../../src/main/serve.ts'

const [dataDirectory = '', keyFile = '', at = '', when = '', from = ''] = process.argv.slice(2)
if (when === 'before' || when === 'after') dieAtEntry(Number(at), when === 'before', from === 'back')
else if (when !== '') dieAfterDeed(Number(at), when)

const log = pino({ level: 'silent' })
const { url } = await serve({ dataDirectory, port: 0, keyFile, log })
console.log(url)
// Those that follow begin with what this one compiled; a kill leaves no moment for it.
flushCompileCache()

function dieAtEntry(entry: number, isBefore: boolean, isOnTheWayBack: boolean): void {
  let entries = 0
  let isDue = false
  let counts = !isOnTheWayBack
  onRows('INSERT INTO operation_journal', (values) => {
    counts ||= values.some((value) => typeof value === 'string' && value.includes('"heading":"undone"'))
    if (!counts) return
    entries += 1
    if (entries !== entry) return
    if (isBefore) die()
    isDue = true
  })
  onCommit(() => {
    if (isDue) die()
  })
}

/** @param deed as it is called in the trace of an alert */
function dieAfterDeed(wanted: number, deed: string): void {
  let transactions = 0
  let isWithin = false
  onRows('INSERT INTO alert_trace', (values) => {
    isWithin ||= values.some((value) => typeof value === 'string' && value.includes(`"${deed}"`))
  })
  onCommit(() => {
    transactions += Number(isWithin)
    isWithin = false
    if (transactions === wanted) die()
  })
}

/** By its own hand, as SIGKILL does it: nothing is closed, nothing is written any more. */
function die(): void {
  writeSync(1, `leaves ${descendantsOf(process.pid).join(' ')}\n`)
  process.kill(process.pid, 'SIGKILL')
}

/** @param told before a row is written by a statement that begins so */
function onRows(begin: string, told: (values: Parameters<StatementSync['run']>) => void): void {
  const { prepare } = DatabaseSync.prototype
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string, ...rest: []) {
    const statement = prepare.call(this, sql, ...rest)
    if (!sql.startsWith(begin)) return statement
    const { run } = statement
    statement.run = ((...values: Parameters<typeof run>) => {
      told(values)
      return run.apply(statement, values)
    }) as typeof run
    return statement
  }
}

/** @param told once a transaction is durable */
function onCommit(told: () => void): void {
  const { exec } = DatabaseSync.prototype
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
    exec.call(this, sql)
    if (sql === 'COMMIT') told()
  }
}
