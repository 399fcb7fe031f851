#!/usr/bin/env node
// Plain old JavaScript on purpose: a Node that is too old must get as far as saying so, and everything else in this
// package uses syntax and modules that it cannot load.
import { existsSync, readFileSync } from 'fs';

var root = new URL('../', import.meta.url);
var needed = Number(
  /\d+/.exec(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')).engines.node)[0],
);

if (Number(process.versions.node.split('.')[0]) < needed) {
  process.stderr.write('ratchet needs Node ' + needed + ' or newer; this is ' + process.versions.node + '\n');
  process.exitCode = 1;
} else {
  var compiled = new URL('dist/src/cli/ratchet.js', root);
  void import(existsSync(compiled) ? compiled.href : new URL('src/cli/ratchet.ts', root).href);
}
