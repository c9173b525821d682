/** From lines as they were written to what they say: time, level, who says it, message, fields. Pure. */
import { LOG_BOUNDS, type LogLine } from '#shared/model/logs.ts'
import { readObject, type Spoken, speakObject } from './forms/json.ts'
import { speakText } from './forms/plain.ts'
import type { Zone } from './moments.ts'
import type { RawLine, RawRecord } from './raw.ts'

const ESCAPE = String.fromCharCode(0x1b)
const BELL = String.fromCharCode(0x07)
/** Colours, titles and whatever else moves a terminal. */
const ESCAPES = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)?|[@-Z\\\\-_])`,
  'g',
)
/** What is not seen; and what turns the direction of writing, which could make a line lie. */
const UNSEEN = /[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu
/** Longer ones are read no further: nobody does. */
const LONGEST_LINE = 64 * 1024

export function clean(text: string): string {
  const bounded = text.length > LONGEST_LINE ? text.slice(0, LONGEST_LINE) : text
  return bounded.replaceAll(ESCAPES, '').replaceAll(UNSEEN, '')
}

/** The moment that a line says by itself, or that was told with it. */
export function momentOf({ text, told }: RawLine, zone: Zone, now: number): number | null {
  if (told !== null) return told.at
  return speak(clean(text), zone, now).at
}

/** One thing that was logged. */
export function parseRecord(record: RawRecord, zone: Zone, now: number): LogLine {
  const [first, ...more] = record
  const text = clean(first.text)
  const spoken = speak(text, zone, now)
  const { told } = first
  const below = [spoken.detail, ...more.map((line) => clean(line.text))].filter((part) => part !== null)
  const detail = below.join('\n').replace(/\n+$/, '')
  const tooLong =
    first.piece ||
    first.text.length > LONGEST_LINE ||
    spoken.message.length > LOG_BOUNDS.messageLength ||
    detail.length > LOG_BOUNDS.detailLength
  return {
    id: first.position,
    at: spoken.at ?? told?.at ?? null,
    level: spoken.level ?? told?.level ?? (detail.startsWith('Traceback') ? 'error' : null),
    source: spoken.source ?? told?.source ?? null,
    message: spoken.message.slice(0, LOG_BOUNDS.messageLength),
    detail: detail === '' ? null : detail.slice(0, LOG_BOUNDS.detailLength),
    fields: [...spoken.fields, ...(told?.fields ?? [])]
      .slice(0, LOG_BOUNDS.fields)
      .map(({ name, value }) => ({
        name: clean(name).slice(0, 100),
        value: clean(value).slice(0, LOG_BOUNDS.fieldLength),
      })),
    cut: tooLong,
  }
}

function speak(text: string, zone: Zone, now: number): Spoken {
  const object = readObject(text)
  if (object === null) return speakText(text, zone, now)
  const spoken = speakObject(object, zone, now)
  // Docker's own files hold each line of a program within one of theirs.
  if (typeof object.log === 'string' && typeof object.stream === 'string') {
    const inner = speak(clean(object.log.replace(/\r?\n$/, '')), zone, now)
    return { ...inner, at: inner.at ?? spoken.at }
  }
  return spoken
}
