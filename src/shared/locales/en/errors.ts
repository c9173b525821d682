/** What the api and the web host say no with. */
export const errors = {
  'bad-request': 'The request is not as expected. {{detail}}',
  'choose-one': 'Say which {{parameter}} is meant: {{names}}.',
  'range-backwards': 'The range ends before it begins: “from” must be before “to”.',
  forbidden: '{{action}} needs the role {{role}}; yours is {{has}}.',
  'no-deployment': 'There is no deployment named “{{name}}”.',
  'no-deployments': 'There is no deployment yet: add or import one first.',
  'no-redis': 'Deployment “{{deployment}}” has no Redis named “{{name}}”; it has: {{names}}.',
  'no-log': 'Deployment “{{deployment}}” has no log named “{{name}}”; it has: {{names}}.',
  'log-values-hidden':
    'Values in “{{name}}” are not shown to you, or not any more. Ask for them first; that is on record.',
  'log-cursor': 'The cursor is none of “{{name}}”. Begin at a moment, or at the end.',
  'no-redis-node': 'Redis “{{name}}” has no node {{node}} that is watched. Look at the list of nodes again.',
  'redis-node-replica':
    '{{node}} is a replica: in a cluster only primaries answer for keys. Choose its primary.',
  'no-slow-command':
    'The server no longer has entry {{entry}} of its slow log, so its arguments are gone: it keeps only the newest ones.',
  'no-sample':
    'Nothing sampled within the last ten minutes is named {{prefix}}. Sample the memory again, then reveal.',
  'no-postgres': 'The profile of “{{name}}” names no PostgreSQL.',
  'no-statement':
    'The statement of PID {{pid}} is over, or another one runs there by now. Look at the list again.',
  'statement-hidden':
    'The role that watches may not see the statement of PID {{pid}}. Make it a member of pg_monitor.',
  'not-watched-paused': '“{{name}}” is paused: nothing is asked of it. Resume watching first.',
  'not-watched-opening': 'The connections of “{{name}}” are just being opened. Ask again in a moment.',
  'no-operation': 'There is no operation {{id}}.',
  'deployment-read-only':
    '“{{name}}” is read-only in its profile: nothing is changed there from this console. {{action}} was not begun.',
  'console-read-only':
    'This console is read-only: it changes nothing anywhere until an administrator allows it in the settings. {{action}} was not begun.',
  'confirm-missing':
    '“{{name}}” is production. Look at what would happen, and confirm it with the name of the deployment.',
  'confirm-mismatch':
    'What was typed is not the name of the deployment. Expected “{{name}}”; nothing was begun.',
  'confirm-changed':
    'What would be done to “{{name}}” is no longer what was shown. Look at it as it is now; nothing was begun.',
  'key-used':
    'This Idempotency-Key was used for another request. Give each request a key of its own; nothing was begun.',
  'target-locked':
    'Another operation works on “{{name}}” ({{scope}}): {{operation}}. Wait for its end, or decide on it if it waits.',
  'deployment-held':
    'The operation {{operation}} works with “{{name}}” and is not over: until then it is neither removed nor renamed, and the places of its servers stay. Wait for its end, or decide on it if it waits.',
  'deployment-way-back':
    '“{{name}}” keeps its name for as long as the operation {{operation}} may be taken back, which would go by it. Keep or take back what it did, then rename the deployment.',
  'target-locked-elsewhere':
    'The console “{{console}}” works on “{{name}}” ({{scope}}): operation {{operation}}. Wait for its end, or ask whoever runs it.',
  'target-left':
    'The console “{{console}}” has left the operation {{operation}} on “{{name}}” ({{scope}}): it waits for a decision there, or that console died. Look at the target, then take it over.',
  'operation-over': 'The operation is over already.',
  'operation-not-running': 'The operation does not run, so it cannot be paused.',
  'operation-not-waiting': 'The operation is under way: pause it or give it up first.',
  'operation-past-return': 'The operation is past the point of no return: it can only go on.',
  'operation-nothing-to-undo': 'There is nothing of this operation that could be taken back.',
  'operation-turning-back': 'The operation is being taken back already.',
  'no-backup':
    'There is no backup {{id}}: it was removed, or it lies in a place that was not looked through yet.',
  'backups-not-configured':
    'The profile of “{{name}}” names no backups. Say there what is backed up and where (`backups`).',
  'removing-backup': 'Removing a backup',
  'backup-held':
    'The operation {{operation}} works with the backup {{id}} or would need it to take a restore back. Wait for its end, or keep what it restored, and remove the backup then.',
  'removes-backup':
    'The backup {{id}} of “{{name}}” would be removed with its files, and cannot be brought back. Confirm it with the name of the deployment.',
  'removes-last-backup':
    '{{id}} is the last good backup of “{{name}}”: without it there is nothing to restore from. Confirm with the name of the deployment that it is to go all the same.',
  'no-secret': 'There is no secret named “{{name}}” in the vault.',
  'no-channel': 'There is no channel named “{{name}}”.',
  'unknown-channel': 'There is no channel named “{{name}}”; there are: {{known}}.',
  'channel-exists': 'A channel named “{{name}}” exists already. Give this one another name.',
  'no-window': 'There is no maintenance window named “{{name}}”.',
  'window-exists': 'A maintenance window named “{{name}}” exists already. Give this one another name.',
  'no-person': 'There is nobody named “{{name}}” here.',
  'unknown-person': 'There is nobody named “{{name}}” here; there are: {{known}}.',
  'person-exists': '“{{name}}” is there already. Give this person another name.',
  'no-rota': 'There is no rota named “{{name}}”.',
  'unknown-rota': 'There is no rota named “{{name}}”; there are: {{known}}.',
  'rota-exists': 'A rota named “{{name}}” exists already. Give this one another name.',
  'no-policy': 'There is no escalation policy named “{{name}}”.',
  'policy-exists': 'An escalation policy named “{{name}}” exists already. Give this one another name.',
  'in-use-by': '“{{name}}” is named by “{{by}}”. Change that first.',
  'shifts-range': 'Expected an end after the beginning, and not more than 400 days.',
  'too-many-kept': 'There are {{most, number}} already. Remove one that is not needed any more.',
  'no-heartbeat': 'There is no dead man’s switch named “{{name}}”.',
  'heartbeat-exists': 'A dead man’s switch named “{{name}}” exists already. Give this one another name.',
  'no-host-key': 'No key of {{name}} is on record.',
  'no-question':
    'Nobody asks that any more: it was answered, the server gave up waiting, or the number of answers is not what it asked for.',
  'secret-in-use':
    'The secret “{{name}}” is still used by {{deployments}}. Take it out there first, or put a new value in its place.',
  'secret-exists':
    'There is a secret “{{name}}” by now, and it was not replaced: give the pasted one another name in the form.',
  'pasted-gone':
    'The secrets that were pasted are no longer kept: that is done for an hour, and until the console stops. Paste the text again, or type the secrets into the form.',
  'profile-refused': 'The profile is refused; nothing was saved.\n{{detail}}',
  line: 'line {{line}}',
  'store-full': 'The disk of the data directory is full. Nothing was changed; free some space and try again.',
  'store-read-only':
    'The data directory cannot be written to. Nothing was changed; check its permissions and mount, then try again.',
  'store-unusable': 'The console’s own database or vault failed. Its log says what happened.',
  'client-gone': 'The client went away before the answer was ready.',
  internal: 'Something failed inside the console that should not have. Its log has the cause.',
  unauthorized:
    'A token or a session is required. Send “Authorization: Bearer …” with what stands in the file “token” of the data directory, or open /start in a browser.',
  'unauthorized-token':
    'This token is not valid. The valid one stands in the file “token” of the data directory.',
  'foreign-host':
    'This console answers as localhost and under the address that it was started with (--public-url), and it was asked for as “{{host}}”.',
  'host-not-passed':
    'The reverse proxy in front of this console does not pass on which host was asked for: it said “{{host}}”, for a page of “{{origin}}”. In nginx: proxy_set_header Host $http_host.',
  'foreign-origin': 'Requests from other sites are refused; this one came from “{{origin}}”.',
  'no-origin':
    'A request that changes something with a session cookie must say its Origin. Scripts use a token.',
  'too-many-attempts_one': 'Too many wrong tokens. Try again in {{count}} second.',
  'too-many-attempts_other': 'Too many wrong tokens. Try again in {{count}} seconds.',
  'too-many-sockets': 'Too many connections are open to this console; close some of them.',
  'no-such-path': 'Nothing answers to {{method}} {{path}}.',
  'too-large': 'The request is larger than {{limit, number}} bytes.',
  'unsupported-media': 'Requests have to be JSON (“Content-Type: application/json”).',
  malformed: 'The request could not be read: its address or its JSON is malformed.',
  'start-title': 'Open Vakhta',
  'start-explains':
    'This console lets in whoever has its token. It stands in the file “token” of the data directory, on the machine that the console runs on.',
  'start-token': 'Token',
  'start-open': 'Open',
  'start-link': 'A link that the console printed at its start opens one session, once, within ten minutes.',
  'start-link-not-here':
    'Another link is given on the machine of the console alone, to whoever may read its token: run "vakhta link" there.',
  'start-link-spent':
    'This link was used already, or is older than ten minutes. The token below always works.',
  'start-continue': 'Continue to the console',
  'not-built-title': 'The console’s page is not built',
  'not-built-explains': 'Its API answers, but the files of the page are missing. Build them with',
  'not-built-docs': 'The API’s documentation',
  'no-alert': 'There is no such alert: it may be older than what the history keeps.',
  'alert-over': 'This alert is over already.',
  'alert-still-true':
    'What this alert says is still true, so it cannot be resolved by hand: acknowledge or silence it.',
  'no-note': 'There is no such note.',
  'note-of-another': 'This note is of {{by}}: only they or an administrator may remove it.',
  'handover-too-long': 'A hand-over covers 31 days at the most.',
  'no-silence': 'There is no such silence in force.',
  'silence-mirrored': 'This silence was set in an Alertmanager: end it there, or switch its mirroring off.',
  'silence-end': 'It is not clear when the silence ends.',
  'no-rule': 'There is no rule {{name}} that could be changed so.',
  'rule-refused': 'The rule was not saved:\n{{detail}}',
}
