/** `COPY … FROM STDIN` over a session of ours: rows go in as fast as the server takes them, and no faster; and statements in whatever encoding they are written. */
import type { Writable } from 'node:stream'
import type { Client } from 'pg'

/** What `pg` has of a connection for this, and does not declare. */
interface Wire {
  readonly stream: Writable
  query(sql: string): void
  sendCopyFromChunk(bytes: Buffer): void
  endCopyFrom(): void
  sendCopyFail(why: string): void
}

export interface CopyIn {
  /** Resolves when more may be given. Rejects with why the server took no more. */
  give(bytes: Buffer): Promise<void>
  /** @returns how many rows went in */
  end(): Promise<number>
}

/** @param sql as bytes: in the session's encoding */
export async function openCopyIn(client: Client, sql: string | Buffer): Promise<CopyIn> {
  const ready = Promise.withResolvers<Wire>()
  const done = Promise.withResolvers<number>()
  let failure: Error | null = null
  let rows = 0
  done.promise.catch(() => {})
  // What `pg` calls a submittable: each message of the server's for it is one of these.
  const copying = {
    submit: (wire: Wire) => submit(wire, sql),
    handleCopyInResponse: ready.resolve,
    handleCommandComplete({ text }: { text: string }) {
      rows = Number(/^COPY (\d+)$/.exec(text)?.[1] ?? 0)
    },
    handleError(error: Error) {
      failure = error
      ready.reject(error)
      done.reject(error)
    },
    handleReadyForQuery() {
      if (failure === null) done.resolve(rows)
    },
    ...UNHEARD,
  }
  client.query(copying as never)
  const wire = await ready.promise
  return {
    async give(bytes) {
      if (failure !== null) throw failure
      wire.sendCopyFromChunk(bytes)
      if (!wire.stream.writableNeedDrain) return
      const drained = Promise.withResolvers<void>()
      wire.stream.once('drain', drained.resolve)
      try {
        await Promise.race([drained.promise, done.promise])
      } finally {
        wire.stream.off('drain', drained.resolve)
      }
    },
    end() {
      if (failure === null) wire.endCopyFrom()
      return done.promise
    },
  }
}

/** Sends one statement and waits for its end; what it answers is not looked at. */
export function sendQuery(client: Client, sql: Buffer): Promise<void> {
  const done = Promise.withResolvers<void>()
  let failure: Error | null = null
  const sending = {
    submit: (wire: Wire) => submit(wire, sql),
    // Rows were not announced.
    handleCopyInResponse: (wire: Wire) => wire.sendCopyFail('no rows follow'),
    handleCommandComplete: nothing,
    handleError(error: Error) {
      failure = error
      done.reject(error)
    },
    handleReadyForQuery() {
      if (failure === null) done.resolve()
    },
    ...UNHEARD,
  }
  client.query(sending as never)
  return done.promise
}

function nothing(): void {}

const UNHEARD = {
  ...{ handleRowDescription: nothing, handleDataRow: nothing, handleCopyData: nothing },
  ...{ handleEmptyQuery: nothing, handlePortalSuspended: nothing },
}

function submit(wire: Wire, sql: string | Buffer): void {
  if (typeof sql === 'string') {
    wire.query(sql)
    return
  }
  // A simple query of the protocol: its letter, its length with itself, the text, a zero.
  const head = Buffer.alloc(5)
  head.write('Q')
  head.writeInt32BE(sql.length + 5, 1)
  wire.stream.write(Buffer.concat([head, sql, Buffer.alloc(1)]))
}
