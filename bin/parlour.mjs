#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { build } from '../scripts/build.mjs';

/* In a clone, what is stale is compiled first, as `npm start` does; where only what was compiled was put, it is run. */
if (existsSync(new URL('../src', import.meta.url))) await build({ onlyStale: true });
await import('../dist/server/cli.js');
