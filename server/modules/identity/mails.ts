import type { Mail } from '../../platform/mail/mailbox.ts'

export type MailLanguage = 'en' | 'de'

/** What a letter says; `link` and `name` are put in. */
type Letter = Readonly<{ subject: string; lines: readonly string[] }>

const LETTERS = {
  prove: {
    en: {
      subject: 'Confirm your e-mail address',
      lines: [
        'Hello {name},',
        'please confirm that this e-mail address is yours:',
        '{link}',
        'You will be asked for the password of your new account. The link works for three days.',
        'If you did not open an account with us, do nothing: without this link nobody can use your address.',
      ],
    },
    de: {
      subject: 'Bestätige deine E-Mail-Adresse',
      lines: [
        'Hallo {name},',
        'bitte bestätige, dass diese E-Mail-Adresse dir gehört:',
        '{link}',
        'Du wirst nach dem Passwort deines neuen Kontos gefragt. Der Link gilt drei Tage.',
        'Falls du kein Konto bei uns eröffnet hast, musst du nichts tun: Ohne diesen Link kann niemand deine Adresse benutzen.',
      ],
    },
  },
  known: {
    en: {
      subject: 'You already have an account',
      lines: [
        'Hello,',
        'somebody, perhaps you, wanted to open an account with this e-mail address. It has one already.',
        'Sign in with it, or set a new password if you have forgotten it:',
        '{link}',
        'If it was not you, do nothing: your account is as it was.',
      ],
    },
    de: {
      subject: 'Du hast schon ein Konto',
      lines: [
        'Hallo,',
        'jemand, vielleicht du, wollte mit dieser E-Mail-Adresse ein Konto eröffnen. Es gibt schon eines.',
        'Melde dich damit an, oder setze ein neues Passwort, falls du es vergessen hast:',
        '{link}',
        'Falls du es nicht warst, musst du nichts tun: Dein Konto ist unverändert.',
      ],
    },
  },
  reset: {
    en: {
      subject: 'Set a new password',
      lines: [
        'Hello,',
        'you can set a new password here. The link works once, for 30 minutes:',
        '{link}',
        'If you did not ask for it, do nothing: your password stays as it is.',
      ],
    },
    de: {
      subject: 'Neues Passwort setzen',
      lines: [
        'Hallo,',
        'hier kannst du ein neues Passwort setzen. Der Link gilt einmal und 30 Minuten lang:',
        '{link}',
        'Falls du das nicht wolltest, musst du nichts tun: Dein Passwort bleibt, wie es ist.',
      ],
    },
  },
  change: {
    en: {
      subject: 'Confirm your new e-mail address',
      lines: [
        'Hello {name},',
        'this address becomes the one of your account when you follow this link within an hour:',
        '{link}',
        'If you did not ask for it, do nothing.',
      ],
    },
    de: {
      subject: 'Bestätige deine neue E-Mail-Adresse',
      lines: [
        'Hallo {name},',
        'diese Adresse wird die deines Kontos, wenn du innerhalb einer Stunde diesem Link folgst:',
        '{link}',
        'Falls du das nicht wolltest, musst du nichts tun.',
      ],
    },
  },
  changed: {
    en: {
      subject: 'Your account was changed',
      lines: [
        'Hello {name},',
        'your password, your e-mail address or the way you sign in was changed.',
        'If it was not you, set a new password at once:',
        '{link}',
      ],
    },
    de: {
      subject: 'Dein Konto wurde geändert',
      lines: [
        'Hallo {name},',
        'dein Passwort, deine E-Mail-Adresse oder die Art deiner Anmeldung wurde geändert.',
        'Falls du es nicht warst, setze sofort ein neues Passwort:',
        '{link}',
      ],
    },
  },
  device: {
    en: {
      subject: 'A new device has signed in',
      lines: [
        'Hello {name},',
        'somebody has signed in to your account from a device that we had not seen before.',
        'If it was not you, set a new password; that ends all sessions:',
        '{link}',
      ],
    },
    de: {
      subject: 'Anmeldung von einem neuen Gerät',
      lines: [
        'Hallo {name},',
        'jemand hat sich von einem Gerät aus bei deinem Konto angemeldet, das wir noch nicht kannten.',
        'Falls du es nicht warst, setze ein neues Passwort; das beendet alle Sitzungen:',
        '{link}',
      ],
    },
  },
  invited: {
    en: {
      subject: 'You are invited to a team',
      lines: [
        'Hello,',
        'you are invited to work with this shop. Follow this link within seven days to accept:',
        '{link}',
        'If you know nothing of it, do nothing.',
      ],
    },
    de: {
      subject: 'Einladung in ein Team',
      lines: [
        'Hallo,',
        'du bist eingeladen, bei diesem Shop mitzuarbeiten. Folge diesem Link innerhalb von sieben Tagen:',
        '{link}',
        'Falls du davon nichts weißt, musst du nichts tun.',
      ],
    },
  },
} as const satisfies Record<string, Record<MailLanguage, Letter>>

export type LetterName = keyof typeof LETTERS

/** A letter in the reader's language. Line breaks in a name cannot change its shape. */
export function writeMail(
  letter: LetterName,
  input: Readonly<{ to: string; name?: string; link: string; language: MailLanguage | null }>,
): Mail {
  const { subject, lines }: Letter = LETTERS[letter][input.language ?? 'en']
  const name = (input.name ?? '').replace(/\s+/g, ' ').replace(/https?:\/\/|www\./gi, '')
  const text = lines
    .map((line) => line.replace('{name}', () => name).replace('{link}', () => input.link))
    .join('\n\n')
  return { to: input.to, subject, text: `${text}\n\nStoa\n` }
}
