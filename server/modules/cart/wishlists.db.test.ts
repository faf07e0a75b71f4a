import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAX_WISHES, MAX_WISHLISTS } from '#contracts/cart/wishlists.ts'
import { Problem } from '#contracts/kit/problem.ts'
import { fakeOffers, offerId, variant } from '../../../tests/support/cart-fakes.ts'
import { testPlatform } from '../../../tests/support/platform.ts'
import { systemClock } from '../../platform/clock.ts'
import { silentLog } from '../../platform/log.ts'
import { createCart } from './module.ts'
import { createWishlists } from './wishlists.ts'

const { db, ids } = await testPlatform()
const shop = fakeOffers()
const deps = { db, ids, clock: systemClock, log: silentLog, ...shop }
const parts = createCart(deps)
const lists = createWishlists({ ...deps, cart: parts.api })

const refusal = (code: string) => (error: unknown) =>
  error instanceof Problem && error.code === code

const GUEST = { customerId: null }
const newList = (name = 'Wishes', of: { customerId: string | null } = GUEST) =>
  lists.create({ name, kind: 'wishes', ...of })
const variantsOn = async (wishlistId: string, of: { customerId?: string | null } = {}) =>
  (await lists.get({ wishlistId, ...of })).items.map(({ variantId }) => variantId).toSorted()

test('a thing is on a list once, however often and by however many it is put there', async () => {
  const { id } = await newList()
  const add = () => lists.add({ wishlistId: id, ...GUEST, variantId: variant(1), quantity: 1 })
  const all = await Promise.all(Array.from({ length: 20 }, add))
  assert.equal(new Set(all.map(({ itemId }) => itemId)).size, 1)
  const { items, itemCount } = await lists.get({ wishlistId: id, ...GUEST })
  assert.deepEqual([items.length, itemCount, items[0]?.quantity], [1, 1, 1])
})

test('what has become cheaper since is told, in the shopper’s currency; what is sold no more too', async () => {
  const { id } = await newList()
  for (const n of [50, 51])
    await lists.add({ wishlistId: id, ...GUEST, variantId: variant(n), quantity: 1 })
  const before = shop.offers.get(offerId(50))
  const gone = shop.offers.get(offerId(51))
  assert.ok(before && gone)
  shop.offers.set(offerId(50), { ...before, price: { amount: 4_000, currency: 'USD' } })
  shop.offers.set(offerId(51), { ...gone, active: false })
  const { items, currency } = await lists.get({ wishlistId: id, ...GUEST, currency: 'EUR' })
  assert.equal(currency, 'EUR')
  const [sold, cheaper] = items
  assert.deepEqual(
    [sold?.isSold, sold?.availability.inStock, sold?.priceDrop],
    [false, false, undefined],
  )
  assert.deepEqual(cheaper?.priceDrop, {
    from: { amount: 10_000, currency: 'EUR' },
    percent: 20,
  })
  assert.equal(cheaper?.unitPrice.amount, 8_000)
  await assert.rejects(
    lists.add({ wishlistId: id, ...GUEST, variantId: variant(51), quantity: 1 }),
    refusal('cart.variant_not_sold'),
  )
})

test('a thing moved to the cart twice at once is bought once and leaves the list', async () => {
  const { id } = await newList()
  const { itemId } = await lists.add({
    wishlistId: id,
    ...GUEST,
    variantId: variant(2),
    quantity: 1,
  })
  const { id: cartId } = await parts.api.create({})
  const move = () => lists.moveToCart({ wishlistId: id, ...GUEST, itemId, cartId })
  const moved = await Promise.allSettled([move(), move(), move()])
  assert.ok(moved.some(({ status }) => status === 'fulfilled'))
  assert.equal((await parts.api.get({ cartId })).itemCount, 1)
  assert.deepEqual(await variantsOn(id), [])
  await assert.rejects(move(), refusal('not_found'))
})

test('what was put aside comes back with its seller and quantity', async () => {
  const later = await lists.create({ name: 'Later', kind: 'later', ...GUEST })
  const rival = { ...shop.offers.get(offerId(3)), offerId: offerId(900), sellerId: 'sel_rival' }
  shop.offers.set(offerId(900), rival as never)
  const { id: cartId } = await parts.api.create({})
  const line = { cartId, variantId: variant(3), offerId: offerId(900), quantity: 4 }
  const { lines } = await parts.api.addLine(line)
  const save = () =>
    lists.saveLine({ wishlistId: later.id, ...GUEST, cartId, lineId: lines[0]?.id ?? '' })
  assert.equal((await save()).itemCount, 0)
  await assert.rejects(save(), refusal('not_found'))
  const [item] = (await lists.get({ wishlistId: later.id, ...GUEST })).items
  assert.deepEqual([item?.quantity, item?.offerId], [4, offerId(900)])
  const back = await lists.moveToCart({
    wishlistId: later.id,
    ...GUEST,
    itemId: item?.id ?? '',
    cartId,
  })
  assert.deepEqual(
    back.lines.map(({ offerId, quantity }) => [offerId, quantity]),
    [[offerId(900), 4]],
  )
})

