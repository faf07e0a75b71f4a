import { announce } from './live.ts'

type Answer = Readonly<{
  ok: boolean
  text: string
  link: Readonly<{ href: string; text: string }>
}>

// Which products are on the list is kept in this browser, so that pages that look the same to all
// can show it. The list's own page says what is true. What was kept of an account goes with it.
const isSignedIn = document.querySelector('a[href="/account"]') !== null
const [KEPT, OTHER] = isSignedIn ? ['wishes-in', 'wishes'] : ['wishes', 'wishes-in']
const MOST = 500

function read(name: string): Set<string> {
  try {
    return new Set((localStorage.getItem(name) ?? '').split(' ').filter(Boolean))
  } catch {
    return new Set()
  }
}

function write(wished: Set<string>): void {
  try {
    localStorage.setItem(KEPT, [...wished].slice(-MOST).join(' '))
    localStorage.removeItem(OTHER)
  } catch {
    // The browser keeps nothing: hearts are empty on the next page, the list is as it is.
  }
}

function remember(variantId: string, isOn: boolean): void {
  const wished = read(KEPT)
  if (isOn) wished.add(variantId)
  else wished.delete(variantId)
  write(wished)
  paint(variantId, isOn)
}

const variantOf = (form: HTMLFormElement) =>
  form.querySelector<HTMLInputElement>('[name=variantId]')?.value ?? ''

/** All hearts of a product show the same. */
function paint(variantId: string, isOn: boolean): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-wish]')) {
    if (variantOf(form) === variantId)
      form.querySelector('button')?.setAttribute('aria-pressed', String(isOn))
  }
}

/** The heart is filled at once; what the shop says of it comes after. */
async function toggle(form: HTMLFormElement): Promise<void> {
  const variantId = variantOf(form)
  const isOn = !read(KEPT).has(variantId)
  remember(variantId, isOn)
  const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>)
  if (!isOn) body.set('off', '1')
  try {
    const headers = { accept: 'application/json' }
    const response = await fetch(form.action, { method: 'POST', headers, body })
    const { ok, text, link } = (await response.json()) as Answer
    if (!ok) remember(variantId, !isOn)
    announce(text, ok && isOn ? link : undefined)
  } catch {
    remember(variantId, !isOn)
    form.submit()
  }
}

export function mountWishes(): void {
  const shown = document.querySelector<HTMLElement>('[data-wished]')?.dataset['wished'] ?? ''
  // Who has just signed in has given his lists to the account.
  const wished = new Set([...read(KEPT), ...(isSignedIn ? read(OTHER) : [])])
  for (const id of shown.split(' ')) if (id) wished.add(id)
  write(wished)
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-wish]')) {
    if (wished.has(variantOf(form)))
      form.querySelector('button')?.setAttribute('aria-pressed', 'true')
  }
  addEventListener('submit', (event) => {
    const form = event.target
    if (!(form instanceof HTMLFormElement)) return
    const left = form.closest<HTMLElement>('[data-variant]')?.dataset['variant']
    if (left && form.dataset['add'] === undefined) remember(left, false)
    if (form.dataset['wish'] === undefined) return
    event.preventDefault()
    void toggle(form)
  })
}
