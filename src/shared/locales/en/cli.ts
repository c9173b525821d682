/** What the command line says in words of its own. */
export const cli = {
  'asked-again': 'The console does not answer. It is asked again for {{seconds, duration}}…',
  'goes-on':
    'The console of {{directory}} did not answer for {{seconds, duration}}. The operation {{id}} goes on in it for as long as it runs; one that was stopped leaves it interrupted, to be decided on. Look again: vakhta operations show {{id}}',
  confirm: 'It has to be confirmed: --confirm {{name}}',
  plan: 'To do it only while it is still this: --plan {{plan}}',
  'not-begun': 'As things are it would not be begun.',
  'not-taken-back': 'As things are it could not be taken back.',
  'take-over': 'To go on in spite of it: --take-over {{operation}}',
  left: 'It goes on in the console. Look again: vakhta operations show {{id}}',
  'may-have-begun': 'The console was asked already, and may have begun. Look: vakhta operations list',
  'none-backups': 'No backup is on record.',
  'none-backups-of':
    'No backup of “{{name}}” is on record. If some lie in its place: vakhta backup rescan {{name}}',
  'none-operations': 'No operation is on record.',
  'none-operations-of': 'No operation on “{{name}}” is on record.',
  'no-deployment': 'There is no deployment “{{name}}”, either: is that its name?',
  cleared: 'cleared',
  older: 'There are older ones, too: {{path}} has all.',
} as const
