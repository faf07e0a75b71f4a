// Being told of an order or of a lower price: only where it was asked for, one thing at a time.

const API = '/api/v1/push'
/** Under which the browser remembers what the shop knows it as. */
const KEPT = 'stoa-news'

type Watch = Readonly<{ subject: string }>
type Known = Readonly<{ id: string; watches: readonly Watch[] }>
type Wanted = Readonly<{ kind: string; orderId?: string; productId?: string }>

const canBeTold =
  'PushManager' in window && 'Notification' in window && 'serviceWorker' in navigator

async function known(): Promise<Known | undefined> {
  const id = localStorage.getItem(KEPT)
  if (!id) return undefined
  const reply = await fetch(`${API}/subscriptions/${id}`)
  if (reply.status === 404) localStorage.removeItem(KEPT)
  return reply.ok ? ((await reply.json()) as Known) : undefined
}

/** The browser's subscription; asks the person if nobody has. */
async function subscribe(): Promise<PushSubscription> {
  const { pushManager } = await navigator.serviceWorker.ready
  const { publicKey } = (await (await fetch(`${API}/key`)).json()) as { publicKey: string }
  const make = () =>
    pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
  // One that was made for another key is of no use to this shop.
  return make().catch(async (error: unknown) => {
    const old = await pushManager.getSubscription()
    if (!old) throw error
    await old.unsubscribe()
    return make()
  })
}

async function start(wanted: Wanted): Promise<void> {
  const { endpoint, keys } = (await subscribe()).toJSON()
  const { lang: language } = document.documentElement
  const reply = await fetch(`${API}/subscriptions`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ subscription: { endpoint, keys }, language, wanted }),
  })
  if (!reply.ok) throw new Error(`The shop answered ${reply.status}`)
  localStorage.setItem(KEPT, ((await reply.json()) as Known).id)
}

async function end(subject?: string): Promise<void> {
  const id = localStorage.getItem(KEPT)
  if (!id) return
  const path = `${API}/subscriptions/${id}${subject ? `/watches/${subject}` : ''}`
  const reply = await fetch(path, { method: 'DELETE' })
  if (!reply.ok) throw new Error(`The shop answered ${reply.status}`)
  if (await known()) return
  localStorage.removeItem(KEPT)
  const { pushManager } = await navigator.serviceWorker.ready
  await (await pushManager.getSubscription())?.unsubscribe()
}

async function mount(root: HTMLElement): Promise<void> {
  const { news = '{}', on = '', off = '', denied = '', failed = '' } = root.dataset
  const wanted = JSON.parse(news) as Wanted
  const subject = wanted.orderId ?? wanted.productId ?? ''
  const button = root.querySelector('button')
  const status = root.querySelector('[role=status]')
  if (!button || !status) return
  const show = (isOn: boolean) => {
    button.setAttribute('aria-pressed', String(isOn))
    for (const words of button.querySelectorAll('span')) words.textContent = isOn ? on : off
  }
  button.addEventListener('click', async () => {
    const isOn = button.ariaPressed === 'true'
    status.textContent = ''
    button.disabled = true
    try {
      await (isOn ? end(subject) : start(wanted))
      show(!isOn)
    } catch {
      status.textContent = Notification.permission === 'denied' ? denied : failed
    } finally {
      button.disabled = false
    }
  })
  const before = await known().catch(() => undefined)
  show(before?.watches.some((watch) => watch.subject === subject) ?? false)
  root.hidden = false
}

async function mountEnd(root: HTMLElement): Promise<void> {
  if (!(await known())) return
  root.hidden = false
  const button = root.querySelector('button')
  button?.addEventListener('click', async () => {
    await end()
    button.hidden = true
    const status = root.querySelector('[role=status]')
    if (status) status.textContent = root.dataset['done'] ?? ''
  })
}

if (canBeTold) {
  for (const root of document.querySelectorAll<HTMLElement>('[data-news]')) void mount(root)
  const all = document.querySelector<HTMLElement>('[data-news-end]')
  if (all) void mountEnd(all)
}
