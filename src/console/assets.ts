import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Hono } from 'hono';
import type { ConsoleEnv } from './actor.ts';

/** Name of a file that pages load. */
export type AssetName =
  | 'console.css'
  | 'theme.js'
  | 'keyboard.js'
  | 'live.js'
  | 'series-chart.js'
  | 'uplot.js'
  | 'uplot.css'
  | 'icon.svg';

const files: Readonly<Record<AssetName, URL>> = {
  'console.css': new URL('./browser/console.css', import.meta.url),
  'theme.js': new URL('./browser/theme.js', import.meta.url),
  'keyboard.js': new URL('./browser/keyboard.js', import.meta.url),
  'live.js': new URL('./browser/live.js', import.meta.url),
  'series-chart.js': new URL('./browser/series-chart.js', import.meta.url),
  'uplot.js': new URL('uPlot.iife.min.js', import.meta.resolve('uplot')),
  'uplot.css': new URL('uPlot.min.css', import.meta.resolve('uplot')),
  'icon.svg': new URL('./browser/icon.svg', import.meta.url),
};

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

interface Asset {
  readonly content: Buffer<ArrayBuffer>;
  readonly compressed: Buffer<ArrayBuffer>;
  /** Of the content: what has another name may be kept for good. */
  readonly hash: string;
}

const loaded = new Map<AssetName, Asset>();

/** Address of a file, which changes with its content. */
export function assetPath(name: AssetName): string {
  return `/console/assets/${load(name).hash}/${name}`;
}

/** Serves the files to anyone: there is nothing of a user in them. */
export function mountAssets(app: Hono<ConsoleEnv>): void {
  app.get('/console/assets/:hash/:name', (context) => {
    const { name, hash } = context.req.param();
    if (!isAssetName(name) || load(name).hash !== hash) return context.notFound();
    const { content, compressed } = load(name);
    const isCompressed = /\bgzip\b/.test(context.req.header('accept-encoding') ?? '');
    return context.body(isCompressed ? compressed : content, 200, {
      'content-type': types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
      ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
    });
  });
}

function isAssetName(name: string): name is AssetName {
  return Object.hasOwn(files, name);
}

function load(name: AssetName): Asset {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const content = readFileSync(files[name]);
  const asset = {
    content,
    compressed: gzipSync(content, { level: 9 }),
    hash: createHash('sha256').update(content).digest('base64url').slice(0, 12),
  };
  loaded.set(name, asset);
  return asset;
}
