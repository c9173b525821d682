/** The colours that a canvas needs, read from the theme's CSS variables: a canvas does not inherit them. */

export interface Palette {
  readonly primary: string
  readonly band: string
  readonly second: string
  readonly third: string
  readonly bound: string
  readonly grid: string
  readonly text: string
  readonly hatch: string
  readonly warning: string
  readonly critical: string
  readonly good: string
  readonly font: string
}

/** The palette in force at an element; read again whenever the theme changes. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  const read = (name: string) => style.getPropertyValue(name).trim() || 'gray'
  return {
    primary: read('--chart-primary'),
    band: read('--chart-band'),
    second: read('--chart-second'),
    third: read('--chart-third'),
    bound: read('--chart-bound'),
    grid: read('--chart-grid'),
    text: read('--chart-text'),
    hatch: read('--chart-hatch'),
    warning: read('--chart-warning'),
    critical: read('--chart-critical'),
    good: read('--chart-good'),
    font: `11px ${style.fontFamily}`,
  }
}
