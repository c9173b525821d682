/**
 * Proposes a profile from what people have: URLs, an SSH host, a `.env`, a `docker-compose.yml`, a profile. Pure: nothing is
 * read but the text, and nothing is reached. Values of secrets are given apart from the profile, which only refers to them.
 */
import { PASTED_MAX_LENGTH, type PastedKind, type Proposal } from '#shared/model/proposal.ts'
import { readProfiles } from '../profile-yaml.ts'
import { assemble } from './assemble.ts'
import { readCompose } from './compose.ts'
import { fieldsOf, isMapping, readDocument } from './compose-document.ts'
import { readComposeFile } from './compose-file.ts'
import { readEnv, type Variables } from './dotenv.ts'
import { readLines } from './pasted-lines.ts'
import { emptySketch, note, type Sketch } from './sketch.ts'
import { readSshLine } from './ssh-line.ts'

export interface Pasted {
  readonly text: string
  /** What it is; left out, it is recognised. */
  readonly kind?: PastedKind | undefined
  /** Over which server what is in the text is reached: as after `ssh`. Addresses such as `localhost` are then its own. */
  readonly ssh?: string | undefined
  /** What stands in the `.env` beside a Compose file. */
  readonly variables?: string | undefined
}

/** Names that may not be proposed again. */
export interface Taken {
  readonly deployments: ReadonlySet<string>
  readonly secrets: ReadonlySet<string>
}

export interface Proposed extends Proposal {
  /** Values of the secrets that were found, by name. */
  readonly values: ReadonlyMap<string, string>
}

/** Never throws for what stands in the text, and takes time in proportion to its length. */
export function propose(pasted: Pasted, taken: Taken): Proposed {
  const sketch = emptySketch()
  const { text, ssh = '', variables = '' } = pasted
  if (text.length > PASTED_MAX_LENGTH) {
    note(sketch, 'look', 'too-long', { limit: PASTED_MAX_LENGTH })
    return assemble(sketch, taken)
  }
  if (ssh.trim() !== '') readSshLine(sketch, ssh.trim(), null)
  const beside = readEnv(variables)
  for (const line of [...beside.badLines, ...beside.openQuotes]) note(sketch, 'look', 'beside-line', { line })
  const kind = pasted.kind ?? recognise(text)
  if (kind === 'compose' || kind === 'profile') {
    const profile = readYaml(sketch, text, kind, beside.variables)
    if (profile !== null) return profile
  } else if (kind === 'kubernetes') {
    note(sketch, 'look', 'kubernetes')
  } else if (kind === 'ssh') {
    for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
      if (line.trim() !== '') readSshLine(sketch, line.trim(), index + 1)
    }
  } else {
    readLines(sketch, text, beside.variables)
  }
  return assemble(sketch, taken)
}

/** What a text is, by its first glance; what is inside decides the rest. */
function recognise(text: string): PastedKind | 'kubernetes' {
  if (/^apiVersion\s*:/m.test(text) && /^kind\s*:/m.test(text)) return 'kubernetes'
  if (/^["']?services["']?\s*:/m.test(text) || /^\s*\{\s*["']?(?:services|name|version)["']?\s*:/.test(text))
    return 'compose'
  if (/^[\w.-]+\s*:\s*(?:#.*)?$/m.test(text) && /^\s+(?:image|build)\s*:/m.test(text)) return 'compose'
  if (/^(?:name|environment)\s*:\s*\S/m.test(text)) return 'profile'
  return 'env'
}

/** @returns a proposal where the text is a profile already */
function readYaml(
  sketch: Sketch,
  text: string,
  kind: 'compose' | 'profile',
  variables: Variables,
): Proposed | null {
  const document = readDocument(text)
  if (document === null) {
    note(sketch, 'look', 'not-recognised')
    return null
  }
  if ('detail' in document) {
    note(sketch, 'look', 'yaml-fault', { detail: document.detail }, document.line)
    return null
  }
  const { root } = document
  if (Array.isArray(root.services) || (kind === 'profile' && !isMapping(root.services)))
    return readProfile(text)
  const old = Object.values(root).some((value) => {
    const fields = fieldsOf(value)
    return typeof fields.image === 'string' || fields.build !== undefined
  })
  // Files of before 2014 have their services at the top.
  const found = root.services === undefined && old ? { ...document, root: { services: root } } : document
  const file = readComposeFile(sketch, found, variables)
  if (file === null) {
    note(sketch, 'look', 'no-services', {}, document.lineOf(['services']))
    return null
  }
  sketch.kinds.add('compose')
  readCompose(sketch, file)
  return null
}

/** It is one already: it is given as it stands, with its faults as an import tells them. */
function readProfile(text: string): Proposed {
  const { profiles, issues } = readProfiles(text)
  const [profile = null, ...others] = profiles
  const sketch = emptySketch()
  note(sketch, 'found', others.length > 0 ? 'several-profiles' : 'is-a-profile', { count: profiles.length })
  return { kinds: ['profile'], profile, secrets: [], notes: sketch.notes, issues, values: new Map() }
}
