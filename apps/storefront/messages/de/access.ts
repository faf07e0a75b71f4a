import type { AccessMessages } from '../en/access.ts'

/** Words for passkeys, providers, invitations and keys. */
export const accessDe: AccessMessages = {
  passkey: 'Passkey',
  passkeys: 'Passkeys',
  passkeysHelp: 'Anmelden mit Fingerabdruck, Gesicht oder dem Code Ihres Geräts, ohne Passwort.',
  passkeyAdd: 'Passkey hinzufügen',
  passkeyHelp: 'Ihr Gerät fragt, ob Sie es sind, und verwahrt den Schlüssel.',
  passkeyName: 'Name des Passkeys',
  passkeyNeedsScript: 'Passkeys brauchen JavaScript.',
  passkeyFailed:
    'Das hat nicht geklappt. Versuchen Sie es noch einmal, oder melden Sie sich anders an.',
  passkeySignIn: 'Mit einem Passkey anmelden',
  synced: 'auf mehreren Geräten',
  rename: 'Umbenennen',
  neverUsed: 'Noch nie verwendet',
  providers: 'Verbundene Anmeldungen',
  providerSignIn: (provider) => `Mit ${provider} anmelden`,
  connect: (provider) => `${provider} verbinden`,
  connectedSince: (when) => `Verbunden seit ${when}`,
  goingOn: 'Einen Moment',
  goOn: 'Weiter',
  linkTitle: 'Sie haben schon ein Konto',
  linkHelp: (email) =>
    `Es gibt ein Konto mit ${email}. Geben Sie einmal dessen Passwort ein, dann ist es verbunden.`,
  noPassword: 'Dieses Konto hat kein Passwort.',
  invitationTitle: 'Sie sind eingeladen',
  invitationHelp:
    'Hat Ihre Adresse ein Konto, geben Sie dessen Passwort ein. Wenn nicht, wählen Sie Namen und Passwort für ein neues.',
  invitationOwn: (email) => `Sie sind als ${email} angemeldet.`,
  invitationAccept: 'Einladung annehmen',
  invitationAccepted: 'Willkommen im Team.',
  keys: 'API-Schlüssel',
  keysHelp: 'Für Programme. Ein Schlüssel darf, was Sie hier wählen, und nie mehr als Sie.',
  noKeys: 'Noch keine Schlüssel.',
  keyCreate: 'Schlüssel erstellen',
  keyName: 'Wofür er ist',
  keyScopes: 'Was er darf',
  keyDays: 'Tage, bis er endet',
  keyMade: 'Der neue Schlüssel',
  keyMadeHelp: 'Kopieren Sie ihn jetzt: Er wird nicht noch einmal gezeigt.',
  keyRevoke: 'Widerrufen',
  keyRevoked: 'Der Schlüssel ist widerrufen.',
  endsAt: (when) => `endet ${when}`,
  problems: {
    'identity.reauthentication_required':
      'Ihre Anmeldung ist eine Weile her. Melden Sie sich ab und wieder an, und versuchen Sie es noch einmal.',
    'identity.passkey_refused': 'Der Passkey wurde nicht angenommen.',
    'identity.passkey_limit': 'Sie haben die höchste Zahl an Passkeys erreicht.',
    'identity.last_way_in':
      'Das ist Ihr einziger Weg zur Anmeldung. Setzen Sie erst ein Passwort oder fügen Sie einen anderen hinzu.',
    'identity.provider_refused': 'Der Anbieter hat nicht bestätigt, wer Sie sind.',
    'identity.provider_email_unproven': 'Der Anbieter hat Ihre E-Mail-Adresse nicht bestätigt.',
    'identity.provider_unreachable':
      'Der Anbieter antwortet nicht. Versuchen Sie es später noch einmal.',
    'identity.factor_exists': 'Das ist schon eingerichtet.',
  },
}
