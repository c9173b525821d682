/** Which version of itself a service says it is: in its live or ready answer, or in a header of its own. */
/** A word as versions are; anything longer or with other signs may be something that is nobody's business. */
const WORD = /^v?[A-Za-z0-9][A-Za-z0-9._+-]{0,47}$/
const COMMIT = /^[0-9a-f]{7,64}$/i
const COMMIT_SHOWN = 12

/** Where there is a release beside it, `version` is that of the interface (draft-inadarei-api-health-check, section 3.2). */
const VERSIONS = [
  'releaseId',
  'version',
  'app_version',
  'appVersion',
  'service_version',
  'serviceVersion',
  'release',
  'tag',
]
const BUILDS = ['build', 'build_number', 'buildNumber', 'build_id', 'buildId', 'image_tag', 'imageTag']
const COMMITS = [
  'git_sha',
  'gitSha',
  'sha',
  'commit',
  'commit_sha',
  'commitSha',
  'commit_id',
  'commitId',
  'git_commit',
  'gitCommit',
  'revision',
  'id',
  'abbrev',
]
/** Where answers keep them apart from the rest: actuators, buildpacks, habits. */
const PLACES = [
  'info',
  'app',
  'application',
  'service',
  'meta',
  'metadata',
  'build',
  'git',
  'commit',
  'release',
  'version',
  'data',
  'details',
]
const DEEPEST = 3

/** `X-API-Version` is that of an interface, and `Server` that of whoever stands in front. */
const VERSION_HEADERS = ['x-app-version', 'x-version', 'x-release', 'x-release-version', 'x-service-version']
const BUILD_HEADERS = ['x-build', 'x-build-id', 'x-build-number', 'x-image-tag']
const COMMIT_HEADERS = ['x-git-sha', 'x-git-commit', 'x-commit', 'x-commit-sha', 'x-revision']

type Fields = Readonly<Record<string, unknown>>

interface Answer {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** What some answers of one service tell together; `undefined` where none tells anything. */
export function versionOf(answers: readonly Answer[]): string | undefined {
  const bodies = answers.map(({ body }) => parse(body)).filter((fields) => fields !== null)
  const inHeaders = (names: readonly string[], isOne: (word: string) => boolean) =>
    answers.flatMap(({ headers }) => names.map((name) => headers[name] ?? '')).find(isOne)
  const inBodies = (keys: readonly string[], isOne: (word: string) => boolean) =>
    bodies.map((fields) => find(fields, keys, isOne)).find((word) => word !== undefined)
  const version =
    inBodies(VERSIONS, isWord) ??
    inHeaders(VERSION_HEADERS, isWord) ??
    inBodies(BUILDS, isWord) ??
    inHeaders(BUILD_HEADERS, isWord)
  const commit = inBodies(COMMITS, isCommit) ?? inHeaders(COMMIT_HEADERS, isCommit)
  if (commit === undefined) return version
  const shown = commit.slice(0, COMMIT_SHOWN).toLowerCase()
  return version === undefined || COMMIT.test(version) ? shown : `${version} (${shown})`
}

function parse(body: Buffer): Fields | null {
  // Most answers are no JSON, and need not be tried.
  if (!/^\s*\{/.test(body.toString('latin1', 0, 64))) return null
  try {
    const fields: unknown = JSON.parse(body.toString('utf8'))
    return isFields(fields) ? fields : null
  } catch {
    return null
  }
}

/** The first of some keys with a word, beside the others or in one of the places where they are kept. */
function find(
  fields: Fields,
  keys: readonly string[],
  isOne: (word: string) => boolean,
  depth = 1,
): string | undefined {
  for (const key of keys) {
    const word = wordOf(fields[key])
    if (isOne(word)) return word
  }
  if (depth === DEEPEST) return undefined
  for (const place of PLACES) {
    const inner = fields[place]
    const word = isFields(inner) ? find(inner, keys, isOne, depth + 1) : undefined
    if (word !== undefined) return word
  }
  return undefined
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : Number.isSafeInteger(value) ? String(value) : ''
}

function isWord(word: string): boolean {
  return WORD.test(word)
}

function isCommit(word: string): boolean {
  return COMMIT.test(word)
}
