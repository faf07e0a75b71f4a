import type { AppMessages } from './app-en.ts'

export const appDe: AppMessages = {
  offlineTitle: 'Keine Verbindung',
  offlineHelp:
    'Diese Seite wurde auf diesem Gerät in letzter Zeit nicht geöffnet. Diese Seiten sind noch da, so wie du sie gesehen hast:',
  tryAgain: 'Noch einmal versuchen',
  seenAt:
    'Keine Verbindung. Du siehst diese Seite, wie sie am {time} war; Preise und Bestand können sich geändert haben.',
  queued: 'Keine Verbindung. Es kommt in deinen Warenkorb, sobald es eine gibt.',
  sent: 'Du bist wieder verbunden, und dein Warenkorb ist auf dem neuesten Stand.',
  scan: 'Strichcode einlesen',
  scanHelp: 'Halte den Strichcode eines Produkts vor die Kamera.',
  scanNone:
    'Die Kamera kann nicht benutzt werden. Tippe stattdessen die Nummer unter dem Strichcode.',
  close: 'Schließen',
}
