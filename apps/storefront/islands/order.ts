import { announce } from './live.ts'
import { tellMoments } from './moments.ts'

const PAUSE_MS = 8_000
/** Just after the bank, the payment's news is on its way. */
const SOON_MS = 1_500

/** Shows the order anew when something has happened, while anyone looks. */
async function refresh(): Promise<void> {
  const shown = document.querySelector<HTMLElement>('[data-refresh]')
  if (!shown || document.hidden || shown.contains(document.activeElement)) return
  const response = await fetch(location.pathname, { headers: { accept: 'text/html' } })
  if (!response.ok) return
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const fresh = page.querySelector<HTMLElement>('[data-refresh]')
  if (!fresh || fresh.dataset['version'] === shown.dataset['version']) return
  // The order's drawings may be new to this page.
  for (const symbol of page.querySelectorAll('.symbols > [id]'))
    if (!document.getElementById(symbol.id)) document.querySelector('.symbols')?.append(symbol)
  tellMoments(fresh)
  shown.replaceWith(fresh)
  announce(fresh.querySelector('.order-status')?.textContent ?? '')
}

tellMoments(document)
setTimeout(() => void refresh().catch(() => {}), SOON_MS)
setInterval(() => void refresh().catch(() => {}), PAUSE_MS)
