import { parseArgs } from 'node:util'
import { createSearchEngine, PRODUCT_SYNONYMS } from '../../server/modules/search/engine/index.ts'
import { answerBy, evaluate, type Quality } from './evaluate.ts'
import { readCatalogue, readJudgements } from './icecat.ts'

const { values: flags } = parseArgs({
  options: {
    judgements: { type: 'string', default: 'data/search/icecat_judgements_dev.csv.gz' },
    catalogue: { type: 'string', default: 'data/catalog/icecat_products.jsonl.gz' },
    worst: { type: 'string', default: '10' },
  },
})

const judgements = readJudgements(flags.judgements)
const catalogue = readCatalogue(flags.catalogue)

function measure(plain: boolean): Quality {
  const engine = createSearchEngine({ plain, synonyms: PRODUCT_SYNONYMS })
  engine.apply(catalogue.map((document) => ({ kind: 'upsert', document })))
  return evaluate(answerBy(engine), judgements)
}

function row(name: string, quality: Quality): string {
  const { ndcgAt10, recallAt100, zeroResultRate } = quality
  const cells = [
    ndcgAt10.toFixed(4),
    recallAt100.toFixed(4),
    `${(zeroResultRate * 100).toFixed(1)} %`,
  ]
  return `| ${[name.padEnd(10), ...cells].join(' | ')} |`
}

const ours = measure(false)
const plain = measure(true)
const worst = ours.queries
  .toSorted((a, b) => a.ndcgAt10 - b.ndcgAt10)
  .slice(0, Number(flags.worst))
  .map(({ query, ndcgAt10, total, unjudged }) => {
    const before = plain.queries.find((each) => each.query === query)!.ndcgAt10
    return `  ${query}: ${ndcgAt10.toFixed(2)} (plain ${before.toFixed(2)}), ${total} hits, ${unjudged} of ten unjudged`
  })

process.stdout.write(
  [
    `${judgements.size} queries, ${ours.queries.length} with a relevant product; ${catalogue.length} products`,
    '| engine     | NDCG@10 | recall@100 | zero results |',
    '|------------|---------|------------|--------------|',
    row('ours', ours),
    row('plain BM25', plain),
    `NDCG@10 over plain BM25: ${(ours.ndcgAt10 - plain.ndcgAt10).toFixed(4)}`,
    'Worst queries:',
    ...worst,
    '',
  ].join('\n'),
)
