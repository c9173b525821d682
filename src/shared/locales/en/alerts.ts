/**
 * Alerts in words: what a rule says of the thing that it fires for. `{{value}}` is what was measured, `{{limit}}` the line, `{{target}}` the
 * service, server or host. `title-…` names the rule itself.
 */
export const alerts = {
  'alert-db-pool-utilization-high':
    'Connection pool {{value, number(maximumFractionDigits: 0)}} % used (limit {{limit, number}} %)',
  'alert-db-pool-available-low':
    'Free connections in the pool: {{value, number}} (at least {{limit, number}})',
  'alert-db-slow-queries': 'A query took {{value, number}} ms (limit {{limit, number}} ms)',
  'alert-redis-disconnected': 'Redis {{target}} does not answer',
  'alert-redis-memory-high':
    'Redis {{target}}: memory {{value, number(maximumFractionDigits: 0)}} % used (limit {{limit, number}} %)',
  'alert-redis-evicting':
    'Redis {{target}} has been evicting {{value, number(maximumFractionDigits: 1)}} keys per second for over a minute',
  'alert-redis-hit-rate-low':
    'Redis {{target}}: hit rate {{value, number(maximumFractionDigits: 1)}} % over 5 minutes (limit {{limit, number}} %)',
  'alert-redis-load-high':
    'Redis {{target}}: {{value, number(maximumFractionDigits: 0)}} commands per second (limit {{limit, number}})',
  'alert-system-memory-high':
    'Memory of {{target}} {{value, number(maximumFractionDigits: 0)}} % used (limit {{limit, number}} %)',
  'alert-system-cpu-high':
    'CPU of {{target}} {{value, number(maximumFractionDigits: 0)}} % busy (limit {{limit, number}} %)',
  'alert-system-disk-high':
    'Disk of {{target}} {{value, number(maximumFractionDigits: 0)}} % full (limit {{limit, number}} %)',
  'alert-alerts-active-high': 'Alerts that fire: {{value, number}} (limit {{limit, number}})',
  'alert-http-errors-high':
    '{{target}}: {{value, number(maximumFractionDigits: 0)}} answers with 5xx within a minute (limit {{limit, number}})',
  'alert-http-requests-slow':
    '{{target}} {{path}}: requests take {{value, number(maximumFractionDigits: 0)}} ms (limit {{limit, number}} ms)',
  'alert-service-not-ready': '{{target}} is not ready',
  'alert-backup-stale': 'No complete backup within {{limit, duration}}',
  'alert-deployment-unreachable': 'The deployment cannot be reached: nothing is known of what is in it',
  'alert-postgres-down': 'PostgreSQL does not answer',
  'alert-host-key-changed': 'An SSH host on the way shows another key than the one that is known',
  'alert-redis-persistence-failing': 'Redis {{target}} cannot save its data to disk',
  'alert-replication-lag-high':
    'Replication of {{target}} lags by {{value, number(maximumFractionDigits: 0)}} s (limit {{limit, number}} s)',
  'alert-xid-wraparound':
    'Transaction ids are {{value, number(maximumFractionDigits: 0)}} % of the way to wraparound (limit {{limit, number}} %)',
  'alert-tls-expiring':
    'The certificate of {{target}} ends in {{value, number(maximumFractionDigits: 0; roundingMode: floor)}} days (limit {{limit, number}})',
  'alert-drill-failed': 'A drill could not restore its backup',
  'alert-drill-failed-because': 'A drill could not restore its backup: {{becauseText}}',
  'alert-own-above':
    '{{title}}: {{target}} {{label}} {{value, number(maximumFractionDigits: 2)}} (at most {{limit, number}})',
  'alert-own-below':
    '{{title}}: {{target}} {{label}} {{value, number(maximumFractionDigits: 2)}} (at least {{limit, number}})',

  'title-db-pool-utilization-high': 'Connection pool nearly used up',
  'title-db-pool-available-low': 'Hardly a free connection in the pool',
  'title-db-slow-queries': 'Slow queries',
  'title-redis-disconnected': 'Redis does not answer',
  'title-redis-memory-high': 'Redis short of memory',
  'title-redis-hit-rate-low': 'Low hit rate of Redis',
  'title-redis-load-high': 'High load on Redis',
  'title-system-memory-high': 'Host short of memory',
  'title-system-cpu-high': 'Host short of processor time',
  'title-system-disk-high': 'Disk nearly full',
  'title-alerts-active-high': 'Many alerts at once',
  'title-http-errors-high': 'Many failed requests',
  'title-http-requests-slow': 'Slow requests',
  'title-service-not-ready': 'Service not ready',
  'title-backup-stale': 'Backup too old',
  'title-deployment-unreachable': 'Deployment cannot be reached',
  'title-postgres-down': 'PostgreSQL does not answer',
  'title-host-key-changed': 'SSH host key changed',
  'title-redis-persistence-failing': 'Redis cannot save',
  'title-replication-lag-high': 'Replication lags',
  'title-xid-wraparound': 'Transaction ids run out',
  'title-tls-expiring': 'Certificate ends soon',
  'title-drill-failed': 'Drill failed',

  'unheard-all': 'Critical alerts reach nobody: {{why}}.',
  'unheard-part': 'Some critical alerts reach nobody: {{why}}.',
  'unheard-some_one': 'Critical alerts of {{count, number}} rule reach nobody: {{why}}.',
  'unheard-some_other': 'Critical alerts of {{count, number}} rules reach nobody: {{why}}.',
  'unheard-why-no-channel': 'there is no channel',
  'unheard-why-all-off': 'every channel is switched off',
  'unheard-why-none-gets-everything': 'no channel that is on gets everything',
  'unheard-why-failing': 'what is sent to {{channels}} fails or is refused',
  'unheard-why-no-page': 'they go to browsers, and no page of this console is open in one',
  'unheard-why-not-allowed':
    'they go to browsers, and none of those with a page of this console may show notifications',
  'inert-no-backups': 'Inert: no deployment has backups in its profile',
  'inert-no-drills': 'Inert: no deployment has backups that a drill could restore',
  'inert-for-nothing': 'Sees nothing now: no deployment is in its scope',
  'inert-sees-nothing': 'Sees nothing now: none of its deployments ({{deployments}}) has {{lacks}}',

  'rehearsal-nothing-to-read': 'This rule reads nothing here, so there is nothing to rehearse',
  'rehearsal-not-watched': 'This deployment is paused: rules are rehearsed on what is watched',
  'rehearsal-reads-the-way':
    'This rule reads how a deployment is reached, of which the history keeps nothing: how often it would have fired is not known',
  'rehearsal-reads-alerts':
    'This rule reads how many alerts fire, of which the history keeps nothing: how often it would have fired is not known',
  'rehearsal-reads-backups':
    'This rule reads how old the last backup is, of which the history keeps nothing: how often it would have fired is not known',
  'rehearsal-coarse': 'Of some of the time only means over longer steps are kept: short peaks are missing',
  'rehearsal-policy-of-now': 'Whether Redis evicts is taken to have been as it is now',
  'rehearsal-refused-writes': 'Writes that Redis refused are not kept: only failed saves are counted',
}
