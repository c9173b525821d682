/**
 * `npm run bench [NAME …]`: measures the budgets of the architecture that exist by now and prints them as a table.
 * `npm run bench soak` watches for three days of a driven clock, and is measured only where it is asked for.
 * Machines are shared and noisy: ratios within one run say more than figures of two.
 */
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { styleText } from 'node:util'
import type { BenchLine } from './line.ts'

// As the command line does: what is compiled once is not measured each time.
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/vakhta-bench'))

const BENCHES: Record<string, () => Promise<BenchLine[]>> = {
  history: async () => (await import('./history.ts')).benchHistory(),
  tunnel: async () => (await import('./tunnel.ts')).benchTunnel(),
  watch: async () => (await import('./watch.ts')).benchWatch(),
  start: async () => (await import('./start.ts')).benchStart(),
  interface: async () => (await import('./interface.ts')).benchInterface(),
  'alerts-screen': async () => (await import('./alerts-screen.ts')).benchAlertsScreen(),
  alerts: async () => (await import('./alerts.ts')).benchAlerts(),
  bastion: async () => [await (await import('./alerts.ts')).benchOneBastion()],
  delivery: async () => (await import('./delivery.ts')).benchDelivery(),
  database: async () => (await import('./database-screen.ts')).benchDatabaseScreen(),
  cost: async () => (await import('./own-cost.ts')).benchOwnCost(),
  logs: async () => (await import('./logs-screen.ts')).benchLogsScreen(),
  backup: async () => (await import('./backup.ts')).benchBackup(),
  'backup-watched': async () => (await import('./backup-watched.ts')).benchBackupWatched(),
  soak: async () => (await import('./soak.ts')).benchSoak(),
}
/** Long, or large: only where it is asked for by name. */
const ON_DEMAND: ReadonlySet<string> = new Set(['soak', 'backup', 'backup-watched'])

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in BENCHES))
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}.`)
  process.exit(64)
}

const lines: BenchLine[] = []
for (const [name, bench] of Object.entries(BENCHES)) {
  if (asked.length === 0 ? ON_DEMAND.has(name) : !asked.includes(name)) continue
  console.error(`measuring: ${name} …`)
  lines.push(...(await bench()))
}

const columns: (keyof Omit<BenchLine, 'ok'>)[] = ['name', 'budget', 'value', 'peer']
const width = (column: (typeof columns)[number]) =>
  Math.max(column.length, ...lines.map((line) => (line[column] ?? '').length))
const row = (cells: string[]) =>
  cells.map((cell, index) => cell.padEnd(width(columns[index] ?? 'name'))).join('  ')
console.log(`    ${row(columns.map((column) => (column === 'name' ? 'what' : column)))}`)
for (const line of lines) {
  const mark = line.ok ? styleText('green', '✔') : styleText('red', '✘')
  console.log(`  ${mark} ${row(columns.map((column) => line[column] ?? ''))}`)
}
if (lines.some(({ ok }) => !ok)) process.exitCode = 1
