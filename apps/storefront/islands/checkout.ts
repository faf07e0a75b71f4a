type CardFields = Readonly<{
  tokenize(): Promise<Readonly<{ ok: true; token: string }> | Readonly<{ ok: false }>>
  focus(): void
}>
type Provider = Readonly<{ mount(element: Element, options?: object): CardFields }>

mountChecks()
mountCountry()
mountPayment()

/** Says what is wrong with a field when it is left, beside it. */
function mountChecks(): void {
  const form = document.querySelector<HTMLFormElement>('form[data-checks]')
  form?.addEventListener('focusout', ({ target }) => {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return
    const text = target.dataset['error']
    if (!text) return
    const isWrong =
      !target.checkValidity() && (target.value !== '' || target.ariaInvalid === 'true')
    const id = `${target.id}-error`
    const said = document.getElementById(id)
    if (!isWrong) {
      said?.remove()
      target.removeAttribute('aria-invalid')
      return
    }
    target.setAttribute('aria-invalid', 'true')
    if (said) return
    const line = document.createElement('p')
    line.className = 'field-error'
    line.id = id
    line.textContent = text
    target.after(line)
    target.setAttribute('aria-describedby', `${id} ${target.id}-hint`)
  })
}

/** Another country, other fields: the form is fetched anew with what has been typed. */
function mountCountry(): void {
  const country = document.querySelector<HTMLSelectElement>('select[data-country]')
  const button = country?.parentElement?.querySelector<HTMLButtonElement>('button')
  let before = country?.value
  const change = () => {
    if (!country || country.value === before) return
    before = country.value
    country.form?.requestSubmit(button)
  }
  // Not while arrow keys pass through the choices, but when the field is left.
  country?.addEventListener('blur', change)
  country?.addEventListener('pointerup', () => setTimeout(change))
}

function mountPayment(): void {
  const form = document.querySelector<HTMLFormElement>('form[data-pay]')
  if (!form) return
  const place = form.querySelector<HTMLElement>('[data-card-fields]')
  let fields: CardFields | undefined
  let isReady = false
  let isAsking = false
  if (place?.dataset['cardFields']) {
    loadFields(place, () => form.requestSubmit()).then(
      (mounted) => {
        fields = mounted
      },
      // Without the provider's script the card is entered on its page, as without JavaScript.
      () => {
        for (const hint of form.querySelectorAll('.without-script'))
          hint.classList.remove('without-script')
        for (const hint of form.querySelectorAll('.with-script')) hint.remove()
      },
    )
  }
  form.addEventListener('submit', (event) => {
    busy(form)
    if (isReady || !fields || new FormData(form).get('method') !== 'card') return
    event.preventDefault()
    // A second click, or Enter in a field, while the card is being asked for makes no second token.
    if (isAsking) return
    isAsking = true
    void Promise.race([fields.tokenize(), silence()]).then((result) => {
      isAsking = false
      if (result?.ok === false) {
        busy(form, false)
        fields?.focus()
        return
      }
      const token = form.querySelector<HTMLInputElement>('input[name=token]')
      if (token && result) token.value = result.token
      isReady = true
      form.requestSubmit()
    })
  })
  // Coming back by the back button finds the form as it was, ready to be sent.
  addEventListener('pageshow', () => busy(form, false))
}

const SILENCE_MS = 20_000

/** The provider's frame does not answer: the card is entered on the provider's page instead. */
function silence(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, SILENCE_MS))
}

function loadFields(place: HTMLElement, onEnter: () => void): Promise<CardFields> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = place.dataset['cardFields'] ?? ''
    script.onerror = reject
    script.onload = () => {
      const provider = (window as unknown as { StoaFields?: Provider }).StoaFields
      if (provider)
        resolve(provider.mount(place, { onEnter, locale: document.documentElement.lang }))
      else reject(new Error('The card fields are not there'))
    }
    document.head.append(script)
  })
}

function busy(form: HTMLFormElement, isBusy = true): void {
  const button = form.querySelector<HTMLButtonElement>('button.button-large')
  if (!button) return
  button.dataset['words'] ??= button.textContent ?? ''
  button.textContent = (isBusy ? form.dataset['busy'] : button.dataset['words']) ?? ''
  // Not `disabled` at once: that would keep the form from being sent in some browsers.
  setTimeout(() => {
    button.disabled = isBusy
  })
}
