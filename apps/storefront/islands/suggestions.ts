const PAUSE_MS = 80

/** Suggestions under the search box: a combobox with a listbox, by the ARIA pattern. */
export function mountSuggestions(): void {
  const form = document.querySelector<HTMLFormElement>('.finder')
  const input = form?.querySelector<HTMLInputElement>('input[type=search]')
  const list = form?.querySelector<HTMLElement>('.suggestions')
  const address = form?.dataset['suggest']
  if (!form || !input || !list || !address) return
  let active = -1
  let asked: AbortController | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const options = () => [...list.querySelectorAll<HTMLAnchorElement>('[role=option]')]

  input.setAttribute('role', 'combobox')
  input.setAttribute('aria-autocomplete', 'list')
  input.setAttribute('aria-controls', list.id)

  const show = (isOpen: boolean) => {
    list.hidden = !isOpen
    input.setAttribute('aria-expanded', String(isOpen))
    if (!isOpen) select(-1)
  }
  const select = (place: number) => {
    active = place
    input.removeAttribute('aria-activedescendant')
    for (const [at, option] of options().entries()) {
      option.setAttribute('aria-selected', String(at === place))
      if (at === place) input.setAttribute('aria-activedescendant', option.id)
    }
  }
  const ask = async () => {
    asked?.abort()
    asked = new AbortController()
    const words = input.value.trim()
    if (words === '') return show(false)
    try {
      const response = await fetch(`${address}?q=${encodeURIComponent(words)}`, {
        signal: asked.signal,
      })
      if (!response.ok) return show(false)
      // The server made it with escaping templates.
      list.innerHTML = await response.text()
      select(-1)
      show(options().length > 0)
    } catch {
      // A later key stroke asks anew, or there is no network: the form works without suggestions.
    }
  }

  show(false)
  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(ask, PAUSE_MS)
  })
  input.addEventListener('keydown', (event) => {
    const all = options()
    if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault()
      event.stopPropagation()
      show(false)
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (all.length === 0) return
      event.preventDefault()
      show(true)
      const step = event.key === 'ArrowDown' ? 1 : -1
      select(
        active === -1 && step === -1
          ? all.length - 1
          : active + step >= all.length
            ? -1
            : active + step,
      )
    } else if (event.key === 'Enter' && active >= 0) {
      event.preventDefault()
      all[active]?.click()
    }
  })
  form.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node) || !form.contains(relatedTarget)) show(false)
  })
  // A press on an option must not take the focus away before the click.
  list.addEventListener('pointerdown', (event) => event.preventDefault())
}
