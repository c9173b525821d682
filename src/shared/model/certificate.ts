/** A certificate that a server showed, as people look at one. */
import { z } from 'zod'

export const Certificate = z.object({
  /** Whom it is for: the organization and the common name, else the whole of the subject. */
  subject: z.string(),
  /** Who signed it, written as the subject is. */
  issuer: z.string(),
  /** Host names and addresses that it is for; at most 20. */
  names: z.array(z.string()),
  /** Milliseconds since the epoch. */
  validFrom: z.number(),
  validTo: z.number(),
  /** SHA-256 of the whole certificate, `AB:CD:…`. */
  fingerprint: z.string(),
  /** `RSA 2048`, `EC prime256v1`. */
  key: z.string(),
})
export type Certificate = z.infer<typeof Certificate>
