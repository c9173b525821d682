/**
 * Every keyword of ssh_config(5), up to OpenSSH 10.5 with what Debian, Red Hat and Apple add, and what becomes of it here.
 * Nothing is ignored in silence: what cannot be done is refused by name, and what is passed over has its reason beside it.
 */

export type Treatment =
  /** Done as ssh does it. */
  | { readonly kind: 'supported' }
  /** Passed over: it changes nothing of how a watch gets in. */
  | { readonly kind: 'without-bearing'; readonly because: string }
  /** Refused where it applies to the host, but for the values that turn it off. */
  | {
      readonly kind: 'unsupported'
      readonly off: readonly string[]
      /** Passed over in the machine's own files, which set it for everybody: why that is right. */
      readonly inMachineFiles?: string
    }

const supported: Treatment = { kind: 'supported' }
const passedOver = (because: string): Treatment => ({ kind: 'without-bearing', because })
const refused = (...off: string[]): Treatment => ({ kind: 'unsupported', off })
const refusedUnlessMachines = (inMachineFiles: string, ...off: string[]): Treatment => ({
  kind: 'unsupported',
  off,
  inMachineFiles,
})

const NO = ['no', 'false'] as const
const FORWARDING = 'a watch opens its own forwardings, for as long as it needs them'
const SESSION = 'it is about the session of somebody at a terminal'
const KEEPING = 'it is about what ssh itself writes down or shows'
const SHARING = 'connections are shared by the deployments that are watched; ssh is not run'

