/** Operands are parsed as everything from outside is; what is refused says what was expected. */
import type { z } from 'zod'
import { CommandFailure, EXIT } from './exit-codes.ts'

/** @param name what help calls the operand */
export function parseOperand<T>(schema: z.ZodType<T>, name: string, value: string | undefined): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const expected = parsed.error.issues.map(({ message }) => message).join('; ')
  throw new CommandFailure(EXIT.inputRefused, `${name} "${value}": ${expected}.`, {
    data: { issues: [{ path: name, message: expected }] },
  })
}
