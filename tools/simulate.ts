import { parseArgs } from 'node:util'
import { PLANTS, type Plant, type PlantName } from '../tests/simulation/plants.ts'
import { type Outcome, simulate } from '../tests/simulation/simulation.ts'

const print = (text: string) => void process.stdout.write(`${text}\n`)

const USAGE = `npm run simulate -- [--seeds 1-1000] [--seed N] [--plant BUG] [--all]
  --seeds  which seeds to live through
  --seed   one seed, with its story
  --all    go on after a seed that fails, and list those seeds
  --plant  a bug that is to be found: ${Object.keys(PLANTS).join(', ')}
`

function plantOf(name: string | undefined): Plant {
  if (name === undefined) return {}
  const plant = PLANTS[name as PlantName] as Plant | undefined
  if (!plant) throw new RangeError(`There is no bug ${name}`)
  return plant
}

function rangeOf(seeds: string): [number, number] {
  const match = /^(\d+)(?:-(\d+))?$/.exec(seeds)
  if (!match) throw new RangeError(`${seeds} is no range of seeds`)
  return [Number(match[1]), Number(match[2] ?? match[1])]
}

function tellFailure({ seed, breaches, story }: Outcome, plant: string | undefined): void {
  print(story.join('\n'))
  print(`\nSeed ${seed} breaks:\n  ${breaches.join('\n  ')}`)
  const planted = plant === undefined ? '' : ` --plant ${plant}`
  print(`Again: npm run simulate -- --seed ${seed}${planted}`)
}

async function main(): Promise<number> {
  const options = {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    plant: { type: 'string' },
    all: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const
  const { values } = parseArgs({ options })
  if (values.help) {
    print(USAGE)
    return 0
  }
  const plant = plantOf(values.plant)
  const [first, last] = rangeOf(values.seed ?? values.seeds ?? '1-1000')
  const started = performance.now()
  const total = { orders: 0, confirmed: 0, crashes: 0, steps: 0, simulatedMs: 0 }
  let failed = 0
  for (let seed = first; seed <= last; seed += 1) {
    const outcome = await simulate(seed, plant)
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += outcome[name]
    if (outcome.breaches.length > 0) {
      failed += 1
      if (!values.all) {
        tellFailure(outcome, values.plant)
        return 1
      }
      print(`Seed ${seed}: ${outcome.breaches[0]}`)
    }
    if (values.seed) print(outcome.story.join('\n'))
  }
  const seconds = (performance.now() - started) / 1_000
  const hours = total.simulatedMs / 3_600_000
  print(
    `${last - first + 1} seeds, ${failed} failed, in ${seconds.toFixed(1)} s: ${total.orders} orders (${total.confirmed} confirmed, ` +
      `${Math.round(total.orders / seconds)}/s), ${total.crashes} crashes, ${total.steps} steps, ${hours.toFixed(0)} simulated hours`,
  )
  return failed > 0 ? 1 : 0
}

process.exitCode = await main()
