/** How numbers are written: made once for each language and each way to round, for making one costs a hundred times its use. */

export interface Rounding {
  readonly maximumFractionDigits?: number | undefined
  readonly roundingMode?: Intl.NumberFormatOptions['roundingMode'] | undefined
}

const made = new Map<string, Intl.NumberFormat>()

/** By Intl's own default at most three digits after the point, rounded half away from zero. */
export function numberFormat(language: string, { maximumFractionDigits, roundingMode }: Rounding = {}) {
  const key = `${language}:${maximumFractionDigits}:${roundingMode}`
  let format = made.get(key)
  if (format === undefined) {
    format = new Intl.NumberFormat(language, {
      ...(maximumFractionDigits === undefined ? {} : { maximumFractionDigits }),
      ...(roundingMode === undefined ? {} : { roundingMode }),
    })
    made.set(key, format)
  }
  return format
}
