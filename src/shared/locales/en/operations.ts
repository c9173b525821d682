/** What operations do, what their previews say, and what goes wrong in them. */
export const operations = {
  // What each kind is called.
  'kind-cancel-query': 'Cancel query',
  'kind-terminate-backend': 'Terminate session',

  // What each step does.
  'step-cancel': 'Cancel the statement',
  'step-terminate': 'End the session',

  // What a person has to decide on.
  'asks-foreign':
    'Somebody else changed what the step “{{step}}” works on. Look at the target: then resume, take back what was done, or give the operation up as it is.',
  'asks-partial':
    'The step “{{step}}” was cut off in its middle and cannot be taken up again. Take it back, or give the operation up as it is.',
  'step-bug':
    'The step “{{step}}” failed inside the console in a way that should not happen. Its log has the cause.',
  'deployment-paused': '“{{name}}” is paused: nothing is done to it. Resume watching first.',
  'deployment-opening': 'The connections of “{{name}}” are just being opened. Try again in a moment.',
} as const
