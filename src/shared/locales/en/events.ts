/**
 * What changed, in few words each: they stand on the timeline, beside charts and in chains of causes. `what` is the service,
 * the database or the host that changed, by its name.
 */
export const events = {
  deployed: '{{version}} deployed to {{what}} (before: {{before}})',
  'image-deployed': '{{image}} deployed to {{what}} (before: {{before}})',
  'versions-mixed': '{{what}} answers both as {{version}} and as {{before}}',
  upgraded: '{{what}} is {{version}} now (before: {{before}})',

  restarted: '{{what}} restarted',
  'restarted-by-itself_one': '{{what}} ended and was started again',
  'restarted-by-itself_other': '{{what}} ended and was started again, {{count, number}} times',
  ended: '{{what}} was stopped',
  'ended-memory': '{{what}} was killed: the memory that it may have ran out',
  'ended-signal': '{{what}} was ended by signal {{detail}}',
  'ended-code': '{{what}} ended with exit code {{detail}}',
  'ended-failed': '{{what}} failed ({{detail}})',
  'process-crashed': 'a process of {{what}} crashed: it cut all connections and recovered',

  'schema-changed': 'schema at {{revision}} ({{place}}, before: {{before}})',
  'schema-first': 'schema at {{revision}} ({{place}}, nothing before)',

  'setting-changed': '{{what}}: {{name}} = {{after}} (before: {{before}})',
  'setting-set': '{{what}}: {{name}} = {{after}} (before: the default)',
  'setting-reset': '{{what}}: {{name}} is at its default again (before: {{before}})',
  'setting-masked': '{{what}}: {{name}} was changed (its value is not shown)',
  'settings-more_one': '{{what}}: {{count, number}} more setting was changed: {{names}}',
  'settings-more_other': '{{what}}: {{count, number}} more settings were changed: {{names}}',
  'settings-pending_one': '{{what}}: {{names}} was changed, and takes effect with a restart',
  'settings-pending_other':
    '{{what}}: {{count, number}} settings were changed, and take effect with a restart: {{names}}',

  'server-moved': '{{what}}: {{server}} answers now (before: {{before}})',
  'became-primary': '{{what}} became the primary',
  'became-replica': '{{what}} became a replica',

  'path-back': '{{hop}} is reached again, after {{seconds, duration}}',

  'profile-added': 'added to the console',
  'profile-removed': 'removed from the console',
  'profile-edited': 'profile edited: {{parts}}',
  'profile-paused': 'watching paused',
  'profile-resumed': 'watching resumed',

  'alert-fires': 'alert ({{severity}}): {{saidText}}',
  'alert-raised': 'alert is worse ({{severity}}): {{saidText}}',
  'alert-flaps': 'alert comes and goes ({{severity}}): {{saidText}}',
  'alert-acknowledged': '{{by}} looks into the alert: {{saidText}}',
  'alert-cleared': 'alert is over: {{saidText}}',
  'alert-resolved': '{{by}} closed the alert: {{saidText}}',
  'alert-closed': 'alert is not watched any more: {{saidText}}',

  'operation-began': '{{saidText}} ({{by}})',
  'operation-undoing': '{{saidText}}: is being taken back ({{by}})',
  'operation-interrupted': '{{saidText}}: interrupted, waits for a decision',
  'operation-succeeded': '{{saidText}}: done after {{seconds, duration}}',
  'operation-failed': '{{saidText}}: failed after {{seconds, duration}}',
  'operation-cancelled': '{{saidText}}: given up after {{seconds, duration}}',
  'operation-undone': '{{saidText}}: taken back',
  'did-cancel-query': 'operation “cancel query”',
  'did-terminate-backend': 'operation “terminate session”',
  'did-restart-service': 'operation “restart service”',
  'did-backup': 'operation “backup”',
  'did-drill': 'operation “restore drill”',
  'did-restore': 'operation “restore”',
  'did-drill-verify': 'operation “read back”',
  'did-restore-in-place': 'operation “restore in place”',
  'did-restore-tables': 'operation “restore of tables”',
  'did-restore-elsewhere': 'operation “restore elsewhere”',
  'did-restore-keep': 'operation “keep what was restored”',

  'silence-began': 'silence over {{saidText}} for {{seconds, duration}} ({{by}})',
  'silence-began-until-clear':
    'silence over {{saidText}} until all is clear, for {{seconds, duration}} at most ({{by}})',
  'silence-expired': 'silence over {{saidText}} ended after {{seconds, duration}}',
  'silence-cleared': 'silence over {{saidText}} ended, all is clear after {{seconds, duration}}',
  'silence-began-operation': 'silence over {{saidText}} while an operation runs ({{by}})',
  'silence-window-changed':
    'silence over {{saidText}} ended after {{seconds, duration}}, its maintenance window was changed',
  'silence-healthy': 'silence over {{saidText}} ended after {{seconds, duration}}, all services answer well',
  'silence-by-hand': 'silence over {{saidText}} was ended after {{seconds, duration}}',
  'silence-at-its-origin': 'silence over {{saidText}} ended where it was set, after {{seconds, duration}}',
  'silenced-all': 'all alerts',
  'silenced-one': 'one alert',
  'silenced-rules': 'alerts of {{rules}}',
  'silenced-labels': 'alerts with {{rules}}',
  'silenced-severities': 'alerts that are {{severity}}',

  // Said around what happened.
  'after-pause': '{{happening}} (happened while nobody looked)',
  flapped_one: '{{saidText}} (came and went once within {{flappedSeconds, duration}})',
  flapped_other: '{{saidText}} (came and went {{count, number}} times within {{flappedSeconds, duration}})',
} as const
