import { mountAddToCart } from './add-to-cart.ts'
import { mountApp } from './app.ts'
import { mountDrawer } from './drawer.ts'
import { mountSuggestions } from './suggestions.ts'
import { mountWishes } from './wishes.ts'

mountSuggestions()
mountAddToCart()
mountWishes()
mountDrawer()
mountApp()

// A choice made by pointer is carried out at once. By keyboard it is not: the arrow keys pass
// through every choice, so the form shows its button instead.
let byPointer = false
addEventListener(
  'pointerdown',
  () => {
    byPointer = true
  },
  true,
)
addEventListener(
  'keydown',
  () => {
    byPointer = false
  },
  true,
)
addEventListener('change', ({ target }) => {
  if (!byPointer || !(target instanceof HTMLElement)) return
  target.closest<HTMLFormElement>('form[data-autosubmit]')?.requestSubmit()
})

// A picture that does not come makes room for the drawing under it.
addEventListener(
  'error',
  ({ target }) => {
    if (target instanceof HTMLImageElement) target.remove()
  },
  true,
)

// A menu closes when something else is meant.
addEventListener('click', ({ target }) => {
  const menu = document.querySelector<HTMLDetailsElement>('.market[open]')
  if (menu && target instanceof Node && !menu.contains(target)) menu.open = false
})
addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return
  const open = document.querySelector<HTMLDetailsElement>('.market[open], .sheet[open]')
  if (!open) return
  open.open = false
  open.querySelector('summary')?.focus()
})
