import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ConfigError, describeSettings, readConfig } from './config.ts'
import { MODULES } from './module-names.ts'
import { DEPENDENCIES } from './modules/dependencies.ts'

test('nothing needs to be set', () => {
  const config = readConfig({})
  assert.equal(config.PORT, 3000)
  assert.equal(config.testProvider, true)
  assert.ok(config.home.endsWith('.stoa'))
})

test('each mistake gets one sentence that names the setting', () => {
  assert.throws(
    () => readConfig({ PORT: 'http', DATABASE_URL: 'mysql://x', STOA_COLOUR: 'red' }),
    (error) => {
      assert.ok(error instanceof ConfigError)
      assert.equal(error.mistakes.length, 3)
      assert.match(error.message, /PORT="http" is wrong: it is a whole number/)
      assert.match(error.message, /DATABASE_URL=/)
      assert.match(error.message, /STOA_COLOUR is not a setting/)
      return true
    },
  )
})

test('the test provider is off in production unless it is switched on by name', () => {
  assert.equal(readConfig({ NODE_ENV: 'production' }).testProvider, false)
  assert.equal(readConfig({ NODE_ENV: 'production', TEST_PROVIDER: 'on' }).testProvider, true)
})

test('staff need a second factor wherever people are real, unless that is switched off by name', () => {
  const needed = (env: Record<string, string>) => readConfig(env).staffSecondFactor
  assert.equal(needed({}), false, 'a demo on a laptop')
  assert.equal(needed({ STOA_DEMO: 'off' }), true)
  assert.equal(needed({ NODE_ENV: 'production' }), true)
  assert.equal(needed({ NODE_ENV: 'production', STAFF_SECOND_FACTOR: 'optional' }), false)
  assert.equal(needed({ STAFF_SECOND_FACTOR: 'required' }), true)
})

test('a module that runs elsewhere needs its address and a secret', () => {
  const modules = MODULES.filter((name) => name !== 'inventory').join(',')
  assert.throws(() => readConfig({ STOA_MODULES: modules }), /INVENTORY_URL must say/)
  assert.doesNotThrow(() =>
    readConfig({
      STOA_MODULES: modules,
      INVENTORY_URL: 'http://127.0.0.1:3100',
      RPC_SECRET: 'x'.repeat(16),
    }),
  )
})

test('every module there is can be named', () => {
  assert.deepEqual([...MODULES].sort(), Object.keys(DEPENDENCIES).sort())
})

test('a wrong secret is not shown whole', () => {
  assert.throws(
    () => readConfig({ OPERATOR_API_KEY: 'short-secret' }),
    (error) => error instanceof ConfigError && !error.message.includes('short-secret'),
  )
})

test('every setting has a meaning', () => {
  for (const setting of describeSettings()) assert.ok(setting.meaning.length > 5, setting.name)
})

test('engines are named by URLs of their own protocols', () => {
  assert.doesNotThrow(() =>
    readConfig({
      REDIS_URL: 'rediss://:secret@cache.example:6380/2',
      MONGODB_URL: 'mongodb://one.example:27017,two.example:27017/stoa?replicaSet=rs0',
    }),
  )
  assert.throws(() => readConfig({ REDIS_URL: 'localhost:6379' }), /REDIS_URL=.* begins with redis/)
  assert.throws(() => readConfig({ MONGODB_URL: 'http://x' }), /MONGODB_URL=.* begins with mongodb/)
})

test('a secret may stand in a file; each mistake with it is told in a sentence that names the file', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'stoa-secrets-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const database = file('database', 'postgres://stoa:hunter2@db.example/stoa\n')
  const config = readConfig({ DATABASE_URL_FILE: database, RPC_SECRET_FILE: '' })
  assert.equal(config.DATABASE_URL, 'postgres://stoa:hunter2@db.example/stoa')
  assert.deepEqual(config.secretFiles, { DATABASE_URL: database })
  const mistakeOf = (environment: Record<string, string>): string => {
    try {
      readConfig(environment)
    } catch (error) {
      assert.ok(error instanceof ConfigError)
      return error.message
    }
    return 'none'
  }
  const away = join(folder, 'nothing')
  assert.equal(
    mistakeOf({ SMTP_URL_FILE: away }),
    `SMTP_URL_FILE: the file ${away} cannot be read (ENOENT).`,
  )
  const empty = file('empty', ' \n')
  assert.equal(
    mistakeOf({ RPC_SECRET_FILE: empty }),
    `RPC_SECRET_FILE: the file ${empty} is empty.`,
  )
  assert.match(mistakeOf({ DATABASE_URL: 'postgres://x', DATABASE_URL_FILE: database }), /both set/)
  assert.match(mistakeOf({ PORT_FILE: database }), /only secrets are read from files/)
  const short = file('short', 'short-secret')
  assert.doesNotMatch(mistakeOf({ OPERATOR_API_KEY_FILE: short }), /short-secret/)
})

test('every setting that sounds like a secret may be read from a file, and no other', () => {
  const named = describeSettings().filter(({ isSecret }) => isSecret)
  for (const { name } of describeSettings()) {
    const sounds = /SECRET|KEYS?$|KEY_ID$|PASSWORD|TOKEN|(DATABASE|REDIS|MONGODB|SMTP)_URL/
    assert.equal(
      named.some((one) => one.name === name),
      sounds.test(name) || name === 'OPENSEARCH_URL',
      name,
    )
  }
})
