/** The shop as an app: without a connection, by camera, and with news. */
export const appEn = {
  offlineTitle: 'No connection',
  offlineHelp:
    'This page has not been opened on this device recently. These pages are still here, as you saw them:',
  tryAgain: 'Try again',
  /** `{time}` is put in by the browser. */
  seenAt:
    'No connection. You see this page as it was on {time}; prices and stock may have changed.',
  queued: 'No connection. It will be added to your cart as soon as you are back online.',
  sent: 'You are connected again, and your cart is up to date.',
  scan: 'Scan a barcode',
  scanHelp: 'Hold the barcode of a product before the camera.',
  scanNone: 'The camera cannot be used. Type the number under the barcode instead.',
  close: 'Close',
  keptByBrowser:
    'Your browser itself keeps the pages of products that you looked at recently, and changes of your cart that wait for a connection, so that they are there without one. Signing out deletes them.',
  keptForNews:
    'If you ask to be notified about an order or a price, the shop keeps the address at which your browser is reached, encrypted, until you turn it off.',
  news: {
    price: 'Notify me when the price drops',
    order: 'Notify me about this order',
    on: 'Notifications on. Press to turn them off.',
    denied:
      'Your browser does not allow this shop to send notifications. You can change that in its settings.',
    title: 'Notifications',
    explained:
      'This browser is notified about the orders and prices that you chose. Each can also be turned off where it was turned on.',
    end: 'Turn off all notifications',
    ended: 'This browser gets no more notifications.',
  },
}

export type AppMessages = typeof appEn