export const KEYWORDS: Readonly<Record<string, Treatment>> = {
  // Which lines count
  host: supported,
  match: supported,
  include: supported,
  ignoreunknown: supported,
  tag: supported,

  // Where to
  hostname: supported,
  port: supported,
  user: supported,
  addressfamily: supported,
  bindaddress: supported,
  connecttimeout: supported,
  connectionattempts: passedOver('it is tried again for as long as it is watched'),
  proxyjump: supported,
  proxycommand: supported,
  proxyusefdpass: refused(...NO),
  bindinterface: refused(),
  canonicalizehostname: refused(...NO),
  canonicaldomains: passedOver('it counts with CanonicalizeHostname alone'),
  canonicalizefallbacklocal: passedOver('it counts with CanonicalizeHostname alone'),
  canonicalizemaxdots: passedOver('it counts with CanonicalizeHostname alone'),
  canonicalizepermittedcnames: refused('none'),

  // Whom we talk to
  hostkeyalias: supported,
  userknownhostsfile: supported,
  globalknownhostsfile: supported,
  stricthostkeychecking: supported,
  hostkeyalgorithms: supported,
  casignaturealgorithms: refusedUnlessMachines('it only narrows which certificates count'),
  checkhostip: refused(...NO),
  nohostauthenticationforlocalhost: refused(...NO),
  verifyhostkeydns: refused(...NO),
  revokedhostkeys: refused('none'),
  knownhostscommand: refused('none'),
  hashknownhosts: passedOver(KEEPING),
  updatehostkeys: passedOver(KEEPING),
  fingerprinthash: passedOver(KEEPING),
  visualhostkey: passedOver(KEEPING),

  // Who we are
  identityfile: supported,
  certificatefile: supported,
  identitiesonly: supported,
  identityagent: supported,
  pubkeyauthentication: supported,
  pubkeyacceptedalgorithms: supported,
  passwordauthentication: supported,
  kbdinteractiveauthentication: supported,
  preferredauthentications: supported,
  batchmode: supported,
  kbdinteractivedevices: passedOver('servers choose by themselves what they ask'),
  numberofpasswordprompts: passedOver('rejected credentials are never tried again without a person'),
  requiredrsasize: refusedUnlessMachines('it only narrows which keys count'),
  hostbasedauthentication: refused(...NO),
  hostbasedacceptedalgorithms: passedOver('it counts with HostbasedAuthentication alone'),
  enablesshkeysign: passedOver('it counts with HostbasedAuthentication alone'),
  gssapiauthentication: refusedUnlessMachines('without a ticket ssh goes on to the other ways, too', ...NO),
  gssapikeyexchange: refusedUnlessMachines('the other ways to exchange keys are offered beside it', ...NO),
  gssapidelegatecredentials: passedOver('it counts with GSSAPIAuthentication alone'),
  gssapitrustdns: passedOver('it counts with GSSAPIAuthentication alone'),
  gssapirenewalforcesrekey: passedOver('it counts with GSSAPIAuthentication alone'),
  gssapiclientidentity: passedOver('it counts with GSSAPIAuthentication alone'),
  gssapiserveridentity: passedOver('it counts with GSSAPIAuthentication alone'),
  gssapikexalgorithms: passedOver('it counts with GSSAPIKeyExchange alone'),
  pkcs11provider: refused('none'),
  securitykeyprovider: refused('none', 'internal'),
  addkeystoagent: passedOver('keys are read from where they are, and given to no agent'),
  usekeychain: passedOver('passphrases come from the vault, not from the keychain'),

  // How it is kept up and protected
  serveraliveinterval: supported,
  serveralivecountmax: supported,
  ciphers: supported,
  macs: supported,
  kexalgorithms: supported,
  tcpkeepalive: passedOver('the connection is asked inside SSH whether it lives'),
  compression: passedOver('both ways get in; the connection is not compressed'),
  rekeylimit: passedOver('servers ask for new keys in time'),
  ipqos: passedOver('it marks packets, and changes nothing of where they go'),
  obscurekeystroketiming: passedOver(SESSION),
  channeltimeout: passedOver('channels are closed as soon as they are not needed'),
  versionaddendum: passedOver('servers do not go by it'),
  warnweakcrypto: passedOver(KEEPING),
  refuseconnection: supported,

  // What is done with it
  forwardagent: passedOver('no agent is forwarded'),
  forwardx11: passedOver(SESSION),
  forwardx11trusted: passedOver(SESSION),
  forwardx11timeout: passedOver(SESSION),
  xauthlocation: passedOver(SESSION),
  localforward: passedOver(FORWARDING),
  remoteforward: passedOver(FORWARDING),
  dynamicforward: passedOver(FORWARDING),
  permitremoteopen: passedOver(FORWARDING),
  clearallforwardings: passedOver(FORWARDING),
  exitonforwardfailure: passedOver(FORWARDING),
  gatewayports: passedOver(FORWARDING),
  streamlocalbindmask: passedOver(FORWARDING),
  streamlocalbindunlink: passedOver(FORWARDING),
  tunnel: passedOver(FORWARDING),
  tunneldevice: passedOver(FORWARDING),
  controlmaster: passedOver(SHARING),
  controlpath: passedOver(SHARING),
  controlpersist: passedOver(SHARING),
  sendenv: passedOver(SESSION),
  setenv: passedOver(SESSION),
  requesttty: passedOver(SESSION),
  sessiontype: passedOver(SESSION),
  remotecommand: passedOver(SESSION),
  localcommand: passedOver(SESSION),
  permitlocalcommand: passedOver(SESSION),
  escapechar: passedOver(SESSION),
  enableescapecommandline: passedOver(SESSION),
  stdinnull: passedOver(SESSION),
  forkafterauthentication: passedOver(SESSION),
  loglevel: passedOver(KEEPING),
  logverbose: passedOver(KEEPING),
  syslogfacility: passedOver(KEEPING),

  // Long out of use: ssh says nothing, or warns and goes on
  protocol: passedOver('there is one version only'),
  cipher: passedOver('ssh does not know it any more'),
  fallbacktorsh: passedOver('ssh does not know it any more'),
  globalknownhostsfile2: passedOver('ssh does not know it any more'),
  rhostsauthentication: passedOver('ssh does not know it any more'),
  userknownhostsfile2: passedOver('ssh does not know it any more'),
  useroaming: passedOver('ssh does not know it any more'),
  usersh: passedOver('ssh does not know it any more'),
  useprivilegedport: passedOver('ssh does not know it any more'),
  afstokenpassing: passedOver('ssh does not know it any more'),
  kerberosauthentication: passedOver('ssh does not know it any more'),
  kerberostgtpassing: passedOver('ssh does not know it any more'),
  rsaauthentication: passedOver('ssh does not know it any more'),
  rhostsrsaauthentication: passedOver('ssh does not know it any more'),
  compressionlevel: passedOver('ssh does not know it any more'),
}

/** Other names of the same. */
const SYNONYMS: Readonly<Record<string, string>> = {
  identityfile2: 'identityfile',
  challengeresponseauthentication: 'kbdinteractiveauthentication',
  skeyauthentication: 'kbdinteractiveauthentication',
  tisauthentication: 'kbdinteractiveauthentication',
  dsaauthentication: 'pubkeyauthentication',
  keepalive: 'tcpkeepalive',
  smartcarddevice: 'pkcs11provider',
  hostbasedkeytypes: 'hostbasedacceptedalgorithms',
  pubkeyacceptedkeytypes: 'pubkeyacceptedalgorithms',
}

/** The name under which a keyword (in lower case) is known, and what becomes of it; `null`: ssh knows none such. */
export function keywordOf(written: string): { readonly name: string; readonly treatment: Treatment } | null {
  const name = Object.hasOwn(SYNONYMS, written) ? (SYNONYMS[written] ?? written) : written
  const treatment = Object.hasOwn(KEYWORDS, name) ? KEYWORDS[name] : undefined
  return treatment === undefined ? null : { name, treatment }
}
