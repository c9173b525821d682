/**
 * Reasons of statuses. `{{name}}` is a parameter; `{{value, number}}` is written the reader's way. A number and its unit
 * are held together by a no-break space.
 */
export const reasons = {
  'tls-none': 'none: the server offers no TLS',
  'tls-unchecked': '{{protocol}}, certificate not checked',
  'tls-chain': '{{protocol}}, {{cipher}}; {{chain}}; good until {{end}}, for {{days, number}} more days',
  'oauth-token-for': 'a token for {{seconds, number}} s',
  'oauth-token-unbounded': 'a token that does not say how long it is good',
  'redis-cluster-known': 'the cluster has {{nodes, number}} nodes',
  'redis-node-of-cluster':
    '{{commands}}; it is one node of a cluster: with "cluster: true" in the profile every node is watched',
  'rights-superuser':
    '{{facts}}: more than watching needs; a role that is a member of pg_monitor and nothing else does no harm in wrong hands',
  'rights-writes':
    '{{facts}}, and may change data, which watching does not need; a role of its own in pg_monitor does no harm in wrong hands',
  'rights-pooled':
    '{{facts}}: clients that wait for a connection there are not seen, and while its pool is used up nothing is',
  'not-yet-observed': 'Not looked at yet',
  'nothing-watched': 'Nothing of this kind is declared',
  paused: 'Watching is paused',
  'console-slept': 'The console slept or was stopped',
  'console-offline': 'The console itself has no network',
  'console-online': 'The console has network again',
  'look-timed-out': 'No answer within {{seconds, number}} s; what held it up is unknown',
  'probe-failed': 'The look failed within Vakhta itself; its log says how',

  'health-live-and-ready': 'Live and ready, answered in {{latency, number}} ms',
  'health-live': 'Live, answered in {{latency, number}} ms',
  'health-not-live': '{{path}} answers {{httpStatus}}: the service does not work',
  'health-live-unexpected':
    '{{path}} answers {{httpStatus}} instead of 2xx: check the path and the token in the profile, else the service',
  'health-not-ready': 'Live but not ready: {{path}} answers {{httpStatus}}',
  'health-not-ready-because': 'Live but not ready: {{dependencies}} (from {{path}}, {{httpStatus}})',
  'health-ready-unanswered': 'Live, but {{path}} does not answer',
  'health-refused':
    '{{path}} answers {{httpStatus}}: the service answers, but wants other credentials than the profile gives',
  'health-redirected':
    '{{path}} answers {{httpStatus}} and sends to {{location}}: put that address into the profile, or allow "redirects"',
  'health-ready-refused':
    'Live, but {{path}} answers {{httpStatus}}: it wants other credentials than the profile gives',
  'health-limited': 'The service limits requests (429): looking again in {{seconds, number}} s',
  'health-request-unexpected': 'Request {{request}}: {{path}} answers {{httpStatus}} instead of {{expected}}',
  'health-request-unanswered': 'Request {{request}}: {{path}} does not answer within {{seconds, number}} s',
  'health-request-no-number': 'Request {{request}}: the answer of {{path}} has no number at {{json}}',
  'health-request-above': 'Request {{request}}: {{value, number}} (at most {{limit, number}})',
  'health-request-below': 'Request {{request}}: {{value, number}} (at least {{limit, number}})',
  'health-tls-expiring':
    'The certificate ends in {{value, number(maximumFractionDigits: 0; roundingMode: floor)}} days (limit {{limit, number}})',

  'pool-healthy':
    '{{checkedOut, number}} of {{size, number}} connections checked out, {{available, number}} free',
  'pool-utilization-high':
    'Pool {{value, number(maximumFractionDigits: 0)}} % used: {{checkedOut, number}} of {{size, number}} connections checked out (limit {{limit, number}} %)',
  'pool-available-low':
    '{{available, number}} of {{size, number}} connections free (limit {{limit, number}})',
  'pool-used-up-by-locks':
    'Pool used up, {{checkedOut, number}} of {{size, number}} checked out: {{waiting, number}} wait for a lock; blocking: PID {{blockers}}',
  'pool-used-up-idle-in-transaction':
    'Pool used up, {{checkedOut, number}} of {{size, number}} checked out: {{idleInTransaction, number}} idle in transaction, the oldest for {{seconds, number}} s',
  'pool-transaction-old':
    'The oldest transaction is {{value, number(maximumFractionDigits: 0)}} s old (limit {{limit, number}} s); idle in transaction: {{idleInTransaction, number}}',
  'pool-clients-waiting': 'Clients waiting for a connection: {{value, number}} (limit {{limit, number}})',
  'pool-locks-waiting':
    'Backends waiting for a lock for over a second: {{value, number}} (limit {{limit, number}}); blocking: PID {{blockers}}',
  'pool-slow-statements':
    'Statements over 1000 ms in the last 30 s: {{statements, number}}, the longest {{seconds, number}} s',
  'pool-replication-lagging':
    'A standby lags by {{value, number(maximumFractionDigits: 0)}} s (limit {{limit, number}} s)',
  'pool-archive-failing':
    'WAL is not archived: the latest attempt failed, at {{wal}}; the last one that succeeded was {{seconds, duration}} ago. WAL piles up on the server, and what was written since cannot be restored',
  'pool-archive-never':
    'WAL is not archived, and never was: the latest attempt failed, at {{wal}}. WAL piles up on the server; see archive_command and the server log',
  'pool-xid-age-high':
    'Transaction ids: {{value, number(maximumFractionDigits: 0)}} % of the way to wraparound (limit {{limit, number}} %); a VACUUM FREEZE is due',
  'pool-mxid-age-high':
    'Multixact ids: {{value, number(maximumFractionDigits: 0)}} % of the way to wraparound (limit {{limit, number}} %); a VACUUM FREEZE is due',
  'pool-prepared-transaction-old':
    'A prepared transaction has been open for {{value, number(maximumFractionDigits: 0)}} s (limit {{limit, number}} s): it holds its locks and keeps vacuum from working until it is committed or rolled back (pg_prepared_xacts)',
  'pool-checksums-wrong':
    '{{value, number}} blocks of the database had a wrong checksum: its storage damages data. Look into the log of PostgreSQL for which they are, and make sure of a good backup',
  'pool-privilege-missing':
    'The role {{role}} may not see the state of other backends ({{hidden, number}} hidden). Run: {{grant}}',
  'pool-replication-hidden':
    'The role {{role}} may not see how far the standbys are ({{hidden, number}} hidden). Run: {{grant}}',
  'pool-views-disagree':
    'The application says {{application, number}} connections are checked out, the server sees {{server, number}}: connections leak, or others use them',
  'pool-server-nearly-full':
    'The server has {{left, number}} of {{room, number}} connections left: fewer than this pool may still want',

  'pool-query-above': 'Query {{query}}: {{value, number}} (at most {{limit, number}})',
  'pool-query-below': 'Query {{query}}: {{value, number}} (at least {{limit, number}})',
  'pool-query-failed':
    'PostgreSQL refused query {{query}} of the profile (SQLSTATE {{sqlstate}}): {{words}}. Correct it in the profile, or allow it to the role',
  'pool-query-too-slow':
    'Query {{query}} of the profile was cut off after {{seconds, number}} s and is asked more rarely: it needs an index, or less to read',
  'pool-query-many-rows':
    'Query {{query}} of the profile answers with several rows: say with "by" which column names them',
  'pool-query-without-column':
    'Query {{query}} of the profile has no column {{column}} to name its rows by; it has {{columns}}',
  'pool-query-no-number': 'Query {{query}} of the profile answers with no number',

  'redis-healthy':
    'Answers in {{latency, number(maximumFractionDigits: 1)}} ms, connected clients: {{clients, number}}',
  'redis-healthy-replica':
    'Replica of {{primary}}, heard from it {{lag, number(maximumFractionDigits: 0)}} s ago; answers in {{latency, number(maximumFractionDigits: 1)}} ms',
  'redis-healthy-cluster':
    '{{nodes, number}} nodes, {{primaries, number}} of them primaries; the slowest answers in {{latency, number(maximumFractionDigits: 1)}} ms',
  'redis-healthy-cluster-node':
    'Answers in {{latency, number(maximumFractionDigits: 1)}} ms. It is one node of a cluster, and the others are not watched: give the address as that of a cluster ("cluster: true") to watch them all',
  'redis-loading-progress':
    'Redis is reading its data from disk, {{percent, number(maximumFractionDigits: 0)}} % are read: it answers no commands for about {{seconds, number}} s more',
  'redis-writes-refused':
    'Redis refuses every write because it could not write its data to disk: see the disk, its space and the log of Redis',
  'redis-out-of-memory':
    'Redis is out of memory and refuses writes: {{usedMiB, number}} of {{ofMiB, number}} MiB used, and nothing may be evicted',
  'redis-clients-full':
    'All {{most, number}} connections that maxclients allows are taken: whoever comes now is refused',
  'redis-info-renamed':
    'Answers, but does not know INFO, so almost nothing is known: it was renamed or switched off on the server (rename-command, or by who hosts it)',
  'redis-cluster-failing':
    'The cluster refuses commands (cluster_state:fail); hash slots that nobody serves: {{slots, number}} of 16384',
  'redis-cluster-divided':
    'Some nodes take the cluster for failed: {{nodes}}. They are cut off from most of the others',
  'redis-cluster-uncovered':
    'Hash slots that nobody serves: {{slots, number}} of 16384. Keys in them cannot be read or written',
  'redis-cluster-nodes-down': 'Nodes of the cluster that are down: {{count, number}} ({{nodes}})',
  'redis-cluster-nodes-unreached':
    'Nodes that the cluster reaches and Vakhta does not: {{count, number}} ({{nodes}}). The addresses that they announce count as seen from the end of the SSH chain',
  'redis-latency-high':
    'Answers in {{value, number(maximumFractionDigits: 0)}} ms (limit {{limit, number}} ms)',
  'redis-memory-high':
    'Memory {{value, number(maximumFractionDigits: 0)}} % used: {{usedMiB, number}} of {{ofMiB, number}} MiB (limit {{limit, number}} %), and nothing may be evicted',
  'redis-hit-rate-low':
    'Hit rate {{value, number(maximumFractionDigits: 1)}} % over 5 minutes (limit {{limit, number}} %)',
  'redis-load-high':
    '{{value, number(maximumFractionDigits: 0)}} commands per second (limit {{limit, number}})',
  'redis-cpu-high':
    'The thread that runs commands is busy {{value, number(maximumFractionDigits: 0)}} % of the time (limit {{limit, number}} %): Redis has one for all of them',
  'redis-evicting':
    'Evicts {{value, number(maximumFractionDigits: 1)}} keys per second for want of memory (limit {{limit, number}})',
  'redis-replication-lagging':
    'Replication lags by {{value, number(maximumFractionDigits: 0)}} s (limit {{limit, number}} s)',
  'redis-replication-copying':
    'This replica is copying its primary anew: until that is done, what it answers is old',
  'redis-replication-broken': 'This replica has lost its primary: what it answers grows old',
  'redis-save-failing': 'The last background save failed: what was written since is lost if Redis stops',
  'redis-append-only-failing': 'Writing or rewriting the append-only file failed: see the disk and its space',
  'redis-info-forbidden':
    'Answers, but this user may not run INFO, so almost nothing is known. Run: {{grant}}',

  'host-healthy': 'CPU {{cpu, number}} %, memory {{memory, number}} %, disk {{disk, number}} %',
  'host-healthy-at-first':
    'Memory {{memory, number}} %, disk {{disk, number}} %; CPU is known from the next look on',
  'host-cpu-high': 'CPU {{value, number(maximumFractionDigits: 0)}} % busy (limit {{limit, number}} %)',
  'host-memory-high': 'Memory {{value, number(maximumFractionDigits: 0)}} % used (limit {{limit, number}} %)',
  'host-disk-high':
    'Disk {{disk}} is {{value, number(maximumFractionDigits: 0)}} % full (limit {{limit, number}} %)',
  'host-inodes-high':
    'Inodes of {{disk}} are {{value, number(maximumFractionDigits: 0)}} % used (limit {{limit, number}} %)',
  'host-disk-silent': 'No answer about {{disk}}: it is not there, or hangs',
  'host-unreadable': 'Nothing could be read: {{system}} has no /proc as Linux has',

  'traffic-healthy': '{{requests, number}} requests per second',
  'traffic-healthy-timed': '{{requests, number}} requests per second, {{mean, number}} ms on average',
  'traffic-first-look':
    'Rates are known from the next look on: the counters were read for the first time, or started over',
  'traffic-errors-high':
    '5xx answers within a minute: {{value, number(maximumFractionDigits: 0)}} (limit {{limit, number}})',
  'traffic-slow-mean':
    'Requests take {{value, number(maximumFractionDigits: 0)}} ms on average (limit {{limit, number}} ms)',
  'traffic-slow-p95':
    'One request in twenty takes over {{value, number(maximumFractionDigits: 0)}} ms (limit {{limit, number}} ms)',
  'traffic-slow-path-mean':
    '{{path}} takes {{value, number(maximumFractionDigits: 0)}} ms on average (limit {{limit, number}} ms)',
  'traffic-slow-path-p95':
    'One request in twenty to {{path}} takes over {{value, number(maximumFractionDigits: 0)}} ms (limit {{limit, number}} ms)',
  'traffic-limited':
    'The service limits requests for metrics (429): looking again in {{retryAfterSeconds, number}} s',
  'traffic-refused': '{{path}} answers {{httpStatus}}: reading metrics wants a token, or another one',
  'traffic-redirected':
    '{{path}} answers {{httpStatus}} and sends to {{location}}: put that address into the profile, or allow "redirects"',
  'traffic-unexpected': '{{path}} answers {{httpStatus}} instead of 200',
  'traffic-too-long':
    '{{path}} was cut at {{limitMiB, number}} MiB: lower its cardinality; looking again in {{retryAfterSeconds, number}} s',
  'host-not-node-exporter':
    '{{path}} exposes metrics, but not those of a node exporter: check the address in the profile',
  'traffic-not-metrics': '{{path}} answers with something else than Prometheus metrics',
  'traffic-no-known-names': '{{path}} exposes no counter of HTTP requests under a name known here',

  'exposition-healthy': '{{series, number}} series read',
  'exposition-nothing-kept': '{{path}} exposes metrics, but none of those that the profile keeps',
  'exposition-above': '{{metric}}: {{value, number}} (at most {{limit, number}})',
  'exposition-below': '{{metric}}: {{value, number}} (at least {{limit, number}})',
}
