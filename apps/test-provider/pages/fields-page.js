// Runs inside the frame: shows errors beside the fields, and turns the card into a token when the
// page around it, and no other, asks.
;(() => {
  const form = document.querySelector('form')
  const { parent: shop, locale } = form.dataset
  const faults = JSON.parse(form.dataset.faults)
  const inputs = [...form.querySelectorAll('input')]
  const brand = form.querySelector('.brand')
  const BRANDS = [
    [/^4/, 'Visa'],
    [/^(5[1-5]|2[2-7])/, 'Mastercard'],
    [/^3[47]/, 'Amex'],
    [/^6(011|4|5)/, 'Discover'],
    [/^35/, 'JCB'],
    [/^3[0689]/, 'Diners'],
    [/^62/, 'UnionPay'],
  ]

  const tell = (message) => {
    if (parent !== window) parent.postMessage(message, shop)
  }
  const tellSize = () => tell({ type: 'size', height: Math.ceil(form.scrollHeight) })
  const digitsOf = (input) => input.value.replace(/\D/g, '')

  function showError(input, text) {
    input.setAttribute('aria-invalid', String(text !== ''))
    document.getElementById(`${input.id}-error`).textContent = text
  }

  function passesLuhn(digits) {
    let sum = 0
    for (let place = 0; place < digits.length; place += 1) {
      const digit = Number(digits[digits.length - 1 - place]) * (1 + (place % 2))
      sum += digit > 9 ? digit - 9 : digit
    }
    return sum % 10 === 0
  }

  // What can be said before the card is sent; card-form.ts has the last word.
  function faultOf({ id, value }) {
    const digits = value.replace(/\D/g, '')
    if (value.trim() === '') return ''
    if (id === 'number' && digits.length < 13) return faults.numberShort
    if (id === 'number' && !passesLuhn(digits)) return faults.numberWrong
    if (id === 'expiry' && !/^(0?[1-9]|1[0-2])\s*\/\s*\d{2}(\d{2})?$/.test(value.trim())) {
      return faults.expiryForm
    }
    return id === 'cvc' && digits.length < 3 ? faults.cvcShort : ''
  }

  function group(digits) {
    if (/^3[47]/.test(digits)) {
      return [digits.slice(0, 4), digits.slice(4, 10), digits.slice(10, 15)].join(' ').trim()
    }
    return digits.slice(0, 19).replace(/(.{4})(?=.)/g, '$1 ')
  }

  // Formats only while the caret is at the end: an edit in the middle must not jump.
  function format(input) {
    if (input.selectionStart !== input.value.length) return
    if (input.id === 'number') input.value = group(digitsOf(input))
    if (input.id === 'expiry') {
      const digits = digitsOf(input).replace(/^([2-9])/, '0$1')
      if (digits.length > 2) input.value = `${digits.slice(0, 2)} / ${digits.slice(2, 6)}`
    }
  }

  async function tokenize() {
    const body = JSON.stringify(Object.fromEntries(inputs.map(({ id, value }) => [id, value])))
    const headers = { 'content-type': 'application/json' }
    try {
      const response = await fetch(`/v1/tokens?locale=${locale}`, { method: 'POST', headers, body })
      const answer = await response.json()
      if (response.ok) return { ok: true, ...answer }
      return { ok: false, errors: answer.errors ?? [{ path: 'number', message: answer.detail }] }
    } catch {
      return { ok: false, errors: [{ path: 'number', message: faults.unreachable }] }
    }
  }

  function showErrors(errors) {
    for (const input of inputs) {
      showError(input, errors.find(({ path }) => path === input.id)?.message ?? '')
    }
    inputs.find((input) => input.getAttribute('aria-invalid') === 'true')?.focus()
    tellSize()
  }

  form.addEventListener('input', ({ target, inputType }) => {
    if (!inputType?.startsWith('delete')) format(target)
    showError(target, '')
    const digits = digitsOf(inputs[0])
    brand.textContent = BRANDS.find(([pattern]) => pattern.test(digits))?.[1] ?? ''
    tell({ type: 'change', complete: inputs.every(({ value }) => value.trim().length > 2) })
    tellSize()
  })
  form.addEventListener('focusout', ({ target }) => {
    showError(target, faultOf(target))
    tellSize()
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    tell({ type: 'enter' })
  })
  addEventListener('message', async ({ source, origin, data }) => {
    if (source !== parent || origin !== shop) return
    if (data?.type === 'focus') inputs[0].focus()
    if (data?.type !== 'tokenize') return
    const result = await tokenize()
    showErrors(result.ok ? [] : result.errors)
    tell({ type: 'result', id: data.id, result })
  })
  new ResizeObserver(tellSize).observe(form)
  tell({ type: 'ready', title: document.title })
})()
