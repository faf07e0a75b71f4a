/** The pages that are still here, the last one seen first. */
async function list(): Promise<void> {
  const place = document.querySelector('[data-seen-pages]')
  if (!place || !('caches' in window)) return
  const name = (await caches.keys()).find((one) => one.startsWith('seen '))
  const cache = name ? await caches.open(name) : undefined
  for (const request of ((await cache?.keys()) ?? []).toReversed()) {
    const page = await (await cache?.match(request))?.text()
    if (!page) continue
    const link = document.createElement('a')
    link.href = request.url
    link.textContent = new DOMParser().parseFromString(page, 'text/html').title
    const item = document.createElement('li')
    item.append(link)
    place.append(item)
  }
}

void list()
document.querySelector('[data-again]')?.addEventListener('click', () => location.reload())
