/** Backups: how making, reading and proving one fails (what happened, what to do), and the sheet of the recovery key. */
export const backups = {
  'not-age': 'This is no file in the age format: it is damaged at its very beginning, or it is another file.',
  'recipient-invalid': '"{{recipient}}" is no public key of age. One begins with "age1".',
  'identity-invalid':
    'This is no secret key of age, or it was mistyped. One begins with "AGE-SECRET-KEY-1" and holds no other characters than letters and digits.',
  'identity-other':
    'The key does not open this file: it was encrypted for others. Take the key that belongs to one of the public keys in its manifest.',
  'header-altered':
    'The beginning of the file, where its key is kept, was altered or damaged. Nothing of it can be read; take another copy of it, or another backup.',
  'content-altered':
    'The file was altered or damaged, {{at, number}} bytes behind its header or a little later. Take another copy of it, or another backup.',
  'content-cut':
    'The end of the file is missing: it stops {{at, number}} bytes behind its header or a little later. Take another copy of it, or another backup.',
  'recovery-none':
    'There is no recovery key yet. Make one, print its sheet and keep it outside of this machine.',

  'sheet-title': 'Recovery key of the backups of {{console}}',
  'sheet-made': 'Made on {{date}}',
  'sheet-what':
    'Whoever has this sheet can read every backup that {{console}} made since. Without it and without {{console}} nobody can. Keep it where neither a fire nor a thief reaches both.',
  'sheet-key': 'The secret key, without its spaces',
  'sheet-public': 'The public key that belongs to it',
  'sheet-how': 'How to restore without Vakhta',
  'sheet-step-tools':
    'Install age (age-encryption.org) and the programs of PostgreSQL, of the major version that the manifest beside the backup names or of a later one.',
  'sheet-step-key': 'Write the secret key without spaces into a file key.txt that nobody else can read.',
  'sheet-step-database': 'Make an empty database, and restore into it:',
  'sheet-step-clean': 'Remove key.txt afterwards.',
  'sheet-prove':
    'Type the key into Vakhta once, from this sheet: only then it is known that the sheet is right.',
} as const
