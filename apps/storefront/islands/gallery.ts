// The gallery's pictures as large as the window, one after the other. Without this a picture's link
// opens it by itself.

const links = [...document.querySelectorAll<HTMLAnchorElement>('a[data-zoom]')]
const words = links[0]?.closest<HTMLElement>('[data-words]')?.dataset ?? {}

function button(text: string, sign: string, act: () => void): HTMLButtonElement {
  const made = document.createElement('button')
  made.type = 'button'
  made.className = 'round-button'
  made.setAttribute('aria-label', text)
  made.textContent = sign
  made.addEventListener('click', act)
  return made
}

function open(first: number): void {
  let at = first
  const dialog = document.createElement('dialog')
  dialog.className = 'zoom'
  const image = document.createElement('img')
  const show = (place: number) => {
    at = (place + links.length) % links.length
    const link = links[at]
    image.classList.remove('is-near')
    image.src = link?.href ?? ''
    image.alt = link?.getAttribute('aria-label') ?? ''
  }
  // A press brings the part that was pressed near, and another takes it back.
  image.addEventListener('click', ({ offsetX, offsetY }) => {
    image.style.transformOrigin = `${offsetX}px ${offsetY}px`
    image.classList.toggle('is-near')
  })
  const bar = document.createElement('p')
  bar.className = 'zoom-bar'
  const turn = (step: number) => () => show(at + step)
  if (links.length > 1) bar.append(button(words['previous'] ?? '', '‹', turn(-1)))
  if (links.length > 1) bar.append(button(words['next'] ?? '', '›', turn(1)))
  bar.append(button(words['close'] ?? '', '×', () => dialog.close()))
  dialog.setAttribute('aria-label', words['title'] ?? '')
  dialog.append(image, bar)
  dialog.addEventListener('keydown', ({ key }) => {
    const forward = document.dir === 'rtl' ? -1 : 1
    if (key === 'ArrowRight') show(at + forward)
    if (key === 'ArrowLeft') show(at - forward)
  })
  dialog.addEventListener('close', () => {
    dialog.remove()
    links[at]?.focus()
  })
  document.body.append(dialog)
  show(first)
  dialog.showModal()
}

for (const [place, link] of links.entries()) {
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    open(place)
  })
}
