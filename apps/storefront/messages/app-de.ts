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
  keptByBrowser:
    'Dein Browser selbst behält die Seiten von Waren, die du zuletzt angesehen hast, und Änderungen am Warenkorb, die auf eine Verbindung warten, damit sie auch ohne eine da sind. Beim Abmelden werden sie gelöscht.',
  keptForNews:
    'Wenn du über eine Bestellung oder einen Preis Bescheid bekommen möchtest, behält der Shop die Adresse, unter der dein Browser erreicht wird, verschlüsselt, bis du es beendest.',
  news: {
    price: 'Sag mir, wenn der Preis fällt',
    order: 'Sag mir, wie es weitergeht',
    on: 'Du bekommst Bescheid. Drücke, um es zu beenden.',
    denied:
      'Dein Browser erlaubt diesem Shop keine Mitteilungen. Das kannst du in seinen Einstellungen ändern.',
    title: 'Mitteilungen',
    explained:
      'Dieser Browser bekommt Bescheid über Bestellungen und Preise, nach denen du gefragt hast. Jede Mitteilung lässt sich auch dort beenden, wo sie begann.',
    end: 'Alle Mitteilungen beenden',
    ended: 'Dieser Browser bekommt keine Mitteilungen mehr.',
  },
}
