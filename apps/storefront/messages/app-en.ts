/** The shop as an app: without a connection, by camera, and with news. */
export const appEn = {
  offlineTitle: 'No connection',
  offlineHelp:
    'This page has not been opened on this device lately. These pages are still here, as you saw them:',
  tryAgain: 'Try again',
  /** `{time}` is put in by the browser. */
  seenAt:
    'No connection. You see this page as it was on {time}; prices and stock may have changed.',
  queued: 'No connection. It goes into your cart as soon as there is one.',
  sent: 'You are connected again, and your cart is up to date.',
  scan: 'Scan a barcode',
  scanHelp: 'Hold the barcode of a product before the camera.',
  scanNone: 'The camera cannot be used. Type the number under the barcode instead.',
  close: 'Close',
  keptByBrowser:
    'Your browser itself keeps the pages of goods that you looked at lately, and changes of your cart that wait for a connection, so that they are there without one. Signing out deletes them.',
  keptForNews:
    'If you ask to be told of an order or a price, the shop keeps the address at which your browser is reached, encrypted, until you end it.',
  news: {
    price: 'Tell me when the price falls',
    order: 'Tell me how it goes on',
    on: 'You will be told. Press to end it.',
    denied:
      'Your browser does not allow this shop to send notices. You can change that in its settings.',
    title: 'Notices',
    explained:
      'This browser is told of orders and prices that you asked to hear of. Each can also be ended where it was begun.',
    end: 'End all notices',
    ended: 'This browser is told of nothing any more.',
  },
}

export type AppMessages = typeof appEn
