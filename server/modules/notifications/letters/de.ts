import type { LetterWords } from './words.ts'

export const wordsDe: LetterWords = {
  confirmed: {
    subject: 'Ihre Bestellung {number} ist bestätigt',
    text: 'Vielen Dank, {name}. Wir haben Ihre Bestellung und machen sie fertig. Sie hören wieder von uns, sobald sie unterwegs ist.',
  },
  cancelledByYou: {
    subject: 'Ihre Bestellung {number} ist storniert',
    text: 'Ihre Bestellung wurde auf Ihren Wunsch storniert.',
  },
  cancelledByUs: {
    subject: 'Wir mussten Ihre Bestellung {number} stornieren',
    text: 'Es tut uns leid: Wir können diese Bestellung nicht liefern und haben sie storniert.',
  },
  moneyBack:
    'Was Sie bezahlt haben, geht auf demselben Weg zurück. Was nur vorgemerkt war, wird freigegeben.',
  unitsCancelled: {
    subject: 'Ein Teil Ihrer Bestellung {number} ist storniert',
    text: 'Diese Artikel gehören nicht mehr zu Ihrer Bestellung. {amount} gehen auf demselben Weg zurück.',
  },
  shipments: {
    shipped: {
      subject: 'Ein Paket Ihrer Bestellung {number} ist unterwegs',
      text: 'Es hat das Lager verlassen. Darin ist:',
    },
    delivered: {
      subject: 'Ein Paket Ihrer Bestellung {number} ist angekommen',
      text: 'Der Versender hat es übergeben. Darin war:',
    },
    exception: {
      subject: 'Ein Paket Ihrer Bestellung {number} verzögert sich',
      text: 'Der Versender meldet ein Problem. Was bekannt ist, steht auf der Seite Ihrer Bestellung. Darin ist:',
    },
  },
  refunded: {
    subject: '{amount} gehen an Sie zurück',
    text: 'Wir haben {amount} für Ihre Bestellung {number} auf dem Weg zurückgezahlt, auf dem Sie bezahlt haben. Bis Ihre Bank es zeigt, kann es einige Tage dauern.',
  },
  returns: {
    requested: {
      subject: 'Ihre Rücksendung zur Bestellung {number} ist angemeldet',
      text: 'Sie möchten diese Artikel zurücksenden. Wir prüfen das und schreiben Ihnen.',
    },
    approved: {
      subject: 'Sie können zurücksenden: Bestellung {number}',
      text: 'Ihre Rücksendung ist genehmigt. Wohin und bis wann, steht auf der Seite Ihrer Bestellung.',
    },
    declined: {
      subject: 'Ihre Rücksendung zur Bestellung {number} wurde nicht angenommen',
      text: 'Wir können diese Artikel nicht zurücknehmen. Den Grund finden Sie auf der Seite Ihrer Bestellung.',
    },
    label_issued: {
      subject: 'Ihr Rücksendeetikett zur Bestellung {number}',
      text: 'Ihre Rücksendung ist genehmigt, das Etikett ist bereit. Drucken Sie es aus, kleben Sie es auf und geben Sie das Paket ab.',
    },
    received: {
      subject: 'Ihre Rücksendung zur Bestellung {number} ist angekommen',
      text: 'Die Artikel sind wieder bei uns. Wir sehen sie uns an und schreiben Ihnen.',
    },
    resolved: {
      subject: 'Über Ihre Rücksendung zur Bestellung {number} ist entschieden',
      text: 'Wir haben uns die Artikel angesehen. Was Sie dafür bekommen, steht auf der Seite Ihrer Bestellung.',
    },
    cancelled: {
      subject: 'Ihre Rücksendung zur Bestellung {number} ist abgebrochen',
      text: 'Sie behalten die Artikel.',
    },
    expired: {
      subject: 'Ihre Rücksendung zur Bestellung {number} ist abgelaufen',
      text: 'Die Artikel wurden nicht rechtzeitig abgeschickt; Sie behalten sie.',
    },
  },
  prices: {
    one: {
      subject: '{name} kostet jetzt {now}',
      text: 'Etwas von Ihrem Merkzettel kostet weniger.',
    },
    several: {
      subject: 'Niedrigere Preise auf Ihrem Merkzettel: {count}',
      text: 'Diese Artikel von Ihrem Merkzettel kosten weniger.',
    },
    was: 'vorher {was}',
    end: 'Keine solchen E-Mails mehr',
  },
  tracking: 'Sendungsnummer {tracking}, {carrier}',
  expected: 'Voraussichtlich: {days}',
  items: 'Artikel',
  parcel: 'In diesem Paket',
  deliveredTo: 'Geht an',
  subtotal: 'Zwischensumme',
  discount: 'Rabatt',
  delivery: 'Versand',
  free: 'Kostenlos',
  tax: 'Steuer',
  taxIncluded: 'Enthaltene MwSt.',
  total: 'Gesamt',
  toOrder: 'Bestellung ansehen',
  toParcel: 'Paket verfolgen',
  toReturn: 'Rücksendung ansehen',
  toWishes: 'Merkzettel ansehen',
  whyOrder: 'Sie bekommen diese E-Mail, weil Sie mit dieser Adresse bei uns bestellt haben.',
  whyPrices: 'Sie bekommen diese E-Mail, weil Sie Angebote per E-Mail gewünscht haben.',
}
