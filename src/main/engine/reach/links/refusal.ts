/** What to tell of a login that the server refused: which of what was shown, and what there was besides. Pure. */
import { alsoSaying, failed, type Place } from '../failed.ts'
import type { ReachError } from '../reach.ts'
import type { Credentials } from './login.ts'

const STEP = 'ssh-authentication'
const OFFERED_LENGTH = 400

export interface RefusedLogin {
  readonly host: string
  readonly user: string
  readonly credentials: Credentials
  /** What the server takes, as it said last; `null` before it said anything. */
  readonly methods: readonly string[] | null
  /** What was shown, as people name it. */
  readonly offered: readonly string[]
  /** How many of the keys it has been shown. */
  readonly keysTried: number
  /** It took something of that, and wants more. */
  readonly isHalfWay: boolean
}

export function refusalOf(login: RefusedLogin, place: Place): ReachError {
  const { user, credentials, methods, offered, keysTried, isHalfWay } = login
  const takesKeys = methods?.includes('publickey') === true
  const [unused] = takesKeys ? credentials.passedOver : []
  const [only] = offered
  const refused = { host: login.host, user, methods: methods?.join(', ') ?? '' }
  if (isHalfWay) return failed(place, STEP, 'ssh-second-factor', refused)
  if (only === undefined) return unused ?? failed(place, STEP, 'ssh-nothing-to-offer', refused)

  const who = unused === undefined ? refused : alsoSaying(refused, unused)
  if (offered.length === 1 && keysTried === 1) {
    return failed(place, STEP, 'ssh-key-refused', { ...who, key: only })
  }
  if (offered.length === 1 && only === 'password' && credentials.password !== null) {
    return failed(place, STEP, 'ssh-password-refused', who)
  }
  const left = takesKeys ? credentials.identities.length - keysTried : 0
  const all = `${offered.join(', ')}${left > 0 ? ` (+${left})` : ''}`.slice(0, OFFERED_LENGTH)
  return failed(place, STEP, 'ssh-login-refused', { ...who, offered: all })
}
