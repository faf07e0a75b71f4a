import type { Letters } from './letter.ts'

export const lettersDe: Letters = {
  prove: {
    subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
    lines: [
      'Hallo {name},',
      'bitte bestätigen Sie, dass diese E-Mail-Adresse Ihnen gehört:',
      '{link}',
      'Sie werden nach dem Passwort Ihres neuen Kontos gefragt. Der Link gilt drei Tage.',
      'Falls Sie kein Konto bei uns eröffnet haben, müssen Sie nichts tun: Ohne diesen Link kann niemand Ihre Adresse benutzen.',
    ],
  },
  known: {
    subject: 'Sie haben schon ein Konto',
    lines: [
      'Hallo,',
      'jemand, vielleicht Sie, wollte mit dieser E-Mail-Adresse ein Konto eröffnen. Es gibt schon eines.',
      'Melden Sie sich damit an, oder setzen Sie ein neues Passwort, falls Sie es vergessen haben:',
      '{link}',
      'Falls Sie es nicht waren, müssen Sie nichts tun: Ihr Konto ist unverändert.',
    ],
  },
  reset: {
    subject: 'Neues Passwort setzen',
    lines: [
      'Hallo,',
      'hier können Sie ein neues Passwort setzen. Der Link gilt einmal und 30 Minuten lang:',
      '{link}',
      'Falls Sie das nicht wollten, müssen Sie nichts tun: Ihr Passwort bleibt, wie es ist.',
    ],
  },
  change: {
    subject: 'Bestätigen Sie Ihre neue E-Mail-Adresse',
    lines: [
      'Hallo {name},',
      'diese Adresse wird die Ihres Kontos, wenn Sie innerhalb einer Stunde diesem Link folgen:',
      '{link}',
      'Falls Sie das nicht wollten, müssen Sie nichts tun.',
    ],
  },
  changed: {
    subject: 'Ihr Konto wurde geändert',
    lines: [
      'Hallo {name},',
      'Ihr Passwort, Ihre E-Mail-Adresse oder die Art Ihrer Anmeldung wurde geändert.',
      'Falls Sie es nicht waren, setzen Sie sofort ein neues Passwort:',
      '{link}',
    ],
  },
  device: {
    subject: 'Anmeldung von einem neuen Gerät',
    lines: [
      'Hallo {name},',
      'jemand hat sich von einem Gerät aus bei Ihrem Konto angemeldet, das wir noch nicht kannten.',
      'Falls Sie es nicht waren, setzen Sie ein neues Passwort; das beendet alle Sitzungen:',
      '{link}',
    ],
  },
  invited: {
    subject: 'Einladung in ein Team',
    lines: [
      'Hallo,',
      'Sie sind eingeladen, bei diesem Shop mitzuarbeiten. Folgen Sie diesem Link innerhalb von sieben Tagen:',
      '{link}',
      'Falls Sie davon nichts wissen, müssen Sie nichts tun.',
    ],
  },
  yourData: {
    subject: 'Ihre Daten',
    lines: [
      'Hallo,',
      'hier erhalten Sie eine Kopie dessen, was der Shop unter dieser Adresse aufbewahrt, oder lassen es löschen. Der Link gilt eine Stunde:',
      '{link}',
      'Falls Sie das nicht angefordert haben, müssen Sie nichts tun: Ohne diesen Link ändert sich nichts.',
    ],
  },
}
