/** The names of what opens the ways: secrets in the vault, and the keys of SSH hosts. */
import { z } from 'zod'

export const SecretName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,128}$/, 'expected 1 to 128 of A-Z, a-z, 0-9, ".", "_" and "-"')

/** The most that a secret may be: private keys fit, files given by mistake do not. */
export const SECRET_MAX_LENGTH = 65_536

/** An SSH host as host keys are kept for it: `bastion.example.com:22`. */
export const HostPort = z
  .string()
  .regex(/^\S+:\d{1,5}$/, 'expected HOST:PORT, for example bastion.example.com:22')

export const Fingerprint = z
  .string()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'expected SHA256:… as ssh-keygen -l prints it')
