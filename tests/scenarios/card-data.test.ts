/**
 * Goal: S24. No card number ever reaches the shop's database, log, stream of events or files.
 * Method: a real shop and its bank, at the most talkative log level; cards are typed into the bank's hosted fields,
 * and by a careless client into every field of the checkout that would take one. Then everything is searched.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { type Client, createClient, httpTransport } from '../../packages/client/src/index.ts'
import { runningPostgresUrl } from '../../server/platform/embedded-postgres/index.ts'
import {
  killShops,
  type ShopProcess,
  smallDataFolder,
  startShopProcess,
  temporaryHome,
} from '../support/shop-process.ts'
import { checkoutBody, findBuyable, quotedCart, unwrap } from '../support/shopper.ts'

const CARDS = [
  '4242424242424242',
  '5555555555554444',
  '378282246310005',
  '6011111111111117',
  '4000000000000002',
  '4000000000004954',
  '4000000000003220',
]

let shop: ShopProcess
let client: Client
const { home, remove } = temporaryHome()
const data = await smallDataFolder()

before(async () => {
  shop = await startShopProcess({ home, dataFolder: data.folder, env: { LOG_LEVEL: 'debug' } })
  client = createClient({ transport: httpTransport(shop.url) })
})

after(async () => {
  await killShops()
  data.remove()
  remove()
})

const bankUrl = () => shop.url.replace(/\d+$/, (port) => String(Number(port) + 1))

/** What the hosted fields do with what the shopper types: it goes to the bank's origin alone. */
async function tokenize(number: string): Promise<string> {
  const cvc = number.startsWith('37') ? '1234' : '123'
  const reply = await fetch(`${bankUrl()}/v1/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ number, expiry: '12 / 34', cvc }),
  })
  const answer = (await reply.json()) as { token?: string; id?: string }
  const token = answer.token ?? answer.id
  assert.ok(token, JSON.stringify(answer))
  return token
}

function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * ((place % 2) + 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}

const ISSUED = /^(4|5[1-5]|2[2-7]|3[47]|30|36|38|35|6011|65|62)/
const DIGITS = /(?<![\w.])\d(?:[ -]?\d){13,18}(?![\w.])/g

/** Card numbers in a text: 14 to 19 digits, also in groups, of an issuer's range, that pass Luhn's check. */
function cardsIn(text: string): string[] {
  return [...text.matchAll(DIGITS)]
    .map(([found]) => found.replace(/\D/g, ''))
    .filter((digits) => ISSUED.test(digits) && passesLuhn(digits))
}

/** Every value of every table, as text; the catalogue's have numbers of articles in them. */
async function searchDatabase(): Promise<{ found: string[]; tables: number }> {
  const url = runningPostgresUrl(join(home, 'postgres'))
  assert.ok(url)
  const database = new pg.Client({ connectionString: url })
  await database.connect()
  const { rows: tables } = await database.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema', 'catalog', 'search')`,
  )
  const found: string[] = []
  for (const { name } of tables) {
    const { rows } = await database.query<{ text: string }>(`select t::text as text from ${name} t`)
    for (const { text } of rows) found.push(...cardsIn(text).map((card) => `${name}: ${card}`))
  }
  await database.end()
  return { found, tables: tables.length }
}

/** Files below a folder that have one of the cards in them, as bytes. */
function searchFiles(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  return files.flatMap(({ parentPath, name }) => {
    const bytes = readFileSync(join(parentPath, name))
    return CARDS.filter((card) => bytes.includes(card)).map((card) => `${name}: ${card}`)
  })
}

test('the search finds a card when there is one', () => {
  assert.deepEqual(cardsIn('{"a":"4242 4242-4242 4242"}'), ['4242424242424242'])
  assert.deepEqual(cardsIn('4242424242424241 and 17000000000000.5'), [])
})

test('S24: after checkouts with hosted fields, no card number is in database, log, stream or files', async () => {
  const [product] = await findBuyable(client, 1, 20)
  assert.ok(product)
  const lines = [{ variantId: product.variantId, quantity: 1 }]
  const statuses: number[] = []
  for (const card of CARDS) {
    const quoted = await quotedCart(client, lines)
    const body = checkoutBody(quoted, await tokenize(card))
    const placed = await client.placeOrder({ body })
    statuses.push(placed.ok ? placed.status : placed.problem.status)
  }
  assert.deepEqual(statuses, [201, 201, 201, 201, 402, 201, 202])
  // A careless client sends the number itself, as a token and in fields that are none.
  const quoted = await quotedCart(client, lines)
  const good = checkoutBody(quoted, CARDS[0])
  const careless = [
    good,
    { ...good, payment: { ...good.payment, cardNumber: CARDS[0], cvc: '123' } },
    { ...good, cardNumber: CARDS[0] },
    { ...good, cartId: CARDS[0] },
  ]
  for (const body of careless) {
    const refusal = await fetch(`${shop.url}/api/v1/checkout`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': `careless ${careless.indexOf(body)}`,
      },
      body: JSON.stringify(body),
    })
    assert.ok(refusal.status >= 400, String(refusal.status))
    const told = await refusal.text()
    assert.deepEqual(cardsIn(told), [], told)
  }
  await client.getOrder({ params: { orderId: CARDS[0] as string } })
  const order = await client.placeOrder({ body: checkoutBody(await quotedCart(client, lines)) })
  assert.equal(unwrap(order).paymentStatus, 'completed')
  const { found, tables } = await searchDatabase()
  assert.ok(tables > 50)
  assert.deepEqual(found, [])
  // The greeting of a demo names the bank's test card; the log is the lines of JSON.
  const log = shop
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
  assert.ok(log.length > 10, 'it logs')
  assert.deepEqual(
    log.filter((line) => cardsIn(line).length > 0),
    [],
  )
  await shop.kill('SIGTERM')
  assert.deepEqual(searchFiles(home), [])
})
