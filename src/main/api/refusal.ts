/** What the api says no with: a code of the contract, its data, and the key of its text in `locales/<language>/errors.ts`. */
import type { ErrorText } from './speech.ts'

/** What each code carries; the same shapes as in `contract/procedure.ts`. */
interface RefusalData {
  BAD_REQUEST: { issues: { path: string; message: string }[] }
  FORBIDDEN: { reason: string }
  NOT_FOUND: { what: string; name: string }
  WRONG_STATE: { reason: string }
}

export type RefusalCode = keyof RefusalData

export class Refusal<Code extends RefusalCode = RefusalCode> extends Error {
  readonly code: Code
  readonly key: ErrorText
  readonly params: Record<string, string | number>
  readonly data: RefusalData[Code]

  constructor(code: Code, key: ErrorText, params: Record<string, string | number>, data: RefusalData[Code]) {
    super(`${code}: ${key}`)
    this.name = 'Refusal'
    this.code = code
    this.key = key
    this.params = params
    this.data = data
  }
}

/** No deployment of that name. */
export function noDeployment(name: string): Refusal {
  return new Refusal('NOT_FOUND', 'no-deployment', { name }, { what: 'deployment', name })
}

/** What something else goes by keeps its name, and stays. @param by what names it */
export function inUse(name: string, by: string): Refusal {
  return new Refusal('WRONG_STATE', 'in-use-by', { name, by }, { reason: `${name} is named by ${by}` })
}
