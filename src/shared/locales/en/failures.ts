/**
 * How reaching something failed: what happened, and what to do. `{{hop}}` is always there: where on the way it happened,
 * as people name it. `{{words}}` are the far side's own. Constant, so that the compiler holds whoever makes a failure to its parameters.
 */
export const failures = {
  // The way
  'host-unknown':
    'No address is known for {{host}}. Check the spelling, the name servers, and whether a VPN is needed for this name.',
  // Said after the text of another failure.
  'ssh-alias-unnamed':
    'The name is taken as it stands, because there is no "Host {{alias}}" in the SSH configuration ({{files}}).',
  'resolver-silent':
    'The name servers gave no answer for {{host}}. Check the network of this machine, or whether a VPN is needed.',
  'tcp-refused':
    '{{host}} refused the connection on port {{port}}: nothing listens there, or a firewall rejects it. Check the port, and that the service runs.',
  'tcp-silent':
    '{{host}} did not answer on port {{port}} within {{seconds, number}} s: a firewall drops the packets, or the machine is off. Check the address, the firewall, and whether a VPN or an SSH hop is needed.',
  'tcp-unreachable':
    'There is no route to {{host}}, port {{port}}. Check the network of this machine, and whether a VPN or an SSH hop is needed.',
  'tcp-reset':
    '{{host}} reset the connection on port {{port}}. A proxy or firewall in between may allow only some addresses.',
  'tcp-failed': 'The connection to {{host}}, port {{port}}, could not be made: {{words}}.',
  'socket-file-missing':
    'There is no socket {{path}}: the server does not run, or listens elsewhere. Check its configuration.',
  'socket-file-refused': 'Nobody listens on the socket {{path}}: the server does not run any more.',
  'socket-file-denied':
    'The socket {{path}} may not be opened by the user that Vakhta runs as: {{words}}. Add that user to the group that owns it.',
  'socket-file-silent':
    'The socket {{path}} was not opened within {{seconds, number}} s: the server is overloaded or hangs.',
  'socket-file-failed': 'The socket {{path}} could not be opened: {{words}}.',
  'connection-slow':
    '{{hop}} was not connected within {{seconds, number}} s; the attempt goes on. Should it stay so, test the connection step by step in the settings.',
  'connection-failed': 'Connecting to {{hop}} failed unexpectedly: {{words}}. The log has the details.',
  'watch-ended': 'The connection to {{hop}} was closed because watching it ended.',

  // Secrets
  'secret-missing':
    'There is no secret "{{name}}" in the vault, or it is empty. Set it with: vakhta secret set {{name}}',
  'secret-environment-missing':
    'The environment of Vakhta has no variable {{name}}, or it is empty. Set it and start Vakhta again, or refer to a secret of the vault.',
  'secret-file-missing': 'There is no file {{name}}. Correct the path in the profile, or put the file there.',
  'secret-file-unreadable':
    'The file {{name}} cannot be read, or it is empty. It has to be readable by the user that Vakhta runs as.',
  'secret-locked':
    'The vault could not be opened for {{reference}}. Check the key file or passphrase that Vakhta was started with.',

  // SSH
  'key-passphrase-missing':
    'The key {{name}} is protected by a passphrase, and the profile gives none. Put the passphrase into the vault and refer to it as "passphrase: secret:NAME".',
  'key-passphrase-wrong':
    'The passphrase does not open the key {{name}}. Correct the secret that "passphrase" refers to, then try again.',
  'key-unsupported':
    'The key {{name}} cannot be used: {{words}}. An Ed25519, ECDSA or RSA private key in OpenSSH or PEM form is expected.',
  'key-is-public': '{{name}} is a public key. The private one is needed: usually the file without ".pub".',
  'key-unprotected':
    'The private key {{file}} lies open to other users (mode {{mode}}), so it is not used; ssh refuses it, too. Close it: {{command}}',
  'host-key-unknown':
    'The SSH key of {{host}} is not known yet. It is {{keyType}} {{fingerprint}}. Compare it with what the administrator of the host says, then accept it in Settings or with: vakhta hosts accept {{host}} {{fingerprint}}',
  'host-key-changed':
    'The SSH key of {{host}} has changed. Instead of {{known}} (known from {{where}}) came {{fingerprint}}. Somebody may stand between you and the host. Only if its administrator confirms the new key: replace the old one in {{where}}, or accept the new one in Settings or with: vakhta hosts accept {{host}} {{fingerprint}}',
  'host-key-revoked':
    'The SSH key of {{host}}, {{fingerprint}}, is marked as revoked in {{where}}. It must not be trusted: ask the administrator of the host for a new one.',
  'host-certificate-expired':
    'The SSH host certificate of {{host}} has expired on {{until}}. Its administrator has to have it signed anew; until then nothing is sent there.',
  'host-certificate-not-yet-valid':
    'The SSH host certificate of {{host}} is valid from {{from}} only. Check the clock of this machine and of the one that signed it.',
  'host-certificate-wrong-host':
    'The SSH host certificate that {{host}} shows is for other names: {{names}}. Use one of these names, or have one signed for this name.',
  'host-certificate-invalid':
    'The SSH host certificate of {{host}} does not hold: {{words}}. Nothing was sent there: ask its administrator for a valid one.',
  'ssh-closed-early':
    '{{host}} closed the connection on port {{port}} before any SSH greeting: it refuses this address (fail2ban, hosts.deny), has too many logins under way, or is no SSH server. Check the port, and the log of sshd there.',
  'ssh-handshake-failed':
    'No SSH session with {{host}}, port {{port}}, came about: {{words}}. Check that an SSH server of today listens there.',
  'ssh-handshake-silent':
    '{{host}}, port {{port}}, accepted the connection but did not finish the SSH handshake within {{seconds, number}} s. The host may be overloaded, or something else listens there.',
  'ssh-key-refused':
    '{{host}} does not let {{user}} in with the key {{key}} (it takes: {{methods}}). Check the user, and that the public key is in its authorized_keys. It is not tried again until you ask for it.',
  'ssh-password-refused':
    '{{host}} does not let {{user}} in with the password of the profile (it takes: {{methods}}). Correct the secret. It is not tried again until you ask for it, so that the account is not locked.',
  'ssh-login-refused':
    '{{host}} does not let {{user}} in (it takes: {{methods}}). Tried: {{offered}}. Check the user, and that one of these is right. It is not tried again until you ask for it.',
  'ssh-nothing-to-offer':
    '{{host}} takes {{methods}} to let {{user}} in, and there is nothing of that to offer. Add it to the hop: key, agent, password, or "interactive: true".',
  'ssh-agent-failed':
    'The SSH agent {{agent}} gave no keys: {{words}}. Check that it runs, is unlocked, and belongs to the user that Vakhta runs as.',
  'ssh-agent-none':
    'The profile wants the SSH agent, but the environment that Vakhta was started in names none (SSH_AUTH_SOCK). Start Vakhta where an agent runs, or name its socket in the profile: "agent: PATH".',
  'ssh-agent-empty':
    'The SSH agent {{agent}} holds none of the keys that may be offered. Add one with: ssh-add',
  'ssh-certificate-unusable': 'The certificate {{name}} cannot be used: {{words}}.',
  'ssh-certificate-expired':
    'The certificate {{name}} is not in force: it is valid from {{from}} until {{until}}. Have the key signed anew; it is read again at the next attempt.',
  'ssh-question-open':
    '{{hop}} asks something before it lets {{user}} in ("{{question}}"), and waits for the answer: give it at the top of the window of Vakhta. What is behind it cannot be seen until then.',
  'ssh-question-unanswered':
    '{{host}} asked {{user}} while logging in ("{{question}}"), and nobody answered. Try again when somebody is there to answer.',
  'ssh-question-broken-off':
    'The login of {{user}} at {{host}} broke off after a question was answered: {{words}}. It does not ask again until you try again.',
  'ssh-question-unreasonable':
    '{{host}} asks {{user}} for {{count, number}} things in one login, which no login needs. Nothing was answered: look at what this server is.',
  'ssh-password-expired':
    '{{host}} wants {{user}} to choose a new password: {{words}}. Log in with ssh to change it, then correct the secret.',
  'ssh-account-refused':
    '{{host}} knows {{user}} but does not let the account in: {{words}}. Its administrator has to unlock or extend it. It is not tried again until you ask for it.',
  'ssh-second-factor':
    '{{host}} took what {{user}} showed, but asks for more: {{methods}}. Set "interactive: true" on the hop, and its questions come to the screen; or use an account that needs no second factor.',
  'ssh-too-many-attempts':
    '{{host}} ended the login of {{user}}: {{words}}. It is not tried again until you ask for it, so that the account is not locked.',
  'ssh-closed-at-login': '{{host}} closed the connection while {{user}} was logging in: {{words}}.',
  'ssh-connection-lost': 'The SSH connection to {{hop}} was lost: {{words}}. It is being restored.',
  'ssh-silent':
    'The SSH connection to {{hop}} was silent for {{seconds, number}} s and was given up. It is being restored.',
  'ssh-unanswered':
    'The SSH connection to {{hop}} has not answered for {{seconds, number}} s. If it stays silent it is given up and made anew.',
  'ssh-session-refused':
    '{{hop}} cannot be given a session on the SSH connection: {{words}}. Check MaxSessions and whether the account may run commands.',
  'forward-prohibited':
    '{{hop}} does not forward to {{host}}:{{port}}. Its sshd needs "AllowTcpForwarding yes" (or "local") and a "PermitOpen" that includes this port.',
  'forward-refused':
    '{{host}} refused the connection from {{through}} on port {{port}}: nothing listens there, or a firewall rejects it. The address counts as seen from that hop.',
  'forward-silent':
    '{{host}}:{{port}} did not answer to {{through}} within {{seconds, number}} s: a firewall between them drops the packets, or the machine is off. The address counts as seen from that hop.',
  'forward-host-unknown':
    '{{through}} knows no address for {{host}}. The name is looked up there, not here: check the spelling and the name servers of that hop.',
  'forward-unreachable': '{{through}} cannot reach {{host}}:{{port}}: {{words}}.',
  'forward-socket-failed':
    '{{hop}} could not open the socket {{path}} at the far side: {{words}}. The path counts as seen from that hop, and its sshd needs "AllowStreamLocalForwarding yes" (or "local").',
  'forward-failed': '{{hop}} could not open a forwarding to {{host}}:{{port}}: {{words}}.',
  'command-slow': '"{{command}}" did not end on {{hop}} within {{seconds, number}} s and was stopped.',
  'command-failed': '"{{command}}" could not be run on {{hop}}: {{words}}.',

  // The SSH configuration
  'ssh-config-missing':
    'There is no SSH configuration {{file}}. Correct "config" in the profile, or leave it out for the one of ~/.ssh.',
  'ssh-config-unreadable':
    'The SSH configuration {{file}} cannot be read: {{words}}. It has to be a file that the user that Vakhta runs as may read.',
  'ssh-config-unsafe':
    'The SSH configuration {{file}} may be written by others than its owner, or belongs to somebody else: ssh does not use it either. Correct it: chmod go-w {{file}}',
  'ssh-config-too-large':
    'The SSH configuration {{file}} is longer than {{limit}} MiB and was not read. Check that it is the right file.',
  'ssh-config-endless':
    'The SSH configuration includes too much: {{file}} was not read any more. Look for files that include each other.',
  'ssh-config-no-text':
    '{{where}} holds what is no text (a NUL byte, or bytes that are not UTF-8). Check that it is an SSH configuration.',
  'ssh-config-no-value':
    '{{where}}: {{keyword}} stands there without a value. Give it one, or remove the line.',
  'ssh-config-unknown':
    '{{where}}: "{{keyword}}" is no keyword of SSH. Correct the spelling, or name it in an IgnoreUnknown line before it.',
  'ssh-config-quotes': '{{where}}: a quote after {{keyword}} is not closed. Close it.',
  'ssh-config-unsupported':
    '{{where}}: {{keyword}} applies to this host, and Vakhta cannot do what it asks for. Turn it off for this host, or enter the host without "alias", with everything about it in the profile.',
  'ssh-config-bad-value':
    '{{where}}: {{keyword}} has a value that it cannot have. ssh refuses it, too; "man ssh_config" says which are possible.',
  'ssh-config-extra':
    '{{where}}: {{keyword}} takes one value, and more follows. Put quotes around a value with spaces in it, or remove the rest.',
  'ssh-config-too-many':
    '{{where}}: {{keyword}} stands for more than {{limit}} files, which is the most that ssh takes.',
  'ssh-config-match-unsupported':
    '{{where}}: "Match {{criterion}}" would have to be decided for this host, and Vakhta does not look at that. Write the block with "Host" or with Match host, originalhost, user, localuser, tagged, final or all.',
  'ssh-config-match-malformed':
    '{{where}}: this Match line cannot be understood (at "{{criterion}}"). ssh refuses it, too; "man ssh_config" says how it is written.',
  'ssh-config-token':
    '{{where}}: {{token}} does not stand for anything in {{keyword}}. Write %% for a percent sign; "man ssh_config" lists the tokens.',
  'ssh-config-environment':
    '{{where}}: {{keyword}} refers to the variable {{name}}, which the environment of Vakhta does not have. Set it and start Vakhta again.',
  'ssh-config-include-depth':
    '{{where}}: files include each other more than {{limit}} deep. Look for one that includes itself.',
  'ssh-config-refuses': '{{where}}: RefuseConnection forbids this host: {{words}}.',
  'ssh-config-other-home':
    '{{where}}: {{keyword}} lies in the home of another user, which Vakhta does not know. Write the whole path.',
  'ssh-config-algorithms':
    '{{where}}: of the algorithms that {{keyword}} allows Vakhta can do none. Allow one more for this host, such as those of a current OpenSSH.',
  'ssh-alias-malformed':
    '"{{name}}" cannot be the name of a host: ssh takes none with quotes, spaces and other characters that a shell understands. Correct "alias" in the profile, or the ProxyJump that names it.',
  'ssh-user-malformed':
    '"{{user}}" cannot be a user: ssh takes none with quotes and other characters that a shell understands. Correct "user" in the profile, or the ProxyJump that names it.',
  'ssh-jump-loop':
    'The way leads in a circle: {{chain}}. Give the jump host a "ProxyJump none" of its own, before the line that sends everything through it.',
  'ssh-jump-too-many':
    'The way leads through more than {{limit}} hosts, and was not followed any further. Check the ProxyJump lines.',
  'ssh-proxy-command-inside':
    'The SSH configuration enters {{host}} with a ProxyCommand, which runs on this machine, but in the profile other hops are passed before it. Make it the first hop, or describe it with "host" instead of "alias".',
  'proxy-command-not-started': 'The ProxyCommand of {{hop}} could not be started: {{words}}.',
  'proxy-command-failed':
    'The ProxyCommand of {{hop}} ended before an SSH server answered through it (status {{how}}): {{words}}. Try it: ssh -v with the same name.',
  'proxy-command-ended':
    'The ProxyCommand of {{hop}} ended before an SSH server answered through it (status {{how}}) and gave no reason. Try it: ssh -v with the same name.',
  'proxy-command-silent':
    'No SSH server answered through the ProxyCommand of {{hop}} within {{seconds, number}} s; the command was stopped. Try it: ssh -v with the same name.',

  // TLS
  'tls-expired':
    'The certificate of {{host}} has expired on {{end}}. Renew it; until then nothing that checks certificates can connect.',
  'tls-authority-expired':
    'The certificate of {{subject}}, which vouches for that of {{host}}, has expired on {{end}}. Let the server send its successor, or renew the authority. Seen: {{chain}}.',
  'tls-not-yet-valid':
    'The certificate of {{subject}}, shown by {{host}}, is valid only from {{start}} on. Check the clocks of this machine and of the one that issued it.',
  'tls-self-signed':
    'The certificate of {{host}} is signed by itself, so nobody vouches for it. Use one of an authority that this machine trusts, or name the certificate in "tls.authorities" of the profile.',
  'tls-untrusted':
    'The certificate of {{host}} goes back to {{issuer}}, which is not trusted here. Name that authority in "tls.authorities" of the profile, or install it on this machine. The server showed: {{chain}}.',
  'tls-incomplete':
    '{{host}} showed its own certificate alone, issued by {{issuer}}, which is not trusted here. Either an intermediate certificate is missing: let the server send the whole chain; or name the authority in "tls.authorities" of the profile.',
  'tls-revoked': 'The certificate of {{host}} was revoked. It has to be replaced.',
  'tls-wrong-purpose':
    'A certificate that {{host}} showed was not issued for what it is used for ({{chain}}). Have one issued for servers ("serverAuth"), by an authority that may issue.',
  'tls-too-weak':
    'The keys or signatures of {{host}} are too weak to be trusted today. RSA from 2048 bits or ECDSA, signed with SHA-256 or better, are needed.',
  'tls-too-old':
    '{{host}} and Vakhta have no version of TLS in common: TLS 1.2 or 1.3 is needed. Let the server speak one of them.',
  'tls-wrong-name':
    'The certificate is not for {{host}} but for {{names}}. Use the name that it bears, or have one issued for this name.',
  'tls-name-unknown':
    'The server knows nothing under the name {{host}}. Correct the URL, or "tls.serverName" of the profile.',
  'tls-protocol-refused':
    '{{host}} refuses to speak {{protocols}} within TLS. A web server that allows HTTP/2 alone has to allow HTTP/1.1 as well; else check the port.',
  'tls-certificate-wanted':
    '{{host}} wants to see a certificate of ours. Name one in "tls.certificate" of the profile, and its key in "tls.key".',
  'tls-identity-refused':
    '{{host}} does not accept our certificate: {{words}}. Correct "tls.certificate" of the profile, then try again: it is not shown again by itself.',
  'tls-refused':
    '{{host}} refused the TLS handshake: {{words}}. It may want a certificate of ours ("tls.certificate"), another name ("tls.serverName"), or other ciphers.',
  'tls-authorities-invalid':
    'What {{reference}} holds is no certificate in PEM form ("-----BEGIN CERTIFICATE-----"). "tls.authorities" needs the certificates of whom to trust.',
  'tls-certificate-invalid':
    'What {{reference}} holds is no certificate in PEM form ("-----BEGIN CERTIFICATE-----"). "tls.certificate" needs our own, followed by its intermediates.',
  'tls-key-invalid':
    'What {{reference}} holds is no private key in PEM form ("-----BEGIN PRIVATE KEY-----"). Convert it with: openssl pkey -in FILE',
  'tls-key-mismatch':
    'The key in {{key}} does not belong to the certificate in {{certificate}}. Name the two that were issued together.',
  'tls-not-spoken':
    '{{host}} does not speak TLS on this port. Check the port, or whether the URL should be without TLS.',
  'tls-closed':
    '{{host}} closed the connection during the TLS handshake. It may ask for a client certificate, or serve other names only.',
  'tls-silent':
    '{{host}} did not finish the TLS handshake within {{seconds, number}} s. Some servers are silent like this on a port without TLS: check the port and the scheme of the address.',
  'tls-failed': 'No TLS session with {{host}} came about: {{words}}.',

  // PostgreSQL
  'postgres-without-tls':
    'PostgreSQL on {{host}}:{{port}} offers no TLS, and sslmode={{sslmode}} demands it. Turn on "ssl" on the server, or lower sslmode if the way there is protected otherwise.',
  'postgres-without-direct-tls':
    'PostgreSQL on {{host}}:{{port}} did not agree to TLS without being asked for it, which it can from version 17 on. Leave "sslnegotiation=direct" out of the URL.',
  'postgres-channel-binding-missing':
    'PostgreSQL on {{host}}:{{port}} does not bind the login to the TLS connection, and channel_binding=require demands it. It takes TLS and a password stored as SCRAM-SHA-256; a pooler in between cannot do it.',
  'postgres-server-unsuited': '{{hop}} is a {{found}}, and target_session_attrs={{wanted}} wants another.',
  'postgres-no-server': 'None of the servers could be reached: {{tried}}.',
  'postgres-no-server-wanted':
    'None of the servers is what target_session_attrs={{wanted}} wants: {{tried}}. After a failover this passes; else correct the list in the profile.',
  'postgres-not-spoken': 'What listens on {{host}}:{{port}} does not speak PostgreSQL. Check the port.',
  'postgres-silent':
    'PostgreSQL on {{host}}:{{port}} took the connection but said nothing for {{seconds, number}} s. The server may hang or be overloaded.',
  'postgres-password-wrong':
    'PostgreSQL refused the password of "{{user}}" (or there is no such role). Correct the secret, then try again: it is not tried by itself, so that nobody is locked out.',
  'postgres-password-needed':
    'PostgreSQL asks for a password of "{{user}}", and the profile gives none. Add "password: secret:NAME" to it.',
  'postgres-role-missing':
    'There is no role "{{user}}" on this server, or it may not log in: {{words}}. Create it: CREATE ROLE "{{user}}" LOGIN IN ROLE pg_monitor',
  'postgres-not-admitted':
    'PostgreSQL does not admit "{{user}}" to "{{database}}" from this address: {{words}}. A matching line in pg_hba.conf is needed, then a reload.',
  'postgres-database-missing':
    'There is no database "{{database}}" on {{host}}:{{port}}. Correct the URL in the profile.',
  'postgres-connect-denied':
    '"{{user}}" may not connect to "{{database}}". Grant it: GRANT CONNECT ON DATABASE "{{database}}" TO "{{user}}"',
  'postgres-too-many-clients':
    'PostgreSQL has no connection left: {{words}}. Look for idle connections of the application, or raise max_connections.',
  'postgres-starting': 'PostgreSQL is starting up or recovering, and takes no connections yet: {{words}}.',
  'postgres-shutting-down':
    'PostgreSQL ended the connection because it shuts down, or an administrator asked for it.',
  'postgres-crashed':
    'A server process of PostgreSQL crashed, and it restarts itself. Its log says which and why.',
  'postgres-closed-at-login': 'PostgreSQL closed the connection during the login of "{{user}}": {{words}}.',
  'postgres-refused-login': 'PostgreSQL refused the login of "{{user}}" (SQLSTATE {{sqlstate}}): {{words}}.',
  'postgres-connection-lost': 'The connection to {{hop}} was lost: {{words}}. It is being restored.',
  'postgres-session-busy':
    'The session to {{hop}} was busy with an earlier statement for {{seconds, number}} s. It is tried again at the next look.',
  'postgres-answer-missing':
    '{{hop}} gave no answer within {{seconds, number}} s, not even that it stopped the statement. The connection was dropped and is being restored.',
  'postgres-answer-too-long':
    '{{hop}} sent more than was asked for, and the connection was dropped. It is being restored.',
  'postgres-backend-hangs':
    'The server process {{pid}} of an earlier connection of Vakhta hangs and does not end. No other is opened beside it, so that there are never more than two: end it on the server.',
  'postgres-connections-left':
    'Two earlier connections to {{hop}} broke and may still be open at the server, and Vakhta opens no third. The server ends them by itself; the next attempt comes in {{seconds, number}} s at the latest.',
  'postgres-pooler-busy':
    '{{hop}} is a connection pooler, and gave no connection within {{seconds, number}} s: its pool is used up, it is paused, or PostgreSQL behind it is away.',
  'postgres-pooler-gave-up':
    'The connection pooler found no connection to PostgreSQL in its own time: {{words}}. Its pool is used up: see SHOW POOLS there.',
  'postgres-pooler-full':
    'The connection pooler takes no more clients: {{words}}. Look for clients that leak connections, or raise its max_client_conn.',
  'postgres-pooler-cannot-connect':
    'The connection pooler answers, but does not reach PostgreSQL behind it: {{words}}. Its log says why.',
  'postgres-pooler-restarting':
    'The connection pooler ended the connection: {{words}}. It restarts, or lost its own to PostgreSQL.',
  'postgres-pooler-refused':
    'The connection pooler refused the login of "{{user}}": {{words}}. Let it know this user (auth_file or auth_query), then try again: it is not tried by itself.',
  'postgres-statement-timeout':
    'The statement took longer than {{seconds, number}} s and was stopped by PostgreSQL.',
  'postgres-lock-timeout':
    'The statement waited too long for a lock and was given up: something holds the table that it reads.',
  'postgres-permission-denied':
    'The role may not read what is needed: {{words}}. Make it a member of pg_monitor.',
  'postgres-disk-full':
    '{{hop}} has no room left on its disk: {{words}}. Make room on that machine, then try again.',
  'postgres-statement-failed': 'PostgreSQL refused a statement (SQLSTATE {{sqlstate}}): {{words}}.',
  'postgres-signal-missing':
    '"{{user}}" may not cancel or end statements of others, which operations need. Allow it, as a superuser: GRANT pg_signal_backend TO "{{user}}"',
  'postgres-pooler-admin-missing':
    '"{{user}}" may look at this PgBouncer, but not pause its pools. Add it to admin_users in pgbouncer.ini and reload that.',
  'postgres-monitor-missing':
    '"{{user}}" sees only its own sessions. Let it see the others, as a superuser: GRANT pg_monitor TO "{{user}}"',

  // Redis
  'redis-password-wrong':
    'Redis refused the user or password. Correct the secret, then try again: it is not tried by itself.',
  'redis-password-needed':
    'Redis asks for a password, and the profile gives none. Add "password: secret:NAME" to it.',
  'redis-password-not-expected':
    'The profile gives a password, but this Redis asks for none. Remove it from the profile, or set "requirepass" on the server.',
  'redis-command-denied': 'The Redis user may not run {{command}}: {{words}}. Allow it: {{grant}}',
  'redis-command-unknown':
    'Redis does not know {{command}}: it was renamed or switched off on the server (rename-command, or by who hosts it). What it tells stays unknown.',
  'redis-users-unknown':
    'This Redis is older than 6 and knows no users, but the URL names "{{user}}". Leave the user out of the URL.',
  'redis-database-missing': 'Redis has no database {{database}}: {{words}}. Correct the number in the URL.',
  'redis-loading': 'Redis is loading its data from disk and answers no commands yet.',
  'redis-busy': 'Redis is busy with a script and answers nothing else: {{words}}.',
  'redis-primary-down': 'This Redis is a replica that lost its primary and serves no stale data: {{words}}.',
  'redis-writes-refused':
    'Redis refuses every write because it could not write its data to disk: {{words}}. See the disk, its space and the log of Redis.',
  'redis-too-many-clients':
    'Redis has no connection left: raise maxclients, or look for clients that leak connections.',
  'redis-silent':
    '{{hop}} took the connection but did not answer as Redis within {{seconds, number}} s. Check the port and whether it needs "rediss://", or the server hangs.',
  'redis-closed-early':
    '{{hop}} closed the connection before it answered anything: {{words}}. It may want TLS ("rediss://"), take no connections from this address (protected-mode, a firewall), or be no Redis.',
  'redis-not-spoken': 'What listens at {{hop}} does not answer as Redis does: {{words}}. Check the port.',
  'redis-wants-tls':
    '{{hop}} speaks TLS on this port. Begin the URL with "rediss://", or use the port without TLS.',
  'redis-without-tls':
    '{{hop}} is a Redis that speaks no TLS on this port. Begin the URL with "redis://", or use its port with TLS.',
  'redis-answer-too-big':
    '{{hop}} began an answer that is longer than any that is asked for: {{words}}. The connection was dropped, so that it takes no memory here. Check what listens there.',
  'redis-answer-missing':
    'Redis did not answer {{command}} within {{seconds, number}} s: a slow command or script holds it. The connection was dropped and is being restored.',
  'redis-connection-lost': 'The connection to {{hop}} was lost: {{words}}. It is being restored.',
  'redis-command-failed': 'Redis refused {{command}}: {{words}}.',
  'sentinel-not-spoken':
    '{{hop}} is a Redis but no sentinel. Name the sentinels in the URL (their port is usually 26379), or leave "sentinel" out.',
  'sentinel-password-needed':
    '{{hop}} asks for a password, and the profile gives none for sentinels. Add "password: secret:NAME" to its "sentinel".',
  'sentinel-primary-unknown':
    'No sentinel that answers knows a primary "{{primary}}" ({{asked}}). Correct "sentinel.primary": it is the name in "sentinel monitor".',
  'sentinel-primary-gone':
    'The sentinels name {{server}} as the primary "{{primary}}", but it is a {{role}}: a failover is under way. They are asked again.',
  'redis-primary-moved':
    'The sentinels name another primary "{{primary}}" now: {{server}}. It is being connected to.',
  'redis-is-sentinel':
    '{{hop}} is a sentinel, which holds no data. To watch the primary that it knows, add "sentinel: { primary: NAME }"; else use the port of the Redis.',
  'redis-not-a-cluster': '{{hop}} is no node of a cluster. Leave "cluster: true" out of the profile.',
  'redis-cluster-unread': 'The nodes of the cluster could not be learned from {{hop}}: {{words}}.',
  'redis-cluster-lost': 'No node of the cluster can be reached any more; of the first, {{node}}: {{words}}.',

  // HTTP
  'http-token-invalid':
    'The token from {{reference}} holds characters that no HTTP header may: a line break in the middle, or something that is not ASCII.',
  'http-header-invalid':
    'What {{reference}} holds cannot be the value of the header {{name}}: a line break in it, or something that is not ASCII.',
  'http-credentials-refused':
    '{{host}} answered {{path}} with {{status}}: it refuses the credentials of the profile. Correct the secret, then try again: they are not shown again by themselves, so that nobody is locked out.',
  'http-token-not-admitted':
    '{{host}} answered {{path}} with 401 although the token was fetched just now. Check the scope and the audience of the token, and whether the service trusts whoever issues it.',
  'http-silent':
    '{{host}}:{{port}} did not answer {{path}} within {{seconds, number}} s, though the connection stands.',
  'http-cut':
    '{{host}}:{{port}} broke off the connection before {{path}} was answered: {{words}}. If it speaks TLS there, begin the URL with "https://"; else its log says why.',
  'http-not-spoken':
    'What listens on {{host}}:{{port}} does not answer as HTTP does: {{words}}. Check the port, and whether it needs "https://".',
  'http-not-admitted':
    '{{host}} answered {{path}} with {{status}}: it wants credentials, or others with more rights. Give them as "token", "basic", "oauth2" or "headers" of the service in the profile.',
  'http-unhealthy': '{{host}} answered {{path}} with {{status}}.',
  'http-not-metrics':
    '{{host}} answered {{path}} with {{status}}, but with something else than the metrics that are expected there. Check the address in the profile.',
  'http-headers-too-long':
    '{{host}}:{{port}} answered {{path}} with headers of more than 16 KiB, which no client reads. Find out what adds them; often it is a cookie that grows.',
  'http-two-only':
    '{{host}}:{{port}} speaks HTTP/2 alone. Let it speak HTTP/1.1 as well, or name a port where it does.',
  'http-encoding-unknown':
    '{{host}} answered {{path}} compressed as "{{encoding}}", which was not asked for and is not known here.',
  'http-encoding-broken':
    'The answer of {{host}} to {{path}} says that it is compressed as "{{encoding}}", but it is not, or not to its end: {{words}}.',
  'http-redirected':
    '{{host}} answered {{path}} with {{status}} and sends to {{location}}. Put that address into the profile, or allow it with "redirects: same-host" or "redirects: any".',
  'http-redirect-elsewhere':
    '{{path}} sends to another host, {{location}}, and only redirects within the same host are followed. Put that address into the profile, or allow it with "redirects: any".',
  'http-redirect-insecure':
    '{{path}} sends from https to {{location}}, which is not encrypted. That is not followed: correct the address in the profile, or the server.',
  'http-redirect-link-local':
    '{{path}} sends to {{location}}, an address that only means something on the machine that asks. That is not followed: correct the redirect at the service.',
  'http-redirect-loop':
    '{{path}} is redirected in a circle, at last to {{location}}. Often the service does not notice that a proxy before it speaks https.',
  'http-redirect-many':
    '{{path}} is redirected more than {{limit, number}} times, at last to {{location}}. Put the address where it ends into the profile.',
  'http-redirect-bad':
    '{{host}} answered {{path}} with the redirect {{status}}, but not with an http or https address to go to.',

  // Proxies of HTTP
  'proxy-credentials-needed':
    'The proxy {{proxy}} asks who we are (407). Put the user into its URL, and refer to the password as "proxy.password: secret:NAME".',
  'proxy-credentials-refused':
    'The proxy {{proxy}} refused the user or password (407). Correct the secret, then try again: it is not tried by itself.',
  'proxy-denied':
    'The proxy {{proxy}} does not let us through to {{host}}:{{port}} ({{status}}). Its rules have to allow CONNECT to this host and port.',
  'proxy-target-unreachable':
    'The proxy {{proxy}} did not get through to {{host}}:{{port}} ({{status}}). The address counts as seen from the proxy.',
  'proxy-refused': 'The proxy {{proxy}} answered the request for {{host}}:{{port}} with {{status}}.',
  'proxy-silent':
    'The proxy {{proxy}} did not connect us to {{host}}:{{port}} within {{seconds, number}} s: it hangs, or waits for the target.',
  'proxy-cut': 'The proxy {{proxy}} broke off the connection: {{words}}.',
  'proxy-not-spoken':
    'What listens at {{proxy}} does not answer as an HTTP proxy does: {{words}}. Check "proxy.url" of the service in the profile.',

  // OAuth 2.0
  'oauth-endpoint-failed': 'No token could be had from {{endpoint}}. {{becauseText}}',
  'oauth-endpoint-failing':
    'No token could be had: {{endpoint}} answers {{status}}. It is tried again later.',
  'oauth-endpoint-missing':
    'No token could be had: {{endpoint}} answers {{status}}. Check "oauth2.tokenUrl" of the service in the profile.',
  'oauth-endpoint-moved':
    'No token could be had: {{endpoint}} sends to {{location}} ({{status}}), where a secret is not sent unasked. Put that address into "oauth2.tokenUrl".',
  'oauth-client-refused':
    '{{endpoint}} refused the client "{{client}}" ({{status}}): {{words}}. Correct its name, secret or scope, then try again: it is not tried by itself.',
  'oauth-answer-odd':
    '{{endpoint}} answered with something else than a token: {{words}}. Check "oauth2.tokenUrl" and "oauth2.style" of the service in the profile.',
  'oauth-silent': '{{endpoint}} gave no token within {{seconds, number}} s.',

  // Logs
  'log-missing':
    'There is no log {{path}} on the machine, or its directory may not be looked into. Check the path in the profile; it is as seen on that machine.',
  'log-forbidden': '{{user}} may not read {{path}}. Allow it on that machine, then log in anew: {{grant}}',
  'log-program-missing':
    '{{hop}} cannot be read: the machine has no {{program}}. Install it, or name a file in the profile.',
  'log-container-missing':
    'There is no container {{container}} on the machine. Look at the names with docker ps --all (or podman).',
  'log-unreadable': '{{path}} could not be read: {{words}}.',
  'log-slow':
    'Reading {{path}} took longer than {{seconds, number}} s and was stopped. Choose a narrower window, or try again when the machine is less busy.',
  'log-rotating': '{{path}} was moved again and again while it was read. Try again.',

  // Channels of notifications
  'channel-url-invalid':
    'What {{reference}} refers to is no web address. Put the whole URL that the service gave you into the vault, with https:// before it.',
  'channel-busy':
    '{{hop}} answered with {{status}}: it cannot take the message now. It is tried again by itself.',
  'channel-refused':
    '{{hop}} refused the message ({{status}}). Compare what it answered with the settings of the channel; the same message is not sent again by itself.',
  'channel-not-admitted':
    '{{hop}} does not admit us ({{status}}). Correct the token, key or password of the channel; it is not shown again by itself.',
  'channel-redirected':
    '{{hop}} answered with {{status}} and sends to {{location}}. Messages do not follow: put the address where it ends into the channel.',
  'channel-odd-answer':
    '{{hop}} took the message ({{status}}), but did not answer as this kind of service does. Check the address of the channel.',
  'smtp-refused':
    '{{hop}} refused the message: {{words}}. Compare sender and recipients of the channel with what the server takes.',
  'smtp-busy': '{{hop}} cannot take the message now: {{words}}. It is tried again by itself.',
  'smtp-recipients-refused': '{{hop}} refused {{recipients}}: {{words}}. The others have the message.',
  'smtp-credentials-refused':
    '{{hop}} refused user or password: {{words}}. Correct the secret of the channel; it is not shown again by itself.',
  'smtp-login-unoffered':
    '{{hop}} offers no way to log in: {{words}}. Leave user and password out of the channel, or encrypt the connection: many servers ask who it is only then.',
  'smtp-without-starttls':
    '{{hop}} cannot encrypt with STARTTLS: {{words}}. Nothing was sent. Choose TLS from the start (mostly port 465), or no encryption if the way there is safe.',
  'smtp-tls-failed':
    'The connection to {{hop}} could not be encrypted: {{words}}. If its certificate is of an authority of your own, name that in the channel.',
  'smtp-silent':
    '{{hop}} did not answer within {{seconds, number}} s. If it encrypts from the start, choose TLS instead of STARTTLS.',
  'smtp-cut': '{{hop}} broke off the conversation: {{words}}.',
  'smtp-not-spoken': 'What listens at {{hop}} does not speak SMTP: {{words}}. Check the port.',
  'desktop-none': 'This console has no desktop to show anything on. Such messages come from the desktop app.',
  'desktop-no-page':
    'No page of this console is open in any browser. It is tried again, and shown by whoever opens one with notifications allowed.',
  'desktop-not-asked':
    'A page of this console is open, and notifications are not allowed in its browser yet. Allow them there under Settings → Channels.',
  'desktop-blocked':
    'A page of this console is open, and its browser blocks notifications of this address. Allow them in the settings that the browser has for it, left of the address.',
  'desktop-not-shown':
    'A page of this console is open, and its browser showed no notification: some cannot, and none does over plain HTTP from another machine. Open it in another browser, or under https.',
  'desktop-unanswered':
    'A page of this console was told, and did not say within 5 s that it showed it. It is tried again.',
  'desktop-failed': 'The desktop did not show the message: {{words}}.',
  'channel-failed': 'The message could not be sent for a reason within Vakhta itself; its log says how.',
} as const
