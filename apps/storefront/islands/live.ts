/** Says something to those who see and to those who listen. */
export function announce(text: string, link?: Readonly<{ href: string; text: string }>): void {
  const region = document.querySelector('[data-live]')
  if (!region) return
  const words = document.createElement('span')
  words.textContent = text
  region.replaceChildren(words)
  if (link) {
    const anchor = document.createElement('a')
    anchor.href = link.href
    anchor.textContent = link.text
    region.append(anchor)
  }
  clearTimeout(timer)
  timer = setTimeout(() => region.replaceChildren(), SHOWN_MS)
}

const SHOWN_MS = 8000
let timer: ReturnType<typeof setTimeout> | undefined
