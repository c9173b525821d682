/** Backups: how making, reading and proving one fails (what happened, what to do), and the sheet of the recovery key. */
export const backups = {
  'not-age': 'This is no file in the age format: it is damaged at its very beginning, or it is another file.',
  'recipient-invalid': '"{{recipient}}" is no public key of age. One begins with "age1".',
  'identity-invalid':
    'This is no secret key of age, or it was mistyped. One begins with "AGE-SECRET-KEY-1" and holds no other characters than letters and digits.',
  'identity-other':
    'The key does not open this: it was encrypted for others. Take the key that belongs to one of the public keys in its manifest. A backup of another console opens with the recovery key from the sheet of that console: put it into the vault (vakhta secret set recovery), and name it as the key (`key`: secret:recovery over REST, --key secret:recovery on the command line).',
  'key-missing':
    'The key {{reference}} cannot be had: there is no such secret, variable or file here, or it is empty or cannot be read. Put it there (for the vault: vakhta secret set NAME), or name another.',
  'header-altered':
    'The beginning of the file, where its key is kept, was altered or damaged. Nothing of it can be read; take another copy of it, or another backup.',
  'content-altered':
    'The file was altered or damaged, {{at, number}} bytes behind its header or a little later. Take another copy of it, or another backup.',
  'content-cut':
    'The end of the file is missing: it stops {{at, number}} bytes behind its header or a little later. Take another copy of it, or another backup.',
  'recovery-none':
    'There is no recovery key yet. Make one, print its sheet and keep it outside of this machine.',
  'store-full':
    'There is no room left in {{place}}. What was written of this backup was removed. Make room there, or choose another place.',
  'store-unwritable':
    'Nothing can be written in {{place}}: {{words}}. What was written of this backup was removed.',
  'store-unreadable':
    '{{place}} cannot be read: {{words}}. The backups there stay as they are. Look whether it is mounted and belongs to the user that Vakhta runs as, then try again.',
  'store-not-there':
    'None of the backups that are known to be in {{place}} is there: what is mounted there is missing, most likely. Mount it, then try again; nothing was written or forgotten. If the place was emptied on purpose, make an empty file {{file}} there.',
  'store-silent':
    '{{place}} does not answer, or is busy with removing. See whether its disk or the server that it is mounted from hangs; it is asked again the next time.',
  'store-stuck':
    'The disk of {{place}} took nothing any more for {{seconds, number}} s, so the backup was ended and PostgreSQL let go. What was written may lie there as a draft, which is removed once the disk answers. See whether the disk or the server that it is mounted from hangs, then make the backup again.',
  'backup-there': 'In {{place}} there is a backup {{id}} already. It is left as it is.',
  'backup-missing':
    'In {{place}} there is no backup {{id}}: it was removed or moved. Bring it back and have the place looked through again, or take another backup.',
  'backup-is-link':
    'In {{place}} {{id}} is a symbolic link: what it leads to lies elsewhere, and is neither read, restored nor removed from here. Move the backup itself to where the link is, or remove the link, then have the place looked through again. Where whole places lie on another disk, make the directory of the place a link instead.',
  'file-missing':
    'The file {{file}} of the backup {{id}} is missing in {{place}}. Take another copy of it, or another backup.',
  'file-is-link':
    'The file {{file}} of the backup {{id}} in {{place}} is a symbolic link: what it leads to lies elsewhere, and is not read as a part of the backup. Move the file itself to where the link is, or take another backup.',
  'file-unreadable':
    'The file {{file}} of the backup {{id}} in {{place}} cannot be read, although its place can ({{words}}): the disk has lost a part of it. Take another copy of it, or another backup, and see to the disk.',
  'tool-missing':
    'This machine has no {{program}}. Install the client programs of PostgreSQL {{major}} or later (Debian and Ubuntu: postgresql-client).',
  'tool-too-old':
    'The server is PostgreSQL {{major}}, and the newest {{program}} of this machine is {{found}} ({{path}}): it refuses a newer server. Install the client programs of PostgreSQL {{major}} or later.',
  'tool-missing-there':
    '{{machine}} has no {{program}}. Install the client programs of PostgreSQL {{major}} or later there (Debian and Ubuntu: postgresql-client), or let it run elsewhere (`backups.run`).',
  'tool-too-old-there':
    'The server is PostgreSQL {{major}}, and the newest {{program}} of {{machine}} is {{found}} ({{path}}): it refuses a newer server. Install the client programs of PostgreSQL {{major}} or later there, or let it run elsewhere (`backups.run`).',
  'tool-missing-in-containers':
    'No container of {{machine}} that sees the server has a {{program}} for PostgreSQL {{major}}. Looked into: {{containers}}. Name the container in the profile (`backups.container`), or let it run elsewhere (`backups.run`).',
  'tool-nowhere':
    'There is no {{program}} for PostgreSQL {{major}}. On this machine the newest is {{here}}, on {{machine}} {{there}}, in its containers that see the server {{containers}}. Install the client programs of PostgreSQL {{major}} or later at one of these.',
  'container-missing':
    'On {{machine}} no container “{{container}}” runs that the login there may see. Start it, correct `backups.container`, or let the user there use Docker or Podman.',
  'compression-not-there':
    '{{program}} {{version}} ({{path}}) cannot compress with Zstandard: it has to be 16 or later, and built with it. Take gzip or auto in the profile (`backups.compression`), or another {{program}}.',
  'compression-unreadable':
    '{{program}} {{version}} ({{path}}) was built without what {{file}} is compressed with, and could restore nothing of it. Install one that has it (the packages of Debian and of the PostgreSQL project do); the backup itself is whole. It said: {{words}}',
  'tool-refuses-server':
    "{{program}} {{version}} ({{path}}) refused the server because of its version. Install the client programs of the server's version or later.",
  'channel-binding-not-through':
    "The profile wants the login bound to its encryption (channel_binding=require), which PostgreSQL's programs cannot do where they reach the server through Vakhta. Let a backup run at the end of the SSH chain (`backups.run: host`), or take channel_binding=require out of the URL, for a restore too: the server's certificate is checked as sslmode says all the same.",
  'tool-killed':
    '{{program}} was ended by a signal ({{signal}}): somebody killed it, or the machine ran out of memory. Nothing that it had begun was kept, and the backups that there are stay as they are. See to memory there, then try again.',
  'login-noise':
    'The login of {{machine}} prints too much before anything can be run, or runs nothing: look at its start-up files and at a forced command in sshd. {{words}}',
  'definitions-not-utf8':
    'Names or texts of functions in {{file}} are not in UTF-8 (the database has SQL_ASCII), and could not be said to the server unaltered. Nothing was changed. Restore side by side, with a pg_restore of the same major version as the server.',
  'table-not-made':
    '{{table}} could not be made as it was: PostgreSQL says “{{words}}” to {{statement}}. Nothing was changed.',
  'staging-full':
    'There is no room left in {{directory}}, where it is staged. What was staged was removed, and nothing that looks whole was kept. Make room there, or name another directory (`backups.staging.directory`).',
  'staging-unwritable':
    'Nothing can be staged in {{directory}}: {{words}}. See whether it is mounted and belongs to the user that Vakhta runs as, or name another directory (`backups.staging.directory`).',
  'staging-unreadable':
    'What is staged in {{directory}} cannot be read back: {{words}}. Nothing that looks whole was kept. See whether its disk fails, or somebody removes files there, then try again.',
  'staging-changed':
    'In {{directory}} pg_dump left {{left, number}} files, and there are {{found, number}}: somebody else removes or adds files there. Nothing that looks whole was kept. Keep that directory for Vakhta alone, then try again.',
  'staging-stuck':
    'The disk of {{directory}}, where it is staged, has not answered for {{seconds, number}} s, so it was ended and PostgreSQL let go. What is staged there is removed once the disk answers. See whether it or the server that it is mounted from hangs, or name another directory (`backups.staging.directory`), then try again.',
  'lock-between':
    'Somebody wanted {{table}} to himself while it was being dumped by several sessions at once: the one whose turn it was would have had to wait behind him, and pg_dump gives up there. Nothing was kept. Try again when whoever alters tables is done, or take the custom format.',
  'tool-failed':
    '{{program}} failed (exit code {{code}}): {{words}}. Nothing that it had begun was kept, and the backups that there are stay as they are. See to what it names, then try again.',
  'lock-timeout':
    'The table {{table}} was locked by others for longer than {{seconds, number}} s, so that it could not be read. See on the Database screen who holds the lock, then try again.',
  'no-right-to-read':
    'The role has no right to read {{tables}}. Grant it SELECT there and USAGE on the schema (or pg_read_all_data), or name another role under postgres.operate.',
  'no-right-to-large-object':
    'The role has no right to read the large object {{oid}}, which pg_read_all_data does not give. Grant it SELECT ON LARGE OBJECT {{oid}}, or name the owner of the large objects, or a superuser, under postgres.operate.',
  'rows-hidden':
    "Row security hides rows of {{tables}} from the role: a backup would be without them. Use a role with BYPASSRLS, or the tables' owner.",
  'not-there': 'The database has no {{name}}. Correct what was chosen.',
  'behind-pooler':
    'The way to the database leads through a connection pooler, which a backup cannot be made through. Name the server itself in the profile.',
  'held-too-long':
    'The backup was ended after {{minutes, number}} min, because for as long as it runs the server cannot clean up. Choose less for it, or allow it more time.',
  'manifest-unreadable':
    'The manifest of the backup {{id}} cannot be read: it is damaged. Take another copy of it, or another backup.',
  'manifest-newer':
    'The manifest of the backup {{id}} is of a newer version of Vakhta. Update this console, or look with the one that made it.',
  'backup-elsewhere-too':
    'The backup {{id}} is on record at {{place}}, and lies there still. What lies here is a copy that was not entered: remove the one there first, then look again, and the one here is entered, to be verified anew.',
  'manifest-altered':
    'The manifest of the backup {{id}} was altered after it was signed. Do not trust it; take another copy of it, or another backup.',
  'file-altered':
    "The file {{file}} of the backup {{id}} is not what was written: its SHA-256 is another one than its manifest's. Take another copy of it, or another backup.",
  'file-cut':
    'The file {{file}} of the backup {{id}} has {{found, number}} bytes instead of {{bytes, number}}. Take another copy of it, or another backup.',
  'contents-unreadable':
    '{{program}} {{version}} cannot read {{file}}: {{words}}. Nothing can be restored from it. Make it anew, or take another backup.',
  'contents-missing':
    'The list of contents of {{file}} is without {{missing, number}} of the {{tables, number}} tables that were counted. It does not have everything: make another backup, and take an earlier one for a restore.',
  'objects-missing':
    '{{missing, number}} files with large objects are missing in {{file}}. It does not have everything: make another backup, and take an earlier one for a restore.',
  'scratch-failed':
    'The server for the drill failed on this machine: {{words}}. That says nothing of the backup, which stays as it is. See to room for temporary files, to memory and to the PostgreSQL that is installed here, then try again.',
  'scratch-full':
    'The drill was ended before {{directory}} was full, because others live from its disk, too. That says nothing of the backup, which stays as it is. Make room there, or start the console with TMPDIR on another disk; or let drills run on a server (drillsOn).',
  'restore-failed':
    '{{file}} could not be restored: {{program}} stopped at {{words}}. It was read without a fault, and the backup stays as it is. See to what is named there, then try again.',
  'extension-not-here':
    '{{file}} needs the extension {{extension}}, which the PostgreSQL of this machine has not. Install its package here, then try again. The backup itself was read without a fault.',
  'locale-not-here':
    '{{file}} is of a database with the locale {{locale}}, which this machine has not, and could not be restored with another one: {{words}}. Install the locale here (Debian and Ubuntu: locales), then try again. The backup itself was read without a fault.',
  'drill-needs-rights':
    '{{file}} cannot be restored here as a role without rights: the table {{table}} needs {{needs}}, which takes a superuser. Nothing of a backup is run as one on this machine. Restore it beside the original instead, if you trust what is in it. The backup itself was read without a fault.',
  'drill-broken-off':
    'The drill was broken off: {{words}}. That says nothing of the backup, which stays as it is. The operation says what happened; see to that, then try again.',
  'counts-differ':
    'After restoring, the table {{table}} has {{found, number}} rows instead of {{expected, number}} (and {{more, number}} further tables differ). The backup is not what was there, and counts no longer. Make another one, and take an earlier one for a restore.',
  'sequences-behind':
    'After restoring “{{database}}”, sequences are missing or behind what was read before the dump began (read → found): {{sequences}}. What they number would be numbered twice. The backup is not what was there, and counts no longer. Make another one, and take an earlier one for a restore.',
  'large-objects-differ':
    'After restoring, “{{database}}” has {{found, number}} large objects instead of {{expected, number}}. The backup is not what was there, and counts no longer. Make another one, and take an earlier one for a restore.',
  'objects-differ':
    'After restoring, “{{database}}” has not as many objects of each kind as were counted (counted → found): {{kinds}}. The backup is not what was there, and counts no longer. Make another one, and take an earlier one for a restore.',
  'backup-unknown':
    '“{{deployment}}” has no backup {{id}}: it was removed, or it is one of another deployment.',
  'database-not-chosen': 'The backup {{id}} has several databases: {{databases}}. Say which one.',
  'database-not-in-it': 'The backup {{id}} has no database “{{database}}”.',
  'dump-none':
    '{{file}} is no dump that can be registered: it has to be what pg_dump writes as plain SQL (with or without gzip) or in its custom format.',
  'dump-missing':
    '{{file}} is not there. Its path is one of the machine that this console runs on: copy the dump there, or see to the path.',
  'dump-unreadable': '{{file}} cannot be read on this machine: {{words}}.',
  'dump-not-absolute':
    '“{{file}}” is no whole path. Name the file on the machine of the console, from its root on.',
  'dump-changed':
    '{{file}} was written to while it was being registered. Wait until whoever writes it is done, then try again; nothing was kept.',
  'dump-gzip': '{{file}} cannot be unpacked: it is damaged, or its end is missing ({{words}}).',
  'dump-cut':
    'The dump does not end as pg_dump ends one (“PostgreSQL database dump complete”): its end is missing, or something was added. The last statement begins in line {{line, number}}.',
  'dump-command':
    'Line {{line, number}} says {{command}} to psql. That would be done on the machine of whoever restores it, so Vakhta never does it. Remove the line if it does not belong there.',
  'dump-cluster': 'This is a dump of a whole server (pg_dumpall). Take one of a single database (pg_dump).',
  'dump-encoding':
    'The dump is written in {{encoding}} (line {{line, number}}), in which a part of a character may look like a quote. Make it anew with pg_dump --encoding=UTF8.',
  'dump-statement-long':
    'The statement that begins in line {{line, number}} is longer than {{megabytes, number}} MiB. Make the dump anew without --inserts, or in the custom format.',
  'dump-refused': 'PostgreSQL refused line {{line, number}} of the dump ({{file}}): {{words}}',
  'foreign-only-beside':
    'The backup {{id}} was made of a dump of others. It is restored side by side only, where it runs as a role without rights.',

  'sheet-title': 'Recovery key of the backups of {{console}}',
  'sheet-made': 'Made on {{date}}',
  'sheet-what':
    'Whoever has this sheet can read every backup that {{console}} made since. Without it and without {{console}} nobody can. Keep it where neither a fire nor a thief reaches both.',
  'sheet-key': 'The secret key (its spaces do not count)',
  'sheet-public': 'The public key that belongs to it',
  'sheet-how': 'How to restore without Vakhta',
  'sheet-step-tools':
    'Install age (age-encryption.org) and the programs of PostgreSQL, of the major version that the manifest beside the backup names or of a later one.',
  'sheet-step-key': 'Write the secret key without spaces into a file key.txt that nobody else can read.',
  'sheet-step-roles':
    'Make its roles on the server, as its superuser. They come without passwords; of those that are there already it says so and goes on:',
  'sheet-step-database':
    'Make an empty database, and restore into it as the superuser, by the ending of the file. Without those roles, or as somebody else, add --no-owner --no-privileges:',
  'sheet-step-foreign':
    'What ends in .sql.age, or has .gz in its name, is a dump that others made. Unpack what has .gz with gunzip, and restore it as a role that may do nothing but in that database:',
  'sheet-step-clean': 'Remove key.txt afterwards.',
  'sheet-prove':
    'Type the key into Vakhta once, from this sheet: only then it is known that the sheet is right.',
} as const
