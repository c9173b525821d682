/** Writes what a program gives into a file of a draft: encrypted, hashed, counted. */
import { sha256OfStream } from '../../vault/primitives.ts'
import { makeHeader } from '../age/header.ts'
import { sealStream } from '../age/payload.ts'
import type { Draft } from '../stores/store.ts'

export interface Written {
  readonly file: string
  /** Of the file, and of what is encrypted in it. */
  readonly bytes: number
  readonly plainBytes: number
  readonly sha256: string
}

/**
 * @param recipients whom it is encrypted for; `null`: it is not
 * @param plain throws where that was not everything: the last piece is not written before
 */
export async function writePart(
  draft: Draft,
  { file: plainFile, recipients }: { readonly file: string; readonly recipients: readonly string[] | null },
  plain: AsyncIterable<Buffer>,
): Promise<Written> {
  const file = recipients === null ? plainFile : `${plainFile}.age`
  const counts = { plain: 0, written: 0 }
  const hash = sha256OfStream()
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of plain) {
      counts.plain += chunk.length
      yield chunk
    }
  }
  async function* content(): AsyncGenerator<Buffer> {
    const stream = recipients === null ? counted() : sealStream(counted(), await makeHeader(recipients))
    for await (const chunk of stream) {
      hash.update(chunk)
      counts.written += chunk.length
      yield chunk
    }
  }
  await draft.write(file, content())
  return { file, bytes: counts.written, plainBytes: counts.plain, sha256: hash.digest('hex') }
}
