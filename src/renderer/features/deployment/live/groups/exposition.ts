/** The charts of an exposition of the profile: one for each metric that is kept of it. */
import { type GroupDefinition, SMALL } from './definition.ts'

export const EXPOSITION: GroupDefinition = {
  id: 'exposition',
  probes: ['exposition'],
  charts: [],
  labelled: [
    {
      id: 'exposition-metric',
      probe: 'exposition',
      unit: 'count',
      scale: SMALL,
      lines: [],
      labelled: 'exposition_value',
      per: 'metric',
    },
  ],
}
