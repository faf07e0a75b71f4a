import { createHash } from 'node:crypto'
import { basename, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { type Html, raw } from '@stoa/html'
import { build, type OutputFile } from 'esbuild'

export type Asset = Readonly<{
  body: Uint8Array
  brotli: Uint8Array
  gzip: Uint8Array
  type: string
}>

/** Styles, islands and the typeface: bundled once, addressed by their content, kept for ever. */
export type Assets = Readonly<{
  /** By path, such as `/assets/main-ABCDEFGH.css`. */
  files: ReadonlyMap<string, Asset>
  /** Address of a source file, such as `styles/main.css`. */
  url(source: string): string
  fontUrl: string
  /** The style sheet as a part of a page, and what the page's policy must say to allow it. */
  inlineStyles: Readonly<{ element: Html; policy: string; name: string }>
}>

const ROOT = join(import.meta.dirname, '..')
const PREFIX = '/assets/'

const ENTRIES = [
  'styles/main.css',
  'islands/shop.ts',
  'islands/checkout.ts',
  'islands/order.ts',
  'islands/follow.ts',
] as const
export type AssetSource = (typeof ENTRIES)[number]

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  woff2: 'font/woff2',
}

/** Bundles by esbuild: some tens of milliseconds. */
export async function buildAssets(): Promise<Assets> {
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
    inlineStyles: inlineStyles(files.get(url('styles/main.css'))),
    fontUrl: [...files.keys()].find((path) => path.endsWith('.woff2')) ?? '',
  }
}

function inlineStyles(sheet: Asset | undefined): Assets['inlineStyles'] {
  const text = Buffer.from(sheet?.body ?? []).toString()
  if (/<\/style/i.test(text)) throw new Error('The style sheet would end its own element')
  const hash = createHash('sha256').update(text).digest('base64')
  return {
    element: raw(`<style>${text}</style>`),
    policy: `'sha256-${hash}'`,
    name: contentTag(text),
  }
}

function toAsset({ path, contents }: OutputFile): Asset {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
  return {
    body: contents,
    brotli: brotliCompressSync(contents, quality),
    gzip: gzipSync(contents, { level: 9 }),
    type: TYPES[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
  }
}

/** A short name of a text's content, for ETags. */
export function contentTag(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}
