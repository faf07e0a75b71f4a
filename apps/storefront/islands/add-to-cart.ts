import { announce } from './live.ts'

type Answer = Readonly<{
  /** Kept by the service worker until there is a connection. */
  isQueued?: true
  ok: boolean
  text: string
  count: number | null
  label: string
  cart: Readonly<{ href: string; text: string }>
}>

/** Adds without leaving the page; if that fails, the form goes its usual way. */
export function mountAddToCart(): void {
  addEventListener('submit', (event) => {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || !('add' in form.dataset)) return
    event.preventDefault()
    void add(form, event.submitter ?? form)
  })
}

async function add(form: HTMLFormElement, pressed: HTMLElement): Promise<void> {
  if (form.dataset['busy']) return
  form.dataset['busy'] = 'true'
  pressed.dataset['pressed'] = ''
  try {
    const response = await fetch(form.action, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(new FormData(form) as unknown as Record<string, string>),
    })
    const answer = (await response.json()) as Answer
    if (answer.isQueued) announce(queued())
    else show(answer)
  } catch {
    form.submit()
  } finally {
    delete form.dataset['busy']
    delete pressed.dataset['pressed']
  }
}

function queued(): string {
  return document.querySelector<HTMLElement>('[data-live]')?.dataset['queued'] ?? ''
}

function show({ ok, text, count, label, cart }: Answer): void {
  announce(text, ok ? cart : undefined)
  if (count === null) return
  for (const mark of document.querySelectorAll<HTMLElement>('[data-cart-count]')) {
    mark.textContent = String(count)
    mark.hidden = count === 0
  }
  for (const words of document.querySelectorAll('[data-cart-says]')) words.textContent = label
}
