import type { AppMessages } from '../en/app.ts'

export const appDe: AppMessages = {
  offlineTitle: 'Keine Verbindung',
  offlineHelp:
    'Diese Seite wurde auf diesem Gerät in letzter Zeit nicht geöffnet. Diese Seiten sind noch da, so wie Sie sie gesehen haben:',
  tryAgain: 'Noch einmal versuchen',
  seenAt:
    'Keine Verbindung. Sie sehen diese Seite, wie sie am {time} war; Preise und Bestand können sich geändert haben.',
  queued: 'Keine Verbindung. Der Artikel kommt in Ihren Warenkorb, sobald Sie wieder online sind.',
  sent: 'Sie sind wieder online, und Ihr Warenkorb ist auf dem neuesten Stand.',
  scan: 'Strichcode einlesen',
  scanHelp: 'Halten Sie den Strichcode eines Produkts vor die Kamera.',
  scanNone:
    'Die Kamera kann nicht benutzt werden. Geben Sie stattdessen die Nummer unter dem Strichcode ein.',
  close: 'Schließen',
  keptByBrowser:
    'Ihr Browser selbst behält die Seiten von Artikeln, die Sie zuletzt angesehen haben, und Änderungen am Warenkorb, die auf eine Verbindung warten, damit sie auch ohne eine da sind. Beim Abmelden werden sie gelöscht.',
  keptForNews:
    'Wenn Sie über eine Bestellung oder einen Preis benachrichtigt werden möchten, speichert der Shop die Adresse, unter der Ihr Browser erreichbar ist, verschlüsselt, bis Sie es beenden.',
  news: {
    price: 'Benachrichtigen, wenn der Preis fällt',
    order: 'Über diese Bestellung benachrichtigen',
    on: 'Mitteilungen sind an. Zum Ausschalten drücken.',
    denied:
      'Ihr Browser erlaubt diesem Shop keine Mitteilungen. Das können Sie in seinen Einstellungen ändern.',
    title: 'Mitteilungen',
    explained:
      'Dieser Browser wird über die Bestellungen und Preise benachrichtigt, die Sie gewählt haben. Jede Mitteilung lässt sich auch dort ausschalten, wo Sie sie eingeschaltet haben.',
    end: 'Alle Mitteilungen ausschalten',
    ended: 'Dieser Browser bekommt keine Mitteilungen mehr.',
  },
}
