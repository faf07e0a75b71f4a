const PAUSE_MS = 80

type Box = Readonly<{
  form: HTMLFormElement
  input: HTMLInputElement
  list: HTMLElement
  address: string
}>

/** Suggestions under the search box: a combobox with a listbox, by the ARIA pattern. */
export function mountSuggestions(): void {
  const form = document.querySelector<HTMLFormElement>('.finder')
  const input = form?.querySelector<HTMLInputElement>('input[type=search]')
  const list = form?.querySelector<HTMLElement>('.suggestions')
  const address = form?.dataset['suggest']
  if (form && input && list && address) mount({ form, input, list, address })
}

function mount(box: Box): void {
  const { form, input, list } = box
  const options = createOptions(box)
  let timer: ReturnType<typeof setTimeout> | undefined
  input.setAttribute('role', 'combobox')
  input.setAttribute('aria-autocomplete', 'list')
  input.setAttribute('aria-controls', list.id)
  options.show(false)
  const ask = createAsking(box, options)
  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(ask, PAUSE_MS)
  })
  input.addEventListener('keydown', (event) => {
    if (options.press(event.key)) event.preventDefault()
  })
  form.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node) || !form.contains(relatedTarget)) options.show(false)
  })
  // A press on an option must not take the focus away before the click.
  list.addEventListener('pointerdown', (event) => event.preventDefault())
}

type Options = Readonly<{
  show(isOpen: boolean): void
  /** @param said how many there are, for who does not see the list. */
  fill(markup: string, said: string): void
  /** @returns whether the key meant the list. */
  press(key: string): boolean
}>

function createOptions({ form, input, list }: Box): Options {
  let active = -1
  const all = () => [...list.querySelectorAll<HTMLAnchorElement>('[role=option]')]
  const select = (place: number) => {
    active = place
    input.removeAttribute('aria-activedescendant')
    for (const [at, option] of all().entries()) {
      option.setAttribute('aria-selected', String(at === place))
      if (at === place) input.setAttribute('aria-activedescendant', option.id)
    }
  }
  const show = (isOpen: boolean) => {
    list.hidden = !isOpen
    input.setAttribute('aria-expanded', String(isOpen))
    if (!isOpen) select(-1)
  }
  /** Down from the last leads back to the box, as does up from the first. */
  const move = (step: number) => {
    const count = all().length
    if (count === 0) return false
    show(true)
    select(((active + 1 + step + count + 1) % (count + 1)) - 1)
    return true
  }
  return {
    show,
    fill(markup, said) {
      list.innerHTML = markup
      const status = form.querySelector('[role=status]')
      if (status) status.textContent = said
      select(-1)
      show(all().length > 0)
    },
    press(key) {
      if (key === 'ArrowDown') return move(1)
      if (key === 'ArrowUp') return move(-1)
      if (key === 'Escape' && !list.hidden) {
        show(false)
        return true
      }
      const option = key === 'Enter' ? all()[active] : undefined
      option?.click()
      return option !== undefined
    },
  }
}

function createAsking({ input, address }: Box, options: Options): () => Promise<void> {
  let asked: AbortController | undefined
  return async () => {
    asked?.abort()
    asked = new AbortController()
    const words = input.value.trim()
    if (words === '') return options.show(false)
    try {
      const { signal } = asked
      const response = await fetch(`${address}?q=${encodeURIComponent(words)}`, { signal })
      const said = decodeURIComponent(response.headers.get('x-suggestions') ?? '')
      // The server made the markup, with templates that escape.
      if (response.ok) options.fill(await response.text(), said)
    } catch {
      // A later key stroke asks anew, or there is no network: the form works without suggestions.
    }
  }
}
