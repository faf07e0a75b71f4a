const NARROW = 600

/** The cart beside the page, where there is room for both; else, and whenever that fails, the cart's page. */
export function mountDrawer(): void {
  addEventListener('click', (event) => {
    const { target, button, ctrlKey, metaKey, shiftKey } = event
    if (button !== 0 || ctrlKey || metaKey || shiftKey || innerWidth < NARROW) return
    const link = target instanceof Element && target.closest<HTMLAnchorElement>('a[href="/cart"]')
    if (!link || link.closest('dialog') || location.pathname === link.pathname) return
    event.preventDefault()
    void open(link)
  })
}

async function open(link: HTMLAnchorElement): Promise<void> {
  const dialog = document.createElement('dialog')
  dialog.className = 'drawer'
  dialog.ariaLabel = link.textContent
  dialog.ariaBusy = 'true'
  dialog.addEventListener('close', () => {
    dialog.remove()
    link.focus()
  })
  dialog.addEventListener('click', ({ target }) => {
    const isClose = target instanceof Element && target.closest('[data-close]')
    if (target === dialog || isClose) dialog.close()
  })
  document.body.append(dialog)
  dialog.showModal()
  try {
    const response = await fetch(`${link.pathname}/drawer`)
    if (!response.ok) throw new Error('No drawer')
    // The server made the markup, with templates that escape.
    dialog.innerHTML = await response.text()
    dialog.ariaBusy = null
  } catch {
    location.href = link.href
  }
}
