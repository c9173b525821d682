/**
 * The headless console as a process. Prints its address when it answers. Arguments: the data directory, the key file, and where it is to be killed: the number of
 * an entry of the operations' journal, and `before` it is written or `after`.
 */
import { DatabaseSync } from 'node:sqlite'
import pino from 'pino'
import { serve } from '../../../src/main/serve.ts'

const [dataDirectory = '', keyFile = '', at = '', when = ''] = process.argv.slice(2)
if (at !== '') dieAtEntry(Number(at), when === 'before')

const log = pino({ level: 'silent' })
const { url } = await serve({ dataDirectory, port: 0, keyFile, log })
console.log(url)

/** By its own hand, as SIGKILL does it: nothing is closed, nothing is written any more. */
function dieAtEntry(entry: number, isBefore: boolean): void {
  const { prepare, exec } = DatabaseSync.prototype
  let entries = 0
  let isDue = false
  const die = () => process.kill(process.pid, 'SIGKILL')
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string, ...rest: []) {
    const statement = prepare.call(this, sql, ...rest)
    if (!sql.startsWith('INSERT INTO operation_journal')) return statement
    const { run } = statement
    statement.run = ((...values: Parameters<typeof run>) => {
      entries += 1
      if (entries === entry) {
        if (isBefore) die()
        isDue = true
      }
      return run.apply(statement, values)
    }) as typeof run
    return statement
  }
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
    exec.call(this, sql)
    if (isDue && sql === 'COMMIT') die()
  }
}
