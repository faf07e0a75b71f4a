import type { InformationMessages } from '../en/information.ts'

export const informationDe: InformationMessages = {
  about: {
    title: 'Über Stoa',
    summary: 'Was dieser Shop ist und woher seine Daten kommen.',
    shop: 'Eine Stoa ist die überdachte Säulenhalle eines griechischen Marktes: alle Waren Seite an Seite, im Schatten. Diese hier ist eine offene Marktplatz-Plattform, und dieser Shop zeigt, was sie kann.',
    demonstration:
      'Er ist eine Demo. Die Produkte sind echt und stammen aus den öffentlichen Quellen unten. Wo einer Quelle Preis, Bestand oder Kategorie fehlt, ergänzt sie eine feste Regel, und die Seite des Produkts sagt es. Nichts wird verschickt, niemandem wird etwas berechnet.',
    sources: 'Quellen',
    pictures: 'Bilder',
    drawings: 'Die Zeichnungen, die für Bilder stehen, und das Zeichen des Shops sind eigene.',
  },
  privacy: {
    title: 'Datenschutz',
    summary: 'Was dieser Shop speichert, warum und wie lange.',
    principle:
      'Hier gibt es keine Werbung, niemand sonst erfährt, was Sie tun, und kein Skript kommt von anderen, außer den Kartenfeldern des Zahlungsdienstes an der Kasse.',
    browser: 'In Ihrem Browser',
    cookies: {
      cart: 'Welcher Warenkorb Ihrer ist. 60 Tage.',
      market: 'Land, Währung und Sprache, die Sie gewählt haben. Ein Jahr.',
      checkout:
        'Die Adresse, die Sie gerade eingeben, damit nichts verloren geht. Vier Stunden, und nach der Bestellung ist sie weg.',
      orders: 'Welche Bestellungen aus diesem Browser kamen. 180 Tage.',
      seen: 'Welche Produkte Sie zuletzt angesehen haben. 30 Tage.',
      visitor:
        'Eine Zufallszahl, durch die die Suche des Shops lernt, welche Treffer nützen: Was aus einem Browser gesucht, angesehen und bestellt wurde, wird zusammen gezählt. 90 Tage. Bittet Ihr Browser darum, nicht verfolgt zu werden (Global Privacy Control oder Do Not Track), bekommen Sie keine.',
    },
    scripts: 'Kein Skript kann diese Cookies lesen, und keine andere Website bekommt sie.',
    server: 'Auf dem Server',
    order:
      'E-Mail und Adresse werden bei der Bestellung gespeichert, denn ohne sie kann sie weder geliefert noch erstattet werden. Die Kartennummer geht an den Zahlungsdienst und erreicht diesen Shop nie.',
    searches:
      'Suchanfragen werden 13 Monate lang gespeichert, ohne dass man sieht, von wem sie waren; Klicks auf Treffer mit der Nummer des Besuchers drei Monate, Aufrufe von Produkten sechs; danach nur ihre Summen. Wörter werden anderen nur vorgeschlagen, wenn an einem Tag mindestens fünf Besucher danach gesucht haben.',
  },
  shipping: {
    title: 'Lieferung und Rückgabe',
    summary: 'Wann etwas ankommt, was die Lieferung kostet und wie Sie etwas zurückgeben.',
    delivery:
      'Jeder Händler verschickt seine eigenen Pakete. Was die Lieferung kostet und an welchen Tagen sie ankommt, folgt aus Ihrer Adresse und steht an der Kasse, vor dem Bezahlen, zusammen mit den Steuern.',
    following: 'Ein Paket verfolgen',
    orderPage:
      'Jede Bestellung hat eine eigene Seite, auf der steht, was geschehen ist und wo jedes Paket ist. Bewahren Sie den Link dazu auf: Er öffnet Ihre Bestellung. Bestellungen aus diesem Browser stehen auch hier:',
    changing: 'Wenn Sie es sich anders überlegen',
    cancelling:
      'Bis das erste Paket abgeht, können Sie auf der Seite der Bestellung stornieren, und was Sie bezahlt haben, geht auf Ihre Karte zurück.',
  },
}
