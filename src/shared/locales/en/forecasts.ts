/** When something is full at this rate, or why that is not foretold. */
export const forecasts = {
  'full-in':
    'full in about {{likely, duration}} ({{earliest, duration}} – {{latest, duration}}) at this rate',
  'full-in-just': 'full in about {{likely, duration}} at this rate',
  'ends-in': 'ends in {{likely, duration}}',
  'grows-by': 'grows by {{mebibytes, number(maximumFractionDigits: 1)}} MiB a day at this rate',

  'not-observed-enough': 'nothing is foretold: it was not observed for long enough',
  'not-observed-now': 'no forecast: its present value is unknown',
  'not-rising': 'does not rise',
  'not-a-trend': 'nothing is foretold: it goes up and down, and no direction stands out',
  'not-steady': 'nothing is foretold: it rose at once, and has kept its level since',
  'not-slowing': 'nothing is foretold: it rose, and has slowed down',
  'not-beyond-its-peaks': 'nothing is foretold: it rises and falls back, and is not above its last peaks',
  'not-within-sight': 'rises so slowly that it is not full within the time that can be foretold',
  'not-before-it-is-full': 'is full, or over',
  'not-where-it-evicts': 'being full is how this Redis works: it evicts keys',
  'not-without-a-limit': 'has no limit of its own',
} as const
