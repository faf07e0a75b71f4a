/** Words for passkeys, providers, invitations and keys. */
export const accessEn = {
  passkey: 'Passkey',
  passkeys: 'Passkeys',
  passkeysHelp:
    'Sign in with your fingerprint, your face or the code of your device, without a password.',
  passkeyAdd: 'Add a passkey',
  passkeyHelp: 'Your device asks whether it is you, and keeps the key.',
  passkeyName: 'Name of the passkey',
  passkeyNeedsScript: 'Passkeys need JavaScript.',
  passkeyFailed: 'That did not work. Try again, or sign in another way.',
  passkeySignIn: 'Sign in with a passkey',
  synced: 'on several devices',
  rename: 'Rename',
  neverUsed: 'Never used',
  providers: 'Connected sign-ins',
  providerSignIn: (provider: string) => `Sign in with ${provider}`,
  connect: (provider: string) => `Connect ${provider}`,
  connectedSince: (when: string) => `Connected since ${when}`,
  goingOn: 'One moment',
  goOn: 'Continue',
  linkTitle: 'You have an account already',
  linkHelp: (email: string) =>
    `There is an account with ${email}. Enter its password once, and it is connected.`,
  noPassword: 'This account has no password.',
  invitationTitle: 'You are invited',
  invitationHelp:
    'If your address has an account, enter its password. If not, choose a name and a password for a new one.',
  invitationOwn: (email: string) => `You are signed in as ${email}.`,
  invitationAccept: 'Accept the invitation',
  invitationAccepted: 'Welcome to the team.',
  keys: 'API keys',
  keysHelp: 'For programs. A key may do what you choose here, and never more than you.',
  noKeys: 'No keys yet.',
  keyCreate: 'Create a key',
  keyName: 'What it is for',
  keyScopes: 'What it may do',
  keyDays: 'Days until it ends',
  keyMade: 'The new key',
  keyMadeHelp: 'Copy it now: it is not shown again.',
  keyRevoke: 'Revoke',
  keyRevoked: 'The key is revoked.',
  endsAt: (when: string) => `ends ${when}`,
  problems: {
    'identity.reauthentication_required':
      'You signed in a while ago. Sign out and in again, then try once more.',
    'identity.passkey_refused': 'The passkey was not accepted.',
    'identity.passkey_limit': 'You have reached the maximum number of passkeys.',
    'identity.last_way_in':
      'This is your only way to sign in. Set a password or add another way first.',
    'identity.provider_refused': 'The provider did not confirm who you are.',
    'identity.provider_email_unproven': 'The provider has not confirmed your e-mail address.',
    'identity.provider_unreachable': 'The provider is not responding. Try again later.',
    'identity.factor_exists': 'This is set up already.',
  } as Readonly<Record<string, string>>,
}

export type AccessMessages = typeof accessEn
