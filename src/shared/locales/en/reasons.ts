/** Reasons of statuses. `{{name}}` is a parameter; `{{value, number}}` is written the reader's way. */
export const reasons = {
  'not-yet-observed': 'Not looked at yet',
  'nothing-watched': 'Nothing of this kind is declared',
  paused: 'Watching is paused',
  'console-slept': 'The console slept or was stopped',
  'console-offline': 'The console itself has no network',
}
