/** Runs one statement within its bounds: straight on a session of ours, or in a transaction of its own through a pooler. */
import { Query } from 'pg'
import type { PostgresAnswer } from '../reach.ts'
import type { PostgresConnection } from './connection.ts'
import { beginBounded } from './introduce.ts'

/** How much sooner than the caller's limit the server gives up, so that its answer still arrives. */
const ANSWER_MARGIN_MS = 250
/** What comes of one statement at most; a look at a server's views is a thousandth of it. */
const MOST_BYTES = 32 * 1024 * 1024

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
  readonly timeoutMs: number
  readonly maxRows: number
  /** In a transaction of its own that is rolled back, and as a single statement whatever stands in the text. */
  readonly isolated: boolean
}

/**
 * @param onTurn called when the server has taken us up: what was waited for until then is a pooler's free connection
 * @returns the rows, and all bytes that came meanwhile
 */
export async function runStatement(
  connection: PostgresConnection,
  statement: Statement,
  onTurn: () => void,
): Promise<PostgresAnswer> {
  const { client, meter, backend } = connection
  const before = meter.bytes
  const turn = (): void => {
    meter.asked(statement.timeoutMs)
    onTurn()
  }
  meter.allow(MOST_BYTES)
  try {
    const rows =
      backend === null || statement.isolated
        ? await inTransaction(client, statement, turn)
        : await inSession(client, statement, turn)
    meter.answered()
    return { rows, bytes: meter.bytes - before }
  } finally {
    meter.allow()
  }
}

type Client = PostgresConnection['client']

const BOUNDS = new WeakMap<Client, number>()

/** Sets the statement timeout where it differs from the one in force; probes ask for the same again and again. */
async function inSession(client: Client, statement: Statement, onTurn: () => void) {
  const bound = boundOf(statement)
  if (BOUNDS.get(client) !== bound) {
    await client.query(`SET statement_timeout = ${bound}`)
    BOUNDS.set(client, bound)
  }
  onTurn()
  return collectRows(client, statement)
}

async function inTransaction(client: Client, statement: Statement, onTurn: () => void) {
  const begin = beginBounded(boundOf(statement))
  // Ours name what they mean; what others wrote finds its tables as the role does.
  await client.query(statement.isolated ? `${begin}; SET LOCAL search_path TO DEFAULT` : begin)
  onTurn()
  try {
    const rows = await collectRows(client, statement)
    await client.query(statement.isolated ? 'ROLLBACK' : 'COMMIT')
    return rows
  } catch (error) {
    // A connection that is lost has nothing to roll back, and says the same again.
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

function boundOf({ timeoutMs }: Statement): number {
  return Math.max(50, Math.ceil((timeoutMs - ANSWER_MARGIN_MS) / 50) * 50)
}

function collectRows(
  client: Client,
  { text, values, maxRows, isolated }: Statement,
): Promise<Record<string, unknown>[]> {
  const outcome = Promise.withResolvers<Record<string, unknown>[]>()
  const rows: Record<string, unknown>[] = []
  const query = new Query<Record<string, unknown>>({
    text,
    values: [...values],
    ...(isolated ? { queryMode: 'extended' } : {}),
  })
  query.on('row', (row) => {
    if (rows.length < maxRows) rows.push(row)
  })
  query.on('end', () => outcome.resolve(rows))
  query.on('error', (error) => outcome.reject(error))
  client.query(query)
  return outcome.promise
}
