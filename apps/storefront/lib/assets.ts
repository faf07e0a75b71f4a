import { createHash } from 'node:crypto'
import { basename, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { type Html, raw } from '@stoa/html'
import { build, type OutputFile, type Plugin } from 'esbuild'

export type Asset = Readonly<{
  body: Uint8Array
  brotli: Uint8Array
  gzip: Uint8Array
  type: string
  /** As `integrityOf` says it. */
  integrity: string
}>

/** Styles as a part of a browser's first page. */
export type InlineStyles = Readonly<{
  /** What pages of this kind need. */
  of(kind: string): Html
  /** What a page's policy must say to allow them. */
  policy: string
  /** Changes with the styles. */
  name: string
}>

/** Styles, islands and the typeface: bundled once, addressed by their content, kept for ever. */
export type Assets = Readonly<{
  /** By path, such as `/assets/main-ABCDEFGH.css`. */
  files: ReadonlyMap<string, Asset>
  /** Address of a source file, such as `styles/main.css`. */
  url(source: string): string
  /** What a page may hold the bytes of a source file to. */
  integrity(source: string): string
  /** A bundled program as it is. */
  text(source: AssetSource): string
  fontUrl: string
  inlineStyles: InlineStyles
}>

const ROOT = join(import.meta.dirname, '..')
const PREFIX = '/assets/'

const ENTRIES = [
  'styles/main.css',
  'styles/first/home.css',
  'styles/first/listing.css',
  'styles/first/product.css',
  'styles/styleguide.css',
  'islands/shop.ts',
  'islands/checkout.ts',
  'islands/order.ts',
  'islands/follow.ts',
  'islands/gallery.ts',
  'islands/scan.ts',
  'islands/news.ts',
  'islands/offline.ts',
  'islands/passkeys.ts',
  'workers/service-worker.ts',
] as const
export type AssetSource = (typeof ENTRIES)[number]

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  woff2: 'font/woff2',
}

/** The theme's style sheet where ours name it; nothing if there is none. */
function themeStyles(path: string | undefined): Plugin {
  return {
    name: 'theme',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^stoa:theme$/ }, () =>
        path === undefined ? { path: 'none', namespace: 'theme' } : { path },
      )
      onLoad({ filter: /.*/, namespace: 'theme' }, () => ({ contents: '', loader: 'css' }))
    },
  }
}

/**
 * Bundles by esbuild: some tens of milliseconds.
 * @param theme path of a style sheet that comes after all others.
 */
export async function buildAssets(theme?: string): Promise<Assets> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [...ENTRIES],
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['chrome111', 'firefox113', 'safari16.4'],
    legalComments: 'none',
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    loader: { '.woff2': 'file' },
    plugins: [themeStyles(theme)],
    outdir: 'assets',
    publicPath: PREFIX,
    metafile: true,
    write: false,
  })
  const files = new Map(outputFiles.map((file) => [PREFIX + basename(file.path), toAsset(file)]))
  const urls = new Map<string, string>()
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint) urls.set(entryPoint, PREFIX + basename(path))
  }
  const url = (source: string) => {
    const found = urls.get(source)
    if (!found) throw new Error(`${source} is not among the bundled files`)
    return found
  }
  return {
    files,
    url,
    integrity: (source) => files.get(url(source))?.integrity ?? '',
    text: (source) => Buffer.from(files.get(url(source))?.body ?? []).toString(),
    inlineStyles: inlineStyles((source) => files.get(url(source))),
    fontUrl: [...files.keys()].find((path) => path.endsWith('.woff2')) ?? '',
  }
}

/** Kinds of pages with a sheet of their own; the others bring all styles along. */
const FIRST_SHEETS = ['home', 'listing', 'product'] as const

function inlineStyles(assetOf: (source: string) => Asset | undefined): InlineStyles {
  const read = (source: string) => {
    const text = Buffer.from(assetOf(source)?.body ?? []).toString()
    if (/<\/style/i.test(text)) throw new Error(`${source} would end its own element`)
    return text
  }
  const whole = read('styles/main.css')
  const sheets = new Map(
    FIRST_SHEETS.map((kind) => [kind as string, read(`styles/first/${kind}.css`)]),
  )
  const hashes = [whole, ...sheets.values()].map((text) =>
    createHash('sha256').update(text).digest('base64'),
  )
  return {
    of: (kind) => raw(`<style>${sheets.get(kind) ?? whole}</style>`),
    policy: hashes.map((hash) => `'sha256-${hash}'`).join(' '),
    name: contentTag(whole),
  }
}

function toAsset({ path, contents }: OutputFile): Asset {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
  return {
    body: contents,
    brotli: brotliCompressSync(contents, quality),
    gzip: gzipSync(contents, { level: 9 }),
    type: TYPES[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
    integrity: integrityOf(contents),
  }
}

/** A short name of a text's content, for ETags. */
export function contentTag(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}

/** As the attribute `integrity` of a script says it. */
export function integrityOf(bytes: Uint8Array): string {
  return `sha384-${createHash('sha384').update(bytes).digest('base64')}`
}
