import type { Letters } from './letter.ts'

export const lettersDe: Letters = {
  prove: {
    subject: 'Bestätige deine E-Mail-Adresse',
    lines: [
      'Hallo {name},',
      'bitte bestätige, dass diese E-Mail-Adresse dir gehört:',
      '{link}',
      'Du wirst nach dem Passwort deines neuen Kontos gefragt. Der Link gilt drei Tage.',
      'Falls du kein Konto bei uns eröffnet hast, musst du nichts tun: Ohne diesen Link kann niemand deine Adresse benutzen.',
    ],
  },
  known: {
    subject: 'Du hast schon ein Konto',
    lines: [
      'Hallo,',
      'jemand, vielleicht du, wollte mit dieser E-Mail-Adresse ein Konto eröffnen. Es gibt schon eines.',
      'Melde dich damit an, oder setze ein neues Passwort, falls du es vergessen hast:',
      '{link}',
      'Falls du es nicht warst, musst du nichts tun: Dein Konto ist unverändert.',
    ],
  },
  reset: {
    subject: 'Neues Passwort setzen',
    lines: [
      'Hallo,',
      'hier kannst du ein neues Passwort setzen. Der Link gilt einmal und 30 Minuten lang:',
      '{link}',
      'Falls du das nicht wolltest, musst du nichts tun: Dein Passwort bleibt, wie es ist.',
    ],
  },
  change: {
    subject: 'Bestätige deine neue E-Mail-Adresse',
    lines: [
      'Hallo {name},',
      'diese Adresse wird die deines Kontos, wenn du innerhalb einer Stunde diesem Link folgst:',
      '{link}',
      'Falls du das nicht wolltest, musst du nichts tun.',
    ],
  },
  changed: {
    subject: 'Dein Konto wurde geändert',
    lines: [
      'Hallo {name},',
      'dein Passwort, deine E-Mail-Adresse oder die Art deiner Anmeldung wurde geändert.',
      'Falls du es nicht warst, setze sofort ein neues Passwort:',
      '{link}',
    ],
  },
  device: {
    subject: 'Anmeldung von einem neuen Gerät',
    lines: [
      'Hallo {name},',
      'jemand hat sich von einem Gerät aus bei deinem Konto angemeldet, das wir noch nicht kannten.',
      'Falls du es nicht warst, setze ein neues Passwort; das beendet alle Sitzungen:',
      '{link}',
    ],
  },
  invited: {
    subject: 'Einladung in ein Team',
    lines: [
      'Hallo,',
      'du bist eingeladen, bei diesem Shop mitzuarbeiten. Folge diesem Link innerhalb von sieben Tagen:',
      '{link}',
      'Falls du davon nichts weißt, musst du nichts tun.',
    ],
  },
}
