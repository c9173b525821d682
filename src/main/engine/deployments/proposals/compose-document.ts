/** A Compose file as plain values with merges (`<<`) done, and the lines on which its keys stand. Bounded in size and depth. */
import { type Document, isMap, isScalar, LineCounter, type Pair, parseAllDocuments, type YAMLMap } from 'yaml'

export type Mapping = Readonly<Record<string, unknown>>

export interface ComposeDocument {
  readonly root: Mapping
  /** The 1-based line of the key at a path, or of the nearest thing above it that is there. */
  lineOf(path: readonly string[]): number | null
}

/** The line of a fault, and what the library calls it, without any text that it quotes. */
export interface DocumentFault {
  readonly line: number | null
  readonly detail: string
}

/** One anchor may be used so often: each use is the same value, and none is copied. */
const MOST_ALIASES = 1_000
/** Opened in one line or by indentation: nothing that people write is so deep, and reading it is recursive. */
const DEEPEST = 100

/** Never throws for what stands in the text. `null`: no mapping at all. */
export function readDocument(text: string): ComposeDocument | DocumentFault | null {
  if (isTooDeep(text)) return { line: null, detail: 'nested too deeply' }
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false })
  const [document] = Array.isArray(documents) ? documents : []
  if (document === undefined) return null
  const [fault] = document.errors
  if (fault !== undefined) {
    // What follows a colon is quoted from the text: a secret may stand there.
    return { line: lines.linePos(fault.pos[0]).line, detail: fault.message.split(': ', 1)[0] ?? '' }
  }
  let root: unknown
  try {
    root = document.toJS({ maxAliasCount: MOST_ALIASES })
  } catch (error) {
    return { line: null, detail: error instanceof Error ? (error.message.split(': ', 1)[0] ?? '') : '' }
  }
  if (!isMapping(root)) return null
  return { root, lineOf: (path) => lineOf(document, lines, path) }
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const merged = new WeakMap<object, Mapping>()

/** A mapping with what it merges below it (YAML 1.1's `<<`): a mapping or a list of them, the first going first. */
export function fieldsOf(value: unknown, depth = 0): Mapping {
  if (!isMapping(value)) return {}
  const known = merged.get(value)
  if (known !== undefined) return known
  const { '<<': below, ...own } = value
  const sources = below === undefined || depth > 10 ? [] : Array.isArray(below) ? below.slice(0, 20) : [below]
  const fields = Object.assign(
    Object.create(null),
    ...sources.toReversed().map((source) => fieldsOf(source, depth + 1)),
    own,
  ) as Mapping
  merged.set(value, fields)
  return fields
}

function lineOf(document: Document.Parsed, lines: LineCounter, path: readonly string[]): number | null {
  let node: unknown = document.contents
  let line: number | null = null
  for (const key of path) {
    if (!isMap(node)) return line
    const pair = pairsOf(node).get(key)
    if (pair === undefined) return line
    if (isScalar(pair.key) && pair.key.range) line = lines.linePos(pair.key.range[0]).line
    node = pair.value
  }
  return line
}

const pairs = new WeakMap<YAMLMap, Map<string, Pair>>()

/** The library looks for a key by going through all of them, each time. */
function pairsOf(map: YAMLMap): Map<string, Pair> {
  const known = pairs.get(map)
  if (known !== undefined) return known
  const byKey = new Map<string, Pair>()
  for (const pair of map.items) {
    if (isScalar(pair.key) && typeof pair.key.value === 'string') byKey.set(pair.key.value, pair)
  }
  pairs.set(map, byKey)
  return byKey
}

function isTooDeep(text: string): boolean {
  let open = 0
  for (const character of text) {
    if (character === '[' || character === '{') open += 1
    else if (character === ']' || character === '}') open -= 1
    if (open > DEEPEST) return true
  }
  return /^ {400,}\S/m.test(text) || /(?:- ){100,}/.test(text) || /(?:\? ){100,}/.test(text)
}
