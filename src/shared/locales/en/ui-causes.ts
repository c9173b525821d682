/** Texts of what a bad status comes from. */
export const uiCauses = {
  'causes.title': 'What it comes from',
  'causes.of': '{{target}}: {{words}}',
  'causes.of-redis': 'Redis {{target}}: {{words}}',
  'causes.of-host': 'Host {{target}}: {{words}}',
  'causes.likely': 'likely',
  'causes.likely-why':
    'At least one of these steps is concluded from what happened at the same time, and was not seen itself.',
  'causes.not-found': 'no cause found',
  'causes.not-found-why':
    'Nothing that Vakhta watches explains it. The charts of the time before, and the logs, are the next to look at.',
  'causes.also': 'Also explains: {{subjects}}',
  'causes.evidence': 'Evidence',
  'causes.more_one': '{{count, number}} more',
  'causes.more_other': '{{count, number}} more',
  'causes.fewer': 'Fewer',
  'causes.copy': 'Copy as text',
  'causes.copy-failed': 'This browser does not let the page copy: the console is not reached over TLS.',
  'causes.text-now': 'Now',
  'causes.link-since': 'since',
  'causes.key': 'Show or hide the evidence of the first cause',
} as const
