/**
 * Takes out of a log's text what may say something of somebody: quoted texts, addresses, numbers that identify, literals of
 * SQL. What remains says what happened; `?` stands for a value. Names in plain words cannot be told apart, and stay.
 */
import { maskStatement } from './statement.ts'

const VALUE = '?'

/** From where on a text is SQL. */
const SQL =
  /\b(?:select\s|insert\s+into\s|update\s+(?:only\s+)?[\w".]+\s+set\s|delete\s+from\s|merge\s+into\s|copy\s+[\w".(]|call\s+[\w".]+\s*\(|with\s+[\w"]+\s+as\s*\(|create\s+(?:role|user|table|index)|alter\s+(?:role|user|table)|set\s+[\w.]+\s*(?:=|to))/i
const STATEMENT_LENGTH = 2_000

/** `"GET /orders/42?email=… HTTP/1.1"`: method and route are kept. */
const REQUEST = /\b(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\/[^\s"]*|https?:\/\/[^\s"]*)/g
const FRAME = /^\s*(?:File "[^"]+", line \d+|at )/

/** PostgreSQL quotes names of what it has, too, and says that they are that. */
const QUOTED =
  /(\b(?:column|relation|table|constraint|index|role|database|schema|function|type|sequence|view|operator) "[^"\n]*")|"(?:[^"\\\n]|\\.)*"/g

const FORMS: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g, VALUE],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, VALUE],
  [/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, VALUE],
  // Not the time of a day.
  [/(?<![\w:])(?=[0-9a-f:]*(?:::|[a-f]))(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}(?![\w:])/gi, VALUE],
  // PostgreSQL: Key (email)=(anna@example.com) already exists.
  [/=\((?:[^()]|\([^()]*\))*\)/g, `=(${VALUE})`],
  [/'(?:[^'\\\n]|\\.|'')*'/g, `'${VALUE}'`],
  // user=anna, but not took=12ms.
  [/\b([A-Za-z_][\w.-]*)=(?!\d{1,3}(?:\.\d+)?(?:[a-z%]{0,3})?(?:$|[\s,;)]))[^\s,;)?]+/g, `$1=${VALUE}`],
  // Phone numbers and the like.
  [/\+\d[\d ()-]{6,}\d/g, VALUE],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, VALUE],
  // Numbers of four digits and more identify, unless a unit follows; smaller ones count, and are statuses and durations.
  [
    /(?<![\w.])-?\d{4,}(?:\.\d+)?(?!\w| (?:ms|s|µs|us|seconds|bytes|[kKMG]i?B|rows|lines|connections)\b)/g,
    VALUE,
  ],
  [/\/\d+(?=\/|$|[\s?"'])/g, `/${VALUE}`],
]

/** A message or what follows it, line by line, with `?` for each value. Pure, and the same for what it has masked already. */
export function maskLiterals(text: string): string {
  return text.split('\n').map(maskLine).join('\n')
}

function maskLine(line: string): string {
  if (FRAME.test(line)) return line
  const sql = SQL.exec(line)
  if (sql !== null) {
    return maskText(line.slice(0, sql.index)) + maskStatement(line.slice(sql.index), STATEMENT_LENGTH)
  }
  return maskText(line)
}

function maskText(text: string): string {
  let masked = text.replaceAll(
    REQUEST,
    (_whole, method: string, target: string) => `${method} ${routeOf(target)}`,
  )
  masked = masked.replaceAll(QUOTED, (_whole, name?: string) => name ?? `"${VALUE}"`)
  for (const [form, kept] of FORMS) masked = masked.replaceAll(form, kept)
  return masked
}

/** Without what follows `?`, and with `?` for each segment that is more than words. */
function routeOf(target: string): string {
  // A `?` after a slash is a value that was masked before, or a query without a path.
  const [path = ''] = target.split(/(?<!\/)[?#]/, 1)
  return path
    .split('/')
    .map((segment) => (/\d|%|@|^[?#]/.test(segment) && !/^v\d{1,2}$/.test(segment) ? VALUE : segment))
    .join('/')
}

/** Fields that say what happened and not to whom. */
const PLAIN_FIELDS =
  /^(?:.*\.)?(?:level|levelname|severity|logger|module|func|function|file|filename|line|lineno|pathname|pid|process|thread|threadname|processname|tid|service|app|version|environment|env|host|hostname|unit|priority|_pid|_hostname|_systemd_unit|syslog_identifier|method|route|status|status_code|code|errno|duration|duration_ms|ms|took|elapsed|elapsed_ms|seconds|latency|latency_ms|stream|container|queue|task|attempt|retries|size|pool_size|waiting|available|in_use|overflow|type|kind|state|sqlstate|\w+_type|\w+_class)$/i
const IDENTIFIER = /^[A-Za-z_/][\w.:/@-]{0,80}$/

/** The value of a field, as far as its name says that it is nobody's own. */
export function maskField(name: string, value: string): string {
  if (/^(?:true|false|null|-?\d{1,3}(?:\.\d+)?)$/.test(value)) return value
  const isPlain = PLAIN_FIELDS.test(name)
  if (isPlain && (IDENTIFIER.test(value) || /^-?\d+(?:\.\d+)?$/.test(value))) return value
  if (
    isPlain ||
    /^(?:path|url|uri|request|message|msg|event|error|exception|reason|detail|statement|query|sql)$/i.test(
      name,
    )
  ) {
    return /^\/|^https?:/.test(value) && !value.includes(' ') ? routeOf(value) : maskLiterals(value)
  }
  return VALUE
}
