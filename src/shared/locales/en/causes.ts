/**
 * Links of a chain of causes, in few words each: "api is not ready ← pool 100 % (40 of 40) ← 3 backends wait for PID 42".
 * `{{seconds, duration}}` is said as people say it: "9 min".
 */
export const causes = {
  'service-down': '{{service}} is down',
  'service-not-ready': '{{service}} is not ready',
  'service-unknown': 'the state of {{service}} is unknown',
  'service-names': '{{service}} names {{names}}',
  'ready-waits-for-pool': 'its ready check gets no answer while the pool is used up',
  'ready-all-the-same': '{{service}} says that it is ready all the same',
  'exposition-unknown': 'the metrics of {{name}} are unknown',
  'traffic-unknown': 'the traffic of {{service}} is unknown',
  'traffic-rose': '{{now, number}} requests per second to {{service}}, {{before, number}} before',

  'pool-used':
    'pool {{percent, number(maximumFractionDigits: 0)}} % ({{checkedOut, number}} of {{size, number}} in use)',
  'pool-leaked':
    '{{count, number}} connections of {{who}} idle in transaction, the oldest for {{seconds, duration}}: they are not given back',
  'database-down': 'PostgreSQL is down',
  'database-full': 'PostgreSQL has no connection left',
  'database-unknown': 'the state of PostgreSQL is unknown',
  'locks-waited-for_one': '{{count, number}} backend waits for PID {{pid}}',
  'locks-waited-for_other': '{{count, number}} backends wait for PID {{pid}}',
  'blocker-idle':
    'PID {{pid}} ({{who}}) idle in transaction for {{seconds, duration}}, its last statement: {{statement}}',
  'blocker-running': 'PID {{pid}} ({{who}}) running for {{seconds, duration}}: {{statement}}',
  'blocker-prepared': 'a prepared transaction holds the lock: see pg_prepared_xacts',
  'blocker-unseen': 'what PID {{pid}} does is not seen',
  'transaction-forgotten':
    'PID {{pid}} ({{who}}) idle in transaction for {{seconds, duration}}, its last statement: {{statement}}',
  'statements-slow_one': '{{count, number}} statement runs for {{seconds, duration}}: {{statement}}',
  'statements-slow_other':
    '{{count, number}} statements run for over a second, the longest for {{seconds, duration}}: {{statement}}',

  'redis-down': 'Redis {{redis}} is down',
  'redis-unknown': 'the state of Redis {{redis}} is unknown',
  'redis-evicts': 'Redis {{redis}} evicts {{value, number(maximumFractionDigits: 0)}} keys per second',
  'redis-memory-full':
    'the memory of Redis {{redis}} is {{percent, number(maximumFractionDigits: 0)}} % full',
  'redis-misses':
    'hit rate of Redis {{redis}} {{value, number(maximumFractionDigits: 0)}} %, {{before, number(maximumFractionDigits: 0)}} % before',

  'host-unknown': 'the state of host {{host}} is unknown',
  'disk-full': 'a disk of {{host}} is {{percent, number(maximumFractionDigits: 0)}} % full',

  'way-down': '{{hop}} is not reached',
  'way-refused': '{{hop}} waits for a person',
  'way-slow': 'a round trip to everything takes {{ms, number(maximumFractionDigits: 0)}} ms or more',
  'not-observed': '{{target}} is not observed',
  'console-offline': 'the console itself has no network',
} as const
