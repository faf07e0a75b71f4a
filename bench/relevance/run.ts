import { statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createSearchEngine, PRODUCT_SYNONYMS } from '../../server/modules/search/engine/index.ts'
import { readDemo } from './demo.ts'
import { type Answer, answerBy, evaluate, type Quality } from './evaluate.ts'
import { readCatalogue, readJudgements } from './icecat.ts'

const { values: flags } = parseArgs({
  options: {
    judgements: { type: 'string', default: 'data/search/icecat_judgements_dev.csv.gz' },
    catalogue: { type: 'string', default: 'data/catalog/icecat_products.jsonl.gz' },
    worst: { type: 'string', default: '10' },
  },
})

const judgements = readJudgements(flags.judgements)
const catalogue = statSync(flags.catalogue).isDirectory()
  ? readDemo(flags.catalogue).documents
  : readCatalogue(flags.catalogue)

function answersOf(plain: boolean): (query: string) => Answer {
  const engine = createSearchEngine({ plain, synonyms: PRODUCT_SYNONYMS })
  engine.apply(catalogue.map((document) => ({ kind: 'upsert', document })))
  return answerBy(engine)
}

/** Swaps two letters inside the longest word of letters, if it has five or more. */
function misspell(query: string): string {
  const words = query.split(' ')
  const longest = words.toSorted((a, b) => b.length - a.length)[0] ?? ''
  if (!/^[a-z]{5,}$/.test(longest)) {
    return query
  }
  const at = longest.length >> 1
  const swapped = longest[at]! + longest[at - 1]!
  const typo = longest.slice(0, at - 1) + swapped + longest.slice(at + 1)
  return words.map((word) => (word === longest ? typo : word)).join(' ')
}

function row(name: string, quality: Quality): string {
  const { ndcgAt10, condensedNdcgAt10, recallAt100, zeroResultRate } = quality
  const cells = [
    ndcgAt10.toFixed(4),
    condensedNdcgAt10.toFixed(4),
    recallAt100.toFixed(4),
    `${(zeroResultRate * 100).toFixed(1)} %`,
  ]
  return `| ${[name.padEnd(22), ...cells].join(' | ')} |`
}

const answer = answersOf(false)
const answerPlainly = answersOf(true)
const ours = evaluate(answer, judgements)
const plain = evaluate(answerPlainly, judgements)
const misspelt = evaluate((query) => answer(misspell(query)), judgements)
const misspeltPlain = evaluate((query) => answerPlainly(misspell(query)), judgements)
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
    '| engine                 | NDCG@10 | judged only | recall@100 | zero results |',
    '|------------------------|---------|-------------|------------|--------------|',
    row('ours', ours),
    row('plain BM25', plain),
    row('ours, one typo a query', misspelt),
    row('plain BM25, one typo', misspeltPlain),
    `NDCG@10 over plain BM25: ${(ours.ndcgAt10 - plain.ndcgAt10).toFixed(4)}`,
    'Worst queries:',
    ...worst,
    '',
  ].join('\n'),
)
