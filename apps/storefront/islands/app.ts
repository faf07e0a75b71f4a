import { announce } from './live.ts'

/** What the page says of being without a connection, in its language. */
const texts = document.querySelector<HTMLElement>('[data-live]')?.dataset ?? {}

/** Keeps the shop at hand without a connection, and says so where a page is not of now. */
export function mountApp(): void {
  sayWhenSeen()
  mountScanner()
  const { serviceWorker } = navigator
  // Only where pages come by https, or from this machine.
  if (!serviceWorker) return
  const tell = (message: object) =>
    void serviceWorker.ready.then(({ active }) => active?.postMessage(message))
  addEventListener('load', () => {
    serviceWorker
      .register('/service-worker.js', { updateViaCache: 'none' })
      .then(() => tell({ kind: 'here', language: document.documentElement.lang }))
      .catch(() => {})
  })
  addEventListener('online', () => {
    tell({ kind: 'online' })
    if (document.documentElement.dataset['seenAt']) location.reload()
  })
  serviceWorker.addEventListener('message', ({ data }) => {
    if (data !== 'sent') return
    if (location.pathname === '/cart') location.reload()
    else announce(texts['sent'] ?? '')
  })
}

/** A page that was kept is marked with when it was seen. */
function sayWhenSeen(): void {
  const { lang, dataset } = document.documentElement
  if (!dataset['seenAt']) return
  const format = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' })
  const line = document.createElement('p')
  line.className = 'flash flash-note'
  line.setAttribute('role', 'status')
  const time = format.format(new Date(dataset['seenAt']))
  line.textContent = (texts['seen'] ?? '').replace('{time}', time)
  document.getElementById('main')?.before(line)
}

/** The search box gets a camera where the browser reads barcodes; its script comes when it is used. */
function mountScanner(): void {
  const button = document.querySelector<HTMLButtonElement>('[data-scan]')
  if (!button || !('BarcodeDetector' in window) || !navigator.mediaDevices) return
  button.hidden = false
  button.addEventListener('click', async () => {
    const { scan } = (await import(button.dataset['scan'] ?? '')) as typeof import('./scan.ts')
    await scan(button)
  })
}
