/**
 * Takes secrets out of texts that others wrote: what looks like one by its form or by its name, and the values that this
 * console itself knows. Masks too much rather than too little; nobody sees what it hides.
 */

/** Stands for a secret. */
export const SECRET_MASK = '•••'

/** Shorter ones would take words out of every line. */
const SHORTEST_KNOWN = 6

/** What is in the name of a secret: of a key, a header, a parameter. */
const CORE =
  'passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|credential|authorization|auth[_-]?key|session[_-]?id|cookie|signature|(?<![a-z])(?:pwd|passwd|otp|dsn|csrf)(?![a-z])'
const NAMED = new RegExp(CORE, 'i')
/** What such names say of things that are no secrets: how many tokens, which kind, how long. */
const HARMLESS =
  /(?:count|length|type|ttl|expir\w*|_at|_in|limit|budget|usage|size|status|valid|id_hint|policy)$/i

interface Pattern {
  readonly form: RegExp
  readonly kept: string
}

const PATTERNS: readonly Pattern[] = [
  // Whole keys, also one whose end is missing.
  {
    form: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    kept: SECRET_MASK,
  },
  // scheme://user:password@host
  {
    form: /([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/?#@"'<>]{0,300}):[^\s/?#"'<>]{0,2000}@/gi,
    kept: `$1:${SECRET_MASK}@`,
  },
  // Authorization: Bearer …, Proxy-Authorization, and the schemes where they stand alone.
  {
    form: /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:[A-Za-z]+\s+)?[^\s"',;]+/gi,
    kept: `$1${SECRET_MASK}`,
  },
  { form: /\b(bearer|basic|digest|negotiate)(\s+)[A-Za-z0-9+/._~-]{8,}=*/gi, kept: `$1$2${SECRET_MASK}` },
  // The whole of a cookie header.
  { form: /\b((?:set-)?cookie["']?\s*[:=]\s*["']?)[^"'\r\n]+/gi, kept: `$1${SECRET_MASK}` },
  // JSON Web Tokens.
  { form: /\beyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*)?/g, kept: SECRET_MASK },
  // Tokens that say whose they are: AWS, GitHub, GitLab, Slack, Stripe, Google, npm, age, OpenAI-like.
  {
    form: /\b(?:A(?:KIA|SIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|[sr]k_(?:live|test)_\w{10,}|whsec_\w{10,}|AIza[\w-]{30,}|npm_[A-Za-z0-9]{30,}|AGE-SECRET-KEY-1[A-Z0-9]{50,}|sk-[\w-]{20,})/g,
    kept: SECRET_MASK,
  },
  // SQL that sets a password.
  {
    form: /\b(password|identified by)(\s+)(?:'(?:[^']|'')*'|E'(?:[^'\\]|\\.|'')*')/gi,
    kept: `$1$2'${SECRET_MASK}'`,
  },
  // Redis: AUTH user password, ACL SETUSER … >password, CONFIG SET requirepass …
  { form: /\b(requirepass|masterauth)(["']?\s+)\S+/gi, kept: `$1$2${SECRET_MASK}` },
  { form: /\b(auth)((?:\s+"?[\w.-]+"?)?\s+)"[^"]*"/gi, kept: `$1$2"${SECRET_MASK}"` },
]

export type SecretMask = (text: string) => string

/** Whether what goes by that name is a secret. */
export function isSecretName(name: string): boolean {
  return NAMED.test(name) && !HARMLESS.test(name)
}

/**
 * @param known values that are never to be shown, whatever form they are written in
 */
export function createSecretMask(known: readonly string[]): SecretMask {
  const values = knownForm(known)
  return (text) => {
    let masked = values === null ? text : text.replaceAll(values, SECRET_MASK)
    for (const { form, kept } of PATTERNS) masked = masked.replaceAll(form, kept)
    return maskPairs(masked)
  }
}

const REST_OF_NAME = /[\w.-]{0,60}/y
const BETWEEN = /\\{0,8}["']?\s{0,2}(?:=>|[:=])\s{0,2}/y
const OPTION = /--[\w-]{0,40}$/
const SPACE = /\s{1,2}/y
const QUOTE = /(\\{0,8})(["'])/y
const BARE = /[^\s,;&"'}\])]+/y
/** What is no secret though it stands in the place of one. */
const NOTHING = /^(?:null|none|true|false|undefined|-|\d{1,3})$/i

function at(pattern: RegExp, text: string, place: number): RegExpExecArray | null {
  pattern.lastIndex = place
  return pattern.exec(text)
}

/**
 * `password=…`, `"api_key": "…"`, `token: …`, `--password …`; also within JSON that is a string of JSON. By hand: as one
 * pattern it would take a hostile line for ever.
 */
function maskPairs(text: string): string {
  const cores = new RegExp(CORE, 'gi')
  let masked = ''
  let copied = 0
  for (let core = cores.exec(text); core !== null; core = cores.exec(text)) {
    const nameEnd = core.index + core[0].length + (at(REST_OF_NAME, text, cores.lastIndex)?.[0].length ?? 0)
    const name = text.slice(core.index, nameEnd)
    const isOption = OPTION.test(text.slice(Math.max(0, core.index - 42), core.index))
    const between = at(BETWEEN, text, nameEnd) ?? (isOption ? at(SPACE, text, nameEnd) : null)
    if (between === null || HARMLESS.test(name)) {
      cores.lastIndex = nameEnd
      continue
    }
    const start = nameEnd + between[0].length
    const value = valueAt(text, start)
    const { from, to } = value
    const said = text.slice(from, to)
    if (said !== '' && !said.includes(SECRET_MASK) && (value.quoted || !NOTHING.test(said))) {
      masked += text.slice(copied, from) + SECRET_MASK
      copied = to
    }
    cores.lastIndex = Math.max(nameEnd, to)
  }
  return masked + text.slice(copied)
}

/** Where a value begins and ends, without its quotes; one whose quote does not end takes the rest. */
function valueAt(text: string, start: number): { from: number; to: number; quoted: boolean } {
  const open = at(QUOTE, text, start)
  if (open === null) {
    const bare = at(BARE, text, start)
    return { from: start, to: start + (bare?.[0].length ?? 0), quoted: false }
  }
  const [whole, escapes = '', quote = '"'] = open
  const from = start + whole.length
  for (let end = text.indexOf(quote, from); end !== -1; end = text.indexOf(quote, end + 1)) {
    let before = 0
    while (end - before > from && text[end - before - 1] === '\\') before += 1
    // A quote within is escaped once more than the one that opened.
    if (before <= escapes.length) return { from, to: end - before, quoted: true }
  }
  return { from, to: text.length, quoted: true }
}

/** One pattern for all values in every form that they may take on their way into a log; `null` where there are none. */
function knownForm(known: readonly string[]): RegExp | null {
  const forms = new Set<string>()
  for (const value of known.flatMap(partsOf)) {
    if (value.length < SHORTEST_KNOWN) continue
    const bytes = Buffer.from(value)
    for (const form of [
      value,
      encodeURIComponent(value),
      JSON.stringify(value).slice(1, -1),
      bytes.toString('base64').replaceAll('=', ''),
      bytes.toString('base64url'),
      bytes.toString('hex'),
    ])
      forms.add(form)
  }
  if (forms.size === 0) return null
  const longestFirst = [...forms].sort((a, b) => b.length - a.length)
  return new RegExp(longestFirst.map((form) => form.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g')
}

/** Of a key in lines each line: a log may hold one of them. */
function partsOf(value: string): string[] {
  if (!value.includes('\n')) return [value]
  return [value, ...value.split(/\r?\n/).filter((line) => line.length >= 20 && !line.startsWith('-----'))]
}
