/** `COPY … FROM STDIN` over a session of ours: rows go in as fast as the server takes them, and no faster. */
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

export async function openCopyIn(client: Client, sql: string): Promise<CopyIn> {
  const ready = Promise.withResolvers<Wire>()
  const done = Promise.withResolvers<number>()
  let failure: Error | null = null
  let rows = 0
  done.promise.catch(() => {})
  const nothing = (): void => {}
  // What `pg` calls a submittable: each message of the server's for it is one of these.
  const copying = {
    submit: (wire: Wire) => wire.query(sql),
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
    ...{ handleRowDescription: nothing, handleDataRow: nothing, handleCopyData: nothing },
    ...{ handleEmptyQuery: nothing, handlePortalSuspended: nothing },
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
