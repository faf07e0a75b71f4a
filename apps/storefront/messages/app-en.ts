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
}

export type AppMessages = typeof appEn