test('a customer’s list is that customer’s alone; by its key others may read it until that ends', async () => {
  const mine = { customerId: 'cus_share' }
  const { id } = await newList('Birthday', mine)
  await lists.add({ wishlistId: id, ...mine, variantId: variant(4), quantity: 1 })
  for (const other of [GUEST, { customerId: 'cus_other' }]) {
    const of = { wishlistId: id, ...other }
    await assert.rejects(lists.get(of), refusal('not_found'))
    await assert.rejects(lists.change({ ...of, isShared: true }), refusal('not_found'))
    await assert.rejects(lists.remove(of), refusal('not_found'))
    await assert.rejects(
      lists.add({ ...of, variantId: variant(5), quantity: 1 }),
      refusal('not_found'),
    )
    await assert.rejects(lists.removeItem({ ...of, itemId: 'wsi_1' }), refusal('not_found'))
  }
  const { shareId } = await lists.change({ wishlistId: id, ...mine, isShared: true })
  assert.ok(shareId)
  assert.equal((await lists.change({ wishlistId: id, ...mine, isShared: true })).shareId, shareId)
  const shared = await lists.getShared({ shareId })
  assert.deepEqual([shared.name, shared.items.length], ['Birthday', 1])
  assert.ok(!JSON.stringify(shared).includes(id))
  await lists.change({ wishlistId: id, ...mine, isShared: false })
  await assert.rejects(lists.getShared({ shareId }), refusal('not_found'))
  assert.deepEqual(await variantsOn(id, mine), [variant(4)])
})

test('at sign-in a guest’s lists become the customer’s: one of a name, each thing once, again nothing', async () => {
  const mine = { customerId: 'cus_adopt' }
  const own = await newList('Wishes', mine)
  await lists.add({ wishlistId: own.id, ...mine, variantId: variant(1), quantity: 1 })
  const [same, garden] = [await newList('Wishes'), await newList('Garden')]
  for (const n of [1, 2])
    await lists.add({ wishlistId: same.id, ...GUEST, variantId: variant(n), quantity: 1 })
  await lists.add({ wishlistId: garden.id, ...GUEST, variantId: variant(3), quantity: 1 })
  const theirs = await newList('Wishes', { customerId: 'cus_theirs' })
  const adopt = () =>
    lists.adopt({
      ...mine,
      wishlistIds: [same.id, garden.id, theirs.id, 'wsl_01jd000000000000000000000z'],
    })
  await Promise.all([adopt(), adopt(), adopt()])
  const after = await adopt()
  assert.deepEqual(
    after.map(({ name, itemCount }) => [name, itemCount]),
    [
      ['Wishes', 2],
      ['Garden', 1],
    ],
  )
  assert.deepEqual(await variantsOn(own.id, mine), [variant(1), variant(2)])
  await assert.rejects(lists.get({ wishlistId: same.id, ...GUEST }), refusal('not_found'))
  assert.equal((await lists.list({ customerId: 'cus_theirs' })).length, 1)
})

test('the limits of lists and of things on one hold when many come at once', async () => {
  const mine = { customerId: 'cus_limits' }
  const made = await Promise.allSettled(
    Array.from({ length: MAX_WISHLISTS + 5 }, (_, n) => newList(`List ${n}`, mine)),
  )
  const refused = made.filter((result) => result.status === 'rejected')
  assert.equal(refused.length, 5)
  assert.ok(refused.every(({ reason }) => refusal('cart.wishlists_full')(reason)))
  const [first] = await lists.list(mine)
  assert.ok(first)
  await lists.remove({ wishlistId: first.id, ...mine })
  const { id } = await newList('Room again', mine)
  for (let n = 1; n <= MAX_WISHES; n += 1)
    await lists.add({
      wishlistId: id,
      ...mine,
      variantId: variant(n === 51 ? 250 : n),
      quantity: 1,
    })
  const more = { wishlistId: id, ...mine, variantId: variant(299), quantity: 1 }
  await assert.rejects(lists.add(more), refusal('cart.wishlist_full'))
  const { items } = await lists.get({ wishlistId: id, ...mine })
  assert.equal(items.length, MAX_WISHES)
  const left = await lists.removeItem({ wishlistId: id, ...mine, itemId: items[0]?.id ?? '' })
  assert.equal(left.itemCount, MAX_WISHES - 1)
  assert.equal((await lists.add(more)).itemCount, MAX_WISHES)
})

test('a person’s lists are in the copy of the data and end with it', async () => {
  const mine = { customerId: 'cus_gdpr' }
  const { id } = await newList('Private', mine)
  await lists.add({ wishlistId: id, ...mine, variantId: variant(7), quantity: 1 })
  const subject = { accountId: mine.customerId, emails: [] }
  const copy = JSON.stringify(await parts.personalData?.export(subject))
  assert.match(copy, /Private/)
  await parts.personalData?.erase(subject)
  assert.deepEqual(await lists.list(mine), [])
  await assert.rejects(lists.get({ wishlistId: id }), refusal('not_found'))
})
