/** What operations do, what their previews say, and what goes wrong in them. */
export const operations = {
  // What each kind is called.
  'kind-cancel-query': 'Cancel query',
  'kind-terminate-backend': 'Terminate session',
  'kind-restart-service': 'Restart service',
  'kind-backup': 'Backup',
  'kind-drill': 'Restore drill',
  'kind-restore': 'Restore',
  'kind-drill-verify': 'Read back',
  'kind-restore-in-place': 'Restore in place',
  'kind-restore-tables': 'Restore of tables',
  'kind-restore-elsewhere': 'Restore elsewhere',
  'kind-restore-keep': 'Keep what was restored',

  // What each step does.
  'step-cancel': 'Cancel the statement',
  'step-terminate': 'End the session',
  'step-restart': 'Restart the service',
  'step-prove-health': 'See that other processes run, and that it is live and ready',
  'step-dump': 'Write the backup',
  'step-verify': 'Read it back',
  'step-drill': 'Restore it on a scratch server and compare',
  'step-drill-there': 'Restore it on the chosen server and compare',
  'step-drill-drop': 'Drop what was made there',
  'step-restore-check': 'Check what the restore needs',
  'step-restore-verify': 'Read the backup back and check it',
  'step-restore-create': 'Make a database beside the one that there is',
  'step-restore-fill': 'Restore into it',
  'step-restore-analyse': 'Gather its statistics',
  'step-restore-settings': 'Copy settings and grants of the database',
  'step-restore-compare': 'Compare it with what was counted',
  'step-restore-swap': 'Swap the two databases',
  'step-restore-prove': 'See that it is used, and that services are ready',
  'step-restore-safety': 'Back up what is there now',
  'step-restore-safety-verify': 'Read that backup back and check it',
  'step-restore-in-place': 'Replace what is in the database, in one transaction',
  'step-restore-drop-before': 'Let go of what was there before',
  'step-restore-tables-stage': 'Copy the rows of the backup beside the tables',
  'step-restore-tables-compare': 'Count these rows, and see that foreign keys would hold',
  'step-restore-tables-swap': 'Give the tables these rows, and keep those from before',
  'step-restore-roles': 'Make the roles that are missing',
  'step-restore-make': 'Make the database, under a name of its own for now',
  'step-restore-name': 'Give the database its name',
  'step-restore-open': 'Connect to it',

  // Sessions of PostgreSQL.
  'cancels-statement': 'Cancels the statement of PID {{pid}} ({{application}}, {{user}}): {{statement}}',
  'ends-session':
    'Ends the session PID {{pid}} ({{application}}, {{user}}), which is “{{state}}”: {{statement}}',
  'rolls-back': 'Rolls back its transaction of {{seconds, duration}}, with everything that it changed',
  'rolls-back-reads': 'Rolls back its transaction of {{seconds, duration}}, which has changed nothing so far',
  frees: 'PID {{pid}} ({{application}}) need not wait for it any longer: {{statement}}',
  'frees-more': '… and more than {{count, number}} in all',
  'signal-is-final': 'What is rolled back is lost; the application sees an error.',
  'not-a-client': 'It is no session of an application but of PostgreSQL itself ({{kind}}).',
  'no-postgres': 'The profile of “{{name}}” names no PostgreSQL.',
  'no-operate':
    'The profile of “{{name}}” names nobody who operates PostgreSQL. Add `operate` there: a role of its own in pg_monitor and pg_signal_backend.',
  'session-over':
    'PID {{pid}} has ended, or is another session or transaction by now: nothing was done to it. Look at the list again.',
  'session-hidden':
    'The role that watches may not see the session of PID {{pid}}. Make it a member of pg_monitor.',
  'session-hidden-to':
    'The role “{{user}}” may not see the session of PID {{pid}}, and does not signal what it does not see: GRANT pg_monitor TO {{user}};',
  'cancel-idle-in-transaction':
    'PID {{pid}} runs no statement: it is idle in a transaction, and PostgreSQL would take the signal and do nothing. Terminate the session instead.',
  'cancel-idle': 'PID {{pid}} runs no statement: there is nothing to cancel.',
  'signal-refused': 'PostgreSQL did not signal PID {{pid}}: the process has just ended.',
  signalled: 'PID {{pid}} was signalled by {{user}}',
  'statement-stays':
    'PID {{pid}} was told to cancel and still runs its statement after 10 s. It may be waiting for a disk or a network; try again, or terminate the session.',
  'session-stays':
    'PID {{pid}} was told to end and is still there after 10 s. It may be rolling back or waiting for a disk; look again in a moment.',

  // Backups and drills.
  'backups-not-configured':
    'The profile of “{{name}}” does not say what is backed up. Add `backups` there: at least where to (`store`).',
  'writes-backup': 'Writes a backup of {{databases}} into {{place}}, and reads it back',
  'backup-streams': 'It streams: nothing is staged anywhere else, and no other place is needed',
  'backup-jobs': 'In the directory format, by {{jobs, number}} sessions at once',
  'backup-stages':
    'Stages in {{directory}} on this machine, one database after the other: the largest takes {{megabytes, number}} MiB on the server, compressed mostly a fraction of that. It lies there until the database is packed into one file, and goes as it is packed',
  'backup-stages-as-last':
    'Stages in {{directory}} on this machine, one database after the other: about {{megabytes, number}} MiB, as for the last backup like this, which took {{seconds, duration}} in all. It lies there until the database is packed into one file, and goes as it is packed',
  'backup-directory-here':
    'The directory format is written by pg_dump on this machine, through the tunnel: what comes over SSH is compressed only here',
  'staging-too-small':
    'In {{directory}} {{free, number}} MiB are free besides {{spared, number}} MiB that are left to others, and what has to be staged there takes {{needed, number}} MiB. Make room there, or name another directory (`backups.staging.directory`).',
  'staging-maybe-small':
    'In {{directory}} {{free, number}} MiB are free besides {{spared, number}} MiB that are left to others, and the largest database takes {{needed, number}} MiB on the server. Compressed it mostly takes a fraction of that; how much is known after the first backup.',
  'store-made-anew':
    'The directory {{place}} is not there and will be made. If a disk of its own is to be mounted there, mount it first.',
  'staging-made-anew':
    'The directory {{directory}}, where it is staged, is not there and will be made. If a disk of its own is to be mounted there, mount it first.',
  'restore-stages':
    'Unpacks {{megabytes, number}} MiB into {{directory}} on the machine of the console first; that is removed when it is restored',
  'restore-stages-parallel':
    'Unpacks {{megabytes, number}} MiB into {{directory}} on the machine of the console first, and restores from there by {{jobs, number}} sessions at once; that is removed when it is restored',
  'backup-compressed': 'Compressed with {{method}}',
  'backup-compressed-level': 'Compressed with {{method}}, level {{level, number}}',
  'backup-compressed-none': 'Not compressed, as the profile says',
  'backup-tool': 'With pg_dump {{version}} of this machine ({{path}}), for PostgreSQL {{server}}',
  'backup-tool-host':
    'With pg_dump {{version}} on {{machine}} ({{path}}), for PostgreSQL {{server}}: it compresses there, and what comes over SSH is encrypted here',
  'backup-tool-container':
    'With pg_dump {{version}} in the container {{container}} of {{machine}} ({{path}}), for PostgreSQL {{server}}: it compresses there, and what comes over SSH is encrypted here',
  'backup-runs-there-wanted': 'It runs there because the profile says so (`backups.run`)',
  'backup-runs-there-nearer':
    'It runs there with a low priority, so that what comes over SSH is compressed already; `run: local` under `backups` has it run here',
  'backup-runs-there-none-here':
    'It runs there because this machine has no pg_dump that takes PostgreSQL {{server}} (the newest: {{found}})',
  'holds-cleanup':
    'For as long as it runs the server cannot clean up what was deleted since it began; after {{minutes, number}} min it is ended',
  'holds-cleanup-as-last':
    'For as long as it runs the server cannot clean up what was deleted since it began: the last time that was {{seconds, duration}}; after {{minutes, number}} min it is ended',
  'backup-partial':
    'It is not everything that the profile wants to be safe: it does not count for the recovery point.',
  'no-recovery-key':
    'There is no recovery key yet: what is written now only this console can read. If it is lost, so are its backups. Make a key and print its sheet.',
  'recovery-key-unproven':
    'Nobody has typed in the recovery key from its sheet yet: it is not known that the sheet is there, and right. Prove it.',
  'database-missing': 'The server has no database “{{name}}”. Correct what is to be backed up.',
  'place-too-small':
    'In {{place}} {{free, number}} MiB are free besides {{spared, number}} MiB that are left to others, and the last backup like this took {{needed, number}} MiB. Make room there, or choose another place.',
  'place-tight':
    'In {{place}} {{free, number}} MiB are free besides {{spared, number}} MiB that are left to others, hardly more than the {{needed, number}} MiB that the last backup like this took.',
  'place-maybe-small':
    'In {{place}} {{free, number}} MiB are free besides {{spared, number}} MiB that are left to others, and the databases take {{needed, number}} MiB on the server. Compressed they mostly take a fraction of that; how much is known after the first backup.',
  'backup-gone':
    'There is no backup {{id}} any more: it was removed, or its place was looked through and it was not there.',
  'cleared-leftovers': 'Removed what backups that were cut off had left: {{count, number}}',
  'leftovers-stuck':
    'Left as it is what backups that were cut off had left, and cannot be removed: {{count, number}}',
  'manifest-rewritten':
    'The manifest beside {{id}} was missing or altered; its files were as they should be, and it was written and signed anew',
  'backup-let-go': 'Removed {{id}}: newer ones are kept in its place',
  'backup-not-let-go': '{{id}} should have been removed, and could not be',
  'no-good-backup': 'There is no good backup of “{{name}}” that could be restored. Make one first.',
  'reads-back': 'Reads {{id}} in {{place}} to its end: sizes, checksums, encryption, lists of contents',
  'restores-into-scratch':
    'Restores it into a PostgreSQL that is started for it on this machine in {{directory}}, compares what it has with what was counted, and throws the server away',
  'drill-runs': 'A backup of “{{name}}” is being restored for a trial already. Wait for its end.',
  'drill-another':
    '{{id}} is signed by another console ({{console}}): what stands in it would be run on this machine, as a role without rights in a server of our own, which may still reach other servers from here where it has an extension for that (dblink, postgres_fdw). Say that it may (`another` over REST, --another on the command line), if you trust where it comes from.',
  'drill-runs-another':
    '{{id}} is signed by another console ({{console}}), and is restored because you said that it may be. Where it has an extension that reaches other servers (dblink, postgres_fdw), what stands in it may call out from this machine.',
  'scratch-maybe-small':
    'In {{directory}} {{free, number}} MiB are free besides {{spared, number}} MiB that are left to others; restored, the databases may take {{needed, number}} MiB.',
  'registers-dump':
    'Reads {{file}} to its end, copies it encrypted into {{place}} as a backup of “{{database}}”, and reads that back. Nothing in it is run',
  'register-never-counts':
    'Nobody here saw what it was made of: it can be restored and tried, but it never counts for the recovery point, is never “proven”, and is not removed by itself.',
  'register-no-room':
    'In {{place}} {{free, number}} MiB are free besides {{spared, number}} MiB that are left to others, and the file has {{needed, number}} MiB. Make room there, or choose another place.',
  'drill-never-counts':
    'It was made of a dump of others: a drill shows whether it can be restored, and says nothing of the backups that are made here.',
  'drill-of-a-part':
    'It is a part of a database: a drill restores its tables with their rows, without indexes and foreign keys, and says nothing of whether the deployment can be had again.',
  'drill-without': 'Not tried, since it takes rights that nothing of a backup is given here: {{things}}',
  'restore-sequences-behind':
    '“{{database}}” has all rows of the backup, but these sequences are behind what was read before the dump began (read → found): {{sequences}}. They were set back while it was made, or what they number would be numbered twice: set them on where that matters (setval).',
  'restore-objects-differ':
    '“{{database}}” has all rows of the backup, but not as many objects of each kind as were counted (counted → found): {{kinds}}. Look at these before it is relied on.',
  compared: 'Compared with what was counted: {{what}}',
  'compared-tables_one': 'rows of {{count, number}} table',
  'compared-tables_other': 'rows of {{count, number}} tables',
  'compared-sequences_one': '{{count, number}} sequence',
  'compared-sequences_other': '{{count, number}} sequences',
  'compared-large-objects_one': '{{count, number}} large object',
  'compared-large-objects_other': '{{count, number}} large objects',
  'compared-objects_one': '{{count, number}} object',
  'compared-objects_other': '{{count, number}} objects',
  'drill-without-locale':
    'This machine lacks the locale {{locale}} of a database, which was restored with the nearest one: what depends on the order of texts was not tried. Install it here (Debian and Ubuntu: locales) to have that tried, too',
  'drill-there-without-locale':
    'The server lacks the locale {{locale}} of a database, which is restored with the nearest one: what depends on the order of texts is not tried. Install it there (Debian and Ubuntu: locales) to have that tried, too',
  'drill-there-restores':
    'Restores each of its databases on the server of “{{target}}”, as “{{database}}” and one after the other, as the role “{{role}}” without rights that is made for it, and compares what they have with what was counted',
  'drill-there-roles':
    'Makes roles that its policies name and the server has not got, without any rights: {{roles}}',
  'drill-there-installs':
    'Installs extensions that only a superuser may install into the empty database, before anything of the backup is in it: {{extensions}}',
  'drill-there-orphans': 'Drops what an earlier drill of this console left there: {{databases}}',
  'drill-there-drops': 'Drops all of that again, also where it fails, is cancelled, or the console is killed',
  'drill-there-same':
    'This is the server that the backup was made of: what is in use there shares disk, processor and log with the drill.',
  'drill-there-room':
    "Restored, its largest database takes about {{needed, number}} MiB of the server's disk; {{free, number}} MiB are free.",
  'drill-there-room-unknown':
    "Restored, its largest database takes about {{needed, number}} MiB of the server's disk. What is free there the console cannot see; look before you begin.",
  'drill-there-without':
    'Owners, grants, comments, publications and subscriptions are not restored there: that takes rights over the server, which a drill does not have.',
  'drill-there-production':
    '“{{from}}” is production, and “{{target}}” is the same server under another name. If it is to be restored there, begin the drill on “{{from}}” itself, where it has to be confirmed.',
  'drill-there-another':
    '{{id}} is signed by another console ({{console}}). Say that it may be restored there (`another` over REST, --another on the command line), if you trust where it comes from.',
  'drill-there-foreign':
    "It was made of a dump of others, or is a part of a database: such a one is tried on the console's own machine alone.",
  'drill-there-no-roles':
    '“{{user}}” may not make the role that the drill needs: ALTER ROLE "{{user}}" CREATEROLE;',
  'drill-there-extensions':
    "It has extensions that only a superuser may install, and “{{user}}” is none: {{extensions}}. Run it where operations are done as a superuser, or on the console's own machine.",
  'drill-there-no-room':
    "On the server's disk {{free, number}} MiB are free, and the largest database takes about {{needed, number}} MiB while it is restored. Make room there, or choose another server.",
  'drill-there-dropped': 'Dropped: {{databases}}',
  'drill-there-orphan-dropped': 'Dropped what drill {{operation}} had left: {{databases}}',
  'drill-there-of-others':
    "Left alone what is of another console's drill or of one that is not over ({{operation}}): {{databases}}",
  'target-unreached': '{{hop}} could not be reached.',
  'target-busy': 'Another operation works on “{{name}}”.',
  'schedule-busy': 'It waits until other backups and drills that schedules began are over.',
  'not-allowed': 'The console did not let it begin. Begin it by hand: that says why.',
  'schedule-deployment-read-only':
    '“{{name}}” is read-only in its profile: nothing is changed there from this console. Let drills run elsewhere (drillsOn), or take that out of its profile.',
  'schedule-console-read-only':
    'This console is read-only: it changes nothing anywhere until an administrator allows it in the settings.',
  'schedule-unconfirmed':
    'On “{{name}}” somebody has to confirm it, and nobody is there when a schedule begins it. Begin it by hand, or let drills run elsewhere (drillsOn).',
  'schedule-changed': 'The deployment was edited while it was being begun.',
  'schedule-no-deployment':
    'There is no deployment “{{name}}” any more. Correct in the profile where drills run (drillsOn).',
  // Restoring PostgreSQL.
  'restore-makes':
    'Makes the database “{{beside}}” and restores “{{database}}” into it as it was {{seconds, duration}} ago (backup {{backup}})',
  'restore-copies-settings':
    'Gives it the owner, settings, grants and connection limit that “{{database}}” has now; passwords stay as they are',
  'restore-swaps':
    'Renames “{{database}}” to “{{before}}”, and what was restored to “{{database}}”: both at once or neither',
  'restore-ends-sessions':
    'Ends the sessions in “{{database}}” for that ({{count, number}}), and keeps others out for a moment: {{applications}}. Applications have to connect again',
  'restore-ends-sessions_zero':
    'Keeps everybody out of “{{database}}” for a moment for that. Nobody is connected to it now',
  'restore-pauses':
    'Pauses the pools of PgBouncer {{pooler}} for that: {{pools}}. Their clients wait, instead of being cut off; transactions that do not end within {{seconds, number}} s are ended all the same',
  'restore-pool-of-sessions':
    'The pools {{pools}} of PgBouncer {{pooler}} lend a connection for a whole session (pool_mode = session): a pause would wait for every client to leave. They are not paused, and their clients are cut off and have to connect again.',
  'restore-pool-paused':
    'The pools {{pools}} of PgBouncer {{pooler}} are paused already, not by this console: they stay so afterwards.',
  'restore-pool-none':
    'PgBouncer {{pooler}} has no pool to “{{database}}” at the moment. Where it should have one, compare postgres.pooler with its section [databases].',
  'restore-pool-not-asked':
    'PgBouncer {{pooler}} does not let its pools be paused. If that stays so, its clients are cut off by the swap and have to connect again. “Test connection” says more. {{becauseText}}',
  'restore-pool-unreached':
    'PgBouncer {{pooler}} could not be told to pause; its clients are cut off. {{becauseText}}',
  'restore-pool-busy':
    'Transactions in the pool “{{pool}}” did not end within {{seconds, number}} s: they are ended by the swap, all others wait',
  'restore-pool-held': 'Clients of the pools {{pools}} waited for at most {{seconds, number}} s',
  'restore-pool-relieved':
    'The swap was cut off while pools were paused; the console told them to go on by itself: {{pools}}',
  'restore-pool-not-resumed':
    'PgBouncer {{pooler}} could not be told to go on. Its clients may still wait. On its console, as one of its admin_users: {{commands}} Then take back or resume this operation. {{becauseText}}',
  'restore-stays-beside':
    'Leaves “{{database}}” as it is: what was restored stays beside it, to be looked at',
  'restore-loses-since':
    'What was written to “{{database}}” within the last {{seconds, duration}}, since the moment of the backup, is not in it afterwards. It stays in “{{before}}” until that is dropped.',
  'restore-undo-loses': 'Taking the restore back loses what is written to “{{database}}” after the swap.',
  'restore-room':
    "It needs about {{needed, number}} MiB of the server's disk, of which {{free, number}} MiB are free.",
  'restore-room-tight':
    "It may need up to {{needed, number}} MiB of the server's disk, and {{free, number}} MiB are free. Make room first, or watch it: a server whose disk is full takes no writes.",
  'restore-room-unseen':
    "It needs about {{needed, number}} MiB of the server's disk. What is free there cannot be seen from here: look before you begin.",
  'restore-no-room':
    "On the server's disk {{free, number}} MiB are free, and the database takes at least {{least, number}}, likely about {{needed, number}}. Make room there first.",
  'restore-not-proven':
    'No drill has restored this backup so far. Its files are checked first, and the rows compared before anything is swapped.',
  'restore-no-subscriptions':
    'Left out: subscriptions ({{subscriptions}}). They would be made with the names of the slots that the database in use reads, and to drop one would drop that slot. Make them anew with a slot of their own if the restored database is to receive changes.',
  'restore-is-partial': 'The backup is a partial one: what was not chosen for it is not in it.',
  'restore-labels':
    'The security labels of “{{database}}” are not copied ({{labels}}): give them to what is restored with SECURITY LABEL … ON DATABASE.',
  'restore-closed':
    'Nobody is let into “{{database}}” at the moment (ALLOW_CONNECTIONS false), and nobody is let into what takes its place. To open it: ALTER DATABASE … ALLOW_CONNECTIONS true.',
  'restore-keeps-before':
    '“{{before}}” stays and takes its room until it is dropped (with the button at the operation, or --mode keep).',
  'restore-drops-before': 'Drops the database “{{before}}”, which the restore put aside',
  'restore-before-dropped':
    '“{{before}}” is not there any more; what is left is to put on record that there is no way back',
  'restore-drops-nothing':
    'Drops nothing: what the restore of “{{database}}” made or put aside stays as it is',
  'restore-gives-up':
    'After that the restore of “{{database}}” cannot be taken back: what of it nobody wants is then dropped by hand.',
  'restore-is-kept': 'What the operation {{id}} did is kept already: it cannot be taken back any more.',
  'restore-lets-go': 'The safety backup {{safety}} is a backup like any other from then on',
  'restore-keeps':
    'After that the restore of “{{database}}” cannot be taken back: it was swapped in {{seconds, duration}} ago.',
  'restore-no-operate':
    'The profile of “{{name}}” names nobody who operates PostgreSQL. Add `operate` there: for a restore a role that may make databases and owns this one, or is a member of its owner.',
  'restore-foreign-unconfirmed':
    'This was made of a dump of others ({{file}}), and a dump is a program: whatever stands in it is run on the server, in a new database, as a role that has no rights and owns nothing else. Functions, triggers and policies that it brings belong to the owner of the database afterwards and run when the application uses it. Restore it only if you know where it comes from (`another` over REST, --another on the command line).',
  'restore-foreign-runs':
    'What stands in {{file}} is run on the server as a role without rights, made for that, in “{{beside}}” alone: no programs, no files of the server, no other database. What is said to psql is refused. It may still fill the disk or take long, and functions that it brings run later as those of the application.',
  'restore-foreign-hands-over':
    'Everything in it will belong to “{{owner}}”. Other owners that the dump names are not heeded: {{owners}}. Grants to roles that are not here are left out.',
  'restore-foreign-owner':
    '“{{database}}” belongs to “{{owner}}”, which has power beyond it ({{powers}}): what a dump of others makes must not become its own. Give the database to an ordinary role first (ALTER DATABASE … OWNER TO …).',
  'restore-foreign-no-roles':
    '“{{user}}” may not make roles, and a dump of others is run as one that is made for it. Give it CREATEROLE, or name a superuser under `operate`.',
  'restore-foreign-extensions':
    'The dump needs extensions that only a superuser may install: {{extensions}}. A dump of others runs as a role without rights, so it cannot be restored here.',
  'restore-foreign-refused':
    'Left out, because a role or a setting is not here or is not theirs to give: grants, comments or settings, {{count, number}} in all',
  'restore-foreign-handed-over':
    'What the dump made belongs to “{{owner}}” now; the role that it ran as is gone',
  'restore-signed-by-another':
    'The backup is signed by another console, or by this one before its key was lost: what stands in it would be run here. Restore it only if you know where it comes from (`another` over REST, --another on the command line).',
  'restore-standby':
    'This server is a standby: it takes over what its primary has, and nothing can be restored into it.',
  'restore-no-database':
    'The server has no database “{{database}}” that could be put aside. Where it was dropped, restore it as to a blank server (--mode elsewhere).',
  'restore-maintenance':
    '“{{database}}” is a database that PostgreSQL itself is administered from: it is not swapped.',
  'restore-database-broken':
    '“{{database}}” was begun to be dropped, and PostgreSQL lets nobody into it any more. Drop the rest of it (DROP DATABASE), then restore the backup to the server as to one that has no such database (--mode elsewhere).',
  'restore-template': '“{{database}}” is a template for new databases: it is not swapped.',
  'restore-newer':
    'The backup is of PostgreSQL {{from}}, and the server is {{server}}: what a newer one wrote an older one may not understand.',
  'restore-partial':
    'The backup is a partial one: swapped in, it would be without what was not chosen for it. Restore it beside without swapping (`swap: false` over REST, --no-swap on the command line).',
  'restore-no-createdb': '“{{user}}” may not make or rename databases: ALTER ROLE "{{user}}" CREATEDB;',
  'restore-not-owner':
    '“{{database}}” belongs to “{{owner}}”, which “{{user}}” is no member of: GRANT "{{owner}}" TO "{{user}}";',
  'restore-tablespace':
    '“{{user}}” may make nothing in the tablespace “{{tablespace}}”, where the database is: GRANT CREATE ON TABLESPACE "{{tablespace}}" TO "{{user}}";',
  'restore-extensions-missing':
    'The server has not got these extensions, which the backup needs: {{extensions}}. Install their packages there.',
  'restore-extensions-superuser':
    'Only a superuser may create these extensions of the backup, and “{{user}}” is none: {{extensions}}.',
  'restore-roles-missing':
    'The server has not got these roles, which the backup gives something to: {{roles}}. Make them first (CREATE ROLE).',
  'restore-not-member':
    'The backup gives things to roles that “{{user}}” is no member of: {{roles}}. Make it a member (GRANT … TO "{{user}}"), or name a superuser under postgres.operate.',
  'restore-settings-not-ours':
    '“{{database}}” has settings that “{{user}}” may not give to another database: {{settings}}. Grant it the right to them (from PostgreSQL 15 on GRANT SET ON PARAMETER …; those of a role take CREATEROLE, from 16 on with ADMIN on that role), or name a superuser under postgres.operate.',
  'restore-slots':
    'Logical replication reads from “{{database}}” through the slots {{names}}: they would stay with the old database, and their readers would miss everything. Stop them and drop the slots first.',
  'restore-subscriptions':
    '“{{database}}” subscribes to others ({{names}}): after a swap they would be received twice, or by the wrong one. Drop the subscriptions first.',
  'restore-prepared':
    '“{{database}}” has prepared transactions ({{names}}): it cannot be renamed before each is committed or rolled back.',
  'restore-cannot-end':
    '“{{user}}” may not end the sessions of {{applications}}: make it a member of pg_signal_backend; those of superusers only a superuser ends.',
  'restore-foreign':
    '“{{database}}” is not what it was when the operation looked at it first: somebody renamed, dropped or made a database of that name meanwhile. Look which databases there are before you go on.',
  'restore-before-gone':
    '“{{before}}” is not there any more, or is called otherwise by now: there is nothing to go back to. Keep what was restored: that gives the way back up.',
  'restore-before-broken':
    '“{{before}}” was begun to be dropped, and PostgreSQL lets nobody into it any more: there is nothing to go back to. Keep what was restored: that drops the rest of it.',
  'restore-before-not-dropped':
    '“{{before}}” was begun to be dropped and is still there: PostgreSQL says “{{words}}”. A disk that is full does that, because the server first writes what it has in memory. Nobody can go back to it any more. Make room, then keep what was restored once more: the rest of it is dropped then.',
  'restore-not-dropped':
    '“{{database}}”, which this operation made, could not be dropped and is still there: PostgreSQL says “{{words}}”. A disk that is full does that, because the server first writes what it has in memory. Nobody uses it, and it takes room. Make room elsewhere, then take the operation back once more: it is dropped then.',
  'restore-nothing-swapped':
    'The operation {{id}} of this deployment did nothing that could be taken back, was taken back, or is not over: there is nothing to keep.',
  'database-in-use':
    '“{{database}}” could not be renamed: sessions came back or did not end: {{sessions}}. Nothing was renamed. Stop what connects there, and try again.',
  'restore-not-ready':
    '{{services}} did not become ready within {{seconds, number}} s after the swap, and had been before.',
  'restore-not-ready-again':
    'Ready before the swap, and not seen to be ready again within {{seconds, number}} s of taking it back: {{services}}. What was there is there again: look at the service itself.',
  'restore-not-ready-late':
    'Ready before, and not seen to be ready within {{seconds, number}} s now: {{services}}. People have worked in what was restored since, so it is not taken back for that: look at the service itself.',
  'restore-not-looked-at':
    '“{{database}}” could not be looked at ({{hop}} does not answer as it should). People have worked in what was restored since, so it is not taken back for that: look at it yourself.',
  'restore-made': '“{{database}}” was made',
  'restore-settings-copied': 'Copied: settings {{settings, number}}, grants {{grants, number}}',
  'restore-swapped': 'Swapped: “{{database}}” is what was restored, and “{{before}}” is what was there',
  'restore-swapped-closed':
    '“{{database}}” lets nobody in, as before: nobody logged in to prove it. To open it: ALTER DATABASE … ALLOW_CONNECTIONS true',
  'restore-swapped-back': 'Swapped back: “{{database}}” is what was there before',
  'restore-ready': 'Ready: {{services}}',
  'restore-dropped': '“{{before}}” was dropped',
  // Restoring chosen tables.
  'restore-tables-fills':
    '{{table}}: about {{now, number}} rows now; {{restored, number}} rows from the backup, {{seconds, duration}} old, take their place',
  'restore-tables-fills-uncounted':
    '{{table}}: what is in it now the server has not counted; {{restored, number}} rows from the backup, {{seconds, duration}} old, take their place',
  'restore-tables-columns-new':
    '{{table}}: the backup does not know {{columns}}; there the restored rows get what is set by default',
  'restore-tables-referred':
    '{{from}} refers to {{to}} ({{constraint}}). If one of its rows would refer to nothing afterwards, nothing is restored, and the rows are named',
  'restore-tables-keeps':
    'Keeps the rows of {{tables}} from before, in the schema “{{before}}” of the same database',
  'restore-tables-sequences':
    'Moves sequences on where restored rows are further than they are, never back: {{sequences}}',
  'restore-tables-locks':
    'Locks {{tables}} while the rows are exchanged: whoever reads or writes there waits. It gives up where it does not get them within {{seconds, number}} s, and says who has them',
  'restore-tables-loses-since':
    'What was written to {{tables}} within the last {{seconds, duration}}, since the moment of the backup, is not in it afterwards. It stays in “{{before}}” until that is dropped.',
  'restore-tables-undo-loses': 'Taking the restore back loses what is written to {{tables}} after it.',
  'restore-tables-room':
    "It needs room for the restored rows twice for a while, and for those from before until they are dropped: about {{megabytes, number}} MiB of the server's disk, if there are about as many as now.",
  'restore-tables-room-read':
    "It needs room for the restored rows twice for a while, and for those from before twice for a while and once until they are dropped: about {{megabytes, number}} MiB of the server's disk, if there are about as many as now.",
  'restore-tables-triggers': 'These triggers do not fire for restored rows: {{triggers}}.',
  'restore-tables-another':
    'The backup is signed by another console, or by this one before its key was lost: nobody here knows whether these rows were ever in this database. Restore them only if you know where it comes from (`another` over REST, --another on the command line).',
  'restore-tables-no-create':
    '“{{user}}” may make no schema in “{{database}}”, where rows are kept meanwhile: GRANT CREATE ON DATABASE "{{database}}" TO "{{user}}";',
  'restore-tables-read':
    'These replication slots read what changes in “{{database}}”: {{slots}}. Whoever listens there sees, as far as these tables are published to it, every row that is in {{tables}} now deleted, and every row of the backup inserted, in one transaction. The rows that are put aside are not shown to them.',
  'restore-tables-read-made':
    'These replication slots read what changes in “{{database}}”: {{slots}}. They are not shown the rows that come back with {{tables}}: see to it that subscribers have these tables and rows before anything is written there.',
  'restore-tables-published':
    'These publications are of all tables, so also of those in “{{before}}”: {{publications}}. Until that is dropped, a new subscription to them fails, and so does ALTER SUBSCRIPTION … REFRESH PUBLICATION, for want of such a table. Subscriptions that there are go on.',
  'restore-tables-read-too-old':
    'PostgreSQL {{version}} would show parts of the rows that are put aside to the replication slots {{slots}}, and whoever reads there would stop for good. Update the server (12.9, 13.5, or any 14 and later), or drop these slots first.',
  'restore-tables-twice': '{{table}} is named twice.',
  'restore-tables-not-in-it': 'The backup has no rows of a table {{table}}. Look at how its name is written.',
  'restore-tables-makes':
    '{{table}} is not there: it is made as it was {{seconds, duration}} ago, with {{restored, number}} rows, indexes, constraints, triggers, policies, grants and comments, and belongs to “{{owner}}”',
  'restore-tables-joins':
    '{{table}} becomes a partition of {{parent}} again, which takes over the bounds that it had',
  'restore-tables-key-again':
    '{{from}} refers to {{to}} again ({{constraint}}). Where rows of it would refer to nothing, that holds for new rows only (NOT VALID), and is said',
  'restore-tables-builds':
    'Builds {{tables}} where nobody sees them yet, as a role without rights that is made for it and goes with it: checks, computed columns and indexes of the backup run there',
  'restore-tables-undo-drops':
    'Taking the restore back drops {{tables}} again, with all that is written there until then.',
  'restore-tables-key-not-owner':
    '{{from}} will not refer to {{to}} again ({{constraint}}): it belongs to another role. Its owner has to add that foreign key.',
  'restore-tables-key-columns':
    '{{from}} will not refer to {{to}} again ({{constraint}}): it has not got all columns of that foreign key any more.',
  'restore-tables-key-taken':
    '{{from}} will not refer to {{to}} again ({{constraint}}): it has another constraint of that name by now.',
  'restore-tables-key-made': '{{from}} refers to {{to}} again ({{constraint}})',
  'restore-tables-key-not-valid':
    '{{from}} refers to {{to}} again ({{constraint}}), but only rows that are written from now on are checked, since some refer to nothing: {{words}}. Decide what becomes of these, then ALTER TABLE … VALIDATE CONSTRAINT',
  'restore-tables-key-refused':
    '{{from}} could not be made to refer to {{to}} again ({{constraint}}): {{words}}',
  'restore-tables-key-calls':
    '{{from}} does not refer to {{to}} again ({{constraint}}): its columns are of other types, and PostgreSQL would look at all rows with a function of whose those types are, as who operates. ALTER TABLE … ADD CONSTRAINT as the owner of the table',
  'restore-tables-key-left': '{{from}} does not refer to {{to}} again ({{constraint}}), as the plan said',
  'restore-tables-grants-left':
    'Grants on {{table}} are left out, because these roles are not there: {{roles}}.',
  'restore-tables-not-again':
    'What was made of {{table}} does not come back with it, if it went, too: {{things}}. Make it again afterwards.',
  'restore-tables-sequences-there':
    'These sequences are there by themselves: they are used as they are, and moved on where restored rows are further: {{sequences}}.',
  'restore-tables-unknown':
    '{{table}} is not made: the dump says something of it in a form that this console does not know, and so does not say to the server: {{statement}}. Restore side by side, and copy from there.',
  'restore-tables-undefined':
    'The backup has rows of {{table}}, but does not say how it was made, as of a table that an extension makes. Make it again, then restore its rows.',
  'restore-tables-lacks':
    '{{table}} cannot be made: it needs what is not there any more: {{things}}. If that is a table, choose it as well; else make it first, as it is in the backup restored side by side without swapping (pg_dump --schema-only).',
  'restore-tables-taken':
    '{{table}} cannot be made: something else has these names by now: {{names}}. Rename or drop that first.',
  'restore-tables-no-roles':
    '{{table}} is not there, and “{{user}}” may not make roles: a table is made by one without rights, since what stands in its definition is run meanwhile. ALTER ROLE "{{user}}" CREATEROLE; or name a superuser under postgres.operate.',
  'restore-tables-no-parent':
    '{{table}} was a partition of {{parent}}, which is not partitioned any more, or is so (or what that is a partition of) by an expression or by values of a type that somebody made with a check, which would run as who operates. Choose the whole where that is gone, too, or restore side by side, and copy from there.',
  'restore-tables-schema-closed':
    '{{table}} cannot be made in the schema “{{schema}}”, where “{{role}}” may make nothing: GRANT CREATE ON SCHEMA "{{schema}}" TO "{{role}}";',
  'restore-tables-there-again':
    '{{table}} is there by now: somebody made it meanwhile. Nothing was changed. Begin the restore again: it would get rows only.',
  'restore-tables-refers-to-nothing':
    'Rows of {{from}} would refer to rows of {{to}} that are not there ({{constraint}}): {{words}}. Nothing was changed. Restore the other table with it, or decide what becomes of these rows first.',
  'restore-tables-key-would-call':
    '{{from}} is not made to refer to {{to}} ({{constraint}}): its columns are of other types, and PostgreSQL would look at all rows with a function of whose those types are, as who operates. Nothing was changed. Restore side by side, and copy from there.',
  'restore-tables-another-there':
    '{{table}} is not the table that this restore made any more: somebody renamed that, or made another of its name. Nothing was changed. Give it its name again and take the restore back then, or keep what was restored.',
  'restore-tables-built-upon':
    '{{tables}} cannot be dropped again, because something was made of them since: {{words}}. Nothing was changed. Drop that first, or keep what was restored.',
  'restore-tables-made': 'Made as they were: {{tables}}',
  'restore-tables-dropped-again': 'Dropped again: {{tables}}',
  'restore-tables-not-there':
    '{{table}} is not there any more: somebody dropped it meanwhile. Nothing was changed. Begin the restore again: it would be made as well.',
  'restore-tables-no-table': '{{table}} is no table by now, but a view or something else.',
  'restore-tables-whole':
    '{{table}} is partitioned: its partitions in the backup ({{partitions, number}}) are restored with it',
  'restore-tables-makes-whole':
    '{{table}} is not there: it is made as it was, partitioned, with the partitions that it had ({{partitions, number}}), and belongs to “{{owner}}”',
  'restore-tables-partitions-new':
    'These partitions are not in the backup and stay as they are, with their rows: {{tables}}.',
  'restore-tables-partitioned':
    '{{table}} is partitioned by now, and was not in the backup. Restore side by side without swapping, and copy from there.',
  'restore-tables-whole-no-more':
    '{{table}} was partitioned in the backup, and is not any more. Restore side by side without swapping, and copy from there.',
  'restore-tables-partition-elsewhere':
    '{{table}} was a partition of {{parent}} in the backup, and is none of it any more. Attach it again (ALTER TABLE {{parent}} ATTACH PARTITION …) or give it another name; else choose the partitions one by one.',
  'restore-tables-partition-referred':
    '{{table}} refers to the table that a chosen one is a partition of ({{constraint}}), and PostgreSQL does not take that foreign key off one partition. Choose the whole table instead.',
  'restore-tables-inherits':
    '{{table}} inherits columns, is inherited from, or is made after a type: rows of such tables are not restored alone. Restore side by side, and copy from there.',
  'restore-tables-rules':
    '{{table}} has rules (CREATE RULE), which would do something else with the rows. Restore side by side, and copy from there.',
  'restore-tables-undeletable':
    'What is deleted from {{table}} is published ({{publications}}), and the table has no replica identity to tell its rows by: PostgreSQL lets nobody delete rows of it, so they cannot be exchanged. Give it a primary key (not DEFERRABLE, with REPLICA IDENTITY DEFAULT), or set ALTER TABLE … REPLICA IDENTITY FULL. Which of the two is yours to decide: it changes what subscribers are sent.',
  'restore-tables-as-owner':
    'Puts the rows in with the rights of whoever owns the tables ({{owners}}), and not with those of “{{user}}”: checks, domains, computed columns and indexes run meanwhile, and what is planted there gains nothing',
  'restore-tables-not-givable':
    '{{table}} belongs to “{{owner}}”, and rows are put in with its rights, which the role that operates may not take on: GRANT "{{owner}}" TO it WITH SET TRUE, or name a superuser under postgres.operate.',
  'restore-tables-owner-lacks':
    'Rows are put into {{table}} with the rights of “{{owner}}”, who owns it and may not do that itself: {{grants}}',
  'restore-tables-owner-cannot-say':
    'Defaults, policies, triggers or statistics of {{table}} have values of types that somebody made, which are read with the rights of its owner “{{owner}}”. The owner lacks some of these: {{grants}}',
  'restore-tables-key-called':
    '{{from}} refers to {{to}} ({{constraint}}) with columns of other types. To put that foreign key back PostgreSQL would look at all rows with a function of whose those types are, as who operates. Restore side by side, and copy from there.',
  'restore-tables-changed':
    '{{table}} became something else while rows were restored: somebody altered, renamed or replaced it, or something that runs in one of the tables did. Nothing was changed. Look at what it is, and begin again.',
  'restore-tables-not-owner':
    '{{table}} belongs to “{{owner}}”, which the role that operates is no member of, and has to be locked and changed: GRANT "{{owner}}" TO it, or name a superuser under postgres.operate.',
  'restore-tables-hidden':
    'A policy (row security) hides rows of {{table}} from the role that operates: they would be lost. Name a role with BYPASSRLS under postgres.operate.',
  'restore-tables-columns-gone':
    '{{table}} has these columns no more, or they are computed now: {{columns}}. Their values would be lost; restore side by side, and copy from there.',
  'restore-tables-columns-demanded':
    '{{table}} has new columns that must have a value and have no default: {{columns}}. Give them a default (ALTER TABLE … ALTER … SET DEFAULT) for the time of the restore.',
  'restore-tables-columns-changed':
    '{{table}} has columns of another type by now: {{columns}}. Restore side by side, and convert from there.',
  'restore-tables-held-unlike':
    '{{table}} is not as it was when its rows were put aside in “{{schema}}”: {{columns}}. Values would be cut, rounded or lost. Nothing was changed. Alter these columns back and take the restore back then, or copy from that schema yourself.',
  'restore-tables-rows':
    '{{table}}: {{found, number}} rows came over, and the backup counted {{expected, number}}. Nothing was changed.',
  'restore-tables-orphans':
    '{{count, number}} rows of {{table}} would refer to rows of {{referred}} that would not be there ({{constraint}}, {{columns}}): {{keys}}. Nothing was changed. Restore the other table with it, or decide what becomes of these rows first.',
  'restore-tables-locked':
    'No lock could be had within {{seconds, number}} s on {{tables}}, because of {{sessions}}. Nothing was changed. Wait for these sessions or end them, and try again.',
  'restore-tables-foreign':
    'The schema “{{schema}}” is not what this restore made: somebody made or changed it. Look what is in it before you go on.',
  'restore-tables-staged':
    'Of {{tables, number}} tables {{rows, number}} rows came over, as many as the backup counted; foreign keys would hold',
  'restore-tables-swapped': 'The tables have the rows of the backup; those from before are in “{{before}}”',
  'restore-tables-swapped-back': 'The tables have the rows from before again',
  'restore-tables-drops-before': 'Drops the schema “{{before}}” of “{{database}}” with the rows from before',
  'restore-tables-keeps-for-good':
    'After that the restore of these tables cannot be taken back: it was done {{seconds, duration}} ago.',
  'restore-in-place-beside':
    'There is room for a second copy ({{free, number}} MiB are free, about {{needed, number}} are needed): it is restored beside “{{database}}”, and swapped in',
  'restore-in-place-beside-unseen':
    'A second copy takes about {{needed, number}} MiB, and somebody said that there is room for it: it is restored beside “{{database}}”, and swapped in',
  'restore-in-place-safety': 'Backs up “{{database}}” as it is now to {{place}} first, and reads that back',
  'restore-in-place-replaces':
    'Replaces everything in “{{database}}” with what it was {{seconds, duration}} ago (backup {{backup}}), in one transaction: rows are compared before its end, and if anything fails nothing has happened',
  'restore-in-place-waits': 'Whoever uses “{{database}}” meanwhile waits until that is over',
  'restore-in-place-loses':
    'What was written to “{{database}}” within the last {{seconds, duration}} is not in it afterwards, but in the safety backup. What is written between that backup and the restore is lost: stop what writes there first.',
  'restore-in-place-undo-loses':
    'Taking the restore back restores the safety backup, in one transaction, too, and loses what is written to “{{database}}” until then.',
  'restore-in-place-room':
    "Files from before are given back only when the transaction ends: it takes about {{needed, number}} MiB of the server's disk besides, of which {{free, number}} MiB are free.",
  'restore-in-place-room-unseen':
    "Files from before are given back only when the transaction ends: it takes about {{needed, number}} MiB of the server's disk besides. How much is free there cannot be seen from here.",
  'restore-in-place-unknown':
    'Whether the server has room for a second copy (about {{needed, number}} MiB) cannot be seen from here. Look there, and say it: with enough it is restored beside and swapped (--room enough), with none in one transaction (--room none).',
  'restore-in-place-too-small':
    "{{free, number}} MiB are free on the server's disk, and about {{needed, number}} are needed, in one transaction, too: files from before are given back at its end. Make room, or restore to another server; if the estimate is too high, say that there is no room for a second copy (--room none).",
  'restore-in-place-no-place':
    '“{{name}}” has no place for backups, and nothing is replaced without one of what is there. Add `backups` to its profile.',
  'restore-in-place-not-owner':
    '“{{user}}” may not drop what belongs to others in the database: {{things}}. Make it a member of their owners, or name a superuser under postgres.operate.',
  'restore-in-place-undumped':
    'Tables of “{{database}}” that belong to extensions have rows which no backup has: {{tables}}. In place they would be lost for good. Restore side by side, where the database from before stays, or save these rows and empty the tables first.',
  'restore-in-place-hidden':
    'Row security hides rows of “{{database}}” from “{{user}}”, in {{tables}}: the safety backup cannot be made. Give it BYPASSRLS or name a superuser under postgres.operate, or restore side by side.',
  'restore-in-place-encoding':
    '“{{database}}” is in {{encoding}}: in place only databases in UTF8 are restored. Restore side by side.',
  'restore-in-place-locks':
    'One transaction would take about {{needed, number}} locks here, and the server has room for {{most, number}}. Raise max_locks_per_transaction, or restore side by side.',
  'restore-in-place-runs':
    'The session “{{session}}” does not end on the server, and until then nobody knows what becomes of its transaction. End it there, and go on.',
  'restore-safety-old':
    'Nothing was changed: since the safety backup {{safety}} services may have written to “{{database}}” what is in no backup. Begin the restore again, which makes a new one.',
  'restore-in-place-replaced':
    '“{{database}}” is not what this restore made of it any more: another restore, or somebody, replaced what was in it since, and going back would lose that. Nothing was changed. What was there before is in the backup {{safety}}: restore that one side by side.',
  'restore-in-place-done': 'The database is what was restored; what was there is in the backup {{safety}}',
  'restore-not-analysed':
    'What was restored is whole, but its statistics could not be gathered, and queries may be slow: run ANALYZE in “{{database}}”. {{words}}',
  'restore-in-place-back': 'The database is what is in the backup {{safety}} again',
  'restore-makes-roles':
    'Makes roles that are missing, without passwords and without power over the server: {{roles}}; those that are there stay as they are',
  'restore-makes-elsewhere':
    'Makes a database and restores “{{database}}” of “{{from}}” into it as it was {{seconds, duration}} ago (backup {{backup}}), with owner, settings and grants of then',
  'restore-names': 'Calls it “{{as}}” once it has what was counted: nobody finds it half done',
  'restore-undo-drops':
    'Taking the restore back drops “{{as}}” with everything that is written to it until then.',
  'restore-undescribed':
    'The dump does not say how “{{database}}” was made: it gets encoding, locale and owner as the server gives them.',
  'restore-passwords':
    'These roles log in and have no password, since a restore brings none back. Set them: {{roles}}.',
  'restore-roles-left': 'What is left for you to give, if it is wanted here: {{rights}}.',
  'restore-exists':
    '“{{database}}” is there already, and nothing is restored over it. Restore that database itself, side by side (--mode side-by-side), or give this one another name (--as).',
  'restore-roles-unknown':
    'Neither the server nor the backup has these roles, which something in it is given to: {{roles}}. Make them first (CREATE ROLE).',
  'restore-no-createrole':
    'Roles are missing ({{roles}}), and “{{user}}” may make none: ALTER ROLE "{{user}}" CREATEROLE; or make them first.',
  'restore-roles-made': 'Made without passwords: {{roles}}',
  'restore-roles-joined':
    '“{{user}}” was made a member of {{roles}}: without that it could give them nothing',
  'restore-roles-kept':
    'These roles stay, because others need them by now (something belongs to them, they were given a password or are logged in, or are members of a role that stays): {{roles}}',
  'restore-statement-refused': 'The server refused, and it was left out: {{statement}}',
  'restore-named': 'The database is called “{{database}}” now',

  // Restarting services.
  'no-service': 'The profile of “{{name}}” names no service “{{service}}”.',
  'restart-not-declared':
    'The profile of “{{name}}” does not say how “{{service}}” is restarted. Add `restart` to that service: a Compose project, a systemd unit or a command, and the machine.',
  'restart-no-directory': 'The directory {{directory}} is not there on “{{machine}}”, or may not be entered.',
  'restart-no-container':
    'Neither docker nor podman knows a container of the service “{{service}}” of the project in {{directory}}: it was never started there, or whoever logs in may not ask.',
  'restarts-service': 'Restarts “{{service}}”: {{command}}, on {{machine}} as {{user}}',
  'restarts-service-in': 'Restarts “{{service}}”: {{command}}, in {{directory}} on {{machine}} as {{user}}',
  'service-well-now': '“{{service}}” is live and ready now',
  'service-unwell-now': '“{{service}}” is not well now: {{path}} answers {{found}}',
  'restart-breaks-off':
    'Requests that “{{service}}” is at are broken off; whoever calls it sees errors until it is back.',
  'restart-unseen':
    'Nothing tells one run of “{{service}}” from the next: only that it is well afterwards will be seen. Add `identity` to its restart, or let a service of one process expose process_start_time_seconds.',
  'restart-failed': '{{command}} ended with {{exit}} and said: {{said}}',
  'restart-late': '{{command}} took longer than {{seconds, number}} s and was ended; it said: {{said}}',
  'restart-same':
    'The same processes of “{{service}}” run as before, {{seconds, number}} s after the restart. The command did not restart it.',
  'restart-unwell':
    '“{{service}}” was restarted and is not well after {{seconds, number}} s: {{path}} answers {{found}}. Look at its log; it stays as it is.',
  'restart-incomplete':
    '“{{service}}” answers, but {{seconds, number}} s after the restart not all of its processes are new and running. Look at its log; it stays as it is.',
  'service-new-and-well': '“{{service}}” runs anew, and was live and ready after {{seconds, duration}}',
  'service-well': '“{{service}}” was live and ready after {{seconds, duration}}',

  // The lock between consoles.
  'scope-backup': 'the backups of {{name}}',
  'scope-drill': 'the drills there',
  'scope-database': 'the database {{name}}',
  'scope-service': 'the service {{name}}',
  'lock-taken': 'Other consoles are kept off {{scope}}, by a lock in the maintenance database',
  'lock-unmarked':
    'Other consoles are kept off {{scope}} by a lock, but no marker could be left there: if this console dies, nobody is told.',
  'lock-without':
    'No lock keeps other consoles off {{scope}} meanwhile: make sure that nobody else works on it.',
  'lock-no-postgres': 'The profile of “{{name}}” names no PostgreSQL, where consoles could agree.',
  'lock-pooled':
    '“{{name}}” is reached through a connection pooler, where no lock of ours would last: each statement is run by another session. Name the PostgreSQL server itself in the profile.',
  'lock-standby':
    'The PostgreSQL of “{{name}}” that is watched only follows another: a lock there keeps nobody off. Name the primary in the profile.',
  'maintenance-closed':
    'Operations of “{{name}}” lock in the database “{{database}}”, and work on others from there, and “{{user}}” finds none of that name or may not come in. GRANT CONNECT ON DATABASE "{{database}}" TO "{{user}}", or name another that is nobody\'s own under postgres.operate.maintenance: the same one on every console.',
  'lock-unreachable': 'The PostgreSQL of “{{name}}”, where consoles agree, could not be asked.',
  'lock-lost':
    'The connection broke that kept other consoles off {{scope}}, so the step was stopped where it was. Another console may have been there since: look at the target, then resume, or take back what was done.',
  'lock-lost-on':
    'The connection broke that kept other consoles off {{scope}}: it goes on without, and nobody is kept off any longer.',
  'lock-setting-taken':
    'The role “{{role}}” has an application_name of its own in the database “{{database}}”, where the marker of an operation would stand. It is left as it is; ALTER ROLE "{{role}}" IN DATABASE "{{database}}" RESET application_name; makes room.',
  'lock-other-server':
    'The PostgreSQL of {{name}} is another server by now than the one that this operation worked on: its system identifier was {{was}}, and is {{now}}. Nothing was touched there. Lead the profile back to that server, then try again; where it is gone, or was upgraded with pg_upgrade, which gives it a new identifier, give the operation up as it is (`leave` over REST, vakhta operations leave on the command line).',
  'lock-marker-gone':
    'What told other consoles of this operation is gone from the target: somebody took {{scope}} over while it waited. What they did is looked for before each step.',
  'lock-taken-over':
    'Taken over from the console “{{console}}”, which had left its operation {{operation}} there',
  'lock-marker-stays':
    'The marker of the console “{{console}}” stays where it is: only its own role may remove it. ALTER ROLE "{{role}}" IN DATABASE "{{database}}" RESET application_name;',
  'lock-held-by':
    'The console “{{console}}” works on it just now: operation {{operation}}. It would be refused.',
  'lock-left-by':
    'The console “{{console}}” has left an operation there ({{operation}}): it waits for a decision, or its console died. Look at the target before you take it over.',
  'connections-too-few':
    'Connections to PostgreSQL needed besides those that watch: {{needed, number}}; free: {{free, number}}. Look for idle connections of the application, or raise max_connections.',

  // What a person has to decide on.
  'asks-foreign':
    'Somebody else changed what the step “{{step}}” works on. Look at the target: then resume, take back what was done, or give the operation up as it is.',
  'asks-partial':
    'The step “{{step}}” was cut off in its middle and cannot be taken up again. Take it back, or give the operation up as it is.',
  'cancelled-too-late': 'It was given up when the point of no return was just passed: it goes on.',
  'left-as-it-is':
    'Given up as it is: nothing was looked at or taken back, and what it left at the target stays there.',
  'left-holding-up':
    'Others still wait for what it paused at the target: this console tells that to go on as soon as there is a way, for as long as the console runs.',
  'broken-off':
    'The console had to leave it where it was: it could not write down what came next (a full disk, most likely), or does not know a step that is on record. The log of the console has the cause. Then resume, take back what was done, or give it up.',
  'stopped-read-only':
    'This console, or “{{name}}”, was made read-only meanwhile: nothing more was done. Allow changes again, then resume, take back what was done, or give it up.',
  'step-bug':
    'The step “{{step}}” failed inside the console in a way that should not happen. Its log has the cause.',
  'deployment-paused': '“{{name}}” is paused: nothing is done to it. Resume watching first.',
  'deployment-opening': 'The connections of “{{name}}” are just being opened. Try again in a moment.',

  // What one leaves that is given up as it is.
  'leaves-as-it-is':
    'It ends as it is: nothing is looked at or taken back, and what it left at the target stays there.',
  'leaves-nothing': 'It ends. So far it left nothing at the target.',
  'leaves-done': 'Done, and stays so: {{step}}',
  'leaves-in-doubt': 'Cut off, so that nobody here knows whether it came about: {{step}}',
  'leaves-may-undo':
    'It can still be taken back afterwards, as long as the deployment is on record and can be reached.',
  'leaves-pools-paused':
    'The pools {{pools}} were paused for it: this console tells them to go on as soon as there is a way, for as long as it runs.',
  'leaves-restore-beside':
    'The database “{{beside}}” stays on the server and takes its room until somebody drops it: DROP DATABASE "{{beside}}"; “{{database}}” is as it was.',
  'leaves-restore-swapped':
    '“{{database}}” is what was restored; what was there before stays as “{{before}}”, and takes its room.',
  'leaves-restore-swap-in-doubt':
    'Both names change at once or not at all. If the server has “{{before}}”, that is what was there before, and “{{database}}” is what was restored. Else “{{database}}” is as it was, and “{{beside}}” is what was restored.',
  'leaves-in-place-replaced':
    '“{{database}}” is what was restored; what was there before is in the backup {{safety}}.',
  'leaves-in-place-in-doubt':
    'It is one transaction: “{{database}}” is what was restored, as a whole, or is as it was. What was there before is in the backup {{safety}}.',
  'leaves-tables-staged':
    'The schema “{{staged}}” stays in “{{database}}” with the rows that were copied, until somebody drops it: DROP SCHEMA "{{staged}}" CASCADE; nothing was changed in {{tables}}.',
  'leaves-tables-swapped':
    'The rows of the backup are in {{tables}}; those from before stay in the schema “{{before}}” of “{{database}}”.',
  'leaves-tables-swap-in-doubt':
    'It is one transaction. If “{{database}}” has the schema “{{before}}”, that holds the rows from before, and those of the backup are in {{tables}}. Else the tables are as they were.',
  'leaves-elsewhere-made':
    'The database “{{beside}}” stays on the server, not whole, until somebody drops it: DROP DATABASE "{{beside}}"; so do roles that were made for it.',
  'leaves-elsewhere-named': '“{{database}}” stays on the server with what was restored, and so do its roles.',
  'leaves-elsewhere-in-doubt':
    'What was restored stays on the server, under the name “{{database}}” or “{{beside}}”, and so do its roles.',
  'leaves-drill':
    'What the drill made on the server stays there: the role {{role}}, and databases of that name with a number. The next drill of this console there drops them.',

  // The way back: what it does, and what is lost with it.
  'takes-back':
    'What was done is taken back, the last step first; what was written there since goes with it.',
  'takes-nothing-back': 'There is nothing to take back: the deployment stays as it is.',
  'undo-read-only':
    'This console, or “{{name}}”, is read-only: it stops, and what it did is taken back once changes are allowed again.',
  'undo-unseen':
    '“{{name}}” cannot be looked at now: what that comes to, and what is lost with it, is not known. Where something is to be taken back there, the operation waits until it can be reached.',
  'resumes-what-is-left':
    'Goes on where it was cut off: of what follows, what is done already stays as it is',
  'resumes-in-spite-of':
    'It can go on all the same. If it began only now, this would be in its way; part of it may be what the operation itself has done:',
  'undo-loses-counted':
    'What was written to {{database}} since then ({{seconds, duration}}) is lost. By the statistics of the server, in rows: inserted {{inserted, number}}, changed {{updated, number}}, deleted {{deleted, number}}.',
  'undo-loses-nothing':
    'By the statistics of the server nothing was written to {{database}} since then ({{seconds, duration}}).',
  'undo-loses-uncounted':
    'What was written to {{database}} since then ({{seconds, duration}}) is lost. How much that is the statistics of the server do not say.',
  'undo-restore-nothing': '“{{database}}” was not touched yet, and stays as it is.',
  'undo-restore-drops-beside':
    'Drops “{{beside}}”, with what was restored into it so far; “{{database}}” stays as it is',
  'undo-pools-go-on': 'Tells the pools {{pools}}, which were paused for it, to go on',
  'undo-restore-swaps-back':
    'Gives “{{before}}” its name “{{database}}” again, as it was at the swap {{seconds, duration}} ago, and takes it from what was restored: both at once or neither',
  'undo-restore-drops-restored': 'Drops what was restored, with all that was written to it',
  'undo-in-place-restores':
    'Replaces everything in “{{database}}” with the safety backup {{safety}} ({{seconds, duration}} old), in one transaction: rows are compared before its end, and if anything fails nothing has happened',
  'undo-in-place-rolls-back':
    'Rolls the transaction back that replaces “{{database}}” just now: every row stays as it was',
  'undo-tables-nothing': 'Nothing was touched yet in {{tables}}: all stays as it is.',
  'undo-tables-drops-staged':
    'Drops the schema “{{staged}}” with the rows that were copied so far; nothing changes in {{tables}}',
  'undo-tables-puts-back':
    'Puts the rows from {{seconds, duration}} ago back into {{tables}}, out of the schema “{{before}}”, and drops that. Sequences stay where they are, and no row is to refer to nothing afterwards: else nothing is changed, and the rows are named',
  'undo-tables-drops': 'Drops again what the restore made, with all foreign keys to that: {{tables}}',
  'undo-elsewhere-drops': 'Drops the database “{{database}}” with everything in it',
  'undo-elsewhere-drops-roles':
    'Drops the roles that were made for it; one stays that owns something else by now, was given a password, is logged in elsewhere, or is a member of one that stays: {{roles}}',
  'undo-elsewhere-nothing': 'Of “{{database}}” nothing is on the server (any more).',
  'undo-drill-here':
    'Stops the server that was started for it on this machine, and removes its files. The backup {{id}} stays, and this drill says nothing of it.',
  'undo-drill-drops': 'Drops what the drill made on the server of “{{target}}”: {{names}}',
  'undo-drill-nothing-there': 'Of the drill nothing is on the server of “{{target}}” (any more).',
  'undo-drill-says-nothing': 'The backup {{id}} stays, and this drill says nothing of it.',
  'undo-verify': 'Reading stops; the backup {{id}} stays as it is.',
  'undo-backup-stops':
    'Stops the backup, and removes what it has written so far. The deployment, and backups before it, stay as they are.',
  'undo-backup-stays':
    'The backup {{backup}} is written and stays; only reading it back is given up, and older ones are not removed for it.',
  'undo-restart-nothing': '“{{service}}” was not restarted yet, and goes on as it is.',

  // Somebody wants it to pause.
  'pauses-soon': 'It pauses in a moment.',
  'pauses-after-step': 'It pauses after this step: {{step}}.',
  'ends-before-pause':
    'It is in its last step ({{step}}) and ends with that: there is nothing to pause before.',

  // Who asked for what, where nobody did.
  'actor-engine': 'the console',
  'actor-schedule': 'the schedule',
  // Who asked for what.
  'asked-cancel': 'Given up by {{name}}: {{reason}}',
  'asked-pause': 'Paused by {{name}}: {{reason}}',
  'asked-resume': 'Resumed by {{name}}: {{reason}}',
  'asked-undo': 'Taken back by {{name}}: {{reason}}',
} as const
