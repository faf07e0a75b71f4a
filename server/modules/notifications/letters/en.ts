import type { LetterWords } from './words.ts'

export const wordsEn: LetterWords = {
  confirmed: {
    subject: 'Your order {number} is confirmed',
    text: 'Thank you, {name}. We have your order and are getting it ready. You hear from us again when it leaves.',
  },
  cancelledByYou: {
    subject: 'Your order {number} is cancelled',
    text: 'Your order was cancelled, as you asked.',
  },
  cancelledByUs: {
    subject: 'We had to cancel your order {number}',
    text: 'We are sorry: we cannot deliver this order, and have cancelled it.',
  },
  moneyBack: 'What you have paid goes back the way it came. What was only reserved is released.',
  unitsCancelled: {
    subject: 'Part of your order {number} is cancelled',
    text: 'These items are no longer part of your order. {amount} goes back the way it came.',
  },
  shipments: {
    shipped: {
      subject: 'A parcel of your order {number} is on its way',
      text: 'It has left. This is in it:',
    },
    delivered: {
      subject: 'A parcel of your order {number} has arrived',
      text: 'The carrier has handed it over. This was in it:',
    },
    exception: {
      subject: 'A parcel of your order {number} is held up',
      text: 'The carrier reports a problem on the way. You see what is known on the page of your order. This is in it:',
    },
  },
  refunded: {
    subject: '{amount} goes back to you',
    text: 'We have paid back {amount} for your order {number}, the way you had paid. Your bank may take a few days to show it.',
  },
  returns: {
    requested: {
      subject: 'We have your return for order {number}',
      text: 'You want to send these items back. We look at it and write to you.',
    },
    approved: {
      subject: 'You can send it back: order {number}',
      text: 'Your return is approved. The page of your order says where it goes, and by when.',
    },
    declined: {
      subject: 'Your return for order {number} was not accepted',
      text: 'We cannot take these items back. The page of your order says why.',
    },
    label_issued: {
      subject: 'Your return label for order {number}',
      text: 'Your return is approved and its label is ready. Print it, stick it on and hand the parcel in.',
    },
    received: {
      subject: 'Your return for order {number} has arrived',
      text: 'The items are back with us. We look at them and write to you.',
    },
    resolved: {
      subject: 'Your return for order {number} is decided',
      text: 'We have looked at the items. The page of your order says what you get for them.',
    },
    cancelled: {
      subject: 'Your return for order {number} is cancelled',
      text: 'You keep the items.',
    },
    expired: {
      subject: 'Your return for order {number} has run out',
      text: 'The items were not sent in time, so you keep them.',
    },
  },
  prices: {
    one: { subject: '{name} now costs {now}', text: 'Something on your wish list costs less.' },
    several: {
      subject: 'Lower prices on your wish list: {count}',
      text: 'These things on your wish list cost less.',
    },
    was: 'was {was}',
    end: 'No more of these mails',
  },
  tracking: 'Tracking number {tracking}, {carrier}',
  expected: 'Expected: {days}',
  items: 'Items',
  parcel: 'In this parcel',
  deliveredTo: 'Goes to',
  subtotal: 'Subtotal',
  discount: 'Discount',
  delivery: 'Delivery',
  free: 'Free',
  tax: 'Tax',
  taxIncluded: 'Tax, included',
  total: 'Total',
  toOrder: 'See your order',
  toParcel: 'Follow the parcel',
  toReturn: 'See your return',
  toWishes: 'See your wish list',
  whyOrder: 'You get this mail because you ordered from us with this address.',
  whyPrices: 'You get this mail because you asked for offers by e-mail.',
}
